"""No secret that a client or the operator gives is ever in a clone, a log, an answer, a metric or a commit message."""

import base64
import json
import os
import pathlib
import secrets
import socket
import subprocess
import threading
import urllib.parse

from support import eventually, free_port, muster, play, shared
from test_craton import PROJECT, fixture
from test_transport import Git, address


class Recorder:
    """Stands between clients and a server, and keeps all that the server says."""

    def __init__(self, scratch, server):
        self.server, self.port, self.said = server, free_port(), bytearray()
        self.base = f"http://127.0.0.1:{self.port}"
        self.listener = socket.create_server(("127.0.0.1", self.port))
        scratch.at_end.append(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            other = socket.create_connection(("127.0.0.1", self.server.port))
            for pair in (client, other), (other, client):
                threading.Thread(target=self.forward, args=pair, daemon=True).start()

    def forward(self, source, target):
        fromServer = target.getsockname()[1] == self.port
        try:
            while data := source.recv(65536):
                if fromServer:
                    self.said += data
                else:  # What is compressed could not be searched.
                    data = data.replace(b"gzip, deflate", b"identity     ")
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def recorded_secrets():
    """What the recorded clients sent in `Authorization`."""
    for file in sorted(shared("golden/cos").glob("*.jsonl")):
        for line in file.read_text().split("\n"):
            if not line.startswith("{"):
                continue
            for name, value in json.loads(line).get("request", {}).get("headers", {}).items():
                if name.lower() == "authorization":
                    yield value.split()[-1]


def spellings(secret):
    """A secret as it is, and as encodings have it, whatever stands before it."""
    bytes_ = secret.encode()
    yield bytes_
    yield bytes_.hex().encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + bytes_)
        # The first and the last group depend on what stands beside.
        yield encoded[4:-4] if shift else encoded[:-4]


def find(known, data, place):
    for name, secret in known.items():
        for spelling in spellings(secret):
            assert len(spelling) < 8 or spelling not in data, f"{name} is in {place}"


def objects_of(path):
    """Every object of a repository, whether or not something leads to it."""
    return subprocess.run(["git", "-C", path, "cat-file", "--batch-all-objects", "--batch", "--buffer"],
                          capture_output=True, check=True).stdout


def test_no_secret_leaves(scratch):
    """After all recorded files were played no secret is in a mirror, a log of everything, an answer or a metric."""
    known = {f"a recorded token ({number})": token for number, token in enumerate(sorted(set(recorded_secrets())))}

    def new(name):
        known[name] = "S3cret" + secrets.token_urlsafe(24)
        return known[name]

    registry = scratch.registry()
    users = json.loads(fixture(scratch).read_text())
    users["users"].append({"project_id": PROJECT, "username": "keeper", "api_key": new("a Craton key"),
                           "is_root": True, "is_admin": True})
    file = scratch.path / "bootstrap.json"
    file.write_text(json.dumps(users))
    muster("craton", "bootstrap", "--registry", registry.path, "--file", file)
    server = scratch.serve(
        registry, "--log-level", "trace", environment={
            **os.environ, "MUSTER_SECRET_KEY": new("the secret key") + "x" * 32, "MUSTER_WEBHOOK_SECRET": new("the webhook secret"),
            "MUSTER_UPSTREAM": f"https://user:{new('the password of the upstream')}@127.0.0.1:1/x.git"})
    recorder = Recorder(scratch, server)
    for dialect in "cos", "craton":
        play(recorder, dialect)
    through = type("Through", (), {"port": recorder.port, "call": type(server).call, "client": type(server).client})()

    # Secrets in each place where a client can put one, and answers of each kind to it.
    token, cookie = new("a token"), new("a cookie")
    basic = base64.b64encode(f"pat:{new('a password')}".encode()).decode()
    keeper = {"X-Auth-Project": PROJECT, "X-Auth-User": "keeper", "X-Auth-Token": known["a Craton key"]}
    ways = [{"Authorization": f"Bearer {token}"}, {"Authorization": f"bearer {token}"}, {"Authorization": f"Basic {basic}"},
            {"Cookie": f"session={cookie}; a=b"}, {"X-Hub-Signature-256": f"sha256={new('a signature')}"}, keeper,
            {**keeper, "X-Auth-Token": new("a wrong Craton key")}]
    query = new("a token in a query")
    for headers in ways:
        for method, path, body in (
                ("GET", f"/api/v1/devices/?token={query}", None), ("GET", "/overview", None), ("GET", "/nothing", None),
                ("POST", "/api/v1/devices/", {"uid": "s-1", "address": "10.0.0.1"}), ("PATCH", "/api/v1/devices/s-1/", {"address": "?"}),
                ("DELETE", "/api/v1/devices/s-1/", None), ("GET", "/v1/clouds", None), ("POST", "/v1/clouds", {"name": "sky"}),
                ("GET", "/v1/users", None), ("GET", "/api/registry/v1/webhooks", None), ("GET", "/api/registry/v1/sync", None),
                ("POST", "/api/registry/v1/upstream/webhook", {"ref": "refs/heads/main"}), ("GET", "/repository/", None),
                ("GET", "/registry.git/info/refs?service=git-receive-pack", None)):
            through.call(method, path, body, headers={**headers, "Accept": "text/html, */*"})
    hook = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    made = through.call("POST", "/api/registry/v1/webhooks", {"url": "https://127.0.0.1:1/", "secret": hook, "since": "start"})
    assert made.status == 201, made
    generated = server.post("/api/registry/v1/webhooks", {"url": "https://127.0.0.1:1/", "since": "start"})  # Is shown once.
    id, known["a webhook's secret"], known["a new webhook's secret"] = made.json["id"], hook[6:], generated.json["secret"][6:]
    shown = made.body.count(hook.encode())
    user = server.call("POST", "/v1/users", {"username": "pat", "project_id": PROJECT}, headers=keeper)
    assert user.status == 201, user
    if key := user.json.get("api_key"):
        known["a new user's key"] = key
    for path in "/api/registry/v1/webhooks", f"/api/registry/v1/webhooks/{id}", f"/api/registry/v1/webhooks/{id}/deliveries", \
            f"/repository/webhooks/{id}", "/repository/webhooks", "/metrics", "/history/", "/api/openapi.json", "/api/v1/schema/":
        through.call("GET", path, headers={"Accept": "text/html, */*"})
    for path in "/v1/users", f"/v1/users/{user.json['id']}":
        through.call("GET", path, headers=keeper)

    way = with_account(scratch, registry, server, new)
    if way:
        known["a token that lets in"] = way["Authorization"].split()[1]
    added = muster("webhook", "add", "https://127.0.0.1:1/", "--json", "--registry", registry.path)
    known["a webhook's secret by a command"] = json.loads(added.stdout)["secret"][6:]
    backup = scratch.path / "backup"
    phrase = scratch.path / "passphrase"
    phrase.write_text(new("a passphrase"))
    phrase.chmod(0o600)
    muster("state", "backup", backup, "--registry", registry.path, "--passphrase-file", phrase)
    find(known, added.stderr.encode(), "what a command says")
    find(known, backup.read_bytes(), "a backup")
    git = Git(scratch.path)
    git("-c", f"http.extraHeader=Authorization: {way.get('Authorization', f'Bearer {token}')}", "clone", "--quiet", "--mirror", address(server), "mirror")
    bundle = scratch.path / "b.bundle"
    bundle.write_bytes(server.get("/backup.bundle", **way).body)
    git("clone", "--quiet", "--mirror", bundle, "unbundled")
    find(known, bundle.read_bytes(), "the bundle")
    for name in "mirror", "unbundled":
        objects = objects_of(scratch.path / name)
        assert len(objects) > 100_000, len(objects)
        find(known, objects, f"an object of the {name}")
    find(known, objects_of(registry.path), "an object of the repository")
    find(known, registry.git("log", "--all", "--format=%B%an%ae%cn%ce%N").encode(), "a commit message")
    metrics = server.get("/metrics", **way)
    assert metrics.status == 200 and len(metrics.body) > 1_000, metrics
    find(known, metrics.body, "a metric")
    find(known, muster("status", registry.path, check=False).stdout.encode(), "the status")
    said = bytes(recorder.said)
    assert said.count(b"HTTP/1.1 ") > 1_000
    # The answer that made it may show what the client has sent.
    find({**known, "a webhook's secret": hook[6:] if shown == 0 else "-" * 8}, said, "an answer")
    assert said.count(hook.encode()) == shown
    for file in registry.path.rglob("*"):
        if file.is_file() and ".git" not in file.relative_to(registry.path).parts:
            find(known, file.read_bytes(), file)
    assert server.stop() == 0
    log = server.log.read_bytes()
    assert len(log) > 100_000, "the log is one of everything"
    find(known, log, "the log")
    check_modes(pathlib.Path(registry.path) / ".git/muster")
    audit = (pathlib.Path(registry.path) / ".git/muster/audit.log").read_bytes()
    for action in b"craton.bootstrap", b"account.add", b"token.create", b"webhook.add", b"state.backup":
        assert action in audit, audit
    find(known, audit, "the audit log")


def with_account(scratch, registry, server, new):
    """Adds an administrator to the running server; returns the header that lets in, and has used each secret."""
    if "muster account" not in muster("account", "--help").stdout:
        return {}
    file = scratch.path / "password"
    file.write_text(new("an account's password") + "\n")
    file.chmod(0o600)
    muster("account", "add", "ada", "--role", "admin", "--registry", registry.path, "--password-file", file)
    token = muster("token", "create", "t", "--account", "ada", "--registry", registry.path).stdout.strip()
    eventually(lambda: server.get("/api/v1/devices/", Authorization="Bearer none").status == 401, what="the first account")
    basic = base64.b64encode(f"ada:{file.read_text().strip()}".encode()).decode()
    for header in f"Bearer {token}", f"Basic {basic}", f"Bearer {token}x", f"Basic {basic[:-8]}AAAA":
        server.get("/api/v1/devices/", Authorization=header)
        server.call("POST", "/api/v1/devices/", {"uid": "by-ada", "address": "10.0.0.1"}, {"Authorization": header})
    fields = {"account": "ada", "name": "ada", "password": file.read_text().strip()}
    server.call("POST", "/login", urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
    return {"Authorization": f"Bearer {token}"}


def check_modes(folder):
    """Nothing in the state directory can be read by others."""
    files = [folder, *folder.rglob("*")]
    assert len(files) > 5
    open_ = [file for file in files if not file.is_symlink() and file.stat().st_mode & 0o077
             and file.parent != folder / "hooks" and file != folder / "hooks"]
    assert folder.stat().st_mode & 0o777 == 0o700
    # What lies in a folder that only its owner enters is closed by that.
    private = [file for file in open_ if file.suffix in (".sqlite", ".key", ".log") or file.name in ("secret-key", "signing-key")]
    assert private == [], private


def test_secret_files_are_refused_when_open(scratch):
    """A state directory, or a file with secrets in it, that others can read or that is a link is named, and nothing starts."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    assert server.stop() == 0
    state = pathlib.Path(registry.path) / ".git/muster"
    elsewhere = scratch.path / "elsewhere"
    elsewhere.mkdir()

    def refused(words):
        result = muster("serve", "--registry", registry.path, "--port", free_port(), "--state", state, check=False)
        assert result.returncode == 1 and words in result.stderr, (words, result.stderr)
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr

    state.chmod(0o750)
    refused("chmod go-rwx")
    state.chmod(0o700)
    for name in sorted(file.name for file in state.glob("*.sqlite") if file.name != "history.sqlite") + ["secret-key"]:
        file = state / name
        for mode in 0o640, 0o604, 0o620:
            file.chmod(mode)
            refused(f"chmod go-rwx {file}")
        file.chmod(0o600)
        moved = elsewhere / name
        file.rename(moved)
        file.symlink_to(moved)
        refused("is a link")
        file.unlink()
        moved.rename(file)
    again = scratch.serve(registry, "--state", state)
    assert again.get("/healthz").status == 200


def test_umask_does_not_matter(scratch):
    """With a umask of 0 the files of the state are closed to others all the same."""
    registry = scratch.registry()
    old = os.umask(0)
    try:
        server = scratch.serve(registry, "--state", scratch.path / "state")
    finally:
        os.umask(old)
    server.add_device("robot-1")
    server.post("/api/registry/v1/webhooks", {"url": "https://127.0.0.1:1/"})
    assert server.stop() == 0
    state = scratch.path / "state"
    assert state.stat().st_mode & 0o777 == 0o700
    files = list(state.iterdir())
    assert files and all(file.stat().st_mode & 0o777 == 0o600 for file in files), [(f.name, oct(f.stat().st_mode)) for f in files]
