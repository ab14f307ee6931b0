#!/usr/bin/python3
"""Well-formed messages by other software: no finding that is enforced.

usage: false_alarms.py POSTERN [FOLDER]

Writes at least 300 messages now with Python's email, MIME::Lite, Email::MIME,
nodemailer, Mail_mime, mutt, s-nail and swaks, and with the structures of
Thunderbird, Apple Mail, Outlook and webmail; has `postern check` judge them in
mode enforce, each for six receivers at once, and prints what it noticed. A
hold, a deferral or a rejection is a failure. What is not installed is left out
and named. FOLDER keeps the messages.
SPDX-License-Identifier: Apache-2.0
"""
import base64
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parents[1]
sys.path.insert(0, str(HERE))
import clients  # noqa: E402
from letters import ICS, LETTERS, PNG  # noqa: E402

LEAST = 300
RECIPIENTS = ["bob@gmail.com", "bob@yahoo.com", "bob@outlook.com",
              "bob@contoso.example", "bob@gmx.de", "bob@receiver.example"]
# What the messages link to, beside what every case knows.
ZONE = "www.example.org A 192.0.2.30\nexample.org A 192.0.2.30\n"


def as_json():
    return json.dumps([
        {"name": name, "subject": subject, "text": text, "html": html,
         "headers": headers, "png": base64.b64encode(PNG).decode(),
         "ics": ICS}
        for name, subject, text, html, headers in LETTERS]).encode()


def by_libraries(folder):
    for program, script in (("perl", "write.pl"), ("node", "write.js"),
                            ("php", "write.php")):
        if shutil.which(program) is None:
            print("not installed:", program)
            continue
        subprocess.run([program, HERE / script, folder], input=as_json(),
                       check=True, timeout=120)
    # Its stream leaves line ends alone; its SMTP side would not.
    for written in folder.glob("nodemailer-*.eml"):
        written.write_bytes(crlf(written.read_bytes()))


def crlf(octets):
    octets = octets.replace(b"\r\n", b"\n").rstrip(b"\r\n") + b"\n"
    return octets.replace(b"\n", b"\r\n")


def by_clients(folder):
    """mutt and s-nail hand their message to a sendmail(1) that keeps it."""
    keeper = folder / "keep"
    keeper.write_text("#!/bin/sh\nexec cat >\"$KEEP\"\n")
    keeper.chmod(0o755)
    attached = folder / "list.csv"
    attached.write_bytes(b"a;b\r\n1;2\r\n")
    for name, subject, text, _, _ in LETTERS:
        for program, command in (
                ("mutt", ["mutt", "-n", "-F", "/dev/null",
                          "-e", f"set sendmail={keeper}",
                          "-e", "set from=alice@example.org use_from=yes "
                          "charset=utf-8 copy=no",
                          "-s", subject, "-a", str(attached), "--",
                          "bob@receiver.example"]),
                ("s-nail", ["s-nail", "-:/", "-S", f"mta={keeper}",
                            "-S", "from=alice@example.org",
                            "-S", "sendcharsets=utf-8", "-S", "ttycharset=utf-8",
                            "-s", subject, "bob@receiver.example"])):
            if shutil.which(program) is None:
                continue
            kept = folder / f"{program}-{name}.eml"
            subprocess.run(command, input=text.encode(), timeout=60,
                           check=False, capture_output=True,
                           env=dict(os.environ, KEEP=str(kept), HOME=str(folder),
                                    LC_ALL="C.UTF-8"))
            if kept.exists():
                kept.write_bytes(crlf(kept.read_bytes()))
    keeper.unlink()
    attached.unlink()


def by_swaks(folder):
    if shutil.which("swaks") is None:
        return
    for name, subject, text, _, _ in LETTERS:
        if not subject.isascii() or not text.isascii():
            continue  # swaks sends what it is given, unencoded
        told = subprocess.run(
            ["swaks", "--dump-mail", "--from", "alice@example.org", "--to",
             "bob@receiver.example", "--header", "Subject: " + subject,
             "--body", text, "--server", "127.0.0.1"],
            capture_output=True, timeout=60, check=False).stdout
        if told:
            (folder / f"swaks-{name}.eml").write_bytes(crlf(told))


def write(folder):
    for name, octets in clients.messages():
        (folder / f"{name}.eml").write_bytes(octets)
    by_libraries(folder)
    by_clients(folder)
    by_swaks(folder)
    return sorted(folder.glob("*.eml"))


def judge(postern, files, scratch):
    keys = scratch / "keys"
    shutil.copytree(TESTS / "support" / "keys", keys)
    for key in keys.iterdir():
        key.chmod(0o600)
    config = scratch / "postern.toml"
    config.write_text((TESTS / "cases" / "common.toml").read_text()
                      .replace("@KEYS@", str(keys)))
    zone = scratch / "zone"
    zone.write_text((TESTS / "cases" / "common.dns").read_text() + ZONE)
    session = scratch / "session"
    session.write_text("client 203.0.113.5 client.example\n"
                       "helo client.example\nmail <alice@example.org>\n" +
                       "".join(f"rcpt <{r}>\n" for r in RECIPIENTS))
    command = [postern, "check", "--json", "--mode", "enforce", "--config",
               config, "--dns", zone, "--session", session]
    done = subprocess.run(command + files, capture_output=True, timeout=900,
                          check=False)
    if done.returncode == 2:
        sys.exit("could not judge: " + done.stderr.decode())
    return [json.loads(line) for line in done.stdout.splitlines()]


def software(path):
    known = ("python-legacy", "mime-lite", "email-mime", "mail-mime", "s-nail")
    stem = pathlib.Path(path).stem
    return next((k for k in known if stem.startswith(k)), stem.split("-")[0])


def main():
    postern = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else scratch
        folder.mkdir(exist_ok=True, parents=True)
        files = write(folder)
        judged = judge(postern, files, scratch)
    enforced, noticed, writers = [], {}, collections.Counter()
    for result in judged:
        writer = software(result["file"])
        writers[writer] += 1
        for noted in {(finding["check"],
                       "mended" if finding["mended"] else finding["outcome"])
                      for finding in result["findings"]}:
            noticed.setdefault(noted, collections.Counter())[writer] += 1
        for finding in result["findings"]:
            if not finding["mended"] and finding["action"] in (
                    "hold", "defer", "reject"):
                enforced.append((result["file"], finding["check"],
                                 finding["action"], finding["detail"]))
        if result["disposition"] != "accept":
            enforced.append((result["file"], "", result["disposition"], ""))
    print(f"{len(judged)} messages: " + ", ".join(
        f"{writer} {count}" for writer, count in sorted(writers.items())))
    for (check, how), row in sorted(noticed.items()):
        print(f"{sum(row.values()):5} {check} {how}: " + ", ".join(
            f"{writer} {count}" for writer, count in sorted(row.items())))
    for path, check, action, detail in enforced[:40]:
        print("FALSE ALARM", pathlib.Path(path).name, check, action, detail)
    print(f"{len(enforced)} enforced findings in {len(judged)} messages")
    return 1 if enforced or len(judged) < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
