#!/usr/bin/python3
"""sink --store DIRECTORY [--listen ADDRESS:PORT] [--without EXTENSION]...: the
receiver at the end.

An SMTP server that keeps every message as NNNNNN.eml (the exact octets after
dot-unstuffing) and its envelope as NNNNNN.json, written last. A recipient whose
local part begins with "refused" gets 550 5.1.1. Port 0 takes a free port; says
"port N" on its standard output. It never queues: 250 means stored. Offers what
EXTENSIONS lists but for what it is told to be without.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import itertools
import json
import os
import pathlib
import socket
import socketserver
import time

EXTENSIONS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES",
              "DSN")


def path_of(line):
    """The address of a MAIL or RCPT command."""
    return line.split("<", 1)[-1].split(">", 1)[0]


class Store:
    """Numbers and writes messages; several sessions use it at once."""

    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
        self._numbers = itertools.count(1)

    def keep(self, mail_from, rcpt_to, octets, peer):
        stem = self._directory / f"{next(self._numbers):06d}"
        stem.with_suffix(".eml").write_bytes(octets)
        envelope = {"mail_from": mail_from, "rcpt_to": rcpt_to,
                    "at": time.time(), "peer": peer}
        partial = stem.with_suffix(".partial")
        partial.write_text(json.dumps(envelope), encoding="utf-8")
        os.rename(partial, stem.with_suffix(".json"))
        return stem.name


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.mail_from, self.rcpt_to = None, []
        try:
            self.say("220 sink.invalid ESMTP")
            while self.answer(self.rfile.readline()):
                pass
        except OSError:
            pass  # the client went away

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, line):
        """Answers one command; False ends the session."""
        if not line:
            return False
        text = line.decode("utf-8", "replace").strip()
        word = text.upper().split(None, 1)[0] if text else ""
        if word == "EHLO":
            offered = ["sink.invalid", *self.server.extensions]
            self.say("\r\n".join(["250-" + e for e in offered[:-1]] +
                                 ["250 " + offered[-1]]))
        elif word == "MAIL":
            self.mail_from, self.rcpt_to = path_of(text), []
            self.say("250 2.1.0 Ok")
        elif word == "RCPT":
            self.answer_recipient(path_of(text))
        elif word == "DATA":
            self.answer_data()
        elif word == "QUIT":
            self.say("221 2.0.0 Bye")
            return False
        elif word in ("HELO", "RSET", "NOOP"):
            self.rcpt_to = []
            self.say("250 2.0.0 Ok")
        else:
            self.say("502 5.5.2 not known here")
        return True

    def answer_recipient(self, address):
        if address.lower().startswith("refused"):
            self.say(f"550 5.1.1 <{address}>: no such user here")
            return
        self.rcpt_to.append(address)
        self.say("250 2.1.5 Ok")

    def answer_data(self):
        if not self.rcpt_to:
            self.say("554 5.5.1 no valid recipients")
            return
        self.say("354 go ahead")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # cut off: not stored
            lines.append(line[1:] if line.startswith(b".") else line)
        number = self.server.store.keep(self.mail_from, self.rcpt_to,
                                        b"".join(lines),
                                        self.client_address[0])
        self.rcpt_to = []
        self.say(f"250 2.0.0 Ok: stored as {number}")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--store", required=True)
    options.add_argument("--listen", default="127.0.0.1:0")
    options.add_argument("--without", action="append", default=[],
                         choices=EXTENSIONS)
    options = options.parse_args()
    os.makedirs(options.store, exist_ok=True)
    address, port = options.listen.rsplit(":", 1)
    with Server((address, int(port)), Session) as server:
        server.store = Store(options.store)
        server.extensions = [e for e in EXTENSIONS
                             if e not in options.without]
        print("port", server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
