"""What a person does beside the server: edit, stage, commit, amend, reset, switch."""

import json

from support import device_path, eventually


def edited(repository, path, **members):
    """The text of a document with some members changed."""
    return json.dumps({**json.loads(repository.read(path)), **members}, indent=2) + "\n"


def address(server, uid):
    return server.get(device_path(uid)).json["address"]


def test_edit_is_served_and_marked(scratch):
    """An uncommitted edit is served, marked and protected; committed, it is served as a commit."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    registry.write("devices/robot-1.json", edited(registry, "devices/robot-1.json", address="10.9.9.9"))
    eventually(lambda: address(server, "robot-1") == "10.9.9.9", 3, "the edit being served")
    answer = server.get(device_path("robot-1"))
    assert answer.headers["Registry-Uncommitted"] == "true"

    answer = server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.2"})
    assert answer.status == 409, answer
    assert json.loads(registry.read("devices/robot-1.json"))["address"] == "10.9.9.9"

    registry.git("commit", "--all", "--quiet", "--message", "devices/robot-1: move")
    eventually(lambda: server.get(device_path("robot-1")).headers["Registry-Uncommitted"] is None, 3)
    assert address(server, "robot-1") == "10.9.9.9"
    answer = server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.2"})
    assert answer.status == 200, answer
    registry.check()
    assert registry.git("log", "--format=%an", "-2").split("\n")[1] == "Pat"


def test_invalid_edit_takes_nothing_down(scratch):
    """A corrupt file leaves its last good version served, is named, and stops nothing else."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    server.add_device("robot-2")
    registry.wait_until_clean()
    registry.write("devices/robot-1.json", '{"uid": "robot-1", ')
    eventually(lambda: "uncommitted_edits 1" in server.get("/metrics").body.decode(), 3, "the metric")
    assert address(server, "robot-1") == "10.0.0.1"
    assert server.call("PATCH", device_path("robot-2"), {"address": "10.0.0.7"}).status == 200
    assert registry.read("devices/robot-1.json") == '{"uid": "robot-1", '

    registry.git("commit", "--all", "--quiet", "--message", "break it")
    eventually(lambda: "invalid_documents 1" in server.get("/metrics").body.decode(), 3, "the metric")
    assert address(server, "robot-1") == "10.0.0.1"
    assert server.stop() == 0
    server = scratch.serve(registry)
    assert address(server, "robot-1") == "10.0.0.1", "also after a restart"

    body = {"uid": "robot-1", "address": "10.0.0.8"}
    assert server.call("PUT", device_path("robot-1"), body).status == 200
    assert json.loads(registry.read("devices/robot-1.json"))["address"] == "10.0.0.8"
    registry.check()


def test_commit_by_hand_is_merged(scratch):
    """A commit made by hand on an old state is merged with what the API wrote meanwhile."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    document = edited(registry, "devices/robot-1.json", uid="robot-2")
    registry.write("devices/robot-2.json", document)
    registry.git("add", "devices/robot-2.json")
    server.add_device("robot-3")
    registry.git("commit", "--quiet", "--message", "devices/robot-2: add")
    eventually(lambda: server.get(device_path("robot-2")).status == 200, 1.5, "the commit being served")
    for uid in ("robot-1", "robot-3"):
        assert server.get(device_path(uid)).status == 200, uid
    registry.check()


def test_amend_and_reset_lose_nothing(scratch):
    """An amended, reset or rebased branch keeps every answered write."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    commits = [server.add_device(f"robot-{number}").commit for number in range(4)]
    registry.wait_until_clean()

    registry.git("commit", "--amend", "--quiet", "--message", "another message")
    eventually(lambda: commits[-1] in registry.commits(), 3, "the amended commit being back")
    registry.wait_until_clean()

    registry.git("reset", "--hard", "--quiet", "HEAD~2")
    eventually(lambda: set(commits) <= set(registry.commits()), 3, "the commits that reset took away")
    for number in range(4):
        assert server.get(device_path(f"robot-{number}")).status == 200
    assert "rewound-" in registry.git("branch", "--list")
    registry.check()


def test_switched_branch_stops_writes_alone(scratch):
    """With HEAD on another branch reads go on, writes answer 503 naming the way back."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    registry.git("switch", "--quiet", "--create", "experiment")
    eventually(lambda: server.post("/api/v1/devices/", {"uid": "x", "address": "10.0.0.1"}).status == 503, 3)
    answer = server.post("/api/v1/devices/", {"uid": "x", "address": "10.0.0.1"})
    assert b"git switch main" in answer.body, answer
    assert server.get(device_path("robot-1")).status == 200
    registry.git("switch", "--quiet", "main")
    eventually(lambda: server.post("/api/v1/devices/", {"uid": "y", "address": "10.0.0.1"}).status == 201, 3)
    registry.check()


def test_edit_before_the_start(scratch):
    """What a person edits while no server runs is served at the next start, and not overwritten."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    server.kill()
    text = edited(registry, "devices/robot-1.json", address="10.9.9.9")
    registry.write("devices/robot-1.json", text)
    server = scratch.serve(registry)
    assert address(server, "robot-1") == "10.9.9.9"
    assert registry.read("devices/robot-1.json") == text


def test_fields_of_a_commit(scratch):
    """A commit names its author, its request and what the client said."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    answer = server.call(
        "POST", "/api/v1/devices/?token=hidden", {"uid": "robot-1", "address": "10.0.0.1"},
        {"X-Request-Id": "request-7", "X-Commit-Message": "Moved to hall 2"})
    assert answer.status == 201
    message = registry.git("log", "-1", "--format=%an|%ae|%s%n%b", answer.commit)
    assert message.startswith("device robot-1|robot-1@muster.invalid|devices/robot-1: register"), message
    assert "Moved to hall 2" in message
    assert "Request-Id: request-7" in message
    assert "Api: cos POST /api/v1/devices/" in message and "hidden" not in message
