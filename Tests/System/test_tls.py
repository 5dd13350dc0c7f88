"""What TLS is spoken, looked at with openssl as testssl does."""

import re
import socket
import subprocess

from support import need
from test_https import SecureServer, make_certificate

OLD = ["-cipher", "ALL:@SECLEVEL=0"]


def hello(server, *options, text=b""):
    """What openssl's client says of a handshake."""
    need("openssl")
    result = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", "localhost", *options],
        input=text, capture_output=True, timeout=30)
    return (result.stdout + result.stderr).decode(errors="replace")


def agreed(server, *options):
    """Protocol and cipher that both agree on; None where they do not."""
    said = hello(server, *options)
    match = re.search(r"New, (\S+), Cipher is (\S+)", said)
    return match.groups() if match and match[2] != "(NONE)" else None


def served(scratch, key="ec"):
    return SecureServer(scratch, scratch.registry().path, *make_certificate(scratch.path, key=key))


def test_protocols(scratch):
    """TLS 1.2 and 1.3 are spoken; SSL 3, TLS 1.0 and 1.1 are refused, whatever the client offers beside them."""
    server = served(scratch)
    assert agreed(server, "-tls1_2")[0] == "TLSv1.2"
    assert agreed(server, "-tls1_3")[0] == "TLSv1.3"
    assert agreed(server)[0] == "TLSv1.3"
    for old in "-tls1", "-tls1_1":
        said = hello(server, old, *OLD)
        assert "Cipher is (NONE)" in said and re.search("alert|no protocols available", said), said
    # A hello of SSL 3 and one of SSL 2, which openssl has forgotten.
    for data in (bytes.fromhex("16030000310100002d0300") + b"\0" * 32 + bytes.fromhex("000006000a000500040100"),
                 bytes.fromhex("802e0100020015000000100100800700c0030080060040020080040080")+ b"\0" * 16):
        with socket.create_connection(("127.0.0.1", server.port), 15) as connection:
            connection.sendall(data)
            answer = connection.recv(100)
            assert not answer or answer[0] == 0x15, answer


def test_ciphers(scratch):
    """With TLS 1.2 there are only ciphers with forward secrecy and authenticated encryption."""
    for key in "ec", "rsa":
        folder = scratch.path / key
        folder.mkdir()
        registry = scratch.registry(f"{key}/registry")
        server = SecureServer(scratch, registry.path, *make_certificate(folder, key=key))
        listed = subprocess.run(["openssl", "ciphers", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], capture_output=True, text=True, check=True)
        taken = set()
        for cipher in listed.stdout.strip().split(":"):
            if cipher.startswith("TLS_"):
                continue
            both = agreed(server, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
            if both:
                taken.add(both[1])
        print(f"    {key}: {' '.join(sorted(taken))}")
        assert taken and all(cipher.startswith("ECDHE-") and ("GCM" in cipher or "CHACHA20" in cipher) for cipher in taken), taken
        for cipher in "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256":
            assert agreed(server, "-tls1_3", "-ciphersuites", cipher) == ("TLSv1.3", cipher)
        for group in "X25519", "P-256":
            assert agreed(server, "-tls1_3", "-groups", group), group
        server.kill()


def test_what_is_agreed_besides(scratch):
    """HTTP/2 and HTTP/1.1 by ALPN; no compression, no renegotiation, no early data; a foreign protocol is refused."""
    server = served(scratch)
    assert "ALPN protocol: h2" in hello(server, "-alpn", "h2,http/1.1")
    assert "ALPN protocol: http/1.1" in hello(server, "-alpn", "http/1.1")
    assert "ALPN protocol: " not in hello(server, "-alpn", "spdy/3")
    said = hello(server, "-tls1_2", "-comp")
    assert "Compression: NONE" in said and "Secure Renegotiation IS supported" in said, said
    assert "Early data was not sent" in hello(server, "-tls1_3") or "Max Early Data: 0" in hello(server, "-tls1_3")
    again = hello(server, "-tls1_2", "-legacy_renegotiation", text=b"R\n" + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert "RENEGOTIATING" in again and "200 OK" not in again, again
    assert server.get("/healthz").status == 200


def test_browsers_are_told(scratch):
    """By TLS browsers are told to stay with it; without they are not, nor by a name of this machine."""
    server = served(scratch)
    answer = server.get("/healthz")
    assert answer.headers["Strict-Transport-Security"] == "max-age=2592000", answer.headers
    assert server.get("/nothing").headers["Strict-Transport-Security"]
    assert server.get("/healthz", Host="localhost").headers["Strict-Transport-Security"] is None
    server.stop()
    plain = scratch.serve(scratch.registry("plain"))
    assert plain.get("/healthz").headers["Strict-Transport-Security"] is None
