#!/usr/bin/python3
"""The three ways in, on a real Postfix: relay, login, sendmail(1); and the
bounces that Postfix makes itself.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import letter
from mailbox import submit
from stage import StageTest

SENDER = "alice@post.example"


class Submission(StageTest):
    def test_a_relay_is_accepted_signed_and_delivered(self):
        rcpt = "relay@gmail-user.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, SENDER, [rcpt], letter())
        self.assertEqual(answer.code, 250, answer.text)
        self.assert_signed(self.arrived(rcpt))
        line = self.scene.postern.log_line(answer.queue_id)
        self.assertEqual(line["disposition"], "accept")

    def test_several_messages_in_one_session_are_each_signed(self):
        rcpts = [f"several{n}@gmail-user.example" for n in range(4)]
        with self.scene.postfix.relay() as session:
            for rcpt in rcpts:
                answer = submit(session, SENDER, [rcpt], letter())
                self.assertEqual(answer.code, 250, answer.text)
        for rcpt in rcpts:
            self.assert_signed(self.arrived(rcpt))

    def test_a_login_is_accepted_and_signed(self):
        rcpt = "login@yahoo-user.example"
        with self.scene.postfix.submission() as session:
            answer = submit(session, SENDER, [rcpt], letter())
        self.assertEqual(answer.code, 250, answer.text)
        self.assert_signed(self.arrived(rcpt))

    def test_sendmail_is_accepted_and_signed(self):
        rcpt = "local@m365-user.example"
        self.scene.postfix.sendmail(SENDER, [rcpt], letter())
        self.assert_signed(self.arrived(rcpt))

    def test_sendmail_without_date_and_message_id_is_mended(self):
        rcpt = "bare@gmail-user.example"
        self.scene.postfix.sendmail(
            SENDER, [rcpt], letter(Date=None, Message_ID=None))
        message = self.arrived(rcpt)
        self.assertEqual(len(message.fields("Date")), 1)
        self.assertEqual(len(message.fields("Message-ID")), 1)
        self.assert_signed(message)

    def test_a_refusal_reaches_the_local_sender_as_a_bounce(self):
        sender = "bounced-local@post.example"
        self.scene.postfix.sendmail(
            sender, ["b@gmail-user.example"],
            letter(From="Bank <info@bank.example>"))
        bounce = self.arrived(sender)
        self.assertEqual(bounce.mail_from, "")
        self.assertIn(b"5.7.26", bounce.octets)

    def test_a_null_mx_is_refused_at_rcpt_and_the_others_go(self):
        rcpt = "beside-null-mx@gmail-user.example"
        nobody = "nobody@null-mx.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, SENDER, [nobody, rcpt], letter())
        self.assertEqual(answer.code, 250, answer.text)
        self.assertTrue(answer.refused[nobody].startswith("55"),
                        answer.refused)
        self.assertEqual(self.arrived(rcpt).rcpt_to, [rcpt])

    def test_the_bounce_of_the_mta_is_delivered(self):
        sender = "bounced@post.example"
        with self.scene.postfix.relay() as session:
            answer = submit(session, sender, ["refused@gmail-user.example"],
                            letter())
        self.assertEqual(answer.code, 250, answer.text)
        bounce = self.arrived(sender)
        self.assertEqual(bounce.mail_from, "")
        self.assert_signed(bounce)


if __name__ == "__main__":
    unittest.main()
