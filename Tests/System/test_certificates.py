"""Client certificates: a connection that shows a device's registered certificate is that device."""

import json
import subprocess

from support import device_path, eventually, muster, need
from test_accounts import add
from test_https import SecureServer, make_certificate

ACCESS = "/api/registry/v1/access"


class Authority:
    """An authority made with openssl, and the certificates that it issues."""

    def __init__(self, folder, name="authority"):
        need("openssl")
        need("curl")
        self.folder, self.name = folder, name
        self.file, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        self.openssl("req", "-x509", *self.new_key(self.key), "-out", self.file, "-days", "2",
                     "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                     "-addext", "keyUsage=critical,keyCertSign")

    @staticmethod
    def new_key(file):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file]

    @staticmethod
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def request(self, device, file=None):
        """A request of a device; its text."""
        file = file or device
        request = self.folder / f"{file}.csr"
        self.openssl("req", "-new", *self.new_key(self.folder / f"{file}.key"), "-out", request,
                     "-subj", f"/CN={device}")
        return request.read_text()

    def issue(self, file, *options, days="2"):
        """Signs a request; the certificate's text."""
        certificate = self.folder / f"{file}.pem"
        extensions = self.folder / f"{file}.ext"
        extensions.write_text("\n".join(["basicConstraints=critical,CA:FALSE", *options]) + "\n")
        self.openssl("x509", "-req", "-in", self.folder / f"{file}.csr", "-CA", self.file, "-CAkey", self.key,
                     "-CAcreateserial", "-days", days, "-out", certificate, "-extfile", extensions)
        return certificate.read_text()

    def sign_itself(self, file, days="2"):
        """Signs a request with the key that it is for."""
        self.openssl("x509", "-req", "-in", self.folder / f"{file}.csr", "-signkey", self.folder / f"{file}.key",
                     "-days", days, "-out", self.folder / f"{file}.pem")


def start(scratch, authority):
    """A server with an account, so that it asks who comes, and the administrator's login."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = SecureServer(scratch, registry.path, *make_certificate(scratch.path), "--tls-client-ca", authority.file)
    return registry, server


LOGIN = ["--user", "ada:correct horse battery"]


def ask(server, path, *options, file=None):
    """The answer's code and body; `file` is the certificate that is shown."""
    shown = ["--cert", server.folder / f"{file}.pem", "--key", server.folder / f"{file}.key"] if file else []
    out = server.curl(*shown, *options, "--write-out", "\n%{http_code}", server.base + path).decode()
    body, code = out.rsplit("\n", 1)
    return int(code), body


def add_device(server, uid):
    code, body = ask(server, "/api/v1/devices/", *LOGIN, "--json", json.dumps({"uid": uid, "address": "10.0.0.1"}))
    assert code == 201, body


def register(server, authority, uid, certificate=None):
    """Sends the request of a device, and what was issued for it."""
    path = device_path(uid) + "certificate/"
    csr = (authority.folder / f"{uid}.csr").read_text()
    code, body = ask(server, path, *LOGIN, "--json", json.dumps({"csr": csr}))
    assert code == 202, body
    if certificate:
        update = {"status": "signed", "certificate": certificate, "chain": certificate}
        code, body = ask(server, path, *LOGIN, "--request", "PATCH", "--json", json.dumps(update))
        assert code == 200, body


def who(server, *options, file=None):
    code, body = ask(server, ACCESS, *options, file=file)
    if code != 200:
        return code, body
    answer = json.loads(body)
    return answer["way"], answer.get("device")


def test_registered_certificate(scratch):
    """A registered certificate is its device's, over HTTP/1.1 and HTTP/2; without one the same client is nobody."""
    authority = Authority(scratch.path)
    registry, server = start(scratch, authority)
    server.folder = scratch.path
    add_device(server, "robot-1")
    authority.request("robot-1")
    register(server, authority, "robot-1", authority.issue("robot-1"))
    for version in ("--http1.1", "--http2"):
        assert who(server, version, file="robot-1") == ("certificate", "robot-1")
    assert who(server)[0] in (401, "none")
    # Who says more of himself is that one.
    assert who(server, *LOGIN, file="robot-1")[0] == "password"
    for tls in ("1.2", "1.3"):
        assert who(server, "--tls-max", tls, f"--tlsv{tls}", file="robot-1") == ("certificate", "robot-1")


def test_foreign_certificates(scratch):
    """Another device's, another authority's, an expired and a denied certificate are each refused with 401 and a reason."""
    authority, other = Authority(scratch.path), Authority(scratch.path, "other")
    registry, server = start(scratch, authority)
    server.folder = scratch.path
    for uid in ("robot-1", "robot-2"):
        add_device(server, uid)
        authority.request(uid)
    register(server, authority, "robot-1", authority.issue("robot-1"))
    # The same name, another certificate.
    authority.request("robot-1", "second")
    authority.issue("second")
    assert who(server, file="second")[0] == 401
    # No certificate is registered: the authority's word counts, another's does not.
    authority.issue("robot-2")
    assert who(server, file="robot-2") == ("certificate", "robot-2")
    other.request("robot-2", "foreign")
    other.issue("foreign")
    code, body = who(server, file="foreign")
    assert code == 401 and "certificate" in body, body
    authority.request("robot-2", "web")
    authority.issue("web", "extendedKeyUsage=serverAuth")
    assert who(server, file="web")[0] == 401
    authority.request("nobody")
    authority.issue("nobody")
    assert who(server, file="nobody")[0] == 401
    path = device_path("robot-1") + "certificate/"
    ask(server, path, *LOGIN, "--request", "PATCH", "--json", json.dumps({"status": "denied"}))
    assert who(server, file="robot-1")[0] == 401


def test_own_certificates(scratch):
    """A certificate that signs itself counts once it is registered, and not after its time."""
    authority = Authority(scratch.path)
    registry, server = start(scratch, authority)
    server.folder = scratch.path
    add_device(server, "robot-1")
    authority.request("robot-1")
    authority.sign_itself("robot-1")
    assert who(server, file="robot-1")[0] == 401
    register(server, authority, "robot-1", (scratch.path / "robot-1.pem").read_text())
    assert who(server, file="robot-1") == ("certificate", "robot-1")
    authority.sign_itself("robot-1", days="-1")
    register(server, authority, "robot-1", (scratch.path / "robot-1.pem").read_text())
    code, body = who(server, file="robot-1")
    assert code == 401 and "expired" in body, body


def test_authorities_are_taken_anew(scratch):
    """A new file of authorities counts for new connections; one that cannot be read is refused at the start."""
    authority, other = Authority(scratch.path), Authority(scratch.path, "other")
    registry, server = start(scratch, authority)
    server.folder = scratch.path
    add_device(server, "robot-1")
    other.request("robot-1")
    other.issue("robot-1")
    assert who(server, file="robot-1")[0] == 401
    authority.file.write_text(authority.file.read_text() + other.file.read_text())
    eventually(lambda: who(server, file="robot-1") == ("certificate", "robot-1"), 8)
    wrong = muster("serve", "--registry", registry.path, "--tls-cert", server.certificate, "--tls-key",
                   scratch.path / "server.key", "--tls-client-ca", scratch.path / "server.key", "--port", "0",
                   check=False)
    assert wrong.returncode == 1 and "holds no certificate" in wrong.stderr or "served already" in wrong.stderr
    alone = muster("serve", "--tls-client-ca", authority.file, check=False)
    assert alone.returncode == 2 and "--tls-cert" in alone.stderr, alone.stderr
