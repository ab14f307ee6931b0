#!/usr/bin/python3
"""A smoke test on real Sendmail: attached with the line of the snippet, a
message comes through signed; a refusal and a hold are what they are.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import SHORT_LINK, letter
from mailbox import submit
from process import wait_until
from stage import SendmailTest

SENDER = "alice@post.example"
LIMITS = """
[[limits]]
name = "senders"
key = ["mail_from", "recipient_domain"]
rates = ["2/d"]
over = "defer"
overrides = ["mail_from=alice@* recipient_domain=* unlimited"]

[[limits]]
name = "waits"
key = ["recipient"]
rates = ["1/2s"]
over = "hold"
"""


class SendmailSmoke(SendmailTest):
    @classmethod
    def settings(cls):
        return '[checks."url-shortener"]\naction = "hold"\n' + LIMITS

    def send(self, rcpt, octets, sender=SENDER):
        with self.sendmail.relay() as session:
            return submit(session, sender, [rcpt], octets)

    def test_a_message_is_signed_and_delivered(self):
        rcpt = "sm@gmail-user.example"
        answer = self.send(rcpt, letter())
        self.assertEqual(answer.code, 250, answer.text)
        self.assert_signed(self.arrived(rcpt))
        line = self.scene.postern.log_line(answer.queue_id)
        self.assertEqual(line["disposition"], "accept")

    def test_missing_fields_are_added_before_signing(self):
        rcpt = "sm-bare@gmail-user.example"
        answer = self.send(rcpt, letter(Date=None, Message_ID=None))
        self.assertEqual(answer.code, 250, answer.text)
        message = self.arrived(rcpt)
        self.assertEqual(len(message.fields("Date")), 1)
        self.assertEqual(len(message.fields("Message-ID")), 1)
        self.assert_signed(message)

    def test_a_long_line_is_mended_before_signing(self):
        rcpt = "sm-long@gmail-user.example"
        answer = self.send(rcpt, letter(b"x" * 3000 + b"\r\n"))
        self.assertEqual(answer.code, 250, answer.text)
        self.assert_signed(self.arrived(rcpt))

    def test_what_would_be_refused_is_refused(self):
        answer = self.send("sm-no@gmail-user.example",
                           letter(From="Bank <info@bank.example>"))
        self.assertEqual(answer.code, 550, answer.text)
        self.assertIn("5.7.26", answer.text)

    def test_what_is_held_is_not_delivered(self):
        rcpt = "sm-held@gmail-user.example"
        answer = self.send(rcpt, letter(SHORT_LINK))
        self.assertEqual(answer.code, 250, answer.text)
        wait_until(lambda: any(rcpt in str(hold) for hold in
                               self.scene.postern.held()), 10, "the hold")
        self.assertEqual(self.scene.mailbox.to(rcpt), [])

    def test_over_a_limit_a_relay_is_told_to_come_back(self):
        sender = "bob@post.example"
        for i in range(2):
            answer = self.send(f"bob{i}@gmail-user.example", letter(),
                               sender=sender)
            self.assertEqual(answer.code, 250, answer.text)
        answer = self.send("bob2@gmail-user.example", letter(), sender=sender)
        self.assertEqual(answer.code, 451, answer.text)
        self.assertIn("mail_from=bob@post.example recipient_domain=gmail-user."
                      "example has used up 2 messages in 1d", answer.text)

    def test_what_a_limit_holds_goes_by_itself(self):
        rcpt = "sm-waits@gmail-user.example"
        for _ in range(2):
            answer = self.send(rcpt, letter())
            self.assertEqual(answer.code, 250, answer.text)
        wait_until(lambda: len(self.scene.mailbox.to(rcpt)) == 2, 60,
                   "both have arrived")
        for message in self.scene.mailbox.to(rcpt):
            self.assert_signed(message)


if __name__ == "__main__":
    unittest.main()
