#!/usr/bin/python3
"""Limits on real Sendmail: who is who by login and on this host, what is held
until its limit frees and then goes by itself.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import letter
from mailbox import submit
from postfix import LOGIN, OTHER_LOGIN
from sendmail_users import (LOCAL_LOGIN, TAGGED_LOGIN, Logins, Programs,
                            missing, pipe_session)
from stage import SendmailTest

LIMITS = """
[[limits]]
name = "logins"
key = ["login"]
rates = ["1/3s burst 2"]

[[limits]]
name = "senders"
key = ["mail_from"]
rates = ["1/6s"]
"""


class SendmailLimits(SendmailTest):
    @classmethod
    def settings(cls):
        return LIMITS

    @classmethod
    def macros(cls):
        cls.logins = Logins(cls.sendmail)
        return cls.logins.macros

    @classmethod
    def start(cls):
        super().start()
        cls.programs = Programs(cls.sendmail, cls.sendmail.port)
        cls.programs_with_login = Programs(cls.sendmail, cls.logins.port,
                                           cls.logins.name(LOCAL_LOGIN))

    def send(self, session, sender, rcpt, options=()):
        """Which is taken; Postern's log line of it."""
        answer = submit(session, sender, [rcpt], letter(), options)
        self.assertEqual(answer.code, 250, answer.text)
        return self.scene.postern.log_line(answer.queue_id)

    def assert_held(self, line, limit):
        self.assertEqual(line["disposition"], "hold")
        self.assertEqual(line["findings"], f"limit-{limit}:hold")

    def assert_each_arrives(self, rcpts):
        for rcpt in rcpts:
            self.assert_signed(self.arrived(rcpt, 90))

    def test_what_a_login_has_over_its_limit_waits_and_goes_by_itself(self):
        rcpts = [f"login{i}@gmail-user.example" for i in range(5)]
        with self.logins.session() as session:
            for i, rcpt in enumerate(rcpts):
                line = self.send(session, f"login{i}@post.example", rcpt)
                self.assertEqual(line["login"], self.logins.name(LOGIN))
        self.assert_held(line, "logins")
        self.assert_each_arrives(rcpts)

    def test_each_login_has_its_own(self):
        def send(session, login, i):
            return self.send(session, f"{login}{i}@post.example",
                             f"each-{login}@gmail-user.example")
        with self.logins.session() as alice:
            lines = [send(alice, LOGIN, i) for i in range(4)]
        with self.logins.session(OTHER_LOGIN) as bob:
            other = send(bob, OTHER_LOGIN, 0)
        self.assert_held(lines[-1], "logins")
        self.assertEqual(other["disposition"], "accept")
        self.assertEqual(other["login"], self.logins.name(OTHER_LOGIN))

    def test_a_login_that_a_client_only_claims_is_none(self):
        claim = [f"AUTH={self.logins.name(OTHER_LOGIN)}"]
        with self.sendmail.relay() as session:
            for i in range(4):
                line = self.send(session, f"claim{i}@post.example",
                                 "claim@gmail-user.example", claim)
                self.assertEqual(line["disposition"], "accept")
                self.assertNotIn("login", line)

    def test_what_comes_through_a_pipe_is_held(self):
        sender, rcpts = "pipe@post.example", [f"pipe{i}@gmail-user.example"
                                              for i in range(2)]
        with pipe_session(self.sendmail) as session:
            lines = [self.send(session, sender, rcpt) for rcpt in rcpts]
        self.assert_held(lines[-1], "senders")
        self.assert_each_arrives(rcpts)
        self.assertEqual(self.scene.mailbox.to(sender), [])

    def test_what_a_program_hands_in_by_login_is_held(self):
        rcpts = [f"program{i}@gmail-user.example" for i in range(4)]
        for i, rcpt in enumerate(rcpts):
            sender = f"program{i}@post.example"
            self.programs_with_login.send(sender, [rcpt], letter())
            line = self.scene.postern.log_line_from(sender)
            self.assertEqual(line["login"], self.logins.name(LOCAL_LOGIN))
        self.assert_held(line, "logins")
        self.assertEqual(self.programs_with_login.queue(), 0)
        self.assert_each_arrives(rcpts)
        self.assertEqual(self.scene.mailbox.to(sender), [])

    def test_what_a_program_hands_in_without_login_is_held(self):
        sender, rcpts = "plain@post.example", [f"plain{i}@gmail-user.example"
                                               for i in range(2)]
        for rcpt in rcpts:
            self.programs.send(sender, [rcpt], letter())
        self.assert_held(self.scene.postern.log_line_from(sender), "senders")
        self.assertEqual(self.programs.queue(), 0)
        self.assert_each_arrives(rcpts)
        self.assertEqual(self.scene.mailbox.to(sender), [])

    def test_a_login_is_read_as_it_is_written(self):
        """Sendmail tells it as xtext."""
        with self.logins.session(TAGGED_LOGIN) as session:
            line = self.send(session, "tagged@post.example",
                             "tagged@gmail-user.example")
        self.assertEqual(line["login"], self.logins.name(TAGGED_LOGIN))


if __name__ == "__main__":
    if missing():
        print(f"skipped: without {' '.join(missing())}", file=sys.stderr)
        sys.exit(77)
    unittest.main()
