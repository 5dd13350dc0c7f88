"""Some rounds on one registry, each followed by a check of everything."""

import random
import time

import readings
from faults import Faults
from ledger import Ledger
from load import RIVALS, Client, Load
from model import DEVICES
from people import Bounds
from rounds import KINDS, small_file_system
from support import Server

# The head, the fan-out table and two checksums (gitformat-pack, version 2).
SMALLEST_INDEX = 8 + 4 * 256 + 2 * 20


class Series:
    """One registry, its clients and what they remember; the same seed makes the same choices."""

    def __init__(self, scratch, seed, clients=12, small=False):
        self.scratch, self.seed, self.number = scratch, seed, 0
        self.random = random.Random(seed)
        self.small = small_file_system(scratch) if small else None
        folder = "small/registry" if self.small else "registry"
        self.registry = scratch.registry(folder, "--devices", self.random.choice(["100", "3000"]))
        self.faults = Faults(scratch.path)
        self.ledger = Ledger(self.registry)
        self.clients = [Client(number, seed, self.ledger) for number in range(clients)]
        self.people, self.packings, self.probes, self.start_seconds = [], 0, 0, 0.1
        self.bounds = Bounds(self.registry)
        self.server = None
        self.start()
        for number in range(RIVALS):
            self.server.add_device(f"rival-{number}")
        self.server.add_device("probe")

    @property
    def round_seed(self):
        return f"{self.seed}/{self.number}"

    def pause(self, least, most):
        time.sleep(self.random.uniform(least, most))

    def load(self, rules=None):
        return Load(self.clients, self.server, rules)

    def begin(self, faults=False):
        """Starts a server without waiting for it."""
        environment = self.faults.environment if faults else None
        self.server = Server(self.scratch, self.registry.path, environment=environment)
        self.scratch.servers.append(self.server)

    def start(self, faults=False):
        start = time.monotonic()
        self.begin(faults)
        self.server.wait_until_ready()
        self.start_seconds = time.monotonic() - start

    def kill(self):
        self.server.was_killed = True
        self.server.kill()

    def end(self, killed):
        if killed:
            return self.kill()
        assert self.server.stop() == 0, "the server did not stop in order"

    def restart(self, faults=False):
        self.end(killed=False)
        self.start(faults)

    def probe(self):
        """A write that no client remembers."""
        self.probes += 1
        address = f"10.99.{self.probes >> 8 & 255}.{self.probes & 255}"
        return self.server.call("PATCH", f"{DEVICES}probe/", {"address": address})

    def expect_writable(self, seconds=5):
        end = time.monotonic() + seconds
        while (answer := self.probe()).status != 200:
            assert time.monotonic() < end, f"still refused: {answer}"
            time.sleep(0.05)

    def round(self, name):
        """Plays one round and checks everything after it."""
        self.number += 1
        KINDS[name](self)
        if self.server.process.poll() is not None:
            self.start()
        self.check()

    def forgive(self):
        """Takes what is there for what was answered."""
        self.ledger.answered, self.ledger.refused, self.people = {}, {}, []
        committed, _ = readings.by_git(self.registry)
        for client in self.clients:
            client.settle({key: value for key, value in committed.items() if key[1].startswith(client.model.prefix)})

    def check(self):
        """The log, the values by HTTP, in git and in the files, and git's own opinion."""
        if self.people:
            self.people[-1].stopping.clear()
            self.people[-1].clean_up()
        self.registry.wait_until_clean(15)
        requests = self.ledger.check()
        committed, blobs = readings.by_git(self.registry)
        placed, files = readings.by_files(self.registry)
        assert files == blobs, f"the files are not those of HEAD: {difference(files, blobs)}"
        assert placed == committed
        self.check_served(committed)
        for client in self.clients:
            self.check_client(client, committed)
        self.ledger.check_rivals(requests, committed)
        for person in self.people:
            person.check(person is self.people[-1])
        self.registry.fsck()
        torn = [path.name for path in (self.registry.path / ".git/objects/pack").glob("*.idx")
                if size_of(path) < SMALLEST_INDEX]
        assert not torn, f"indexes of packs that are too short to be any: {torn}"
        assert self.registry.status() == ""

    def check_served(self, committed, seconds=3):
        """What a person has just taken back is served a moment later."""
        some = self.random.sample(sorted(committed), min(10, len(committed)))
        end = time.monotonic() + seconds
        while True:
            try:
                served = readings.by_http(self.server, some)
                assert served == committed, f"served is not committed: {difference(served, committed)}"
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def check_client(self, client, state):
        mine = {key: value for key, value in state.items() if key[1].startswith(client.model.prefix)}
        assert mine in client.possible, (
            f"{client.name} was told otherwise: {[difference(mine, one) for one in client.possible]}")
        client.settle(mine)


def size_of(path):
    """The size of a file; of one that has just gone, as if it were very large."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 1 << 62


def difference(one, other):
    """A few of the keys in which two dicts differ, with both values."""
    keys = [key for key in {*one, *other} if one.get(key) != other.get(key)]
    return {key: (one.get(key), other.get(key)) for key in sorted(keys, key=str)[:4]}
