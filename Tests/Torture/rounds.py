"""The kinds of rounds: what happens to a server under load before everything is checked."""

import contextlib
import errno
import os
import pathlib
import subprocess
import time

import power
import support
from faults import FLUSH, RENAME, WRITE
from load import Load, Rules
from people import Housekeeping, Locks, Person, fill_loose_objects
from support import Skip

KINDS = {}
# A `git reset --hard` takes files away before it moves the branch: for that moment it is an edit like any other.
BESIDE_PEOPLE = (400, 404, 409, 503)


def kind(*, kills=True):
    """Registers a kind of round; `kills`: whether it is one of the rounds of kill -9."""
    def register(function):
        function.kills = kills
        KINDS[function.__name__] = function
        return function
    return register


@kind()
def kill(series):
    """kill -9 under mixed load"""
    with series.load():
        series.pause(0.05, 1.2)
        series.kill()


@kind()
def kill_at_start(series):
    """kill -9 under load, then again and again while the server starts"""
    kill(series)
    for _ in range(series.random.randint(1, 3)):
        series.begin()
        series.pause(0, series.start_seconds * 1.3)
        series.kill()


@kind()
def kill_at_stop(series):
    """kill -9 while the server stops in order"""
    with series.load():
        series.pause(0.05, 0.5)
        series.server.was_killed = True  # From here on connections may end.
        series.server.process.terminate()
        series.pause(0, 0.15)
        series.kill()


@kind()
def kill_packing(series):
    """kill -9 while git packs what the server wrote, sometimes git too"""
    fill_loose_objects(series.registry, 6_000, f"{series.seed}/{series.number}")
    # It waits for a calmer time when there is much to write.
    with series.load(Rules(pause=0.15)):
        git = wait_for_git(series.server.process.pid, 8)
        series.packings += bool(git)
        series.pause(0, 0.3)
        series.kill()
        if git and series.random.random() < 0.5:
            with contextlib.suppress(ProcessLookupError):
                os.kill(git, 9)


def wait_for_git(server, seconds):
    """The process of a git that the server has started; None when it starts none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for children in pathlib.Path(f"/proc/{server}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                for child in children.read_text().split():
                    if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "git":
                        return int(child)
        time.sleep(0.002)
    return None


@kind()
def kill_resharding(series):
    """kill -9 while files move to another fan-out"""
    depth = str(series.random.randrange(3))
    with series.load(Rules(refusals=(409,))):
        series.pause(0.05, 0.3)
        command = subprocess.Popen(
            [support.BINARY, "reshard", series.registry.path, "devices", depth],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        series.pause(0.02, 0.5)
        series.kill()
    command.wait(60)


@kind()
def power_cut(series):
    """the power goes: what was not flushed is lost, in part"""
    series.restart(faults=True)
    branch = series.registry.git("rev-parse", "main").strip()
    os.sync()
    with series.faults.flushes.open("a") as file:  # The server appends meanwhile: nothing may be written over.
        file.truncate(0)
        file.write(f"{time.time_ns()} -1 0 {series.registry.path}\n")
    with series.load():
        series.pause(0.05, 3)
        series.kill()
    flushes = series.faults.flushes.read_text()
    assert ".journal\n" in flushes, "the shim has noted no flush"
    synced = flushes.count(" -1 ")
    power.cut(series.registry, series.faults.flushes, branch if synced == 1 else None, series.random)


def beside_people():
    """What a person takes back is missed in the log for a moment, until the server puts it right."""
    return Rules(refusals=BESIDE_PEOPLE, looks_at_log=0)


@kind()
def kill_beside_people(series):
    """kill -9 while a person commits, amends, stashes and takes back"""
    person = Person(series)
    with person, series.load(beside_people()):
        series.pause(0.5, 1.5)
        series.kill()
    series.people.append(person)


@kind()
def kill_beside_gc(series):
    """kill -9 while a person's git gc, repack, prune, clone and fetch run"""
    with Housekeeping(series), series.load():
        series.pause(0.3, 1.5)
        series.kill()


@kind(kills=False)
def people(series):
    """a person commits, amends, stashes and takes back beside the load"""
    person = Person(series)
    with person, series.load(beside_people()):
        series.pause(1.5, 3)
    series.people.append(person)


@kind(kills=False)
def gc(series):
    """a person's git gc, repack, prune, clone and fetch beside the load"""
    with Housekeeping(series), series.load():
        series.pause(1.5, 4)


@kind(kills=False)
def locks(series):
    """other programs hold index.lock and the locks of references"""
    with Locks(series.registry, series.round_seed), series.load(Rules(refusals=(503, 500))):
        series.pause(1, 3)
    series.expect_writable()


@kind()
def kill_beside_locks(series):
    """kill -9 while other programs hold locks"""
    with Locks(series.registry, series.round_seed), series.load(Rules(refusals=(503, 500))):
        series.pause(0.2, 1)
        series.kill()


@kind(kills=False)
def flush_fails(series):
    """a flush fails: read-only until a restart, and nothing answered is lost"""
    series.restart(faults=True)
    error = series.random.choice([errno.EIO, errno.ENOSPC])
    with series.load(Rules(refusals=(500, 503, 507), refusals_are_doubts=True)) as load:
        series.pause(0.05, 0.5)
        series.faults.fail(FLUSH, error, after=series.random.randint(0, 30))
        wait_for(lambda: load.is_over, 20, "a failed flush stopped no client")
        series.faults.stop()
    for _ in range(3):
        answer = series.probe()
        assert answer.status in (503, 507), f"written after a failed flush: {answer}"
    assert series.server.get("/api/v1/devices/").status == 200
    series.end(series.random.random() < 0.5)


def wait_for(condition, seconds, complaint):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.01)


@kind(kills=False)
def writes_fail(series):
    """no space or an error while files are written: refused is not done, and it goes on afterwards"""
    series.restart(faults=True)
    error = series.random.choice([errno.ENOSPC, errno.EIO])
    with series.load(Rules(refusals=(500, 503, 507))):
        series.pause(0.05, 0.3)
        series.faults.fail(
            WRITE, error, after=series.random.randint(0, 20), torn=series.random.random() < 0.5,
            match=series.random.choice(["/.git/", "/.git/", "/.git/muster/journal", "/.git/objects"]))
        series.pause(0.2, 1)
        series.faults.stop()
        series.pause(0, 0.5)
    if error == errno.ENOSPC:
        series.expect_writable()
    if series.random.random() < 0.5:
        series.end(series.random.random() < 0.5)


@kind(kills=False)
def renames_fail(series):
    """files cannot be put in their places for a while"""
    series.restart(faults=True)
    with series.load(Rules(refusals=(500, 503, 507))):
        series.pause(0.05, 0.3)
        series.faults.fail(
            RENAME, series.random.choice([errno.EIO, errno.ENOSPC, errno.EACCES]),
            per_mille=series.random.choice([1000, 200]), match=series.random.choice(["", "/.git/"]))
        series.pause(0.2, 1)
        series.faults.stop()
    if series.random.random() < 0.5:
        series.end(series.random.random() < 0.5)


@kind()
def kill_among_faults(series):
    """kill -9 while one call in fifty fails"""
    series.restart(faults=True)
    with series.load(Rules(refusals=(500, 503, 507), refusals_are_doubts=True)):
        series.faults.fail(
            FLUSH | WRITE | RENAME, series.random.choice([errno.EIO, errno.ENOSPC]),
            after=series.random.randint(0, 50), per_mille=20, torn=series.random.random() < 0.5)
        series.pause(0.2, 1)
        series.kill()
    series.faults.stop()


@kind(kills=False)
def disk_full(series):
    """the disk is suddenly full, to the last byte, and then is not"""
    if series.small is None:
        raise Skip("a small file system cannot be mounted here (it takes root)")
    filler = series.small / "filler"
    with series.load(Rules(refusals=(507, 503))):
        series.pause(0.1, 0.4)
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * (1 << 20)):
                pass
        series.pause(0.2, 0.6)
        killed = series.random.random() < 0.5
        if killed:
            series.kill()
        filler.unlink()
    if not killed:
        series.expect_writable()


def small_file_system(scratch):
    """A file system of 160 MB in memory; None where it cannot be mounted."""
    mount = scratch.path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", mount]
    if subprocess.run(command, capture_output=True).returncode:
        return None
    scratch.at_end.append(lambda: subprocess.run(["umount", "--lazy", mount]))
    return mount
