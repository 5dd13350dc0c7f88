"""Signed tokens of an identity provider: its keys come from a server of the test's own."""

import base64
import http.server
import json
import threading
import time

from support import Skip, eventually, muster
from test_accounts import ACCESS, add, bearer, command

try:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
except ImportError:
    ec = None

AUDIENCE = "muster"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, length):
    return encoded(value.to_bytes(length, "big"))


class Key:
    """A key of the provider's: its public part, and signatures."""

    def __init__(self, algorithm, name):
        self.algorithm, self.name = algorithm, name
        if algorithm == "RS256":
            self.key = rsa.generate_private_key(65537, 2048)
            public = self.key.public_key().public_numbers()
            self.public = {"kty": "RSA", "n": number(public.n, 256), "e": number(public.e, 3)}
        elif algorithm == "ES256":
            self.key = ec.generate_private_key(ec.SECP256R1())
            public = self.key.public_key().public_numbers()
            self.public = {"kty": "EC", "crv": "P-256", "x": number(public.x, 32), "y": number(public.y, 32)}
        else:
            self.key = ed25519.Ed25519PrivateKey.generate()
            self.public = {"kty": "OKP", "crv": "Ed25519", "x": encoded(self.key.public_key().public_bytes_raw())}
        self.public |= {"kid": name, "use": "sig", "alg": algorithm}

    def sign(self, data):
        if self.algorithm == "RS256":
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if self.algorithm == "ES256":
            one, two = utils.decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
            return one.to_bytes(32, "big") + two.to_bytes(32, "big")
        return self.key.sign(data)


class Provider:
    """A provider with its description and its keys."""

    def __init__(self, scratch):
        if ec is None:
            raise Skip("Python's cryptography is not installed")
        self.keys = [Key("RS256", "one"), Key("ES256", "two"), Key("EdDSA", "three")]
        self.asked = []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                provider.asked.append(self.path)
                body = json.dumps(provider.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        scratch.at_end.append(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realms/fleet"

    def answer(self, path):
        if path == "/realms/fleet/.well-known/openid-configuration":
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        return {"keys": [key.public for key in self.keys] + [{"kty": "oct", "k": "c2VjcmV0", "kid": "secret"}]}

    def token(self, key=0, header=None, **claims):
        key = self.keys[key] if isinstance(key, int) else key
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": AUDIENCE, "exp": now + 300, "iat": now,
                  "preferred_username": "ada", **claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": key.algorithm, "kid": key.name, "typ": "JWT", **(header or {})}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
        return f"{signed}.{encoded(key.sign(signed.encode()))}"


def start(scratch, *options):
    provider = Provider(scratch)
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(registry, "--oidc-issuer", provider.issuer, "--oidc-audience", AUDIENCE, *options)
    return provider, registry, server


def ask(server, token):
    return server.call("GET", ACCESS, headers=bearer(token))


def test_tokens_of_three_kinds(scratch):
    """A token signed with RSA, ECDSA or Ed25519 is its account, with that one's roles, and the author of what it writes."""
    provider, registry, server = start(scratch)
    for key in range(3):
        answer = ask(server, provider.token(key)).json
        assert (answer["account"], answer["way"], answer["roles"]) == ("ada", "identity-token", ["admin"]), answer
    assert ask(server, provider.token(aud=["other", AUDIENCE])).status == 200
    written = server.call("POST", "/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"}, bearer(provider.token()))
    assert written.status == 201, written
    assert registry.git("log", "-1", "--format=%an <%ae>").strip() == "ada <ada@muster.invalid>"
    # Its keys were asked for once.
    assert len(provider.asked) == 2, provider.asked


def test_tokens_that_are_not_believed(scratch):
    """Another issuer, audience, key, algorithm, time or name is 401 with invalid_token and a reason; nobody gets in without."""
    provider, registry, server = start(scratch)
    now = int(time.time())
    stranger = Key("ES256", "two")
    good = provider.token()
    head, claims, signature = good.split(".")
    secret = {"alg": "HS256", "kid": "secret"}
    bad = {
        "another provider": provider.token(iss="https://other.example.org"),
        "another service": provider.token(aud="other"),
        "has expired": provider.token(exp=now - 120),
        "does not say when": provider.token(exp=None),
        "not valid yet": provider.token(nbf=now + 120),
        "signature is wrong": provider.token(stranger),
        "no name of an account": provider.token(preferred_username="Ada Lovelace"),
        "none of RS256": provider.token(header={"alg": "none"}),
        "none of RS256, ES256": provider.token(header=secret),
        "no such key": provider.token(header={"kid": "unknown"}),
        "no such key as": provider.token(header={"kid": "two"}),
        "no JSON Web Token": f"{head}..",
        "no JSON Web": f"a.b.{signature}",
    }
    for reason, token in bad.items():
        answer = ask(server, token)
        assert answer.status == 401 and reason in answer.body.decode(), (reason, answer)
        field = ", ".join(answer.headers.get_all("WWW-Authenticate"))
        assert 'error="invalid_token"' in field, (reason, field)
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"preferred_username": "eve"}
    forged = f"{head}.{encoded(json.dumps(changed).encode())}.{signature}"
    assert "signature is wrong" in ask(server, forged).body.decode()
    # Clocks may be a minute apart.
    assert ask(server, provider.token(exp=now - 30)).status == ask(server, provider.token(nbf=now + 30)).status == 200
    log = server.log.read_text()
    assert good not in log and signature not in log
    assert log.count("identity token") >= len(bad)


def test_new_keys(scratch):
    """A key that the provider has taken since is fetched at the first token, and not for each unknown one."""
    provider, registry, server = start(scratch)
    assert ask(server, provider.token()).status == 200
    asked = len(provider.asked)
    for _ in range(5):
        assert ask(server, provider.token(header={"kid": "unknown"})).status == 401
    assert len(provider.asked) <= asked + 2, provider.asked
    new = Key("EdDSA", "four")
    provider.keys = [new]
    eventually(lambda: ask(server, provider.token(new)).status == 200, 15)
    assert ask(server, provider.token(Key("RS256", "one"))).status == 401


def test_roles_of_the_provider(scratch):
    """With a claim for roles those of the token count, also for somebody without an account here."""
    keys = scratch.path / "keys.json"
    provider = Provider(scratch)
    keys.write_text(json.dumps(provider.answer("/keys")))
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(
        registry, "--oidc-issuer", provider.issuer, "--oidc-audience", AUDIENCE, "--oidc-jwks", keys,
        "--oidc-account-claim", "nickname", "--oidc-roles-claim", "groups")
    answer = ask(server, provider.token(nickname="eve", groups=["reader"]))
    assert (answer.json["account"], answer.json["roles"]) == ("eve", ["reader"]), answer
    assert ask(server, provider.token(nickname="ada")).json["roles"] == []
    assert not provider.asked
    command(registry, "account", "disable", "ada")
    eventually(lambda: ask(server, provider.token(nickname="ada")).status == 401, 3)


def test_settings(scratch):
    """What is missing or makes no sense is said at the start; a provider that is away keeps nobody else out."""
    if ec is None:
        raise Skip("Python's cryptography is not installed")
    for options, reason in (
            (["--oidc-issuer", "https://id.example.org"], "--oidc-audience"),
            (["--oidc-audience", "muster"], "--oidc-issuer"),
            (["--oidc-issuer", "http://id.example.org", "--oidc-audience", "muster"], "https")):
        said = muster("serve", "--registry", scratch.path, *options, check=False)
        assert said.returncode == 2 and reason in said.stderr, said.stderr
    provider, registry, server = start(scratch)
    provider.server.shutdown()
    provider.server.server_close()
    answer = ask(server, provider.token())
    assert answer.status == 503 and "cannot be read" in answer.body.decode(), answer
    assert server.call("GET", "/readyz").status == 200
