"""Money by two people: one prepares the computation of a scheme, another confirms it, and only then it is booked."""

from __future__ import annotations

import base64
import binascii
import json
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gep.compensation.facts import Facts, read_facts
from gep.compensation.reading import list_scheme_ids
from gep.messages.problems import Problems, refuse_one
from gep.messages.texts import say
from gep.office.journal import note_act, now
from gep.tasks import compensate as tasks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from gep.office.database import Office
    from gep.office.rights import Person
    from gep.store.store import Store

CONFIRMED, REFUSED = "confirmed", "refused"
REVERSAL = "reversal"
"""Stands in the column of the hash where a booked run is to be taken back."""
TABLES, SCHEMES = {".csv", ".parquet"}, {".yaml", ".yml"}


@dataclass(frozen=True)
class Prepared:
    """What somebody prepared, and what became of it.

    Attributes
    ----------
    scheme : id; of a reversal the scheme of the run
    sha256 : hash of the result that was looked at; `reversal` where `run` is to be taken back
    amount : sum of all postings, in fen
    facts  : file name → content
    decision : confirmed, refused, or empty while it waits
    run    : the transfer run that was booked, or the one that is to be taken back
    """

    number: int
    scheme: str
    year: int
    sha256: str
    postings: int
    amount: int
    facts: Mapping[str, bytes]
    reason: str
    despite: str
    person: str
    shown: str
    at: str
    decision: str = ""
    note: str = ""
    run: int | None = None
    decided_by: str = ""
    decided_at: str = ""


def compute_scheme(
    store: Store, scheme: str, year: int, files: Mapping[str, bytes], what_if: Iterable[str] = ()
) -> tasks.Compensation:
    """Compute a scheme from files that were uploaded; nothing is booked.

    Parameters
    ----------
    store   : without a keeper, or inside `Store.alone`
    scheme  : id of a shipped scheme; a document among the files takes its place
    files   : name → content of tables of facts, and at most one document that extends a shipped scheme
    what_if : suppositions, as `gep compensate --what-if` takes them

    Raises
    ------
    Problems : an unknown scheme, a file of another kind, and everything that `gep compensate` refuses
    """
    if scheme not in list_scheme_ids():
        refuse_one("SCHEME", say("there is no scheme {name!r}", name=scheme), ", ".join(list_scheme_ids()))
    with _unpack(files) as folder:
        own = [path for path in folder.iterdir() if path.suffix in SCHEMES]
        tables = sorted(path for path in folder.iterdir() if path.suffix in TABLES)
        facts = _strip(read_facts(tables), folder) if tables else None
        return tasks.compensate(store, str(own[0]) if own else scheme, year, facts if facts is not None else (), what_if)


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
    Problems : what `compute_scheme` refuses, or a result without postings
    """
    result = compute_scheme(store, scheme, year, files).base
    if not result.postings:
        refuse_one(
            "SCHEME",
            say("nobody pays anything in {id} {year}: there is nothing to book", id=scheme, year=year),
            "a run with postings",
        )
    amount = sum(one.fen for one in result.postings)
    return _keep(office, scheme, year, result.sha256, len(result.postings), amount, files, reason, despite, person, address)


def prepare_reversal(office: Office, scheme: str, year: int, run: int, person: Person, reason: str, address: str = "") -> int:
    """Keep a wish to take a booked run back, for another person to confirm, and return its number.

    Raises
    ------
    Problems : no reason is given
    """
    if not reason:
        refuse_one("REASON", "no reason is given", "why the run is taken back")
    return _keep(office, scheme, year, REVERSAL, run, 0, {}, reason, "", person, address)


def confirm_transfer(office: Office, store: Store, number: int, person: Person, address: str = "") -> int:
    """Book what another person prepared, computed again, and return the transfer run.

    Raises
    ------
    Problems : the same person prepared it, it is decided, it comes to other amounts now, or `gep compensate --post` refuses it
    """
    found = find_prepared(office, number)
    _refuse_decided(found)
    if found.person == person.name:
        refuse_one(
            "CONFIRM",
            say("{person} prepared this and cannot confirm it", person=found.shown),
            "another account of finance",
            "one prepares, another confirms",
        )
    if found.sha256 == REVERSAL:
        run = found.postings
        tasks.reverse(store, run, found.reason)
        act = "transfer reversed"
    else:
        computed = compute_scheme(store, found.scheme, found.year, found.facts)
        if computed.base.sha256 != found.sha256:
            refuse_one(
                "CONFIRM",
                "the computation comes to another result now than when it was prepared",
                say("the result {hash}", hash=found.sha256[:16]),
                "turn it down, and prepare it again",
            )
        run = tasks.book(store, computed.base, computed.facts, found.reason, found.despite).transfer_run
        act = "transfer confirmed"
    _decide(office, found, CONFIRMED, act, "", run, person, address)
    return run


def refuse_transfer(office: Office, number: int, person: Person, note: str, address: str = "") -> None:
    """Turn down what was prepared; who prepared it may take it back so.

    Raises
    ------
    Problems : it is decided, or no note says why
    """
    found = find_prepared(office, number)
    _refuse_decided(found)
    if not note:
        refuse_one("NOTE", "no note is given", "why it is turned down")
    _decide(office, found, REFUSED, "transfer refused", note, None, person, address)


def find_prepared(office: Office, number: int) -> Prepared:
    """Return what was prepared under a number.

    Raises
    ------
    Problems : there is no such number
    """
    rows = office.rows(f"{_QUESTION} WHERE p.prepared = ?", (number,))
    if not rows:
        refuse_one("NUMBER", say("nothing was prepared under number {number}", number=number))
    return _prepared(rows[0])


def list_prepared(office: Office, count: int = 50) -> list[Prepared]:
    """Return what was prepared, what waits first, then the newest."""
    return [
        _prepared(row) for row in office.rows(f"{_QUESTION} ORDER BY d.decision IS NOT NULL, p.prepared DESC LIMIT ?", (count,))
    ]


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


_QUESTION = (
    "SELECT p.*, d.decision, d.note, d.run, d.shown AS decided_by, d.at AS decided_at "
    "FROM prepared p LEFT JOIN decided d ON d.prepared = p.prepared"
)


def _prepared(row: sqlite3.Row) -> Prepared:
    decided = (row["decision"] or "", row["note"] or "", row["run"], row["decided_by"] or "", row["decided_at"] or "")
    return Prepared(
        row["prepared"],
        row["scheme"],
        row["year"],
        row["sha256"],
        row["postings"],
        row["amount"],
        unpack_files(row["facts"]),
        row["reason"],
        row["despite"],
        row["person"],
        row["shown"],
        row["at"],
        *decided,
    )


def _keep(
    office: Office,
    scheme: str,
    year: int,
    sha256: str,
    postings: int,
    amount: int,
    files: Mapping[str, bytes],
    reason: str,
    despite: str,
    person: Person,
    address: str,
) -> int:
    with office.changing() as connection:
        made = connection.execute(
            "INSERT INTO prepared (scheme, year, sha256, postings, amount, facts, reason, despite, person, shown, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (scheme, year, sha256, postings, amount, pack_files(files), reason, despite, person.name, person.shown, now()),
        )
        number = int(made.lastrowid or 0)
        note_act(
            connection, person.name, address, "transfer prepared", f"{scheme} {year} #{number}", f"{sha256[:16]} {reason}".strip()
        )
    return number


def _decide(
    office: Office, found: Prepared, decision: str, act: str, note: str, run: int | None, person: Person, address: str
) -> None:
    with office.changing() as connection:
        connection.execute(
            "INSERT INTO decided VALUES (?, ?, ?, ?, ?, ?, ?)",
            (found.number, decision, note, run, person.name, person.shown, now()),
        )
        result = f"run {run}" if run is not None else note
        note_act(connection, person.name, address, act, f"{found.scheme} {found.year} #{found.number}", result)


def _refuse_decided(found: Prepared) -> None:
    if found.decision:
        refuse_one(
            "NUMBER",
            say("number {number} was decided by {person} already", number=found.number, person=found.decided_by),
            "something that waits",
        )


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


def _strip(facts: Facts, folder: Path) -> Facts:
    """Return facts whose files have their names alone."""
    rows = {
        indicator: {key: replace(one, file=one.file.replace(f"{folder}/", "")) for key, one in found.items()}
        for indicator, found in facts.rows.items()
    }
    return Facts(rows, facts.sha256)
