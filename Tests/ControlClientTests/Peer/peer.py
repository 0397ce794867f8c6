"""An HTTP server on a unix socket that answers well, badly, late, or half: python3 peer.py SOCKET"""

import http.server
import json
import socket
import socketserver
import sys
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "unix"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, kind="application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status, code, detail, **more):
        body = {"type": "urn:carillon:problem:" + code, "title": "t", "status": status, "detail": detail, **more}
        self.answer(status, json.dumps(body), "application/problem+json")

    def stream(self, parts):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in parts:
            data = part.encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()

    def end_stream(self):
        self.wfile.write(b"0\r\n\r\n")

    def do(self):
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length).decode()
        name = self.path.split("?")[0].split("/")[3] if self.path.count("/") > 2 else ""
        if self.path.split("?")[0] == "/v1/jobs":
            self.answer(200, '{"jobs": []}')
        elif self.path == "/v1/status":
            time.sleep(60)
        elif name == "echo":
            self.problem(404, "not-found", f"{self.command} {self.path} {body}")
        elif name == "findings":
            finding = {"severity": "error", "file": "jobs/a.yaml", "line": 3, "column": 5, "key": "retry", "message": "no"}
            self.problem(422, "invalid", "a job file is not valid", findings=[finding])
        elif name == "plain":
            self.answer(503, "busy", "text/plain")
        elif name == "nonsense":
            self.answer(200, "[1, 2")
        elif name == "half":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"jobs"')
            self.close_connection = True
        elif name == "stall":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.flush()
            time.sleep(60)
        elif self.path.endswith("/events") or "/events?" in self.path:
            self.events(name)
        else:
            self.problem(404, "not-found", "no such path")

    def events(self, name):
        counts = {k: 0 for k in "total available retrying succeeded skipped dead poisoned cancelled duplicate_keys stale_outcomes".split()}
        progress = json.dumps({
            "run": name, "job": "j", "state": "running", "counts": counts, "in_flight": 1, "workers": 1,
            "is_discovered": True, "ended_here": 0, "elapsed_s": 1.5})
        line = json.dumps({
            "type": "log", "at": "2026-11-23T07:45:12.034Z", "level": "info", "pid": 1, "source": "log", "message": "näm\nlich"})
        run = json.dumps({
            "id": name, "job": "j", "plugin": "p", "state": "succeeded", "trigger": "manual", "is_plan": False,
            "created_at": "2026-11-23T07:45:12.034Z", "is_discovered": True, "counts": counts,
            "config": {"keepMe": 1, "and_me": {"soAm_I": True}}})
        text = f": hello\n\nevent: progress\ndata: {progress}\n\nevent: log\ndata: {line}\n\nevent: new-kind\ndata: 1\n\n"
        end = f"event: ended\ndata: {run}\n\n"
        if name == "whole":
            self.stream([text + end])
            self.end_stream()
        elif name == "drops":
            self.stream(list(text + end))
            self.end_stream()
        elif name == "cut":
            self.stream([text])
            self.end_stream()
        elif name == "torn":
            self.stream([text])
            self.close_connection = True
        elif name == "silent":
            self.stream([text])
            time.sleep(60)

    do_GET = do_POST = do_PUT = do_DELETE = do


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


Server(sys.argv[1], Handler).serve_forever()
