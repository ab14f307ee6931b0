#!/usr/bin/python3
"""A restart by drain, under mail: a message under way is answered by the process
that began it, whoever comes meanwhile is told to come again, and nothing is
lost or refused for good.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from load import Load, recipient_of
from process import wait_until
from stage import StageTest

COUNT = 600
RESTARTS = 5


class Drain(StageTest):
    def test_a_restart_under_mail_loses_nothing(self):
        load = Load(self.scene.postfix.relay, COUNT)
        load.start()
        for _ in range(RESTARTS):
            time.sleep(0.15)
            self.restart()
        wait_until(load.is_over, 100, "all messages are taken")
        print(f"{RESTARTS} restarts, {dict(load.answers)}")
        self.assertGreater(load.answers.total(), COUNT, "nobody noticed")
        self.assertEqual([c for c in load.answers if str(c)[0] == "5"], [])
        # No message was cut while it was judged.
        self.assertNotIn("SMFIC_BODYEOB", self.scene.postfix.log())
        self.assert_each_arrived_once(
            [recipient_of(number) for number in range(1, COUNT + 1)])

    def restart(self):
        old = self.scene.postern.process
        old.terminate()
        self.assertEqual(old.wait(timeout=30), 0)
        self.scene.postern.start()


if __name__ == "__main__":
    unittest.main()
