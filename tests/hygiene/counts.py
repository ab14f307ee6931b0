#!/usr/bin/python3
"""counts FILE: "passed failed skipped" of a run that ctest wrote as JUnit.

A file that is missing or cannot be read counts as one failure: a suite that
did not come to its end has not passed. Says aloud what was skipped.
SPDX-License-Identifier: Apache-2.0
"""
import sys
import xml.etree.ElementTree


def main(path):
    try:
        root = xml.etree.ElementTree.parse(path).getroot()
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        print(f"no result: {error}", file=sys.stderr)
        return "0 1 0"
    passed = failed = skipped = 0
    for case in root.iter("testcase"):
        if case.get("status") == "run":
            passed += 1
        elif case.find("skipped") is not None:
            skipped += 1
            print(f"SKIPPED: {case.get('name')}", file=sys.stderr)
        else:
            failed += 1
            print(f"FAILED: {case.get('name')}", file=sys.stderr)
    return f"{passed} {failed} {skipped}"


print(main(sys.argv[1]))
