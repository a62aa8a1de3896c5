"""No row of facts is left out in silence: what a scheme makes of a missing row is never paid because of a slip."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from gep.compensation.desk import Desk
from gep.problems import Problems

EXAMPLE = ROOT / "inputs" / "jiangxi-transfers-example"


def computed(tmp_path: Path, table: str, scheme: str, year: int, old: str = "", new: str = "") -> dict[str, int]:
    text = (EXAMPLE / table).read_text("utf-8")
    assert old in text
    (tmp_path / "facts.csv").write_text(text.replace(old, new) if old else text + new + "\n", "utf-8")
    result, _, _ = Desk(tmp_path / "none.duckdb").compute(scheme, year, [tmp_path / "facts.csv"], [])
    return result.net()


ACCIDENT, RATE = "serious_accident,360730,2016,1", "accident_rate,360730,2016,0.40"
END = ",1,1,final,EXAMPLE,"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ACCIDENT, "serious_accident,宁都懸,2016,1", "serious_accident of 宁都懸 2016 names a place that nobody knows"),
        (ACCIDENT, "serious_accident,360700,2016,1", "serious_accident of 360700 2016 names no single member"),
        (ACCIDENT, "serious_accident,,2016,1", "serious_accident of the scheme 2016 names no place"),
        (ACCIDENT, "serious_accident,province,2016,1", "names a party that is no member"),
        (ACCIDENT, "serious_accident,360730,2016-05,1", "serious_accident of 360730 2016-05 stands for a month"),
        (ACCIDENT, "serious_acident,360730,2016,1", "jx-basin-pool asks for no 'serious_acident'"),
        (ACCIDENT, "serious_accident,360730,2016,0", "有扣减决定而没有登记重大事故的县"),
        (RATE, "accident_rate,360730,2016,0.20", "发生重大事故的县没有 30%-50% 之间的扣减决定"),
        ("", "water_quality_score,宁都县,2016,10,score,final,EXAMPLE,", "of 宁都县 2016 stands twice, in"),
        (ACCIDENT, "serious_accident,宁都,2016,1", "serious_accident of 宁都 2016 names no single member"),
        ("", "money_centre,宁都县,2016,1,元,final,EXAMPLE,", "names a place, and is one figure for the whole scheme"),
    ],
)
def test_a_row_that_meets_no_cell_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        computed(tmp_path, "basin_pool.csv", "jx-basin-pool", 2016, old, new)
    assert said in str(caught.value)


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
