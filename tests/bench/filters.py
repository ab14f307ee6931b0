"""The filters that are compared: each starts on a unix socket of its own.

Used as `with Bare(...) as filter:`; leaving the block ends the process that
was started, by its pid. A filter that does not open its socket in time is a
RuntimeError with what it said.
SPDX-License-Identifier: Apache-2.0
"""
import base64
import os
import pathlib
import signal
import socket
import subprocess
import time

START_SECONDS = 30
DOMAIN, SELECTOR = "bench.example", "s1"
HERE = pathlib.Path(__file__).parent


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def make_key(directory):
    """One RSA-2048 key for every filter of a run."""
    path = directory / "key.pem"
    run("openssl", "genrsa", "-out", path, "2048")
    path.chmod(0o600)
    return path


def key_record(key):
    der = run("openssl", "pkey", "-in", key, "-pubout", "-outform", "DER")
    text = "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()
    parts = [text[i:i + 250] for i in range(0, len(text), 250)]
    return " ".join(f'"{part}"' for part in parts)


class Filter:
    """A process with a milter socket."""

    END = signal.SIGTERM

    def __init__(self, name, directory):
        self.name = name
        self.directory = directory / name
        self.directory.mkdir(exist_ok=True)
        self.path = self.directory / "socket"
        self.socket = f"unix:{self.path}"
        self._process = None

    def command(self):
        raise NotImplementedError

    @property
    def pid(self):
        return self._process.pid

    def __enter__(self):
        self._said = open(self.directory / "output", "w+b")
        self._process = subprocess.Popen(
            [str(word) for word in self.command()], stdout=self._said,
            stderr=self._said, stdin=subprocess.DEVNULL)
        self._await_socket()
        return self

    def __exit__(self, *_):
        self._process.send_signal(self.END)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
        self.path.unlink(missing_ok=True)

    def _await_socket(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(os.fspath(self.path)) == 0:
                    return
            time.sleep(0.05)
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")
        self.__exit__()
        raise RuntimeError(f"{self.name} did not start: {said[-2000:]}")


class Bare(Filter):
    """Reads and does nothing; with a key, makes one bare signature."""

    END = signal.SIGKILL  # holds nothing; libmilter takes 5 s to end

    def __init__(self, program, directory, name="nothing", arguments=()):
        super().__init__(name, directory)
        self._command = [program, self.socket, *arguments]

    def command(self):
        return self._command


class Opendkim(Filter):
    """Debian's opendkim, signing only, all of its defaults otherwise."""

    def __init__(self, directory, key):
        super().__init__("opendkim", directory)
        self._key = key

    def command(self):
        hosts = self.directory / "hosts"
        hosts.write_text("192.0.2.0/24\n")
        conf = self.directory / "opendkim.conf"
        conf.write_text(f"""Mode s
Canonicalization relaxed/relaxed
Domain {DOMAIN}
Selector {SELECTOR}
KeyFile {self._key}
Socket local:{self.path}
InternalHosts refile:{hosts}
RequireSafeKeys no
Background no
Syslog no
""")
        return ["/usr/sbin/opendkim", "-f", "-x", conf]


class Postern(Filter):
    """Every check on, enforcing, signing; DNS from the local server."""

    def __init__(self, program, directory, key, dns_port):
        super().__init__("postern", directory)
        self._program = program
        text = (HERE / "postern.toml.in").read_text()
        for name, value in {"SOCKET": self.socket, "KEY": key,
                            "STATE": self.directory / "state",
                            "DNS": f"127.0.0.1@{dns_port}"}.items():
            text = text.replace(f"@{name}@", str(value))
        (self.directory / "state").mkdir(exist_ok=True)
        self._config = self.directory / "postern.toml"
        self._config.write_text(text)

    def command(self):
        return [self._program, "run", "--config", self._config]


class Rspamd(Filter):
    """Debian's rspamd with its milter proxy, signing authenticated mail."""

    def __init__(self, directory, key, dns_port):
        super().__init__("rspamd", directory)
        local = self.directory / "conf"
        local.mkdir(exist_ok=True)
        (local / "rspamd.conf").write_text(
            (HERE / "rspamd.conf.in").read_text()
            .replace("@DIRECTORY@", str(self.directory))
            .replace("@SOCKET@", str(self.path)).replace("@KEY@", str(key))
            .replace("@DNS@", str(dns_port)))

    def command(self):
        return ["/usr/bin/rspamd", "-f", "-i", "-c",
                self.directory / "conf" / "rspamd.conf"]


class Dns:
    """The zone of the bench, with the key of this run, on a free port."""

    def __init__(self, directory, key):
        zone = directory / "zone"
        zone.write_text((HERE / "bench.zone").read_text() +
                        f"{SELECTOR}._domainkey.{DOMAIN} TXT "
                        f"{key_record(key)}\n")
        self._command = ["/usr/bin/python3",
                         HERE.parent / "support" / "dns_server.py",
                         "--zone", zone]

    def __enter__(self):
        self._process = subprocess.Popen(self._command, text=True,
                                         stdout=subprocess.PIPE)
        words = self._process.stdout.readline().split()
        if len(words) != 2:
            raise RuntimeError("the DNS server did not start")
        self.port = int(words[1])
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
