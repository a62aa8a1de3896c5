"""Totals, ratios and shares that lie outside published accounts are findings of check and review, with source and mark."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml
from by_hand_cases import COLUMNS, INLAND, ROWS, YEAR, read_figures
from conftest import ROOT, Program

from gep.account.published import judge_totals
from gep.messages.texts import say_in
from gep.reference.published import find_range, read_published
from gep.reference.services import CATEGORIES, SERVICE_TITLES
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from pathlib import Path

CLIMATE = next(row["inputs"] for service, row in ROWS if service == "climate_regulation")


def county(folder: Path, climate: float, ratio: float, land: float = 10_000.0, code: str = INLAND) -> Path:
    """A county of two services, of which local climate regulation is so much of GEP, and GEP so many times GDP."""
    path = folder / "county.csv"
    rows = [(code, *one.row(INLAND)[1:]) for one in read_figures(CLIMATE)]

    def write(*more: tuple[object, ...]) -> None:
        lines = [",".join(COLUMNS), *(",".join(map(str, (*row, *[""] * (10 - len(row))))) for row in (*rows, *more))]
        path.write_text("\n".join(lines) + "\n", "utf-8")

    write()
    services = run_account([path]).services.set_index("service")["value"]
    total = float(services["climate_regulation"]) / climate
    write(
        (code, YEAR, "forestry_output_value", "", "", "", repr(total * (1 - climate)), "CNY", "s"),
        (code, YEAR, "gdp", "", "", "", repr(total / ratio), "CNY", "s"),
        (code, YEAR, "land_area", "", "", "", land, "km2", "s"),
        (code, YEAR, "area", "unclassified", "", "", land - 980, "km2", "s"),
    )
    return path


def found_of(path: Path) -> list[str]:
    return [say_in(one.problem.found, "en") for one in judge_totals(run_account([path])) if one.code == "published"]


def test_690_percent_of_gdp_with_53_percent_from_local_climate_is_said_in_check_and_review(gep: Program, tmp_path: Path) -> None:
    path = county(tmp_path, 0.53, 6.9)
    text = "".join(gep("check", str(path), "--lang", "zh").stdout.split())
    assert "是地区生产总值的6.90倍" in text
    assert "至4.07（霍山县2020年，huoshan-2022[V]）" in text
    assert "局部气候调节占生态产品总值（GEP）的53.0%" in text
    found = json.loads(gep("check", str(path), "--format", "json").stdout)["findings"]
    told = [one for one in found if one["code"] == "published"]
    assert [one["grade"] for one in told] == ["C", "C"]
    assert all("[V]" in one["rule"] and one["where"].startswith(str(path)) for one in told)
    gep("run", str(path), "--store", gep.store)
    review = " ".join(gep("review", INLAND, str(YEAR), "--store", gep.store, "--lang", "en").stdout.split())
    assert "6.90 times GDP" in review
    assert "Local climate regulation is 53.0 % of GEP" in review


@pytest.mark.parametrize(
    ("climate", "ratio", "land", "code", "said"),
    [
        (0.50, 3.9, 10_000, INLAND, []),
        (0.50, 4.2, 10_000, INLAND, ["times GDP"]),
        (0.53, 3.9, 10_000, INLAND, []),  # two services of seventeen: the share of a whole account is not known
        (0.53, 3.9, 1_000, INLAND, ["per km²", "Local climate"]),
        (0.50, 12.0, 10_000, "540221", []),  # Tibet: no upper end is published
    ],
)
def test_what_is_published_is_not_doubted(
    tmp_path: Path, climate: float, ratio: float, land: float, code: str, said: list[str]
) -> None:
    found = found_of(county(tmp_path, climate, ratio, land, code))
    assert len(found) == len(said)
    assert all(any(words in one for one in found) for words in said)


def test_what_lies_below_is_said_only_of_whole_accounts(tmp_path: Path) -> None:
    account = run_account([county(tmp_path, 0.05, 0.2, land=50_000)])
    assert not list(judge_totals(account))
    services = account.services.assign(
        status=account.services["status"].where(account.services["status"] != "no data", "excluded")
    )
    said = [say_in(one.problem.found, "en") for one in judge_totals(replace(account, services=services))]
    assert any("0.20 times GDP" in one for one in said)
    assert any("Local climate regulation is 5.0 %" in one for one in said)


def test_values_that_are_no_gep_are_not_compared(tmp_path: Path) -> None:
    account = run_account([county(tmp_path, 0.53, 6.9)])
    standard = account.plan.standard.model_copy(update={"measures": "equivalents"})
    assert not list(judge_totals(replace(account, plan=replace(account.plan, standard=standard))))


def test_every_published_figure_has_its_source_and_mark() -> None:
    sources = yaml.safe_load((ROOT / "coefficients" / "sources.yaml").read_text("utf-8"))
    for one in read_published():
        assert one.source in sources
        assert one.mark in {"V", "VC", "D"}
        assert not one.of or one.of in CATEGORIES or one.of in SERVICE_TITLES
        ends = find_range(one.measure, one.of, "360725")
        assert ends is not None
        assert ends[1] is None or ends[0].value <= ends[1].value
