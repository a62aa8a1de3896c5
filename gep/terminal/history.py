"""The runs of a county-year, and what differs between two, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.messages.layout import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gep.store.history import Change, Entry


def history_lines(found: Sequence[Entry], head: str) -> Iterator[str]:
    """Yield the runs of a county-year, the newest first."""
    yield head
    for one in found:
        yield ""
        yield f"run {one.run}  {one.standard}  {one.made_at} UTC  gep {one.program}  {one.state}"
        value = "nothing" if one.value is None else f"{one.value:,.2f} CNY/yr"
        yield f"  GEP {value}, {one.accounted} of {one.counted} services"
        if one.signed_by:
            yield from wrapped(
                f"{one.state} by {one.signed_by} {one.signed_at} UTC{': ' + one.signed_note if one.signed_note else ''}",
                "  ",
                "    ",
            )
        if one.supersedes is not None:
            yield from wrapped(f"supersedes run {one.supersedes}: {one.reason or 'no reason was given'}", "  ", "    ")
        elif one.reason:
            yield from wrapped(f"reason: {one.reason}", "  ", "    ")
        if one.voided_run is not None:
            yield f"  voids the approval of run {one.voided_run}"
        if one.superseded_by is not None:
            yield f"  superseded by run {one.superseded_by}"
        yield f"  results {one.results_sha256}"


MOST_CHANGES = 100


SECTIONS = ("run", "accounts", "inputs", "coefficients", "rules", "results")


def diff_lines(found: Sequence[Change], one: int, other: int) -> Iterator[str]:
    """Yield what two runs have differently, section by section."""
    yield f"run {one} → run {other}"
    for section in SECTIONS:
        changes = [change for change in found if change.section == section]
        if not changes and section in {"run", "accounts"}:
            continue
        yield ""
        yield f"{section}: {f'{len(changes):,} changed' if changes else 'no difference'}"
        for change in changes[:MOST_CHANGES]:
            name = f"{change.where} {change.what}".strip()
            places = " → ".join(dict.fromkeys(filter(None, (change.at_one, change.at_other))))
            said = {"added": f"added {change.other}", "removed": f"removed {change.one}"}.get(
                change.kind, f"{change.one} → {change.other}"
            )
            yield from wrapped(f"{name}: {said.strip()}" + (f"  [{places}]" if places else ""), "  ", "      ")
        if len(changes) > MOST_CHANGES:
            yield f"  ... and {len(changes) - MOST_CHANGES:,} more; --format json lists all of them"
