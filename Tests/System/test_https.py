"""HTTPS: certificates, protocols, HTTP/2, and the same limits as without."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import time

from support import Answer, Server, eventually, free_port, muster, need


def make_certificate(folder, name="server", key="ec"):
    """A certificate for 127.0.0.1 that signs itself; returns its file and its key's."""
    need("openssl")
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    algorithm = ["-newkey", "rsa:2048"] if key == "rsa" else [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run(
        ["openssl", "req", "-x509", *algorithm, "-nodes", "-keyout", private, "-out", certificate,
         "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True)
    return certificate, private


class SecureServer(Server):
    """The program, serving HTTPS; its certificate is trusted here."""

    def __init__(self, scratch, path, certificate, key, *options):
        self.certificate = certificate
        super().__init__(scratch, path, "--tls-cert", certificate, "--tls-key", key, *options)
        self.base = f"https://127.0.0.1:{self.port}"
        scratch.servers.append(self)
        self.wait_until_ready()

    def connect(self, protocols=("http/1.1",), **versions):
        context = ssl.create_default_context(cafile=self.certificate)
        context.set_alpn_protocols(protocols)
        for name, version in versions.items():
            setattr(context, name, version)
        connection = socket.create_connection(("127.0.0.1", self.port), 15)
        return context.wrap_socket(connection, server_hostname="127.0.0.1")

    def call(self, method, path, body=None, headers=None, timeout=30):
        context = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)
        headers = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers or {}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def curl(self, *arguments):
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--max-time", "30", "--cacert", self.certificate,
             *map(str, arguments)], capture_output=True, check=True).stdout


def served(scratch, *options, key="ec"):
    registry = scratch.registry()
    return SecureServer(scratch, registry.path, *make_certificate(scratch.path, key=key), *options)


def test_both_protocols_over_tls(scratch):
    """HTTP/2 and HTTP/1.1 read and write over TLS, with EC and RSA keys, and links say https."""
    need("curl")
    for key in ("ec", "rsa"):
        (scratch.path / key).mkdir()
        registry = scratch.registry(f"{key}/registry")
        server = SecureServer(scratch, registry.path, *make_certificate(scratch.path / key, key=key))
        for version, uid in (("--http2", "two"), ("--http1.1", "one")):
            posted = server.curl(
                version, "--json", json.dumps({"uid": uid, "address": "10.0.0.1"}), "--write-out",
                " %{http_version} %{http_code}", server.base + "/api/v1/devices/")
            assert posted.endswith(b" 2 201" if uid == "two" else b" 1.1 201"), posted
        devices = json.loads(server.curl("--http2", server.base + "/api/v1/devices/"))
        assert [device["uid"] for device in devices] == ["two", "one"]
        page = server.curl("--http2", server.base + "/devices/two").decode()
        assert "wss%3A%2F%2F" in page and f"https://127.0.0.1:{server.port}" in page, page
        registry.check()
        assert server.stop() == 0


def test_old_and_plain_protocols_are_refused(scratch):
    """TLS 1.1, plain HTTP and silence end the connection; TLS 1.2 and 1.3 are spoken."""
    server = served(scratch)
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        with server.connect(minimum_version=version, maximum_version=version) as connection:
            assert connection.version() == name
    old = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_1",
         "-cipher", "ALL:@SECLEVEL=0"],
        input=b"", capture_output=True)
    assert old.returncode != 0 and b"Cipher is (NONE)" in old.stdout, old.stdout
    plain = server.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"HTTP/1.1 200" not in plain and b"<timeout>" not in plain, plain
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), 30) as silent:
        assert silent.recv(1) == b""
    assert 5 < time.monotonic() - start < 20
    assert server.get("/healthz").status == 200


def test_certificates_are_taken_anew(scratch):
    """A new certificate is shown to new connections; a broken one leaves the old and is logged."""
    server = served(scratch)

    def shown():
        with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
            context = ssl._create_unverified_context()
            with context.wrap_socket(connection) as secure:
                return secure.getpeercert(binary_form=True)

    kept = server.connect()
    first = shown()
    certificate, key = scratch.path / "server.pem", scratch.path / "server.key"
    new = make_certificate(scratch.path, "new")
    os.replace(new[1], key)
    os.replace(new[0], certificate)
    eventually(lambda: shown() != first, 10, "the new certificate")
    second = shown()
    assert server.get("/healthz").status == 200

    certificate.write_text("no certificate")
    eventually(lambda: "The old certificate stays in use" in server.log.read_text(), 10, "the log line")
    assert shown() == second
    time.sleep(3)
    assert server.log.read_text().count("The old certificate stays in use") == 1
    # The connection from before goes on.
    kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert b"200 OK" in kept.recv(1000)


def test_unusable_files_are_named(scratch):
    """A missing file, a key that does not fit and one with a passphrase are each one clear line."""
    registry = scratch.registry()
    certificate, key = make_certificate(scratch.path)
    _, other = make_certificate(scratch.path, "other")
    locked = scratch.path / "locked.key"
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", key, "-out", locked, "-passout", "pass:x"], check=True)
    for cert, private, words in (
        (scratch.path / "none.pem", key, "Cannot read"), (certificate, scratch.path / "none.key", "Cannot read"),
        (certificate, other, "is not that of the first certificate"), (certificate, locked, "passphrase"),
        (key, key, "holds no certificate"), (certificate, certificate, "holds no private key"),
        (scratch.path, key, "Cannot read"),
    ):
        result = muster("serve", "--registry", registry.path, "--port", free_port(), "--tls-cert", cert,
                        "--tls-key", private, "--log-level", "error", check=False)
        assert result.returncode == 1 and words in result.stderr, (words, result.returncode, result.stderr)
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    alone = muster("serve", "--registry", registry.path, "--tls-cert", certificate, check=False)
    assert alone.returncode == 2 and "--tls-key" in alone.stderr, alone.stderr


def test_limits_hold_over_tls(scratch):
    """Slow fields, slow bodies and Expect: 100-continue are treated over TLS as without."""
    server = served(scratch)
    with server.connect() as slow:
        slow.settimeout(30)
        start = time.monotonic()
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: ")
        answer = slow.recv(1000)
        assert answer.startswith(b"HTTP/1.1 408 ") and 5 < time.monotonic() - start < 20, answer
    with server.connect() as waiting:
        waiting.sendall(b"POST /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                        b"Content-Type: application/json\r\nContent-Length: 36\r\n\r\n")
        assert waiting.recv(1000).startswith(b"HTTP/1.1 100 ")
        waiting.sendall(b'{"uid": "r1", "address": "10.0.0.1"}')
        assert waiting.recv(1000).startswith(b"HTTP/1.1 201 ")
    with server.connect() as slow:
        slow.settimeout(30)
        slow.sendall(b"POST /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\n"
                     b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
        assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert server.get("/healthz").status == 200


def frame(kind, flags, stream, payload=b""):
    """A frame of HTTP/2 (RFC 9113, section 4.1)."""
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def request_fields(path, method=b"\x83"):
    """The fields of a request as HPACK literals (RFC 7541); the method is POST."""
    text = path.encode()
    return (method + b"\x87" + b"\x04" + bytes([len(text)]) + text + b"\x01\x09localhost"
            + b"\x0f\x10\x10application/json")


def frames(connection, seconds):
    """(kind, flags, stream, payload) of every frame until the connection ends, or time is up."""
    received, end = b"", time.monotonic() + seconds
    while True:
        while len(received) >= 9 and len(received) >= 9 + (length := int.from_bytes(received[:3], "big")):
            yield received[3], received[4], int.from_bytes(received[5:9], "big"), received[9:9 + length]
            received = received[9 + length:]
        connection.settimeout(max(0.01, end - time.monotonic()))
        try:
            part = connection.recv(65536)
        except TimeoutError:
            return
        if not part:
            return
        received += part


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)


def test_slow_bodies_over_http2(scratch):
    """A body that stops is given up on its stream; others of the connection are answered meanwhile."""
    server = served(scratch)
    with server.connect(["h2"]) as connection:
        assert connection.selected_alpn_protocol() == "h2"
        connection.sendall(PREFACE + frame(1, 4, 1, request_fields("/api/v1/devices/")) + frame(0, 0, 1, b"{"))
        connection.sendall(frame(1, 5, 3, request_fields("/api/v1/health/", b"\x82")))
        start, answered = time.monotonic(), {}
        for kind, flags, stream, _ in frames(connection, 20):
            if kind == 1:
                answered[stream] = time.monotonic() - start
            if kind == 3 or (stream == 1 and flags & 1 and kind in (0, 1)):
                break
        assert answered[3] < 3, answered
        assert 3 < answered[1] < 15, answered
    assert server.get("/healthz").status == 200


def test_large_bodies_over_http2(scratch):
    """Dashboards of megabytes go up and down over HTTP/2, and bodies beyond the limit are 413."""
    need("curl")
    server = served(scratch)
    path = server.base + "/api/v1/applications/grafana/dashboards/"
    body = scratch.path / "body.json"
    body.write_text(json.dumps({"uid": "large", "dashboard": {"text": "x" * (20 << 20)}}))
    code = server.curl("--http2", "--json", f"@{body}", "-o", "/dev/null", "-w", "%{http_code}", path)
    assert code == b"201", code
    down = server.curl("--http2", "--compressed", path + "large/")
    assert json.loads(down) == {"text": "x" * (20 << 20)}
    body.write_text("x" * (33 << 20))
    code = subprocess.run(
        ["curl", "-s", "--http2", "--cacert", server.certificate, "--json", f"@{body}", "-o", "/dev/null",
         "-w", "%{http_code}", path], capture_output=True).stdout
    assert code == b"413", code


def test_stopping_over_http2(scratch):
    """A server that is told to stop ends idle connections of HTTP/2 and exits."""
    server = served(scratch)
    connection = server.connect(["h2"])
    connection.sendall(PREFACE)
    time.sleep(0.5)
    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 10
    connection.close()
