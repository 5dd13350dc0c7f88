"""Remembers every answer and holds git's log against it."""

import subprocess
import threading


class Ledger:
    """Each request has an id of its own, which its commit names in the trailer `Request-Id`."""

    def __init__(self, registry):
        self.registry = registry
        self.lock = threading.Lock()
        self.answered = {}  # id: the commit that the answer named
        self.refused = {}  # id: the status; these must not have been done
        self.logged = {}  # id: its commit, of all commits that were looked at
        self.rivals = {}  # id: the uid and the address of a write that many clients compete with
        self.tip = registry.git("rev-parse", "main").strip()

    def answer(self, request, commit):
        with self.lock:
            self.answered[request] = commit

    def refuse(self, request, status):
        with self.lock:
            self.refused[request] = status

    def assert_logged_now(self, commit):
        """An answered write is in `git log` from that moment on."""
        result = subprocess.run(
            ["git", "-C", self.registry.path, "merge-base", "--is-ancestor", commit, "main"],
            capture_output=True, text=True)
        assert result.returncode == 0, f"{commit} was answered and is not in git log: {result.stderr}"

    def check(self):
        """Every answered write is exactly one commit of the log, and no refused one is there."""
        new = self.read_log()
        for request, commit in self.answered.items():
            found = self.logged.get(request)
            assert found is not None, (
                f"LOST: {request} was answered with {commit} and is not in the log\n"
                + self.registry.git("show", "--stat", commit, check=False))
            assert found == commit, f"{request} was answered with {commit}, the log has {found}"
        refused = set(self.refused) & set(self.logged)
        assert not refused, f"done though refused: {[(one, self.refused[one]) for one in refused][:3]}"
        self.answered, self.refused = {}, {}
        return new

    def read_log(self):
        """The requests of the commits since the last time, oldest first."""
        git = self.registry.git
        tip = git("rev-parse", "main").strip()
        git("merge-base", "--is-ancestor", self.tip, tip)
        log = git("log", "--reverse", "--topo-order", f"{self.tip}..{tip}",
                  "--format=%H %(trailers:key=Request-Id,valueonly,separator=%x20)")
        requests = []
        for line in filter(None, log.split("\n")):
            commit, *named = line.split()
            for request in named:
                assert request not in self.logged, f"DOUBLED: {request} is {self.logged[request]} and {commit}"
                self.logged[request] = commit
                requests.append(request)
        self.tip = tip
        return requests

    def check_rivals(self, requests, state):
        """Of writes to one document the last one of the log is what is there."""
        newest = {self.rivals[one][0]: self.rivals[one][1] for one in requests if one in self.rivals}
        for uid, address in newest.items():
            found = state.get(("devices", uid), (None,))[0]
            assert found == address, f"{uid} is {found}; the last write of the log was {address}"
