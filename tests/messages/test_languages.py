"""No Chinese screen, report, sheet or page has English words outside names, ids and quoted sources, and no English one Chinese words of ours."""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import click
import docx
import openpyxl
import pytest
from conftest import ROOT, Program
from kept_stores import make_once
from leftovers import chinese_in, english_in
from two_hands import post

from gep.cli import main

EXAMPLE = "inputs/jiangxi-transfers-example"
PAIR = (f"{EXAMPLE}/pair-shangyou-nankang.yaml", "2023", "--inputs", f"{EXAMPLE}/pair.csv")
POOL = ("jx-basin-pool", "2016", "--inputs", f"{EXAMPLE}/basin_pool.csv")
AREAS = ("jx-kefz", "2023", "--inputs", f"{EXAMPLE}/kefz.csv")
ACCOUNT = ("361027", "2022")

SHOWN: tuple[tuple[str, ...], ...] = (
    ("show", *ACCOUNT),
    ("show", "361027", "2021"),
    ("show", "361000", "2022"),
    ("list",),
    ("list", "--matrix"),
    ("rank", "江西省", "2022"),
    ("neighbours", *ACCOUNT),
    *(("trace", *ACCOUNT, service) for service in ("water_conservation", "soil_retention", "flood_mitigation", "tourism_health")),
    ("history", *ACCOUNT),
    ("diff", "1", "2"),
    ("diff", "2", "3"),
    ("compare", "361027", "2021", "2022"),
    ("compare", *ACCOUNT, "--standards", "ndrc-2022", "mee-2020"),
    ("review", *ACCOUNT),
    ("query", "--list"),
    ("encumber", "list"),
    ("compensate", *POOL),
    ("compensate", *AREAS),
    ("compensate", *PAIR),
    *(("transfers", "-q", str(number)) for number in range(1, 20)),
    ("transfers", "--county", "宁都县"),
    ("transfers", "--list"),
)
"""Commands that read the store."""
KNOWN: tuple[tuple[str, ...], ...] = (
    ("check", "inputs/361027-2022"),
    ("standards",),
    ("standards", "diff", "ndrc-2022", "mee-2020"),
    ("coefficients",),
    ("coefficients", "runoff_coefficient"),
    ("variables",),
    ("variables", "precipitation"),
    ("scheme", "list"),
    ("scheme", "check", "coefficients/schemes/jx-basin-pool-2016.yaml"),
    ("indicators",),
    ("indicators", "--list"),
)
REFUSED: tuple[tuple[str, ...], ...] = (
    ("show", "x_1", "2022"),
    ("show", "361027", "1999"),
    ("show", "361027"),
    ("x_1",),
    ("trace", *ACCOUNT, "x_1"),
    ("run", "x_1"),
    ("run", "inputs/361027-2022", "--standard", "x_1"),
    ("compensate", "x_1", "2016"),
    ("transfers", "-q", "99"),
    ("compare", "361027", "2020", "2022"),
    ("approve", *ACCOUNT, "--by", "x"),
    ("return", *ACCOUNT, "--by", "x"),
    ("encumber", "release", "7"),
)
WITHOUT_STORE = {"check", "standards", "coefficients", "variables", "scheme", "indicators", "x_1"}

LEFT: dict[tuple[str, str], set[str]] = {
    ("zh", "transfers --help"): {"amount"},  # a column of the table that is read
    ("zh", "xlsx"): {"piece", "person", "all"},  # units as one enters them, and a kind of area
    ("en", "check --help"): {"校验"},  # the name of the folder
    ("en", "encumber add --help"): {"不动产单元号"},  # what the number is called on the deed
    ("en", "report"): {"审图号", "天地图"},  # the permit printed on the map, as the law asks
}
"""What stands in the other language, and why; may only get shorter."""


def make_desk(folder: Path) -> None:
    """Fill a folder with a store of two years, a second standard and three booked schemes."""
    from kept_stores import make_two_years

    make_two_years(folder)
    gep = Program(str(folder / "gep.duckdb"))
    gep("run", "inputs/361027-2022", "--standard", "mee-2020", "--store", gep.store)
    for scheme in (POOL, AREAS, PAIR):
        post(gep, "compensate", *scheme)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with all that a screen can show, to read."""
    return make_once(tmp_path_factory, "desk-of-languages", make_desk) / "gep.duckdb"


def said(gep: Program, arguments: tuple[str, ...], store: Path, lang: str) -> str:
    kept = () if arguments[0] in WITHOUT_STORE else ("--store", str(store))
    done = gep._called((*arguments, *kept, "--lang", lang))
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def left(text: str, lang: str) -> list[str]:
    return english_in(text) if lang == "zh" else chinese_in(text)


def list_helps() -> list[tuple[str, ...]]:
    def walk(command: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = [(*path, "--help")]
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                found += walk(command.get_command(context, name) or command, (*path, name))
        return found

    return walk(main, ())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help(gep: Program, lang: str) -> None:
    found = {" ".join(one): left(gep(*one, "--lang", lang).stdout, lang) for one in list_helps()}
    assert {name: words for name, words in found.items() if set(words) - LEFT.get((lang, name), set())} == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("group", [SHOWN, KNOWN, REFUSED], ids=["shown", "known", "refused"])
def test_screens(gep: Program, desk: Path, tmp_path: Path, group: tuple[tuple[str, ...], ...], lang: str) -> None:
    if group is REFUSED:  # refusals of commands that write
        desk = Path(shutil.copy(desk, tmp_path / "gep.duckdb"))
    assert {" ".join(one): words for one in group if (words := left(said(gep, one, desk, lang), lang))} == {}


def read_words(file: Path) -> str:
    """Return what a page, workbook or document says; letters with an index are one symbol."""
    if file.suffix == ".html":
        page = re.sub(r"(?s)<style.*?</style>|<script.*?</script>|<!--.*?-->", "", file.read_text("utf-8"))
        page = re.sub(r"(?s)<span class=\"formula\">.*?</p>|<p class=\"math\">.*?</p>", "", page)
        return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?su[bp]>", "_", page)))
    if file.suffix == ".docx":
        document = docx.Document(str(file))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    book = openpyxl.load_workbook(file)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)]
    return "\n".join([*book.sheetnames, *cells])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["html", "docx", "xlsx"])
def test_reports(gep: Program, desk: Path, tmp_path: Path, form: str, lang: str) -> None:
    gep("report", *ACCOUNT, "-o", str(tmp_path / f"report.{form}"), "--store", str(desk), "--lang", lang)
    assert set(left(read_words(tmp_path / f"report.{form}"), lang)) - LEFT.get((lang, "report"), set()) == set()


def test_documents_that_are_chinese_whatever_the_terminal_says(gep: Program, desk: Path, tmp_path: Path) -> None:
    """The payment notice, the payment workbook and the workbook of inputs are papers of a Chinese bureau; there is no English one."""
    from gep.reports.payment_notice import write_notice
    from gep.store.store import Store
    from gep.tasks.compensate import compensate

    result = compensate(Store(desk), PAIR[0], 2023, [ROOT / PAIR[3]], []).result
    write_notice(result, tmp_path / "notice.html")
    gep("compensate", *PAIR, "--format", "xlsx", "-o", str(tmp_path / "payment.xlsx"), "--store", str(desk))
    gep("transfers", "--all", "--excel", str(tmp_path / "answers.xlsx"), "--store", str(desk), "--lang", "zh")
    gep("new", "361027", "2023", "-o", str(tmp_path / "new.xlsx"))
    for file in sorted({*tmp_path.glob("*.xlsx"), *tmp_path.glob("*.html")}):
        assert set(english_in(read_words(file))) - LEFT["zh", "xlsx"] == set(), file.name


def test_what_nobody_translated_is_found() -> None:
    assert english_in("结果已入库 and booked as run 3。") == ["and booked as run"]
    assert english_in("  金额  amount  1.00 元") == ["amount"]
    assert chinese_in("booked 没有该行记录呢 of the run") == ["没有该行记录呢"]
    assert english_in("参数 runoff_coefficient（gong-2017, table of mean runoff coefficients）") == []


def test_a_call_that_is_refused_ends_with_the_stop_of_its_language(gep: Program) -> None:
    assert gep("--lang", "zh", "show", code=2).stderr.endswith("错误：缺少参数 '地区'。\n")


def test_a_call_that_is_refused_is_json_where_json_is_asked_for(gep: Program) -> None:
    for call in (("show", "--format", "json"), ("show", "--format=json", "--nope"), ("run", "--format", "json", "no-such-file")):
        found = json.loads(gep("--lang", "zh", *call, code=2).stderr)["problems"]
        assert found[0]["found"]
        assert found[0]["found_zh"]
    assert json.loads(gep("--lang", "zh", "show", "--format", "json", code=2).stderr)["problems"][0]["where"] == "gep show"
