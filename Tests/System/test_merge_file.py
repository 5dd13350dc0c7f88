"""git's own merge of branches, with `muster merge-file` as its driver."""

import json
import subprocess

from support import BINARY, Repository


def clone_of(scratch, registry, has_driver=True):
    path = scratch.path / "clone"
    subprocess.run(["git", "clone", "--quiet", registry.path, path], check=True)
    clone = Repository(path)
    clone.git("config", "user.name", "Ada")
    clone.git("config", "user.email", "ada@example.org")
    if has_driver:
        clone.git("config", "merge.muster.driver",
                  f"'{BINARY}' merge-file --marker-size %L -- %O %A %B %P")
    return clone


def document(text):
    return json.dumps(text, indent=2) + "\n"


def robot(**members):
    return document({"uid": "robot-1", "creation_date": "2026-01-31T10:00:00Z",
                     "address": "10.0.0.7", "grafana_dashboards": ["b"], **members})


def merge(clone, path, base, ours, theirs):
    """Both branches change one file; what git says of their merge."""
    clone.write(path, base)
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "base")
    clone.git("switch", "--quiet", "--create", "topic")
    clone.write(path, theirs)
    clone.git("commit", "--quiet", "--all", "--message", "theirs")
    clone.git("switch", "--quiet", "main")
    clone.write(path, ours)
    clone.git("commit", "--quiet", "--all", "--message", "ours")
    return subprocess.run(["git", "-C", clone.path, "merge", "--no-edit", "topic"],
                          text=True, capture_output=True)


def test_different_fields_join(scratch):
    """Different members of adjacent lines, and references as a set, join without a conflict."""
    clone = clone_of(scratch, scratch.registry())
    path = "devices/robot-1.json"
    done = merge(clone, path, robot(), robot(address="10.0.0.8", grafana_dashboards=["b", "c"]),
                 robot(public_ssh_key="ssh-ed25519 AAAA", grafana_dashboards=["a", "b"]))
    assert done.returncode == 0, done
    merged = json.loads(clone.read(path))
    assert merged["address"] == "10.0.0.8" and merged["public_ssh_key"], merged
    assert merged["grafana_dashboards"] == ["a", "b", "c"], merged
    assert clone.status() == "", clone.status()


def test_same_field_conflicts(scratch):
    """One member changed twice is named with both values, and marked for an editor."""
    clone = clone_of(scratch, scratch.registry())
    path = "devices/robot-1.json"
    done = merge(clone, path, robot(), robot(address="10.0.0.8", name="One"),
                 robot(address="10.0.0.9", kind="host"))
    assert done.returncode == 1, done
    assert f'{path} /address: both sides changed it (ours "10.0.0.8", theirs "10.0.0.9")' \
        in done.stderr, done
    text = clone.read(path)
    block = '<<<<<<< ours\n  "address": "10.0.0.8",\n=======\n  "address": "10.0.0.9",\n>>>>>>> theirs\n'
    assert block in text, text
    assert text.count("<<<<<<<") == 1 and '"kind": "host"' in text and '"name": "One"' in text, text
    assert clone.status().strip() == f"UU {path}", clone.status()
    clone.write(path, text.replace(block, '  "address": "10.0.0.9",\n'))
    clone.git("commit", "--quiet", "--all", "--message", "decided")
    assert json.loads(clone.read(path))["address"] == "10.0.0.9"


def test_panels_join_by_id(scratch):
    """A panel that one side inserts and one that the other changes join."""
    clone = clone_of(scratch, scratch.registry())
    path = "grafana_dashboards/board.json"

    def board(*panels, **members):
        return document({"uid": "board", "version": 1, "panels": list(panels), **members})

    done = merge(clone, path, board({"id": 1, "title": "CPU"}),
                 board({"id": 2, "title": "new"}, {"id": 1, "title": "CPU"}, version=2),
                 board({"id": 1, "title": "Load"}, version=2, tags=["x"]))
    assert done.returncode == 0, done
    merged = json.loads(clone.read(path))
    assert [panel["title"] for panel in merged["panels"]] == ["new", "Load"], merged
    assert merged["tags"] == ["x"], merged


def test_rule_files_and_other_files(scratch):
    """Rule files are merged by line, as git does it."""
    clone = clone_of(scratch, scratch.registry())
    base = "groups:\n# one\n- name: a\n  rules: []\n# two\n- name: b\n  rules: []\n"
    path = "prometheus_alert_rules/r.rules"
    done = merge(clone, path, base, base.replace("one", "1"), base.replace("two", "2"))
    assert done.returncode == 0, done
    assert clone.read(path) == base.replace("one", "1").replace("two", "2")


def test_without_the_driver(scratch):
    """A clone that was not told of the driver merges by line, as if there were none."""
    clone = clone_of(scratch, scratch.registry(), has_driver=False)
    path = "devices/robot-1.json"
    done = merge(clone, path, robot(), robot(address="10.0.0.8"), robot(name="One"))
    assert "muster" not in done.stderr, done
    assert done.returncode == 0, done
    assert json.loads(clone.read(path))["address"] == "10.0.0.8"


def test_served_repository_has_the_driver(scratch):
    """The repository that is served merges by member without being told."""
    registry = scratch.registry()
    scratch.serve(registry).stop()
    registry.git("config", "user.name", "Ada")
    registry.git("config", "user.email", "ada@example.org")
    done = merge(registry, "devices/robot-1.json", robot(), robot(address="10.0.0.8"),
                 robot(public_ssh_key="ssh-ed25519 AAAA"))
    assert done.returncode == 0, done


def test_trouble_is_no_conflict(scratch):
    """A file that cannot be read is said to git as trouble, not as a conflict."""
    missing = str(scratch.path / "none")
    done = subprocess.run([BINARY, "merge-file", missing, missing, missing],
                          text=True, capture_output=True)
    assert done.returncode == 129, done
    assert "none" in done.stderr, done
