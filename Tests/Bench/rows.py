"""What is measured: each row is a figure, its reference of the same run, and the goal for both."""

import pathlib
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from account import Account
from measure import Server, alternate, load, load_beside, wrk
from registries import FLEET_HEADERS

DEVICE, LIST, PAGE = "/api/v1/devices/robot-7/", "/api/v1/devices/", "/devices/?per_page=100"
ROWS = {}


@dataclass
class Row:
    """One line of the table."""

    what: str
    documents: int
    measured: str
    reference: str
    ratio: str
    goal: str
    is_met: bool


def row(*sizes, least=0, most=10**9):
    """Registers what is measured at `sizes`, or at every size from `least` to `most`."""
    def register(function):
        function.fits = lambda size: size in sizes or (not sizes and least <= size <= most)
        ROWS[function.__name__] = function
        return function
    return register


class Bench:
    """The program, the registries and how long a measurement takes."""

    def __init__(self, binary, registry, fleet, past, seconds, rounds):
        self.binary, self.registry, self.fleet, self.past = binary, registry, fleet, past
        self.seconds, self.rounds = seconds, rounds

    def serve(self, size=None, *options, restored=False):
        registry = self.registry(size)
        if restored:
            registry.restore()
        return Server(self.binary, registry, *options)

    def serve_fleet(self, size):
        fleet = self.fleet(size)
        fleet.bootstrap(self.binary)
        return Server(self.binary, fleet)


def milliseconds(seconds):
    return f"{seconds * 1000:.3g} ms"


def compare(what, size, ours, reference, goal, unit="/s"):
    ratio = ours / reference
    return Row(what, size, f"{ours:,.0f}{unit}", f"{reference:,.0f}{unit}", f"{ratio:.2f}",
               f"at least {goal}", ratio >= goal)


@row(most=1_000_000)
def get_one(bench, size):
    """GET one device, 32 connections, against the same answer from memory"""
    with bench.serve(size, "--reference") as server:
        ours, constant = alternate(
            bench.rounds, lambda: wrk(server, DEVICE, 32, bench.seconds),
            lambda: wrk(server, "/reference" + DEVICE, 32, bench.seconds))
    tail = ours["p99"] / constant["p99"]
    yield compare("GET one device, 32 connections, against its bytes from memory", size,
                  ours["rate"], constant["rate"], 0.9)
    yield Row("the same, p99", size, milliseconds(ours["p99"]), milliseconds(constant["p99"]), f"{tail:.2f}",
              "at most 1.5", tail <= 1.5)


@row(10_000, 100_000)
def get_known(bench, size):
    """GET one device by those who say who they are, 32 connections, against a server that asks nobody"""
    with bench.serve(size, restored=True) as server:
        server.wait_until_quiet()
        ada, ways = Account(bench.binary, server, DEVICE), {}

        def rate(way):
            return wrk(server, DEVICE, 32, bench.seconds, [ways[way]])

        def open_rate():
            if ways:
                ada.remove()
            result = wrk(server, DEVICE, 32, bench.seconds)
            ways.update(ada.add())
            return result

        nobody, token, password, cookie = alternate(
            bench.rounds, open_rate, lambda: rate("token"), lambda: rate("password"), lambda: rate("cookie"))
        ada.remove()
    for what, ours in (("a token", token), ("a password, as git sends it", password), ("the cookie of a login", cookie)):
        yield compare(f"GET one device, 32 connections, with {what}, against a server without accounts", size,
                      ours["rate"], nobody["rate"], 0.8)


@row(10_000)
def get_list(bench, size):
    """the list of all devices against the same bytes from memory; unchanged, against GET one device"""
    with bench.serve(size, "--reference") as server:
        ours, constant = alternate(
            bench.rounds, lambda: wrk(server, LIST, 2, bench.seconds),
            lambda: wrk(server, "/reference" + LIST, 2, bench.seconds))
        yield compare("GET list of devices, against its bytes from memory", size, ours["rate"], constant["rate"], 0.8)
        tag = f"If-None-Match: {server.get(LIST)[1]['etag']}"
        ours, one = alternate(
            bench.rounds, lambda: wrk(server, LIST, 32, bench.seconds, [tag]),
            lambda: wrk(server, DEVICE, 32, bench.seconds))
        yield compare("the same, unchanged, with its ETag, against GET one device", size,
                      ours["rate"], one["rate"], 1.0)


@row(least=10_000)
def page(bench, size):
    """a page of 100 devices against the same page of 1,000"""
    with bench.serve(size) as server, bench.serve(1000) as small:
        ours, reference = alternate(
            bench.rounds, lambda: wrk(server, PAGE, 1, bench.seconds), lambda: wrk(small, PAGE, 1, bench.seconds))
    ratio = ours["p50"] / reference["p50"]
    yield Row("page of 100 devices, against the same of 1,000", size, milliseconds(ours["p50"]),
              milliseconds(reference["p50"]), f"{ratio:.2f}", "at most 1.2", ratio <= 1.2)


@row(least=1000, most=100_000)
def write(bench, size):
    """POST and PATCH over 64 connections until every file is in place, against git fast-import"""
    with bench.serve(size, restored=True) as server:
        registry = server.registry
        before = registry.object_bytes()
        start = time.monotonic()
        result = load("write", server.port, 64, min(2 * size, 40_000), 20, "bench", 50, size)
        answered = time.monotonic() - start
        wait_for_files(registry, result["last"])
        seconds = time.monotonic() - start
        assert result["failed"] == 0
        settle(registry)
        grown = registry.object_bytes() - before
    commits = int(registry.git("rev-list", "--count", f"{registry.base}..main"))
    assert commits == result["count"] and registry.git("status", "--porcelain") == ""
    imported = fast_import(registry)
    yield compare(f"POST and PATCH, 64 connections, {commits:,} commits, until every file is in place "
                  f"({seconds - answered:.2f} s after the last answer), against git fast-import",
                  size, commits / seconds, commits / imported, 0.3, " commits/s")
    kilobytes = grown / commits / 1024
    yield Row("growth of .git/objects per commit, after maintenance", size, f"{kilobytes:.2f} KB", "-", "-",
              "at most 1 KB", kilobytes <= 1)


def wait_for_files(registry, last):
    """Waits until the file of the last write of each connection holds it."""
    paths = {}
    for path in registry.git("ls-tree", "-r", "--name-only", "main", "devices").split():
        uid = pathlib.PurePosixPath(path).stem
        if uid in last:
            paths[uid] = registry.path / path
    end = time.monotonic() + 60
    for uid, address in last.items():
        while not (paths[uid].exists() and address in paths[uid].read_text()):
            assert time.monotonic() < end, f"{uid} is not in place"
            time.sleep(0.005)


def fast_import(registry):
    """Seconds that git takes to import the same commits, offline, into a repository that has the first ones."""
    with tempfile.TemporaryDirectory(dir=registry.folder) as folder:
        stream, target = f"{folder}/stream", f"{folder}/target.git"
        with open(stream, "wb") as file:
            subprocess.run(["git", "-C", registry.path, "fast-export", "--reference-excluded-parents",
                            f"{registry.base}..main"], check=True, stdout=file)
        subprocess.run(["git", "init", "--quiet", "--bare", target], check=True)
        pathlib.Path(target, "objects/info/alternates").write_text(f"{registry.base_objects}\n")
        with open(stream, "rb") as file:
            start = time.monotonic()
            subprocess.run(["git", "-C", target, "fast-import", "--quiet"], check=True, stdin=file)
            return time.monotonic() - start


def settle(registry, seconds=300):
    """Waits for the server's maintenance: until the number of bytes stays the same for a while. It waits twice as long
    as it has packed before it packs what came meanwhile, and on a slow machine it packs for half a minute."""
    end, last, since = time.monotonic() + seconds, None, time.monotonic()
    while time.monotonic() < end and time.monotonic() - since < 90:
        now = registry.object_bytes()
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(1)


def warm(server, size):
    """Brings a server behind the look at all files that follows a start, and the trees into its memory."""
    server.wait_until_quiet(180)
    load("write", server.port, 8, 1500, 5, "warm", 50, size)
    server.wait_until_quiet()


@row(least=1000, most=1_000_000)
def write_one(bench, size):
    """one write at a time, against 4 KB append + fdatasync on the same disk"""
    with bench.serve(size, restored=True) as server:
        warm(server, size)
        run = iter(range(bench.rounds))
        ours, disk = alternate(
            bench.rounds, lambda: numbers(load("write", server.port, 1, 2000, 5, f"one{next(run)}", 50, size)),
            lambda: load("disk", server.registry.folder, 300))
    allowed = 0.0006 + 2 * disk["p50"]
    yield Row("one write at a time, p50, against 4 KB append + fdatasync", size, milliseconds(ours["p50"]),
              milliseconds(disk["p50"]), f"{ours['p50'] / disk['p50']:.2f}",
              f"0.6 ms + twice that = {milliseconds(allowed)}", ours["p50"] <= allowed)


@row(least=1000, most=100_000)
def push(bench, size):
    """a push of one file, against the same push into a bare repository without hooks"""
    with bench.serve(size, restored=True) as server, tempfile.TemporaryDirectory() as folder:
        bare = f"{folder}/bare.git"
        subprocess.run(["git", "clone", "--quiet", "--bare", server.registry.path, bare], check=True)
        server.wait_until_quiet()
        clones = {}
        for name, address in (("by path", server.registry.path), ("by HTTP", f"http://127.0.0.1:{server.port}/registry.git"),
                              ("bare", bare)):
            clones[name] = f"{folder}/{name}"
            subprocess.run(["git", "clone", "--quiet", server.registry.path, clones[name]], check=True)
            subprocess.run(["git", "-C", clones[name], "remote", "set-url", "origin", address], check=True)
        times = {name: [] for name in clones}
        for number in range(7 * bench.rounds):
            for place, (name, clone) in enumerate(clones.items()):
                seconds = push_one(clone, size, number * 7 + place, pulls=name != "bare")
                if number:
                    times[name].append(seconds)
    middle = {name: sorted(measured)[len(measured) // 2] for name, measured in times.items()}
    for name in ("by path", "by HTTP"):
        yield Row(f"push of one file {name}, against the same into a bare repository", size,
                  milliseconds(middle[name]), milliseconds(middle["bare"]),
                  f"{middle[name] / middle['bare']:.2f}", "at most 50 ms more" if name == "by path" else "",
                  name != "by path" or middle[name] <= middle["bare"] + 0.05)


def push_one(clone, size, number, pulls):
    """How long git takes for a push of one changed device, in seconds."""
    def git(*arguments):
        return subprocess.run(["git", "-C", clone, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments],
                              check=True, capture_output=True, text=True)

    if pulls:
        git("pull", "--quiet", "--ff-only")
    path = git("ls-files", f"devices/*robot-{number}.json").stdout.strip()
    file = pathlib.Path(clone) / path
    file.write_text(file.read_text().replace('"address": "10.', f'"address": "1{1 + number % 9}.'))
    git("commit", "--quiet", "--all", "--message", f"push {number}")
    start = time.perf_counter()
    git("push", "--quiet", "origin", "main")
    return time.perf_counter() - start


def numbers(result):
    assert result["failed"] == 0
    return {name: value for name, value in result.items() if name != "last"}


@row(least=10_000)
def write_cost(bench, size):
    """a write at this size against one at 1,000 documents"""
    with bench.serve(size, restored=True) as large, bench.serve(1000, restored=True) as small:
        warm(large, size)
        warm(small, 1000)
        run = iter(range(100))

        def rate(server, count):
            result = load("write", server.port, 64, 10**6, bench.seconds, f"cost{next(run)}", 50, count)
            return {"seconds": result["seconds"] / result["count"]}

        ours, reference = alternate(bench.rounds, lambda: rate(large, size), lambda: rate(small, 1000))
    ratio = ours["seconds"] / reference["seconds"]
    yield Row("time of a write, 64 connections, against 1,000 documents", size, f"{ours['seconds'] * 1e6:.0f} µs",
              f"{reference['seconds'] * 1e6:.0f} µs", f"{ratio:.2f}", "at most 1.5", ratio <= 1.5)


@row(least=1000, most=100_000)
def write_signed(bench, size):
    """writes whose batches are signed, at 64 connections and at one, against the same without"""
    with bench.serve(size, restored=True) as server:
        run = iter(range(1000))

        def rate(order, connections):
            subprocess.run([bench.binary, "sign", order, server.registry.path], check=True, capture_output=True)
            result = load("write", server.port, connections, 10**6, bench.seconds, f"signed{next(run)}", 50, size)
            return {"rate": result["count"] / result["seconds"]}

        for connections in (64, 1):
            signed, plain = alternate(
                bench.rounds, lambda: rate("on", connections), lambda: rate("off", connections))
            yield compare(f"POST and PATCH, {connections} connections, signed, against unsigned", size,
                          signed["rate"], plain["rate"], 0.8, " commits/s")


@row(least=1000)
def start(bench, size):
    """from the start of the program to ready"""
    goal = {100_000: 0.6, 1_000_000: 6}.get(size)
    registry = bench.registry(size)
    with bench.serve(size) as server:
        server.wait_until_quiet()
    times = []
    for _ in range(bench.rounds):
        with bench.serve(size) as server:
            times.append(server.start_seconds)
            server.wait_until_quiet()
    seconds = sorted(times)[len(times) // 2]
    yield Row("start with snapshot file, until ready", size, f"{seconds:.2f} s", "-", "-",
              f"{goal} s" if goal else "-", goal is None or seconds <= goal)
    ids = "".join(line.split()[2] + "\n" for line in registry.git("ls-tree", "-r", "main").splitlines()).encode()

    def cat_file():
        start = time.monotonic()
        subprocess.run(["git", "-C", registry.path, "cat-file", "--batch"], input=ids, check=True,
                       stdout=subprocess.DEVNULL)
        return {"seconds": time.monotonic() - start}

    def without_snapshot():
        for file in (registry.path / ".git/muster").glob("snapshot*"):
            file.unlink()
        with bench.serve(size) as server:
            server.wait_until_quiet()
            return {"seconds": server.start_seconds}

    ours, reference = alternate(bench.rounds, without_snapshot, cat_file)
    ratio = ours["seconds"] / reference["seconds"]
    yield Row("start without it, against `git cat-file --batch` of all blobs", size, f"{ours['seconds']:.2f} s",
              f"{reference['seconds']:.2f} s", f"{ratio:.2f}", "at most 1.5", ratio <= 1.5)


@row(least=1000)
def memory(bench, size):
    """resident memory against the documents' bytes"""
    with bench.serve(size) as server:
        server.wait_until_quiet()
        load("read", server.port, 32, 5000, 10, size)
        resident = server.resident_bytes
    documents = server.registry.documents_bytes
    ratio = resident / documents
    yield Row("resident memory after 50,000 reads, against the documents' bytes", size, f"{resident / 2**20:,.0f} MiB",
              f"{documents / 2**20:,.0f} MiB", f"{ratio:.1f}", "at most 4" if size == 1_000_000 else "-",
              size != 1_000_000 or ratio <= 4)


@row(least=1000, most=1_000_000)
def reads_beside_writes(bench, size):
    """1,000 reads a second while 64 connections write at full speed"""
    with bench.serve(size, restored=True) as server:
        server.wait_until_quiet(180)
        finish = load_beside("write", server.port, 64, 10**7, 9, "beside", 50, size)
        time.sleep(1.5)
        reads = load("read", server.port, 64, 1000, 6, size)
        writes = finish()
    rate = writes["count"] / writes["seconds"]
    yield Row(f"1,000 reads a second beside {rate:,.0f} writes a second, p99", size, milliseconds(reads["p99"]),
              "-", "-", "at most 10 ms", reads["p99"] <= 0.01 and reads["failed"] == 0)


@row(least=10_000, most=100_000)
def cascade(bench, size):
    """deleting a dashboard that 10,000 devices show"""
    with bench.serve(size, restored=True) as server:
        before = int(server.registry.git("rev-list", "--count", "main"))
        finish = load_beside("write", server.port, 1, 10**6, 8, "wait", 100, size)
        time.sleep(1)
        start = time.monotonic()
        status, _, _ = server.get("/api/v1/applications/grafana/dashboards/cascade/", "DELETE")
        seconds = time.monotonic() - start
        others = finish()
        assert status == 204 and others["failed"] == 0
        commits = int(server.registry.git("rev-list", "--count", "main")) - before - others["count"]
    yield Row(f"cascade over 10,000 devices, {commits} commit", size, f"{seconds:.2f} s", "-", "-", "2 s",
              seconds <= 2 and commits == 1)
    yield Row("the longest that another write waited", size, f"{others['max']:.2f} s", "-", "-", "less than 1 s",
              others["max"] < 1)


@row(100_000)
def an_hour(bench, size):
    """36,000 single writes, an hour of ten a second, at speed"""
    with bench.serve(size, restored=True) as server:
        objects = server.registry.path / ".git/objects"
        most = {"packs": 0, "loose": 0}
        stopping = threading.Event()
        watch = threading.Thread(target=count_objects, args=(objects, most, stopping))
        watch.start()
        result = load("write", server.port, 1, 36_000, 110, "hour", 50, size)
        stopping.set()
        watch.join()
    assert result["failed"] == 0
    yield Row(f"most packs while {result['count']:,} single writes are made in {result['seconds']:.0f} s", size,
              str(most["packs"]), "-", "-", "under 50", most["packs"] < 50)
    yield Row("most loose objects meanwhile", size, f"{most['loose']:,}", "-", "-", "under 20,000",
              most["loose"] < 20_000)


def count_objects(objects, most, stopping):
    while not stopping.wait(0.2):
        packs = sum(1 for _ in (objects / "pack").glob("*.pack"))
        loose = sum(1 for folder in objects.glob("[0-9a-f][0-9a-f]") for _ in folder.iterdir())
        most["packs"], most["loose"] = max(most["packs"], packs), max(most["loose"], loose)


FIRST_ORDERS = ("name", "name&sort_dir=desc", "ip_address", "ip_address&sort_dir=desc", "region_id,name", "cloud_id,ip_address",
                "cell_id,name", "parent_id,name", "device_type,name", "updated_at,name", "active,name", "project_id,name",
                "created_at,name&sort_dir=desc")


def fleet_time(server, query, seconds, path="devices"):
    """Half of the requests for a page take no longer than this, in seconds, one at a time."""
    return wrk(server, f"/v1/{path}?limit=100&{query}", 1, seconds, FLEET_HEADERS)["p50"]


@row(100_000)
def fleet(bench, size):
    """pages of the Craton API's combined listing, against the same of 1,000 devices in four levels"""
    with bench.serve_fleet(size) as large, bench.serve_fleet(1000) as small:
        large.wait_until_quiet()

        def pages(server, root, count):
            """The first, some in the middle and the last page of the walk below a device."""
            last = server.registry.count
            markers = [None] + [last * part // count for part in range(1, count)] + [last - 1]
            return [f"parent_id={root}&descendants=true" + (f"&marker={marker}" if marker else "") for marker in markers]

        def walk(server, root, count):
            return lambda: {query: fleet_time(server, query, 1) for query in pages(server, root, count)}

        kinds = (("all 100,000", 1, None), ("a device with 1,000", 12, None), ("a device with 10,000", 2, 0.02))
        walks = alternate(bench.rounds, walk(small, 1, 3), *(walk(large, root, 6) for _, root, _ in kinds))
        reference, *slowest = (max(times.values()) for times in walks)
        for (what, _, most), ours in zip(kinds, slowest):
            ratio = ours / reference
            yield Row(f"/v1/devices: a page of 100 below {what}, the slowest, against below all of 1,000", size,
                      milliseconds(ours), milliseconds(reference), f"{ratio:.2f}",
                      "20 ms" if most else "at most 1.5", ours <= most if most else ratio <= 1.5)
        for key in ("name", "ip_address&sort_dir=desc", "region_id,name", "device_type,id"):
            ours = max(fleet_time(large, f"parent_id=1&descendants=true&sort_keys={key}{marker}", 1)
                       for marker in ("", "&marker=50000"))
            yield Row(f"the same below all, sorted by {key}", size, milliseconds(ours), "-", "-", "20 ms", ours <= 0.02)
        for query in ("vars=tier:%22gold%22", "vars=tier:%22none%22", "vars=zone.rack[0]:1", "vars=serial:99999"):
            ours = fleet_time(large, query, 1, "hosts")
            yield Row(f"/v1/hosts?{query}", size, milliseconds(ours), "-", "-", "100 ms", ours <= 0.1)
    with bench.serve_fleet(size) as fresh:
        fresh.wait_until_quiet()
        fresh.get("/v1/devices?limit=1", headers=FLEET_HEADERS)  # The first look at a password takes its time.
        times = []
        for keys in FIRST_ORDERS:
            start = time.monotonic()
            status, _, _ = fresh.get(f"/v1/devices?limit=100&parent_id=1&descendants=true&sort_keys={keys}",
                                     headers=FLEET_HEADERS)
            times.append(time.monotonic() - start)
            assert status == 200
            fresh.wait_until_quiet()
        yield Row(f"the first page of an order that was never asked for, the slowest of {len(times)}", size,
                  milliseconds(max(times)), "-", "-", "20 ms", max(times) <= 0.02)


@row(100_000, 1_000_000)
def fleet_start(bench, size):
    """from the start of the program to ready, and its memory, with a fleet of the Craton API"""
    with bench.serve_fleet(size) as server:
        server.wait_until_quiet(600)
    times, resident = [], 0
    for _ in range(bench.rounds):
        with Server(bench.binary, bench.fleet(size)) as server:
            times.append(server.start_seconds)
            server.wait_until_quiet()
            resident = server.resident_bytes
    yield Row("start of a fleet, each device with variables, with snapshot file, until ready", size,
              f"{sorted(times)[len(times) // 2]:.2f} s", "-", "-", "", True)
    yield Row("its resident memory", size, f"{resident / 2**20:,.0f} MiB", "-", "-", "", True)


@row(1_000_000)
def history(bench, size):
    """how fast the index of the history is filled, and first pages from it; documents stand for commits here"""
    past = bench.past(size)
    past.restore()
    with Server(bench.binary, past) as server:
        start = time.monotonic()
        while not is_indexed(server):
            time.sleep(1)
        seconds = time.monotonic() - start
        index = past.path / ".git/muster/history.sqlite"
        yield Row(f"filling the index of the history, {index.stat().st_size / size:.0f} bytes a commit", size,
                  f"{size / seconds:,.0f} commits/s", "-", "-", "", True)
        day = "since=2026-03-01T00:00:00Z&until=2026-03-02T00:00:00Z"
        for what, query in (
                ("everything", "history"), ("a collection", "history?collection=devices"),
                ("one with few commits", "history?collection=grafana_dashboards"),
                ("a document", "documents/devices/robot-7/history"), ("an author of 1,000", "history?author=Ada"),
                ("an author of 100", "history?author=robot-7%40muster.invalid"), ("a day", f"history?{day}"),
                ("a document by an author", "documents/devices/robot-0/history?author=Ada"),
                ("compare: a day and the next", "compare?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z")):
            ours = wrk(server, f"/api/registry/v1/{query}", 1, bench.seconds)["p50"]
            yield Row(f"first page of the history of {what}" if "compare" not in what else what, size,
                      milliseconds(ours), "-", "-", "10 ms", ours <= 0.01)
        for what, query, most in (("blame of a document of 100 versions", "documents/devices/robot-7/blame", 0.1),
                                  ("activity of a year", "activity", 1)):
            ours = wrk(server, f"/api/registry/v1/{query}", 1, bench.seconds)["p50"]
            yield Row(what, size, milliseconds(ours), "-", "-", milliseconds(most), ours <= most)


def is_indexed(server):
    lines = server.get("/metrics")[2].decode().splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return float(values["muster_history_waiting_commits"]) == 0 and \
        float(values["muster_history_indexed_commits"]) >= server.registry.count
