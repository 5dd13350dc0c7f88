"""A short form of `make fuzz`: requests that are made up, half of them hostile."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Fuzz"))

import hostile  # noqa: E402

REQUESTS = 20_000


def test_hostile_requests(scratch):
    """Each of 20,000 made-up requests gets a well-formed answer that is no 5xx, and the repository stays whole."""
    registry, server = hostile.served(scratch)
    right, last = hostile.attack(scratch, server, REQUESTS, random.randrange(1 << 32))
    assert right, last
    assert server.process.poll() is None
    errors = [line for line in server.log.read_text().splitlines() if " error " in line]
    assert errors == [], errors[:5]
    assert server.stop() == 0
    registry.fsck()
