"""How fast the platform saves: many people save cells, some read, one real server; prints medians and p95 of both, and its processor time.

All come within the first five seconds, three seconds after the server listens: a crowd that no working day has. So both the whole
time and what comes after ten seconds are printed.

python tests/benchmarks/saving.py [--people 200] [--readers 20] [--seconds 30] [--years 10] [--made STORE]
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "shared")]

from gep.office.database import Office
from gep.office.people import add_person
from gep.office.rights import Person, Role
from gep.reference.regions import read_divisions

FORMS = ("气象局", "统计局", "农业农村局")
SLOW, SETTLED = 0.3, 10.0
"""Seconds above which a request is counted as slow, and after which all have come."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=200)
    options.add_argument("--readers", type=int, default=20)
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--think", type=float, default=5.0, help="seconds between two savings of a person, in the mean")
    options.add_argument("--years", type=int, default=10, help="years of the hundred counties in the store")
    options.add_argument("--made", type=Path, help="a store that was made before, copied: to measure two versions in turn")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp())
    store = folder / "gep.duckdb"
    if given.made:
        shutil.copyfile(given.made, store)
    else:
        make_years(store, folder, given.years)
    office = Office(store)
    counties = [code for code, one in read_divisions().items() if code.startswith("36") and one.level == "county"][:100]
    add_person(office, Person("admin", "管理员", Role.ADMINISTRATOR), "server")
    people = [Person(f"p{at}", f"人{at}", Role.ACCOUNTANT, counties[at % 100]) for at in range(given.people + given.readers)]
    cookies = make_sessions(office, people)
    office.close()
    os.sync()  # what was made for this must not be written to the disk while it is measured
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = subprocess.Popen(
        [sys.executable, "-m", "gep", "serve", "--store", str(store), "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    port = next(int(found[1]) for line in server.stdout if (found := re.search(r"http://127\.0\.0\.1:(\d+)/", line)))
    time.sleep(3)
    saved: list[tuple[float, float]] = []
    read: list[tuple[float, float]] = []
    failed: list[str] = []
    start = time.perf_counter()
    ends = time.monotonic() + given.seconds

    def ask(
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: str,
        headers: dict[str, str],
        into: list[tuple[float, float]],
    ) -> bytes:
        began = time.perf_counter()
        try:
            connection.request(method, quote(path, safe="/?=&"), body.encode(), headers)
            answer = connection.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):  # closed while this person thought
            connection.close()
            connection.request(method, quote(path, safe="/?=&"), body.encode(), headers)
            answer = connection.getresponse()
        said = answer.read()
        into.append((began - start, time.perf_counter() - began))
        if answer.status != 200:
            failed.append(f"{answer.status} {path}")
        return said

    def work(person: Person, headers: dict[str, str], chance: random.Random, *, reads: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        member = version = 0
        time.sleep(chance.uniform(0, given.think))
        while time.monotonic() < ends:
            form = f"/{person.place}/2023/form/{chance.choice(FORMS)}"
            if reads:
                ask(
                    connection,
                    "GET",
                    chance.choice(("/", f"/{person.place}/2019/result", form, f"/{person.place}/2023")),
                    "",
                    headers,
                    read,
                )
            else:
                member += 1
                cell = {
                    "variable": ("precipitation", "evapotranspiration")[int(person.name[1:]) // 100 % 2],
                    "member": "全县",
                    "value": str(member),
                    "unit": "mm",
                    "source": "s",
                    "note": "",
                    "version": version,
                }
                said = ask(
                    connection,
                    "POST",
                    f"/{person.place}/2023/form/气象局/cells?as=json",
                    json.dumps({"cells": [cell]}),
                    headers,
                    saved,
                )
                version = json.loads(said)["cells"][0]["version"]
            time.sleep(chance.expovariate(1 / given.think))

    threads = [
        threading.Thread(target=work, args=(one, cookies[one.name], random.Random(at)), kwargs={"reads": at >= given.people})
        for at, one in enumerate(people)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    server.terminate()
    server.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    kept = Office(store).rows("SELECT count(*) FROM cell")[0][0]
    for name, requests in (("saving", saved), ("reading", read)):
        for part, since in (("the whole time", 0.0), (f"after {SETTLED:.0f} s", SETTLED)):
            ordered = sorted(took for at, took in requests if at >= since)
            print(
                f"{name}, {part}: {len(ordered)} requests, median {statistics.median(ordered) * 1e3:.0f} ms, "
                f"p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.0f} ms, {sum(took > SLOW for took in ordered)} above {SLOW * 1e3:.0f} ms"
            )
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"server: {spent:.0f} processor seconds with its start, {spent / (len(saved) + len(read)) * 1e3:.1f} ms a request, "
        f"{spent / given.seconds * 100:.0f} % of a core"
    )
    print(f"cells kept {kept} of {len(saved)} acknowledged; failed {len(failed)} {failed[:3]}")


def make_years(store: Path, folder: Path, years: int) -> None:
    """Fill a store with the hundred counties of 2019 as they are, and with figures a tenth around them for the years before."""
    with (ROOT / "inputs/jiangxi-2019-grids/inputs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for year in range(2020 - years, 2020):
        chance = random.Random(year)
        (folder / str(year)).mkdir()
        with (folder / str(year) / "inputs.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, rows[0])
            table.writeheader()
            for row in rows:
                moved = 1.0 if year == 2019 or row["variable"] in {"area", "land_area"} else chance.uniform(0.9, 1.1)
                table.writerow({**row, "year": year, "value": f"{float(row['value']) * moved:.6f}"})
        command = [sys.executable, "-m", "gep", "run", str(folder / str(year)), "--store", str(store)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def make_sessions(office: Office, people: list[Person]) -> dict[str, dict[str, str]]:
    """Put people and sessions into the office without 220 slow hashes; return the headers of each."""
    from gep.office.sessions import hash_token

    headers = {}
    with office.changing() as connection:
        for one in people:
            connection.execute(
                "INSERT INTO person (name, shown, role, place, department, password, must_change, active, made_at, made_by) VALUES (?, ?, ?, ?, '', '', 0, 1, '', '')",
                (one.name, one.shown, str(one.role), one.place),
            )
            connection.execute(
                "INSERT INTO session (token, person, csrf, made_at, seen_at, address) VALUES (?, ?, ?, ?, ?, '')",
                (hash_token(one.name * 8), one.name, "c" * 32, time.time(), time.time()),
            )
            headers[one.name] = {"Cookie": f"gep_session={one.name * 8}", "X-CSRF": "c" * 32}
    return headers


if __name__ == "__main__":
    main()
