"""The certificate: one account as one self-contained file, with everything it takes to compute it again. See docs/certificate.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gep.certificate.checksums import WHOLE, sums_of
from gep.formula.nodes import Rule
from gep.formula.stored import write
from gep.messages.plain import plain
from gep.reference.services import SERVICE_TITLES
from gep.standards.standard import Standard
from gep.store.record import read_record, records

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from gep.store.keys import AccountKey
    from gep.store.record import StoredRecord

FORMAT, VERSION = "gep-certificate", 1
RESULTS = {
    "service_result": (
        "service",
        "category",
        "status",
        "missing",
        "reason",
        "quantity",
        "quantity_unit",
        "unit_price",
        "price_unit",
        "value",
        "value_constant",
    ),
    "line_result": (
        "service",
        "line",
        "detail",
        "pollutant",
        "item",
        "status",
        "quantity",
        "quantity_unit",
        "unit_price",
        "price_unit",
        "value",
        "value_constant",
    ),
    "ecosystem_result": ("service", "ecosystem", "value", "value_constant"),
    "total_result": ("category", "value", "value_constant", "accounted", "counted"),
}
"""Result table → its columns."""
KEYS = {
    "service_result": ("service",),
    "line_result": ("service", "line", "detail", "pollutant", "item"),
    "ecosystem_result": ("service", "ecosystem"),
    "total_result": ("category",),
}
"""Result table → the columns that name a row of an account."""
HEAD = (
    "county",
    "year",
    "standard",
    "run",
    "price_index",
    "constant_year",
    "made_at",
    "program",
    "reason",
    "inputs_sha256",
    "coefficients_sha256",
    "rules_sha256",
    "results_sha256",
)
_EVENT = ("event", "happened_at", "kind", "account_sha256", "who", "note")


def make_certificate(connection: duckdb.DuckDBPyConnection, place: AccountKey) -> dict[str, Any]:
    """Return the certificate of an account as plain values: sections in the order in which they are used, and their hashes."""
    kept = read_record(connection, place.run, place.account)
    names = connection.execute("SELECT name_zh, name_en FROM region WHERE code = ?", [place.county]).fetchall()
    zh, en = names[0] if names else ("", "")
    standard = json.loads(kept.head["standard_text"])
    about = {**{name: kept.head[name] for name in HEAD}, "name_zh": zh, "name_en": en, "files": json.loads(kept.head["files"])}
    about["year"], about["run"] = place.year, place.run
    about["constant_year"] = _year(kept.head["constant_year"])
    about["superseded_by"] = _superseded_by(connection, place)
    sections = {
        "format": FORMAT,
        "version": VERSION,
        "about": about,
        "standard": standard,
        "rules": [_rule(row) for row in records(kept.rules)],
        "lines": _lines(kept, Standard.model_validate(standard)),
        "inputs": records(kept.inputs),
        "not_applicable": [{"id": identity, "reason": reason} for identity, reason in sorted(kept.reasons.items())],
        "coefficients": [{name: value for name, value in row.items() if name != "ratio"} for row in records(kept.used)],
        "price_ratios": [
            {"price_index": kept.head["price_index"], "given": given, "wanted": wanted, "ratio": ratio}
            for (given, wanted), ratio in sorted(_ratios_needed(kept).items())
        ],
        "results": {name: _results(connection, name, place) for name in RESULTS},
        "notices": _rows(
            connection,
            "SELECT code, service, text_zh, text_en FROM notice WHERE run = ? AND account IN (-1, ?) ORDER BY ALL",
            [place.run, place.account],
        ),
        "explanations": _rows(
            connection,
            "SELECT check_code, grade, address, found, explanation FROM explanation WHERE run = ? AND account = ? ORDER BY ALL",
            [place.run, place.account],
        ),
        "events": _rows(
            connection,
            f"SELECT {', '.join(_EVENT)} FROM event WHERE run = ? AND account = ? ORDER BY event",  # noqa: S608 - our own names
            [place.run, place.account],
        ),
    }
    found: dict[str, Any] = plain(_no_nan_text(sections))
    found["hashes"] = sums_of(found)
    return found


def _superseded_by(connection: duckdb.DuckDBPyConnection, place: AccountKey) -> int | None:
    """Return the run that superseded an account by the time its certificate was made."""
    later = connection.execute(
        "SELECT superseded_by FROM account_state WHERE run = ? AND account = ?", [place.run, place.account]
    )
    found: int | None = later.fetchall()[0][0]
    return found


def certificate_text(found: dict[str, Any]) -> str:
    """Return a certificate as the text of its file: JSON, one row of a table a line."""
    parts = []
    for name, section in found.items():
        if isinstance(section, list) and section:
            rows = ",\n".join(_one_line(row) for row in section)
            parts.append(f'"{name}": [\n{rows}\n]')
        elif isinstance(section, dict):
            inner = ",\n".join(
                f'"{key}": '
                + ("[\n" + ",\n".join(_one_line(row) for row in value) + "\n]" if _is_table(value) else _one_line(value))
                for key, value in section.items()
            )
            parts.append(f'"{name}": {{\n{inner}\n}}')
        else:
            parts.append(f'"{name}": {_one_line(section)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def whole_hash(found: dict[str, Any]) -> str:
    """Return the hash of a whole certificate: what to publish or print beside it."""
    return str(found["hashes"][WHOLE])


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _no_nan_text(value: Any) -> Any:
    """Return values with pandas' ways to say nothing as None, and numpy's numbers as Python's."""
    match value:
        case dict():
            return {key: _no_nan_text(one) for key, one in value.items()}
        case list():
            return [_no_nan_text(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if value is not None and value != value else value  # noqa: PLR0124 - NaN and NaT alone differ from themselves


def _year(value: Any) -> int | None:
    return None if value is None or value != value else int(value)  # noqa: PLR0124 - NaN


def _rule(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "tree": json.loads(row["tree"]), "head": json.loads(row["head"])}


def _lines(kept: StoredRecord, standard: Standard) -> list[dict[str, Any]]:
    """Return which rules make up the quantity, price and value of each line of the services that count."""
    from gep.rules.catalogue import SERVICES

    stored = set(kept.rules["rule"])
    found = []
    for service, choice in standard.choices.items():
        if choice.value != "lines":
            continue
        for line in SERVICES[service].lines:
            if line.id not in standard.lines_of(service) or line.value.id not in stored:
                continue
            found.append(
                {
                    "service": service,
                    "category": SERVICES[service].category,
                    "line": line.id,
                    "title_zh": line.title.zh,
                    "title_en": line.title.en,
                    "value": line.value.id,
                    "detail": line.detail.id if line.detail is not None else None,
                    "quantities": [rule.id for rule in line.quantities],
                    "prices": [
                        None if price is None else price.id if isinstance(price, Rule) else write(price) for price in line.prices
                    ],
                }
            )
    return sorted(found, key=lambda one: list(SERVICE_TITLES).index(str(one["service"])))


def _ratios_needed(kept: StoredRecord) -> dict[tuple[int, int], float | None]:
    """Return the index ratios from every price year in the account to its own year and to the constant one."""
    given = {int(year) for frame in (kept.inputs, kept.used) for year in frame["price_year"] if year}
    wanted = {kept.year} | ({int(kept.head["constant_year"])} if _year(kept.head["constant_year"]) else set())
    return {pair: ratio for pair, ratio in kept.ratios.items() if pair[0] in given and pair[1] in wanted}


def _results(connection: duckdb.DuckDBPyConnection, name: str, place: AccountKey) -> list[dict[str, Any]]:
    columns, keys = ", ".join(RESULTS[name]), ", ".join(KEYS[name])
    return _rows(
        connection,
        f"SELECT {columns} FROM {name} WHERE run = ? AND account = ? ORDER BY {keys}",  # noqa: S608 - our own names
        [place.run, place.account],
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    found = connection.execute(sql, values)
    columns: Iterable[str] = [str(column[0]) for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
