#!/usr/bin/python3
"""Signatures that survive the MTA: every shape of survival_shapes through a
real Postfix and a real Sendmail, to next hops with and without 8BITMIME. Each
copy either arrives with all our signatures valid for dkimpy, or was knowingly
held, refused, left unsigned for a reason in the log, or returned by the MTA.
None is broken, none is lost. Prints the matrix.

SPDX-License-Identifier: Apache-2.0
"""
import collections
import os
import pathlib
import smtplib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))

from mailbox import Answer, Mailbox, submit
from process import wait_until
from scene import HOSTNAME
from sendmail import Sendmail
from stage import StageTest
from survival_shapes import SHAPES

SENDER = "alice@post.example"
DOMAIN = "post.example"
OURS = [(DOMAIN, "ed25519-sha256", "pass"), (DOMAIN, "rsa-sha256", "pass")]
EIGHT, SEVEN = "gmail-user.example", "selfhost.example"
# For whoever looks for a cause: the names of the shapes to send, and a folder
# for what arrives.
ONLY = os.environ.get("SURVIVAL_ONLY", "").split()
KEEP = os.environ.get("SURVIVAL_KEEP", "")
OUTCOMES = ("signed", "unsigned", "held", "refused", "returned", "broken",
            "lost")
KEEPS_BODY = "[signing]\nmta_keeps_body = true\n"


def shapes():
    return [s for s in SHAPES if not ONLY or s.name in ONLY]


class Survival(StageTest):
    """One MTA in one mode; a subclass says which."""
    mode = "enforce"
    postern = ""  # more TOML
    least_signed = 0  # of the copies of all shapes

    @classmethod
    def start(cls):
        scene = cls.scene
        scene.start_network()
        cls.seven_port = scene._serve("sink.py", "--store",
                                      scene.home / "received7", "--without",
                                      "8BITMIME", "--without", "SMTPUTF8")
        cls.start_mta()

    @classmethod
    def start_postern(cls):
        cls.scene.configure_postern(cls.postern, cls.mode)
        cls.scene.postern.start()

    def rcpts(self, shape):
        return [f"{shape.name}@{domain}" for domain in self.domains]

    def test_matrix(self):
        answers, session = {}, None
        for shape in shapes():
            if session is None:
                session = self.open()
            answers[shape.name] = self.submit(session, shape)
            if answers[shape.name] is None or answers[
                    shape.name].code == 421:
                session = None
        if session is not None:
            session.quit()
        self.outcomes = self.judge_all(answers)
        self.tell()
        bad = {key: why for key, (what, why) in self.outcomes.items()
               if what in ("broken", "lost")}
        self.assertEqual(bad, {})
        if not ONLY:
            self.assertGreaterEqual(self.count()["signed"], self.least_signed)

    def submit(self, session, shape):
        """None: the MTA has closed the session without a word."""
        session.ehlo_or_helo_if_needed()
        try:
            return submit(session, SENDER, self.rcpts(shape), shape.octets,
                          shape.options)
        except smtplib.SMTPNotSupportedError as error:
            return Answer(555, str(error), "mail")
        except OSError:
            return None

    def judge_all(self, answers):
        """(shape, domain) to (outcome, why)."""
        waiting, outcomes = {}, {}
        held = {}
        for shape in shapes():
            answer = answers[shape.name]
            for rcpt in self.rcpts(shape):
                key = (shape.name, rcpt.split("@")[1])
                if answer is None or answer.code != 250:
                    why = "closed" if answer is None else (
                        f"{answer.code} {answer.text}")
                    outcomes[key] = ("refused", why)
                else:
                    line = self.scene.postern.log_line(answer.queue_id)
                    waiting[key] = (rcpt, line)
                    if line.get("held"):
                        held[line["held"]] = ""
        if held:
            held = {hold["id"]: str(hold["recipients"])
                    for hold in self.scene.postern.held()}
        expected = {key: (rcpt, line) for key, (rcpt, line) in waiting.items()
                    if rcpt not in held.get(line.get("held"), "")}
        arrived = self.wait_for({rcpt for rcpt, _ in expected.values()})
        for key, (rcpt, line) in waiting.items():
            if key not in expected:
                outcomes[key] = ("held", line["findings"])
            elif rcpt not in arrived and self.is_returned(rcpt):
                outcomes[key] = ("returned", "by the MTA, to its sender")
            else:
                outcomes[key] = self.judge(arrived.get(rcpt, []), line)
        return outcomes

    def wait_for(self, rcpts):
        def found():
            by_rcpt = collections.defaultdict(list)
            for folder in ("received", "received7"):
                for message in Mailbox(self.scene.home / folder).all():
                    for rcpt in message.rcpt_to:
                        by_rcpt[rcpt].append(message)
            return by_rcpt

        def is_settled():
            missing = rcpts - set(found())
            return all(self.is_returned(rcpt) for rcpt in missing)
        try:
            wait_until(is_settled, 60, "all have arrived")
        except TimeoutError:
            pass  # told as lost
        return found()

    def judge(self, messages, line):
        if len(messages) != 1:
            return "lost", f"{len(messages)} copies, {line}"
        octets = messages[0].octets
        if KEEP:
            pathlib.Path(KEEP, messages[0].rcpt_to[0]).write_bytes(octets)
        ours = sorted(s for s in self.scene.verifier.signatures(octets)
                      if s[0] == DOMAIN)
        if ours == OURS:
            return "signed", line["findings"]
        is_told = line.get("unsigned") and line["findings"] != "-"
        if not ours and is_told:
            return "unsigned", line["unsigned"]
        return "broken", f"{ours} {line}"

    def count(self):
        return collections.Counter(what for what, _ in self.outcomes.values())

    def tell(self):
        for domain in self.domains:
            counts = collections.Counter(
                what for (_, d), (what, _) in self.outcomes.items()
                if d == domain)
            print(f"{type(self).__name__} {self.ways[domain]}: "
                  f"{len(shapes())} shapes, " + ", ".join(
                      f"{counts[what]} {what}" for what in OUTCOMES))
        for (name, domain), (what, why) in sorted(self.outcomes.items()):
            if what != "signed":
                print(f"  {what:8} {name} at {domain}: {why[:300]}")


class OnPostfix(Survival):
    domains = (EIGHT, SEVEN)
    least_signed = 374
    ways = {EIGHT: "smtp, 8BITMIME", SEVEN: "smtp, no 8BITMIME"}
    more = ""

    @classmethod
    def start_mta(cls):
        cls.start_postern()
        cls.scene.postfix.configure(cls.scene.sink_port, more=(
            f"transport_maps = inline:{{ {{ {SEVEN} = "
            f"smtp:[127.0.0.1]:{cls.seven_port} }} }}\n" + cls.more))
        cls.scene.postfix.start()

    def open(self):
        return self.scene.postfix.relay()


    def is_returned(self, rcpt):
        return any(f"to=<{rcpt}>" in line and "status=bounced" in line
                   for line in self.scene.postfix.log().splitlines())


class OnPostfixObserving(OnPostfix):
    mode = "observe"
    least_signed = 322


class OnPostfixKeepingBodies(OnPostfixObserving):
    """As conf/main.cf.snippet advises."""
    least_signed = 381
    postern = KEEPS_BODY
    more = "disable_mime_output_conversion = yes\nsmtp_line_length_limit = 0\n"


class OnSendmail(Survival):
    # Sendmail starts only below folders that others cannot write.
    parent = "/var/lib"
    mailers = ("esmtp", "smtp")
    least_signed = 542
    RELAY = "gmx-user.example"
    domains = (EIGHT, SEVEN, RELAY)
    ways = {EIGHT: "esmtp, 8BITMIME", SEVEN: "smtp, no 8BITMIME",
            RELAY: "relay, 8BITMIME"}
    more = ""

    @classmethod
    def start_mta(cls):
        scene = cls.scene
        folder = scene.home / "socket"
        folder.mkdir(mode=0o750)
        scene.postern.socket = folder / "postern.sock"
        cls.start_postern()
        cls.sendmail = Sendmail(scene.home / "sendmail", HOSTNAME,
                                scene.postern.socket)
        cls.addClassCleanup(cls.sendmail.stop)
        cls.sendmail.configure(
            scene.sink_port, {EIGHT: (cls.mailers[0], scene.sink_port),
                              SEVEN: (cls.mailers[1], cls.seven_port)},
            cls.more)
        cls.sendmail.start()

    def open(self):
        return self.sendmail.relay()


    def is_returned(self, rcpt):
        return any(f"to=<{rcpt}>" in line and "stat=User unknown" in line
                   for line in self.sendmail.log().splitlines())


class OnSendmailObserving(OnSendmail):
    mode = "observe"
    least_signed = 339


class OnSendmailKeepingBodies(OnSendmailObserving):
    """As conf/sendmail.mc.snippet advises."""
    least_signed = 438
    postern = KEEPS_BODY
    more = ("define(`confEIGHT_BIT_HANDLING', `pass8')dnl\n"
            "define(`SMTP_MAILER_FLAGS', `8')dnl\n"
            "define(`SMTP_MAILER_LL', `0')dnl\n"
            "define(`RELAY_MAILER_LL', `0')dnl\n")


del Survival  # it is no test of its own

if __name__ == "__main__":
    unittest.main()
