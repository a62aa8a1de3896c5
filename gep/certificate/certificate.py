"""The certificate: one account as one self-contained file, with everything it takes to compute it again. See docs/certificate.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from gep.certificate.checksums import WHOLE, compute_checksums
from gep.formula.nodes import Rule
from gep.formula.stored import write
from gep.messages.plain import make_plain
from gep.reference.periods import as_year, is_period
from gep.reference.services import SERVICE_TITLES
from gep.standards.model import Standard
from gep.store.chain import read_head
from gep.store.record import read_record, read_records
from gep.store.results import find_superseding_run, list_events, list_explained, list_notices, list_results, read_names

if TYPE_CHECKING:
    from gep.store.keys import AccountKey
    from gep.store.record import StoredRecord
    from gep.store.rows import Connection

FORMAT, VERSION = "gep-certificate", 1
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


def make_certificate(connection: Connection, place: AccountKey) -> dict[str, Any]:
    """Return the certificate of an account as plain values: sections in the order in which they are used, and their hashes.

    docs/certificate.md describes the sections.
    """
    kept = read_record(connection, place.run, place.account)
    zh, en = read_names(connection, place.county, place.year)
    standard = json.loads(kept.head["standard_text"])
    about = {**{name: kept.head[name] for name in HEAD}, "name_zh": zh, "name_en": en, "files": json.loads(kept.head["files"])}
    about["year"], about["run"] = int(place.year), place.run
    if is_period(place.year):
        about["period"] = str(as_year(place.year))
    about["constant_year"] = _year(kept.head["constant_year"])
    about["superseded_by"] = find_superseding_run(connection, place)
    head = read_head(connection)
    about["chain_link"], about["chain_sha256"] = head.link, head.sha256
    sections = {
        "format": FORMAT,
        "version": VERSION,
        "about": about,
        "standard": standard,
        "rules": [_rule(row) for row in read_records(kept.rules)],
        "lines": _lines(kept, Standard.model_validate(standard)),
        "inputs": read_records(kept.inputs),
        "not_applicable": [{"id": identity, "reason": reason} for identity, reason in sorted(kept.reasons.items())],
        "coefficients": [{name: value for name, value in row.items() if name != "ratio"} for row in read_records(kept.used)],
        "price_ratios": [
            {"price_index": kept.head["price_index"], "given": given, "wanted": wanted, "ratio": ratio}
            for (given, wanted), ratio in sorted(_ratios_needed(kept).items())
        ],
        "results": list_results(connection, place),
        "notices": list_notices(connection, place),
        "explanations": list_explained(connection, place),
        "events": list_events(connection, place),
    }
    found: dict[str, Any] = make_plain(_no_nan_text(sections))
    found["hashes"] = compute_checksums(found)
    return found


def write_certificate_text(found: dict[str, Any]) -> str:
    """Return a certificate as the text of its file: JSON, one row of a table a line.

    Parameters
    ----------
    found : what `make_certificate` returned
    """
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


def find_whole_hash(found: dict[str, Any]) -> str:
    """Return the hash of a whole certificate, to be published or printed beside it.

    Parameters
    ----------
    found : what `make_certificate` returned
    """
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
    services = standard.known_services
    stored = set(kept.rules["rule"])
    found = []
    for service, choice in standard.choices.items():
        if choice.value != "lines":
            continue
        for line in services[service].lines:
            if line.id not in standard.lines_of(service) or line.value.id not in stored:
                continue
            found.append(
                {
                    "service": service,
                    "category": services[service].category,
                    "line": line.id,
                    "title_zh": line.title.zh,
                    "title_en": line.title.en,
                    "value": line.value.id,
                    "detail": line.detail.id if line.detail is not None else None,
                    "quantities": [rule.id for rule in line.quantities],
                    "prices": [
                        None if price is None or standard.physical else price.id if isinstance(price, Rule) else write(price)
                        for price in line.prices
                    ],
                }
            )
    return sorted(found, key=lambda one: list(SERVICE_TITLES).index(str(one["service"])))


def _ratios_needed(kept: StoredRecord) -> dict[tuple[int, int], float | None]:
    """Return the index ratios from every price year in the account to its own year and to the constant one."""
    given = {int(year) for frame in (kept.inputs, kept.used) for year in frame["price_year"] if year}
    wanted = {kept.year} | ({int(kept.head["constant_year"])} if _year(kept.head["constant_year"]) else set())
    return {pair: ratio for pair, ratio in kept.ratios.items() if pair[0] in given and pair[1] in wanted}
