"""What became of one message, in words for the table.

Taken from the SMTP answer, Postern's log line, `postern check --json` and the
receiver.
SPDX-License-Identifier: Apache-2.0
"""
import dataclasses
import re

DONE = {"accept": "accepted", "hold": "held", "defer": "deferred",
        "reject": "rejected"}


@dataclasses.dataclass
class Outcome:
    name: str
    did: str
    foreseen: str = "-"
    got: str = "nothing"
    dkim: str = "-"
    differs: list = dataclasses.field(default_factory=list)

    def differ(self, what):
        self.differs.append(what)

    def cells(self):
        mark = " (DIFFERS)" if self.differs else ""
        return (self.name + mark, self.did, self.foreseen, self.got, self.dkim)


def did(scene, row, answer):
    """From the log line of a message that was taken, else from the answer."""
    if answer.code == 250:
        return in_words(scene.postern.log_line(answer.queue_id))
    where = " at RCPT" if answer.stage == "rcpt" else ""
    enhanced = answer.text.split()[0]
    check = re.search(r"\(postern ([\w-]+)\)", answer.text)
    why = f"; {check[1]}" if check else ""
    return f"rejected{where} {answer.code} {enhanced}{why}"


def in_words(line):
    """One log line: "accepted; mended missing-date; signed (rsa, ed25519)"."""
    if not line:
        return "no log line"
    words = [DONE.get(line["disposition"], line["disposition"])]
    findings = [f.split(":") for f in line["findings"].split(",") if ":" in f]
    for check, what in findings:
        if what in ("mended", "hold"):
            words.append(f"{check}: {what}")
    if "signed" in line:
        algorithms = [s.split("/")[2] for s in line["signed"].split(",")]
        short = ", ".join(a.removesuffix("-sha256") for a in algorithms)
        words.append(f"signed ({short})")
    return "; ".join(words)


def foreseen(judged):
    """The replies of the worst finding: "550 5.7.26 google"."""
    order = ("reject", "defer", "hold", "mend", "observe")
    findings = [f for f in judged["findings"] if f["predicts"] and (
        f["mended"] or f["action"] in order[:4])]
    findings.sort(key=lambda f: order.index(f["action"])
                  if f["action"] in order else len(order))
    if not findings:
        return "-"
    texts = []
    for reply in findings[0]["predicts"]:
        text = f"{reply['code']} {reply['enhanced']} {reply['receiver']}"
        if text not in texts:
            texts.append(text)
    more = len(texts) - 2
    return "\n".join(texts[:2]) + (f"\nand {more} more" if more > 0 else "")


def signatures(scene, message):
    """What dkimpy says at the receiver; whether both algorithms hold."""
    found = scene.verifier.signatures(message.octets)
    text = "\n".join(f"{algorithm.removesuffix('-sha256')} {result}"
                     for _, algorithm, result in found)
    results = {(algorithm, result) for _, algorithm, result in found}
    return text or "-", results == {("rsa-sha256", "pass"),
                                    ("ed25519-sha256", "pass")}
