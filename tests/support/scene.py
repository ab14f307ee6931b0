"""A scene: DNS, a sink, Postern and a private Postfix, all on loopback.

Used by the tests and by conf/quickstart. Everything lives in one scratch
folder and is ended by pid when the scene ends, whatever happened in it.
SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile

from daemon import Postern
from keys import Verifier, make_ed25519, make_rsa, zone_text
from mailbox import Mailbox
from postfix import Postfix
from process import end, start_server

# Ours: they have keys, SPF and DMARC.
DOMAINS = ("post.example", "news.example")
HOSTNAME = "mx.post.example"
EGRESS = "192.0.2.10"
ZONE = pathlib.Path(__file__).resolve().parent / "demo.zone"


class Scene:
    """`with Scene() as scene:`; pieces are started by the methods."""

    def __init__(self, parent="/var/tmp", name="postern-demo."):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=name, dir=parent))
        self.home.chmod(0o755)  # Postfix's own user must come through
        self.postfix = Postfix(self.home / "postfix", HOSTNAME)
        self.postern = Postern(self.home / "postern",
                               self.postfix.milter_socket)
        self.mailbox = Mailbox(self.home / "received")
        self.logs = {"postern": self.postern.output,
                     "postfix": self.postfix.log}
        self.verifier = None
        self.dns_port = self.sink_port = 0
        self._servers = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and kind is not SystemExit:
            self.tell_logs()
        self.end()

    def start_network(self):
        """DNS with the demo zone and fresh keys, and the sink."""
        zone = ZONE.read_text("utf-8")
        (self.home / "keys").mkdir(mode=0o700)
        for selector, make in (("rsa", make_rsa), ("ed", make_ed25519)):
            record = zone_text(make(self.home / f"keys/{selector}.pem"))
            for domain in DOMAINS:
                zone += f"\n{selector}._domainkey.{domain} TXT {record}\n"
        (self.home / "zone").write_text(zone, encoding="utf-8")
        self.dns_port = self._serve("dns_server.py", "--zone",
                                    self.home / "zone")
        self.sink_port = self._serve("sink.py", "--store",
                                     self.home / "received")
        self.verifier = Verifier(self.dns_port)

    def _serve(self, script, *arguments):
        process, port = start_server(script, arguments, self.home / "servers")
        self._servers.append(process.pid)
        return port

    def configure_postern(self, extra="", mode="enforce"):
        keys = "\n".join(
            f'  {{ selector = "{s}", file = "{self.home}/keys/{s}.pem" }},'
            for s in ("rsa", "ed"))
        signing = "".join(
            f'[signing.domains."{domain}"]\nkeys = [\n{keys}\n]\n'
            for domain in DOMAINS)
        self.postern.configure(
            mode=mode, hostname=HOSTNAME, egress=EGRESS,
            dns_port=self.dns_port,
            reinject_port=self.postfix.reinject_port, extra=signing + extra)

    def start(self, extra="", mode="enforce"):
        """Everything, Postern before the MTA that needs it."""
        self.start_network()
        self.configure_postern(extra, mode)
        self.postern.start()
        self.postfix.configure(self.sink_port)
        self.postfix.start()

    def tell_logs(self):
        """The end of every log, for whoever looks for the cause."""
        for what, log in self.logs.items():
            print(f"--- the end of the log of {what}", file=sys.stderr)
            print("\n".join(log().splitlines()[-40:]), file=sys.stderr)

    def pids(self):
        pids = [self.postfix.pid()] + self._servers
        if self.postern.process is not None:
            pids.insert(1, self.postern.process.pid)
        return [pid for pid in pids if pid]

    def leave_up(self):
        """Keeps everything; end_kept() ends it later."""
        (self.home / "pids").write_text(json.dumps(self.pids()), "utf-8")

    def end(self):
        """The MTA first, so that it does not miss the others."""
        self.postfix.stop()
        self.postern.stop()
        for pid in self._servers:
            end(pid)
        shutil.rmtree(self.home, ignore_errors=True)


def end_kept(home):
    """Ends what leave_up() left in `home`; False when there is nothing."""
    home = pathlib.Path(home)
    if not (home / "pids").exists():
        return False
    for pid in json.loads((home / "pids").read_text("utf-8")):
        if _is_ours(pid, home):
            end(pid)
    shutil.rmtree(home, ignore_errors=True)
    return True


def _is_ours(pid, home):
    """A pid may have been given to another process since."""
    try:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        folder = os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return False
    return str(home).encode() in words or folder.startswith(str(home))
