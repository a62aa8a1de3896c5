"""Finds the version of a scheme that rules a year, and tells what is shipped."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.compensation.periods import find_span
from gep.compensation.reading import SCHEMES, describe_unknown_scheme, list_scheme_files, list_scheme_ids, read_scheme
from gep.files.written_names import fold_id
from gep.messages.problems import Problem, Problems, refuse_one
from gep.messages.texts import Joined, mark_word, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gep.compensation.checked import CheckedScheme


def find_scheme(name: str, year: int) -> CheckedScheme:
    """Return the version of a shipped scheme in force for a year, or the scheme in a file.

    Parameters
    ----------
    name : id, or path of a YAML file

    Raises
    ------
    Problems : no such scheme, no version or more than one for the year, a file that passes for a shipped scheme, or everything
               wrong in the file
    """
    if Path(name).suffix.lower() in {".yaml", ".yml"}:
        return _refuse_shipped_name(read_scheme(Path(name)), Path(name))
    versions = find_versions(name)
    if not versions:
        raise describe_unknown_scheme(name, list_scheme_ids())
    refuse_overlaps(versions)
    fitting = [one for one in versions if is_in_force(one, year)]
    if len(fitting) == 1:
        return fitting[0]
    has = Joined(
        (
            say(
                "{version} from {from_} to {to}",
                version=one.scheme.version,
                from_=one.scheme.effective.from_,
                to=one.scheme.effective.to or mark_word("today"),
            )
            for one in versions
        ),
        "; ",
        "；",
    )
    refuse_one(
        "SCHEME",
        say("no version of {name} is in force for {year}", name=name, year=year),
        say("a year of one of its versions: {has}", has=has),
    )


def _refuse_shipped_name(ready: CheckedScheme, path: Path) -> CheckedScheme:
    """Return a scheme of the user's own; refuse one under the id of a shipped scheme whose text is another."""
    named = fold_id(ready.scheme.id)
    if path.resolve().parent == SCHEMES.resolve() or named not in {fold_id(one) for one in list_scheme_ids()}:
        return ready
    text = path.read_text("utf-8-sig")
    if any(text == shipped.read_text("utf-8-sig") for shipped in list_scheme_files()):
        return ready
    refuse_one(
        ready.document.file,
        say("{name} is {text}, which is kept for the scheme that comes with the program", name="id", text=ready.scheme.id),
        "another one",
        "give the scheme a name of its own; extends: takes everything from the shipped one",
        line=ready.document.line(("id",)),
    )


def find_versions(name: str) -> list[CheckedScheme]:
    """Return all shipped versions of a scheme, the oldest first; `ID VERSION` means one.

    Raises
    ------
    Problems : everything that is not valid in their files
    """
    identity, _, version = name.partition(" ")
    found = [read_scheme(path) for path in list_scheme_files() if f"id: {identity}\n" in path.read_text("utf-8")]
    return sorted(
        (one for one in found if not version or one.scheme.version == version),
        key=lambda one: one.scheme.effective.from_.isoformat(),
    )


def is_in_force(ready: CheckedScheme, year: int) -> bool:
    """Return whether a version rules a year, or some days of it."""
    return find_span(ready.scheme, year) is not None


def refuse_overlaps(versions: Iterable[CheckedScheme]) -> None:
    """Refuse versions of a scheme that are in force on the same day.

    Raises
    ------
    Problems : every pair of neighbouring versions whose days overlap, naming both
    """
    problems = []
    ordered = sorted(versions, key=lambda one: one.scheme.effective.from_.isoformat())
    for one, other in pairwise(ordered):
        end = one.scheme.effective.to
        if end is None or end >= other.scheme.effective.from_:
            problems.append(
                Problem(
                    other.document.file,
                    other.document.line(("effective",)),
                    say(
                        "{id} {version} begins on {from_}, and {earlier} is in force to {end}",
                        id=other.scheme.id,
                        version=other.scheme.version,
                        from_=other.scheme.effective.from_,
                        earlier=one.scheme.version,
                        end=end or mark_word("today"),
                    ),
                    "one version a day",
                    say("{file} needs an end, or this one a later beginning", file=one.document.file),
                )
            )
    if problems:
        raise Problems(problems)


def list_shipped_schemes() -> list[dict[str, Any]]:
    """Return a row for every shipped version of a scheme: id, version, title, days in force, marks and what is REQUIRED; do not change them."""
    files = list_scheme_files()
    return list(_list_schemes(tuple((path, path.stat().st_mtime_ns) for path in files)))


@lru_cache(maxsize=1)
def _list_schemes(files: tuple[tuple[Path, int], ...]) -> tuple[dict[str, Any], ...]:
    """Return the rows of scheme files, which are read again when one of them is another.

    Parameters
    ----------
    files : each with the time at which it was last written
    """
    from gep.compensation.binding import list_required

    found = []
    for path, _ in files:
        one = read_scheme(path)
        scheme = one.scheme
        found.append(
            {
                "id": scheme.id,
                "version": scheme.version,
                "title": scheme.title.model_dump(),
                "kind": scheme.kind,
                "mark": scheme.mark,
                "from": scheme.effective.from_.isoformat(),
                "to": scheme.effective.to.isoformat() if scheme.effective.to else "",
                "required": [problem.found for problem in list_required(one)],
                "open": list(scheme.unknown),
                "file": one.document.file,
            }
        )
    return tuple(sorted(found, key=lambda one: (one["id"], one["from"])))
