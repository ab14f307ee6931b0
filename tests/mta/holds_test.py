#!/usr/bin/python3
"""Hold and release on a real Postfix; and one message of which only some
recipients would be refused.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import SHORT_LINK, letter
from mailbox import submit
from process import SOURCE, wait_until
from stage import StageTest

SENDER = "alice@post.example"
# A receiver that publishes a small limit; only it refuses the larger message.
SMALL_RECEIVER = """\
mx = ["mail.selfhost.example"]
max_message_size = "4kB"
source = "this test"
"""


class Holds(StageTest):
    @classmethod
    def settings(cls):
        return '[checks."url-shortener"]\naction = "hold"\n'

    def hold_one(self, rcpt):
        """Sends a message that is held; returns its entry in the list."""
        with self.scene.postfix.relay() as session:
            answer = submit(session, SENDER, [rcpt], letter(SHORT_LINK))
        self.assertEqual(answer.code, 250, answer.text)
        line = self.scene.postern.log_line(answer.queue_id)
        self.assertEqual(line["disposition"], "hold")
        return line["held"]

    def ids(self):
        return [hold["id"] for hold in self.scene.postern.held()]

    def test_a_held_message_waits_and_release_sends_it_signed(self):
        rcpt = "held@gmail-user.example"
        hold = self.hold_one(rcpt)
        self.assertIn(hold, self.ids())
        self.assertEqual(self.scene.mailbox.to(rcpt), [])
        self.scene.postern.release(hold)
        message = self.arrived(rcpt)
        self.assert_signed(message)
        self.assertEqual(message.mail_from, SENDER)
        self.assertEqual(message.fields("X-Postern-Release"), [])
        self.assertIn(SHORT_LINK.strip(), message.body())
        self.assertNotIn(hold, self.ids())

    def test_a_dropped_message_is_gone(self):
        rcpt = "dropped@gmail-user.example"
        hold = self.hold_one(rcpt)
        self.scene.postern.drop(hold)
        self.assertNotIn(hold, self.ids())
        self.assertEqual(self.scene.mailbox.to(rcpt), [])

    def test_a_forged_release_is_stripped_and_waives_nothing(self):
        rcpt = "forged@gmail-user.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, SENDER, [rcpt], letter(
                SHORT_LINK, X_Postern_Release="0123456789abcdef"))
            self.assertEqual(answer.code, 250)
            line = self.scene.postern.log_line(answer.queue_id)
            self.assertEqual(line["disposition"], "hold")
            rcpt = "forged-clean@gmail-user.example"
            submit(session, SENDER, [rcpt],
                   letter(X_Postern_Release="0123456789abcdef"))
        self.assertEqual(self.arrived(rcpt).fields("X-Postern-Release"), [])

    def test_a_held_local_submission_is_released_too(self):
        rcpt = "held-local@gmail-user.example"
        self.scene.postfix.sendmail(SENDER, [rcpt], letter(SHORT_LINK))
        found = wait_until(
            lambda: [h["id"] for h in self.scene.postern.held()
                     if rcpt in str(h)], 20, "the hold of a local submission")
        self.scene.postern.release(found[0])
        self.assert_signed(self.arrived(rcpt))


class Partial(StageTest):
    @classmethod
    def settings(cls):
        folder = cls.scene.home / "receivers"
        shutil.copytree(SOURCE / "conf/receivers", folder)
        (folder / "00-small.toml").write_text(SMALL_RECEIVER, "utf-8")
        return (f'[receivers]\ndirectory = "{folder}"\n'
                '[checks."message-too-large"]\naction = "reject"\n')

    def test_one_copy_is_held_and_the_rest_goes(self):
        taker, refuser = "takes@gmail-user.example", "small@selfhost.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, SENDER, [taker, refuser],
                            letter(b"All work and no play\r\n" * 400))
        self.assertEqual(answer.code, 250, answer.text)
        message = self.arrived(taker)
        self.assert_signed(message)
        self.assertEqual(message.rcpt_to, [taker])
        self.assertEqual(self.scene.mailbox.to(refuser), [])
        holds = [h for h in self.scene.postern.held() if refuser in str(h)]
        self.assertEqual(len(holds), 1)
        self.assertNotIn(taker, str(holds[0]["recipients"]))


if __name__ == "__main__":
    unittest.main()
