#!/usr/bin/python3
"""Another way out, chosen by Postern and taken by the real MTAs: Postfix by the
header field, Sendmail by the recipients.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import letter
from mailbox import Mailbox, submit
from process import SOURCE, wait_until
from scene import HOSTNAME
from sendmail import Sendmail
from stage import StageTest

# Two addresses of this host stand for the two that the world knows.
USUAL, OTHER = "127.0.0.1", "127.0.0.9"
# From our usual address SPF of this domain fails, from the other it passes.
FAR = "news@far.example"
BACKUP = """\
[egress.backup]
addresses = ["192.0.2.99"]
helo_name = "backup.post.example"
alternative = true
"""
ROUTE = "backup.egress.invalid"  # as the snippet has it


def snippet_line(name):
    """A line that conf/main.cf.snippet has as a comment."""
    snippet = (SOURCE / "conf/main.cf.snippet").read_text("utf-8")
    (line,) = [words.lstrip("# ") for words in snippet.splitlines()
               if words.lstrip("# ").startswith(name + " ")]
    return line + "\n"


class OnPostfix(StageTest):
    @classmethod
    def start(cls):
        scene = cls.scene
        scene.start_network()
        scene.configure_postern(BACKUP)
        scene.postern.start()
        scene.postfix.configure(scene.sink_port)
        # In place of relayhost, which FILTER overrides.
        nexthop = f"backup:[127.0.0.1]:{scene.sink_port}"
        main = (snippet_line("milter_header_checks")
                .replace("backup:", nexthop) +
                snippet_line("smtp_header_checks"))
        master = (snippet_line("backup").replace("192.0.2.99", OTHER)
                  .replace("- - y - -", "- - n - -"))
        for name, text in (("main.cf", main), ("master.cf", master)):
            with open(scene.postfix.config / name, "a", encoding="utf-8") as f:
                f.write(text)
        scene.postfix.start()

    def send(self, sender, rcpts, **fields):
        with self.scene.postfix.relay() as session:
            answer = submit(session, sender, rcpts, letter(**fields))
        self.assertEqual(answer.code, 250, answer.text)

    def test_mail_that_needs_it_leaves_by_the_other_address(self):
        rcpts = ["far@gmail-user.example", "far@gmx-user.example"]
        self.send(FAR, rcpts)
        for rcpt in rcpts:
            message = self.arrived(rcpt)
            self.assertEqual(message.peer, OTHER)
            self.assertEqual(message.fields("X-Postern-Egress"), [])
            self.assert_signed(message)

    def test_all_other_mail_leaves_as_always(self):
        rcpt = "near@gmail-user.example"
        self.send("alice@post.example", [rcpt])
        self.assertEqual(self.arrived(rcpt).peer, USUAL)

    def test_nobody_else_chooses_the_way(self):
        rcpt = "forged@gmail-user.example"
        self.send("alice@post.example", [rcpt], X_Postern_Egress="backup")
        message = self.arrived(rcpt)
        self.assertEqual(message.peer, USUAL)
        self.assertEqual(message.fields("X-Postern-Egress"), [])


# Sendmail has one source address for all: its other way is another relay, here
# a second sink on a port of its own.
def rules():
    """What conf/sendmail.mc.snippet has as a comment, for that mailer."""
    snippet = (SOURCE / "conf/sendmail.mc.snippet").read_text("utf-8")
    lines = [line.removeprefix("dnl ") for line in snippet.splitlines()]
    at = lines.index("LOCAL_RULE_0")
    rule = lines[at + 1].replace("$#relay $@ [192.0.2.99]",
                                 "$#other $@ [127.0.0.1]")
    return f"{lines[at]}\n{rule}\n"


MAILER = """\
MAILER_DEFINITIONS
Mother,\tP=[IPC], F=mDFMuXa8, S=EnvFromSMTP/HdrFromSMTP, R=MasqSMTP, E=\\r\\n,
\tL=2040, T=DNS/RFC822/SMTP, A=TCP $h {port}
"""


class OnSendmail(StageTest):
    # Sendmail starts only below folders that others cannot write.
    parent = "/var/lib"

    @classmethod
    def start(cls):
        scene = cls.scene
        folder = scene.home / "socket"
        folder.mkdir(mode=0o750)
        scene.postern.socket = folder / "postern.sock"
        scene.start_network()
        scene.configure_postern(
            BACKUP + f'recipient_domain = "{ROUTE}"\n'
            '[from]\nmunge_domain = "post.example"\n')
        scene.postern.start()
        other = scene.home / "other"
        port = scene._serve("sink.py", "--store", other)
        cls.other = Mailbox(other)
        cls.sendmail = Sendmail(scene.home / "sendmail", HOSTNAME,
                                scene.postern.socket)
        cls.addClassCleanup(cls.sendmail.stop)
        cls.sendmail.configure(scene.sink_port,
                               rules=MAILER.format(port=port) + rules())
        cls.sendmail.start()

    def send(self, sender, rcpts, **fields):
        with self.sendmail.relay() as session:
            answer = submit(session, sender, rcpts, letter(**fields))
        self.assertEqual(answer.code, 250, answer.text)

    def test_mail_that_needs_it_goes_to_the_other_relay(self):
        rcpts = ["far@gmail-user.example", "far@gmx-user.example"]
        self.send(FAR, rcpts)
        for rcpt in rcpts:
            (found,) = wait_until(lambda: self.other.to(rcpt), 20,
                                  f"a message for {rcpt}")
            self.assertEqual(found.mail_from, FAR)
            self.assert_signed(found)
        self.assertEqual(self.scene.mailbox.to(rcpts[0]), [])

    def test_all_other_mail_goes_as_always(self):
        rcpt = "near@gmail-user.example"
        self.send("alice@post.example", [rcpt])
        self.arrived(rcpt)
        self.assertEqual(self.other.to(rcpt), [])

    def test_a_munged_author_stays_signed(self):
        rcpt = "munged@gmail-user.example"
        self.send("alice@post.example", [rcpt],
                  From="=?utf-8?q?B=C3=A4nk?= <info@bank.example>")
        message = self.arrived(rcpt)
        self.assertEqual(message.fields("From"), [
            '=?utf-8?q?B=C3=A4nk?= "via post.example" '
            '<info=bank.example@post.example>'])
        self.assert_signed(message)


if __name__ == "__main__":
    unittest.main()
