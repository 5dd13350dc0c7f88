"""Undo: restore, undelete and revert, by the API and by command, each after a look at what it will do."""

import json

from browser import Browser
from support import device_path, eventually, muster
from test_browser import says

API = "/api/registry/v1"
PATCH = {"Content-Type": "application/merge-patch+json"}


def start(scratch, devices=1):
    registry = scratch.registry()
    server = scratch.serve(registry)
    for number in range(devices):
        server.add_device(f"robot-{number + 1}", address=f"10.0.{number}.1")
    registry.wait_until_clean()
    return registry, server


def patch(server, uid, **members):
    answer = server.call("PATCH", device_path(uid), members)
    assert answer.status == 200, answer
    return answer.commit


def address(server, uid):
    return server.get(device_path(uid)).json["address"]


def revert(server, query="", **body):
    return server.post(f"{API}/revert{query}", body)


def test_revert_of_a_hundred(scratch):
    """One commit that moved 100 devices is taken back by one, and what was changed since stays."""
    registry, server = start(scratch, devices=100)
    uids = [item["uid"] for item in server.get("/api/v1/devices/").json]
    old = {uid: address(server, uid) for uid in uids}
    for uid in uids:
        path = f"devices/{uid}.json"
        registry.write(path, registry.read(path).replace(f'"{old[uid]}"', '"192.0.2.1"'))
    registry.git("commit", "--quiet", "--all", "--message", "Move everything to the wrong net")
    bad = registry.commits()[0]
    patch(server, uids[0], public_ssh_key="ssh-ed25519 AAAA later")
    plan = revert(server, "?dry_run=true", commit=bad).json
    assert len(plan["paths"]) == 100 and plan["possible"] and len(plan["touches"]["targets"]) == 100, plan
    assert plan["changes"][0]["fields"][0]["pointer"] == "/address"
    assert address(server, uids[0]) == "192.0.2.1", "a look changes nothing"
    count = len(registry.commits())
    answer = revert(server, commit=bad, tag=plan["tag"], author={"name": "Ada"}, message="Wrong net.")
    assert answer.status == 200 and answer.commit == answer.json["commit"], answer
    assert len(registry.commits()) == count + 1
    assert {uid: address(server, uid) for uid in uids} == old
    assert server.get(device_path(uids[0])).json["public_ssh_key"] == "ssh-ed25519 AAAA later"
    said = registry.git("log", "-1", "--format=%an|%s|%b")
    assert said.startswith('Ada|Revert "Move everything') and f"Reverts: {bad}" in said and "Wrong net." in said, said
    again = revert(server, commit=bad).json
    assert again["commit"] is None and again["changes_nothing"], again
    assert len(registry.commits()) == count + 1
    # A revert of the revert, by command.
    text = muster("revert", answer.commit, "--registry", registry.path).stdout
    assert "committed as" in text, text
    assert address(server, uids[5]) == "192.0.2.1"
    registry.check()


def test_overtaken_and_conflicting(scratch):
    """A preview that somebody has overtaken is a 412; a conflict is a 409 that says where, until it is decided."""
    registry, server = start(scratch)
    bad = patch(server, "robot-1", address="10.0.0.2")
    tag = revert(server, "?dry_run=true", commit=bad).headers["ETag"]
    patch(server, "robot-1", public_ssh_key="ssh-ed25519 AAAA x")
    headers = {"Content-Type": "application/json", "If-Match": tag}
    answer = server.call("POST", f"{API}/revert", {"commit": bad}, headers)
    assert answer.status == 412 and "once more" in answer.json["detail"], answer
    patch(server, "robot-1", address="10.0.0.3")
    answer = revert(server, commit=bad)
    assert answer.status == 409, answer
    conflict = answer.json["conflicts"][0]
    assert (conflict["ours"], conflict["theirs"]) == ("10.0.0.3", "10.0.0.1"), conflict
    assert address(server, "robot-1") == "10.0.0.3"
    choice = {"path": conflict["path"], "pointer": conflict["pointer"], "take": "theirs"}
    assert revert(server, commit=bad, choices=[choice]).status == 200
    assert address(server, "robot-1") == "10.0.0.1"
    for body, status in [({}, 422), ({"commit": "nobody"}, 404), ({"from": bad, "to": bad}, 409),
                         ({"commit": bad, "from": bad}, 422), ({"commit": bad, "x": 1}, 422)]:
        assert server.post(f"{API}/revert", body).status == status, body
    assert revert(server, "?dry_run=maybe", commit=bad).status == 400
    registry.check()


def test_undelete(scratch):
    """A deleted device is in the list, comes back with what it needs, and by command when no server runs."""
    registry, server = start(scratch)
    board = {"uid": "board", "dashboard": {"uid": "board", "title": "Board"}}
    answer = server.post("/api/v1/applications/grafana/dashboards/", board)
    assert answer.status == 201, answer
    patch(server, "robot-1", grafana_dashboards=["board"])
    assert server.call("DELETE", device_path("robot-1")).status == 204
    assert server.call("DELETE", "/api/v1/applications/grafana/dashboards/board/").status == 204
    first = server.get(f"{API}/deleted?limit=1")
    assert [item["document"] for item in first.json["deleted"]] == ["grafana_dashboards/board"], first
    link = first.headers["Link"].split(">")[0][1:].replace(server.base, "")
    second = server.get(link).json
    assert [item["document"] for item in second["deleted"]] == ["devices/robot-1"] and second["next"] is None, second
    path = f"{API}/documents/devices/robot-1/restore"
    plan = server.post(f"{path}?dry_run=true", {}).json
    assert not plan["possible"] and plan["problems"] and plan["needed"][0]["document"] == "grafana_dashboards/board", plan
    assert server.post(path, {}).status == 409
    assert server.post(path, {"needed": True}).status == 200
    assert server.get(device_path("robot-1")).json["grafana_dashboards"] == ["board"]
    assert server.get(f"{API}/deleted").json["deleted"] == []
    assert server.post(path, {}).status == 409, "it is there"
    assert server.post(f"{API}/documents/devices/never/restore", {}).status == 404
    assert server.call("DELETE", device_path("robot-1")).status == 204
    registry.wait_until_clean()
    server.stop()
    assert "devices/robot-1" in muster("deleted", "--registry", registry.path).stdout
    count = len(registry.commits())
    plan = muster("restore", "devices/robot-1", "--registry", registry.path, "--dry-run", "--json").stdout
    assert json.loads(plan)["possible"] and len(registry.commits()) == count
    text = muster("restore", "devices/robot-1", "--registry", registry.path).stdout
    assert "added devices/robot-1.json" in text and "committed as" in text, text
    assert len(registry.commits()) == count + 1
    result = muster("restore", "devices/robot-1", "--registry", registry.path, check=False)
    assert result.returncode == 1 and "--at" not in result.stdout and "is there" in result.stderr, result
    assert muster("restore", "nothing/x", "--registry", registry.path, check=False).returncode == 2
    registry.check()


def test_uncommitted_edit(scratch):
    """A person's edit of a touched file is a 409 that says what to do, and stays."""
    registry, server = start(scratch)
    bad = patch(server, "robot-1", address="10.0.0.2")
    registry.wait_until_clean()
    text = registry.read("devices/robot-1.json")
    registry.write("devices/robot-1.json", text.replace("10.0.0.2", "10.0.0.9"))
    answer = revert(server, commit=bad)
    assert answer.status == 409 and "not committed" in answer.json["detail"], answer
    assert "10.0.0.9" in registry.read("devices/robot-1.json")


def test_undo_in_a_browser(scratch):
    """A person brings a deleted device back, and takes a commit back from the list, after seeing what will happen."""
    registry, server = start(scratch)
    board = {"uid": "board", "dashboard": {"uid": "board", "title": "Board"}}
    assert server.post("/api/v1/applications/grafana/dashboards/", board).status == 201
    patch(server, "robot-1", grafana_dashboards=["board"])
    assert server.call("DELETE", device_path("robot-1")).status == 204
    assert server.call("DELETE", "/api/v1/applications/grafana/dashboards/board/").status == 204
    with Browser() as browser:
        browser.open(server.base + "/devices/robot-1")
        browser.script("window.before = true")
        browser.click("a[href*='/repository/undo']", says("What will happen"))
        assert "There is no document grafana_dashboards/board" in browser.text()
        assert browser.script("document.querySelectorAll('form button.primary').length") == 0
        browser.click("a[href*='needed=yes']", says("Comes back too"))
        browser.fill("form [name=name]", "Bob")
        browser.click("form button.primary", says("This is the new commit"))
        assert browser.script("location.pathname") == f"/history/{registry.commits()[0]}"
        assert server.get(device_path("robot-1")).json["grafana_dashboards"] == ["board"]
        assert registry.git("log", "-1", "--format=%an").strip() == "Bob"
        browser.open(server.base + "/repository/deleted")
        assert "No document was deleted" in browser.text()
        bad = patch(server, "robot-1", address="10.0.0.2")
        browser.open(server.base + "/repository/undo")
        browser.click(f"a[href*='commit={bad}']", says("What will happen"))
        assert "10.0.0.2" in browser.text() and "1 file" in browser.text()
        # Somebody is faster: nothing is done that was not seen.
        patch(server, "robot-1", public_ssh_key="ssh-ed25519 AAAA x")
        browser.click("form button.primary", says("look at the preview once more"))
        assert address(server, "robot-1") == "10.0.0.2"
        browser.open(server.base + f"/repository/undo?commit={bad}")
        # By the keyboard alone.
        browser.script("document.querySelector('form button.primary').focus()")
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                         windowsVirtualKeyCode=13)
        eventually(lambda: address(server, "robot-1") == "10.0.0.1")
    registry.check()
