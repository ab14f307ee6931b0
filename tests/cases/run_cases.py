#!/usr/bin/env python3
"""Runs the cases: data files through the real program, `postern check`.

    run_cases.py POSTERN [PATTERN]

A case is NN-name.eml with NN-name.expect, and, where it needs more than the
common ones, .session, .dns (on top of common.dns), .toml and .readme. What came
out is compared line by line; where it differs, the diff is printed and
NN-name.got written beside the case.

In .eml, "@REPEAT COUNT TEXT@" stands for TEXT so many times, "\\n" in it for a
line end. A .spamd file is what a spamd answers at the socket @SPAMD@, which the
case's .toml names.

.expect, a line each, in this order:
    disposition accept|hold|defer|reject
    reply CODE ENHANCED                    when deferred or rejected
    recipient ADDRESS DISPOSITION          where it differs from the message's
    finding CHECK ACTION                   what fails and was not mended
    mended CHECK
    unknown CHECK ACTION
    edit OP NAME
    spf|dmarc RESULT, dkim RESULT DOMAIN
Lines after "ignore WORD" of that word are not compared.
"""
import contextlib
import difflib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
KEYS = HERE.parent / "support" / "keys"
NOW = "2026-11-21T12:00:00Z"


def beside(case, ending, scratch):
    """The case's own file, or the common one; paths of keys filled in."""
    own = case.with_suffix(ending)
    if ending == ".dns":
        text = (HERE / "common.dns").read_text()
        if own.exists():
            text = own.read_text() + "\n" + override(text, own.read_text())
    else:
        text = (own if own.exists() else HERE / ("common" + ending)).read_text()
    path = scratch / ("case" + ending)
    text = text.replace("@CASES@", str(HERE))
    text = text.replace("@SPAMD@", str(scratch / "spamd.sock"))
    path.write_text(text.replace("@KEYS@", str(scratch / "keys")))
    return str(path)


def override(common, own):
    """Common lines whose name and type the case does not define itself."""
    mine = {tuple(l.split()[:2]) for l in own.splitlines() if len(l.split()) > 1}
    names = {l.split()[0] for l in own.splitlines()
             if len(l.split()) == 2 and l.split()[1] == "TEMPERROR"}
    return "\n".join(l for l in common.splitlines()
                     if tuple(l.split()[:2]) not in mine
                     and (l.split() or [""])[0] not in names)


def told(result):
    """What `postern check` said, as the lines of an .expect file."""
    lines = ["disposition " + result["disposition"]]
    if result["reply"]:
        lines.append("reply %(code)s %(enhanced)s" % result["reply"])
    for r in result["recipients"]:
        if r["disposition"] != result["disposition"]:
            lines.append("recipient %(address)s %(disposition)s" % r)
    for f in result["findings"]:
        if f["mended"]:
            lines.append("mended " + f["check"])
        elif f["outcome"] == "unknown":
            lines.append("unknown %(check)s %(action)s" % f)
        else:
            lines.append("finding %(check)s %(action)s" % f)
    lines += [("edit %(op)s %(name)s" % e).strip() for e in result["edits"]]
    facts = result["facts"]
    lines += ["spf " + s["result"] for s in facts["spf"]]
    lines += ["dkim %(result)s %(d)s" % d for d in facts["dkim"]]
    lines.append("dmarc " + facts["dmarc"]["result"])
    return lines


def expected(case):
    lines = [l.strip() for l in case.with_suffix(".expect").read_text().splitlines()]
    lines = [l for l in lines if l and not l.startswith("#")]
    ignored = {l.split()[1] for l in lines if l.startswith("ignore ")}
    return [l for l in lines if not l.startswith("ignore ")], ignored


def mode_of(config):
    """`check` judges as enforce unless told: a case's file means what it says."""
    for line in pathlib.Path(config).read_text().splitlines():
        if line.startswith("mode = "):
            return line.split('"')[1]
    return "enforce"


def message(case, scratch):
    """The message, with what is repeated in it written out."""
    octets = case.read_bytes()
    if b"@REPEAT " not in octets:
        return str(case)
    path = scratch / "case.eml"
    path.write_bytes(re.sub(
        rb"@REPEAT (\d+) ([^@]*)@",
        lambda m: m[2].replace(b"\\n", b"\n") * int(m[1]), octets))
    return str(path)


@contextlib.contextmanager
def spamd(case, scratch):
    """Answers one client as the case's .spamd says, where it has one."""
    answer = case.with_suffix(".spamd")
    if not answer.exists():
        yield
        return
    path = scratch / "spamd.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve():
            client, _ = listening.accept()
            with client, client.makefile("rwb") as stream:
                length = 0
                while (line := stream.readline().strip()):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                stream.read(length)
                stream.write(answer.read_bytes().replace(b"\n", b"\r\n"))

        threading.Thread(target=serve, daemon=True).start()
        yield


def run(postern, case, scratch):
    config = beside(case, ".toml", scratch)
    command = [postern, "check", "--json", "--now", NOW,
               "--config", config, "--mode", mode_of(config),
               "--session", beside(case, ".session", scratch),
               "--dns", beside(case, ".dns", scratch), message(case, scratch)]
    with spamd(case, scratch):
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=120)
    if done.returncode == 2 or not done.stdout:
        return ["could not judge: %s (exit %d)" % (done.stderr.strip(), done.returncode)]
    result = json.loads(done.stdout)
    exit_status = 0 if result["disposition"] == "accept" else 1
    lines = told(result)
    if done.returncode != exit_status:
        lines.append("exit status %d" % done.returncode)
    return lines


def main():
    postern = os.path.abspath(sys.argv[1])
    pattern = sys.argv[2] if len(sys.argv) > 2 else ""
    cases = [c for c in sorted(HERE.rglob("*.eml")) if pattern in str(c)]
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        shutil.copytree(KEYS, scratch / "keys")
        for key in (scratch / "keys").iterdir():
            key.chmod(0o600)
        for case in cases:
            want, ignored = expected(case) if case.with_suffix(".expect").exists() else ([], set())
            got = [l for l in run(postern, case, scratch) if l.split()[0] not in ignored]
            got_file = case.with_suffix(".expect.got")
            got_file.unlink(missing_ok=True)
            if got == want:
                continue
            failed += 1
            got_file.write_text("\n".join(got) + "\n")
            print("FAILED %s" % case.relative_to(HERE))
            print("\n".join(difflib.unified_diff(want, got, "expected", "got", lineterm="")))
    print("%d cases, %d failed" % (len(cases), failed))
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
