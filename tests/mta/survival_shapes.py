"""The message shapes of survival_test: what senders really hand in, and what
an MTA changes on its way out. Each has a name that is for ever.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import dataclasses

from letter import letter

EIGHT = "Grüße aus Köln, 5 € und ein Lächeln.\r\n".encode("utf-8")
LATIN = "Grüße aus Köln.\r\n".encode("latin-1")
PLAIN = b"Hello,\r\n\r\nthe parcel is on its way.\r\n"
NO_MIME = {"MIME_Version": None, "Content_Type": None}
FORTY = [f"member{n:02d}@gmail-user.example" for n in range(40)]


@dataclasses.dataclass
class Shape:
    name: str
    octets: bytes
    options: tuple = ()  # of MAIL FROM


SHAPES = []


def add(name, body=PLAIN, options=(), extra=b"", **fields):
    """`extra` is raw lines before the fields of letter()."""
    SHAPES.append(Shape(name, extra + letter(body, **fields), options))


def to(name, value, field="To"):
    add(f"{field.lower()}-{name}", **{field: value})


def line_of(count):
    return (b"lorem ipsum dolor " * (count // 18 + 1))[:count - 1] + b"x\r\n"


def multipart(kind, parts, name, parameters="", **fields):
    """Parts are (header lines, body)."""
    body = b"a preamble\r\n"
    for head, content in parts:
        body += b"--b1\r\n" + head + b"\r\n" + content + b"\r\n"
    add(name, body + b"--b1--\r\n",
        Content_Type=f'multipart/{kind}; boundary="b1"{parameters}', **fields)


def part(kind, encoding=None):
    head = f"Content-Type: {kind}\r\n"
    if encoding:
        head += f"Content-Transfer-Encoding: {encoding}\r\n"
    return head.encode()


UTF8 = part("text/plain; charset=utf-8", "8bit")
ASCII = part("text/plain; charset=us-ascii")

# The plain ones.
add("plain")
add("body-empty", b"")
add("body-one-empty-line", b"\r\n")
add("body-leading-dots", b".\r\n..\r\n.hidden\r\ntext.\r\n")
add("body-from-lines", b"From here on\r\n>From there\r\nFrom: no field\r\n")
add("body-trailing-blanks", b"one  \r\ntwo\t\r\n  \r\nthree \t \r\n")
add("body-trailing-empty-lines", PLAIN + b"\r\n" * 7)
add("body-one-megabyte", b"0123456789 abcdefghijklmnopqrstuvwxyz\r\n" * 26215)
add("body-tabs", b"\tone\t\ttwo\r\n   three   four\r\n")
SHAPES.append(Shape("no-blank-line", letter(b"")[:-2]))

# Fields that are missing.
add("missing-date", Date=None)
add("missing-message-id", Message_ID=None)
add("missing-date-and-message-id", Date=None, Message_ID=None)
add("missing-from", From=None)
add("missing-to", To=None)
add("missing-subject", Subject=None)
add("missing-everything-but-from", To=None, Subject=None, Date=None,
    Message_ID=None, **NO_MIME)

# 8-bit bodies.
add("eight-declared", EIGHT, ("BODY=8BITMIME",),
    Content_Transfer_Encoding="8bit")
add("eight-undeclared", EIGHT, Content_Transfer_Encoding="8bit")
add("eight-without-encoding-field", EIGHT)
add("eight-without-mime", EIGHT, **NO_MIME)
add("eight-without-mime-declared", EIGHT, ("BODY=8BITMIME",), **NO_MIME)
add("eight-declared-but-ascii", PLAIN, Content_Transfer_Encoding="8bit")
add("binary-declared-but-ascii", PLAIN, Content_Transfer_Encoding="binary")
add("eight-declared-seven", EIGHT, Content_Transfer_Encoding="7bit")
add("eight-latin", LATIN, Content_Transfer_Encoding="8bit",
    Content_Type="text/plain; charset=iso-8859-1")
add("eight-html", b"<p>" + EIGHT + b"</p>\r\n",
    Content_Transfer_Encoding="8bit", Content_Type="text/html; charset=utf-8")
add("eight-octets", bytes(range(128, 256)) + b"\r\n",
    Content_Type="application/octet-stream",
    Content_Transfer_Encoding="8bit")
add("eight-format-flowed", EIGHT.replace(b"ein", b"ein \r\n"),
    Content_Transfer_Encoding="8bit",
    Content_Type="text/plain; charset=utf-8; format=flowed; delsp=yes")
add("format-flowed", b"a flowed \r\nparagraph \r\n> quoted \r\n",
    Content_Type="text/plain; charset=us-ascii; format=flowed")

# Long lines.
for length in (990, 998, 999, 1000, 2000, 2041, 5000):
    add(f"line-{length}", PLAIN + line_of(length))
add("line-998-without-mime", line_of(998), **NO_MIME)
add("line-2000-without-mime", line_of(2000), **NO_MIME)
add("line-one-word-3000", b"x" * 3000 + b"\r\n")
add("line-2000-eight", EIGHT * 2 + line_of(2000) + EIGHT)
add("line-base64-unbroken", base64.b64encode(b"data " * 2000) + b"\r\n",
    Content_Type="application/octet-stream",
    Content_Transfer_Encoding="base64")

# Long header lines.
add("header-to-forty-unfolded", To=", ".join(FORTY))
add("header-to-forty-folded", To=",\r\n ".join(FORTY))
add("header-cc-forty-without-space", Cc=",".join(FORTY))
add("header-subject-spaces-1500", Subject="word " * 300 + "end")
add("header-subject-one-word-1500", Subject="w" * 1500)
add("header-subject-one-word-995", Subject="w" * 986)
add("header-references-1500",
    References=" ".join(f"<{n:04d}.abcdefgh@post.example>"
                        for n in range(50)))
add("header-subject-2500", Subject="word " * 500 + "end")
add("header-x-one-word-1500", extra=b"X-Token: " + b"t" * 1500 + b"\r\n")

# Address lists.
for field in ("To", "Cc", "Reply-To"):
    to("without-space", "a@gmail-user.example,b@selfhost.example", field)
to("spaces-around-comma", "a@gmail-user.example , b@selfhost.example")
to("trailing-comma", "a@gmail-user.example,")
to("leading-comma", ",a@gmail-user.example")
to("doubled-comma", "a@gmail-user.example,, b@selfhost.example")
to("semicolon", "a@gmail-user.example; b@selfhost.example")
to("trailing-semicolon", "a@gmail-user.example;")
to("route", "<@relay.example:a@gmail-user.example>")
to("route-with-name", "Bob <@relay.example:a@gmail-user.example>")
to("unqualified", "alice")
to("unqualified-angle", "Alice <alice>")
to("unqualified-among-others", "alice, b@selfhost.example")
to("unqualified", "alice", "Cc")
to("quoted-double-space", '"B  B"<b@gmail-user.example> ,c@selfhost.example')
to("quoted-comma", '"Doe, John" <john@gmail-user.example>')
to("phrase-without-space", "Bob<b@gmail-user.example>")
to("phrase-double-space", "Bob   B.  <b@gmail-user.example>")
to("angle-only", "<b@gmail-user.example>")
to("angle-spaces", "Bob < b@gmail-user.example >")
to("comment", "b@gmail-user.example (Bob the Builder)")
to("comment-in-phrase", "Bob (the Builder) <b@gmail-user.example>")
to("comment-without-space", "b@gmail-user.example(Bob)")
to("group", "Friends: a@gmail-user.example, b@selfhost.example;")
to("group-without-space", "Friends:a@gmail-user.example,b@selfhost.example;")
to("group-empty", "undisclosed-recipients:;")
to("group-empty-space", "undisclosed-recipients: ;")
to("encoded-word", "=?utf-8?Q?J=C3=BCrgen?= <j@gmail-user.example>")
to("eight-bit-phrase", "Jürgen <j@gmail-user.example>")
to("upper-case-domain", "Bob <Bob.B@Gmail-User.EXAMPLE>")
to("trailing-dot-domain", "b@gmail-user.example.")
to("dots-around", "b @ gmail-user . example")
to("quoted-local", '"bob b"@gmail-user.example')
to("quoted-local-needless", '"bob"@gmail-user.example')
to("unquoted-comma-phrase", "Doe, John <john@gmail-user.example>")
to("unquoted-dot-phrase", "John Q. Doe <john@gmail-user.example>")
to("unquoted-at-phrase", "b@gmail-user.example <b@gmail-user.example>")
to("unbalanced-angle", "Bob <b@gmail-user.example")
to("phrase-apostrophe", "Pat O'Brien <pat@gmail-user.example>")
to("phrase-quoted-apostrophe", '"Pat O\'Brien" <pat@gmail-user.example>')
to("phrase-half-quoted", '"John" Q. Doe <john@gmail-user.example>')
to("phrase-encoded-and-dot",
   "=?utf-8?Q?J=C3=BCrgen?= K. <j@gmail-user.example>")
to("phrase-encoded-and-quoted",
   '=?utf-8?Q?J=C3=BCrgen?= "K." <j@gmail-user.example>')
to("phrase-encoded-with-dot",
   "=?utf-8?Q?Dr._J=C3=BCrgen?= <j@gmail-user.example>")
to("phrase-brackets", "Sales [EU] <sales@gmail-user.example>")
to("phrase-backslash", '"Bob \\"B\\" B" <b@gmail-user.example>')
to("phrase-slash-plus", "Bob / R+D & Co <b@gmail-user.example>")
to("comment-after-angle", "Bob <b@gmail-user.example> (work)")
to("comment-first", "(Bob) b@gmail-user.example")
to("comment-nested", "b@gmail-user.example (Bob (the B.) (x))")
to("comment-inside", "b@(at)gmail-user.example")
to("group-then-one", "Friends: a@gmail-user.example;, b@selfhost.example")
to("one-then-group", "a@selfhost.example, Friends: b@gmail-user.example;")
to("group-names", 'F: "A, B" <a@selfhost.example>, C <c@x.example>;')
to("plus-and-equals", "b+c=d.example@gmail-user.example")
to("idn", "Bob <b@xn--bcher-kva.example>")
to("literal", "b@[192.0.2.1]")
to("percent-hack", "b%gmail-user.example@relay.example")
to("bang-path", "relay!b@gmail-user.example")
to("empty", "")
to("folded", "a@gmail-user.example,\r\n\tb@selfhost.example,\r\n c@x.example")
to("name-folded", '"Long Name"\r\n <b@gmail-user.example>')
to("bare", "alice@post.example", "From")
to("angle-only", "<alice@post.example>", "From")
to("without-space", "Alice<alice@post.example>", "From")
to("comment", "alice@post.example (Alice)", "From")
to("quoted", '"Alice  A." <alice@post.example>', "From")
to("two", "alice@post.example, carol@post.example", "From")
to("two-without-space", "alice@post.example,carol@post.example", "From")
to("unqualified", "alice", "From")
to("route", "<@relay.example:alice@post.example>", "From")
to("trailing-comma", "alice@post.example,", "From")
to("without-space", "Alice<alice@post.example>", "Sender")
to("group", "Nobody:;", "Reply-To")
add("from-twice", From=("alice@post.example", "carol@post.example"))

# Fields that MTAs remove, add or rewrite.
add("bcc", Bcc="secret@gmail-user.example")
add("bcc-empty", Bcc="")
add("return-path", extra=b"Return-Path: <old@post.example>\r\n")
add("content-length", extra=b"Content-Length: 42\r\n")
add("full-name", extra=b"Full-Name: Alice A\r\n")
add("all-that-mtas-remove", Bcc="x@selfhost.example", extra=(
    b"Return-Path: <o@post.example>\r\nContent-Length: 1\r\n"
    b"Full-Name: A\r\n"))
add("resent", extra=b"Resent-From: Carol <carol@post.example>\r\n"
    b"Resent-To: dave@gmail-user.example\r\n"
    b"Resent-Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    b"Resent-Message-ID: <r1@post.example>\r\n")
add("resent-without-date", extra=b"Resent-From: carol@post.example\r\n"
    b"Resent-To: d@gmail-user.example,e@selfhost.example\r\n")
add("errors-to", extra=b"Errors-To: Bob<b@post.example>\r\n")
add("apparently-to", To=None, extra=b"Apparently-To: b@selfhost.example\r\n")
add("disposition-notification-to",
    extra=b"Disposition-Notification-To: Alice<alice@post.example>\r\n"
    b"Return-Receipt-To: alice@post.example\r\n")
add("precedence-and-priority",
    extra=b"Precedence: bulk\r\nPriority: urgent\r\nX-Priority: 1\r\n")
add("delivered-to", extra=b"Delivered-To: b@post.example\r\n")
add("received", extra=b"Received: from a.example (a.example [192.0.2.1])\r\n"
    b"\tby b.example; Sat, 21 Nov 2026 10:00:00 +0000\r\n")

# Bare line ends and control characters.
add("bare-lf", b"one\ntwo\r\nthree\r\n")
add("bare-cr", b"one\rtwo\r\nthree\r\n")
add("bare-lf-only", PLAIN.replace(b"\r\n", b"\n"))
add("nul-in-body", b"one\0two\r\n")
add("nul-in-header", extra=b"X-Zero: a\0b\r\n")
add("nul-in-subject", Subject="a\0b")
add("bare-cr-in-subject", Subject="a\rb")
add("control-in-subject", Subject="a\x01\x07b")
add("escape-in-body", b"\x1b[31mred\x1b[0m\x0c\x7f\r\n")

# How fields are written.
add("space-before-colon", extra=b"X-Odd : value\r\nComments   : more\r\n")
add("space-before-colon-of-subject", Subject=None,
    extra=b"Subject : value\r\n")
add("no-space-after-colon", Subject=None, extra=b"Subject:value\r\n")
add("tab-after-colon", Subject=None, extra=b"Subject:\tvalue\r\n")
add("spaces-after-colon", Subject=None, extra=b"Subject:     a   b\r\n")
add("folded-subject", Subject="a subject that\r\n is folded\r\n\tand again")
add("folded-at-once", Subject="\r\n folded at once")
add("fold-of-blanks", Subject="a subject\r\n  \r\n with an empty fold")
add("lower-case-names", Subject=None, From=None, Date=None,
    extra=b"from: alice@post.example\r\nsubject: low\r\n"
    b"date: Sat, 21 Nov 2026 10:00:00 +0000\r\n")
add("mixed-case-names", Subject=None, extra=b"sUBJECT: mixed\r\n")
add("eight-bit-subject", Subject="Grüße aus Köln")
add("encoded-subject", Subject="=?utf-8?B?R3LDvMOfZQ==?= aus\r\n "
    "=?iso-8859-1?Q?K=F6ln?=")
add("x-fields-odd-spacing", extra=b"X-A:1\r\nX-B:    2\r\nX-C:\t3\r\n"
    b"X-D: 4  \r\nX-E:\r\n")
add("empty-subject", Subject="")
add("empty-fields", extra=b"Keywords:\r\nX-Empty: \r\nComments:\r\n")
add("duplicated-x", extra=b"X-Twice: 1\r\nX-Twice: 2\r\nX-Twice: 1\r\n")
add("duplicated-subject", Subject=("one", "two"))
add("duplicated-subject-same", Subject=("one", "one"))
add("duplicated-to", To=("a@gmail-user.example", "b@selfhost.example"))
add("duplicated-date", Date=("Sat, 21 Nov 2026 10:00:00 +0000",
                             "Sat, 21 Nov 2026 11:00:00 +0100"))
add("duplicated-message-id", Message_ID=("<1@post.example>",
                                         "<2@post.example>"))
add("duplicated-comments", extra=b"Comments: a\r\nComments: b\r\n")
add("message-id-odd", Message_ID="not-an-id")
add("date-obsolete", Date="21 Nov 26 10:00 EST")
add("date-unreadable", Date="yesterday")
add("many-fields", extra=b"".join(b"X-Field-%d: %d\r\n" % (n, n)
                                  for n in range(200)))
add("header-20k", extra=b"".join(
    b"X-Filler-%d: %s\r\n" % (n, b"f" * 900) for n in range(22)))
add("header-40k", extra=b"".join(
    b"X-Filler-%d: %s\r\n" % (n, b"f" * 900) for n in range(44)))
add("header-70k-in-one-field", extra=b"X-Filler: " +
    b"\r\n ".join([b"f" * 900] * 78) + b"\r\n")
add("mbox-separator", extra=b"From alice Sat Nov 21 10:00:00 2026\r\n")
add("list-fields", extra=b"List-Id: News <news.post.example>\r\n"
    b"List-Unsubscribe: <https://post.example/u/1>,\r\n"
    b" <mailto:u@post.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"List-Post: <mailto:news@post.example>\r\n"
    b"Feedback-ID: 1:news:post\r\nPrecedence: list\r\n")
add("utf8-envelope", EIGHT, ("BODY=8BITMIME", "SMTPUTF8"),
    Subject="Grüße", To="Jürgen <j@gmail-user.example>",
    Content_Transfer_Encoding="8bit")

# MIME structures.
multipart("alternative", [(ASCII, b"text"),
                          (part("text/html"), b"<p>text</p>")], "alternative")
multipart("mixed", [(part("text/plain", "8bit"), PLAIN)],
          "mixed-eight-declared-but-ascii")
multipart("alternative", [(UTF8, EIGHT),
                          (part("text/html; charset=utf-8", "8bit"),
                           b"<p>" + EIGHT + b"</p>")], "alternative-eight")
multipart("mixed", [(b'Content-Type: multipart/alternative;\r\n'
                     b' boundary="b2"\r\n',
                     b"--b2\r\n" + UTF8 + b"\r\n" + EIGHT + b"--b2\r\n" +
                     part("text/html; charset=utf-8", "8bit") + b"\r\n" +
                     EIGHT + b"--b2--\r\n"),
                    (part("application/pdf", "base64"),
                     base64.encodebytes(b"%PDF" * 400).replace(
                         b"\n", b"\r\n"))], "nested-with-attachment")
multipart("mixed", [(ASCII, b"see the file"),
                    (part("application/octet-stream", "base64"),
                     base64.b64encode(b"binary" * 3000))],
          "attachment-one-base64-line")
multipart("mixed", [(ASCII, b"text"), (part("text/plain"), line_of(3000))],
          "mixed-long-line")
multipart("mixed", [(ASCII, EIGHT)], "mixed-wrong-charset")
multipart("mixed", [(UTF8, EIGHT)], "mixed-without-mime-version",
          MIME_Version=None)

SIGNATURE = (b'Content-Type: application/pgp-signature; name="s.asc"\r\n',
             b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n"
             b"-----END PGP SIGNATURE-----")
PGP = '; micalg=pgp-sha256; protocol="application/pgp-signature"'
multipart("signed", [(ASCII, b"signed text"), SIGNATURE], "signed", PGP)
multipart("signed", [(UTF8, EIGHT), SIGNATURE], "signed-eight", PGP)
multipart("signed", [(ASCII, line_of(1500)), SIGNATURE], "signed-long-line",
          PGP)
multipart("encrypted", [
    (part("application/pgp-encrypted"), b"Version: 1"),
    (part("application/octet-stream"), b"-----BEGIN PGP MESSAGE-----\r\n\r\n"
     b"hQEM\r\n-----END PGP MESSAGE-----")], "encrypted",
    '; protocol="application/pgp-encrypted"')
add("pgp-inline", b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n"
    b"\r\ntext\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n"
    b"-----END PGP SIGNATURE-----\r\n")
add("pgp-inline-eight", b"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\n" +
    EIGHT + b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n"
    b"-----END PGP SIGNATURE-----\r\n", Content_Transfer_Encoding="8bit")
add("smime-opaque", base64.encodebytes(b"p7m" * 500).replace(b"\n", b"\r\n"),
    Content_Type='application/pkcs7-mime; smime-type=signed-data; name="p7m"',
    Content_Transfer_Encoding="base64")

INNER = letter(PLAIN, From="Eve <eve@news.example>", Subject="inner")
INNER_EIGHT = letter(EIGHT, From="Eve <eve@news.example>",
                     Content_Transfer_Encoding="8bit")
multipart("mixed", [(ASCII, b"forwarded"),
                    (part("message/rfc822"), INNER)], "attached-message")
multipart("mixed", [(ASCII, b"forwarded"),
                    (part("message/rfc822"), INNER_EIGHT)],
          "attached-message-eight")
multipart("mixed", [(UTF8, EIGHT), (part("message/rfc822"), INNER)],
          "attached-message-beside-eight")
multipart("mixed", [(ASCII, b"forwarded"), (part("message/rfc822"), (
    b"DKIM-Signature: v=1; a=rsa-sha256; d=news.example; s=none; h=from;\r\n"
    b" bh=AAAA; b=AAAA\r\n" + INNER_EIGHT))], "attached-sealed-eight")
multipart("report", [
    (ASCII, b"The mail system"),
    (part("message/delivery-status"),
     b"Reporting-MTA: dns; mx.post.example\r\n\r\n"
     b"Final-Recipient: rfc822; b@x.example\r\nAction: failed\r\n"
     b"Status: 5.1.1\r\n"),
    (part("text/rfc822-headers"), b"From: a@post.example\r\n")],
    "delivery-status", "; report-type=delivery-status")
