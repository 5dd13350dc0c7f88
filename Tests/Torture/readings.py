"""The state of a registry, read in three ways that must agree: by HTTP, from git, from the files."""

import json
import os
import pathlib
import subprocess

from model import BOARDS, DEVICES, RULE_FILES

COLLECTIONS = ("devices", "grafana_dashboards", "prometheus_alert_rules", "certificates")


def by_http(server, keys=()):
    """From the lists, and from the single answer of each of `keys`."""
    state = {}
    with server.client() as client:
        def get(path):
            answer = client.call("GET", path)
            assert answer.status in (200, 404), (path, answer)
            return answer.json if answer.status == 200 else None

        for device in get(DEVICES):
            put_device(state, device)
        for board in get(BOARDS):
            content = get(f"{BOARDS}{board['uid']}/")
            if content is not None:
                state["grafana_dashboards", board["uid"]] = content.get("title")
        for rules in get(RULE_FILES):
            state["prometheus_alert_rules", rules["uid"]] = rules["rules"]
        for uid in [uid for kind, uid in list(state) if kind == "devices"]:
            certificate = get(f"{DEVICES}{uid}/certificate/")
            if certificate is not None:
                state["certificates", uid] = certificate["status"]
        for kind, uid in keys:
            if kind == "devices":
                one = {}
                device = get(f"{DEVICES}{uid}/")
                if device is not None:
                    put_device(one, device)
                key = (kind, uid)
                assert one.get(key) == state.get(key), f"{uid} is {one.get(key)}, in the list {state.get(key)}"
    return state


def put_device(state, device):
    boards = (board["uid"] if isinstance(board, dict) else board for board in device["grafana_dashboards"])
    state["devices", device["uid"]] = (device["address"], *sorted(boards))


def by_git(registry, revision="HEAD"):
    """From the blobs of a commit, and a dict of all its files' bytes."""
    lines = registry.git("ls-tree", "-r", "-z", revision).split("\0")
    entries = [line.split("\t", 1) for line in lines if line]
    ids = [facts.split()[2] for facts, _ in entries]
    blobs = read_blobs(registry, ids)
    files = {path: blobs[blob] for blob, (_, path) in zip(ids, entries)}
    return documents(files), files


def read_blobs(registry, names):
    """The content of each blob, asked from one git; None where there is none."""
    result = subprocess.run(
        ["git", "-C", registry.path, "cat-file", "--batch"], input="".join(f"{name}\n" for name in names).encode(),
        capture_output=True, timeout=120)
    assert result.returncode == 0, result.stderr
    blobs, rest = {}, memoryview(result.stdout)
    for name in names:
        line, _, _ = bytes(rest[:4096]).partition(b"\n")
        rest = rest[len(line) + 1:]
        if line.endswith(b" missing"):
            blobs[name] = None
            continue
        size = int(line.split()[2])
        blobs[name], rest = bytes(rest[:size]), rest[size + 1:]
    return blobs


def by_files(registry):
    """From the working tree, and a dict of all its files' bytes."""
    files = {}
    for folder, folders, names in os.walk(registry.path):
        if ".git" in folders:
            folders.remove(".git")
        for name in names:
            path = pathlib.Path(folder, name)
            files[path.relative_to(registry.path).as_posix()] = path.read_bytes()
    return documents(files), files


def documents(files):
    """The state that files say, by path."""
    state = {}
    for path, content in files.items():
        collection, name = path.split("/")[0], pathlib.PurePosixPath(path)
        if collection not in COLLECTIONS:
            continue
        key = (collection, name.stem)
        assert key not in state, f"{path}: this uid is there twice"
        if collection == "prometheus_alert_rules":
            state[key] = content.decode()
            continue
        document = json.loads(content)
        if collection == "devices":
            state[key] = (document["address"], *sorted(document.get("grafana_dashboards", [])))
        else:
            state[key] = document["title" if collection == "grafana_dashboards" else "status"]
    return state
