"""A real browser that a test opens pages in, fills in and clicks: Debian's chromium by its debugging pipe."""

import itertools
import json
import os
import subprocess
import time

from support import need


class Browser:
    """Headless chromium with one page (Chrome DevTools Protocol, messages end in a zero byte)."""

    def __init__(self, width=1280, height=1000):
        need("chromium")
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def arrange():
            # The browser reads descriptor 3 and writes 4.
            incoming, outgoing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(incoming, 3)
            os.dup2(outgoing, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--window-size={width},{height}", "about:blank"],
            preexec_fn=arrange, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.numbers, self.pending = itertools.count(1), b""
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.writer)
        os.close(self.reader)

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.pending:
                part = os.read(self.reader, 1 << 16)
                assert part, "the browser has gone"
                self.pending += part
            line, self.pending = self.pending.split(b"\0", 1)
            answer = json.loads(line)
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def script(self, text):
        """What a script in the page gives."""
        result = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait(f"location.href.startsWith({json.dumps(address)}) && document.readyState === 'complete'")

    def wait(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while True:
            try:
                if self.script(condition):
                    return
            except AssertionError:
                pass  # between two pages
            assert time.monotonic() < end, f"{condition} did not hold; the page says:\n{self.text()}"
            time.sleep(0.05)

    def text(self):
        return self.script("document.body.innerText")

    def fill(self, selector, value):
        self.script(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(value)}")

    def click(self, selector, then):
        """Clicks and waits until the next page fulfils a condition."""
        self.script("window.before = true")
        self.script(f"document.querySelector({json.dumps(selector)}).click()")
        self.wait(f"!window.before && document.readyState === 'complete' && ({then})")
