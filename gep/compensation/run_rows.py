"""The rows of a computed run as a store keeps them, and the same as one text that waits with what was prepared."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.ipc

from gep.compensation.facts import tabulate_facts
from gep.compensation.periods import find_span
from gep.compensation.scheme import FUND, NEXT_YEAR
from gep.compensation.settling import Posting, hash_postings
from gep.formula.exact import map_alike
from gep.formula.nodes import RESULT, Earlier, InYear, Since
from gep.formula.walk import walk_parts
from gep.units.money import write_decimal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from gep.compensation.checked import CheckedScheme
    from gep.compensation.compute import Result
    from gep.compensation.facts import Fact
    from gep.compensation.periods import Span
    from gep.compensation.steps import Steps

Rows = dict[str, pa.Table]
"""Table of the store → its rows, without the number of the run, which is given when they are booked."""
_POSTING = {name: pa.int64() if name in {"fen", "part", "parts"} else pa.string() for name in Posting._fields}
_STEP = pa.schema(
    [("step", pa.int64())]
    + [(name, pa.string()) for name in ("stage", "operation", "place", "period", "step_name", "value_exact", "unit", "note")]
)
_ZSTD = pa.ipc.IpcWriteOptions(compression="zstd")


@dataclass(frozen=True)
class KeptRun:
    """A computed run that waits for a second person: its rows, and what is compared with what is booked by then."""

    ready: CheckedScheme
    year: int
    span: Span
    sha256: str
    """Of the postings, as they were read back."""
    marks: tuple[str, ...]
    contributions: tuple[tuple[str, str, str, int], ...]
    postings: tuple[Posting, ...]
    tables: Rows
    what_if: Mapping[str, str] = field(default_factory=dict)


def tabulate(result: Result) -> Rows:
    """Return the facts, steps and later instalments of a result as rows of the store."""
    code, called = result.places.codes, result.places.called
    facts = tabulate_facts(result.used)
    facts["place"] = [code.get(called.get(one, one), one) for one in facts["place"]]
    return {
        "transfer_fact": pa.table({name: _texts(cells) for name, cells in facts.items()}),
        "transfer_step": _tabulate_steps(result.steps, code),
        "transfer_future": pa.table(
            {
                "operation": _texts([one.operation for one in result.future]),
                "payer": _texts([end_of(result, one.source) for one in result.future]),
                "payee": _texts([end_of(result, one.target) for one in result.future]),
                "due_year": pa.array((one.year for one in result.future), pa.int64()),
                "amount_fen": pa.array((one.fen for one in result.future), pa.int64()),
            }
        ),
    }


def _tabulate_steps(steps: Steps, code: Mapping[str, str]) -> pa.Table:
    parts, first = [], 1
    for stage, operation, place, period, name, value, unit, note in steps.list_columns():
        cells = (
            stage,
            operation,
            [code.get(one, one) for one in place],
            period,
            name,
            map_alike(write_decimal, value),
            unit,
            note,
        )
        numbers = pa.array(range(first, first + len(value)), pa.int64())
        parts.append(pa.RecordBatch.from_arrays([numbers, *map(_texts, cells)], schema=_STEP))
        first += len(value)
    return pa.Table.from_batches(parts, schema=_STEP)


def rests_on_text_and_facts(ready: CheckedScheme) -> bool:
    """Return whether a run follows from the text of its scheme and the facts alone.

    It does not where something is read from the store when it is computed: what an earlier year put aside or gave, an
    account. What the store has then may be other than when the run was prepared.
    """
    scheme = ready.scheme
    if any(source.carry_in for fund in scheme.funds.values() for source in fund.sources):
        return False
    if any(one.account is not None for one in scheme.inputs.values()):
        return False
    parts = [part for tree in ready.trees.values() for part in walk_parts(tree)]
    looks_back = any(isinstance(part, Earlier | InYear | Since) for part in parts)
    return not (looks_back and any(str(getattr(part, "id", "")).startswith(RESULT) for part in parts))


def pack_run(result: Result, facts: Sequence[Fact]) -> str:
    """Return a run as one text, to be kept until another person confirms it.

    Parameters
    ----------
    facts : what it is computed from again where its rows cannot be taken
    """
    postings = pa.table(
        {name: pa.array([one[at] for one in result.postings], kind) for at, (name, kind) in enumerate(_POSTING.items())}
    )
    content = {
        "program": metadata.version("gep"),
        "year": result.year,
        "marks": result.marks,
        "contributions": result.contributions,
        "postings": _pack(postings),
        "tables": {name: _pack(rows) for name, rows in tabulate(result).items()},
        "facts": _pack(pa.table({name: _texts(cells) for name, cells in tabulate_facts(facts).items()})),
    }
    return json.dumps(content, ensure_ascii=False)


def unpack_run(ready: CheckedScheme, text: str, through: date | None) -> KeptRun | None:
    """Return a run that was kept; None where another version of the program made it, which may compute otherwise.

    Parameters
    ----------
    ready   : the scheme that it was computed with
    through : last day of an in-year run
    """
    content = json.loads(text)
    span = find_span(ready.scheme, int(content["year"]), through)
    if content["program"] != metadata.version("gep") or span is None:
        return None
    columns = _unpack(content["postings"]).to_pydict()
    postings = tuple(map(Posting, *(columns[name] for name in _POSTING)))
    return KeptRun(
        ready,
        int(content["year"]),
        span,
        hash_postings(postings),
        tuple(content["marks"]),
        tuple((str(source), str(target), str(notice), int(fen)) for source, target, notice, fen in content["contributions"]),
        postings,
        {name: _unpack(rows) for name, rows in content["tables"].items()},
    )


def unpack_facts(text: str) -> list[tuple[str, ...]]:
    """Return the facts of a run that was kept, as rows; none where they were kept beside it, as earlier programs did, or nothing was."""
    facts = json.loads(text).get("facts") if text else None
    return [*zip(*_unpack(facts).to_pydict().values(), strict=True)] if facts else []


def end_of(result: Result | KeptRun, end: str) -> str:
    """Return the name of a payer or payee in the store: a division by its code, a fund with its scheme and year.

    Parameters
    ----------
    end : as flows name it: the id of a party, or `fund:NAME`
    """
    scheme = result.ready.scheme
    if end.startswith(FUND):
        name, _, later = end.removeprefix(FUND).partition(":")
        return f"{FUND}{scheme.id}:{result.year + (later == NEXT_YEAR)}:{name}"
    return (scheme.parties[end].code if end in scheme.parties else "") or end


def _texts(cells: Sequence[str]) -> pa.Array:
    return pa.array(cells, pa.string())


def _pack(rows: pa.Table) -> str:
    """Return rows as text: each distinct text of a column once, compressed."""
    coded = {
        name: column.dictionary_encode() if column.type == pa.string() else column
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    }
    rows, sink = pa.table(coded).combine_chunks(), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_ZSTD) as writer:
        writer.write_table(rows)
    return base64.b64encode(sink.getvalue()).decode()


def _unpack(text: str) -> pa.Table:
    return pa.ipc.open_stream(base64.b64decode(text)).read_all()
