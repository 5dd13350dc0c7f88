"""Odd places, odd files, lost files: an answered write stays, and the server stays writable."""

import json
import os
import shutil
import subprocess

from support import Repository, device_path, eventually


def address(server, uid):
    answer = server.get(device_path(uid))
    return answer.json["address"] if answer.status == 200 else answer.status


def move(server, uid, to):
    answer = server.call("PATCH", device_path(uid), {"address": to})
    assert answer.status == 200, answer


def test_odd_paths(scratch):
    """A path with blanks, quotes and line ends, longer than a socket's, serves hooks as well."""
    folder = scratch.path / ("x" * 100) / "a b'\"\nc\u00e9"
    folder.mkdir(parents=True)
    registry = scratch.registry(folder / "registry")
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.write("notes.txt", "mine\n")
    registry.git("add", "notes.txt")
    registry.git("commit", "--quiet", "--message", "notes")
    files = registry.git("show", "--name-only", "--format=", "HEAD").split()
    assert files == ["notes.txt"], files
    registry.check()


def test_state_elsewhere(scratch):
    """With its state in another folder a killed server loses nothing either."""
    registry = scratch.registry()
    state = scratch.path / "state"
    state.mkdir(mode=0o700)
    server = scratch.serve(registry, "--state", state)
    server.add_device("robot-1")
    server.kill()
    server = scratch.serve(registry, "--state", state)
    assert address(server, "robot-1") == "10.0.0.1"
    registry.check()


def test_no_document_in_its_place(scratch):
    """A pipe, a file of 100 MB and bytes that are no UTF-8 stop nothing but their own document."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    uids = ["pipe", "large", "bytes"]
    for uid in ["robot-1", *uids]:
        server.add_device(uid)
    registry.wait_until_clean()
    folder = registry.path / "devices"
    (folder / "pipe.json").unlink()
    os.mkfifo(folder / "pipe.json")
    with open(folder / "large.json", "wb") as file:
        file.truncate(100 << 20)
    (folder / "bytes.json").write_bytes(b'{"uid":"bytes\xff"}')
    for uid in uids:
        assert address(server, uid) == "10.0.0.1"
        answer = server.call("PATCH", device_path(uid), {"address": "10.0.0.2"})
        assert answer.status == 409, answer
    move(server, "robot-1", "10.0.0.2")
    (folder / "pipe.json").unlink()
    eventually(lambda: "robot-1" not in registry.status())
    registry.git("checkout", "--", *(f"devices/{uid}.json" for uid in uids))
    for uid in uids:
        eventually(lambda: server.call(
            "PATCH", device_path(uid), {"address": "10.0.0.2"}).status == 200)
    registry.check()


def test_doubled_uid(scratch):
    """Of a uid in two folders the next write leaves one."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    text = registry.read("devices/robot-1.json")
    registry.write("devices/hall/robot-1.json", text.replace("10.0.0.1", "10.4.4.4"))
    registry.git("add", "--all")
    registry.git("commit", "--quiet", "--message", "copy")
    tip = registry.git("rev-parse", "HEAD").strip()
    eventually(lambda: json.loads(server.get("/readyz").body)["commit"] == tip)
    assert address(server, "robot-1") == "10.0.0.1"
    move(server, "robot-1", "10.0.0.2")
    assert registry.git("ls-tree", "-r", "--name-only", "main", "devices").split() == [
        "devices/robot-1.json"]
    registry.check()


def test_changed_fan_out(scratch):
    """A fan-out counts from its commit on: new files go there, old ones stay and are written."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    settings = json.loads(registry.read("registry.json"))
    settings["fan_out"]["devices"] = 2
    registry.write("registry.json", json.dumps(settings, indent=2) + "\n")
    server.add_device("robot-2")
    registry.git("add", "registry.json")
    registry.git("commit", "--quiet", "--message", "fan out")
    server.add_device("com")
    move(server, "robot-1", "10.0.0.2")
    assert registry.git("ls-tree", "-r", "--name-only", "main", "devices").split() == [
        "devices/7/1/com.json", "devices/robot-1.json", "devices/robot-2.json"]
    registry.check()


def test_lost_service_files(scratch):
    """Without git's index or without the journal the server starts and loses nothing."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    server.kill()
    (registry.path / ".git/index").unlink()
    server = scratch.serve(registry)
    registry.check()
    move(server, "robot-1", "10.0.0.2")
    assert server.stop() == 0
    shutil.rmtree(registry.path / ".git/muster/journal")
    server = scratch.serve(registry)
    move(server, "robot-1", "10.0.0.3")
    server.kill()
    server = scratch.serve(registry)
    assert address(server, "robot-1") == "10.0.0.3"
    registry.check()


def test_removed_branch(scratch):
    """A served branch that is removed by hand comes back, also when it was renamed."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    registry.git("update-ref", "-d", "refs/heads/main")
    move(server, "robot-1", "10.0.0.2")
    registry.wait_until_clean()
    registry.git("branch", "--move", "main", "other")
    eventually(lambda: registry.git("branch", "--list", "main"))
    answer = server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.3"})
    assert answer.status == 503, answer
    registry.git("switch", "--quiet", "main")
    move(server, "robot-1", "10.0.0.3")
    registry.check()


def test_restarts(scratch):
    """Stops and starts in a row keep every write, and leave a clean status and no reference behind."""
    registry = scratch.registry()
    for number in range(5):
        server = scratch.serve(registry)
        for known in range(number):
            assert address(server, f"robot-{known}") == "10.0.0.1"
        server.add_device(f"robot-{number}")
        assert server.stop() == 0
        assert registry.status() == ""
    assert registry.git("for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/main", "refs/muster/served"]


def test_branch_from_a_clone(scratch):
    """A branch that a clone pushes is merged in the working tree and served."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    subprocess.run(["git", "clone", "--quiet", registry.path, scratch.path / "clone"], check=True)
    clone = Repository(scratch.path / "clone")
    text = clone.read("devices/robot-1.json")
    clone.write("devices/robot-2.json", text.replace("robot-1", "robot-2"))
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "add robot-2")
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/feature")
    move(server, "robot-1", "10.0.0.2")
    registry.wait_until_clean()
    registry.git("merge", "--quiet", "--no-edit", "feature")
    eventually(lambda: address(server, "robot-2") == "10.0.0.1")
    assert address(server, "robot-1") == "10.0.0.2"
    registry.check()
