"""A client that does not keep to HTTP: hostile.py SOCKET CASE prints what came of it as JSON."""

import json
import os
import random
import resource
import socket
import sys
import time


def connect(path):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)  # without a timeout: with one, a full backlog is an error at once
    client.settimeout(20)
    return client


def drain(client, limit=1 << 24):
    """Everything until the server closes; None after it when it did not."""
    data = b""
    try:
        while len(data) < limit:
            part = client.recv(65536)
            if not part:
                return data, True
            data += part
    except ConnectionError:
        return data, True
    except TimeoutError:
        return data, False
    return data, False


def statuses(data):
    return [int(part[:3]) for part in data.decode("latin-1").split("HTTP/1.1 ")[1:]]


def exchange(path, *pieces, pause=0.0):
    client = connect(path)
    began = time.monotonic()
    try:
        for piece in pieces:
            client.sendall(piece)
            if pause:
                time.sleep(pause)
    except (ConnectionError, TimeoutError):
        pass
    data, closed = drain(client)
    kind = "problem" if b"application/problem+json" in data else "none"
    return {
        "statuses": statuses(data), "closed": closed, "seconds": time.monotonic() - began, "bytes": len(data), "kind": kind,
    }


def drip(path, head, rest):
    """One byte after another for as long as the server takes them."""
    client = connect(path)
    client.sendall(head)
    began = time.monotonic()
    try:
        for byte in rest:
            client.sendall(bytes([byte]))
            time.sleep(0.05)
            if time.monotonic() - began > 15:
                break
    except ConnectionError:
        pass
    data, closed = drain(client)
    return {"statuses": statuses(data), "closed": closed, "seconds": time.monotonic() - began}


def crowd(path, wanted):
    """As many connections as the system gives, all held at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard >= wanted + 64:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted + 64, hard))
    held = []
    refused = 0
    for _ in range(wanted):
        try:
            client = connect(path)
        except OSError:
            refused += 1
            continue
        held.append(client)
    told = 0
    for client in held:
        client.setblocking(False)
    deadline = time.monotonic() + 20
    waiting = list(held)
    while waiting and time.monotonic() < deadline:
        left = []
        for client in waiting:
            try:
                if b" 503 " in client.recv(4096):
                    told += 1
            except BlockingIOError:
                left.append(client)
            except OSError:
                pass
        if len(left) == len(waiting):
            time.sleep(0.05)
            if time.monotonic() > deadline - 15:
                break
        waiting = left
    for client in held:
        client.close()
    return {"held": len(held), "refused": refused, "told": told, "open": len(waiting)}


def deaf(path):
    """Asks for much and reads nothing."""
    client = connect(path)
    client.settimeout(0.5)
    began = time.monotonic()
    request = b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    cut = False
    while time.monotonic() - began < 15:
        try:
            client.sendall(request * 50)
        except TimeoutError:
            continue
        except ConnectionError:
            cut = True
            break
    return {"cut": cut, "seconds": time.monotonic() - began}


def main():
    path, case = sys.argv[1:3]
    ok = b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n"
    start = b"GET /v1/status HTTP/1.1\r\nHost: x\r\n"
    trigger = b"POST /v1/jobs/hello/trigger HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"seed {seed}", file=sys.stderr)
    noise = random.Random(seed)
    cases = {
        "large-header": lambda: exchange(path, start + b"X-Large: " + b"x" * 200_000 + b"\r\n\r\n"),
        "large-headers": lambda: exchange(path, start, *[b"X-%d: %s\r\n" % (i, b"x" * 1000) for i in range(90)], b"\r\n"),
        "many-headers": lambda: exchange(path, start, *[b"X-%d: x\r\n" % i for i in range(500)], b"\r\n"),
        "large-target": lambda: exchange(path, b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        "half-request": lambda: exchange(path, b"GET /v1/sta"),
        "silent": lambda: exchange(path),
        "drip-header": lambda: drip(path, start, b"X-Slow: " + b"x" * 1000),
        "drip-body": lambda: drip(path, trigger + b"Content-Length: 1000\r\n\r\n", b" " * 1000),
        "missing-body": lambda: exchange(path, trigger + b"Content-Length: 1000\r\n\r\n"),
        "http-0.9": lambda: exchange(path, b"GET /\r\n\r\n"),
        "tls": lambda: exchange(path, bytes.fromhex("16030100c8010000c40303") + b"\0" * 200),
        "noise": lambda: [exchange(path, noise.randbytes(2000) + b"\r\n\r\n") for _ in range(20)],
        "two-lengths": lambda: exchange(path, trigger + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"),
        "length-and-chunks": lambda: exchange(
            path, trigger + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + ok),
        "bad-chunk": lambda: exchange(path, trigger + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        "negative-length": lambda: exchange(path, trigger + b"Content-Length: -1\r\n\r\n"),
        "pipelined": lambda: exchange(path, ok * 99 + start + b"Connection: close\r\n\r\n"),
        "http-1.0": lambda: exchange(path, b"GET /v1/status HTTP/1.0\r\nConnection: close\r\n\r\n"),
        "crowd": lambda: crowd(path, int(sys.argv[3])),
        "deaf": lambda: deaf(path),
    }
    print(json.dumps(cases[case]()))


main()
