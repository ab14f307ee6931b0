"""What the sink has received, and SMTP answers as values.

SPDX-License-Identifier: Apache-2.0
"""
import dataclasses
import json
import pathlib
import re
import smtplib


@dataclasses.dataclass
class Received:
    """One message at the receiver."""
    mail_from: str
    rcpt_to: list
    octets: bytes
    peer: str  # the address that it came from

    def fields(self, name):
        """Values of every header field of that name, unfolded."""
        head = self.octets.split(b"\r\n\r\n", 1)[0] + b"\r\n"
        lines = []
        for line in head.split(b"\r\n"):
            if line[:1] in (b" ", b"\t") and lines:
                lines[-1] += line
            else:
                lines.append(line)
        mark = name.lower().encode() + b":"
        return [line[len(mark):].strip().decode("utf-8", "replace")
                for line in lines if line.lower().startswith(mark)]

    def body(self):
        return self.octets.split(b"\r\n\r\n", 1)[1]

    def longest_line(self):
        """Of the body, without its CRLF."""
        return max(len(line) for line in self.body().split(b"\r\n"))


class Mailbox:
    """Reads the folder that the sink writes."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory)

    def all(self):
        found = []
        for path in sorted(self._directory.glob("*.json")):
            envelope = json.loads(path.read_text("utf-8"))
            found.append(Received(envelope["mail_from"], envelope["rcpt_to"],
                                  path.with_suffix(".eml").read_bytes(),
                                  envelope["peer"]))
        return found

    def to(self, recipient):
        return [m for m in self.all() if recipient in m.rcpt_to]


@dataclasses.dataclass
class Answer:
    """The last answer of an SMTP transaction; queue_id when it was taken."""
    code: int
    text: str
    stage: str  # mail, rcpt, data or eom
    refused: dict = dataclasses.field(default_factory=dict)

    @property
    def queue_id(self):
        """As Postfix or Sendmail said it; empty when nothing was taken."""
        found = re.search(r"queued as (\w+)|(\w+) Message accepted", self.text)
        return found[1] or found[2] if found else ""


def submit(session, sender, recipients, octets, options=()):
    """One transaction in an open session; never raises on a refusal."""
    session.ehlo_or_helo_if_needed()
    code, text = session.mail(sender, options)
    if code != 250:
        return _answer(session, code, text, "mail")
    refused = {}
    for recipient in recipients:
        code, text = session.rcpt(recipient)
        if code not in (250, 251):
            refused[recipient] = f"{code} {text.decode('utf-8', 'replace')}"
    if len(refused) == len(recipients):
        answer = _answer(session, code, text, "rcpt")
    else:
        answer = _submit_data(session, octets)
    answer.refused = refused
    return answer


def _submit_data(session, octets):
    try:
        code, text = session.data(octets)
    except smtplib.SMTPDataError as error:  # refused before the data
        return _answer(session, error.smtp_code, error.smtp_error, "data")
    return _answer(session, code, text, "eom")


def _answer(session, code, text, stage):
    if code != 250 and code != 421:
        session.rset()
    return Answer(code, text.decode("utf-8", "replace"), stage)
