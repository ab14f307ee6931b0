"""A private Sendmail on loopback, from packages unpacked beside Postfix.

It takes the milter line from conf/sendmail.mc.snippet, with the socket of the
scene in place of /run/postern/postern.sock, and sends everything to one sink.
Its home must lie below folders that only root may write (not /tmp), or
Sendmail refuses to start; a refusal is an error with what it said.
SPDX-License-Identifier: Apache-2.0
"""
import os
import pathlib
import smtplib
import socket
import subprocess

from process import HERE, SOURCE, end, free_port, run, wait_until

ROOT = SOURCE / "build/sendmail"
BINARY = ROOT / "usr/libexec/sendmail/sendmail"
MACROS = ROOT / "usr/share/sendmail/cf"

SENDMAIL_MC = """\
divert(0)dnl
VERSIONID(`private')
OSTYPE(`linux')dnl
define(`MAIL_SETTINGS_DIR', `{home}/')dnl
define(`QUEUE_DIR', `{home}/mqueue')dnl
define(`STATUS_FILE', `{home}/statistics')dnl
define(`HELP_FILE', `{home}/helpfile')dnl
define(`ALIAS_FILE', `{home}/aliases')dnl
define(`confPID_FILE', `{home}/pid')dnl
define(`confCW_FILE', `-o {home}/local-host-names')dnl
define(`confCT_FILE', `-o {home}/trusted-users')dnl
define(`confSERVICE_SWITCH_FILE', `{home}/service.switch')dnl
define(`confDOMAIN_NAME', `{hostname}')dnl
define(`confTO_IDENT', `0')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confMILTER_LOG_LEVEL', `14')dnl
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {sink_port}')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={port}')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`mailertable', `text -k0 -v1 -o {home}/mailertable')dnl
{snippet}{more}MAILER(`smtp')dnl
{rules}"""


def write_cf(path, macros):
    """What m4 makes of them; they stand beside it."""
    path.with_suffix(".mc").write_text(macros, encoding="utf-8")
    path.write_bytes(run(["m4", f"-D_CF_DIR_={MACROS}/", MACROS / "m4/cf.m4",
                          path.with_suffix(".mc")], cwd=MACROS))


class Sendmail:
    def __init__(self, home, hostname, milter_socket):
        self.home = pathlib.Path(home)
        self.hostname = hostname
        self.milter_socket = milter_socket
        self.port = free_port()
        (self.home / "mqueue").mkdir(parents=True, mode=0o700)

    def configure(self, sink_port, routes=None, more="", rules=""):
        """`routes`: domain to (mailer, port), for others than the sink; each
        mailer has one port. `more` is further lines of sendmail.mc, `rules`
        those after its mailers."""
        routes = routes or {}
        snippet = (SOURCE / "conf/sendmail.mc.snippet").read_text("utf-8")
        snippet = snippet.replace("/run/postern/postern.sock",
                                  str(self.milter_socket))
        for mailer, port in routes.values():
            more += (f"define(`{mailer.upper()}_MAILER_ARGS', "
                     f"`TCP $h {port}')dnl\n")
        table = "".join(f"{domain}\t{mailer}:[127.0.0.1]\n"
                        for domain, (mailer, _) in routes.items())
        for name, text in (("aliases", ""), ("statistics", ""),
                           ("mailertable", table),
                           ("service.switch", "hosts files\naliases files\n")):
            (self.home / name).write_text(text, encoding="utf-8")
        write_cf(self.home / "sendmail.cf", SENDMAIL_MC.format(
            home=self.home, hostname=self.hostname, sink_port=sink_port,
            port=self.port, snippet=snippet, more=more, rules=rules))
        run(["cc", "-shared", "-fPIC", "-O1", "-o", self.home / "shim.so",
             HERE / "sendmail_shim.c"])

    def start(self):
        # Set-id programs are not preloaded into; the copy is root's own.
        run(["install", "-m", "0755", BINARY, self.home / "sendmail"])
        done = subprocess.run(
            self.command("-bd", "-q1s"), env=self.environment(),
            stdin=subprocess.DEVNULL, timeout=60, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(done.stdout.decode("utf-8", "replace"))
        wait_until(self._listens, 20, "Sendmail listens")

    def command(self, *words, config=None):
        """To be run in environment(), once start() has put it there."""
        config = config or self.home / "sendmail.cf"
        return [str(self.home / "sendmail"), f"-C{config}", *words]

    def environment(self, log=None):
        return dict(os.environ, LD_PRELOAD=str(self.home / "shim.so"),
                    SENDMAIL_LOG=str(log or self.home / "log"),
                    SENDMAIL_HOST=self.hostname)

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        try:
            pid = int((self.home / "pid").read_text("ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return
        end(pid)

    def log(self):
        try:
            return (self.home / "log").read_text("utf-8", "replace")
        except OSError:
            return ""

    def relay(self):
        return smtplib.SMTP("127.0.0.1", self.port, "client.example",
                            timeout=60)
