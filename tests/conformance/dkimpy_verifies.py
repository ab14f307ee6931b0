#!/usr/bin/python3
"""dkimpy, a verifier that shares no code with ours, passes every signature.

usage: dkimpy_verifies.py SIGN_SHAPES

Needs python3-dkim, python3-nacl, python3-dnspython; asks no network. Exits 77
(skipped) without them.
"""
import pathlib
import subprocess
import sys
import tempfile

try:
    import dkim
    import nacl.signing  # noqa: F401  (dkimpy needs it for Ed25519)
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

RANDOM_SHAPES = 300
SIGNATURES = 3  # RSA-2048, RSA-1024, Ed25519
REFUSED = {"space-before-colon"}  # dkimpy refuses obsolete syntax (RFC 5322 s.4.5)


def main():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([sys.argv[1], directory, str(RANDOM_SHAPES)], check=True)
        folder = pathlib.Path(directory)
        keys = dict(line.split(b" ", 1)
                    for line in (folder / "keys.txt").read_bytes().splitlines())
        failed = verified = 0
        for path in sorted(folder.glob("*.eml")):
            if path.stem in REFUSED:
                continue
            octets = path.read_bytes()
            for index in range(SIGNATURES):
                why = fault(octets, index, keys)
                verified += not why
                if why:
                    failed += 1
                if why and failed <= 20:
                    print(f"{path.stem}, signature {index}: {why}")
    print(f"{verified} signatures verified, {failed} failed")
    return 1 if failed or verified < RANDOM_SHAPES * SIGNATURES else 0


def fault(octets, index, keys):
    try:
        verifier = dkim.DKIM(octets)
        good = verifier.verify(index, dnsfunc=lambda name, timeout=5: keys.get(name))
    except dkim.DKIMException as error:
        return f"{type(error).__name__}: {error}"
    return "" if good else "does not verify"


if __name__ == "__main__":
    sys.exit(main())
