"""The extent account: opening, additions and reductions by kind, closing; it balances or is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gep.formula.nodes import Node, Total
from gep.messages.texts import join_list, mark_word, say
from gep.messages.title import Title
from gep.reference.members import find_ecosystem, find_member_title, list_types_above, order_ecosystems, read_ecosystems
from gep.worked.calculation import Calculation, Figure, Given, describe, give_cases, make_leaf, make_rule
from gep.worked.written import Reader, find_half_digit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gep.worked.written import WrittenRow

KINDS = {"managed": Title("人为", "managed"), "natural": Title("自然", "natural"), "": Title("未说明", "not stated")}
"""Why an area changed its type, as a transition says it."""
NAMED = 5
COLUMNS, OPTIONAL = ("from", "to", "area", "source"), ("unit", "kind", "county")
UNIT = "hm^2"
OPENING, ADDED, REDUCED, CLOSING, NET = "opening", "additions", "reductions", "closing", "net"
_AREA = make_leaf("opening_area", "A_0", UNIT, "期初面积", "area at the opening")
_CLOSING = make_leaf("closing_area", "A_1", UNIT, "期末面积", "area at the closing")
_CAME = make_leaf("came", "T_in", UNIT, "由他类转入", "came from another type", ("type",))
_WENT = make_leaf("went", "T_out", UNIT, "转出为他类", "went to another type", ("type",))


def _rule(identity: str, symbol: str, zh: str, en: str, formula: Node) -> Any:
    return make_rule(identity, symbol, UNIT, zh, en, formula, source="seea-ea-program", clause="extent account", mark="K")


_ADDITIONS = _rule(ADDED, "A_plus", "增加", "additions", Total(_CAME, "type"))
_REDUCTIONS = _rule(REDUCED, "A_minus", "减少", "reductions", Total(_WENT, "type"))
_BALANCE = _rule(CLOSING, "A_1", "期末", "closing", _AREA + _ADDITIONS - _REDUCTIONS)
_NET = _rule(NET, "D", "净变化", "net change", _CLOSING - _AREA)


@dataclass(frozen=True)
class Transition:
    """An area that went from one type to another (or stayed), why, and the row that says so."""

    origin: str
    target: str
    kind: str
    area: Figure


@dataclass(frozen=True)
class Extent:
    """An extent account, areas in hm2, types in the order of the list.

    Attributes
    ----------
    opening, closing : type → area
    transitions : areas that changed their type; none: only the net change is known
    """

    types: tuple[str, ...]
    opening: Mapping[str, Figure]
    closing: Mapping[str, Figure]
    transitions: tuple[Transition, ...]
    calculation: Calculation

    @property
    def is_gross(self) -> bool:
        """Whether additions and reductions are known, not only what is left of them."""
        return ADDED in self.calculation.evaluation.results

    def row(self, case: int) -> dict[str, Any]:
        """Return a type's line of the account as plain values; additions and reductions are None where only the net is known."""
        name = self.types[case]
        known = self.calculation
        title = find_member_title("ecosystem", name)
        moved = {rule: known.value(rule, case) if self.is_gross else None for rule in (ADDED, REDUCED)}
        by_kind = {
            kind or "not stated": {
                ADDED: sum(one.area.value for one in self.transitions if one.target == name and one.kind == kind),
                REDUCED: sum(one.area.value for one in self.transitions if one.origin == name and one.kind == kind),
            }
            for kind in KINDS
            if any(one.kind == kind and name in {one.origin, one.target} for one in self.transitions)
        }
        return {
            "type": name,
            "title_zh": title.zh,
            "title_en": title.en,
            OPENING: self.opening[name].value,
            **moved,
            "by_kind": by_kind,
            NET: known.value(NET, case),
            CLOSING: self.closing[name].value,
            "opening_from": self.opening[name].address,
            "closing_from": self.closing[name].address,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the account as plain values; areas in hm2."""
        return {
            "unit": UNIT,
            "gross": self.is_gross,
            "types": [self.row(case) for case in range(len(self.types))],
            "transitions": [
                {
                    "from": one.origin,
                    "to": one.target,
                    "kind": one.kind or None,
                    "area": one.area.value,
                    "given": one.area.given,
                    "address": one.area.address,
                    "source": one.area.source,
                }
                for one in self.transitions
            ],
            "explained": [
                part
                for case in range(len(self.types))
                for part in describe(self.calculation.explain(CLOSING if self.is_gross else NET, case))
            ],
        }


def read_transitions(path: Path, reader: Reader, zone: str | None = None, county: str = "") -> list[Transition]:
    """Return the rows of a transition matrix; what is wrong with them is kept by the reader.

    Parameters
    ----------
    path : table with the columns from, to, area, source and, if need be, unit, kind (managed or natural) and county
    zone : of a table with the column county, whose rows count; None: those of `county`
    county : of the accounts; empty: the only one of the table
    """
    found = []
    rows = reader.rows(path, COLUMNS, OPTIONAL)
    reader.once(rows, ("county", "from", "to", "kind"))
    rows = _choose_zone(rows, zone, county, reader)
    for row in rows:
        ends = [_read_type(reader, row, column) for column in ("from", "to")]
        area = reader.number(row, "area", row["unit"], UNIT)
        kind = "" if not row["kind"] else reader.word(row, "kind", [one for one in KINDS if one])
        reader.text(row, "source")
        if area is not None and all(ends):
            found.append(Transition(ends[0], ends[1], kind, area.from_(row["source"])))
    return found


def _choose_zone(rows: list[WrittenRow], stated: str | None, county: str, reader: Reader) -> list[WrittenRow]:
    """Return the rows of one zone; all where the table names none."""
    zones = list(dict.fromkeys(row["county"] for row in rows))
    zone = stated or county
    if not zones or (zones == [""] and not stated):
        return rows
    if zone not in zones and (zone or len(zones) > 1):
        found = say("no row is of {zone}", zone=zone) if zone else say("the matrix is of {count} zones", count=len(zones))
        named = join_list(zones[:NAMED]) if len(zones) <= NAMED else say("{names} and more", names=join_list(zones[:NAMED]))
        reader.tell(
            rows[0].file, 0, found, say("one of {names}", names=named or mark_word("(none)")), say("--zone ID chooses one")
        )
        return []
    return [row for row in rows if row["county"] == (zone or zones[0])]


def _read_type(reader: Reader, row: WrittenRow, column: str) -> str:
    text = row[column]
    by_title = {one.title.zh: name for name, one in read_ecosystems().items()}
    name = by_title.get(text, text)
    if find_ecosystem(name) is None:
        reader.tell(
            row.file,
            row.line,
            say("{name} is {text!r}", name=column, text=text),
            say("an ecosystem type: its id or its Chinese name"),
        )
        return ""
    return name


def make_extent(
    opening: Mapping[str, Figure] | None,
    closing: Mapping[str, Figure] | None,
    transitions: Sequence[Transition] | None,
    where: str,
    reader: Reader,
) -> Extent:
    """Return the extent account of two years, of a transition matrix, or of both, which then must agree.

    Parameters
    ----------
    opening, closing : type → area of the stored accounts; None: what the matrix says
    transitions : None: only net changes are known
    where       : the file or option that a problem of the whole is told of
    reader      : keeps what is wrong

    Raises
    ------
    Problems : an account that does not balance, with the areas that differ; a type whose area one side does not state
    """
    moved = [one for one in transitions or () if one.origin != one.target]
    if opening is None or closing is None:
        opening, closing = _sum_matrix(transitions or (), where, reader)
        reader.refuse()
    names = {*opening, *closing, *(end for one in moved for end in (one.origin, one.target))}
    strange = [find_member_title("ecosystem", name).zh for name in order_ecosystems(names - {*opening, *closing})]
    if strange:
        found = say("neither account has an area of {types}, which the matrix moves", types=join_list(strange))
        there = [find_member_title("ecosystem", name).zh for name in order_ecosystems({*opening, *closing})]
        reader.tell(where, 0, found, say("the types of the accounts: {types}", types=join_list(there)))
    reader.refuse()
    for name in order_ecosystems(names):
        for side, areas in (("opening", opening), ("closing", closing)):
            if name not in areas:
                found = say(
                    "the {side} area of {type} is not stated", side=mark_word(side), type=find_member_title("ecosystem", name).zh
                )
                reader.tell(where, 0, found, say("an area for it, 0 where there is none"))
    for name in order_ecosystems(names):
        for above in set(list_types_above(name)[1:]) & names:
            told = say(
                "{type} is part of {whole}, and both have areas",
                type=find_member_title("ecosystem", name).zh,
                whole=find_member_title("ecosystem", above).zh,
            )
            reader.tell(where, 0, told, say("each hectare under one type"))
    reader.refuse()
    types = order_ecosystems(names)
    calculation = _make_calculation(types, opening, closing, moved if transitions is not None else None)
    account = Extent(types, opening, closing, tuple(moved), calculation)
    _check_balance(account, transitions, where, reader)
    reader.refuse()
    return account


def _sum_matrix(transitions: Sequence[Transition], where: str, reader: Reader) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Return row and column sums of a whole matrix, whose diagonal says what stayed."""
    names = order_ecosystems({end for one in transitions for end in (one.origin, one.target)})
    stayed = {one.origin for one in transitions if one.origin == one.target}
    lacking = [find_member_title("ecosystem", name).zh for name in names if name not in stayed]
    if lacking:
        found = say("the matrix does not say what area stayed as it was: {types}", types=join_list(lacking))
        reader.tell(where, 0, found, say("a row from each type to itself, 0 where nothing stayed; or the two years"))
    sides: tuple[dict[str, Figure], dict[str, Figure]] = ({}, {})
    for side, end in zip(sides, ("origin", "target"), strict=True):
        for name in names:
            rows = [one for one in transitions if getattr(one, end) == name]
            address = "; ".join(one.area.address for one in rows)
            side[name] = Figure(sum(one.area.value for one in rows), " + ".join(one.area.given for one in rows), address)
    return sides


def _make_calculation(
    types: Sequence[str], opening: Mapping[str, Figure], closing: Mapping[str, Figure], moved: Sequence[Transition] | None
) -> Calculation:
    givens: list[Given] = [
        give_cases(_AREA, [opening[name] for name in types]),
        give_cases(_CLOSING, [closing[name] for name in types]),
    ]
    rules = [_NET]
    if moved is not None:
        none = Figure(0.0, "", "")
        for leaf, here, there in ((_CAME, "target", "origin"), (_WENT, "origin", "target")):
            rows = []
            for name in types:
                row = []
                for other in types:
                    parts = [one.area for one in moved if getattr(one, here) == name and getattr(one, there) == other]
                    row.append(add_figures(parts) if parts else none)
                rows.append(tuple(row))
            givens.append(Given(leaf, tuple(rows)))
        rules += [_ADDITIONS, _REDUCTIONS, _BALANCE]
    titles = tuple(find_member_title("ecosystem", name).zh for name in types)
    return Calculation(tuple(rules), tuple(givens), titles, titles)


def add_figures(parts: Sequence[Figure]) -> Figure:
    """Return the sum of figures of one unit, with all their places; at least one."""
    if len(parts) == 1:
        return parts[0]
    return Figure(
        sum(one.value for one in parts),
        " + ".join(one.given for one in parts),
        "; ".join(one.address for one in parts),
        "; ".join(dict.fromkeys(one.source for one in parts)),
    )


def _check_balance(extent: Extent, transitions: Sequence[Transition] | None, where: str, reader: Reader) -> None:
    """Keep every type, or the whole, that does not balance within the digits that were written."""
    if transitions is None:
        before, after = (sum(one.value for one in side.values()) for side in (extent.opening, extent.closing))
        bound = sum(_find_bound(one) for side in (extent.opening, extent.closing) for one in side.values())
        if abs(before - after) > bound:
            found = say(
                "the areas sum to {before} hm2 at the opening and {after} hm2 at the closing",
                before=f"{before:,.6g}",
                after=f"{after:,.6g}",
            )
            hint = "every hectare has a type in both years; a territory that changed needs accounts of one outline"
            reader.tell(where, 0, found, say("the same area in both years"), say(hint))
        return
    for case, name in enumerate(extent.types):
        mine = [one for one in transitions if name in {one.origin, one.target}]
        bound = sum(map(_find_bound, (extent.opening[name], extent.closing[name], *(one.area for one in mine))))
        computed, stated = extent.calculation.value(CLOSING, case), extent.closing[name].value
        title = find_member_title("ecosystem", name).zh
        if abs(computed - stated) > bound:
            found = say(
                "{type}: opening {opening}, additions {added}, reductions {reduced} come to {computed} hm2, the closing is {closing} hm2",
                type=title,
                opening=f"{extent.opening[name].value:,.6g}",
                added=f"{extent.calculation.value(ADDED, case):,.6g}",
                reduced=f"{extent.calculation.value(REDUCED, case):,.6g}",
                computed=f"{computed:,.6g}",
                closing=f"{stated:,.6g}",
            )
            reader.tell(where, 0, found, say("transitions that add up"))
        stayed = [one.area.value for one in mine if one.origin == one.target]
        left = extent.opening[name].value - extent.calculation.value(REDUCED, case)
        if stayed and abs(left - sum(stayed)) > bound:
            found = say(
                "{type}: {left} hm2 are left of the opening, and {stayed} hm2 are said to have stayed",
                type=title,
                left=f"{left:,.6g}",
                stayed=f"{sum(stayed):,.6g}",
            )
            reader.tell(where, 0, found, say("transitions that add up"))
        elif left < -bound:
            found = say("{type}: more area leaves than there was: {left} hm2", type=title, left=f"{left:,.6g}")
            reader.tell(where, 0, found, say("reductions of at most the opening"))


def _find_bound(figure: Figure) -> float:
    """Return how far an area may be off by the rounding of what was written, in hm2."""
    parts = figure.given.split(" + ")
    bound = 0.0
    for part in parts:
        number = part.split()[0] if part.split() else "0"
        half, written = find_half_digit(number), abs(float(number)) if number.replace(".", "", 1).lstrip("-").isdigit() else 0.0
        bound += half * (abs(figure.value) / written if written and len(parts) == 1 else 1.0)
    return bound + 1e-9 * abs(figure.value)
