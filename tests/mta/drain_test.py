#!/usr/bin/python3
"""A restart by drain: the new process takes the socket over while the old one
ends its sessions. No client hears anything but 250.

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

COUNT = 200
RESTARTS = 3


class Drain(StageTest):
    def test_a_restart_under_mail_is_not_noticed(self):
        load = Load(self.scene.postfix.relay, COUNT)
        load.start()
        restarts = 0
        while restarts < RESTARTS and not load.is_over():
            time.sleep(0.3)
            old = self.scene.postern.process
            new = self.scene.postern.start()
            self.wait_for_socket_of(new)
            old.terminate()
            self.assertEqual(old.wait(timeout=30), 0)
            restarts += 1
        wait_until(load.is_over, 60, "all messages are taken")
        self.assertEqual(restarts, RESTARTS)
        print(f"{restarts} restarts, {dict(load.answers)}")
        self.assertEqual(set(load.answers), {250}, load.answers)
        for number in range(1, COUNT + 1):
            self.assert_signed(self.arrived(recipient_of(number)))


if __name__ == "__main__":
    unittest.main()
