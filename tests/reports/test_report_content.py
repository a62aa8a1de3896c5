"""What reports say: figures against tables, the split of a change, plain words, number formats and the catalogue."""

from __future__ import annotations

import math
import re
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Program
from kept_stores import JINXI
from report_store import stored, write_inputs
from two_hands import post

from gep.compare.years import compare_years
from gep.messages.numbers import format_amount, format_digits, format_fixed, format_quantity, format_share, shorten_numbers
from gep.messages.punctuation import widen_punctuation
from gep.messages.tables import MONEY, NUMBER, SHARE, Column, print_cell
from gep.reports.content import make_report
from gep.reports.forms.drawing import draw_figures, draw_png
from gep.reports.forms.html import render_html
from gep.reports.model import Figure, Point, Report
from gep.reports.waterfall import place_bars
from gep.reports.words import read_words
from gep.store.keys import find_account
from gep.store.opening import open_to_write
from gep.store.saving import save
from gep.store.signing import sign
from gep.store.store import Store
from gep.tasks.run import run_account

LABELLED = ("shares", "ecosystems", "waterfall", "series")


@pytest.fixture(scope="module")
def years(two_years: Path) -> Path:
    return two_years


@pytest.fixture(scope="module")
def province(grids: Path) -> Path:
    return grids


def report_of(store: Path, run: int, account: int = 0, lang: str = "zh") -> Report:
    with Store(store) as connection:
        return make_report(connection, run, account, lang)


def numbers_in(svg: str) -> list[str]:
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return [found for text in texts for found in re.findall(r"[+−]?[\d,]+\.\d+", text.split("(")[0])]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_numbers_drawn_are_those_of_the_tables(years: Path, lang: str) -> None:
    report = report_of(years, 2, lang=lang)
    figures = draw_figures(report.figures, read_words(lang))
    assert set(LABELLED) <= set(figures)
    tables = {"shares": ("value", "value"), "ecosystems": ("extent", "area")}
    for name, (table, column) in tables.items():
        one = report.tables[table]
        kind = next(column_ for column_ in one.columns if column_.id == column)
        in_table = {print_cell(cell, kind) for cell in one.column(column)}
        shown = numbers_in(figures[name].svg)
        assert len(shown) == len(figures[name].points)
        assert set(shown) <= in_table, name
    change = report.tables["change"]
    totals = {
        print_cell(cell, change.columns[1]) for name in ("gep", "gep_constant") for cell in report.tables["series"].column(name)
    }
    changes = {print_cell(cell, change.columns[3]) for cell in change.column("change")}
    in_waterfall = numbers_in(figures["waterfall"].svg)
    assert {one.lstrip("+") for one in in_waterfall} <= totals | changes
    assert any(one.startswith("−") for one in in_waterfall)
    assert set(numbers_in(figures["series"].svg)) == totals
    for name in LABELLED:
        for point in figures[name].points:
            assert print_cell(point.value, Column("", "", MONEY, decimals=2 if name == "ecosystems" else 4)) in figures[name].alt


def test_the_waterfall_ends_where_the_totals_are(years: Path) -> None:
    points = report_of(years, 2).figures["waterfall"].points
    assert points[0].value + sum(point.value for point in points[1:-1]) == pytest.approx(points[-1].value, rel=1e-12)


def test_the_changes_of_a_waterfall_can_be_seen(years: Path) -> None:
    figure = report_of(years, 2).figures["waterfall"]
    base, bars = place_bars(figure.points)
    ends = [bar.end for bar in bars]
    assert 0 < base < min(ends)
    assert (max(ends) - min(ends)) / (max(ends) - base) > 0.5
    assert all(bar.start == base for bar in (bars[0], bars[-1]))
    assert "横轴不从零开始" in figure.note
    assert place_bars([Point("a", 1.0, "whole"), Point("b", 9.0, "change"), Point("c", 10.0, "whole")])[0] == 0.0
    assert place_bars([Point("a", -1.0, "whole"), Point("b", 0.1, "change"), Point("c", -0.9, "whole")])[0] == 0.0


def test_the_map_shows_the_values_of_all_counties(province: Path) -> None:
    with Store(province) as connection:
        expected = dict(
            connection.execute("SELECT county, gep_per_km2 / 1e4 FROM gep_account WHERE gep_per_km2 IS NOT NULL").fetchall()
        )
    figure = report_of(province, 1, 5).figures["map"]
    assert {point.group: point.value for point in figure.points} == pytest.approx(expected)
    assert len(figure.points) > 90
    assert "审图号" in figure.note
    svg = draw_figures({"map": figure}, read_words("zh"))["map"].svg
    lowest, highest = (format_quantity(one(expected.values())) for one in (min, max))
    shown = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert lowest in shown
    assert highest in shown
    assert len(svg) < 200_000
    assert draw_png(figure, read_words("zh")).startswith(b"\x89PNG")


def test_the_parts_of_a_change_add_up_and_are_named(years: Path) -> None:
    report = report_of(years, 2)
    rows = {str(row.cells[0]): row.cells for row in report.tables["change"].rows}
    for cells in rows.values():
        _, before, after, change, *parts = cells
        if isinstance(before, float) and isinstance(after, float):
            assert after - before == pytest.approx(change)
            assert sum(parts) == pytest.approx(change)  # type: ignore[arg-type]
    with Store(years) as connection:
        one, two = (find_account(connection, "361027", year, None) for year in (2021, 2022))
        splits = {split.name: split for split in compare_years(connection, one, two).current}
    told = splits["water_conservation"].parts
    shown = rows["水源涵养"][4:]
    assert shown == tuple(pytest.approx(told[cause] / 1e10) for cause in ("quantity", "price", "coefficient", "coverage"))
    assert told["quantity"] > 0  # more rain, though 2 % less forest
    said = " ".join(report.summary)
    assert "与 2021 年相比" in said
    assert "实物量变化" in said
    assert "价格变化" in said
    assert "0.0000" not in said


def test_summary_says_only_what_the_store_holds(tmp_path: Path) -> None:
    store = stored(tmp_path, "360725,2022,agricultural_output_value,,,1,亿元,s,")
    said = " ".join(report_of(store, 1).summary)
    assert "1.0000 亿元" in said
    for absent in ("人均", "每平方公里", "地区生产总值", "相比", "不变价", "按类别"):
        assert absent not in said
    assert "H2" not in [table.code for table in report_of(store, 1).tables.values() if table.rows]


def test_sensitivity_is_the_account_computed_again(jinxi: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    rows = [row.cells for row in report_of(path, 1).tables["sensitivity"].rows]
    rain = next(row for row in rows if row[1] == "年降水量")
    more = tmp_path / "more"
    more.mkdir()
    for file in JINXI.glob("*.csv"):
        text = file.read_text("utf-8").replace(",1747.3,mm", f",{1747.3 * 1.1!r},mm")
        (more / file.name).write_text(text, "utf-8")
    save(run_account([more]), path)
    with Store(path) as connection:
        again = connection.execute(
            "SELECT value FROM service_result WHERE run = 2 AND service = 'water_conservation'"
        ).fetchall()[0][0]
    assert rain[5] == pytest.approx(again / 1e8)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_summary_is_a_number_of_the_report(years: Path, lang: str) -> None:
    report = report_of(years, 2, lang=lang)
    known = {
        print_cell(cell, column).lstrip("−")
        for table in report.tables.values()
        for row in table.rows
        if len(row.cells) == len(table.columns)
        for cell, column in zip(row.cells, table.columns, strict=True)
        if column.kind in {MONEY, NUMBER, SHARE}
    }
    known |= {one.shown for one in report.headlines}
    moved = re.compile(r"\d[\d,]*\.\d{4}")
    for sentence in report.summary:
        if "相比" in sentence or "Compared" in sentence or "分解" in sentence or "told apart" in sentence:
            continue  # sums of rows
        for found in moved.findall(sentence):
            assert found in known, (found, sentence)


def test_numbers_are_printed_for_people() -> None:
    money = Column("", "", MONEY)
    assert print_cell(66.20620161, money) == "66.2062"
    assert print_cell(0.0, money) == "0.0000"
    assert print_cell(0.0000123, money) == "<0.0001"
    assert print_cell(-1234.5, money) == "−1,234.5000"
    assert print_cell(1e15 / 1e8, money) == "10,000,000.0000"
    assert print_cell(1e292, money) == "1.000×10^292"
    assert print_cell(1e-9, money) == "<0.0001"
    assert print_cell(-3e-5, money) == ">−0.0001"
    assert format_amount(7.1085e10, "m³", "zh") == "710.85 亿m³"
    assert format_amount(7.1085e10, "m³", "en") == "71.08 bn m³"
    assert [format_digits(one) for one in (7.1085e10, 8.780000000002, 3e-5, 0.0)] == ["71,085,000,000", "8.78", "0.00003", "0"]
    assert shorten_numbers("8.780000000002 × 3e-05 × 1,234.5") == "8.78 × 0.00003 × 1,234.5"
    assert print_cell(None, money) == "—"
    assert print_cell(math.nan, money) == "—"
    assert format_fixed(2.5, 0) == "2"  # half to even
    assert format_quantity(0.0465) == "0.04650"
    assert format_quantity(246215350.1808) == "246,215,350.18"
    assert format_share(0.0001) == "<0.1%"
    assert format_share(0.5937) == "59.4%"


def test_small_accounts_are_printed_in_wan(tmp_path: Path) -> None:
    report = report_of(stored(tmp_path, "360725,2022,agricultural_output_value,,,12,万元,s,"), 1)
    assert (report.total.shown, report.total.unit) == ("12.0000", "万元")
    assert report.tables["value"].columns[1].unit == "万元"


def test_full_width_leaves_numbers_and_addresses_alone() -> None:
    assert widen_punctuation("共 1,747.3 项,见 http://x.cn/a(甲)") == "共 1,747.3 项，见 http://x.cn/a（甲）"
    assert widen_punctuation("land.csv:6 (K)") == "land.csv:6 (K)"
    assert widen_punctuation("P1:水库") == "P1：水库"


def test_a_county_that_is_on_no_map_has_a_report_without_map(tmp_path: Path) -> None:
    report = report_of(
        stored(tmp_path, "110105,2022,agricultural_output_value,,,12,亿元,s,", "110105,2022,land_area,,,470,km2,s,"), 1
    )
    assert "map" not in report.figures
    assert report.county == "朝阳区"


def test_every_figure_is_said_in_words(years: Path) -> None:
    for figure in draw_figures(report_of(years, 2).figures, read_words("zh")).values():
        assert isinstance(figure, Figure)
        assert figure.alt
        assert f"<title>{figure.alt}</title>" in figure.svg
        assert "Noto Sans" not in figure.svg


def test_a_scheme_the_county_takes_part_in_has_its_page(tmp_path: Path) -> None:
    store = stored(tmp_path, "361027,2023,agricultural_output_value,,,12,亿元,s,")
    gep = Program(str(store))
    post(gep, "compensate", "jx-kefz", "2023", "--inputs", "inputs/jiangxi-transfers-example/kefz.csv")
    report = report_of(store, 1)
    with Store(store) as connection:
        fen = connection.execute(
            "SELECT sum(amount_fen) FROM transfer_standing WHERE payee = '361027' AND year = 2023"
        ).fetchall()[0][0]
    assert fen > 0
    assert len(report.schemes) == 1
    table = report.schemes[0]
    totals = {str(row.cells[0]): row.cells[3] for row in table.rows if row.kind == "sum"}
    assert totals == {"收入合计": fen / 100, "支出合计": 0.0, "净额": fen / 100}
    page = render_html(report)
    assert "生态保护补偿" in page
    assert f"{fen // 100:,}.{fen % 100:02d}" in page


def test_the_report_says_who_approved_which_hash_and_what_voids_it(tmp_path: Path) -> None:
    store = stored(tmp_path, "360725,2022,agricultural_output_value,,,1,亿元,s,")
    with Store(store) as connection:
        place = find_account(connection, "360725", 2022, None)
    with open_to_write(store) as connection:
        sign(connection, place, "submitted", "张三 <b>", "please")
        sign(connection, place, "approved", "李四", "checked")
    report = report_of(store, 1)
    assert report.state.id == "approved"
    assert "已批准：李四" in report.state.sentence
    assert report.state.sha256 == report.run.account_sha256
    page = render_html(report)
    assert page.count(report.state.sha256) >= 2
    assert "张三 &lt;b&gt;" in page
    assert [event[0] for event in report.history] == ["已送审", "已批准"]
    save(run_account([write_inputs(tmp_path, "360725,2022,agricultural_output_value,,,2,亿元,s,")]), store, "a better figure")
    later = report_of(store, 2)
    assert later.state.id == "draft"
    assert "第 1 次核算已批准，被第 2 次核算作废" in later.state.sentence
    assert later.run.reason == "a better figure"


def test_an_english_report_names_products_and_sources_in_english(years: Path) -> None:
    english, chinese = report_of(years, 2, lang="en"), report_of(years, 2, lang="zh")
    members = {str(one) for one in english.tables["inputs"].column("member")}
    assert {"grain", "oil crops", "tea", "vegetables and edible fungi", "meat"} <= members
    assert not [one for one in members if re.search("[一-鿿]", one)]
    assert {"粮食", "油料"} <= {str(one) for one in chinese.tables["inputs"].column("member")}
    titles = dict(english.sources)
    assert titles["ndrc-2022"].startswith("Specification for accounting gross ecosystem product (trial)")
    assert dict(chinese.sources)["ndrc-2022"].startswith("生态产品总值核算规范")
    assert not [text for text in titles.values() if re.match("[一-鿿]", text)]


def test_every_source_with_a_chinese_title_has_an_english_one() -> None:
    sources = yaml.safe_load((ROOT / "coefficients" / "sources.yaml").read_text("utf-8"))
    lacking = [key for key, one in sources.items() if re.match("[一-鿿]", str(one["title"])) and not one.get("title_en")]
    assert lacking == []
