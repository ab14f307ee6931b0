"""Messages to send: exact octets, fields in order.

SPDX-License-Identifier: Apache-2.0
"""
import email.utils
import itertools
import uuid

_numbers = itertools.count(1)


def letter(body=b"Hello,\r\n\r\nthe parcel is on its way.\r\n", **fields):
    """A complete message; fields by name, `_` for `-`.

    A field given as None is left out, a tuple stands once for each value.
    """
    wanted = {
        "From": "Alice <alice@post.example>",
        "To": "Bob <bob@gmail-user.example>",
        "Subject": f"Parcel {next(_numbers)}",
        "Date": email.utils.formatdate(localtime=True),
        "Message-ID": f"<{uuid.uuid4().hex}@post.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    wanted.update({name.replace("_", "-"): value
                   for name, value in fields.items()})
    lines = []
    for name, values in wanted.items():
        for value in values if isinstance(values, tuple) else (values,):
            if value is not None:
                lines.append(f"{name}: {value}\r\n".encode("utf-8"))
    return b"".join(lines) + b"\r\n" + body


SHORT_LINK = b"Your invoice is here: https://bit.ly/3xYzAbC\r\n"


def html_letter(html, **fields):
    return letter(html, Content_Type="text/html; charset=utf-8", **fields)
