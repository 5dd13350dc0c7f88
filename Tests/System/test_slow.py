"""Slow clients in great number: others are answered meanwhile, and memory stays bounded.

MUSTER_SLOW=10000 takes as many as the server is made for; without it there are fewer.
"""

import http.client
import os
import pathlib
import resource
import socket
import subprocess
import sys
import time

import support
from support import Skip, eventually, free_port
from test_https import SecureServer, make_certificate

# It holds ordinary clients to a time.
ALONE = True
COUNT = int(os.environ.get("MUSTER_SLOW", "1000"))
SECONDS = 4 if COUNT <= 1000 else 25
SLOW = pathlib.Path(__file__).with_name("slow.py")
# What an ordinary client may wait, in seconds.
GOAL = 0.1


class Crowd:
    """Slow clients of one kind, in a process of their own."""

    def __init__(self, scratch, server, kind, count, address="127.0.0.2"):
        self.process = subprocess.Popen(
            [sys.executable, SLOW, str(server.port), kind, str(count), str(SECONDS), "--address", address],
            stdout=subprocess.PIPE, text=True)
        scratch.at_end.append(self.process.kill)

    def wait_until_ready(self):
        line = self.process.stdout.readline()
        assert line == "ready\n", line

    @property
    def report(self):
        return self.process.communicate()[0].strip()


def latencies(server, crowd):
    """How long an ordinary client waits for an answer, connection and all, again and again."""
    found = []
    while crowd.process.poll() is None:
        start = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", "/api/v1/devices/robot-1/")
        response = connection.getresponse()
        assert response.status == 200, response.status
        response.read()
        connection.close()
        found.append(time.monotonic() - start)
        time.sleep(0.01)
    return sorted(found)


def memory(server):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) * 1024


def need_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < COUNT * 4 // 3 + 1000:
        raise Skip(f"{COUNT} connections take more descriptors than {hard}")


def served(scratch):
    need_descriptors()
    registry = scratch.registry()
    server = scratch.serve(registry)
    for number in range(1, 4):
        server.add_device(f"robot-{number}")
    return server


def beside(scratch, kind, count=COUNT):
    """The waits of an ordinary client beside so many slow ones, the server, and what it grew by."""
    server = served(scratch)
    before = memory(server)
    crowd = Crowd(scratch, server, kind, count)
    crowd.wait_until_ready()
    grown = memory(server) - before
    waits = latencies(server, crowd)
    middle, late = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    print(f"    {crowd.report}; an ordinary client: median {middle * 1000:.1f} ms, 99 % {late * 1000:.1f} ms, "
          f"longest {waits[-1] * 1000:.1f} ms of {len(waits)}; {grown / count / 1024:.1f} KiB a connection")
    assert late < GOAL, f"99 % within {late} s"
    assert grown < count * (64 << 10), f"{grown} bytes for {count} connections"
    assert server.process.poll() is None and server.get("/readyz").status == 200
    return server


def test_silent_clients(scratch):
    """Clients that connect and say nothing keep nobody from an answer within 100 ms."""
    beside(scratch, "idle")


def test_slow_fields(scratch):
    """Clients that send their fields byte by byte keep nobody from an answer within 100 ms."""
    beside(scratch, "fields")


def test_slow_bodies(scratch):
    """Clients that send their bodies byte by byte keep nobody from an answer within 100 ms."""
    beside(scratch, "bodies")


def test_kept_connections(scratch):
    """Connections that wait for their next request are all held, and cost little memory."""
    server = served(scratch)
    before = memory(server)
    crowd = Crowd(scratch, server, "kept", COUNT)
    crowd.wait_until_ready()
    grown = memory(server) - before
    waits = latencies(server, crowd)
    report = crowd.report
    print(f"    {report}; 95 % within {waits[len(waits) * 95 // 100] * 1000:.1f} ms; "
          f"{grown / COUNT / 1024:.1f} KiB a connection")
    assert f"{COUNT} stand, {COUNT} at least" in report, report
    assert waits[len(waits) * 95 // 100] < GOAL
    assert grown < COUNT * (64 << 10), grown


def test_slow_readers(scratch):
    """Clients that take nothing of a long list do not each hold a copy of it."""
    server = served(scratch)
    for number in range(200):
        server.add_device(f"more-{number}", public_ssh_key="k" * 20_000)
    size, count = len(server.get("/api/v1/devices/").body), COUNT // 4
    before = memory(server)
    crowd = Crowd(scratch, server, "readers", count)
    crowd.wait_until_ready()
    waits = latencies(server, crowd)
    grown = memory(server) - before
    print(f"    {crowd.report}; of {size >> 20} MiB each; 95 % within {waits[len(waits) * 95 // 100] * 1000:.1f} ms; "
          f"{grown / count / 1024:.0f} KiB a connection")
    assert waits[len(waits) * 95 // 100] < GOAL
    assert grown < count * 512 << 10, grown


def test_one_address_has_its_share(scratch):
    """One address cannot take all connections: beyond its share it is refused, others are answered."""
    server = limited(scratch, 400)
    crowd = Crowd(scratch, server, "kept", 1000)
    try:
        eventually(lambda: "muster_http_connections_refused_total 0" not in metrics(server), 10, "a refusal")
        start = time.monotonic()
        assert server.get("/healthz").status == 200
        assert time.monotonic() - start < 1
        held = int(metrics(server).split("\nmuster_http_connections ")[1].split()[0])
        assert 100 <= held <= 160, held
    finally:
        crowd.process.kill()


def metrics(server):
    return server.get("/metrics").body.decode()


def limited(scratch, descriptors):
    """A server that may open so many files, connections among them."""
    registry = scratch.registry()
    server = support.Server.__new__(support.Server)
    port = free_port()
    server.path, server.port, server.was_killed = registry.path, port, False
    server.base, server.log = f"http://127.0.0.1:{port}", scratch.path / "server-limited.log"
    with server.log.open("wb") as log:
        server.process = subprocess.Popen(
            ["prlimit", f"--nofile={descriptors}", support.BINARY, "serve", "--registry", registry.path,
             "--port", str(port), "--log-level", "notice"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=scratch.path)
    scratch.servers.append(server)
    server.wait_until_ready()
    return server


def test_no_descriptor_left(scratch):
    """A server that has no descriptor left goes on, and takes connections when there are some again."""
    server = limited(scratch, 400)
    server.add_device("robot-1")
    # Below what it thinks that it may have.
    open_files = len(list(pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir()))
    subprocess.run(
        ["prlimit", f"--pid={server.process.pid}", f"--nofile={open_files + 20}:400"], check=True)
    held = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(60)]
    time.sleep(1)
    assert server.process.poll() is None, server.log.read_text()
    assert "no room for one more connection" in server.log.read_text()
    for connection in held:
        connection.close()
    eventually(lambda: server.get("/healthz").status == 200, 10, "an answer")
    subprocess.run(["prlimit", f"--pid={server.process.pid}", "--nofile=400"], check=True)
    server.add_device("robot-2")
    assert server.stop() == 0


def test_limit_is_raised(scratch):
    """The server may open as many files as the system lets it, whatever the shell's limit is."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
    soft, hard = line.split()[3:5]
    assert soft == hard, line


def test_slow_clients_of_tls(scratch):
    """Clients that begin a handshake and stop keep nobody from an answer within 100 ms."""
    need_descriptors()
    registry = scratch.registry()
    server = SecureServer(scratch, registry.path, *make_certificate(scratch.path))
    crowd = Crowd(scratch, server, "handshake", COUNT)
    crowd.wait_until_ready()
    waits = []
    while crowd.process.poll() is None:
        start = time.monotonic()
        assert server.get("/healthz").status == 200
        waits.append(time.monotonic() - start)
    waits.sort()
    print(f"    {crowd.report}; 95 % within {waits[len(waits) * 95 // 100] * 1000:.1f} ms")
    assert waits[len(waits) * 95 // 100] < GOAL
