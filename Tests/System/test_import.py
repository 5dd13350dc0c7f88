"""`muster import`: what other servers hold becomes documents, in one commit."""

import json

from support import device_path, muster
from test_craton import PROJECT, Craton, bootstrap, craton_registry, placed


def write(scratch, name, value):
    path = scratch.path / name
    path.write_text(json.dumps(value))
    return path


def dump_of(craton):
    """What a client writes of all lists."""
    lists = {}
    for path in ("clouds", "regions", "cells", "hosts", "network-devices", "networks"):
        answer = craton.get(f"{path}?limit=100&details=true" + ("" if path == "clouds" else "&resolved-values=false"))
        lists.update({name: items for name, items in answer.items() if name != "links"})
    lists["network_interfaces"] = craton.get("network-interfaces")["network_interfaces"]
    return lists


def test_craton_fleet_moves(scratch):
    """A fleet read from one server and imported into another is the same: numbers, dates, tree and variables."""
    server = scratch.serve(craton_registry(scratch))
    craton, region = placed(server)
    top = craton.host("top", region, variables={"a": {"b": 1}})
    switch = craton.make(
        "network-devices", name="switch", cloud_id=region["cloud_id"], region_id=region["id"], device_type="s",
        ip_address="2001:DB8::1", parent_id=top["id"], model_name="m")
    craton.host("sub", region, parent_id=switch["id"], active=False)
    craton.make("network-interfaces", name="eth0", device_id=top["id"], interface_type="t", ip_address="10.0.0.1")
    dump = dump_of(craton)
    file = write(scratch, "fleet.json", dump)

    target = scratch.registry("target")
    bootstrap(scratch, target)
    before = target.commits()
    trial = muster("import", "craton", file, "--registry", target.path, "--dry-run").stdout
    assert "3 devices" in trial and target.commits() == before, trial
    done = muster("import", "craton", file, "--registry", target.path).stdout
    assert len(target.commits()) == len(before) + 1 and "not taken" not in done, done
    there = scratch.serve(target)
    assert without_links(dump_of(Craton(there))) == without_links(dump)
    # Again, with the server: all is there already, and nothing is committed.
    again = muster("import", "craton", file, "--registry", target.path).stdout
    assert again.count("exists already") == 6 and "nothing to take" in again, again
    assert len(target.commits()) == len(before) + 1
    assert Craton(there).host("next", Craton(there).get(f"regions/{region['id']}"))["id"] == top["id"] + 3
    target.check()


def without_links(lists):
    return {name: [{key: value for key, value in item.items() if key != "links"} for item in items]
            for name, items in lists.items()}


def test_craton_leaves_out_what_it_cannot_take(scratch):
    """What names nothing, has a wrong address or a taken number is named with the reason; the rest is taken."""
    registry = craton_registry(scratch)
    common = {"created_at": "2020-05-01T10:00:00.000000", "project_id": PROJECT}
    host = {**common, "cloud_id": 1, "region_id": 1, "device_type": "t", "ip_address": "10.0.0.1"}
    file = write(scratch, "fleet.json", [
        {"clouds": [{**common, "id": 1, "name": "c"}], "regions": [{**common, "id": 1, "name": "r", "cloud_id": 1}]},
        {"hosts": [
            {**host, "id": 1, "name": "good", "updated_at": "2021-05-01T10:00:00.000000", "colour": "red"},
            {**host, "id": 2, "name": "lost", "region_id": 9},
            {**host, "id": 3, "name": "wrong", "ip_address": "nowhere"},
            {**host, "id": 1, "name": "double"},
            {**host, "id": 4, "name": "child", "parent_id": 99},
        ], "links": []},
        {"surprises": []},
    ])
    done = muster("import", "craton", file, "--registry", registry.path).stdout
    assert "2 devices" in done, done
    for words in ("region 9, which is not there", "hosts 3 (wrong)", "this id twice", "parent 99",
                  "colour of hosts", "surprises"):
        assert words in done, (words, done)
    hosts = {host["name"]: host for host in Craton(scratch.serve(registry)).get("hosts")["hosts"]}
    assert set(hosts) == {"good", "child"} and hosts["good"]["id"] == 1
    assert hosts["good"]["created_at"] == "2020-05-01T10:00:00.000000", hosts["good"]
    assert hosts["good"]["updated_at"] == "2021-05-01T10:00:00.000000", hosts["good"]
    assert hosts["child"]["parent_id"] is None
    # Numbers that are taken are not taken again.
    done = muster("import", "craton", write(scratch, "more.json", {"hosts": [
        {**host, "id": 1, "name": "later"}]}), "--registry", registry.path).stdout
    assert "number 1 is taken" in done and "1 devices" in done, done
    assert muster("validate", registry.path).returncode == 0


def test_cos_dump(scratch):
    """A dump of Django becomes devices, dashboards and rule files with their dates and references."""
    registry = scratch.registry()
    file = write(scratch, "dump.json", [
        {"model": "applications.grafanadashboard", "pk": 4, "fields": {"uid": "board", "dashboard": {"title": "B"}}},
        {"model": "applications.foxglovedashboard", "pk": 1, "fields": {"uid": "view", "dashboard": "{\"a\": 1}"}},
        {"model": "applications.prometheusalertrulefile", "pk": 2,
         "fields": {"uid": "rules", "rules": "groups: []\n", "template": False}},
        {"model": "devices.device", "pk": 7, "fields": {
            "uid": "robot-1", "creation_date": "2024-05-01T10:00:00.123Z", "address": "10.0.0.7",
            "public_ssh_key": "ssh-ed25519 A", "grafana_dashboards": [4, 5], "foxglove_dashboards": [1],
            "prometheus_alert_rule_files": [2], "loki_alert_rule_files": []}},
        {"model": "devices.device", "pk": 8, "fields": {"uid": "broken", "creation_date": "x", "address": "10.0.0.8"}},
        {"model": "auth.user", "pk": 1, "fields": {"username": "admin", "password": "hash"}},
    ])
    done = muster("import", "cos", file, "--registry", registry.path).stdout
    for words in ("1 devices", "grafana_dashboards names 5", "device broken", "1 of user", "committed as"):
        assert words in done, (words, done)
    server = scratch.serve(registry)
    robot = server.get(device_path("robot-1")).json
    assert robot["creation_date"].startswith("2024-05-01T10:00:00.123"), robot
    assert robot["grafana_dashboards"] == ["board"] and robot["prometheus_alert_rule_files"] == ["rules"], robot
    assert "hash" not in registry.git("log", "--patch", "--all")
    registry.check()
