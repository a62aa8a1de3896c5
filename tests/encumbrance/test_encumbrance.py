"""The register of encumbrances: nothing twice, exact, the first entry named, two programs at once, and a day-by-day oracle."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from approving import approve
from click.testing import CliRunner
from conftest import ROOT, Program, tries
from forked_programs import Loaded
from growing import count_calls
from hypothesis import given, settings
from hypothesis import strategies as st
from languages import HAN, check_both, left_in_english

from gep.cli import main
from gep.encumbrance.entries import (
    CARBON,
    PARCEL,
    PLEDGED,
    SERVICE,
    SOLD,
    Entry,
    Subject,
    find_conflict,
    find_peak,
    format_decimal,
)
from gep.encumbrance.register import add, add_all, list_entries, release
from gep.encumbrance.written import check_entry, normalise_identity, parse_amount, parse_tonnes
from gep.messages.problems import Problems
from gep.standards.standard import load_standard
from gep.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

JINXI = "inputs/361027-2022"
BANK = ("--party", "江西银行", "--document", "抵字2024-17")
PARCEL_OF = ("--county", "吉水县", "--parcel", "360822-js-0147")
TONNES = ("--project", "吉水林业碳汇", "--vintage", "2021")
WATER = ("--service", "water_conservation", "--county", "金溪县", "--year", "2022")
START = date(2024, 1, 1)


def test_a_parcel_is_held_once_at_a_time(gep: Program) -> None:
    said = gep(
        "encumber", "add", "pledged", *PARCEL_OF, "--from", "2024-01-01", "--to", "2026-12-31", *BANK, "--store", gep.store
    )
    assert said.stdout == (
        "parcel 360822-JS-0147 of 360822: entry 1: pledged to 江西银行 from 2024-01-01 to 2026-12-31, document 抵字2024-17\n"
    )
    again = (
        "encumber",
        "add",
        "sold",
        "--county",
        "360822",
        "--parcel",
        " 360822-JS-0147",
        "--party",
        "甲公司",
        "--document",
        "合同9",
    )
    refused = gep(*again, "--from", "2026-12-31", "--to", "2027-12-31", "--store", gep.store, code=2)
    assert refused.stderr == (
        "encumbrance: parcel 360822-JS-0147 of 360822 is already encumbered: entry 1: pledged to 江西银行 from 2024-01-01 to 2026-12-31, document 抵字2024-17\n"
        "  expected  a parcel that nobody holds from 2026-12-31 to 2027-12-31\n"
        "  hint      gep encumber release 1 with the document that ends it\n"
        "1 problem; nothing was stored\n"
    )
    assert refused.stdout == ""
    before = rows_of(gep.store)
    gone = gep(
        "encumber", "release", "1", "--on", "2025-07-01", "--party", "江西银行", "--document", "解押3", "--store", gep.store
    )
    assert gone.stdout.endswith("from 2024-01-01 to 2025-06-30, document 抵字2024-17; released by 2\n")
    twice = gep(
        "encumber",
        "release",
        "1",
        "--on",
        "2025-08-01",
        "--party",
        "江西银行",
        "--document",
        "解押3",
        "--store",
        gep.store,
        code=2,
    )
    assert twice.stderr.startswith("NUMBER: entry 1 was released before, by 2\n")
    refused = gep(*again, "--from", "2025-06-30", "--store", gep.store, code=2)
    assert "entry 1: pledged to 江西银行 from 2024-01-01 to 2025-06-30" in refused.stderr
    gep(*again, "--from", "2025-07-01", "--store", gep.store)
    rows = rows_of(gep.store)
    assert rows[: len(before)] == before  # what was written once stays as it is
    assert [row[3] for row in rows] == ["add", "release", "add"]
    chinese = gep("encumber", "list", "--lang", "zh", "--store", gep.store).stdout
    assert "宗地 360822-JS-0147" in chinese
    assert left_in_english(chinese) == []
    table = gep("encumber", "list", "--store", gep.store).stdout.splitlines()
    assert table[1].split() == [
        "1",
        "pledged",
        "parcel",
        "360822-JS-0147",
        "of",
        "360822",
        "2024-01-01",
        "2025-06-30",
        "(released",
        "by",
        "2)",
        "江西银行",
        "抵字2024-17",
    ]
    on = json.loads(gep("encumber", "list", "--on", "2025-07-01", "--format", "json", "--store", gep.store).stdout)
    assert [one["number"] for one in on["entries"]] == [3]
    asked = json.loads(gep("query", "encumbrances", "--format", "json", "--store", gep.store).stdout)
    assert [(one["encumbrance"], one["held_until"]) for one in asked] == [(1, "2025-06-30"), (3, None)]


def test_one_thing_under_another_name_is_stopped(gep: Program) -> None:
    """The number of a parcel under another county; tonnes in a series of a like name or of the same size; releases by others."""
    pledged = ("--from", "2024-01-01", *BANK, "--store", gep.store)
    gep("encumber", "add", "pledged", *PARCEL_OF, *pledged)
    other = (
        "encumber",
        "add",
        "sold",
        "--county",
        "泰和县",
        "--parcel",
        "360822 JS 0147",
        "--from",
        "2025-01-01",
        *BANK,
        "--store",
        gep.store,
    )
    assert gep(*other, code=2).stderr.startswith(
        "encumbrance: parcel 360822 JS 0147 of 360826 seems to be parcel 360822-JS-0147 of 360822 under another name: entry 1: pledged to 江西银行"
    )
    gep("encumber", "add", "sold", *TONNES, "--tonnes", "1-700", "--issued", "740", *pledged)
    series = ("--vintage", "2021", "--tonnes", "650-740")
    for name, issued in (("吉水县林业碳汇项目", "800"), ("另一个", "740")):
        again = ("encumber", "add", "sold", "--project", name, *series, "--issued", issued, *pledged)
        assert "under another name: entry 2: sold to 江西银行" in gep(*again, code=2).stderr
    gep(*again, "--distinct", "另一家登记机构核发")
    gep("encumber", "add", "sold", "--project", "湿地", *series, "--issued", "750", *pledged)
    for day, party, said in (
        ("2023-12-31", "江西银行", "--on: entry 1 begins 2024-01-01, after 2023-12-31\n"),
        ("2024-06-01", "甲公司", "--party: entry 1 is held by 江西银行, not by 甲公司\n"),
    ):
        release = ("encumber", "release", "1", "--on", day, "--party", party, "--document", "解押3", "--store", gep.store)
        assert gep(*release, code=2).stderr.startswith(said)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("360822-JS-147", True),
        ("JS-0147", True),
        ("360822JS0147号", True),
        ("360822-JS-O147", True),
        ("360822-JS-O147地块", True),
        ("360822-JS-0148", False),
        ("360822-JS-1470", False),
        ("360822-JS-0147-1", False),
        ("360822-SJ-0147", False),
    ],
)
def test_the_number_of_a_parcel_written_otherwise_is_the_same_number(number: str, is_one: bool, gep: Program) -> None:
    """With or without the county's code, leading zeros, 号, and letters that look like digits."""
    pledged = ("--from", "2024-01-01", *BANK, "--store", gep.store)
    gep("encumber", "add", "pledged", *PARCEL_OF, *pledged)
    told = gep("encumber", "add", "sold", "--county", "吉水县", "--parcel", number, *pledged, code=2 if is_one else 0)
    assert ("under another name: entry 1" in told.stderr) == is_one


PARCELS = [
    ("360822", "360822-JS-0147", None),
    ("360822", "360822 JS 147号", 1),
    ("360822", "JS-0147", 1),
    ("360826", "360822-JS-0147", 1),
    ("360826", "JS-0147", None),
    ("360822", "JS-O147", 1),
    ("360822", "JS-0148", None),
    ("360822", "JS-0147", 1),
    ("360826", "JS 147", 5),
]


def _tell_together_as_alone(folder: Path, asked: list[tuple[tuple[str, int], Entry]]) -> list[tuple[int, object]]:
    """What is said of entries that are added one by one, by their lines; it is what is said of all together."""
    with pytest.raises(Problems) as together:
        add_all(folder / "together.duckdb", asked)
    told: list[tuple[int, object]] = []
    for (_, line), one in asked:
        try:
            add(folder / "single.duckdb", one)
        except Problems as error:
            told += [(line, problem.found) for problem in error.problems]
    assert [(one.line, one.found) for one in together.value.problems] == told
    return told


def test_parcels_that_are_added_together_are_held_against_one_another_as_one_by_one(tmp_path: Path) -> None:
    def ask(county: str, parcel: str) -> Entry:
        subject = Subject("parcel", county=county, parcel=parcel)
        return Entry(0, "pledged", subject, date(2024, 1, 1), None, " 江西银行", "抵字1")

    asked = [(("f", line), ask(county, parcel)) for line, (county, parcel, _) in enumerate(PARCELS)]
    told = _tell_together_as_alone(tmp_path, asked)
    assert [line for line, _ in told] == [line for line, (*_, why) in enumerate(PARCELS) if why], told


SERIES = [
    ("吉水林业碳汇", 1, 100, 1000, None),
    ("吉水林业碳汇", 101, 200, None, None),
    ("吉水林业碳汇", 150, 160, None, 2),
    ("吉水县林业碳汇", 190, 210, 1000, 2),
    ("吉水林业碳汇", 950, 1001, None, 1),
    ("万年湿地碳汇项目", 1, 50, 800, None),
    ("万年湿地碳汇项目", 50, 60, 800, 6),
]


def test_tonnes_that_are_added_together_are_held_against_one_another_as_one_by_one(tmp_path: Path) -> None:
    def ask(project: str, first: int, last: int, issued: int | None) -> Entry:
        subject = Subject("carbon", project=project, vintage=2021, first_tonne=first, last_tonne=last, issued_tonnes=issued)
        return Entry(0, "sold", subject, date(2024, 1, 1), None, "甲公司", "合同1")

    asked = [(("f", line), ask(*one[:4])) for line, one in enumerate(SERIES)]
    told = _tell_together_as_alone(tmp_path, asked)
    assert [line for line, _ in told] == [line for line, (*_, why) in enumerate(SERIES) if why], told


def test_parcels_that_are_added_together_are_each_read_once(tmp_path: Path) -> None:
    def count(parcels: int) -> int:
        subjects = [Subject("parcel", county="360822", parcel=f"JS-{number:05d}") for number in range(parcels)]
        asked = [(("f", 1), Entry(0, "pledged", one, date(2024, 1, 1), None, "江西银行", "抵字1")) for one in subjects]
        return count_calls(lambda: add_all(tmp_path / f"{parcels}.duckdb", asked))

    count(1)
    few, many, most = map(count, (3, 12, 48))
    assert (most - many) / (many - few) < 4.6


def rows_of(store: str) -> list[tuple[object, ...]]:
    """Every row of the register as it stands in the store."""
    with Store(Path(store)) as connection:
        found: list[tuple[object, ...]] = connection.execute("SELECT * FROM encumbrance ORDER BY encumbrance").fetchall()
    return found


def test_a_tonne_is_sold_once(gep: Program) -> None:
    other = ("--from", "2025-03-01", "--party", "丙银行", "--document", "C-2", "--store", gep.store)
    first = gep("encumber", "add", "sold", *TONNES, "--tonnes", "1-700", *other, code=2)
    assert first.stderr == (
        "--issued: nobody has said yet how many tonnes of 吉水林业碳汇 2021 were issued\n"
        "  expected  the whole number that the registry issued\n1 problem; nothing was stored\n"
    )
    gep("encumber", "add", "sold", *TONNES, "--tonnes", "1-700", "--issued", "740", *other)
    beyond = gep("encumber", "add", "pledged", *TONNES, "--tonnes", "701-741", *other, code=2)
    assert beyond.stderr.startswith(
        "--tonnes: tonne 741 of 吉水林业碳汇 2021 does not exist\n  expected  serial numbers from 1 to 740, the tonnes issued\n"
    )
    more = gep("encumber", "add", "pledged", *TONNES, "--tonnes", "701-741", "--issued", "800", *other, code=2)
    assert "800 tonnes of 吉水林业碳汇 2021 are said to be issued\n  expected  740, as in entry 1: sold to 丙银行" in more.stderr
    twice = gep("encumber", "add", "compensated", *TONNES, "--tonnes", "650-740", *other, code=2)
    assert twice.stderr.startswith(
        "encumbrance: tonnes 650-700 of 吉水林业碳汇 2021 are already encumbered: entry 1: sold to 丙银行 from 2025-03-01 without end, document C-2\n"
    )
    gep("encumber", "add", "pledged", *TONNES, "--tonnes", "701-740", *other)
    gep(
        "encumber",
        "add",
        "sold",
        "--project",
        "吉水林业碳汇",
        "--vintage",
        "2022",
        "--tonnes",
        "1-740",
        "--issued",
        "740",
        *other,
    )


def test_a_quantity_is_held_against_the_account(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    shutil.copy(jinxi, gep.store)
    draft = gep(
        "encumber",
        "add",
        "sold",
        *WATER,
        "--quantity",
        "1",
        "--unit",
        "m3",
        "--from",
        "2023-06-01",
        *BANK,
        "--store",
        gep.store,
        code=2,
    )
    assert draft.stderr.startswith(
        "--service: the account of 361027 2022 (run 1) is draft, not approved\n  expected  an approved account\n"
    )
    approve(Path(gep.store))
    whole = Decimal(
        repr(
            json.loads(
                gep(
                    "query",
                    "SELECT quantity FROM gep_service WHERE service = 'water_conservation'",
                    "--format",
                    "json",
                    "--store",
                    gep.store,
                ).stdout
            )[0]["quantity"]
        )
    )
    end = ("--from", "2023-06-01", "--party", "抚州市财政局", "--document", "抚财1号", "--store", gep.store)
    said = gep("encumber", "add", "compensated", *WATER, "--quantity", "30000", "--unit", "万m³", *end).stdout
    assert said.startswith("water_conservation.volume of 361027 2022, 300,000,000 m^3/yr: entry 1: compensated to 抚州市财政局")
    free = whole - 300_000_000
    refused = gep("encumber", "add", "pledged", *WATER, "--quantity", "1.3", "--unit", "亿m3", "--to", "2024-01-01", *end, code=2)
    assert refused.stderr == (
        f"encumbrance: water_conservation.volume of 361027 2022: 130,000,000 m^3/yr is not free on 2023-06-01: of {format_decimal(whole)} m^3/yr (run 1) "
        "300,000,000 is already encumbered: entry 1: compensated to 抚州市财政局 from 2023-06-01 without end, document 抚财1号\n"
        f"  expected  at most {format_decimal(free)} m^3/yr\n"
        "  hint      gep encumber release 1 with the document that ends it\n"
        "1 problem; nothing was stored\n"
    )
    gep("encumber", "add", "pledged", *WATER, "--quantity", str(free), "--unit", "m^3", "--to", "2024-01-01", *end)
    last = gep(
        "encumber", "add", "pledged", *WATER, "--quantity", "0.000000001", "--unit", "m^3", "--to", "2023-06-01", *end, code=2
    )
    assert "and 1 more" in last.stderr
    assert "at most 0 m^3/yr" in last.stderr
    other_year = gep("encumber", "add", "sold", *WATER[:-1], "2021", "--quantity", "1", "--unit", "m^3", *end, code=2)
    assert other_year.stderr.startswith(
        "COUNTY: there is no account of 金溪县 2021\n  expected  the store has 361027 2022 (ndrc-2022)\n"
    )
    # a later run finds less water: the contracts stay, and the register says what is no longer covered
    for name in ("climate.csv", "land.csv"):
        (tmp_path / name).write_bytes((ROOT / JINXI / name).read_bytes())
    text = (tmp_path / "land.csv").read_text("utf-8").splitlines()
    kept = [line for line in text if "mixed_forest" not in line and "land_area" not in line]
    assert len(kept) < len(text)
    (tmp_path / "land.csv").write_text("\n".join(kept) + "\n", "utf-8")
    gep(
        "run",
        str(tmp_path / "climate.csv"),
        str(tmp_path / "land.csv"),
        "--store",
        gep.store,
        "--lang",
        "zh",
        "--reason",
        "less forest",
    )
    warned = gep("encumber", "list", "--county", "金溪县", "--store", gep.store).stdout.splitlines()[-1]
    assert warned.startswith("! water_conservation.volume of 361027 2022: entries 1, 2 hold ")
    assert " on 2023-06-01, the newest account (run 2) has only " in warned


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--county", "吉水县"],
            "encumbrance: the entry has nothing that is encumbered\n  expected  one of --parcel, --project and --service\n",
        ),
        (
            ["--county", "吉水县", "--parcel", "1", "--project", "p"],
            "encumbrance: the entry has --parcel and --project\n  expected  one of --parcel, --project and --service\n",
        ),
        (["--parcel", "1"], "--county: --parcel stands without --county\n  expected  --county\n"),
        (
            ["--parcel", "1", "--county", "吉水县", "--unit", "m^3"],
            "--unit: --unit stands with --parcel\n  expected  no --unit\n",
        ),
        (["--parcel", "1", "--county", "吉水"], ""),
        (["--parcel", "1", "--county", "吉水镇"], "--county: there is no county '吉水镇'\n  expected  a code or a name\n"),
        (
            ["--parcel", "1", "--county", "吉水县", "--to", "2023-12-31"],
            "--to: the period ends 2023-12-31, before it begins 2024-01-01\n  expected  a day from 2024-01-01 on\n",
        ),
        (
            ["--project", "p", "--vintage", "2021", "--tonnes", "9-3", "--issued", "9"],
            "--tonnes: tonnes are '9-3'\n  expected  serial numbers such as 1-740, whole tonnes from 1 on\n",
        ),
        (
            ["--project", "p", "--vintage", "2021", "--tonnes", "1-3", "--issued", "9", "--to", "2025-01-01"],
            "--to: what is sold has an end\n  expected  no --to; a tonne or a quantity is used up\n  hint      gep encumber release ends what was annulled\n",
        ),
        (["--project", "p", "--vintage", "2021"], "--tonnes: --project stands without --tonnes\n  expected  --tonnes\n"),
        (
            ["--parcel", "1", "--county", "吉水县", "--document", " "],
            "--document: the document is empty\n  expected  contract, certificate or notice\n",
        ),
    ],
)
def test_a_wrong_entry_gets_its_message(arguments: list[str], said: str, tmp_path: Path) -> None:
    start = (
        "encumber",
        "add",
        "sold",
        "--from",
        "2024-01-01",
        "--party",
        "甲",
        *(() if "--document" in arguments else ("--document", "d")),
        "--store",
        str(tmp_path / "s"),
    )
    done = CliRunner().invoke(main, [*start, *arguments])
    assert done.exit_code == (2 if said else 0), done.output
    assert done.stderr.partition("  hint      near")[0].removesuffix("1 problem; nothing was stored\n") == said


def test_what_is_refused_is_said_in_chinese() -> None:
    one = Subject(PARCEL, county="360822", parcel="JS-1")
    held = Entry(1, PLEDGED, one, START, None, "江西银行", "抵字2024-17")
    problem = find_conflict(replace(held, number=0, kind=SOLD), [held])
    assert problem is not None
    assert problem.text("zh") == (
        "登记簿: 吉水县（360822）宗地 JS-1已登记：第 1 号登记（质押，相对方江西银行，2024-01-01 起无截止日，凭据：抵字2024-17）\n"
        "  应为  2024-01-01 起无截止日未被占用的宗地\n"
        "  建议  凭解除文件用 gep encumber release 1 解除"
    )
    named = dict.fromkeys(("county", "parcel", "project", "vintage", "tonnes", "issued", "service", "member", "year"))
    named |= dict.fromkeys(("standard", "quantity", "unit"))
    for given_as in ({}, {"parcel": "1"}, {"parcel": "1", "project": "a"}, {"project": "a", "vintage": 2021, "tonnes": "0-x"}):
        with pytest.raises(Problems) as refused:
            check_entry(SOLD, {**named, **given_as}, START, date(2023, 1, 1), "", " ")
        check_both(refused.value)
    for wrong in (("0", "t"), ("1", "km"), ("1", "lb"), ("0.0000000001", "t")):
        with pytest.raises(Problems) as refused:
            parse_amount(*wrong, "t/yr", 2022)
        check_both(refused.value)


def test_wrong_services_get_their_message(gep: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    gep(
        "run",
        "tests/cases/garze-2010/inputs.csv",
        "--standard",
        "tests/cases/garze-2010/standard.yaml",
        "--store",
        gep.store,
        "--lang",
        "zh",
    )
    approve(Path(gep.store))
    garze = (
        "--county",
        "513300",
        "--year",
        "2010",
        "--standard",
        "garze-2010",
        "--from",
        "2024-01-01",
        "--party",
        "甲",
        "--document",
        "d",
        "--store",
        gep.store,
    )
    key = load_standard("tests/cases/garze-2010/standard.yaml").key
    where = f"513300 2010 ({key}, run 1)"
    for arguments, said in (
        (
            ["--service", "soil_retention", "--quantity", "1", "--unit", "t"],
            f"--service: soil_retention of {where} is several quantities\n  expected  one of soil_retention.nitrogen, soil_retention.phosphorus, soil_retention.silt\n  hint      --service LINE, and --member for what stands behind it\n",
        ),
        (
            ["--service", "water_purification", "--member", "TP", "--quantity", "1", "--unit", "t"],
            f"--service: water_purification TP of {where} is not a quantity\n  expected  one of water_purification.amount COD, water_purification.amount NH3N\n  hint      --service LINE, and --member for what stands behind it\n",
        ),
        (
            ["--service", "agricultural_products", "--quantity", "1", "--unit", "t"],
            f"--service: the account of {where} has no physical quantity of agricultural_products\n  expected  a service with a quantity\n  hint      gep show 513300 2010\n",
        ),
        (
            ["--service", "carbon_sequestration", "--quantity", "1", "--unit", "t_C"],
            "--unit: unit is 't_C': t_C measures carbon, t_CO2/yr carbon dioxide·time⁻¹\n  expected  a unit of t_CO2/yr\n",
        ),
        (
            ["--service", "carbon_sequestration", "--quantity", "1,000", "--unit", "t_CO2"],
            "--quantity: quantity is '1,000'\n  expected  a decimal above zero, without thousands marks\n",
        ),
        (
            ["--service", "carbon_sequestration", "--quantity", "31000000.5", "--unit", "t CO2"],
            "encumbrance: carbon_sequestration.amount of 513300 2010: 31,000,000.5 t_CO2/yr is more than the account has: 31,000,000 t_CO2/yr (run 1)\n  expected  at most 31,000,000 t_CO2/yr\n",
        ),
    ):
        assert gep("encumber", "add", "sold", *arguments, *garze, code=2).stderr == said + "1 problem; nothing was stored\n"
        with monkeypatch.context() as in_chinese:
            in_chinese.setenv("GEP_LANG", "zh")
            chinese = gep("encumber", "add", "sold", *arguments, *garze, code=2).stderr
        assert left_in_english(chinese) == []
        assert chinese.endswith("共 1 个问题，未入库\n")
        assert HAN.search(chinese.partition("\n")[0])
    gep(
        "encumber",
        "add",
        "sold",
        "--service",
        "water_purification",
        "--member",
        "COD",
        "--quantity",
        "5424",
        "--unit",
        "t",
        *garze,
    )
    gep(
        "encumber",
        "add",
        "sold",
        "--service",
        "water_purification.amount",
        "--member",
        "NH3N",
        "--quantity",
        "625",
        "--unit",
        "吨",
        *garze,
    )
    full = gep(
        "encumber",
        "add",
        "sold",
        "--service",
        "water_purification.amount",
        "--member",
        "COD",
        "--quantity",
        "1",
        "--unit",
        "kg",
        *garze,
        code=2,
    )
    assert "of 5,424 t/yr (run 1) 5,424 is already encumbered: entry 1" in full.stderr


def at_once(loaded: Loaded, commands: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """Run real processes at the same time; return their exit codes and messages."""
    running = [loaded.start(*command) for command in commands]
    return [(one.returncode or 0, said[1]) for one in running if (said := one.communicate(timeout=120)) or True]


def test_of_two_at_once_one_is_refused(gep: Program, loaded: Loaded) -> None:
    gep("encumber", "add", "sold", "--county", "吉水县", "--parcel", "other", "--from", "2024-01-01", *BANK, "--store", gep.store)
    done = at_once(
        loaded,
        [
            [
                "encumber",
                "add",
                kind,
                *PARCEL_OF,
                "--from",
                f"2024-0{at}-01",
                "--party",
                f"party {at}",
                "--document",
                f"d{at}",
                "--store",
                gep.store,
            ]
            for at, kind in enumerate(["sold", "pledged", "compensated", "sold"], start=1)
        ],
    )
    assert sorted(code for code, _ in done) == [0, 2, 2, 2]
    winner = next(at for at, (code, _) in enumerate(done, start=1) if code == 0)
    assert all(
        f"entry 2: {['sold', 'pledged', 'compensated', 'sold'][winner - 1]} to party {winner} from 2024-0{winner}-01 without end, document d{winner}"
        in said
        for code, said in done
        if code
    )


def test_of_many_at_once_only_what_there_is_is_held(tmp_path: Path, jinxi: Path, loaded: Loaded) -> None:
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    approve(store)
    done = at_once(
        loaded,
        [
            [
                "encumber",
                "add",
                "sold",
                *WATER,
                "--quantity",
                "1",
                "--unit",
                "亿立方米",
                "--from",
                "2024-01-01",
                "--party",
                f"party {at}",
                "--document",
                "d",
                "--store",
                str(store),
            ]
            for at in range(6)
        ],
    )
    assert sorted(code for code, _ in done) == [0, 0, 0, 0, 2, 2], done  # 422 million m3
    found, over = list_entries(store, "361027", None)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert over == []


def test_an_old_store_gets_the_register(tmp_path: Path) -> None:
    old = min((ROOT / "tests" / "kept" / "stores").glob("*.gz"))
    store = tmp_path / "gep.duckdb"
    store.write_bytes(gzip.decompress(old.read_bytes()))
    new = Entry(0, PLEDGED, Subject(PARCEL, county="360822", parcel="1"), START, None, "bank", "d")
    assert add(store, new).number == 1
    with pytest.raises(Problems, match="1 problem"):
        add(store, new)
    assert release(store, 1, START, "bank", "void", "").until == date(2023, 12, 31)  # never held
    assert add(store, new).number == 3
    with pytest.raises(Problems) as caught:
        release(store, 9, START, "bank", "void", "")
    assert str(caught.value).startswith(
        "NUMBER: there is no entry 9\n  expected  the register has entries 1 to 3 without its releases\n"
    )


@pytest.mark.parametrize(
    ("text", "unit", "wanted", "expected"),
    [
        ("1.3", "亿m³", "m^3/yr", "130000000"),
        ("0.000000001", "m^3", "m^3/yr", "0.000000001"),
        ("123456789012345678.123456789", "t", "t/yr", "123456789012345678.123456789"),
        ("1", "kg", "t/yr", "0.001"),
        ("5", "万kWh", "kWh/yr", "50000"),
        ("7", "m^3/yr", "m^3/yr", "7"),
    ],
)
def test_quantities_are_exact(text: str, unit: str, wanted: str, expected: str) -> None:
    assert parse_amount(text, unit, wanted, 2022) == Decimal(expected)


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
def test_a_quantity_per_day_is_taken_over_the_days_of_its_year(year: int, days: int) -> None:
    assert parse_amount("20", "m3/d", "m^3/yr", year) == 20 * days
    assert parse_amount("1", "万t/日", "t/yr", year) == 10_000 * days
    assert parse_amount("3", "m3/month", "m^3/yr", year) == 36


@pytest.mark.parametrize(
    ("text", "unit", "wanted", "said"),
    [
        ("1", "亩", "km^2/yr", "--unit: 亩 cannot be converted to km^2/yr exactly\n  expected  the quantity in km^2/yr\n"),
        ("0.0000000001", "t", "t/yr", "--quantity: quantity is 0.0000000001 t\n  expected  at most 9 decimals in t/yr\n"),
        ("-1", "t", "t/yr", "--quantity: quantity is '-1'\n  expected  a decimal above zero, without thousands marks\n"),
    ],
)
def test_what_is_not_exact_is_refused(text: str, unit: str, wanted: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        parse_amount(text, unit, wanted, 2022)
    assert str(caught.value).startswith(said)


def test_one_thing_written_in_several_ways_is_one_thing() -> None:
    assert normalise_identity(" 360822－js-0147 ") == normalise_identity("360822-JS-0147")
    assert parse_tonnes("１-740") == (1, 740)
    assert parse_tonnes("12") == (12, 12)
    named = {
        "county": "吉水县",
        "parcel": "a",
        "project": None,
        "vintage": None,
        "tonnes": None,
        "issued": None,
        "service": None,
        "member": "",
        "year": None,
        "standard": None,
        "quantity": None,
        "unit": None,
    }
    assert check_entry(SOLD, named, START, None, "p", "d") == Subject(PARCEL, county="360822", parcel="A")


def test_decimals_add_up_exactly() -> None:
    whole = Subject(SERVICE, county="1", year=2022, line="x", quantity_unit="t/yr", account_quantity=0.3)
    held = [
        Entry(at, SOLD, replace(whole, held_quantity=Decimal(text)), START, None, "p", "d")
        for at, text in enumerate(["0.1", "0.2"])
    ]
    assert find_conflict(held[1], held[:1]) is None  # in binary fractions 0.1 + 0.2 > 0.3
    more = Entry(3, SOLD, replace(whole, held_quantity=Decimal("0.000000001")), START, None, "p", "d")
    problem = find_conflict(more, held)
    assert problem is not None
    assert "entry 0: sold to p from 2024-01-01 without end, document d, and 1 more" in problem.found


DAYS = 12
SPANS = st.tuples(st.integers(0, DAYS), st.one_of(st.none(), st.integers(0, DAYS))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
WANTED = st.lists(
    st.tuples(SPANS, st.sampled_from(["a", "b"]), st.integers(1, 9), st.integers(0, 4), st.integers(1, 400)), max_size=14
)


@settings(max_examples=tries(100, 3_000))
@given(
    WANTED,
    st.sampled_from([PARCEL, CARBON, SERVICE]),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 2 * DAYS)), max_size=4),
)
def test_no_day_ever_holds_too_much(
    wanted: list[tuple[tuple[int, int | None], str, int, int, int]], kind: str, releases: list[tuple[int, int]]
) -> None:
    """Whatever is added and released, an oracle that looks at every single day agrees on each decision."""
    held: list[Entry] = []
    horizon = range(2 * DAYS + 2)
    for at, ((first, last), name, start, length, hundredths) in enumerate(wanted):
        subject = {
            PARCEL: Subject(PARCEL, county="1", parcel=name),
            CARBON: Subject(
                CARBON, project=name, vintage=2021, first_tonne=start, last_tonne=start + length, issued_tonnes=ord(name)
            ),
            SERVICE: Subject(
                SERVICE,
                county="1",
                year=2022,
                line=name,
                held_quantity=Decimal(hundredths) / 100,
                quantity_unit="t/yr",
                account_quantity=7.01,
            ),
        }[kind]
        new = Entry(at, SOLD, subject, START + timedelta(first), None if last is None else START + timedelta(last), "p", f"d{at}")
        allowed = True
        for day in horizon:
            today = START + timedelta(day)
            if today < new.starts or (new.until and today > new.until):
                continue
            others = [
                one.subject
                for one in held
                if one.subject.key == subject.key and one.starts <= today and (one.until is None or today <= one.until)
            ]
            if kind == SERVICE:
                allowed &= sum(int(100 * (one.held_quantity or 0)) for one in [*others, subject]) <= 701
            elif kind == CARBON:
                mine = set(range(start, start + length + 1))
                allowed &= not any(mine & set(range(one.first_tonne or 0, (one.last_tonne or 0) + 1)) for one in others)
            else:
                allowed &= not others
        problem = find_conflict(new, held)
        assert (problem is None) == allowed
        if problem is None:
            held.append(new)
        else:
            assert "entry " in problem.found or kind == SERVICE
        for number, day in releases:
            until = START + timedelta(day - 1)
            if number == at and held and (held[0].until is None or until < held[0].until):
                held[0] = replace(held[0], until=until)
    if kind == SERVICE and held:
        top, day_of = find_peak(START, None, [one for one in held if one.subject.key == held[0].subject.key])
        assert top <= Decimal("7.01")
        assert day_of >= START


def test_the_register_is_only_ever_added_to() -> None:
    for path in (ROOT / "gep" / "encumbrance").glob("*.py"):
        text = path.read_text("utf-8").upper()
        assert "UPDATE " not in text
        assert "DELETE " not in text
