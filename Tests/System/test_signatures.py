"""Signatures: git and ssh-keygen are the judges of what the server signs."""

import json
import re
import subprocess

import support
from support import Repository, device_path, in_parallel, muster, need


def verdict(registry, commit="HEAD"):
    """What git says of a commit's signature: G is good, N is none."""
    return registry.git("-c", "gpg.ssh.allowedSignersFile=allowed_signers",
                        "log", "-1", "--format=%G? %GS", commit).strip()


GOOD = "G server@muster.invalid"


def test_git_verifies(scratch):
    """With `muster sign on` git verifies the newest commit in the registry and in a clone, and muster verify all of them."""
    need("ssh-keygen")
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-0")
    assert verdict(registry) == "N"
    said = muster("sign", "on", registry.path).stdout
    assert "commits are signed" in said and "ssh-ed25519 AAAA" in said, said
    in_parallel(20, lambda number: server.add_device(f"robot-{number + 1}"))
    registry.wait_until_clean()
    assert verdict(registry) == GOOD
    clone = Repository(scratch.path / "clone")
    subprocess.run(["git", "clone", "--quiet", f"{server.base}/registry.git", clone.path], check=True)
    clone.git("config", "gpg.ssh.allowedSignersFile", "allowed_signers")
    assert "Good \"git\" signature" in clone.git("log", "-1", "--show-signature")
    clone.git("verify-commit", "HEAD")
    said = muster("verify", clone.path).stdout
    count = len(clone.commits())
    assert f"{count} of {count} commits are covered" in said, said
    assert "not proven" in said and "not covered" not in said, said
    registry.check()


def test_answers_name_signed_commits(scratch):
    """The commit that an answer names is in the history, signed or not, and the reads after it are of the newest."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    muster("sign", "on", registry.path)
    answers = in_parallel(30, lambda number: server.add_device(f"robot-{number}"))
    commits = set(registry.commits())
    assert {answer.commit for answer in answers} <= commits
    assert server.get(device_path("robot-3")).headers["Registry-Commit"] in (*commits, None)
    server.kill()
    server = scratch.serve(registry)
    assert len(server.get("/api/v1/devices/").json) == 30
    assert verdict(registry) == GOOD
    registry.check()


def test_what_is_not_covered(scratch):
    """What a person pushes is not covered until the server signs again; the exit code and the JSON say so."""
    registry = scratch.registry()
    muster("sign", "on", registry.path)
    server = scratch.serve(registry)
    registry.write("notes.txt", "by hand\n")
    registry.git("add", "notes.txt")
    registry.git("commit", "--quiet", "--message", "by hand")
    answer = muster("verify", "--json", registry.path, check=False)
    report = json.loads(answer.stdout)
    assert answer.returncode == 1 and report["uncovered_count"] == 1, report
    assert report["uncovered"][0]["subject"] == "by hand"
    server.add_device("robot-1")
    assert json.loads(muster("verify", "--json", registry.path).stdout)["covered"]
    first = registry.commits()[-1]
    assert muster("verify", registry.path, f"{first}..main").returncode == 0
    wrong = muster("verify", registry.path, "nowhere", check=False)
    assert wrong.returncode == 1 and "nowhere" in wrong.stderr


def test_renewal(scratch):
    """After `muster sign renew` old and new commits are good, and off ends it."""
    need("ssh-keygen")
    registry = scratch.registry()
    server = scratch.serve(registry)
    muster("sign", "on", registry.path)
    server.add_device("robot-1")
    before = registry.commits()[0]
    keys = [muster("sign", order, registry.path).stdout for order in ("show", "renew", "show")]
    prints = [re.search("SHA256:.*", text)[0] for text in keys]
    assert prints[0] != prints[1] == prints[2], prints
    server.add_device("robot-2")
    assert verdict(registry) == verdict(registry, before) == GOOD
    muster("sign", "off", registry.path)
    assert verdict(registry) == GOOD
    server.add_device("robot-3")
    assert verdict(registry) == "N"
    registry.check()


def test_key_stays_home(scratch):
    """The key is 0600 in the state directory, in no clone, and a backup without it verifies all the same."""
    registry = scratch.registry()
    state = scratch.path / "state"
    server = scratch.serve(registry, "--state", state)
    muster("sign", "on", registry.path)
    key = state / "signing-key"
    assert key.stat().st_mode & 0o777 == 0o600
    text = key.read_text().strip()
    mirror = scratch.path / "mirror"
    subprocess.run(["git", "clone", "--quiet", "--mirror", registry.path, mirror], check=True)
    found = subprocess.run(["git", "-C", mirror, "cat-file", "--batch-all-objects", "--batch"],
                           capture_output=True, check=True).stdout
    assert text.encode() not in found and text not in server.log.read_text()
    muster("verify", mirror)


def test_purge_takes_signatures(scratch):
    """A purge says how many signatures go, and the next write covers all again."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    muster("sign", "on", registry.path)
    server.add_device("robot-1", public_ssh_key="ssh-ed25519 correct-horse-battery")
    server.add_device("robot-2")
    server.stop()
    said = muster("purge", registry.path, "--text", "correct-horse-battery").stdout
    assert "signatures of 2 commits" in said, said
    assert muster("verify", registry.path, check=False).returncode == 1
    server = scratch.serve(registry)
    server.add_device("robot-3")
    assert muster("verify", registry.path).returncode == 0
    registry.check()
