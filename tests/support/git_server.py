#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A git server for tests: git http-backend behind HTTP on loopback, with the misfortunes of real networks.

    git_server.py ROOT LOG [CERTIFICATE KEY]

Prints its port and serves until standard input ends. The same port is served on 127.0.0.1 and 127.0.0.2, so that
there is another host to redirect to. Writes a line for each request to LOG: host, method, path, Authorization.

The first part of a path says how the rest of it is served:

    /ok/R          as it should be
    /basic/R       for the password hf_right only      /bearer/R   for "Bearer hf_right" only
    /status/N/R    with status N                       /html/R     with a page of HTML
    /moved/R       redirect to /ok/R on this host      /away/R     to the other host
    /port/N/R      redirect to port N                  /late/R     the pack is redirected to the other host
    /silent/R      never answers                       /drip/R     a reference, then another, without an end
    /flood/R       references without an end           /corrupt/R  the pack has wrong bytes
    /cut/R         the connection ends in the pack     /cutrefs/R  the connection ends in the references
    /cutonce/R     as /cut/R the first time, then as /ok/R
"""
import base64
import http.server
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse

ROOT, LOG = sys.argv[1], sys.argv[2]
TOKEN = "hf_right"
REFERENCE = b"003a" + b"1" * 40 + b" refs/heads/a\n"
lock = threading.Lock()
already_cut = set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def plain(self, status, headers=(), body=b"no\n", content_type="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, host, port, path):
        scheme = "https" if len(sys.argv) > 3 else "http"
        self.plain(301, [("Location", f"{scheme}://{host}:{port}{path}")])

    def endless(self, piece, pause):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(b"001e# service=git-upload-pack\n0000")
            while True:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass

    def serve(self):
        host, port = self.server.server_address[:2]
        other = "127.0.0.2" if host == "127.0.0.1" else "127.0.0.1"
        authorization = self.headers.get("Authorization", "-")
        with lock, open(LOG, "a", encoding="utf-8") as log:
            log.write(f"{host} {self.command} {self.path} {authorization}\n")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        _, mode, rest = self.path.split("/", 2)
        rest = "/" + rest
        pack = self.command == "POST"
        if mode == "basic":
            given = authorization.split(" ", 1)
            right = given[0] == "Basic" and base64.b64decode(given[-1]).decode().split(":", 1)[1] == TOKEN
            if not right:
                return self.plain(401, [("WWW-Authenticate", 'Basic realm="hub"')])
        elif mode == "bearer":
            if authorization != "Bearer " + TOKEN:
                return self.plain(401, [("WWW-Authenticate", 'Bearer realm="hub"')])
        elif mode == "status":
            return self.plain(int(rest.split("/")[1]))
        elif mode == "html":
            return self.plain(200, body=b"<!doctype html><p>Welcome", content_type="text/html")
        elif mode == "moved":
            return self.redirect(self.headers["Host"].split(":")[0], port, "/ok" + rest)
        elif mode == "away":
            return self.redirect(other, port, "/ok" + rest)
        elif mode == "port":
            _, number, rest = rest.split("/", 2)
            return self.redirect(host, number, "/ok/" + rest)
        elif mode == "late" and pack:
            return self.redirect(other, port, "/ok" + rest)
        elif mode == "silent":
            self.close_connection = True
            try:
                self.connection.recv(1)  # until the other side goes
            except OSError:
                pass
            return None
        elif mode == "drip":
            return self.endless(REFERENCE, 0.01)
        elif mode == "flood":
            return self.endless(REFERENCE * 1000, 0)
        return self.git(mode, rest, body, pack)

    def git(self, mode, rest, body, pack):
        path, _, query = rest.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": ROOT,
            "GIT_PROJECT_ROOT": ROOT,
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": urllib.parse.unquote(path),
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
        }
        answer = subprocess.run(["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, check=False).stdout
        head, _, content = answer.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n") if line]
        status = 200
        for name, value in headers:
            if name == "Status":
                status = int(value.split()[0])
        cut = mode == "cut" and pack or mode == "cutrefs" and not pack
        if mode == "cutonce" and pack:
            with lock:
                cut = rest not in already_cut
                already_cut.add(rest)
        if mode == "corrupt" and pack:
            middle = len(content) // 2
            wrong = bytes(255 - byte for byte in content[middle:middle + 40])
            content = content[:middle] + wrong + content[middle + 40:]
        self.send_response(status)
        for name, value in headers:
            if name not in ("Status", "Content-Length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if cut:
            self.close_connection = True
            content = content[:len(content) // 2]
        self.wfile.write(content)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


def servers():
    """Two hosts, one port."""
    for _ in range(100):
        first = Server(("127.0.0.1", 0), Handler)
        try:
            return [first, Server(("127.0.0.2", first.server_address[1]), Handler)]
        except OSError:
            first.server_close()
    sys.exit("no port is free on both hosts")


def main():
    both = servers()
    for server in both:
        if len(sys.argv) > 3:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(both[0].server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
