"""Kept in step with an upstream repository: pull requests in, writes out, and trouble on the way."""

import hashlib
import hmac
import json
import threading
import time

from support import Repository, device_path, eventually, muster
from test_transport import Git
from upstream import Folder, Host, in_step, settled, status, sync

SECRET = "Hush!"
DEVICE = "devices/one.json"


def served(scratch, kind=Folder, *options, devices=("one", "two"), **more):
    """A registry with devices, its upstream, and its server; both are in step."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    for uid in devices:
        server.add_device(uid)
    server.stop()
    host = kind(scratch, registry)
    server = scratch.serve(registry, "--upstream", host.url, *options, **more)
    settled(server)
    return registry, host, server


def device(server, uid):
    return server.get(device_path(uid)).json


def patch(server, uid, **members):
    answer = server.call("PATCH", device_path(uid), members)
    assert answer.status in (200, 204), answer


def hook(server, body, event="push", secret=SECRET, **more):
    text = json.dumps(body).encode() if not isinstance(body, bytes) else body
    code = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-GitHub-Event": event,
               "X-Hub-Signature-256": "sha256=" + code, **more}
    return server.call("POST", "/api/registry/v1/upstream/webhook", text, headers)


def clean(registry, host):
    registry.check()
    host.git("fsck", "--strict", "--no-dangling")


def environment(**more):
    import os
    return {**os.environ, **more}


def test_webhook(scratch):
    """A merged pull request is served as soon as the host says so, and only a signed host is heard."""
    registry, host, server = served(scratch, Host, environment=environment(MUSTER_WEBHOOK_SECRET=SECRET))
    person = host.person()
    person.change(DEVICE, lambda device: device.update(address="10.9.9.9"))
    push = {"ref": "refs/heads/main"}
    assert hook(server, push, secret="wrong").status == 401
    assert server.post("/api/registry/v1/upstream/webhook", push).status == 401
    assert hook(server, push, event="issues").json == {"status": "ignored"}
    assert hook(server, {"ref": "refs/heads/other"}).json == {"status": "ignored"}
    assert hook(server, {"zen": "x"}, event="ping").status == 200
    assert hook(server, b"x" * (6 << 20)).status == 413
    time.sleep(0.5)
    assert device(server, "one")["address"] == "10.0.0.1"
    answer = hook(server, push)
    assert (answer.status, answer.json) == (202, {"status": "sync"}), answer
    eventually(lambda: device(server, "one")["address"] == "10.9.9.9", what="the merged change")
    person.change(DEVICE, lambda device: device.update(address="10.9.9.8"))
    token = {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": SECRET, "Content-Type": "application/json"}
    assert server.call("POST", "/api/registry/v1/upstream/webhook", json.dumps(push), token).status == 202
    eventually(lambda: device(server, "one")["address"] == "10.9.9.8", what="the change that GitLab told of")
    state = status(server)
    assert state["upstream"] == host.shown and (state["ahead"], state["behind"]) == (0, 0), state
    everything = json.dumps(state) + server.log.read_text() + muster("status", registry.path).stdout
    everything += server.get("/metrics").body.decode()
    assert host.password not in everything and host.user + ":" not in everything
    assert f"upstream {host.shown}: in step" in muster("status", registry.path).stdout
    clean(registry, host)


def test_without_secret(scratch):
    """A server without a secret hears no webhook, one without an upstream says so."""
    _, _, server = served(scratch)
    assert hook(server, {}).status == 503
    server.stop()
    server = scratch.serve(Repository(scratch.path / "registry"))
    assert status(server) == {"upstream": None}
    assert server.post("/api/registry/v1/sync", {}).status == 409


def test_timer(scratch):
    """Without a webhook the upstream is looked at on a timer, whose time registry.json can set."""
    registry = scratch.registry()
    settings = json.loads(registry.read("registry.json"))
    settings["upstream"] = {"url": "https://127.0.0.1:1/unused.git", "interval_seconds": 5}
    registry.write("registry.json", json.dumps(settings, indent=2) + "\n")
    registry.git("commit", "--quiet", "--all", "--message", "Name the upstream")
    host = Folder(scratch, registry)
    server = scratch.serve(registry, "--upstream", host.url)
    settled(server)
    device = '{\n  "uid": "new",\n  "creation_date": "2026-01-01T00:00:00.000000Z",\n  "address": "10.1.1.1"\n}\n'
    host.person().publish("devices/new.json", device)
    eventually(lambda: server.get(device_path("new")).status == 200, 10, "the pushed device")
    in_step(server, host)
    clean(registry, host)


def test_writes_go_out_in_batches(scratch):
    """Writes reach the upstream within seconds, many with one push."""
    registry, host, server = served(scratch, Host)
    before, start = host.pushes(), time.monotonic()
    with server.client() as client:
        for number in range(120):
            body = {"uid": f"robot-{number}", "address": "10.0.0.1"}
            assert client.call("POST", "/api/v1/devices/", body).status == 201
            time.sleep(0.05)
    seconds = time.monotonic() - start
    in_step(server, host, 8)
    pushes = host.pushes() - before
    assert 1 <= pushes <= 2 + seconds / 3, (pushes, seconds)
    assert "robot-119" in host.file("devices/robot-119.json")
    clean(registry, host)


def test_both_sides_at_once(scratch):
    """Two fields of one device that change on both sides at once are both kept, with both histories."""
    registry, host, server = served(scratch, Host)
    person = host.person()
    person.change(DEVICE, lambda device: device.update(public_ssh_key="ssh-ed25519 AAAA from-upstream"))
    patch(server, "one", address="10.7.7.7")
    sync(server)
    in_step(server, host)
    for one in (device(server, "one"), json.loads(host.file(DEVICE))):
        assert (one["address"], one["public_ssh_key"]) == ("10.7.7.7", "ssh-ed25519 AAAA from-upstream"), one
    subjects = registry.git("log", "--format=%s").splitlines()
    assert "Merge the upstream's main" in subjects and "Change by pull request" in subjects, subjects
    assert status(server)["conflicts"] == []
    clean(registry, host)


def test_conflict(scratch):
    """What both sides changed is shown with both values and waits for a person; all else goes on."""
    registry, host, server = served(scratch)
    person = host.person()
    person.change(DEVICE, lambda device: device.update(address="10.2.2.2"))
    patch(server, "one", address="10.1.1.1")
    server.add_device("ours")
    state = sync(server)
    assert len(state["conflicts"]) == 1, state
    conflict = state["conflicts"][0]
    assert {key: conflict[key] for key in ("path", "pointer", "base", "ours", "theirs")} == {
        "path": DEVICE, "pointer": "/address", "base": "10.0.0.1", "ours": "10.1.1.1", "theirs": "10.2.2.2"}
    said = muster("status", registry.path).stdout
    assert 'differs from the upstream, decide: devices/one.json /address: ours "10.1.1.1", theirs "10.2.2.2"' in said

    # Other documents go both ways, and what one side takes back the other does too.
    person.change("devices/two.json", lambda device: device.update(address="10.4.4.4"))
    sync(server)
    assert device(server, "two")["address"] == "10.4.4.4"
    assert '"ours"' in host.file("devices/ours.json")
    person.change("devices/two.json", lambda device: device.update(address="10.0.0.1"))
    sync(server)
    assert device(server, "two")["address"] == "10.0.0.1"
    assert json.loads(host.file("devices/two.json"))["address"] == "10.0.0.1"
    assert device(server, "one")["address"] == "10.1.1.1"
    assert json.loads(host.file(DEVICE))["address"] == "10.2.2.2"
    commits, objects = registry.commits(), registry.git("count-objects", "-v")
    sync(server)
    assert (registry.commits(), registry.git("count-objects", "-v")) == (commits, objects), "a sync without news"

    state = sync(server, choices=[{"path": DEVICE, "pointer": "/address", "take": "theirs"}])
    assert (state["conflicts"], state["ahead"], state["behind"]) == ([], 0, 0), state
    in_step(server, host)
    assert device(server, "one")["address"] == "10.2.2.2"
    assert "10.1.1.1" in registry.git("log", "-p", "--full-history", "--", DEVICE), "the history has what was not taken"
    clean(registry, host)


def test_conflict_settled_by_an_edit(scratch):
    """A conflict is over when one side has what the other has."""
    registry, host, server = served(scratch)
    host.person().change(DEVICE, lambda device: device.update(address="10.2.2.2"))
    patch(server, "one", address="10.1.1.1")
    assert len(sync(server)["conflicts"]) == 1
    host.person().change(DEVICE, lambda device: device.update(address="10.1.1.1"))
    assert sync(server)["conflicts"] == []
    in_step(server, host)
    clean(registry, host)


def test_invalid_upstream(scratch):
    """An invalid file that was merged upstream is reported, its last good version stays served, all else goes on."""
    registry, host, server = served(scratch)
    person = host.person()
    good = host.file(DEVICE)
    person.publish(DEVICE, good.replace('"10.0.0.1"', "17"))
    person.change("devices/two.json", lambda device: device.update(address="10.5.5.5"))
    state = sync(server)
    assert [problem["path"] for problem in state["problems"]] == [DEVICE], state
    assert device(server, "one")["address"] == "10.0.0.1"
    assert device(server, "two")["address"] == "10.5.5.5"
    assert "invalid in the upstream: devices/one.json" in muster("status", registry.path).stdout
    in_step(server, host)
    person.publish(DEVICE, good.replace("10.0.0.1", "10.6.6.6"))
    assert sync(server)["problems"] == []
    assert device(server, "one")["address"] == "10.6.6.6"
    clean(registry, host)


def test_upstream_goes_away(scratch):
    """While the upstream is away writes go on and tries get rarer; when it is back, everything is there."""
    registry, host, server = served(scratch, Host)
    host.stop()
    server.add_device("alone-0")
    eventually(lambda: status(server)["failures"] >= 2, 15, "two failures")
    state = status(server)
    assert "Connection refused" in state["last_error"] or "Failed to connect" in state["last_error"], state
    assert host.password not in state["last_error"]
    assert state["next_try"] > state["last_sync"]
    assert "no sync with the upstream" in muster("status", registry.path).stdout
    assert b"muster_upstream_failures 0\n" not in server.get("/metrics").body
    for number in range(1, 10):
        server.add_device(f"alone-{number}")
    host.start()
    in_step(server, host, 25)
    eventually(lambda: not status(server)["last_error"], what="an end of the trouble")
    state = status(server)
    assert (state["failures"], state["last_error"], state["ahead"]) == (0, None, 0), state
    assert "alone-9" in host.file("devices/alone-9.json")
    clean(registry, host)


def test_wrong_password(scratch):
    """An upstream that refuses is named with the reason, without the password."""
    registry, host, server = served(scratch, Host)
    (host.folder / "passwords").write_text("ada:{PLAIN}other\n")
    server.add_device("three")
    eventually(lambda: status(server)["last_error"], 15, "an error")
    error = status(server)["last_error"]
    assert "Authentication failed" in error or "could not read" in error, error
    assert host.password not in error + server.log.read_text()


def test_rewound_upstream(scratch):
    """An upstream that is taken back or rewritten takes nothing from here, and is spoken of."""
    registry, host, server = served(scratch)
    old = host.tip
    person = host.person()
    person("reset", "--quiet", "--hard", "HEAD~1")
    person("push", "--quiet", "--force", "origin", "main")
    state = sync(server)
    assert state["rewound"]["from"] == old, state
    assert "the upstream was taken back" in muster("status", registry.path).stdout
    assert server.get(device_path("two")).status == 200
    in_step(server, host)
    person("commit", "--quiet", "--amend", "--message", "Rewritten")
    person.commit("notes/other", "x")
    person("push", "--quiet", "--force", "origin", "main")
    sync(server)
    in_step(server, host)
    assert server.get(device_path("two")).status == 200
    assert registry.read("notes/other") == "x"
    clean(registry, host)


def test_race(scratch):
    """People push and agents write at the same time for a while; both sides end with everything."""
    registry, host, server = served(scratch, Host)
    ends, written = threading.Event(), []

    def write():
        with server.client() as client:
            while not ends.is_set():
                uid = f"agent-{len(written)}"
                assert client.call("POST", "/api/v1/devices/", {"uid": uid, "address": "10.0.0.1"}).status == 201
                written.append(uid)
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    person, pushed = host.person(), 0
    try:
        end = time.monotonic() + 8
        while time.monotonic() < end:
            person("pull", "--quiet", "--no-rebase", "--no-edit")
            person.commit(f"notes/{pushed}", "note")
            if person.run("push", "--quiet", "origin", "HEAD:main").returncode == 0:
                pushed += 1
                if pushed % 3 == 0:
                    server.post("/api/registry/v1/sync", {})
            else:
                person("reset", "--quiet", "--hard", "HEAD~1")
    finally:
        ends.set()
        writer.join()
    sync(server)
    in_step(server, host)
    assert pushed > 3 and len(written) > 50, (pushed, len(written))
    names = set(host.git("ls-tree", "-r", "--name-only", "main").split())
    assert {f"devices/{uid}.json" for uid in written} <= names
    assert {f"notes/{number}" for number in range(pushed)} <= names
    assert status(server)["conflicts"] == []
    clean(registry, host)


def test_first_push_and_strangers(scratch):
    """An empty upstream gets everything; one with another history is named and left alone."""
    registry = scratch.registry()
    host = Folder(scratch)
    server = scratch.serve(registry, "--upstream", host.url)
    settled(server)
    in_step(server, host)
    server.stop()
    stranger = scratch.registry("stranger")
    stranger.git("commit", "--quiet", "--amend", "--message", "Another start")
    server = scratch.serve(stranger, "--upstream", host.url)
    eventually(lambda: status(server)["last_error"], 10, "an error")
    assert "in common" in status(server)["last_error"], status(server)
    assert host.tip == registry.git("rev-parse", "main").strip()


def test_address_in_the_registry(scratch):
    """registry.json can name the upstream, but with no password, no folder, and no address of this machine."""
    registry = scratch.registry()
    settings = json.loads(registry.read("registry.json"))
    for url in ("https://ada:word@git.example.org/r.git", str(scratch.path), "file:///tmp/r.git"):
        settings["upstream"] = {"url": url}
        registry.write("registry.json", json.dumps(settings, indent=2) + "\n")
        registry.git("commit", "--quiet", "--all", "--message", "Name the upstream")
        result = muster("validate", registry.path, check=False)
        assert result.returncode == 1 and "/upstream/url" in result.stdout + result.stderr, result
    host = Host(scratch, registry)
    settings["upstream"] = {"url": host.shown}
    registry.write("registry.json", json.dumps(settings, indent=2) + "\n")
    registry.git("commit", "--quiet", "--all", "--message", "Name the upstream")
    # The password comes from the person who runs the server.
    home = scratch.path / "home"
    home.mkdir()
    (home / ".netrc").write_text(f"machine 127.0.0.1 login {host.user} password {host.password}\n")
    server = scratch.serve(registry, environment=environment(HOME=str(home)))
    eventually(lambda: "an address of this machine" in (status(server).get("last_error") or ""), what="a refusal")
    assert server.stop() == 0
    server = scratch.serve(registry, "--webhook-allow-local", environment=environment(HOME=str(home)))
    settled(server)
    in_step(server, host)
    assert status(server)["upstream"] == host.shown


def test_uncommitted_edit(scratch):
    """A file that a person is editing is not written by the upstream; writes go out, and it comes in when they are done."""
    registry, host, server = served(scratch)
    host.person().change(DEVICE, lambda device: device.update(address="10.2.2.2"))
    registry.write(DEVICE, registry.read(DEVICE).replace('"public_ssh_key": ""', '"public_ssh_key": "edited"'))
    eventually(lambda: device(server, "one")["public_ssh_key"] == "edited", what="the edit")
    state = sync(server)
    assert DEVICE in state["last_error"] and state["behind"] == 1, state
    server.add_device("meanwhile")
    eventually(lambda: "meanwhile" in host.git("ls-tree", "-r", "--name-only", "main"), 10, "the write")
    registry.git("commit", "--quiet", "--all", "--message", "devices/one: edit")
    eventually(lambda: status(server)["last_error"] is None and status(server)["behind"] == 0, 10, "the end of it")
    in_step(server, host)
    for one in (device(server, "one"), json.loads(host.file(DEVICE))):
        assert (one["address"], one["public_ssh_key"]) == ("10.2.2.2", "edited"), one
    clean(registry, host)


def test_ssh(scratch):
    """An upstream by ssh is spoken to by the ssh that the environment names, which asks nobody anything."""
    registry = scratch.registry()
    host = Folder(scratch, registry)
    ssh = scratch.path / "ssh"
    ssh.write_text(f'#!/bin/sh\necho "$@" >> {scratch.path}/calls\nshift $(($# - 1))\nexec sh -c "$1"\n')
    ssh.chmod(0o755)
    server = scratch.serve(registry, "--upstream", f"git@git.invalid:{host.path}",
                           environment=environment(GIT_SSH_COMMAND=str(ssh)))
    settled(server)
    server.add_device("one")
    in_step(server, host)
    calls = (scratch.path / "calls").read_text()
    assert "git@git.invalid git-upload-pack" in calls and "git@git.invalid git-receive-pack" in calls, calls
    clean(registry, host)


def test_problems_after_a_restart(scratch):
    """What is invalid is still reported after a restart."""
    registry, host, server = served(scratch)
    host.person().publish(DEVICE, host.file(DEVICE).replace('"10.0.0.1"', "17"))
    sync(server)
    server.stop()
    server = scratch.serve(registry, "--upstream", host.url)
    settled(server)
    assert [problem["path"] for problem in status(server)["problems"]] == [DEVICE], status(server)


def test_read_only(scratch):
    """A read-only server leaves its upstream alone."""
    registry, host, server = served(scratch)
    server.stop()
    host.person().change(DEVICE, lambda device: device.update(address="10.2.2.2"))
    server = scratch.serve(registry, "--upstream", host.url, "--read-only")
    time.sleep(1)
    assert device(server, "one")["address"] == "10.0.0.1"
    assert server.post("/api/registry/v1/sync", {}).status == 503
    assert Git(registry.path)("status", "--porcelain") == ""
