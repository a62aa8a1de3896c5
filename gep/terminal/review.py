"""How the reviewer's list is printed on a terminal of 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.account.missing import explain_missing
from gep.messages.layout import money, money_unit, wrapped
from gep.messages.words import STATUS, said
from gep.reference.services import SERVICE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gep.review.outliers import Outlier, Unusual
    from gep.review.review import Review, Weight

SHOWN = 12
"""How many parameters or estimates are printed; JSON has all."""


def review_lines(found: Review, lang: str) -> Iterator[str]:
    """Yield the reviewer's list, section by section; a section with nothing in it says so."""
    zh = lang == "zh"
    head = found.head
    yield f"{head['name_zh'] if zh else head['name_en']} {found.county}  {found.year}  {found.standard}  run {found.run}"
    yield from wrapped(head[f"state_{lang}"], "", "  ")
    yield f"sha256 {found.account_sha256}"
    covered = f"{head['services_accounted']}/{head['services_counted']}"
    yield f"GEP {money(head['gep'])} {money_unit(lang)}" + (f",已核算 {covered} 项" if zh else f", {covered} services")
    for one in found.does_not_follow:
        text = (
            f"!! {one['rule']}:库中为 {one['stored']},由库中输入重算为 {one['recomputed']};结果被改动"
            if zh
            else f"!! {one['rule']}: {one['stored']} is stored, the stored inputs give {one['recomputed']}; something was changed"
        )
        yield from wrapped(text, "", "   ")
    yield from _findings(found, lang)
    note = (
        "(份额:该数提高 1% 重算,GEP 变动百分数)"
        if zh
        else "(share: percent by which GEP changes when the figure is raised by 1 %)"
    )
    yield from _weights("2 未核实的参数" if zh else "2 unverified parameters", note, found.unverified, lang)
    for part in found.unverified_methods:
        text = (
            f"{part['statements']} 条方法说明未核实,所在服务占 GEP"
            if zh
            else f"{part['statements']} statements on method unverified; of GEP"
        )
        yield from wrapped(f"{_name(part['service'], lang)}: {text} {_percent(part['share'])}", "  ", "    ")
    yield from _weights("3 估算的输入" if zh else "3 estimated inputs", note, found.estimates, lang)
    yield from _unusual("4 与往年相比" if zh else "4 against the past", found.past, lang)
    yield from _unusual("5 与相近县相比(每 km²)" if zh else "5 against similar counties (per km²)", found.others, lang)
    yield from _not_accounted(found, lang)
    yield from _largest(found, lang)


def _findings(found: Review, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    yield ""
    yield f"1 未了结的 A、B 级问题:{len(found.findings)} 个" if zh else f"1 open findings of grade A and B: {len(found.findings)}"
    for one in found.findings:
        yield from wrapped(
            f"{one['grade']} {one['address']}: {one['found_zh' if zh else 'found']} ({one['check_code']})", "  ", "    "
        )
    if found.explained:
        yield (
            f"  另有 {found.explained} 个 B 级问题已书面说明"
            if zh
            else f"  {found.explained} more of grade B are explained in writing"
        )


def _weights(title: str, note: str, weights: tuple[Weight, ...], lang: str) -> Iterator[str]:
    zh = lang == "zh"
    yield ""
    yield from wrapped(f"{title} {note}", "", "  ")
    for one in weights[:SHOWN]:
        yield from wrapped(f"{_percent(one.share):>8}  {_title(one, lang)} {one.id} {_marks(one)}".rstrip(), "  ", "            ")
        where = ", ".join(one.addresses[:3]) + (" ..." if len(one.addresses) > 3 else "")  # noqa: PLR2004 - what fits a line
        yield from wrapped(where, "            ", "            ")
    if len(weights) > SHOWN:
        rest = len(weights) - SHOWN
        yield f"  还有 {rest} 个,见 --format json" if zh else f"  {rest} more; --format json lists them"
    if not weights:
        yield "  无" if zh else "  none"


def _unusual(title: str, found: Unusual, lang: str) -> Iterator[str]:
    yield ""
    yield from wrapped(f"{title}:{found.basis_zh}" if lang == "zh" else f"{title}: {found.basis_en}", "", "  ")
    for one in found.outliers:
        yield from wrapped(_outlier(one, lang), "  ", "    ")
    if found.compared and not found.outliers:
        yield f"  比较了 {found.compared} 项,无异常" if lang == "zh" else f"  {found.compared} compared, none stands out"


def _outlier(one: Outlier, lang: str) -> str:
    name = "GEP" if one.service == "gep" else _name(one.service, lang)
    z = "" if one.z is None else f", z = {one.z:+.1f}"
    value, usual = f"{one.value:,.0f}", f"{one.usual:,.0f}"
    return (
        f"{name}: {value},通常 {usual} 元,为其 {one.ratio:.2f} 倍{z}"
        if lang == "zh"
        else f"{name}: {value}, usual {usual} CNY, × {one.ratio:.2f}{z}"
    )


def _not_accounted(found: Review, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    yield ""
    yield f"6 未核算的服务:{len(found.not_accounted)} 项" if zh else f"6 services not accounted: {len(found.not_accounted)}"
    for one in found.not_accounted:
        why = explain_missing(one["missing"], lang, found.year) if one["status"] == "no data" else said(one["reason"] or "", lang)
        yield from wrapped(f"{_name(one['service'], lang)} ({STATUS[one['status']][0 if zh else 1]}): {why}", "  ", "    ")


def _largest(found: Review, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    yield ""
    if found.resting_on_largest is None:
        yield "7 没有系数承载本总值" if zh else "7 no coefficient carries the total"
        return
    share = _percent(found.resting_on_largest)
    text = (
        f"7 总值的 {share} 依赖最大的 {len(found.largest)} 个系数(每项服务按其中最大的份额计,不重复)"
        if zh
        else f"7 {share} of the total rests on the {len(found.largest)} largest coefficients (of each service, what the heaviest carries)"
    )
    yield from wrapped(text, "", "  ")
    for one in found.largest:
        yield from wrapped(f"{_percent(one.share):>8}  {_title(one, lang)} {one.id} {_marks(one)}".rstrip(), "  ", "            ")


def _name(service: str, lang: str) -> str:
    title: str = SERVICE_TITLES[service][1][lang]
    return title


def _title(one: Weight, lang: str) -> str:
    return one.title_zh if lang == "zh" else one.title_en


def _marks(one: Weight) -> str:
    return f"[{' '.join(one.marks)}]" if one.marks else ""


def _percent(share: Any) -> str:
    return "—" if share is None else f"{100 * share:.1f} %"
