"""What git holds beside the documents: nothing of it is lost when the server takes a commit in."""

import os
import subprocess
import threading
import time

from support import Repository, device_path


def served(scratch):
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    registry.wait_until_clean()
    return registry, server


def commit_and_wait(registry, message):
    """Commits everything by hand and waits until the server has looked."""
    registry.git("add", "--all")
    registry.git("commit", "--quiet", "--message", message)
    tree = registry.git("rev-parse", "HEAD^{tree}")
    time.sleep(1)
    assert registry.git("rev-parse", "main^{tree}") == tree, registry.git("diff", "--stat", tree.strip(), "main")
    registry.check()


def test_names_that_are_no_utf8(scratch):
    """A file whose name is no UTF-8 stays in the commit that added it."""
    registry, _ = served(scratch)
    with open(os.fsencode(registry.path) + b"/caf\xe9.txt", "wb") as file:
        file.write(b"tea\n")
    commit_and_wait(registry, "add a menu")


def test_names_that_only_look_alike(scratch):
    """Two folders whose names are equal only canonically keep each its own files."""
    registry, server = served(scratch)
    text = registry.read("devices/robot-1.json")
    registry.write("devices/\u00e9/a.json", text.replace("robot-1", "a"))
    registry.write("devices/e\u0301/b.json", text.replace("robot-1", "b"))
    commit_and_wait(registry, "add two halls")
    for uid in ("a", "b"):
        assert server.call("PATCH", device_path(uid), {"address": "10.0.0.7"}).status == 200
    registry.check()
    assert len(registry.git("ls-tree", "-r", "--name-only", "main", "devices").split()) == 3


def test_folder_becomes_file(scratch):
    """A folder that is replaced by a file, and a file by a folder, stay what they became."""
    registry, _ = served(scratch)
    registry.write("notes/a", "first\n")
    commit_and_wait(registry, "add a folder")
    registry.git("rm", "-r", "--quiet", "notes")
    registry.write("notes", "a file now\n")
    commit_and_wait(registry, "make it a file")
    registry.git("rm", "--quiet", "notes")
    registry.write("notes/a", "a folder again\n")
    commit_and_wait(registry, "make it a folder")


def test_deep_folders(scratch):
    """Folders nested deeper than any registry needs are kept."""
    registry, _ = served(scratch)
    registry.write("/".join(["d"] * 80) + "/f", "deep\n")
    commit_and_wait(registry, "dig")


def test_submodules(scratch):
    """A submodule that a person adds stays."""
    registry, _ = served(scratch)
    subprocess.run(["git", "init", "--quiet", scratch.path / "other"], check=True)
    other = Repository(scratch.path / "other")
    other.git("commit", "--quiet", "--allow-empty", "--message", "first")
    registry.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", other.path, "other")
    commit_and_wait(registry, "add a submodule")


def test_executable_document(scratch):
    """A document that was committed as executable stays so when the API writes it."""
    registry, server = served(scratch)
    os.chmod(registry.path / "devices/robot-1.json", 0o755)
    commit_and_wait(registry, "make it executable")
    assert server.call("PATCH", device_path("robot-1"), {"address": "10.0.0.2"}).status == 200
    registry.check()


def test_commit_in_another_worktree(scratch):
    """A commit in another worktree holds what was staged there and nothing that the API wrote."""
    registry, server = served(scratch)
    registry.git("worktree", "add", "--quiet", "-b", "feature", scratch.path / "feature")
    feature = Repository(scratch.path / "feature")
    feature.write("notes.txt", "mine\n")
    feature.git("add", "notes.txt")
    server.add_device("robot-2")
    feature.git("commit", "--quiet", "--message", "notes")
    assert feature.git("show", "--name-only", "--format=", "HEAD").split() == ["notes.txt"]
    assert feature.status() == ""


def test_link_in_place_of_a_collection(scratch):
    """Where a link stands for a collection's folder, a write is refused or served, not answered and lost."""
    registry, server = served(scratch)
    os.rename(registry.path / "devices", scratch.path / "elsewhere")
    os.symlink(scratch.path / "elsewhere", registry.path / "devices")
    answered_is_served(server)


def test_file_in_place_of_a_folder(scratch):
    """A person's file where the fan-out needs a folder is not pushed out of the branch."""
    registry = scratch.registry("registry", "--devices", "4000")
    for digit in "0123456789abcdef":
        registry.write(f"devices/{digit}", "mine\n")
    registry.git("add", "--all")
    registry.git("commit", "--quiet", "--message", "notes")
    server = scratch.serve(registry)
    answered_is_served(server)
    assert len(registry.git("ls-tree", "-r", "--name-only", "main", "devices").split()) >= 16


def answered_is_served(server):
    answer = server.post("/api/v1/devices/", {"uid": "robot-2", "address": "10.0.0.1"})
    assert answer.status in (201, 409), answer
    found = server.get(device_path("robot-2")).status
    assert found == (200 if answer.status == 201 else 404), (answer, found)


def test_prune_under_load(scratch):
    """`git gc --prune=now` while the API writes takes no object that an answered write needs."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    answered, stop = [], threading.Event()

    def write(client_number):
        number = 0
        with server.client() as client:
            while not stop.is_set():
                uid = f"robot-{client_number}-{number}"
                number += 1
                answer = client.call("POST", "/api/v1/devices/", {"uid": uid, "address": "10.0.0.1"})
                assert answer.status == 201, answer
                answered.append((uid, answer.commit))

    threads = [threading.Thread(target=write, args=(number,), daemon=True) for number in range(6)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 6
    while time.monotonic() < end:
        registry.git("gc", "--prune=now", "--quiet", check=False)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert answered
    time.sleep(2)  # The server puts back what the last run has taken.
    registry.check()
    assert {commit for _, commit in answered} <= set(registry.commits())
    assert server.stop() == 0
    server = scratch.serve(registry)
    for uid, _ in answered:
        assert server.get(device_path(uid)).status == 200, uid
