"""Asks what schemathesis makes up from the OpenAPI document: generator.py SOCKET EXAMPLES

Exits with 1 and a report when an answer is not as documented, or the server breaks. A small proxy of this process stands between
TCP, which schemathesis speaks, and the unix socket; it leaves out what would go on for ever or end the server.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def proxy(listener, path):
    while True:
        client, _ = listener.accept()
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.connect(path)
        threading.Thread(target=pump, args=(client, server), daemon=True).start()
        threading.Thread(target=pump, args=(server, client), daemon=True).start()


def main():
    path, examples = sys.argv[1:3]
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=proxy, args=(listener, path), daemon=True).start()
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    schemathesis = os.path.join(os.path.dirname(os.path.abspath(sys.executable)), "schemathesis")
    arguments = [
        schemathesis, "run", f"{base}/v1/openapi.json", "--url", base, "--max-examples", examples, "--no-color",
        "--phases", "examples,coverage,fuzzing", "--workers", "1",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
        "negative_data_rejection,unsupported_method",
        "--exclude-operation-id", "drain", "--exclude-operation-id", "watchRun", "--exclude-operation-id", "backup",
        "--exclude-operation-id", "prune", "--generation-database", "none", "--request-timeout", "30",
    ]
    if seed := os.environ.get("SEED"):
        arguments += ["--seed", seed]
    with tempfile.TemporaryDirectory() as folder:  # it leaves a cache where it runs
        status = subprocess.run(arguments, check=False, cwd=folder).returncode
    sys.exit(status)


main()
