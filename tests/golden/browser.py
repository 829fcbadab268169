"""What the tests of pages share: headless Chromium, counted checks, the page's table, and what holds of every page.

Needs Chromium and chromedriver (WebDriver over HTTP) and only the standard library.
"""
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
           "--force-prefers-reduced-motion", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900"]
KEYS = {"Escape": "\ue00c", "Down": "\ue015", "Up": "\ue013", "Enter": "\ue007"}


def require_chromium():
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            sys.exit(f"{program} is not installed: scripts/install test")


class Browser:
    """The few commands of W3C WebDriver that the checks need."""

    def __init__(self, profile):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = ""
        for _ in range(100):
            try:
                self.call("GET", "/status")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        options = {"binary": shutil.which("chromium"), "args": OPTIONS + [f"--user-data-dir={profile}"]}
        asked = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}}
        self.session = "/session/" + self.call("POST", "/session", asked)["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{self.session}{path}", data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, x, y):
        moves = [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}]})

    def press(self, key):
        code = KEYS[key]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [{"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]}]})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

    def close(self):
        try:
            self.call("DELETE", "")
        except (urllib.error.URLError, ConnectionError):
            pass
        self.driver.terminate()
        self.driver.wait(20)


class Checks:
    def __init__(self):
        self.failures, self.passed = [], 0

    def that(self, holds, text):
        if holds:
            self.passed += 1
        else:
            self.failures.append(text)
        return holds

    def finish(self):
        for text in self.failures:
            print("FAILS:", text)
        print(f"{self.passed} passed, {len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)


COLUMN = """const at = [...document.querySelectorAll('#plots th')].findIndex(th => th.dataset.key === arguments[0]);
return at < 0 ? null : [...document.querySelectorAll('#plots tbody tr')].map(row => row.cells[at].textContent);"""
SORT = "return document.querySelector(`#plots th[data-key=${arguments[0]}]`).getAttribute('aria-sort')"
PRESS_HEAD = "document.querySelector(`#plots th[data-key=${arguments[0]}] button`).click()"
CHANGE = """const node = document.getElementById(arguments[0]); node.value = arguments[1];
node.dispatchEvent(new Event(node.tagName === 'SELECT' ? 'change' : 'input'));"""


def check_quiet(page, checks, url):
    entries = page.run("return performance.getEntriesByType('resource').map(e => e.name)")
    checks.that(not entries, f"the page loads {entries[:3]}")
    asked = []
    for line in page.log("performance"):
        message = json.loads(line["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    asked = [u for u in asked if u != url and not u.startswith(("data:", "about:", "chrome:"))]
    checks.that(not asked, f"requests leave the page: {asked[:3]}")
    errors = [line["message"] for line in page.log("browser") if line["level"] == "SEVERE"]
    checks.that(not errors, f"the browser reports {errors[:3]}")
    checks.that(page.run("return window.broken === undefined"), "text from the data ran as a script")
    check_width(page, checks, "")


def check_width(page, checks, where):
    wide = page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    checks.that(wide <= 0, f"{where}the page is {wide} px wider than its window")


def check_narrow(page, checks):
    page.call("POST", "/window/rect", {"width": 360, "height": 740})
    check_width(page, checks, "in a window of 360 px ")
