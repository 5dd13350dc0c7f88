"""Markup in every field that somebody can fill is text in a real browser, and other sites can send no form."""

import collections
import html
import http.server
import json
import re
import threading
import urllib.parse

from browser import Browser
from support import device_path, eventually, free_port
from test_craton import Craton, craton_registry
from test_push import clone_of, commit, push, set_address

EVIL = "\"'><img src=x onerror=window.pwned=1><script>window.pwned=2</script><svg/onload=window.pwned=3>{{x}}{{{y}}}&lt;b&gt;"
SCHEME = "javascript:window.pwned=4//"
API = "/api/registry/v1/"
PAGES = ["/overview", "/devices/", "/fleet/", "/dashboards/", "/rules/", "/history/", "/history/activity", "/proposals/",
         "/repository/", "/repository/deleted", "/repository/problems", "/repository/edits", "/repository/webhooks", "/api-reference/",
         "/history/compare?older=HEAD~5&newer=HEAD", f"/search/?q={urllib.parse.quote(EVIL)}", f"/devices/?uid={urllib.parse.quote(EVIL)}",
         f"/history/?author={urllib.parse.quote(EVIL)}", f"/devices/{urllib.parse.quote(EVIL, safe='')}", f"/{urllib.parse.quote(EVIL, safe='')}",
         f"/overview?at={urllib.parse.quote(EVIL)}"]


def filled(scratch):
    """A registry with markup in every field of every kind of document, message, name and note."""
    registry = craton_registry(scratch)
    server = scratch.serve(registry)

    def post(path, body, status=201, method="POST", headers=None):
        answer = server.call(method, path, body, headers={"X-Commit-Message": "why: " + EVIL, **(headers or {})})
        assert answer.status == status, (path, answer)
        return answer

    uid = "<img src=x onerror=window.pwned=5>"
    for path, body in (
            ("applications/grafana/dashboards/", {"uid": uid, "dashboard": {"title": EVIL, "uid": EVIL, "panels": [{"title": EVIL, "url": SCHEME}]}}),
            ("applications/foxglove/dashboards/", {"uid": uid, "dashboard": {"title": EVIL, EVIL: EVIL}}),
            ("applications/prometheus/rules/", {"uid": uid, "rules": f"groups:\n- name: {json.dumps(EVIL)}\n  rules: []\n"}),
            ("applications/loki/rules/", {"uid": uid, "rules": f"groups:\n- name: {json.dumps(EVIL)}\n  rules: []\n"})):
        server.call("POST", "/api/v1/" + path, body, headers={"X-Commit-Message": EVIL})
    post("/api/v1/devices/", {"uid": uid, "address": "10.0.0.1", "public_ssh_key": "ssh-rsa AAAA " + EVIL, "grafana_dashboards": [uid],
                              "foxglove_dashboards": [uid]})
    post("/api/v1/devices/", {"uid": "robot-1", "address": "10.0.0.1"})
    post("/api/v1/devices/", {"uid": "gone" + uid, "address": "10.0.0.1"})
    post(device_path("gone" + uid), None, 204, "DELETE")
    demo = Craton(server)
    cloud = demo.make("clouds", name=EVIL, note=EVIL, variables={EVIL: EVIL, "deep": {EVIL: [SCHEME]}})
    region = demo.make("regions", name=EVIL, note=EVIL, cloud_id=cloud["id"], variables={EVIL: EVIL})
    host = demo.make("hosts", name="<b>host", cloud_id=cloud["id"], region_id=region["id"], device_type="server", ip_address="10.0.0.1",
                     note=EVIL, variables={EVIL: EVIL})
    demo.call("PUT", f"hosts/{host['id']}/labels", {"labels": [EVIL, "<script>"]})
    post(API + "webhooks", {"url": "https://example.org/?" + urllib.parse.quote("<script>", safe="<>"), "description": EVIL})
    clone = clone_of(scratch, registry)
    clone.git("config", "user.name", EVIL.replace("<", "(").replace(">", ")") + "&lt;script&gt;")
    set_address(clone, "robot-1", "10.9.9.9")
    clone.write("notes/<img src=x onerror=window.pwned=6>.txt", EVIL)
    commit(clone, EVIL + "\n\n" + EVIL)
    done, words = push(clone, "-o", "title=" + EVIL, "-o", "text=" + EVIL, "origin", "HEAD:refs/for/main")
    assert done, words
    clone.git("reset", "--hard", "--quiet", "origin/main")
    clone.write("devices/<script>window.pwned=7<%2Fscript>.json", "{" + EVIL)
    commit(clone, "broken")
    registry.git("fetch", "--quiet", str(clone.path), "HEAD")
    registry.git("merge", "--quiet", "--no-edit", "FETCH_HEAD", check=False)
    (registry.path / "devices/robot-1.json").write_text(json.dumps({"uid": "robot-1", "address": EVIL}))
    return registry, server


def links(server, page, seen):
    """Where a page leads to on this server."""
    found = set()
    for link in re.findall(rb'(?:href|src)="([^"]*)"', page):
        link = html.unescape(link.decode())
        assert not re.match(r"\s*(javascript|data|vbscript):", link, re.I), link
        if link.startswith("/") and not link.startswith(("/static", "/api/", "/registry.git", "/backup")):
            found.add(link.split("#")[0])
    return found - seen


def test_markup_is_text_everywhere(scratch):
    """In every page that can be reached, markup of devices, Craton, commits, webhooks and searches does nothing."""
    registry, server = filled(scratch)
    waiting, seen, shown, alike = list(PAGES), set(PAGES), 0, collections.Counter()
    with Browser() as browser:
        while waiting:
            path = waiting.pop(0)
            answer = server.get(path, Accept="text/html")
            assert answer.status < 500, (path, answer)
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"], path
            # Pages of one kind are alike; the first of them have shown what there is.
            new = sorted(links(server, answer.body, seen))
            seen |= set(new)
            for link in new:
                kind = link.split("?")[0].rpartition("/")[0]
                alike[kind] += 1
                if alike[kind] <= 6:
                    waiting.append(link)
            browser.open(server.base + path)
            assert browser.script("typeof window.pwned") == "undefined", path
            strange = browser.script(
                "[...document.querySelectorAll('*')].filter(e => e.matches('img[src=x], script:not([src]), [onload], [onerror], "
                "[onclick], iframe, object, embed, base, meta[http-equiv]')).map(e => e.outerHTML).join(' ')")
            assert strange == "", (path, strange)
            shown += 1
    print(f"    {shown} pages of {len(seen)} that were found")
    assert shown > 40 and any(path.startswith("/history/") and len(path) > 40 for path in seen)


def test_other_sites_send_no_form(scratch):
    """A page of another site cannot make a browser write, by a form, by fetch or by an image, nor show a page in a frame."""
    registry, server = filled(scratch)
    before = registry.commits()
    target = server.base
    forms = "".join(
        f'<form id=f{number} method=post enctype="{kind}" target=frame{number} action="{target}{path}"><input name=\'{name}\' value=\'{value}\'></form>'
        f"<iframe name=frame{number}></iframe>"
        for number, (path, kind, name, value) in enumerate((
            ("/api/v1/devices/", "text/plain", '{"uid": "evil", "address": "10.0.0.1", "x": "', '"}'),
            ("/api/v1/devices/", "application/x-www-form-urlencoded", "uid", "evil"),
            ("/repository/webhooks", "application/x-www-form-urlencoded", "url", "https://evil.example/"),
            ("/repository/edits/commit", "application/x-www-form-urlencoded", "message", "evil"),
            ("/proposals/1/judge", "application/x-www-form-urlencoded", "action", "merge"),
            ("/v1/clouds", "text/plain", '{"name": "', '"}'))))
    script = f"""
        const forms = [...document.forms]; forms.forEach(form => form.submit());
        const send = (method, path, body) => fetch('{target}' + path, {{method, body, mode: 'no-cors', credentials: 'include'}}).catch(() => 0);
        Promise.all([send('POST', '/api/v1/devices/', '{{"uid": "evil", "address": "10.0.0.1"}}'), send('POST', '/api/registry/v1/webhooks', '{{}}'),
            fetch('{target}/api/v1/devices/', {{headers: {{'X-A': 'b'}}}}).then(r => r.text()).then(() => window.read = true).catch(() => 0),
            fetch('{target}/api/v1/devices/robot-1/', {{method: 'DELETE'}}).catch(() => 0)]).then(() => setTimeout(() => window.done = true, 1500))"""
    page = f"<!doctype html><body>{forms}<iframe id=page src='{target}/overview'></iframe><script>{script}</script>".encode()

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    other = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    scratch.at_end.append(other.shutdown)
    with Browser() as browser:
        # Another name and another port: another site.
        browser.open(f"http://localhost:{other.server_port}/")
        eventually(lambda: browser.script("window.done") is True, 15, "the other page's end")
        assert browser.script("typeof window.read") == "undefined", "another site read an answer"
        assert browser.script("document.getElementById('page').contentDocument") is None
    assert registry.commits() == before
    assert server.get("/api/v1/devices/evil/").status == 404
    assert server.get(API + "webhooks").json["total"] == 1
    assert server.get("/api/v1/devices/robot-1/").status == 200
