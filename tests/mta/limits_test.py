#!/usr/bin/python3
"""Limits on a real Postfix: who is who, who is told to come back, and what is
held until its limit frees and then goes by itself.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import letter
from mailbox import submit
from postfix import OTHER_LOGIN
from process import wait_until
from stage import StageTest

SENDER = "alice@post.example"
LIMITS = """
[[limits]]
name = "logins"
key = ["login"]
rates = ["1/3s burst 2"]

[[limits]]
name = "relays"
key = ["mail_from"]
rates = ["2/d"]

[[limits]]
name = "cap"
key = ["mail_from"]
cost = "recipients"
per_message = 3
"""


class Limits(StageTest):
    @classmethod
    def settings(cls):
        return LIMITS

    def test_what_a_login_has_over_its_limit_waits_and_goes_by_itself(self):
        wanted = [f"login{i}@gmail-user.example" for i in range(5)]
        with self.scene.postfix.submission() as session:
            for i, rcpt in enumerate(wanted):
                answer = submit(session, f"login{i}@post.example", [rcpt],
                                letter())
                self.assertEqual(answer.code, 250, answer.text)
        line = self.scene.postern.log_line(answer.queue_id)
        self.assertEqual(line["disposition"], "hold")
        self.assertIn("limit-logins:hold", line["findings"])
        for rcpt in wanted:
            self.assert_signed(self.arrived(rcpt, 90))
        wait_until(lambda: "limit-logins" not in str(self.scene.postern.held()),
                   20, "nothing of it is held any more")

    def test_each_login_has_its_own(self):
        def send(session, login):
            answer = submit(session, f"{login}@post.example",
                            [f"each-{login}@gmail-user.example"], letter())
            self.assertEqual(answer.code, 250, answer.text)
            return self.scene.postern.log_line(answer.queue_id)
        with self.scene.postfix.submission() as alice:
            lines = [send(alice, "alice") for _ in range(4)]
        with self.scene.postfix.submission(OTHER_LOGIN) as bob:
            other = send(bob, "bob")
        self.assertIn("hold", [line["disposition"] for line in lines])
        self.assertEqual(other["disposition"], "accept")
        self.assertIn(f"{OTHER_LOGIN}@", other["login"])

    def test_a_relay_is_told_to_come_back_and_when(self):
        with self.scene.postfix.relay() as session:
            for i in range(2):
                rcpt = f"relay{i}@gmail-user.example"
                answer = submit(session, "relay@post.example", [rcpt],
                                letter())
                self.assertEqual(answer.code, 250, answer.text)
            # Its program's address is this host's, so the answer comes at the
            # end, when it is known to be no released message.
            answer = submit(session, "relay@post.example",
                            ["relay2@gmail-user.example"], letter())
        self.assertEqual(answer.code, 451, answer.text)
        self.assertRegex(answer.text,
                         "limit relays: mail_from=relay@post.example has used "
                         r"up 2 messages in 1d, free at 20\d\d-")

    def test_too_many_recipients_for_one_message_are_refused(self):
        some = [f"many{i}@gmail-user.example" for i in range(4)]
        with self.scene.postfix.relay() as session:
            answer = submit(session, "many@post.example", some, letter())
        self.assertEqual(answer.code, 550, answer.text)
        self.assertIn("at most 3 recipients; write to fewer at a time",
                      answer.text)

    def test_a_local_submission_over_its_limit_is_held_not_bounced(self):
        sender = "local@post.example"
        for i in range(3):
            self.scene.postfix.sendmail(sender,
                                        [f"local{i}@gmail-user.example"],
                                        letter())

        def mine(holds):
            return [hold for hold in holds if hold["mail_from"] == sender]
        wait_until(lambda: mine(self.scene.postern.held()), 20, "one is held")
        wait_until(lambda: self.scene.postfix.queue() == 0, 20,
                   "the others have gone")
        (held,) = mine(self.scene.postern.held())
        self.assertEqual([reason["check"] for reason in held["reasons"]],
                         ["limit-relays"])
        self.assertEqual(self.scene.mailbox.to(sender), [])


if __name__ == "__main__":
    unittest.main()
