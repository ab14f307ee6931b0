#!/usr/bin/python3
"""Our expander of short links against Python's web server, with and without TLS.

    expander_asks.py EXPAND_LINK

What it must not do is seen from the server: whatever it was asked is counted.
SPDX-License-Identifier: Apache-2.0
"""
import http.server
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = sys.argv.pop(1)
ZONE = "\n".join(f"{host} A 127.0.0.1"
                 for host in ("sho.rt", "other.rt", "www.example.net"))
HOSTS = "sho.rt shortener\nother.rt shortener\n"


class Handler(http.server.BaseHTTPRequestHandler):
    """Redirects by the path; notes every request."""
    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers))
        where = self.server.places.get(self.path)
        self.send_response(301 if where else 404)
        if where:
            self.send_header("Location", where)
        self.send_header("Set-Cookie", "seen=1; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer

    def log_message(self, *_):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    """Says nothing of clients that hang up in the handshake."""
    def handle_error(self, *_):
        pass


class Expander(unittest.TestCase):
    def serve(self, context=None):
        server = Quiet(("127.0.0.1", 0), Handler)
        server.asked, server.places = [], {}
        if context:
            server.socket = context.wrap_socket(server.socket,
                                                server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return server, server.server_address[1]

    def expand(self, *urls, **environment):
        run = subprocess.run([PROGRAM, ZONE, HOSTS, *urls], check=True,
                             capture_output=True, text=True,
                             env={**os.environ, **environment})
        return run.stdout.splitlines()

    def test_follows_shorteners_and_not_their_targets(self):
        server, port = self.serve()
        target = f"http://www.example.net:{port}/page?x=1"
        server.places = {"/a": f"http://other.rt:{port}/b", "/b": target}
        url = f"http://sho.rt:{port}/a"
        self.assertEqual(self.expand(url, url), [f"target {target}"] * 2)
        self.assertEqual([asked[:2] for asked in server.asked],
                         [("HEAD", "/a"), ("HEAD", "/b")])
        for _, _, headers in server.asked:
            self.assertNotIn("Cookie", headers)
            self.assertNotIn("Referer", headers)

    def test_ignores_proxies_of_the_environment(self):
        proxy, proxy_port = self.serve()
        server, port = self.serve()
        server.places = {"/a": "https://www.example.net/"}
        there = f"http://127.0.0.1:{proxy_port}"
        said = self.expand(f"http://sho.rt:{port}/a", http_proxy=there,
                           all_proxy=there)
        self.assertEqual(said, ["target https://www.example.net/"])
        self.assertEqual(proxy.asked, [])

    def test_trusts_no_certificate_that_nobody_vouches_for(self):
        with tempfile.TemporaryDirectory() as folder:
            key, certificate = (str(pathlib.Path(folder) / name)
                                for name in ("key.pem", "cert.pem"))
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                 "-subj", "/CN=sho.rt", "-addext", "subjectAltName=DNS:sho.rt",
                 "-keyout", key, "-out", certificate, "-days", "2"],
                check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            server, port = self.serve(context)
        server.places = {"/a": "https://www.example.net/"}
        said = self.expand(f"https://sho.rt:{port}/a")
        self.assertRegex(said[0], "^unknown sho.rt: .*certificate")
        self.assertEqual(server.asked, [])


if __name__ == "__main__":
    unittest.main()
