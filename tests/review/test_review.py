"""The reviewer's list: every share checked against a formula by hand, every outlier against its definition."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from conftest import CASES, ROOT, Program

from gep.messages.layout import measure_width
from gep.review.outliers import MOST_Z, compare_with_others
from gep.review.review import Review, group_findings, review_account
from gep.store.keys import AccountKey, find_account
from gep.store.opening import open_to_read
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.run import run_account
from gep.terminal.review import print_review

JINXI = ROOT / "inputs/361027-2022"
GRIDS = ROOT / "inputs/jiangxi-2019-grids"


@pytest.fixture
def store(jinxi: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))


def reviewed(store: Path, county: str = "361027", year: int = 2022, standard: str | None = None) -> Review:
    with Store(store) as connection:
        return review_account(connection, find_account(connection, county, year, standard))


def water(store: Path) -> tuple[float, float, float, dict[str, float]]:
    """Return GEP, precipitation and evapotranspiration in mm, and the value of each ecosystem."""
    with open_to_read(store) as connection:
        gep = connection.execute("SELECT gep FROM gep_account").fetchall()[0][0]
        rain, et = (
            connection.execute("SELECT value FROM input_row WHERE variable = ?", [name]).fetchall()[0][0]
            for name in ("precipitation", "evapotranspiration")
        )
        values = connection.execute(
            "SELECT ecosystem, value FROM ecosystem_result WHERE service = 'water_conservation' AND value > 0"
        ).fetchall()
    return gep, rain, et, dict(values)


def test_shares_are_those_of_the_formula(store: Path) -> None:
    found = reviewed(store)
    gep, rain, et, values = water(store)
    worth = sum(values.values())
    share = {one.id: one.share for one in (*found.estimates, *found.largest)}
    assert share["reservoir_construction_cost"] == pytest.approx(worth / gep, rel=1e-9)
    assert share["area"] == pytest.approx(worth / gep, rel=1e-9)
    # Q = A (P - rP - ET): raising ET by 1 % takes 1 % of A·ET·price away; price per mm·km² follows from the values
    with open_to_read(store) as connection:
        areas = dict(connection.execute("SELECT ecosystem, value FROM input_row WHERE variable = 'area'").fetchall())
        price = connection.execute("SELECT unit_price FROM service_result WHERE service = 'water_conservation'").fetchall()[0][0]
    lost = sum(areas[name] for name in values) * et * 1000 * price
    assert share["evapotranspiration"] == pytest.approx(-lost / gep, rel=1e-6)
    assert share["precipitation"] == pytest.approx((worth + lost) / gep, rel=1e-6)
    assert share["runoff_coefficient"] == pytest.approx(
        (worth + lost) / gep - sum(areas[name] for name in values) * rain * 1000 * price / gep, rel=1e-6
    )
    assert found.resting_on_largest == pytest.approx(worth / gep, rel=1e-9)
    assert all(one.addresses and one.why for one in found.estimates)


def test_only_the_unverified_rows_of_a_coefficient_count(store: Path) -> None:
    assert reviewed(store).unverified == ()
    with open_to_read(store) as connection:
        row, ecosystem, runoff = connection.execute(
            "SELECT c.row_id, c.ecosystem, w.computed FROM coefficient_choice c JOIN coefficient_row w USING (row_id) "
            "WHERE c.coefficient = 'runoff_coefficient' AND c.ecosystem = 'mixed_forest'"
        ).fetchall()[0]
        area, price, gep, rain = (
            connection.execute(sql).fetchall()[0][0]
            for sql in (
                f"SELECT value FROM input_row WHERE variable = 'area' AND ecosystem = '{ecosystem}'",
                "SELECT unit_price FROM service_result WHERE service = 'water_conservation'",
                "SELECT gep FROM gep_account",
                "SELECT value FROM input_row WHERE variable = 'precipitation'",
            )
        )
        sharing = connection.execute("SELECT count(*) FROM coefficient_choice WHERE row_id = ?", [row]).fetchall()[0][0]
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE coefficient_row SET mark = 'K' WHERE row_id = ?", [row])
    found = reviewed(store).unverified
    assert [one.id for one in found] == ["runoff_coefficient"]
    assert found[0].marks == ("K",)
    if sharing == 1:
        assert found[0].share == pytest.approx(-area * runoff * rain * 1000 * price / gep, rel=1e-6)
    assert -1 < found[0].share < 0


def test_services_that_rest_on_unverified_methods(store: Path) -> None:
    found = {one["service"]: one for one in reviewed(store).unverified_methods}
    gep, _, _, values = water(store)
    assert found["water_conservation"]["share"] == pytest.approx(sum(values.values()) / gep)
    assert sum(one["share"] for one in found.values()) <= 1 + 1e-12


def test_the_past_of_the_county(tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    earlier = tmp_path / "2021"
    earlier.mkdir()
    for path in JINXI.glob("*.csv"):
        text = path.read_text("utf-8").replace("361027,2022,", "361027,2021,").replace(",1747.3,mm", ",1250,mm")
        (earlier / path.name).write_text(text.replace("CNY_2022", "CNY_2021"), "utf-8")
    save(run_account([earlier]), store)
    save(run_account([JINXI]), store)
    found = reviewed(store).past
    assert "2021" in found.basis_zh
    assert "当年价" in found.basis_zh
    by_service = {one.service: one for one in found.outliers}
    with open_to_read(store) as connection:
        then, now = (
            dict(connection.execute("SELECT service, value FROM gep_service WHERE year = ? AND value > 0", [year]).fetchall())
            for year in (2021, 2022)
        )
    wanted = {name for name in now if name in then and not 1 / 1.5 <= now[name] / then[name] <= 1.5}
    assert "water_conservation" in wanted
    assert set(by_service) - {"gep"} == wanted
    assert by_service["water_conservation"].ratio == pytest.approx(now["water_conservation"] / then["water_conservation"])
    assert reviewed(store, year=2021).past.compared == 0
    constant = tmp_path / "constant.duckdb"
    save(run_account([earlier, JINXI], price_year=2020), constant)
    assert "2020 年不变价" in reviewed(constant).past.basis_zh


@pytest.fixture(scope="module")
def province(grids: Path) -> Path:
    return grids


def places(connection: duckdb.DuckDBPyConnection) -> Iterator[AccountKey]:
    for row in connection.execute("SELECT run, account, county, year, standard FROM latest ORDER BY county").fetchall():
        yield AccountKey(*row)


def test_similar_counties(province: Path) -> None:
    """Median and MAD in numpy over all counties but one give the same outliers."""
    with open_to_read(province) as connection:
        worth = dict(
            connection.execute(
                "SELECT county, s.value / i.value FROM gep_service s JOIN gep_input i USING (county, year, standard) "
                "WHERE service = 'water_conservation' AND s.value > 0 AND variable = 'land_area'"
            ).fetchall()
        )
        outside = 0
        for place in places(connection):
            if place.county not in worth:
                continue
            others = np.log([value for county, value in worth.items() if county != place.county])
            z = (np.log(worth[place.county]) - np.median(others)) / (1.4826 * np.median(np.abs(others - np.median(others))))
            found = {one.service: one for one in compare_with_others(connection, place).outliers}
            assert ("water_conservation" in found) == (abs(z) > MOST_Z), place
            if abs(z) > MOST_Z:
                outside += 1
                assert found["water_conservation"].z == pytest.approx(z)
    assert 0 < outside < len(worth) / 4


def test_few_others_are_not_compared(store: Path) -> None:
    found = reviewed(store).others
    assert found.compared == 0
    assert "不足 8 个" in found.basis_zh


def test_stored_results_follow_from_stored_inputs(province: Path, tmp_path: Path) -> None:
    with Store(province) as opened:
        for place in list(places(opened.connection))[::12]:
            assert review_account(opened, place).does_not_follow == ()
    store = tmp_path / "garze.duckdb"
    save(run_account([CASES / "garze-2010" / "inputs.csv"], str(CASES / "garze-2010" / "standard.yaml")), store)
    with Store(store) as opened:
        assert review_account(opened, next(places(opened.connection))).does_not_follow == ()


def test_results_or_inputs_changed_in_the_store_are_named_and_not_submitted(store: Path, gep: Program) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE service_result SET value = value * 1.001 WHERE service = 'water_conservation'")
        connection.execute("UPDATE input_row SET value = value * 2 WHERE variable = 'agricultural_output_value'")
    rules = {one["rule"] for one in reviewed(store).does_not_follow}
    assert rules == {"water_conservation.value", "agricultural_products.value", "gep.total"}
    assert "the stored inputs give" in gep("submit", "361027", "2022", "--by", "张三", "--store", str(store), code=2).stderr
    assert "结果被改动" in gep("review", "361027", "2022", "--store", str(store), "--lang", "zh").stdout


def test_open_findings_and_what_is_not_accounted(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'B2', 'B', 'x.xlsx!land!C7', 'twice last year', '')"
        )
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 0, 'B3', 'B', 'x.xlsx!land!C8', 'half of last year', '旱灾')"
        )
        connection.execute(
            "INSERT INTO explanation (run, account, check_code, grade, address, found, explanation) VALUES (1, 1, 'A3', 'A', 'other county', 'not of this account', '')"
        )
    found = reviewed(store)
    assert [one["address"] for one in found.findings] == ["x.xlsx!land!C7"]
    assert found.explained == 1
    assert {one["status"] for one in found.not_accounted} == {"no data", "not applicable", "excluded"}
    assert len(found.not_accounted) + 5 == len(found.head["services"])


def test_the_list_is_printed_within_80_columns_and_as_json(store: Path, province: Path, gep: Program) -> None:
    found = reviewed(store)
    for lang in ("zh", "en"):
        lines = list(print_review(found, lang))
        assert all(measure_width(line) <= 80 for line in lines)
        assert [line[0] for line in lines if line[:2] in {f"{at} " for at in range(1, 9)}] == list("12345678")
    text = gep("review", "361102", "2019", "--store", str(province), "--lang", "zh").stdout
    assert re.search(r"与本省其他 \d\d 个县每平方公里价值的对数相比", text.replace("\n  ", ""))
    done = json.loads(gep("review", "金溪县", "2022", "--store", str(store), "--format", "json").stdout)
    assert done["largest"][0]["id"] == "reservoir_construction_cost"
    assert done["not_accounted"]


def test_a_figure_raised_by_one_percent_is_said_by_what_gep_changes_and_cautions_are_told(tmp_path: Path) -> None:
    more = tmp_path / "inputs"
    more.mkdir()
    for file in JINXI.glob("*.csv"):
        lines = file.read_text("utf-8").splitlines()
        wet = [re.sub(r"^(361027,2022,evapotranspiration,,,,)[^,]*,", r"\g<1>1800,", line) for line in lines]
        (more / file.name).write_text("\n".join(wet) + "\n", "utf-8")
    path = tmp_path / "gep.duckdb"
    save(run_account([more]), path)
    found = reviewed(path)
    rain = next(one for one in found.estimates if one.id == "precipitation")
    raised = tmp_path / "raised"
    raised.mkdir()
    for file in more.glob("*.csv"):
        (raised / file.name).write_text(file.read_text("utf-8").replace(",1747.3,mm", f",{1747.3 * 1.01!r},mm"), "utf-8")
    save(run_account([raised]), path)
    with open_to_read(path) as connection:
        before, after = (one for (one,) in connection.execute("SELECT gep FROM gep_account_run ORDER BY run").fetchall())
    percent = (after / before - 1) * 100
    assert rain.share == pytest.approx(percent, rel=1e-6)
    for lang, said in (("zh", "P18：蒸散发大于降水"), ("en", "P18: evapotranspiration is larger than precipitation")):
        text = "\n".join(print_review(found, lang))
        assert f"{percent:+.3f} %".replace("-", "−") in text
        assert said in re.sub(r"\n\s+", " " if lang == "en" else "", text)


@pytest.mark.parametrize(("lang", "said"), [("zh", "84"), ("en", "(84 in all)")])
def test_findings_that_say_the_same_are_one_with_a_count(jinxi: Path, lang: str, said: str) -> None:
    alike = [
        {"grade": "B", "address": f"a.csv:{at}", "check_code": "band", "found": "too much", "found_zh": "过大"}
        for at in range(84)
    ]
    other = {"grade": "B", "address": "b.csv:2", "check_code": "band", "found": "too little", "found_zh": "过小"}
    assert [len(places) for _, places in group_findings([*alike, other])] == [84, 1]
    shown = "\n".join(print_review(replace(reviewed(jinxi), findings=(*alike, other)), lang))
    words = other["found_zh" if lang == "zh" else "found"], alike[0]["found_zh" if lang == "zh" else "found"]
    assert [shown.count(one) for one in words] == [1, 1]
    assert said in shown
