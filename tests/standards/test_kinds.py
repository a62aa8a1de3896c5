"""Accounts of kinds that papers publish, invented here and entered as docs/standards.md says: forest by species and age, a basin's water, a reserve, farmland, a city by value of a hectare."""

from __future__ import annotations

from fractions import Fraction

import pytest
from conftest import ROOT, Program

from gep.tasks.compute import compute, read_inputs

KINDS = ROOT / "tests" / "cases" / "kinds"
GROWN = 1200 * 6.2 + 3400 * 9.1 + 800 * 7.4  # t/yr of dry matter
WATER = Fraction(5000) * 10 * (1600 - 900 - 150)  # m3/yr
SOIL = 1200 * (32 - 2) + 800 * (32 - Fraction("1.5")) + 3000 * (32 - Fraction("0.8"))  # t/yr
GREW = 1200 * Fraction("8.2") + 800 * 12 + 3000 * Fraction("14.5")  # t/yr of dry matter
IONS = (1200 * 12 * (1100 - 600) + 800 * 10 * (1500 - 600) + 3000 * 15 * (2100 - 600)) * Fraction(10) ** 10 / 10 * 525600
WOODS = {
    "water_conservation.adjust": WATER * Fraction("6.1107"),
    "water_conservation.clean": WATER * Fraction("2.09"),
    "soil_retention.fix": SOIL / Fraction("1.26") * Fraction("12.6"),
    "soil_retention.n": SOIL * Fraction("0.0012") / Fraction("0.14") * 2400,
    "soil_retention.k": SOIL * Fraction("0.018") / Fraction("0.5") * 2200,
    "soil_retention.om": SOIL * Fraction("0.03") * 320,
    "carbon_sequestration.plant": GREW * Fraction("1.63") * Fraction("0.2727") * 1200,
    "carbon_sequestration.soil": Fraction(5000) * Fraction("0.6") * 1200,
    "oxygen_release.o": GREW * Fraction("1.19") * 1000,
    "air_purification.absorb": (1200 * Fraction("117.6") + 3800 * Fraction("88.65")) * Fraction("1.2")
    + 5000 * 6 * Fraction("0.63")
    + 5000 * 21655 * Fraction("0.15"),
    "negative_ions.ions": IONS * Fraction("5.8185e-18"),
    "species_conservation.species": Fraction(1200 * 5000 + 800 * 3000 + 3000 * 10000),
    "tourism_health.visit": Fraction(3_200_000),
}
TAX = 150 * Fraction("6.2")
METHANE = (1200 * Fraction("0.8") + 800 * Fraction("0.1")) * 10000 * 24 * 365 / 10**9  # t/yr
MANGROVE = {
    "coastal_protection.dikes": 18 * 4_500_000 * (Fraction(1, 50) + Fraction("0.02")),
    "carbon_sequestration.soil": (1200 * Fraction("1.9") + 800 * Fraction("0.4")) * TAX,
    "carbon_sequestration.plant": 1200 * 12 * Fraction("0.45") * TAX,
    "carbon_sequestration.methane": -METHANE * 28 * Fraction(12, 44) * TAX,
    "fishery_products.catch": (120_000 * 90 + 300_000 * 45) * Fraction("0.4"),
    "water_purification.np": (1200 * Fraction("15.2") + 800 * 4) * 10 * Fraction("1.5")
    + (1200 * Fraction("1.7") + 800 * Fraction("0.5")) * 10 * Fraction("2.5"),
    "species_conservation.habitat": 1200 * 304 * Fraction("6.2"),
}
EQUIVALENT = Fraction("3406.5") / Fraction("1.1")  # CNY/ha of one factor, for each t/ha of biomass
SANDS = {
    "sand_fixation.land": (95_000 * 45 + 15_000 * 21) / Fraction("1.45") / Fraction("0.5") / 10_000 * Fraction("282.17"),
    "other_material.products": 95_000 * 15 * 60 * Fraction("0.4") + 15_000 * 15 * 35 * 8,
    "other_regulating.cost": Fraction(-120_000 * 800),
    "other_regulating.dust": Fraction((52 - 14) * 350_000),
    "other_cultural.income": Fraction(12_000 * 6_800),
}
STOCKS = (82_000 * Fraction("96.5") + 510_000 * Fraction("61.2") + 64_000 * 38) - (
    80_000 * 95 + 498_000 * Fraction("60.4") + 78_000 * Fraction("38.4")
)  # t of carbon in eight years, over an area that changes
RANGELAND = {
    "other_material.rent": Fraction(10_000) * (68_000 - 52_500 - 4_500 + 21_000 - 20_400 - 1_650),
    "carbon_sequestration.amount": STOCKS / 8 * Fraction(44, 12) * Fraction("260.9"),
    "sand_fixation.kept": (82_000 * Fraction("61.9") + 510_000 * Fraction("56.6") + 64_000 * 35) * Fraction("18.5"),
    "other_regulating.methane": -Fraction(920_000 * 5 + 31_000 * 47, 1000) * 28 * Fraction("260.9"),
}
LEAVES = (3200 * Fraction("3.4") + 1100 * Fraction("4.1") + 2400 * Fraction("2.2")) * 10_000  # m2
COOLED = 6700 * 10_000 * 100 * Fraction("1.8") * 1256 * 24 * 95 / 3 / 3_600_000  # kWh/yr
PARK = {
    "air_purification.leaves": LEAVES
    * 290
    / 1000
    * (Fraction("0.014") * Fraction("1.26") + Fraction("0.009") * Fraction("0.95") + Fraction("0.82") * Fraction("0.25")),
    "climate_regulation.cooling": COOLED * Fraction("0.62"),
    "other_regulating.noise": (142 * Fraction("6.5") + 380 * Fraction("2.8")) * 31_000,
    "landscape_premium.homes": (8_200_000 * 13_800 * Fraction("0.06") + 21_000_000 * 12_100 * Fraction("0.021")) / 70,
    "tourism_health.visits": Fraction("0.7")
    * (6_200_000 * (Fraction("2.5") * 32 * Fraction("0.33") + 24) + 880_000 * (9 * 30 * Fraction("0.33") + 310)),
}
BY_HAND = {
    "rangeland": float(sum(RANGELAND.values())),
    "park": float(sum(PARK.values())),
    "forest": GROWN * 0.4445 * 1200 + GROWN * 1.19 * 1000 + 5400 * 33200 * 0.15,
    "water": 3.5e8 * 0.8 - 4.3e8 * 0.3 - 20000 * 5000 - 300 * 12000,
    "reserve": 12e4 * (310 + 92) + 20e4 * (150 + 60) + 22400 * 7.87 * 3406.5,
    "harbour": 12.5e4 * 21300 + 34000 * 48750 + 8200 * 9400,
    "farm": (10e4 * 2600 - 3.1e8) + (1e4 * 6000 - 0.3e8) + 100 * 900,
    "woods": float(sum(WOODS.values())),
    "mangrove": float(sum(MANGROVE.values())),
    "steppe": float(
        (4_100_000 * Fraction("1.23") * Fraction("0.9") + 3_600_000 * Fraction("0.34") * Fraction("0.4")) * EQUIVALENT
    ),
    "sands": float(sum(SANDS.values())),
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_total_is_that_of_the_hand_calculation(kind: str) -> None:
    standard = str(KINDS / f"{kind}.yaml")
    account = compute(read_inputs([KINDS / f"{kind}.csv"], standard), standard)
    total = account.totals[account.totals["category"] == "gep"]["value"].iloc[0]
    assert total == pytest.approx(BY_HAND[kind], rel=1e-12)
    assert not account.unread


def test_quantities_of_own_lines_go_by_their_titles(gep: Program) -> None:
    files = (str(KINDS / "phys.csv"), "--standard", str(KINDS / "phys.yaml"))
    shown = gep("run", *files, "--store", gep.store, "--lang", "zh").stdout
    assert "    木材 杉木" in shown
    assert "12,000 m³/yr" in shown
    assert "    涵养水量" in shown


@pytest.mark.parametrize(
    ("kind", "lines"), [("woods", WOODS), ("mangrove", MANGROVE), ("sands", SANDS), ("rangeland", RANGELAND), ("park", PARK)]
)
def test_each_line_is_that_of_the_hand_calculation(kind: str, lines: dict[str, Fraction]) -> None:
    standard = str(KINDS / f"{kind}.yaml")
    account = compute(read_inputs([KINDS / f"{kind}.csv"], standard), standard)
    found = account.lines.groupby(account.lines["line"].astype(str))["value"].sum()
    assert dict(found) == pytest.approx({line: float(value) for line, value in lines.items()}, rel=1e-12)


def test_what_woods_and_a_mangrove_show_besides() -> None:
    shown: dict[tuple[str, str, str], float] = {}
    for kind in ("woods", "mangrove"):
        standard = str(KINDS / f"{kind}.yaml")
        account = compute(read_inputs([KINDS / f"{kind}.csv"], standard), standard)
        shown |= {(kind, row["figure"], row["ecosystem"]): row["value"] for row in account.shown.to_dict("records")}
    woods, mangrove = float(sum(WOODS.values())), float(sum(MANGROVE.values()))
    water = float(WOODS["water_conservation.adjust"] + WOODS["water_conservation.clean"])
    by_hand = {
        ("woods", "gep.per_hectare", ""): woods / 5000 / 1e4,
        ("woods", "gep.water_share", ""): water / woods * 100,
        ("woods", "carbon_sequestration.all", ""): float(GREW * Fraction("1.63") * Fraction("0.2727") + 3000),
        ("mangrove", "gep.per_hectare", ""): mangrove / 2000 / 1e4,
        ("mangrove", "gep.without_fish", ""): (mangrove - float(MANGROVE["fishery_products.catch"])) / 1e4,
        **{
            ("woods", "water_conservation.per_hectare", f"forest/{one}"): water / 5000
            for one in ("马尾松林", "毛竹林", "阔叶混交林")
        },
    }
    assert {key: shown[key] for key in by_hand} == pytest.approx(by_hand, rel=1e-12)
    notices = [one for one in account.notices if one.code == "as printed"]
    assert notices[0].text_en.endswith("of 2010, 2013")


def test_what_a_rangeland_and_a_park_show_besides() -> None:
    shown: dict[tuple[str, str, str], float] = {}
    for kind in ("rangeland", "park"):
        standard = str(KINDS / f"{kind}.yaml")
        account = compute(read_inputs([KINDS / f"{kind}.csv"], standard), standard)
        shown |= {
            (kind, row["figure"], row["ecosystem"] or row["item"]): row["value"] for row in account.shown.to_dict("records")
        }
    methane = RANGELAND["other_regulating.methane"] / Fraction("260.9")
    air = PARK["air_purification.leaves"] / LEAVES
    by_hand = {
        ("rangeland", "gep.per_sheep", "羊"): 11_000 / 92,
        ("rangeland", "gep.per_sheep", "牛"): -1_050 / 3.1,
        ("rangeland", "sand_fixation.rate", "steppe/退化草原"): 35.0,
        ("rangeland", "gep.net_carbon", ""): float(STOCKS / 8 * Fraction(44, 12) + methane),
        ("park", "air_purification.per_hectare", "urban_green/公园绿地"): float(air * 34_000),
        ("park", "gep.per_resident", ""): float(sum(PARK.values()) / 6_255_000),
        ("park", "climate_regulation.cooled", ""): float(COOLED / 10_000),
    }
    assert {key: shown[key] for key in by_hand} == pytest.approx(by_hand, rel=1e-12)


def test_classes_of_a_steppe_are_shown_by_hectare_share_and_whole(gep: Program) -> None:
    standard = str(KINDS / "steppe.yaml")
    account = compute(read_inputs([KINDS / "steppe.csv"], standard), standard)
    shown = account.shown[account.shown["account"] == 1]
    found = {(row["figure"], row["ecosystem"]): row["value"] for row in shown.to_dict("records")}
    desert, sand = (
        float(EQUIVALENT * each) for each in (Fraction("1.23") * Fraction("1.05"), Fraction("0.34") * Fraction("0.42"))
    )
    whole = desert * 4_350_000 + sand * 3_300_000
    by_hand = {
        ("gep.per_class", "grassland/荒漠草原"): desert,
        ("gep.per_class", "grassland/草原化荒漠"): sand,
        ("gep.class_total", "grassland/荒漠草原"): desert * 4_350_000 / 1e8,
        ("gep.class_share", "grassland/荒漠草原"): desert * 4_350_000 / whole * 100,
        ("gep.per_area", ""): whole / 7_650_000,
        ("gep.ratio", ""): whole / 280e8,
        ("other_regulating.soil_share", ""): float(
            EQUIVALENT * (4_350_000 * Fraction("0.62") * Fraction("1.05") + 3_300_000 * Fraction("0.13") * Fraction("0.42"))
        )
        / whole
        * 100,
    }
    assert {key: found[key] for key in by_hand} == pytest.approx(by_hand, rel=1e-12)
    gep("run", str(KINDS / "steppe.csv"), "--standard", standard, "--store", gep.store)
    said = gep("show", "152900", "2018", "--store", gep.store, "--lang", "zh").stdout
    assert "GEP/GDP" not in said, "what is no GEP is not called so"
    assert "当量价值/GDP" in said
