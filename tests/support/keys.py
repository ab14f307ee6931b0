"""DKIM keys made for one run, and verification by dkimpy, not our own code.

SPDX-License-Identifier: Apache-2.0
"""
import base64

import dkim
import dns.resolver

from process import run


def make_rsa(path):
    """Writes a 2048-bit private key; returns the text of its DNS record."""
    run(["openssl", "genrsa", "-out", path, "2048"])
    path.chmod(0o600)
    return "v=DKIM1; k=rsa; p=" + _public_part(path)


def make_ed25519(path):
    """Writes a private key; returns the text of its DNS record."""
    run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path])
    path.chmod(0o600)
    # RFC 8463 s.4: the bare 32 octets, without the wrapping of RFC 8410.
    return "v=DKIM1; k=ed25519; p=" + _public_part(path, last=32)


def _public_part(path, last=0):
    der = run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"])
    return base64.b64encode(der[-last:]).decode()


def zone_text(value):
    """A TXT value as in a master file: strings of 255 octets at most."""
    parts = [value[i:i + 250] for i in range(0, len(value), 250)]
    return " ".join(f'"{part}"' for part in parts)


class Verifier:
    """Asks one DNS server for keys and judges signatures with dkimpy."""

    def __init__(self, dns_port):
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = ["127.0.0.1"]
        self._resolver.port = dns_port

    def _key(self, name, timeout=5):
        del timeout
        try:
            answer = self._resolver.resolve(name.decode(), "TXT")
        except dns.exception.DNSException:
            return None
        return b"".join(answer[0].strings)

    def chain(self, octets):
        """What dkimpy says of the ARC chain: none, pass or fail."""
        result = dkim.ARC(octets).verify(dnsfunc=self._key)[0]
        return (result or b"fail").decode()

    def signatures(self, octets):
        """One (domain, algorithm, "pass" or "fail") per DKIM-Signature."""
        found = []
        count = sum(1 for name, _ in dkim.rfc822_parse(octets)[0]
                    if name.lower() == b"dkim-signature")
        for index in range(count):
            message = dkim.DKIM(octets)
            try:
                holds = message.verify(idx=index, dnsfunc=self._key)
            except dkim.DKIMException:
                holds = False
            fields = message.signature_fields or {}
            found.append((fields.get(b"d", b"").decode(),
                          fields.get(b"a", b"").decode(),
                          "pass" if holds else "fail"))
        return found
