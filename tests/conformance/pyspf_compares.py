#!/usr/bin/python3
"""Random SPF zones, judged by Postern and by pyspf, which shares no code.

usage: pyspf_compares.py SPF_ANSWERS [COUNT [SEED]]

Where the two differ, a correction of pyspf must explain it: each class below
changes pyspf in one respect in which it departs from RFC 7208, and cites it. A
difference that the corrections do not resolve fails the test. So does a
correction that explains nothing: it would hide what it was not written for.

Needs python3-spf; asks no network. Exits 77 (skipped) without it.
"""
import collections
import itertools
import random
import subprocess
import sys

try:
    import spf
except ImportError as missing:
    print("skipped:", missing)
    sys.exit(77)

COUNT = 20000
SEED = 7208

NAMES = ["d%d.example" % i for i in range(5)] + ["d-5.example"]
LABELS = ["x" * 60] * 5  # with a name more than 253 octets: two must go
HOSTS = ["h%d.example" % i for i in range(4)]
HOSTS += ["d.5.example", ".".join(LABELS[2:] + HOSTS[:1])]
ABSENT = ["nx.example", "nx2.example"]
V4 = ["192.0.2.1", "192.0.2.77", "198.51.100.5", "203.0.113.9"]
V6 = ["2001:db8::1", "2001:db8:1::5"]
MACROS = ["%{d}", "%{o}", "%{s}", "%{l}", "%{i}", "%{ir}", "%{v}", "%{h}",
          "%{d2}", "%{dr}", "%{l1r-}", "%{D}", "%{L}", "%%", "%{o1}", "%{l-}",
          "%{ir}.%{v}", "%{d3r}", "%{p}", "%{p2}", "%_", "%-", "%{h2r}",
          "%{o-.}", "%{S1r+}", "%{i3r.}", "%{d-}"]
ODD = ["%", "%a", "%{x}", "%{c}", "%{r}", "%{t}", "%{d0}", "%{d", "%{}", "..",
       ".", "-", "%{dx}", "%{d2.x}", "%{d}%", "_", "a" * 64 + "."]


class Generator:
    """One zone and its questions; the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice
        # A syntax error ends most checks; some zones must come further.
        self.is_odd = self.chance(.35)

    def chance(self, share):
        return self.random.random() < share

    def domain_spec(self):
        kind = self.random.random()
        name = self.pick(NAMES + HOSTS + ABSENT)
        if kind < .6:
            return name
        if kind < .85:
            return self.pick(MACROS) + "." + name
        if kind < .9:
            return self.pick(MACROS)
        if kind < .95:
            return name + "."
        if kind < .965:
            return ".".join(LABELS + HOSTS[:1])
        if kind < .98:
            return self.pick(["%{d-}", "%{p2}", "%{h-}"])
        return self.pick(ODD if self.is_odd else MACROS) + self.pick(["", "." + name])

    def cidr4(self):
        if self.chance(.6):
            return ""
        return self.pick(["/0", "/8", "/24", "/31", "/32"] * 3 +
                         ["/33", "/08", "/", "/1x", "/256"] * self.is_odd)

    def cidr6(self):
        if self.chance(.7):
            return ""
        return self.pick(["//0", "//32", "//64", "//128"] * 3 +
                         ["//129", "//", "//064"] * self.is_odd)

    def network(self, addresses, lengths, odd):
        if self.is_odd and self.chance(.3):
            return self.pick(odd)
        return self.pick(addresses) + self.pick([""] * 4 + lengths)

    def term(self):
        qualifier = self.pick(["", "", "", "+", "-", "~", "?"])
        kind = self.pick(["a", "a", "mx", "include", "include", "include", "ip4",
                          "ip4", "ip6", "exists", "ptr", "all", "redirect", "exp",
                          "modifier"])
        if self.is_odd and self.chance(.06):
            return self.pick(["", "foo", "a.", "all:x", "ALL", "IP4:192.0.2.1",
                              "ip4", "include", "a=", "mx/", "ptr/24", "-", "+-all",
                              "a:", "include:", "exists", "Redirect=d1.example",
                              "all,", "ip4:192.0.2.1,", "prt", "MX", "a:%{d}/24//64",
                              "exists:%{i}.%{s1}/24.d1.example", "ptr:", "ip6",
                              "ip4:192.0.2.1//32", "a//", "include:d1.example/24"])
        if kind in ("a", "mx"):
            target = self.pick(["", ":" + self.domain_spec()])
            return qualifier + kind + target + self.cidr4() + self.cidr6()
        if kind in ("include", "exists"):
            return qualifier + kind + ":" + self.domain_spec()
        if kind == "ip4":
            return qualifier + "ip4:" + self.network(
                V4 + ["192.0.2.0"], ["/0", "/8", "/24", "/31", "/32"],
                ["192.0.2", "1.2.3.4.5", "", "01.2.3.4", "256.1.1.1", "1.2.3.4/33", "1.2.3.4/"])
        if kind == "ip6":
            return qualifier + "ip6:" + self.network(
                V6 + ["2001:db8::", "::1.2.3.4", "::ffff:192.0.2.1", "::"],
                ["/0", "/32", "/64", "/127", "/128"], ["x", "", "1:2", "::1/129", "::1/"])
        if kind == "ptr":
            return qualifier + self.pick(["ptr", "ptr:" + self.domain_spec()])
        if kind == "all":
            return qualifier + "all" if self.chance(.5) else "ip4:192.0.2.1"
        if kind == "redirect":
            return "redirect=" + self.domain_spec()
        if kind == "exp":
            return "exp=" + self.domain_spec()
        return self.pick(["foo=bar", "x.y-z_1=%{d}", "moo=", "default=pass", "op=x"] +
                         ["foo=%", "1a=b", "=x", "foo=%{d0}", "foo=%{c}", "default=%",
                          "op=%{x}"] * self.is_odd)

    def record(self):
        version = self.pick(["v=spf1"] * 12 + ["V=SPF1"] +
                            ["v=spf10", "v=spf1\t", "v=spf2.0/pra"] * self.is_odd)
        count = self.pick([0, 1, 2, 2, 3, 3, 4, 5, 11])
        terms = "".join(" " * self.pick([1, 1, 1, 2]) + self.term() for _ in range(count))
        return version + terms + self.pick(["", "", " -all", " ~all", " "])

    def zone(self):
        """{name: [(type, value)]}; None for a name that does not answer."""
        zone = {}
        for name in NAMES + HOSTS:
            has_records = name in NAMES
            records = []
            records_of_spf = [1] * 12 + [0] + [2] * self.is_odd if has_records else [0, 0, 1]
            for _ in range(self.pick(records_of_spf)):
                records.append(("TXT", self.record()))
            if self.chance(.1):
                records.append(("TXT", self.pick(["hello", "v=spf1x", "Go away %{i}."])))
            if self.is_odd and self.chance(.05):
                records.append(("TXT", "v=spf1 a:\xe4.example -all"))
            records += [("A", self.pick(V4)) for _ in range(self.pick([0, 0, 1, 2]))]
            records += [("AAAA", self.pick(V6)) for _ in range(self.pick([0, 0, 1]))]
            records += [("MX", (level, self.pick(NAMES + HOSTS + ABSENT)))
                        for level in range(self.pick([0, 0, 1, 2, 11 if self.chance(.1) else 1]))]
            if self.chance(.02):
                records = [("MX", (0, ""))]
            if self.chance(.03):
                records = [("CNAME", self.pick(NAMES + HOSTS + ABSENT))]
            if self.chance(.05):
                records = None
            if records is None or records:
                zone[name] = records
        for address in V4 + V6[:1]:
            if self.chance(.6):
                zone[reverse_name(address)] = [
                    ("PTR", self.pick(NAMES + HOSTS + ABSENT))
                    for _ in range(self.pick([1, 1, 2, 12 if self.chance(.1) else 1]))]
            elif self.chance(.1):
                zone[reverse_name(address)] = None
        return zone

    def question(self):
        """(address, HELO name, sender)"""
        local = self.pick(["user", "a-b-c", "x.y", "u+t", ""])
        sender = local + "@" + self.pick(NAMES)
        helo = self.pick(NAMES + HOSTS + ["mail", "[192.0.2.1]"])
        return self.pick(V4 + V6[:1]), helo, "" if self.chance(.1) else sender


def reverse_name(address):
    return spf.ipaddress.ip_address(address).reverse_pointer


def master_lines(zone):
    """The zone as ScriptedDns reads it."""
    for name, records in zone.items():
        if records is None:
            yield name + " TEMPERROR"
            continue
        for kind, value in dict.fromkeys(records):
            if kind == "TXT":
                text = "".join("\\%03d" % octet for octet in value.encode("latin-1"))
                yield '%s TXT "%s"' % (name, text)
            elif kind == "MX":
                yield "%s MX %d %s" % (name, value[0], value[1] or ".")
            else:
                yield "%s %s %s" % (name, kind, value)


class Resolver:
    """What a resolver tells pyspf: CNAMEs followed, a loop is SERVFAIL."""

    def __init__(self, zone, module):
        self.zone = zone
        self.temporary = module.TempError

    def __call__(self, name, kind, _strict=True, _timeout=None):
        asked = name.rstrip(".").lower()
        if len(asked) > 253:
            return []
        for _ in range(17):
            records = self.zone.get(asked, [])
            if records is None:
                raise self.temporary("DNS timeout")
            aliases = [value for other, value in records if other == "CNAME"]
            if not aliases:
                return [((name, kind), octets(other, value))
                        for other, value in dict.fromkeys(records) if other == kind]
            asked = aliases[0]
        raise self.temporary("DNS CNAME loop")


def octets(kind, value):
    return (value.encode("latin-1"),) if kind == "TXT" else value


# RFC 7208 s.7.1, without the letters that only an explanation may hold.
HELPERS = r'''
RE_MACRO_STRING = re.compile(
    r'(?:[\x21-\x24\x26-\x7e]|%[%_-]'
    r'|%\{[slodiphv](?:0*[1-9][0-9]*)?r?[.+,/_=-]*\})*\Z', re.IGNORECASE)
'''

# reason: (section of RFC 7208, [(pyspf's words, ours)]). Each of pyspf's words
# stands in its source exactly once.
CORRECTIONS = {
    "void look-ups are counted by term, not by host of an MX or PTR": ("4.6.4", [
        ("for mx in mxnames[:max] for a in self.dns_a(mx[1]",
         "for mx in mxnames[:max] for a in self.dns_uncounted(mx[1]"),
        ("    def dns_a(self, domainname, A='A'):",
         "    def dns_uncounted(self, name, kind):\n"
         "        return self.dns(name, kind, ignore_void=True) if name else []\n\n"
         "    def dns_a(self, domainname, A='A'):"),
        ("if self.cidrmatch(self.dns_a(p,self.A),cidrlength)]",
         "if self.cidrmatch(self.dns(p,self.A,ignore_void=True),cidrlength)]")]),
    "an error of DNS for a PTR or its address is no match": ("5.5", [
        ("        return self.dns('%s.%s.arpa'%(reverse_dots(i),self.v), 'PTR')",
         "        try: return self.dns('%s.%s.arpa'%(reverse_dots(i),self.v), 'PTR')\n"
         "        except TempError: return []"),
        ("for p in self.dns_ptr(self.i)[:max]\n",
         "for p in self.dns_ptr(self.i)[:max] if not self.is_silent(p)\n"),
        ("    def dns_ptr(self, i):",
         "    def is_silent(self, name):\n"
         "        try: self.dns(name, self.A, ignore_void=True)\n"
         "        except TempError: return True\n\n"
         "    def dns_ptr(self, i):")]),
    "the macro p is no term: its void look-ups do not count": ("4.6.4", [
        ("            p = self.validated_ptrs()\n",
         "            voids, self.void_lookups = self.void_lookups, -1000\n"
         "            try: p = self.validated_ptrs()\n"
         "            finally: self.void_lookups = voids\n")]),
    "the hosts of an MX are asked one after the other": ("5.4", [
        ("        return [a for mx in", "        return (a for mx in"),
        ("(mx[1],self.A)]", "(mx[1],self.A))"),
        ("if self.cidrmatch(self.dns_mx(arg), cidrlength)",
         "if any(self.cidrmatch([a], cidrlength) for a in self.dns_mx(arg))")]),
    "names of modifiers have no case": ("4.6.1", [
        ("            mod,arg = m\n", "            mod,arg = m[0].lower(),m[1]\n")]),
    "unknown modifiers may be repeated": ("6", [
        ("                self.note_error('%s= MUST appear at most once'%mod,mech)",
         "                if mod == 'exp': self.note_error('%s= MUST appear at most once'%mod,mech)")]),
    "default= and op= are modifiers as any other": ("6", [
        ("elif mod == 'default':", "elif False:"), ("elif mod == 'op':", "elif False:")]),
    "macros have the grammar of s.7.1, in every term": ("7.1", [
        ("            regex = RE_INVALID_MACRO\n",
         "            regex = re.compile('(?!)') if stripdot else RE_INVALID_MACRO\n"),
        ("        # Check for invalid macro syntax\n",
         "        if stripdot and not RE_MACRO_STRING.match(s): raise PermError('grammar', s)\n")]),
    "a domain is expanded when its term is reached": ("4.6.2", [
        ("            arg = self.expand_domain(arg)\n            if not arg:\n"
         "                raise PermError('empty domain:',mech)",
         "            self.check_domain(arg)"),
        ("                if arg == self.d:\n                    if mech", "                if False:\n                    if mech"),
        ("                arg = self.expand_domain(arg)\n                if arg:",
         "                self.check_domain(arg)\n                if False:"),
        ("                redirect = self.expand_domain(arg)",
         "                self.check_domain(arg); redirect = arg"),
        ("                redirect_record = self.dns_spf(redirect)",
         "                redirect = self.expand(redirect)\n"
         "                redirect_record = self.dns_spf(redirect)"),
        ("        for mech, m, arg, cidrlength, result in mechs:\n",
         "        for mech, m, arg, cidrlength, result in mechs:\n"
         "            if m in ('a', 'mx', 'ptr', 'exists', 'include'): arg = self.expand(arg)\n"),
        ("    def validate_mechanism(self, mech):",
         "    def check_domain(self, arg):\n"
         "        if RE_TOPLAB.split(arg)[-1] or not RE_MACRO_STRING.match(arg):\n"
         "            raise PermError('grammar', arg)\n\n"
         "    def validate_mechanism(self, mech):")]),
    "parts of a macro are joined with dots": ("7.3", [
        ("JOINERS.get(letter))", "'.')")]),
    "a long name loses as many labels as it must": ("7.3", [
        ("            if len(result) > 253:", "            while len(result) > 253 and '.' in result:")]),
}


def corrected(reasons):
    """pyspf with these corrections."""
    with open(spf.__file__) as file:
        source = file.read()
    for reason in reasons:
        for theirs, ours in CORRECTIONS[reason][1]:
            if source.count(theirs) != 1:
                sys.exit("pyspf %s does not say once: %s" % (spf.__version__, theirs))
            source = source.replace(theirs, ours)
    module = type(spf)("spf")
    exec(compile(source + HELPERS, spf.__file__, "exec"), module.__dict__)
    return module


class Judges:
    """pyspf with every set of corrections that was wanted so far."""

    def __init__(self):
        self.modules = {}

    def judge(self, zone, question, reasons=()):
        if reasons not in self.modules:
            self.modules[reasons] = corrected(reasons)
        module = self.modules[reasons]
        module.DNSLookup = Resolver(zone, module)
        address, helo, sender = question
        try:
            return module.query(i=address, s=sender, h=helo, strict=True).check()[0]
        except Exception as error:  # its own faults are answers, too
            return "%s: %s" % (type(error).__name__, error)

    def explain(self, zone, question, ours):
        """The fewest corrections that make pyspf say the same; None: none do."""
        everything = tuple(CORRECTIONS)
        if self.judge(zone, question, everything) != ours:
            return None
        for size in (1, 2, 3):
            for reasons in itertools.combinations(everything, size):
                if self.judge(zone, question, reasons) == ours:
                    return reasons
        return everything


def ask_postern(program, scenarios):
    lines = []
    for zone, question in scenarios:
        lines += ["!", *master_lines(zone), "? " + " ".join(w or "-" for w in question)]
    done = subprocess.run([program], input="\n".join(lines) + "\n", text=True,
                          capture_output=True, check=True)
    return [line.split(" ", 2) for line in done.stdout.splitlines()]


def show(zone, question, ours, theirs):
    print("UNEXPLAINED: Postern %s (%s), pyspf %s" % (ours[0], ours[2], theirs))
    print("  ? " + " ".join(w or "-" for w in question))
    for name, records in zone.items():
        for kind, value in records or [("TEMPERROR", "")]:
            print("  %s %s %s" % (name, kind, value))


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    scenarios = []
    for number in range(count):
        generator = Generator(seed * 1_000_000 + number)
        scenarios.append((generator.zone(), generator.question()))
    answers = ask_postern(sys.argv[1], scenarios)
    judges = Judges()
    same = collections.Counter()
    reasons = collections.Counter()
    unexplained = 0
    for (zone, question), ours in zip(scenarios, answers, strict=True):
        assert int(ours[1]) <= 10, "more than ten look-ups (RFC 7208 s.4.6.4)"
        theirs = judges.judge(zone, question)
        if ours[0] == theirs:
            same[theirs] += 1
            continue
        why = judges.explain(zone, question, ours[0])
        reasons.update(why or ())
        unexplained += why is None
        if why is None and unexplained <= 20:
            show(zone, question, ours, judges.judge(zone, question, tuple(CORRECTIONS)))
    print("%d questions, %d answered alike: %s" % (
        count, same.total(), ", ".join("%s %d" % pair for pair in same.most_common())))
    for reason, (section, _) in CORRECTIONS.items():
        print("%5d  s.%-6s %s" % (reasons[reason], section, reason))
    print("%d differences are not explained" % unexplained)
    idle = [reason for reason in CORRECTIONS if not reasons[reason]]
    if idle and count >= COUNT:
        print("explain nothing: %s" % idle)
        return 1
    # A generator that makes only errors would compare nothing.
    lacking = {"pass", "fail", "softfail", "neutral", "none", "permerror",
               "temperror"} - set(same)
    return 1 if unexplained or lacking else 0


if __name__ == "__main__":
    sys.exit(main())
