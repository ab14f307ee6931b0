"""Postern itself: its configuration, its life, its log, its held mail.

The program is $POSTERN_PROGRAM or that of the release build.
SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess

from process import SOURCE, end, start, wait_until

CONFIG = """\
mode = "{mode}"
hostname = "{hostname}"
state_directory = "{home}/state"

[log]
target = "{home}/log"
level = "info"

[milter]
socket = "unix:{socket}"

[dns]
servers = ["127.0.0.1@{dns_port}"]

[egress.main]
addresses = ["{egress}"]
helo_name = "{hostname}"

[holds]
reinject = "127.0.0.1:{reinject_port}"

"""


def program():
    return os.environ.get("POSTERN_PROGRAM",
                          str(SOURCE / "build/release/postern"))


class Postern:
    """One configuration and the process that runs it, when it does."""

    def __init__(self, home, milter_socket):
        self.home = pathlib.Path(home)
        self.socket = pathlib.Path(milter_socket)
        self.config = self.home / "postern.toml"
        self.process = None
        self._started = []  # all of them: a test may start one beside another
        (self.home / "state").mkdir(parents=True)

    def configure(self, **words):
        """Writes the configuration; `extra` is more TOML for its end."""
        extra = words.pop("extra", "")
        text = CONFIG.format(home=self.home, socket=self.socket, **words)
        self.config.write_text(text + extra, encoding="utf-8")
        self._ask("check-config", "--config", self.config)

    def start(self):
        """Returns the new process, which listens."""
        self.process = start([program(), "run", "--config", self.config],
                             self.home / "output")
        self._started.append(self.process)
        wait_until(self._listens, 20, f"postern listens\n{self.output()}")
        return self.process

    def _listens(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"postern ended at once:\n{self.output()}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def output(self):
        """All that it said: its log, and what it printed besides."""
        texts = []
        for name in ("output", "log"):
            path = self.home / name
            if path.exists():
                texts.append(path.read_text("utf-8", "replace"))
        return "".join(texts)

    def stop(self):
        for process in self._started:
            if process.poll() is None:
                end(process.pid)
                process.poll()  # end() has reaped it

    def reload(self):
        os.kill(self.process.pid, signal.SIGHUP)

    def kill(self):
        """kill -9, and wait for the end."""
        self.process.kill()
        self.process.wait()

    def log_line(self, queue_id):
        """The line of one message as a dictionary; empty without one."""
        return self._last_line(f" {queue_id}: disposition=")

    def log_line_from(self, sender):
        """The last message of an envelope sender."""
        return self._last_line(f" from=<{sender}> ")

    def _last_line(self, mark):
        found = {}
        for line in self.output().splitlines():
            if mark in " " + line and "disposition=" in line:
                found = dict(re.findall(r'([\w-]+)=("[^"]*"|\S*)', line))
        return {key: value.strip('"') for key, value in found.items()}

    def held(self):
        """What `postern held list --json` says."""
        text = self._ask("held", "list", "--json", "--config", self.config)
        text = text.strip()
        if text.startswith("["):
            return json.loads(text)
        return [json.loads(line) for line in text.splitlines()]

    def release(self, hold_id):
        return self._ask("held", "release", hold_id, "--config", self.config)

    def drop(self, hold_id):
        return self._ask("held", "drop", hold_id, "--config", self.config)

    def judge(self, octets, *options):
        """What `postern check --json` foresees for a message."""
        done = subprocess.run(
            [program(), "check", "--config", str(self.config), "--json",
             *options, "-"], input=octets, capture_output=True, timeout=60,
            check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr.decode("utf-8", "replace"))
        return json.loads(done.stdout)

    def _ask(self, *words):
        done = subprocess.run([program(), *map(str, words)], timeout=60,
                              capture_output=True, check=False, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"postern {' '.join(map(str, words))}: "
                               f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout
