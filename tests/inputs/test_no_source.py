"""A dash, 无, N/A or 待补 is no source, wherever a source is read; what names a document is one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from small_workbook import write

from gep.files.no_source import names_no_source
from gep.messages.problems import Problems

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program

NONE = "-|—|——|/|\\|、|?|？？|.|…|*|无|（无）|暂无|N/A|n.a.|NA|null|待补|待补。|略|（略）|待核实|来源不明|不详|TBD|xxx|×××|0|\u200b| |\u3000"
SOME = "s|年鉴|统计年鉴第3页|2022|P12|县气象局|无锡统计年鉴|缺口监测站|略阳县统计局|补水台账|空气站|NASA|X1号文|不动产登记中心|未央区年鉴|GB/T 1"


@pytest.mark.parametrize("text", NONE.split("|"))
def test_what_names_no_source(text: str) -> None:
    assert names_no_source(text)


@pytest.mark.parametrize("text", SOME.split("|"))
def test_what_names_one(text: str) -> None:
    assert not names_no_source(text)


def test_check_says_it_for_tables_and_workbooks(gep: Program, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    rows = [("precipitation", "1600", "mm", "-"), ("gdp", "5", "亿元", "-"), ("population", "3", "万人", "待补")]
    rows += [("land_area", "9", "km2", ""), ("runoff_coefficient", "4", "%", "N/A"), ("storm_rainfall", "310", "mm", "县气象局")]
    table.write_text(
        "county,year,variable,ecosystem,value,unit,source\n"
        + "".join(
            f"360725,2022,{name},{'forest' if name.startswith('runoff') else ''},{value},{unit},{source}\n"
            for name, value, unit, source in rows
        ),
        "utf-8",
    )
    found = json.loads(gep("check", str(table), "--format", "json").stdout)["findings"]
    assert [(one["line"], one["found"]) for one in found if one["code"] == "source"] == [
        (2, "the source is '-', which names none (figures: 2)"),
        (4, "the source is '待补', which names none (figures: 1)"),
        (5, "no source is named (figures: 1)"),
        (6, "the source is 'N/A', which names none (figures: 1)"),
    ]
    book = write(tmp_path / "b.xlsx", ("G2", "—"), ("G3", "无"), ("G4", None))
    found = json.loads(gep("check", str(book), "--format", "json").stdout)["findings"]
    assert [(one["cell"], "which names none" in one["found"]) for one in found if one["code"] == "source"] == [
        ("统计局!E2", True),
        ("统计局!E3", True),
        ("统计局!E4", False),
    ]


@pytest.mark.parametrize("source", ["-", "无", "N/A", "待补"])
def test_where_a_source_is_needed_it_is_refused(source: str, tmp_path: Path) -> None:
    from gep.assets.extent import read_transitions
    from gep.encumbrance.written import check_words
    from gep.indicators.figures import read_figures
    from gep.indicators.sets import load_set
    from gep.uncertainty.stated import read_spreads
    from gep.worked.written import Reader

    with pytest.raises(Problems):
        check_words("江西银行", source)
    path = tmp_path / "a.csv"
    path.write_text(f"place,year,indicator,value,unit,source\n360725,2024,森林覆盖率,88,%,{source}\n", "utf-8")
    with pytest.raises(Problems, match="which names none"):
        read_figures([path], load_set("ganzhou-2035"))
    path.write_text(f"id,member,kind,low,high,sd,unit,source\nprecipitation,,uniform,1,2,,mm,{source}\n", "utf-8")
    with pytest.raises(Problems, match="there is no source"):
        read_spreads(path)
    path.write_text(f"from,to,area,unit,kind,source\nforest,forest,900,hm2,,{source}\n", "utf-8")
    reader = Reader()
    read_transitions(path, reader)
    assert "source is missing" in str(Problems(reader.problems))
