"""Purge: a secret leaves the whole history, with git as the judge, and nothing brings it back."""

import json
import subprocess
import time

import support
from support import Repository, device_path, eventually, muster
from upstream import Folder

SECRET = "correct-horse-battery"


def objects(path):
    """All that git has there, reachable or not."""
    names = subprocess.run(
        ["git", "-C", path, "cat-file", "--batch-all-objects", "--batch"], capture_output=True, check=True)
    return names.stdout


def start(scratch):
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    for key in (f"ssh-ed25519 {SECRET}", "ssh-ed25519 fine"):
        assert server.call("PATCH", device_path("robot-1"), {"public_ssh_key": key}).status == 200
    proposal = {"title": f"Use {SECRET}", "author": {"name": "Eve Smith", "email": "eve@example.org"}, "changes": [
        {"collection": "devices", "uid": "robot-1", "patch": {"public_ssh_key": f"ssh-ed25519 {SECRET}"}}]}
    assert server.post("/api/registry/v1/proposals", proposal).status == 201
    registry.wait_until_clean()
    return registry, server


def holds(path):
    """The files below a folder that hold the secret as it is, and git's objects."""
    found = subprocess.run(["grep", "-rl", SECRET, path], text=True, capture_output=True).stdout.split()
    return found + (["objects"] if SECRET.encode() in objects(path) else [])


def test_purge(scratch):
    """What is purged is in no object, file or clone; what was before keeps its id; an old clone cannot bring it back."""
    registry, server = start(scratch)
    url = f"{server.base}/registry.git"
    clone = Repository(scratch.path / "clone")
    subprocess.run(["git", "clone", "--quiet", url, clone.path], check=True)
    first = registry.commits()[-1]
    busy = muster("purge", registry.path, "--text", SECRET, check=False)
    assert busy.returncode == 1 and "served already" in busy.stderr, busy
    trial = muster("purge", registry.path, "--text", SECRET, "--dry-run").stdout
    assert "would be rewritten" in trial and "refs/proposals/1/head" in trial, trial
    old = server.get("/api/registry/v1/sync").headers["Registry-Generation"]
    server.stop()
    assert "objects" in holds(registry.path)
    secret = scratch.path / "secret"
    secret.write_text(SECRET + "\n")
    text = muster("purge", registry.path, "--file", secret, "--author", "Eve Smith <eve@example.org>").stdout
    assert "generation 2-" in text and "note:" not in text, text
    assert holds(registry.path) == []
    assert b"eve@example.org" not in objects(registry.path) and b"Eve Smith" not in objects(registry.path)
    registry.check()
    assert registry.commits()[-1] == first, "what was before stays"
    server = scratch.serve(registry)
    assert server.get("/api/registry/v1/sync").headers["Registry-Generation"] != old
    proposal = server.get("/api/registry/v1/proposals/1").json
    assert proposal["title"] == "Use REMOVED" and proposal["mergeable"], proposal
    subprocess.run(["git", "clone", "--quiet", "--mirror", server.base + "/registry.git", scratch.path / "mirror"],
                   check=True)
    assert holds(scratch.path / "mirror") == []
    (clone.path / "note").write_text("mine\n")
    clone.git("add", "note")
    clone.git("commit", "--quiet", "--message", "mine")
    for place in ("+HEAD:main", "HEAD:refs/heads/other", "HEAD:refs/for/main"):
        push = subprocess.run(["git", "-C", clone.path, "push", server.base + "/registry.git", place],
                              text=True, capture_output=True)
        assert push.returncode != 0 and "purged" in push.stderr, push
    assert holds(registry.path) == []
    server.add_device("robot-2")
    registry.check()


def test_state_and_upstream(scratch):
    """What is purged is in no database of the state either, and an upstream that has it still does not bring it back."""
    registry, server = start(scratch)
    answer = server.post("/api/registry/v1/webhooks", {"url": "https://hook.invalid/", "description": f"With {SECRET}"})
    assert answer.status == 201, answer
    server.stop()
    upstream = Folder(scratch, registry)
    old = upstream.tip
    assert ".git/muster/webhooks.sqlite" in " ".join(holds(registry.path))
    text = muster("purge", registry.path, "--text", SECRET).stdout
    assert "generation 2-" in text, text
    assert holds(registry.path) == []
    server = scratch.serve(registry, "--upstream", upstream.url)
    hooks = server.get("/api/registry/v1/webhooks").json["webhooks"]
    assert [hook["description"] for hook in hooks] == ["With REMOVED"], hooks
    # The id of before is a name of what the commit became.
    became = server.get(f"{device_path('robot-1')}?at={old}")
    assert became.status == 200 and became.commit != old, became

    def is_refused():
        problem = json.loads(muster("status", registry.path, "--json").stdout)["sync"]["last_error"]
        return problem and "purged" in problem

    eventually(is_refused, 20, "a word about the upstream")
    assert holds(registry.path) == [], "the old history was fetched"
    # As the message says.
    subprocess.run(["git", "-C", registry.path, "push", "--quiet", "--force", upstream.url, "main"], check=True)
    server.add_device("robot-2")
    eventually(lambda: "robot-2" in upstream.git("ls-tree", "-r", "--name-only", "main"), 20, "the next push")
    registry.check()


def test_killed(scratch):
    """A purge that is killed at any moment leaves the old history or the new, and never a broken one."""
    registry, server = start(scratch)
    server.stop()
    tip = registry.commits()[0]
    command = [support.BINARY, "purge", registry.path, "--text", SECRET]
    for pause in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        process.kill()
        process.wait()
        server = scratch.serve(registry)
        assert server.get(device_path("robot-1")).json["public_ssh_key"] == "ssh-ed25519 fine"
        server.stop()
        registry.check()
        assert (registry.commits()[0] == tip) == ("objects" in holds(registry.path))
    muster("purge", registry.path, "--text", SECRET)
    assert holds(registry.path) == []
    assert registry.commits()[0] != tip


def test_migrate(scratch):
    """A registry of this format has nothing to migrate; one of a newer format names what to install."""
    registry = scratch.registry()
    assert "nothing to do" in muster("migrate", registry.path, "--dry-run").stdout
    registry.write("registry.json", registry.read("registry.json").replace(
        '"format_version": 1', '"format_version": 9'))
    result = muster("migrate", registry.path, "--dry-run", check=False)
    assert result.returncode == 1 and "newer muster" in result.stderr, result
