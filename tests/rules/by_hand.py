"""An invented county and what its services are worth, worked out in plain numbers: no units, no arrays, no tables.

`HAND` names, for every service and choice of variants, the arithmetic an auditor would do on paper; `ROWS` is the input.
Where a number of the shipped tables is used (`7.06 * CPI`), it is typed here again, with the index of consumer prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

COUNTY, YEAR = "360725", 2023
CPI = 132.2291519 / 100  # 2023 over 2010
CPI_2018, CPI_2024 = 132.2291519 / 121.5588779, 132.2291519 / 132.5175819

E, M, B, S, G, W, L, P = (
    "evergreen_broadleaf_forest",
    "mixed_forest",
    "bamboo_forest",
    "shrub",
    "tussock",
    "marsh",
    "lake",
    "paddy",
)
AREA = {E: 400.0, M: 300.0, B: 100.0, S: 50.0, G: 40.0, W: 6.0, L: 4.0, P: 80.0}
RAIN, ET = 1600.0, {E: 900.0, M: 850.0, B: 880.0, S: 800.0, G: 700.0, W: 1000.0, L: 1700.0, P: 950.0}
ALPHA = {E: 0.0465, M: 0.0352, B: 0.05, S: 0.0426, G: 0.0387, W: 0.0, L: 0.0, P: 0.3}
R_E, K_S, LS, C, PF = 8000.0, 0.03, {E: 10.0, M: 12.0, B: 9.0, S: 8.0, G: 7.0, P: 1.0}, 0.01, 0.5

ROWS = [
    *(("area", e, "", "", a, "km2") for e, a in AREA.items()),
    ("land_area", "", "", "", 980, "km2"),
    ("precipitation", "", "", "", RAIN, "mm"),
    *(("evapotranspiration", e, "", "", v, "mm") for e, v in ET.items()),
    *(("runoff_coefficient", e, "", "", ALPHA[e], "1") for e in (B, S, P)),
    ("regional_water_use", "", "", "", 3, "亿m3"),
    ("water_outflow", "", "", "", 9, "亿m3"),
    ("water_inflow", "", "", "", 4, "亿m3"),
    ("reservoir_depreciation_rate", "", "", "", 2, "%/yr"),
    ("reservoir_operating_cost", "", "", "", 0.05, "CNY_2023/m3/yr"),
    # products
    ("agricultural_output", "", "", "粮食", 5, "万吨"),
    ("agricultural_price", "", "", "粮食", 2.8, "CNY_2023/kg"),
    ("agricultural_product_value", "", "", "茶叶", 3000, "万元"),
    ("agricultural_production_cost", "", "", "粮食", 9000, "万元"),
    ("agricultural_production_cost", "", "", "茶叶", 1000, "万元"),
    ("agricultural_value_from_outside", "", "", "粮食", 500, "万元"),
    ("agricultural_value_from_outside", "", "", "茶叶", 0, "万元"),
    ("farmed_area_by_class", "", "", "水田", 12, "万亩"),
    ("land_rent", "", "", "水田", 600, "CNY_2023/亩/yr"),
    ("forestry_output_volume", "", "", "木材", 8, "万m3"),
    ("forestry_volume_price", "", "", "木材", 900, "CNY_2023/m3"),
    ("forestry_output_count", "", "", "竹材", 30, "万根"),
    ("forestry_piece_price", "", "", "竹材", 12, "CNY_2023/根"),
    ("bioenergy_output", "", "", "薪柴", 2, "万吨"),
    ("bioenergy_price", "", "", "薪柴", 400, "CNY_2023/t"),
    ("bioenergy_output_volume", "", "", "沼气", 50, "万m3"),
    ("bioenergy_volume_price", "", "", "沼气", 1.5, "CNY_2023/m3"),
    ("water_use", "", "", "domestic", 0.2, "亿m3"),
    ("water_price", "", "", "domestic", 2.5, "CNY_2023/m3"),
    ("water_use", "", "", "industrial", 0.1, "亿m3"),
    ("water_price", "", "", "industrial", 3, "CNY_2023/m3"),
    ("hydropower_generation", "", "", "", 2, "亿kWh"),
    ("electricity_price", "", "", "", 0.6, "CNY_2023/kWh"),
    # soil
    ("rainfall_erosivity", "", "", "", R_E, "MJ*mm/ha/h/yr"),
    ("soil_erodibility", "", "", "", K_S, "t*ha*h/ha/MJ/mm"),
    *(("slope_factor", e, "", "", v, "1") for e, v in LS.items()),
    *((i, e, "", "", v, "1") for e in LS for i, v in (("cover_factor", C), ("practice_factor", PF))),
    *(
        ("area_by_cover", e, "", b, a, "km2")
        for e, b, a in ((E, "cover_70_90", 150), (E, "cover_90_100", 250), (S, "cover_30_50", 50))
    ),
    ("soil_nitrogen_content", "", "", "", 1.5, "g/kg"),
    ("soil_phosphorus_content", "", "", "", 0.05, "%"),
    # sand, coast
    *(("wind_weather_factor", e, "", "", 30, "kg/m") for e in (G, S)),
    *(("wind_erodible_fraction", e, "", "", 0.4, "1") for e in (G, S)),
    *(("soil_crust_factor", e, "", "", 0.5, "1") for e in (G, S)),
    *(("roughness_factor", e, "", "", 0.9, "1") for e in (G, S)),
    *(("wind_vegetation_factor", e, "", "", 0.2, "1") for e in (G, S)),
    *(("downwind_distance", e, "", "", 50, "m") for e in (G, S)),
    # floods
    ("storm_rainfall", "", "", "", 300, "mm"),
    *(("storm_runoff", e, "", "", v, "mm") for e, v in ((E, 120), (M, 130), (B, 140), (S, 160), (G, 200))),
    ("runoff_producing_rainfall", "", "", "", 250, "mm"),
    ("runoff_rain_ratio", "", "", "", 0.6, "1"),
    *(("runoff_reduction", e, "", "", v, "1") for e, v in ((E, 0.39), (M, 0.34), (B, 0.22), (S, 0.14), (G, 0.1))),
    ("lake_area", "", "", "甲湖", 3, "km2"),
    ("lake_exchanges", "", "", "甲湖", 2, "1/yr"),
    ("lake_flood_capacity", "", "", "乙湖", 150, "万m3"),
    ("reservoir_capacity", "", "", "", 1.2, "亿m3"),
    ("marsh_area", "", "", "", 600, "ha"),
    ("marsh_soil_depth", "", "", "", 0.4, "m/yr"),
    ("marsh_soil_density", "", "", "", 0.8, "t/m3"),
    ("marsh_saturated_moisture", "", "", "", 60, "%"),
    ("marsh_natural_moisture", "", "", "", 35, "%"),
    ("marsh_surface_depth", "", "", "", 25, "cm/yr"),
    # air, water
    *(("air_emission", "", p, "", v, "t") for p, v in (("SO2", 500), ("NOx", 900), ("dust", 2000000))),
    *(("air_concentration", "", p, "", v, "ug/m3") for p, v in (("SO2", 12), ("NOx", 55), ("dust", 60))),
    *(("pollutant_uptake", e, "NOx", "", 6, "kg/ha/yr") for e in (S,)),
    *(("pollutant_uptake", G, p, "", v, "kg/ha/yr") for p, v in (("SO2", 20), ("NOx", 3), ("dust", 1000))),
    *(("water_discharge", "", p, "", v, "t") for p, v in (("COD", 3000), ("TP", 40))),
    *(("wetland_purification", e, p, "", v, "t/km2/yr") for e in (W, L) for p, v in (("COD", 100), ("TP", 8))),
    *(("river_load_in", "", p, "", v, "t") for p, v in (("COD", 5000), ("TP", 60))),
    *(("river_load_out", "", p, "", v, "t") for p, v in (("COD", 4200), ("TP", 50))),
    *(("treated_load", "", p, "", v, "t") for p, v in (("COD", 800), ("TP", 20))),
    # carbon
    ("net_ecosystem_production", "", "", "", 5, "万t C"),
    *(("npp_carbon", e, "", "", 700, "g C/m2/yr") for e in (E, M)),
    *(("npp_dry_matter", e, "", "", 15, "t DM/ha/yr") for e in (E, M)),
    *(("npp_to_nep_ratio", e, "", "", 0.2, "1") for e in (E, M)),
    *(("carbon_rate", e, "", "", v, "t C/ha/yr") for e, v in ((E, 1.1), (M, 0.9), (G, 0.4))),
    *(("soil_carbon_ratio", e, "", "", 0.3, "1") for e in (E, M)),
    ("carbon_stock_start", "", "", "", 400, "万t C"),
    ("carbon_stock_end", "", "", "", 430, "万t C"),
    ("carbon_stock_interval", "", "", "", 5, "yr"),
    # climate
    ("hot_days", "", "", "", 120, "d"),
    *(("hot_day_evapotranspiration", e, "", "", v, "mm") for e, v in ((E, 350), (M, 340), (B, 360), (S, 300), (G, 280))),
    ("hot_day_water_evaporation", "", "", "", 500, "万m3"),
    # life, noise, people
    ("green_belt_length", "", "", "国道", 40, "km"),
    ("noise_attenuation", "", "", "国道", 5, "dB_A"),
    ("sound_barrier_cost", "", "", "", 300, "万元_2023/km"),
    ("sound_barrier_life", "", "", "", 15, "yr"),
    ("noise_abatement_cost", "", "", "", 2000, "CNY_2023/dB_A/km/yr"),
    ("naturally_recovering_area", E, "", "", 120, "km2"),
    ("natural_vegetation_area", E, "", "", 300, "km2"),
    ("pest_rate_plantation", E, "", "", 8, "%"),
    ("pest_rate_natural", E, "", "", 3, "%"),
    ("area_by_diversity_class", "", "", "H_2_3", 500, "km2"),
    ("area_by_diversity_class", "", "", "H_3_4", 200, "km2"),
    *(("negative_ion_concentration", e, "", "", 2000, "ion/cm3") for e in (E,)),
    ("stand_height", E, "", "", 12, "m"),
    ("negative_ion_life", "", "", "", 10, "min"),
    ("visitors", "", "", "南昌", 30, "万人次"),
    ("visitors", "", "", "深圳", 10, "万人次"),
    ("nature_share", "", "", "", 60, "%"),
    *(("travel_time", "", "", o, v, "h/visit") for o, v in (("南昌", 10), ("深圳", 14))),
    *(("wage", "", "", o, v, "CNY/h") for o, v in (("南昌", 40), ("深圳", 60))),
    *(("direct_cost", "", "", o, v, "CNY/visit") for o, v in (("南昌", 500), ("深圳", 900))),
    ("time_value_share", "", "", "", 0.3, "1"),
    ("consumer_surplus_per_visit", "", "", "", 200, "CNY_2023/visit"),
    ("value_per_visit", "", "", "", 650, "CNY_2023/visit"),
    ("recreation_hours", "", "", "公园", 800, "万h"),
    ("recreation_hour_value", "", "", "", 10, "CNY_2023/h"),
    ("benefiting_floor_area", "", "", "住宅", 20, "万m2"),
    ("landscape_rent_premium", "", "", "住宅", 12, "CNY_2023/m2/yr"),
    ("landscape_price_premium", "", "", "住宅", 500, "CNY_2023/m2"),
    ("rent_to_price_ratio", "", "", "", 2, "%/yr"),
    ("local_addition_value", "", "", "历史文化", 1234, "万元"),
]

# --- paper ---------------------------------------------------------------------------------------
KEPT = {e: AREA[e] * (RAIN - RAIN * ALPHA[e] - ET[e]) * 1000 for e in AREA}
LAND = (E, M, B, S, G)
FULL = 7.06 * CPI
YEARLY = FULL * 0.02 + 0.05
POTENTIAL = {e: AREA[e] * 100 * R_E * K_S * LS[e] for e in LS}
BY_COVER = (150 * 100 * (1 - 0.004) + 250 * 100 * (1 - 0.001)) * R_E * K_S * 10 + 50 * 100 * (1 - 0.14) * R_E * K_S * 8
N_COST, P_COST = 875 * CPI, 5600 * CPI_2018


def _soil(tonnes: float, price: float) -> float:
    return tonnes * 0.24 / 1.3 * price + tonnes * 0.0015 * N_COST + tonnes * 0.0005 * P_COST


def _wind(term: float) -> float:
    """Return kg/m2 from the transport term in kg/m, 50 m downwind."""
    length: float = 150.71 * term**-0.3711
    return 2 * 50 / length**2 * 109.8 * term * exp(-((50 / length) ** 2))


BARE = 30 * 0.4 * 0.5 * 0.9
SAND = (40 + 50) * 1e6 / 1.28e3 / 0.1 * 3.75 * CPI
TAX = {"SO2": 1.2 / 0.95, "NOx": 1.2 / 0.95, "dust": 1.2 / 4, "COD": 1.4, "TP": 1.4 / 0.25}
TAX = {name: price * 1000 * CPI_2018 for name, price in TAX.items()}
Q = {
    "SO2": {E: 88.65, M: 152.13, B: 97.96, S: 92.1, G: 20.0},
    "NOx": {E: 6.0, M: 6.0, B: 6.0, S: 6.0, G: 3.0},
    "dust": {E: 10110.0, M: 21660.0, B: 20700.0, S: 11400.0, G: 1000.0},
}
CAPACITY = {name: sum(AREA[e] * kg / 10 for e, kg in rates.items()) for name, rates in Q.items()}
EMITTED = {"SO2": 500.0, "NOx": 900.0, "dust": 2000000.0}
WATER = {"COD": 3000.0, "TP": 40.0}
WETLAND = {"COD": 10 * 100.0, "TP": 10 * 8.0}
C_PRICE, O_PRICE = 95.84 * CPI_2024, 727 * CPI
CO2 = {
    "nep": 5e4 * 44 / 12,
    "npp_ratio": 700 * (400 + 300) * 0.2 * 44 / 12,
    "npp_ratio_dry_matter": 15 * 70000 * 0.2 * 72 / 162 * 44 / 12,
    "area_rates": (40000 * 1.1 + 30000 * 0.9) * 1.3 * 44 / 12,
    "stock_change": 30e4 / 5 * 44 / 12,
    "gross_dry_matter": 1.63 * 15 * 70000,
}
HEAT = (800 * 2837.27 + 50 * 1300.95 + 40 * 969.83) * 1e6 * 120 / 3600 / 3
COOLED = (400 * 350 + 300 * 340 + 100 * 360 + 50 * 300 + 40 * 280) * 1000 * 1000 * 2453 / 3600 / 3
VAPOUR = 500e4 * 1000 * 2453 / 3600
TRIPS = {"南昌": 30e4, "深圳": 10e4}
COST = {"南昌": 10 * 40 + 500.0, "深圳": 14 * 60 + 900.0}
SHARED = {"南昌": 10 * 40 * 0.3 + 500.0, "深圳": 14 * 60 * 0.3 + 900.0}
CROPS = 5e7 * 2.8 + 3000e4

LAKES = exp(4.924) * 3**1.128 * 1e4 * 2 + 150e4
MARSH = {"surface_depth": 6e6 * 0.3, "soil_and_surface": 6e6 * (0.4 * 0.8 * (0.60 - 0.35) + 0.25)}
STORM = {
    "storm_balance": 400e3 * 180 + 300e3 * 170 + 100e3 * 160 + 50e3 * 140 + 40e3 * 100,
    "benefit_coefficient": 250 * 0.6 * (400e3 * 0.39 + 300e3 * 0.34 + 100e3 * 0.22 + 50e3 * 0.14 + 40e3 * 0.1),
}


Hand = tuple[str, dict[str, str], Mapping[str, Sequence[str]], float]


def _one(service: str, rule: str, values: dict[str, float], **more: Sequence[str]) -> list[Hand]:
    return [(service, {rule: variant}, more, value) for variant, value in values.items()]


HAND: list[Hand] = [
    *_one(
        "agricultural_products",
        "agricultural_products.output_value",
        {
            "gross_output": CROPS,
            "ecosystem_contribution": CROPS - 10000e4,
            "land_rent": 12e4 * 600,
            "gross_less_outside": CROPS - 500e4,
            "contribution_less_outside": CROPS - 10000e4 - 500e4,
        },
    ),
    ("forestry_products", {"forestry_products.output_value": "gross_output"}, {}, 8e4 * 900 + 30e4 * 12),
    ("bioenergy", {}, {}, 2e4 * 400 + 50e4 * 1.5),
    ("freshwater_supply", {}, {}, 0.2e8 * 2.5 + 0.1e8 * 3),
    ("hydropower", {}, {}, 2e8 * 0.6),
    *(
        (
            "water_conservation",
            {"water_conservation.volume": how, "reservoir.unit_cost": price},
            {"ecosystems": kinds} if kinds else {},
            volume * cost,
        )
        for price, cost in (("full_construction_cost", FULL), ("annualised", YEARLY))
        for how, volume, kinds in (
            ("water_balance", sum(KEPT.values()), ()),
            ("water_balance", sum(KEPT[e] for e in LAND), ("forest", "shrub", "grassland")),
            ("water_balance_clipped", sum(max(0.0, kept) for kept in KEPT.values()), ()),
            ("regional_balance", 3e8 + 9e8 - 4e8, ()),
        )
    ),
    *(
        (
            "soil_retention",
            {"soil_retention.amount": how, "soil_retention.silt_cost": silt},
            {"ecosystems": kinds},
            _soil(tonnes, price),
        )
        for silt, price in (("dredging", 15.58 * CPI), ("reservoir_capacity", FULL))
        for how, tonnes, kinds in (
            ("rusle", sum(POTENTIAL.values()) * (1 - C * PF), ("forest", "shrub", "grassland", "cropland")),
            ("rusle_without_practice", sum(POTENTIAL[e] for e in LAND) * (1 - C), ("forest", "shrub", "grassland")),
            ("rusle_by_cover", BY_COVER, (E, "shrub")),
        )
    ),
    *_one(
        "sand_fixation",
        "sand_fixation.amount",
        {"rweq": SAND * (_wind(BARE) - _wind(BARE * 0.2)), "rweq_closed_form": SAND * 0.1699 * BARE**1.3711 * (1 - 0.2**1.3711)},
        ecosystems=("shrub", "grassland"),
    ),
    *(
        (
            "flood_mitigation",
            {
                "reservoir.unit_cost": price,
                "flood_mitigation.vegetation": plants,
                "flood_mitigation.lake": "area_model",
                "flood_mitigation.reservoir": "capacity_share",
                "flood_mitigation.marsh": marsh,
            },
            {"ecosystems": ("forest", "shrub", "grassland")},
            (STORM[plants] + LAKES + 1.2e8 * 0.35 + MARSH[marsh]) * cost,
        )
        for price, cost, plants, marsh in (
            ("full_construction_cost", FULL, "storm_balance", "surface_depth"),
            ("annualised", YEARLY, "benefit_coefficient", "soil_and_surface"),
        )
    ),
    *_one(
        "air_purification",
        "air_purification.amount",
        {
            "capacity": sum(CAPACITY[j] * TAX[j] for j in EMITTED),
            "emission": sum(EMITTED[j] * TAX[j] for j in EMITTED),
            "guarded_minimum": sum(min(CAPACITY[j], EMITTED[j]) * TAX[j] for j in EMITTED),
            "by_concentration": EMITTED["SO2"] * TAX["SO2"]
            + CAPACITY["NOx"] * TAX["NOx"]
            + EMITTED["dust"] * TAX["dust"],  # NOx: 55 > 50
        },
        pollutants=("SO2", "NOx", "dust"),
        ecosystems=("forest", "shrub", "grassland"),
    ),
    *_one(
        "water_purification",
        "water_purification.amount",
        {
            "capacity": sum(WETLAND[j] * TAX[j] for j in WATER),
            "discharge": sum(WATER[j] * TAX[j] for j in WATER),
            "load_balance": (3000 + 5000 - 4200 - 800) * TAX["COD"] + (40 + 60 - 50 - 20) * TAX["TP"],
            "guarded_minimum": sum(min(WETLAND[j], WATER[j]) * TAX[j] for j in WATER),
        },
        pollutants=("COD", "TP"),
        ecosystems=("wetland",),
    ),
    *_one(
        "carbon_sequestration",
        "carbon_sequestration.amount",
        {how: tonnes * C_PRICE for how, tonnes in CO2.items()},
        ecosystems=(E, M),
    ),
    (
        "carbon_sequestration",
        {"carbon_sequestration.amount": "area_rates"},
        {"ecosystems": (E, M, "grassland")},
        ((40000 * 1.1 + 30000 * 0.9) * 1.3 + 4000 * 0.4) * 44 / 12 * C_PRICE,
    ),
    (
        "oxygen_release",
        {"oxygen_release.amount": "from_co2", "carbon_sequestration.amount": "nep"},
        {},
        CO2["nep"] * 32 / 44 * O_PRICE,
    ),
    ("oxygen_release", {"oxygen_release.amount": "from_npp"}, {"ecosystems": (E, M)}, 1.19 * 15 * 70000 * O_PRICE),
    *(
        (
            "climate_regulation",
            {"climate_regulation.transpiration": plants, "climate_regulation.evaporation": water},
            {"ecosystems": ("forest", "shrub", "grassland")},
            (energy + vapour) * 0.6,
        )
        for plants, energy in (("heat_table", HEAT), ("evapotranspiration", COOLED))
        for water, vapour in (
            ("with_cop", VAPOUR / 3),
            ("without_cop", VAPOUR),
            ("with_cop_humidified", VAPOUR / 3 + 500e4 * 125),
            ("without_cop_humidified", VAPOUR + 500e4 * 125),
        )
    ),
    *_one("noise_reduction", "noise_reduction.price", {"barrier": 40 * 300e4 / 15, "decibel": 40 * 5 * 2000.0}),
    *_one("pest_control", "pest_control.area", {"recovering": 12000 * 375 * CPI, "rate_difference": 30000 * 0.05 * 375 * CPI}),
    ("species_conservation", {}, {}, (50000 * 10000 + 20000 * 20000) * 132.2291519 / 86.50931811),
    ("negative_ions", {}, {"ecosystems": (E,)}, 5.256e15 * 1400 * 40000 * 12 / 10 * 5.8185e-18 * 132.2291519 / 86.50931811),
    *(
        (
            "tourism_health",
            {"tourism_health.visits": who, "tourism_health.price": price},
            {},
            share * sum(TRIPS[o] * worth[o] for o in TRIPS),
        )
        for who, share in (("nature_share", 0.6), ("all_visits", 1.0))
        for price, worth in (
            ("travel_cost", COST),
            ("travel_cost_time_share", SHARED),
            ("with_consumer_surplus", {o: cost + 200 for o, cost in SHARED.items()}),
            ("per_visit", dict.fromkeys(TRIPS, 650.0)),
        )
    ),
    ("leisure_recreation", {}, {}, 800e4 * 10),
    *_one("landscape_premium", "landscape_premium.premium", {"rent": 20e4 * 12, "price_annualised": 20e4 * 500 * 0.02}),
    ("local_additions", {}, {}, 1234e4),
]
