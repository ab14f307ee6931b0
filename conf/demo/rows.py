"""The messages of the quickstart and what must become of each.

Every row has a sender and a recipient of its own, by which its traces are found
in Postern's log and at the receiver. Burst and bounce rows are sent by
demo.py's special hands.
SPDX-License-Identifier: Apache-2.0
"""
import dataclasses
import email
import email.policy

from letter import SHORT_LINK, html_letter, letter

GROSS = "Grüße aus Köln, 20 € gespart\r\n".encode()
LONG_LINE = b"word " * 600 + b"\r\n"  # 3,000 octets
OTHER_SITE = (b'<html><body><p>See <a href="https://example.net/in">'
              b"www.example.com</a></p></body></html>\r\n")


@dataclasses.dataclass
class Row:
    name: str
    octets: bytes
    wanted: str  # accept, hold, reject
    rule: str = ""  # rule-base id that must be among the findings
    code: int = 250  # of the last SMTP answer
    enhanced: str = ""  # must stand in a refusal
    sender: str = ""  # unless <slug>@post.example
    receiver: str = "gmail-user.example"
    seen: object = None  # received message -> what to say of it, or an error
    slug: str = ""

    def __post_init__(self):
        self.slug = self.slug or "".join(
            c if c.isalnum() else "-" for c in self.name.lower())
        self.sender = self.sender or f"{self.slug}@post.example"

    @property
    def recipient(self):
        return f"{self.slug}@{self.receiver}"


class Differs(Exception):
    """What the receiver got is not what it must be."""


def demand(holds, what):
    if not holds:
        raise Differs(what)


def _one_field(name):
    def look(received):
        count = len(received.fields(name))
        demand(count == 1, f"{count} {name} fields")
        return f"with one {name}"
    return look


def _text(received):
    """The body as the reader sees it."""
    message = email.message_from_bytes(received.octets,
                                       policy=email.policy.SMTP)
    return message.get_payload(decode=True)


def _re_encoded(original):
    def look(received):
        demand(received.body().isascii(), "8-bit octets")
        demand(received.longest_line() <= 998, "a line too long")
        demand(_text(received).rstrip() == original.rstrip(), "another text")
        how = received.fields("Content-Transfer-Encoding")
        demand(len(how) == 1, "no encoding named")
        return f"{how[0]}, longest line {received.longest_line()}"
    return look


def rows():
    return [
        Row("clean", letter(), "accept"),
        Row("no Date", letter(Date=None), "accept", "H01",
            receiver="gmx-user.example", seen=_one_field("Date")),
        Row("no Message-ID", letter(Message_ID=None), "accept", "H12",
            seen=_one_field("Message-ID")),
        Row("body line of 3,000 octets", letter(LONG_LINE), "accept", "M01",
            receiver="selfhost.example", seen=_re_encoded(LONG_LINE)),
        Row("8-bit body",
            letter(GROSS, Content_Transfer_Encoding="8bit"), "accept", "M04",
            receiver="m365-user.example", seen=_re_encoded(GROSS)),
        Row("Subject twice, the same", letter(Subject=("Offer", "Offer")),
            "accept", "H16", seen=_one_field("Subject")),
        Row("Subject twice, different", letter(Subject=("Offer", "Prize")),
            "reject", "H16", code=550),
        Row("From with p=reject that cannot align",
            letter(From="Bank <info@bank.example>"), "reject", "S20",
            code=550, enhanced="5.7.26"),
        Row("sender whose SPF says -all", letter(), "reject", "S01", code=550,
            sender="spf@elsewhere.example", receiver="gmx-user.example"),
        Row("recipient with a null MX", letter(), "reject", "R04", code=550,
            receiver="null-mx.example"),
        Row("shortened link", letter(SHORT_LINK), "hold", "L01",
            receiver="yahoo-user.example"),
        Row("link text names another site", html_letter(OTHER_SITE),
            "hold", "L05", receiver="yahoo-user.example"),
    ]
