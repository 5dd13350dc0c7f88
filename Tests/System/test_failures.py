"""Hostile input, full disks, held locks and folders that cannot be served: a clear answer each."""

import os
import socket
import subprocess
import time

from support import Skip, device_path, free_port, muster


def test_deep_and_large_bodies(scratch):
    """Deep JSON and large bodies are answered, and the server goes on."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    path = "/api/v1/applications/grafana/dashboards/"
    for depth, statuses in ((100, [201]), (490, [201]), (5000, [400]), (200_000, [400])):
        body = '{"uid": "d%d", "dashboard": %s1%s}' % (depth, '{"a":' * depth, "}" * depth)
        answer = server.post(path, body)
        assert answer.status in statuses, (depth, answer)

    large = '{"uid": "large", "dashboard": {"text": "%s"}}'
    answer = server.post(path, large % ("x" * (31 << 20)))
    assert answer.status == 201, answer
    assert server.get(path + "large/").body.startswith(b'{"text": "xxx')
    with server.client() as client:
        try:
            answer = client.call("POST", path, large % ("x" * (33 << 20)))
            assert answer.status == 413, answer
        except (BrokenPipeError, ConnectionResetError):
            pass  # The server need not read what it refuses.
    assert server.get("/healthz").status == 200
    registry.check()


def test_bodies_that_never_end(scratch):
    """A request that stops in its fields or its body is given up, and others are answered meanwhile."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(
            b"POST /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{")
        assert server.get("/api/v1/devices/").status == 200
        received = connection.recv(65536)
    assert received == b"" or b" 408 " in received.split(b"\r\n")[0], received[:100]
    assert time.monotonic() - start < 25
    received = server.raw(b"GET / HTTP/1.1\r\nHost: local", timeout=25)
    assert b"<timeout>" not in received, "the server waits for ever for the fields"
    assert server.get("/healthz").status == 200


def test_broken_requests(scratch):
    """What is no HTTP gets an answer or a closed connection."""
    server = scratch.serve(scratch.registry())
    for request in (b"\x00\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                    b"GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    b"GET /devices/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                    b"POST /api/v1/devices/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"):
        assert b"<timeout>" not in server.raw(request), request
    assert server.get("/healthz").status == 200


def test_foreign_host_names(scratch):
    """A host name that is not ours is answered 400, a listed one is served."""
    registry = scratch.registry()
    server = scratch.serve(registry, "--allowed-hosts", "registry.example.org,.example.net")
    for host, status in (("registry.example.org", 200), ("a.example.net:80", 200),
                         ("evil.example.com", 400), (f"127.0.0.1:{server.port}", 200)):
        assert server.get("/api/v1/devices/", Host=host).status == status, host


def test_held_index_lock(scratch):
    """A held index.lock stops no write; the index follows when it is gone."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    lock = registry.path / ".git/index.lock"
    lock.write_bytes(b"")
    server.add_device("robot-1")
    assert (registry.path / "devices/robot-1.json").exists()
    time.sleep(0.5)
    lock.unlink()
    registry.check()
    lock.write_bytes(b"")
    server.add_device("robot-2")
    assert server.stop() == 0
    lock.unlink()
    scratch.serve(registry)
    registry.check()


def test_full_disk(scratch):
    """On a full disk writes are answered 507 and reads go on; with space again, writes do."""
    mount = scratch.path / "small"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", mount], capture_output=True).returncode:
        raise Skip("a small file system cannot be mounted here (it takes root)")
    scratch.at_end.append(lambda: subprocess.run(["umount", "--lazy", mount]))
    registry = scratch.registry("small/registry")
    server = scratch.serve(registry)
    server.add_device("robot-1")
    commits = registry.commits()
    filler = mount / "filler"
    for size in (50 << 20, 1 << 30):  # Too little left to begin, then nothing at all.
        with filler.open("wb") as file:
            try:
                for _ in range(size >> 20):
                    file.write(b"x" * (1 << 20))
                    file.flush()
            except OSError:
                pass
        for number in range(5):
            answer = server.post("/api/v1/devices/", {"uid": f"full-{number}", "address": "10.0.0.1"})
            assert answer.status == 507, answer
        assert server.get(device_path("robot-1")).status == 200
        assert server.get(device_path("full-0")).status == 404
    filler.unlink()
    assert registry.commits() == commits
    server.add_device("robot-2")
    registry.check()
    assert server.stop() == 0


def test_read_only_folder(scratch):
    """A folder that cannot be written is refused with one line."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    assert server.stop() == 0
    subprocess.run(["chmod", "-R", "a-w", registry.path])
    if os.access(registry.path, os.W_OK):  # root writes anywhere but on a read-only file system.
        if subprocess.run(["mount", "--bind", registry.path, registry.path], capture_output=True).returncode:
            raise Skip("root writes to every folder, and a read-only mount is not possible here")
        scratch.at_end.append(lambda: subprocess.run(["umount", "--lazy", registry.path]))
        subprocess.run(["mount", "-o", "remount,ro,bind", registry.path], check=True)
    result = muster("serve", "--registry", registry.path, "--port", free_port(), check=False)
    assert result.returncode == 1
    assert one_line(result.stderr), result.stderr


def one_line(text):
    return text.startswith("muster: ") and text.count("\n") == 1


def test_what_cannot_be_served(scratch):
    """What is no registry, a bare or newer one, a port in use, a second server: exit 1 and one line each."""
    registry = scratch.registry()
    empty = scratch.path / "empty"
    empty.mkdir()
    plain = scratch.path / "plain"
    subprocess.run(["git", "init", "--quiet", plain], check=True)
    bare = scratch.path / "bare.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", registry.path, bare], check=True)
    newer = scratch.registry("newer")
    newer.write("registry.json", '{\n  "format_version": 2\n}\n')
    newer.git("commit", "--all", "--quiet", "--message", "newer")
    server = scratch.serve(registry)
    other = scratch.registry("other")
    cases = [
        (["--registry", scratch.path / "absent"], "absent"),
        (["--registry", empty], "empty"),
        (["--registry", plain], "plain"),
        (["--registry", bare], "bare"),
        (["--registry", newer.path], "newer"),
        (["--registry", registry.path], str(server.port)),
        (["--registry", other.path, "--port", server.port], str(server.port)),
    ]
    for options, expected in cases:
        if "--port" not in options:
            options = [*options, "--port", free_port()]
        result = muster("serve", *options, check=False)
        assert result.returncode == 1, (options, result)
        assert one_line(result.stderr) and expected in result.stderr, (options, result.stderr)
    assert server.get("/healthz").status == 200


def test_stop_answers_what_it_has(scratch):
    """SIGTERM ends the server with 0, the index written, and every begun request answered."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    for number in range(20):
        server.add_device(f"robot-{number}")
    assert server.stop() == 0
    assert registry.status() == ""
    assert free_to_bind(server.port)


def free_to_bind(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
