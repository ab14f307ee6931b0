"""Who hands mail to a private Sendmail besides relays: who logs in, and
programs of this host.

SPDX-License-Identifier: Apache-2.0
"""
import glob
import shutil
import smtplib
import subprocess

from postfix import LOGIN, OTHER_LOGIN, PASSWORD, SASL
from process import end, free_port, run
from sendmail import write_cf

# E sets a variable of Sendmail's own environment: libsasl2 looks there for
# Sendmail.conf.
LOGINS_MC = """\
define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl
TRUST_AUTH_MECH(`PLAIN LOGIN')dnl
DAEMON_OPTIONS(`Name=MSA, Family=inet, Addr=127.0.0.1, Port={port}, M=Ea')dnl
LOCAL_CONFIG
ESASL_CONF_PATH={home}/etc
"""

SUBMIT_MC = """\
divert(0)dnl
VERSIONID(`private')
OSTYPE(`linux')dnl
define(`confCF_VERSION', `Submit')dnl
define(`MSP_QUEUE_DIR', `{folder}/queue')dnl
define(`STATUS_FILE', `{folder}/none')dnl
define(`confPID_FILE', `{folder}/pid')dnl
define(`confSERVICE_SWITCH_FILE', `{home}/service.switch')dnl
define(`confDOMAIN_NAME', `{hostname}')dnl
define(`confRUN_AS_USER', `{user}:{user}')dnl
define(`confTO_IDENT', `0')dnl
define(`confLOG_LEVEL', `14')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {port}')dnl
{more}FEATURE(`msp', `[127.0.0.1]')dnl
"""

# As conf/sendmail.mc.snippet says it.
AUTHINFO_MC = """\
define(`confAUTH_MECHANISMS', `PLAIN')dnl
FEATURE(`authinfo', `text -k0 -v1 -z\\t {folder}/authinfo')dnl
"""

USER = "mail"  # whom sendmail(1) becomes; Debian's smmsp is not installed
LOCAL_LOGIN = "programs"
TAGGED_LOGIN = "carol+shop"


def missing():
    """The Debian packages that logins need and that are not there."""
    found = {"sasl2-bin": shutil.which("saslpasswd2"),
             "libsasl2-modules": glob.glob("/usr/lib/*/sasl2/libplain.so")}
    return [package for package, there in found.items() if not there]


class Logins:
    """A port of Sendmail's for those who log in, and their passwords."""

    def __init__(self, sendmail):
        self.port = free_port()
        self._realm = sendmail.hostname
        folder = sendmail.home / "etc"
        folder.mkdir()
        self.macros = LOGINS_MC.format(home=sendmail.home, port=self.port)
        (folder / "Sendmail.conf").write_text(
            SASL.format(home=sendmail.home), encoding="utf-8")
        for login in (LOGIN, OTHER_LOGIN, LOCAL_LOGIN, TAGGED_LOGIN):
            run(["saslpasswd2", "-p", "-c", "-f", folder / "sasldb2", "-u",
                 self._realm, login], input=PASSWORD.encode())
        (folder / "sasldb2").chmod(0o600)

    def name(self, login):
        """What Sendmail calls it."""
        return f"{login}@{self._realm}"

    def session(self, login=LOGIN):
        session = smtplib.SMTP("127.0.0.1", self.port, "laptop.example",
                               timeout=60)
        session.login(self.name(login), PASSWORD)
        return session


class Programs:
    """sendmail(1): it has a queue of its own and hands on by SMTP."""

    def __init__(self, sendmail, port, login=None):
        """`login`: what it logs in as, at a port where one must."""
        self._sendmail = sendmail
        folder = sendmail.home / f"programs-{login}"
        self._config = folder / "submit.cf"
        self._queue = folder / "queue"
        self._log = folder / "log"
        self._queue.mkdir(parents=True)
        self._log.touch()
        words = {"folder": folder, "home": sendmail.home, "port": port,
                 "hostname": sendmail.hostname, "user": USER}
        write_cf(self._config, SUBMIT_MC.format(
            more=AUTHINFO_MC.format(**words) if login else "", **words))
        authinfo = folder / "authinfo"
        authinfo.touch(0o600)
        authinfo.write_text(f'AuthInfo:\t"U:{login}" "P:{PASSWORD}" '
                            '"M:PLAIN"\n', encoding="utf-8")
        for path in (self._queue, self._log, authinfo):
            shutil.chown(path, USER, USER)
        self._queue.chmod(0o770)

    def send(self, sender, recipients, octets):
        self._run("-i", "-f", sender, *recipients,
                  input=octets.replace(b"\r\n", b"\n"))

    def run_queue(self):
        """To its end."""
        self._run("-qf")

    def queue(self):
        """How many messages are in the queue."""
        return len(list(self._queue.glob("qf*")))

    def _run(self, *words, **options):
        run(self._sendmail.command(*words, config=self._config),
            env=self._sendmail.environment(self._log), **options)


class _Pipes:
    """A program spoken to through its standard input and output, in place of
    the socket of smtplib."""

    def __init__(self, command, environment):
        self._process = subprocess.Popen(command, env=environment,
                                         stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)

    def sendall(self, octets):
        self._process.stdin.write(octets)
        self._process.stdin.flush()

    def makefile(self, mode):
        del mode
        return self._process.stdout

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(20)
        finally:
            end(self._process.pid)


def pipe_session(sendmail):
    """A session with `sendmail -bs -Am`, as a program of root's may have it."""
    session = smtplib.SMTP(local_hostname="localhost")
    session.sock = _Pipes(sendmail.command("-bs"), sendmail.environment())
    session.getreply()
    return session
