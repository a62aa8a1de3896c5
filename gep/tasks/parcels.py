"""`gep assets vep`, `quota`, `lots` and `sales`: what is certified, and what the register holds of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gep.assets.lots import Lot, make_lot, read_lots, read_sales
from gep.assets.parcel import KEYS, Parcel, make_parcel, read_parcel
from gep.assets.proof import HASH, read_sealed, seal
from gep.assets.quota import UNIT, Held, Key, Ledger, Plot, PlotSale, exact_area, make_ledger, read_plot_sales, read_plots
from gep.encumbrance.entries import PARCEL, SERVICE, SOLD, Entry, Subject, find_peak
from gep.encumbrance.register import ServiceSale, add, add_all, add_services, find_entries, group_by_subject, list_quantities
from gep.encumbrance.written import check_words, find_county_code, normalise_identity
from gep.files.writing import write_file
from gep.files.yaml_lines import parse_typed_document
from gep.messages.plain import write_json_text
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import say
from gep.paths import print_path
from gep.store.signing import APPROVED, read_state
from gep.store.walk import refuse_forged
from gep.worked.written import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from gep.store.keys import AccountKey
    from gep.store.store import Store

VEP = "VEP"


def find_vep(document: Path, certificate: Path | None = None) -> Parcel:
    """Return the VEP of a parcel, and write it as a file that proves itself.

    Parameters
    ----------
    certificate : file to write; None: none

    Raises
    ------
    Problems : what is wrong in the document, or the file cannot be written
    """
    found = read_parcel(document)
    if certificate is not None:
        content = seal({**found.as_dict(), "document": found.text, "file": print_path(document)})
        write_file(certificate, (write_json_text(content) + "\n").encode(), "certificate")
    return found


def verify_vep(certificate: Path) -> tuple[Parcel, str]:
    """Return the VEP of a certificate computed again from the document in it, and the certificate's hash.

    Raises
    ------
    Problems : a content without its hash, or numbers that do not follow from the document
    """
    content = read_sealed(certificate, VEP)
    shown = str(content["file"])
    document = parse_typed_document(
        str(content["document"]), shown, say("the file holds no VEP"), say("a map with {keys}", keys=KEYS)
    )
    found = make_parcel(document)
    again = seal({**found.as_dict(), "document": found.text, "file": shown})
    if again[HASH] != content[HASH]:
        told = say("what the certificate says does not follow from its document")
        refuse_one(print_path(certificate), told, say("the file as it was written"))
    return found, str(content[HASH])


def register_vep(
    store: Path, certificate: Path, kind: str, period: tuple[date, date | None], party: str, paper: str
) -> tuple[Parcel, Entry]:
    """Enter the parcel of a certificate in the register; the entry keeps the certificate's hash.

    Parameters
    ----------
    store  : file of the store
    kind   : sold, pledged or compensated
    period : first and last day, both included; None: without end
    party, paper : for whom, by which contract

    Raises
    ------
    Problems : a certificate that does not prove itself, an unknown county, or a parcel that is held already
    """
    check_words(party, paper)
    found, sha256 = verify_vep(certificate)
    subject = Subject(PARCEL, county=find_county_code(found.county), parcel=normalise_identity(found.number))
    note = f"VEP {found.meaning} sha256 {sha256}"
    return found, add(store, Entry(0, kind, subject, *period, party.strip(), paper.strip(), note))


def find_ledger(store: Store, plots: Path) -> Ledger:
    """Return the quota ledger of a table of plots: what the register says is sold, and what remains.

    Raises
    ------
    Problems : what is wrong in the table
    """
    return _make_ledger(store, _read_plots(plots))


def sell_plots(store: Store, plots: Path, sales: Path) -> Ledger:
    """Enter sales of plots in the register, all or none, and return the ledger after them.

    Raises
    ------
    Problems : what is wrong in the tables, a plot that is not accepted yet, more of one than is left, or a plot that is held already
    """
    known = _read_plots(plots)
    reader = Reader()
    sold = read_plot_sales(sales, {one.key: one for one in known}, reader)
    reader.refuse()
    add_all(store.path, [(one.row, _make_sale(one)) for one in sold])
    return _make_ledger(store, known)


def _read_plots(table: Path) -> list[Plot]:
    reader = Reader()
    found = read_plots(table, reader)
    reader.refuse()
    return found


def _make_sale(one: PlotSale) -> Entry:
    subject = Subject(PARCEL, county=one.plot.county, parcel=one.plot.number)
    area = one.plot.area.value if one.part is None else float(one.part)
    if one.part is not None:
        whole = float(exact_area(one.plot))
        subject = replace(subject, held_quantity=one.part, quantity_unit=UNIT, account_quantity=whole)
    note = f"quota {one.plot.grade} {area!r} hm^2; {one.project}"
    return Entry(0, SOLD, subject, one.day, None, one.buyer, one.paper, note)


def _make_ledger(store: Store, plots: Sequence[Plot]) -> Ledger:
    entries: list[Entry] = []
    if store.path.exists():
        with store:
            refuse_forged(store.connection, store.path)
            entries = [one for one in find_entries(store) if one.subject.kind == PARCEL]
    held: dict[Key, list[Held]] = {}
    for one in entries:
        if one.until is None or one.until >= one.starts:
            key = (one.subject.county or "", one.subject.parcel or "")
            entry = Held(one.number, one.kind, one.party, one.starts, one.until, one.document, one.subject.held_quantity)
            held.setdefault(key, []).append(entry)
    return make_ledger(plots, {key: tuple(entries) for key, entries in held.items()})


def find_lots(store: Store, key: AccountKey, services: Sequence[str] = (), target: Path | None = None) -> list[Lot]:
    """Return the lots of an approved account: each line's quantity, what is held of it and what is free, with hashes.

    Parameters
    ----------
    services : ids; none: all with a quantity
    target   : JSON file to write; None: none

    Raises
    ------
    Problems : an account that is not approved, or a service without a quantity
    """
    with store:
        state = read_state(store, key)
        if state.state != APPROVED or state.hash_matches is False:
            refuse_one(
                "COUNTY",
                say(
                    "the account of {county} for {year} is not approved, or not what was approved",
                    county=key.county,
                    year=key.year,
                ),
                say("an approved account"),
            )
        subjects = [one for one in list_quantities(store, key) if not services or one.service in services]
        refuse_forged(store.connection, store.path)
        entries = group_by_subject(one for one in find_entries(store) if one.subject.kind == SERVICE)
        head = store.head().sha256
    if not subjects:
        refuse_one(
            "--service",
            say("the account of {county} for {year} has no such quantity", county=key.county, year=key.year),
            say("a service with a quantity"),
        )
    found = []
    for subject in subjects:
        same = entries.get(subject.key, [])
        held = find_peak(min(one.starts for one in same), None, same)[0] if same else None
        found.append(make_lot(subject, held, [one.number for one in same], state.signed_sha256 or "", head))
    if target is not None:
        write_file(
            target, (write_json_text(seal({"kind": "lots", "lots": [one.as_dict() for one in found]})) + "\n").encode(), "lots"
        )
    return found


def enter_sales(store: Path, lots: Path, sales: Path) -> list[Entry]:
    """Enter a platform's sales of lots in the register, all or none, and return the entries.

    Parameters
    ----------
    store : file of the store
    lots  : the file that `find_lots` wrote, as the platform got it
    sales : table with the columns lot, sale, buyer, quantity, unit, day, document

    Raises
    ------
    Problems : lots that were changed, a sale of an unknown lot, one that was entered before, or more than is left
    """
    known = read_lots(lots)
    reader = Reader()
    sold = read_sales(sales, known, reader)
    reader.refuse()
    _refuse_known(store, [(one.note, one.row) for one in sold])
    wanted = [
        (
            one.row,
            ServiceSale(
                Entry(0, SOLD, Subject(SERVICE), one.day, None, one.buyer, one.paper, one.note),
                one.lot["county"],
                one.lot["year"],
                one.lot["line"],
                one.lot["pollutant"] or one.lot["item"] or "",
                one.lot["standard"],
                one.quantity,
            ),
        )
        for one in sold
    ]
    return add_services(store, wanted)


def _refuse_known(store: Path, notes: Sequence[tuple[str, tuple[str, int]]]) -> None:
    """Refuse sales whose number stands in the register already."""
    from gep.encumbrance.register import list_entries

    if not store.exists():
        return
    entries: dict[str, Any] = {one.note: one for one in list_entries(store, None, None)[0] if one.released_by is None}
    refuse(
        [
            Problem(
                file,
                line,
                say("the sale was entered before, as entry {number}", number=entries[note].number),
                say("each sale once"),
            )
            for note, (file, line) in notes
            if note in entries
        ]
    )
