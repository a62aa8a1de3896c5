"""Records what a checkout of the program computes, and compares two records: what a restructuring must not change.

    python tests/record.py make FOLDER [CHECKOUT]    # CHECKOUT: another version of the project; default: this one
    python tests/record.py compare ONE OTHER         # prints each difference; ends with 1 if there is any
    python tests/record.py compare ONE OTHER note,formula    # the same without these keys of JSON and columns of tables

Recorded are the stores of the demonstration, the province's grids and the published accounts table by table, the
postings and steps of every scheme case, the JSON of the documented commands, and the text of the demonstration's report.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
MOMENTS = {"made_at", "happened_at", "signed_at", "program", "paid_at", "entered_at"}
"""Columns and keys that say when, or by which version, and so differ between any two runs."""
ACCOUNTS: dict[str, tuple[str, ...]] = {
    "jinxi-2022": ("inputs/361027-2022", "--price-year", "2020"),
    "jinxi-2022-mee": ("inputs/361027-2022", "--price-year", "2020", "--standard", "mee-2020"),
    "grids-2019": ("inputs/jiangxi-2019-grids",),
    "garze-2010": ("tests/cases/garze-2010/inputs.csv", "--standard", "tests/cases/garze-2010/standard.yaml"),
    "garze-2010-implied": ("tests/cases/garze-2010/implied/inputs.csv", "--standard", "tests/cases/garze-2010/standard.yaml"),
    "lianhua-2014": ("tests/cases/lianhua-2014/inputs.csv", "--standard", "tests/cases/lianhua-2014/standard.yaml"),
}
TRANSFERS = "inputs/jiangxi-transfers-example"
SCHEMES: dict[str, tuple[str, ...]] = {
    "basin-pool": ("jx-basin-pool", "2016", "--inputs", f"{TRANSFERS}/basin_pool.csv"),
    "pair": (f"{TRANSFERS}/pair-shangyou-nankang.yaml", "2023", "--inputs", f"{TRANSFERS}/pair.csv"),
    "kefz": ("jx-kefz", "2023", "--inputs", f"{TRANSFERS}/kefz.csv"),
}
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("show", "361027", "2022"),
    ("show", "361000", "2022"),
    ("list",),
    ("list", "--matrix"),
    ("rank", "江西省", "2022"),
    ("neighbours", "361027", "2022"),
    ("trace", "361027", "2022", "water_conservation"),
    ("trace", "361027", "2022", "soil_retention"),
    ("history", "361027", "2022"),
    ("compare", "361027", "2022", "--standards", "ndrc-2022", "mee-2020"),
    ("review", "361027", "2022"),
    ("check", "inputs/361027-2022"),
    ("standards",),
    ("standards", "diff", "ndrc-2022", "mee-2020"),
    ("coefficients",),
    ("coefficients", "runoff_coefficient"),
    ("variables",),
    ("scheme", "list"),
    ("transfers", "--list"),
    ("query", "--list"),
    ("query", "SELECT * FROM gep_account"),
    ("indicators",),
    ("indicators", "--list"),
    ("encumber", "list"),
)
WITHOUT_STORE = {"check", "standards", "coefficients", "variables", "scheme", "indicators"}


def make(folder: Path, checkout: Path) -> None:
    """Record a checkout into a folder, one text file a thing."""
    import os

    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(checkout)
    os.environ["GEP_LANG"] = "en"
    sys.path[0] = str(checkout)
    from click.testing import CliRunner

    import gep.cli

    assert Path(gep.cli.__file__).is_relative_to(checkout.resolve()), gep.cli.__file__

    def call(*arguments: str) -> str:
        done = CliRunner().invoke(gep.cli.main, list(arguments), env={"COLUMNS": "80"})
        return f"{done.stdout}{done.stderr}exit {done.exit_code}\n"

    main = folder / "main.duckdb"
    for name, arguments in ACCOUNTS.items():
        store = main if name.startswith("jinxi") else folder / f"{name}.duckdb"
        write(folder / f"run-{name}.txt", call("run", *arguments, "--lang", "zh", "--store", str(store)))
    for name, arguments in SCHEMES.items():
        call("scheme", "register", arguments[0], "--by", "张三", "--store", str(main))
        said = call("compensate", *arguments, "--format", "json", "--post", "--by", "张三", "--store", str(main))
        call("transfers", "--confirm", *re.findall(r"--confirm (\d+)", said)[:1], "--by", "李四", "--store", str(main))
        write(folder / f"scheme-{name}.txt", said)
    cases = Path("tests/cases/compensation")
    for case in sorted((cases if cases.exists() else Path("tests/compensation")).iterdir()):
        import yaml

        told = yaml.safe_load((case / "case.yaml").read_text("utf-8"))
        scheme = told["scheme"] if told["scheme"] != "scheme.yaml" else str(case / "scheme.yaml")
        asked = (scheme, str(told["year"]), "--inputs", str(case / "facts.csv"), "--format", "json")
        found = call("compensate", *asked, "--store", str(folder / "none.duckdb"))
        write(folder / f"case-{case.name}.txt", found.replace("tests/compensation/", "tests/cases/compensation/"))
    for command in COMMANDS:
        kept = () if command[0] in WITHOUT_STORE else ("--store", str(main))
        name = "-".join(command).replace("/", "_").replace(" ", "_")
        write(folder / f"json-{name}.txt", as_lines(call(*command, "--format", "json", *kept)))
    write(folder / "text-show.txt", call("show", "361027", "2022", "--lang", "zh", "--store", str(main)))
    report = folder / "report.html"
    call("report", "361027", "2022", "--lang", "zh", "--store", str(main), "-o", str(report))
    write(report, re.sub(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ| UTC)", "MOMENT", report.read_text("utf-8")))
    for store in sorted(folder.glob("*.duckdb")):
        dump(store, folder / store.stem)
        store.unlink()


def as_lines(text: str) -> str:
    """JSON with one value a line and without moments; other text as it is."""
    body, _, code = text.rpartition("exit ")
    try:
        found = json.loads(body)
    except ValueError:
        return text
    return json.dumps(without_moments(found), ensure_ascii=False, indent=1, sort_keys=True) + f"\nexit {code}"


def without_moments(found: Any) -> Any:
    """A value without the keys that say when."""
    if isinstance(found, dict):
        return {key: without_moments(value) for key, value in found.items() if key not in MOMENTS}
    return [without_moments(one) for one in found] if isinstance(found, list) else found


def dump(store: Path, folder: Path) -> None:
    """Write every table of a store as text, a row a line, without moments."""
    import duckdb

    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(store), read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1").fetchall()
        for (table,) in tables:
            found = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in found.description]
            keep = [at for at, name in enumerate(columns) if name not in MOMENTS]
            rows = sorted("\t".join(repr(row[at]) for at in keep) for row in found.fetchall())
            write(folder / f"{table}.txt", "\n".join(["\t".join(columns[at] for at in keep), *rows]) + "\n")


def write(path: Path, text: str) -> None:
    """Write a text without the path of the record in it."""
    path.write_text(text.replace(str(path.parent), "RECORD"), "utf-8")


def told(path: Path, without: frozenset[str]) -> str:
    """What a recorded file says, without lines of progress that only a slow machine prints, and without keys and columns."""
    text = re.sub(r"^gep: .* \(\d+ s\)\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    if not without:
        return text
    body, _, code = text.rpartition("exit ")
    opened = body.find("{\n") if body.lstrip().startswith("{") else -1
    if opened == 0:
        found, end = json.JSONDecoder().raw_decode(body)
        return json.dumps(left(found, without), ensure_ascii=False, indent=1) + body[end:] + code
    head = text.partition("\n")[0].split("\t")
    if len(head) > 1:
        keep = [at for at, name in enumerate(head) if name not in without]
        rows = [line.split("\t") for line in text.splitlines()]
        return "\n".join("\t".join(row[at] for at in keep if at < len(row)) for row in rows)
    return text


def left(found: Any, without: frozenset[str]) -> Any:
    """A value without some keys."""
    if isinstance(found, dict):
        return {key: left(value, without) for key, value in found.items() if key not in without}
    return [left(one, without) for one in found] if isinstance(found, list) else found


def compare(one: Path, other: Path, without: frozenset[str] = frozenset()) -> int:
    """Print what two records have differently and return how many files differ."""
    names = sorted({path.relative_to(of).as_posix() for of in (one, other) for path in of.rglob("*") if path.is_file()})
    count = 0
    for name in names:
        texts = [told(of / name, without) if (of / name).exists() else "" for of in (one, other)]
        if texts[0] == texts[1]:
            continue
        count += 1
        lines = list(difflib.unified_diff(texts[0].splitlines(), texts[1].splitlines(), "before", "now", lineterm="", n=0))
        print(f"{name}: {sum(line[:1] in '+-' and line[:3] not in {'+++', '---'} for line in lines)} lines differ")
        for line in lines[2:12]:
            print("   ", line[:200])
    print(f"{len(names)} files compared, {count} differ")
    return count


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else HERE)
    else:
        sys.exit(compare(Path(sys.argv[2]), Path(sys.argv[3]), frozenset("".join(sys.argv[4:5]).split(",")) - {""}) > 0)
