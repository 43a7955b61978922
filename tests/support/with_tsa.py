#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command beside a time stamping authority on a free port of loopback, and ends with its exit code.

    with_tsa.py FOLDER MODE COMMAND…      {url} in the command becomes the address

FOLDER is one of support/authority.h. MODE says how it answers: ok, replay (the reply of the last time), type, status,
cut, moved, flood.
"""
import http.server
import os
import subprocess
import sys
import threading

FOLDER, MODE = sys.argv[1], sys.argv[2]
REPLY = os.path.join(FOLDER, "reply.tsr")


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Content-Type") != "application/timestamp-query" or self.path != "/tsr":
            return self.send_error(400)
        if MODE != "replay":
            with open(os.path.join(FOLDER, "request.tsq"), "wb") as out:
                out.write(body)
            subprocess.run(["openssl", "ts", "-reply", "-config", "ts.cnf", "-section", "main", "-queryfile",
                            "request.tsq", "-signer", "stamping.pem", "-inkey", "stamping.key", "-out", REPLY],
                           cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        with open(REPLY, "rb") as reply:
            answer = reply.read()
        if MODE == "status":
            return self.send_error(503)
        self.send_response(302 if MODE == "moved" else 200)
        self.send_header("Content-Type", "text/html" if MODE == "type" else "application/timestamp-reply")
        if MODE == "moved":
            self.send_header("Location", "http://127.0.0.2/")
        if MODE == "flood":
            answer += b"x" * 1_000_000
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer[:len(answer) // 2] if MODE == "cut" else answer)
        except OSError:
            pass
        return None


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    done = subprocess.run([word.replace("{url}", url) for word in sys.argv[3:]], check=False)
    server.shutdown()
    sys.exit(done.returncode)


main()
