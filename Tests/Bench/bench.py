#!/usr/bin/env python3
"""Measures requests per second of the given binary with wrk, on a fresh registry in a temporary folder.

    bench.py BINARY [--seconds N] [--devices N] [--folder DIR]

Server and load generator share this machine, so the numbers are for comparison with others taken the
same way on the same machine.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

POST = """
local started = 0
function setup(thread) thread:set("number", started); started = started + 1 end
local count = 0
function request()
  count = count + 1
  local body = string.format('{"uid": "bench-%s-%d-%d", "address": "10.2.3.4"}', RUN, number, count)
  return wrk.format("POST", "/api/v1/devices/", {["Content-Type"] = "application/json"}, body)
end
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fill(port, count):
    """A dashboard of each kind and `count` devices that use them."""
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def post(path, body):
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        assert response.status == 201, (path, response.status)

    for kind in ("grafana", "foxglove"):
        post(f"/api/v1/applications/{kind}/dashboards/", {"uid": "board", "dashboard": {"title": "Board"}})
    for number in range(count):
        post("/api/v1/devices/", {
            "uid": f"robot-{number}", "address": f"10.1.{number // 250 % 256}.{number % 250 + 1}",
            "public_ssh_key": "ssh-ed25519 " + "A" * 68,
            "grafana_dashboards": ["board"], "foxglove_dashboards": ["board"]})


def wrk(port, path, connections, seconds, script=None):
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--latency", *(["--script", script] if script else []), f"http://127.0.0.1:{port}{path}"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def find(pattern):
        match = re.search(pattern, output)
        return match.group(1) if match else "-"

    failed = find(r"Non-2xx or 3xx responses: (\d+)")
    return find(r"Requests/sec:\s+([\d.]+)"), find(r"(?m)^ +50%\s+(\S+)"), find(r"(?m)^ +99%\s+(\S+)"), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--folder", help="where the registry is made; a folder of the disk to measure")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory(prefix="muster-bench-", dir=options.folder) as scratch:
        registry, port = pathlib.Path(scratch, "registry"), free_port()
        subprocess.run([binary, "init", registry], check=True, capture_output=True)
        server = subprocess.Popen(
            [binary, "serve", "--registry", registry, "--port", str(port), "--log-level", "error"])
        try:
            while subprocess.run(["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{port}/readyz"]).returncode:
                assert server.poll() is None, "the server has ended"
                time.sleep(0.05)
            fill(port, options.devices)
            print(f"{os.cpu_count()} cores, {options.devices} devices, {options.seconds} s each")
            print(f"{'request':<36}{'clients':>8}{'per second':>12}{'p50':>10}{'p99':>10}{'failed':>8}")
            cases = [("GET health", "/api/v1/health/", 8), ("GET one device", "/api/v1/devices/robot-7/", 8),
                     (f"GET list of {options.devices}", "/api/v1/devices/", 2),
                     ("GET device page", "/devices/robot-7", 8)]
            for name, path, connections in cases:
                row(name, connections, wrk(port, path, connections, options.seconds))
            for run, connections in enumerate((1, 32, 256)):
                script = pathlib.Path(scratch, f"post-{run}.lua")
                script.write_text(POST.replace("RUN", f'"{run}"'))
                row("POST device", connections,
                    wrk(port, "/", connections, options.seconds, str(script)))
        finally:
            server.terminate()
            server.wait()
        commits = subprocess.run(["git", "-C", registry, "rev-list", "--count", "main"],
                                 check=True, capture_output=True, text=True).stdout.strip()
        print(f"{commits} commits, one for each write")


def row(name, connections, result):
    rate, median, tail, failed = result
    print(f"{name:<36}{connections:>8}{rate:>12}{median:>10}{tail:>10}{failed:>8}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
