"""How results are printed on a terminal of 80 columns: money with its unit, names in two languages, wide characters."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from gep.findings import GRADES
from gep.messages import in_language
from gep.units import printed_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gep.changes import Comparison
    from gep.contrasts import Contrasts
    from gep.explain import Explained
    from gep.findings import Finding
    from gep.history import Change, Entry
    from gep.verification import Verification

WIDTH = 80
STATUS = {
    "accounted": ("已核算", "accounted"), "no data": ("缺数据", "no data"), "not applicable": ("不适用", "not applicable"),
    "excluded": ("标准不计", "excluded"),
}  # fmt: skip
STATE = {
    "draft": ("草稿", "draft"), "submitted": ("已送审", "submitted"), "approved": ("已批准", "approved"), "returned": ("已退回", "returned"),
}  # fmt: skip
CATEGORY_ORDER = ("material", "regulating", "cultural")


def width(text: str) -> int:
    """Return how many columns a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text filled up to a number of columns."""
    space = " " * max(columns - width(text), 0)
    return space + text if right else text + space


def money(value: float | None) -> str:
    """Return money for people, in the unit of `money_unit`; four decimals."""
    return "—" if value is None or math.isnan(value) else f"{value / 1e8:,.4f}"


def money_unit(lang: str) -> str:
    """Return the unit that `money` prints in."""
    return "亿元" if lang == "zh" else "1e8 CNY"


def quantity(value: float | None, unit: str | None) -> str:
    """Return a quantity with its unit."""
    if value is None or math.isnan(value):
        return ""
    shown = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
    return f"{shown} {printed_unit(unit or '')}".strip()


_TOKENS = re.compile(r"\s|[（“《]*(?:[\x21-\x7e]+|\S)[，。；：、）”》]*")
"""Runs of Latin letters, else single letters; no line begins with a closing sign or ends with an opening one."""


def wrapped(text: str, first: str, rest: str) -> list[str]:
    """Break a text so that it fits: at spaces and beside Chinese characters, never inside an id or a number."""
    lines, current = [], first
    for token in _TOKENS.findall(text):
        if current.strip() and width(current) + width(token) > WIDTH:
            lines.append(current.rstrip())
            current = rest
        if token.isspace() and not current.strip():
            continue
        current += token
    lines.append(current.rstrip())
    return lines


def said(text: str, lang: str) -> str:
    """Return one language of a text written in two, divided by a bar."""
    zh, bar, en = text.partition(" | ")
    return (zh if lang == "zh" else en) if bar else text


def account_lines(found: dict[str, Any], lang: str) -> Iterator[str]:
    """Yield the summary of one account."""
    from gep.reasons import explain_missing
    from gep.service import CATEGORIES, SERVICE_TITLES

    zh = lang == "zh"
    name = found["name_zh"] if zh else found["name_en"]
    yield f"{name} {found['county']}  {found['year']}  {found['standard']}  run {found['run']}"
    yield from wrapped(found[f"state_{lang}"], "", "  ")
    yield ""
    head = ("服务", "状态", "价值") if zh else ("service", "status", "value")
    yield f"{pad(head[0], 28)}{pad(head[1], 16)}{pad(f'{head[2]} ({money_unit(lang)})', 18, right=True)}"
    for category in CATEGORY_ORDER:
        services = [one for one in found["services"] if one["category"] == category and one["status"] != "excluded"]
        if not services:
            continue
        yield f"{pad(CATEGORIES[category][lang], 44)}{pad(money(found[category]), 18, right=True)}"
        for one in services:
            status = STATUS[one["status"]][0 if zh else 1]
            yield f"  {pad(SERVICE_TITLES[one['service']][1][lang], 26)}{pad(status, 16)}{pad(money(one['value']), 18, right=True)}"
        for part in found["roll_ups"]:
            if part["category"] == category:
                covered = f"{part['accounted']}/{part['counted']}"
                label = f"  其中{part['title_zh']}({covered} 项)" if zh else f"  of which {part['title_en']} ({covered})"
                yield f"{pad(label, 44)}{pad(money(part['value']), 18, right=True)}"
    yield f"{pad('生态产品总值 GEP' if zh else 'GEP', 44)}{pad(money(found['gep']), 18, right=True)}"
    covered = f"{found['services_accounted']}/{found['services_counted']}"
    yield f"  只含已核算的 {covered} 项服务" if zh else f"  covers {covered} services; the rest is missing, not zero"
    if found["constant_year"] is not None:
        label = f"  {found['constant_year']} 年不变价" if zh else f"  in prices of {found['constant_year']}"
        yield f"{pad(label, 44)}{pad(money(found['gep_constant']), 18, right=True)}"
    ratios = (
        ("gep_per_km2", "单位面积", "per km²", 1e4, "万元/km²", "1e4 CNY"),
        ("gep_per_head", "人均", "per head", 1.0, "元", "CNY"),
        ("gep_per_gdp", "GEP/GDP", "GEP/GDP", 1.0, "", ""),
    )
    for key, in_zh, in_en, scale, unit_zh, unit_en in ratios:
        if found[key] is not None:
            yield f"{pad('  ' + (in_zh if zh else in_en), 44)}{pad(f'{found[key] / scale:,.2f} {unit_zh if zh else unit_en}'.strip(), 18, right=True)}"
    lacking = [one for one in found["services"] if one["status"] == "no data"]
    if lacking:
        yield ""
        yield "缺数据的服务和所缺内容:" if zh else "services without data, and what they lack:"
        for one in lacking:
            text = f"{SERVICE_TITLES[one['service']][1][lang]}: {explain_missing(one['missing'], lang, found['year'])}"
            yield from wrapped(text, "  ", "    ")
    apart = [one for one in found["services"] if one["status"] == "not applicable"]
    if apart:
        yield ""
        yield "不适用的服务:" if zh else "services that do not apply:"
        for one in apart:
            yield from wrapped(f"{SERVICE_TITLES[one['service']][1][lang]}: {said(one['reason'], lang)}", "  ", "    ")
    notices = [one for one in found["notices"] if one["code"] not in {"unverified", "review"}]
    unverified = sum(1 for one in found["notices"] if one["code"] == "unverified")
    if notices:
        yield ""
        yield "注意:" if zh else "notices:"
        key = f"text_{lang}"
        for text in sorted({one[key] for one in notices}):
            concerned = ", ".join(
                SERVICE_TITLES[one["service"]][1][lang]
                for one in notices
                if one[key] == text and one["service"] in SERVICE_TITLES
            )
            yield from wrapped(f"{text} ({concerned})" if concerned else text, "  ", "    ")
    if unverified:
        yield ""
        text = (
            f"有 {unverified} 条未核实的方法说明,见报告和 gep query"
            if zh
            else f"{unverified} statements on method are unverified; the report lists them"
        )
        yield from wrapped(text, "", "  ")


def list_lines(found: Iterable[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield one line an account."""
    zh = lang == "zh"
    heads = ("代码", "县", "年", "标准", f"GEP ({money_unit(lang)})", "项", "状态")
    heads = heads if zh else ("code", "county", "year", "standard", f"GEP ({money_unit(lang)})", "of", "state")
    yield (
        f"{pad(heads[0], 7)}{pad(heads[1], 16)}{pad(heads[2], 5)}{pad(heads[3], 14)}{pad(heads[4], 14, right=True)}"
        f"{pad(heads[5], 6, right=True)}  {heads[6]}"
    )
    for one in found:
        name = (one["name_zh"] if zh else one["name_en"]) or ""
        covered = f"{one['services_accounted']}/{one['services_counted']}"
        yield (
            f"{pad(one['county'], 7)}{pad(name, 16)}{one['year']:<5}{pad(one['standard'], 14)}{pad(money(one['gep']), 14, right=True)}"
            f"{pad(covered, 6, right=True)}  {_state(one, lang)}"
        )


def _state(one: dict[str, Any], lang: str) -> str:
    """Return the state of review in a word or two: `draft, 3→5` is an approval of run 3 that run 5 voided."""
    zh = lang == "zh"
    if one["hash_matches"] is False:
        return "哈希不符" if zh else "hash differs"
    text = STATE[one["state"]][0 if zh else 1]
    if one["state"] != "approved" and one["voided_run"] is not None:
        return (
            f"{text},{one['voided_by']} 作废 {one['voided_run']}"
            if zh
            else f"{text}, {one['voided_by']} voids {one['voided_run']}"
        )
    return text


def trace_lines(parts: Sequence[Explained], lang: str) -> Iterator[str]:
    """Yield rules one after the other: formula, the formula in numbers, the origin of each number."""
    from gep.formula.show import number

    for part in parts:
        title = part.title_zh if lang == "zh" else part.title_en
        members = f"  [{part.members}]" if part.members else ""
        yield from wrapped(f"{title}  {part.rule} ({part.variant}){members}", "", "  ")
        yield from wrapped(part.formula, "  ", "      ")
        yield from wrapped(f"= {part.numbers}", "    ", "      ")
        yield f"    = {number(part.value)} {printed_unit(part.unit)}".rstrip()
        yield from wrapped(f"{part.source}, {part.clause} [{part.mark}]", "    ", "    ")
        for origin in part.origins:
            name = origin.title_zh if lang == "zh" else origin.title_en
            yield from wrapped(
                f"{origin.symbol} {origin.members + ' ' if origin.members else ''}= {number(origin.value)} {printed_unit(origin.unit)}"
                f" ← {origin.as_given} {origin.steps}".rstrip() + f"  {name}", "      ", "        ",
            )  # fmt: skip
            mark = f" [{origin.mark}]" if origin.mark else ""
            yield from wrapped(f"{origin.address}  {origin.source}{mark}", "        ", "        ")
            if origin.beaten:
                yield from wrapped(f"{'优先于' if lang == 'zh' else 'preferred to'} {origin.beaten}", "        ", "        ")
        yield ""


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


MOST_DIFFERENCES = 50


def verification_lines(file: str, found: Verification) -> Iterator[str]:
    """Yield what came out of verifying a certificate."""
    places = found.differences
    if places:
        yield f"{file}: differs at {len(places):,} place{'s' if len(places) != 1 else ''}"
        for place in places[:MOST_DIFFERENCES]:
            yield f"  {place.path or 'the whole file'}"
            said = "by recomputing" if place.kind == "recomputed" else "expected"
            yield from wrapped(f"{'found':<15}{place.found}", "    ", " " * 19)
            yield from wrapped(f"{said:<15}{place.expected}", "    ", " " * 19)
        if len(places) > MOST_DIFFERENCES:
            yield f"  ... and {len(places) - MOST_DIFFERENCES:,} more; --format json lists all of them"
        return
    about = found.about
    yield f"{file}: equal"
    yield f"  {about['county']} {about['name_zh']} {about['year']}  {about['standard']}  run {about['run']}  gep {about['program']}"
    if about.get("superseded_by") is not None:
        yield f"  superseded by run {about['superseded_by']} when the certificate was made"
    yield f"  GEP {found.total:,.2f} CNY/yr" if found.total is not None else "  no service is accounted for"
    yield f"  {found.inputs:,} inputs and {found.coefficients:,} coefficients converted again, {found.rules:,} rules checked and evaluated"
    exact = "all to the last bit" if not found.rounded else f"{found.rounded:,} of them to 12 digits"
    yield f"  {found.numbers:,} numbers of the results computed again, {exact}"
    for one in found.events:
        note = f": {one['note']}" if one["note"] else ""
        yield from wrapped(f"{one['kind']} by {one['who']} {one['happened_at'][:16]} UTC{note}", "  ", "    ")
    if not found.events:
        yield "  not signed"
    yield f"  account sha256 {found.account_sha256}"
    yield f"  whole {found.whole}"


CAUSE_WORDS = {
    "quantity": ("实物量", "quantity"), "price": ("价格", "price"), "coefficient": ("参数", "coefficients"), "coverage": ("覆盖范围", "coverage"),
    "rules": ("规则", "rules"), "formula": ("方法", "formula"), "members": ("计入类型", "members counted"), "rounding": ("取整", "rounding"),
}  # fmt: skip
"""Cause of a change → what it is called."""


def yuan(amount: int | None, *, signed: bool = False) -> str:
    """Return fen as yuan with two decimals."""
    if amount is None:
        return "—"
    sign = "-" if amount < 0 else "+" if signed else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def comparison_lines(found: Comparison, name: str, lang: str) -> Iterator[str]:
    """Yield what moved an account from one year to another, service by service, in two price bases side by side."""
    from gep.service import SERVICE_TITLES

    zh = lang == "zh"
    at = 0 if zh else 1
    one, other = found.years
    yield f"{found.county} {name}  {one} → {other}  {found.standard}  (run {found.runs[0]} → run {found.runs[1]})"
    heads = ["当年价(元)" if zh else "current prices (CNY)"]
    if found.constant:
        heads.append(f"{found.constant_year} 年不变价(元)" if zh else f"prices of {found.constant_year} (CNY)")
    yield pad("", 26) + "".join(pad(head, 26, right=True) for head in heads)
    constant = {split.name: split for split in found.constant}
    for split in found.current:
        pair = [split, constant[split.name]] if split.name in constant else [split]
        title = ("生态产品总值 GEP" if zh else "GEP") if split.name == "gep" else SERVICE_TITLES[split.name][1][lang]
        yield title
        yield pad(f"  {one}", 26) + "".join(pad(yuan(part.one), 26, right=True) for part in pair)
        for cause, words in CAUSE_WORDS.items():
            if any(part.parts.get(cause) for part in pair):
                yield pad(f"    {words[at]}", 26) + "".join(
                    pad(yuan(part.parts.get(cause, 0), signed=True), 26, right=True) for part in pair
                )
        yield pad(f"  {other}", 26) + "".join(pad(yuan(part.other), 26, right=True) for part in pair)
    if not found.constant:
        yield "没有价格指数,无不变价" if zh else "no constant prices: there is no price index for them"
    if found.neither:
        names = ("、" if zh else ", ").join(SERVICE_TITLES[service][1][lang] for service in found.neither)
        yield ""
        yield from wrapped(f"两年都未核算:{names}" if zh else f"accounted for in neither year: {names}", "", "  ")


def contrast_lines(found: Contrasts, name: str, lang: str) -> Iterator[str]:
    """Yield an account under two standards, service by service, with what each difference comes from."""
    from gep.reasons import explain_missing
    from gep.service import SERVICE_TITLES

    zh = lang == "zh"
    at = 0 if zh else 1
    yield f"{found.county} {name}  {found.year}  (run {found.runs[0]}, run {found.runs[1]};{' 元' if zh else ' CNY'})"
    yield pad("", 32) + "".join(pad(standard, 24, right=True) for standard in found.standards)
    for one in found.services:
        yield pad(SERVICE_TITLES[one.service][1][lang], 32) + "".join(
            pad(yuan(value) if value is not None else STATUS[status][at], 24, right=True)
            for value, status in zip((one.one, one.other), one.status, strict=True)
        )
        for line, before, after in one.lines:
            if before is None and after is None:
                continue
            yield pad(f"  {line}", 32) + pad(yuan(before), 24, right=True) + pad(yuan(after), 24, right=True)
        yield from _cause_lines(one.parts, at)
        if (one.status[0], one.missing[0]) != (one.status[1], one.missing[1]):
            for standard, status, reason, missing in zip(found.standards, one.status, one.reasons, one.missing, strict=True):
                why = said(reason, lang) or explain_missing(missing, lang, found.year)
                if why:
                    yield from wrapped(f"{standard}: {STATUS[status][at]}, {why}", "    · ", "      ")
        for text in one.because:
            yield from wrapped(text, "    · ", "      ")
    yield pad("生态产品总值 GEP" if zh else "GEP", 32) + "".join(
        pad(yuan(value), 24, right=True) for value in (found.one, found.other)
    )
    yield from _cause_lines(found.parts, at)


def _cause_lines(parts: dict[str, int], at: int) -> Iterator[str]:
    for cause, words in CAUSE_WORDS.items():
        if parts.get(cause):
            yield pad(f"    {words[at]}", 56) + pad(yuan(parts[cause], signed=True), 24, right=True)


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield a table in columns."""
    shown = [["" if cell is None else f"{cell:,.6g}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    widths = [min(max([width(name), *(width(row[at]) for row in shown)]), 40) for at, name in enumerate(columns)]
    yield "  ".join(pad(name, widths[at]) for at, name in enumerate(columns)).rstrip()
    for row in shown:
        yield "  ".join(pad(cell, widths[at]) for at, cell in enumerate(row)).rstrip()


def plain(found: Any) -> Any:
    """Return a value as JSON has it: NaN is null, times are text."""
    match found:
        case dict():
            return {key: plain(value) for key, value in found.items()}
        case list() | tuple():
            return [plain(value) for value in found]
        case float():
            return found if math.isfinite(found) else None
        case None | bool() | int() | str():
            return found
    return str(found)


def finding_lines(found: Sequence[Finding], lang: str) -> Iterator[str]:
    """Yield findings in full, worst first, and how many there are of each grade."""
    zh = lang == "zh"
    for one in found:
        where = f"{one.grade} {one.where}" + ("  " if one.where else "")
        yield from wrapped(where + in_language(one.found, lang), "", "  ")
        if one.rule:
            yield from wrapped(f"{'规则' if zh else 'rule'}  {in_language(one.rule, lang)}", "    ", "      ")
        if one.repair:
            yield from wrapped(f"{'修改' if zh else 'repair'}  {in_language(one.repair, lang)}", "    ", "      ")
        if one.explanation:
            yield from wrapped(f"{'说明' if zh else 'explained'}  {one.explanation}", "    ", "      ")
    counts = [(grade, sum(one.grade == grade for one in found)) for grade in GRADES]
    if zh:
        said_counts = "，".join(f"{grade} 级 {count} 条（{GRADES[grade][0]}）" for grade, count in counts if count)
    else:
        said_counts = ", ".join(f"{count} {grade} ({GRADES[grade][1]})" for grade, count in counts if count)
    yield from wrapped(said_counts or ("没有发现问题" if zh else "nothing found"), "", "  ")


def run_finding_lines(found: Sequence[Finding], lang: str) -> Iterator[str]:
    """Yield what a run says of findings: departments that are missing, and how much is open."""
    zh = lang == "zh"
    for one in found:
        if one.code == "department":
            yield from wrapped(in_language(one.found, lang), "", "  ")
    open_ones = {grade: sum(one.grade == grade and not one.explanation for one in found) for grade in "BC"}
    if any(open_ones.values()):
        b, c = open_ones.values()
        text = (
            f"数据校验：B 级 {b} 条待书面说明，C 级 {c} 条待确认；用 gep check 查看"
            if zh
            else f"checks: {b} B to be explained, {c} C to be confirmed; gep check lists them"
        )
        yield from wrapped(text, "", "  ")


def as_json(found: object) -> str:
    """Return anything as JSON."""
    return json.dumps(plain(found), ensure_ascii=False, indent=1, allow_nan=False)
