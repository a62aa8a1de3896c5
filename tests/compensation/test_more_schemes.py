"""Eight more kinds of schemes in force in China, written from docs/schemes.md alone, against fractions computed here; figures invented."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from toy_schemes import write_facts, write_scheme
from unseen import DAYS, MONTHS, PAIRS, Unseen, draw, fen, pay, text

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = ("", "I", "II", "III", "IV", "V", "劣V")
THREE = ("zhi", "an", "bo")


def lushui() -> Unseen:
    """渌水: each month 100 万 by class reached, more for a better class; worse than III the county above pays, double from V on."""
    body = """inputs: {grade: {every: month, unit: water_class}}
constants: {month: {value: "100", unit: 万元, mark: D}}
values: {up: "month * bands(grade, [2, 1.2], [3, 1], [above, 0])", back: "month * bands(grade, [4, 1], [above, 2])"}
rule: [{op: pay, name: a, cases: [{when: grade <= 3, from: an, to: zhi, amount: up}, {from: zhi, to: an, amount: back}]}]
"""
    facts, moves = [], []
    for month in MONTHS:
        grade = int(draw("lu", month, low=1, high=6, of=1))
        facts.append(f"grade,,2021-{month},{NAMES[grade]},water_class")
        if grade <= 3:
            moves.append(("an", "zhi", fen(10**6 * (Fraction("1.2") if grade <= 2 else Fraction(1)))))
        else:
            moves.append(("zhi", "an", fen(Fraction(10**6 * (1 if grade == 4 else 2)))))
    return Unseen(body, facts, pay(*moves))


def luanhe() -> Unseen:
    """引滦入津: both pay into a pool with the province's award; two sections weigh, each is paid for the share of months in class, the rest goes back half and half."""
    body = """funds: {pool: {title: 引滦, residual: largest_remainder, sources: [{from: an, amount: side}, {from: zhi, amount: side}, {from: province, amount: award}]}}
sections: {lh: {name: 黎河桥, upstream: zhi, downstream: an}, sh: {name: 沙河桥, upstream: zhi, downstream: an}}
inputs: {grade: {by: section, every: month, unit: water_class}}
constants: {side: {value: "120", unit: 万元, mark: D}, award: {value: "360", unit: 万元, mark: D}, share_of: {value: {lh: "0.6", sh: "0.4"}, mark: D}}
values: {met: 'sum(grade <= 3, over=month) / 12', due: "(side + side + award) * sum(share_of * met, over=section)", left: side + side + award - due}
rule:
  - {op: pay, name: a, cases: [{from: "fund:pool", to: zhi, amount: due}]}
  - {op: pay, name: b, cases: [{from: "fund:pool", to: an, amount: left * 0.5}]}
  - {op: pay, name: c, cases: [{from: "fund:pool", to: province, amount: left * 0.5}]}
"""
    facts, due = [], Fraction(0)
    for section, weight in (("lh", Fraction("0.6")), ("sh", Fraction("0.4"))):
        met = 0
        for month in MONTHS:
            grade = int(draw(section, month, "luan", low=2, high=4, of=1))
            facts.append(f"grade,{section},2021-{month},{NAMES[grade]},water_class")
            met += grade <= 3
        due += 6 * 10**6 * weight * Fraction(met, 12)
    rest = (6 * 10**6 - due) / 2
    amounts = {"zhi": due - 1_200_000, "an": rest - 1_200_000, "province": rest - 3_600_000}
    return Unseen(body, facts, {name: round(amount * 100) for name, amount in amounts.items()})


def yellow() -> Unseen:
    """鲁豫对赌: a class better or worse than III moves 6000 万 each; each percent less load than the year before 100 万, either way, at most 4000 万."""
    body = """inputs: {grade: {unit: water_class}, cod: {unit: mg/L}, nh3: {unit: mg/L}, tp: {unit: mg/L}}
constants: {target: {value: "3", unit: water_class, mark: D}, one_class: {value: "1", unit: water_class, mark: D}, step: {value: "6000", unit: 万元, mark: D}, point: {value: "10000", unit: 万元, mark: D}, most: {value: "4000", unit: 万元, mark: D}}
values:
  basic: step * ((target - grade) / one_class)
  index: "weighted([0.4, cod / earlier(cod, years=1)], [0.3, nh3 / earlier(nh3, years=1)], [0.3, tp / earlier(tp, years=1)])"
  change: "max(min(point * (1 - index), most), 0 - most)"
rule:
  - {op: pay, name: a, title: 水质基本补偿, flip: "yes", cases: [{from: an, to: zhi, amount: basic}]}
  - {op: pay, name: b, title: 水质变化补偿, flip: "yes", cases: [{from: an, to: zhi, amount: change}]}
"""
    before, now = {"cod": "18", "nh3": "0.8", "tp": "0.15"}, {"cod": "17.1", "nh3": "0.6", "tp": "0.17"}
    facts = ["grade,,2021,II,water_class"]
    facts += [f"{name},,2020,{value},mg/L" for name, value in before.items()] + [
        f"{name},,2021,{value},mg/L" for name, value in now.items()
    ]
    weights = {"cod": Fraction("0.4"), "nh3": Fraction("0.3"), "tp": Fraction("0.3")}
    index = sum((weight * Fraction(now[name]) / Fraction(before[name]) for name, weight in weights.items()), Fraction(0))
    change = max(min(10**8 * (1 - index), Fraction(4 * 10**7)), Fraction(-4 * 10**7))
    moves = [("an", "zhi", 6000 * 10**6), ("an", "zhi", fen(change)) if change >= 0 else ("zhi", "an", fen(change))]
    return Unseen(body, facts, pay(*((one, other, abs(amount)) for one, other, amount in moves)))


def air_rank() -> Unseen:
    """空气质量: each month the best county by PM2.5 is awarded 50 万, the worst pays 30 万; and 20 万 a μg/m3 of yearly fall, either way."""
    body = """inputs: {pm: {by: party, every: month, unit: μg/m3}, before: {by: party, unit: μg/m3}}
constants: {award: {value: "50", unit: 万元, mark: D}, fine: {value: "30", unit: 万元, mark: D}, price: {value: "20", unit: 万元/(μg/m3), mark: D}}
values: {best: "rank_lowest(pm, over=party) == 1", worst: "rank_highest(pm, over=party) == 1", fall: "price * (before - mean(pm, over=month))"}
rule:
  - {op: pay, name: a, cases: [{when: best, from: province, to: self, amount: award}, {when: worst, from: self, to: province, amount: fine}]}
  - {op: pay, name: b, flip: "yes", cases: [{from: province, to: self, amount: fall}]}
"""
    facts, moves, sums = [], [], dict.fromkeys(THREE, Fraction(0))
    for month in MONTHS:
        cells = {name: draw(name, month, "pm", low=20, high=60, of=1) for name in THREE}
        facts += [f"pm,{name},2021-{month},{cell},μg/m3" for name, cell in cells.items()]
        for name, cell in cells.items():
            sums[name] += cell
            if cell == min(cells.values()):
                moves.append(("province", name, 50 * 10**6))
            elif cell == max(cells.values()):
                moves.append((name, "province", 30 * 10**6))
    for name in THREE:
        before = draw(name, "before", low=350, high=450, of=10)
        facts.append(f"before,{name},2021,{text(before)},μg/m3")
        fall = fen(2 * 10**5 * (before - sums[name] / 12))
        moves.append(("province", name, fall) if fall >= 0 else (name, "province", -fall))
    return Unseen(body, facts, pay(*moves))


def henan_ladder() -> Unseen:
    """河南阶梯: each month and section a ladder by how often over the target, doubled where a drinking-water canal is at stake."""
    body = f"""{PAIRS}inputs: {{cod: {{by: section, every: month, unit: mg/L}}}}
constants: {{limit: {{value: "20", unit: mg/L, mark: D}}, first: {{value: "10", unit: 万元, mark: D}}, twice: {{value: {{hk: "1", sk: "2"}}, mark: D}}}}
values:
  over: at_least_zero(cod - limit) / limit
  fine: "first * twice * bands(over, [0, 0], [0.1, 1], [0.5, 2.5], [above, 5]) * (1 + over)"
rule: [{{op: pay, name: a, cases: [{{when: over > 0, from: upstream, to: province, amount: fine}}]}}]
"""
    facts, moves = [], []
    for section, above, twice in (("hk", "zhi", 1), ("sk", "an", 2)):
        for month in MONTHS:
            cod = draw(section, month, "henan", low=1500, high=3500)
            facts.append(f"cod,{section},2021-{month},{text(cod)},mg/L")
            over = max(cod - 20, Fraction(0)) / 20
            if over > 0:
                rung = 1 if over <= Fraction("0.1") else Fraction("2.5") if over <= Fraction("0.5") else 5
                moves.append((above, "province", fen(10**5 * twice * rung * (1 + over))))
    return Unseen(body, facts, pay(*moves))


def jiangsu_two_way() -> Unseen:
    """江苏双向: load over the target times price from above to below, under it from below to above, by flow and days of each month, capped a year and section."""
    body = f"""{PAIRS}inputs: {{flow: {{by: section, every: month, unit: m3/s}}, nh3: {{by: section, every: month, unit: mg/L}}}}
constants: {{limit: {{value: "1", unit: mg/L, mark: D}}, price: {{value: "100", unit: 元/kg, mark: D}}, cap: {{value: "150", unit: 万元, mark: D}}}}
values:
  by_month: price * flow * days_in_month * (nh3 - limit)
  due: "max(min(sum(by_month, over=month), cap), 0 - cap)"
rule: [{{op: pay, name: a, flip: "yes", cases: [{{from: upstream, to: downstream, amount: due}}]}}]
"""
    facts, moves = [], []
    for section, above, below in (("hk", "zhi", "an"), ("sk", "an", "bo")):
        whole = Fraction(0)
        for month in MONTHS:
            flow, nh3 = draw(section, month, "flow", low=1, high=30, of=1), draw(section, month, "n", low=50, high=140)
            facts += [f"flow,{section},2021-{month},{flow},m3/s", f"nh3,{section},2021-{month},{text(nh3)},mg/L"]
            whole += 100 * flow * 86400 * DAYS[month] * (nh3 - 1) / 1000
        due = fen(max(min(whole, Fraction(1_500_000)), Fraction(-1_500_000)))
        moves.append((above, below, due) if due >= 0 else (below, above, -due))
    return Unseen(body, facts, pay(*moves))


def two_mountains() -> Unseen:
    """两山转移支付: a green index, indicators brought to 0..1 between the worst and the best county, weighs the pool with a coefficient; the first gets an award."""
    body = """funds: {pool: {title: 绿色发展, sources: [{from: province, amount: money}]}}
inputs: {money: {unit: 万元, group: pool}, water: {by: party, unit: "%"}, forest: {by: party, unit: "%"}, energy: {by: party, unit: tce/万元}}
constants: {coefficient: {value: {zhi: "1.5", an: "1", bo: "1.2"}, mark: D}, award: {value: "500", unit: 万元, mark: D}}
values:
  of_water: "(water - min(water, over=party)) / (max(water, over=party) - min(water, over=party))"
  of_forest: "(forest - min(forest, over=party)) / (max(forest, over=party) - min(forest, over=party))"
  of_energy: "(max(energy, over=party) - energy) / (max(energy, over=party) - min(energy, over=party))"
  index: "weighted([0.5, of_water], [0.3, of_forest], [0.2, of_energy])"
rule:
  - {op: allocate, name: a, fund: pool, by: index * coefficient}
  - {op: pay, name: b, kind: award, cases: [{when: "rank_highest(index, over=party) == 1", from: province, to: self, amount: award}]}
"""
    written = {"water": ("95", "89", "88"), "forest": ("60", "72", "66"), "energy": ("0.5", "0.4", "0.45")}
    rows = {name: tuple(map(Fraction, cells)) for name, cells in written.items()}
    units = {"water": "%", "forest": "%", "energy": "tce/万元"}
    facts = ["money,,2021,3000,万元"] + [
        f"{name},{county},2021,{text(cell)},{units[name]}"
        for name, cells in rows.items()
        for county, cell in zip(THREE, cells, strict=True)
    ]
    index = dict.fromkeys(THREE, Fraction(0))
    for name, weight in (("water", Fraction("0.5")), ("forest", Fraction("0.3")), ("energy", Fraction("0.2"))):
        low, high = min(rows[name]), max(rows[name])
        for county, cell in zip(THREE, rows[name], strict=True):
            index[county] += weight * (high - cell if name == "energy" else cell - low) / (high - low)
    weights = {county: index[county] * factor for county, factor in zip(THREE, map(Fraction, ("1.5", "1", "1.2")), strict=True)}
    exact = {county: 3 * 10**9 * weight / sum(weights.values()) for county, weight in weights.items()}
    amounts = {county: int(amount) for county, amount in exact.items()}
    for county in sorted(THREE, key=lambda one: -(exact[one] - amounts[one]))[: 3 * 10**9 - sum(amounts.values())]:
        amounts[county] += 1
    best = max(THREE, key=lambda one: index[one])
    amounts[best] += 500 * 10**6
    return Unseen(body, facts, {**amounts, "province": -sum(amounts.values())})


def youshui() -> Unseen:
    """酉水: monthly 40 万 from below where the section keeps class II, to below where it does not; settled by the quarter; at most 400 万 a year."""
    body = """sections: {ly: {name: 里耶, upstream: zhi, downstream: an}}
inputs: {grade: {by: section, every: month, unit: water_class, missing: skip}}
constants: {month: {value: "40", unit: 万元, mark: D}, most: {value: "400", unit: 万元, mark: D}}
values: {net: "sum(month * (1 if grade <= 2 else 0 - 1), over=month)", due: "max(min(net, most), 0 - most)"}
rule: [{op: pay, name: a, flip: "yes", cases: [{from: downstream, to: upstream, amount: due}]}]
"""
    facts = [f"grade,ly,2021-{month},{'III' if month == '07' else 'II'},water_class" for month in MONTHS if month != "08"]
    return Unseen(body, facts, pay(("an", "zhi", 360 * 10**6)))


MORE = (lushui, luanhe, yellow, air_rank, henan_ladder, jiangsu_two_way, two_mountains, youshui)


@pytest.mark.parametrize("make", MORE, ids=lambda make: make.__name__)
def test_another_scheme_written_from_the_page_pays_what_the_fractions_say(make: Callable[[], Unseen], tmp_path: Path) -> None:
    one = make()
    scheme = find_scheme(str(write_scheme(tmp_path / "s.yaml", one.body, end=one.end)), 2021)
    result = compute(scheme, read_facts([write_facts(tmp_path / "f.csv", *one.facts)]), 2021)
    assert {name: amount for name, amount in result.net().items() if amount} == {n: a for n, a in one.net.items() if a}
    assert result.unread == ()
