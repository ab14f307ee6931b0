"""The rows of the quickstart that are more than one message.

SPDX-License-Identifier: Apache-2.0
"""
import collections
import re

from letter import letter
from mailbox import submit
from outcome import Outcome, in_words, signatures
from process import wait_until

# How many are sent and how many of them may go (the limits of demo.py).
BURSTS = {"relay": (23, 20), "login": (5, 3)}


def burst(scene, way):
    """A burst over a limit: the rest is deferred for a relay, held for a
    login, which could not come again by itself."""
    count, allowed = BURSTS[way]
    domain = "news.example" if way == "relay" else "post.example"
    sender = f"burst-{way}@{domain}"
    answers, session = collections.Counter(), (
        scene.postfix.relay if way == "relay" else scene.postfix.submission)
    held, deferral = 0, ""
    with session() as open_session:
        for number in range(count):
            answer = submit(open_session, sender, [_recipient(way, number)],
                            letter(From=sender))
            answers[answer.code] += 1
            line = scene.postern.log_line(answer.queue_id)
            held += answer.code == 250 and line.get("disposition") == "hold"
            if answer.code == 451:
                deferral = f" (451, {_free_at(answer.text)})"
    outcome = Outcome(f"burst of {count} over a limit of {allowed}, {way}",
                      f"{answers[250] - held} accepted, {held} held, "
                      f"{answers[451]} deferred{deferral}")
    over = count - allowed
    wanted = ({250: allowed, 451: over}, 0) if way == "relay" else (
        {250: count}, over)
    if way == "relay" and "free at" not in deferral:
        outcome.differ("the deferral does not say when to come again")
    if (dict(answers), held) != wanted:
        outcome.differ(f"answers {dict(answers)}, {held} held")
    _see_received(scene, way, outcome)
    return outcome


def _free_at(text):
    """When to come again, as the reply says it."""
    found = re.search(r"free at [\d-]+ ([\d:]+)", text)
    return f"free at {found[1]}" if found else "no time given"


def _recipient(way, number):
    return f"burst-{way}-{number}@gmail-user.example"


def _see_received(scene, way, outcome):
    count, allowed = BURSTS[way]
    expected = [_recipient(way, number) for number in range(count)]

    def received():
        return [m for m in scene.mailbox.all() if m.rcpt_to[0] in expected]
    try:
        wait_until(lambda: len(received()) >= allowed, 20)
    except TimeoutError:
        outcome.differ("not all that was accepted has arrived")
    found = received()
    outcome.got = f"{len(found)} messages"
    if len(found) != allowed:
        outcome.differ(f"the receiver got {len(found)}, wanted {allowed}")
    judged = [signatures(scene, message) for message in found]
    if judged:
        outcome.dkim = judged[0][0]
    if not all(verified for _, verified in judged):
        outcome.differ("not all signatures verify at the receiver")


def bounce(scene):
    """The receiver refuses a recipient; Postfix itself tells the sender."""
    sender = "bounced@post.example"
    with scene.postfix.relay() as session:
        submit(session, sender, ["refused@gmail-user.example"], letter())
    outcome = Outcome("a bounce from <> that the MTA makes", "no log line")
    try:
        message = wait_until(lambda: scene.mailbox.to(sender), 20)[0]
    except TimeoutError:
        outcome.differ("the bounce did not arrive")
        return outcome
    outcome.did = in_words(scene.postern.log_line_from(""))
    outcome.got = "the bounce"
    outcome.dkim, verified = signatures(scene, message)
    if message.mail_from != "":
        outcome.differ(f"it came from {message.mail_from}")
    if not outcome.did.startswith("accepted"):
        outcome.differ("Postern did not simply accept it")
    if not verified:
        outcome.differ("its signatures do not verify at the receiver")
    return outcome
