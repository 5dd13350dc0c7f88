"""A scratch folder, a running server, a repository: what the system tests share."""

import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = str(TOP / ".build/debug/muster")
SHARED = pathlib.Path(os.environ.get("MUSTER_SHARED") or TOP.parent / "shared")


class Skip(Exception):
    """Why a test cannot run here."""


def shared(path):
    """A file of the folder of recorded exchanges and real input beside the repository."""
    found = SHARED / path
    if not found.exists():
        raise Skip(f"{found} is not there")
    return found


def need(program):
    if shutil.which(program) is None:
        raise Skip(f"{program} is not installed")


def eventually(condition, seconds=5.0, what="the condition"):
    """Waits until `condition()` is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not hold within {seconds} s"
        time.sleep(0.02)


def muster(*arguments, check=True, **options):
    """Runs the program to its end."""
    result = subprocess.run(
        [BINARY, *map(str, arguments)], text=True, capture_output=True, timeout=120,
        stdin=subprocess.DEVNULL, **options)
    assert not check or result.returncode == 0, f"{arguments}: {result.returncode}\n{result.stderr}"
    return result


class Scratch:
    """A folder of one test, with the servers that it started."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="muster-system-"))
        self.servers = []
        self.at_end = []
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.kill()
        for action in reversed(self.at_end):
            action()
        shutil.rmtree(self.path, ignore_errors=True)

    def registry(self, name="registry", *options):
        muster("init", self.path / name, *options)
        return Repository(self.path / name)

    def serve(self, repository, *options, **more):
        server = Server(self, repository.path, *options, **more)
        self.servers.append(server)
        server.wait_until_ready()
        return server

    def logs(self, lines=15):
        text = ""
        for server in self.servers:
            tail = server.log.read_text(errors="replace").splitlines()[-lines:]
            text += f"-- {server.log.name}\n" + "\n".join(tail) + "\n"
        return text


class Repository:
    """A registry on disk, asked through git."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def git(self, *arguments, check=True, input=None):
        result = subprocess.run(
            ["git", "-c", "user.name=Pat", "-c", "user.email=pat@example.org", "-C", self.path, *arguments],
            text=True, capture_output=True, input=input, timeout=120)
        assert not check or result.returncode == 0, f"git {arguments}: {result.stderr}{result.stdout}"
        return result.stdout

    def commits(self, *arguments):
        return self.git("rev-list", *(arguments or ["main"])).split()

    def status(self):
        return self.git("status", "--porcelain").strip()

    def wait_until_clean(self, seconds=8):
        eventually(lambda: self.status() == "", seconds, f"a clean git status ({self.status()[:200]})")

    def check(self):
        """git finds nothing wrong, and nothing to commit."""
        self.fsck()
        self.wait_until_clean()
        assert self.git("diff", "HEAD", "--stat") == ""

    def fsck(self, seconds=5):
        """git finds nothing wrong; it is confused, for a moment, by packs that are packed again meanwhile."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.git("fsck", "--strict", "--no-dangling")
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def write(self, path, text):
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def read(self, path):
        return (self.path / path).read_text()


class Server:
    """The program, serving on a free port of this machine."""

    def __init__(self, scratch, path, *options, port=None, user=None, environment=None):
        self.path, self.port = path, port or free_port()
        self.was_killed = False
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = scratch.path / f"server-{len(scratch.servers)}.log"
        command = [BINARY, "serve", "--registry", path, "--port", str(self.port),
                   "--log-level", "notice", *map(str, options)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                (["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else [])
                + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=scratch.path,
                env=environment)

    def wait_until_ready(self, seconds=30):
        end = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, f"the server ended:\n{self.log.read_text()}"
            try:
                if self.get("/readyz").status == 200:
                    return
            except OSError:
                pass
            assert time.monotonic() < end, "the server is not ready"
            time.sleep(0.02)

    def stop(self):
        """Asks it to stop, as systemd and containers do."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def client(self, timeout=30):
        return Client(self.port, timeout)

    def call(self, method, path, body=None, headers=None, timeout=30):
        with self.client(timeout) as client:
            return client.call(method, path, body, headers)

    def get(self, path, **headers):
        return self.call("GET", path, headers=headers)

    def post(self, path, body):
        return self.call("POST", path, body)

    def add_device(self, uid, **members):
        answer = self.post("/api/v1/devices/", {"uid": uid, "address": "10.0.0.1", **members})
        assert answer.status == 201, answer
        return answer

    def raw(self, data, timeout=15):
        """Sends bytes as they are and returns what comes until the server closes or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as connection:
            connection.sendall(data)
            received = b""
            try:
                while part := connection.recv(65536):
                    received += part
            except TimeoutError:
                received += b"<timeout>"
            return received


class Client:
    """One connection that is kept."""

    def __init__(self, port, timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        return Answer(response.status, response.headers, response.read())


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def commit(self):
        return self.headers["Registry-Commit"]

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def play(server, dialect, rounds=1):
    """Plays all recorded files of a dialect in random order, `rounds` times."""
    script = shared("golden/replay.py")
    files = sorted(shared(f"golden/{dialect}").glob("*.jsonl"))
    for _ in range(rounds):
        random.shuffle(files)
        result = subprocess.run(
            [sys.executable, script, "--base-url", server.base, *files],
            text=True, capture_output=True, timeout=600)
        order = " ".join(file.stem[:2] for file in files)
        failures = [line for line in result.stdout.splitlines() if line][-40:]
        assert result.returncode == 0, f"in the order {order}\n" + "\n".join(failures) + result.stderr


def form_of(server, page="/repository/webhooks", **headers):
    """What a form needs that a page shows: its code and the browser's cookie."""
    answer = server.get(page, Accept="text/html", **headers)
    code = re.search(r'name="form-code" value="([0-9a-f]+)"', answer.body.decode())
    assert code, answer
    cookies = [headers["Cookie"]] if "Cookie" in headers else []
    cookies += [field.split(";")[0] for field in answer.headers.get_all("Set-Cookie") or []]
    return code[1], "; ".join(cookies)


def send_form(server, path, fields, **headers):
    """Sends a form as a browser does that was shown it."""
    code, cookie = form_of(server)
    return server.call(
        "POST", path, urllib.parse.urlencode({**fields, "form-code": code}, doseq=True),
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.base,
         "Sec-Fetch-Site": "same-origin", "Cookie": cookie, **headers})


def device_path(uid):
    return f"/api/v1/devices/{urllib.parse.quote(uid, safe='')}/"


def in_parallel(count, work):
    """Runs `work(number)` in `count` threads and returns their results, in order of number."""
    results, errors = [None] * count, []

    def run(number):
        try:
            results[number] = work(number)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    if errors:
        raise errors[0]
    return results
