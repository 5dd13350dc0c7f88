"""People who work in the registry's own working tree, and their git that collects garbage."""

import json
import os
import random
import shutil
import subprocess
import threading
import time
import zlib
import hashlib



class Background:
    """Something that is done again and again until the end of the block."""

    def __init__(self):
        self.stopping, self.error, self.rounds = threading.Event(), None, 0
        self.thread = threading.Thread(target=self.loop, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.stopping.set()
        self.thread.join(120)
        if self.error and kind is None:
            raise self.error

    def loop(self):
        try:
            while not self.stopping.is_set():
                self.once()
                self.rounds += 1
        except GivenUp:
            pass
        except Exception as error:
            self.error = error


class GivenUp(Exception):
    """The server is gone, and its lock is in the way until the next start."""


class Person(Background):
    """Pat edits, commits, amends, stashes and takes back; nothing that Pat leaves standing is lost."""

    def __init__(self, series, takes_back=True):
        super().__init__()
        self.registry, self.random = series.registry, random.Random(f"{series.round_seed}/pat")
        self.takes_back = takes_back
        self.standing = []  # commits that Pat has not taken back
        self.texts = {}  # what Pat committed last, by path
        # What Pat writes is never what an earlier Pat wrote.
        self.count, self.commands, self.again = series.number * 100, 0, 0

    def once(self):
        actions = [self.commit] * 6 + ([self.amend, self.stash, self.take_back] if self.takes_back else [])
        self.random.choice(actions)()
        time.sleep(self.random.uniform(0.01, 0.3))

    def git(self, *arguments, words=("lock", "commit again"), accepted=()):
        """Runs git; where the server holds a lock for a moment a person types the line again."""
        self.commands += 1
        for _ in range(40):
            result = subprocess.run(
                ["git", "-c", "user.name=Pat", "-c", "user.email=pat@example.org",
                 "-C", self.registry.path, *arguments], text=True, capture_output=True)
            if result.returncode == 0 or any(word in result.stdout + result.stderr for word in accepted):
                return (result.stdout + result.stderr).strip()
            assert any(word in result.stderr for word in words), (arguments, result.stderr, result.stdout)
            if self.stopping.is_set():
                raise GivenUp
            self.again += 1
            time.sleep(0.05)
        raise AssertionError(f"git {arguments} never works: {result.stderr}")

    def edit(self):
        self.count += 1
        if self.random.random() < 0.5:
            path, text = f"notes/{self.random.randrange(5)}.txt", f"note {self.count}\n"
        else:
            uid = f"pat-{self.random.randrange(4)}"
            path, device = f"devices/{uid}.json", {
                "uid": uid, "creation_date": "2026-01-01T00:00:00.000000Z",
                "address": f"10.200.{self.count >> 8}.{self.count & 255}", "public_ssh_key": "",
                "grafana_dashboards": [], "foxglove_dashboards": [],
                "prometheus_alert_rule_files": [], "loki_alert_rule_files": []}
            text = json.dumps(device, indent=2) + "\n"
        self.registry.write(path, text)
        self.texts[path] = text
        return path

    def commit(self):
        path = self.edit()
        self.git("add", path)
        # Without a path: all that is staged, as people do.
        only = [path] if self.random.random() < 0.3 else []
        self.git("commit", "--quiet", "--message", f"note {self.count}", *only)
        self.note_commit()

    def note_commit(self):
        """Remembers the commit that was just made, by its message: HEAD may have moved on."""
        found = self.git("log", "--format=%H", "--author=Pat", f"--grep=^note {self.count}$", "-1", "--all")
        if found:
            self.standing.append(found)

    def amend(self):
        author = self.git("log", "-1", "--format=%an")
        path = self.edit()
        self.git("add", path)
        before = self.git("rev-parse", "HEAD")
        if author == "Pat" and self.standing and self.standing[-1] == before:
            self.standing.pop()
        self.git("commit", "--quiet", "--amend", "--message", f"note {self.count}")
        self.note_commit()

    def stash(self):
        path = self.edit()
        self.git("add", path)
        self.git("stash", "push", "--quiet", "--", path)
        time.sleep(self.random.uniform(0, 0.3))
        refusals = ("CONFLICT", "would be overwritten")
        said = self.git("stash", "pop", "--quiet", accepted=refusals)
        if any(refusal in said for refusal in refusals):
            # git's index was some writes behind, and a stash takes that for the person's removals.
            self.texts.pop(path)
            return self.clean_up()
        self.git("add", path)
        self.git("commit", "--quiet", "--message", f"note {self.count}", path)
        self.note_commit()

    def take_back(self):
        """What the branch held before stays under another name, or comes back."""
        self.texts = {}
        self.git("reset", "--quiet", "--hard", f"HEAD~{self.random.randint(1, 3)}")

    def clean_up(self):
        """Puts away what was begun when the server was killed; nothing but Pat's own may be changed."""
        for path in self.registry.git("status", "--porcelain", "-z", "--untracked-files=all").split("\0"):
            if path:
                assert self.takes_back or path[3:].startswith(("notes/", "devices/pat-")), f"changed: {path}"
                self.texts.pop(path[3:], None)
        if self.registry.git("stash", "list"):
            self.git("stash", "drop", "--quiet")
        self.git("clean", "--force", "--quiet", "-d")
        self.git("reset", "--hard", "--quiet")

    def check(self, isNewest):
        held = set(self.registry.git("rev-list", "--all").split())
        lost = [commit for commit in self.standing if commit not in held]
        assert not lost, f"commits of a person are on no branch any more: {lost}"
        paths = self.registry.git("ls-tree", "-r", "--name-only", "HEAD").split("\n") if isNewest else []
        for path, text in self.texts.items() if isNewest else []:
            # The registry may have been resharded since.
            folder, name = path.split("/")
            places = [path] if path in paths else [
                other for other in paths if other.startswith(f"{folder}/") and other.endswith(f"/{name}")]
            assert any(self.registry.git("show", f"HEAD:{place}") == text for place in places), \
                f"{path} is not what was committed last: {places}"


class Housekeeping(Background):
    """A person's git gc, repack, clone, fetch and log beside the server; each must succeed."""

    def __init__(self, series):
        super().__init__()
        self.series, self.registry = series, series.registry
        self.random = random.Random(f"{series.round_seed}/gc")
        self.clone = series.scratch.path / f"clone-{series.number}"
        self.commands = [
            ["gc", "--quiet"], ["gc", "--prune=now", "--quiet"], ["repack", "-a", "-d", "--quiet"],
            ["log", "--oneline", "--stat", "-n", "50"],
            ["clone"], ["fetch"]]

    def once(self):
        command = self.random.choice(self.commands)
        if command == ["clone"] or command == ["fetch"] and not self.clone.exists():
            shutil.rmtree(self.clone, ignore_errors=True)
            command = ["clone", "--quiet", "--no-local", "--bare", self.registry.path, self.clone]
        where = self.clone if command == ["fetch"] else self.registry.path
        result = subprocess.run(["git", "-C", where, *command], text=True, capture_output=True, timeout=120)
        # Until the next start the lock of a killed server is in the way.
        if not (self.series.server.was_killed and "main.lock" in result.stderr):
            assert result.returncode == 0, f"git {command} beside the server failed: {result.stderr}"


class Locks(Background):
    """Locks of another git, held for random times."""

    NAMES = ("index.lock", "refs/heads/main.lock", "HEAD.lock", "packed-refs.lock")

    def __init__(self, registry, seed):
        super().__init__()
        self.registry, self.random = registry, random.Random(f"{seed}/locks")

    def once(self):
        lock = self.registry.path / ".git" / self.random.choice(self.NAMES)
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            return time.sleep(0.002)
        time.sleep(self.random.choice([0.01, 0.05, 0.2, 0.5, 1.5]))
        lock.unlink()
        time.sleep(self.random.uniform(0, 0.1))


class Bounds(Background):
    """The number of packs and loose objects, at random moments."""

    def __init__(self, registry):
        super().__init__()
        self.objects = registry.path / ".git/objects"
        self.packs, self.loose = 0, 0

    def once(self):
        self.packs = max(self.packs, sum(name.endswith(".pack") for name in os.listdir(self.objects / "pack")))
        self.loose = max(self.loose, loose_objects(self.objects))
        assert self.packs < 50, f"{self.packs} packs"
        assert self.loose < 20_000, f"{self.loose} loose objects"
        time.sleep(random.uniform(0.05, 0.3))


def loose_objects(folder):
    count = 0
    for number in range(256):
        try:
            count += len(os.listdir(folder / f"{number:02x}"))
        except FileNotFoundError:
            pass
    return count


def fill_loose_objects(registry, count, seed):
    """Adds blobs that nobody names until there are `count` loose objects, so that packing is due."""
    for number in range(max(0, count - loose_objects(registry.path / ".git/objects"))):
        content = f"{seed} {number}\n".encode()
        data = b"blob %d\0" % len(content) + content
        name = hashlib.sha1(data).hexdigest()
        folder = registry.path / ".git/objects" / name[:2]
        folder.mkdir(exist_ok=True)
        (folder / name[2:]).write_bytes(zlib.compress(data, 1))


