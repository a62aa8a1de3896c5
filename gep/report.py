"""The report of one account: what the store holds, laid out through templates/. Jinja and WeasyPrint are known here only."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from gep.coefficients import UNVERIFIED
from gep.explain import Explained, explain
from gep.files import write_file
from gep.formula.show import number
from gep.labels import ecosystems, member_title
from gep.places import TEMPLATES
from gep.problems import Problem, Problems
from gep.query import shown_accounts
from gep.reasons import explain_missing
from gep.rebuilding import address, rebuild, records
from gep.rules import COEFFICIENTS, RULES, SERVICES
from gep.service import CATEGORIES, SERVICE_TITLES
from gep.text import STATUS, said
from gep.units import printed_unit
from gep.variables import VARIABLES

if TYPE_CHECKING:
    import duckdb

    from gep.rebuilding import Rebuilt

YI = 1e8
"""Values are printed in 亿元."""
_SUBSCRIPTS = str.maketrans({"₂": "2", "₀": "0"})


def write_report(connection: duckdb.DuckDBPyConnection, run: int, account: int, target: Path, lang: str) -> None:
    """Write the report of an account as PDF or HTML, by the ending of the target; whole or not at all.

    Raises
    ------
    Problems : a target that is neither .pdf nor .html, or cannot be written
    """
    if target.suffix.lower() not in {".pdf", ".html"}:
        raise Problems(
            [Problem(str(target), 0, f"reports are not written as {target.suffix or 'a file without ending'}", ".pdf or .html")]
        )
    html = render(connection, run, account, lang)
    content = html.encode() if target.suffix.lower() == ".html" else _pdf(html)
    write_file(target, content, "report")


def render(connection: duckdb.DuckDBPyConnection, run: int, account: int, lang: str) -> str:
    """Return the report as one HTML page; everything that comes from inputs is escaped."""
    head = shown_accounts(connection, run, account)[0]
    rebuilt = rebuild(connection, run, account)
    rows = {
        name: connection.execute(f"SELECT * FROM {name} WHERE run = ? AND account = ?", [run, account]).df().pipe(records)  # noqa: S608 - our own names
        for name in ("line_result", "ecosystem_result", "input_row")
    }
    words = yaml.safe_load((TEMPLATES / "texts.yaml").read_text("utf-8"))[lang]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("report.html").render(_context(head, rebuilt, rows, words, lang))


def _context(
    head: dict[str, Any], rebuilt: Rebuilt, rows: dict[str, list[dict[str, Any]]], words: dict[str, str], lang: str
) -> dict[str, Any]:
    coverage = (
        f"本总值只含标准所列且适用的 {head['services_counted']} 项服务中已核算的 {head['services_accounted']} 项;其余缺数据,不按零计。"
        if lang == "zh"
        else f"This total covers {head['services_accounted']} of the {head['services_counted']} services that the standard counts and that apply; the rest is missing, not zero."
    )
    standard = rebuilt.standard
    basis = (
        f"{head['year']} 年当年价;价格指数 {standard.price_index}"
        if lang == "zh"
        else f"current prices of {head['year']}; price index {standard.price_index}"
    )
    css = (TEMPLATES / "report.css").read_text("utf-8")
    extent, extent_total = _extent(rebuilt, lang)
    return {
        "lang": lang, "t": words, "css": Markup(css), "county": head["name_zh"] if lang == "zh" else head["name_en"], "code": head["county"],
        "year": head["year"], "total": _yi(head["gep"]), "coverage": coverage, "price_basis": basis,
        "standard": {"id": standard.id, "title": getattr(standard.title, lang), "number": standard.number, "notes": [said(note, lang) for note in standard.notes]},
        "run": {"run": head["run"], "made_at": f"{rebuilt.head['made_at']:%Y-%m-%d %H:%M}", "program": rebuilt.head["program"], "results_sha256": head["results_sha256"]},
        "summary": _summary(head, lang), "extent": extent, "extent_total": extent_total, "services": _services(head, lang),
        "lines": _lines(rows["line_result"], lang), "values": _values(head, lang), "constant_year": head["constant_year"],
        "matrix": _matrix(rows["ecosystem_result"], words, lang), "indices": _indices(head, words, lang), "methods": _methods(rebuilt, head, lang),
        "notices": [{"name": _service_name(one["service"], lang), "text": one[f"text_{lang}"]} for one in head["notices"]],
        "inputs": [_input(row, lang) for row in rows["input_row"]], "coefficients": _coefficients(rebuilt, _asked(rebuilt, head), lang),
    }  # fmt: skip


def _yi(value: float | None) -> str:
    return "—" if value is None or math.isnan(value) else f"{value / YI:,.4f}"


def _unit(text: str | None) -> Markup:
    """Return a unit as HTML: the shipped font has no subscript figures."""
    shown = escape(printed_unit(text or ""))
    return Markup(shown.replace("O₂", Markup("O<sub>2</sub>")))


def _amount(value: float | None, unit: str | None) -> Markup:
    if value is None or math.isnan(value):
        return Markup("")
    size = abs(value)
    shown = f"{value:,.2f}" if size >= 1 or size == 0 else f"{value:.4g}"
    return Markup(f"{escape(shown)} {_unit(unit)}")


def _service_name(identity: str | None, lang: str) -> str:
    return SERVICE_TITLES[identity][1][lang] if identity in SERVICE_TITLES else (identity or "")


def _summary(head: dict[str, Any], lang: str) -> list[str]:
    name = head["name_zh"] if lang == "zh" else head["name_en"]
    found = []
    services = sorted((one for one in head["services"] if one["status"] == "accounted"), key=lambda one: -(one["value"] or 0))
    lacking = [one for one in head["services"] if one["status"] == "no data"]
    if lang == "zh":
        found.append(f"{name} {head['year']} 年已核算的生态产品价值为 {_yi(head['gep'])} 亿元(当年价)。")
        if services:
            largest = "、".join(f"{_service_name(one['service'], lang)} {_yi(one['value'])} 亿元" for one in services[:3])
            found.append(f"已核算服务中价值最大的是:{largest}。")
        if lacking:
            found.append(
                f"缺数据而未核算的有 {len(lacking)} 项:{'、'.join(_service_name(one['service'], lang) for one in lacking)}。"
            )
    else:
        found.append(
            f"The ecosystem services of {name} accounted for in {head['year']} are worth {_yi(head['gep'])} × 1e8 CNY at current prices."
        )
        if services:
            largest = ", ".join(f"{_service_name(one['service'], lang)} {_yi(one['value'])}" for one in services[:3])
            found.append(f"The largest among them (1e8 CNY): {largest}.")
        if lacking:
            found.append(
                f"{len(lacking)} services lack data: {', '.join(_service_name(one['service'], lang) for one in lacking)}."
            )
    return found


def _extent(rebuilt: Rebuilt, lang: str) -> tuple[list[dict[str, str]], str]:
    area = rebuilt.inputs[(rebuilt.inputs["variable"] == "area") & (rebuilt.inputs["value"] > 0)]
    whole = float(area["value"].sum())
    order = list(ecosystems())
    rows = sorted(zip(area["ecosystem"], area["value"], strict=True), key=lambda row: order.index(row[0]))
    return [
        {
            "name": member_title("ecosystem", name)[lang],
            "area": f"{value:,.2f}",
            "share": f"{value / whole:.1%}".replace("%", " %"),
        }
        for name, value in rows
    ], f"{whole:,.2f}"


def _services(head: dict[str, Any], lang: str) -> list[dict[str, str]]:
    found = []
    for one in head["services"]:
        reason = said(one["reason"] or "", lang)
        if one["missing"]:
            reason = ("缺:" if lang == "zh" else "lacks ") + explain_missing(one["missing"], lang, head["year"])
        found.append(
            {
                "name": _service_name(one["service"], lang),
                "status": STATUS[one["status"]][0 if lang == "zh" else 1],
                "reason": reason,
            }
        )
    return found


def _lines(rows: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    found = []
    titles = {line.id: line.title for service in SERVICES.values() for line in service.lines}
    for row in rows:
        if row["value"] != row["value"] and row["quantity"] != row["quantity"]:
            continue
        if row["value"] is None and row["quantity"] is None:
            continue
        title = titles[row["line"]][lang]
        service = _service_name(row["service"], lang)
        item = member_title("pollutant", row["pollutant"])[lang] if row["pollutant"] else row["item"] or ""
        found.append(
            {"name": title if title == service else f"{service} · {title}", "item": item, "quantity": _amount(row["quantity"], row["quantity_unit"]),
             "price": _amount(row["unit_price"], row["price_unit"]), "value": _yi(row["value"]), "minor": row["detail"]}
        )  # fmt: skip
    return found


def _values(head: dict[str, Any], lang: str) -> list[dict[str, Any]]:
    found = []
    whole = head["gep"]

    def add(name: str, value: float | None, constant: float | None, *, is_sum: bool) -> None:
        share = f"{value / whole:.1%}".replace("%", " %") if value is not None and whole else "—"
        found.append({"name": name, "value": _yi(value), "constant": _yi(constant), "share": share, "sum": is_sum})

    for category, title in CATEGORIES.items():
        inside = [one for one in head["services"] if one["category"] == category and one["status"] == "accounted"]
        for one in inside:
            add(_service_name(one["service"], lang), one["value"], one["value_constant"], is_sum=False)
        add(title[lang], head[category], head[f"{category}_constant"], is_sum=True)
    add("GEP", whole, head["gep_constant"], is_sum=True)
    return found


def _matrix(rows: list[dict[str, Any]], words: dict[str, str], lang: str) -> dict[str, Any]:
    spread = {row["service"] for row in rows if row["ecosystem"]}
    services = [name for name in SERVICE_TITLES if name in spread]
    cells = {(row["ecosystem"], row["service"]): row["value"] for row in rows}
    types = [name for name in ("", *ecosystems()) if any(cells.get((name, one)) for one in services)]
    return {
        "services": [_service_name(name, lang) for name in services],
        "rows": [
            {
                "name": member_title("ecosystem", name)[lang] if name else words["whole"],
                "cells": [_yi(cells.get((name, one))) for one in services],
            }
            for name in types
        ],
    }


def _indices(head: dict[str, Any], words: dict[str, str], lang: str) -> list[dict[str, str]]:
    found = []
    if head["gep_per_km2"] is not None:
        found.append(
            {
                "name": words["per_km2"],
                "value": f"{head['gep_per_km2'] / 1e4:,.2f} {'万元/km²' if lang == 'zh' else '1e4 CNY/km²'}",
            }
        )
    if head["gep_per_head"] is not None:
        found.append({"name": words["per_head"], "value": f"{head['gep_per_head']:,.2f} {'元' if lang == 'zh' else 'CNY'}"})
    if head["gep_per_gdp"] is not None:
        found.append({"name": words["per_gdp"], "value": f"{head['gep_per_gdp']:.4f}"})
    return found


def _methods(rebuilt: Rebuilt, head: dict[str, Any], lang: str) -> list[dict[str, Any]]:
    found = []
    shown: set[str] = set()
    for one in head["services"]:
        if one["status"] != "accounted":
            continue
        parts: dict[str, list[Explained]] = {}
        for part in explain(rebuilt, f"{one['service']}.value"):
            if math.isnan(part.value):
                continue
            parts.setdefault(part.rule, []).append(part)
        rules = [_rule(name, cells, lang) for name, cells in parts.items() if name not in shown or name not in RULES]
        shown |= set(parts)
        found.append({"name": _service_name(one["service"], lang), "rules": rules})
    return found


def _rule(name: str, cells: list[Explained], lang: str) -> dict[str, Any]:
    first = cells[0]
    return {
        "title": (first.title_zh if lang == "zh" else first.title_en), "members": "", "html": Markup(first.html), "mark": first.mark,
        "mark_class": _mark_class(first.mark), "source": f"{name} ({first.variant}); {first.source}, {first.clause}",
        "lines": [{"members": _member_names(cell.members, lang), "numbers": cell.numbers, "value": number(cell.value), "unit": _unit(cell.unit)} for cell in cells],
    }  # fmt: skip


def _member_names(members: str, lang: str) -> str:
    return " ".join(member_title("ecosystem", name)[lang] if name in ecosystems() else name for name in members.split())


def _mark_class(mark: str) -> str:
    return "Km" if mark in UNVERIFIED else "V"


def _input(row: dict[str, Any], lang: str) -> dict[str, Any]:
    leaf = VARIABLES.get(row["variable"], COEFFICIENTS.get(row["variable"]))
    members = [member_title(axis, row[axis])[lang] for axis in ("ecosystem", "pollutant") if row[axis]] + (
        [row["product"]] if row["product"] else []
    )
    return {
        "name": leaf.title[lang] if leaf is not None else row["variable"], "member": " ".join(members),
        "given": Markup(f"{escape(row['value_given'])} {_unit(row['unit_given'])}"), "source": row["source"] or "", "note": row["note"] or "",
        "address": address(row),
    }  # fmt: skip


def _asked(rebuilt: Rebuilt, head: dict[str, Any]) -> set[str]:
    """Return the leaves that the accounted services rest on."""
    return {
        origin.id
        for one in head["services"]
        if one["status"] == "accounted"
        for part in explain(rebuilt, f"{one['service']}.value")
        for origin in part.origins
    }


def _coefficients(rebuilt: Rebuilt, asked: set[str], lang: str) -> list[dict[str, Any]]:
    found = []
    for row in rebuilt.used.pipe(records):
        if row["variable"] not in asked:
            continue
        leaf = COEFFICIENTS.get(row["variable"])
        members = [member_title(axis, row[axis])[lang] for axis in ("ecosystem", "pollutant") if row[axis]] + (
            [row["product"]] if row["product"] else []
        )
        ratio = row["ratio"] if row["price_year"] else 1.0
        used = (
            _amount(row["computed"] * ratio, leaf.unit if leaf is not None else "")
            if ratio is not None and not math.isnan(ratio)
            else Markup("—")
        )
        found.append(
            {"name": leaf.title[lang] if leaf is not None else row["variable"], "member": " ".join(members), "given": Markup(f"{row['value']:g} {_unit(row['unit'])}"),
             "used": used, "source": f"{row['source']}, {row['locator']} ({row['region']}); {row['address']}", "mark": row["mark"], "mark_class": _mark_class(row["mark"])}
        )  # fmt: skip
    return found


def _pdf(html: str) -> bytes:
    from weasyprint import HTML

    content: bytes = HTML(string=html, base_url=f"{TEMPLATES.as_uri()}/", url_fetcher=_fetch).write_pdf()
    return content


def _fetch(url: str, *_: object, **__: object) -> Any:
    """Give WeasyPrint files of the templates folder, and nothing else."""
    path = Path(unquote(urlparse(url).path)).resolve()
    if urlparse(url).scheme != "file" or not path.is_relative_to(TEMPLATES.resolve()):
        message = f"the report may not load {url}"
        raise ValueError(message)
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["file"]).fetch(path.as_uri())
