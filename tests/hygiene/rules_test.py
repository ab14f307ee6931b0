#!/usr/bin/python3
"""Every rule of the rule base is judged by a check, or is said not to be.

Reads `.rules` of the checks and the tables of policy/checks/README.md.
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = ROOT / "policy/checks"

# How many rules each section of the rule base has.
SECTIONS = {"H": 41, "M": 18, "A": 12, "L": 17, "C": 11, "S": 37, "R": 17,
            "I": 14, "V": 8, "B": 6}
RULES = {f"{letter}{number:02}" for letter, count in SECTIONS.items()
         for number in range(1, count + 1)}


def judged():
    """Rule -> the files whose checks judge it."""
    found = {}
    for path in sorted(CHECKS.rglob("*.cc")):
        for rules in re.findall(r'\.rules = "([^"]*)"',
                                path.read_text("utf-8")):
            for rule in rules.split():
                found.setdefault(rule, []).append(path.name)
    return found


def table(title):
    """The rules in the first column of the table under that heading."""
    text = (CHECKS / "README.md").read_text("utf-8")
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    rows = re.findall(r"^\| ([A-Z]\d\d[A-Z\d ]*?) \|", section[1], re.M)
    return [rule for row in rows for rule in row.split()]


def tables():
    """The rules that one of the tables names."""
    return {rule for title in ("Left out", "Limits", "Not yet")
            for rule in table(title)}


class Rules(unittest.TestCase):
    def test_there_are_181(self):
        self.assertEqual(len(RULES), 181)

    def test_checks_and_page_name_rules_that_exist(self):
        named = set(judged()) | tables()
        self.assertEqual(named - RULES, set())

    def test_none_is_forgotten(self):
        told = set(judged()) | tables()
        self.assertEqual(RULES - told, set())

    def test_what_is_left_out_has_no_check(self):
        both = {rule: judged()[rule] for rule in table("Left out")
                if rule in judged()}
        self.assertEqual(both, {})

    def test_each_stands_in_one_table_once(self):
        rows = table("Left out") + table("Limits") + table("Not yet")
        self.assertEqual(sorted(rows), sorted(set(rows)))


if __name__ == "__main__":
    unittest.main()
