#!/usr/bin/python3
"""The dependency rule and the habits of the house, held against the tree.

Reads #include lines and file names only; builds nothing. Each test names the
line that breaks its rule.
SPDX-License-Identifier: Apache-2.0
"""
import collections
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^">]+)[">]')

# Each layer may include itself and every layer before it, but not a room
# beside it on the same line.
LAYERS = [
    ["base"],
    ["message", "config"],
    ["the seam to DNS"],
    ["below facts"],
    ["facts"],
    ["checks", "remedies"],
    ["decision"],
    ["signing", "limits", "holds", "feedback"],
    ["gate"],
    ["milter"],
]
HEIGHT = {room: height for height, rooms in enumerate(LAYERS)
          for room in rooms}
# What facts may see of rooms that stand above them: which key would sign and
# which fields, what is used up, what is suppressed.
BELOW_FACTS = {"policy/signing/keys", "policy/signing/tables",
               "policy/signing/signed_names",
               "policy/limits/view", "policy/feedback/view"}
# The interface of the one resolver; what implements it is a fact's business.
DNS_SEAM = "policy/facts/dns.h"
# Pairs beside each other that the contracts need.
ALLOWED_BESIDE = {("remedies", "checks")}

# A C library's header and how many files may include it.
WRAPPED = {
    r"libmilter/.*": 3,
    r"opendkim/.*": 1,
    r"spf2/.*": 1,
    r"unbound(-event)?\.h": 1,
    r"gmime/.*": 1,
    r"libpsl\.h": 1,
    r"curl/.*": 1,
    r"re2/.*": 1,
    r"sqlite3\.h": 1,
    r"hiredis/.*": 1,
    r"openssl/ssl\.h": 1,
    r"archive(_entry)?\.h": 1,
    r"magic\.h": 1,
    r"unicode/idna\.h": 1,
    r"unicode/uspoof\.h": 1,
    r"toml\+\+/.*": 1,
}
# What every check may see (STYLE: a check sees facts only).
CHECK_SEES = re.compile(r"policy/(facts/facts\.h|checks/.*|base/.*)$")


def sources(*folders):
    return sorted(path for folder in folders
                  for path in (ROOT / folder).rglob("*")
                  if path.suffix in (".h", ".cc"))


def includes(path):
    """(line number, what is included) of a file."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if found := INCLUDE.match(line):
            yield number, found[1]


def room_of(path):
    """The room of a file named from the root, e.g. policy/facts/spf.cc."""
    parts = path.split("/")
    if parts[0] == "milter":
        return "milter"
    if parts[0] != "policy":
        return None
    if len(parts) == 2:
        return "gate"
    if path == DNS_SEAM:
        return "the seam to DNS"
    if path.rsplit(".", 1)[0] in BELOW_FACTS:
        return "below facts"
    return parts[1]


def may_include(room, other):
    if room == other or (room, other) in ALLOWED_BESIDE:
        return True
    return HEIGHT[other] < HEIGHT[room]


class Layering(unittest.TestCase):
    def test_rooms_include_only_what_stands_below_them(self):
        wrong = []
        for path in sources("policy", "milter"):
            name = str(path.relative_to(ROOT))
            room = room_of(name)
            for number, included in includes(path):
                other = room_of(included)
                if other and not may_include(room, other):
                    wrong.append(f"{name}:{number}: {room} includes {included}")
        self.assertEqual(wrong, [])

    def test_every_room_is_known(self):
        rooms = {room_of(str(p.relative_to(ROOT)))
                 for p in sources("policy", "milter")}
        self.assertEqual(rooms - set(HEIGHT), set())

    def test_each_c_library_has_one_wrapper(self):
        wrong = []
        users = collections.defaultdict(set)
        for path in sources("policy", "milter", "tests"):
            for _, included in includes(path):
                for header in WRAPPED:
                    if re.fullmatch(header, included):
                        users[header].add(str(path.relative_to(ROOT)))
        for header, allowed in WRAPPED.items():
            users_of_it = sorted(u for u in users[header]
                                 if not u.startswith("tests/"))
            if len(users_of_it) > allowed:
                wrong.append(f"{header}: {users_of_it}")
        self.assertEqual(wrong, [])

    def test_the_house_does_not_know_libmilter(self):
        wrong = [str(path) for path in sources("policy")
                 for _, included in includes(path)
                 if included.startswith("libmilter/")]
        self.assertEqual(wrong, [])


class Checks(unittest.TestCase):
    def setUp(self):
        folder = ROOT / "policy/checks"
        self.files = {path.name: path.read_text("utf-8")
                      for path in folder.rglob("*.cc")
                      # What has a header is machinery that checks share.
                      if not path.with_suffix(".h").exists()}
        catalogue = folder / "catalogue.cc"
        self.listed = (re.findall(r"&(k\w+)", catalogue.read_text("utf-8"))
                       if catalogue.exists() else [])

    def test_a_check_sees_facts_only(self):
        wrong = []
        for name, text in self.files.items():
            for line in text.splitlines():
                found = re.match(r'#include "([^"]+)"', line)
                if found and not CHECK_SEES.match(found[1]):
                    wrong.append(f"{name}: {found[1]}")
        self.assertEqual(wrong, [])

    def test_the_catalogue_lists_every_check_once(self):
        defined = [name for text in self.files.values()
                   for name in re.findall(r"^constinit const Check (k\w+)",
                                          text, re.M)]
        self.assertEqual(sorted(defined), sorted(self.listed))

    def test_a_check_has_the_name_of_its_file(self):
        for name, text in self.files.items():
            ids = re.findall(r'\.id = "([^"]+)"', text)
            wanted = name.removesuffix(".cc").replace("_", "-")
            self.assertEqual(ids, [wanted], name)


class Habits(unittest.TestCase):
    def test_nothing_is_thrown(self):
        self._nowhere(r"\bthrow\b(?!\()", sources("policy", "milter"))

    def test_nothing_is_left_for_later(self):
        self._nowhere(r"\b(TO" r"DO|FIX" r"ME|XXX)\b",
                      sources("policy", "milter", "tests"))

    def test_nothing_opens_std(self):
        self._nowhere(r"\busing namespace\b", sources("policy", "milter"))

    def _nowhere(self, pattern, paths):
        wrong = []
        for path in paths:
            for number, line in enumerate(
                    path.read_text("utf-8").splitlines(), 1):
                code = re.sub(r'//.*|"(\\.|[^"\\])*"', "", line)
                text = line if "FIX" in pattern else code
                if re.search(pattern, text):
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {line}")
        self.assertEqual(wrong, [])

    def test_no_file_is_longer_than_400_lines(self):
        wrong = []
        for path in self._written_by_hand():
            count = path.read_text("utf-8").count("\n")
            if count > 400:
                wrong.append(f"{path.relative_to(ROOT)}: {count}")
        self.assertEqual(wrong, [])

    def _written_by_hand(self):
        found = sources("policy", "milter", "tests")
        for folder in ("tests", "conf"):
            found += (ROOT / folder).rglob("*.py")
        scripts = ["tests/run", ".ci/run", "conf/quickstart",
                   "conf/install-packages"]
        return found + [ROOT / name for name in scripts]

    def test_every_file_names_its_licence(self):
        wrong = [str(path.relative_to(ROOT)) for path in sources(
            "policy", "milter")
                 if path.suffix == ".h" and
                 "SPDX-License-Identifier: Apache-2.0" not in
                 path.read_text("utf-8")]
        self.assertEqual(wrong, [])

    def test_links_in_pages_lead_somewhere(self):
        wrong = []
        pages = [p for p in ROOT.rglob("*.md") if "build" not in p.parts]
        for page in pages:
            text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
                if re.match(r"[a-z]+:", target):
                    continue
                if not (page.parent / target).exists():
                    wrong.append(f"{page.relative_to(ROOT)}: {target}")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
