"""A real Prometheus finds its targets in the registry."""

import json
import subprocess
import urllib.request

from support import device_path, eventually, free_port, need

SD = "/api/registry/v1/sd/prometheus"


def test_prometheus(scratch):
    """Devices are targets with their labels, follow what changes, and can be had as they were."""
    need("prometheus")
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    server.call("POST", "/api/v1/devices/", {"uid": "robot-6", "address": "fd00::6"})
    before = registry.commits()[0]
    port = free_port()
    config = scratch.path / "prometheus.yml"
    config.write_text(f"""
scrape_configs:
  - job_name: fleet
    scrape_interval: 1h
    http_sd_configs:
      - url: {server.base}{SD}?port=9100
        refresh_interval: 1s
    relabel_configs:
      - source_labels: [__meta_muster_uid]
        target_label: device
""")
    process = subprocess.Popen(
        ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={scratch.path}/data",
         f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    scratch.at_end.append(lambda: (process.kill(), process.wait()))

    def targets():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/targets", timeout=5) as answer:
                active = json.load(answer)["data"]["activeTargets"]
        except OSError:
            return None
        return {target["labels"]["device"]: target["labels"]["instance"] for target in active}

    eventually(lambda: targets() == {"robot-1": "10.0.0.1:9100", "robot-6": "[fd00::6]:9100"}, 20, "the targets")
    server.call("PATCH", device_path("robot-1"), {"address": "10.0.9.1"})
    server.call("DELETE", device_path("robot-6"))
    eventually(lambda: targets() == {"robot-1": "10.0.9.1:9100"}, 20, "the change")
    groups = server.get(f"{SD}?at={before}").json
    assert sorted(group["targets"][0] for group in groups) == ["10.0.0.1", "fd00::6"]
    answer = server.get(SD)
    assert server.get(SD, **{"If-None-Match": answer.headers["ETag"]}).status == 304
    assert server.get(SD + "?kind=device").json == [] and server.get(SD + "?kind=x").status == 400
    assert server.get(SD + "?port=0").status == 400 and server.get(SD + "?x=0").status == 400
