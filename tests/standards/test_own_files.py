"""A standard in a file of one's own is found by its file wherever its key is."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Program
from kept_stores import JINXI

from gep.standards.standard import load_standard

OWN = """id: jinxi-2024
title: {zh: 金溪试行办法, en: Trial rules of Jinxi}
source: this-project
mark: K
extends: ndrc-2022
services: {}
"""


@pytest.fixture
def own(gep: Program, tmp_path: Path) -> Path:
    path = tmp_path / "standards" / "own.yaml"
    path.parent.mkdir()
    path.write_text(OWN, "utf-8")
    gep("run", str(JINXI), "--standard", str(path), "--store", gep.store)
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("show", "361027", "2022"),
        ("show", "361000", "2022"),
        ("rank", "361000", "2022"),
        ("neighbours", "361027", "2022"),
        ("list", "--matrix", "--place", "361000"),
        ("history", "361027", "2022"),
        ("trace", "361027", "2022", "water_conservation"),
        ("review", "361027", "2022"),
    ],
)
def test_a_file_is_found_wherever_its_id_is(gep: Program, own: Path, command: tuple[str, ...]) -> None:
    by_id = gep(*command, "--standard", load_standard(str(own)).key, "--store", gep.store).stdout
    assert gep(*command, "--standard", str(own), "--store", gep.store).stdout == by_id
    assert by_id


def test_all_reports_of_a_file_are_written(gep: Program, own: Path, tmp_path: Path) -> None:
    gep(
        "report",
        "--all",
        "2022",
        "--standard",
        str(own),
        "--store",
        gep.store,
        "-o",
        str(tmp_path / "reports"),
        "--format",
        "html",
    )
    assert [path.suffix for path in (tmp_path / "reports").iterdir() if "361027" in path.name] == [".html"]
