"""The figures as text: a table for each kind of mail, memory, targets.

A figure that was not measured is a dash, never a zero.
SPDX-License-Identifier: Apache-2.0
"""

# Postern's cost as a multiple of the limit's, and of opendkim's; of the whole.
MULTIPLES_OF_LIMIT = {"transactional": 1.6, "newsletter": 2.5,
                      "attachment": 1.8, "mix": 1.6}
SHARE_OF_OPENDKIM = {"transactional": 0.6}
MEMORY_MIB = 96


def ratio(figures, name, base):
    if base not in figures or figures[base]["cpu_ms"] == 0:
        return None
    return figures[name]["cpu_ms"] / figures[base]["cpu_ms"]


def cell(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def grid(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0])] +
                  [word.rjust(width) for word, width
                   in zip(row[1:], widths[1:])]) for row in rows) + "\n"


def speed(kind, figures):
    rows = [[kind, "CPU ms", "x limit", "x opendkim", "p50 ms", "p99 ms",
             "max ms", "msg/s"]]
    for name, figure in figures.items():
        rows.append([name, cell(figure["cpu_ms"], 3),
                     cell(ratio(figures, name, "limit")),
                     cell(ratio(figures, name, "opendkim")),
                     cell(figure["p50_ms"]), cell(figure["p99_ms"], 1),
                     cell(figure["max_ms"], 1), cell(figure["per_second"], 0)])
    return grid(rows)


def memory(connections, figures):
    rows = [[f"memory, {connections} connections", "peak RSS MiB",
             "peak PSS MiB"]]
    for name, figure in figures.items():
        rows.append([name, cell(figure["peak_rss_kib"] / 1024, 1),
                     cell(figure["peak_pss_kib"] / 1024, 1)])
    return grid(rows)


def target(what, measured, most):
    word = "-" if measured is None else "met" if measured <= most else "MISSED"
    return [what, cell(measured), f"<= {most}", word]


def targets(speeds, memories):
    rows = [["Postern", "measured", "target", ""]]
    for kind, figures in speeds.items():
        if "postern" not in figures:
            continue
        if kind in SHARE_OF_OPENDKIM:
            rows.append(target(f"{kind}, CPU x opendkim",
                               ratio(figures, "postern", "opendkim"),
                               SHARE_OF_OPENDKIM[kind]))
        if kind in MULTIPLES_OF_LIMIT:
            rows.append(target(f"{kind}, CPU x limit",
                               ratio(figures, "postern", "limit"),
                               MULTIPLES_OF_LIMIT[kind]))
    if "postern" in memories:
        rows.append(target("memory MiB (peak RSS)",
                           memories["postern"]["peak_rss_kib"] / 1024,
                           MEMORY_MIB))
    return grid(rows)
