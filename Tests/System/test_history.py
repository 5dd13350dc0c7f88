"""Who changed what, when and why: by API, command and browser, as a new user finds out."""

import json
import subprocess

from browser import Browser
from support import device_path, eventually, muster
from test_browser import says

API = "/api/registry/v1/"


def told(scratch):
    """A server with a device whose address three people changed, one of them beside main."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1", address="10.0.0.1")
    server.add_device("robot-2", address="10.0.0.2")
    answer = server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.9"},
                         {"X-Commit-Message": "The switch in hall 2 was replaced."})
    assert answer.status == 200, answer
    return registry, server, answer.commit


def indexed(server):
    """Waits until the index has every commit."""
    def is_there():
        status = json.loads(muster("status", server.path, "--json").stdout)["history"]
        return status["complete"] and status["waiting"] == 0
    eventually(is_there)


def test_who_changed_an_address(scratch):
    """curl, the command and a browser tell who set an address, when, in which commit, and why."""
    registry, server, commit = told(scratch)
    for is_indexed in (False, True):
        if is_indexed:
            indexed(server)
        text = subprocess.run(
            ["curl", "--silent", "--fail", f"{server.base}{API}documents/devices/robot-1/blame"],
            check=True, capture_output=True, text=True).stdout
        blame = json.loads(text)
        parts = {part["pointer"]: part["commit"] for part in blame["parts"]}
        assert parts["/address"] == commit and parts["/uid"] != commit, parts
        steps = server.get(API + "documents/devices/robot-1/history").json["history"]
        assert [step["commit"] for step in steps][0] == commit and len(steps) == 2
        assert steps[0]["changes"][0]["fields"] == [{"pointer": "/address", "old": "10.0.0.1", "new": "10.0.0.9"}]
        assert "The switch in hall 2" in steps[0]["body"]
        for name in ("devices/robot-1", "devices/robot-1.json"):
            said = muster("blame", name, "address", "--registry", registry.path).stdout
            assert said.startswith(commit[:10]) and said.endswith('address = "10.0.0.9"\n'), said
    said = muster("log", "devices/robot-1", "--registry", registry.path).stdout
    assert 'address: "10.0.0.1" → "10.0.0.9"' in said and "robot-2" not in said, said
    shown = muster("show", commit, "--registry", registry.path).stdout
    assert "The switch in hall 2 was replaced." in shown and "10.0.0.9" in shown, shown
    with Browser() as browser:
        browser.open(server.base + "/devices/robot-1")
        browser.click("a[href^='/history/blame']", says("10.0.0.9"))
        browser.script("window.before = 1")
        browser.script("document.querySelector(\"[data-label='Set by'] a\").click()")
        browser.open(f"{server.base}/history/{commit}")
        for word in ("The switch in hall 2 was replaced.", "10.0.0.1", "10.0.0.9", "address"):
            assert word in browser.text(), word
    server.stop()
    # Without a server the command answers the same.
    assert muster("log", "devices/robot-1", "--registry", registry.path).stdout.count("robot-1") >= 2
    registry.check()


def test_compare_and_filters(scratch):
    """Two states are compared, and commits are found by author, collection and time, in every way the same."""
    registry, server, commit = told(scratch)
    registry.write("NOTES.md", "Ours.\n")
    registry.git("add", "NOTES.md")
    registry.git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "--message", "a word")
    head = registry.git("rev-parse", "HEAD").strip()
    eventually(lambda: server.get(API + "history?limit=1").json["history"][0]["commit"] == head)
    indexed(server)
    everything = server.get(API + "history").json["history"]
    assert [step["commit"] for step in everything] == registry.git("rev-list", "HEAD").split()
    page = server.get(API + "history?limit=2")
    link = page.headers["Link"].split(">")[0].lstrip("<").removeprefix(server.base)
    assert [step["commit"] for step in server.get(link).json["history"]] == [step["commit"] for step in everything[2:4]]
    assert server.get(API + "history?limit=2", **{"If-None-Match": page.headers["ETag"]}).status == 304
    assert [s["commit"] for s in server.get(API + "history?author=ada").json["history"]] == [head]
    assert len(server.get(API + "history?collection=devices").json["history"]) == 3
    assert server.get(API + "history?since=2100-01-01T00:00:00Z").json["history"] == []
    older = registry.git("rev-parse", f"{commit}~1").strip()
    compared = server.get(f"{API}compare?from={older}").json
    assert compared["counts"] == {"added": 1, "changed": 1, "removed": 0, "renamed": 0, "moved": 0}
    said = muster("diff", older, "--registry", registry.path, "--collection", "devices").stdout
    assert 'address: "10.0.0.1" → "10.0.0.9"' in said, said
    for bad, status in (("compare", 400), ("compare?from=nope", 404), ("history?limit=0", 400), ("history?since=x", 400),
                        ("history?cursor=x", 400), ("commits/nope", 404), ("documents/devices/nobody/history", 404),
                        ("documents/devices/nobody/blame", 404), ("activity?days=0", 400)):
        answer = server.get(API + bad)
        assert answer.status == status and answer.json["detail"], (bad, answer)
    with Browser() as browser:
        browser.open(f"{server.base}/history/compare")
        browser.fill("input[name=from]", older)
        browser.click("form.filter button", says("10.0.0.9"))
        browser.open(f"{server.base}/history/?author=ada&since=yesterday")
        assert "a word" in browser.text() and "robot-1" not in browser.text()
        browser.open(f"{server.base}/devices/robot-1?at={older}")
        browser.click(".timebar a", f"!{says('As it was')}")
        assert "10.0.0.9" in browser.text()
