"""Real dashboards and rules, and a thousand devices that use them."""

import json
import subprocess

from support import Repository, device_path, in_parallel, need, shared

APPLICATIONS = {"grafana_dashboards": ("grafana/dashboards", "dashboard"),
                "foxglove_dashboards": ("foxglove/dashboards", "dashboard"),
                "prometheus_alert_rules": ("prometheus/alert_rules", "rules"),
                "loki_alert_rules": ("loki/alert_rules", "rules")}
# As published, its indentation is broken.
NO_YAML = {"high_log_rate"}
DEVICES = 1000


def post_everything(server):
    """Posts all files and the devices; returns the uids by folder."""
    uids = {}
    for folder, (application, member) in APPLICATIONS.items():
        uids[folder] = []
        for file in sorted(shared(f"data/{folder}").iterdir()):
            text = file.read_text()
            content = json.loads(text) if member == "dashboard" else text
            answer = server.post(f"/api/v1/applications/{application}/", {"uid": file.stem, member: content})
            if file.stem in NO_YAML:
                assert answer.status == 400 and "yaml" in answer.json["rules"][0], answer
                continue
            assert answer.status == 201, (file, answer)
            uids[folder].append(file.stem)

    def post_devices(worker):
        with server.client() as client:
            for number in range(worker, DEVICES, 8):
                device = {"uid": f"robot-{number}", "address": f"10.1.{number // 250}.{number % 250 + 1}",
                          "grafana_dashboards": uids["grafana_dashboards"][: number % 6],
                          "foxglove_dashboards": uids["foxglove_dashboards"][: number % 4],
                          "prometheus_alert_rule_files": uids["prometheus_alert_rules"],
                          "loki_alert_rule_files": uids["loki_alert_rules"]}
                answer = client.call("POST", "/api/v1/devices/", device)
                assert answer.status == 201, answer

    in_parallel(8, post_devices)
    return uids


def all_answers(server, uids):
    """The bytes of every GET of the API."""
    paths = ["/api/v1/devices/", "/api/v1/devices/?fields=uid,address"]
    paths += [device_path(f"robot-{number}") for number in range(DEVICES)]
    for folder, (application, _) in APPLICATIONS.items():
        paths += [f"/api/v1/applications/{application}/"]
        paths += [f"/api/v1/applications/{application}/{uid}/" for uid in uids[folder]]
    answers = {}
    with server.client() as client:
        for path in paths:
            answer = client.call("GET", path)
            assert answer.status == 200, (path, answer)
            answers[path] = answer.body
    return answers


def test_real_input(scratch):
    """Real input is plain files in a clone, which promtool accepts and a server answers alike from."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    before = len(registry.commits())
    uids = post_everything(server)
    documents = DEVICES + sum(map(len, uids.values()))
    assert len(registry.commits()) == before + documents
    registry.check()
    authors = registry.git("log", "--format=%an").split("\n")
    assert sum(author.startswith("device robot-") for author in authors) == DEVICES

    registry.git("clone", "--quiet", registry.path, scratch.path / "clone")
    clone = Repository(scratch.path / "clone")
    for folder in APPLICATIONS:
        for file in shared(f"data/{folder}").iterdir():
            if file.stem in NO_YAML:
                continue
            copy = clone.path / folder / file.name
            if file.suffix == ".json":
                assert json.loads(copy.read_text()) == json.loads(file.read_text())
            else:
                assert copy.read_text() == file.read_text()
    assert len(list((clone.path / "devices").iterdir())) == DEVICES

    answers = all_answers(server, uids)
    assert server.stop() == 0
    server = scratch.serve(clone)
    assert all_answers(server, uids) == answers


def test_promtool(scratch):
    """promtool accepts every rule file that is no template, and the metrics."""
    need("promtool")
    registry = scratch.registry()
    server = scratch.serve(registry)
    post = server.post("/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"})
    assert post.status == 201
    checked = 0
    for file in sorted(shared("data/prometheus_alert_rules").iterdir()):
        text = file.read_text()
        answer = server.post("/api/v1/applications/prometheus/alert_rules/", {"uid": file.stem, "rules": text})
        assert answer.status == 201, answer
        if not answer.json["template"]:
            rules = registry.path / "prometheus_alert_rules" / file.name
            subprocess.run(["promtool", "check", "rules", rules], check=True, capture_output=True)
            checked += 1
    assert checked > 0
    metrics = server.get("/metrics").body
    result = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()
