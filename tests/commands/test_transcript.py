"""A county's year from the empty workbook to a verified certificate, as a new user types it; the transcript is kept and compared."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from conftest import ROOT
from workbooks import fill

from gep.inputs.workbook.layout import show_member
from gep.reference.members import read_ecosystems

if TYPE_CHECKING:
    from pathlib import Path

KEPT = ROOT / "tests" / "kept" / "transcripts" / "chongyi-2023.txt"
SOURCES = {
    "land_area": "崇义县政府网站",
    "population": "2020 年人口普查",
    "area": "MODIS MCD12C1 v006 土地覆盖,2019",
    "precipitation": "ITU-R P.837-7 格网,多年平均",
    "evapotranspiration": "Turc 公式,ITU-R 格网,多年平均",
}
MASKS = (
    (r"\b[0-9a-f]{64}\b", "<sha256>"),
    (r"\b[0-9a-f]{12,16}…", "<sha256>"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?( UTC|Z)?", "<time>"),
    (r"gep: [^\n]* \(\d+ s\)\n", ""),
    (r"\(link \d+\)", "(link <n>)"),
    (r"gep \d+\.\d+\.\d+", "gep <version>"),
)


def observed() -> dict[tuple[str, str], tuple[object, str]]:
    """What is known of 崇义县: its official area and census, and the grids of land cover and climate; nothing else is filled in."""
    figures: dict[tuple[str, str], tuple[object, str]] = {("land_area", ""): (2206.27, "km²"), ("population", ""): (177831, "人")}
    parents = {member.parent for member in read_ecosystems().values()}
    with (ROOT / "inputs" / "jiangxi-2019-grids" / "inputs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["county"] == "360725" and row["variable"] == "area" and row["ecosystem"] not in parents:
                figures["area", show_member(row["ecosystem"])] = (float(row["value"]), "km²")
            if row["county"] == "360725" and row["variable"] in {"precipitation", "evapotranspiration"}:
                figures[row["variable"], "全县"] = (float(row["value"]), "mm")
    return figures


def test_from_the_empty_workbook_to_a_verified_certificate(tmp_path: Path) -> None:
    said: list[str] = []

    def gep(*arguments: str, code: int = 0, folder: Path = tmp_path) -> str:
        environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "gep", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        said.append(f"$ gep {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    gep("new", "崇义县", "2023", "-o", "崇义县.xlsx")
    said.append("# the observed figures are filled in: area, census, land cover and climate; the rest stays empty\n")
    fill(tmp_path / "崇义县.xlsx", tmp_path / "崇义县.xlsx", observed(), sources=SOURCES)
    gep("check", "崇义县.xlsx", "--store", "gep.duckdb")
    gep("run", "崇义县.xlsx", "--store", "gep.duckdb", "--lang", "zh")
    trace = gep(
        "trace", "崇义县", "2023", "water_conservation", "--cell", "mixed_forest", "--store", "gep.duckdb", "--lang", "zh"
    )
    assert "崇义县.xlsx!自然资源局!E" in trace.replace("\n", "").replace(" ", "")
    gep("submit", "崇义县", "2023", "--by", "张三", "--store", "gep.duckdb")
    gep("approve", "崇义县", "2023", "--by", "张三", "--note", "数据齐全", "--store", "gep.duckdb", code=2)
    gep("approve", "崇义县", "2023", "--by", "李四", "--note", "数据齐全", "--store", "gep.duckdb")
    gep("list", "--approved", "--store", "gep.duckdb", "--lang", "zh")
    gep("certificate", "崇义县", "2023", "-o", "崇义县.json", "--store", "gep.duckdb")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "崇义县.json").rename(elsewhere / "崇义县.json")
    assert "equal" in gep("verify", "崇义县.json", folder=elsewhere)
    text = (elsewhere / "崇义县.json").read_text("utf-8")
    (elsewhere / "崇义县.json").write_text(text.replace("844.58", "844.68", 1), "utf-8")
    assert "844.68" in gep("verify", "崇义县.json", folder=elsewhere, code=2)
    transcript = "\n".join(said)
    for pattern, mask in MASKS:
        transcript = re.sub(pattern, mask, transcript)
    if os.environ.get("REWRITE_MESSAGES"):
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(transcript, "utf-8")
    assert transcript == KEPT.read_text("utf-8")
