"""An account of a running server, and the ways in that it has."""

import base64
import http.client
import re
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "correct horse battery"


class Account:
    """`ada`, an administrator: while she is there everybody is asked who they are."""

    def __init__(self, binary, server, path):
        self.binary, self.server, self.path = binary, server, path

    def muster(self, *arguments, **options):
        return subprocess.run([self.binary, *arguments, "--registry", self.server.registry.path], check=True,
                              capture_output=True, text=True, **options).stdout.strip()

    def add(self):
        """Adds her; returns the header of each way in, when the server knows all of them."""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(PASSWORD)
            file.flush()
            self.muster("account", "add", "ada", "--role", "admin", "--password-file", file.name)
        token = self.muster("token", "create", "bench", "--account", "ada")
        self.wait_until(401)
        # It looks four times a second, and whoever comes too early with tokens has to wait.
        time.sleep(1)
        basic = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
        ways = {"token": f"Authorization: Bearer {token}", "password": f"Authorization: Basic {basic}",
                "cookie": f"Cookie: {self.log_in()}"}
        for way in ways.values():
            name, value = way.split(": ", 1)
            assert self.ask("GET", self.path, **{name: value}).status == 200, way
        return ways

    def remove(self):
        """Removes her, so that nobody is asked."""
        self.muster("account", "remove", "ada")
        self.wait_until(200)

    def wait_until(self, status):
        while self.ask("GET", self.path).status != status:
            time.sleep(0.05)

    def log_in(self):
        """The cookie of a new login on the pages."""
        page = self.ask("GET", "/login", Accept="text/html")
        browser = page.getheader("Set-Cookie").split(";")[0]
        code = re.search(r'name="form-code" value="([0-9a-f]+)"', page.text)[1]
        form = urllib.parse.urlencode({"account": "ada", "password": PASSWORD, "form-code": code})
        answer = self.ask("POST", "/login", form, Cookie=browser, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 303, answer.text
        return next(field.split(";")[0] for field in answer.headers.get_all("Set-Cookie") if "session" in field)

    def ask(self, method, path, body=None, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer
