#!/usr/bin/python3
"""SIGHUP under mail: nothing is refused or lost, the new rules hold from
then on, and a broken file does not replace a running configuration.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from letter import SHORT_LINK, letter
from load import Load, recipient_of
from mailbox import submit
from process import wait_until
from stage import StageTest

COUNT = 150


class Reload(StageTest):
    def disposition(self, rcpt):
        with self.scene.postfix.relay() as session:
            answer = submit(session, "alice@post.example", [rcpt],
                            letter(SHORT_LINK))
        self.assertEqual(answer.code, 250, answer.text)
        return self.scene.postern.log_line(
            answer.queue_id)["disposition"]

    def wait_for_reloads(self, count):
        wait_until(lambda: self.scene.postern.output().count("reload") >= count,
                   10, "a word about the reload")

    def test_1_no_message_suffers(self):
        load = Load(self.scene.postfix.relay, COUNT)
        load.start()
        while not load.is_over():
            self.scene.postern.reload()
            time.sleep(0.2)
        self.assertEqual(set(load.answers), {250}, load.answers)
        self.assert_each_arrived_once(
            [recipient_of(number) for number in range(1, COUNT + 1)])

    def test_2_the_new_rules_hold(self):
        action = '[checks."url-shortener"]\naction = "{}"\n'
        for word, disposition in (("hold", "hold"), ("observe", "accept")):
            seen = self.scene.postern.output().count("reload")
            self.scene.configure_postern(action.format(word))
            self.scene.postern.reload()
            self.wait_for_reloads(seen + 1)
            self.assertEqual(
                self.disposition(f"{word}@gmail-user.example"), disposition)

    def test_3_a_broken_file_changes_nothing(self):
        self.scene.configure_postern('[checks."url-shortener"]\n'
                                     'action = "hold"\n')
        seen = self.scene.postern.output().count("reload")
        self.scene.postern.reload()
        self.wait_for_reloads(seen + 1)
        seen = self.scene.postern.output().count("reload")
        self.scene.postern.config.write_text('mode = "obse', "utf-8")
        self.scene.postern.reload()
        self.wait_for_reloads(seen + 1)
        self.assertEqual(self.disposition("broken@gmail-user.example"), "hold")


if __name__ == "__main__":
    unittest.main()
