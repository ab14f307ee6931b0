#!/usr/bin/python3
"""Our tokens of HTML beside those of html5lib, an implementation that shares no
code with ours and passes the html5lib tests.

    html5lib_compares.py HTML_TOKENS [COUNT [SEED]]
    html5lib_compares.py --expect < CASES      # what html5lib says of each

Compared are the cases of tests/unit/policy/message/html_tokens.txt and COUNT
random ones. Exit status 77: html5lib is not installed.
SPDX-License-Identifier: Apache-2.0
"""
import pathlib
import random
import re
import subprocess
import sys

try:
    from html5lib._tokenizer import HTMLTokenizer
    from html5lib.constants import tokenTypes
except ImportError:
    sys.exit(77)

CASES = (pathlib.Path(__file__).resolve().parents[1] /
         "unit/policy/message/html_tokens.txt")
STATES = {"data": "dataState", "rcdata": "rcdataState",
          "rawtext": "rawtextState", "script": "scriptDataState",
          "plaintext": "plaintextState"}
PIECES = """<a <A <b> </a </a> <a/ / > " ' = < <! <!-- <!--> <!---> --> --!> -- - !
<? </ </> <script <script> </script </script> <!-- <style> </style> </title
</xmp href= href="x" href='x' HREF x x=y x="&amp" &amp; &amp &lt &not &notin;
&notit; &#65 &#x41; &#xZ &#0; &#x80; &#1114112; &; & &copy=1 &copy; &CounterClock
<!DOCTYPE <!doctype html> <![CDATA[ ]]> ]] \\n \\r \\r\\n \\t \\f \\0 ü text 1
&zwnj; &nbsp;x &AMP &ngE; &acE; &#xD800; &#13; &#160 <br/> <br/ > <a=b =""".split() + [" "]
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "0": "\0"}


def unescape(text):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), text)


def escape(text):
    text = text.replace("\\", "\\\\")
    for letter, octet in ESCAPES.items():
        text = text.replace(octet, "\\" + letter)
    return text


def tokens(line):
    """The line that html_token_dump.h describes, as html5lib has it."""
    content, last, html = line.split("\t")
    tokenizer = HTMLTokenizer(unescape(html))
    tokenizer.state = getattr(tokenizer, STATES[content])
    if last != "-":
        tokenizer.currentToken = {"type": tokenTypes["StartTag"], "name": last}
    out, text = "", ""
    for token in tokenizer:
        kind = token["type"]
        if kind in (tokenTypes["Characters"], tokenTypes["SpaceCharacters"]):
            text += token["data"]
            continue
        if kind == tokenTypes["ParseError"]:
            continue
        out += f' "{text}"' if text else ""
        text = ""
        if kind == tokenTypes["StartTag"]:
            out += " <" + token["name"]
            out += "".join(f' {name}="{value}"'
                           for name, value in token["data"].items())
            out += " />" if token["selfClosing"] else ">"
        elif kind == tokenTypes["EndTag"]:
            out += f" </{token['name']}>"
        elif kind == tokenTypes["Comment"]:
            out += f" <!--{token['data']}-->"
        elif kind == tokenTypes["Doctype"]:
            out += " <!DOCTYPE>"
    return escape(out + (f' "{text}"' if text else ""))


def random_cases(count, seed):
    chance = random.Random(seed)
    for _ in range(count):
        content = chance.choice(["data"] * 6 + list(STATES))
        last = "-" if content == "data" else chance.choice(
            ["script", "style", "title", "xmp", "a"])
        yield "\t".join([content, last, "".join(
            chance.choice(PIECES) for _ in range(chance.randrange(1, 14)))])


def main():
    if sys.argv[1] == "--expect":
        for line in sys.stdin:
            line = line.rstrip("\n")
            print(line + "\t=>" + tokens(line))
        return 0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    cases = [line.split("\t=>")[0]
             for line in CASES.read_text("utf-8").split("\n")
             if "\t=>" in line and not line.startswith(("#", "cdata"))]
    cases += random_cases(count, seed)
    ours = subprocess.run([sys.argv[1]], input="\n".join(cases) + "\n",
                          capture_output=True, text=True, check=True,
                          encoding="utf-8").stdout.split("\n")
    wrong = 0
    for case, mine in zip(cases, ours):
        theirs = tokens(case)
        if mine == theirs:
            continue
        wrong += 1
        if wrong <= 20:
            print(f"{case}\n  ours    {mine}\n  html5lib{theirs}")
    print(f"{len(cases)} cases, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
