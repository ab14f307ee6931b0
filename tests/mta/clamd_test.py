#!/usr/bin/python3
"""Debian's clamd, started here with a signature of our own, asked by Postern.

SPDX-License-Identifier: Apache-2.0
"""
import base64
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import process  # noqa: E402

POSTERN = os.environ["POSTERN_PROGRAM"]
# Ours alone, so that nothing but clamd can know it.
MARK = b"a signature of Postern's tests\n"
LETTER = """From: Alice <alice@example.org>
To: bob@example.net
Subject: File
Date: Sat, 21 Nov 2026 11:59:00 +0000
Message-ID: <1.2@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: text/plain

Hello
--b1
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="data.bin"
Content-Transfer-Encoding: base64

%s
--b1--
"""


class Clamd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        database = cls.folder / "database"
        database.mkdir()
        digest = hashlib.md5(MARK).hexdigest()
        (database / "ours.hdb").write_text(
            f"{digest}:{len(MARK)}:Postern.Test\n", encoding="ascii")
        cls.socket = cls.folder / "clamd.sock"
        config = cls.folder / "clamd.conf"
        config.write_text(
            f"DatabaseDirectory {database}\nLocalSocket {cls.socket}\n"
            "Foreground yes\nStreamMaxLength 1M\nUser root\n"
            if os.geteuid() == 0 else
            f"DatabaseDirectory {database}\nLocalSocket {cls.socket}\n"
            "Foreground yes\nStreamMaxLength 1M\n", encoding="ascii")
        cls.clamd = subprocess.Popen(
            ["/usr/sbin/clamd", "--config-file", str(config)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process.wait_until(cls.socket.exists, 60, "clamd's socket")

    @classmethod
    def tearDownClass(cls):
        cls.clamd.terminate()
        cls.clamd.wait(20)
        cls.scratch.cleanup()

    def judge(self, content, socket=None):
        """The findings of the check, and the disposition."""
        config = self.folder / "postern.toml"
        config.write_text(
            'mode = "enforce"\nhostname = "mail.example.org"\n'
            f'[clamd]\nsocket = "unix:{socket or self.socket}"\n',
            encoding="ascii")
        letter = self.folder / "letter.eml"
        letter.write_text(LETTER % base64.encodebytes(content).decode(),
                          encoding="ascii")
        zone = self.folder / "zone"
        zone.write_text("example.org MX 10 mx.example.org\n"
                        "example.net MX 10 mx.example.net\n"
                        "mx.example.org A 192.0.2.1\n"
                        "mx.example.net A 192.0.2.2\n", encoding="ascii")
        session = self.folder / "session"
        session.write_text("client 203.0.113.5 client.example\n"
                           "helo client.example\nmail <alice@example.org>\n"
                           "rcpt <bob@example.net>\n", encoding="ascii")
        done = subprocess.run(
            [POSTERN, "check", "--json", "--config", str(config), "--session",
             str(session), "--dns", str(zone), "--now", "2026-11-21T12:00:00Z",
             str(letter)], capture_output=True, text=True, timeout=60,
            check=False)
        result = json.loads(done.stdout)
        return result["disposition"], [
            (f["outcome"], f["detail"]) for f in result["findings"]
            if f["check"] == "malware"]

    def test_what_is_clean_is_not_found(self):
        _, findings = self.judge(b"nothing\n")
        self.assertEqual(findings, [])

    def test_what_is_found_is_refused(self):
        disposition, findings = self.judge(MARK)
        self.assertEqual(disposition, "reject")
        self.assertEqual(len(findings), 1)
        self.assertIn("Postern.Test", findings[0][1])

    def test_what_it_will_not_take_is_unknown(self):
        _, findings = self.judge(os.urandom(2_000_000))
        self.assertEqual([f[0] for f in findings], ["unknown"])

    def test_a_clamd_that_is_not_there_is_unknown(self):
        _, findings = self.judge(MARK, socket=self.folder / "none")
        self.assertEqual([f[0] for f in findings], ["unknown"])


if __name__ == "__main__":
    unittest.main()
