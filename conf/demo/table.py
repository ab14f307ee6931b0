"""A table of 100 columns whose cells wrap.

SPDX-License-Identifier: Apache-2.0
"""
import textwrap

HEADS = ("message", "what Postern did", "reply foreseen, from whom",
         "receiver got", "DKIM there")
WIDTHS = (18, 25, 22, 15, 12)  # and four gaps of two: 100


def _cell(text, width):
    lines = []
    for line in text.split("\n"):
        lines += textwrap.wrap(line, width) or [""]
    return lines


def print_row(cells):
    columns = [_cell(text, width) for text, width in zip(cells, WIDTHS)]
    for number in range(max(map(len, columns))):
        line = "  ".join(
            (column[number] if number < len(column) else "").ljust(width)
            for column, width in zip(columns, WIDTHS))
        print(line.rstrip())


def print_table(rows):
    rule = ["-" * width for width in WIDTHS]
    print_row(HEADS)
    for row in rows:
        print_row(rule)
        print_row(row)
    print_row(rule)
