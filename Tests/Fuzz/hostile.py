#!/usr/bin/env python3
"""Sends a running server a million requests that are made up, some of them broken, and reads every answer.

    hostile.py [--binary PATH] [--requests N] [--seed N] [--first N] [--accounts]

Paths, fields and bodies are mixtures of what the API knows and what is hostile (requests.c). No answer may be
a 5xx but 503 with Retry-After, or be anything but well-formed HTTP; the server must be there at the end, and
its repository whole. The same seed sends the same; a failure prints its number: `--first N --requests 1` sends
it again.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(TOP / "Tests/System"))

import support  # noqa: E402

METHODS = {"get", "put", "post", "patch", "delete"}
KINDS = ("clouds", "regions", "cells", "hosts", "network-devices", "networks", "network-interfaces", "users", "projects")
# An event stream has no end; what makes git pack the whole registry is asked for seldom.
SELDOM = ("GET /backup.bundle", "GET /registry.git/info/refs?service=git-upload-pack", "POST /registry.git/git-upload-pack",
          "POST /registry.git/git-receive-pack", "GET /registry.git/info/refs?service=git-receive-pack",
          "GET /api/registry/v1/events")
PAGES = ("/", "/overview", "/devices/", "/devices/{uid}", "/fleet/", "/dashboards/", "/dashboards/grafana/{uid}",
         "/dashboards/foxglove/{uid}", "/rules/", "/rules/prometheus/{uid}", "/rules/loki/{uid}", "/history/",
         "/history/activity", "/history/blame", "/history/compare", "/history/{uid}", "/proposals/", "/proposals/{uid}",
         "/repository/", "/repository/edits", "/repository/edits/discard", "/repository/deleted", "/repository/undo",
         "/repository/problems", "/repository/kept", "/repository/webhooks", "/repository/webhooks/{uid}", "/search/",
         "/api-reference/", "/static/{uid}", "/favicon.ico", "/registry.git", "/registry.git/{path}", "/healthz", "/readyz",
         "/metrics", "/login", "/logout", "/account/", "/accounts/", "/accounts/{name}", "/new-password", "/{any}", "/{any}/{any}")
FORMS = ("/proposals/{uid}/comment", "/proposals/{uid}/judge", "/repository/conflicts", "/repository/edits/commit",
         "/repository/edits/discard", "/repository/undo", "/repository/kept/delete", "/repository/webhooks",
         "/repository/webhooks/{uid}", "/login", "/logout", "/account/", "/new-password")


def compiled(folder):
    support.need("gcc")
    program = folder / "requests"
    subprocess.run(["gcc", "-O2", "-Wall", "-o", program, HERE / "requests.c"], check=True)
    return program


def routes(server):
    """Lines `METHOD /path`, one for each that the server has."""
    found = [f"GET {path}" for path in PAGES] + [f"POST {path}" for path in FORMS]
    for description in "/api/openapi.json", "/api/v1/schema/":
        for path, operations in server.get(description, Accept="application/json").json["paths"].items():
            found += [f"{method.upper()} {path}" for method in operations if method in METHODS]
    for kind in KINDS:
        found += [f"GET /v1/{kind}", f"POST /v1/{kind}"]
        for path in f"/v1/{kind}/{{id}}", f"/v1/{kind}/{{id}}/variables", f"/v1/{kind}/{{id}}/labels":
            found += [f"{method} {path}" for method in ("GET", "PUT", "DELETE")]
    common = sorted(set(found) - set(SELDOM))
    return common * 10 + list(SELDOM)


def attack(scratch, server, count, seed, first=0, connections=32, credentials=(), lines=None):
    """Sends the requests; returns whether every answer was right, and the last line that was printed."""
    file = scratch.path / "routes"
    file.write_text("\n".join(lines or routes(server)) + "\n")
    command = [compiled(scratch.path), str(server.port), file, str(seed), str(count), str(connections), str(first), *credentials]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as process:
        for line in process.stdout:
            last = line.rstrip("\n")
            print(f"    {last}", flush=True)
    return process.returncode == 0, last


def served(scratch):
    """A server with something of each kind, and Craton's first users."""
    registry = scratch.registry()
    server = scratch.serve(registry, environment={**os.environ, "MUSTER_WEBHOOK_SECRET": "a secret of this run alone"})
    for number in range(1, 5):
        server.add_device(f"robot-{number}")
    server.post("/api/v1/applications/grafana/dashboards/", {"uid": "board", "dashboard": {"title": "x"}})
    return registry, server


def credentials_of(scratch, registry):
    """Header lines that let in an administrator, a reader and a device, and some that let in nobody."""
    lines, soon = [], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
    for name, role, more in ("ada", "admin", ()), ("eve", "editor", ("--device", "robot-1")), ("bob", "reader", ("--read-only",)), \
            ("old", "admin", ("--expires", soon)):
        support.muster("account", "add", name, "--machine", "--role", role, "--registry", registry.path)
        token = support.muster("token", "create", "t", "--account", name, *more, "--registry", registry.path).stdout.strip()
        lines += [f"Authorization: Bearer {token}"] * (4 if name == "ada" else 1)
    time.sleep(5)
    return lines + ["Authorization: Bearer none", "Authorization: bearer " + "x" * 500, "Authorization: Basic YWRhOg=="]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=TOP / ".build/debug/muster")
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--accounts", action="store_true", help="on a server that asks who one is")
    options = parser.parse_args()
    support.BINARY = os.path.abspath(options.binary)
    with support.Scratch() as scratch:
        registry, server = served(scratch)
        lines = routes(server)
        credentials = credentials_of(scratch, registry) if options.accounts else ()
        right, _ = attack(scratch, server, options.requests, options.seed, options.first, options.connections, credentials, lines)
        errors = [line for line in server.log.read_text().splitlines() if " error " in line]
        print("\n".join(errors[:20]))
        alive = server.process.poll() is None and server.get("/readyz").status == 200
        if alive:
            server.stop()
            registry.git("fsck", "--strict", "--no-dangling")
    print("the server has ended" if not alive else "all answers are right" if right and not errors else "FAILED")
    return 0 if right and alive and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
