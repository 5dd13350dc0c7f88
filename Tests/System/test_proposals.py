"""Proposals: opened by a push or by the API, judged on a page, merged; nothing of them is lost."""

import json
import subprocess

from support import device_path, eventually, send_form
from test_push import KEY, address, clone_of, commit, patch, push, set_address, start

API = "/api/registry/v1/proposals"


def propose(clone, *options):
    done, words = push(clone, "origin", "HEAD:refs/for/main", *options)
    assert done, words
    return words


def send(server, path, **fields):
    return send_form(server, path, fields)


def test_push_opens_and_updates(scratch):
    """A push opens a proposal, the next one goes on with it, and -o names or renames one."""
    registry, server = start(scratch)
    before = registry.commits()
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone, "move robot-1 to hall 9")
    words = propose(clone)
    assert "proposal 1 is open: move robot-1 to hall 9" in words and "/proposals/1" in words, words
    set_address(clone, "robot-2", "10.9.9.8")
    commit(clone, "and robot-2")
    assert "proposal 1 is updated" in propose(clone)
    clone.git("commit", "--quiet", "--amend", "--message", "and robot-2 too")
    assert "proposal 1 is updated: Hall nine" in propose(clone, "-o", "proposal=1", "-o", "title=Hall nine")
    clone.git("reset", "--quiet", "--hard", "origin/main")
    set_address(clone, "robot-2", "10.9.9.7")
    commit(clone, "another idea")
    assert "proposal 2 is open" in propose(clone)
    assert registry.commits() == before, "main has not moved"
    found = server.get(f"{API}/1").json
    assert found["title"] == "Hall nine" and found["commit_count"] == 2 and found["mergeable"]
    assert [event["kind"] for event in found["events"]] == ["opened", "updated", "updated"]
    done, words = push(clone, "origin", "HEAD:refs/for/main", "-o", "proposal=9")
    assert not done and "no proposal 9" in words, words
    done, words = push(clone, "origin", "HEAD:refs/for/other")
    assert not done and "refs/for/main" in words, words
    done, words = push(clone, "origin", "main~1:refs/for/main")
    assert not done and "nothing to propose" in words, words
    registry.check()


def test_merged_at_once(scratch):
    """With -o merge a push is merged whatever was written meanwhile; a conflict leaves it open and says why."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    patch(server, "robot-2", address="10.2.2.2")
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    assert "it is merged" in propose(clone, "-o", "merge")
    assert (address(server, "robot-1"), address(server, "robot-2")) == ("10.9.9.9", "10.2.2.2")
    assert server.get(f"{API}/1").json["state"] == "merged"
    patch(server, "robot-1", address="10.3.3.3")
    set_address(clone, "robot-1", "10.9.9.8")
    commit(clone)
    words = propose(clone, "-o", "merge")
    assert "it is not merged" in words and "/address" in words, words
    assert server.get(f"{API}/2").json["state"] == "open" and address(server, "robot-1") == "10.3.3.3"
    registry.check()


def test_preview(scratch):
    """The whole registry can be read as it would be, by the API and as pages, and main stays."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    (clone.path / "devices/robot-2.json").unlink()
    commit(clone, "move one, remove the other")
    propose(clone)
    patch(server, "robot-1", public_ssh_key="ssh-ed25519 AAAA later")
    preview = server.get(device_path("robot-1") + "?at=proposal:1").json
    assert (preview["address"], preview["public_ssh_key"]) == ("10.9.9.9", "ssh-ed25519 AAAA later")
    assert server.get(device_path("robot-2") + "?at=proposal:1").status == 404
    listed = server.get("/api/v1/devices/?fields=uid&at=proposal:1").json
    assert [device["uid"] for device in listed] == ["robot-1"]
    page = server.get("/devices/?at=proposal:1").body.decode()
    assert "10.9.9.9" in page and "robot-2" not in page and "proposal:1" in page
    assert server.get(device_path("robot-2")).status == 200
    assert address(server, "robot-1") != "10.9.9.9"
    assert server.get(device_path("robot-1") + "?at=proposal:7").status == 404
    # Each API and the pages say it in their own shape.
    assert "detail" in server.get(device_path("robot-1") + "?at=nowhere").json
    assert server.get("/api/registry/v1/proposals?at=nowhere").json["title"] == "Not Found"
    page = server.get("/devices/?at=nowhere", Accept="text/html")
    assert page.status == 404 and b"<h1>Not found</h1>" in page.body, page
    assert server.get("/v1/devices?at=nowhere").status == 401
    assert server.call("PATCH", device_path("robot-1") + "?at=proposal:1", {"address": "x"}).status == 400
    first = registry.commits()[-1]
    assert server.get(f"/api/v1/devices/?at={first}").json == []
    assert len(server.get("/api/v1/devices/?at=main").json) == 2
    assert server.get("/api/v1/devices/?at=2001-01-01T00:00:00Z").status == 404
    assert len(server.get("/api/v1/devices/?at=2101-01-01T00:00:00Z").json) == 2


def test_page_and_forms(scratch):
    """The page shows fields, reach and commits; its forms comment, approve, close, reopen and merge."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone, "<b>bold</b> move")
    propose(clone, "-o", "text=why <script>not</script>")
    page = server.get("/proposals/1").body.decode()
    for word in ("10.0.0.1", "10.9.9.9", "address", "robot-1", "&lt;b&gt;bold", "&lt;script&gt;", "at=proposal"):
        assert word in page, word
    assert "<script>not" not in page and "<b>bold" not in page
    assert "move" in server.get("/proposals/").body.decode()
    answer = send(server, "/proposals/1/comment", text="why so?", name="Bob")
    assert answer.status == 303 and answer.headers["Location"] == "/proposals/1"
    head = server.get(f"{API}/1").json["head"]
    assert send(server, "/proposals/1/judge", do="approve", head="0" * 40).status == 409
    assert send(server, "/proposals/1/judge", do="approve", head=head, name="Bob").status == 303
    assert send(server, "/proposals/1/judge", do="close").status == 303
    assert send(server, "/proposals/1/judge", do="merge", head=head).status == 409
    assert send(server, "/proposals/1/judge", do="reopen").status == 303
    foreign = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example"}
    merge = {"do": "merge", "head": head}
    assert send_form(server, "/proposals/1/judge", merge, **{"Sec-Fetch-Site": "cross-site"}).status == 403
    assert server.call("POST", f"{API}/1/merge", None, {"Sec-Fetch-Site": "cross-site"}).status == 403
    assert server.call("POST", f"{API}/1/close", None, foreign).status == 403
    assert server.call("POST", "/api/v1/devices/", "uid=csrf&address=1.1.1.1", foreign).status == 403
    assert send(server, "/proposals/1/judge", do="merge", head="garbage").status == 422
    assert send(server, "/proposals/1/judge", do="merge", head=head, name="Bob", text="Fine.").status == 303
    assert address(server, "robot-1") == "10.9.9.9"
    body = registry.git("log", "-1", "--format=%an%n%B")
    assert body.splitlines()[:2] == ["Bob", "Merge proposal 1: <b>bold</b> move"], body
    assert "Fine." in body and "Proposal: 1" in body
    assert "Co-authored-by: Pat <pat@example.org>" in body and "Reviewed-by: Bob <" in body, body
    parents = registry.git("log", "-1", "--format=%P").split()
    assert parents[1] == head and registry.git("log", "-1", "--format=%an", head).strip() == "Pat"
    page = server.get("/proposals/1").body.decode()
    assert "merged" in page and "10.9.9.9" in page and "why so?" in page
    notes = registry.git("log", "-1", "--notes=proposals", head)
    assert "why so?" in notes and "Bob approved" in notes, notes
    registry.check()


def test_conflict(scratch):
    """The API changes the same device meanwhile: another field merges, the same one is a shown conflict."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    propose(clone)
    patch(server, "robot-1", public_ssh_key="ssh-ed25519 AAAA other")
    assert server.get(f"{API}/1").json["mergeable"]
    patch(server, "robot-1", address="10.4.4.4")
    found = server.get(f"{API}/1").json
    assert not found["mergeable"]
    conflict, = found["conflicts"]
    assert (conflict["path"], conflict["pointer"]) == ("devices/robot-1.json", "/address")
    assert (conflict["base"], conflict["ours"], conflict["theirs"]) == ("10.0.0.1", "10.4.4.4", "10.9.9.9")
    refused = server.post(f"{API}/1/merge", {})
    assert refused.status == 409 and refused.json["conflicts"] == [conflict]
    page = server.get("/proposals/1").body.decode()
    for word in ("Conflicts with main", "10.4.4.4", "10.9.9.9", "/address", "take:"):
        assert word in page, word
    fields = {"do": "merge", "head": found["head"], "take:devices%2Frobot-1.json#/address": "theirs"}
    assert send(server, "/proposals/1/judge", **fields).status == 303
    device = server.get(device_path("robot-1")).json
    assert (device["address"], device["public_ssh_key"]) == ("10.9.9.9", "ssh-ed25519 AAAA other")
    registry.check()


def test_settled_in_a_clone(scratch):
    """A conflict that is settled in a clone can be merged; a proposal that is merged there is marked."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    clone.git("switch", "--quiet", "--create", "idea")
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    propose(clone)
    patch(server, "robot-1", address="10.4.4.4")
    clone.git("fetch", "--quiet")
    clone.git("merge", "--quiet", "--strategy-option=ours", "--no-edit", "origin/main")
    propose(clone)
    assert server.get(f"{API}/1").json["mergeable"]
    clone.git("switch", "--quiet", "main")
    clone.git("pull", "--quiet", "--ff-only")
    clone.git("merge", "--quiet", "--no-edit", "idea")
    done, words = push(clone)
    assert done, words
    assert server.get(f"{API}/1").json["state"] == "merged"
    assert address(server, "robot-1") == "10.9.9.9"


def test_by_the_api(scratch):
    """A patch of several documents opens a proposal; bad ones say what is wrong and leave nothing."""
    registry, server = start(scratch)
    author = {"name": "Ada", "email": "ada@example.org"}
    change = {"collection": "devices", "uid": "robot-1", "patch": {"address": "10.9.9.9"}}
    rules = {"collection": "prometheus_alert_rules", "uid": "x", "text": "groups: []\n"}
    removal = {"collection": "devices", "uid": "robot-2", "remove": True}
    made = server.post(API, {"title": "Three at once", "author": author, "changes": [change, rules, removal]})
    assert made.status == 201 and made.headers["Location"].endswith(f"{API}/1"), made
    assert made.json["paths"] == ["devices/robot-1.json", "devices/robot-2.json", "prometheus_alert_rules/x.rules"]
    assert made.json["touches"]["devices"] == ["robot-1", "robot-2"]
    assert made.json["touches"]["targets"][0] == {"device": "robot-1", "old": "10.0.0.1", "new": "10.9.9.9"}
    more = {"collection": "devices", "uid": "robot-1", "patch": {"address": "10.9.9.8"}}
    also = {"collection": "devices", "uid": "robot-1", "patch": {"public_ssh_key": "ssh-ed25519 AAAA"}}
    assert server.call("PATCH", f"{API}/1", {"changes": [more, also], "title": "Better"}).json["commit_count"] == 2
    preview = server.get(device_path("robot-1") + "?at=proposal:1").json
    assert (preview["address"], preview["public_ssh_key"]) == ("10.9.9.8", "ssh-ed25519 AAAA")
    for body, status, word in (
            ({"changes": []}, 422, "/changes"),
            ({"changes": [{**change, "uid": "ghost"}]}, 404, "ghost"),
            ({"changes": [{**change, "patch": {"adress": "x"}}]}, 422, "adress"),
            ({"changes": [{**change, "patch": {"public_ssh_key": KEY}}]}, 422, "private key"),
            ({"changes": [{**change, "patch": {"address": "10.0.0.1"}}]}, 409, "nothing to propose"),
            ({"changes": [{**change, "collection": "robots"}]}, 422, "/changes/0/collection"),
            ({"title": "only"}, 422, "changes"), ({"changes": "x"}, 422, "/changes"),
            ({"head": "0" * 40}, 404, "revision"), ({"head": registry.git("rev-parse", "main^{tree}").strip()}, 404, "revision"),
            ({"author": {"name": "x", "email": "a>\nb"}, "changes": [change]}, 422, "/author/email"), ({"colour": 1, "changes": [change]}, 422, "/colour")):
        answer = server.post(API, body)
        assert answer.status == status, (body, answer)
        assert answer.headers["Content-Type"] == "application/problem+json" and word in answer.json["detail"], answer
    assert server.call("POST", API, b"{").status == 400
    assert server.get(f"{API}/99").status == 404 and server.get(f"{API}/x").status == 404
    assert server.call("DELETE", f"{API}/1").status == 405
    assert [found["number"] for found in server.get(API).json["proposals"]] == [1]
    assert server.post(f"{API}/1/merge", {"author": author, "message": "All three."}).json["state"] == "merged"
    assert address(server, "robot-1") == "10.9.9.8" and server.get(device_path("robot-2")).status == 404
    assert server.get(API + "?state=merged").json["total"] == 1
    registry.check()


def test_write_by_a_dialect(scratch):
    """A client that says Registry-Propose gets its usual answer, and the write waits for judgement."""
    registry, server = start(scratch)
    before = registry.commits()

    def write(method, path, body, propose):
        return server.call(method, path, body, {"Registry-Propose": propose})

    answer = write("PATCH", device_path("robot-1"), {"address": "10.9.9.9"}, "Move it")
    assert answer.status == 200 and answer.json["address"] == "10.9.9.9", answer
    assert answer.headers["Registry-Proposal"] == "1"
    answer = write("POST", "/api/v1/devices/", {"uid": "robot-7", "address": "10.0.0.7"}, "1")
    assert answer.status == 201 and answer.headers["Registry-Proposal"] == "1", answer
    answer = write("DELETE", device_path("robot-7"), None, "1")
    assert answer.status == 204 and answer.headers["Registry-Proposal"] == "1", answer
    assert write("PATCH", device_path("robot-1"), {"address": ""}, "1").status == 400
    assert write("PATCH", device_path("robot-1"), {"address": "10.0.0.8"}, "99").status == 404
    assert write("PATCH", device_path("robot-7"), {"address": "10.0.0.8"}, "Move").status == 404
    assert registry.commits() == before and address(server, "robot-1") == "10.0.0.1"
    found = server.get(f"{API}/1").json
    assert found["title"] == "Move it" and found["commit_count"] == 3
    assert found["paths"] == ["devices/robot-1.json"]
    assert server.post(f"{API}/1/merge", {}).status == 200
    assert address(server, "robot-1") == "10.9.9.9"
    registry.check()


def test_invalid_after_merge(scratch):
    """What would break the registry is shown with file and place, and not merged."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    clone.write("devices/robot-9.json", "{\n")
    commit(clone)
    propose(clone)
    found = server.get(f"{API}/1").json
    assert not found["mergeable"] and found["problems"][0]["path"] == "devices/robot-9.json"
    assert "robot-9.json" in server.get("/proposals/1").body.decode()
    assert server.post(f"{API}/1/merge", {}).status == 409
    assert len(registry.commits()) == len(clone.commits("origin/main"))


def test_nothing_secret_is_said(scratch):
    """A private key in a title, a text, a comment or a message is refused: mirrors have them all."""
    registry, server = start(scratch)
    change = {"collection": "devices", "uid": "robot-1", "patch": {"address": "10.9.9.9"}}
    for body in ({"title": KEY, "changes": [change]}, {"title": "x", "text": KEY, "changes": [change]}):
        answer = server.post(API, body)
        assert answer.status in (409, 422) and "private key" in answer.json["detail"], answer
    assert server.get(API).json["total"] == 0
    assert server.post(API, {"title": "x", "changes": [change]}).status == 201
    for path, body in (("comments", {"text": KEY}), ("close", {"text": KEY}), ("merge", {"message": KEY})):
        answer = server.post(f"{API}/1/{path}", body)
        assert answer.status == 409 and "private key" in answer.json["detail"], answer
    assert server.call("PATCH", f"{API}/1", {"text": KEY}).status == 409
    said = {"X-Commit-Message": KEY.splitlines()[0]}
    assert server.call("PATCH", device_path("robot-1"), {"address": "10.8.8.8"}, said).status == 422
    assert address(server, "robot-1") == "10.0.0.1"
    assert server.post(f"{API}/1/comments", {"text": "x" * 70_000}).status == 409
    found = server.get(f"{API}/1").json
    assert found["state"] == "open" and len(found["events"]) == 1
    assert "BEGIN RSA" not in registry.git("log", "-p", "--all")


def test_outlasts_a_kill(scratch):
    """Proposals, comments and approvals outlast kill -9 and a mirror has them, with everything merged."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    for number in range(1, 4):
        clone.git("reset", "--quiet", "--hard", "origin/main")
        set_address(clone, "robot-1", f"10.9.9.{number}")
        commit(clone, f"idea {number}")
        propose(clone)
        assert server.post(f"{API}/{number}/comments", {"text": f"comment {number}"}).status == 201
        server.kill()
        server = scratch.serve(registry)
    assert server.post(f"{API}/2/merge", {}).json["state"] == "merged"
    server.kill()
    mirror = scratch.path / "mirror"
    subprocess.run(["git", "clone", "--quiet", "--mirror", registry.path, mirror], check=True)
    copy = scratch.path / "copy"
    subprocess.run(["git", "clone", "--quiet", mirror, copy], check=True)
    subprocess.run(["git", "-C", copy, "fetch", "--quiet", mirror, "refs/proposals/*:refs/proposals/*",
                    "refs/notes/*:refs/notes/*"], check=True)
    for path in (registry.path, copy):
        served = scratch.serve(type(registry)(path))
        states = {found["number"]: found["state"] for found in served.get(API + "?state=all").json["proposals"]}
        assert states == {1: "open", 2: "merged", 3: "open"}, states
        for number in states:
            texts = [event.get("text") for event in served.get(f"{API}/{number}").json["events"]]
            assert f"comment {number}" in texts
        assert address(served, "robot-1") == "10.9.9.2"
    registry.fsck()
