"""Registries of any size, made by `git fast-import`, kept in a folder and brought back to their first state."""

import atexit
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

VERSION = 1  # of what `stream` makes; another one is made anew
CASCADE = 10_000  # devices that show the dashboard `cascade`
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"


def device(number):
    """A device as the server stores it, of about 300 bytes."""
    boards = ["board", "cascade"] if number < CASCADE else ["board"]
    listed = "".join(f'    "{board}",\n' for board in boards)[:-2]
    moment = 1_767_225_600_000_000 + number * 1000  # microseconds; 2026-01-01
    second, micro = divmod(moment, 1_000_000)
    minute, second = divmod(second - 1_767_225_600, 60)
    hour, minute = divmod(minute, 60)
    time = f"{hour % 24:02d}:{minute:02d}:{second:02d}.{micro:06d}"
    return (f'{{\n  "uid": "robot-{number}",\n'
            f'  "creation_date": "2026-01-{1 + hour // 24:02d}T{time}Z",\n'
            f'  "address": "10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",\n'
            f'  "public_ssh_key": "{KEY}{number:031d}",\n'
            f'  "grafana_dashboards": [\n{listed}\n  ],\n  "foxglove_dashboards": [],\n'
            f'  "prometheus_alert_rule_files": [],\n  "loki_alert_rule_files": []\n}}\n')


def stream(count, depth):
    """A stream for fast-import: one commit on `main` with two dashboards and `count` devices."""
    def file(path, text):
        return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()

    yield (b"commit refs/heads/main\ncommitter Muster <server@muster.invalid> 1767225600 +0000\n"
           b"data 12\nAdd devices\n\nfrom refs/heads/main^0\n")
    for board in ("board", "cascade"):
        yield file(f"grafana_dashboards/{board}.json", '{\n  "title": "Board"\n}\n')
    for number in range(count):
        digits = hashlib.sha256(f"robot-{number}".encode()).hexdigest()[:depth]
        yield file("/".join(["devices", *digits, f"robot-{number}.json"]), device(number))


class Registry:
    """A registry of `count` devices; `path` is its working tree."""

    kind = ""  # in the folder's name

    def __init__(self, binary, folder, count):
        self.count = count
        self.folder = pathlib.Path(folder) / f"v{VERSION}-{self.kind}{count}"
        self.path, self.base_objects = self.folder / "registry", self.folder / "objects"
        if not (self.folder / "base").exists():
            self.make(binary)
        self.base = (self.folder / "base").read_text()
        self.restore()

    def git(self, *arguments, **options):
        result = subprocess.run(["git", "-C", self.path, *arguments], check=True, capture_output=True, **options)
        return result.stdout.decode().strip()

    def make(self, binary):
        """Makes it, and sets its packs aside: what is added later can be told from them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        subprocess.run([binary, "init", self.path, "--devices", str(self.count)], check=True, capture_output=True)
        depth = json.loads((self.path / "registry.json").read_text())["fan_out"].get("devices", 0)
        with subprocess.Popen(["git", "-C", self.path, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importer:
            for part in self.stream(depth):
                importer.stdin.write(part)
            importer.stdin.close()
            assert importer.wait() == 0
        self.git("reset", "--hard", "--quiet")
        self.git("repack", "-a", "-d", "-q")
        shutil.copytree(self.path / ".git/objects", self.base_objects, copy_function=os.link)
        (self.folder / "base").write_text(self.git("rev-parse", "main"))

    def stream(self, depth):
        return stream(self.count, depth)

    def restore(self):
        """Takes back all that servers have written since it was made."""
        self.put_away(self.path / ".git/muster")
        if self.git("rev-parse", "HEAD") != self.base or self.git("status", "--porcelain", "--untracked-files=no"):
            self.git("update-ref", "refs/heads/main", self.base)
            self.git("read-tree", self.base)
            self.write_back()
        for name in self.git("ls-files", "--others", "-z").split("\0"):
            if name:
                self.put_away(self.path / name)
        self.git("clean", "--force", "-d", "--quiet")
        objects = self.path / ".git/objects"
        self.put_away(objects)
        shutil.copytree(self.base_objects, objects, copy_function=os.link)
        for name in ("refs/muster", "logs/refs/muster"):
            self.put_away(self.path / ".git" / name)

    def write_back(self):
        """Gives each file its content of git's index, as `git reset --hard` does, but without removing one: for minutes
        after many files were removed, ext4 takes a multiple of its time to make others."""
        subprocess.run(["git", "-C", self.path, "update-index", "-q", "--refresh"], check=False)
        names = self.git("diff-files", "--name-only", "-z").split("\0")[:-1]
        with subprocess.Popen(["git", "-C", self.path, "cat-file", "--batch"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            for name in names:
                process.stdin.write(f":{name}\n".encode())
                process.stdin.flush()
                size = int(process.stdout.readline().split()[2])
                (self.path / name).write_bytes(process.stdout.read(size + 1)[:size])
            process.stdin.close()
        self.git("update-index", "-q", "--refresh")

    def put_away(self, path):
        """Moves a file or folder out of the way until the measurements are over; see `write_back`."""
        if path.exists():
            trash = self.folder / "trash"
            trash.mkdir(exist_ok=True)
            path.rename(tempfile.mkdtemp(dir=trash) + "/" + path.name)
            atexit.register(shutil.rmtree, trash, ignore_errors=True)

    @property
    def documents_bytes(self):
        """What all devices hold together."""
        return sum(len(device(number)) for number in range(self.count))

    def object_bytes(self):
        """The size of everything that git's object database holds."""
        total = 0
        for folder, _, names in os.walk(self.path / ".git/objects"):
            for name in names:
                with contextlib.suppress(FileNotFoundError):  # git is packing.
                    total += os.stat(os.path.join(folder, name)).st_size
        return total


PROJECT = "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"
FLEET_HEADERS = [f"X-Auth-Project: {PROJECT}", "X-Auth-User: bench", "X-Auth-Token: bench"]


class Fleet(Registry):
    """Devices of the Craton API in four levels: one, ten below it, ten below each of those, and below these the rest.

    What is below one device is spread over the whole order of creation. Each device has variables of its own.
    """

    kind = "fleet"

    def parent(self, number):
        if number == 0:
            return None
        if number <= 10:
            return 0
        if number <= 110:
            return 1 + (number - 11) % 10
        return 11 + (number - 111) % 100

    def stream(self, depth):
        moment = "2026-01-01T00:00:00.000000Z"

        def file(path, value):
            text = (json.dumps(value, indent=2) + "\n").encode()
            return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)

        yield (b"commit refs/heads/main\ncommitter Muster <server@muster.invalid> 1767225600 +0000\n"
               b"data 10\nAdd fleet\n\nfrom refs/heads/main^0\n")
        common = {"created_at": moment, "craton": {"id": 1}}
        yield file(f"craton/projects/{PROJECT}.json", {"uid": PROJECT, "name": "bench", "created_at": moment})
        yield file("craton/users/bench.json", {
            "uid": "bench", "username": "bench", "project": PROJECT, "is_admin": False, **common})
        yield file("craton/clouds/c.json", {"uid": "c", "name": "c", "project": PROJECT, **common})
        for number in range(10):
            yield file(f"craton/regions/r{number}.json", {
                "uid": f"r{number}", "name": f"r{number}", "cloud": "c", "created_at": moment,
                "craton": {"id": number + 1}})
        yield file("variables/clouds/c.json", {"variables": {"tier": "bronze", "zone": {"name": "north", "rack": [1, 2]}}})
        for number in range(self.count):
            uid = f"d{number}"
            digits = hashlib.sha256(uid.encode()).hexdigest()[:depth]
            value = json.loads(device(number))
            value.update({"uid": uid, "grafana_dashboards": [], "kind": "host" if number % 4 else "network-device"})
            if number:
                value["parent"] = f"d{self.parent(number)}"
            value["region"] = f"r{number % 10}"
            value["craton"] = {"id": number + 1, "device_type": f"type-{number % 7}"}
            yield file("/".join(["devices", *digits, f"{uid}.json"]), value)
            yield file("/".join(["variables/devices", f"{uid}.json"] if not depth else ["variables/devices", *digits, f"{uid}.json"]),
                       {"variables": {"serial": number, "tier": ["gold", "silver"][number % 1000 > 0]} if number % 10 == 0
                        else {"serial": number}})

    def bootstrap(self, binary):
        """Gives the user a key."""
        path = self.folder / "bootstrap.json"
        path.write_text(json.dumps({
            "projects": [{"id": PROJECT, "name": "bench"}],
            "users": [{"project_id": PROJECT, "username": "bench", "api_key": "bench"}]}))
        subprocess.run([binary, "craton", "bootstrap", "--registry", self.path, "--file", path],
                       check=True, capture_output=True)


class Past(Registry):
    """10,000 devices and as many commits as it counts: each changes the address of one of them.

    Most are by the device itself; every thousandth is by a person.
    """

    kind = "past"
    devices = 10_000

    def make(self, binary):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        subprocess.run([binary, "init", self.path, "--devices", str(self.devices)], check=True, capture_output=True)
        depth = json.loads((self.path / "registry.json").read_text())["fan_out"].get("devices", 0)
        with subprocess.Popen(["git", "-C", self.path, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importer:
            for part in stream(self.devices, depth):
                importer.stdin.write(part)
            for part in self.commits(depth):
                importer.stdin.write(part)
            importer.stdin.close()
            assert importer.wait() == 0
        self.git("reset", "--hard", "--quiet")
        shutil.copytree(self.path / ".git/objects", self.base_objects, copy_function=os.link)
        (self.folder / "base").write_text(self.git("rev-parse", "main"))

    def commits(self, depth):
        """A commit every thirty seconds, with devices in no order."""
        for number in range(self.count):
            uid = number * 7919 % self.devices
            digits = hashlib.sha256(f"robot-{uid}".encode()).hexdigest()[:depth]
            path = "/".join(["devices", *digits, f"robot-{uid}.json"])
            text = device(uid).replace('"address": "10.', f'"address": "{11 + number // self.devices % 200}.')
            who = "Ada <ada@example.org>" if number % 1000 == 0 else f"device robot-{uid} <robot-{uid}@muster.invalid>"
            when = 1_767_225_600 + 30 * (number + 1)
            subject = f"devices/robot-{uid}: change"
            yield (f"commit refs/heads/main\nauthor {who} {when} +0000\n"
                   f"committer Muster <server@muster.invalid> {when} +0000\n"
                   f"data {len(subject)}\n{subject}\nM 100644 inline {path}\ndata {len(text)}\n{text}\n").encode()
