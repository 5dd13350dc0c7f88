"""Others are told of what changes: signed, in order, once each, and again until they have it."""

import base64
import hashlib
import hmac
import http.server
import json
import stat
import threading

from support import eventually, free_port, muster

API = "/api/registry/v1/webhooks"


class Receiver:
    """An endpoint that notes what it is sent, and answers as it is told."""

    def __init__(self, scratch, port=None):
        self.messages, self.status = [], 204
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.messages.append((dict(self.headers.items()), body))
                self.send_response(receiver.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port or free_port()), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?key=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        scratch.at_end.append(self.close)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def commits(self):
        return [commit["commit"] for _, body in self.messages for commit in json.loads(body)["data"]["commits"]]


def is_signed(headers, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    code = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return code in headers["webhook-signature"].split(" ")


def line(registry):
    return registry.git("rev-list", "--first-parent", "--reverse", "main").split()


def test_every_commit_is_told(scratch):
    """Signed as Standard Webhooks asks, in the order of the commits, through restarts and failures."""
    registry = scratch.registry()
    server = scratch.serve(registry, "--webhook-allow-local")
    receiver = Receiver(scratch)
    made = server.post(API, {"url": receiver.url, "description": "A test", "since": "start"})
    assert made.status == 201, made
    secret, hook = made.json["secret"], made.json["id"]
    for number in range(20):
        server.add_device(f"robot-{number}")
    eventually(lambda: receiver.commits() == line(registry), 10, "every commit, in order")
    headers, body = receiver.messages[0]
    assert is_signed(headers, body, secret) and not is_signed(headers, body + b" ", secret)
    message = json.loads(body)
    assert message["type"] == "registry.changed" and message["data"]["before"] is None
    assert "secret" not in server.get(f"{API}/{hook}").json
    # What fails is tried again, the same message with the same id, and what comes later waits.
    receiver.status = 500
    server.add_device("late")
    told = len(receiver.messages)
    eventually(lambda: len(receiver.messages) == told + 1 or len(receiver.messages) > told, what="an attempt")
    pending = server.get(f"{API}/{hook}/deliveries").json["deliveries"][0]
    eventually(lambda: server.get(f"{API}/{hook}/deliveries").json["deliveries"][0]["attempts"], what="its note")
    pending = server.get(f"{API}/{hook}/deliveries").json["deliveries"][0]
    assert (pending["state"], pending["attempts"][0]["status"]) == ("pending", 500), pending
    server.kill()
    server = scratch.serve(registry, "--webhook-allow-local")
    server.add_device("later")
    receiver.status = 200
    eventually(lambda: receiver.commits()[-1] == line(registry)[-1], 15, "the message and what came later")
    again = [(headers["webhook-id"], body) for headers, body in receiver.messages[told:]]
    assert again[0] == again[-2] or again[0] == again[1], "another message than the one that failed"
    assert len({name for name, _ in again}) == 2
    delivered = server.get(f"{API}/{hook}/deliveries").json["deliveries"][1]
    assert (delivered["state"], [one["status"] for one in delivered["attempts"]][-1]) == ("delivered", 200)
    # Nothing of it is in the repository, and nobody else reads the secret.
    file = registry.path / ".git/muster/webhooks.sqlite"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in server.log.read_text()
    server.stop()


def test_keeping(scratch):
    """Chosen collections, a ping, a new secret, on and off, gone, and what is refused."""
    registry = scratch.registry()
    server = scratch.serve(registry, "--webhook-allow-local")
    receiver = Receiver(scratch)
    made = server.post(API, {"url": receiver.url, "collections": ["certificates"]}).json
    hook, old = f"{API}/{made['id']}", made["secret"]
    server.add_device("one")
    assert server.post(hook + "/ping", {}).status == 202
    eventually(lambda: receiver.messages, what="the ping")
    assert json.loads(receiver.messages[0][1])["type"] == "ping" and len(receiver.messages) == 1
    new = server.post(hook + "/secret", {}).json["secret"]
    delivery = server.get(hook + "/deliveries").json["deliveries"][0]
    assert server.post(f"{hook}/deliveries/{delivery['id']}/redeliver", {}).status == 202
    eventually(lambda: len(receiver.messages) == 2, what="the ping again")
    headers, body = receiver.messages[1]
    assert is_signed(headers, body, new) and is_signed(headers, body, old)
    assert json.loads(body) == server.get(f"{hook}/deliveries/{delivery['id']}").json["payload"]
    answer = server.call("PATCH", hook, {"collections": [], "enabled": False})
    assert (answer.json["enabled"], answer.json["collections"]) == (False, [])
    server.add_device("two")
    # 410 ends it; a redirect is followed nowhere.
    receiver.status = 302
    server.call("PATCH", hook, {"enabled": True})
    eventually(lambda: len(receiver.messages) == 3, what="what it was not told of")
    # The device is told of; what came while nothing of it was wanted is not.
    assert [c["subject"] for c in json.loads(receiver.messages[2][1])["data"]["commits"]] == ["devices/two: register"]
    receiver.status = 410
    eventually(lambda: not server.get(hook).json["enabled"], 10, "the end after 410")
    for body in ({}, {"url": "ftp://x/"}, {"url": "http://u@x/"}, {"url": receiver.url, "secret": "x"},
                 {"url": receiver.url, "collections": ["x"]}, {"url": receiver.url, "since": "x"}, {"urls": 1}):
        assert server.post(API, body).status == 422, body
    assert server.post(API, {"url": receiver.url, "since": "1" * 40}).status == 404
    assert server.call("DELETE", hook).status == 204 and server.get(hook).status == 404
    assert server.get(API).json == {"webhooks": [], "total": 0}
    assert server.stop() == 0


def test_command(scratch):
    """The command adds, lists, tests and removes webhooks, with a server and without one."""
    registry = scratch.registry()

    def webhook(*words, check=True):
        return muster("webhook", *words, "--registry", registry.path, check=check)

    receiver = Receiver(scratch)
    assert webhook("list").stdout == "no webhook\n"
    added = json.loads(webhook("add", receiver.url, "--collection", "devices", "--json").stdout)
    assert added["secret"].startswith("whsec_") and added["collections"] == ["devices"], added
    result = webhook("test", added["id"], check=False)
    assert result.returncode == 1 and "no server" in result.stderr, result
    server = scratch.serve(registry, "--webhook-allow-local")
    assert webhook("list").stdout == f"{added['id']} {receiver.url} (devices)\n"
    assert webhook("test", added["id"]).stdout.startswith("taken: status 204")
    headers, body = receiver.messages[0]
    assert is_signed(headers, body, added["secret"]) and json.loads(body)["type"] == "ping"
    # A message that is not taken is tried again, and what comes later waits for it.
    receiver.status = 500
    result = webhook("test", added["id"], check=False)
    assert result.returncode == 1 and "500" in result.stderr, result
    result = webhook("add", "ftp://example.org", check=False)
    assert result.returncode == 1 and "http" in result.stderr, result
    assert "is removed" in webhook("remove", added["id"]).stdout
    result = webhook("remove", added["id"], check=False)
    assert result.returncode == 1 and "no webhook" in result.stderr, result
    server.stop()


def test_nothing_goes_to_this_machine(scratch):
    """Addresses of this machine and of its link are refused, in every spelling, unless they are allowed."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    receiver = Receiver(scratch)
    port = receiver.server.server_port
    hosts = ("127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::1]", "0.0.0.0", "169.254.169.254",
             "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]")
    hooks = [server.post(API, {"url": f"http://{host}:{port}/", "since": "start"}).json["id"] for host in hosts]
    for host, hook in zip(hosts, hooks):
        def attempts():
            deliveries = server.get(f"{API}/{hook}/deliveries").json["deliveries"]
            return deliveries and deliveries[0]["attempts"]
        eventually(attempts, what=host)
        assert "--webhook-allow-local" in attempts()[0]["error"], (host, attempts())
    assert not receiver.messages
