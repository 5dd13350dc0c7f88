"""Who may do what: policy.json, by every way to the registry."""

import base64
import json
import re
import subprocess
import sys
import time

from support import Repository, device_path, eventually, muster, play, shared
from test_craton import Craton, bootstrap, placed
from test_events import Follower
from test_login import Visitor

BOARD = "/api/v1/applications/grafana/dashboards/"
NATIVE = "/api/registry/v1/"
BOX = "/api/registry/v1/documents/grafana_dashboards/box"


class People:
    """A served registry with an administrator, and others as they are asked for."""

    def __init__(self, scratch, policy=None, *options, prepare=lambda scratch, registry: None):
        self.scratch = scratch
        self.registry = scratch.registry()
        prepare(scratch, self.registry)
        if policy is not None:
            self.registry.write("policy.json", json.dumps(policy, indent=2) + "\n")
            self.registry.git("commit", "--quiet", "--all", "--message", "policy: the first")
        self.tokens = {}
        self.token("boss", "admin")
        self.server = scratch.serve(self.registry, *options)

    def token(self, name, *roles, options=()):
        """The token of a new account with these roles."""
        if name not in self.tokens:
            named = [part for role in roles for part in ("--role", role)]
            muster("account", "add", name, "--machine", *named, "--registry", self.registry.path)
            self.tokens[name] = self.another_token(name, "first", *options)
        return self.tokens[name]

    def another_token(self, account, name, *options):
        made = muster("token", "create", name, "--account", account, *options,
                      "--registry", self.registry.path)
        return re.search(r"muster_[A-Za-z0-9_-]+", made.stdout)[0]

    def join(self, name, *roles, options=()):
        """Adds an account to the running server, and waits until it knows it."""
        self.token(name, *roles, options=options)
        # The server looks four times a second, and too early is one wrong token.
        time.sleep(0.3)
        eventually(lambda: self.call(name, "GET", "/api/v1/devices/nobody/").status != 401)

    def call(self, name, method, path, body=None, **headers):
        """Sends a request as `name`, None for a stranger."""
        if name is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(name, name)}"
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.server.call(method, path, body, headers)

    def statuses(self, name, *requests):
        return [self.call(name, *request).status for request in requests]

    def set_policy(self, policy):
        """Changes the policy where the server runs, whose owner needs no permission."""
        text = policy if isinstance(policy, str) else json.dumps(policy, indent=2) + "\n"
        self.registry.wait_until_clean()
        self.registry.write("policy.json", text)
        self.registry.git("commit", "--quiet", "--all", "--message", "policy: another")
        head = self.registry.commits()[0]
        eventually(lambda: self.server.get("/readyz").json["commit"] == head)

    def clone(self, name):
        """A clone that `name` has made by HTTP, for pushing back."""
        path = self.scratch.path / f"clone-{name}"
        url = f"http://{name}:{self.tokens[name]}@127.0.0.1:{self.server.port}/registry.git"
        subprocess.run(["git", "clone", "--quiet", url, path], check=True, capture_output=True)
        clone = Repository(path)
        clone.git("config", "user.name", "Somebody")
        clone.git("config", "user.email", "somebody@example.org")
        return clone


def push(clone, *arguments):
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--allow-empty", "--message", "a change")
    result = subprocess.run(["git", "-C", clone.path, "push", *(arguments or ["origin", "main"])],
                            text=True, capture_output=True, timeout=60)
    return result.returncode == 0, result.stderr


ROLES = {
    "operator": {"read": ["*"], "write": ["devices"], "approve": ["devices"]},
    "designer": {"read": ["*"], "write": ["grafana_dashboards"]},
    "curator": {"read": ["*"], "approve": ["grafana_dashboards"]},
    "robots-only": {"read": ["devices"]},
}


def test_roles_by_every_way(scratch):
    """A role reads and changes its collections alone: by COS, the native API, pages and git."""
    people = People(scratch, {"roles": ROLES})
    people.join("olga", "operator")
    people.join("dora", "designer")
    people.join("rob", "robots-only")
    device = {"uid": "robot-1", "address": "10.0.0.1"}
    board = {"uid": "box", "dashboard": {"title": "x"}}

    assert people.call("dora", "POST", "/api/v1/devices/", device).status == 403
    assert people.call("olga", "POST", "/api/v1/devices/", device).status == 201
    assert people.call("olga", "POST", BOARD, board).status == 403
    assert people.call("dora", "PUT", BOX, {"title": "x"}).status == 201
    refused = people.call("olga", "PUT", BOX, {"title": "y"})
    assert refused.status == 403 and "grafana_dashboards/box" in refused.json["detail"], refused
    bulk = {"changes": [
        {"collection": "devices", "uid": "robot-1", "patch": {"address": "10.0.0.2"}},
        {"collection": "grafana_dashboards", "uid": "box", "patch": {"title": "y"}}]}
    assert people.call("olga", "POST", NATIVE + "documents/bulk", bulk).status == 403
    assert people.call("boss", "GET", device_path("robot-1")).json["address"] == "10.0.0.1"

    paths = [device_path("robot-1"), "/api/v1/devices/", "/devices/", "/devices/robot-1",
             NATIVE + "documents/devices", BOARD, BOX, "/dashboards/", "/history/",
             NATIVE + "history", NATIVE + "search?q=x", "/backup.bundle",
             "/registry.git/info/refs?service=git-upload-pack", "/metrics"]
    assert people.statuses("olga", *[("GET", path) for path in paths]) == [200] * len(paths)
    assert people.statuses("rob", *[("GET", path) for path in paths]) == [200] * 5 + [403] * 9
    assert people.statuses(None, *[("GET", path) for path in paths]) == [401] * len(paths)
    for path in ["/healthz", "/readyz", "/favicon.ico", "/api/v1/health/", "/api/openapi.json"]:
        assert people.call(None, "GET", path).status == 200, path

    clone = people.clone("olga")
    clone.write("grafana_dashboards/box.json", '{\n  "title": "z"\n}\n')
    done, said = push(clone)
    assert not done and "grafana_dashboards/box" in said and "olga may not" in said, said
    clone.git("reset", "--quiet", "--hard", "origin/main")
    document = json.loads(clone.read("devices/robot-1.json"))
    clone.write("devices/robot-1.json", json.dumps({**document, "address": "10.0.0.3"}, indent=2) + "\n")
    done, said = push(clone)
    assert done, said
    for reference in ["HEAD:refs/heads/other", "HEAD:refs/tags/other"]:
        clone.write("note", reference)
        done, said = push(clone, "origin", reference)
        assert not done and "whole registry" in said, said
    people.registry.check()


def test_policy_by_push(scratch):
    """The policy changes by administrators alone, at once, and judges a push before it changes."""
    people = People(scratch, {"roles": ROLES})
    people.join("olga", "operator")
    before = people.registry.commits()[0]
    clone = people.clone("olga")
    mine = {"roles": {**ROLES, "operator": {"write": ["*"], "administer": True}}}
    clone.write("policy.json", json.dumps(mine, indent=2) + "\n")
    done, said = push(clone)
    assert not done and "administer" in said, said
    settings = json.loads(clone.read("registry.json"))
    clone.git("reset", "--quiet", "--hard", "origin/main")
    clone.write("registry.json", json.dumps({**settings, "fan_out": {"devices": 1}}, indent=2) + "\n")
    done, said = push(clone)
    assert not done and "administer" in said, said
    assert people.registry.commits()[0] == before

    keeper = people.clone("boss")
    keeper.write("policy.json", json.dumps({"roles": {"operator": {"raed": ["*"]}}}, indent=2) + "\n")
    done, said = push(keeper)
    assert not done and "/roles/operator/raed" in said, said
    keeper.git("reset", "--quiet", "--hard", "origin/main")
    assert people.call("olga", "PUT", BOX, {"title": "x"}).status == 403
    mine["roles"]["operator"] = {"read": ["*"], "write": ["grafana_dashboards"]}
    keeper.write("policy.json", json.dumps(mine, indent=2) + "\n")
    done, said = push(keeper)
    assert done, said
    assert people.call("olga", "PUT", BOX, {"title": "x"}).status == 201
    assert people.call("olga", "POST", "/api/v1/devices/", {"uid": "a", "address": "h"}).status == 403
    # Anybody who may propose at all may propose another policy; only administrators merge it.
    clone.git("fetch", "--quiet")
    clone.git("reset", "--quiet", "--hard", "origin/main")
    clone.write("policy.json", json.dumps({"roles": {}}, indent=2) + "\n")
    done, said = push(clone, "origin", "HEAD:refs/for/main")
    assert done, said
    merge = NATIVE + "proposals/1/merge"
    people.join("eve", "operator")
    assert people.call("eve", "POST", merge, {}).status == 403
    assert people.call("boss", "POST", merge, {}).status == 200
    assert people.call("olga", "PUT", BOX, {"title": "y"}).status == 403


def test_broken_policy(scratch):
    """A policy that breaks where the server runs leaves the last good one in force, and is reported."""
    people = People(scratch, {"roles": ROLES})
    people.join("olga", "operator")
    people.set_policy('{"roles": {"operator": {"write": ["*"], "reed": []}}}\n')
    device = {"uid": "a", "address": "10.0.0.1"}
    assert people.call("olga", "POST", "/api/v1/devices/", device).status == 201
    assert people.call("olga", "PUT", BOX, {"title": "x"}).status == 403
    assert b"policy.json" in people.call("boss", "GET", "/repository/problems").body
    told = muster("validate", people.registry.path, check=False)
    assert told.returncode == 1 and "policy.json: /roles/operator/reed" in told.stdout, told.stdout
    assert people.server.stop() == 0
    people.server = scratch.serve(people.registry)
    assert people.call("olga", "PUT", BOX, {"title": "x"}).status == 403
    people.registry.git("rm", "--quiet", "policy.json")
    people.registry.git("commit", "--quiet", "--message", "policy: none")
    eventually(lambda: people.call("olga", "PUT", BOX, {"title": "x"}).status == 403)
    people.join("ed", "editor")
    assert people.call("ed", "PUT", BOX, {"title": "x"}).status == 201


def test_proposal_only(scratch):
    """What changes by proposals alone becomes one, the same again goes into it, and another merges it."""
    people = People(scratch, {"roles": {**ROLES, "all": {"write": ["*"], "approve": ["*"]}},
                              "proposal_only": ["grafana_dashboards", "policy.json"]})
    people.join("dora", "designer")
    people.join("carl", "curator")
    people.join("olga", "operator")
    first = people.call("dora", "PUT", BOX, {"title": "a"})
    assert first.status == 202 and first.headers["Registry-Proposal"] == "1", first
    assert first.headers["Location"].endswith(NATIVE + "proposals/1")
    assert people.call("dora", "GET", BOX).status == 404
    again = people.call("dora", "PUT", BOX, {"title": "a"})
    assert again.status == 202 and again.headers["Registry-Proposal"] == "1"
    more = people.call("dora", "PUT", BOX, {"title": "b"})
    assert more.status == 202 and more.headers["Registry-Proposal"] == "1"
    other = people.call("boss", "POST", BOARD, {"uid": "other", "dashboard": {"title": "o"}})
    assert other.status == 202 and other.headers["Registry-Proposal"] == "2", other
    assert people.call("dora", "GET", NATIVE + "proposals").json["total"] == 2

    proposal = people.call("dora", "GET", NATIVE + "proposals/1").json
    assert proposal["events"][0]["author"] == "dora", proposal
    approve, merge = NATIVE + "proposals/1/approve", NATIVE + "proposals/1/merge"
    assert people.statuses("dora", ("POST", approve, {}), ("POST", merge, {})) == [403, 403]
    assert people.statuses("olga", ("POST", approve, {}), ("POST", merge, {})) == [403, 403]
    assert people.statuses(None, ("POST", approve, {}), ("POST", merge, {})) == [401, 401]
    assert people.call("carl", "POST", NATIVE + "proposals/2/close", {}).status == 200
    assert people.call("olga", "POST", NATIVE + "proposals/2/reopen", {}).status == 200
    assert people.statuses("carl", ("POST", approve, {}), ("POST", merge, {})) == [200, 200]
    assert people.call("dora", "GET", BOX).json == {"title": "b"}

    clone = people.clone("boss")
    clone.write("grafana_dashboards/pushed.json", "{}\n")
    done, said = push(clone)
    assert not done and "only by proposals" in said, said
    done, said = push(clone, "origin", "HEAD:refs/for/main")
    assert done and "proposal 3" in said, said
    assert people.call("boss", "POST", NATIVE + "proposals/3/merge", {}).status == 403
    people.set_policy({"roles": ROLES, "self_approval": True})
    assert people.call("boss", "POST", NATIVE + "proposals/3/merge", {}).status == 200
    people.registry.check()


def test_pages_offer_what_one_may_do(scratch):
    """Pages have the links, forms and buttons that the reader may use, and say why others are missing."""
    people = People(scratch, {"roles": {**ROLES, "reads-all": {"read": ["*"]}}})
    for name, roles in {"olga": ["operator"], "dora": ["designer"], "carl": ["curator"],
                        "rob": ["robots-only"], "eva": ["reads-all"]}.items():
        people.token(name, *roles)
    people.join("eva")
    registry = people.registry

    def page(name, path):
        answer = people.call(name, "GET", path, Accept="text/html")
        assert answer.status == 200, (name, path, answer)
        assert answer.headers["Cache-Control"] == "private, no-cache" and not answer.headers["ETag"]
        varies = ", ".join(answer.headers.get_all("Vary"))
        assert "Authorization" in varies and "Cookie" in varies, varies
        return answer.body.decode()

    def forms(name, path):
        """What the page can send: where to, and the buttons that say what to do."""
        text = page(name, path)
        targets = set(re.findall(r'<form[^>]* method="post" action="([^"]+)"', text)) - {"/logout"}
        return targets, set(re.findall(r'<button[^>]* name="do" value="([^"]+)"', text))

    device = {"uid": "robot-1", "address": "10.0.0.1"}
    assert people.call("olga", "POST", "/api/v1/devices/", device).status == 201
    assert people.call("dora", "PUT", BOX, {"title": "a"}).status == 201
    change = {"collection": "grafana_dashboards", "uid": "box", "text": '{\n  "title": "b"\n}\n'}
    assert people.call("dora", "POST", NATIVE + "proposals", {"title": "B", "changes": [change]}).status == 201
    comment, judge = "/proposals/1/comment", "/proposals/1/judge"
    proposal = "/proposals/1"
    assert forms("boss", proposal) == ({comment, judge}, {"merge", "approve", "close"})
    assert forms("carl", proposal) == ({comment, judge}, {"merge", "approve", "close"})
    # Who made it, who may approve other things, and who only reads.
    assert forms("dora", proposal) == ({comment, judge}, {"close"})
    assert forms("olga", proposal) == ({comment, judge}, {"close"})
    assert forms("eva", proposal) == (set(), set())
    assert "dora may not approve" in page("dora", proposal)
    assert "olga may not approve changes of grafana_dashboards/box" in page("olga", proposal)
    assert people.call("carl", "POST", NATIVE + "proposals/1/close", {}).status == 200
    assert forms("dora", proposal) == ({comment, judge}, {"reopen"})
    assert forms("eva", proposal) == (set(), set())

    registry.wait_until_clean()
    document = {**json.loads(registry.read("devices/robot-1.json")), "address": "10.0.0.2"}
    registry.write("devices/robot-1.json", json.dumps(document, indent=2) + "\n")
    edits, discard = "/repository/edits", "/repository/edits/discard?path=devices/robot-1.json"
    eventually(lambda: "robot-1" in page("boss", edits))
    for name in ("boss", "olga"):
        assert forms(name, edits)[0] == {"/repository/edits/commit"}, name
        assert forms(name, discard)[0] == {"/repository/edits/discard"}, name
    for name in ("dora", "eva"):
        assert not forms(name, edits)[0] and not forms(name, discard)[0], name
        assert f"{name} may not change" in page(name, edits) and "Discard …" not in page(name, edits)
    assert "Commit or discard it here" not in page("rob", "/devices/robot-1")
    registry.git("restore", "devices/robot-1.json")

    commit = registry.git("log", "-1", "--format=%H", "--", "grafana_dashboards").strip()
    undo = f"/repository/undo?commit={commit}"
    assert forms("dora", undo)[0] == {"/repository/undo"}
    assert not forms("olga", undo)[0] and "olga may not change grafana_dashboards/box" in page("olga", undo)
    for path in ("/repository/", f"/history/{commit}"):
        assert "/repository/undo" in page("olga", path) and "/repository/undo" not in page("eva", path), path
    assert "/repository/webhooks" in page("boss", "/repository/")
    assert "/repository/webhooks" not in page("olga", "/repository/")
    # Whoever reads devices alone is led to nothing else.
    seen = page("rob", "/devices/robot-1")
    assert '"/history/' not in seen and '"/proposals/' not in seen and '"/devices/"' in seen, seen
    # What was asked for pages to be made is no attempt.
    log = people.server.log.read_text()
    assert not [line for line in log.splitlines() if "reason=" in line and "subject=/proposals" in line], log


def test_answers_say_what_one_may_read(scratch):
    """Whoever reads some collections learns of no other: not by proposals, refusals, or what is inherited."""
    people = People(scratch, {"roles": {**ROLES, "driver": {"write": ["devices"]},
                                        "marshal": {"write": ["devices"], "approve": ["devices"]}}},
                    prepare=bootstrap)
    for name, role in {"dora": "designer", "dave": "driver", "mary": "marshal", "olga": "operator"}.items():
        people.token(name, role)
    people.join("olga")
    post = [("dave", "POST"), ("mary", "POST")]

    def refused(name, method, path, body=None, secret="very-private"):
        answer = people.call(name, method, path, body)
        assert answer.status == 403 and secret.encode() not in answer.body, (name, path, answer.body)

    def box(title):
        return people.call("dora", "PUT", BOX, {"title": title})

    assert box("first").status == 201
    change = {"collection": "grafana_dashboards", "uid": "box", "document": {"title": "very-private"}}
    proposal = {"title": "very-private plans", "changes": [change]}
    assert people.call("dora", "POST", NATIVE + "proposals", proposal).status == 201
    one = NATIVE + "proposals/1"
    for name, method in post:
        refused(name, "GET", NATIVE + "proposals?state=all")
        refused(name, "GET", one)
        refused(name, "PATCH", one, {"text": "x"})
        for work in ("comments", "close", "reopen", "approve", "merge"):
            refused(name, method, f"{one}/{work}", {} if work == "merge" else {"text": "x"})
        refused(name, "GET", "/proposals/1")
        refused(name, "GET", "/proposals/")
    assert people.call("olga", "POST", one + "/comments", {"text": "x"}).status == 201
    # Whoever made one goes on with it.
    device = {"collection": "devices", "uid": "a", "document": {"address": "10.0.0.1"}}
    own = people.call("dave", "POST", NATIVE + "proposals", {"title": "A", "changes": [device]})
    assert own.status == 201 and own.json["number"] == 2, own
    assert people.call("dave", "POST", NATIVE + "proposals/2/comments", {"text": "x"}).status == 201
    assert people.call("dave", "POST", NATIVE + "proposals/2/close", {}).status == 200
    assert people.call("dave", "GET", NATIVE + "proposals/2").json["paths"] == ["devices/a.json"]
    assert "10.0.0.1" in people.call("dave", "GET", "/proposals/2").body.decode()
    refused("mary", "GET", NATIVE + "proposals/2", secret="10.0.0.1")
    refused("mary", "GET", NATIVE + "proposals/7")

    # What stands against a change is told to those who may make it.
    commit = people.call("dora", "PUT", BOX, {"title": "very-private"}).headers["Registry-Commit"]
    assert box("very-private, too").status == 200
    for name, method in post:
        refused(name, method, NATIVE + "revert", {"commit": commit})
        refused(name, method, one + "/merge", {})
        stale = {**change, "if_match": "0" * 40}
        refused(name, method, NATIVE + "proposals", {"title": "x", "changes": [stale]})
        refused(name, method, NATIVE + "documents/bulk", {"changes": [stale]})
    assert people.call("olga", "POST", NATIVE + "revert", {"commit": commit}).status == 403
    assert people.call("dora", "POST", NATIVE + "revert", {"commit": commit}).status == 409

    # What a device inherits is said where it comes from.
    craton, region = placed(people.server)
    craton.host("robot-1", region, variables={"own": "its-own"})
    variables = {"note": "very-private"}
    assert craton.call("PUT", f"regions/{region['id']}/variables", variables).status == 200
    for name, sees in (("olga", True), ("dave", False)):
        page = people.call(name, "GET", "/devices/robot-1").body.decode()
        assert "its-own" in page and ("very-private" in page) == sees and ("hall-2</bdi></a>" in page) == sees


def test_own_proposal(scratch):
    """Who made a proposal reads it without the right to read everything, and in it nothing that they may not read."""
    people = People(scratch, {"roles": {**ROLES, "painter": {"write": ["grafana_dashboards"]},
                                        "driver": {"write": ["devices"]}},
                              "proposal_only": ["grafana_dashboards", "devices"]})
    for name, role in {"pia": "painter", "dave": "driver", "olga": "operator"}.items():
        people.token(name, role)
    people.join("olga")
    registry, server = people.registry, people.server
    for path, document in {
        "grafana_dashboards/box.json": {"title": "a"},
        "devices/very-private.json": {
            "uid": "very-private", "creation_date": "2026-01-31T12:00:00.000000Z", "address": "10.1.1.1",
            "grafana_dashboards": ["box"]},
    }.items():
        registry.write(path, json.dumps(document, indent=2) + "\n")
    registry.git("add", "--all")
    registry.git("commit", "--quiet", "--message", "two documents")
    eventually(lambda: people.call("olga", "GET", "/api/v1/devices/very-private/").status == 200)

    other = people.call("pia", "PUT", BOX, {"title": "b"})
    assert other.status == 202 and other.headers["Registry-Proposal"] == "1", other
    one = NATIVE + "proposals/1"
    whole, part = (people.call(name, "GET", one).json for name in ("olga", "pia"))
    assert whole["paths"] == part["paths"] == ["grafana_dashboards/box.json"], (whole, part)
    assert whole["touches"]["devices"] == ["very-private"] and "partial" not in whole, whole
    assert part["touches"]["devices"] == [] and part["partial"] is True, part
    assert part["mergeable"] is whole["mergeable"] is True and len(part["commits"]) == 1, part

    # What others make of it and say is theirs; what they say is told.
    device = {"collection": "devices", "uid": "b", "document": {"address": "10.2.2.2"}}
    more = {"changes": [device], "title": "Another box", "author": {"name": "x", "email": "x@example.org"}}
    assert people.call("boss", "PATCH", one, more).status == 200
    assert people.call("boss", "POST", one + "/comments", {"text": "agreed?"}).status == 201
    part = people.call("pia", "GET", one).json
    assert part["title"] == "Another box" and part["events"][-1]["text"] == "agreed?", part
    assert [commit["author"] for commit in part["commits"]] == ["pia"] and part["commit_count"] == 1, part
    page = people.call("pia", "GET", "/proposals/1", Accept="text/html").body.decode()
    assert "grafana_dashboards/box.json" in page and "agreed?" in page and "left out" in page, page
    for text in (json.dumps(part), page, people.call("pia", "PATCH", one, {"text": "please"}).body.decode()):
        for secret in ("very-private", "10.1.1.1", "10.2.2.2", "devices/b"):
            assert secret not in text, (secret, text)
    # Nothing but the top of the page leads to what is shut.
    for path in set(re.findall(r'href="(/[^"#]*)"', page)) - {"/overview", "/account/"}:
        assert people.call("pia", "GET", path.replace("&amp;", "&"), Accept="text/html").status == 200, path
    assert people.statuses("dave", ("GET", one), ("GET", "/proposals/1"), ("GET", NATIVE + "proposals/9"),
                           ("GET", "/proposals/x"), ("GET", "/proposals/")) == [403] * 5
    assert people.statuses(None, ("GET", one), ("GET", NATIVE + "proposals/9")) == [401] * 2
    assert people.statuses("olga", ("GET", NATIVE + "proposals/9"), ("GET", "/proposals/x")) == [404] * 2


def test_streams_end_with_the_right(scratch):
    """A stream of events ends soon after the token, account, login, password or right it was opened with."""
    people = People(scratch, {"roles": ROLES})
    people.join("olga", "operator")
    scratch.path.joinpath("password").write_text("correct horse battery\n")
    registry, server = people.registry, people.server

    def account(*arguments, kind="account"):
        muster(kind, *arguments, "--registry", registry.path)

    for name in ("pia", "sid"):
        account("add", name, "--role", "designer", "--password-file", scratch.path / "password")
    visitor = Visitor(server)
    eventually(lambda: visitor.log_in("sid", "correct horse battery").status == 303)
    pia = base64.b64encode(b"pia:correct horse battery").decode()
    expiry = time.time() + 8
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expiry))
    people.tokens["short"] = people.another_token("olga", "short", "--expires", expires)
    people.tokens["spare"] = people.another_token("olga", "spare")
    people.join("eva", "robots-only", "curator")
    tokens = {name: f"Bearer {people.tokens[name]}" for name in ("boss", "olga", "spare", "short", "eva")}
    eventually(lambda: all(people.call(name, "GET", NATIVE + "access").status == 200 for name in tokens))
    before = len(server.log.read_text())
    streams = {name: Follower(server, headers={"Authorization": field}) for name, field in tokens.items()}
    streams["pia"] = Follower(server, headers={"Authorization": f"Basic {pia}"})
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    streams["sid"] = Follower(server, headers={"Cookie": cookies})

    def ends(name):
        assert streams[name].ended.wait(6), f"the stream of {name} goes on"
        assert sum(not stream.ended.is_set() for stream in streams.values()) == len(streams) - 1, streams
        return streams.pop(name)

    time.sleep(max(0, expiry - time.time()))
    ends("short")
    account("revoke", "spare", "--account", "olga", kind="token")
    ends("spare")
    account("disable", "olga")
    ends("olga")
    visitor.get("/account/")
    assert visitor.send("/logout", "/account/").status == 303
    ends("sid")
    scratch.path.joinpath("password").write_text("another horse battery\n")
    account("password", "pia", "--password-file", scratch.path / "password")
    ends("pia")
    people.set_policy({"roles": {**ROLES, "curator": {"read": ["grafana_dashboards"]}}})
    assert not ends("eva").commits(), "the commit that takes the right away was told"
    eventually(lambda: registry.commits()[0] in streams["boss"].commits())
    assert not streams["boss"].ended.wait(4)
    log = server.log.read_text()[before:]
    denied = [line for line in log.splitlines() if "audit=" in line and "reason=" in line]
    assert len(denied) == 6, denied


def test_message(scratch):
    """Where the policy wants a reason, a write without one is refused with what to send."""
    people = People(scratch, {"require_message": ["devices"]})
    body = {"uid": "a", "address": "10.0.0.1"}
    refused = people.call("boss", "POST", "/api/v1/devices/", body)
    assert refused.status == 400 and "X-Commit-Message" in refused.json["detail"], refused
    path = NATIVE + "documents/devices/a"
    assert people.call("boss", "PUT", path, {"address": "10.0.0.1"}).status == 422
    done = people.call("boss", "POST", "/api/v1/devices/", body, X_Commit_Message="new robot")
    assert done.status == 201, done
    assert "new robot" in people.registry.git("log", "-1", "--format=%B")
    assert people.call("boss", "PUT", BOX, {"title": "x"}).status == 201
    # A write that changes nothing needs no reason.
    assert people.call("boss", "PATCH", device_path("a"), {"address": "10.0.0.1"}).status == 200
    revert = {"commit": people.registry.commits()[1]}
    assert people.call("boss", "POST", NATIVE + "revert", revert).status == 422
    assert people.call("boss", "POST", NATIVE + "revert", {**revert, "message": "gone"}).status == 200


def test_tokens(scratch):
    """A token for one device touches that device alone, and one for reading changes nothing."""
    people = People(scratch)
    for uid in ["a", "b"]:
        body = {"uid": uid, "address": "10.0.0.1"}
        assert people.call("boss", "POST", "/api/v1/devices/", body).status == 201
    for name, options in [("one", ["--device", "a"]), ("look", ["--read-only"]),
                          ("boards", ["--collection", "grafana_dashboards"])]:
        people.tokens[name] = people.another_token("boss", name, *options)
    eventually(lambda: people.call("boards", "GET", BOARD).status == 200)
    change = {"address": "10.0.0.9"}
    a, b = device_path("a"), device_path("b")
    assert people.statuses("one", ("GET", a), ("GET", b), ("GET", "/api/v1/devices/"),
                           ("PATCH", b, change), ("DELETE", b), ("PATCH", a, change)) \
        == [200, 403, 403, 403, 403, 200]
    assert people.statuses("look", ("GET", b), ("PATCH", b, change), ("DELETE", b)) == [200, 403, 403]
    assert people.statuses("boards", ("GET", b), ("PUT", BOX, {"title": "x"})) == [403, 201]
    assert people.call("boards", "GET", NATIVE + "history").status == 403
    assert people.call("boss", "GET", b).json["address"] == "10.0.0.1"
    assert people.call("one", "DELETE", a).status == 204


def test_audit(scratch):
    """The log tells who was denied what, and who did what few may do, and no secret."""
    people = People(scratch, {"roles": ROLES})
    people.join("olga", "operator")
    people.call("olga", "PUT", BOX, {"title": "very-private"}, X_Request_Id="request-77")
    people.call("boss", "POST", NATIVE + "webhooks", {"url": "https://example.org/hook"})
    log = people.server.log.read_text()
    denied = [line for line in log.splitlines() if "request-77" in line and "audit=" in line]
    assert len(denied) == 1 and "caller.account=olga" in denied[0] and "reason=" in denied[0], denied
    done = [line for line in log.splitlines() if "Did what few may do" in line and "webhooks" in line]
    assert len(done) == 1 and "caller.account=boss" in done[0], log
    assert people.tokens["olga"] not in log and "very-private" not in log


def test_craton(scratch):
    """Craton's users log in as they always did; the policy says from where, and whether to read alone."""
    people = People(scratch, None, "--trusted-proxy", "127.0.0.1", prepare=bootstrap)
    play(people.server, "craton")
    craton = Craton(people.server)
    assert craton.call("GET", "clouds").status == 200
    assert people.call(None, "GET", "/v1/clouds").status == 401
    assert people.call("boss", "GET", "/v1/clouds").status == 401
    assert people.call("wrong", "GET", "/v1/clouds", **craton.headers).status == 401
    people.set_policy({"anonymous": {"craton": {"rights": "read"}}, "require_message": ["craton/clouds"]})
    assert craton.call("GET", "clouds").status == 200
    assert craton.call("POST", "clouds", {"name": "x"}).status == 401
    people.set_policy({"anonymous": {"craton": {"rights": "open", "networks": ["127.0.0.1"]}},
                       "require_message": ["craton/clouds"]})
    assert craton.call("POST", "clouds", {"name": "x"}).status == 400
    craton.headers["X-Commit-Message"] = "a second place"
    assert craton.call("POST", "clouds", {"name": "x"}).status == 201
    craton.headers["X-Forwarded-For"] = "10.0.0.1"
    assert craton.call("GET", "clouds").status == 401
    people.registry.check()


# The recorded agent under each choice that the policy has for the anonymous.

CONVERSATIONS = ["17_agent_setup_update_delete", "18_agent_certificate_signed"]


def conversation(name, agent, operator, strict):
    """The recorded steps with these tokens: the agent sends its own on GET and POST alone.

    - strict: what the agent sends without a token is refused first, and an operator does it then.
    """
    for line in shared(f"golden/cos/{name}.jsonl").read_text().splitlines():
        step = json.loads(line)
        headers = step["request"].setdefault("headers", {})
        sends = headers.pop("Authorization", None) and agent
        if sends:
            headers["Authorization"] = f"bearer {sends}"
        is_agent = headers.get("User-Agent", "").startswith("python-requests")
        if not is_agent:
            headers["Authorization"] = f"Bearer {operator}"
        elif strict and not sends:
            yield {"name": step["name"] + "-refused", "request": step["request"], "response": {
                "status": 401, "headers": {"content-type": "application/json"}}}
            headers = {**headers, "Authorization": f"Bearer {operator}"}
            step = {**step, "request": {**step["request"], "headers": headers}}
        yield step


def talk(people, agent=None, strict=False):
    people.tokens["signer"] = people.another_token("boss", "signer")
    eventually(lambda: people.call("signer", "GET", "/api/v1/devices/").status == 200)
    for name in CONVERSATIONS:
        file = people.scratch.path / f"{name}.jsonl"
        steps = conversation(name, agent, people.tokens["signer"], strict)
        file.write_text("".join(json.dumps(step) + "\n" for step in steps))
        result = subprocess.run(
            [sys.executable, shared("golden/replay.py"), "--base-url", people.server.base, file],
            text=True, capture_output=True, timeout=120)
        assert result.returncode == 0, result.stdout[-3000:] + result.stderr
    people.registry.check()


def test_agent_where_it_is_open(scratch):
    """Where anybody may do anything the agent works without a token; from elsewhere it needs one."""
    people = People(scratch, {"anonymous": {"cos": {"rights": "open", "networks": ["127.0.0.0/8"]}}},
                    "--trusted-proxy", "127.0.0.1")
    talk(people)
    for method, path in [("GET", "/api/v1/devices/"), ("POST", "/api/v1/devices/")]:
        assert people.call(None, method, path, X_Forwarded_For="10.9.9.9").status == 401
    assert people.call(None, "GET", NATIVE + "documents/devices").status == 401


def test_agent_by_its_address(scratch):
    """An agent looks after the device of its own address, without a token, and after no other."""
    people = People(scratch, {"anonymous": {"cos": {"rights": "own-device"}}},
                    "--trusted-proxy", "127.0.0.1")
    talk(people)
    far = {"X_Forwarded_For": "10.0.0.7"}
    body = {"uid": "near", "address": "127.0.0.1"}
    assert people.call(None, "POST", "/api/v1/devices/", body).status == 201
    assert people.call(None, "POST", "/api/v1/devices/", {**body, "uid": "x"}, **far).status == 401
    far_body = {"uid": "far", "address": "10.0.0.7"}
    assert people.call(None, "POST", "/api/v1/devices/", far_body, **far).status == 201
    change = {"public_ssh_key": "k"}
    path = device_path("near")
    for method, target, sent in [("PATCH", path, change), ("DELETE", path, None), ("GET", path, None),
                                 ("POST", path + "certificate/", {}), ("GET", "/api/v1/devices/", None)]:
        assert people.call(None, method, target, sent, **far).status == 401, (method, target)
    assert people.call(None, "PATCH", path, change).status == 200
    assert people.call(None, "PATCH", path, {"uid": "far"}).status in (400, 409)
    # A dashboard of others is theirs; a look at it is everybody's who registers.
    board = {"uid": "theirs", "dashboard": {"title": "x"}}
    assert people.call("boss", "POST", BOARD, board).status == 201
    assert people.call(None, "GET", BOARD + "theirs/", **far).status == 200
    patch = {"dashboard": {"title": "y"}}
    assert people.call(None, "PATCH", BOARD + "theirs/", patch, **far).status == 401
    assert people.call(None, "DELETE", BOARD + "theirs/", **far).status == 401
    assert people.call(None, "DELETE", path).status == 204


def test_agent_that_may_read(scratch):
    """Where everybody reads, the agent writes by its token, and what it sends without is refused."""
    people = People(scratch, {"roles": {"agent": {"write": ["*"]}},
                              "anonymous": {"cos": {"rights": "read"}}})
    people.join("agent", "agent")
    assert people.call(None, "GET", "/api/v1/devices/").status == 200
    assert people.call(None, "POST", "/api/v1/devices/", {"uid": "a", "address": "h"}).status == 401
    talk(people, people.tokens["agent"], strict=True)


def test_agent_where_it_is_closed(scratch):
    """Where it is closed the agent works by its token, and PATCH and DELETE without one are refused."""
    people = People(scratch, {"roles": {"agent": {"write": ["*"]}},
                              "anonymous": {"cos": {"rights": "closed"}}})
    people.join("agent", "agent")
    for path in ["/api/v1/devices/", device_path("nobody"), BOARD + "nobody/"]:
        assert people.call(None, "GET", path).status == 401, path
    assert people.call("wrong", "GET", "/api/v1/health/").status == 401
    talk(people, people.tokens["agent"], strict=True)
