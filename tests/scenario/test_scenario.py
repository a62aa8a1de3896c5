"""Scenarios against accounts that an office could have handed in, against closed forms, and everything that is refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from approving import approve
from conftest import ROOT, Program
from doc_pages import run_examples
from growing import count_calls
from kept_stores import JINXI
from toy_schemes import write_scheme

from gep.explain.rebuild import rebuild
from gep.reference.members import list_types_above
from gep.scenario.document import Change, find_overlaps, read_scenario
from gep.scenario.suppose import Figure, list_figures, suppose
from gep.store.saving import save
from gep.store.store import Store
from gep.tasks.find import find_account
from gep.tasks.run import run_account

HEAD = "title: 试\nauthor: 张三\nbasis: 试算\nchanges:\n"
PLACE = ("361027", "2022")


def write(folder: Path, *changes: str, name: str = "plan.yaml", more: str = "") -> str:
    path = folder / name
    path.write_text(HEAD.replace("试", f"试{name}", 1) + "".join(f"  - {{{one}}}\n" for one in changes) + more, "utf-8")
    return str(path)


def find(gep: Program, store: Path, *documents: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
    done = gep("scenario", *PLACE, *documents, *options, "--store", str(store), "--format", "json")
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def effects_of(found: dict[str, Any], at: int = 0) -> dict[str, dict[str, float]]:
    return {one["id"]: one for one in found["scenarios"][at]["effects"]}


def edit(folder: Path, factors: dict[tuple[str, str], float], moves: dict[str, float]) -> Path:
    """The files of the account with figures times factors and areas changed by km², as an office would hand them in."""
    target = folder / "edited"
    target.mkdir()
    for file in sorted(JINXI.glob("*.csv")):
        with file.open(encoding="utf-8") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            value = float(row["value"]) * factors.get((row["variable"], row["ecosystem"]), 1.0)
            value += moves.get(row["ecosystem"], 0.0) if row["variable"] == "area" else 0.0
            row["value"] = repr(value)
        with (target / file.name).open("w", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    return target


def test_a_scenario_is_the_account_an_office_would_hand_in(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """Land, rain and evapotranspiration changed in the files and in a scenario come to the same total."""
    plan = write(
        tmp_path,
        "from: arable, to: evergreen_broadleaf_forest, area: 12.5 km2",
        "variable: precipitation, factor: 1.03",
        "variable: evapotranspiration, value: 955 mm",
    )
    files = edit(
        tmp_path,
        {("precipitation", ""): 1.03, ("evapotranspiration", ""): 955 / 930},
        {"arable": -12.5, "evergreen_broadleaf_forest": 12.5},
    )
    gep("run", str(files), "--store", gep.store)
    other = json.loads(gep("show", *PLACE, "--store", gep.store, "--format", "json").stdout)
    total = effects_of(find(gep, jinxi, plan))["gep"]
    assert total["supposed"] == pytest.approx(other["gep"], rel=1e-12)
    assert total["base"] + total["land"] + total["intensity"] + total["price"] == pytest.approx(total["supposed"], abs=0.005)


def test_one_cause_alone_has_all_of_the_change(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """A price a tenth higher is a tenth more of the service that it values, and all of it is price."""
    found = effects_of(find(gep, jinxi, write(tmp_path, "variable: reservoir_construction_cost, factor: 1.1")))
    water = found["water_conservation"]
    assert water["change"] == pytest.approx(water["base"] / 10, abs=0.01)
    assert water["price"] == water["change"]
    assert found["gep"]["change"] == water["change"]
    land = effects_of(find(gep, jinxi, write(tmp_path, "from: mixed_forest, to: sparse_forest, area: 1 km2")))["gep"]
    assert land["land"] == land["change"] != 0
    wet = effects_of(find(gep, jinxi, write(tmp_path, "variable: precipitation, ecosystem: mixed_forest, factor: 1.1")))["gep"]
    assert wet["intensity"] == wet["change"] > 0


@pytest.mark.parametrize("area", [0.1, 7.3, 300.0])
def test_causes_are_additive_to_the_fen(gep: Program, jinxi: Path, tmp_path: Path, area: float) -> None:
    plan = write(
        tmp_path,
        f"from: mixed_forest, to: deciduous_broadleaf_forest, area: {area} km2",
        "variable: precipitation, factor: 1.07",
        "variable: runoff_coefficient, ecosystem: forest, factor: 1.2",
        "variable: reservoir_construction_cost, value: 5 CNY_2022/m3",
    )
    for one in effects_of(find(gep, jinxi, plan)).values():
        fen = {name: round(one[name] * 100) for name in ("base", "supposed", "land", "intensity", "price")}
        assert fen["base"] + fen["land"] + fen["intensity"] + fen["price"] == fen["supposed"]


def test_a_matrix_of_many_zones_is_read_for_the_county_of_the_account(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """As gep transitions writes it: rows of other counties, of what stays, and of nothing; it must be the land of the account."""
    head = "county,from,to,area,unit,source\n"
    rows = "361027,arable,mixed_forest,5,km2,r\n361028,mixed_forest,arable,90,km2,r\n361027,orchard,arable,0,km2,r\n"
    stays = "361027,arable,arable,547.7,km2,r\n"
    matrix = tmp_path / "moves.csv"
    table = str(tmp_path / "table.yaml")
    Path(table).write_text(HEAD.replace("changes:\n", "transitions: moves.csv\n"), "utf-8")
    plan = write(tmp_path, "from: arable, to: mixed_forest, area: 5 km2")
    matrix.write_text(head + rows + stays, "utf-8")
    found = find(gep, jinxi, table, plan)
    assert effects_of(found)["gep"] == effects_of(found, 1)["gep"]
    assert [one["moved_km2"] for one in found["scenarios"]] == [5, 5]
    matrix.write_text(head + rows + stays.replace("547.7", "340"), "utf-8")
    said = gep("scenario", *PLACE, table, "--store", str(jinxi), code=2).stderr
    assert "moves.csv:5: the matrix has 345 km² of" in said
    assert "552.721 km² of the account" in said
    matrix.write_text(head + rows.replace("361027", "361029"), "utf-8")
    assert "no row is of 361027" in gep("scenario", *PLACE, table, "--store", str(jinxi), code=2).stderr
    matrix.write_text(head + rows + rows, "utf-8")
    assert "stands twice" in gep("scenario", *PLACE, table, "--store", str(jinxi), code=2).stderr


def test_a_table_of_transitions_is_the_same_as_the_changes(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    rows = "from,to,area,unit\narable,mixed_forest,100,hm2\norchard,wetland,0.5,km2\narable,arable,551.7,km2\n"
    (tmp_path / "moves.csv").write_text(rows, "utf-8")
    table = write(tmp_path, name="table.yaml", more="[]\ntransitions: moves.csv\n")
    Path(table).write_text(Path(table).read_text("utf-8").replace("changes:\n[]\n", ""), "utf-8")
    listed = write(tmp_path, "from: arable, to: mixed_forest, area: 100 hm2", "from: orchard, to: wetland, area: 0.5 km2")
    found = find(gep, jinxi, table, listed)
    assert effects_of(found, 0) == effects_of(found, 1)
    assert found["scenarios"][0]["moved_km2"] == 1.5


def test_what_it_takes_to_reach_an_amount(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """The amount that is found, written into the scenario, comes to the target."""
    plan = write(tmp_path, "from: mixed_forest, to: deciduous_broadleaf_forest, area: 10 km2")
    found = find(gep, jinxi, plan, options=("--reach", "66.3 亿元"))
    reach = found["reach"]
    again = write(tmp_path, f"from: mixed_forest, to: deciduous_broadleaf_forest, area: {reach['amount']} km2", name="again.yaml")
    assert effects_of(find(gep, jinxi, again))["gep"]["supposed"] == pytest.approx(6.63e9, rel=1e-8)
    assert effects_of(found)["gep"]["supposed"] == pytest.approx(6.63e9, rel=1e-8)
    rain = write(tmp_path, "variable: precipitation, factor: 1.01", name="rain.yaml")
    water = find(gep, jinxi, rain, options=("--reach", "40 亿元", "--of", "water_conservation"))
    assert effects_of(water)["water_conservation"]["supposed"] == pytest.approx(4e9, rel=1e-8)
    said = gep("scenario", *PLACE, plan, "--reach", "90 亿元", "--store", str(jinxi), code=2).stderr
    assert re.search(r"gep cannot come to 9,000,000,000\.00 yuan by this change", said)
    assert "(at 325.77)" in said


def test_what_a_scheme_would_pay_is_a_simulation(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """A hundredth of GEP for the county: the transfer moves with the scenario, and nothing is booked."""
    shutil.copy(jinxi, gep.store)
    approve(Path(gep.store))
    scheme = tmp_path / "toy.yaml"
    rule = (
        "inputs:\n  water: {by: party, unit: 元, account: {figure: value, of: gep, price: current, standard: ndrc-2022, approved: 'true', coverage: any}}\n"
        "constants: {share: {value: '0.01', unit: '1', mark: D}}\n"
        "rule: [{op: pay, name: a, cases: [{from: province, to: self, amount: water * share}]}]\n"
    )
    write_scheme(scheme, rule, id="toy")
    text = scheme.read_text("utf-8")
    start, stop = text.index("parties:"), text.index("accounts:")
    parties = 'parties: {province: {code: "360000"}, jinxi: {code: "361027"}}\nmembers: [jinxi]\n'
    scheme.write_text(text[:start] + parties + text[stop:], "utf-8")
    before = Path(gep.store).read_bytes()
    plan = write(tmp_path, "variable: precipitation, factor: 1.05")
    found = find(gep, Path(gep.store), plan, options=("--scheme", str(scheme)))
    total = effects_of(found)["gep"]
    assert found["transfer"]["base"] == round(total["base"] / 100, 2)
    assert found["transfer"]["supposed"] == [round(total["supposed"] / 100, 2)]
    assert Path(gep.store).read_bytes() == before


WRONG = {
    "more land than there is": (
        "from: orchard, to: mixed_forest, area: 50 km2",
        "orchard change\n  expected  at most the 43.9746 km² there are",
    ),
    "a type without area": ("from: tundra_x, to: mixed_forest, area: 1 km2", "ecosystem is 'tundra_x'"),
    "no area of a type": ("from: shrub, to: mixed_forest, area: 1 km2", "the account has no area of shrub"),
    "land of itself": ("from: arable, to: arable, area: 1 km2", "land of arable becomes arable"),
    "no unit": ("from: arable, to: mixed_forest, area: 100", "the amount is '100'"),
    "another unit": ("from: arable, to: mixed_forest, area: 100 t", "expected  km^2"),
    "nothing of either": ("factor: 2", "the change is neither of land nor of one variable"),
    "both": ("variable: precipitation, factor: 2, value: 3 mm", "the change has not one of factor and value"),
    "an unknown variable": ("variable: precipitatoin, factor: 2", "precipitation"),
    "the area itself": ("variable: area, factor: 2", "the change is of the area itself"),
    "out of bounds": ("variable: precipitation, factor: 9", "at most 8000 mm/yr"),
    "a unit of something else": ("variable: precipitation, value: 1600 t", "precipitation"),
    "nobody has it": ("variable: gdp, ecosystem: forest, factor: 2", "the account uses no figure of gdp forest"),
    "nothing reads it": ("variable: npp_dry_matter, factor: 2", "nothing reads npp_dry_matter under this standard"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_changes_are_refused_with_their_line(gep: Program, jinxi: Path, tmp_path: Path, case: str) -> None:
    change, said = WRONG[case]
    told = gep("scenario", *PLACE, write(tmp_path, change), "--store", str(jinxi), code=2).stderr
    assert said in told
    assert re.search(r"plan\.yaml:5: ", told)


def test_overlapping_changes_and_unknown_keys_are_refused(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    twice = write(tmp_path, "variable: precipitation, factor: 2", "variable: precipitation, ecosystem: forest, factor: 1.1")
    told = gep("scenario", *PLACE, twice, "--store", str(jinxi), code=2).stderr
    assert "plan.yaml:6: precipitation is changed here and on line 5" in told
    odd = write(tmp_path, "variabel: precipitation, factor: 2")
    told = gep("scenario", *PLACE, odd, "--store", str(jinxi), code=2).stderr
    assert "variabel is not known here" in told
    empty = write(tmp_path, name="none.yaml", more="  []\n")
    assert "the scenario changes nothing" in gep("scenario", *PLACE, empty, "--store", str(jinxi), code=2).stderr


def test_the_page_of_scenarios_shows_what_the_program_takes(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """The document printed in docs/scenarios.md is computed as it stands."""
    text = (ROOT / "docs/scenarios.md").read_text("utf-8")
    document = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert document is not None
    (tmp_path / "plan.csv").write_text("from,to,area,unit\norchard,mixed_forest,1,km2\n", "utf-8")
    (tmp_path / "plan.yaml").write_text(document[1], "utf-8")
    printed = gep("scenario", *PLACE, str(tmp_path / "plan.yaml"), "--store", str(jinxi), "--lang", "zh").stdout
    assert "退耕还林 100 公顷" in printed
    assert re.search(r"退耕还林 100 公顷 +2\.00 ", printed)
    assert "GEP" in printed


@pytest.mark.parametrize(
    ("change", "zh"),
    [
        ("variable: precipitation, factor: .inf", "有限数"),
        ("variable: precipitation, factor: -1", "不小于 0"),
        ("variable: precipitation, factor: 1e9", "不大于 1000"),
        ("variable: precipitation, factor: viel", "数字"),
    ],
)
def test_bounds_of_a_document_are_said_in_both_languages(gep: Program, jinxi: Path, tmp_path: Path, change: str, zh: str) -> None:
    plan = write(tmp_path, change)
    assert "Input should" not in gep("scenario", *PLACE, plan, "--store", str(jinxi), code=2).stderr
    told = gep("scenario", *PLACE, plan, "--store", str(jinxi), "--lang", "zh", code=2).stderr
    assert zh in told
    assert "Input" not in told


MEMBERS = [
    (ecosystem, pollutant, product)
    for ecosystem in ("", "forest", "mixed_forest", "forest/樟树", "arable", "wetland")
    for pollutant in ("", "SO2")
    for product in ("", "粮食", "茶叶")
]


@pytest.mark.parametrize("one", MEMBERS)
def test_two_changes_overlap_where_they_have_a_member_in_common(one: tuple[str, str, str]) -> None:
    def meet(a: str, b: str) -> bool:
        return not a or not b or a in list_types_above(b) or b in list_types_above(a)

    for other in MEMBERS:
        changes = [Change("plan.yaml", line, "v", members, factor=2.0) for line, members in enumerate((one, other), 1)]
        assert bool(list(find_overlaps(changes))) == all(map(meet, one, other)), other


def test_a_scenario_takes_work_in_proportion_to_its_changes(tmp_path: Path) -> None:
    """Prices of as many products: which an earlier change named, and which a change is of, is looked up and not searched for."""
    names = [f"产品{at}" for at in range(500)]
    rows = [f"361027,2022,agricultural_output,,,{name},{at + 1},t,s,\n" for at, name in enumerate(names)]
    rows += [f"361027,2022,agricultural_price,,,{name},{at + 1},CNY_2022/t,s,\n" for at, name in enumerate(names)]
    (tmp_path / "in.csv").write_text(
        "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n" + "".join(rows), "utf-8"
    )
    store = Store(tmp_path / "gep.duckdb")
    save(run_account([tmp_path / "in.csv"], "ndrc-2022"), store.path)
    with store:
        key = find_account(store, "361027", 2022)
        account = rebuild(store, key.run, key.account)
    given = list_figures(account)

    def count(changes: int) -> int:
        half, of = changes // 2, names[:changes]
        figures = [one for one in given if one.members[2] in of]
        plan = Path(
            write(
                tmp_path,
                *(f"variable: agricultural_price, product: {name}, factor: 1.1" for name in of[:half]),
                *(f"variable: agricultural_price, product: {name}, value: 3 CNY_2022/t" for name in of[half:]),
            )
        )
        scenario = read_scenario(plan)
        supposed: list[Figure] = []
        calls = count_calls(lambda: supposed.extend(suppose(account, figures, scenario)))
        prices = {one.members[2]: float(one.value) for one in supposed if one.variable == "agricultural_price"}
        assert [prices[name] for name in of] == pytest.approx([3 if at >= half else (at + 1) * 1.1 for at in range(changes)])
        return calls + count_calls(lambda: list(find_overlaps(list(scenario.changes))))

    count(2)
    few, many, most = map(count, (50, 150, 500))
    assert (most - many) / (many - few) < 4.5


def test_two_scenarios_of_one_title_are_refused(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    plan = write(tmp_path, "variable: precipitation, factor: 1.1")
    told = gep("scenario", *PLACE, plan, plan, "--store", str(jinxi), code=2).stderr
    assert "the title '试plan.yaml' is that of" in told


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    assert run_examples(gep, "scenarios.md", tmp_path, jinxi) == 2
