"""Requests that are made to be read differently by two programs, and floods by HTTP/2."""

import re
import socket
import ssl
import time

from support import eventually
from test_https import PREFACE, SecureServer, frame, frames, make_certificate, request_fields

CHUNKED = b"Transfer-Encoding: chunked\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def request(fields=b"", body=b"", method=b"POST", target=b"/api/v1/devices/", host=b"Host: localhost\r\n"):
    return method + b" " + target + b" HTTP/1.1\r\n" + host + fields + b"\r\n" + body


def answers(data):
    """The statuses of what came, which has to be well-formed HTTP to the last byte."""
    found = []
    while data:
        match = re.match(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[!-9;-~]+: [^\r\n]*\r\n)*)\r\n", data)
        assert match, data[:300]
        data, status = data[match.end():], int(match[1])
        fields = {name.lower(): value for name, value in re.findall(rb"([^:\r\n]+): ([^\r\n]*)", match[2])}
        found.append(status)
        if status == 100:
            continue
        length = int(fields.get(b"content-length", b"0"))
        assert b"transfer-encoding" not in fields and len(data) >= length, (fields, data[:300])
        assert fields.get(b"x-content-type-options") == b"nosniff", fields
        data = data[length:]
    return found


def test_smuggling(scratch):
    """What frames a request in two ways, or in none, is 400 and ends the connection: no second one is seen."""
    server = scratch.serve(scratch.registry())
    hidden = b"0\r\n\r\n" + SECOND
    cases = {
        "a length and chunks": request(b"Content-Length: 5\r\n" + CHUNKED, hidden),
        "chunks and a length": request(CHUNKED + b"Content-Length: 5\r\n", hidden),
        "two lengths": request(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello" + SECOND),
        "a list of lengths": request(b"Content-Length: 5, 6\r\n", b"hello" + SECOND),
        "a length with a sign": request(b"Content-Length: +5\r\n", b"hello" + SECOND),
        "a length in hex": request(b"Content-Length: 0x5\r\n", b"hello" + SECOND),
        "a length beyond all numbers": request(b"Content-Length: 99999999999999999999\r\n", SECOND),
        "a coding before chunked": request(b"Transfer-Encoding: identity, chunkedx\r\n", hidden),
        "chunked not at the end": request(b"Transfer-Encoding: chunked, identity\r\n", hidden),
        "chunked twice": request(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked, x\r\n", hidden),
        "a tab before chunked's colon": request(b"Transfer-Encoding\t: chunked\r\n", hidden),
        "a blank before a colon": request(b"Content-Length : 5\r\n", b"hello" + SECOND),
        "a folded length": request(b"X-A: b\r\n Content-Length: 5\r\n", b"hello", method=b"GET", target=b"/healthz\n"),
        "a field without name": request(b": x\r\n"),
        "a line without colon": request(b"nothing\r\n"),
        "a zero byte in a value": request(b"X-A: a\x00b\r\n"),
        "a carriage return in a value": request(b"X-A: a\rContent-Length: 5\r\n"),
        "a chunk of no length": request(CHUNKED, b"\r\nabc\r\n" + hidden),
        "a chunk with a sign": request(CHUNKED, b"-1\r\nabc\r\n" + hidden),
        "a chunk beyond all numbers": request(CHUNKED, b"ffffffffffffffffff\r\nabc\r\n" + hidden),
        "a chunk longer than it says": request(CHUNKED, b"1\r\nabc\r\n" + hidden),
        "no host": request(host=b""),
        "two hosts": request(host=b"Host: localhost\r\nHost: evil.example\r\n"),
        "two hosts in one": request(host=b"Host: localhost, evil.example\r\n"),
        "a host with a user": request(host=b"Host: localhost@evil.example\r\n"),
        "a host with a path": request(host=b"Host: localhost/evil\r\n"),
        "a target of another host": request(target=b"http://evil.example/api/v1/health/", method=b"GET"),
        "a target of two hosts": request(target=b"http://localhost@evil.example/api/v1/health/", method=b"GET"),
        "a target of another scheme": request(target=b"ftp://localhost/healthz", method=b"GET"),
        "a target without slash": request(target=b"healthz", method=b"GET"),
        "HTTP/2 as text": b"GET /healthz HTTP/2.0\r\nHost: localhost\r\n\r\n",
        "HTTP/1.9": b"GET /healthz HTTP/1.9\r\nHost: localhost\r\n\r\n",
        "HTTP/0.9": b"GET /healthz\r\n\r\n",
    }
    for name, data in cases.items():
        found = answers(server.raw(data + SECOND))
        # What is well framed, and refused for the name, does not end the connection.
        assert found == [400] or (found == [400, 200] and b"evil" in data), (name, found)
    assert server.get("/healthz").status == 200


def test_lenient_forms(scratch):
    """Chunk extensions, trailers, and a target that is a whole address are read as RFC 9112 says."""
    server = scratch.serve(scratch.registry())
    end = b"Content-Type: application/json\r\nConnection: close\r\n"
    body = b'{"uid": "r1", "address": "10.0.0.1"}'
    chunks = b"%x;name=\"v\"\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(body), body)
    assert answers(server.raw(request(CHUNKED + end, chunks))) == [201]
    whole = request(b"Connection: close\r\n", method=b"GET", target=b"http://localhost/healthz", host=b"Host: evil.example\r\n")
    assert answers(server.raw(whole)) == [200]
    made = request(CHUNKED + end, chunks.replace(b"r1", b"r2"), host=b"Host: evil.example\r\n",
                   target=b"http://registry.localhost:81/api/v1/devices/")
    answer = server.raw(made)
    assert answers(answer) == [201] and b"evil" not in answer, answer
    assert answers(server.raw(request(b"Connection: close\r\n", method=b"OPTIONS", target=b"*")))[0] < 500
    for method, target in ((b"CONNECT", b"evil.example:443"), (b"TRACE", b"/"), (b"PRI", b"*")):
        found = answers(server.raw(request(b"Connection: close\r\n", method=method, target=target)))
        assert found and 400 <= found[0] < 500, (method, found)


def test_long_fields(scratch):
    """Fields and targets beyond what the server reads are refused, however they are cut."""
    server = scratch.serve(scratch.registry())
    cases = {
        "a long target": request(method=b"GET", target=b"/" + b"a" * (1 << 20)),
        "a long field": request(b"X-A: " + b"a" * (1 << 20) + b"\r\n"),
        "a long name": request(b"X" * (1 << 20) + b": a\r\n"),
        "many fields": request(b"".join(b"X-%d: a\r\n" % number for number in range(20_000))),
        "a long method": request(method=b"G" * (1 << 20)),
        "a long trailer": request(CHUNKED, b"0\r\n" + b"X-A: " + b"a" * (1 << 20) + b"\r\n\r\n"),
    }
    for name, data in cases.items():
        with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
            try:
                connection.sendall(data)
            except OSError:
                continue  # It was closed before the end.
            received = connection.recv(65536)
            assert received == b"" or re.match(rb"HTTP/1\.1 4\d\d ", received), (name, received[:200])
    assert server.get("/healthz").status == 200


class Flood:
    """A connection by HTTP/2 on which much is sent, and what the server makes of it."""

    def __init__(self, server):
        self.connection = server.connect(["h2"])
        self.connection.sendall(PREFACE)

    def send(self, pieces):
        """Sends until the server has had enough; returns whether it had."""
        self.connection.settimeout(0.001)
        for piece in pieces:
            try:
                self.connection.settimeout(10)
                self.connection.sendall(piece)
            except (OSError, ssl.SSLError):
                return True
        return False

    def end(self, seconds=10):
        """The error code with which the server ends the connection; None while it goes on."""
        code = None
        try:
            for kind, _, _, payload in frames(self.connection, seconds):
                if kind == 7:
                    code = int.from_bytes(payload[4:8], "big")
        except (OSError, ssl.SSLError):
            pass
        return code


GET = request_fields("/healthz", b"\x82")


def floods():
    """Each kind of flood: its pieces, of which the server must not take all in silence."""
    streams = range(1, 200_001, 2)
    yield "rapid reset", [frame(1, 5, stream, GET) + frame(3, 0, stream, b"\0\0\0\x08") for stream in streams]
    yield "continuation", [frame(1, 0, 1, GET)] + [frame(9, 0, 1, b"\x00\x01a\x01b" * 100)] * 20_000
    yield "empty continuation", [frame(1, 0, 1, GET)] + [frame(9, 0, 1)] * 20_000
    yield "settings", [frame(4, 0, 0, b"\x00\x04\x00\x00\xff\xff" * 100)] * 100_000
    yield "pings", [frame(6, 0, 0, b"12345678")] * 100_000
    yield "empty data", [frame(1, 4, 1, request_fields("/api/v1/devices/"))] + [frame(0, 0, 1)] * 20_000
    yield "fields that never end", [frame(1, 4, 1, GET[:-17] + b"\x00\x01a\x7f\x80\x80\x08" + b"a" * 16_000)] + \
        [frame(1, 5, stream, b"\x82\x87\x84\x41\x09localhost" + b"\xbe" * 16_000) for stream in range(3, 2_000, 2)]


def test_floods_of_http2(scratch):
    """Floods of resets, settings, pings, continuations and empty frames end their connection, and no other."""
    registry = scratch.registry()
    server = SecureServer(scratch, registry.path, *make_certificate(scratch.path))
    for name, pieces in floods():
        flood = Flood(server)
        start = time.monotonic()
        ended = flood.send(pieces)
        code = flood.end(3) if not ended else None
        began = time.monotonic()
        assert server.get("/healthz").status == 200, name
        waited = time.monotonic() - began
        print(f"    {name}: {'ended' if ended else code} after {began - start:.1f} s, others wait {waited * 1000:.0f} ms")
        assert waited < 1, (name, waited)
        assert server.process.poll() is None, name
        flood.connection.close()
    memory = int(open(f"/proc/{server.process.pid}/status").read().split("VmRSS:")[1].split()[0])
    assert memory < 400 << 10, f"{memory} KiB"


def test_many_streams_of_http2(scratch):
    """A connection has a hundred streams at most; more are refused, and the others answered."""
    registry = scratch.registry()
    server = SecureServer(scratch, registry.path, *make_certificate(scratch.path))
    with server.connect(["h2"]) as connection:
        connection.sendall(PREFACE)
        fields = request_fields("/api/v1/devices/")
        connection.sendall(b"".join(frame(1, 4, stream, fields) for stream in range(1, 401, 2)))
        refused = set()
        for kind, _, stream, payload in frames(connection, 3):
            if kind == 3 and payload == b"\0\0\0\x07":
                refused.add(stream)
            if kind == 7:
                break
        assert len(refused) >= 90 or kind == 7, refused
    eventually(lambda: server.get("/healthz").status == 200)
