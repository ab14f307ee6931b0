#!/usr/bin/python3
"""rspamd and spamd themselves, asked by `postern check`.

usage: second_opinion_daemons.py POSTERN

Each runs for this test alone, on a socket in a folder of its own, off the
network, and is ended by its pid. GTUBE (the test line of spam filters) is
foreseen with its score, an ordinary letter is not; a daemon that is gone is
unknown. Exits 77 (skipped) where neither is installed.
SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

START_SECONDS = 90
GTUBE = ("XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*"
         "C.34X")
LETTER = ("From: Alice <alice@example.org>\r\nTo: bob@receiver.example\r\n"
          "Subject: Lunch\r\nDate: Sat, 21 Nov 2026 11:00:00 +0000\r\n"
          "Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=us-ascii\r\n\r\n{}\r\n")
# Rules that look at the message alone: no DNS, no statistics, no modules.
RSPAMD = """
options {{
  filters = "";
  pidfile = "{home}/pid";
  dns {{ nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }}
  control_socket = "{home}/control mode=0600";
  tempdir = "{home}";
  disable_hyperscan = true;
  hs_cache_dir = "{home}";
}}
logging {{ type = "file"; filename = "{home}/log"; level = "info"; }}
worker "normal" {{ bind_socket = "{home}/socket mode=0600"; count = 1; }}
actions {{ reject = 15; }}
lua = "/usr/share/rspamd/rules/rspamd.lua";
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def reaches(address):
    family, where = address
    with socket.socket(family) as probe:
        return probe.connect_ex(where) == 0


class Daemon:
    """A process of ours from `with` to its end."""

    def __init__(self, command, address, output):
        self.address, self.output = address, output
        with open(output, "wb") as told:
            self.process = subprocess.Popen(command, stdout=told,
                                            stderr=subprocess.STDOUT)

    def __enter__(self):
        limit = time.monotonic() + START_SECONDS
        while not reaches(self.address):
            if self.process.poll() is not None or time.monotonic() > limit:
                self.__exit__()
                raise RuntimeError("did not start:\n" + pathlib.Path(
                    self.output).read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def rspamd(home):
    config = home / "rspamd.conf"
    config.write_text(RSPAMD.format(home=home))
    command = ["rspamd", "-f", "--insecure", "-c", config]
    return (Daemon(command, (socket.AF_UNIX, str(home / "socket")),
                   home / "output"), f"unix:{home}/socket")


def spamd(home):
    port = free_port()
    command = ["spamd", "-L", "-x", "-i", "127.0.0.1", "-p", str(port),
               "--min-children=1", "--max-children=1", "--max-spare=1",
               "-s", "stderr", "-H", str(home)]
    command = [shutil.which("spamd", path="/usr/sbin:/usr/bin"), *command[1:]]
    return (Daemon(command, (socket.AF_INET, ("127.0.0.1", port)),
                   home / "output"), f"127.0.0.1:{port}")


def opinion(postern, folder, option, address, text):
    """(outcome, detail) of the finding; None: there is none."""
    letter = folder / "letter.eml"
    letter.write_bytes(LETTER.format(text).encode())
    config = folder / "postern.toml"
    config.write_text(f'hostname = "mail.example.org"\n[second_opinion]\n'
                      f'{option} = "{address}"\ndeadline = "30s"\n'
                      f'[milter]\ndeadline = "60s"\n')
    zone = folder / "zone"
    zone.write_text("receiver.example A 192.0.2.1\n")
    done = subprocess.run(
        [postern, "check", "--json", "--config", config, "--dns", zone,
         "--now", "2026-11-21T12:00:00Z", letter],
        capture_output=True, text=True, timeout=120, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    for finding in json.loads(done.stdout)["findings"]:
        if finding["check"] == "second-opinion":
            return finding["outcome"], finding["detail"]
    return None


def examine(postern, name, start, folder):
    """What did not come out as it should."""
    home = folder / name
    home.mkdir()
    home.chmod(0o755)
    daemon, address = start(home)
    wrong = []
    with daemon:
        spam = opinion(postern, folder, name, address, GTUBE)
        print(f"{name}: GTUBE: {spam}")
        if not spam or spam[0] != "fail" or "GTUBE" not in spam[1]:
            wrong.append(f"{name}: GTUBE gave {spam}")
        letter = opinion(postern, folder, name, address, "Are you free?")
        print(f"{name}: letter: {letter}")
        if letter is not None:
            wrong.append(f"{name}: a letter gave {letter}")
    gone = opinion(postern, folder, name, address, GTUBE)
    print(f"{name}: gone: {gone}")
    if not gone or gone[0] != "unknown":
        wrong.append(f"{name}: gone gave {gone}")
    return wrong


def main():
    postern = os.path.abspath(sys.argv[1])
    path = os.environ.get("PATH", "") + ":/usr/sbin"
    found = [(name, start) for name, start in (("rspamd", rspamd),
                                               ("spamd", spamd))
             if shutil.which(name, path=path)]
    if not found:
        print("skipped: neither rspamd nor spamd is installed")
        return 77
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        for daemon, start in found:
            wrong += examine(postern, daemon, start, folder)
    for line in wrong:
        print("FAILED", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
