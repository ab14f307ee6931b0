#!/usr/bin/python3
"""Every check has a case that expects it to fire, end to end.

Reads the ids of the checks and the .expect files of tests/cases.
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Why no file can make them fire; unit tests do.
ELSEWHERE = {
    "spf-temperror": "what DNS does not answer is unknown, never a failure",
    "field-name-invalid": "in a file such a line ends the header; MTAs hand "
                          "the name over",
    "url-shortener-avoidable": "a shortener has to answer",
    "url-shortener-disabled": "a shortener has to answer",
    "url-shortener-gone": "a shortener has to answer",
}


def checks():
    """Id -> the name of its constant."""
    found = {}
    for path in (ROOT / "policy/checks").rglob("*.cc"):
        for name, check in re.findall(
                r'^constinit const Check (k\w+) = \{\n    \.id = "([^"]+)"',
                path.read_text("utf-8"), re.M):
            found[check] = name
    return found


def fired():
    """The ids that some case expects to fail, or to be mended."""
    found = set()
    for path in (ROOT / "tests/cases").rglob("*.expect"):
        found |= set(re.findall(r"^(?:finding|mended) (\S+)",
                                path.read_text("utf-8"), re.M))
    return found


class Cases(unittest.TestCase):
    def test_every_check_has_one(self):
        self.assertEqual(set(checks()) - fired() - set(ELSEWHERE), set())

    def test_what_has_a_case_is_no_exception(self):
        self.assertEqual(set(ELSEWHERE) & fired(), set())

    def test_the_exceptions_have_unit_tests(self):
        names = checks()
        text = "".join(path.read_text("utf-8") for path in
                       (ROOT / "tests/unit/policy").rglob("*_test.cc"))
        for check in ELSEWHERE:
            self.assertIn(names[check], text)


if __name__ == "__main__":
    unittest.main()
