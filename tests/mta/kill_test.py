#!/usr/bin/python3
"""kill -9 under load, again and again: every message that was answered 250
is at the receiver exactly once, or held exactly once. Nothing goes ungated.

SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import random
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from load import Load, recipient_of
from stage import StageTest

COUNT = 600
KILLS = 6


class Kill(StageTest):
    @classmethod
    def settings(cls):
        return '[checks."url-shortener"]\naction = "hold"\n'

    def test_nothing_is_lost_doubled_or_ungated(self):
        load = Load(self.scene.postfix.relay, COUNT, held_each=10)
        load.start()
        kills = self.kill_until_over(load)
        self.assertGreaterEqual(kills, KILLS)
        print(f"{COUNT} messages, {kills} kills, {dict(load.answers)}")
        self.assertEqual([c for c in load.answers if str(c)[0] == "5"], [])
        held = [n for n in range(1, COUNT + 1) if load.is_to_hold(n)]
        sent = [n for n in range(1, COUNT + 1) if not load.is_to_hold(n)]
        self.assert_each_arrived_once([recipient_of(n) for n in sent])
        self.assert_each_held_once(held)

    def kill_until_over(self, load):
        """Kills while messages are under way, however fast the machine is."""
        kills = 0
        while not load.is_over():
            time.sleep(random.uniform(0.02, 0.15))
            if load.is_over() and kills >= KILLS:
                break
            self.scene.postern.kill()
            kills += 1
            time.sleep(0.2)
            self.scene.postern.start()
            # Let some through, or a slow machine never comes to an end.
            seen = load.answers[250]
            deadline = time.monotonic() + 3
            while (load.answers[250] < seen + COUNT // (4 * KILLS) and
                   time.monotonic() < deadline and not load.is_over()):
                time.sleep(0.02)
        return kills

    def assert_each_held_once(self, numbers):
        text = [str(hold) for hold in self.scene.postern.held()]
        counts = {n: sum(recipient_of(n) in t for t in text) for n in numbers}
        self.assertEqual(counts, {n: 1 for n in numbers})


if __name__ == "__main__":
    unittest.main()
