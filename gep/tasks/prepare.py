"""Makes the workbooks of a county and year: one, or one a department, with what last year's account held if wanted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gep.coefficients.shipped import read_shipped_tables
from gep.coefficients.tables import add_rows
from gep.files.writing import write_file
from gep.inputs.workbook.last_year import arrange
from gep.inputs.workbook.layout import list_entries, read_texts
from gep.inputs.workbook.write import write_workbook
from gep.messages.problems import refuse_one
from gep.messages.texts import Name, say
from gep.reference.periods import find_before
from gep.reference.regions import COUNTRY, list_counties_within, look_up_division, means_the_nation
from gep.standards.plan import make_plan
from gep.standards.standard import DEFAULT, list_shipped_standards, load_standard
from gep.store.inputs import read_given_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from gep.inputs.given import GivenAccount
    from gep.inputs.workbook.last_year import LastYear
    from gep.reference.regions import Region
    from gep.standards.plan import Plan
    from gep.store.store import Store


def write_forms(
    county: str,
    year: int,
    standard: str | None,
    output: Path | None,
    store: Store | None,
    *,
    departments: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    alone: bool = False,
) -> list[Path]:
    """Write the workbooks of a county and year and return where they are.

    Parameters
    ----------
    county : six-digit code, or a name in Chinese or English; of a city or province: a workbook for each of its counties
    standard : id of a shipped standard or path of a YAML file; None: that of last year's account, else the default
    output : file, or folder with `departments` or for a city or province; None: outputs/CODE-YEAR
    store : where last year's account is taken from: its figures stand beside the empty cells, own coefficients, prices, index rows
        and answers of 适用性 are filled in again; None: nothing is
    departments : a workbook a department, instead of one
    alone : of a city, a province or the nation one workbook, for an account of its own
    tell : is told, in a sentence, what was kept, or that the store has nothing of the year before

    Raises
    ------
    Problems : no such county, several of the name, one file for several departments, or a place that cannot be written
    """
    if store is not None:
        store.know_units()
    place = COUNTRY if means_the_nation(county) else look_up_division(county, year=year)
    if alone or place.level not in {"nation", "province", "prefecture"}:
        return _write_forms(place, year, standard, output, store, departments=departments, tell=tell, plans={})
    folder = output or Path("outputs") / f"{place.code}-{year}"
    if folder.suffix:
        refuse_one(str(folder), say("{place} has many counties, a workbook each", place=place.name_zh), "a folder")
    written: list[Path] = []
    plans: dict[str, Plan] = {}
    for region in list_counties_within("" if place.level == "nation" else place.code):
        target = folder / f"{region.code}-{year}" if departments else folder
        written += _write_forms(region, year, standard, target, store, departments=departments, tell=tell, plans=plans)
    return written


def _write_forms(
    region: Region,
    year: int,
    standard: str | None,
    output: Path | None,
    store: Store | None,
    *,
    departments: bool,
    tell: Callable[[str], None],
    plans: dict[str, Plan],
) -> list[Path]:
    """Write the workbooks of one county; parameters as of `write_forms`, and the plans of standards that were made before."""
    before = _read_last_year(store, region.code, year, standard) if store is not None else None
    if store is not None and before is None:
        tell(
            say(
                "the store has no account of {county} {name} for {year}: last year's figures stay empty",
                county=region.code,
                name=Name(region.name_en, region.name_zh),
                year=find_before(year),
            )
        )
    chosen = load_standard(standard or _keep_standard(before, tell))
    plan = plans.get(chosen.key) or plans.setdefault(chosen.key, make_plan(chosen))
    tables = add_rows(read_shipped_tables(), chosen.own_rows)
    last = arrange(before, plan) if before is not None else None
    if last is not None:
        _tell_what_is_kept(last, tell)
    stem = Path("outputs") / f"{region.code}-{year}"
    if not departments:
        target = output or stem.with_suffix(".xlsx")
        if target.suffix.lower() != ".xlsx":
            target = target / stem.with_suffix(".xlsx").name
        parts: list[tuple[Path, list[str] | None]] = [(target, None)]
    else:
        folder = output or stem
        if folder.suffix:
            refuse_one(str(folder), "--departments writes several files", "a folder")
        sheets = [*list_entries(plan, region.code, year), read_texts()["sheets"]["coefficients"]]
        parts = [(folder / f"{region.code}-{year}-{name}.xlsx", [name]) for name in sheets]
    for path, names in parts:
        content = BytesIO()  # a disk that fills up stops the writing of a file, not a writer in the middle of its archive
        write_workbook(content, plan, tables, region, year, departments=names, last=last)
        write_file(path, content.getvalue(), "workbook")
    return [path for path, _ in parts]


def _read_last_year(store: Store, county: str, year: int, standard: str | None) -> GivenAccount | None:
    key = load_standard(standard).key if standard else None
    with store:
        return read_given_account(store, county, find_before(year), key)


def _keep_standard(before: GivenAccount | None, tell: Callable[[str], None]) -> str:
    """Return the standard of last year's account; of a standard of the user's own only its file is a form, which --standard names."""
    if before is None or before.standard == DEFAULT:
        return DEFAULT
    if before.standard in list_shipped_standards():
        tell(say("standard {name} kept from {year} (--standard names another)", name=before.standard, year=before.year))
        return before.standard
    text = "the account of {year} is kept under {name}; the form is of {standard} (--standard FILE names your own)"
    tell(say(text, year=before.year, name=before.standard, standard=DEFAULT))
    return DEFAULT


def _tell_what_is_kept(last: LastYear, tell: Callable[[str], None]) -> None:
    kept = last.list_kept()
    if kept or last.answers:
        text = "filled in as in {year}: {rows} of the county's own coefficients, prices and index rows, {answers} answers on the sheet {sheet}; look whether they still hold"
        sheet = str(read_texts()["sheets"]["applicability"])
        tell(say(text, year=last.year, rows=len(kept), answers=len(last.answers), sheet=sheet))
