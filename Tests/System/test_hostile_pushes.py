"""Pushes that are made to do harm: names, links, bombs. Each is refused with a line that says why, in bounded memory."""

import hashlib
import os
import pathlib
import socket
import subprocess
import threading
import time
import zlib

from support import eventually
from test_transport import Git, address, clone, served

MEBIBYTE = 1 << 20


class Watch:
    """The most memory that any one program of the server has, as long as this looks."""

    def __init__(self, server):
        self.server, self.most, self.ends = server, 0, threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()

    def look(self):
        while not self.ends.is_set():
            for stat in pathlib.Path("/proc").glob("[0-9]*/status"):
                try:
                    text = stat.read_text()
                    if text.startswith(("Name:\tgit", "Name:\tindex-pack", "Name:\tunpack")) and "VmHWM" in text:
                        self.most = max(self.most, int(text.split("VmHWM:")[1].split()[0]) * 1024)
                except OSError:
                    pass
            time.sleep(0.02)


def commit_of(git, tree, message="hostile"):
    return git("commit-tree", tree, "-p", "HEAD", "-m", message).strip()


def blob(git, content=b"x\n"):
    return subprocess.run(["git", "-C", git.folder, "hash-object", "-w", "--stdin"], input=content, capture_output=True,
                          check=True, env=git.environment).stdout.decode().strip()


def tree_of(git, *entries, literally=True):
    """A tree as it is given, whatever git thinks of its names: (mode, name, id)."""
    content = b"".join(b"%s %s\0%s" % (mode.encode(), name, bytes.fromhex(id)) for mode, name, id in entries)
    return subprocess.run(["git", "-C", git.folder, "hash-object", "-w", "-t", "tree", "--stdin", "--literally"],
                          input=content, capture_output=True, check=True, env=git.environment).stdout.decode().strip()


def refusal(git, new, reference="refs/heads/other"):
    result = git.run("push", "origin", f"{new}:{reference}")
    words = "\n".join(line.rstrip() for line in result.stderr.splitlines())
    assert result.returncode != 0, f"{new} was taken\n{words}"
    return words


FOLDERS = (b".git", b".GIT", b".Git", b".git ", b".git.", b".git . .", b"git~1", b"GIT~1", b".git:x", b".git ::$INDEX_ALLOCATION",
           ".g\u200cit".encode(), ".gi\u200dT".encode(), "\ufeff.git".encode(), ".git\u202e".encode(), b".git\\config", b"a\\.GIT\\b")


def test_names_of_git(scratch):
    """Folders that some file system takes for .git are refused in every spelling, at the top and below."""
    registry, server = served(scratch)
    git = clone(scratch, server, "copy")
    file = blob(git)
    inside = tree_of(git, ("100644", b"config", file))
    for name in FOLDERS:
        tree = tree_of(git, ("40000", name, inside))
        for made in tree, tree_of(git, ("40000", b"devices", tree)), tree_of(git, ("100644", name, file)):
            words = refusal(git, commit_of(git, made))
            assert "named like git's own" in words, (name, words)
    for name in (b"git", b".gitignore", b".gitattributes", b".github", b"x.git", b"git~2"):
        git("push", "--quiet", "--force", "origin", commit_of(git, tree_of(git, ("100644", name, file))) + ":refs/heads/harmless")
    registry.check()


def test_entries_that_are_no_files(scratch):
    """Links, submodules, .gitmodules, dots, slashes and modes that git knows not are refused, also behind a tag."""
    registry, server = served(scratch)
    git = clone(scratch, server, "copy")
    file, head = blob(git), git("rev-parse", "HEAD").strip()
    link = blob(git, b"/etc/passwd")
    inside = tree_of(git, ("100644", b"a", file))
    cases = {
        "a link": tree_of(git, ("120000", b"devices", link)),
        "a submodule": tree_of(git, ("160000", b"module", head)),
        ".gitmodules": tree_of(git, ("100644", b".gitmodules", blob(git, b"[submodule \"x\"]\n\turl = -u./evil\n\tpath = x\n"))),
        ".GITMODULES": tree_of(git, ("100644", b".GITmodules ", file)),
        "a dot": tree_of(git, ("40000", b".", inside)),
        "two dots": tree_of(git, ("40000", b"..", inside)),
        "a slash": tree_of(git, ("100644", b"a/b", file)),
        "no name": tree_of(git, ("100644", b"", file)),
        "one name twice": tree_of(git, ("100644", b"a", file), ("100644", b"a", link)),
        "no order": tree_of(git, ("100644", b"b", file), ("100644", b"a", file)),
        "a mode of its own": tree_of(git, ("100600", b"a", file)),
        "a mode that is no number": tree_of(git, ("10o644", b"a", file)),
        "a file for a folder": tree_of(git, ("40000", b"a", file)),
        "a folder for a file": tree_of(git, ("100644", b"a", inside)),
        "no UTF-8": tree_of(git, ("100644", b"a\xff", file)),
    }
    for name, tree in cases.items():
        refusal(git, commit_of(git, tree))
        if name not in ("a file for a folder", "a folder for a file", "a mode that is no number"):
            git("tag", "--force", "t", tree)
            refusal(git, "refs/tags/t", "refs/tags/t")
    registry.check()


def test_tree_of_countless_files(scratch):
    """A few folders that are ten times in each other, ten deep, are refused before anybody counts their files."""
    registry, server = served(scratch)
    git = clone(scratch, server, "copy")
    file = blob(git)
    tree = tree_of(git, *(("100644", b"%d" % number, file) for number in range(10)))
    for _ in range(10):
        tree = tree_of(git, *(("40000", b"%d" % number, tree) for number in range(10)))
    start = time.monotonic()
    words = refusal(git, commit_of(git, tree))
    assert "more than 2000000 files" in words, words
    large = blob(git, os.urandom(MEBIBYTE) * 31)
    tree = tree_of(git, *(("100644", b"%04d" % number, large) for number in range(2_000)))
    words = refusal(git, commit_of(git, tree))
    assert "more than 16 GiB" in words, words
    deep = tree_of(git, ("100644", b"a", file))
    for _ in range(5_000):
        deep = tree_of_fast(git, deep)
    words = refusal(git, commit_of(git, deep))
    assert "nested more than 64 deep" in words, words
    print(f"    refused within {time.monotonic() - start:.1f} s")
    assert server.get("/healthz").status == 200
    registry.check()


def tree_of_fast(git, inside):
    """A folder around another, written as a loose object without asking git."""
    content = b"40000 a\0" + bytes.fromhex(inside)
    whole = b"tree %d\0" % len(content) + content
    name = hashlib.sha1(whole).hexdigest()
    file = pathlib.Path(git.folder) / ".git/objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(whole))
    return name


def test_file_that_unpacks_to_gigabytes(scratch):
    """A file of a gigabyte of zeros, a megabyte on its way, is refused by its size, in little memory."""
    registry, server = served(scratch)
    git = clone(scratch, server, "copy")
    zeros = scratch.path / "zeros"
    with zeros.open("wb") as file:
        file.truncate(1 << 30)
    id = git("hash-object", "-w", zeros).strip()
    new = commit_of(git, tree_of(git, ("100644", b"zeros", id)))
    with Watch(server) as watch:
        start = time.monotonic()
        words = refusal(git, new)
    print(f"    refused within {time.monotonic() - start:.1f} s, {watch.most >> 20} MiB")
    assert "32 MiB is the most" in words, words
    assert watch.most < 200 * MEBIBYTE, watch.most
    registry.check()


def size_bytes(kind, size):
    """The head of an object in a pack (gitformat-pack)."""
    first, size = kind << 4 | size & 15, size >> 4
    head = bytearray()
    while size:
        head.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    return bytes(head + bytes([first]))


def varint(number):
    text = bytearray()
    while number > 0x7F:
        text.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(text + bytes([number]))


def pack_of(objects):
    body = b"PACK" + (2).to_bytes(4, "big") + len(objects).to_bytes(4, "big") + b"".join(objects)
    return body + hashlib.sha1(body).digest()


def push_pack(server, pack, new="1" * 40, references=("refs/heads/bomb",)):
    """What the server says to a pack that is pushed by hand."""
    body = b""
    for reference in references:
        line = f"{'0' * 40} {new} {reference}".encode() + (b"" if body else b"\0report-status side-band-64k agent=x")
        body += b"%04x" % (len(line) + 4) + line
    return server.call("POST", "/registry.git/git-receive-pack", body + b"0000" + pack,
                       {"Content-Type": "application/x-git-receive-pack-request"}, timeout=400)


def test_delta_that_unpacks_to_gigabytes(scratch):
    """A delta of some kilobytes that makes an object of 64 GiB is refused, in bounded memory."""
    registry, server = served(scratch)
    base = b"\0" * (16 * MEBIBYTE - 1)
    copies = 4096
    delta = varint(len(base)) + varint(len(base) * copies) + b"\xf0\xff\xff\xff" * copies
    id = hashlib.sha1(b"blob %d\0" % len(base) + base).digest()
    bomb = [size_bytes(3, len(base)) + zlib.compress(base), size_bytes(7, len(delta)) + id + zlib.compress(delta)]
    start = time.monotonic()
    for count in (1, 120):  # Few objects are unpacked, more are kept as a pack.
        objects = bomb + [size_bytes(3, 3) + zlib.compress(b"%03d" % number) for number in range(count)]
        with Watch(server) as watch:
            answer = push_pack(server, pack_of(objects))
        assert answer.status == 200 and b"unpack ok" not in answer.body, answer
        assert watch.most < 800 * MEBIBYTE, watch.most
        print(f"    {answer.body[:120]!r}, {watch.most >> 20} MiB")
    print(f"    refused within {time.monotonic() - start:.1f} s")
    assert server.get("/healthz").status == 200
    registry.check()
    objects = pathlib.Path(registry.path) / ".git/objects"
    eventually(lambda: not list(objects.glob("tmp_objdir-*")) + list(objects.glob("incoming-*")), 5, "no leftovers")


def test_broken_packs(scratch):
    """Packs that are cut off, changed on their way, or none at all are refused, and leave nothing behind."""
    registry, server = served(scratch)
    whole = pack_of([size_bytes(3, 5) + zlib.compress(b"hello")])
    cases = [b"", b"PACK", whole[:-1], whole[:20], whole[:-20] + b"\0" * 20, b"PACK\0\0\0\x02\xff\xff\xff\xff" + whole[12:],
             pack_of([size_bytes(3, 1 << 60) + zlib.compress(b"hello")]), pack_of([size_bytes(0, 5) + zlib.compress(b"hello")]),
             pack_of([size_bytes(6, 5) + b"\x05" + zlib.compress(b"\x05\x05\x90\x05a")]), os.urandom(100_000)]
    for pack in cases:
        answer = push_pack(server, pack)
        assert answer.status in (200, 400) and b"ok refs/heads/bomb" not in answer.body, (pack[:40], answer)
    assert server.get("/healthz").status == 200
    registry.check()


def test_countless_references(scratch):
    """A push of 20,000 references is refused, and nothing of it is there."""
    registry, server = served(scratch)
    head = registry.git("rev-parse", "main").strip()
    answer = push_pack(server, pack_of([]), head, [f"refs/tags/t-{number}" for number in range(20_000)])
    assert b"at most 10000 references" in answer.body and b"ok refs/" not in answer.body, answer
    assert registry.git("tag") == ""


def test_surroundings_of_git(scratch):
    """Programs that the server starts see nothing of the configuration and the variables of whoever runs it."""
    marks = scratch.path / "marks"
    marks.mkdir()
    home = scratch.path / "home"
    home.mkdir()

    def mark(name):
        program = scratch.path / name
        program.write_text(f"#!/bin/sh\ntouch {marks}/{name}\nexit 1\n")
        program.chmod(0o755)
        return program

    (home / ".gitconfig").write_text(
        f"[core]\n\tfsmonitor = {mark('fsmonitor')}\n\tsshCommand = {mark('ssh')}\n\tpager = {mark('pager')}\n"
        f"\thooksPath = {scratch.path}\n[uploadpack]\n\tpackObjectsHook = {mark('packer')}\n"
        f"[diff]\n\texternal = {mark('differ')}\n[gpg]\n\tprogram = {mark('gpg')}\n[commit]\n\tgpgSign = true\n")
    for name in "pre-receive", "pre-commit", "post-receive":
        mark(name)
    registry = scratch.registry()
    environment = {
        **os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_DIR": str(scratch.path / "nowhere"), "GIT_OBJECT_DIRECTORY": str(scratch.path / "nowhere"),
        "GIT_EXTERNAL_DIFF": str(mark("differ")), "GIT_TEMPLATE_DIR": str(scratch.path), "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "uploadpack.packObjectsHook", "GIT_CONFIG_VALUE_0": str(mark("packer")),
        "GIT_CONFIG_PARAMETERS": f"'uploadpack.packobjectshook'='{mark('packer')}'", "GIT_SSH_COMMAND": str(mark("ssh")),
        "GIT_ALLOC_LIMIT": "1k", "GIT_QUARANTINE_PATH": "/nowhere"}
    server = scratch.serve(registry, environment=environment)
    server.add_device("one")
    git = clone(scratch, server, "copy")
    git.commit("notes/a", "a")
    git("push", "--quiet", "origin", "HEAD:main")
    assert server.get("/backup.bundle").status == 200
    assert server.stop() == 0
    assert registry.git("log", "-1", "--format=%s").strip() == "Change"
    assert list(marks.iterdir()) == []


def test_filters_that_take_long(scratch):
    """Partial clones by size and by depth are given; filters that make the server look at each path are not."""
    _, server = served(scratch)
    for number, given in enumerate(("blob:none", "blob:limit=1k", "tree:0")):
        clone(scratch, server, f"given-{number}", f"--filter={given}", "--no-checkout")
    for number, refused in enumerate(("sparse:oid=HEAD:registry.json", "tree:100", "combine:tree:100+blob:none")):
        result = Git(scratch.path).run("clone", "--quiet", "--no-checkout", f"--filter={refused}", address(server), f"not-{number}")
        assert result.returncode != 0 and "filter" in result.stderr, (refused, result.stderr)
    assert server.get("/healthz").status == 200
