"""Messages as mail clients build them: Thunderbird, Apple Mail, Outlook,
webmail, written by their habits of structure, and by Python's email package.

Each generator yields (name, octets).
SPDX-License-Identifier: Apache-2.0
"""
import base64
import email.header
import email.message
import email.mime.application
import email.mime.image
import email.mime.multipart
import email.mime.text
import email.policy
import email.utils
import quopri

from letters import CSV, FROM, ICS, LETTERS, PDF, PNG, TO

# All are judged at the real time, for some clients write it themselves.
DATE = email.utils.formatdate()


def smtp(message):
    return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))


def modern(name, letter, attach):
    """email.message.EmailMessage, as today's scripts use it."""
    _, subject, text, html, headers = letter
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = email.utils.formataddr(FROM)
    message["To"] = email.utils.formataddr(TO)
    message["Subject"] = subject
    message["Date"] = DATE
    message["Message-ID"] = f"<py.{name}@example.org>"
    for field, value in headers.items():
        message[field] = value
    message.set_content(text)
    if attach != "plain":
        message.add_alternative(html, subtype="html")
    if attach == "pdf":
        message.add_attachment(PDF, maintype="application", subtype="pdf",
                               filename="Rechnung März.pdf")
    if attach == "csv":
        message.add_attachment(CSV, maintype="text", subtype="csv",
                               filename="list.csv")
    if attach == "inline":
        part = message.get_payload()[1]
        part.add_related(PNG, maintype="image", subtype="png", cid="<a@x>")
    if attach == "forwarded":
        inner = email.message.EmailMessage(policy=email.policy.SMTP)
        inner["From"], inner["To"] = "c@receiver.example", "alice@example.org"
        inner["Subject"], inner["Date"] = "Question", DATE
        inner["Message-ID"] = "<inner@receiver.example>"
        inner.set_content("What does it cost?\n")
        message.add_attachment(inner)
    return message.as_bytes()


def legacy(name, letter):
    """MIMEMultipart and Header, as scripts of twenty years do."""
    _, subject, text, html, headers = letter
    message = email.mime.multipart.MIMEMultipart("mixed")
    message["Subject"] = email.header.Header(subject, "utf-8")
    message["From"] = email.utils.formataddr(FROM)
    message["To"] = TO[1]
    message["Date"] = email.utils.formatdate(1795258800, localtime=False)
    message["Message-Id"] = f"<legacy.{name}@example.org>"
    for field, value in headers.items():
        message[field] = value
    both = email.mime.multipart.MIMEMultipart("alternative")
    both.attach(email.mime.text.MIMEText(text, "plain", "utf-8"))
    both.attach(email.mime.text.MIMEText(html, "html", "utf-8"))
    message.attach(both)
    message.attach(email.mime.application.MIMEApplication(
        PDF, "pdf", Name="invoice.pdf"))
    message.attach(email.mime.image.MIMEImage(PNG, "png"))
    return message.as_bytes().replace(b"\n", b"\r\n")


def encoded(text):
    """An encoded word where one is needed, folded as clients fold."""
    return email.header.Header(text, "utf-8", maxlinelen=70).encode()


def part(kind, body, encoding, *more):
    octets = body if isinstance(body, bytes) else body.encode()
    if encoding == "base64":
        data = base64.encodebytes(octets).decode()
    elif encoding == "quoted-printable":
        data = quopri.encodestring(octets).decode()
    else:
        data = octets.decode()
    lines = [f"Content-Type: {kind}"]
    lines += list(more) + [f"Content-Transfer-Encoding: {encoding}"]
    return "\n".join(lines) + "\n\n" + data.rstrip("\n") + "\n"


def multi(kind, boundary, parts, preamble=""):
    body = "".join(f"--{boundary}\n{p}" + ("" if p.endswith("\n") else "\n")
                   for p in parts)
    head = f'Content-Type: multipart/{kind};\n boundary="{boundary}"\n\n'
    return head + preamble + body + f"--{boundary}--\n"


def whole(fields, content):
    text = "".join(f"{name}: {value}\n" for name, value in fields) + content
    return text.replace("\n", "\r\n").encode()


def common(name, letter):
    _, subject, _, _, headers = letter
    return [("Date", DATE), ("From", f"{FROM[0]} <{FROM[1]}>"),
            ("To", f"{TO[0]} <{TO[1]}>"), ("Subject", encoded(subject)),
            ("Message-ID", f"<{name}@example.org>"),
            *headers.items(), ("MIME-Version", "1.0")]


def thunderbird(name, letter, attach):
    text = part("text/plain; charset=UTF-8; format=flowed", letter[2],
                "8bit" if letter[0] == "german" else "quoted-printable")
    html = part("text/html; charset=UTF-8", letter[3], "quoted-printable")
    fields = common("tb." + name, letter)
    fields += [("User-Agent", "Mozilla Thunderbird"),
               ("Content-Language", "en-US")]
    if attach == "plain":
        return whole(fields, text)
    body = multi("alternative", "------------0a", [text, html])
    if attach == "inline":
        image = part('image/png; name="logo.png"', PNG, "base64",
                     'Content-Disposition: inline; filename="logo.png"',
                     "Content-Id: <part1.x@example.org>")
        related = multi("related", "------------0b", [html, image])
        body = multi("alternative", "------------0a", [text, related],
                     "This is a multi-part message in MIME format.\n")
    return whole(fields, body)


def apple(name, letter):
    pdf = part('application/pdf;\n\tname="Scan.pdf";\n\tx-unix-mode=0644', PDF,
               "base64", "Content-Disposition: inline;\n\tfilename=Scan.pdf")
    html = part("text/html;\n\tcharset=utf-8", letter[3], "quoted-printable")
    text = part("text/plain;\n\tcharset=utf-8", letter[2], "quoted-printable")
    mixed = multi("mixed", "Apple-Mail=_B", [html, pdf])
    fields = common("apple." + name, letter)
    fields[-1] = ("Mime-Version", "1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))")
    fields.append(("X-Mailer", "Apple Mail (2.3774.600.62)"))
    return whole(fields, multi("alternative", "Apple-Mail=_A", [text, mixed]))


def outlook(name, letter, attach):
    text = part('text/plain;\n\tcharset="utf-8"', letter[2], "base64")
    page = letter[3].replace("<html", '<html xmlns:o="urn:schemas-microsoft-'
                             'com:office:office"').replace(
        "<body>", "<body><!--[if mso]><style>td{mso-line-height-rule:exactly}"
        "</style><![endif]--><o:p>&nbsp;</o:p>")
    html = part('text/html;\n\tcharset="utf-8"', page, "base64")
    body = multi("alternative", "----=_NextPart_001_0001_01DC5B00.11223344",
                 [text, html])
    if attach == "calendar":
        invite = part('text/calendar;\n\tcharset="utf-8";\n\tmethod=REQUEST',
                      ICS, "base64")
        body = multi("alternative", "_000_0001EXCH_", [text, html, invite])
    if attach == "csv":
        table = part('application/octet-stream;\n\tname="list.csv"', CSV,
                     "base64",
                     'Content-Disposition: attachment;\n\tfilename="list.csv"')
        body = multi("mixed", "----=_NextPart_000_0000_01DC5B00.11223344",
                     [body, table],
                     "This is a multipart message in MIME format.\n\n")
    fields = common("outlook." + name, letter)
    fields += [("X-Mailer", "Microsoft Outlook 16.0"),
               ("Thread-Index", "AdxbAAAAAAAAAAAAAAAAAAAAAAAAAA=="),
               ("Content-Language", "de"), ("x-ms-has-attach", "")]
    return whole(fields, body)


def webmail(name, letter):
    text = part('text/plain; charset="UTF-8"', letter[2], "base64")
    html = part('text/html; charset="UTF-8"', '<div dir="ltr">' + letter[2]
                .replace("\n", "<br>") + "</div>\n", "quoted-printable")
    return whole(common("webmail." + name, letter),
                 multi("alternative", "000000000000a1b2c3d4e5f6a7b8",
                       [text, html]))


def messages():
    for letter in LETTERS:
        name = letter[0]
        for attach in ("plain", "both", "pdf", "csv", "inline", "forwarded"):
            yield f"python-{name}-{attach}", modern(f"{name}.{attach}", letter,
                                                    attach)
        yield f"python-legacy-{name}", legacy(name, letter)
        for attach in ("plain", "both", "inline"):
            yield f"thunderbird-{name}-{attach}", thunderbird(
                f"{name}.{attach}", letter, attach)
        yield f"apple-{name}", apple(name, letter)
        for attach in ("both", "csv", "calendar"):
            yield f"outlook-{name}-{attach}", outlook(f"{name}.{attach}",
                                                      letter, attach)
        yield f"webmail-{name}", webmail(name, letter)
