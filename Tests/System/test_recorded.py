"""The recorded exchanges of the COS registration server."""

from support import Repository, play


def test_recorded_in_any_order_twice(scratch):
    """All recorded files pass in random order, twice on one server, and git is content."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    play(server, "cos", rounds=2)
    registry.check()
    assert server.stop() == 0
    registry.check()


def test_recorded_after_gc_restart_and_clone(scratch):
    """They pass again after git gc, after a restart, and on a clone that is served."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    play(server, "cos")
    registry.wait_until_clean()
    registry.git("gc", "--prune=now", "--quiet")
    play(server, "cos")
    registry.check()
    assert server.stop() == 0

    server = scratch.serve(registry)
    play(server, "cos")
    registry.check()
    assert server.stop() == 0

    registry.git("clone", "--quiet", registry.path, scratch.path / "clone")
    clone = Repository(scratch.path / "clone")
    server = scratch.serve(clone)
    play(server, "cos")
    clone.check()
    assert server.stop() == 0


def test_no_commit_without_change(scratch):
    """A write that changes nothing makes no commit, a refused one neither."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    server.add_device("robot-1")
    before = registry.commits()
    path = "/api/v1/devices/robot-1/"
    device = server.get(path).json
    assert server.call("PATCH", path, device).status == 200
    assert server.call("PATCH", path, {"address": "no address!"}).status == 400
    assert server.post("/api/v1/devices/", device).status == 409
    assert registry.commits() == before
