"""What holds the house together: imports point down, every source resolves, every table row is used, every command is known."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Program

from gep.coefficients import read_tables
from gep.labels import ecosystems
from gep.places import COEFFICIENTS as FOLDER
from gep.plan import make_plan
from gep.problems import Problems
from gep.regions import find, regions
from gep.rules import COEFFICIENTS, OBSERVED, RULES, SERVICES
from gep.service import SERVICE_TITLES
from gep.standard import load_standard, shipped
from gep.units import parse_unit
from gep.variables import VARIABLES

RANKS = [
    {"problems", "places", "schema_comments", "messages"},
    {"units", "files", "checksums", "findings", "shares"},
    {"formula", "tables", "regions", "explanations"},
    {"service", "labels", "plausible"},
    {"variables"},
    {"rules"},
    {"inputs", "workbook", "coefficients", "standard", "arrays", "plan"},
    {"checks"},
    {"binding"},
    {"reasons", "cautions"},
    {"account"},
    {"run", "store"},
    {"rebuilding"},
    {"hybrids"},
    {"explain"},
    {"saving", "checking", "filling", "query", "compare", "glossary", "text", "tracing", "certificate", "verification", "history", "changes", "contrasts", "signing", "keeping",
     "neighbours", "review", "review_text", "compensation", "cover", "shared_waters", "adjacency"},
    {"overlaps"},
    {"rollup", "standing", "matrix", "export"},
    {"place_text", "standing_text", "table_text"},
    {"reports", "indicators", "encumbrance"},
    {"space"},
    {"commands"},
    {"cli"},
    {"__main__", "__init__"},
]  # fmt: skip


SPACE_FILES = {path.name for path in (ROOT / "gep" / "space").glob("*.py")}
COMMAND_FILES = {path.name for path in (ROOT / "gep" / "commands").glob("*.py")}


def rank(module: str) -> int:
    return next(at for at, names in enumerate(RANKS) if module in names)


@pytest.mark.parametrize("path", sorted((ROOT / "gep").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    own = path.relative_to(ROOT / "gep").parts[0].removesuffix(".py")
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = (
            [node.module]
            if isinstance(node, ast.ImportFrom) and node.module
            else [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        for name in names:
            if name.startswith("gep."):
                other = name.split(".")[1]
                assert other == own or rank(other) <= rank(own), f"{own} imports {other}"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("duckdb", {"store.py", "query.py"}),
        ("jinja2", {"html.py", "notice.py"}),
        ("weasyprint", {"pdf.py"}),
        ("matplotlib", {"drawing.py"}),
        ("docx", {"word.py", "word_parts.py", "equations.py"}),
        ("xlsxwriter", {"write.py", "sheet.py", "excel.py"}),
        ("openpyxl", {"read.py", "write_back.py"}),
        ("click", {"cli.py", *COMMAND_FILES}),
        ("rasterio", SPACE_FILES),
        ("shapely", SPACE_FILES),
        ("pyogrio", SPACE_FILES),
        ("pyproj", SPACE_FILES),
        ("exactextract", SPACE_FILES),
        ("distributed", {"blocks.py"}),
    ],
)
def test_a_foreign_library_has_one_frontier(library: str, homes: set[str]) -> None:
    for path in (ROOT / "gep").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        typing_only = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in typing_only or not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            modules = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if any(name.split(".")[0] == library for name in modules):
                assert path.name in homes, path


def test_every_source_resolves() -> None:
    sources = yaml.safe_load((FOLDER / "sources.yaml").read_text("utf-8"))
    cited = {variant.source for rule in RULES.values() for variant in rule.variants.values()}
    cited |= {load_standard(name).source for name in shipped()}
    with (FOLDER / "applicability.csv").open(encoding="utf-8") as file:
        cited |= {row["source"] for row in csv.DictReader(file)}
    for name in ("ecosystems.csv", "pollutants.csv"):
        with (FOLDER / name).open(encoding="utf-8") as file:
            cited |= {row["source"] for row in csv.DictReader(file)}
    assert cited <= set(sources)
    assert all({"title", "kind", "read", "checked_on"} <= set(source) for source in sources.values())


def test_every_coefficient_row_is_used_and_within_the_known_members() -> None:
    tables = read_tables(FOLDER, COEFFICIENTS)
    assert {row.id for row in tables.rows} <= set(COEFFICIENTS)
    assert all(row.mark in {"V", "VC", "D", "K"} for row in tables.rows)
    assert all((row.low is None or row.low <= row.value) and (row.high is None or row.value <= row.high) for row in tables.rows)


def test_every_variable_is_used() -> None:
    assert set(VARIABLES) - set(OBSERVED) - {f"{name}_value" for name in SERVICES} == {
        "land_area",
        "population",
        "gdp",
        "sown_area",
    }
    assert set(OBSERVED) <= set(VARIABLES)
    assert set(SERVICES) == set(SERVICE_TITLES)
    for leaf in (*VARIABLES.values(), *COEFFICIENTS.values()):
        parse_unit(leaf.unit)
        assert leaf.title.zh
        assert leaf.title.en
    assert all(leaf.department and leaf.about.zh for leaf in VARIABLES.values())


def test_ids_never_collide() -> None:
    assert not set(VARIABLES) & set(COEFFICIENTS)
    assert not set(SERVICES) & (set(VARIABLES) | set(COEFFICIENTS))


def test_there_is_one_file_a_service() -> None:
    for name in SERVICES:
        assert (ROOT / "gep" / "rules" / f"{name}.py").exists()


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_standard_makes_a_plan(name: str) -> None:
    standard = load_standard(name)
    plan = make_plan(standard)
    assert set(plan.counted) == set(standard.choices)
    assert set(standard.choices) | set(standard.excluded) == set(SERVICES)
    assert plan.steps[-1].rule.id == "gep.total"


def test_no_number_in_rules_but_those_of_published_formulas() -> None:
    allowed = {0.0, 1.0, 2.0, 1.63, 1.19, 44, 12, 72, 162, 32, 109.8, 150.71, -0.3711, 0.1699, 1.3711, 1e4, 5.256e15, 600.0}
    found = set()
    for path in (ROOT / "gep" / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Constant", "ratio"}:
                found |= {ast.literal_eval(one) for one in node.args if not isinstance(ast.literal_eval(one), str)}
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):  # a bare number in a formula
                assert not any(
                    isinstance(side, ast.Constant) and isinstance(side.value, int | float) for side in (node.left, node.right)
                ), path
    assert found == allowed


def test_regions_are_whole() -> None:
    known = regions()
    assert len(known) > 3300
    assert all(re.fullmatch(r"\d{6}", code) for code in known)
    assert sum(1 for one in known.values() if one.code.startswith("36") and one.level == "county") == 100
    assert find("崇义县")[0].code == find("Chongyi")[0].code == find("360725")[0].code == "360725"
    assert len(find("市中区")) > 1


def test_ecosystems_have_two_levels() -> None:
    known = ecosystems()
    assert all(not member.parent or not known[member.parent].parent for member in known.values())


def test_every_command_has_help_and_stands_in_the_readme(gep: Program) -> None:
    text = gep("--help").stdout
    commands = re.findall(r"^  (\w+)  ", text.split("Commands:")[1], re.MULTILINE)
    readme = (ROOT / "README.md").read_text("utf-8")
    for command in commands:
        assert f"gep {command}" in readme, command
        assert len(gep(command, "--help").stdout.splitlines()) > 3


def test_no_registry_address_and_no_foreign_place_in_any_file() -> None:
    for path in [ROOT / "constraints.txt", ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / ".ci" / "run"]:
        assert "http" not in path.read_text("utf-8")


def test_wrong_standards_are_refused_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "id: mine\ntitle: {zh: 我, en: mine}\nsource: this-project\nmark: V\nservices:\n  water_conservatio: {mark: V}\n"
        "  water_purification:\n    mark: V\n    variants: {water_purification.amount: dischage}\n    pollutants: [NH3N, TN]\n  soil_retention: {mark: Z}\n",
        "utf-8",
    )
    with pytest.raises(Problems) as caught:
        load_standard(str(path))
    assert "mine.yaml:11: services.soil_retention.mark is 'Z'" in str(caught.value)
    path.write_text(path.read_text("utf-8").replace("{mark: Z}", "{mark: V}"), "utf-8")
    with pytest.raises(Problems) as caught:
        load_standard(str(path))
    said = str(caught.value)
    assert "mine.yaml:6: a service is 'water_conservatio'" in said
    assert "did you mean water_conservation?" in said
    assert "the variant of water_purification.amount is 'dischage'" in said
    assert "P9: ammonia nitrogen is part of total nitrogen" in said
    assert "soil_retention does not say how soil_retention.amount is computed" in said
