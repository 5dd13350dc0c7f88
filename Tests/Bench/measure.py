"""The server, the load generators, and numbers out of both."""

import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
LOAD = HERE.parent.parent / ".build/load"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The program, serving with few words; `start_seconds` is from its start to ready."""

    def __init__(self, binary, registry, *options, environment=None):
        self.registry, self.port = registry, free_port()
        start = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "serve", "--registry", registry.path, "--port", str(self.port), "--log-level", "error", *options],
            stdin=subprocess.DEVNULL, env=environment)
        while not self.is_ready():
            assert self.process.poll() is None, "the server has ended"
            time.sleep(0.002)
        self.start_seconds = time.monotonic() - start

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def is_ready(self):
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path, method="GET", headers=()):
        """The status, the fields and the body of one answer; `headers` are lines."""
        more = "".join(f"{line}\r\n" for line in headers)
        request = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n"
        with socket.create_connection(("127.0.0.1", self.port), 120) as connection:
            connection.sendall(request.encode())
            received = b""
            while part := connection.recv(1 << 20):
                received += part
        if not received:
            raise ConnectionError("no answer")
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1)[:1] + line.split(": ", 1)[1:] for line in lines[1:])
        return int(lines[0].split()[1]), fields, body

    @property
    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) * 1024

    def wait_until_quiet(self, seconds=60):
        """Waits until it uses hardly any processor time."""
        end = time.monotonic() + seconds
        last = self.ticks()
        while time.monotonic() < end:
            time.sleep(1)
            now = self.ticks()
            if now - last <= 5:
                return
            last = now

    def ticks(self):
        words = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(words[11]) + int(words[12])


def wrk(server, path, connections, seconds, fields=()):
    """Requests a second, and the latency in seconds of half and of 99 of 100."""
    output = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency",
         "--timeout", "30s", *(word for field in fields for word in ("--header", field)),
         f"http://127.0.0.1:{server.port}{path}"], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in output and "\n  0 requests" not in output, f"{path}: {output}"
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
            "p50": latency(output, 50), "p99": latency(output, 99)}


def latency(output, percent):
    number, unit = re.search(rf"(?m)^ +{percent}%\s+([\d.]+)(us|ms|s)", output).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def load(*words):
    """Runs the generator of load.c to its end."""
    output = subprocess.run([LOAD, *map(str, words)], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def load_beside(*words):
    """Starts the generator; `finish` of the result waits for it."""
    process = subprocess.Popen([LOAD, *map(str, words)], stdout=subprocess.PIPE, text=True)
    return lambda: json.loads(process.communicate()[0])


def alternate(rounds, *measurements):
    """Runs the measurements in turn, `rounds` times; for each the median of every number."""
    results = [[] for _ in measurements]
    for _ in range(rounds):
        for place, measurement in zip(results, measurements):
            place.append(measurement())
    return [{name: statistics.median(result[name] for result in place) for name in place[0]} for place in results]


def processor():
    """`2 cores of <name>`"""
    match = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{len(os.sched_getaffinity(0))} cores of {match.group(1) if match else os.uname().machine}"
