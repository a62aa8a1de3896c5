"""The main job as a person does it, in real processes: run, show, list, trace, query, report."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, Program
from two_hands import post

JINXI = "inputs/361027-2022"


@pytest.fixture
def filled(gep: Program, jinxi_2020: Path) -> Program:
    """The program with a store of its own that holds the county's account."""
    shutil.copy(jinxi_2020, gep.store)
    return gep


def test_the_main_job(gep: Program, tmp_path: Path) -> None:
    target = tmp_path / "361027-2022.pdf"
    done = gep("run", JINXI, "--price-year", "2020", "--store", gep.store, "--report", str(target), "--lang", "zh")
    assert target.read_bytes().startswith(b"%PDF")
    assert "生态产品总值 GEP" in done.stdout
    assert "66.2062" in done.stdout
    assert "只含已核算的 5/17 项服务" in done.stdout
    assert "2020 年不变价" in done.stdout
    assert "净生态系统生产量（net_ecosystem_production，林业局）" in done.stdout


@pytest.mark.parametrize("view", ["gep_account", "gep_service", "gep_service_ecosystem", "gep_input", "gep_coefficient_used"])
def test_views_wider_than_the_terminal_are_printed_as_blocks(view: str, filled: Program) -> None:
    from gep.messages.layout import measure_width

    shown = filled("query", f"SELECT * FROM {view}", "--store", filled.store).stdout
    assert shown.startswith("- 1 of ")
    assert "  county " in shown
    assert "361027" in shown
    assert max(map(measure_width, shown.splitlines())) <= 80
    narrow = filled("query", f"SELECT county, year FROM {view}", "--store", filled.store).stdout
    assert narrow.startswith("county  year\n361027  2022")


def test_lines_fit_a_terminal_of_80_columns(filled: Program) -> None:
    from gep.messages.layout import measure_width

    for arguments in (
        ("show", "金溪", "2022"),
        ("show", "Jinxi", "2022", "--lang", "en"),
        ("list",),
        ("list", "--lang", "en"),
        ("trace", "361027", "2022", "water_conservation"),
    ):
        for line in filled(*arguments, "--store", filled.store).stdout.splitlines():
            assert measure_width(line) <= 80, line


@pytest.mark.parametrize("name", ["361027", "金溪县", "金溪", "Jinxi", "jinxi"])
def test_a_county_is_found_by_code_or_name(filled: Program, name: str) -> None:
    found = json.loads(filled("show", name, "2022", "--store", filled.store, "--format", "json").stdout)
    assert found["county"] == "361027"
    assert found["gep"] == pytest.approx(6620620162, abs=1)
    assert {one["status"] for one in found["services"]} == {"accounted", "no data", "not applicable", "excluded"}


def test_every_reading_command_speaks_json(filled: Program) -> None:
    in_store = [["list"], ["show", "361027", "2022"], ["trace", "361027", "2022"], ["query", "accounts"]]
    for arguments in in_store:
        assert json.loads(filled(*arguments, "--store", filled.store, "--format", "json").stdout)
    shipped = [
        ["standards"],
        ["standards", "diff", "ndrc-2022", "mee-2020"],
        ["coefficients"],
        ["coefficients", "carbon_price"],
        ["variables"],
    ]
    for arguments in shipped:
        assert json.loads(filled(*arguments, "--format", "json").stdout)
    assert json.loads(filled("query", "SELECT 1 AS one", "--store", filled.store, "--format", "json").stdout) == [{"one": 1}]


def test_a_trace_goes_down_to_the_cell(filled: Program) -> None:
    text = filled(
        "trace", "金溪县", "2022", "water_conservation", "--cell", "mixed_forest", "--store", filled.store, "--lang", "zh"
    ).stdout
    flat = re.sub(r"\s+", " ", text)
    assert "Q_wr,i = A_i × (P_i − R_i − ET_i)" in flat
    assert "= (325.77 × (1,747.3 − 61.504960000000004 − 930)) × 1,000" in flat
    assert "inputs/361027-2022/land.csv:6" in flat
    assert "7.06 元(2010)/m³ × 1.319193567" in flat
    assert "coefficients/water_conservation.csv:4" in flat


def test_sql_can_only_read(filled: Program, tmp_path: Path) -> None:
    for sql in (
        "DROP TABLE run",
        "INSERT INTO run SELECT * FROM run",
        f"COPY run TO '{tmp_path}/x.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "ATTACH '/tmp/y.db'",
        "INSTALL httpfs",
    ):
        filled("query", sql, "--store", filled.store, code=2)
    assert not (tmp_path / "x.csv").exists()


def test_questions_that_cannot_be_answered_get_one_sentence(filled: Program) -> None:
    assert "there is no account of 金溪县 2023" in filled("show", "金溪县", "2023", "--store", filled.store, code=2).stderr
    assert "near it: 361027 金溪县" in filled("show", "金溪县城", "2022", "--store", filled.store, code=2).stderr
    assert (
        "did you mean water_conservation?"
        in filled("trace", "361027", "2022", "water_conservaton", "--store", filled.store, code=2).stderr
    )
    asked = ("trace", "361027", "2022", "oxygen_releas", "--store", filled.store)
    assert filled(*asked, "--lang", "en", code=2).stderr.endswith(
        "\n1 problem\n"
    )  # what reads stores nothing, and does not say so
    assert "did you mean carbon_price?" in filled("coefficients", "carbon_prise", code=2).stderr
    assert "did you mean ndrc-2022?" in filled("run", JINXI, "--standard", "ndrc-2021", "--store", filled.store, code=2).stderr
    assert "there is no query" in filled("query", "acounts", "--store", filled.store, code=2).stderr


def test_the_winner_of_a_coefficient_and_what_it_beat(filled: Program) -> None:
    rows = json.loads(
        filled("coefficients", "phosphorus_treatment_cost", "--county", "崇义县", "--year", "2022", "--format", "json").stdout
    )
    assert {row["region"]: row["status"] for row in rows} == {"CN": "beaten", "36": "wins"}
    before = json.loads(
        filled("coefficients", "phosphorus_treatment_cost", "--county", "崇义县", "--year", "2015", "--format", "json").stdout
    )
    assert {row["region"]: row["status"] for row in before} == {"CN": "wins", "36": "no"}


def test_help_is_quick_to_import() -> None:
    import subprocess
    import sys

    code = "import sys, gep.cli; print([name for name in ('pandas', 'numpy', 'pint', 'duckdb', 'weasyprint', 'jinja2', 'pydantic', 'pyarrow') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_standard_of_ones_own(gep: Program, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "id: mine\ntitle: {zh: 自定, en: mine}\nsource: this-project\nmark: V\nextends: ndrc-2022\n"
        "services:\n  water_conservation: null\n  freshwater_supply: {mark: V}\n",
        "utf-8",
    )
    found = json.loads(gep("run", JINXI, "--standard", str(mine), "--store", gep.store, "--format", "json").stdout)["accounts"][0]
    status = {one["service"]: one["status"] for one in found["services"]}
    assert status["water_conservation"] == "excluded"
    assert status["freshwater_supply"] == "no data"
    assert found["gep"] == pytest.approx(26.90e8)


def test_values_that_differ_between_standards_are_shown_line_by_line(gep: Program, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\ntitle: {zh: 本地, en: Own}\nsource: this-project\nmark: K\nextends: ndrc-2022\nservices: {}\n"
        "sets: {runoff_coefficient: redline-2017, carbon_price: cea-2024-close}\n",
        "utf-8",
    )
    found = {one["what"]: one for one in json.loads(gep("standards", "diff", "ndrc-2022", str(own), "--format", "json").stdout)}
    row = found["coefficient runoff_coefficient: evergreen_broadleaf_forest"]
    assert (row["ndrc-2022"], row[str(own)]) == ("4.65 % [V], set reference", "2.67 % [V-c], set redline-2017")
    assert found["price carbon_price"][str(own)] == "97.49 CNY_2024/t_CO2 [V], set cea-2024-close"
    assert found["unverified coefficient runoff_coefficient: mixed_forest"]["ndrc-2022"] == "—"
    assert not any("soil" in what for what in found)
    text = gep("standards", "diff", "ndrc-2022", "mee-2020", "--lang", "en").stdout
    assert "roll-up Biomass supply" in text
    assert "unverified in both" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)])
def test_a_refusal_has_the_form_that_was_asked_for(form: tuple[str, ...], gep: Program) -> None:
    refused = json.loads(gep("list", *form, "--store", "none", code=2).stderr)
    assert refused["problems"][0]["found"] == "there is no store"
    named_json = gep("show", "json", "2022", "--store", gep.store, code=2).stderr
    assert not named_json.startswith("{")


@pytest.mark.parametrize(
    "arguments",
    [
        ("indicators", "--set", "nope"),
        ("scheme", "show", "nope"),
        ("compensate", "nope", "2016"),
        ("standards", "diff", "nope", "ndrc-2022"),
        ("extract", "--land-cover", "none.tif", "--zones", "none.gpkg", "--year", "2022", "-o", "none.csv"),
    ],
)
def test_only_what_stores_says_that_nothing_was_stored(arguments: tuple[str, ...], gep: Program) -> None:
    assert gep(*arguments, code=2).stderr.splitlines()[-1] in {"1 problem", "2 problems"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "tests/wrong/negative_area/inputs.csv"),
        ("submit", "361027", "2022", "--by", "张三"),
        ("compensate", "nope", "2016", "--post", "--by", "张三"),
        ("transfers", "--reverse", "9", "--by", "张三"),
        ("encumber", "release", "7", "--on", "2024-01-01", "--party", "甲", "--document", "乙"),
    ],
)
def test_what_stores_says_that_nothing_was_stored(arguments: tuple[str, ...], gep: Program) -> None:
    assert gep(*arguments, "--store", gep.store, code=2).stderr.splitlines()[-1] == "1 problem; nothing was stored"


def test_transfers_of_a_county_that_nobody_knows_are_refused(gep: Program) -> None:
    pool = ("jx-basin-pool", "2016", "--inputs", "inputs/jiangxi-transfers-example/basin_pool.csv")
    post(gep, "compensate", *pool)
    for question in ("1", "6"):
        refused = gep("transfers", "-q", question, "--county", "Nirgendwo", "--store", gep.store, code=2).stderr
        assert "there is no county and no booked party 'Nirgendwo'" in refused
    assert gep("transfers", "--county", "宁都县", "--store", gep.store).stdout
