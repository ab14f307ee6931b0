"""What honest mail says: subjects, texts and pages in several languages.

Each is (name, subject, text, html, headers). They hold what filters look for
and honest mail has as well: passwords, accounts, invoices, deadlines, brands.
SPDX-License-Identifier: Apache-2.0
"""
SITE = "https://www.example.org"

STYLE = ("<style>body{font-family:Arial,sans-serif;color:#222}"
         "a.button{background:#06c;color:#fff;padding:8px 16px;"
         "text-decoration:none}.preheader{display:none;max-height:0;"
         "overflow:hidden}</style>")


def page(title, paragraphs, link=None, words="Open"):
    """A mail page as template systems write it, one preheader included."""
    rows = "".join(f"<tr><td><p>{p}</p></td></tr>\n" for p in paragraphs)
    button = (f'<tr><td><a class="button" href="{link}">{words}</a></td></tr>\n'
              if link else "")
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{title}</title>{STYLE}</head>\n<body>"
            f'<div class="preheader">{paragraphs[0][:90]}</div>\n'
            f'<table role="presentation" width="600">\n'
            f"<tr><td><h1>{title}</h1></td></tr>\n{rows}{button}"
            f"</table>\n</body></html>\n")


def letter(name, subject, paragraphs, link=None, words="Open", headers=()):
    text = "\n\n".join(paragraphs)
    if link:
        text += f"\n\n{words}: {link}"
    return (name, subject, text + "\n", page(subject, paragraphs, link, words),
            dict(headers))


LISTED = (("List-Id", "News <news.example.org>"),
          ("List-Unsubscribe", f"<{SITE}/u/7f3a>, <mailto:leave@example.org>"),
          ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))

LETTERS = [
    letter("personal", "Lunch on Thursday?",
           ["Hi Bob,", "are you free on Thursday? The place at the corner "
            "has a new cook, and I have the afternoon off.",
            "See you,\nAlice"]),
    letter("order", "Your order 4711 has been received",
           ["Thank you for your order. We will send it within 24 hours.",
            "1 x kettle, 39.90 EUR\n1 x cups, 12.00 EUR\nTotal 51.90 EUR",
            "You paid with PayPal. Keep this message for your records."],
           f"{SITE}/orders/4711", "See your order"),
    letter("password", "Reset your password",
           ["Somebody, we hope it was you, asked for a new password for "
            "your account.", "The link is good for one hour. If you did not "
            "ask, do nothing: your password stays as it is."],
           f"{SITE}/reset?token=8f14e45fceea167a5a36dedd4bea2543",
           "Choose a new password"),
    letter("signin", "New sign-in to your account",
           ["Your account was used on a new device: Firefox on Linux, "
            "Hamburg. If this was you, there is nothing to do.",
            "If not, change your password at once."],
           f"{SITE}/security", "Look at your account"),
    letter("code", "123 456 is your code",
           ["Your code is 123 456. It is good for ten minutes.",
            "We never ask for it on the phone."]),
    letter("invoice", "Invoice 2026-0815",
           ["Dear Ms Example,", "please find attached our invoice for "
            "October over 1,250.00 EUR, due within 14 days.",
            "IBAN DE89 3704 0044 0532 0130 00", "Kind regards\nAccounting"]),
    letter("reminder", "Second reminder: invoice 2026-0714",
           ["We have not seen your payment of 99.00 EUR yet. Perhaps it "
            "crossed this message.", "Please pay within 7 days to avoid "
            "further fees."], f"{SITE}/pay/0714", "Pay now"),
    letter("newsletter", "What is new in November",
           ["Three new kettles, and 20 % off cups until Sunday.",
            "Our workshop in Kiel opens on the 28th. Come and see us!",
            f"You get this because you subscribed. Unsubscribe: {SITE}/u/7f3a"],
           f"{SITE}/news/11", "Read more", LISTED),
    letter("german", "Ihre Bestellung ist unterwegs – Sendung 00340434",
           ["Sehr geehrte Frau Müller,", "Ihre Bestellung wurde heute an DHL "
            "übergeben. Die Zustellung dauert ein bis zwei Werktage.",
            "Mit freundlichen Grüßen\nIhr Kundendienst aus Köln"],
           f"{SITE}/sendung", "Sendung verfolgen"),
    letter("french", "Votre rendez-vous du 3 décembre à 9 h 30",
           ["Bonjour,", "nous vous confirmons votre rendez-vous à l'agence "
            "de Besançon. Merci d'apporter une pièce d'identité.",
            "À bientôt,\nL'équipe"]),
    letter("japanese", "ご注文ありがとうございます",
           ["お客様のご注文を承りました。", "商品の発送まで今しばらくお待ちください。",
            "今後ともよろしくお願いいたします。"], f"{SITE}/ja", "注文を見る"),
    letter("russian", "Ваш заказ № 4711 принят",
           ["Здравствуйте!", "Мы получили ваш заказ и отправим его завтра.",
            "С уважением, магазин"], f"{SITE}/ru", "Посмотреть заказ"),
    letter("arabic", "تم استلام طلبك",
           ["مرحبا،", "لقد استلمنا طلبك وسنرسله غدا.", "مع تحياتنا"]),
    letter("support", "Re: [#8812] Printer does not print",
           ["Hello Bob,", "thank you for the log. Please install version "
            "2.4.1 and verify that the printer is on the same network.",
            "> It says \"action required\" and stops.",
            "Regards\nAlice, Support"], None, "Open",
           (("In-Reply-To", "<q1@receiver.example>"),
            ("References", "<q0@receiver.example> <q1@receiver.example>"))),
    letter("report", "Backup of host mail finished",
           ["Backup of /srv: 12,345 files, 6.7 GB, 0 errors.",
            "Next run: 2026-11-22 02:00 UTC"], None, "Open",
           (("Auto-Submitted", "auto-generated"),)),
    letter("away", "Away until Monday",
           ["I am away and read my mail again on Monday. In urgent cases "
            "write to the office."], None, "Open",
           (("Auto-Submitted", "auto-replied"),)),
    letter("long", "Minutes of the meeting of 19 November",
           ["1. Welcome. " + "The minutes of the last meeting were read. " * 6,
            "2. Budget. " + "The figures were discussed at length. " * 8,
            "3. Any other business. None."]),
    letter("emoji", "We're open 🎉",
           ["Our new shop is open! 🎉 Come by – there is coffee ☕ and cake 🍰.",
            "Monday to Friday, 9 am to 6 pm."]),
]

PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
       b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
       b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
       b"trailer<</Root 1 0 R>>\n%%EOF\n")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082")
CSV = "name;amount\r\nAlice;10\r\nMüller;20\r\n".encode()
ICS = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n"
       "METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n"
       "DTSTAMP:20261121T110000Z\r\nDTSTART:20261203T093000Z\r\n"
       "DTEND:20261203T103000Z\r\nSUMMARY:Meeting\r\n"
       "ORGANIZER:mailto:alice@example.org\r\n"
       "ATTENDEE:mailto:bob@receiver.example\r\nEND:VEVENT\r\n"
       "END:VCALENDAR\r\n")
FROM = ("Alice Example", "alice@example.org")
TO = ("Bob", "bob@receiver.example")
