"""Pushes to the served branch: taken in whole, or refused with what to do."""

import json
import os
import subprocess
import threading
import time

from support import Repository, device_path, eventually, in_parallel

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"
SECONDS = float(os.environ.get("MUSTER_TEST_SECONDS", "5"))


def clone_of(scratch, registry, name="clone"):
    subprocess.run(["git", "clone", "--quiet", registry.path, scratch.path / name], check=True)
    clone = Repository(scratch.path / name)
    clone.git("config", "user.name", "Ada")
    clone.git("config", "user.email", "ada@example.org")
    return clone


def push(clone, *arguments):
    """What git says of a push, and whether it went well."""
    result = subprocess.run(
        ["git", "-C", clone.path, "push", *(arguments or ["origin", "main"])],
        text=True, capture_output=True, timeout=120)
    # git fills lines of the other side with spaces.
    lines = [line.rstrip() for line in result.stderr.splitlines()]
    return result.returncode == 0, "\n".join(lines)


def commit(clone, message="a change"):
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", message)


def set_address(clone, uid, address):
    path = f"devices/{uid}.json"
    document = json.loads(clone.read(path))
    document["address"] = address
    clone.write(path, json.dumps(document, indent=2) + "\n")


def address(server, uid):
    return server.get(device_path(uid) + "?fields=address").json["address"]


def patch(server, uid, **members):
    answer = server.call("PATCH", device_path(uid), members)
    assert answer.status == 200, answer
    return answer


def start(scratch):
    registry = scratch.registry()
    server = scratch.serve(registry)
    answer = server.post("/api/v1/applications/grafana/dashboards/", {"uid": "board", "dashboard": {"uid": "board"}})
    assert answer.status == 201, answer
    server.add_device("robot-1", grafana_dashboards=["board"])
    server.add_device("robot-2")
    registry.wait_until_clean()
    return registry, server


def test_push_is_served(scratch):
    """What a clone pushes is the served tip, in the files, and served when git says so."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    clone.write("notes/readme.txt", "for people\n")
    commit(clone, "move robot-1")
    done, words = push(clone)
    assert done, words
    assert address(server, "robot-1") == "10.9.9.9"
    assert registry.commits() == clone.commits(), "the commit is taken as it is"
    assert registry.read("notes/readme.txt") == "for people\n"
    answer = server.get(device_path("robot-1"))
    assert answer.commit == clone.commits()[0]
    patch(server, "robot-1", address="10.0.0.3")
    registry.check()
    clone.git("pull", "--quiet", "--ff-only")
    assert json.loads(clone.read("devices/robot-1.json"))["address"] == "10.0.0.3"
    assert server.stop() == 0
    again = scratch.serve(registry)
    assert address(again, "robot-1") == "10.0.0.3"


def bad_changes():
    """Each kind of bad file: how it is made, and what the refusal has to name."""

    def text(path, content):
        return lambda clone: clone.write(path, content)

    def unknown_member(clone):
        document = json.loads(clone.read("devices/robot-1.json"))
        document["adress"] = "x"
        clone.write("devices/robot-1.json", json.dumps(document, indent=2) + "\n")

    def to_nothing(clone):
        document = json.loads(clone.read("devices/robot-1.json"))
        document["grafana_dashboards"] = ["gone"]
        clone.write("devices/robot-1.json", json.dumps(document, indent=2) + "\n")

    def twice(clone):
        clone.write("devices/hall/robot-1.json", clone.read("devices/robot-1.json"))

    def link(clone):
        (clone.path / "devices/robot-9.json").symlink_to("robot-1.json")

    def used(clone):
        (clone.path / "grafana_dashboards/board.json").unlink()

    def key_in_json(clone):
        document = json.loads(clone.read("devices/robot-1.json"))
        document["public_ssh_key"] = KEY
        clone.write("devices/robot-1.json", json.dumps(document, indent=2) + "\n")

    yield "no JSON", text("devices/robot-9.json", "{\n"), ["devices/robot-9.json:2"]
    yield "an unknown member", unknown_member, ["devices/robot-1.json: /adress"]
    yield "a reference to nothing", to_nothing, ["devices/robot-1.json: /grafana_dashboards/0", "grafana_dashboards/gone"]
    yield "a dashboard that is used is removed", used, ["devices/robot-1.json: /grafana_dashboards/0"]
    yield "one uid twice", twice, ["robot-1.json", "the same uid"]
    yield "a name that no uid has", text("devices/a b.json", "{}\n"), ["devices/a b.json: ", "a%20b.json"]
    yield "a rule file that is no YAML", text("prometheus_alert_rules/x.rules", "groups: [\n"), ["prometheus_alert_rules/x.rules"]
    yield "settings that are none", text("registry.json", "{\"format_version\": 1, \"fanout\": {}}\n"), ["registry.json: /fanout"]
    yield "a private key", text("notes/id_rsa", KEY), ["notes/id_rsa", "private key"]
    yield "a private key in a document", key_in_json, ["devices/robot-1.json: /public_ssh_key", "private key"]
    yield "a link", link, ["devices/robot-9.json", "Symbolic links"]


def test_bad_pushes(scratch):
    """Each kind of bad file is refused with file, place and reason, and nothing moves."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    before = registry.commits()
    for name, change, expected in bad_changes():
        change(clone)
        commit(clone, name)
        done, words = push(clone)
        assert not done, f"{name} was taken"
        for word in expected:
            assert word in words, f"{name}: {word!r} is not in\n{words}"
        clone.git("reset", "--quiet", "--hard", "origin/main")
        clone.git("clean", "--quiet", "-dfx")
    assert registry.commits() == before
    registry.check()
    assert server.get(device_path("robot-1")).status == 200


def test_secrets_in_passing(scratch):
    """A secret that a later commit removes, on any branch or tag, never gets in."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    clone.write("key.pem", KEY)
    commit(clone, "add the key")
    blob = clone.git("rev-parse", "HEAD:key.pem").strip()
    clone.git("rm", "--quiet", "key.pem")
    commit(clone, "remove the key")
    clone.git("tag", "kept", blob)
    for references in (["main"], ["HEAD:refs/heads/feature"], ["HEAD:refs/for/main"], ["kept"]):
        done, words = push(clone, "origin", *references)
        assert not done and "private key" in words, f"{references}\n{words}"
    assert "key.pem" in push(clone)[1] and "rebase" in push(clone)[1]
    assert registry.git("cat-file", "-e", blob, check=False) == ""
    assert subprocess.run(["git", "-C", registry.path, "cat-file", "-e", blob], capture_output=True).returncode != 0
    clone.git("reset", "--quiet", "--hard", "origin/main")
    clone.git("commit", "--quiet", "--allow-empty", "--message", f"a key in the message\n\n{KEY}")
    done, words = push(clone)
    assert not done and "message" in words, words
    registry.check()


def test_hostile_trees(scratch):
    """Submodules and folders named like git's own are refused, whatever their case."""
    registry, _ = start(scratch)
    clone = clone_of(scratch, registry)
    head = clone.commits()[0]
    tree = clone.git("ls-tree", "HEAD")
    blob = clone.git("hash-object", "-w", "--stdin", input="x\n").strip()
    folder = clone.git("mktree", input=f"100644 blob {blob}\tconfig\n").strip()
    for entry in (f"160000 commit {head}\tmodule", f"040000 tree {folder}\t.GIT",
                  f"040000 tree {folder}\tgit~1"):
        made = clone.git("mktree", "--missing", input=f"{tree}{entry}\n").strip()
        new = clone.git("commit-tree", made, "-p", head, "-m", "hostile").strip()
        done, words = push(clone, "origin", f"{new}:refs/heads/main")
        assert not done and entry.split("\t")[1] in words, f"{entry}\n{words}"
        done, words = push(clone, "origin", f"{new}:refs/heads/other")
        assert not done, f"{entry} on another branch"
    registry.check()


def test_odd_names_and_sizes(scratch):
    """Names that are no UTF-8 and commits of many megabytes are refused; odd moves of files are taken whole."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    head, tree = clone.commits()[0], clone.git("ls-tree", "HEAD")
    blob = clone.git("hash-object", "-w", "--stdin", input="x\n").strip()
    made = subprocess.run(["git", "-C", clone.path, "mktree"], input=tree.encode() + f"100644 blob {blob}\tn".encode() + b"\xffa.txt\n",
                          capture_output=True, check=True).stdout.decode().strip()
    new = clone.git("commit-tree", made, "-p", head, "-m", "odd name").strip()
    done, words = push(clone, "origin", f"{new}:refs/heads/main")
    assert not done and "UTF-8" in words, words
    long = clone.git("commit-tree", f"{head}^{{tree}}", "-p", head, input="a" * (2 << 20)).strip()
    done, words = push(clone, "origin", f"{long}:refs/heads/long")
    assert not done and "1 MiB" in words, words
    clone.git("rm", "--quiet", "devices/robot-2.json")
    clone.write("devices/robot-2.json/notes.txt", "a folder now\n")
    (clone.path / "devices/robot-1.json").chmod(0o755)
    commit(clone, "a file becomes a folder, another executable")
    done, words = push(clone)
    assert done, words
    assert server.get(device_path("robot-2")).status == 404
    eventually(lambda: (registry.path / "devices/robot-2.json/notes.txt").exists())
    registry.check()
    (clone.path / "devices/robot-1.json").chmod(0o644)
    commit(clone, "and back")
    assert push(clone)[0]
    registry.check()


def test_references(scratch):
    """Clients move branches and tags alone; what somebody took back by hand is not theirs to remove."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    head = clone.commits()[0]
    for reference in (f"refs/replace/{head}", "refs/heads/HEAD", "refs/remotes/origin/main", "refs/heads/main/below",
                      "refs/heads/rewound-20260101T000000Z"):
        done, words = push(clone, "origin", f"HEAD:{reference}")
        assert not done, reference
    registry.git("commit", "--quiet", "--allow-empty", "--message", "by hand")
    eventually(lambda: server.get("/api/v1/devices/").commit != head)
    registry.git("reset", "--quiet", "--soft", "HEAD~1")
    kept = lambda: registry.git("for-each-ref", "--format=%(refname)", "refs/heads/rewound-*").split()
    eventually(lambda: len(kept()) == 1)
    done, words = push(clone, "origin", f":{kept()[0]}")
    assert not done and "/repository/kept" in words and len(kept()) == 1, words
    assert push(clone, "origin", "HEAD:refs/heads/topic", "HEAD:refs/tags/one")[0]
    assert push(clone, "origin", ":refs/heads/topic", ":refs/tags/one")[0]


def test_atomic(scratch):
    """With --atomic nothing moves when a part is refused."""
    registry, _ = start(scratch)
    clone = clone_of(scratch, registry)
    before = registry.git("for-each-ref")
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    for other in ("HEAD~1:refs/for/main", "HEAD:refs/heads/main/x"):
        done, words = push(clone, "--atomic", "origin", "main", "HEAD:refs/heads/topic", other)
        assert not done, words
        assert registry.git("for-each-ref") == before, words
    assert push(clone, "--atomic", "origin", "main", "HEAD:refs/heads/topic")[0]
    assert registry.commits()[0] == clone.commits()[0] == registry.commits("topic")[0]


def test_branch_only_grows(scratch):
    """The served branch is neither removed nor taken back nor replaced by another history."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    tip = registry.commits()[0]
    for arguments, word in ((["--force", "origin", "HEAD~1:main"], "only grows"),
                            (["origin", ":main"], "cannot be removed")):
        done, words = push(clone, *arguments)
        assert not done and word in words, words
    clone.git("checkout", "--quiet", "--orphan", "alone")
    clone.git("commit", "--quiet", "--message", "another history")
    done, words = push(clone, "--force", "origin", "alone:main")
    assert not done and ("only grows" in words or "in common" in words), words
    for reference in ("refs/proposals/1/head", "refs/notes/proposals", "refs/muster/served"):
        done, words = push(clone, "--force", "origin", f"HEAD:{reference}")
        assert not done, f"{reference} was written by a client"
    assert registry.commits()[0] == tip
    done, words = push(clone, "origin", "alone:refs/heads/alone")
    assert done, words
    assert server.stop() == 0
    clone.git("checkout", "--quiet", "main")
    set_address(clone, "robot-1", "10.7.7.7")
    commit(clone)
    done, words = push(clone)
    assert not done and "no server runs here" in words, words


def test_push_over_ssh(scratch):
    """A push that a remote shell runs here goes through the server like any other."""
    registry, server = start(scratch)
    shell = scratch.path / "remote-shell"
    # What sshd does with the last argument, on this machine.
    shell.write_text('#!/bin/sh\nwhile [ $# -gt 1 ]; do shift; done\nexec env -i PATH="$PATH" sh -c "$1"\n')
    shell.chmod(0o755)
    clone = clone_of(scratch, registry)
    clone.git("config", "core.sshCommand", str(shell))
    clone.git("remote", "set-url", "origin", f"ssh://registry.example.org{registry.path}")
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    done, words = push(clone)
    assert done and address(server, "robot-1") == "10.9.9.9", words
    clone.write("devices/robot-2.json", "{")
    commit(clone)
    done, words = push(clone)
    assert not done and "devices/robot-2.json" in words, words
    registry.check()


def race(clone, path, body):
    """Lets the API write between the moment a push looks at the branch and the push itself."""
    hook = clone.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\ncurl --silent --fail --output /dev/null --request PATCH --json "
        f"'{json.dumps(body)}' {path}\n")
    hook.chmod(0o755)


def test_push_that_loses_the_race(scratch):
    """A push that an API write has overtaken is merged by field, or refused with both values."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    url = server.base + device_path("robot-1")
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone, "move robot-1")
    race(clone, url, {"public_ssh_key": "ssh-ed25519 AAAA new"})
    done, words = push(clone)
    assert done and "git pull" in words and "error" not in words, words
    device = server.get(device_path("robot-1")).json
    assert (device["address"], device["public_ssh_key"]) == ("10.9.9.9", "ssh-ed25519 AAAA new")
    merge = registry.git("log", "-1", "--format=%P %an").split()
    assert len(merge) == 3 and merge[1] == clone.commits()[0] and merge[2] == "Pat"
    clone.git("pull", "--quiet", "--ff-only")
    assert clone.commits() == registry.commits()

    set_address(clone, "robot-1", "10.1.1.1")
    commit(clone, "move it again")
    race(clone, url, {"address": "10.2.2.2"})
    done, words = push(clone)
    assert not done, words
    assert "/address" in words and "10.1.1.1" in words and "10.2.2.2" in words, words
    assert address(server, "robot-1") == "10.2.2.2"
    registry.check()


def test_push_over_an_edit(scratch):
    """A push to a file that somebody edits on the server is refused, and the edit stays."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(registry, "robot-1", "10.5.5.5")
    eventually(lambda: address(server, "robot-1") == "10.5.5.5")
    set_address(clone, "robot-1", "10.6.6.6")
    commit(clone)
    done, words = push(clone)
    assert not done and "not committed" in words, words
    assert json.loads(registry.read("devices/robot-1.json"))["address"] == "10.5.5.5"
    clone.git("reset", "--quiet", "--hard", "origin/main")
    set_address(clone, "robot-2", "10.6.6.6")
    commit(clone)
    done, words = push(clone)
    assert done, words
    assert address(server, "robot-2") == "10.6.6.6" and address(server, "robot-1") == "10.5.5.5"


def test_answered_pushes_outlast_kills(scratch):
    """kill -9 in the middle of pushes: what git has called pushed is in main and in the files, the rest is pushed again."""
    registry, server = start(scratch)
    clones = [clone_of(scratch, registry, f"clone-{number}") for number in range(3)]
    for number in range(3):
        server.add_device(f"pushed-{number}")
    answered = [0] * 3
    for round in range(5):
        stop = threading.Event()

        def pushing(number):
            clone = clones[number]
            while not stop.is_set():
                clone.git("pull", "--quiet", "--no-rebase", "--no-edit", check=False)
                set_address(clone, f"pushed-{number}", f"10.1.{number}.{answered[number] + 1}")
                clone.git("commit", "--quiet", "--all", "--allow-empty", "--message", f"push {number} {answered[number] + 1}")
                if push(clone)[0]:
                    answered[number] += 1

        threads = [threading.Thread(target=pushing, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.8 + 0.13 * round)
        server.kill()
        stop.set()
        for thread in threads:
            thread.join(60)
        server = scratch.serve(registry)
        subjects = set(registry.git("log", "--format=%s", "main").splitlines())
        for number in range(3):
            missing = [count for count in range(1, answered[number] + 1) if f"push {number} {count}" not in subjects]
            assert not missing, f"pushes {missing} of client {number} were lost"
            # The last one may have come in without an answer.
            last = json.loads(registry.read(f"devices/pushed-{number}.json"))["address"]
            assert last == address(server, f"pushed-{number}")
            assert answered[number] == 0 or int(last.split(".")[-1]) in (answered[number], answered[number] + 1), last
        registry.check()
    assert sum(answered) >= 5, answered


def test_many_at_once(scratch):
    """Ten clients push and ten write by the API at once: nothing is lost, one history, fsck clean."""
    registry, server = start(scratch)
    for number in range(10):
        server.add_device(f"pushed-{number}")
        server.add_device(f"patched-{number}")
    registry.wait_until_clean()
    end = time.monotonic() + SECONDS
    counts = {"pushed": 0, "written": 0}
    lock = threading.Lock()

    def pushing(number):
        clone = clone_of(scratch, registry, f"clone-{number}")
        last, done = None, 0
        while time.monotonic() < end or not done:
            last = f"10.1.{number}.{done % 250}"
            set_address(clone, f"pushed-{number}", last)
            commit(clone, f"push {number} {done}")
            for _ in range(200):
                pushed, words = push(clone)
                if pushed:
                    break
                assert "fetch first" in words or "non-fast-forward" in words, words
                clone.git("pull", "--quiet", "--no-rebase", "--no-edit")
            assert pushed, words
            done += 1
            clone.git("pull", "--quiet", "--no-rebase", "--no-edit")
        with lock:
            counts["pushed"] += done
        return last

    def writing(number):
        last, done = None, 0
        with server.client() as client:
            while time.monotonic() < end or not done:
                last = f"10.2.{number}.{done % 250}"
                answer = client.call("PATCH", device_path(f"patched-{number}"), {"address": last})
                assert answer.status == 200, answer
                done += 1
                time.sleep(0.02)
        with lock:
            counts["written"] += done
        return last

    last = in_parallel(20, lambda n: pushing(n) if n < 10 else writing(n - 10))
    for number in range(10):
        assert address(server, f"pushed-{number}") == last[number]
        assert address(server, f"patched-{number}") == last[10 + number]
    subjects = registry.git("log", "--format=%s", "main").splitlines()
    assert sum(subject.startswith("push ") for subject in subjects) == counts["pushed"]
    assert sum(subject.startswith("devices/patched-") for subject in subjects) == counts["written"] + 10
    registry.check()
    print(f"  {counts['pushed']} pushes and {counts['written']} writes in {SECONDS:.0f} s")
