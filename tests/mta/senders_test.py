#!/usr/bin/python3
"""Who may send as whom, on a real Postfix: logins, users of this host, and the
file that says it, read again at SIGHUP.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import letter
from mailbox import submit
from postfix import LOGIN
from process import SOURCE, run, wait_until
from scene import HOSTNAME
from stage import StageTest

ALICE, WWW = "alice@post.example", "www@post.example"
SENDERS = """\
# login                what it may use
{login}  alice@post.example
uid:0    root@post.example, alice@post.example
uid:1000 www@post.example
"""


def snippet_line(name):
    """A line that conf/main.cf.snippet has as a comment."""
    snippet = (SOURCE / "conf/main.cf.snippet").read_text("utf-8")
    (line,) = [words.lstrip("# ") for words in snippet.splitlines()
               if words.lstrip("# ").startswith(name + " = ")]
    return line + "\n"


class Senders(StageTest):
    @classmethod
    def start(cls):
        scene = cls.scene
        cls.senders = scene.home / "senders"
        cls.write(SENDERS.format(login=f"{LOGIN}@{HOSTNAME}"))
        scene.start_network()
        scene.configure_postern(f'[senders]\nmap = "{cls.senders}"\n'
                                '[from]\nmunge_domain = "post.example"\n')
        scene.postern.start()
        scene.postfix.configure(scene.sink_port)
        with open(scene.postfix.config / "main.cf", "a", encoding="utf-8") as f:
            f.write(snippet_line("header_checks"))
        scene.postfix.start()

    @classmethod
    def write(cls, text):
        cls.senders.write_text(text, encoding="utf-8")

    def by_login(self, sender, author, rcpt):
        with self.scene.postfix.submission() as session:
            return submit(session, sender, [rcpt],
                          letter(From=f"<{author}>"))

    def as_user(self, uid, sender, rcpt, **fields):
        """sendmail(1) as another user, who finds our Postfix's configuration
        where he looks for it."""
        command = ('mount --bind "$0" /etc/postfix && exec setpriv --reuid=$1 '
                   '--regid=$1 --clear-groups /usr/sbin/sendmail -i -f "$2" '
                   '"$3"')
        run(["unshare", "-m", "sh", "-c", command, self.scene.postfix.config,
             str(uid), sender, rcpt],
            input=letter(From=f"<{sender}>", **fields).replace(b"\r\n", b"\n"))

    def test_a_login_sends_as_itself(self):
        rcpt = "own@gmail-user.example"
        answer = self.by_login(ALICE, ALICE, rcpt)
        self.assertEqual(answer.code, 250, answer.text)
        self.assert_signed(self.arrived(rcpt))

    def test_a_forbidden_envelope_sender_is_refused_at_rcpt(self):
        rcpt = "forged@gmail-user.example"
        answer = self.by_login(WWW, ALICE, rcpt)
        self.assertTrue(answer.refused[rcpt].startswith("553 5.7.1"),
                        answer.refused)
        self.assertIn("sender-not-permitted", answer.refused[rcpt])

    def test_a_forbidden_author_is_refused_at_the_end(self):
        answer = self.by_login(ALICE, WWW, "forged@gmail-user.example")
        self.assertEqual((answer.code, answer.stage), (550, "eom"), answer.text)
        self.assertIn("author-not-permitted", answer.text)

    def test_a_client_without_rule_is_nobodys_business(self):
        rcpt = "relay@gmail-user.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, WWW, [rcpt],
                            letter(X_Postern_Uid="1000 4WbX2k3cq9zBXcK"))
        self.assertEqual(answer.code, 250, answer.text)
        message = self.arrived(rcpt)
        self.assertEqual(message.fields("X-Postern-Uid"), [])
        self.assert_signed(message)

    def test_an_author_whose_domain_rejects_is_munged(self):
        rcpt = "munged@gmail-user.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, ALICE, [rcpt],
                            letter(From="Bank <info@bank.example>"))
        self.assertEqual(answer.code, 250, answer.text)
        message = self.arrived(rcpt)
        self.assertEqual(message.fields("From"), [
            '"Bank via post.example" <info=bank.example@post.example>'])
        self.assertEqual(message.fields("Reply-To"),
                         ['"Bank" <info@bank.example>'])
        self.assert_signed(message)

    def test_root_sends_as_its_rule_says(self):
        rcpt = "root@gmail-user.example"
        self.scene.postfix.sendmail(ALICE, [rcpt], letter())
        message = self.arrived(rcpt)
        self.assertEqual(message.fields("X-Postern-Uid"), [])
        self.assert_signed(message)

    def test_root_as_somebody_else_gets_a_bounce(self):
        sender = "ceo@post.example"
        self.scene.postfix.sendmail(sender, ["b@gmail-user.example"],
                                    letter(From=f"<{sender}>"))
        bounce = self.arrived(sender)
        self.assertEqual(bounce.mail_from, "")
        self.assertIn(b"uid 0 may not use", bounce.octets)

    def test_another_user_has_his_own_rule(self):
        if subprocess.run(["unshare", "-m", "true"], check=False,
                          capture_output=True).returncode != 0:
            self.skipTest("no mount namespace here")
        self.as_user(1000, WWW, "www@gmail-user.example")
        self.arrived("www@gmail-user.example")
        forged = "Received"  # says that it was root
        self.as_user(1000, "root@post.example", "b@gmail-user.example",
                     X_Postern_Uid="0 4WbX2k3cq9zBXcK", **{
                         forged: f"by {HOSTNAME} (Postfix, from userid 0)\r\n"
                                 "\tid 4WbX2k3cq9zBXcK; now"})
        bounce = self.arrived("root@post.example")
        self.assertIn(b"uid 1000 may not use", bounce.octets)

    def test_the_file_is_read_again_at_a_reload(self):
        self.write(f"{LOGIN}@{HOSTNAME} {WWW}\n")
        try:
            self.reload()
            rcpt = "reloaded@gmail-user.example"
            answer = self.by_login(WWW, WWW, rcpt)
            self.assertEqual(answer.code, 250, answer.text)
            self.write("uid:none of them\n")
            self.reload()  # a broken one changes nothing
            answer = self.by_login(ALICE, ALICE, rcpt)
            self.assertIn(rcpt, answer.refused)
            self.assertIn(f"{self.senders}:1:1: ",
                          self.scene.postern.output())
        finally:
            self.write(SENDERS.format(login=f"{LOGIN}@{HOSTNAME}"))
            self.reload()

    def reload(self):
        seen = self.scene.postern.output().count("reload")
        self.scene.postern.reload()
        wait_until(
            lambda: self.scene.postern.output().count("reload") > seen, 10,
            "a word about the reload")


if __name__ == "__main__":
    unittest.main()
