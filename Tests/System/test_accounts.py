"""Accounts, passwords and tokens: who comes in, by curl and git, and who does not."""

import base64
import json
import os
import pty
import re
import socket
import stat
import subprocess
import time

from support import BINARY, device_path, eventually, free_port, muster, need

PASSWORD = "correct horse battery"
ACCESS = "/api/registry/v1/access"
DEVICES = "/api/registry/v1/documents/devices"


def command(registry, *arguments, input=None, check=True):
    """`muster` on a registry, with what it reads."""
    result = subprocess.run(
        [BINARY, *map(str, arguments), "--registry", str(registry.path)], text=True,
        capture_output=True, input=input or "", timeout=60)
    assert not check or result.returncode == 0, f"{arguments}: {result.stderr}"
    return result


def add(registry, name, *options, password=PASSWORD):
    machine = "--machine" in options
    return command(registry, "account", "add", name, *options, input=None if machine else password + "\n")


def token(registry, name, account, *options):
    return command(registry, "token", "create", name, "--account", account, *options).stdout.strip()


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def bearer(secret, word="Bearer"):
    return {"Authorization": f"{word} {secret}"}


def who(server, headers=None):
    answer = server.call("GET", ACCESS, headers=headers)
    return answer.json["account"] if answer.status == 200 else answer.status


def test_first_account(scratch):
    """Everybody may do everything until there is an account, and from then on nobody unasked."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    assert server.get(ACCESS).json["open"] is True
    assert who(server, basic("ada", "whatever")) is None
    server.add_device("robot-1")
    said = add(registry, "ada", "--role", "admin")
    assert "everybody is asked" in said.stdout, said.stdout
    eventually(lambda: server.get(ACCESS).json["open"] is False, 2)
    assert who(server, basic("ada", PASSWORD)) == "ada"
    assert who(server, basic("ada", "wrong")) == 401
    listed = json.loads(command(registry, "account", "list", "--json").stdout)
    assert [(one["name"], one["kind"], one["roles"]) for one in listed] == [("ada", "person", ["admin"])]
    command(registry, "account", "remove", "ada")
    eventually(lambda: server.get(ACCESS).json["open"] is True, 2)


def test_start(scratch):
    """On an address that others reach a server without accounts does not start, unless it is told to."""
    registry = scratch.registry()
    refused = command(registry, "serve", "--host", "0.0.0.0", "--port", free_port(), check=False)
    assert refused.returncode == 1, refused
    assert "muster account add" in refused.stderr and "--open" in refused.stderr, refused.stderr
    server = scratch.serve(registry, "--host", "0.0.0.0", "--open")
    assert server.get(ACCESS).json["open"] is True
    server.stop()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(registry, "--host", "0.0.0.0")
    assert server.get(ACCESS).json["open"] is False
    command(registry, "account", "remove", "ada")
    time.sleep(1)
    assert server.get(ACCESS).json["open"] is False, "the last account's end opens nothing to others"


def test_refusals(scratch):
    """What is wrong is 401 everywhere, in the shape of the dialect, and names both ways in."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(registry)
    wrong = [
        basic("ada", "wrong"), basic("bob", PASSWORD), {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(b"nocolon").decode()},
        bearer("muster_" + "0" * 64), bearer(""), {"Authorization": "Digest x"}, {"Authorization": ""},
        basic("ada", "muster_" + "0" * 64),
    ]
    for headers in wrong:
        answer = server.call("GET", "/api/v1/devices/", headers=headers)
        assert answer.status == 401, (headers, answer)
    paths = {
        "/api/v1/devices/": "cos", DEVICES: "native", "/v1/hosts": "craton", "/overview": "pages",
        "/registry.git/info/refs?service=git-upload-pack": "git",
    }
    for path in paths:
        answer = server.call("GET", path, headers={**bearer("muster_" + "1" * 64), "Accept": "application/json"})
        assert answer.status == 401, (path, answer)
        challenges = answer.headers.get_all("WWW-Authenticate") or []
        assert any(one.startswith("Bearer realm=") and "invalid_token" in one for one in challenges), (path, challenges)
        assert any(one.startswith("Basic realm=") for one in challenges), (path, challenges)
    problem = server.call("GET", DEVICES, headers=basic("ada", "wrong"))
    assert problem.headers["Content-Type"] == "application/problem+json", problem
    assert problem.json["status"] == 401, problem


def test_git(scratch):
    """git clones and pushes with a password or a token in its place, and the author of API writes is the account."""
    need("git")
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    secret = token(registry, "git", "ada")
    server = scratch.serve(registry)
    answer = server.call("POST", "/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"}, headers=bearer(secret, "bearer"))
    assert answer.status == 201, answer
    assert registry.git("log", "-1", "--format=%an <%ae>").strip() == "ada <ada@muster.invalid>"
    for number, password in enumerate([PASSWORD, secret]):
        address = f"http://ada:{password.replace(' ', '%20')}@127.0.0.1:{server.port}/registry.git"
        clone = scratch.path / f"clone-{number}"
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        subprocess.run(["git", "clone", "--quiet", address, clone], check=True, env=environment, timeout=60)
        assert (clone / "devices/robot-1.json").exists()
    wrong = f"http://ada:wrong@127.0.0.1:{server.port}/registry.git"
    refused = subprocess.run(
        ["git", "clone", "--quiet", wrong, scratch.path / "none"], capture_output=True, text=True, timeout=60,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
    assert refused.returncode != 0 and "Authentication failed" in refused.stderr, refused.stderr


def test_token_limits(scratch):
    """A token ends at its time, works from its networks alone, with its account, and not after it is revoked."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    add(registry, "harvester", "--machine", "--role", "reader")
    server = scratch.serve(registry)
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
    short = token(registry, "short", "harvester", "--expires", soon)
    here = token(registry, "here", "harvester", "--network", "127.0.0.0/8", "--network", "::1")
    elsewhere = token(registry, "elsewhere", "harvester", "--network", "10.0.0.0/8")
    limited = token(
        registry, "limited", "harvester", "--read-only", "--collection", "devices", "--device", "robot-1",
        "--expires", "90d")
    eventually(lambda: who(server, bearer(limited)) == "harvester", 2)
    assert who(server, bearer(short)) == "harvester"
    assert who(server, bearer(here)) == "harvester"
    assert who(server, basic("harvester", here)) == "harvester"
    assert who(server, basic("ada", here)) == 401, "another account's token"
    refused = server.call("GET", ACCESS, headers=bearer(elsewhere))
    assert refused.status == 401 and "address" in refused.json["detail"], refused
    scope = server.call("GET", ACCESS, headers=bearer(limited)).json["scope"]
    assert scope == {"rights": ["read"], "collections": ["devices"], "device": "robot-1"}, scope
    eventually(lambda: who(server, bearer(short)) == 401, 5)
    assert "expired" in server.call("GET", ACCESS, headers=bearer(short)).json["detail"]
    command(registry, "token", "revoke", "here", "--account", "harvester")
    eventually(lambda: who(server, bearer(here)) == 401, 1)
    command(registry, "account", "disable", "harvester")
    eventually(lambda: who(server, bearer(limited)) == 401, 1)
    command(registry, "account", "enable", "harvester")
    eventually(lambda: who(server, bearer(limited)) == "harvester", 1)
    table = command(registry, "token", "list").stdout
    assert "read; devices; device robot-1" in table and "expired" in table, table


def test_own_tokens(scratch):
    """One's own tokens by API: made with the password, shown once, listed without secret, ended."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    add(registry, "ben", "--role", "admin", password="another password")
    server = scratch.serve(registry)
    ada, ben = basic("ada", PASSWORD), basic("ben", "another password")
    wish = {"name": "ci", "rights": ["read"], "collections": ["devices"], "networks": ["127.0.0.1"]}
    made = server.call("POST", ACCESS + "/tokens", wish, headers={**ada, "Idempotency-Key": "one"})
    assert made.status == 201 and made.json["secret"].startswith("muster_"), made
    assert made.headers["Cache-Control"] == "no-store"
    secret = made.json["secret"]
    again = server.call("POST", ACCESS + "/tokens", wish, headers={**ada, "Idempotency-Key": "one"})
    assert again.status == 409 and secret not in str(again.json), again
    listed = server.call("GET", ACCESS + "/tokens", headers=ada)
    assert [one["name"] for one in listed.json["tokens"]] == ["ci"] and secret not in json.dumps(listed.json)
    assert server.call("GET", ACCESS + "/tokens", headers=ben).json["tokens"] == []
    assert server.call("POST", ACCESS + "/tokens", {"name": "more"}, headers=bearer(secret)).status == 403
    other = server.call("POST", ACCESS + "/tokens", {"name": "cd"}, headers=ada).json
    assert server.call("DELETE", f"{ACCESS}/tokens/{other['id']}", headers=ben).status == 404
    assert server.call("DELETE", f"{ACCESS}/tokens/{other['id']}", headers=bearer(secret)).status == 403
    assert server.call("DELETE", f"{ACCESS}/tokens/{made.json['id']}", headers=bearer(secret)).status == 204
    assert who(server, bearer(secret)) == 401
    assert server.get(ACCESS + "/tokens").status == 401
    for body in [{}, {"name": ""}, {"name": "x", "rights": ["fly"]}, {"name": "x", "device": ".."},
                 {"name": "x", "networks": ["nowhere"]}, {"name": "x", "expires": "2001-01-01T00:00:00Z"},
                 {"name": "x", "collections": ["none"]}, {"name": "x", "more": 1}]:
        answer = server.call("POST", ACCESS + "/tokens", body, headers=ada)
        assert answer.status == 422, (body, answer)


def test_rate_limit(scratch):
    """Who guesses has to wait longer each time; the owner comes in with the password that was right before."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(registry, "--trusted-proxy", "127.0.0.1")

    def attempt(password, address="192.0.2.1"):
        return server.call("GET", ACCESS, headers={**basic("ada", password), "X-Forwarded-For": address})

    def guess_until(seconds):
        """Wrong passwords, until the next has to wait so long."""
        for number in range(200):
            answer = attempt(f"wrong {number}")
            assert answer.status in (401, 429), answer
            if answer.status == 429 and int(answer.headers["Retry-After"]) >= seconds:
                return number
            time.sleep(0.1)
        raise AssertionError(f"nobody had to wait {seconds} s")

    assert guess_until(1) >= 5, "five are free"
    guess_until(4)
    assert attempt(PASSWORD).status == 429, "nothing is tried while one waits"
    assert attempt(PASSWORD, "192.0.2.2").status == 200, "from elsewhere the owner comes in"
    assert attempt(PASSWORD).status == 200, "and what was found right is right everywhere"
    assert attempt("still wrong").status == 429, "which excuses no guesses"
    for number in range(20):
        server.call("GET", ACCESS, headers={**bearer(f"muster_{number:064x}"), "X-Forwarded-For": "192.0.2.3"})
    guess = server.call("GET", ACCESS, headers={**bearer("muster_" + "f" * 64), "X-Forwarded-For": "192.0.2.3"})
    assert guess.status == 429, guess
    secret = token(registry, "ci", "ada")
    eventually(lambda: server.call(
        "GET", ACCESS, headers={**bearer(secret), "X-Forwarded-For": "192.0.2.3"}).status == 200, 2,
        "right tokens wait for nothing")


def test_passwords(scratch):
    """Another password counts at once and ends the old one; a one-time password opens no API."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    server = scratch.serve(registry)
    assert who(server, basic("ada", PASSWORD)) == "ada"
    file = scratch.path / "password"
    file.write_text("a different one\nsecond line\n")
    command(registry, "account", "password", "ada", "--password-file", file)
    eventually(lambda: who(server, basic("ada", PASSWORD)) == 401, 2)
    assert who(server, basic("ada", "a different one")) == "ada"
    command(registry, "account", "password", "ada", "--temporary", input="only one time\n")
    eventually(lambda: who(server, basic("ada", "only one time")) == 401, 2)
    answer = server.call("GET", ACCESS, headers=basic("ada", "only one time"))
    assert "choose another" in answer.json["detail"], answer
    short = command(registry, "account", "password", "ada", input="short\n", check=False)
    assert short.returncode == 1 and "10 characters" in short.stderr, short


def test_roles_that_there_are(scratch):
    """An account has no role that the policy of the served branch does not have, and the error names them."""
    registry = scratch.registry()
    wrong = muster("account", "add", "ada", "--role", "admn", "--password-file", "/nowhere",
                   "--registry", registry.path, check=False)
    assert wrong.returncode == 1 and "'admn'" in wrong.stderr, wrong
    assert "there are admin, editor, reader" in wrong.stderr and len(wrong.stderr.splitlines()) == 1, wrong
    add(registry, "ada", "--role", "reader", "--role", "editor", "--machine")
    policy = {"roles": {"operator": {"write": ["devices"]}}}
    registry.write("policy.json", json.dumps(policy, indent=2) + "\n")
    # What nobody has committed is no rule yet.
    assert command(registry, "account", "roles", "ada", "operator", check=False).returncode == 1
    registry.git("commit", "-qam", "policy: operators")
    registry.git("switch", "-qc", "side")
    command(registry, "account", "roles", "ada", "operator", "admin")
    gone = command(registry, "account", "roles", "ada", "reader", check=False)
    assert gone.returncode == 1 and "there are admin, operator" in gone.stderr, gone
    # A policy that breaks leaves the last good one in force.
    registry.git("switch", "-q", "main")
    registry.write("policy.json", "{\n")
    registry.git("commit", "-qam", "policy: broken")
    command(registry, "account", "roles", "ada", "operator")
    assert command(registry, "account", "roles", "ada", "reader", check=False).returncode == 1
    command(registry, "account", "roles", "ada")


def test_audit(scratch):
    """What a command changes about who may come in is a line on standard error and in a file, with no secret."""
    registry = scratch.registry()
    file = registry.path / ".git/muster/audit.log"
    who = subprocess.run(["id", "-un"], text=True, capture_output=True).stdout.strip()

    def told(action, subject, *arguments, **options):
        done = command(registry, *arguments, **options)
        lines = done.stderr.splitlines()
        assert len(lines) == 1 and f" audit={action} " in lines[0], done.stderr
        assert f"caller.user={who} " in lines[0] and "caller.address=command line" in lines[0], lines
        assert f"subject={subject} " in lines[0] and re.search(r"request\.id=[0-9a-f]{32} ", lines[0]), lines
        assert PASSWORD not in done.stderr
        entry = json.loads(file.read_text().splitlines()[-1])
        assert (entry["audit"], entry["caller.user"], entry["subject"]) == (action, who, str(subject)), entry
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", entry["time"]) and entry["request.id"] in lines[0], entry
        return done

    told("account.add", r'ada ["admin"]', "account", "add", "ada", "--role", "admin", input=PASSWORD + "\n")
    made = command(registry, "token", "create", "ci", "--account", "ada", "--json")
    token = json.loads(made.stdout)
    assert "audit=token.create " in made.stderr and token["id"] in made.stderr, made.stderr
    assert token["secret"] not in made.stderr
    told("token.revoke", "ada ci", "token", "revoke", "ci", "--account", "ada")
    told("account.password", "ada", "account", "password", "ada", input=PASSWORD + "!\n")
    told("account.roles", 'ada ["reader"]', "account", "roles", "ada", "reader")
    told("account.disable", "ada", "account", "disable", "ada")
    told("account.enable", "ada", "account", "enable", "ada")
    backup = scratch.path / "backup"
    told("state.backup", backup, "state", "backup", backup, input="a passphrase\n")
    told("account.remove", "ada", "account", "remove", "ada")
    told("state.restore", backup, "state", "restore", backup, input="a passphrase\n")
    signed = muster("sign", "on", registry.path)
    assert "audit=sign.on " in signed.stderr and "SHA256:" in signed.stderr, signed.stderr
    for quiet in (("account", "list"), ("token", "list"), ("account", "show", "ada")):
        assert not command(registry, *quiet).stderr
    failed = command(registry, "account", "disable", "nobody", check=False)
    assert "audit=" not in failed.stderr, failed.stderr
    actions = [json.loads(line)["audit"] for line in file.read_text().splitlines()]
    assert actions == ["account.add", "token.create", "token.revoke", "account.password", "account.roles", "account.disable",
                       "account.enable", "state.backup", "account.remove", "state.restore", "sign.on"], actions
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [secret for secret in (PASSWORD, "a passphrase", token["secret"]) if secret in file.read_text()]
    # It may be moved away; one that cannot be written to is named, and what is done is done.
    file.rename(scratch.path / "audit.log.1")
    hostile = scratch.path / "a\nb"
    command(registry, "state", "backup", hostile, input="a passphrase\n")
    lines = file.read_text().splitlines()
    assert len(lines) == 1 and json.loads(lines[0])["subject"] == str(hostile), lines
    file.unlink()
    file.symlink_to(scratch.path / "elsewhere")
    done = command(registry, "account", "disable", "ada")
    assert "audit.log has no line of this" in done.stderr and "it is a link" in done.stderr, done.stderr
    assert not (scratch.path / "elsewhere").exists()


def test_prompt(scratch):
    """At a terminal the password is asked for twice and not shown."""
    registry = scratch.registry()
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [BINARY, "account", "add", "ada", "--role", "admin", "--registry", str(registry.path)],
        stdin=follower, stdout=follower, stderr=follower, start_new_session=True)
    os.close(follower)
    shown = b""
    for _ in range(2):
        while b": " not in shown.split(b"\n")[-1]:
            shown += os.read(leader, 1000)
        os.write(leader, PASSWORD.encode() + b"\n")
        shown += b"\n"
    assert process.wait(30) == 0, shown
    while part := _read(leader):
        shown += part
    assert b"added ada" in shown and PASSWORD.encode() not in shown, shown
    server = scratch.serve(registry)
    assert who(server, basic("ada", PASSWORD)) == "ada"


def _read(descriptor):
    try:
        return os.read(descriptor, 1000)
    except OSError:
        return b""


def test_restart(scratch):
    """A killed server has every account and token again; a device's token names the device."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    secret = token(registry, "ci", "ada", "--device", "robot-1")
    server = scratch.serve(registry)
    assert who(server, bearer(secret)) == "ada"
    server.kill()
    server = scratch.serve(registry)
    assert who(server, bearer(secret)) == "ada" and who(server, basic("ada", PASSWORD)) == "ada"
    assert server.call("GET", ACCESS, headers=bearer(secret)).json["device"] == "robot-1"
    state = registry.path / ".git/muster"
    for file in state.glob("accounts.sqlite*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert secret.removeprefix("muster_").encode() not in file.read_bytes()
    assert server.stop() == 0
    listed = json.loads(command(registry, "token", "list", "--json").stdout)
    assert listed[0]["last_use"] and listed[0]["last_address"] == "127.0.0.1", listed
    assert secret not in server.log.read_text() and PASSWORD not in server.log.read_text()


def test_backup(scratch):
    """A clone and a backup of the state are the whole registry; restore refuses a registry in use."""
    registry = scratch.registry()
    add(registry, "ada", "--role", "admin")
    secret = token(registry, "ci", "ada")
    server = scratch.serve(registry)
    answer = server.call("POST", "/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"}, headers=bearer(secret))
    assert answer.status == 201, answer
    file = scratch.path / "state.backup"
    phrase = "open sesame, please\n"
    names = command(registry, "state", "backup", file, input=phrase).stdout.split()
    assert {"accounts.sqlite", "secrets.sqlite", "webhooks.sqlite", "secret-key"} <= set(names), names
    assert not {"history.sqlite", "lock", "socket"} & set(names), names
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and b"SQLite" not in file.read_bytes()
    used = command(registry, "state", "restore", file, input=phrase, check=False)
    assert used.returncode == 1 and "127.0.0.1" in used.stderr, used.stderr
    server.stop()
    copy = scratch.path / "copy"
    subprocess.run(["git", "clone", "--quiet", registry.path, copy], check=True, timeout=60)
    copied = type(registry)(copy)
    wrong = command(copied, "state", "restore", file, input="open simsim, please\n", check=False)
    assert wrong.returncode == 1 and "passphrase is wrong" in wrong.stderr, wrong.stderr
    command(copied, "state", "restore", file, input=phrase)
    server = scratch.serve(copied)
    assert who(server, bearer(secret)) == "ada" and who(server, basic("ada", PASSWORD)) == "ada"
    server.stop()
    add(copied, "ben", "--role", "admin")
    said = command(copied, "state", "restore", file, input=phrase).stdout
    assert "what was there is in" in said, said
    assert [one["name"] for one in json.loads(command(copied, "account", "list", "--json").stdout)] == ["ada"]
