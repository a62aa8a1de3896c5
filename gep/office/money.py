"""Money on the platform: files that were uploaded are computed, and what `gep.tasks.two_people` does is noted in the journal."""

from __future__ import annotations

import base64
import binascii
import json
import re
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from gep.compensation.facts import Facts, read_facts
from gep.compensation.reading import list_scheme_ids
from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.office.journal import note_act
from gep.store.two_people import BOOK, PAY, REVERSE
from gep.tasks import compensate as tasks
from gep.tasks import two_people as desk
from gep.tasks.scores import add_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gep.compensation.checked import CheckedScheme
    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.store.store import Store
    from gep.store.two_people import Prepared

TABLES, SCHEMES = {".csv", ".parquet"}, {".yaml", ".yml"}


def compute_scheme(
    store: Store, scheme: str, year: int, files: Mapping[str, bytes], what_if: Iterable[str] = ()
) -> tasks.Compensation:
    """Compute a scheme from files that were uploaded; nothing is booked.

    Parameters
    ----------
    store   : without a keeper, or inside `Store.alone`
    scheme  : id of a shipped scheme; a document among the files takes its place
    files   : name → content of tables of facts and of figures of indicators, which their heads tell apart, and at most one
              document that extends a shipped scheme
    what_if : suppositions, as `gep compensate --what-if` takes them

    Raises
    ------
    Problems : an unknown scheme, a file of another kind, and everything that `gep compensate` refuses
    """
    if Path(scheme).suffix.lower() in SCHEMES:
        refuse_one("SCHEME", say("there is no scheme {name!r}", name=scheme), ", ".join(list_scheme_ids()))
    with _unpack(files) as folder:
        own = [path for path in folder.iterdir() if path.suffix in SCHEMES]
        tables = sorted(path for path in folder.iterdir() if path.suffix in TABLES)
        figures = [path for path in tables if _is_of_indicators(path)]
        tables = [path for path in tables if path not in figures]
        named = str(own[0]) if own else scheme
        facts = read_facts(tables) if tables else Facts({}, "") if figures else None
        if figures and facts is not None:
            facts = add_scores(tasks.find_scheme_of(store, named, year), facts, year, figures, store)
        return tasks.compensate(store, named, year, _strip(facts, folder) if facts is not None else (), what_if)


def register_scheme(
    office: Office, store: Store, ready: CheckedScheme, person: Person, reason: str = "", address: str = ""
) -> int:
    """Register a scheme so that it may post, and return its number.

    Raises
    ------
    Problems : as `gep scheme register`
    """
    made = desk.register(store, ready, person.shown, reason)
    _note(office, person, address, "scheme registered", f"{made.scheme} {made.scheme_version}", made.scheme_sha256[:16])
    return made.registration


def prepare_transfer(
    office: Office,
    store: Store,
    scheme: str,
    year: int,
    files: Mapping[str, bytes],
    person: Person,
    reason: str = "",
    despite: str = "",
    address: str = "",
) -> int:
    """Keep a computation for another person to confirm, and return its number; nothing is booked.

    Parameters
    ----------
    reason, despite : as `gep compensate --post` takes them

    Raises
    ------
    Problems : what `compute_scheme` and `gep compensate --post` refuse
    """
    found = desk.prepare_booking(store, compute_scheme(store, scheme, year, files), person.shown, reason, despite, person.name)
    return _note_prepared(office, found, person, address)


def prepare_reversal(office: Office, store: Store, run: int, person: Person, reason: str, address: str = "") -> int:
    """Keep a wish to take a booked run back, for another person to confirm, and return its number.

    Raises
    ------
    Problems : as `gep transfers --reverse`
    """
    return _note_prepared(office, desk.prepare_reversal(store, run, reason, person.shown, person.name), person, address)


def prepare_payments(
    office: Office, store: Store, path: Path, person: Person, address: str = ""
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Keep payments of a table for another person to confirm; return their number, and the vouchers that were not paid.

    Raises
    ------
    Problems : as `gep transfers --paid`
    """
    made, undone = desk.prepare_payments(store, path, person.shown, person.name)
    return _note_prepared(office, made, person, address), undone


def confirm_transfer(office: Office, store: Store, number: int, person: Person, address: str = "") -> desk.Confirmed:
    """Store what another person prepared, as `gep.tasks.two_people.confirm` does.

    Raises
    ------
    Problems : as `gep transfers --confirm`
    """
    found = desk.find_prepared(store, number)
    made = desk.confirm(store, number, person.shown, person.name)
    act = {BOOK: "transfer confirmed", REVERSE: "transfer reversed", PAY: "payments recorded"}[made.act]
    result = f"run {made.run}" if made.run is not None else str(made.count)
    _note(office, person, address, act, f"{found.scheme} {found.year} #{number}".strip(), result)
    return made


def refuse_transfer(office: Office, store: Store, number: int, person: Person, note: str, address: str = "") -> None:
    """Turn down what was prepared; who prepared it may take it back so.

    Raises
    ------
    Problems : it is decided, or no note says why
    """
    desk.turn_down(store, number, person.shown, note, person.name)
    _note(office, person, address, "transfer refused", f"#{number}", note)


def pack_files(files: Mapping[str, bytes]) -> str:
    """Return files as one text, for the database and for a form."""
    return json.dumps({name: base64.b64encode(content).decode() for name, content in files.items()})


def unpack_files(text: str) -> dict[str, bytes]:
    """Return files that `pack_files` made a text of.

    Raises
    ------
    Problems : the text is no such thing
    """
    try:
        return {str(name): base64.b64decode(content, validate=True) for name, content in dict(json.loads(text or "{}")).items()}
    except (ValueError, TypeError, binascii.Error):
        refuse_one("FACTS", "the files that came with the form are damaged", "", "choose them again")


def _note_prepared(office: Office, found: Prepared, person: Person, address: str) -> int:
    thing = f"{found.scheme} {found.year} #{found.number}".strip()
    _note(office, person, address, f"{_PREPARED[found.act]} prepared", thing, f"{found.sha256[:16]} {found.reason}".strip())
    return found.number


_PREPARED = {BOOK: "transfer", REVERSE: "reversal", PAY: "payments"}


def _note(office: Office, person: Person, address: str, act: str, thing: str, result: str) -> None:
    with office.changing() as connection:
        note_act(connection, person.name, address, act, thing, result)


@contextmanager
def _unpack(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Give a folder with the files under plain names; problems inside speak of the names alone."""
    with tempfile.TemporaryDirectory(prefix="gep-facts-") as made:
        folder = Path(made)
        names: list[str] = []
        for name, content in files.items():
            plain = re.sub(r"[^\w.()-]", "_", name.replace("\\", "/").rpartition("/")[2])[-80:].lstrip(".")
            if Path(plain).suffix.lower() not in TABLES | SCHEMES:
                refuse_one(plain or name[:80], "the file is no table of facts and no scheme", "CSV, Parquet or YAML")
            plain = Path(plain).stem + Path(plain).suffix.lower()
            names.append(plain)
            (folder / plain).write_bytes(content)
        if sum(Path(name).suffix in SCHEMES for name in names) > 1 or len(set(names)) < len(names):
            refuse_one("FACTS", "there are two schemes, or two files of one name", "one scheme at most, and each file once")
        try:
            yield folder
        except Problems as problems:
            _refuse_without(problems, folder)


def _refuse_without(problems: Problems, folder: Path) -> NoReturn:
    """Refuse the same, without the folder in the names of files.

    Raises
    ------
    Problems : always
    """
    raise Problems([replace(one, file=str(one.file).replace(f"{folder}/", "")) for one in problems.problems]) from None


def _is_of_indicators(path: Path) -> bool:
    """Return whether a table has the heads of figures of indicators: a year, and neither period nor status, as facts have."""
    if path.suffix == ".parquet":
        try:
            heads = set(pq.read_schema(path).names)
        except (pa.ArrowInvalid, OSError):  # told when it is read
            return False
    else:
        text = path.read_bytes()[:2000].decode("utf-8-sig", errors="replace")
        heads = {head.strip(' "').lower() for head in re.split(r"[,;\t]", next(iter(text.splitlines()), ""))}
    return {"year", "indicator", "place"} <= heads and not heads & {"period", "status"}


def _strip(facts: Facts, folder: Path) -> Facts:
    """Return facts whose files, and what they were computed from, have their names alone."""
    rows = {
        indicator: {
            key: one._replace(file=one.file.replace(f"{folder}/", ""), source=one.source.replace(f"{folder}/", ""))
            for key, one in found.items()
        }
        for indicator, found in facts.rows.items()
    }
    return Facts(rows, facts.sha256)
