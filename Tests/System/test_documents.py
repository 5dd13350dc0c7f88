"""Every document by the native API: with curl as a person would, and over restarts."""

import json
import subprocess
import threading

from support import eventually, need

API = "/api/registry/v1"


def curl(server, *arguments):
    """What a person sees at a terminal: status, fields and body."""
    need("curl")
    result = subprocess.run(
        ["curl", "--silent", "--include", *arguments[:-1], server.base + API + arguments[-1]],
        text=True, capture_output=True, timeout=30)
    assert result.returncode == 0, result.stderr
    head, _, body = result.stdout.partition("\n\n")
    lines = head.split("\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split()[1]), fields, body


def test_stale_tag(scratch):
    """A write with a stale ETag gets a 412 that shows the present document and what to do, which then works."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    status, fields, _ = curl(server, "--request", "PUT", "--json", '{"address": "10.0.0.7"}', "/documents/devices/robot-1")
    assert status == 201, fields
    stale = fields["etag"]
    blob = registry.git("rev-parse", "HEAD:devices/robot-1.json").strip()
    assert stale == f'"{blob}"'
    patch = ["--request", "PATCH", "--json", '{"name": "Ada"}']
    assert curl(server, *patch, "--header", f"If-Match: {stale}", "/documents/devices/robot-1")[0] == 200
    status, fields, body = curl(
        server, "--request", "PATCH", "--json", '{"address": "10.0.0.8"}', "--header", f"If-Match: {stale}",
        "/documents/devices/robot-1")
    problem = json.loads(body)
    assert status == 412 and problem["current"]["document"]["name"] == "Ada", body
    assert "If-Match" in problem["detail"] and fields["etag"] in problem["detail"]
    status, _, body = curl(
        server, "--request", "PATCH", "--json", '{"address": "10.0.0.8"}', "--header", f"If-Match: {fields['etag']}",
        "/documents/devices/robot-1")
    assert status == 200 and json.loads(body)["name"] == "Ada"
    registry.check()


def test_bulk(scratch):
    """10,000 changes are one commit of 10,000 files; one that is wrong stops all."""
    registry = scratch.registry("registry", "--devices", "10000")
    server = scratch.serve(registry)
    before = registry.commits()
    changes = [{"collection": "devices", "uid": f"d{n}", "document": {"address": f"10.1.{n // 250}.{n % 250 + 1}"}}
               for n in range(10_000)]
    broken = changes[:99] + [{"collection": "devices", "uid": "x", "document": {"address": "no address"}}]
    answer = server.call("POST", API + "/documents/bulk", {"changes": broken})
    assert answer.status == 422 and [error["index"] for error in answer.json["errors"]] == [99], answer
    assert registry.commits() == before
    answer = server.call("POST", API + "/documents/bulk", {"changes": changes}, timeout=120)
    assert answer.status == 200 and len(answer.json["changes"]) == 10_000, answer
    assert registry.commits()[1:] == before and registry.commits()[0] == answer.commit
    assert len(registry.git("ls-tree", "-r", "--name-only", "main", "devices").split()) >= 10_000
    listed = server.get(API + "/documents/devices?address=10.1.7.*&limit=1000").json
    assert listed["total"] == 250
    registry.check()


def test_idempotency(scratch):
    """A request with an Idempotency-Key is done once, over a restart and over kill -9 at any moment."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    body = {"changes": [{"collection": "devices", "uid": "robot-1", "document": {"address": "10.0.0.7"}}]}
    headers = {"Idempotency-Key": '"one"'}
    first = server.call("POST", API + "/documents/bulk", body, headers)
    assert first.status == 200 and server.stop() == 0
    server = scratch.serve(registry)
    count = len(registry.commits())
    again = server.call("POST", API + "/documents/bulk", body, headers)
    assert (again.status, again.body) == (200, first.body) and again.headers["Idempotency-Replayed"] == "true"
    assert len(registry.commits()) == count
    other = {"changes": [{"collection": "devices", "uid": "robot-1", "remove": True}]}
    assert server.call("POST", API + "/documents/bulk", other, headers).status == 422
    for round in range(6):
        kill_and_repeat(scratch, registry, round, 0.001 + 0.004 * round)
    registry.check()


def test_idempotency_of_an_undo(scratch):
    """An undo whose answer was lost with the server is told again, from its commit."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    for number in range(8):
        server.add_device(f"robot-{number}")
    for number in range(8):
        count = len(registry.commits())
        bad = registry.git("log", "--format=%H", "-1", "--", f"devices/robot-{number}.json").strip()
        headers = {"Idempotency-Key": f"undo-{number}"}
        body = {"commit": bad, "message": "Not this one."}
        sender = threading.Thread(target=lambda: quietly(server, API + "/revert", body, headers))
        sender.start()
        sender.join(0.002 + 0.006 * number)
        server.kill()
        sender.join()
        server = scratch.serve(registry)
        answers = [server.call("POST", API + "/revert", body, headers) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200], answers
        assert answers[0].json == answers[1].json and answers[0].json["subject"].startswith("Revert"), answers
        assert answers[0].json["paths"] == [f"devices/robot-{number}.json"], answers[0]
        assert registry.commits()[0] == answers[0].json["commit"] and len(registry.commits()) == count + 1
    registry.check()


def test_idempotency_of_a_proposal(scratch):
    """A proposal whose answer was lost with the server is not opened twice."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    for number in range(1, 7):
        headers = {"Idempotency-Key": f"proposal-{number}"}
        body = {"title": f"Number {number}", "changes": [
            {"collection": "devices", "uid": "robot-1", "patch": {"address": f"10.0.9.{number}"}}]}
        sender = threading.Thread(target=lambda: quietly(server, API + "/proposals", body, headers))
        sender.start()
        sender.join(0.004 * number)
        server.kill()
        sender.join()
        server = scratch.serve(registry)
        answers = [server.call("POST", API + "/proposals", body, headers) for _ in range(2)]
        assert [(answer.status, answer.json["number"]) for answer in answers] == [(201, number)] * 2, answers
        assert answers[0].headers["Location"].endswith(f"/proposals/{number}")
    assert server.get(API + "/proposals").json["total"] == 6
    registry.check()


def quietly(server, path, body, headers):
    """Sends a request to a server that may end before it answers."""
    try:
        server.call("POST", path, body, headers)
    except OSError:
        pass
    except Exception as error:
        assert "Remote" in type(error).__name__ or "Incomplete" in type(error).__name__, error


def kill_and_repeat(scratch, registry, round, delay):
    """Kills the server `delay` seconds after a request was sent, and sends it again to the next one."""
    server = scratch.servers[-1]
    server.kill()
    server = scratch.serve(registry)
    headers = {"Idempotency-Key": f"round-{round}"}
    body = {"message": f"round {round}", "changes": [
        {"collection": "devices", "uid": f"r{round}-{n}", "document": {"address": "10.0.0.1"}} for n in range(20)]}

    sender = threading.Thread(target=lambda: quietly(server, API + "/documents/bulk", body, headers))
    sender.start()
    sender.join(delay)
    server.kill()
    sender.join()
    server = scratch.serve(registry)
    answers = [server.call("POST", API + "/documents/bulk", body, headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200], answers
    assert answers[0].json == answers[1].json and len(answers[0].json["changes"]) == 20
    found = registry.git("log", "--format=%H", f"--grep=round {round}$", "main").split()
    assert found == [answers[0].json["commit"]], f"one commit, not {len(found)}"
    eventually(lambda: server.get("/readyz").status == 200)
