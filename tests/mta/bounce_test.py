#!/usr/bin/python3
"""Forwarded mail on a real Postfix and Sendmail: sealed, under a sender of ours;
and what is refused later comes back to the original sender.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from daemon import program
from letter import letter
from mailbox import submit
from process import run, wait_until
from scene import HOSTNAME
from sendmail import Sendmail
from stage import StageTest

SENDER = "carol@elsewhere.example"  # whose SPF forbids our egress
BOUNCES = "bounces.post.example"
USER = "nobody"
# As conf/sendmail.mc.snippet says it.
SENDMAIL_MC = """\
MAILER_DEFINITIONS
Mpostern-bounce, P={program}, F=lnu, U={user}:nogroup, T=DNS/RFC822/X-Unix,
	A=postern {words} --sender $g $u
LOCAL_RULE_0
R$+ <@ {domain} $* > $*	$#postern-bounce $@ bounces $: $1 @ {domain}
"""


class Bounces(StageTest):
    """What both ways back have in common."""
    rewrite = ""

    @classmethod
    def settings(cls):
        secret = cls.scene.home / "bounce.secret"
        run([program(), "bounce", "--new-secret", secret])
        shutil.chown(secret, USER)
        return (f'[sender]\nbounce_domain = "{BOUNCES}"\n'
                f'rewrite = "{cls.rewrite}"\nsrs_secret_file = "{secret}"\n'
                '[arc]\nenabled = true\ndomain = "post.example"\n'
                f'selector = "rsa"\nkey_file = "{cls.scene.home}/keys/rsa.pem"\n')

    @classmethod
    def command(cls):
        # Postfix's user must be able to reach the program, too.
        copy = cls.scene.home / "postern-program"
        if not copy.exists():
            shutil.copy(program(), copy)
            copy.chmod(0o755)
        return f"{copy} bounce --deliver --config {cls.scene.postern.config}"

    def forward(self, rcpt, sender=SENDER):
        """Mail of others, received before; the sender it leaves under."""
        with self.scene.postfix.relay() as session:
            answer = submit(session, sender, [rcpt], letter(
                From=f"Carol <{SENDER}>",
                Received="from elsewhere.example by mx.post.example; "
                         "Sat, 21 Nov 2026 12:00:00 +0000"))
        self.assertEqual(answer.code, 250, answer.text)
        line = self.scene.postern.log_line(answer.queue_id)
        self.assertEqual(line["from"], f"<{sender}>")
        return line["sender"].strip("<>")

    def send_to_bounce_address(self, sender, address):
        with self.scene.postfix.relay() as session:
            return submit(session, sender, [address], letter(
                From="Eve <eve@bank2.example>"))

    def status_of(self, address):
        """How Postfix's delivery to the address ended, as it logs it."""
        def find():
            return [line for line in self.scene.postfix.log().splitlines()
                    if f"<{address}>" in line and "status=" in line]
        return wait_until(find, 30, f"a delivery to {address}")[-1]


class ThroughAPipe(Bounces):
    rewrite = "srs"

    @classmethod
    def start(cls):
        postfix = cls.scene.postfix
        transport = postfix.home / "etc/transport"
        transport.write_text(f"{BOUNCES} postern-bounce:\n", "utf-8")
        postfix.extra_main = (f"relay_domains = {BOUNCES}\n"
                              f"transport_maps = texthash:{transport}\n")
        postfix.extra_master = (
            f"postern-bounce unix - n n - - pipe user={USER}\n"
            f"  argv={cls.command()} --sender ${{sender}} ${{recipient}}\n")
        super().start()

    def test_a_delivered_message_has_a_sender_of_ours(self):
        rcpt = "dave@gmail-user.example"
        sender = self.forward(rcpt)
        self.assertTrue(sender.startswith("SRS0="), sender)
        self.assertEqual(self.arrived(rcpt).mail_from, sender)
        self.assertEqual(self.scene.verifier.chain(
            self.arrived(rcpt).octets), "pass")
        said = run([program(), "bounce", "--config",
                    self.scene.postern.config, sender])
        self.assertEqual(said.decode().strip(), SENDER)

    def test_a_refused_message_comes_back_to_its_original_sender(self):
        address = self.forward("refused-later@gmail-user.example")
        bounce = self.arrived(SENDER)
        self.assertEqual(bounce.mail_from, "")
        self.assertEqual(bounce.fields("X-Postern-Bounce"), [address])
        self.assertIn(b"refused-later@gmail-user.example", bounce.octets)
        self.assertIn("status=sent", self.status_of(address))

    def test_a_forged_address_leads_nowhere(self):
        forged = f"SRS0=AAAAAA=AA=victim.example=x@{BOUNCES}"
        self.send_to_bounce_address("", forged)
        self.assertIn("status=bounced (user unknown", self.status_of(forged))
        self.assertEqual(self.scene.mailbox.to("x@victim.example"), [])

    def test_who_is_no_bounce_is_sent_away(self):
        address = self.forward("erin@gmail-user.example",
                               "frank@elsewhere.example")
        answer = self.send_to_bounce_address("eve@selfhost.example", address)
        self.assertEqual(answer.code, 250, answer.text)
        self.assertIn("status=bounced", self.status_of(address))
        self.assertEqual(self.scene.mailbox.to("frank@elsewhere.example"), [])


class ThroughAnAlias(Bounces):
    rewrite = "verp"

    @classmethod
    def start(cls):
        postfix = cls.scene.postfix
        aliases = postfix.home / "etc/aliases"
        aliases.write_text(f'bounces "|{cls.command()}"\n', "utf-8")
        postfix.extra_main = (f"mydestination = {BOUNCES}\n"
                              "recipient_delimiter = +\n"
                              f"default_privs = {USER}\n"
                              f"alias_maps = texthash:{aliases}\n"
                              "local_recipient_maps =\n")
        postfix.extra_master = "local unix - n n - - local\n"
        super().start()

    def test_a_refused_message_comes_back_to_its_original_sender(self):
        address = self.forward("refused-later@gmail-user.example")
        self.assertTrue(address.startswith("bounces+"), address)
        bounce = self.arrived(SENDER)
        self.assertEqual(bounce.mail_from, "")
        self.assertEqual(bounce.fields("X-Postern-Bounce"), [address])


class ThroughSendmail(Bounces):
    rewrite = "srs"
    # Sendmail starts only below folders that others cannot write.
    parent = "/var/lib"

    @classmethod
    def start(cls):
        scene = cls.scene
        folder = scene.home / "socket"
        folder.mkdir(mode=0o750)
        scene.postern.socket = folder / "postern.sock"
        cls.sendmail = Sendmail(scene.home / "sendmail", HOSTNAME,
                                scene.postern.socket)
        scene.start_network()
        # Bounces are handed back to the Sendmail that they came from.
        scene.postfix.reinject_port = cls.sendmail.port
        scene.configure_postern(cls.settings())
        scene.postern.start()
        cls.addClassCleanup(cls.sendmail.stop)
        program_words = cls.command().split(" ", 1)
        cls.sendmail.configure(scene.sink_port, rules=SENDMAIL_MC.format(
            program=program_words[0], words=program_words[1], user=USER,
            domain=BOUNCES))
        cls.sendmail.start()

    def forward_to(self, rcpt):
        with self.sendmail.relay() as session:
            answer = submit(session, SENDER, [rcpt], letter(
                From=f"Carol <{SENDER}>",
                Received="from elsewhere.example by mx.post.example; "
                         "Sat, 21 Nov 2026 12:00:00 +0000"))
        self.assertEqual(answer.code, 250, answer.text)

    def test_a_delivered_message_is_sealed(self):
        rcpt = "sm-sealed@gmail-user.example"
        self.forward_to(rcpt)
        message = self.arrived(rcpt)
        self.assertTrue(message.mail_from.startswith("SRS0="))
        self.assertEqual(self.scene.verifier.chain(message.octets), "pass")

    def test_a_refused_message_comes_back_to_its_original_sender(self):
        self.forward_to("refused-later@gmail-user.example")
        bounce = self.arrived(SENDER)
        self.assertEqual(bounce.mail_from, "")
        self.assertEqual(len(bounce.fields("X-Postern-Bounce")), 1)


del Bounces  # has no tests of its own


if __name__ == "__main__":
    unittest.main()
