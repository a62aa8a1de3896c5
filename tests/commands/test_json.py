"""The keys that each command prints with `--format json` are those that docs/json.md lists, no more and no fewer."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import ROOT, Program
from kept_stores import JINXI, make_once
from two_hands import post

from gep.cli import main
from gep.store.saving import save
from gep.tasks.run import run_account

POOL = ("compensate", "jx-basin-pool", "2016", "--inputs", str(ROOT / "inputs/jiangxi-transfers-example/basin_pool.csv"))
COMMANDS = {
    "gep check": ("check", str(JINXI)),
    "gep show COUNTY": ("show", "361027", "2022"),
    "gep show PLACE": ("show", "361000", "2022"),
    "gep list": ("list",),
    "gep list --matrix": ("list", "--matrix"),
    "gep rank": ("rank", "江西省", "2022"),
    "gep neighbours": ("neighbours", "361027", "2022"),
    "gep trace": ("trace", "361027", "2022", "water_conservation"),
    "gep history": ("history", "361027", "2022"),
    "gep diff": ("diff", "2", "3"),
    "gep compare YEARS": ("compare", "361027", "2021", "2022"),
    "gep compare --standards": ("compare", "361027", "2022", "--standards", "ndrc-2022", "mee-2020"),
    "gep review": ("review", "361027", "2022"),
    "gep scenario": ("scenario", "361027", "2022", str(ROOT / "inputs/scenario-example/plan.yaml")),
    "gep uncertainty": ("uncertainty", "361027", "2022", "--draws", "200"),
    "gep verify --store": ("verify",),
    "gep standards": ("standards",),
    "gep standards diff A B": ("standards", "diff", "ndrc-2022", "mee-2020"),
    "gep standards show": ("standards", "show", "gbt46869-2025"),
    "gep standards check": ("standards", "check", str(ROOT / "gep/standards/ndrc-2022.yaml")),
    "gep rules": ("rules", "soil_retention"),
    "gep standards choose": ("standards", "choose"),
    "gep coefficients": ("coefficients",),
    "gep coefficients ID": ("coefficients", "runoff_coefficient"),
    "gep coefficients --gaps": ("coefficients", "--gaps"),
    "gep variables": ("variables",),
    "gep scheme list": ("scheme", "list"),
    "gep scheme show": ("scheme", "show", "jx-basin-pool"),
    "gep scheme check": ("scheme", "check", str(ROOT / "inputs/jiangxi-transfers-example/gep-pool.yaml")),
    "gep compensate": POOL,
    "gep transfers --list": ("transfers", "--list"),
    "gep query --list": ("query", "--list"),
    "gep query and gep transfers": ("query", "SELECT * FROM gep_account"),
    "gep indicators": ("indicators",),
    "gep indicators --list": ("indicators", "--list"),
    "gep encumber list": ("encumber", "list"),
}
WITHOUT_STORE = {"check", "standards", "rules", "coefficients", "variables", "scheme", "indicators"}


@pytest.fixture(scope="module")
def store(two_years: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def fill(folder: Path) -> None:
        path = Path(shutil.copy(two_years, folder / "gep.duckdb"))
        save(run_account([JINXI], price_year=2021), path)
        save(run_account([JINXI], price_year=2020, standard="mee-2020"), path)

    return make_once(tmp_path_factory, "json", fill) / "gep.duckdb"


@pytest.mark.parametrize("heading", COMMANDS)
def test_the_keys_printed_are_those_documented(heading: str, store: Path) -> None:
    arguments = COMMANDS[heading]
    kept = () if arguments[0] in WITHOUT_STORE else ("--store", str(store))
    hold(heading, printed(*arguments, *kept))


def test_keys_of_a_run_a_certificate_a_transfer_and_a_refusal(store: Path, tmp_path: Path) -> None:
    new = str(tmp_path / "new.duckdb")
    hold("gep run", printed("run", str(JINXI), "--price-year", "2020", "--store", new, "--lang", "zh"))
    CliRunner().invoke(main, ["certificate", "361027", "2022", "--store", str(store), "-o", str(tmp_path / "c.json")])
    hold("gep verify", printed("verify", str(tmp_path / "c.json")))
    post(Program(new), *POOL)
    hold("gep query and gep transfers", printed("transfers", "--store", new))
    hold("Refusals", printed("verify", str(tmp_path / "none.json"), code=2))


def test_every_command_of_the_document_is_run() -> None:
    told = {heading for heading in sections() if heading.startswith("gep ")}
    assert told == {*COMMANDS, "gep run", "gep verify"}


def printed(*arguments: str, code: int = 0) -> Any:
    """Return what a command prints as JSON; NaN and infinity are refused."""
    if code:
        from conftest import Program

        text = Program("")(*arguments, "--format", "json", code=code).stderr
    else:
        done = CliRunner().invoke(main, [*arguments, "--format", "json"])
        assert done.exit_code == 0, done.output
        text = done.stdout

    def refuse(name: str) -> None:
        raise AssertionError(name)

    return json.loads(text, parse_constant=refuse)


def hold(heading: str, found: Any) -> None:
    """Hold the paths of a value against a section; an empty list or a null stands for all that could lie below it."""
    told, paths = expand(heading), set(walk(found))
    patterns = [re.compile(as_pattern(path)) for path, _ in told]
    unknown = {
        path
        for path in paths
        if not any(one.fullmatch(path) for one in patterns) and not any(below(path, key) for key, _ in told)
    }
    assert not unknown
    lacking = {
        key
        for (key, needed), one in zip(told, patterns, strict=True)
        if needed and not any(one.fullmatch(path) or below(path, key) for path in paths)
    }
    assert not lacking


def below(path: str, key: str) -> bool:
    return key.startswith((f"{path}.", f"{path}["))


def as_pattern(path: str) -> str:
    return re.escape(path).replace(r"\*\*", ".*").replace(r"\*", ".+")


def walk(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from walk(one, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        if not value:
            yield f"{path}[]"
        for one in value:
            yield from walk(one, f"{path}[]")
    else:
        yield path


@cache
def sections() -> dict[str, str]:
    """Return the text below each heading of the document."""
    parts = re.split(r"^#+ (.+)$", (ROOT / "docs/json.md").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def expand(heading: str) -> list[tuple[str, bool]]:
    """Return each path of a section and whether it is always printed."""
    paths: list[tuple[str, bool]] = []
    for line in sections()[heading].splitlines():
        cell = line.partition(" — ")[0] if line.startswith("- `") else ""
        block = re.search(r"→ (\w+)", cell)
        for written, optional in re.findall(r"`([^`]+)`(\??)", cell):
            for path in braces(written):
                needed = not optional and not path.endswith("?")
                if block is None:
                    paths.append((path.rstrip("?"), needed))
                    continue
                head = "" if path == "." else f"{path}."
                paths += [(f"{head}{key}", needed and of) for key, of in expand(block[1])]
    return paths


def braces(written: str) -> list[str]:
    """Return the paths that `a.{b, c}` stands for."""
    head, opened, rest = written.partition("{")
    if not opened:
        return [written]
    inner = rest.rpartition("}")[0]
    parts = re.split(r", (?![^{]*\})", inner)
    return [path for part in parts for path in braces(head + part)]
