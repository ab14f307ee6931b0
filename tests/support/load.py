"""Senders that go on until each of their messages is taken.

Every message has a recipient of its own, by which it is found again. A 4yz or
a lost connection is tried again; a 5yz is recorded and not repeated.
SPDX-License-Identifier: Apache-2.0
"""
import collections
import smtplib
import threading
import time

from letter import SHORT_LINK, letter
from mailbox import submit

SENDER = "alice@post.example"


def recipient_of(number):
    return f"load{number}@gmail-user.example"


class Load:
    """`count` messages from some threads; every `held_each`-th is one to hold.

    `answers` counts reply codes ("lost" for a connection that broke),
    `taken` says how often each number was answered 250.
    """

    def __init__(self, connect, count, threads=4, held_each=0):
        self._connect = connect
        self._numbers = collections.deque(range(1, count + 1))
        self._held_each = held_each
        self._lock = threading.Lock()
        self.answers = collections.Counter()
        self.taken = collections.Counter()
        self._threads = [threading.Thread(target=self._send_all, daemon=True)
                         for _ in range(threads)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def is_over(self):
        return not any(thread.is_alive() for thread in self._threads)

    def is_to_hold(self, number):
        return self._held_each > 0 and number % self._held_each == 0

    def _send_all(self):
        while True:
            try:
                number = self._numbers.popleft()
            except IndexError:
                return
            # The same octets each time, as a mail server comes again.
            octets = (letter(SHORT_LINK) if self.is_to_hold(number)
                      else letter())
            while not self._send(number, octets):
                time.sleep(0.1)

    def _send(self, number, octets):
        """Once; True when there is nothing more to try."""
        try:
            with self._connect() as session:
                answer = submit(session, SENDER, [recipient_of(number)], octets)
            code = answer.code
        except (OSError, smtplib.SMTPException):
            code = "lost"
        with self._lock:
            self.answers[code] += 1
            self.taken[number] += code == 250
        return code == 250 or str(code).startswith("5")
