"""Mutated tables and workbooks by the thousand, alone and among others in a folder, each held against what it means; `make fuzz` runs it.

    fuzz.py TABLES WORKBOOKS [FIRST]

Mutant `n` of a kind is drawn from the seed and its own number, so that parts run apart and each is made again alone.
"""

from __future__ import annotations

import csv
import io
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import openpyxl
import pandas as pd
from meanings import COLUMNS, ELSEWHERE, HOME, SIZES, Key, Said, list_meant, mutate
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from gep.inputs.read import gather
from gep.reference.members import read_ecosystems, read_pollutants
from gep.reference.regions import read_regions
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.applicable import APPLICABLE

if TYPE_CHECKING:
    from types import FrameType

    from gep.messages.problems import Problem

SEED = 20261128
LIMIT = 20
"""Seconds a reading may take."""
CLOSE = Fraction(1, 10**12)
TEXTS = (("csv", ","), ("csv", ";"), ("tsv", "\t"), ("tab", "\t"), ("txt", "|"), ("txt", ","))
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
PLAIN = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?")
PLACES = [code for code, one in read_regions().items() if one.level == "county" and not (one.valid_to or one.valid_from)][:1000]
KINDS = {"ecosystem": read_ecosystems(), "pollutant": read_pollutants()}


class TooSlowError(Exception):
    """A reading took longer than it may."""


def write_text(rows: list[Said], chance: random.Random, separator: str, *, damage: bool) -> tuple[bytes, str]:
    """Rows as a table of text, written as some program would; the bytes, and their encoding."""
    columns = list(COLUMNS)
    if chance.random() < 0.3:
        chance.shuffle(columns)
    if chance.random() < 0.2:
        columns.remove("note")
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if chance.random() < 0.2 else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=separator, lineterminator=chance.choice(["\n", "\r\n"]), quoting=quoting)
    writer.writerow(columns)
    for one in rows:
        if chance.random() < 0.05:
            writer.writerow([""] * len(columns))
        writer.writerow([one.cell(name) for name in columns])
    if chance.random() < 0.1:
        text.write("\n" * chance.randrange(1, 4))
    known = [
        name for name in ENCODINGS if not (name == "gb18030" and any(letter in text.getvalue() for letter in "\u200b\u00ad"))
    ]
    encoding = "utf-8" if damage and chance.random() < 0.5 else chance.choice(known)
    return text.getvalue().encode(encoding), encoding


def write_parquet(rows: list[Said], path: Path, chance: random.Random) -> bool:
    """Rows as Parquet, the values as text or as numbers; whether they are short numbers, which have fewer digits."""
    frame = pd.DataFrame([one.cells for one in rows], columns=list(COLUMNS))
    way = chance.randrange(3)
    try:
        numbers = [float(value) for value in frame["value"]]
    except ValueError:
        way = 0
    if way and all(re.fullmatch(r"[0-9.]+", value) for value in frame["value"]):
        frame["value"] = pd.Series(numbers, dtype="float64" if way == 1 else "float32")
    frame.to_parquet(path, index=chance.random() < 0.3)
    return str(frame["value"].dtype) == "float32"


def write_book(rows: list[Said], path: Path, chance: random.Random, county: str) -> bool:
    """Rows as a workbook as an office makes it; whether it must be refused for how a figure is shown."""
    book: Any = openpyxl.Workbook()
    book.active.title = "封面"
    for line in (("县区代码", county), ("核算年份", chance.choice(["2023", 2023]))):
        book.active.append(line)
    sheet = book.create_sheet("统计局")
    heads = ["编号", "类别", "单位", "数值", "数据来源", "备注"]
    if chance.random() < 0.3:
        chance.shuffle(heads)
    for _ in range(chance.randrange(3)):
        sheet.append(["某县核算数据"] if chance.random() < 0.5 else [])
    sheet.append(heads)
    refused = False
    for one in rows:
        if chance.random() < 0.05:
            sheet.append([])
        member = next(
            (KINDS[axis][one.cell(axis)].title.zh for axis in KINDS if one.cell(axis) in KINDS[axis]), one.cell("product")
        )
        said = {"编号": one.cell("variable"), "类别": member, "单位": one.cell("unit"), "数据来源": one.cell("source")}
        sheet.append([said.get(name, "") for name in heads])
        cell = sheet.cell(sheet.max_row, heads.index("数值") + 1)
        value = one.cell("value")
        plain = re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) is not None
        if plain and chance.random() < 0.75:
            cell.value = int(value) if "." not in value else float(value)
            refused = _show(cell, one, chance) or refused
        elif value:
            cell.value, cell.data_type = value, "s"
            if plain and chance.random() < 0.1:
                mark = (
                    InlineFont(vertAlign=chance.choice(["superscript", "subscript"]))
                    if chance.random() < 0.7
                    else InlineFont(strike=True)
                )
                cell.value = CellRichText(value, TextBlock(mark, chance.choice(["1", "2", "a"])))
                refused = True
    if chance.random() < 0.1:
        sheet.cell(sheet.max_row + chance.randrange(2, 3000), 4).number_format = "0.00"
    if chance.random() < 0.1:
        sheet.column_dimensions["B"].hidden = True
    book.save(path)
    return refused


def _show(cell: Any, one: Said, chance: random.Random) -> bool:
    """Give a number a format; whether what it shows is not what it is."""
    way = chance.random()
    if way < 0.6:
        cell.number_format = chance.choice(["General", "0.00", "#,##0.0", "0.00E+00", "@", "[Red]0.0", "_ * #,##0.00_ "])
        return False
    if way < 0.7 and one.kind == "money" and one.cell("unit") in {"万元", "亿元", "元"}:
        cell.number_format = f'0.00"{one.cell("unit")}"'
        return False
    if way < 0.8:
        cell.number_format = chance.choice(
            ['0!.0,"万"', "0.0,", "0,,", '0.00"百"', '0.00"兆元"', ";;;", "0.00$", '0"00"', "yyyy-mm-dd", "h:mm"]
        )
        return bool(cell.value != 0)
    return False


def damage_archive(content: bytes, chance: random.Random) -> bytes:
    """A workbook with a part changed, cut or gone, or with bytes of the archive changed."""
    way = chance.randrange(5)
    if way == 0:
        return content[: chance.randrange(len(content))]
    if way == 1:
        return damage_bytes(content, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        hit = chance.choice([name for name in old.namelist() if way != 4 or "sheet" in name])
        for name in old.namelist():
            text = old.read(name)
            if name == hit:
                if way == 2 or not text:
                    continue
                text = text[: chance.randrange(len(text))] if way == 3 else damage_bytes(text, chance)
            new.writestr(name, text)
    return made.getvalue()


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    """Bytes of which some are changed, left out or doubled."""
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(changed))
        way = chance.randrange(3)
        changed[at : at + (way != 2)] = b"" if way == 0 and len(changed) > 1 else bytes([chance.randrange(256)])
    return bytes(changed)


def damage_text(content: bytes, chance: random.Random) -> bytes:
    """A table cut short, with bytes changed, or with a cell too many or too few."""
    way = chance.randrange(4)
    if way == 0:
        return content[: chance.randrange(len(content))]
    if way == 1:
        return damage_bytes(content, chance)
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = lines[at] + b",x" if way == 2 else lines[at].replace(b",", b"", 1)
    return b"\n".join(lines)


def read_alone(content: bytes, encoding: str, separator: str) -> dict[int, dict[str, Any]] | None:
    """Python's own reading of a table, by the line each row begins on; None where it is no text of that encoding."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return None
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    heads: list[str] = []
    found: dict[int, dict[str, Any]] = {}
    line = 0
    for cells in reader:
        if not heads:
            heads = [name.strip() for name in cells]
        elif len(cells) == len(heads):
            found[line + 1] = dict(zip(heads, (cell.strip() for cell in cells), strict=True))
        line = reader.line_num
    return found


def hold_against_text(rows: list[dict[str, Any]], given: dict[int, dict[str, Any]] | None) -> list[str]:
    """What was accepted of a damaged table and is not what another reader finds on that line."""
    if given is None:
        return [f"{len(rows)} figures of what is no text"]
    wrong = []
    for row in rows:
        one = given.get(int(row["line"]))
        if one is None:
            wrong.append(f"line {row['line']} is no whole row")
            continue
        sizes = next((units for units in SIZES.values() if one["unit"] in units), {})
        try:
            value = Fraction(one["value"]) * sizes.get(one["unit"], Fraction(0))
        except (ValueError, ZeroDivisionError):
            wrong.append(f"line {row['line']}: {one['value']!r} read as {row['value']}")
            continue
        if one["unit"] in sizes and one["unit"] != "mm/d" and not _is_close(row["value"], value):
            wrong.append(f"line {row['line']}: {one['value']} {one['unit']} read as {row['value']}")
        if one["variable"] != row["variable"] and one["variable"].isprintable():
            wrong.append(f"line {row['line']}: {one['variable']} read as {row['variable']}")
    return wrong


def _is_close(value: float, wanted: Fraction, close: Fraction = CLOSE) -> bool:
    return abs(Fraction(value) - wanted) <= close * abs(wanted)


def hold_against_meaning(
    rows: list[dict[str, Any]], accounts: list[tuple[str, str]], wanted: dict[Key, Fraction], close: Fraction
) -> list[str]:
    """What was accepted and is not what the files mean, and what they mean and was not read."""
    found: dict[Key, float] = {}
    for row in rows:
        key = (*accounts[row["account"]], *(str(row[name]) for name in ("variable", "ecosystem", "pollutant", "product")))
        found[key] = row["value"]
    wrong = [f"{key} is lost" for key in wanted.keys() - found.keys()]
    wrong += [f"{key} stands in no file" for key in found.keys() - wanted.keys()]
    wrong += [
        f"{key} is {found[key]!r}, not {float(value)!r}"
        for key, value in wanted.items()
        if key in found and not _is_close(found[key], value, close)
    ]
    return wrong


@dataclass(frozen=True)
class Mutant:
    """A mutant in its folder: what it means, and how its files were written."""

    name: str
    rows: list[Said]
    refused: bool
    doubtful: bool
    damage: bool
    texts: list[tuple[Path, str, str]]
    close: Fraction


def make_mutant(kind: str, number: int, folder: Path, counties: tuple[str, ...] = (HOME, *ELSEWHERE)) -> Mutant:
    """Write mutant `number` of a kind into a folder, for a county and those it may be mistaken for."""
    chance = random.Random(f"{SEED} {kind} {number}")
    rows, refused, doubtful = mutate(chance, workbook=kind == "workbook")
    places = dict(zip((HOME, *ELSEWHERE), counties, strict=True))
    rows = [one.with_(county=places.get(one.cell("county"), one.cell("county"))) for one in rows]
    damage = chance.random() < 0.25
    parts = [rows]
    if len(rows) > 2 and chance.random() < 0.3:
        at = chance.randrange(1, len(rows))
        parts = [rows[:at], rows[at:]]
    texts: list[tuple[Path, str, str]] = []
    close = CLOSE
    for at, part in enumerate(parts):
        place = folder / "分局" if at and chance.random() < 0.4 else folder
        place.mkdir(exist_ok=True, parents=True)
        if kind == "workbook" and (at == 0 or chance.random() < 0.5):
            path = place / f"{at}.xlsx"
            refused = write_book(part, path, chance, counties[0]) or refused
            if damage and at == 0:
                path.write_bytes(damage_archive(path.read_bytes(), chance))
        elif at and chance.random() < 0.2 and kind == "table":
            close = Fraction(1, 10**6) if write_parquet(part, place / f"{at}.parquet", chance) else close
        else:
            ending, separator = chance.choice(TEXTS)
            path = place / f"{at}.{ending}"
            content, encoding = write_text(part, chance, separator, damage=damage)
            if damage and at == 0:
                content = damage_text(content, chance)
            path.write_bytes(content)
            texts.append((path, encoding, separator))
            # a workbook takes full-width digits and thousands that a table does not
            refused = refused or (kind == "workbook" and not all(PLAIN.fullmatch(one.cell("value").strip()) for one in part))
    return Mutant(folder.name, rows, refused, doubtful, damage, texts, close)


def judge(
    mutant: Mutant, read: list[dict[str, Any]], accounts: list[tuple[str, str]], problems: list[Problem]
) -> tuple[str, list[str]]:
    """What came of a mutant, and what is wrong with that."""
    if problems:
        may = mutant.refused or mutant.doubtful or mutant.damage
        first = problems[0]
        return "refused", [] if may else [f"refused: {first.file}:{first.line} {first.found} | {first.hint}"]
    if mutant.damage:
        wrong = []
        for path, encoding, separator in mutant.texts:
            own = [row for row in read if str(row["file"]).endswith(str(path.relative_to(path.parents[1])))]
            wrong += hold_against_text(own, read_alone(path.read_bytes(), encoding, separator))
        return "damaged and accepted", wrong
    if mutant.refused:
        lies = [one.cells[2:8] for one in mutant.rows if one.meant is None]
        return "accepted", [f"accepted what must be refused: {lies or 'a format, a mark or a row twice'}"]
    return "accepted", hold_against_meaning(read, accounts, list_meant(mutant.rows), mutant.close)


def read_all(paths: list[Path]) -> tuple[list[dict[str, Any]], list[tuple[str, str]], list[Problem]]:
    """Read files and folders within the time of the processor that a reading may take, and ten times that by the clock."""
    signal.signal(signal.SIGALRM, _too_slow)
    signal.signal(signal.SIGPROF, _too_slow)
    signal.alarm(10 * LIMIT)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        inputs, problems = gather(paths, COEFFICIENTS, APPLICABLE)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
    accounts = [(str(county), str(year)) for county, year in inputs.accounts[["county", "year"]].itertuples(index=False)]
    return inputs.rows.to_dict("records"), accounts, problems  # type: ignore[return-value]


def try_alone(kind: str, number: int, folder: Path) -> tuple[str, list[str]]:
    """Make mutant `number` of a kind and read its folder, or its one file: what came of it, and what went wrong."""
    clear(folder)
    mutant = make_mutant(kind, number, folder / "m")
    files = [path for path in (folder / "m").rglob("*") if path.is_file()]
    try:
        return judge(mutant, *read_all(files if len(files) == 1 and number % 2 else [folder / "m"]))
    except Exception:  # noqa: BLE001 - whatever comes out is what is looked for
        return "crashed", [traceback.format_exc(limit=-4)]


def try_together(kind: str, numbers: range, folder: Path) -> tuple[Counter[str], list[str]]:
    """Make mutants and read them in one folder, each for counties of its own; those that go wrong are tried alone too."""
    clear(folder)
    size = 1 + len(ELSEWHERE)
    mutants = [
        make_mutant(kind, number, folder / f"m{number}", tuple(PLACES[at * size : (at + 1) * size]))
        for at, number in enumerate(numbers)
    ]
    try:
        read, accounts, problems = read_all([folder])
    except Exception:  # noqa: BLE001 - whatever comes out is what is looked for
        said = traceback.format_exc(limit=-4)
        alone = [(number, try_alone(kind, number, folder)) for number in numbers]
        wrong = [f"{kind} {number}: {text}" for number, (_, found) in alone for text in found]
        return Counter(came for _, (came, _) in alone), wrong or [f"{kind} {numbers}: only together: {said}"]
    counts: Counter[str] = Counter()
    wrong = []
    for number, mutant in zip(numbers, mutants, strict=True):
        inside = f"/{mutant.name}/"
        own = [one for one in problems if inside in str(one.file)]
        came, found = judge(mutant, [row for row in read if inside in str(row["file"])], accounts, own)
        counts[came] += 1
        if found:
            clear(folder / mutant.name)
            again = try_alone(kind, number, folder / "again")[1]
            wrong += [f"{kind} {number}: {text}" for text in again] or [
                f"{kind} {number}: only together: {text}" for text in found
            ]
    return counts, wrong


def clear(folder: Path) -> None:
    """Take out all that a folder holds."""
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TooSlowError


def run(tables: int, workbooks: int, folder: Path, first: int = 0) -> tuple[Counter[str], list[str]]:
    """Try so many mutants of each kind, from number `first`, most of them together; what came of them, and what went wrong."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for kind, count, size in (("table", tables, 50), ("workbook", workbooks, 20)):
        for start in range(first, first + count, size):
            numbers = range(start, min(start + size, first + count))
            came, found = try_together(kind, numbers, folder)
            counts.update({f"{kind} {name}": many for name, many in came.items()})
            wrong += found
            name, found = try_alone(kind, numbers[0], folder)
            counts[f"{kind} alone, {name}"] += 1
            wrong += [f"{kind} {numbers[0]}: {text}" for text in found]
    return counts, wrong


if __name__ == "__main__":
    begin = time.perf_counter()
    asked = [int(text) for text in sys.argv[1:]] + [1000, 100, 0][len(sys.argv) - 1 :]
    with tempfile.TemporaryDirectory() as temporary:
        came_of, went_wrong = run(asked[0], asked[1], Path(temporary), asked[2])
    said = ", ".join(f"{count:,} {name}" for name, count in sorted(came_of.items()))
    sys.stdout.write(
        "\n".join(
            [*went_wrong, f"seed {SEED}, from {asked[2]:,}: {said}; {len(went_wrong)} wrong; {time.perf_counter() - begin:.0f} s"]
        )
        + "\n"
    )
    sys.exit(bool(went_wrong))
