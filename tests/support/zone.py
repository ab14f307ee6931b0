"""A zone of lines, `name TYPE value`: what --dns takes and dns_server serves.

The value TEMPERROR stands for "DNS did not answer". A name not listed is
NXDOMAIN, a listed name without the type is NODATA. A line that cannot be read
is an error at once (ValueError), never a record that is missing in silence.
SPDX-License-Identifier: Apache-2.0
"""
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

TTL = 300


class Zone:
    """Names with their records; TEMPERROR is kept as None."""

    def __init__(self, text):
        self._names = {}
        for number, line in enumerate(text.splitlines(), 1):
            line = line.strip()
            if line and not line.startswith("#"):
                self._add(number, line)

    def _add(self, number, line):
        try:
            name, rdtype, value = line.split(None, 2)
            name = dns.name.from_text(name)
            rdtype = dns.rdatatype.from_text(rdtype)
            records = self._names.setdefault(name, {})
            if value == "TEMPERROR":
                records[rdtype] = None
                return
            rrset = dns.rrset.from_text(name, TTL, "IN", rdtype, value)
            records.setdefault(rdtype, rrset).update(rrset)
        except Exception as error:
            raise ValueError(f"zone line {number}: {line}: {error}") from error

    def answer(self, name, rdtype):
        """The rcode and the answer section for one question."""
        section = []
        for _ in range(10):  # CNAMEs followed
            records = self._names.get(name)
            if records is None:
                return dns.rcode.NXDOMAIN, section
            if rdtype in records:
                if records[rdtype] is None:
                    return dns.rcode.SERVFAIL, []
                return dns.rcode.NOERROR, section + [records[rdtype]]
            alias = records.get(dns.rdatatype.CNAME)
            if alias is None:
                return dns.rcode.NOERROR, section
            section.append(alias)
            name = alias[0].target
        return dns.rcode.SERVFAIL, []
