"""Checksums of a certificate: of every single value, of every section and of the whole, so that a change has a place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from gep.messages.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS, VALUES, WHOLE = "sections", "values", "whole"
HASHES = "hashes"
DIGITS = 8
"""Hexadecimal digits kept of the hash of a single value: enough to find a place; the section's full hash is the proof."""

_WRITER = json.JSONEncoder(ensure_ascii=False)
"""`json.dumps` would make one for each of thousands of values."""


@dataclass(frozen=True, order=True)
class Difference:
    """One place where a certificate is not what it should be."""

    path: str
    found: str
    expected: str
    kind: str = "changed"
    """`changed`: not what was written; `recomputed`: not what follows from the rest of the file; `format`: cannot be read."""


class Written(float):
    """A number with the digits it was written in."""

    text: str

    def __new__(cls, text: str) -> Self:
        """Return the number of a text, remembering the text."""
        found = super().__new__(cls, text)
        found.text = text
        return found


def walk_values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every single value below a path, in the order of the file: `inputs[3].value`."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from walk_values(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield from walk_values(inner, f"{path}[{at}]")
    else:
        yield path, value


def show_value(value: Any) -> str:
    """Return a value as it is written in the file."""
    if isinstance(value, Written):
        return value.text
    return _WRITER.encode(value)


def compute_checksums(found: dict[str, Any]) -> dict[str, Any]:
    """Return the checksums of a certificate: `values` (a digest a value), `sections`, and `whole` over both."""
    values, sections = {}, {}
    for name, section in found.items():
        if name == HASHES:
            continue
        digests = [_digest(path, value) for path, value in walk_values(section, name)]
        values[name] = "".join(one[:DIGITS] for one in digests)
        sections[name] = hashlib.sha256("".join(digests).encode()).hexdigest()
    return {SECTIONS: sections, VALUES: values, WHOLE: _whole(sections, values)}


def find_differences(found: dict[str, Any]) -> list[Difference]:
    """Return every place where a certificate is not what its checksums were made of."""
    stated = found.get(HASHES)
    if not isinstance(stated, dict) or not all(isinstance(stated.get(one), dict) for one in (SECTIONS, VALUES)):
        return [Difference(HASHES, show_value(stated)[:80], say("the checksums of all sections"), "format")]
    made = compute_checksums(found)
    places: list[Difference] = []
    for name in dict.fromkeys([*stated[SECTIONS], *stated[VALUES], *made[SECTIONS]]):
        places += _of_section(found, name, stated, made)
    if not places and stated.get(WHOLE) != _whole(stated[SECTIONS], stated[VALUES]):
        places.append(Difference(f"{HASHES}.{WHOLE}", show_value(stated.get(WHOLE)), show_value(made[WHOLE])))
    places += [
        Difference(f"{HASHES}.{name}", show_value(stated[name])[:80], say("nothing of this name"))
        for name in stated
        if name not in {SECTIONS, VALUES, WHOLE}
    ]
    return places


def _of_section(found: dict[str, Any], name: str, stated: dict[str, Any], made: dict[str, Any]) -> list[Difference]:
    if name not in found:
        return [Difference(name, say("nothing"), say("a section of this name; it was there when the certificate was made"))]
    if name not in stated[SECTIONS] or name not in stated[VALUES]:
        return [
            Difference(name, say("a section"), say("no section of this name; it was not there when the certificate was made"))
        ]
    sums, wanted = made[VALUES][name], str(stated[VALUES][name])
    same_section = stated[SECTIONS][name] == made[SECTIONS][name]
    if same_section and sums == wanted:
        return []
    if same_section:
        return [Difference(f"{HASHES}.{VALUES}.{name}", _excerpt(wanted, sums), _excerpt(sums, wanted))]
    if sums == wanted:
        return [Difference(f"{HASHES}.{SECTIONS}.{name}", show_value(stated[SECTIONS][name]), show_value(made[SECTIONS][name]))]
    everything = list(walk_values(found[name], name))
    count = len(wanted) // DIGITS
    if count != len(everything):
        first = next((at for at in range(min(count, len(everything))) if _part(sums, at) != _part(wanted, at)), count - 1)
        where = everything[min(max(first, 0), len(everything) - 1)][0]
        return [
            Difference(
                where,
                say("{name} holds {count:,} values from here on other ones", name=name, count=len(everything)),
                say("the {count:,} values it was made with", count=count),
            )
        ]
    return [
        Difference(
            path,
            show_value(value),
            say("the value of checksum {wanted}, not {found}", wanted=_part(wanted, at), found=_part(sums, at)),
        )
        for at, (path, value) in enumerate(everything)
        if _part(sums, at) != _part(wanted, at)
    ]


def _part(sums: str, at: int) -> str:
    return sums[at * DIGITS : (at + 1) * DIGITS]


def _excerpt(text: str, other: str) -> str:
    at = next((at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two), min(len(text), len(other)))
    return say("… {text} … at its digit {at}", text=text[max(at - 4, 0) : at + 12], at=at + 1)


def _digest(path: str, value: Any) -> str:
    return hashlib.sha256(f"{path}\0{show_value(value)}".encode("utf-8", "surrogatepass")).hexdigest()


def _whole(sections: dict[str, Any], values: dict[str, Any]) -> str:
    text = "\n".join(f"{name} {sections[name]} {values.get(name)}" for name in sorted(sections))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
