"""The trace: from a value to its cells, from the store alone, as text, JSON and one HTML page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT, Program

from gep.store.opening import open_to_read, open_to_write

JINXI = ROOT / "inputs" / "361027-2022"
EVIL = "<script>alert('x')</script>&\"; DROP TABLE run"


@pytest.fixture
def store(jinxi: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.outside += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_trace_ends_with_the_run_and_its_hashes(gep: Program, store: Path) -> None:
    with open_to_read(store) as connection:
        row = connection.execute(
            "SELECT inputs_sha256, coefficients_sha256, rules_sha256, results_sha256, made_at FROM run"
        ).fetchall()[0]
    text = gep("trace", "361027", "2022", "water_conservation", "--store", str(store), "--lang", "en").stdout
    assert text.splitlines()[-5:] == [
        f"run 1  ndrc-2022  gep 0.1.0  {row[4]:%Y-%m-%d %H:%M} UTC",
        f"inputs        {row[0]}",
        f"coefficients  {row[1]}",
        f"rules         {row[2]}",
        f"results       {row[3]}",
    ]
    found = json.loads(gep("trace", "361027", "2022", "water_conservation", "--format", "json", "--store", str(store)).stdout)
    assert found["results_sha256"] == row[3]
    assert found["inputs_sha256"] == row[0]
    assert found["standard"] == "ndrc-2022"


def test_a_service_without_data_says_what_it_lacks_and_names_may_be_chinese(gep: Program, store: Path) -> None:
    at = ("361027", "2022", "--store", str(store))
    text = gep("trace", *at[:2], "soil_retention", *at[2:], "--lang", "zh").stdout
    assert text.startswith("土壤保持：缺数据：")
    assert "rainfall_erosivity" in text
    assert "= ?\n" in text
    assert "(?) + (?)" not in text
    page = gep("trace", *at[:2], "soil_retention", *at[2:], "--format", "html", "--lang", "zh").stdout
    assert "<p>土壤保持：缺数据：" in page
    found = json.loads(gep("trace", *at[:2], "soil_retention", *at[2:], "--format", "json").stdout)
    assert found["status"] == "no data"
    by_id = gep("trace", *at[:2], "water_conservation", "--cell", "mixed_forest", *at[2:], "--lang", "zh").stdout
    assert gep("trace", *at[:2], "水源涵养", "--cell", "针阔混交林", *at[2:], "--lang", "zh").stdout == by_id
    assert "there is no ecosystem type 'mixed_forests'" in gep("trace", *at, "--cell", "mixed_forests", code=2).stderr


def test_units_and_prices_are_stepped_from_the_figure_as_given(gep: Program, store: Path) -> None:
    found = json.loads(gep("trace", "361027", "2022", "water_conservation", "--format", "json", "--store", str(store)).stdout)
    origins = {one["id"]: one for step in found["steps"] for one in step["origins"]}
    assert origins["runoff_coefficient"]["steps"] == "× 0.01 (% → 1)"
    assert origins["reservoir_construction_cost"]["as_given"] == "7.06 CNY_2010/m^3"
    assert origins["reservoir_construction_cost"]["steps"] == "× 1.319193567 (cpi 2010 → 2022)"
    money = json.loads(gep("trace", "361027", "2022", "agricultural_products", "--format", "json", "--store", str(store)).stdout)
    stated = next(one for step in money["steps"] for one in step["origins"] if one["id"] == "agricultural_output_value")
    assert (stated["as_given"], stated["steps"], stated["value"]) == (
        "18.24 亿元",
        "× 100000000 (亿元 → CNY/yr)",
        1_824_000_000.0,
    )


def test_a_figure_of_a_workbook_is_named_by_its_cell(gep: Program, store: Path) -> None:
    with open_to_write(store) as connection:
        connection.execute(
            "UPDATE input_row SET file = '361027-2022.xlsx', cell = '气象局!E7', line = 7 WHERE variable = 'precipitation'"
        )
    text = gep("trace", "361027", "2022", "water_conservation", "--store", str(store), "--lang", "zh").stdout
    assert "361027-2022.xlsx!气象局!E7  itur" in text
    assert "inputs/361027-2022/climate.csv:3" in text


def test_the_page_is_one_file_and_escapes_what_people_wrote(gep: Program, store: Path, tmp_path: Path) -> None:
    with open_to_write(store) as connection:
        connection.execute("UPDATE input_row SET source = ?, file = ? WHERE variable = 'precipitation'", [EVIL, "../<b>.csv"])
    printed = gep(
        "trace", "361027", "2022", "water_conservation", "--format", "html", "--store", str(store), "--lang", "zh"
    ).stdout
    target = tmp_path / "deep" / "trace.html"
    asked = (
        "trace",
        "361027",
        "2022",
        "water_conservation",
        "--format",
        "html",
        "-o",
        str(target),
        "--store",
        str(store),
        "--lang",
        "zh",
    )
    assert gep(*asked).stdout.strip() == str(target)
    assert target.read_text("utf-8") == printed
    assert [one.name for one in target.parent.iterdir()] == ["trace.html"]
    page = Page(printed)
    assert not page.tags & {"script", "b", "link", "img", "iframe"}
    assert page.outside == []
    assert EVIL in page.text
    assert "../<b>.csv:2" in page.text
    assert "3,930,620,161.9612083" in page.text


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(gep: Program, store: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    done = gep("trace", "361027", "2022", "-o", str(tmp_path / "file" / "trace.txt"), "--store", str(store), code=2)
    assert "the trace cannot be written" in done.stderr


def test_it_works_from_the_store_alone_when_the_coefficients_have_moved_on(gep: Program, store: Path, tmp_path: Path) -> None:
    asked = ["trace", "361027", "2022", "water_conservation", "--store", str(store)]
    before = gep(*asked).stdout
    assert "coefficients/water_conservation.csv:4" in before
    later = tmp_path / "later"
    for folder in ("gep", "coefficients", "templates"):
        shutil.copytree(ROOT / folder, later / folder)
    for path in (later / "coefficients").rglob("*.csv"):
        if path.name == "water_conservation.csv":
            path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
        elif path.name == "reservoir.csv":
            path.write_text(re.sub(r"\b7\.06\b", "99.9", path.read_text("utf-8")), "utf-8")
        elif path.name == "price_index.csv":
            path.write_text(re.sub(r",(\d+\.\d+),", r",9\1,", path.read_text("utf-8")), "utf-8")
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80"}

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gep", *arguments], cwd=later, env=environment, capture_output=True, text=True, check=False
        )

    after = ask(*asked)
    assert after.returncode == 0, after.stderr
    assert after.stdout == before
    assert "99.9" in ask("coefficients", "reservoir_construction_cost").stdout  # it is the later program that answered
