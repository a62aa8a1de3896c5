"""What holds the house together: imports point down, every source resolves, every table row is used, every command is known."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Program
from house import (
    INSIDE,
    RANK,
    circles,
    importers_of,
    imports_of,
    nodes_in,
    parse,
    silent_refusals,
    speakers_of_sql,
    terminal_words,
    twice_named,
    upward,
)

from gep.coefficients.tables import read_tables
from gep.messages.problems import Problems
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.members import read_ecosystems
from gep.reference.regions import find, read_divisions
from gep.reference.services import OPEN_SERVICES, SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS, OBSERVED, RULES, SERVICES
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard
from gep.units.registry import parse_unit
from gep.variables.catalogue import VARIABLES

GEP = ROOT / "gep"
SQL_HOME = {"compensation/booking.py", "compensation/payments.py", "encumbrance/register.py"}
"""Files outside `store/` that may: they append to tables of their own."""
FRONTIERS = {
    "duckdb": {"store/opening.py", "store/ask.py"},
    "confusable_homoglyphs": {"files/written_names.py"},
    "jinja2": {"files/page.py", "reports/forms/html.py", "web/render.py"},
    "scipy": {"uncertainty/", "scenario/"},
    "sqlite3": {"office/"},
    "argon2": {"office/people.py"},
    "starlette": {"web/"},
    "uvicorn": {"web/serving.py", "web/patience.py"},
    "weasyprint": {"reports/forms/pdf.py"},
    "matplotlib": {"reports/forms/drawing.py", "space/maps/furniture.py", "space/maps/picture.py", "space/change/picture.py"},
    "PIL": set(),
    "docx": {
        "reports/forms/word.py",
        "reports/forms/word_parts.py",
        "reports/forms/equations.py",
        "reports/forms/allocation_word.py",
        "reports/forms/statement_word.py",
        "reports/forms/word_methods.py",
    },
    "xlsxwriter": {
        "products/form.py",
        "inputs/workbook/write.py",
        "reports/forms/transfer_workbook.py",
        "reports/forms/allocation_excel.py",
        "reports/forms/excel.py",
    },
    "openpyxl": {"files/workbook_cells.py", "files/value_workbooks.py", "inputs/workbook/write_back.py"},
    "python_calamine": {"files/value_workbooks.py"},
    "click": {"cli.py", "commands/"},
    "rasterio": {"space/"},
    "pyhdf": {"space/raster/hdf4.py"},
    "shapely": {"space/"},
    "pyogrio": {"space/"},
    "pyproj": {"space/"},
    "distributed": {"space/raster/cluster.py"},
    "pyflwdir": {"space/soil/flow.py", "space/routing/drainage.py"},
    "numba": {"space/routing/drainage.py"},
}
"""Foreign library → the files, or folders, that know it."""


def test_imports_go_one_way() -> None:
    assert upward(imports_of(GEP)) == []


def test_no_circle_anywhere() -> None:
    assert circles(imports_of(GEP)) == []


def test_every_room_has_its_place_in_the_order_and_says_what_it_is() -> None:
    rooms = {path.name for path in GEP.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    files = {path.stem for path in GEP.glob("*.py")} - {"__init__"}
    assert rooms | files <= set(RANK)
    for room, order in INSIDE.items():
        assert {path.name for path in (GEP / room).iterdir() if (path / "__init__.py").exists()} == set(order)
    for path in GEP.rglob("*.py"):
        assert ast.get_docstring(parse(path.read_text("utf-8"))), path
        assert (path.parent / "__init__.py").exists(), path
        if path.name == "__init__.py" and path.parent != GEP:
            assert len(parse(path.read_text("utf-8")).body) == 1, f"{path} holds more than a sentence"


def test_sql_has_a_home() -> None:
    assert {path for path in speakers_of_sql(GEP) if not path.startswith(("store/", "office/"))} == SQL_HOME


def test_only_the_store_and_those_that_append_open_its_file_raw() -> None:
    openers = {name for name, named in imports_of(GEP).items() if "gep.store.opening" in named}
    homes = {f"gep.{path.removesuffix('.py').replace('/', '.')}" for path in SQL_HOME - {"compensation/payments.py"}}
    assert {name for name in openers if not name.startswith("gep.store.")} == homes


def test_tasks_know_no_terminal() -> None:
    for path in (GEP / "tasks").glob("*.py"):
        assert terminal_words(path) == [], path


def test_what_refuses_says_so_in_its_docstring() -> None:
    assert [one for one in silent_refusals(GEP) if not one.startswith("commands/")] == []


def test_no_name_is_given_twice(tmp_path: Path) -> None:
    assert twice_named(GEP) == []
    plant(tmp_path, {"units/a.py": "WIDE, HIGH = 1, 2\nclass A:\n    b: int = 1\n    b = 2\nHIGH = 3"})
    assert twice_named(tmp_path / "gep") == ["units/a.py: HIGH", "units/a.py: b"]


@pytest.mark.parametrize(("library", "homes"), FRONTIERS.items())
def test_a_foreign_library_has_one_frontier(library: str, homes: set[str]) -> None:
    for path in importers_of(library, GEP):
        assert path in homes or any(home.endswith("/") and path.startswith(home) for home in homes), path


PLANTED = {
    "up": {"store/a.py": "from gep.account import b", "account/b.py": "from gep.store import a"},
    "beside": {"review/a.py": "import gep.regional.b", "regional/b.py": ""},
    "for types only": {
        "units/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from gep.formula.b import C",
        "formula/b.py": "C = 1",
    },
    "by the facade": {"units/a.py": "from gep import open_store"},
    "by the whole facade": {"units/a.py": "import gep\ngep.trace()"},
    "inside a room": {"space/maps/a.py": "", "space/shapes/b.py": "from gep.space.maps import a"},
    "from the top of a room": {"space/a.py": "", "space/shapes/b.py": "from gep.space import a"},
    "inside a function": {"units/a.py": "def f():\n    from gep.rules import b", "rules/b.py": ""},
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_against_the_order_is_found(name: str, tmp_path: Path) -> None:
    plant(tmp_path, PLANTED[name])
    assert len(upward(imports_of(tmp_path / "gep"))) == 1


def test_a_planted_circle_is_found_inside_a_room_too(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {"store/a.py": "from gep.store.b import B", "store/b.py": "from gep.store import c", "store/c.py": "import gep.store.a"},
    )
    assert circles(imports_of(tmp_path / "gep")) == [["gep.store.a", "gep.store.b", "gep.store.c"]]


def test_planted_sql_and_a_planted_library_are_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "review/a.py": "def f(c):\n    return c.execute(QUESTION)",
            "review/b.py": "QUESTION = 'SELECT county FROM account'",
            "review/c.py": "ABOUT = 'Select a county.'",
            "review/d.py": "def f(names):\n    return f'SELECT {names} FROM account'",
            "review/read.py": "import openpyxl.cell",
        },
    )
    assert speakers_of_sql(tmp_path / "gep") == {"review/a.py", "review/b.py", "review/d.py"}
    assert importers_of("openpyxl", tmp_path / "gep") == {"review/read.py"}


def test_a_planted_word_to_the_terminal_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "tasks/a.py": "import sys\nimport click.termui\nfrom click import echo\nfrom rich.console import Console\ndef f():\n    print(1)"
        },
    )
    assert terminal_words(tmp_path / "gep" / "tasks" / "a.py") == ["sys", "click.termui", "click", "rich.console", "print"]


def test_the_formatter_decides_and_a_silenced_linter_says_why() -> None:
    bare = re.compile(r"# fmt: (skip|off)|# noqa(: [A-Z0-9, ]+)?\s*$", re.MULTILINE)
    files = [path for folder in ("gep", "tests", "templates", "coefficients") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in files if path != Path(__file__) and bare.search(path.read_text("utf-8"))] == []


def test_a_planted_refusal_without_a_word_is_found(tmp_path: Path) -> None:
    said = '"""Do it.\n\n    Raises\n    ------\n    Problems : {}\n    """\n'
    plant(
        tmp_path,
        {
            "review/a.py": 'def f():\n    """Raises Problems, perhaps."""\n    refuse_one("a", "b")',
            "review/b.py": f"class B:\n  def f(self):\n    {said}    if self:\n        raise Problems([])",
            "review/c.py": "class C:\n  def f(self):\n    with self:\n        raise Problems([])",
            "review/d.py": "def f():\n    def g():\n        refuse([])\ndef _h():\n    refuse([])",
        },
    )
    assert silent_refusals(tmp_path / "gep") == ["review/a.py: f", "review/c.py: C.f"]


def plant(folder: Path, files: dict[str, str]) -> None:
    """A package `gep` of a few files, with an `__init__.py` in each folder."""
    for name, text in files.items():
        path = folder / "gep" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, "utf-8")
    (folder / "gep" / "__init__.py").touch()


def test_every_source_resolves() -> None:
    sources = yaml.safe_load((FOLDER / "sources.yaml").read_text("utf-8"))
    cited = {variant.source for rule in RULES.values() for variant in rule.variants.values()}
    cited |= {load_standard(name).source for name in list_shipped_standards()}
    with (FOLDER / "lists" / "applicability.csv").open(encoding="utf-8") as file:
        cited |= {row["source"] for row in csv.DictReader(file)}
    for name in ("ecosystems.csv", "pollutants.csv"):
        with (FOLDER / "lists" / name).open(encoding="utf-8") as file:
            cited |= {row["source"] for row in csv.DictReader(file)}
    assert cited <= set(sources)
    assert all({"title", "kind", "read", "checked_on"} <= set(source) for source in sources.values())


def test_every_coefficient_row_is_used_and_within_the_known_members() -> None:
    tables = read_tables(FOLDER, COEFFICIENTS)
    assert {row.id for row in tables.rows} <= set(COEFFICIENTS)
    assert all(row.mark in {"V", "VC", "D", "V-c", "K"} for row in tables.rows)
    assert all((row.low is None or row.low <= row.value) and (row.high is None or row.value <= row.high) for row in tables.rows)


def test_every_variable_is_used() -> None:
    assert set(VARIABLES) - set(OBSERVED) - {f"{name}_value" for name in SERVICES} == {
        "land_area",
        "population",
        "gdp",
        "price_index",
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


@pytest.mark.parametrize("name", list_shipped_standards())
def test_every_shipped_standard_makes_a_plan(name: str) -> None:
    standard = load_standard(name)
    plan = make_plan(standard)
    assert set(plan.counted) == set(standard.choices)
    assert (set(standard.choices) | set(standard.excluded)) - set(OPEN_SERVICES) == set(SERVICES) - set(OPEN_SERVICES)
    assert plan.steps[-1].rule.id == "gep.total"


def test_no_number_in_rules_but_those_of_published_formulas() -> None:
    allowed = {
        0.0,
        1.0,
        2.0,
        1.63,
        1.19,
        1.2,
        2.67,
        0.73,
        44,
        12,
        72,
        162,
        32,
        109.8,
        150.71,
        -0.3711,
        0.1699,
        1.3711,
        1e4,
        5.256e15,
        600.0,
        # curve number and quickflow
        25400.0,
        254.0,
        0.2,
        -0.2,
        0.8,
        100.0,
        # respiration of soils
        0.0913,
        0.3145,
        0.22,
        30.0,
        0.465,
    }
    found = set()
    for path in (ROOT / "gep" / "rules").glob("*.py"):
        for node in nodes_in(path.read_text("utf-8")):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Constant", "ratio"}:
                found |= {ast.literal_eval(one) for one in node.args if not isinstance(ast.literal_eval(one), str)}
            if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):  # a bare number in a formula
                assert not any(
                    isinstance(side, ast.Constant) and isinstance(side.value, int | float) for side in (node.left, node.right)
                ), path
    assert found == allowed


def test_regions_are_whole() -> None:
    known = read_divisions()
    assert len(known) > 3300
    assert all(re.fullmatch(r"\d{6}", code) for code in known)
    assert sum(1 for one in known.values() if one.code.startswith("36") and one.level == "county") == 100
    assert find("崇义县")[0].code == find("Chongyi")[0].code == find("360725")[0].code == "360725"
    assert len(find("市中区")) > 1


def test_ecosystems_have_two_levels() -> None:
    known = read_ecosystems()
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
        assert "://" not in path.read_text("utf-8")


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


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#]+)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_the_map_of_the_house_has_the_rooms_in_their_order() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("## Rooms")[2].partition("## Inside")[0]
    named = [name.removesuffix("/").removesuffix(".py") for name in re.findall(r"\[([a-z]+(?:/|\.py))\]", table)]
    assert set(named) == set(RANK) - {"__main__"}
    assert [RANK[name] for name in named] == sorted(RANK[name] for name in named)
    for room, order in INSIDE.items():
        table = text.partition(f"## Inside `{room}/`")[2].partition("\n## ")[0]
        assert re.findall(r"\| \[([a-z]+)/\]", table) == order
