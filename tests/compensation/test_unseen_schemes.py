"""Fourteen kinds of schemes as they are in force in China, written from docs/schemes.md alone, against fractions computed here; figures invented."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from languages import check_both
from toy_schemes import write_facts, write_scheme
from unseen import DAYS, MONTHS, PAIRS, Unseen, draw, fen, pay, text

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.messages.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNTIES = ("zhi", "an", "bo")


def ting_han() -> Unseen:
    """汀江—韩江: two sections, two pollutants; each section pays its weight times its share of months met, the rest goes back."""
    body = """sections: {yd: {name: 永定, upstream: zhi, downstream: an}, wp: {name: 武平, upstream: zhi, downstream: an}}
inputs: {cod: {by: section, every: month, unit: mg/L}, nh3: {by: section, every: month, unit: mg/L}}
constants: {cod_limit: {value: "20", unit: mg/L, mark: D}, nh3_limit: {value: "1", unit: mg/L, mark: D}, money: {value: "1", unit: 亿元, mark: D}, weight: {value: {yd: "0.7", wp: "0.3"}, mark: D}}
values: {met: cod <= cod_limit and nh3 <= nh3_limit, rate: "sum(met, over=month) / 12", due: money * weight * rate}
rule: [{op: pay, name: a, title: 达标补偿, cases: [{from: downstream, to: upstream, amount: due}]}]
"""
    facts, moves = [], []
    for section, weight in (("yd", Fraction("0.7")), ("wp", Fraction("0.3"))):
        met = 0
        for month in MONTHS:
            cod, nh3 = draw(section, month, "cod", low=1500, high=2200), draw(section, month, "n", low=50, high=105)
            facts += [f"cod,{section},2021-{month},{text(cod)},mg/L", f"nh3,{section},2021-{month},{text(nh3)},mg/L"]
            met += cod <= 20 and nh3 <= 1
        moves.append(("an", "zhi", fen(10**8 * weight * Fraction(met, 12))))
    return Unseen(body, facts, pay(*moves))


def miyun() -> Unseen:
    """密云: water delivered at a price by total nitrogen, a bonus above a volume."""
    body = """inputs: {volume: {unit: 万m3, range: ["0", "1000000"]}, tn: {every: month, unit: mg/L}}
constants: {price: {value: "0.35", unit: 元/m3, mark: D}, more: {value: "0.1", unit: 元/m3, mark: D}, plenty: {value: "30000", unit: 万m3, mark: D}, one: {value: "1", unit: mg/L, mark: D}}
values: {factor: "bands(mean(tn, over=month) / one, [1, 1.2], [2, 1], [above, 0.5])", due: volume * price * factor + at_least_zero(volume - plenty) * more}
rule: [{op: pay, name: a, cases: [{from: an, to: zhi, amount: due}]}]
"""
    tn = [draw("tn", month, low=80, high=150) for month in MONTHS]
    mean = sum(tn, Fraction(0)) / 12
    factor = Fraction("1.2") if mean <= 1 else Fraction(1) if mean <= 2 else Fraction("0.5")
    volume = Fraction("34567.89") * 10**4
    due = volume * Fraction("0.35") * factor + (volume - 3 * 10**8) * Fraction("0.1")
    facts = ["volume,,2021,34567.89,万m3", *(f"tn,,2021-{month},{text(one)},mg/L" for month, one in zip(MONTHS, tn, strict=True))]
    return Unseen(body, facts, pay(("an", "zhi", fen(due))))


def dabie() -> Unseen:
    """大别山: an index of three pollutants; at most 1 the city below pays, above 1 the city above pays, the province pays either way."""
    body = """inputs: {kmn: {every: month, unit: mg/L}, nh3: {every: month, unit: mg/L}, tp: {every: month, unit: mg/L}}
constants: {k1: {value: "2.0", unit: mg/L, mark: D}, k2: {value: "0.15", unit: mg/L, mark: D}, k3: {value: "0.025", unit: mg/L, mark: D}, k0: {value: "0.85", mark: D}, share: {value: "4000", unit: 万元, mark: D}, province_part: {value: "12000", unit: 万元, mark: D}}
values: {p: "k0 * weighted([0.4, mean(kmn, over=month) / k1], [0.3, mean(nh3, over=month) / k2], [0.3, mean(tp, over=month) / k3])"}
rule:
  - {op: pay, name: a, cases: [{when: p <= 1, from: an, to: zhi, amount: share}, {from: zhi, to: an, amount: share}]}
  - {op: pay, name: b, cases: [{from: province, to: zhi, amount: province_part}]}
"""
    tops = {"kmn": (150, 240), "nh3": (8, 18), "tp": (1, 4)}
    rows = {name: [draw(name, month, low=low, high=high) for month in MONTHS] for name, (low, high) in tops.items()}
    means = {name: sum(cells, Fraction(0)) / 12 for name, cells in rows.items()}
    p = Fraction("0.85") * (
        Fraction("0.4") * means["kmn"] / 2
        + Fraction("0.3") * means["nh3"] / Fraction("0.15")
        + Fraction("0.3") * means["tp"] / Fraction("0.025")
    )
    way = ("an", "zhi") if p <= 1 else ("zhi", "an")
    facts = [
        f"{name},,2021-{month},{text(cell)},mg/L"
        for name, cells in rows.items()
        for month, cell in zip(MONTHS, cells, strict=True)
    ]
    return Unseen(body, facts, pay((*way, 4000 * 10**6), ("province", "zhi", 12000 * 10**6)))


def chongqing() -> Unseen:
    """重庆: each month 100 万 a class better or worse than the target, by section, either way, at most 300 万 a month."""
    body = f"""{PAIRS}inputs: {{grade: {{by: section, every: month, unit: water_class}}}}
constants: {{target: {{value: {{hk: "3", sk: "4"}}, unit: water_class, mark: D}}, one_class: {{value: "1", unit: water_class, mark: D}}, step: {{value: "100", unit: 万元, mark: D}}, most: {{value: "3", mark: D}}}}
values: {{better: (target - grade) / one_class, due: "step * max(min(better, most), 0 - most)"}}
rule: [{{op: pay, name: a, flip: "yes", cases: [{{from: downstream, to: upstream, amount: due}}]}}]
"""
    facts, moves = [], []
    for section, target, below, above in (("hk", 3, "an", "zhi"), ("sk", 4, "bo", "an")):
        for month in MONTHS:
            grade = int(draw(section, month, "grade", low=1, high=6, of=1))
            facts.append(f"grade,{section},2021-{month},{('', 'I', 'II', 'III', 'IV', 'V', '劣V')[grade]},water_class")
            amount = 10**8 * max(min(target - grade, 3), -3)
            moves.append((below, above, amount) if amount >= 0 else (above, below, -amount))
    return Unseen(body, facts, pay(*moves))


def liaoning() -> Unseen:
    """辽宁: each begun half of the limit that the worst of two pollutants is over costs 50 万 a month and section, with grace of 10 %."""
    body = f"""{PAIRS}inputs: {{cod: {{by: section, every: month, unit: mg/L}}, nh3: {{by: section, every: month, unit: mg/L}}}}
constants: {{cod_limit: {{value: "20", unit: mg/L, mark: D}}, nh3_limit: {{value: "1", unit: mg/L, mark: D}}, grace: {{value: "0.1", mark: D}}, half: {{value: "0.5", mark: D}}, fine: {{value: "50", unit: 万元, mark: D}}}}
values: {{over: "max(cod / cod_limit - 1, nh3 / nh3_limit - 1)", counts: "over if over > grace else 0", due: "fine * ceil(counts, half) / half"}}
rule: [{{op: pay, name: a, cases: [{{from: upstream, to: province, amount: due}}]}}]
"""
    facts, moves = [], []
    for section, above in (("hk", "zhi"), ("sk", "an")):
        for month in MONTHS:
            cod, nh3 = draw(section, month, "c", low=1500, high=3500), draw(section, month, "n", low=70, high=160)
            facts += [f"cod,{section},2021-{month},{text(cod)},mg/L", f"nh3,{section},2021-{month},{text(nh3)},mg/L"]
            over = max(cod / 20 - 1, nh3 - 1)
            moves.append((above, "province", 50 * 10**6 * math.ceil(over * 2) if over > Fraction("0.1") else 0))
    return Unseen(body, facts, pay(*moves))


QUARTERLY = """settlement: {compute: month, settle: quarter, netting: net, due: [{day: "15", months: 1}], mark: D}
rounding: {unit: fen, method: largest_remainder, tie_break: [remainder_desc, party_code_asc], mark: D}
"""


def xian() -> Unseen:
    """西安: a fine each month by how far a district is over the limit, an award where it is met, paid by the quarter."""
    body = """inputs: {cod: {by: party, every: month, unit: mg/L, missing: skip}}
constants: {limit: {value: "30", unit: mg/L, mark: D}, rate: {value: "10000", unit: 元/(mg/L), mark: D}, prize: {value: "20", unit: 万元, mark: D}}
rule:
  - {op: pay, name: a, cases: [{when: cod > limit, from: self, to: province, amount: (cod - limit) * rate}, {from: province, to: self, amount: prize}]}
"""
    facts, moves = [], []
    for county in COUNTIES:
        for month in MONTHS[1:]:
            cod = draw(county, month, "x", low=2500, high=3500)
            facts.append(f"cod,{county},2021-{month},{text(cod)},mg/L")
            moves.append((county, "province", fen((cod - 30) * 10**4)) if cod > 30 else ("province", county, 20 * 10**6))
    return Unseen(body, facts, pay(*moves), QUARTERLY)


def hefei() -> Unseen:
    """合肥: each day over the limit costs 1 万 a begun multiple, at most 20 万 a month."""
    body = """inputs: {tp: {by: party, every: day, unit: mg/L, missing: skip}}
constants: {limit: {value: "0.2", unit: mg/L, mark: D}, a_day: {value: "1", unit: 万元, mark: D}, cap: {value: "20", unit: 万元, mark: D}}
values: {times: "ceil(at_least_zero(tp - limit) / limit, 1)", by_month: "min(cap, sum(a_day * times, over=day, by=month))"}
rule: [{op: pay, name: a, cases: [{from: self, to: province, amount: by_month}]}]
"""
    facts, moves = [], []
    for county in COUNTIES:
        for month in MONTHS:
            days = 0
            for day in range(1, DAYS[month] + 1, 2):
                tp = draw(county, month, day, low=5, high=65)
                facts.append(f"tp,{county},2021-{month}-{day:02d},{text(tp)},mg/L")
                days += math.ceil(max(tp - Fraction("0.2"), Fraction(0)) / Fraction("0.2"))
            moves.append((county, "province", min(days, 20) * 10**6))
    return Unseen(body, facts, pay(*moves))


def xinan() -> Unseen:
    """新安江: the sum grows by an index each year since 2018, and is paid by P against the mean of the years before."""
    body = """inputs: {growth: {unit: "%"}, tp: {unit: mg/L}}
constants: {money: {value: "2", unit: 亿元, mark: D}}
values: {whole: "money * product(1 + growth, since=2019)", base: "earlier(mean(tp, since=2018), years=1)", p: tp / base}
rule: [{op: pay, name: a, cases: [{when: p <= 1, from: an, to: zhi, amount: whole}, {from: zhi, to: an, amount: whole}]}]
"""
    growth = {2019: Fraction("3.1"), 2020: Fraction("-0.7"), 2021: Fraction("4.25")}
    tp = {2018: Fraction("0.031"), 2019: Fraction("0.029"), 2020: Fraction("0.03"), 2021: Fraction("0.0295")}
    whole = Fraction(2 * 10**8)
    for one in growth.values():
        whole *= 1 + one / 100
    good = tp[2021] <= (tp[2018] + tp[2019] + tp[2020]) / 3
    facts = [f"growth,,{year},{text(one)},%" for year, one in growth.items()] + [
        f"tp,,{year},{text(one)},mg/L" for year, one in tp.items()
    ]
    return Unseen(body, facts, pay(("an", "zhi", fen(whole)) if good else ("zhi", "an", fen(whole))))


def chishui() -> Unseen:
    """赤水河: three pay in 1:5:4 and receive 3:4:3, after a part for water quality is kept back from who misses it."""
    body = """funds: {pool: {title: 赤水河, rest: next_year, sources: [{from: self, amount: paid_in}, {carry_in: true}]}}
inputs: {money: {unit: 亿元, group: pool}, met: {by: party, unit: "1", range: ["0", "1"]}}
constants: {into: {value: {zhi: "0.1", an: "0.5", bo: "0.4"}, mark: D}, out: {value: {zhi: "0.3", an: "0.4", bo: "0.3"}, mark: D}}
values: {paid_in: money * into}
rule:
  - {op: allocate, name: a, fund: pool, by: out}
  - {op: deduct, name: d, taken_from: [a], when: met < 1, rate: "0.2", to: "fund:pool:next_year"}
"""
    money = Fraction("2.00000001") * 10**8
    into = {"zhi": Fraction("0.1"), "an": Fraction("0.5"), "bo": Fraction("0.4")}
    out = {"zhi": Fraction("0.3"), "an": Fraction("0.4"), "bo": Fraction("0.3")}
    paid = {name: fen(money * share) for name, share in into.items()}
    whole = sum(paid.values())
    got = {name: math.floor(whole * share) for name, share in out.items()}
    odd = sorted(out, key=lambda name: (got[name] - whole * out[name], COUNTIES.index(name)))
    for name in odd[: whole - sum(got.values())]:
        got[name] += 1
    got["an"] -= fen(Fraction(got["an"], 100) / 5)
    facts = [
        "carry_in,fund:pool,2021,0,元",
        "money,,2021,2.00000001,亿元",
        "met,zhi,2021,1,1",
        "met,an,2021,0,1",
        "met,bo,2021,1,1",
    ]
    return Unseen(body, facts, {name: got[name] - paid[name] for name in COUNTIES})


def dongjiang() -> Unseen:
    """东江: paid by two sections where each is at least class III and its share of months met is not below last year's."""
    body = """sections: {xw: {name: 兴宁电站, upstream: zhi, downstream: an}, dn: {name: 庙咀里, upstream: bo, downstream: an}}
inputs: {grade: {by: section, every: month, unit: water_class}}
constants: {third: {value: "3", unit: water_class, mark: D}, money: {value: "5000", unit: 万元, mark: D}}
values: {rate: "sum(grade <= third, over=month) / 12", rises: "rate >= earlier(rate, years=1)"}
rule: [{op: pay, name: a, cases: [{when: rises and rate > 0.5, from: downstream, to: upstream, amount: money}, {from: downstream, to: upstream, amount: money * rate}]}]
"""
    facts, moves = [], []
    for section, above in (("xw", "zhi"), ("dn", "bo")):
        met = {}
        for year in (2020, 2021):
            grades = {month: int(draw(section, month, year, low=1, high=5, of=1)) for month in MONTHS}
            facts += [f"grade,{section},{year}-{month},{grade},water_class" for month, grade in grades.items()]
            met[year] = Fraction(sum(grade <= 3 for grade in grades.values()), 12)
        whole = met[2021] >= met[2020] and met[2021] > Fraction(1, 2)
        moves.append(("an", above, fen(5 * 10**7 * (Fraction(1) if whole else met[2021]))))
    return Unseen(body, facts, pay(*moves))


def taihu() -> Unseen:
    """太湖: load over the limit by month, 1.5 万元 a ton of COD and 10 万元 a ton of ammonia; where both are met the one below pays a tenth of it."""
    body = f"""{PAIRS}inputs: {{flow: {{by: section, every: month, unit: m3/s}}, cod: {{by: section, every: month, unit: mg/L}}, nh3: {{by: section, every: month, unit: mg/L}}}}
constants: {{cod_limit: {{value: "20", unit: mg/L, mark: D}}, nh3_limit: {{value: "1", unit: mg/L, mark: D}}, cod_price: {{value: "1.5", unit: 万元/t, mark: D}}, nh3_price: {{value: "10", unit: 万元/t, mark: D}}}}
values:
  water: flow * days_in_month
  over: water * (at_least_zero(cod - cod_limit) * cod_price + at_least_zero(nh3 - nh3_limit) * nh3_price)
  spared: water * ((cod_limit - cod) * cod_price + (nh3_limit - nh3) * nh3_price) * 0.1
rule: [{{op: pay, name: a, cases: [{{when: cod <= cod_limit and nh3 <= nh3_limit, from: downstream, to: upstream, amount: spared}}, {{from: upstream, to: downstream, amount: over}}]}}]
"""
    facts, moves = [], []
    for section, above, below in (("hk", "zhi", "an"), ("sk", "an", "bo")):
        for month in MONTHS:
            flow, cod, nh3 = (
                draw(section, month, "f", low=10, high=900),
                draw(section, month, "c", low=1500, high=2500),
                draw(section, month, "n", low=60, high=150),
            )
            facts += [
                f"flow,{section},2021-{month},{text(flow)},m3/s",
                f"cod,{section},2021-{month},{text(cod)},mg/L",
                f"nh3,{section},2021-{month},{text(nh3)},mg/L",
            ]
            tons = flow * DAYS[month] * 86400 / 10**6
            if cod <= 20 and nh3 <= 1:
                moves.append((below, above, fen(tons * ((20 - cod) * 15000 + (1 - nh3) * 100000) / 10)))
            else:
                moves.append(
                    (above, below, fen(tons * (max(cod - 20, Fraction(0)) * 15000 + max(nh3 - 1, Fraction(0)) * 100000)))
                )
    return Unseen(body, facts, pay(*moves))


def shandong() -> Unseen:
    """山东: improvement of four pollutants on the year before, weighted, 40 万元 a µg/m3, and 20 万元 a percent point of good days."""
    body = """inputs: {pm25: {by: party, unit: ug/m3}, pm10: {by: party, unit: ug/m3}, so2: {by: party, unit: ug/m3}, no2: {by: party, unit: ug/m3}, good: {by: party, unit: "%"}}
constants: {a_ug: {value: "40", unit: 万元/(ug/m3), mark: D}, a_day: {value: "2000", unit: 万元, mark: D}}
values:
  level: weighted([0.6, pm25], [0.15, pm10], [0.15, so2], [0.1, no2])
  due: (earlier(level, years=1) - level) * a_ug + (good - earlier(good, years=1)) * a_day
rule: [{op: pay, name: a, flip: "yes", cases: [{from: province, to: self, amount: due}]}]
"""
    weights = {"pm25": Fraction("0.6"), "pm10": Fraction("0.15"), "so2": Fraction("0.15"), "no2": Fraction("0.1")}
    facts, moves = [], []
    for county in COUNTIES:
        level, good = {}, {}
        for year in (2020, 2021):
            cells = {name: draw(county, year, name, low=100, high=800, of=10) for name in weights}
            good[year] = draw(county, year, "good", low=600, high=980, of=10)
            facts += [f"{name},{county},{year},{text(cell)},ug/m3" for name, cell in cells.items()] + [
                f"good,{county},{year},{text(good[year])},%"
            ]
            level[year] = sum((weights[name] * cell for name, cell in cells.items()), Fraction(0))
        due = fen((level[2020] - level[2021]) * 400000 + (good[2021] - good[2020]) / 100 * 2 * 10**7)
        moves.append(("province", county, due) if due >= 0 else (county, "province", -due))
    return Unseen(body, facts, pay(*moves))


def zhejiang() -> Unseen:
    """浙江: each point of good outflow water 180 万元 on a base of class III or better, forest above 2020's by the point, energy charged by the ton."""
    body = """inputs: {good: {by: party, unit: "%"}, forest: {by: party, unit: "%"}, energy: {by: party, unit: t}}
constants: {point: {value: "1", unit: "%", mark: D}, water: {value: "180", unit: 万元, mark: D}, woods: {value: "500", unit: 万元, mark: D}, a_ton: {value: "100", unit: 元/t, mark: D}, all_good: {value: "90", unit: "%", mark: D}}
values: {award: "at_least_zero(good - all_good) / point * water + (forest - in_year(forest, 2020)) / point * woods"}
rule:
  - {op: pay, name: a, flip: "yes", cases: [{from: province, to: self, amount: award}]}
  - {op: pay, name: e, cases: [{from: self, to: province, amount: energy * a_ton}]}
"""
    facts, moves = [], []
    for county in COUNTIES:
        good, old, new = (draw(county, name, low=700, high=1000, of=10) for name in ("good", "old", "new"))
        energy = draw(county, "t", low=10**5, high=10**6, of=1)
        facts += [
            f"good,{county},2021,{text(good)},%",
            f"forest,{county},2020,{text(old)},%",
            f"forest,{county},2021,{text(new)},%",
            f"energy,{county},2021,{text(energy)},t",
        ]
        award = fen(max(good - 90, Fraction(0)) * 1800000 + (new - old) * 5000000)
        moves += [
            ("province", county, award) if award >= 0 else (county, "province", -award),
            (county, "province", fen(energy * 100)),
        ]
    return Unseen(body, facts, pay(*moves))


def fujian() -> Unseen:
    """福建: a pool by water 70, forest 20, use of water 10, times a coefficient of the region, no county below nine tenths of last year's."""
    body = """funds: {pool: {sources: [{from: province, amount: money}]}}
inputs: {money: {unit: 万元, group: pool}, water: {by: party, unit: score}, forest: {by: party, unit: score}, use: {by: party, unit: score}, last: {by: party, unit: 元}}
constants: {region: {value: {zhi: "1.4", an: "1", bo: "0.8"}, mark: D}}
values: {weight: "region * weighted([0.7, water], [0.2, forest], [0.1, use])"}
rule: [{op: allocate, name: a, fund: pool, by: weight, floor: last * 0.9}]
"""
    scores = {
        county: {name: draw(county, name, low=40, high=100, of=1) for name in ("water", "forest", "use")} for county in COUNTIES
    }
    region = {"zhi": Fraction("1.4"), "an": Fraction(1), "bo": Fraction("0.8")}
    weights = {
        c: region[c] * (Fraction("0.7") * s["water"] + Fraction("0.2") * s["forest"] + Fraction("0.1") * s["use"])
        for c, s in scores.items()
    }
    whole, floor = 10**10, {"zhi": 0, "an": 0, "bo": 45 * 10**8}
    left, rest = whole - floor["bo"], weights["zhi"] + weights["an"]
    raw = {name: left * weights[name] / rest for name in ("zhi", "an")}
    got = {name: math.floor(one) for name, one in raw.items()}
    if sum(got.values()) < left:
        got[max(raw, key=lambda name: raw[name] - got[name])] += 1
    facts = ["money,,2021,10000,万元", "last,zhi,2021,0,元", "last,an,2021,0,元", "last,bo,2021,50000000,元"]
    facts += [f"{name},{county},2021,{text(one)},score" for county, of in scores.items() for name, one in of.items()]
    return Unseen(body, facts, {"province": -whole, **got, "bo": floor["bo"]})


UNSEEN: tuple[Callable[[], Unseen], ...] = (
    ting_han,
    miyun,
    dabie,
    chongqing,
    liaoning,
    xian,
    hefei,
    xinan,
    chishui,
    dongjiang,
    taihu,
    shandong,
    zhejiang,
    fujian,
)


@pytest.mark.parametrize("make", UNSEEN, ids=lambda make: make.__name__)
def test_a_scheme_written_from_the_page_pays_what_the_fractions_say(make: Callable[[], Unseen], tmp_path: Path) -> None:
    one = make()
    scheme = find_scheme(str(write_scheme(tmp_path / "s.yaml", one.body, end=one.end)), 2021)
    result = compute(scheme, read_facts([write_facts(tmp_path / "f.csv", *one.facts)]), 2021)
    net = {name: fen_ for name, fen_ in result.net().items() if fen_}
    assert net == {name: fen_ for name, fen_ in one.net.items() if fen_}
    moved: dict[str, int] = {}
    for posting in result.postings:
        moved[posting.source], moved[posting.target] = (
            moved.get(posting.source, 0) - posting.fen,
            moved.get(posting.target, 0) + posting.fen,
        )
    assert {name: fen_ for name, fen_ in moved.items() if fen_ and name in {*COUNTIES, "province"}} == net


@pytest.mark.parametrize("make", UNSEEN, ids=lambda make: make.__name__)
def test_hostile_facts_of_it_are_refused(make: Callable[[], Unseen], tmp_path: Path) -> None:
    """A row that is gone, one in another unit, one twice, one of nobody, one provisional: each is refused, or said to be left out."""
    one = make()
    scheme = find_scheme(str(write_scheme(tmp_path / "s.yaml", one.body, end=one.end)), 2021)
    skips = "missing: skip" in one.body
    last = one.facts[-1]
    indicator, place, period, number, unit = last.split(",")
    hostile = {
        "gone": one.facts[:-1],
        "unit": [*one.facts[:-1], f"{indicator},{place},{period},{number},kg/km"],
        "twice": [*one.facts, last],
        "nobody": [*one.facts, f"{indicator},无此县,{period},{number},{unit}"],
        "provisional": [*one.facts[:-1], f"{last},provisional"],
        "text": [*one.facts[:-1], f"{indicator},{place},{period},约{number},{unit}"],
    }
    for name, rows in hostile.items():
        if name == "gone" and skips:
            continue
        read = write_facts(tmp_path / "f.csv", *rows)
        if name == "nobody" and "by: party" not in one.body:
            assert any("无此县" in text for text in compute(scheme, read_facts([read]), 2021).unread)
            continue
        with pytest.raises(Problems) as refused:
            compute(scheme, read_facts([read]), 2021)
        check_both(refused.value)
