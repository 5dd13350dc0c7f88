"""Proposals and edits as a person with a browser meets them."""

import json

from browser import Browser
from support import device_path, eventually
from test_push import address, clone_of, commit, patch, push, set_address, start


def says(text):
    return f"document.body.innerText.includes({json.dumps(text)})"


def test_proposal_in_a_browser(scratch):
    """A person reads a proposal, looks at the preview, comments, settles a conflict and merges by clicks."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone, "Move robot-1 to hall 9")
    assert push(clone, "origin", "HEAD:refs/for/main")[0]
    patch(server, "robot-1", address="10.4.4.4")
    with Browser() as browser:
        browser.open(server.base + "/proposals/")
        browser.script("window.before = true")
        browser.click("a[href='/proposals/1']", says("Conflicts with main"))
        for word in ("10.4.4.4", "10.9.9.9", "robot-1", "/address"):
            assert word in browser.text(), word
        browser.fill("form[action$=comment] textarea", "Is that agreed?")
        browser.fill("form[action$=comment] [name=name]", "Bob")
        browser.click("form[action$=comment] button", says("Is that agreed?"))
        # Without a choice the browser itself does not send the form.
        browser.script("document.querySelector('button[value=merge]').click()")
        assert address(server, "robot-1") == "10.4.4.4"
        browser.script("document.querySelector('input[type=radio][value=theirs]').click()")
        browser.click("button[value=merge]", says("Merged in"))
        browser.open(server.base + "/devices/robot-1")
        assert "10.9.9.9" in browser.text()
    assert address(server, "robot-1") == "10.9.9.9"
    registry.check()


def test_preview_in_a_browser(scratch):
    """Links in a preview stay in it, and the page says which state is shown."""
    registry, server = start(scratch)
    clone = clone_of(scratch, registry)
    set_address(clone, "robot-1", "10.9.9.9")
    commit(clone)
    assert push(clone, "origin", "HEAD:refs/for/main")[0]
    with Browser() as browser:
        browser.open(server.base + "/proposals/1")
        browser.click("a[href='/devices/?at=proposal%3A1']", says("10.9.9.9"))
        browser.click("tbody a", says("proposal:1"))
        assert "at=proposal%3A1" in browser.script("location.href") and "10.9.9.9" in browser.text()
    assert address(server, "robot-1") == "10.0.0.1"


def test_edit_in_a_browser(scratch):
    """An edit in the working tree is shown with its fields, and committed by a click."""
    registry, server = start(scratch)
    before = len(registry.commits())
    set_address(registry, "robot-1", "10.5.5.5")
    eventually(lambda: address(server, "robot-1") == "10.5.5.5")
    with Browser() as browser:
        browser.open(server.base + "/repository/edits")
        assert "10.5.5.5" in browser.text() and "devices/robot-1.json" in browser.text()
        browser.fill("textarea[name=message]", "devices/robot-1: to hall 5")
        browser.click("form button.primary", f"!{says('10.5.5.5')} || {says('ommitted')}")
    eventually(lambda: len(registry.commits()) == before + 1)
    assert registry.git("log", "-1", "--format=%s").strip() == "devices/robot-1: to hall 5"
    assert server.call("PATCH", device_path("robot-1"), {"address": "10.5.5.6"}).status == 200
    registry.check()
