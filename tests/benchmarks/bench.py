"""Benchmarks: synthetic counties from a fixed seed; prints a table. Not a test: nothing here can fail a build.

(a) all rules against the same arithmetic written by hand in numpy, in the same run
(b) from Parquet to a committed store, stage by stage
(c) one formula through pint-pandas and through a pint quantity a row, on a sample
(d) whole processes, in processor seconds: `gep --help` against importing click, `gep run` and `gep show` of a county against importing
    what they stand on; `--starts` prints these alone
"""

from __future__ import annotations

import argparse
import compileall
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gep.account.account import make_account
from gep.account.binding import Binder
from gep.cli import COLLECT_AFTER
from gep.coefficients.tables import read_tables
from gep.formula.evaluate import Evaluation
from gep.inputs.read import read_inputs
from gep.inputs.row_units import find_bounds
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.regions import read_divisions
from gep.rules.catalogue import COEFFICIENTS, SERVICES
from gep.standards.applicable import APPLICABLE
from gep.standards.plan import make_plan
from gep.standards.standard import load_standard
from gep.store.saving import save

SEED, COUNTIES, YEARS = 20261121, 2844, 10
PAIRS = 9
"""Pairs of processes, ours and what it is compared with, one after the other: a busy machine slows both."""
TYPES = (
    "evergreen_broadleaf_forest",
    "evergreen_needleleaf_forest",
    "mixed_forest",
    "bamboo_forest",
    "shrub",
    "tussock",
    "wetland",
    "orchard",
    "arable",
    "residential",
)
STANDARD = """
id: bench
title: {zh: 基准, en: bench}
source: this-project
mark: V
services:
""" + "\n".join(
    f"  {name}: {{mark: V, variants: {{{variants}}}{more}}}"
    for name, variants, more in (
        *(
            (f"{one}_products", f"{one}_products.output_value: gross_output", "")
            for one in ("agricultural", "forestry", "livestock", "fishery")
        ),
        ("bioenergy", "", ""),
        ("freshwater_supply", "", ""),
        ("hydropower", "", ""),
        ("water_conservation", "water_conservation.volume: water_balance, reservoir.unit_cost: full_construction_cost", ""),
        ("soil_retention", "soil_retention.amount: rusle, soil_retention.silt_cost: dredging", ""),
        ("sand_fixation", "sand_fixation.amount: rweq_closed_form", ""),
        ("coastal_protection", "", ""),
        (
            "flood_mitigation",
            "flood_mitigation.vegetation: storm_balance, flood_mitigation.lake: area_model, flood_mitigation.reservoir: capacity_share, flood_mitigation.marsh: surface_depth",
            "",
        ),
        ("air_purification", "air_purification.amount: guarded_minimum", ", pollutants: [SO2, NOx, dust]"),
        ("water_purification", "water_purification.amount: discharge", ", pollutants: [COD, NH3N, TP]"),
        ("carbon_sequestration", "carbon_sequestration.amount: nep", ""),
        ("oxygen_release", "oxygen_release.amount: from_co2", ""),
        ("climate_regulation", "climate_regulation.transpiration: heat_table, climate_regulation.evaporation: with_cop", ""),
        ("noise_reduction", "noise_reduction.price: barrier", ""),
        ("pest_control", "pest_control.area: recovering", ""),
        ("species_conservation", "", ""),
        ("negative_ions", "", ""),
        ("tourism_health", "tourism_health.visits: nature_share, tourism_health.price: travel_cost", ""),
        ("leisure_recreation", "", ""),
        ("landscape_premium", "landscape_premium.premium: rent", ""),
        ("local_additions", "", ""),
    )
)
MEMBERS = {"ecosystem": TYPES, "pollutant": ("SO2", "NOx", "dust", "COD", "NH3N", "TP")}
ITEMS = {"diversity_class": ("H_1_2", "H_2_3"), "water_use": ("domestic", "industrial")}


def synthetic(plan, counties: int, years: int, codes: list[str] | None = None) -> pa.Table:
    """Return every input and coefficient that the plan asks for, for counties (or units of the codes) × years, from the fixed seed."""
    chance = np.random.default_rng(SEED)
    codes = (codes or [code for code, region in read_divisions().items() if region.level == "county"])[:counties]
    pairs = counties * years
    county = np.repeat(np.arange(counties, dtype=np.int32), years)
    year = np.tile(np.arange(2012, 2012 + years, dtype=np.int32), counties)
    columns: dict[str, list[np.ndarray]] = {
        name: [] for name in ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit")
    }
    names: dict[str, list[str]] = {
        "variable": [],
        "ecosystem": ["", *MEMBERS["ecosystem"]],
        "pollutant": ["", *MEMBERS["pollutant"]],
        "product": [""],
        "unit": [],
    }
    shipped = {row.id for row in read_tables(FOLDER, COEFFICIENTS).rows} - {
        "runoff_coefficient",
        "soil_bulk_density",
        "electricity_price",
        "transpiration_heat",
        "pest_control_cost",
        "species_unit_value",
        "lake_model_intercept",
        "lake_model_exponent",
        "lake_exchanges",
        "cover_factor",
        "practice_factor",
        "pollutant_uptake",
    }
    for leaf in (*plan.observed.values(), *plan.coefficients.values()):
        if (
            leaf.id.endswith("_output_volume")
            or leaf.id.endswith("_output_count")
            or leaf.id.endswith("_volume_price")
            or leaf.id.endswith("_piece_price")
            or leaf.id == "bioenergy_value"
        ):
            continue
        cells = [("", "", "")]
        if leaf.id in plan.coefficients and leaf.id in shipped:
            continue  # looked up in the shipped tables
        for axis in leaf.axes if leaf.id in plan.observed else ():
            if axis == "ecosystem":
                cells = [(one, *rest[1:]) for rest in cells for one in TYPES]
            elif axis == "pollutant":
                wanted = (
                    MEMBERS["pollutant"][3:]
                    if "water" in leaf.id
                    else MEMBERS["pollutant"][:3]
                    if leaf.id.startswith("air") or leaf.id == "pollutant_uptake"
                    else MEMBERS["pollutant"]
                )
                cells = [(rest[0], one, rest[2]) for rest in cells for one in wanted]
            else:
                cells = [(*rest[:2], one) for rest in cells for one in ITEMS.get(axis, ("a", "b"))]
        unit = leaf.unit if leaf.id not in plan.coefficients or "CNY" not in leaf.unit else leaf.unit.replace("CNY", "CNY_2012")
        low = leaf.least if leaf.least is not None else 0.0
        high = leaf.most if leaf.most is not None else min(max(low * 2, 100.0), find_bounds(leaf)[1])
        for eco, kind, item in cells:
            columns["county"].append(county)
            columns["year"].append(year)
            for name, text in (("variable", leaf.id), ("ecosystem", eco), ("pollutant", kind), ("product", item), ("unit", unit)):
                if text not in names[name]:
                    names[name].append(text)
                columns[name].append(np.full(pairs, names[name].index(text), dtype=np.int32))
            columns["value"].append(chance.uniform(low + (high - low) * 0.1, low + (high - low) * 0.5, pairs))
    made = {
        "county": pa.DictionaryArray.from_arrays(np.concatenate(columns["county"]), codes),
        "year": pa.array(np.concatenate(columns["year"])),
    }
    for name in ("variable", "ecosystem", "pollutant", "product", "unit"):
        made[name] = pa.DictionaryArray.from_arrays(np.concatenate(columns[name]), names[name])
    made["value"] = pa.array(np.concatenate(columns["value"]))
    made["source"] = pa.DictionaryArray.from_arrays(np.zeros(len(made["value"]), dtype=np.int32), ["synthetic, fixed seed"])
    return pa.table(made)


def by_hand(bound) -> dict[str, np.ndarray]:
    """Return values of all services, the same arithmetic written out in numpy on the same arrays and memory layout."""
    a = bound.arrays
    value: dict[str, np.ndarray] = {}

    def over(cells, axis, taking=None):
        if cells.shape[axis] == 1:
            return cells
        index = [slice(None)] * 4
        found = None
        for at in range(cells.shape[axis]):
            index[axis] = slice(at, at + 1)
            cell = cells[tuple(index)]
            flags = (
                True
                if taking is None
                else taking[tuple(slice(at, at + 1) if n == axis and taking.shape[n] > 1 else slice(None) for n in range(4))]
            )
            if flags is True or flags.all():
                found = cell + 0.0 if found is None else found + cell
            elif flags.any():
                found = np.where(flags, cell, 0.0) if found is None else found + np.where(flags, cell, 0.0)
        return found

    def listed(*names):
        flags = False
        for name in names:
            if name in bound.listed:
                flags = flags | (bound.listed[name] & (a[name] != 0))
        return flags

    for one in ("agricultural", "forestry", "livestock", "fishery"):
        product = np.where(np.isnan(a[f"{one}_product_value"]), a[f"{one}_output"] * a[f"{one}_price"], a[f"{one}_product_value"])
        products = over(product, 3, listed(f"{one}_output", f"{one}_product_value"))
        value[f"{one}_products"] = np.where(np.isnan(a[f"{one}_output_value"]), products, a[f"{one}_output_value"])
    source = np.where(
        np.isnan(a["bioenergy_product_value"]), a["bioenergy_output"] * a["bioenergy_price"], a["bioenergy_product_value"]
    )
    source = np.where(np.isnan(source), a["bioenergy_output_volume"] * a["bioenergy_volume_price"], source)
    value["bioenergy"] = over(source, 3, listed("bioenergy_output", "bioenergy_output_volume", "bioenergy_product_value"))
    value["freshwater_supply"] = over(a["water_use"] * a["water_price"], 3, listed("water_use"))
    value["hydropower"] = a["hydropower_generation"] * a["electricity_price"]
    area, land = a["area"], listed("area")
    reservoir = a["reservoir_construction_cost"]
    runoff = np.where(np.isnan(a["surface_runoff"]), a["precipitation"] * a["runoff_coefficient"], a["surface_runoff"])
    value["water_conservation"] = over(area * (a["precipitation"] - runoff - a["evapotranspiration"]) * 1000 * reservoir, 1, land)
    soil = (
        area
        * a["rainfall_erosivity"]
        * a["soil_erodibility"]
        * a["slope_factor"]
        * (1 - a["cover_factor"] * a["practice_factor"])
        * 100
    )
    value["soil_retention"] = (
        over(soil * a["silting_share"] / a["soil_bulk_density"] * a["dredging_cost"], 1, land)
        + over(soil * a["soil_nitrogen_content"] * a["nitrogen_treatment_cost"], 1, land)
        + over(soil * a["soil_phosphorus_content"] * a["phosphorus_treatment_cost"], 1, land)
    )
    weather = a["wind_weather_factor"] * a["wind_erodible_fraction"] * a["soil_crust_factor"] * a["roughness_factor"]
    sand = area * (0.1699 * weather**1.3711) * (1 - a["wind_vegetation_factor"] ** 1.3711) * 1000
    value["sand_fixation"] = over(sand / a["sand_density"] / a["sand_depth"] * 1e-6 * a["sand_control_cost"] * 1e6, 1, land)
    value["coastal_protection"] = over(
        a["protected_coast_length"] * (a["dyke_cost"] / a["dyke_life"]), 1, listed("protected_coast_length")
    )
    lake = np.exp(a["lake_model_intercept"]) * a["lake_area"] ** a["lake_model_exponent"] * 1e4 * a["lake_exchanges"]
    lake = np.where(np.isnan(a["lake_flood_capacity"]), lake, a["lake_flood_capacity"])
    res = np.where(
        np.isnan(a["reservoir_flood_capacity"]),
        a["reservoir_capacity"] * a["reservoir_flood_share"],
        a["reservoir_flood_capacity"],
    )
    value["flood_mitigation"] = (
        over(area * (a["storm_rainfall"] - a["storm_runoff"]) * 1000 * reservoir, 1, land)
        + over(lake * reservoir, 3, listed("lake_area", "lake_flood_capacity"))
        + res * reservoir
        + a["marsh_area"] * a["marsh_storage_depth"] * 1e6 * reservoir
    )
    removed = np.minimum(a["air_emission"], over(area * a["pollutant_uptake"], 1, land))
    value["air_purification"] = over(removed * a["pollutant_treatment_cost"], 2, bound.counted["air_purification", "pollutant"])
    value["water_purification"] = over(
        a["water_discharge"] * a["pollutant_treatment_cost"], 2, bound.counted["water_purification", "pollutant"]
    )
    carbon = 44 / 12 * a["net_ecosystem_production"]
    value["carbon_sequestration"] = over(carbon * a["carbon_price"], 1, listed("net_ecosystem_production"))
    value["oxygen_release"] = over(32 / 44 * carbon * a["oxygen_price"], 1, listed("net_ecosystem_production"))
    heat = over(
        area * a["transpiration_heat"] * a["hot_days"] / a["air_conditioner_cop"] * (1e6 / 3600) * a["electricity_price"], 1, land
    )
    value["climate_regulation"] = (
        heat
        + a["hot_day_water_evaporation"]
        * a["water_density"]
        * a["latent_heat"]
        / a["air_conditioner_cop"]
        / 3600
        * a["electricity_price"]
    )
    value["noise_reduction"] = over(
        a["green_belt_length"] * (a["sound_barrier_cost"] / a["sound_barrier_life"]), 3, listed("green_belt_length")
    )
    value["pest_control"] = over(
        a["naturally_recovering_area"] * a["pest_control_cost"] * 100, 1, listed("naturally_recovering_area")
    )
    value["species_conservation"] = over(
        a["area_by_diversity_class"] * a["species_unit_value"] * 100, 3, listed("area_by_diversity_class")
    )
    ions = 5.256e15 * (a["negative_ion_concentration"] - 600) * (area * 100) * a["stand_height"] / a["negative_ion_life"]
    value["negative_ions"] = over(ions * a["negative_ion_price"], 1, land)
    value["tourism_health"] = over(
        a["visitors"] * a["nature_share"] * (a["travel_time"] * a["wage"] + a["direct_cost"]), 3, listed("visitors")
    )
    value["leisure_recreation"] = over(a["recreation_hours"] * a["recreation_hour_value"], 3, listed("recreation_hours"))
    value["landscape_premium"] = over(
        a["benefiting_floor_area"] * a["landscape_rent_premium"], 3, listed("benefiting_floor_area")
    )
    value["local_additions"] = over(a["local_addition_value"], 3, listed("local_addition_value"))
    value["gep"] = sum(np.where(np.isnan(one), 0, one) for one in value.values())
    return value


def best(call, times: int = 5) -> float:
    """Return the shortest of several runs, seconds."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return min(found)


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--counties", type=int, default=COUNTIES)
    parser.add_argument("--years", type=int, default=YEARS)
    parser.add_argument("--starts", action="store_true", help="only (d)")
    parser.add_argument("--tables", action="store_true", help="only (b)")
    size = parser.parse_args()
    if size.starts:
        print_table(start())
        return
    gc.set_threshold(COLLECT_AFTER)  # as every command does
    pa.set_memory_pool(pa.system_memory_pool())
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "bench.yaml").write_text(STANDARD.replace("{variants: {}", "{variants: {}"), "utf-8")
        standard = load_standard(str(place / "bench.yaml"))
        assert set(standard.choices) <= set(SERVICES)
        plan = make_plan(standard)
        table = synthetic(plan, size.counties, size.years)
        pq.write_table(table, place / "inputs.parquet")
        rows.append(
            (
                "input",
                f"{size.counties:,} counties × {size.years} years, {table.num_rows:,} rows, {len(standard.choices)} services",
            )
        )
        del table
        stages: list[tuple[str, float, float]] = []

        def stage(name: str, call):
            begin, taken = time.perf_counter(), time.process_time()
            found = call()
            stages.append((name, time.perf_counter() - begin, time.process_time() - taken))
            return found

        stage("floor: pyarrow reads, DuckDB inserts", lambda: read_and_insert(place / "inputs.parquet", place / "floor.duckdb"))

        tables = stage("coefficients", lambda: read_tables(FOLDER, COEFFICIENTS))
        inputs = stage("read and check", lambda: read_inputs([place / "inputs.parquet"], COEFFICIENTS, APPLICABLE))
        account = stage("bind, evaluate, tabulate", lambda: make_account(standard, inputs, tables))
        stage("hash and store", lambda: save(account, place / "gep.duckdb"))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        rows += [(f"(b) {name}", f"{seconds:.1f} s, processor {taken:.1f} s") for name, seconds, taken in stages]
        (_, least, least_taken), *ours = stages
        whole, whole_taken = (sum(one[at] for one in ours) for at in (1, 2))
        times = f"{whole:.1f} s, processor {whole_taken:.1f} s, peak {peak:.1f} GB"
        ratios = f"ratio to the floor {whole / least:.1f}, processor {whole_taken / least_taken:.1f}"
        aim = "at most 3.0 and 2.5 GB of 7.62 million rows"
        rows.append(("(b) end to end, Parquet to committed store", f"{times}; {ratios}, {aim}"))
        if size.tables:
            print_table(rows)
            return
        years = inputs.accounts["year"].to_numpy().astype(np.int64)
        bound = Binder(plan, inputs, tables).bind(years).bound
        ours = best(lambda: Evaluation(plan.steps, bound).run())
        hand = best(lambda: by_hand(bound))
        results = Evaluation(plan.steps, bound).run()
        reference = by_hand(bound)
        for name in standard.choices:
            if name in bound.inapplicable:
                reference[name] = np.where(bound.inapplicable[name], np.nan, reference[name])
            np.testing.assert_allclose(
                results[f"{name}.value"],
                np.broadcast_to(reference[name], results[f"{name}.value"].shape),
                rtol=1e-9,
                err_msg=name,
            )
        rows.append(
            ("(a) all rules, all accounts", f"{ours * 1e3:.0f} ms; by hand in numpy {hand * 1e3:.0f} ms; ratio {ours / hand:.2f}")
        )
        rows += through_pint(bound)
    print_table(rows + start())


def print_table(rows: list[tuple[str, str]]) -> None:
    """Print names and what was found, one under the other."""
    width = max(len(name) for name, _ in rows)
    for name, found in rows:
        print(f"{name:<{width}}  {found}")


def read_and_insert(path: Path, store: Path) -> None:
    """Do what nobody can leave out: pyarrow reads the file, DuckDB inserts it; no check, no hash, no result."""
    incoming = pq.read_table(path)
    with duckdb.connect(str(store)) as connection:
        connection.register("incoming", incoming)
        connection.execute("CREATE TABLE input_row AS SELECT * FROM incoming")


def through_pint(bound) -> list[tuple[str, str]]:
    """Return the water balance through whole pint arrays, pint-pandas and a quantity a row, on a sample."""
    import pint
    import pint_pandas  # noqa: F401 - makes dtypes of units

    count = 2000
    chance = np.random.default_rng(SEED)
    area, rain, evaporation = chance.uniform(1, 100, count), chance.uniform(1000, 2000, count), chance.uniform(500, 900, count)
    ureg: pint.UnitRegistry[float] = pint.UnitRegistry()
    plain = best(lambda: area * (rain - evaporation) * 1000)
    whole = best(lambda: (area * ureg("km^2") * (rain * ureg("mm/yr") - evaporation * ureg("mm/yr"))).to("m^3/yr"))

    def a_row() -> list[object]:
        km2, mm = ureg.Unit("km^2"), ureg.Unit("mm/yr")
        return [
            (ureg.Quantity(x, km2) * (ureg.Quantity(y, mm) - ureg.Quantity(z, mm))).to("m^3/yr")
            for x, y, z in zip(area, rain, evaporation, strict=True)
        ]

    frame = pd.DataFrame(
        {
            "a": pd.Series(area, dtype="pint[km^2]"),
            "p": pd.Series(rain, dtype="pint[mm/yr]"),
            "e": pd.Series(evaporation, dtype="pint[mm/yr]"),
        }
    )
    columns = best(lambda: (frame["a"] * (frame["p"] - frame["e"])).pint.to("m^3/yr"))
    rowwise = best(a_row, 1)
    del bound
    return [
        ("(c) water balance, 2,000 rows: numpy", f"{plain * 1e6:.0f} µs"),
        (
            "(c) pint, whole arrays / pint-pandas / a quantity a row",
            f"× {whole / plain:,.0f} / × {columns / plain:,.0f} / × {rowwise / plain:,.0f}",
        ),
    ]


def start() -> list[tuple[str, str]]:
    """Return what whole processes take of the processor, against what Python takes to import what they stand on; medians of pairs."""
    root = Path(__file__).parents[2]
    compileall.compile_dir(
        root / "gep", quiet=1
    )  # as an installed package is; where Python keeps nothing, each start would compile
    libraries = ("-c", "import pandas, duckdb, pyarrow, pint")
    with tempfile.TemporaryDirectory() as folder:
        stored = ("--store", str(Path(folder) / "shown.duckdb"))
        county = ("-m", "gep", "run", str(root / "inputs/361027-2022"), "--price-year", "2020")
        processor_seconds(*county, *stored)
        compared = {
            "gep --help": (("-m", "gep", "--help"), ("-c", "import click"), 1.5),
            "gep run, a county into a new store": ((*county, "--store", str(Path(folder) / "run-{}.duckdb")), libraries, 1.6),
            "gep run, a county into a store": ((*county, *stored), libraries, 1.6),
            "gep show": (("-m", "gep", "show", "361027", "2022", *stored), libraries, 0.9),
            "gep list": (("-m", "gep", "list", *stored), libraries, 0.9),
        }
        rows = []
        for name, (command, imports, most) in compared.items():
            pairs = [
                (processor_seconds(*(part.format(at) for part in command)), processor_seconds(*imports)) for at in range(PAIRS)
            ]
            ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            rows.append((f"(d) {name}", f"{ours:.3f} s; {imports[1]} {theirs:.3f} s; ratio {ratio:.2f}, at most {most}"))
        return rows


def processor_seconds(*arguments: str) -> float:
    """Return the user and system time of a Python process and of what it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
