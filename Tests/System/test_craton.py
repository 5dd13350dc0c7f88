"""The Craton API on the real program: recorded exchanges, numbers that survive merges, two APIs on one device."""

import json

from support import Repository, device_path, eventually, muster, play

PROJECT = "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"


def fixture(scratch):
    """A file with one project and three users."""
    path = scratch.path / "bootstrap.json"
    users = [("bootstrap", True, True), ("demo", False, True), ("plain", False, False)]
    path.write_text(json.dumps({
        "projects": [{"id": PROJECT, "name": "demo"}],
        "users": [
            {"project_id": PROJECT, "username": name, "api_key": name, "is_root": root, "is_admin": admin}
            for name, root, admin in users],
    }))
    return path


def bootstrap(scratch, registry):
    return muster("craton", "bootstrap", "--registry", registry.path, "--file", fixture(scratch))


def craton_registry(scratch):
    registry = scratch.registry()
    bootstrap(scratch, registry)
    return registry


class Craton:
    """The API as one user sees it."""

    def __init__(self, server, user="demo"):
        self.server = server
        self.headers = {"X-Auth-Project": PROJECT, "X-Auth-User": user, "X-Auth-Token": user}

    def call(self, method, path, body=None):
        return self.server.call(method, "/v1/" + path, body, headers=self.headers)

    def get(self, path):
        answer = self.call("GET", path)
        assert answer.status == 200, answer
        return answer.json

    def make(self, collection, **members):
        answer = self.call("POST", collection, members)
        assert answer.status == 201, answer
        return answer.json

    def host(self, name, place, **members):
        return self.make("hosts", **{
            "name": name, "cloud_id": place["cloud_id"], "region_id": place["id"], "device_type": "server",
            "ip_address": "10.0.0.1", **members})

    def descendants(self, id):
        devices = self.get(f"devices?parent_id={id}&descendants=true&limit=100")["devices"]
        return sorted(item["name"] for items in devices.values() for item in items)


def placed(server):
    """A cloud and a region, in which hosts can be made."""
    craton = Craton(server)
    cloud = craton.make("clouds", name="north")
    return craton, craton.make("regions", name="hall-2", cloud_id=cloud["id"])


def robots_are_in_hall_2(registry):
    """A commit that names the region of devices which register without one."""
    registry.wait_until_clean()
    settings = json.loads(registry.read("registry.json"))
    settings["default_region"] = "hall-2"
    registry.write("registry.json", json.dumps(settings, indent=2) + "\n")
    registry.git("commit", "--quiet", "--all", "--message", "registry: robots are in hall 2")


def test_recorded_in_any_order_twice(scratch):
    """All recorded files pass in random order, twice on one server, after a restart, and git is content."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    play(server, "craton", rounds=2)
    registry.check()
    assert server.stop() == 0
    server = scratch.serve(registry)
    play(server, "craton")
    assert server.stop() == 0
    registry.check()


def test_numbers_after_a_merge(scratch):
    """Two branches give one number to two devices: both are reached by numbers that every clone has."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    top = craton.host("top", region, variables={"from": "top"})
    registry.wait_until_clean()
    assert server.stop() == 0

    taken = top["id"] + 1
    registry.git("branch", "side")

    def device(uid, created):
        document = {
            "uid": uid, "creation_date": created, "address": "10.0.0.2", "kind": "host", "parent": "top",
            "region": "hall-2", "craton": {"id": taken, "device_type": "server"}}
        registry.write(f"devices/{uid}.json", json.dumps(document, indent=2) + "\n")
        child = {**document, "uid": f"{uid}-child", "parent": uid, "craton": {"device_type": "server"}}
        registry.write(f"devices/{uid}-child.json", json.dumps(child, indent=2) + "\n")
        registry.write(f"variables/devices/{uid}.json", json.dumps({"variables": {"own": uid}}, indent=2) + "\n")
        registry.git("add", "--all")
        registry.git("commit", "--quiet", "--message", f"add {uid}")

    device("older", "2026-01-01T00:00:00.000000Z")
    registry.git("switch", "--quiet", "side")
    device("newer", "2026-02-01T00:00:00.000000Z")
    registry.git("switch", "--quiet", "main")
    registry.git("merge", "--quiet", "--no-edit", "side")

    def numbers(repository):
        bootstrap(scratch, repository)
        server = scratch.serve(repository)
        craton = Craton(server)
        hosts = {host["name"]: host for host in craton.get("hosts?limit=100")["hosts"]}
        for name in ("older", "newer"):
            found = craton.get(f"hosts/{hosts[name]['id']}")
            assert found["name"] == name and found["parent_id"] == top["id"], found
            assert found["variables"] == {"from": "top", "own": name}, found
            assert craton.descendants(found["id"]) == [f"{name}-child"]
            child = craton.get(f"hosts/{hosts[f'{name}-child']['id']}")
            assert child["variables"] == {"from": "top", "own": name}, child
        assert craton.descendants(top["id"]) == ["newer", "newer-child", "older", "older-child"]
        # What is made next has a number of its own.
        new = craton.host("another", region)["id"]
        assert craton.call("DELETE", f"hosts/{new}").status == 204
        assert new > taken and new < 2 ** 52, new
        assert server.stop() == 0
        return {name: host["id"] for name, host in hosts.items()}

    registry.git("clone", "--quiet", registry.path, scratch.path / "clone")
    here, there = numbers(registry), numbers(Repository(scratch.path / "clone"))
    assert here == there, (here, there)
    assert len(set(here.values())) == 5 and here["older"] == taken and here["newer"] >= 2 ** 52, here
    report = muster("validate", registry.path, check=False)
    assert "newer.json" in report.stdout + report.stderr and report.returncode == 0, report


def test_no_number_twice(scratch):
    """The number of a removed device is not given out again, though every trace but the history is lost."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    last = [craton.host(f"h{number}", region)["id"] for number in range(3)][-1]
    assert craton.call("DELETE", f"hosts/{last}").status == 204
    assert craton.host("next", region)["id"] == last + 1
    assert craton.call("DELETE", f"hosts/{last + 1}").status == 204
    assert server.stop() == 0
    registry.git("update-ref", "-d", "refs/muster/numbers")
    server = scratch.serve(registry)
    assert Craton(server).host("again", region)["id"] == last + 2


def test_no_number_of_a_push_twice(scratch):
    """Numbers that come by a pushed proposal, or come and go within a push, are not given out again."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    assert craton.host("first", region)["id"] == 1
    clone = Repository(scratch.path / "offline")
    registry.git("clone", "--quiet", f"{server.base}/registry.git", clone.path)

    def add(uid, number):
        document = {"uid": uid, "creation_date": "2026-01-01T00:00:00.000000Z", "address": "10.0.0.2", "kind": "host",
                    "region": "hall-2", "craton": {"id": number, "device_type": "server"}}
        clone.write(f"devices/{uid}.json", json.dumps(document, indent=2) + "\n")
        clone.git("add", "--all")
        clone.git("commit", "--quiet", "--message", f"add {uid}")

    add("proposed", 40)
    clone.git("push", "--quiet", "origin", "HEAD:refs/for/main")
    assert craton.host("second", region)["id"] == 41
    clone.git("fetch", "--quiet")
    clone.git("reset", "--quiet", "--hard", "origin/main")
    add("passing", 70)
    clone.git("rm", "--quiet", "devices/passing.json")
    clone.git("commit", "--quiet", "--message", "remove it")
    clone.git("push", "--quiet", "origin", "HEAD:main")
    assert craton.host("third", region)["id"] == 71
    server.kill()
    server = scratch.serve(registry)
    assert Craton(server).host("fourth", region)["id"] > 71


def test_conditional_writes(scratch):
    """A write with the tag of an older answer is a 412 and changes nothing; other devices do not make it older."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    host = craton.host("a", region, variables={"own": 1})
    path = f"hosts/{host['id']}"

    def tag(path):
        return craton.call("GET", path).headers["ETag"]

    def write(method, path, body, **fields):
        headers = {**craton.headers, **{name.replace("_", "-"): value for name, value in fields.items()}}
        return server.call(method, "/v1/" + path, body, headers=headers)

    old = tag(path)
    craton.host("b", region)
    assert tag(path) == old, "another device is none of its business"
    assert server.call("GET", "/v1/" + path, headers={**craton.headers, "If-None-Match": old}).status == 304
    assert write("PUT", path, {"note": "one"}, If_Match=old).status == 200
    count = len(registry.commits())
    stale = write("PUT", path, {"note": "two"}, If_Match=old)
    assert stale.status == 412 and stale.json["status"] == 412 and "read it again" in stale.json["message"], stale
    assert write("DELETE", path, None, If_Match=old).status == 412
    assert write("PUT", path, {"note": "two"}, If_None_Match="*").status == 412
    assert write("PUT", f"{path}/variables", {"own": 2}, If_Match=old).status == 412
    assert craton.get(path)["note"] == "one" and len(registry.commits()) == count
    variables, labels = tag(f"{path}/variables"), tag(f"{path}/labels")
    assert write("PUT", f"{path}/variables", {"own": 2}, If_Match=variables).status == 200
    assert write("PUT", f"{path}/variables", {"own": 3}, If_Match=variables).status == 412
    assert write("PUT", f"{path}/labels", {"labels": ["x"]}, If_Match=labels).status == 200
    # The answer without variables of the levels above has a tag of its own, which counts too.
    own = tag(f"{path}?resolved-values=false")
    assert write("DELETE", path, None, If_Match=f'"other", {own}').status == 204
    assert write("DELETE", path, None, If_Match="*").status in (204, 412)


def test_one_device_two_apis(scratch):
    """A robot of the one API is a host of the other once it has a region; removing it is one commit for both."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    robots_are_in_hall_2(registry)
    eventually(lambda: server.add_device("probe") or json.loads(
        server.get(device_path("probe")).body) and "hall-2" in registry.read("devices/probe.json"))

    server.add_device("robot-1")
    hosts = craton.get("hosts?name=robot-1")["hosts"]
    assert [host["region_id"] for host in hosts] == [region["id"]], hosts
    robot = hosts[0]
    assert craton.call("PUT", f"hosts/{robot['id']}/variables", {"speed": 2}).status == 200
    assert server.call("PATCH", device_path("robot-1"), {"uid": "robot-2"}).status == 200
    renamed = craton.get(f"hosts/{robot['id']}")
    assert renamed["name"] == "robot-2" and renamed["variables"] == {"speed": 2}, renamed

    made = craton.host("web-1", region)
    assert server.get(device_path("web-1")).json["address"] == "10.0.0.1"
    before = len(registry.commits())
    assert server.call("DELETE", device_path("robot-2")).status == 204
    assert craton.call("GET", f"hosts/{robot['id']}").status == 404
    assert craton.call("DELETE", f"hosts/{made['id']}").status == 204
    assert server.get(device_path("web-1")).status == 404
    assert len(registry.commits()) == before + 2
    assert registry.git("ls-tree", "-r", "--name-only", "main", "variables") == ""
    registry.check()


def test_bootstrap_may_be_repeated(scratch):
    """A second bootstrap makes no commit, also while the server runs, and its keys work at once; no key is in git."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    assert Craton(server).call("GET", "clouds").status == 200
    commits = registry.commits()
    assert "nothing to change" in bootstrap(scratch, registry).stdout
    assert registry.commits() == commits
    other = json.loads(fixture(scratch).read_text())
    other["users"][1]["api_key"] = "a key that nobody else has"
    path = scratch.path / "other.json"
    path.write_text(json.dumps(other))
    muster("craton", "bootstrap", "--registry", registry.path, "--file", path)
    assert Craton(server).call("GET", "clouds").status == 401
    assert "a key that nobody else has" not in registry.git("log", "--patch", "--all")


def test_one_device_from_registration_to_undo(scratch):
    """A robot registers, is placed below a switch, gets variables, is moved by a proposal, and moved back."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    robots_are_in_hall_2(registry)
    eventually(lambda: "hall-2" in server.get("/fleet/").body.decode())
    first, second = (craton.host(name, region, variables={"uplink": name}) for name in ("switch-1", "switch-2"))
    eventually(lambda: server.call("DELETE", device_path("robot-1")).status
               and server.add_device("robot-1") or craton.get("hosts?name=robot-1")["hosts"])
    robot = craton.get("hosts?name=robot-1")["hosts"][0]["id"]
    assert craton.call("PUT", f"hosts/{robot}", {"parent_id": first["id"]}).status == 200
    assert craton.call("PUT", f"hosts/{robot}/variables", {"speed": 2}).status == 200
    assert craton.get(f"hosts/{robot}")["variables"] == {"speed": 2, "uplink": "switch-1"}

    headers = {**craton.headers, "Registry-Propose": "Move robot-1"}
    answer = server.call("PUT", f"/v1/hosts/{robot}", {"parent_id": second["id"]}, headers=headers)
    assert answer.status == 200 and answer.json["parent_id"] == second["id"], answer
    assert craton.get(f"hosts/{robot}")["parent_id"] == first["id"]
    assert craton.get(f"hosts/{robot}?at=proposal:1")["variables"]["uplink"] == "switch-2"
    merged = server.post("/api/registry/v1/proposals/1/merge", {})
    assert merged.status == 200, merged
    assert craton.descendants(second["id"]) == ["robot-1"] and craton.descendants(first["id"]) == []

    # The merge is what is taken back; its first parent is the branch before it.
    undone = server.post("/api/registry/v1/revert", {"commit": registry.git("rev-parse", "main").strip()})
    assert undone.status in (200, 201), undone
    assert craton.descendants(first["id"]) == ["robot-1"]
    assert craton.get(f"hosts/{robot}")["variables"] == {"speed": 2, "uplink": "switch-1"}
    page = server.get(device_path("robot-1").replace("/api/v1", "").rstrip("/"), Accept="text/html")
    assert b"switch-1" in page.body and b"uplink" in page.body, page
    registry.check()


def test_proposals_say_what_only_a_merge_breaks(scratch):
    """A proposal that doubles a number says which device would change its own; one that makes a circle is not merged."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, region = placed(server)
    top = craton.host("top", region)
    sub = craton.host("sub", region, parent_id=top["id"])
    document = json.loads(registry.read("devices/sub.json"))
    twin = {**document, "uid": "twin", "parent": "top"}
    opened = server.post("/api/registry/v1/proposals", {
        "title": "A twin", "changes": [{"collection": "devices", "uid": "twin", "document": twin}]})
    assert opened.status == 201, opened
    review = server.get("/api/registry/v1/proposals/1").json
    assert [warning["rule"] for warning in review["warnings"]] == ["doubled-number"], review["warnings"]
    assert "twin" in review["warnings"][0]["path"] and review["mergeable"], review
    opened = server.post("/api/registry/v1/proposals", {
        "title": "A circle", "changes": [{"collection": "devices", "uid": "top", "patch": {"parent": "sub"}}]})
    review = server.get("/api/registry/v1/proposals/2").json
    assert not review["mergeable"] and [problem["rule"] for problem in review["problems"]] == ["cycle"], review
    assert server.post("/api/registry/v1/proposals/2/merge", {}).status == 409
    assert craton.get(f"hosts/{sub['id']}")["parent_id"] == top["id"]


def test_a_place_made_by_hand(scratch):
    """A file saved in a folder that was not there when the server began is served soon."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)
    craton, _ = placed(server)
    registry.wait_until_clean()
    registry.write("craton/cells/row-4.json", json.dumps({
        "uid": "row-4", "name": "row-4", "cloud": "north", "region": "hall-2",
        "created_at": "2026-01-31T12:00:00Z"}, indent=2) + "\n")
    eventually(lambda: craton.get("cells")["cells"], what="the cell")
    assert craton.get("cells")["cells"][0]["id"] >= 2 ** 52
