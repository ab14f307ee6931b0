#!/usr/bin/python3
"""postern doctor: a clean set-up has no fault, and each broken one shows its
own. DNS is a zone file, Postfix a configuration folder that is only read.

SPDX-License-Identifier: Apache-2.0
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from daemon import program
from keys import make_ed25519, make_rsa, zone_text
from process import SOURCE

ZONE = """\
org NS ns.example.org
example.org MX 10 mail.example.org
example.org TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc.example.org TXT "v=DMARC1; p=reject; rua=mailto:d@example.org"
mail.example.org A 192.0.2.10
mail.example.org TXT "v=spf1 a -all"
10.2.0.192.in-addr.arpa PTR mail.example.org
2.0.0.127.zen.spamhaus.org A 127.0.0.2
2.0.0.127.bl.spamcop.net A 127.0.0.2
2.0.0.127.psbl.surriel.com A 127.0.0.2
2.0.0.127.dnsbl-1.uceprotect.net A 127.0.0.2
dbltest.com.dbl.spamhaus.org A 127.0.1.2
"""

CONFIG = """\
mode = "enforce"
hostname = "mail.example.org"
state_directory = "{home}/state"
[milter]
socket = "unix:{home}/spool/postern/postern.sock"
[egress.main]
addresses = ["192.0.2.10"]
helo_name = "mail.example.org"
[signing.domains."example.org"]
keys = [{{ selector = "rsa", file = "{home}/rsa.pem" }},
        {{ selector = "ed", file = "{home}/ed.pem" }}]
"""

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {home}/spool
myhostname = mail.example.org
smtp_tls_security_level = may
"""

MASTER_CF = """\
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
"""

SENDMAIL_CF = """\
O InputMailFilters=postern
O EightBitMode=pass8
DM
Xpostern, S=local:{home}/spool/postern/postern.sock, F=T, T=C:10s;S:30s;R:60s;E:4m
"""


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="postern-doctor.")))
        (cls.home / "state").mkdir(mode=0o700)
        (cls.home / "spool/postern").mkdir(parents=True)
        cls.records = {
            "rsa": make_rsa(cls.home / "rsa.pem"),
            "ed": make_ed25519(cls.home / "ed.pem")}
        cls.zone = ZONE + "".join(
            f"{selector}._domainkey.example.org TXT {zone_text(value)}\n"
            for selector, value in cls.records.items())

    def setUp(self):
        self.postfix = self.home / "postfix"
        shutil.rmtree(self.postfix, ignore_errors=True)
        self.postfix.mkdir()
        self.write_postfix()

    def write_postfix(self, more="", master=MASTER_CF):
        snippet = (SOURCE / "conf/main.cf.snippet").read_text("utf-8")
        (self.postfix / "main.cf").write_text(
            MAIN_CF.format(home=self.home) + snippet + more, "utf-8")
        (self.postfix / "master.cf").write_text(master, "utf-8")

    def examine(self, zone=None, config=None, mta=()):
        """(exit status, findings) of `postern doctor --json`."""
        zone_file = self.home / "zone"
        zone_file.write_text(self.zone if zone is None else zone, "utf-8")
        config_file = self.home / "postern.toml"
        config_file.write_text(
            (CONFIG if config is None else config).replace(
                "{home}", str(self.home)).replace("{{", "{").replace(
                    "}}", "}"), "utf-8")
        done = subprocess.run(
            [program(), "doctor", "--json", "--config", config_file, "--dns",
             zone_file, *(mta or ("--postfix", self.postfix))],
            capture_output=True, text=True, timeout=120, check=False)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        for line in found:
            self.assertEqual(list(line), ["what", "subject", "outcome",
                                          "detail", "fix"])
            self.assertEqual(line["outcome"] == "ok", line["fix"] == "", line)
        return done.returncode, found

    def without(self, *words):
        """The clean zone without the lines that begin with these words."""
        return "".join(line for line in self.zone.splitlines(True)
                       if not line.startswith(words))

    def assert_found(self, examined, what, outcome, words="", subject=""):
        """The one fault is there, and the exit status says so."""
        status, found = examined
        faults = [f for f in found if f["what"] == what
                  and f["outcome"] == outcome and subject in f["subject"]]
        self.assertTrue(faults, [f for f in found if f["outcome"] != "ok"])
        self.assertTrue(any(words in f["detail"] + f["fix"] for f in faults),
                        faults)
        others = {f["outcome"] for f in found}
        wanted = 1 if "fail" in others else 2 if "unknown" in others else 0
        self.assertEqual(status, wanted)

    def test_a_clean_set_up_has_no_fault(self):
        status, found = self.examine()
        self.assertEqual(
            [f for f in found if f["outcome"] in ("fail", "unknown")], [])
        # What a folder of files cannot have: a service, a kept clock.
        self.assertLessEqual(
            {f["what"] for f in found if f["outcome"] == "warn"},
            {"socket", "clock", "free-space", "resolver-public"})
        self.assertEqual(status, 0)
        for what in ("configuration", "resolver", "key-file", "dkim-key",
                     "spf", "spf-helo", "dmarc", "mail-domain", "ptr", "helo",
                     "blocklist", "postfix", "state-directory"):
            self.assertIn(what, {f["what"] for f in found})

    def test_every_fault_of_the_configuration(self):
        config = CONFIG.replace('mode = "enforce"', 'mode = "enforced"')
        status, found = self.examine(config=config + "nonsense = 1\n")
        self.assertEqual(status, 1)
        self.assertEqual([f["what"] for f in found], ["configuration"] * 2)
        os.remove(self.home / "postern.toml")
        done = subprocess.run(
            [program(), "doctor", "--config", self.home / "postern.toml"],
            capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 1)

    def test_keys(self):
        cases = (("rsa._domainkey.example.org", "", "fail", "not published"),
                 ("rsa._domainkey.example.org", "TXT \"v=DKIM1; p=\"", "fail",
                  "revoked"),
                 ("rsa._domainkey.example.org", "TXT \"v=DKIM1; p=AAAA\"",
                  "fail", "another key"),
                 ("rsa._domainkey.example.org", "TXT \"v=DKIM1; p\"", "fail",
                  "no key record"),
                 ("rsa._domainkey.example.org", "TXT TEMPERROR", "unknown",
                  "did not answer"))
        for name, value, outcome, words in cases:
            zone = self.without(name) + (f"{name} {value}\n" if value else "")
            with self.subTest(words):
                self.assert_found(self.examine(zone), "dkim-key", outcome,
                                  words, name)
        _, found = self.examine(self.without("ed._domainkey"))
        fix = next(f["fix"] for f in found if f["outcome"] == "fail")
        self.assertIn(self.records["ed"], fix)
        testing = self.zone.replace("v=DKIM1; k=ed25519;",
                                    "v=DKIM1; t=y; k=ed25519;")
        self.assert_found(self.examine(testing), "dkim-testing", "warn", "t=y")

    def test_key_files(self):
        key = self.home / "rsa.pem"
        try:
            key.chmod(0o644)
            self.assert_found(self.examine(), "key-file", "fail", "chmod 640")
        finally:
            key.chmod(0o600)
        config = CONFIG.replace("rsa.pem", "gone.pem")
        self.assert_found(self.examine(config=config), "key-file", "fail",
                          "gone.pem")

    def test_spf(self):
        cases = (("TXT \"v=spf1 ip4:198.51.100.1 -all\"", "fail",
                  "v=spf1 ip4:198.51.100.1 ip4:192.0.2.10 -all"),
                 ("TXT \"other\"", "fail", "v=spf1 ip4:192.0.2.10 ~all"),
                 ("TXT \"v=spf1 include:gone.example -all\"", "fail",
                  "permerror"),
                 ("TXT TEMPERROR", "unknown", "temperror"))
        for record, outcome, words in cases:
            zone = self.without("example.org TXT") + f"example.org {record}\n"
            with self.subTest(record):
                self.assert_found(self.examine(zone), "spf", outcome, words)

    def test_spf_of_a_second_egress(self):
        config = CONFIG.replace('["192.0.2.10"]', '["192.0.2.10", "2001:db8::1"]')
        self.assert_found(self.examine(config=config), "spf", "fail",
                          "ip6:2001:db8::1", "2001:db8::1")

    def test_dmarc(self):
        cases = (("", "fail", "no record"),
                 ("TXT \"v=DMARC1; p=reject; t=y\"", "warn", "t=y"),
                 ("TXT TEMPERROR", "unknown", "did not answer"))
        for record, outcome, words in cases:
            zone = self.without("_dmarc.")
            zone += f"_dmarc.example.org {record}\n" if record else ""
            with self.subTest(record):
                self.assert_found(self.examine(zone), "dmarc", outcome, words)

    def test_mail_for_our_domains(self):
        zone = self.without("example.org MX")
        self.assert_found(self.examine(zone), "mail-domain", "fail", "MX 10")
        self.assert_found(self.examine(zone + "example.org MX 0 .\n"),
                          "mail-domain", "fail", "null MX")
        config = CONFIG + '[sender]\nbounce_domain = "b.example.org"\n'
        self.assert_found(self.examine(config=config), "bounce-domain", "fail",
                          "no such domain")

    def test_ptr_and_ehlo_name(self):
        ptr = "10.2.0.192.in-addr.arpa"
        zone = self.without(ptr)
        self.assert_found(self.examine(zone), "ptr", "fail",
                          f"{ptr}. PTR mail.example.org.")
        self.assert_found(self.examine(zone + f"{ptr} PTR TEMPERROR\n"), "ptr",
                          "unknown")
        self.assert_found(self.examine(zone + f"{ptr} PTR gone.example\n"),
                          "ptr", "fail", "lead back")
        other = f"{ptr} PTR ip192-0-2-10.dsl.isp.example\n" \
                "ip192-0-2-10.dsl.isp.example A 192.0.2.10\n"
        examined = self.examine(zone + other)
        self.assert_found(examined, "ptr-generic", "warn", "generated")
        self.assert_found(examined, "helo-ptr", "warn")
        for name, words in (("gone.example.org", "neither A nor AAAA"),
                            ("mail", "fully qualified"),
                            ("localhost", "machine itself")):
            config = CONFIG.replace('helo_name = "mail.example.org"',
                                    f'helo_name = "{name}"')
            with self.subTest(name):
                self.assert_found(self.examine(config=config), "helo", "fail",
                                  words)

    def test_blocklists(self):
        ours = "10.2.0.192.zen.spamhaus.org A "
        self.assert_found(self.examine(self.zone + ours + "127.0.0.4\n"),
                          "blocklist", "fail", "127.0.0.4 XBL")
        self.assert_found(self.examine(self.zone + ours + "127.0.0.11\n"),
                          "blocklist", "fail", "provider's mail server")
        for code in ("127.255.255.254", "127.255.255.255"):
            examined = self.examine(self.zone + ours + code + "\n")
            self.assert_found(examined, "blocklist", "unknown", code)
            self.assertEqual(examined[0], 2)
        hidden = self.without("2.0.0.127.zen")
        self.assert_found(self.examine(hidden), "blocklist", "warn",
                          "cannot be asked here", "zen.spamhaus.org")
        everything = self.zone + "1.0.0.127.bl.spamcop.net A 127.0.0.2\n"
        self.assert_found(self.examine(everything), "blocklist", "warn",
                          "never listed", "bl.spamcop.net")
        listed = self.zone + "mail.example.org.dbl.spamhaus.org A 127.0.1.2\n"
        self.assert_found(self.examine(listed), "blocklist", "fail",
                          "127.0.1.2 spam", "mail.example.org")
        off = CONFIG + "[egress_check]\nblocklists = false\n"
        _, found = self.examine(config=off)
        self.assertNotIn("blocklist", {f["what"] for f in found})

    def test_a_silent_resolver_is_not_a_fault(self):
        names = {line.split()[0] for line in self.zone.splitlines()}
        zone = "".join(f"{name} TEMPERROR\n" for name in names)
        status, found = self.examine(zone)
        self.assertEqual([f for f in found if f["outcome"] == "fail"], [])
        self.assertEqual(status, 2)

    def test_no_egress(self):
        config = "".join(part for part in CONFIG.split("[egress.main]", 1)[0])
        self.assert_found(self.examine(config=config), "egress", "fail",
                          "addresses = ")

    def test_postfix(self):
        cases = (("smtp_generic_maps = hash:/x", "smtp_generic_maps", "fail"),
                 ("smtpd_milters =", "smtpd_milters", "fail"),
                 ("smtpd_milters = unix:postern/postern.sock inet:127.0.0.1:9",
                  "smtpd_milters", "fail"),
                 ("smtpd_milters = {unix:postern/postern.sock, "
                  "default_action=accept}", "smtpd_milters", "fail"),
                 ("smtpd_milters = unix:postern/postern.sock\n"
                  "milter_default_action = quarantine", "smtpd_milters",
                  "warn"),
                 ("non_smtpd_milters =", "non_smtpd_milters", "warn"),
                 ("internal_mail_filter_classes =",
                  "internal_mail_filter_classes", "warn"),
                 ("enable_long_queue_ids = no", "enable_long_queue_ids",
                  "warn"),
                 ("content_filter = smtp:127.0.0.1:10024", "content_filter",
                  "warn"),
                 ("smtp_header_checks = regexp:/x", "smtp_header_checks",
                  "warn"),
                 ("milter_protocol = 2", "milter_protocol", "fail"),
                 ("milter_content_timeout = 20s", "milter_content_timeout",
                  "fail"),
                 ("smtp_tls_security_level = none", "smtp_tls_security_level",
                  "fail"),
                 ("smtp_helo_name = other.example.org", "smtp_helo_name",
                  "warn"),
                 ("smtp_bind_address = 192.0.2.99", "smtp_bind_address",
                  "fail"))
        for line, subject, outcome in cases:
            self.write_postfix(line + "\n")
            with self.subTest(line):
                self.assert_found(self.examine(), "postfix", outcome, "",
                                  subject)

    def test_tls_that_the_operator_forgot(self):
        self.write_postfix()
        config = CONFIG.replace('helo_name = "mail.example.org"',
                                'helo_name = "mail.example.org"\n'
                                'starttls = false')
        self.assert_found(self.examine(config=config), "postfix", "warn",
                          "starttls is false", "smtp_tls_security_level")

    def test_postfix_services(self):
        self.write_postfix(master=MASTER_CF + "submission inet n - n - - smtpd\n"
                           "  -o smtpd_milters=inet:127.0.0.1:9\n")
        self.assert_found(self.examine(), "postfix", "warn", "without Postern",
                          "submission/inet/smtpd_milters")
        self.assert_found(self.examine(mta=("--postfix", self.home / "no")),
                          "postfix", "fail")

    def test_sendmail(self):
        cases = (("", "", "InputMailFilters", "ok"),
                 ("F=T", "F=", "Xpostern", "fail"),
                 ("E:4m", "E:20s", "Xpostern", "fail"),
                 ("S=local:", "S=local:/other", "sendmail.cf", "fail"),
                 ("Filters=postern", "Filters=", "InputMailFilters", "fail"),
                 ("Filters=postern", "Filters=postern, late",
                  "InputMailFilters", "fail"),
                 ("DM\n", "DMexample.net\n", "MASQUERADE_AS", "fail"),
                 ("DM\n", "DM\nKgenerics hash /x\n", "genericstable", "fail"))
        for old, new, subject, outcome in cases:
            text = SENDMAIL_CF.format(home=self.home).replace(old, new)
            (self.home / "sendmail.cf").write_text(text, "utf-8")
            with self.subTest(new):
                self.assert_found(
                    self.examine(mta=("--sendmail", self.home / "sendmail.cf")),
                    "sendmail", outcome, "", subject)

    def test_state_directory(self):
        state = self.home / "state"
        try:
            state.chmod(0o755)
            self.assert_found(self.examine(), "state-directory", "warn",
                              "chmod 0700")
        finally:
            state.chmod(0o700)
        config = CONFIG.replace("{home}/state", "{home}/none")
        self.assert_found(self.examine(config=config), "state-directory",
                          "warn", "install -d")

    def test_the_table_fits_a_terminal(self):
        self.examine(self.without("10.2.0.192.in-addr.arpa"))
        done = subprocess.run(
            [program(), "doctor", "--config", self.home / "postern.toml",
             "--dns", self.home / "zone", "--postfix", self.postfix],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAIL  ptr             192.0.2.10", done.stdout)
        for line in done.stdout.splitlines():
            longest = max(map(len, line.split()), default=0)
            self.assertTrue(len(line) <= 80 or longest > 40, line)


if __name__ == "__main__":
    unittest.main()
