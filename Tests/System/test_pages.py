"""The pages, as a browser renders them."""

import html
import re
import subprocess

from support import Repository, eventually, muster, need

HOSTILE = '<img src=x onerror="document.title=1">&"\''


def rendered(server, path):
    """The page's document after a browser has read it."""
    need("chromium")
    result = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--virtual-time-budget=2000", "--dump-dom", server.base + path],
        capture_output=True, text=True, timeout=90)
    assert "<body" in result.stdout, result.stderr[-500:]
    return result.stdout


def text(document):
    """What a person reads of it."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", document, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_pages_of_the_demonstration(scratch):
    """Overview, lists and a device show what the registry holds."""
    need("chromium")
    muster("demo", scratch.path / "demo", "--no-serve")
    registry = Repository(scratch.path / "demo")
    server = scratch.serve(registry)
    for path, expected in {
        "/overview": ["35", "git clone"],
        "/devices/": ["35 devices", "rtm-amr-01", "10.20.4."],
        "/devices/rtm-amr-01": ["Device rtm-amr-01", "battery", "teleop", "device-down", "register",
                                "Rotterdam terminal"],
    }.items():
        page = text(rendered(server, path))
        for words in expected:
            assert words in page, (path, words, page[:600])


def test_markup_is_text(scratch):
    """Markup in any field is shown as text and runs nothing."""
    need("chromium")
    server = scratch.serve(scratch.registry())
    server.add_device(HOSTILE, public_ssh_key=HOSTILE)
    page = rendered(server, "/devices/")
    assert HOSTILE in text(page)
    assert "<title>1</title>" not in page
    assert not re.search(r"<img[^>]*onerror", page)


def test_pages_need_nothing_from_elsewhere(scratch):
    """No page names another host for scripts, styles, fonts or pictures."""
    muster("demo", scratch.path / "demo", "--no-serve")
    server = scratch.serve(Repository(scratch.path / "demo"))
    for path in ("/overview", "/devices/", "/devices/rtm-amr-01"):
        page = server.get(path, Accept="text/html")
        assert page.status == 200, (path, page)
        for tag in re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", page.body.decode()):
            assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", tag), tag


def test_edits_that_nobody_committed(scratch):
    """The overview and the device's page say which edit is served, and why another is not."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    for uid in ("good", "bad"):
        server.add_device(uid)
    registry.write("devices/good.json", registry.read("devices/good.json").replace("10.", "10.9"))
    registry.write("devices/bad.json", "{")
    registry.write("devices/new.json", registry.read("devices/good.json").replace('"good"', '"new"'))

    def page(path):
        return text(server.get(path, Accept="text/html").body.decode())

    eventually(lambda: "3 files with uncommitted edits" in page("/overview"), 5)
    assert re.search(r"devices/bad\.json not served: line 1:", page("/overview")), page("/overview")
    assert "git restore --staged --worktree -- devices/good.json" in page("/devices/good")
    assert "git commit -- devices/good.json" in page("/devices/good")
    assert "is not valid" in page("/devices/bad") and "git commit" not in page("/devices/bad")
    assert "rm -- devices/new.json" in page("/devices/new")
