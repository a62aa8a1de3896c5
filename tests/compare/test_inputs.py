"""A change is told down to rain, areas, prices and coefficients: by hand in fractions, additive, and turned round with the years."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from typing import TYPE_CHECKING

import pytest
from by_hand_cases import BY_THE_SEA, COLUMNS, INLAND, ROWS, YEAR, read_figures, write_standard
from comparing import adds_up, balance, compared, of, table
from conftest import CASES, Program
from hypothesis import given, settings
from hypothesis import strategies as st
from metamorphic import THERE

from gep.compare.owen import ALL, NONE, list_moves, share_out, weigh_states
from gep.compare.years import compare_years
from gep.messages.layout import measure_width
from gep.store.keys import find_account
from gep.store.opening import open_to_read
from gep.store.saving import save
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from gep.compare.inputs import InputPart
    from gep.compare.years import Comparison

OWN = "{},reservoir_construction_cost,,,,{},CNY_{}/m^3"


def mean_over_orders(
    groups: Sequence[Sequence[str]], ends: Mapping[str, tuple[Fraction, Fraction]], value: Callable[..., Fraction]
) -> dict[str, Fraction]:
    """Owen's value, word for word: the mean over all orders in which the inputs of a cause come one after the other."""
    found = dict.fromkeys(ends, Fraction(0))
    orders = [
        [name for group in order for name in group]
        for outer in permutations(groups)
        for order in product(*(list(permutations(group)) for group in outer))
    ]
    for order in orders:
        state = {name: pair[0] for name, pair in ends.items()}
        for name in order:
            before = value(**state)
            state[name] = ends[name][1]
            found[name] += value(**state) - before
    return {name: share / len(orders) for name, share in found.items()}


def shares_of(found: Comparison, service: str) -> dict[tuple[str, str, str], InputPart]:
    return {(one.cause, one.id, one.ecosystem or one.pollutant or one.product): one for one in of(found.current, service).inputs}


def test_water_is_split_into_area_by_type_rain_evapotranspiration_and_price(tmp_path: Path) -> None:
    rows = [*balance(2020, 60, 1700), OWN.format(2020, 6, 2020), *balance(2022, 50, 1900), OWN.format(2022, 8, 2022)]
    rows = [row.replace(",600,mm", ",650,mm") if row.startswith("2022,evap") else row for row in rows]
    rows = [*rows, "2020,area,shrub,,,5,km2", "2022,area,shrub,,,8,km2"]
    rows = [row.replace("cropland,,,40", "cropland,,,35").replace("cropland,,,50", "cropland,,,42") for row in rows]
    store = tmp_path / "gep.duckdb"
    save(run_account([table(tmp_path, "two.csv", rows)], price_year=2020), store)
    found = compared(store)
    adds_up(found)

    def value(forest: Fraction, shrub: Fraction, rain: Fraction, evaporated: Fraction, price: Fraction) -> Fraction:
        return (forest + shrub) * (rain - evaporated - 100) * 1000 * price * 100  # km² × mm in m³; fen

    ends = {
        name: (Fraction(one), Fraction(other))
        for name, one, other in (
            ("forest", 60, 50),
            ("shrub", 5, 8),
            ("rain", 1700, 1900),
            ("evaporated", 600, 650),
            ("price", 6, 8),
        )
    }
    # the types are cells of one input, the area
    expected = mean_over_orders([["forest", "shrub", "rain", "evaporated"], ["price"]], ends, value)
    shown = shares_of(found, "water_conservation")
    names = {
        ("quantity", "area", "mixed_forest"): "forest",
        ("quantity", "area", "shrub"): "shrub",
        ("quantity", "precipitation", ""): "rain",
        ("quantity", "evapotranspiration", ""): "evaporated",
        ("price", "reservoir_construction_cost", ""): "price",
    }
    assert set(shown) == set(names)
    for key, name in names.items():
        assert abs(shown[key].part - expected[name]) <= 2, key
    rain = shown["quantity", "precipitation", ""]
    assert (rain.before, rain.after, rain.unit) == (1700, 1900, "mm/yr")
    area = shown["quantity", "area", "mixed_forest"]
    assert (area.before, area.after, area.unit) == (60, 50, "km^2")
    assert (shown["price", "reservoir_construction_cost", ""].before, area.only) == (6, None)


def test_a_type_that_only_one_year_lists_is_named_as_coverage(tmp_path: Path) -> None:
    rows = [*balance(2020, 60, 1700), *balance(2022, 60, 1700), "2022,area,shrub,,,5,km2"]
    rows = [row.replace("cropland,,,40", "cropland,,,35") if row.startswith("2022") else row for row in rows]
    store = tmp_path / "gep.duckdb"
    save(run_account([table(tmp_path, "two.csv", rows)]), store)
    found = compared(store)
    adds_up(found)
    came = [one for one in of(found.current, "water_conservation").inputs if one.cause == "coverage"]
    assert [(one.ecosystem, one.only, one.before, one.after) for one in came] == [("shrub", 2022, None, None)]
    assert came[0].part == of(found.current, "water_conservation").parts["coverage"] > 0


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.integers(0, 2), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_shares_add_up_and_turn_round(counts: list[int], others: int, seed: int) -> None:
    """A game of random sums of products, with values that floats hold exactly."""
    chance = random.Random(seed)
    players = [(player, cell) for player, count in enumerate(counts) for cell in range(count)]
    terms = [
        (chance.randint(-9, 9), set(chance.sample(players, min(len(players), chance.randint(1, 3)))), chance.randrange(2**others))
        for _ in range(6)
    ]

    def value(state: tuple[int, ...], coalition: tuple[int, ...], *, turned: bool) -> float:
        taken = {
            (player, cell)
            for player, cell in players
            if (coalition[player] % 2 == 1) != (coalition[player] in {2 + 2 * cell, 3 + 2 * cell})
        }
        taken = set(players) - taken if turned else taken
        states = [1 - one for one in state] if turned else list(state)
        on = sum(one << at for at, one in enumerate(states))
        return float(sum(size for size, needs, mask in terms if needs <= taken and on & mask == mask))

    contexts = weigh_states(others)
    moves = list_moves(counts, len(contexts))
    assert sum(contexts.values()) == 1
    values, turned = (
        {
            (state, one): value(state, one, turned=round_)
            for state in contexts
            for move in moves
            for one in (move.before, move.after)
        }
        for round_ in (False, True)
    )
    shares, back = share_out(counts, moves, contexts, values), share_out(counts, moves, contexts, turned)
    full, empty = (ALL,) * len(counts), (NONE,) * len(counts)
    whole = sum(weight * Fraction(values[state, full] - values[state, empty]) for state, weight in contexts.items())
    assert sum(share for one in shares for share in one) == whole
    assert [[-share for share in one] for one in back] == shares


def test_many_inputs_are_still_shared_out_whole_and_in_bounded_work() -> None:
    counts = [20] * 12
    moves = list_moves(counts, 8)
    assert len(moves) < 1200
    values: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {
        ((), one): float(sum(code % 2 for code in one) * 3 + sum((code - 2) // 2 for code in one if code > 1))
        for move in moves
        for one in (move.before, move.after)
    }
    shares = share_out(counts, moves, {(): Fraction(1)}, values)
    assert sum(share for one in shares for share in one) == 36


def test_random_changes_of_a_whole_account_add_up_and_turn_round(tmp_path: Path) -> None:
    chance = random.Random(7)
    lines = (CASES / "garze-2010" / "inputs.csv").read_text("utf-8").splitlines()
    rows = []
    for line in lines[1:]:
        cells = line.split(",")
        cells[1] = "2012"
        if cells[2] == "land_area" or chance.random() < 0.05:
            continue
        if chance.random() < 0.7:
            cells[6] = repr(round(float(cells[6]) * chance.uniform(0.5, 1.7), 4))
        rows.append(",".join(cells))
    path = tmp_path / "later.csv"
    path.write_text("\n".join([lines[0], *rows]) + "\n", "utf-8")
    store = tmp_path / "gep.duckdb"
    save(run_account([CASES / "garze-2010" / "inputs.csv", path], str(CASES / "garze-2010" / "standard.yaml"), 2010), store)
    with open_to_read(store) as connection:
        county = connection.execute("SELECT county FROM latest").fetchall()[0][0]
        one, other = (find_account(connection, county, year, None) for year in (2010, 2012))
        there, back = compare_years(connection, one, other, 2010), compare_years(connection, other, one, 2010)
    for splits, turned in ((there.current, back.current), (there.constant, back.constant)):
        for split in splits:
            against = {
                (part.cause, part.id, part.ecosystem, part.pollutant, part.product, part.service): part.part
                for part in of(turned, split.name).inputs
            }
            for part in split.inputs:
                if part.cause != "rounding":
                    key = (part.cause, part.id, part.ecosystem, part.pollutant, part.product, part.service)
                    assert abs(against.get(key, 0) + part.part) <= (1 if split.name != "gep" else 20), part
    adds_up(there)
    adds_up(back)
    told = {part.id for split in there.current for part in split.inputs}
    assert len(told) > 10


@pytest.mark.parametrize("at", range(3, len(ROWS), 9))
def test_every_way_to_compute_adds_up_and_turns_round_to_the_fen(tmp_path: Path, at: int) -> None:
    """Every ninth of the cases by hand, with another year of other figures, some of them left out."""
    service, row = ROWS[at]
    chance = random.Random(at)
    home = BY_THE_SEA if service == "coastal_protection" else INLAND
    with (tmp_path / "i.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for figure in (*read_figures(row["inputs"]), THERE):
            writer.writerow(figure.row(home))
            if chance.random() < 0.95:
                earlier = figure.with_(value=figure.value * chance.uniform(0.7, 1.0)).row(home)
                writer.writerow((earlier[0], YEAR - 1, *earlier[2:]))
    store = tmp_path / "gep.duckdb"
    save(run_account([tmp_path / "i.csv"], str(write_standard(service, row, tmp_path / "s.yaml"))), store)
    with open_to_read(store) as connection:
        one, other = (find_account(connection, home, year, None) for year in (YEAR - 1, YEAR))
        there, back = compare_years(connection, one, other), compare_years(connection, other, one)
    adds_up(there)
    told, turned = (
        {replace(part, part=0, before=None, after=None): part.part for split in found.current[:-1] for part in split.inputs}
        for found in (there, back)
    )
    assert told
    assert turned == {key: -part for key, part in told.items()}


def test_text_report_and_json_name_the_inputs(gep: Program, two_years: Path, tmp_path: Path) -> None:
    common = ("compare", "361027", "2021", "2022", "--store", str(two_years))
    text = gep(*common, "--lang", "zh").stdout
    for words in (
        "年降水量 1,694.88 → 1,747.3 mm/年",
        "生态系统面积（针阔混交林）",
        "农业产品产值合计，价格指数",
        "水库单位库容建造成本",
    ):
        assert words in text
    assert all(measure_width(line) <= 80 for line in text.splitlines())
    assert "Precipitation 1,694.88 → 1,747.3 mm/yr" in gep(*common, "--lang", "en").stdout
    found = json.loads(gep(*common, "--format", "json").stdout)
    for split in (*found["current"], *found["constant"]):
        assert sum(one["part"] for one in split["inputs"]) == (split["other"] or 0) - (split["one"] or 0)
    gep("report", "361027", "2022", "--store", str(two_years), "-o", str(tmp_path / "r.html"), "--lang", "zh")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "1,694.88 → 1,747.3 mm/年" in page
    gep("report", "361027", "2022", "--store", str(two_years), "-o", str(tmp_path / "r.json"), "--lang", "en")
    rows = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]["tables"]["change_inputs"]["rows"]
    assert "Precipitation" in json.dumps(rows)
    assert "变化的来源" in page
