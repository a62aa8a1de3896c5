"""The server killed at random moments while people save: nothing that was acknowledged is lost, and the chains hold."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from forked_servers import Nursery
from platform_server import Asked

from gep.office.database import Office
from gep.office.drafts import read_cell_history
from gep.office.journal import find_break, read_entries
from gep.store.store import Store
from gep.store.two_people import list_prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = int(os.environ.get("GEP_SERVER_KILLS") or (200 if os.environ.get("GEP_LONG") else 4))
PEOPLE = ("zhang", "li", "qian", "sun")
FACTS = ROOT / "inputs/jiangxi-transfers-example/basin_pool.csv"
FORM = "/361027/2023/form/气象局"
CELLS, OTHERS, LONGEST, AFTER = 50, 2, 8.0, 0.2
"""A server is killed when so many cells at most, or other things, were acknowledged, or after so many seconds; and a moment of so many seconds later."""
CLASSES = ("森林", "灌丛", "草地", "湿地")


class Load:
    """What people do while a server is killed, and what it acknowledged."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, str, int]] = []
        self.runs = self.submissions = 0
        self.booked: list[int] = []

    def wait_for(self, cells: int, others: int) -> None:
        """Return when so many cells more, or so many runs, submissions and bookings, were acknowledged, or after the longest time."""
        until, typed, done = time.monotonic() + LONGEST, len(self.cells) + cells, self._count_others() + others
        while (len(self.cells) < typed or self._count_others() < done) and time.monotonic() < until:
            time.sleep(0.005)

    def _count_others(self) -> int:
        return self.runs + self.submissions + len(self.booked)

    def save(self, server: Asked, session: dict[str, str], member: str, version: int) -> None:
        """Save one cell again and again."""
        for count in range(10_000):
            cell = {"variable": "precipitation", "member": member, "value": str(1000 + count), "unit": "mm", "version": version}
            body = json.dumps({"cells": [{**cell, "source": "", "note": ""}]})
            with suppress(OSError, http.client.HTTPException):
                status, _, said = server.ask("POST", f"{FORM}/cells?as=json", body, **session)
                if status == 200:
                    answer = json.loads(said)
                    version = next((one["version"] for one in (*answer["cells"], *answer["conflicts"])), version)
                    self.cells += [(member, one["value"], one["version"]) for one in answer["cells"]]
                time.sleep(0.2)  # runs and bookings get their turn
                continue
            return

    def sign(self, server: Asked, session: dict[str, str]) -> None:
        """Run the account and submit it, again and again."""
        with suppress(OSError, http.client.HTTPException):
            while True:
                self.runs += server.post("/361027/2023/run", session)[0] == 303
                self.submissions += server.post("/361027/2023/submit", session)[0] == 303

    def book(self, server: Asked, one: dict[str, str], other: dict[str, str], standing: int | None, waiting: int | None) -> None:
        """Prepare and confirm a transfer, or the reversal of the one that stands; confirm the one that an earlier server left."""
        with suppress(OSError, http.client.HTTPException):
            if waiting is not None:
                onward = f"/prepared/{waiting}"
            elif standing is None:
                server.post("/money/scheme/jx-basin-pool/register", one)
                facts = json.dumps({"facts.csv": b64encode(FACTS.read_bytes()).decode()})
                _, onward = server.post("/money/scheme/jx-basin-pool/prepare", one, facts=facts, year="2016")
            else:
                form = {"run": str(standing), "scheme": "jx-basin-pool", "year": "2016", "reason": "重复"}
                _, onward = server.post("/money/reverse", one, **form)
            number = re.findall(r"/prepared/(\d+)", onward)
            if number and server.post(f"/money/prepared/{number[0]}/confirm", other)[0] == 303:
                self.booked.append(int(number[0]))


def check(store: Path, load: Load) -> tuple[int | None, int | None]:
    """Hold what was acknowledged against what is there; return the transfer that stands, and the number of the one that waits, if any."""
    office = Office(store)
    stored = {
        member: {cell.version: cell.value for cell in read_cell_history(office, "361027", 2023, "precipitation", member)}
        for member in CLASSES
    }
    lost = [one for one in load.cells if stored[one[0]].get(one[2]) != one[1]]
    assert lost == [], lost[:3]
    assert find_break(office) is None
    office.close()
    opened = Store(store)
    with opened:
        prepared = list_prepared(opened, count=10_000)
    confirmed = {one.number: one.run for one in prepared if one.decision == "confirmed"}
    waiting = next((one.number for one in prepared if not one.decision), None)
    assert set(load.booked) <= set(confirmed)
    runs = opened.ask("SELECT count(*) FROM account WHERE year = 2023").rows[0][0]
    events = opened.ask("SELECT count(*) FROM event e JOIN account a USING (run, account) WHERE a.year = 2023").rows[0][0]
    assert runs >= load.runs
    assert events >= load.submissions
    transfers = {row[0] for row in opened.ask("SELECT transfer_run FROM transfer_run").rows}
    assert {confirmed[one] for one in load.booked} <= transfers
    standing = opened.ask("SELECT max(transfer_run) FROM transfer_standing_run").rows[0][0]
    return None if standing is None else int(standing), waiting


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Where servers begin."""
    made = Nursery()
    yield made
    made.close()


@pytest.mark.process
def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(
    kept_site: Path, nursery: Nursery, tmp_path: Path
) -> None:
    store = tmp_path / "gep.duckdb"
    for file in kept_site.glob("gep.*"):
        shutil.copy(file, tmp_path)
    chance = random.Random(20261128)
    load, standing, waiting = Load(), None, None
    people: list[dict[str, str]] = []
    for _ in range(KILLS):
        process, port = nursery.begin(store)
        try:
            server = Asked(port)
            people = people or [server.log_in(name) for name in PEOPLE]  # who is logged in stays so when the server is killed
            zhang, li, qian, sun = people
            work: list[tuple[Callable[..., None], tuple[object, ...]]] = [
                (load.save, (server, (zhang, li)[at % 2], member, 0)) for at, member in enumerate(CLASSES)
            ]
            work += [(load.sign, (server, zhang)), (load.book, (server, qian, sun, standing, waiting))]
            threads = [threading.Thread(target=target, args=given) for target, given in work]
            for one in threads:
                one.start()
            load.wait_for(chance.randint(0, CELLS), chance.choice((0, 0, *range(OTHERS + 1))))
            time.sleep(chance.uniform(0, AFTER))
        finally:
            nursery.kill(process)
        for one in threads:
            one.join()
        standing, waiting = check(store, load)
    assert load.cells
    sys.stdout.write(
        f"{KILLS} kills: {len(load.cells)} cells, {load.runs} runs, {load.submissions} submissions, {len(load.booked)} bookings kept\n"
    )
    office = Office(store)
    told = {
        int(version)
        for entry in read_entries(office, count=1_000_000, search="cells typed")
        for version in re.findall(r"#(\d+)", entry.result)
    }
    assert {version for _, _, version in load.cells} <= told
    office.close()
    checked = subprocess.run(
        [sys.executable, "-m", "gep", "verify", "--store", str(store)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
