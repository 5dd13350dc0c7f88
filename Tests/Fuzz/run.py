#!/usr/bin/env python3
"""Sends a running server what its own API descriptions allow, and much that they do not.

    run.py [--binary PATH] [--examples N] [--seed N] [--only REGEX]

By schemathesis (`make fuzz` installs it): no answer may be a 5xx, of a status or a media type that the
description does not name, or of another shape than its schema. The same seed sends the same.
"""

import argparse
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "Tests/System"))

import support  # noqa: E402

CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_headers_conformance,response_schema_conformance")
# An event stream has no end.
ENDLESS = "^/api/registry/v1/events$"


def fuzz(server, name, path, options):
    """Runs schemathesis against one description; returns its exit code."""
    command = [
        options.schemathesis, "run", server.base + path, "--checks", CHECKS, "--seed", str(options.seed),
        "--max-examples", str(options.examples), "--phases", options.phases, "--exclude-path-regex", ENDLESS,
        "--request-timeout", "30", "--suppress-health-check", "all", "--warnings", "off", "--continue-on-failure",
        "--generation-database", "none"]
    if options.only:
        command += ["--include-path-regex", options.only]
    print(f"-- {name}: {' '.join(map(str, command[1:]))}", flush=True)
    return subprocess.run(command, cwd=server.path, env={**os.environ, "NO_COLOR": "1"}).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=TOP / ".build/debug/muster")
    parser.add_argument("--schemathesis", default=TOP / ".build/venv/bin/schemathesis")
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default="examples,coverage,fuzzing")
    parser.add_argument("--only", help="paths that match this")
    options = parser.parse_args()
    support.BINARY = os.path.abspath(options.binary)
    failed = []
    with support.Scratch() as scratch:
        environment = {**os.environ, "MUSTER_WEBHOOK_SECRET": "a secret of this run alone"}
        server = scratch.serve(scratch.registry(), environment=environment)
        server.add_device("robot-1")
        for name, path in ("native", "/api/openapi.json"), ("COS", "/api/v1/schema/"):
            if fuzz(server, name, path, options) != 0:
                failed.append(name)
        alive = server.process.poll() is None and server.get("/readyz").status == 200
        errors = [line for line in server.log.read_text().splitlines() if " error " in line]
        print("\n".join(errors[:20]))
    print(f"{2 - len(failed)} passed, {len(failed)} failed" + ("" if alive else "; the server has ended"))
    return 1 if failed or not alive else 0


if __name__ == "__main__":
    sys.exit(main())
