"""The catalogue of products of a place and the alerts of its watched series, for a page; forms and series that are sent are entered as by `gep products`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gep.messages.problems import refuse_one
from gep.office.held import hold_files
from gep.office.journal import note_act
from gep.store.products import list_alerts, read_kept_catalogue
from gep.store.series import list_points
from gep.store.store import Store
from gep.tasks.products import find_kept_watch, keep_products, keep_watch, make_form
from gep.tasks.series import keep_series, make_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.products.series import Series
    from gep.store.products import KeptAlert, KeptProduct

DOCUMENTS = (".yaml", ".yml")


@dataclass(frozen=True)
class ProductPage:
    """The newest edition of the catalogue of a county and year (0: there is none), who entered it, and the county's alerts and series.

    Attributes
    ----------
    alerts : those on periods of the year first
    """

    edition: int
    who: str
    products: tuple[KeptProduct, ...]
    alerts: tuple[KeptAlert, ...]
    series: tuple[Series, ...] = ()


def read_products(store: Store, county: str, year: int) -> ProductPage:
    """Return what the store holds of the products and alerts of a county."""
    if not store.exists:
        return ProductPage(0, "", (), ())

    def read() -> ProductPage:
        with store:
            edition, who, products = read_kept_catalogue(store, county, year)
            alerts = sorted(list_alerts(store, county), key=lambda one: not one.period.startswith(f"{year:04}"))
            return ProductPage(edition, who, tuple(products), tuple(alerts), tuple(make_series(list_points(store, county))))

    return store.remember(("products", county, year), read)


def write_product_form(county: str, year: int) -> bytes:
    """Return the empty survey form of a county and year as a workbook.

    Raises
    ------
    Problems : an unknown county
    """
    with TemporaryDirectory() as folder:
        target = Path(folder) / "form.xlsx"
        make_form(county, year, target)
        return target.read_bytes()


def enter_products(
    office: Office, store: Path, county: str, year: int, files: Sequence[tuple[str, bytes]], person: Person, address: str
) -> tuple[int, int]:
    """Enter a filled form as the newest edition of a catalogue, and return its number and how many products it has.

    Parameters
    ----------
    store : path of the store, which nobody else has open

    Raises
    ------
    Problems : no file, or everything that is wrong in it
    """
    if not files:
        refuse_one("FILE", "no file was chosen", "the filled form")
    with hold_files(files) as paths:
        edition, found = keep_products(store, county, year, paths, person.shown)
    _note(office, person, address, "products entered", f"{county} {year}", f"{edition}: {len(found)}")
    return edition, len(found)


def enter_watch(
    office: Office, store: Path, county: str, files: Sequence[tuple[str, bytes]], reason: str, person: Person, address: str
) -> tuple[int, int, int]:
    """Enter reports of series; with a document of thresholds hold all series kept against it as of today and enter the alerts.

    Parameters
    ----------
    store  : path of the store, which nobody else has open
    files  : tables of series, a document of thresholds (.yaml), or both
    reason : why figures differ from those kept

    Returns
    -------
    how many reports are new, how many thresholds are passed, and how many of these for the first time

    Raises
    ------
    Problems : no file, two documents, or everything that is wrong in them
    """
    documents = [name for name, _ in files if name.lower().endswith(DOCUMENTS)]
    if not files or len(documents) > 1:
        refuse_one("FILE", "the series or the thresholds are missing", "a table of series, or a document of thresholds (.yaml)")
    with hold_files(files) as paths:
        thresholds = [path for path in paths if path.name.lower().endswith(DOCUMENTS)]
        series = [path for path in paths if path not in thresholds]
        if thresholds:
            today = datetime.now().astimezone().date()
            found = find_kept_watch(Store(store), county, series, thresholds[0], today, correct=bool(reason.strip()))
            reports, new = keep_watch(store, county, found, person.shown, reason)
            passed = len(found.alerts)
        else:
            reports, _ = keep_series(store, county, series, person.shown, reason)
            passed = new = 0
    if series:
        _note(office, person, address, "series kept", county, str(reports))
    if thresholds:
        _note(office, person, address, "series watched", county, f"{passed}: {new}")
    return reports, passed, new


def _note(office: Office, person: Person, address: str, act: str, thing: str, result: str) -> None:
    with office.changing() as connection:
        note_act(connection, person.name, address, act, thing, result)
