"""The standard of a store: why the default is what it is, and a choice that is kept beside the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from openpyxl import load_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Program


def test_the_default_says_why_and_what_is_not_known(gep: Program) -> None:
    found = json.loads(gep("standards", "choose", "--store", gep.store, "--format", "json").stdout)
    assert (found["standard"], found["kept"]) == ("ndrc-2022", False)
    assert "GB/T 46869-2025" in gep("--lang", "zh", "standards", "choose", "--store", gep.store).stdout
    said = " ".join(gep("--lang", "en", "standards", "choose", "--store", gep.store).stdout.split())
    assert "Not known: its whole list" in said


def test_a_choice_is_kept_for_a_store_and_used(gep: Program, tmp_path: Path) -> None:
    gep("standards", "choose", "mee-2020", "--store", gep.store)
    assert json.loads(gep("standards", "choose", "--store", gep.store, "--format", "json").stdout)["kept"]
    gep("new", "361027", "2023", "--store", gep.store, "-o", str(tmp_path / "form.xlsx"))
    cover = load_workbook(tmp_path / "form.xlsx")["封面"]
    assert "mee-2020" in {cell.value for row in cover.iter_rows() for cell in row}
    table = tmp_path / "x.csv"
    table.write_text("county,year,variable,product,value,unit,source\n361027,2022,agricultural_output,粮食,5,t,s\n", "utf-8")
    done = gep("run", str(table), "--store", gep.store, "--lang", "en")
    assert "mee-2020, as chosen for this store" in done.stderr
    other = gep("run", str(table), "--store", gep.store, "--standard", "ndrc-2022", "--lang", "en")
    assert "as chosen" not in other.stderr


def test_an_unknown_standard_is_not_kept(gep: Program) -> None:
    gep("standards", "choose", "nonesuch", "--store", gep.store, code=2)
    assert not json.loads(gep("standards", "choose", "--store", gep.store, "--format", "json").stdout)["kept"]
