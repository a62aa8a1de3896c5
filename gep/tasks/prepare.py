"""Makes the workbooks of a county and year: one, or one a department, with last year's figures beside the empty cells if wanted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from gep.coefficients.tables import add_rows, read_tables
from gep.files.writing import write_file
from gep.inputs.workbook.layout import SEPARATOR, list_entries, read_texts, show_member
from gep.inputs.workbook.write import write_workbook
from gep.messages.problems import refuse_one
from gep.messages.texts import Name, say
from gep.paths import COEFFICIENTS as FOLDER
from gep.reference.regions import look_up_division
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.plan import make_plan
from gep.standards.standard import DEFAULT, load_standard
from gep.store.inputs import list_figures

if TYPE_CHECKING:
    from collections.abc import Callable

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
) -> list[Path]:
    """Write the workbooks of a county and year and return where they are.

    Parameters
    ----------
    county : six-digit code, or a name in Chinese or English
    standard : id of a shipped standard or path of a YAML file; None: the default
    output : file, or folder with `departments`; None: outputs/CODE-YEAR
    store : where last year's figures are taken from; None: none are shown
    departments : a workbook a department, instead of one
    tell : is told, in a sentence, where the store has no figures of the year before

    Raises
    ------
    Problems : no such county, several of the name, one file for several departments, or a place that cannot be written
    """
    region = look_up_division(county, level="county")
    chosen = load_standard(standard or DEFAULT)
    plan = make_plan(chosen)
    tables = add_rows(read_tables(FOLDER, COEFFICIENTS), chosen.own_rows)
    last = _last_year(store, region.code, year) if store is not None else None
    if last is not None and not last:
        tell(
            say(
                "the store has no account of {county} {name} for {year}: last year's figures stay empty",
                county=region.code,
                name=Name(region.name_en, region.name_zh),
                year=year - 1,
            )
        )
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
        sheets = [*list_entries(plan), read_texts()["sheets"]["coefficients"]]
        parts = [(folder / f"{region.code}-{year}-{name}.xlsx", [name]) for name in sheets]
    for path, names in parts:
        content = BytesIO()  # a disk that fills up stops the writing of a file, not a writer in the middle of its archive
        write_workbook(content, plan, tables, region, year, departments=names, last=last)
        write_file(path, content.getvalue(), "workbook")
    return [path for path, _ in parts]


def _last_year(store: Store, county: str, year: int) -> dict[tuple[str, str], float]:
    """Return the figures of the newest account of the year before, by variable and member as shown."""
    found = {}
    with store:
        figures = list_figures(store, county, year - 1)
    for one in figures:
        shown = SEPARATOR.join(show_member(name) for name in (one.ecosystem, one.pollutant, one.product) if name)
        found[one.variable, shown] = float(one.value)
        if not shown:
            found[one.variable, str(read_texts()["whole"])] = float(one.value)
    return found
