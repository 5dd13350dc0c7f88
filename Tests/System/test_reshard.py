"""`muster reshard`: files move to other folders, and nothing else changes."""

import hashlib
import json
import random
import subprocess
import time

import support
from support import device_path, eventually, in_parallel, muster


def filled(scratch, count):
    """A registry of so many devices in one folder."""
    registry = scratch.registry()
    for number in range(count):
        registry.write(f"devices/robot-{number}.json", json.dumps(
            {"uid": f"robot-{number}", "creation_date": "2026-01-01T00:00:00.000000Z", "address": "10.0.0.1",
             "public_ssh_key": "", "grafana_dashboards": [], "foxglove_dashboards": [],
             "prometheus_alert_rule_files": [], "loki_alert_rule_files": []}, indent=2) + "\n")
    registry.git("add", "devices")
    registry.git("commit", "--quiet", "--message", "devices")
    return registry


def place(uid, depth):
    return "/".join(["devices", *hashlib.sha256(uid.encode()).hexdigest()[:depth], f"{uid}.json"])


def assert_resharded(registry, count, depth):
    paths = registry.git("ls-tree", "-r", "--name-only", "main", "devices").split()
    assert sorted(paths) == sorted(place(f"robot-{number}", depth) for number in range(count))
    registry.check()


def test_full_folder_is_told(scratch):
    """Of a folder with more than 2,000 documents the log, status and doctor say how it is mended."""
    registry = filled(scratch, 2001)
    server = scratch.serve(registry)
    assert "muster reshard" in server.log.read_text()
    assert "devices holds 2001 documents: muster reshard" in muster("status", registry.path).stdout
    assert f"muster reshard {registry.path}" in muster("doctor", registry.path).stdout
    said = muster("reshard", registry.path, "--dry-run").stdout
    assert said == "devices: 2001 files would move to fan-out 1\n", said
    assert len(registry.commits()) == 2
    said = muster("reshard", registry.path).stdout
    assert said.startswith("devices: 2001 files moved to fan-out 1\ncommitted as "), said
    assert "holds" not in muster("status", registry.path).stdout
    assert_resharded(registry, 2001, 1)


def test_without_a_server(scratch):
    """Without a server the command does it itself, and a server serves the same afterwards."""
    registry = filled(scratch, 50)
    muster("reshard", registry.path, "devices", "2")
    assert_resharded(registry, 50, 2)
    server = scratch.serve(registry)
    assert server.get(device_path("robot-7")).json["address"] == "10.0.0.1"
    server.add_device("robot-50")
    assert_resharded(registry, 51, 2)


def test_beside_writes(scratch):
    """Clients that write meanwhile are all answered, and each write is where the document is now."""
    count = 3000
    registry = filled(scratch, count)
    server = scratch.serve(registry)
    ended, waits = [False], []

    def work(number):
        if number == 0:
            time.sleep(0.3)
            muster("reshard", registry.path, "devices", "2")
            time.sleep(0.3)
            ended[0] = True
            return
        written = 0
        with server.client() as client:
            while not ended[0]:
                start = time.monotonic()
                uid = f"robot-{(written % 20) * 8 + number}"
                answer = client.call("PATCH", device_path(uid), {"address": f"10.{number}.0.{written % 250 + 1}"})
                waits.append(time.monotonic() - start)
                assert answer.status == 200, answer
                written += 1

    in_parallel(8, work)
    assert_resharded(registry, count, 2)
    assert len(registry.commits()) > len(waits) * 0.9
    print(f"  the longest write beside a reshard of {count} files took {max(waits):.2f} s")


def test_killed_in_the_middle(scratch):
    """A server that is killed while it moves files has moved all or none after its next start."""
    registry = filled(scratch, 800)
    for attempt in range(4):
        server = scratch.serve(registry)
        command = subprocess.Popen(
            [support.BINARY, "reshard", registry.path, "devices", str(1 + attempt % 2)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.02, 0.4))
        server.kill()
        command.wait()
        server = scratch.serve(registry)
        registry.check()
        depth = json.loads(registry.read("registry.json"))["fan_out"].get("devices", 0)
        assert_resharded(registry, 800, depth)
        assert len(server.get("/api/v1/devices/").json) == 800
        assert server.stop() == 0


def test_edit_stops_it(scratch):
    """A file that a person is editing is named, and nothing moves."""
    registry = filled(scratch, 20)
    scratch.serve(registry)
    text = registry.read("devices/robot-3.json").replace("10.0.0.1", "10.0.0.9")
    registry.write("devices/robot-3.json", text)
    result = muster("reshard", registry.path, "devices", "1", check=False)
    assert result.returncode == 1 and "devices/robot-3.json" in result.stderr, result.stderr
    assert registry.read("devices/robot-3.json") == text
    registry.git("checkout", "--", "devices/robot-3.json")
    eventually(lambda: muster("reshard", registry.path, "devices", "1", check=False).returncode == 0)
    assert_resharded(registry, 20, 1)
