#!/usr/bin/python3
"""dkimpy, which shares no code with ours, and we agree on ARC chains.

usage: arc_agrees.py ARC_SHAPES

Chains that we seal pass dkimpy; those that dkimpy seals, also on top of ours,
pass us; what is tampered with fails both. Needs python3-dkim and
python3-authres; asks no network. Exits 77 (skipped) without them.
"""
import base64
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import authres  # noqa: F401  (dkimpy needs it to seal)
    import dkim
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
KEY = HERE.parent / "support/keys/rsa2048.pem"
RANDOM_SHAPES = 120
REFUSED = {"space-before-colon"}  # dkimpy refuses obsolete syntax (RFC 5322 s.4.5)
SERVER = b"py.example"


class Judges:
    """dkimpy, and our own program."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.keys = folder / "keys.txt"
        self.failed = self.agreed = 0

    def record(self, name):
        return dict(line.split(b" ", 1) for line in
                    self.keys.read_bytes().splitlines()).get(name)

    def dkimpy(self, octets):
        try:
            cv, _, reason = dkim.ARC(octets).verify(
                dnsfunc=lambda name, timeout=5: self.record(name))
        except Exception as error:  # dkimpy lets some of its own escape
            return "fail", repr(error)
        return (cv or b"fail").decode(), reason

    def ours(self, messages):
        """{name: octets} to {name: result}."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        for name, octets in messages.items():
            (folder / name).write_bytes(octets)
        said = subprocess.run(
            [self.program, "validate", self.keys,
             *[folder / name for name in messages]],
            check=True, capture_output=True, text=True).stdout
        return {pathlib.Path(line.split()[0]).name: line.split(" ", 2)[1:]
                for line in said.splitlines()}

    def expect(self, what, messages, wanted):
        for name, (result, reason) in self.ours(messages).items():
            self.compare(f"{what} {name}, we", result, reason, wanted)
        for name, octets in messages.items():
            self.compare(f"{what} {name}, dkimpy", *self.dkimpy(octets), wanted)

    def compare(self, what, result, reason, wanted):
        if result == wanted:
            self.agreed += 1
            return
        self.failed += 1
        if self.failed <= 20:
            print(f"{what}: {result}, not {wanted}: {reason}")


def sealed_by_dkimpy(octets, cv):
    """One more set on top; the body untouched."""
    # Two that speak of the chain would be one too many.
    octets = re.sub(rb"(?m)^Authentication-Results: " + SERVER + rb".*\r\n",
                    b"", octets)
    octets = (b"Authentication-Results: " + SERVER + b"; arc=" + cv.encode()
              + b"; spf=pass smtp.mailfrom=example.org\r\n" + octets)
    lines = dkim.arc_sign(octets, b"py", b"example.org", KEY.read_bytes(),
                          SERVER)
    return b"".join(lines) + octets


def public_record():
    der = subprocess.run(
        ["openssl", "pkey", "-in", KEY, "-pubout", "-outform", "DER"],
        check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def tampered(octets):
    """The same message, each time with one harm done to it."""
    head, body = octets.split(b"\r\n\r\n", 1)
    fields = re.split(rb"\r\n(?![ \t])", head)
    seals = [f for f in fields if f.lower().startswith(b"arc-seal:")]
    results = [f for f in fields
               if f.lower().startswith(b"arc-authentication-results:")]

    def message(changed):
        return b"\r\n".join(changed) + b"\r\n\r\n" + body

    yield "body", octets + b"More.\r\n"
    yield "from", message([b"From: Mallory <m@bank.example>" if
                           f.lower().startswith(b"from:") else f
                           for f in fields])
    yield "results", message([f.replace(b"pass", b"fail") if f in results
                              else f for f in fields])
    yield "no-seal", message([f for f in fields if f != seals[0]])
    yield "two-seals", message([seals[0]] + fields)
    yield "no-oldest", message([f for f in fields if not re.match(
        rb"(?i)arc-[a-z-]+:\s+i=1;", f)])
    yield "cv", message([re.sub(rb"cv=(none|pass)", b"cv=xxxx", f)
                         if f == seals[-1] else f for f in fields])
    yield "h-in-seal", message([f.replace(b"cv=", b"h=from; cv=")
                                if f == seals[0] else f for f in fields])
    yield "instance", message([f.replace(b"i=", b"i=9") if f == seals[0]
                               else f for f in fields])


def main():
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        subprocess.run([sys.argv[1], "seal", folder, str(RANDOM_SHAPES)],
                       check=True)
        judges = Judges(sys.argv[1], folder)
        with open(judges.keys, "ab") as keys:
            keys.write(b"py._domainkey.example.org. " + public_record() + b"\n")
        ours = {path.stem: path.read_bytes()
                for path in sorted(folder.glob("*.eml"))
                if path.stem not in REFUSED}
        judges.expect("sealed by us:", ours, "pass")
        both = {name: sealed_by_dkimpy(octets, "pass")
                for name, octets in ours.items()}
        judges.expect("dkimpy on top:", both, "pass")
        chosen = [name for number, name in enumerate(sorted(both))
                  if number % 10 == 0]
        for name in chosen:
            plain = re.sub(rb"(?mi)^arc-[a-z-]+:.*\r\n(?:[ \t].*\r\n)*", b"",
                           ours[name])
            chain, cv = plain, "none"
            for _ in range(3):
                chain, cv = sealed_by_dkimpy(chain, cv), "pass"
            judges.expect("sealed by dkimpy:", {name: chain}, "pass")
            judges.expect("tampered:", {
                f"{name}.{harm}": octets
                for harm, octets in tampered(both[name])}, "fail")
    print(f"{judges.agreed} answers as they should be, {judges.failed} not")
    return 1 if judges.failed or judges.agreed < 4 * RANDOM_SHAPES else 0


if __name__ == "__main__":
    sys.exit(main())
