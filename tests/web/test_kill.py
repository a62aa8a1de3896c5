"""The server killed at random moments while people save: nothing that was acknowledged is lost, and the chains hold."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from conftest import ROOT
from platform_site import PASSWORD

from gep.office.database import Office
from gep.office.drafts import read_cell_history
from gep.office.journal import find_break, read_entries
from gep.store.store import Store

KILLS = 200 if os.environ.get("GEP_LONG") else 20
PEOPLE = ("zhang", "li")
FORM = "/361027/2023/form/气象局"
CLASSES = ("全县", "森林", "灌丛", "草地", "湿地", "农田", "城镇", "荒漠")


class Server:
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
        self.port = int(found[1])
        for _ in range(200):
            with suppress(OSError):
                self.ask("GET", "/login")
                break
            time.sleep(0.05)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, quote(path, safe="/?=&"), body.encode(), headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def log_in(self, name: str) -> dict[str, str]:
        form = urlencode({"name": name, "password": PASSWORD, "next": "/"})
        status, headers, _ = self.ask("POST", "/login", form, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303
        cookie = headers.get("set-cookie", headers.get("Set-Cookie", "")).partition(";")[0]
        _, _, said = self.ask("GET", "/session", Cookie=cookie)
        return {"Cookie": cookie, "X-CSRF": json.loads(said)["csrf"]}

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.mark.process
def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(kept_site: Path, tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    for file in kept_site.glob("gep.*"):
        shutil.copy(file, tmp_path)
    chance = random.Random(20261128)
    kept: list[tuple[str, str, int]] = []
    submitted: list[int] = []
    turns = 0

    def save(server: Server, headers: dict[str, str], member: str, versions: dict[str, int]) -> None:
        for count in range(10_000):
            value = str(1000 + count)
            cell = {
                "variable": "precipitation",
                "member": member,
                "value": value,
                "unit": "mm",
                "source": "",
                "note": "",
                "version": versions.get(member, 0),
            }
            try:
                status, _, said = server.ask("POST", f"{FORM}/cells?as=json", json.dumps({"cells": [cell]}), **headers)
            except (OSError, http.client.HTTPException):
                return
            if status == 200:
                answer = json.loads(said)
                for one in (*answer["cells"], *answer["conflicts"]):
                    versions[member] = one["version"]
                kept.extend((member, one["value"], one["version"]) for one in answer["cells"])

    while turns < KILLS:
        server = Server(store)
        try:
            sessions = [server.log_in(name) for name in PEOPLE]
            server.ask("GET", FORM, Cookie=sessions[0]["Cookie"])  # what is read once is read
            versions: dict[str, int] = {}
            threads = [
                threading.Thread(target=save, args=(server, sessions[at % 2], member, versions))
                for at, member in enumerate(CLASSES)
            ]
            for one in threads:
                one.start()
            if turns % 5 == 0:
                try:
                    status, _, _ = server.ask(
                        "POST",
                        "/361027/2023/run",
                        urlencode({"csrf": sessions[0]["X-CSRF"]}),
                        **sessions[0],
                        **{"Content-Type": "application/x-www-form-urlencoded"},
                    )
                    submitted.append(status)
                except (OSError, http.client.HTTPException):
                    pass
            time.sleep(chance.uniform(0.02, 0.6))
        finally:
            server.kill()
        for one in threads:
            one.join()
        turns += 1
        office = Office(store)
        stored = {
            member: {cell.version: cell.value for cell in read_cell_history(office, "361027", 2023, "precipitation", member)}
            for member in CLASSES
        }
        lost = [one for one in kept if stored[one[0]].get(one[2]) != one[1]]
        assert lost == [], lost[:3]
        assert find_break(office) is None
        office.close()
    assert len(kept) > KILLS
    assert len(submitted) > 0
    office = Office(store)
    told = {
        int(version)
        for entry in read_entries(office, count=1_000_000, search="cells typed")
        for version in re.findall(r"#(\d+)", entry.result)
    }
    assert {version for _, _, version in kept} <= told
    runs = sum(entry.act == "run" for entry in read_entries(office, count=1_000_000))
    office.close()
    with Store(store) as opened:
        assert len({one.run for one in Store(store).accounts() if one.year == 2023}) <= runs + 1
        assert opened is not None
    checked = subprocess.run(
        [sys.executable, "-m", "gep", "verify", "--store", str(store)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
