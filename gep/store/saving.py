"""Stores a run: inputs as given, coefficients chosen, rules, results and the hashes of all, in one transaction."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gep.account.binding import NO_ROW
from gep.files.written_names import clean_reason
from gep.formula.show import show_equation
from gep.formula.stored import write, write_rule
from gep.messages.many_findings import Findings
from gep.records import dataclass
from gep.reference.members import list_types_above
from gep.store.carry_over import carry_over_sign_offs
from gep.store.digest import split_text
from gep.store.opening import insert, open_to_write
from gep.store.proving import Proofs
from gep.store.results import SHOWN_TABLE
from gep.store.signing import refuse_without_reason
from gep.store.units import list_units_to_keep

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb
    import pandas as pd

    from gep.account.account import Account
    from gep.coefficients.tables import Row
    from gep.messages.findings import Finding


BESIDE = 2
"""Threads that hash and write texts while DuckDB inserts."""

TEXTS_AT_ONCE = 100_000
"""Texts that are joined before they are hashed, with nothing between two such portions; the hashes of stored runs rest on it."""

_BETWEEN = "\x1f"


@dataclass(frozen=True)
class StoredRun:
    """A run that was committed."""

    run: int
    results_sha256: str


def save(account: Account, path: Path, reason: str = "", findings: Sequence[Finding] = ()) -> StoredRun:
    """Store a run in the file at a path, made if need be; see `save_run`.

    Raises
    ------
    Problems : approved accounts would be superseded without a reason, or the store cannot be written
    """
    with open_to_write(path) as connection:
        return save_run(connection, account, reason, findings)


def save_run(
    connection: duckdb.DuckDBPyConnection, account: Account, reason: str = "", findings: Sequence[Finding] = ()
) -> StoredRun:
    """Store a run: inputs as given, coefficients chosen, rules, results and the hashes of all, in the connection's transaction.

    Parameters
    ----------
    reason   : why it takes the place of an earlier run; required where that one is approved
    findings : what was doubtful in the inputs, with the county's explanations

    Raises
    ------
    Problems : approved accounts would be superseded without a reason
    """
    reason = clean_reason(reason)
    run = connection.execute("SELECT nextval('run_number')").fetchall()[0][0]
    tables, inputs, rules = _results(account), _inputs(account), _rules(account)
    with ThreadPoolExecutor(BESIDE) as beside:  # what is hashed and written needs no store, and inserting no Python
        proofs = Proofs(connection, beside)
        of_results = beside.submit(_digest, tables)
        of_inputs = beside.submit(_digest, {"input_row": inputs, "account": _accounts(account)})
        explanations = beside.submit(_explanations, account, findings)
        insert(connection, "account", _accounts(account), run)
        for name, table in {
            "input_row": _keep_given(inputs),
            "inapplicable_row": _inapplicable(account),
            "rule": rules,
            **_coefficients(account, connection),
            **tables,
        }.items():
            proofs.add(name, table, run)
            insert(connection, name, table, run)
        proofs.add("explanation", explanations.result(), run)
        insert(connection, "explanation", explanations.result(), run)
        digest = of_results.result()
        head = {name: [value] for name, value in _head(account, digest, of_inputs.result(), rules, reason).items()}
    insert(connection, "run", pa.table(head), run)
    for name, table in list_units_to_keep(connection, account.inputs.accounts["county"].astype(str)).items():
        insert(connection, name, table, None if name == "region" else run)
    carry_over_sign_offs(connection, run)
    refuse_without_reason(connection, run, reason)
    proofs.link()
    return StoredRun(int(run), digest)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _results(account: Account) -> dict[str, pa.Table]:
    """Return the result tables in their fixed order of rows and columns."""
    frames = {
        "service_result": account.services,
        "line_result": account.lines,
        "ecosystem_result": account.by_ecosystem,
        "total_result": account.totals,
        **({SHOWN_TABLE: account.shown} if len(account.shown) else {}),
    }
    tables = {}
    for name, frame in frames.items():
        table = _arrow(frame)
        for at, column in enumerate(table.column_names):
            if pa.types.is_floating(table.schema.field(at).type):
                values = frame[column].to_numpy(dtype=np.float64)
                table = table.set_column(at, column, pa.array(values, mask=np.isnan(values)))
        tables[name] = table
    return {**tables, "notice": account.notices.table}


def _digest(tables: dict[str, pa.Table]) -> str:
    """Return the hash of result tables: the bytes of every number, and every text."""
    digest = hashlib.sha256()
    for name, table in sorted(tables.items()):
        digest.update(name.encode())
        for column in table.column_names:
            digest.update(column.encode())
            _update(digest, table[column])
    return digest.hexdigest()


def _update(digest: Any, column: pa.ChunkedArray) -> None:
    coded = pa.types.is_dictionary(column.type)
    values = (column.unify_dictionaries() if coded else column).combine_chunks()
    if coded or pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        portions, more = divmod(len(values), max(len(values) // TEXTS_AT_ONCE, 1))
        first = 0
        while first < len(values):
            count = portions + (1 if first < more * (portions + 1) else 0)
            digest.update(_join_texts(values.slice(first, count)))
            first += count
    else:
        numbers = values.to_numpy(zero_copy_only=False)
        digest.update(np.ascontiguousarray(np.asarray(numbers, dtype=np.float64)).data)


def _join_texts(texts: pa.Array) -> memoryview:
    """Return the bytes of texts, U+001F between them; of coded ones each text is written once and taken wherever it stands."""
    if pa.types.is_dictionary(texts.type):
        if len(texts.dictionary) == 1 and not texts.null_count and not texts.dictionary.null_count:
            return memoryview(f"{texts.dictionary[0]}{_BETWEEN}".encode() * len(texts))[:-1]
        if len(texts.dictionary) < len(texts) and not texts.dictionary.null_count:
            ended = pa.array([*(f"{text}{_BETWEEN}" for text in texts.dictionary.to_pylist()), _BETWEEN], pa.large_string())
            codes = texts.indices.cast(pa.int64()).fill_null(len(ended) - 1) if texts.null_count else texts.indices
            return split_text(ended.take(codes))[1][:-1]
        texts = texts.dictionary_decode()
    filled = (texts.fill_null("") if texts.null_count else texts).cast(pa.large_string())
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(filled)], pa.int64()), filled)
    return split_text(pc.binary_join(whole, pa.scalar(_BETWEEN, pa.large_string())))[1]


def _accounts(account: Account) -> pa.Table:
    frame = account.inputs.accounts
    return pa.table(
        {
            "account": np.arange(len(frame), dtype=np.int32),
            "county": frame["county"].astype(str),
            "year": frame["year"].to_numpy(dtype=np.int32),
        }
    )


def _inputs(account: Account) -> pa.Table:
    names = [
        "account",
        "variable",
        "ecosystem",
        "pollutant",
        "product",
        "value",
        "price_year",
        "value_given",
        "unit_given",
        "source",
        "note",
        "file",
        "line",
    ]
    table = _arrow(account.inputs.rows)
    return _without_empty_cells(table.select([*names, *(["cell"] if "cell" in table.column_names else [])]))


def _keep_given(inputs: pa.Table) -> pa.Table:
    """Return inputs as they are kept: figures given as numbers stand as such, and only where they are not the values themselves."""
    if not inputs.num_rows or not pa.types.is_float64(inputs["value_given"].type):
        return inputs
    given, values = (inputs[name].to_numpy() for name in ("value_given", "value"))
    numbers = pa.array(given, mask=given.view(np.int64) == values.view(np.int64))
    return inputs.drop_columns(["value_given"]).append_column("number_given", numbers)


def _inapplicable(account: Account) -> pa.Table:
    frame = account.inputs.inapplicable
    return _without_empty_cells(
        _arrow(frame[["account", "id", "source", "note", "file", "line", *(["cell"] if "cell" in frame else [])]])
    )


def _without_empty_cells(table: pa.Table) -> pa.Table:
    """Return a table whose column of cells is null where a row came from no workbook."""
    if "cell" not in table.column_names:
        return table
    text = table["cell"].cast(pa.string())
    return table.set_column(table.column_names.index("cell"), "cell", pc.if_else(pc.equal(text, ""), None, text))


def _explanations(account: Account, findings: Sequence[Finding]) -> pa.Table:
    """Return what was doubtful (A to C) at the time of the run, with what the county wrote about it."""
    frame = account.inputs.accounts
    number = {(str(county), int(year)): at for at, (county, year) in enumerate(zip(frame["county"], frame["year"], strict=True))}
    columns = (findings if isinstance(findings, Findings) else Findings(findings)).write()
    accounts = [number.get(one) for one in zip(columns["county"], columns["year"], strict=True)]
    flags = [account is not None and grade != "D" for account, grade in zip(accounts, columns["grade"], strict=True)]
    if not any(flags):
        return pa.table({})
    kept = pa.table(
        {
            "account": pa.array(accounts, pa.int64()),
            "check_code": pa.array(columns["code"], pa.string()).dictionary_encode(),
            "grade": pa.array(columns["grade"], pa.string()).dictionary_encode(),
            "address": pa.array(columns["where"], pa.string()),
            "found": pa.array(columns["found"], pa.string()),
            "found_zh": pa.array(columns["found_zh"], pa.string()),
            "explanation": pa.array(columns["explanation"], pa.string()),
        }
    )
    return kept if all(flags) else kept.filter(pa.array(flags))


def _rules(account: Account) -> pa.Table:
    rows = []
    for place, step in enumerate(account.plan.steps):
        published = account.plan.published[step.rule.id]
        rows.append(
            {
                "place": place,
                "rule": step.rule.id,
                "scope": step.scope,
                "variant": step.variant,
                "symbol": step.rule.symbol,
                "unit": step.rule.unit,
                "title_zh": step.rule.title.zh,
                "title_en": step.rule.title.en,
                "formula": show_equation(step.rule, step.formula),
                "factor": step.factor,
                "tree": json.dumps(write(step.formula), ensure_ascii=False, sort_keys=True),
                "head": json.dumps(write_rule(step.rule), ensure_ascii=False, sort_keys=True),
                "source": published.source,
                "clause": published.clause,
                "mark": published.mark,
                "caution": published.caution,
            }
        )
    return pa.Table.from_pylist(rows)


def _head(account: Account, results: str, inputs: str, rules: pa.Table, reason: str) -> dict[str, object]:
    return {
        "made_at": datetime.now(UTC).replace(tzinfo=None),
        "program": metadata.version("gep"),
        "standard": account.plan.standard.key,
        "standard_text": account.plan.standard.model_dump_json(),
        "price_index": account.plan.standard.price_index,
        "constant_year": account.constant_year,
        "files": json.dumps(account.inputs.files, ensure_ascii=False, sort_keys=True),
        "inputs_sha256": inputs,
        "coefficients_sha256": account.tables.sha256,
        "rules_sha256": _digest({"rule": rules}),
        "results_sha256": results,
        "reason": reason,
    }


def _coefficients(account: Account, connection: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
    """Return the rows of the edition (once), the distinct choices, which account made which, and the index ratios."""
    numbers = {row: at for at, row in enumerate(account.tables.rows)}
    edition = account.tables.sha256
    tables: dict[str, pa.Table] = {}
    known = connection.execute("SELECT count(*) FROM coefficient_row WHERE coefficients_sha256 = ?", [edition]).fetchall()[0]
    if not known[0]:
        tables["coefficient_row"] = pa.Table.from_pylist([_row(row, at, edition) for row, at in numbers.items()])
    choices: list[dict[str, object]] = []
    accounts, patterns = [], []
    count = 0
    labels = account.binding.labels
    listed = _listed_types(account)
    for choice in account.binding.choices.values():
        winner = (
            np.broadcast_to(choice.winner, (labels.accounts, *choice.winner.shape[1:]))
            if choice.winner.shape[1] > 1 or choice.winner.shape[0] > 1
            else choice.winner
        )
        if winner.shape[1] > 1:
            winner = np.where(listed[:, :, None, None], winner, NO_ROW)
        flat = winner.reshape(winner.shape[0], -1)
        distinct, of_account = (
            (flat[:1], np.zeros(1, np.int64)) if (flat == flat[0]).all() else np.unique(flat, axis=0, return_inverse=True)
        )
        of_account = np.broadcast_to(of_account.reshape(-1), (labels.accounts,))
        accounts.append(np.arange(labels.accounts, dtype=np.int32))
        patterns.append((of_account + count).astype(np.int32))
        for at, cells in enumerate(distinct):
            first = int(np.argmax(of_account == at))
            for place in np.flatnonzero(cells >= 0):
                eco, kind, _item = np.unravel_index(place, winner.shape[1:])
                row = choice.rows[int(cells[place])]
                choices.append(
                    {
                        "pattern": count + at,
                        "coefficient": choice.coefficient.id,
                        "ecosystem": labels.ecosystem[eco] if winner.shape[1] > 1 else "",
                        "pollutant": labels.pollutant[kind] if winner.shape[2] > 1 else "",
                        "product": row.product,
                        "row_id": numbers[row],
                        "beaten": _beaten(account, row, first),
                    }
                )
        count += len(distinct)
    if choices:
        tables["coefficient_choice"] = pa.Table.from_pylist(choices)
        tables["coefficient_account"] = pa.table({"account": np.concatenate(accounts), "pattern": np.concatenate(patterns)})
    tables["price_ratio"] = _ratios(account)
    return tables


def _listed_types(account: Account) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which ecosystem types each account names anywhere, and the whole."""
    labels = account.binding.labels
    rows = account.inputs.rows
    at = {name: place for place, name in enumerate(labels.ecosystem)}
    places = np.array([at.get(name, 0) for name in rows["ecosystem"].cat.categories], dtype=np.int64)[
        rows["ecosystem"].cat.codes.to_numpy()
    ]
    flags = np.zeros((labels.accounts, len(labels.ecosystem)), dtype=bool)
    flags[rows["account"].to_numpy(), places] = True
    flags[:, 0] = True
    return flags


def _beaten(account: Account, winner: Row, position: int) -> str:
    accounts = account.inputs.accounts
    county, year = accounts["county"].iloc[position], accounts["year"].iloc[position]
    beaten = [
        row.address
        for row in account.tables.candidates(winner.id, str(county), int(str(year)))
        if row is not winner
        and row.set == winner.set
        and (not row.ecosystem or row.ecosystem in list_types_above(winner.ecosystem))
        and row.pollutant in {"", winner.pollutant}
        and row.product in {"", winner.product}
    ]
    return " ".join(beaten)


def _row(row: Row, number: int, edition: str) -> dict[str, object]:
    names = (
        "set",
        "value",
        "unit",
        "computed",
        "price_year",
        "low",
        "high",
        "year",
        "region",
        "ecosystem",
        "pollutant",
        "product",
        "applies_from",
        "applies_to",
        "source",
        "locator",
        "mark",
        "note",
        "file",
        "line",
    )
    return {
        "coefficients_sha256": edition,
        "row_id": number,
        "coefficient": row.id,
        **{name: getattr(row, name) for name in names},
    }


def _ratios(account: Account) -> pa.Table:
    index = account.plan.standard.price_index
    rows = [{"price_index": index, "given": one, "wanted": two, "ratio": ratio} for one, two, ratio in account.ratios]
    schema = pa.schema([("price_index", pa.string()), ("given", pa.int32()), ("wanted", pa.int32()), ("ratio", pa.float64())])
    return pa.Table.from_pylist(rows, schema=schema)
