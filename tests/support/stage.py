"""What every test of tests/mta begins with: a scene, and an end for sure.

A test that hangs is ended by its own alarm, so that what it started is ended
too; SIGTERM and Ctrl-C end it in the same way.
SPDX-License-Identifier: Apache-2.0
"""
import collections
import signal
import unittest

from process import wait_until
from scene import HOSTNAME, Scene
from sendmail import Sendmail

LIMIT_SECONDS = 170


def _give_up(number, frame):
    del frame
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(f"ended by signal {number}")


def end_on_signals():
    """SIGTERM, Ctrl-C and the alarm become an orderly end."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, _give_up)


class StageTest(unittest.TestCase):
    """One scene for all tests of the class."""
    parent = "/var/tmp"

    @classmethod
    def settings(cls):
        """More TOML for Postern; cls.scene is there, nothing runs yet."""
        return ""

    @classmethod
    def start(cls):
        cls.scene.start(cls.settings())

    @classmethod
    def setUpClass(cls):
        end_on_signals()
        signal.alarm(LIMIT_SECONDS)
        cls.scene = cls.enterClassContext(
            Scene(cls.parent, f"postern-{cls.__name__}."))
        cls.start()

    def arrived(self, recipient, seconds=20):
        """The one message at the sink for a recipient."""
        found = wait_until(lambda: self.scene.mailbox.to(recipient), seconds,
                           f"a message for {recipient} at the sink")
        self.assertEqual(len(found), 1)
        return found[0]

    def assert_each_arrived_once(self, recipients):
        """Each has its one message, signed, and nobody else has any."""
        wait_until(lambda: len(self.scene.mailbox.all()) >= len(recipients)
                   and self.scene.postfix.queue() == 0, 60, "all have arrived")
        found = collections.Counter()
        for message in self.scene.mailbox.all():
            found.update(message.rcpt_to)
            self.assert_signed(message)
        self.assertEqual(found, collections.Counter(recipients))

    def assert_signed(self, message):
        """RSA and Ed25519 of our domain hold for dkimpy."""
        self.assertEqual(
            sorted(self.scene.verifier.signatures(message.octets)),
            [("post.example", "ed25519-sha256", "pass"),
             ("post.example", "rsa-sha256", "pass")])

    def run(self, result=None):
        """Shows the logs while they are still there when a test fails."""
        before = _bad(result)
        super().run(result)
        if _bad(result) > before:
            self.scene.tell_logs()
        return result


class SendmailTest(StageTest):
    """With Sendmail in place of Postfix."""
    # Sendmail starts only below folders that others cannot write.
    parent = "/var/lib"

    @classmethod
    def macros(cls):
        """More of sendmail.mc; cls.sendmail is there, nothing runs yet."""
        return ""

    @classmethod
    def start(cls):
        scene = cls.scene
        folder = scene.home / "socket"
        folder.mkdir(mode=0o750)
        scene.postern.socket = folder / "postern.sock"
        scene.start_network()
        cls.sendmail = Sendmail(scene.home / "sendmail", HOSTNAME,
                                scene.postern.socket)
        scene.logs["sendmail"] = cls.sendmail.log
        # What is released goes back to Sendmail.
        scene.postfix.reinject_port = cls.sendmail.port
        scene.configure_postern(cls.settings())
        scene.postern.start()
        cls.addClassCleanup(cls.sendmail.stop)
        cls.sendmail.configure(scene.sink_port, more=cls.macros())
        cls.sendmail.start()


def _bad(result):
    return len(result.failures) + len(result.errors) if result else 0
