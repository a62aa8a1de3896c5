"""A real process that serves a store, asked over the network of this machine."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from conftest import ROOT
from platform_site import PASSWORD


class Asked:
    """A server on a port of this machine, asked over the network."""

    def __init__(self, port: int) -> None:
        self.port = port
        for _ in range(200):
            with suppress(OSError):
                self.ask("GET", "/login")
                break
            time.sleep(0.05)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, quote(path, safe="/?=&"), body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def post(self, path: str, session: dict[str, str], **form: str) -> tuple[int, str]:
        """Send a form; return status and where it leads."""
        sent = {**session, "Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = self.ask("POST", path, urlencode({"csrf": session["X-CSRF"], **form}), **sent)
        return status, headers.get("location", headers.get("Location", ""))

    def log_in(self, name: str) -> dict[str, str]:
        form = urlencode({"name": name, "password": PASSWORD, "next": "/"})
        status, headers, _ = self.ask("POST", "/login", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303
        cookie = headers.get("set-cookie", headers.get("Set-Cookie", "")).partition(";")[0]
        _, _, said = self.ask("GET", "/session", Cookie=cookie)
        return {"Cookie": cookie, "X-CSRF": json.loads(said)["csrf"]}


class Server(Asked):
    """A real process that serves a store, and the sessions of the people who save."""

    def __init__(self, store: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gep", "serve", "--store", str(store), "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        found = None
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                break
        assert found, "the server does not listen"
        super().__init__(int(found[1]))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
