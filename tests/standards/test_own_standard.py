"""A standard of one's own: what it declares is computed, stored, explained and proved; what is wrong in it is said at once, by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from conftest import ROOT
from pydantic import BaseModel

from gep.files.schema import Part
from gep.standards.model import Choice, OwnSource, RollUp, Standard
from gep.standards.own import OwnCoefficient, OwnLine, OwnRule, OwnShown, OwnValue, OwnVariable
from gep.standards.standard import list_shipped_standards, load_standard
from gep.tasks.run import run_account

if TYPE_CHECKING:
    from conftest import Program

HEAD = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
FIGURES = HEAD + (
    "360321,2022,area,forest/油茶林,,,120,ha,调查,\n"
    "360321,2022,area,forest/杉木幼林,,,80,ha,调查,\n"
    "360321,2022,area,cropland,,,100,ha,调查,\n"
    "360321,2022,land_area,,,,300,ha,调查,\n"
    "360321,2022,dry_matter,forest/油茶林,,,900,t,调查,\n"
    "360321,2022,erosion_loss,,,,4000,t,调查,\n"
    "360321,2022,water_conservation_volume,forest/油茶林,,,1000,m3,调查,\n"
)


@pytest.fixture(scope="module")
def example() -> str:
    """Return the standard that docs/standards.md shows."""
    found = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/standards.md").read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def own(tmp_path: Path, example: str) -> Path:
    path = tmp_path / "tea-county.yaml"
    path.write_text(example, "utf-8")
    (tmp_path / "figures.csv").write_text(FIGURES, "utf-8")
    return path


def test_the_example_of_the_documentation_gives_the_sum_by_hand(own: Path) -> None:
    account = run_account([own.parent / "figures.csv"], str(own))
    lines = account.lines.set_index("line")["value"]
    assert lines["other_regulating.groves"] == pytest.approx(120 * 1200 + 80 * 300 + 0)
    assert lines["other_regulating.carbon"] == pytest.approx(900 * 0.4445 * 44 / 12 * 379.87)
    assert lines["other_regulating.loss"] == pytest.approx(-4000 * 12.5)
    service = account.services.set_index("service")["value"]["other_regulating"]
    assert service == pytest.approx(lines[[name for name in lines.index if name.startswith("other_")]].sum())


def test_it_is_stored_explained_reported_and_proved(gep: Program, own: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "s.duckdb")
    assert gep("run", str(tmp_path / "figures.csv"), "--standard", str(own), "--store", store).returncode == 0
    asked = ("360321", "2022", "--standard", "tea-county", "--store", store)
    traced = gep("trace", "360321", "2022", "other_regulating", *asked[2:], "--lang", "zh").stdout
    assert "tea-county.yaml:" in traced
    assert "figures.csv:7" in traced
    page = tmp_path / "r.html"
    assert gep("report", *asked, "-o", str(page), "--lang", "zh").returncode == 0
    text = page.read_text("utf-8")
    assert "茶油林综合价值" in text
    assert "油茶林" in text
    proof = tmp_path / "c.json"
    assert gep("certificate", *asked, "-o", str(proof)).returncode == 0
    assert gep("verify", str(proof)).returncode == 0


def test_the_workbook_asks_for_its_figures_and_gives_them_back(gep: Program, own: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    book = tmp_path / "form.xlsx"
    assert gep("new", "360321", "2022", "--standard", str(own), "-o", str(book)).returncode == 0
    opened = load_workbook(book)
    filled = 0
    for sheet in opened.worksheets[1:-1]:
        for row in sheet.iter_rows():
            texts = [str(cell.value or "") for cell in row]
            for identity, member, value in (
                ("area", "森林/油茶林", 120),
                ("dry_matter", "森林/油茶林", 900),
                ("erosion_loss", "", 4000),
            ):
                if identity in texts and (not member or member in texts):
                    head = next(one for one in sheet.iter_rows() if any(cell.value == "编号" for cell in one))
                    at = {cell.value: get_column_letter(at + 1) for at, cell in enumerate(head)}
                    sheet[f"{at['数值']}{row[0].row}"] = value
                    sheet[f"{at['数据来源']}{row[0].row}"] = "调查"
                    filled += 1
    assert filled == 3
    opened.save(book)
    account = run_account([book], str(own))
    assert dict(account.inputs.rows.set_index("variable")["ecosystem"].astype(str)) == {
        "area": "forest/油茶林",
        "dry_matter": "forest/油茶林",
        "erosion_loss": "",
    }


def test_areas_of_classes_add_up_and_are_not_counted_twice(gep: Program, own: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "twice.csv"
    wrong.write_text(FIGURES + "360321,2022,area,forest,,,200,ha,调查,\n", "utf-8")
    said = gep("run", str(wrong), "--standard", str(own), "--store", str(tmp_path / "n.duckdb"), "--lang", "en", code=2).stderr
    assert said.count("stands beside area of forest, which holds it") == 2
    assert not (tmp_path / "n.duckdb").exists()


def test_a_class_that_the_standard_does_not_declare_is_refused(gep: Program, own: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "slip.csv"
    wrong.write_text(FIGURES.replace("forest/杉木幼林", "forest/杉木幼树林"), "utf-8")
    for command in ("run", "check"):
        said = gep(
            command, str(wrong), "--standard", str(own), "--lang", "en", *(("--store", str(tmp_path / "n.duckdb"))), code=2
        )
        assert "does not declare the class forest/杉木幼树林" in said.stdout + said.stderr
        assert "did you mean forest/杉木幼林?" in said.stdout + said.stderr


MISTAKES = {
    "foo: 1\n": ("foo is not known here", "one of"),
    "classes: [fir]\n": ("'fir' is no class of one's own", "a class without a group has no place in the totals"),
    "classes: [tree/fir]\n": ("'tree/fir' lies under no known type", ""),
    "variables:\n  area: {title: {zh: a, en: b}, unit: ha}\n": ("area is already an id of the program", "an id of its own"),
    "variables:\n  tea: {title: {zh: a, en: b}, unit: hax}\n": ("the unit of tea is 'hax'", "a unit"),
    "variables:\n  tea: {title: {zh: a, en: b}, unit: CNY_2020}\n": ("the unit of tea is 'CNY_2020'", "without scale"),
    "variables:\n  tea: {title: {zh: a, en: b}, units: ha}\n": ("variables.tea.units is not known here", "did you mean unit?"),
    "coefficients:\n  tea: {title: {zh: a, en: b}, unit: CNY/t, values: [{value: 5, unit: CNY_2021/t, source: as-entered, locator: 1, mark: V}]}\n": (
        "coefficients.tea.values no. 1, locator is '1'",
        "a text",
    ),
    "variables:\n  tea: {title: {zh: a, en: b}, unit: ha, department: 林业}\n": (
        "a department is '林业'",
        "did you mean 林业局?",
    ),
    "lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: area}\n": ("the formula gives km²", "a formula in CNY/yr"),
    "lines:\n  other_regulating.a: {title: {zh: a, en: b}}\n": (
        "other_regulating.a has no value",
        "quantity and price, or value",
    ),
    "lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: gdp *}\n": (
        "is not a formula (column",
        "names, numbers and signs",
    ),
    "lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: gpd}\n": ("there is no quantity 'gpd'", "did you mean gdp?"),
    "lines:\n  nix.a: {title: {zh: a, en: b}, value: gdp}\n": ("'nix.a' cannot be the id of a line", "service.name"),
    "lines:\n  oxygen_release.a: {title: {zh: a, en: b}, value: gdp}\n": (
        "a service that the standard does not count",
        "services:",
    ),
    "lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: 'sum(carbon_price, over=ecosystem)'}\n": (
        "does not vary over ecosystem",
        "",
    ),
    "rules:\n  other_regulating.a: {formula: other_regulating.b, unit: t/yr}\n  other_regulating.b: {formula: other_regulating.a, unit: t/yr}\n": (
        "other_regulating.a rests on itself",
        "does not name itself",
    ),
    "rules:\n  soil_retention.amount: {formula: soil_retention.silt * soil_bulk_density}\n": (
        "soil_retention.amount rests on itself",
        "",
    ),
    "values:\n  soil_bulk_density: [{value: 12, source: x, mark: V}]\n": ("soil_bulk_density is 12 t/m^3", "between 0.1 and 2.7"),
    "values:\n  carbon_price: [{value: 12, source: x, mark: V}]\n": ("unit of carbon_price is 'CNY/t_CO2'", "its price year"),
    "values:\n  nothing: [{value: 12, source: x, mark: V}]\n": ("a coefficient is 'nothing'", "gep coefficients lists them"),
    "id: y\n": ("id appears twice", "once; first on line 1"),
}
BASE = "id: x\ntitle: {zh: a, en: b}\nsource: as-entered\nmark: V\nservices: {other_regulating: {mark: V, value: stated}, soil_retention: {mark: V, variants: {soil_retention.amount: rusle, soil_retention.silt_cost: dredging}}}\n"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_with_its_line(gep: Program, tmp_path: Path, mistake: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BASE + mistake, "utf-8")
    said = gep("standards", "check", str(path), "--lang", "en", code=2).stderr
    for text in MISTAKES[mistake]:
        assert text in said
    line = int(re.search(r"x\.yaml:(\d+):", said)[1])  # type: ignore[index]
    assert line > BASE.count("\n")
    assert re.search(r"[一-鿿]", gep("standards", "check", str(path), "--lang", "zh", code=2).stderr)


def test_all_mistakes_are_said_at_once(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    joined = "".join(one for one in MISTAKES if one.startswith(("foo", "classes: [fir]")))
    lines = "".join(one.removeprefix("lines:\n") for one in MISTAKES if "lines:\n  nix" in one or "value: gpd" in one)
    path.write_text(BASE + joined + "lines:\n" + lines, "utf-8")
    said = gep("standards", "check", str(path), "--lang", "en", code=2).stderr
    for text in ("foo is not known", "'fir' is no class", "'nix.a' cannot be", "no quantity 'gpd'"):
        assert text in said


def test_a_line_counted_twice_is_refused(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        BASE.replace("soil_retention: {mark: V,", "soil_retention: {mark: V, lines: [soil_retention.silt, soil_retention.silt],"),
        "utf-8",
    )
    assert (
        "soil_retention counts soil_retention.silt twice" in gep("standards", "check", str(path), "--lang", "en", code=2).stderr
    )


def test_a_new_standard_can_be_read_as_it_stands_and_overwrites_nothing(gep: Program, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    for more in ((), ("--extends", "ndrc-2022")):
        target = str(path) + ("2.yaml" if more else "")
        assert gep("standards", "new", "mine", "-o", target, *more).returncode == 0
        assert gep("standards", "check", target).returncode == 0
        assert gep("standards", "new", "mine", "-o", target, *more, code=2).returncode == 2
    commented = (
        re.sub(r"(?m)^# (?=([a-z_]+:|  ))", "", path.read_text("utf-8"))
        .replace("  # other", "  other")
        .replace("measures: eq", "# measures: eq")
        .replace("physical: true", "physical: false")
        .replace("currency: USD", "# currency: USD")  # another one wants every price in it: test_currency.py
        .replace("exchange_rates:", "# exchange_rates:")
    )
    path.write_text(commented, "utf-8")
    assert gep("standards", "check", str(path)).returncode == 0, "every key that the beginning explains can be used"
    assert gep("standards", "new", "ndrc-2022", "-o", str(tmp_path / "n.yaml"), code=2).returncode == 2


def keys(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def test_every_key_stands_in_the_documentation() -> None:
    text = (ROOT / "docs/standards.md").read_text("utf-8")
    parts: tuple[type[Part], ...] = (
        Standard,
        Choice,
        RollUp,
        OwnSource,
        OwnVariable,
        OwnCoefficient,
        OwnValue,
        OwnRule,
        OwnLine,
        OwnShown,
    )
    for part in parts:
        for key in keys(part) - {"own_sha256"}:
            assert f"`{key}`" in text or f"`{key}:" in text, f"{part.__name__}.{key}"
    table = next(one for one in text.split("\n\n") if "| `extends` |" in one)
    used = set(re.findall(r"(?m)^\| `(\w+)` \| ", table))
    assert used == keys(Standard) - {"own_sha256"}


@pytest.mark.parametrize("name", list_shipped_standards())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_shipped_standard_is_shown_whole(gep: Program, name: str, lang: str) -> None:
    said = gep("standards", "show", name, "--lang", lang).stdout
    for service in load_standard(name).choices:
        assert f"  {service} [" in said
    assert max(map(len, said.splitlines())) <= 120


def test_rules_are_listed_with_what_they_read(gep: Program) -> None:
    said = gep("rules", "water_conservation", "--lang", "en").stdout
    assert "water_balance" in said
    assert "reads water_conservation.runoff, area, precipitation, evapotranspiration" in " ".join(said.split())
    assert "did you mean" in gep("rules", "water_conservaton", "--lang", "en", code=2).stderr


def test_a_formula_of_a_rule_of_the_program_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    content = yaml.safe_load(BASE)
    content["rules"] = {"soil_retention.amount": {"formula": "soil_retention_amount * 0.5"}}
    path.write_text(yaml.safe_dump(content), "utf-8")
    figures = tmp_path / "f.csv"
    figures.write_text(HEAD + "360321,2022,soil_retention_amount,,,,1000,t,x,\n", "utf-8")
    line = run_account([figures], str(path)).lines.set_index("line").loc["soil_retention.nitrogen"]
    assert line["quantity"] == pytest.approx(1000 * 0.5 * 0.00153)


REPAIRS = [
    ("foo: 1\n", "foo: 1\n", ""),
    ("classes: [fir]\n", "[fir]", "[forest/fir]"),
    ("classes: [tree/fir]\n", "tree/", "forest/"),
    ("variables:\n  area: {title: {zh: a, en: b}, unit: ha}\n", "  area:", "  plot_area:"),
    ("variables:\n  tea: {title: {zh: a, en: b}, unit: hax}\n", "hax", "ha"),
    ("variables:\n  tea: {title: {zh: a, en: b}, unit: CNY_2020}\n", "CNY_2020", "CNY"),
    ("variables:\n  tea: {title: {zh: a, en: b}, units: ha}\n", "units", "unit"),
    ("variables:\n  tea: {title: {zh: a, en: b}, unit: ha, department: 林业}\n", "林业", "林业局"),
    ("lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: gpd}\n", "gpd", "gdp"),
    ("lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: gdp *}\n", "gdp *", "gdp * 2"),
    ("lines:\n  nix.a: {title: {zh: a, en: b}, value: gdp}\n", "nix.a", "other_regulating.a"),
    ("lines:\n  oxygen_release.a: {title: {zh: a, en: b}, value: gdp}\n", "oxygen_release.a", "other_regulating.a"),
    ("values:\n  soil_bulk_density: [{value: 12, source: as-entered, mark: V}]\n", "value: 12", "value: 1.2"),
    ("values:\n  carbon_price: [{value: 12, source: as-entered, mark: V}]\n", "source", "unit: CNY_2020/t_CO2, source"),
    ("id: y\n", "id: y\n", ""),
    ("values:\n  soil_bulk_density: [{value: 1.2, source: '-', mark: V}]\n", "'-'", "县土壤普查"),
    (
        "coefficients:\n  tea_price: {title: {zh: a, en: b}, unit: CNY/t, values: [{value: 2, unit: CNY_2022/t, source: N/A, mark: V}]}\n",
        "N/A",
        "县发3号",
    ),
    ("lines:\n  other_regulating.a: {title: {zh: a, en: b}, value: gdp, source: 暂无}\n", "暂无", "县发3号"),
    ("sources: {own: {title: 待补}}\n", "待补", "县生态产品价值核算办法"),
]


@pytest.mark.parametrize(("mistake", "wrong", "right"), REPAIRS)
def test_what_the_hint_says_repairs_it(gep: Program, tmp_path: Path, mistake: str, wrong: str, right: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BASE + mistake, "utf-8")
    gep("standards", "check", str(path), code=2)
    path.write_text(BASE + mistake.replace(wrong, right), "utf-8")
    gep("standards", "check", str(path))
