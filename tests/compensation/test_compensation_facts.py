"""No row of facts is left out in silence: what a scheme makes of a missing row is never paid because of a slip."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from languages import check_both

from gep.compensation.binding import list_required
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.messages.problems import Problems
from gep.store.store import Store
from gep.tasks.compensate import compensate

EXAMPLE = ROOT / "inputs" / "jiangxi-transfers-example"


def computed(tmp_path: Path, table: str, scheme: str, year: int, old: str = "", new: str = "") -> dict[str, int]:
    text = (EXAMPLE / table).read_text("utf-8")
    assert old in text
    (tmp_path / "facts.csv").write_text(text.replace(old, new) if old else text + new + "\n", "utf-8")
    result, _, _ = compensate(Store(tmp_path / "none.duckdb"), scheme, year, [tmp_path / "facts.csv"], [])
    return result.net()


ACCIDENT, RATE = "serious_accident,360730,2016,1", "accident_rate,360730,2016,0.40"
END = ",1,1,final,EXAMPLE,"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ACCIDENT, "serious_accident,宁都懸,2016,1", "serious_accident of 宁都懸 2016 names a place that nobody knows"),
        (ACCIDENT, "serious_accident,360700,2016,1", "serious_accident of 360700 2016 names no single member"),
        (ACCIDENT, "serious_accident,,2016,1", "serious_accident of the scheme 2016 names no place"),
        (ACCIDENT, "serious_accident,province,2016,1", "names a party that is not a member"),
        (ACCIDENT, "serious_accident,360730,2016-05,1", "serious_accident of 360730 2016-05 stands for a month"),
        (ACCIDENT, "serious_acident,360730,2016,1", "jx-basin-pool asks for no 'serious_acident'"),
        (ACCIDENT, "serious_accident,360730,2016,0", "and no serious accident: 360730 宁都县\n"),
        (RATE, "accident_rate,360730,2016,0.20", "has no decision between 30 and 50 %: 360730 宁都县\n"),
        ("", "water_quality_score,宁都县,2016,10,score,final,EXAMPLE,", "of 宁都县 2016 appears twice, in"),
        (ACCIDENT, "serious_accident,宁都,2016,1", "serious_accident of 宁都 2016 names no single member"),
        ("", "money_centre,宁都县,2016,1,元,final,EXAMPLE,", "names a place, and is one figure for the whole scheme"),
    ],
)
def test_a_row_that_meets_no_cell_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        computed(tmp_path, "basin_pool.csv", "jx-basin-pool", 2016, old, new)
    assert said in str(caught.value)
    if "(a county" not in str(caught.value):  # a check of the scheme is said in the words of the scheme
        check_both(caught.value)


def test_rows_of_a_pair_name_the_pair_or_its_section(tmp_path: Path) -> None:
    pair = str(EXAMPLE / "pair-shangyou-nankang.yaml")
    for new, said in (
        (f"accident,上犹县,2023{END}", "accident of 上犹县 2023 names a place"),
        (f"accident,handover,2023{END}", "accident of handover 2023 names a place"),
        ("section_class,上犹县,2023-04,V,water_class,final,EXAMPLE,", "does not name a section by its id"),
        ("section_class,hand-over,2023-04,V,water_class,final,EXAMPLE,", "did you mean handover?"),
    ):
        with pytest.raises(Problems) as caught:
            computed(tmp_path, "pair.csv", pair, 2023, "", new)
        assert said in str(caught.value)
    with_accident = computed(tmp_path, "pair.csv", pair, 2023, "", f"accident,pair-shangyou-nankang,2023{END}")
    assert with_accident["up"] == 250_000_000  # no top-up


def test_rows_of_others_are_left_out_and_names_are_read(tmp_path: Path) -> None:
    before = computed(tmp_path, "basin_pool.csv", "jx-basin-pool", 2016)
    others = f"serious_accident,110101,2016{END}\nsection_class,elsewhere,2016-01,V,water_class,final,EXAMPLE,"
    assert computed(tmp_path, "basin_pool.csv", "jx-basin-pool", 2016, "", others) == before
    assert computed(tmp_path, "basin_pool.csv", "jx-basin-pool", 2016, ACCIDENT, "serious_accident,宁都县,2016,1") == before


AWARD = """id: fixed-award
version: "toy"
extends: jx-fixed-award
effective: {from: 2019-01-01}
constants: {award: {value: "100", mark: D}, worse_cut: {value: "30", mark: D}}
"""


def test_who_is_on_the_list_and_reports_nothing_is_refused(tmp_path: Path) -> None:
    """Without its mean of TP a county would be spared the cut."""
    (tmp_path / "award.yaml").write_text(AWARD, "utf-8")
    rows = ["on_the_list,宁都县,2020,1,1", "target_met,宁都县,2020,1,1", "tp,宁都县,2019,0.05,mg/L", "tp,宁都县,2020,0.06,mg/L"]

    def nets(chosen: list[str]) -> dict[str, int]:
        text = "indicator,place,period,value,unit,status,source\n" + "".join(f"{row},final,toy\n" for row in chosen)
        (tmp_path / "facts.csv").write_text(text, "utf-8")
        return compensate(Store(tmp_path / "none.duckdb"), str(tmp_path / "award.yaml"), 2020, [tmp_path / "facts.csv"], [])[
            0
        ].net()

    assert nets(rows)["360730"] == 70_000_000
    for lacking in rows[1:]:
        with pytest.raises(Problems, match="a county on the list lacks its mean of TP"):
            nets([row for row in rows if row != lacking])


def test_a_top_up_lies_within_what_the_province_states(tmp_path: Path) -> None:
    pair = (EXAMPLE / "pair-shangyou-nankang.yaml").read_text("utf-8")
    for amount, refused in (("399.99", True), ("600.01", True), ("600", False), ("0", False)):
        (tmp_path / "pair.yaml").write_text(pair.replace('top_up: {value: "400"', f'top_up: {{value: "{amount}"'), "utf-8")
        assert f'"{amount}"' in (tmp_path / "pair.yaml").read_text("utf-8")
        if refused:
            with pytest.raises(Problems, match="the provincial top-up is neither 0 nor between 4 and 6 million yuan"):
                compensate(Store(tmp_path / "none.duckdb"), str(tmp_path / "pair.yaml"), 2023, [EXAMPLE / "pair.csv"], [])
        else:
            compensate(Store(tmp_path / "none.duckdb"), str(tmp_path / "pair.yaml"), 2023, [EXAMPLE / "pair.csv"], [])


def test_every_year_of_the_xinanjiang_rounds_has_its_version() -> None:
    versions = {year: find_scheme("xinanjiang", year) for year in range(2012, 2021)}
    assert [versions[year].scheme.version for year in (2012, 2014, 2015, 2016, 2017, 2018, 2020)] == [
        "2012",
        "2012",
        "2015",
        "2015",
        "2017",
        "2018",
        "2018",
    ]
    assert str(versions[2016].scheme.constants["k0"].value) == "0.89"
    assert sum("constant k_" in problem.found for problem in list_required(versions[2017])) == 4


def test_a_source_that_says_as_above_is_the_source_above(tmp_path: Path) -> None:
    head = "indicator,place,period,value,unit,status,source\n"
    (tmp_path / "a.csv").write_text(f"{head}x,360730,2022,1,1,final,函3\nx,360730,2023,2,1,final,同上\n", "utf-8")
    assert [one.source for one in read_facts([tmp_path / "a.csv"]).of("x").values()] == ["函3", "函3"]
    (tmp_path / "b.csv").write_text(f"{head}x,360730,2022,1,1,final,〃\n", "utf-8")
    with pytest.raises(Problems, match="has no source"):
        read_facts([tmp_path / "b.csv"])


@pytest.mark.parametrize("kind", ["float32", "float64", "int32", "string"])
def test_numbers_of_a_parquet_column_are_the_numbers_as_given(tmp_path: Path, kind: str) -> None:
    given: list[float | str] = [1, 2] if kind == "int32" else ["115.77", "0.1"] if kind == "string" else [115.77, 0.1]
    table = {
        "indicator": ["p", "p"],
        "place": ["360730", "360731"],
        "period": pa.array([2022, 2022], pa.int32()),
        "value": pa.array(given, getattr(pa, kind)()),
        "unit": ["万元", "万元"],
        "status": ["final", "final"],
        "source": ["s", "s"],
    }
    pq.write_table(pa.table(table), tmp_path / "facts.parquet")
    facts = read_facts([tmp_path / "facts.parquet"]).of("p")
    assert [facts[place, 2022, ""].value for place in ("360730", "360731")] == [Fraction(str(one)) for one in given]
