"""Processes that are started here and ended here, by their own pid.

SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
PYTHON = "/usr/bin/python3"  # Debian's own, which sees Debian's modules


def wait_until(holds, seconds=20.0, what="condition"):
    """Polls until holds() is true and returns its value; else fails."""
    deadline = time.monotonic() + seconds
    while not (value := holds()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.02)
    return value


def free_port():
    """A port that was free on loopback a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_alive(pid):
    """Whether the process runs; a zombie does not."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii",
                                                           errors="replace")
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def end(pid, seconds=20.0):
    """SIGTERM, and SIGKILL when that is not heeded in time."""
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            reap(pid)
            if not is_alive(pid):
                return
            time.sleep(0.02)


def reap(pid):
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def start(command, log, **options):
    """Starts a program in a session of its own, its words going to `log`."""
    with open(log, "ab") as words:
        return subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL,
            stdout=options.pop("stdout", words), stderr=words,
            start_new_session=True, **options)


def start_server(script, arguments, log):
    """Starts a server of this folder; (process, port) once it listens."""
    process = start([PYTHON, HERE / script, *arguments], log,
                    stdout=subprocess.PIPE)
    words = process.stdout.readline().split()
    process.stdout.close()
    if len(words) != 2:
        raise RuntimeError(f"{script} did not start; see {log}")
    return process, int(words[1])


def run(command, **options):
    """Runs to the end and returns its standard output; fails loudly."""
    done = subprocess.run([str(word) for word in command],
                          capture_output=True, check=False, timeout=60,
                          **options)
    if done.returncode != 0:
        sys.stderr.buffer.write(done.stdout + done.stderr)
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")
    return done.stdout
