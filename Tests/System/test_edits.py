"""Uncommitted edits: seen, committed and discarded by page, command and API."""

import json
import urllib.parse

from support import device_path, eventually, muster, send_form


def start(scratch):
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    return registry, server


def edit(registry, server, address):
    path = "devices/robot-1.json"
    document = json.loads(registry.read(path))
    document["address"] = address
    registry.write(path, json.dumps(document, indent=2) + "\n")
    eventually(lambda: edits(server), what="the edit's being noticed")
    return path


def edits(server):
    return server.get("/api/registry/v1/edits").json["edits"]


def test_commit_by_page(scratch):
    """The page shows the fields and commits what it has shown, and nothing that came later."""
    registry, server = start(scratch)
    path = edit(registry, server, "10.0.0.8")
    page = server.get("/repository/edits").body.decode()
    assert "10.0.0.8" in page and path in page, page
    tag = edits(server)[0]["tag"]
    form = {"path": path, "seen": tag, "message": "Move robot-1\r\n\r\nTo hall 2.", "name": "Ada"}
    assert send_form(server, "/repository/edits/commit", form, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    edit(registry, server, "10.0.0.9")
    eventually(lambda: edits(server)[0]["tag"] != tag)
    answer = send_form(server, "/repository/edits/commit", form)
    assert answer.status == 409 and "edited again" in answer.body.decode(), answer
    form["seen"] = edits(server)[0]["tag"]
    answer = send_form(server, "/repository/edits/commit", form)
    assert answer.status == 303, answer
    assert registry.git("log", "-1", "--format=%an|%B").strip() == "Ada|Move robot-1\n\nTo hall 2."
    assert registry.commits()[0] in server.get(answer.headers["Location"]).body.decode()
    registry.check()
    answer = server.get(device_path("robot-1"))
    assert answer.json["address"] == "10.0.0.9" and "Registry-Uncommitted" not in answer.headers, answer.headers


def test_discard_by_page(scratch):
    """Discarding asks first, puts the file back and keeps the edit."""
    registry, server = start(scratch)
    before = registry.read("devices/robot-1.json")
    path = edit(registry, server, "10.0.0.8")
    page = server.get("/repository/edits/discard?path=" + urllib.parse.quote(path, safe="")).body.decode()
    assert "10.0.0.8" in page and 'method="post"' in page, page
    answer = send_form(server, "/repository/edits/discard", {"path": path, "seen": edits(server)[0]["tag"]})
    assert answer.status == 303, answer
    assert registry.read(path) == before
    registry.check()
    copies = list((registry.path / ".git/muster/kept").rglob("robot-1.json"))
    assert len(copies) == 1 and "10.0.0.8" in copies[0].read_text(), copies


def test_commands(scratch):
    """`muster commit` and `muster discard` do the same, and refuse what is not valid."""
    registry, server = start(scratch)
    path = edit(registry, server, "10.0.0.8")
    registry.write("devices/bad.json", "{")
    eventually(lambda: len(edits(server)) == 2)
    refused = muster("commit", "--registry", registry.path, "devices/bad.json", check=False)
    assert refused.returncode == 1 and "would not be valid" in refused.stderr, refused
    done = muster("commit", "--registry", registry.path, "-m", "Move it")
    assert path in done.stdout and registry.commits()[0] in done.stdout, done
    assert registry.git("log", "-1", "--format=%s").strip() == "Move it"
    done = muster("discard", "--registry", registry.path, "devices/bad.json")
    assert "kept" in done.stdout, done
    assert not (registry.path / "devices/bad.json").exists()
    registry.check()
    nothing = muster("commit", "--registry", registry.path, check=False)
    assert nothing.returncode == 1 and "no uncommitted edit" in nothing.stderr, nothing


def test_api(scratch):
    """The native API lists edits by field, commits and discards them."""
    registry, server = start(scratch)
    path = edit(registry, server, "10.0.0.8")
    found = edits(server)[0]
    assert found["fields"][0]["pointer"] == "/address" and found["served"], found
    body = {"paths": [path], "tags": {path: "removed"}}
    assert server.post("/api/registry/v1/edits/commit", body).status == 409
    assert server.post("/api/registry/v1/edits/discard", {}).status == 422
    body["tags"][path] = found["tag"]
    answer = server.post("/api/registry/v1/edits/commit", {**body, "author": {"name": "Ada"}})
    assert answer.status == 200 and answer.json["commit"] == registry.commits()[0], answer
    registry.check()


def test_kept_tips(scratch):
    """A tip that was reset away is shown with what happened, and can be let go."""
    registry, server = start(scratch)
    registry.git("reset", "--quiet", "--hard", "HEAD~1")
    eventually(lambda: registry.git("branch", "--list", "rewound-*").strip(), what="the kept tip")
    page = server.get("/repository/kept").body.decode()
    name = registry.git("branch", "--list", "rewound-*").strip()
    assert name in page and "was reset to this earlier commit" in page, page
    tip = registry.git("rev-parse", name).strip()
    answer = send_form(server, "/repository/kept/delete", {"name": name, "tip": tip})
    assert answer.status == 303, answer
    assert "is deleted" in server.get(answer.headers["Location"]).body.decode()
    assert not registry.git("branch", "--list", "rewound-*").strip()
    assert send_form(server, "/repository/kept/delete", {"name": "main", "tip": tip}).status == 404
    registry.check()


def test_problems_page(scratch):
    """A bad file that was committed is shown with the commit whose version is served."""
    registry, server = start(scratch)
    good = registry.commits()[0]
    registry.write("devices/robot-1.json", "{")
    registry.git("commit", "--quiet", "--all", "--message", "break it")
    eventually(lambda: "devices/robot-1.json" in server.get("/repository/problems").body.decode())
    page = server.get("/repository/problems").body.decode()
    assert "last good version is served" in page and good in page, page
    assert server.get(device_path("robot-1")).json["address"] == "10.0.0.1"


def conflict_of_a_commit_by_hand(scratch, settled):
    registry, server = start(scratch)
    base = registry.commits()[0]
    assert server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.8"}).status == 200
    registry.wait_until_clean()
    document = json.loads(registry.read("devices/robot-1.json"))
    document["address"] = "10.0.0.9"
    blob = registry.git("hash-object", "-w", "--stdin", input=json.dumps(document, indent=2) + "\n").strip()
    tree = registry.git("ls-tree", f"{base}:devices").replace(
        registry.git("rev-parse", f"{base}:devices/robot-1.json").strip(), blob)
    devices = registry.git("mktree", input=tree).strip()
    top = registry.git("ls-tree", base).replace(registry.git("rev-parse", f"{base}:devices").strip(), devices)
    commit = registry.git("commit-tree", registry.git("mktree", input=top).strip(), "-p", base, "-m", "by hand").strip()
    registry.git("update-ref", "refs/heads/main", commit)
    eventually(lambda: "10.0.0.9" in server.get("/repository/").body.decode(), what="the conflict's being shown")
    page = server.get("/repository/").body.decode()
    assert "10.0.0.8" in page and "both sides changed it" in page, page
    status = muster("status", registry.path).stdout
    assert 'devices/robot-1.json /address' in status and '"10.0.0.9"' in status, status
    assert server.get(device_path("robot-1")).json["address"] == "10.0.0.8"
    place = {"path": "devices/robot-1.json", "pointer": "/address"}
    assert send_form(server, "/repository/conflicts", {**place, "pointer": "/kind"}).status == 303
    assert "/address" in muster("status", registry.path).stdout
    if settled == "dismissed":
        assert send_form(server, "/repository/conflicts", place).status == 303
    else:
        assert server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.9"}).status == 200
    assert "/address" not in muster("status", registry.path).stdout


def test_conflict_of_a_commit_by_hand(scratch):
    """What a rewritten commit and the API both changed is shown with both values, until a person says so."""
    conflict_of_a_commit_by_hand(scratch, "dismissed")


def test_conflict_is_settled_by_a_write(scratch):
    """A conflict is settled when its place gets another value."""
    conflict_of_a_commit_by_hand(scratch, "written")


def test_head_elsewhere(scratch):
    """HEAD on another branch is explained with the command that ends it."""
    registry, server = start(scratch)
    registry.git("switch", "--quiet", "--create", "side")
    eventually(lambda: "HEAD is on" in server.get("/repository/").body.decode())
    page = server.get("/repository/").body.decode()
    assert "git switch main" in page and "side" in page, page
