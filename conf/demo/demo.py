#!/usr/bin/python3
"""demo [--keep] | --stop DIRECTORY: what conf/quickstart shows.

Brings up a scene (DNS, receiver, Postern in mode enforce, Postfix), sends every
kind of message and prints what became of it. Exit status 0 when each is as
the rule base says; 1 names the rows that differ.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tests/support"))

from bursts import bounce, burst
from keep import tell_how_to_go_on
from mailbox import submit
from outcome import Outcome, did, foreseen, signatures
from process import wait_until
from rows import Differs, rows
from scene import Scene, end_kept
from stage import end_on_signals
from table import print_table

SETTINGS = """
# What one login, and what one author domain, may send.
[[limits]]
name = "login"
key = ["login"]
rates = ["3/h"]

[[limits]]
name = "domain"
key = ["author_domain"]
rates = ["20/h"]
"""


def send(scene, row):
    """Sends one row and says what became of it."""
    with scene.postfix.relay() as session:
        answer = submit(session, row.sender, [row.recipient], row.octets)
    judged = scene.postern.judge(
        row.octets, "--client", "127.0.0.1", "--helo", "client.example",
        "--sender", row.sender, "--recipient", row.recipient)
    outcome = Outcome(row.name, did(scene, row, answer), foreseen(judged))
    rules = " ".join(finding["rule"] for finding in judged["findings"]).split()
    if answer.code // 10 != row.code // 10:
        outcome.differ(f"answered {answer.code}, wanted {row.code}")
    if row.enhanced not in answer.text:
        outcome.differ(f"no {row.enhanced} in {answer.text!r}")
    if judged["disposition"] != row.wanted:
        outcome.differ(f"judged {judged['disposition']}, wanted {row.wanted}")
    if row.rule and row.rule not in rules:
        outcome.differ(f"{row.rule} was not found, but {rules}")
    if row.wanted == "hold":
        see_held(scene, row, outcome)
    return outcome


def see_held(scene, row, outcome):
    if any(row.recipient in str(hold) for hold in scene.postern.held()):
        outcome.got = "nothing; it waits"
    else:
        outcome.differ("not in `postern held list`")


def receive(scene, row, outcome):
    """What is at the receiver, once everything has had its time."""
    found = scene.mailbox.to(row.recipient)
    if row.wanted != "accept":
        if found:
            outcome.differ("it was delivered")
        return
    if len(found) != 1:
        outcome.differ(f"delivered {len(found)} times")
        return
    outcome.got = "the message"
    outcome.dkim, verified = signatures(scene, found[0])
    if not verified:
        outcome.differ("the signatures do not verify at the receiver")
    try:
        if row.seen is not None:
            outcome.got = row.seen(found[0])
    except Differs as what:
        outcome.differ(f"the receiver got {what}")


def show(scene):
    """Sends all and prints the table; the rows that differ."""
    scene.start(SETTINGS)
    wanted = rows()
    print(f"sending {len(wanted) + 3} kinds of message", flush=True)
    outcomes = [send(scene, row) for row in wanted]
    for row in wanted:
        if row.wanted == "accept":
            try:
                wait_until(lambda r=row: scene.mailbox.to(r.recipient), 10)
            except TimeoutError:
                pass  # receive() says so
    for row, outcome in zip(wanted, outcomes):
        receive(scene, row, outcome)
    outcomes += [burst(scene, "relay"), burst(scene, "login"), bounce(scene)]
    print_table([outcome.cells() for outcome in outcomes])
    wrong = [outcome for outcome in outcomes if outcome.differs]
    for outcome in wrong:
        print(f"DIFFERS: {outcome.name}: {'; '.join(outcome.differs)}")
    good = len(outcomes) - len(wrong)
    print(f"{good} of {len(outcomes)} as the rule base says.")
    return wrong


def main():
    options = argparse.ArgumentParser(prog="conf/quickstart")
    options.add_argument("--keep", action="store_true",
                         help="leave it up and say how to go on by hand")
    options.add_argument("--stop", metavar="DIRECTORY",
                         help="end what --keep left up")
    options = options.parse_args()
    if options.stop:
        if end_kept(options.stop):
            return 0
        print(f"nothing was kept in {options.stop}", file=sys.stderr)
        return 1
    end_on_signals()
    scene = Scene()
    print(f"starting DNS, the receiver, Postern and Postfix in {scene.home}",
          flush=True)
    kept = False
    try:
        wrong = show(scene)
        if options.keep:
            kept = True
            scene.leave_up()
            tell_how_to_go_on(scene)
        elif wrong:
            scene.tell_logs()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if not kept:
            scene.end()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
