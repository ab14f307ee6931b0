"""A private Postfix on loopback: own configuration, queue, log and ports.

It takes the milter lines from conf/main.cf.snippet as they stand and sends
everything to one sink. Touches nothing below /etc/postfix or
/var/spool/postfix. A Postfix that does not come up is an error with its log.
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import smtplib
import socket
import subprocess

from process import SOURCE, end, free_port, is_alive, run, wait_until

LOGIN, OTHER_LOGIN, PASSWORD = "alice", "bob", "open-sesame"

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = {hostname}
mydomain = {domain}
myorigin = {domain}
mydestination =
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{sink_port}
disable_dns_lookups = yes
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_peername_lookup = no
# Leave Date and Message-ID to Postern also for clients on this machine.
local_header_rewrite_clients =
smtpd_tls_security_level = none
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_sasl_type = cyrus
cyrus_sasl_config_path = {home}/etc/sasl
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
"""

# Three listeners: port 25 for relays, submission with login, and the one that
# takes released mail back. All have the milter.
MASTER_CF = """\
{relay_port} inet n - n - - smtpd
{submission_port} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o milter_macro_daemon_name=ORIGINATING
{reinject_port} inet n - n - - smtpd
pickup unix n - n 5 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

SASL = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {home}/etc/sasldb2
mech_list: PLAIN LOGIN
"""


class Postfix:
    def __init__(self, home, hostname):
        self.home = pathlib.Path(home)
        self.hostname = hostname
        self.relay_port = free_port()
        self.submission_port = free_port()
        self.reinject_port = free_port()
        self.config = self.home / "etc"
        self.extra_main = self.extra_master = ""
        self.milter_socket = self.home / "spool/postern/postern.sock"
        for folder in ("etc/sasl", "spool/postern", "data"):
            (self.home / folder).mkdir(parents=True)
        # Sockets made in here belong to Postfix's group.
        run(["chown", "root:postfix", self.milter_socket.parent])
        self.milter_socket.parent.chmod(0o2750)
        run(["chown", "postfix", self.home / "data"])

    def configure(self, sink_port, more=""):
        """`more` is further lines of main.cf; the last of a name counts."""
        words = {"home": self.home, "hostname": self.hostname,
                 "domain": self.hostname.split(".", 1)[1],
                 "sink_port": sink_port, "relay_port": self.relay_port,
                 "submission_port": self.submission_port,
                 "reinject_port": self.reinject_port}
        snippet = (SOURCE / "conf/main.cf.snippet").read_text("utf-8")
        self._write("main.cf", MAIN_CF.format(**words) + snippet +
                    self.extra_main + more)
        self._write("master.cf", MASTER_CF.format(**words) +
                    self.extra_master)
        self._write("sasl/smtpd.conf", SASL.format(**words))
        passwords = self.config / "sasldb2"
        for login in (LOGIN, OTHER_LOGIN):
            run(["saslpasswd2", "-p", "-c", "-f", passwords, "-u",
                 self.hostname, login], input=PASSWORD.encode())
        run(["chgrp", "postfix", passwords])
        passwords.chmod(0o640)

    def _write(self, name, text):
        (self.config / name).write_text(text, encoding="utf-8")

    def start(self):
        try:
            run(["postfix", "-c", self.config, "start"])
            wait_until(self._listens, 20, "Postfix listens")
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"{error}\n{self.log()}") from error

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.relay_port)).close()
            return True
        except OSError:
            return False

    def pid(self):
        """Of master(8), while it runs."""
        try:
            pid = int((self.home / "spool/pid/master.pid").read_text("ascii"))
        except (OSError, ValueError):
            return None
        return pid if is_alive(pid) else None

    def stop(self):
        pid = self.pid()
        if pid is not None:
            end(pid)

    def log(self):
        try:
            return (self.home / "log").read_text("utf-8", "replace")
        except OSError:
            return ""

    def relay(self):
        """A session at port 25, without login."""
        return smtplib.SMTP("127.0.0.1", self.relay_port, "client.example",
                            timeout=60)

    def submission(self, login=LOGIN):
        """A session with login."""
        session = smtplib.SMTP("127.0.0.1", self.submission_port,
                               "laptop.example", timeout=60)
        session.login(f"{login}@{self.hostname}", PASSWORD)
        return session

    def sendmail(self, sender, recipients, octets):
        """The sendmail(1) command, as a local program calls it."""
        run(["/usr/sbin/sendmail", "-C", self.config, "-i", "-f", sender,
             *recipients], input=octets.replace(b"\r\n", b"\n"))

    def queue(self):
        """How many messages are in the queue."""
        lines = run(["postqueue", "-c", self.config, "-j"]).splitlines()
        return len(lines)

    def flush(self):
        subprocess.run(["postqueue", "-c", str(self.config), "-f"],
                       check=False)
