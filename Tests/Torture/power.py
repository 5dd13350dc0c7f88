"""What a power cut leaves: only what was flushed is there for sure.

The shim (faults.c) has noted every flush. Of what was written after the last flush of its file, or of the whole file
system, some is cut off or gone, or what was in the file before; the branch may be where it was at the last flush.
"""

import os
import pathlib


def cut(registry, flushes, branch_before, random):
    """Damages the registry as a power cut would, now that its server is dead.

    `flushes`: the shim's file; `branch_before`: where the branch was at the last flush of the file system.
    """
    sizes, synced = {}, 0
    for line in flushes.read_text(errors="replace").splitlines():
        begun, size, inode, _ = line.split(" ", 3)
        if int(size) < 0:
            synced = max(synced, int(begun))
        else:
            sizes[int(inode)] = int(size)  # A file keeps it when it is renamed.
    for path in files_since(registry.path, synced):
        facts = path.stat()
        flushed = min(sizes.get(facts.st_ino, 0), facts.st_size)
        if "/.git/muster/journal/" in str(path):
            shorten(path, random.randint(flushed, facts.st_size))
        elif flushed < facts.st_size and random.random() < 0.5:
            if may_be_used_again(path, facts) and random.random() < 0.5:
                leave_stale(path, random)
            else:
                damage(path, random)
    begin_another_run(registry.path / ".git/muster/checkpoint")
    if branch_before and random.random() < 0.5:
        (registry.path / ".git/refs/heads/main").write_text(branch_before + "\n")


def files_since(top, nanoseconds):
    """Files that have changed since then and that a power cut can take: not git's index, references and logs, which
    are renamed into place, nor the database of contacts."""
    for folder, _, names in os.walk(top):
        for name in names:
            path = pathlib.Path(folder, name)
            inside = path.relative_to(top).as_posix()
            isOurs = inside.startswith((".git/objects/", ".git/muster/journal/")) or not inside.startswith(".git/")
            if isOurs and path.stat().st_ctime_ns > nanoseconds:
                yield path


def may_be_used_again(path, facts):
    """Whether the server may have written into a file that was another one before."""
    isPack = path.parent.name == "pack" and path.suffix in (".pack", ".idx")
    return facts.st_size <= 65536 and (isPack or "/.git/" not in str(path))


def leave_stale(path, random):
    """Gives a file what another one of its folder holds, and times of long ago: as if it had been that one, and the
    disk knew its new name but nothing of what was written since."""
    others = sorted(other for other in path.parent.glob("*" + path.suffix)
                    if other != path and may_be_used_again(other, other.stat()))
    if others:
        content = random.choice(others).read_bytes()
        path.unlink()
        path.write_bytes(content)
        os.utime(path, (1_000_000_000, 1_000_000_000))


def begin_another_run(checkpoint):
    """The machine was started again since the checkpoint was written."""
    if checkpoint.exists():
        lines = checkpoint.read_text().splitlines()
        checkpoint.write_text("".join(f"{line}\n" for line in lines if not line.startswith("boot ")) + "boot another\n")


def damage(path, random):
    """Takes a file's end, or all of it; a file of the working tree stays, empty at least."""
    if "/.git/objects/" in str(path) and random.random() < 0.5:
        return path.unlink()
    shorten(path, random.randrange(path.stat().st_size + 1))


def shorten(path, size):
    os.chmod(path, 0o644)
    os.truncate(path, size)
