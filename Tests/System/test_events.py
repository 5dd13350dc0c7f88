"""Those who follow the registry get every commit once: live, after a break, and from any commit on."""

import json
import threading
import urllib.request

from support import device_path, eventually

API = "/api/registry/v1/"


class Follower:
    """Reads server-sent events in the background, as a browser's EventSource does."""

    def __init__(self, server, query="", last=None, headers={}):
        request = urllib.request.Request(
            f"{server.base}{API}events?{query}",
            headers={**headers, **({"Last-Event-ID": last} if last else {})})
        self.answer = urllib.request.urlopen(request, timeout=60)
        assert self.answer.headers["Content-Type"] == "text/event-stream"
        self.events, self.last = [], last
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        kind, data, last = "message", "", self.last
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(":")
                value = value.removeprefix(" ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data += value
                elif name == "id":
                    last = value
                elif name == "" and value == "":
                    # An empty line ends the event.
                    self.last = last
                    if data:
                        self.events.append((kind, last, json.loads(data)))
                    kind, data = "message", ""
        except (OSError, ValueError):
            pass
        self.ended.set()

    def commits(self):
        """Each commit once, with the changes of its parts."""
        found = {}
        for kind, last, event in self.events:
            if kind == "commit":
                found.setdefault(event["commit"], []).extend(event["changes"])
        return found

    def close(self):
        self.answer.fp.raw._sock.shutdown(2)
        self.ended.wait(5)


def replayed(events):
    """The registry that someone has who applies every change."""
    blobs = {}
    for changes in events.values():
        for change in changes:
            key = (change["collection"], change["uid"])
            assert blobs.get(key) == change["previous_blob"], change
            if change["blob"] is None:
                del blobs[key]
            else:
                blobs[key] = change["blob"]
    return blobs


def present(registry):
    """The blobs of all documents by git."""
    blobs = {}
    for line in registry.git("ls-tree", "-r", "main").splitlines():
        blob, path = line.split()[2], line.split("\t")[1]
        folder, name = path.split("/")[0], path.rsplit("/", 1)[-1]
        if folder in ("devices", "grafana_dashboards") and name.endswith(".json"):
            blobs[folder, name.removesuffix(".json")] = blob
    return blobs


def test_every_commit_once(scratch):
    """From the first commit to the last, while they come, through breaks, merges and restarts."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    for number in range(30):
        server.add_device(f"old-{number}")
    registry.wait_until_clean()
    registry.git("switch", "-qc", "side", "main~5")
    registry.write("grafana_dashboards/board.json", '{\n  "uid": "board",\n  "title": "Board"\n}\n')
    registry.git("add", ".")
    registry.git("commit", "-qm", "Add a board")
    side = registry.git("rev-parse", "side").strip()
    registry.git("switch", "-q", "main")
    follower = Follower(server, "since=start")
    eventually(lambda: len(follower.commits()) == 31, what="the commits of the past")
    registry.git("merge", "-q", "--no-ff", "-m", "Take the board in", "side")
    eventually(lambda: registry.commits("main")[0] in follower.commits(), what="the merge")

    stop = threading.Event()

    def write(name):
        with server.client() as client:
            for number in range(40):
                body = {"uid": f"{name}-{number}", "address": "10.0.0.1"}
                assert client.call("POST", "/api/v1/devices/", body).status == 201
                if number % 4 == 0:
                    assert client.call("DELETE", device_path(f"{name}-{number}")).status == 204
    writers = [threading.Thread(target=write, args=(f"w{place}",)) for place in range(3)]
    for writer in writers:
        writer.start()
    # Those who are cut off go on behind the last that they have.
    seen = {}
    for _ in range(4):
        eventually(lambda: len(follower.events) > 3, what="some events")
        follower.close()
        for commit, changes in follower.commits().items():
            assert commit not in seen
            seen[commit] = changes
        follower = Follower(server, "since=start", last=follower.last)
    for writer in writers:
        writer.join()
    assert server.stop() == 0
    follower.ended.wait(10)
    seen.update(follower.commits())
    server = scratch.serve(registry)
    server.add_device("last")
    follower = Follower(server, last=follower.last)
    line = registry.git("rev-list", "--first-parent", "--reverse", "main").split()
    eventually(lambda: line[-1] in follower.commits(), what="the newest commit")
    seen.update(follower.commits())
    assert list(seen) == line, (len(seen), len(line))
    assert replayed(seen) == present(registry)
    # Whoever has the state of a commit that was merged gets what it lacks, and then all else.
    follower.close()
    follower = Follower(server, f"since={side}")
    eventually(lambda: line[-1] in follower.commits(), what="the newest commit")
    names = {change["uid"] for changes in follower.commits().values() for change in changes}
    assert "old-29" in names and "old-24" not in names and "board" not in names, names
    follower.close()


def test_choices(scratch):
    """Only what is asked for, with the documents; a bad question is answered before the stream begins."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    tip = registry.commits()[0]
    server.add_device("one")
    server.add_device("two")
    follower = Follower(server, f"since={tip}&uid=two&documents=true")
    eventually(lambda: follower.commits(), what="an event")
    assert follower.events[0][0] == "position" and follower.events[0][2] == {"commit": tip}
    (change,), = follower.commits().values()
    assert (change["uid"], change["change"], change["document"]["address"]) == ("two", "created", "10.0.0.1")
    follower.close()
    quiet = Follower(server)
    eventually(lambda: quiet.events, what="where it begins")
    assert quiet.events[0][1] == registry.commits()[0]
    answer = server.get(API + f"events?since={tip}&limit=1", Accept="application/json").json
    assert [event["subject"] for event in answer["events"]] == ["devices/one: register"]
    rest = server.get(API + f"events?since={answer['next']}", Accept="application/json").json
    assert len(rest["events"]) == 1 and rest["next"] == registry.commits()[0]
    last = server.get(API + f"events?since={rest['next']}", Accept="application/json").json
    assert last == {"events": [], "next": rest["next"]}
    for query, status in (("since=x", 400), ("since=" + "1" * 40, 404), ("collection=x", 400), ("no=x", 400)):
        answer = server.get(API + "events?" + query)
        assert (answer.status, answer.json["status"]) == (status, status), answer
    # A big commit comes in parts, and only the last has its id.
    changes = [{"collection": "devices", "uid": f"many-{number}", "text": json.dumps(
        {"uid": f"many-{number}", "creation_date": "2026-01-01T00:00:00Z", "address": "10.0.0.1"}, indent=2)
        + "\n"} for number in range(1500)]
    number = server.post(API + "proposals", {"title": "Many", "changes": changes}).json["number"]
    merged = server.post(API + f"proposals/{number}/merge", {})
    assert merged.status == 200, merged
    eventually(lambda: len(quiet.events) == 3, 20, "both parts")
    (_, first, one), (_, second, two) = quiet.events[1:]
    assert (len(one["changes"]), len(two["changes"])) == (1000, 500) and first != second == two["commit"]
    assert (one["part"], one["parts"], two["part"]) == (1, 2, 2)
    # A server that stops ends the streams, and does not wait for those who listen.
    assert server.stop() == 0
    assert quiet.ended.wait(5)
