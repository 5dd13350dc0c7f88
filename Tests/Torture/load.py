"""Clients that write all the time, and remember what they were told."""

import http.client
import random
import threading
import time

from model import DEVICES, Model

RIVALS = 3  # devices that all clients write


class Client:
    """One connection's worth of writes."""

    def __init__(self, number, seed, ledger):
        self.model, self.ledger, self.number = Model(number, seed), ledger, number
        self.random = random.Random(f"{seed}/{number}/client")
        self.name, self.count = f"s{seed}-w{number}", 0
        self.doubt = None  # the state that a request without an answer would have made

    @property
    def possible(self):
        return [self.model.state] + ([] if self.doubt is None else [self.doubt])

    def settle(self, found):
        """Takes what is there for what is."""
        self.model.state, self.doubt = found, None

    def write(self, connection, rules):
        """Sends one request; returns false when its client has to stop."""
        self.count += 1
        request = f"{self.name}-{self.count}"
        if self.random.random() < 0.15:
            return self.compete(connection, request, rules)
        step = self.model.step()
        self.doubt = step.after
        if self.send(connection, request, step.method, step.path, step.body, rules):
            self.model.state = step.after
        elif rules.refusals_are_doubts:
            return False
        self.doubt = None
        return True

    def compete(self, connection, request, rules):
        """Writes a device that others write at the same time."""
        uid = f"rival-{self.random.randrange(RIVALS)}"
        address = f"10.{100 + self.number}.{self.count >> 8 & 255}.{self.count & 255}"  # No one else writes it.
        self.ledger.rivals[request] = (uid, address)
        isDone = self.send(connection, request, "PATCH", f"{DEVICES}{uid}/", {"address": address}, rules)
        return isDone or not rules.refusals_are_doubts

    def send(self, connection, request, method, path, body, rules):
        """Returns whether the write was done; raises what the connection raises."""
        answer = connection.call(method, path, body, {"X-Request-Id": request})
        if answer.status in (200, 201, 202, 204):
            assert answer.commit, f"{method} {path} was answered without a commit"
            self.ledger.answer(request, answer.commit)
            if self.random.random() < rules.looks_at_log:
                self.ledger.assert_logged_now(answer.commit)
            return True
        assert answer.status in rules.refusals, f"{method} {path}: {answer}"
        rules.refused += 1
        if not rules.refusals_are_doubts:
            self.ledger.refuse(request, answer.status)
        return False


class Rules:
    """What clients may be told in a round."""

    def __init__(self, refusals=(), refusals_are_doubts=False, looks_at_log=0.02, pause=0):
        self.refusals = refusals
        # After a failed flush nobody knows whether the write is on the disk.
        self.refusals_are_doubts = refusals_are_doubts
        self.looks_at_log = looks_at_log
        self.pause = pause  # of each client between two writes, in seconds
        self.refused = 0


class Load:
    """All clients at work, each in a thread, until the end of the block."""

    def __init__(self, clients, server, rules=None):
        self.server, self.rules = server, rules or Rules()
        self.stopping = threading.Event()
        self.errors = []
        self.threads = [
            threading.Thread(target=self.work, args=(client,), daemon=True) for client in clients]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)
        assert kind or not any(thread.is_alive() for thread in self.threads), "a request is never answered"
        if self.errors and kind is None:
            raise self.errors[0]

    def work(self, client):
        try:
            with self.server.client(30) as connection:
                while not self.stopping.is_set() and client.write(connection, self.rules):
                    time.sleep(self.rules.pause)
        except (OSError, http.client.HTTPException) as error:
            if not self.server.was_killed:
                self.errors.append(error)
        except Exception as error:
            self.errors.append(error)

    @property
    def is_over(self):
        return not any(thread.is_alive() for thread in self.threads)
