"""From account to money: growth told apart by cause, indicators read from accounts, their scores as inputs of a scheme."""

from __future__ import annotations

import json
import re
import shutil
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from approving import approve
from conftest import Program
from kept_stores import copy_once
from languages import check_both
from toy_schemes import END, HEADER, write_facts
from two_hands import post

from gep.compensation.facts import Facts
from gep.messages.problems import Problems
from gep.office.money import compute_scheme
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.compensate import Compensation, compensate
from gep.tasks.run import run_account
from gep.units.money import format_yuan

if TYPE_CHECKING:
    from pathlib import Path

BODY = """title: {zh: 示例, en: toy}
kind: vertical
mark: D
legal: [{title: 示例, issuer: this project, date: "2026", locator: tests, mark: D}]
effective: {from: 2020-01-01}
parties: {province: {code: "360000"}, jinxi: {code: "361027"}}
members: [jinxi]
accounts: {from: unstated, to: unstated, mark: D}
"""
GROWN = "inputs: {grown: {title: 增量, by: party, unit: 元, account: {figure: growth, of: OF, price: PRICE, standard: ndrc-2022, approved: 'true', coverage: any MORE}}}\n"
AWARD = "rule: [{op: pay, name: a, kind: award, cases: [{from: province, to: self, amount: 'at_least_zero(grown) * 0.02'}]}]\n"


@pytest.fixture
def store(two_years: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts of 361027 in 2021 and 2022, both approved, to write to."""

    def make(folder: Path) -> None:
        shutil.copy(two_years, folder / "gep.duckdb")
        approve(folder / "gep.duckdb")

    return copy_once(tmp_path_factory, "approved", make, tmp_path) / "gep.duckdb"


def award(store: Path, of: str, price: str, more: str = "") -> Compensation:
    scheme = store.parent / "award.yaml"
    grown = GROWN.replace("OF", of).replace("PRICE", price).replace(" MORE", f", {more}" if more else "")
    scheme.write_text(f'id: toy-award\nversion: "1"\n{BODY}{grown}{AWARD}{END}', "utf-8")
    return compensate(Store(store), str(scheme), 2022, [write_facts(store.parent / "none.csv", "other,,2022,1,元")])


def compare(store: Path, of: str, series: str) -> dict[str, int]:
    """What `gep compare` says moved a figure, summed over its services, in fen."""
    told = json.loads(Program(str(store))("compare", "361027", "2021", "2022", "--format", "json", "--store", str(store)).stdout)
    found = next(one for one in told[series] if one["service" if "service" in one else "name"] == of)
    return {cause: round(Fraction(str(part)) * 100) for cause, part in found["parts"].items()}


def test_a_growth_award_says_which_part_is_price_and_pays_the_causes_that_the_scheme_counts(store: Path) -> None:
    """Of current prices the whole growth, its quantity alone, and both together with price refused; against gep compare."""
    whole = award(store, "gep", "current").base
    with Store(store) as connection:
        values = dict(connection.execute("SELECT year, gep FROM gep_account").fetchall())
    grown = round(Fraction(repr(values[2022])), 2) - round(Fraction(repr(values[2021])), 2)
    assert whole.net()["jinxi"] == round(grown * 2)
    (fact,) = (one for one in whole.used if one.indicator == "grown")
    told = dict(re.findall(r"(\w+)=([-\d,.]+)", fact.source))
    parts = {cause: Fraction(amount.replace(",", "")) for cause, amount in told.items()}
    assert sum(parts.values()) == grown
    assert parts["price"] > 0 < parts["quantity"]
    only = award(store, "gep", "current", "parts: [quantity]").base
    assert only.net()["jinxi"] == round(parts["quantity"] * 2)
    with pytest.raises(Problems, match="a growth without price, as the scheme says") as refused:
        award(store, "gep", "current", "parts: [quantity], refuse: [price, coverage]")
    assert f"price {format_yuan(round(parts['price'] * 100))}" in str(refused.value)
    check_both(refused.value)
    assert award(store, "regulating", "constant", "refuse: [price, coverage, rules]").base.net()["jinxi"] > 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("parts: [quantity], refuse: [quantity]", "grown counts quantity and refuses it"),
        ("comparable: previous", "grown is a growth and comparable"),
        ("parts: [weather]", "is 'weather'"),
    ],
)
def test_what_does_not_go_together_in_a_growth_is_refused(more: str, said: str, store: Path) -> None:
    with pytest.raises(Problems, match=said) as refused:
        award(store, "gep", "constant", more)
    check_both(refused.value)


def test_a_growth_rests_on_both_accounts_and_falls_with_either(gep: Program, store: Path, two_years: Path) -> None:
    award(store, "gep", "current")
    post(
        gep,
        "compensate",
        str(store.parent / "award.yaml"),
        "2022",
        "--inputs",
        str(store.parent / "none.csv"),
        "--store",
        str(store),
    )
    assert "toy-award" in gep("transfers", "--account", "361027", "2021", "--store", str(store)).stdout
    changed = shutil.copytree(two_years.parent / "2021", store.parent / "2021")
    for file in changed.glob("*.csv"):
        file.write_text(re.sub(r"(2021,fishery_output_value,[^\n]*?,)([0-9.]+)", r"\g<1>9\2", file.read_text("utf-8")), "utf-8")
    save(run_account([changed], price_year=2020), store, "产值有误")
    told = gep("transfers", "--question", "1", "--store", str(store)).stderr
    assert "361027" in told
    assert "2021" in told


SET = """id: toy-set
title: {zh: 示例指标, en: toy}
source: this-project
region: "361000"
targets: [2025]
readings: {source: this-project, mark: D}
score: {rule: attainment, weights: equal, source: this-project, mark: D}
accounts:
  gep: {figure: value, of: gep, price: constant, standard: ndrc-2022, approved: "true", coverage: any}
  grown: {figure: growth, of: gep, price: constant, standard: ndrc-2022, approved: "true", coverage: any, refuse: [price]}
"""
TABLE = """id,number,title_zh,title_en,scope,unit,unit_printed,base_year,base,target_2025,reading_2025,direction,total,least,most,locator,mark,note,formula
gep,1,生态产品总值,GEP,,亿元,亿元,2020,,80,>=80,higher,no,0,,表,D,,
grown,2,增量,growth,,亿元,亿元,2020,,10,>=10,higher,no,,,表,D,,
rate,3,增长率,rate of growth,,%,%,2020,,2,>=2,higher,no,,,表,D,,grown / (gep - grown)
forest,4,森林覆盖率,forest,,%,%,2020,,80,>=80,higher,no,0,100,表,D,,
"""
SCORED = """inputs:
  score: {title: 考核得分, by: party, unit: score, range: ["0", "100"], indicators: {set: toy-set.yaml, target: 2025, decimals: 2}}
rule: [{op: pay, name: a, cases: [{from: province, to: self, amount: score * a_point}]}]
constants: {a_point: {value: "1000", unit: 元/score, mark: D}}
"""
FOREST = "place,year,indicator,value,unit,source\n361027,2022,forest,60,%,林业局\n"


@pytest.fixture
def scored(store: Path) -> Path:
    """A folder with a set of indicators, figures of them and a scheme that pays by the score."""
    folder = store.parent
    (folder / "toy-set.yaml").write_text(SET, "utf-8")
    (folder / "toy-set.csv").write_text(TABLE, "utf-8")
    (folder / "figures.csv").write_text(FOREST, "utf-8")
    (folder / "facts.csv").write_text(HEADER + "other,,2022,1,元,final,toy\n", "utf-8")
    (folder / "scored.yaml").write_text(f'id: toy-scored\nversion: "1"\n{BODY}{SCORED}{END}', "utf-8")
    return folder


def test_the_score_of_indicators_that_rest_on_accounts_is_an_input_of_a_scheme(gep: Program, scored: Path) -> None:
    """By hand: four indicators alike, each its value over its target, at most 1."""
    store = scored / "gep.duckdb"
    with Store(store) as connection:
        values = dict(connection.execute("SELECT year, gep_constant FROM gep_account").fetchall())
    now, before = (Fraction(repr(values[year])) for year in (2022, 2021))
    shares = [now / 80 / 10**8, (now - before) / 10 / 10**8, (now - before) / before / Fraction("0.02"), Fraction(60, 80)]
    score = round(sum((min(share, Fraction(1)) for share in shares), Fraction(0)) * 25, 2)
    command = ("compensate", str(scored / "scored.yaml"), "2022", "--inputs", str(scored / "facts.csv"), "--store", str(store))
    with_figures = (*command, "--indicators", str(scored / "figures.csv"))
    found = json.loads(gep(*with_figures, "--format", "json").stdout)
    assert next(one["net"] for one in found["parties"] if one["party"] == "jinxi") == f"{float(score * 1000):.2f}"
    assert "--indicators FILE" in gep(*command, code=2).stderr or "forest" in gep(*command, code=2).stderr
    said = post(gep, *with_figures)
    assert "2 postings" not in said.stderr
    rested = gep("transfers", "--account", "361027", "2022", "--store", str(store)).stdout
    assert "toy-scored" in rested
    again = json.loads(gep("compensate", "toy-scored", "2022", "--store", str(store), "--format", "json").stdout)
    assert again["parties"] == found["parties"]


def test_figures_that_do_not_pass_the_gate_give_no_score(gep: Program, scored: Path, two_years: Path) -> None:
    shown = gep(
        "indicators",
        "361027",
        "2022",
        "--set",
        str(scored / "toy-set.yaml"),
        "--input",
        str(scored / "figures.csv"),
        "--store",
        str(two_years),
    )
    assert "is draft, not approved" in shown.stderr
    shutil.copy(two_years, scored / "drafts.duckdb")
    facts, figures = [scored / "facts.csv"], [scored / "figures.csv"]
    with pytest.raises(Problems, match="is draft, not approved") as refused:
        compensate(Store(scored / "drafts.duckdb"), str(scored / "scored.yaml"), 2022, facts, indicators=figures)
    check_both(refused.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("figures.csv", "forest,60,%", "gep,70,亿元", "the set reads it from approved accounts"),
        ("figures.csv", "361027", "361022", "score of 361027 2022 has no score: forest lack"),
        ("facts.csv", "other,", "score,361027", "computes it from indicators"),
        ("scored.yaml", "toy-set.yaml", "nix.yaml", "there is no set of indicators"),
        ("scored.yaml", "target: 2025", "target: 2030", "has no targets of 2030"),
        ("scored.yaml", "by: party, unit: score", "unit: score", "not one figure a member and year"),
        ("scored.yaml", "decimals: 2", "figure: met", "does not say of which indicator"),
        ("scored.yaml", "decimals: 2", "of: forests", "no indicator of toy-set"),
        ("toy-set.yaml", "  grown: {figure: growth", "  green: {figure: growth", "no indicator of the set"),
        ("toy-set.yaml", "refuse: [price]", "parts: [price], refuse: [price]", "counts price and refuses it"),
    ],
)
def test_what_does_not_fit_between_accounts_indicators_and_scheme_is_refused(
    file: str, old: str, new: str, said: str, scored: Path
) -> None:
    path = scored / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(Problems, match=said) as refused:
        compensate(
            Store(scored / "gep.duckdb"),
            str(scored / "scored.yaml"),
            2022,
            [scored / "facts.csv"],
            indicators=[scored / "figures.csv"],
        )
    check_both(refused.value)


def test_figures_of_indicators_for_a_scheme_that_takes_none_are_refused(scored: Path) -> None:
    with pytest.raises(Problems, match="takes no scores of indicators") as refused:
        compensate(
            Store(scored / "gep.duckdb"), "jx-basin-pool", 2016, [scored / "facts.csv"], indicators=[scored / "figures.csv"]
        )
    check_both(refused.value)


def test_figures_of_indicators_are_uploaded_beside_the_facts_as_the_command_reads_them(tmp_path: Path) -> None:
    """The platform tells both tables apart by their heads; the same amounts as the command, and the same refusals."""
    desk = Store(tmp_path / "none.duckdb")
    value = "inputs:\n  cover: {by: party, unit: '%', indicators: {set: ganzhou-2035, target: 2025, figure: value, of: forest_cover}}\n"
    rule = "constants: {a_point: {value: '10', unit: 元, mark: D}, one: {value: '1', unit: '%', mark: D}}\nrule: [{op: pay, name: a, cases: [{from: province, to: self, amount: cover / one * a_point}]}]\n"
    scheme = f'id: toy-cover\nversion: "1"\n{BODY}{value}{rule}{END}'.replace("361027", "360724")
    figures = "place,year,indicator,value,unit,source\n360724,2022,forest_cover,60.5,%,林业局\n"
    (tmp_path / "s.yaml").write_text(scheme, "utf-8")
    (tmp_path / "figures.csv").write_text(figures, "utf-8")
    command = compensate(desk, str(tmp_path / "s.yaml"), 2022, Facts({}, ""), indicators=[tmp_path / "figures.csv"]).base
    files = {"s.yaml": scheme.encode(), "figures.csv": figures.encode()}
    uploaded = compute_scheme(desk, "toy-cover", 2022, files).base
    assert uploaded.net() == command.net() == {"jinxi": 60500, "province": -60500}
    assert not any("gep-facts-" in fact.source + fact.file for fact in uploaded.used)
    with pytest.raises(Problems, match=r"figures\.csv:2") as refused:
        compute_scheme(desk, "toy-cover", 2022, {**files, "figures.csv": figures.replace("60.5", "六成").encode()})
    check_both(refused.value)
    with pytest.raises(Problems, match="takes no scores of indicators"):
        compute_scheme(desk, "jx-basin-pool", 2016, {"figures.csv": figures.encode()})


def test_a_changed_set_of_indicators_makes_a_new_version_of_the_scheme(
    gep: Program, scored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ("--store", str(scored / "gep.duckdb"))
    command = ("compensate", str(scored / "scored.yaml"), "2022", "--inputs", str(scored / "facts.csv"), *store)
    posted = (*command, "--indicators", str(scored / "figures.csv"), "--post", "--by", "张三")
    gep("scheme", "register", str(scored / "scored.yaml"), "--by", "张三", *store)
    (scored / "toy-set.csv").write_text(TABLE.replace(">=80,higher,no,0,100", ">=60,higher,no,0,100"), "utf-8")
    assert "the text of toy-scored 1 is not the one registered as number 1" in gep(*posted, code=2).stderr
    monkeypatch.chdir(scored)
    by_id = (Store(scored / "gep.duckdb"), "toy-scored", 2022, [scored / "facts.csv"], (), "", [scored / "figures.csv"])
    with pytest.raises(Problems, match="is not the one that toy-scored 1 was registered with") as refused:
        compensate(*by_id)
    check_both(refused.value)
    (scored / "toy-set.csv").write_text(TABLE, "utf-8")
    assert compensate(*by_id).base.net()["jinxi"] > 0
    assert "gep transfers --confirm 1" in gep(*posted).stderr
