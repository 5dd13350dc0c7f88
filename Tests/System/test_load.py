"""Many clients at once, and a server that is killed under them."""

import http.client
import os
import random
import time

from support import device_path, in_parallel

WRITES = int(os.environ.get("MUSTER_TEST_WRITES", "2000"))
KILLS = int(os.environ.get("MUSTER_TEST_KILLS", "4"))


def test_one_uid_posted_by_200(scratch):
    """Of 200 parallel POSTs of one uid one is 201, 199 are 409, and there is one commit."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    before = len(registry.commits())
    answers = in_parallel(
        200, lambda _: server.post("/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"}))
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [201] + [409] * 199, statuses
    assert all(answer.json == {"error": "Device uid already exists"} for answer in answers if answer.status == 409)
    assert len(registry.commits()) == before + 1
    registry.check()


class Writer:
    """Writes devices of its own and remembers what was answered."""

    def __init__(self, number):
        self.number = number
        self.random = random.Random(number)
        self.answered = {}  # uid: device, or None when deleted
        self.unanswered = {}  # uid: what it may be as well
        self.commits = []

    def write(self, client):
        uid = f"w{self.number}-{self.random.randrange(12)}"
        path, current = device_path(uid), self.answered.get(uid)
        address = f"10.{self.number}.{self.random.randrange(256)}.{self.random.randrange(1, 255)}"
        if current is None:
            method, path, body = "POST", "/api/v1/devices/", {"uid": uid, "address": address}
            self.unanswered = {uid: address}
        elif self.random.random() < 0.15:
            method, body = "DELETE", None
            self.unanswered = {uid: None}
        elif address == current:
            return
        else:
            method, body = self.random.choice(["PATCH", "PUT"]), {"uid": uid, "address": address}
            self.unanswered = {uid: address}
        answer = client.call(method, path, body)
        assert answer.status in (200, 201, 204), (method, path, answer)
        self.answered[uid] = None if method == "DELETE" else address
        self.unanswered = {}
        self.commits.append(answer.commit)

    def check(self, server):
        """Every answered write is there; the one without an answer may be."""
        with server.client() as client:
            for uid in {*self.answered, *self.unanswered}:
                allowed = [self.answered.get(uid)] + ([self.unanswered[uid]] if uid in self.unanswered else [])
                answer = client.call("GET", device_path(uid))
                found = answer.json["address"] if answer.status == 200 else None
                assert found in allowed, (uid, found, allowed)
                self.answered[uid] = found
        self.unanswered = {}


def assert_logged_once(registry, writers):
    """Each answered write is one commit of the log, and of nobody else."""
    log = registry.commits()
    assert len(log) == len(set(log))
    answered = [commit for writer in writers for commit in writer.commits]
    assert len(answered) == len(set(answered)), "two writes were answered with one commit"
    missing = set(answered) - set(log)
    assert not missing, f"{len(missing)} answered writes are not in the log"
    return log, answered


def test_mixed_writes_beside_readers(scratch):
    """Mixed writes from 32 connections while readers run are each in the log once."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    before = len(registry.commits())
    writers = [Writer(number) for number in range(32)]
    reads = [0]

    def work(number):
        with server.client() as client:
            if number < 32:
                for _ in range(WRITES // 32):
                    writers[number].write(client)
                return
            end = time.monotonic() + 2
            while time.monotonic() < end:
                devices = client.call("GET", "/api/v1/devices/").json
                dates = [device["creation_date"] for device in devices]
                assert dates == sorted(dates)
                reads[0] += 1

    in_parallel(36, work)
    log, answered = assert_logged_once(registry, writers)
    assert len(log) == before + len(answered), (len(log), before, len(answered))
    assert reads[0] > 0
    for writer in writers:
        writer.check(server)
    registry.check()
    assert server.stop() == 0


def test_killed_under_load(scratch):
    """kill -9 under load loses no answered write, and the repository is whole after the restart."""
    registry = scratch.registry()
    writers = [Writer(number) for number in range(16)]
    for _ in range(KILLS):
        server = scratch.serve(registry)

        def work(number):
            if number == 16:
                time.sleep(0.3 + random.random())
                server.kill()
                return
            try:
                with server.client(5) as client:
                    while True:
                        writers[number].write(client)
            except (OSError, http.client.HTTPException):
                pass  # The server is gone.

        in_parallel(17, work)
        server = scratch.serve(registry)
        assert_logged_once(registry, writers)
        for writer in writers:
            writer.check(server)
        registry.check()
        assert server.stop() == 0
    assert sum(len(writer.commits) for writer in writers) > KILLS
