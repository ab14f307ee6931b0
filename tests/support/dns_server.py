#!/usr/bin/python3
"""dns_server --zone FILE [--listen ADDRESS:PORT]: serves a zone of lines.

UDP and TCP on the same port; port 0 takes a free one. Says "port N" on its
standard output when it listens. The file is read once; a bad line ends the
program. A question it cannot read gets no answer.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import pathlib
import socket
import socketserver
import struct
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from zone import TTL, Zone

MAX_UDP_OCTETS = 1232
NO_SUCH_NAME_SOA = "ns.invalid. host.invalid. 1 3600 600 86400 60"


def reply_to(zone, wire):
    """The response message to one query in wire form."""
    query = dns.message.from_wire(wire)
    question = query.question[0]
    response = dns.message.make_response(query, recursion_available=True)
    response.flags |= dns.flags.AA
    rcode, answer = zone.answer(question.name, question.rdtype)
    response.set_rcode(rcode)
    response.answer = answer
    if not answer and rcode != dns.rcode.SERVFAIL:
        # RFC 2308 s.3: with an SOA the absence can be cached.
        response.authority = [dns.rrset.from_text(
            dns.name.root, TTL, "IN", "SOA", NO_SUCH_NAME_SOA)]
    return response


class UdpAnswer(socketserver.BaseRequestHandler):
    def handle(self):
        wire, channel = self.request
        response = reply_to(self.server.zone, wire)
        packet = response.to_wire(max_size=65535)
        if len(packet) > MAX_UDP_OCTETS:
            response.answer, response.authority = [], []
            response.flags |= dns.flags.TC
            packet = response.to_wire()
        channel.sendto(packet, self.client_address)


class TcpAnswer(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            head = self._read(2)
            if not head:
                return
            wire = self._read(struct.unpack("!H", head)[0])
            packet = reply_to(self.server.zone, wire).to_wire(max_size=65535)
            self.request.sendall(struct.pack("!H", len(packet)) + packet)

    def _read(self, count):
        return self.request.recv(count, socket.MSG_WAITALL)


class UdpServer(socketserver.UDPServer):
    def handle_error(self, request, client_address):
        pass  # an unreadable question is dropped


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def open_both(address, port):
    """UDP and TCP on one port; a free one may be taken for TCP: try again."""
    for _ in range(20):
        udp = UdpServer((address, port), UdpAnswer)
        try:
            return udp, TcpServer(udp.server_address, TcpAnswer)
        except OSError:
            udp.server_close()
            if port != 0:
                raise
    raise OSError("no port is free for both UDP and TCP")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--zone", required=True)
    options.add_argument("--listen", default="127.0.0.1:0")
    options = options.parse_args()
    zone = Zone(pathlib.Path(options.zone).read_text(encoding="utf-8"))
    address, port = options.listen.rsplit(":", 1)
    udp, tcp = open_both(address, int(port))
    udp.zone = tcp.zone = zone
    print("port", udp.server_address[1], flush=True)
    threading.Thread(target=tcp.serve_forever, daemon=True).start()
    udp.serve_forever()


if __name__ == "__main__":
    main()
