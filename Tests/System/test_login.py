"""Logins on the pages: by whom, for how long, and that no other site makes anything of them."""

import base64
import http.server
import json
import re
import sqlite3
import threading
import urllib.parse

from browser import Browser
from support import eventually, form_of, free_port, muster

PASSWORD = "correct horse battery"
WORDS = "wrong horse battery"
ADA = {"Authorization": "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()}
HOSTILE = "<img src=x onerror=\"window.hit=1\">'\"&"


def says(text):
    return f"document.body.innerText.includes({json.dumps(text)})"


def is_at(path):
    return f"location.pathname + location.search === {json.dumps(path)}"


def add(registry, name, role="admin"):
    muster("account", "add", name, "--role", role, "--password-file", password_file(registry),
           "--registry", registry.path)


def password_file(registry):
    path = registry.path.parent / "password"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return path


def start(scratch, *options):
    registry = scratch.registry()
    add(registry, "ada")
    return registry, scratch.serve(registry, *options)


def edited_device(registry, server):
    """A device whose file somebody has edited."""
    body = {"uid": "robot-1", "address": "10.0.0.1"}
    answer = server.call("POST", "/api/v1/devices/", body, ADA)
    assert answer.status == 201, answer
    registry.wait_until_clean()
    path = "devices/robot-1.json"
    document = {**json.loads(registry.read(path)), "address": "10.0.0.2"}
    registry.write(path, json.dumps(document, indent=2) + "\n")
    return path


class Visitor:
    """What a browser keeps of a server, without the browser."""

    def __init__(self, server, agent="Visitor", **headers):
        self.server, self.cookies, self.page = server, {}, None
        self.headers = {"Accept": "text/html", "User-Agent": agent, **headers}

    def call(self, method, path, body=None, **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.server.call(method, path, body, {**self.headers, "Cookie": cookie, **headers})
        for field in answer.headers.get_all("Set-Cookie") or []:
            name, value = field.split(";")[0].split("=", 1)
            self.cookies.pop(name, None)
            if "Max-Age=0" not in field:
                self.cookies[name] = value
        return answer

    def get(self, path):
        answer = self.call("GET", path)
        code = re.search(r'name="form-code" value="([0-9a-f]+)"', answer.body.decode())
        self.code = code[1] if code else ""
        return answer

    def send(self, path, page=None, /, **fields):
        """Sends the form of a page, by default of the one that it leads to."""
        self.get(page or path)
        body = urllib.parse.urlencode({**fields, "form-code": self.code}, doseq=True)
        return self.call("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def log_in(self, name="ada", password=PASSWORD, then="/account/"):
        answer = self.send("/login", account=name, password=password, then=then)
        return answer

    @property
    def session(self):
        return next((value for name, value in self.cookies.items() if "session" in name), None)


def go(browser, address, condition):
    browser.script("window.before = true")
    browser.call("Page.navigate", url=address)
    browser.wait(f"!window.before && document.readyState === 'complete' && ({condition})")


def log_in(browser, server, path="/overview"):
    go(browser, server.base + path, "location.pathname === '/login'")
    browser.fill("[name=account]", "ada")
    browser.fill("[name=password]", PASSWORD)
    browser.click("form.fields button", f"location.pathname === {json.dumps(path.split('?')[0])}")


def test_login_in_a_browser(scratch):
    """A person is asked to log in, comes back to the page, stays in over a restart, and goes out again."""
    registry, server = start(scratch)
    with Browser() as browser:
        go(browser, server.base + "/devices/?q=a%20b", "location.pathname === '/login'")
        head = registry.git("rev-parse", "HEAD")[:8]
        assert head not in browser.text() and "Proposals" not in browser.text(), browser.text()
        assert browser.script("document.activeElement.name") == "account"
        browser.fill("[name=account]", "Ada")
        browser.fill("[name=password]", WORDS)
        browser.click("form.fields button", says("Not logged in."))
        assert browser.script("document.querySelector('[name=account]').value") == "ada"
        assert browser.script("document.activeElement.name") == "password"
        browser.fill("[name=password]", PASSWORD)
        browser.click("form.fields button", is_at("/devices/?q=a%20b"))
        assert "ada" in browser.text() and "Log out" in browser.text()
        assert browser.script("document.cookie") == "", "a script can read the cookies"
        assert server.stop() == 0
        server = scratch.serve(registry, port=server.port)
        browser.open(server.base + "/overview")
        assert "ada" in browser.text()
        browser.click("form[action='/logout'] button", is_at("/login"))
        go(browser, server.base + "/overview", "location.pathname === '/login'")
    assert WORDS not in server.log.read_text() and PASSWORD not in server.log.read_text()
    assert PASSWORD not in registry.git("log", "--all", "-p")


def test_who_is_the_author(scratch):
    """What somebody commits by a form is theirs, and nobody is asked for a name."""
    registry, server = start(scratch)
    ada = Visitor(server)
    assert ada.log_in().status == 303
    path = edited_device(registry, server)

    def edit():
        return re.search(r'name="seen" value="([^"]+)"', ada.get("/repository/edits").body.decode())

    eventually(edit, what="the edit's being noticed")
    assert "Your name" not in ada.get("/repository/edits").body.decode()
    answer = ada.send("/repository/edits/commit", "/repository/edits", path=path,
                      seen=edit()[1], message="Move it", name="Mallory")
    assert answer.status == 303, answer
    author = registry.git("log", "-1", "--format=%an <%ae>").strip()
    assert author == "ada <ada@muster.invalid>", author


def test_sessions_end(scratch):
    """A login ends when it is not used, when its account is shut out, and when the password is changed."""
    registry, server = start(scratch)
    add(registry, "grace", "reader")
    ada, grace, other = Visitor(server), Visitor(server), Visitor(server)
    for visitor, name in ((ada, "ada"), (grace, "grace"), (other, "ada")):
        eventually(lambda: visitor.log_in(name).status == 303, what=name)
    assert "Visitor" in ada.get("/account/").body.decode()
    muster("account", "disable", "grace", "--registry", registry.path)
    eventually(lambda: grace.get("/account/").status == 303, 3, "the end of the session")
    new = "another horse battery"
    bad = ada.send("/account/password", password=WORDS, new=new, again=new)
    assert bad.status == 422 and other.get("/account/").status == 200, bad
    for fields in ({"new": new, "again": new + "x"}, {"new": "short", "again": "short"},
                   {"new": PASSWORD, "again": PASSWORD}):
        assert ada.send("/account/password", password=PASSWORD, **fields).status == 422, fields
    assert ada.send("/account/password", password=PASSWORD, new=new, again=new).status == 303
    assert ada.get("/account/").status == 200 and other.get("/account/").status == 303
    assert other.log_in().status == 403 and other.log_in(password=new).status == 303
    assert ada.send("/account/sessions", "/account/", do="log-out-others").status == 303
    assert ada.get("/account/").status == 200 and other.get("/account/").status == 303
    # Not used for half a day.
    server.stop()
    with sqlite3.connect(registry.path / ".git/muster/accounts.sqlite") as base:
        base.execute("UPDATE session SET last_use = last_use - 13 * 3600 * 1000000")
    server = ada.server = scratch.serve(registry, port=server.port)
    answer = ada.get("/account/")
    assert (answer.status, answer.headers["Location"]) == (303, "/login?then=%2Faccount%2F"), answer
    assert "You have been logged out." in ada.get("/login").body.decode() and ada.session is None


def test_cookies(scratch):
    """Cookies are out of reach of scripts and other sites, by TLS bound to the host, and new at each login."""
    registry, server = start(scratch)
    visitor = Visitor(server)
    fields = visitor.get("/login").headers["Set-Cookie"], visitor.log_in().headers["Set-Cookie"]
    for field in fields:
        name, *flags = field.split("; ")
        assert name.startswith("muster-") and set(flags) == {"Path=/", "HttpOnly", "SameSite=Lax"}, field
    first = visitor.session
    assert len(first) == 64
    # A session that somebody else has put there is not taken over.
    planted = Visitor(server)
    name = next(name for name in visitor.cookies if "session" in name)
    planted.cookies[name] = "0" * 64
    assert planted.log_in().status == 303 and planted.session not in ("0" * 64, first)
    # A login anew ends the session before, and logging out ends it at the server.
    visitor.get("/account/")
    body = urllib.parse.urlencode({"account": "ada", "password": PASSWORD, "form-code": visitor.code})
    again = visitor.call("POST", "/login", body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert again.status == 303 and visitor.session != first
    old = Visitor(server)
    old.cookies[name] = first
    assert old.get("/account/").status == 303
    kept = visitor.session
    assert visitor.send("/logout", "/account/").status == 303 and visitor.session is None
    old.cookies[name] = kept
    assert old.get("/account/").status == 303
    secure = Visitor(server, **{"X-Forwarded-Proto": "https"})
    field = secure.log_in().headers["Set-Cookie"]
    assert field.startswith("__Host-muster-session-") and "; Secure" in field and "; Path=/;" in field, field
    # What came without TLS does not count with it.
    plain = Visitor(server)
    plain.log_in()
    secure = Visitor(server, **{"X-Forwarded-Proto": "https"})
    secure.cookies = plain.cookies
    assert secure.get("/account/").status == 303


def test_where_a_login_leads(scratch):
    """Back to a page of this server, and nowhere else."""
    _, server = start(scratch, "--prefix", "/registry")
    visitor = Visitor(server)
    answer = visitor.get("/history/?of=devices&at=v1")
    then = "%2Fhistory%2F%3Fof%3Ddevices%26at%3Dv1"
    assert (answer.status, answer.headers["Location"]) == (303, "/registry/login?then=" + then), answer
    for path, leads in {
        "/history/?of=devices&at=v1": "/history/?of=devices&at=v1", "//evil.example": "/overview",
        "/\\evil.example": "/overview", "https://evil.example/": "/overview", "/\t/evil.example": "/overview",
        "%2F%2Fevil.example": "/overview", "/login?then=/x": "/overview", "": "/overview",
        "/x\r\nSet-Cookie: a=b": "/overview", "javascript:alert(1)": "/overview",
    }.items():
        answer = Visitor(server).log_in(then=path)
        assert answer.headers.get_all("Location") == ["/registry" + leads], (path, answer.headers)
    answer = visitor.get("/login?then=%2F%2Fevil.example")
    assert "evil" not in answer.body.decode()
    visitor.log_in()
    assert visitor.get("/login?then=%2F%2Fevil.example").headers["Location"] == "/registry/overview"


def test_failures(scratch):
    """An unknown name and a wrong password look the same, and guessing gets slow."""
    registry, server = start(scratch)
    visitor = Visitor(server)
    pages = [visitor.log_in(name, WORDS).body.decode() for name in ("ada", "nobody")]
    plain = [re.sub(r'value="[0-9a-f]{128}"|value="(ada|nobody)"', "", page) for page in pages]
    assert plain[0] == plain[1] and "do not go together" in plain[0]
    assert not any("WWW-Authenticate" in visitor.log_in("ada", WORDS).headers for _ in range(2))
    answers = [visitor.log_in("ada", f"{WORDS} {number}") for number in range(20)]
    late = [answer for answer in answers if answer.status == 429]
    assert late and int(late[0].headers["Retry-After"]) > 0 and "Too many" in late[0].body.decode()
    log = server.log.read_text()
    assert "wrong name or password" in log and "audit" in log and WORDS not in log


def test_apis_take_no_cookie(scratch):
    """A login on the pages opens what links lead to, and writes by no API."""
    registry, server = start(scratch)
    ada = Visitor(server)
    ada.log_in()
    assert ada.call("GET", "/api/v1/devices/").status == 200
    assert ada.call("GET", "/api/registry/v1/documents/devices").status == 200
    body = {"uid": "robot-1", "address": "10.0.0.1"}
    before = registry.commits()
    assert ada.call("POST", "/api/v1/devices/", body).status == 401
    document = "/api/registry/v1/documents/devices/robot-1"
    assert ada.call("PUT", document, body).status == 401
    assert ada.call("DELETE", document).status == 401
    assert ada.call("POST", "/registry.git/git-receive-pack", b"0000").status in (401, 415)
    assert registry.commits() == before


class OtherSite:
    """A site that makes browsers send things elsewhere."""

    def __init__(self, scratch):
        site = self
        self.page = ""

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        scratch.at_end.append(server.server_close)
        scratch.at_end.append(server.shutdown)

    def form(self, address, fields, kind="application/x-www-form-urlencoded"):
        inputs = "".join(f"<textarea name='{name}'>{value}</textarea>" for name, value in fields.items())
        self.page = f"<form method=post action='{address}' enctype='{kind}'>{inputs}</form>" \
            "<script>document.forms[0].submit()</script>"


def test_other_sites(scratch):
    """A page of another site, and of another port of the same host, changes nothing with somebody's login."""
    registry, server = start(scratch)
    site = OtherSite(scratch)
    path = edited_device(registry, server)
    before = registry.commits()
    with Browser() as browser:
        eventually(lambda: server.call("GET", "/api/registry/v1/edits", headers=ADA).json["edits"])
        log_in(browser, server, "/repository/edits")
        seen = browser.script("document.querySelector('[name=seen]').value")
        commit = {"path": path, "seen": seen, "message": "x"}
        code, _ = form_of(server, "/login")
        account = {"account": "mallory", "kind": "person", "roles": "admin"}
        for host in ("localhost", "127.0.0.1"):
            for target, fields in (
                    ("/repository/edits/commit", commit),
                    ("/repository/edits/commit", {**commit, "form-code": code}),
                    ("/accounts/", {**account, "form-code": code}), ("/account/tokens", {"do": "create"})):
                site.form(server.base + target, fields)
                go(browser, f"http://{host}:{site.port}/", f"location.origin === {json.dumps(server.base)}")
                assert "Not done" in browser.text() or "Not logged in" in browser.text(), browser.text()
            # A page that writes by an API; where the browser asks its person for a password, it waits.
            device = {"uid": "robot-2", "address": "10.0.0.2"}
            site.page = f"""<script>
                fetch("{server.base}/api/v1/devices/", {{method: "POST", mode: "no-cors", credentials: "include",
                signal: AbortSignal.timeout(3000), body: new URLSearchParams({json.dumps(device)})}}).finally(() => document.title = "sent")</script>"""
            go(browser, f"http://{host}:{site.port}/", "document.title === 'sent'")
            # Nor can it look at anything, or show it in a frame.
            site.page = f"""<iframe src="{server.base}/account/"></iframe><script>
                fetch("{server.base}/account/", {{credentials: "include"}}).then(
                () => document.title = "read", () => document.title = "refused")</script>"""
            go(browser, f"http://{host}:{site.port}/", "document.title === 'refused'")
        assert registry.commits() == before
        names = [account["name"] for account in json.loads(
            muster("account", "list", "--json", "--registry", registry.path).stdout)]
        assert names == ["ada"], names
        # The same form on its own page does it.
        browser.open(server.base + "/repository/edits")
        browser.click("form button.primary", says("Done."))
    eventually(lambda: len(registry.commits()) == len(before) + 1)


def test_tokens_by_page(scratch):
    """Somebody makes a token that is shown once, sees its use, and revokes it."""
    registry, server = start(scratch)
    ada = Visitor(server)
    ada.log_in()
    page = ada.send("/account/tokens", do="create", name="backup", right=["read"], expires="7",
                    networks="127.0.0.0/8 ::1")
    secret = re.search(r"muster_[0-9a-f]{64}", page.body.decode())[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert secret not in ada.get("/account/tokens").body.decode()
    bearer = {"Authorization": f"Bearer {secret}"}
    assert server.call("GET", "/api/v1/devices/", headers=bearer).status == 200
    body = {"uid": "robot-1", "address": "10.0.0.1"}
    assert server.call("POST", "/api/v1/devices/", body, bearer).status == 403
    page = ada.get("/account/tokens").body.decode()
    assert "from <bdi>127.0.0.1</bdi>" in page and "127.0.0.0/8, ::1" in page, page
    # A token makes no other, and manages nothing.
    for path in ("/account/", "/account/tokens", "/accounts/"):
        assert server.call("GET", path, headers={**bearer, "Accept": "text/html"}).status == 403, path
    for fields in ({"name": "x"}, {"name": "x", "right": "read", "networks": "10.0.0.0/99"},
                   {"name": "x", "right": "read", "expires": "soon"}, {"name": "", "right": "read", "expires": "7"},
                   {"name": "backup", "right": "read", "expires": "7"}):
        assert ada.send("/account/tokens", do="create", **fields).status in (409, 422), fields
    token = re.search(r"tk_[0-9a-f]+", page)[0]
    assert ada.send("/account/tokens", do="revoke", token=token).status == 303
    assert server.call("GET", "/api/v1/devices/", headers=bearer).status == 401
    log = server.log.read_text()
    assert "token.create" in log and "token.revoke" in log and secret not in log


def test_accounts_by_page(scratch):
    """An administrator lets a person in by a password for one login; others manage no accounts."""
    registry, server = start(scratch)
    ada, grace = Visitor(server), Visitor(server)
    ada.log_in()
    page = ada.send("/accounts/", account="Grace", kind="person", roles="reader").body.decode()
    one = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", page)[0]
    assert one not in ada.get("/accounts/grace").body.decode()
    assert "invited" in ada.get("/accounts/").body.decode()
    assert grace.log_in("grace", one).headers["Location"] == "/account/password"
    for path in ("/overview", "/account/", "/devices/", "/account/tokens"):
        assert grace.get(path).headers["Location"] == "/account/password", path
    assert grace.call("GET", "/api/v1/devices/").status == 401
    new = "grace has her own"
    assert grace.send("/account/password", password=one, new=new, again=new).status == 303
    assert grace.get("/overview").status == 200 and Visitor(server).log_in("grace", one).status == 403
    # A reader neither changes documents nor sees accounts.
    for path in ("/accounts/", "/accounts/ada", "/accounts/ada/tokens"):
        assert grace.get(path).status == 403, path
    assert grace.send("/accounts/grace", "/account/", do="roles", roles="admin").status == 403
    assert "Accounts" not in grace.get("/account/").body.decode()
    # Roles count at once; nobody takes the way in from themselves.
    assert ada.send("/accounts/grace", do="roles", roles="admin reader").status == 200
    assert grace.get("/accounts/").status == 200
    for fields in ({"do": "roles", "roles": "reader"}, {"do": "disable"}, {"do": "remove"}, {"do": "password"}):
        assert ada.send("/accounts/ada", **fields).status == 409, fields
    page = grace.send("/accounts/ada", do="password").body.decode()
    assert ada.get("/account/").status == 303, "the session outlived the password"
    assert grace.send("/accounts/ada", do="disable").status == 200
    assert Visitor(server).log_in("ada", re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", page)[0]).status == 403
    assert grace.send("/accounts/ada", do="remove").status == 303
    assert grace.get("/accounts/ada").status == 404
    machine = grace.send("/accounts/", account="agent", kind="machine", roles="editor")
    assert machine.status == 200 and not re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", machine.body.decode())
    page = grace.send("/accounts/agent/tokens", do="create", name="t", right=["read", "write"], expires="never")
    bearer = {"Authorization": "Bearer " + re.search(r"muster_[0-9a-f]{64}", page.body.decode())[0]}
    body = {"uid": "robot-1", "address": "10.0.0.1"}
    assert server.call("POST", "/api/v1/devices/", body, bearer).status == 201
    assert registry.git("log", "-1", "--format=%an").strip() == "agent"
    for fields in ({"account": "agent"}, {"account": "a b"}, {"account": ""}, {"account": "x", "roles": "<b>"},
                   {"account": "x", "roles": "readers"}):
        assert grace.send("/accounts/", **{"kind": "machine", **fields}).status in (409, 422), fields


def test_markup_is_text(scratch):
    """Markup in everything that somebody can type or send is shown as text in a browser."""
    registry, server = start(scratch)
    ada = Visitor(server, agent=HOSTILE)
    ada.log_in()
    ada.send("/account/tokens", do="create", name=HOSTILE, right="read", expires="7", device=HOSTILE)
    muster("account", "add", "agent", "--machine", "--registry", registry.path)
    with Browser() as browser:
        query = urllib.parse.urlencode({"then": "/" + HOSTILE.replace(" ", "")})
        go(browser, f"{server.base}/login?{query}", "location.pathname === '/login'")
        browser.fill("[name=account]", HOSTILE)
        browser.fill("[name=password]", HOSTILE)
        browser.click("form.fields button", says("Not logged in."))
        assert browser.script("window.hit") is None
        browser.fill("[name=account]", "ada")
        browser.fill("[name=password]", PASSWORD)
        browser.script("document.querySelector('[name=then]').value = '/account/'")
        browser.click("form.fields button", is_at("/account/"))
        for path, shown in (("/account/", True), ("/account/tokens", True), ("/accounts/ada", True),
                            ("/accounts/ada/tokens", True), ("/accounts/", False), ("/account/password", False)):
            browser.open(server.base + path)
            assert not shown or HOSTILE in browser.text(), (path, browser.text())
            assert browser.script("window.hit") is None, path
            assert browser.script("document.querySelector('img[src=x]')") is None, path


def test_nobody_is_asked_without_accounts(scratch):
    """Where nobody has an account nothing is said of logins."""
    registry = scratch.registry()
    server = scratch.serve(registry)
    visitor = Visitor(server)
    for path in ("/overview", "/devices/", "/repository/edits"):
        page = visitor.get(path).body.decode()
        assert "Log in" not in page and "Log out" not in page and "/login" not in page, path
    assert visitor.get("/login?then=/devices/").headers["Location"] == "/devices/"
    for path in ("/account/", "/accounts/", "/account/tokens"):
        answer = visitor.get(path)
        assert answer.status == 404 and "muster account add" in answer.body.decode(), answer
    fields = {"account": "mallory", "kind": "person", "roles": "admin"}
    assert visitor.send("/accounts/", "/repository/webhooks", **fields).status == 404
    assert json.loads(muster("account", "list", "--json", "--registry", registry.path).stdout) == []


def test_read_only(scratch):
    """A server that changes nothing in the registry says so, shows no form that would, and lets people in and out."""
    registry, server = start(scratch)
    edited_device(registry, server)
    server.stop()
    server = scratch.serve(registry, "--read-only")
    ada = Visitor(server)
    assert ada.log_in().status == 303
    eventually(lambda: "robot-1" in ada.get("/repository/edits").body.decode(), 5)
    commit = registry.git("rev-parse", "HEAD").strip()
    for path in ("/overview", "/repository/", "/repository/edits", "/repository/undo", "/repository/webhooks",
                 "/repository/undo?commit=" + commit, "/repository/edits/discard?path=devices/robot-1.json",
                 "/history/" + commit, "/devices/robot-1", "/proposals/", "/repository/kept", "/repository/deleted"):
        answer = ada.get(path)
        page = answer.body.decode()
        assert answer.status == 200 and page.count("Read-only:") == 1, (path, answer)
        forms = re.findall(r'<form [^>]*method="post" action="([^"]*)"', page)
        assert forms == ["/logout"], (path, forms)
    for path in ("/account/tokens", "/accounts/"):
        assert f'action="{path}"' in ada.get(path).body.decode(), path
    assert ada.send("/logout", "/account/").status == 303
