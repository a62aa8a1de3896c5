"""The certificate: equal on another machine, and no digit in it can be changed unnoticed."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, ROOT, Program
from languages import check_both
from workbooks import FIGURES, fill

from gep.certificate.certificate import make_certificate, write_certificate_text
from gep.certificate.checksums import compute_checksums, find_differences, show_value, walk_values
from gep.certificate.verify import read_certificate, verify
from gep.explain.trace import make_trace
from gep.messages.problems import Problems
from gep.store.chain import read_head
from gep.store.keys import AccountKey
from gep.store.opening import open_to_read
from gep.store.saving import save
from gep.store.signing import hash_account
from gep.tasks.run import run_account

JINXI = ROOT / "inputs" / "361027-2022"
SEED = 20261121


@pytest.fixture(scope="module")
def store(jinxi_2020: Path) -> Path:
    return jinxi_2020


@pytest.fixture(scope="module")
def text(store: Path) -> str:
    with open_to_read(store) as connection:
        return write_certificate_text(make_certificate(connection, AccountKey(1, 0, "361027", 2022, "ndrc-2022")))


def read(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "certificate.json"
    path.write_text(text, "utf-8")
    return read_certificate(path)


def resealed(found: dict[str, Any]) -> dict[str, Any]:
    """A forger's certificate: changed, with all checksums made anew."""
    content = {name: section for name, section in found.items() if name != "hashes"}
    return {**content, "hashes": compute_checksums(content)}


def test_certificate_and_verify(gep: Program, store: Path, tmp_path: Path) -> None:
    target = tmp_path / "jinxi.json"
    made = gep("certificate", "金溪县", "2022", "-o", str(target), "--store", str(store)).stdout.splitlines()
    whole = json.loads(target.read_text("utf-8"))["hashes"]["whole"]
    with open_to_read(store) as connection:
        signed, head = hash_account(connection, 1, 0), read_head(connection)
    assert made == [str(target), f"whole {whole}", f"head of the chain {head.sha256} (link {head.link})"]
    told = gep("verify", str(target)).stdout.splitlines()
    assert told[told.index("  not checked:") + 1].startswith("    - who signed: names are texts of the file")
    assert told[: told.index("  not checked:")] == [
        f"{target}: equal",
        "  361027 金溪县 2022  ndrc-2022  run 1  gep 0.1.0",
        "  GEP 6,620,620,161.96 CNY/yr",
        "  27 inputs and 57 coefficients converted again, 92 rules checked and evaluated",
        "  96 numbers of the results computed again, all to the last bit",
        "  not signed",
        f"  account sha256 {signed}",
        f"  whole {whole}",
    ]
    found = json.loads(gep("verify", str(target), "--format", "json").stdout)
    assert found["equal"] is True
    assert found["differences"] == []


def test_the_certificate_carries_the_sign_off_and_verify_holds_it_against_the_results(gep: Program, tmp_path: Path) -> None:
    gep("run", str(JINXI), "--store", gep.store, "--lang", "zh")
    gep("submit", "361027", "2022", "--by", "张三", "--store", gep.store)
    gep("approve", "361027", "2022", "--by", "李四", "--note", "已核对原始资料", "--store", gep.store)
    target = tmp_path / "signed.json"
    gep("certificate", "361027", "2022", "-o", str(target), "--store", gep.store)
    lines = gep("verify", str(target)).stdout.splitlines()
    assert re.fullmatch(r"  submitted by 张三 \d{4}-\d\d-\d\d \d\d:\d\d UTC", lines[5])
    assert re.fullmatch(r"  approved by 李四 \d{4}-\d\d-\d\d \d\d:\d\d UTC: 已核对原始资料", lines[6])
    found = read_certificate(target)
    found["events"][1]["account_sha256"] = "0" * 64
    (place,) = verify(resealed(found)).differences
    assert (place.path, place.kind) == ("events[1].account_sha256", "recomputed")
    assert place.expected == f'"{found["events"][0]["account_sha256"]}"'
    state = gep("history", "361027", "2022", "--store", gep.store).stdout.splitlines()
    assert state[2].endswith("  approved")
    assert re.fullmatch(r"  approved by 李四 \d{4}-\d\d-\d\d \d\d:\d\d UTC: 已核对原始资料", state[4])
    folder = shutil.copytree(JINXI, tmp_path / "corrected")
    table = folder / "statistics.csv"
    table.write_text(table.read_text("utf-8").replace("253828", "253000"), "utf-8")
    gep("run", str(folder), "--reason", "更正人口", "--store", gep.store, "--lang", "zh")
    state = gep("history", "361027", "2022", "--store", gep.store).stdout.splitlines()
    assert state[4:6] == ["  supersedes run 1: 更正人口", "  voids the approval of run 1"]
    earlier = tmp_path / "earlier.json"
    gep("certificate", "361027", "2022", "--run", "1", "-o", str(earlier), "--store", gep.store)
    again = gep("verify", str(earlier)).stdout.splitlines()
    assert again[2] == "  superseded by run 2 when the certificate was made"
    again, lines = ([line for line in told if not line.startswith("  whole")] for told in (again, lines))
    assert again[1:2] + again[3:] == lines[1:]  # the account and its sign-offs as before
    refused = gep("certificate", "361027", "2022", "--run", "9", "--store", gep.store, code=2).stderr
    assert "run 9 has no account of 361027 2022" in refused
    assert "a run that has one: 1, 2" in refused


def test_a_changed_digit_is_named_with_its_place(gep: Program, text: str, tmp_path: Path) -> None:
    target = tmp_path / "jinxi.json"
    target.write_text(text.replace('"value_given": "325.7700"', '"value_given": "325.7701"'), "utf-8")
    done = gep("verify", str(target), code=2)
    lines = done.stdout.splitlines()
    assert lines[0] == f"{target}: differs at 2 places"
    at = next(at for at, row in enumerate(json.loads(text)["inputs"]) if row["value_given"] == "325.7700")
    assert lines[1] == f"  inputs[{at}].value_given"
    assert lines[2] == '    found          "325.7701"'
    assert re.fullmatch(r"    expected       the value of checksum [0-9a-f]{8}, not [0-9a-f]{8}", lines[3])
    assert lines[4:] == [f"  inputs[{at}].value", "    found          325.77", "    by recomputing 325.7701"]


def test_an_account_of_quantities_only_is_computed_again_and_said_to_be_one(gep: Program, tmp_path: Path) -> None:
    rows = (("area", "paddy", "10,km2"), ("runoff_producing_rainfall", "", "1400,mm"), ("surface_runoff", "paddy", "150,mm"))
    text = "".join(
        f"361027,2022,{name},{kind},{value},x\n" for name, kind, value in (*rows, ("evapotranspiration", "paddy", "760,mm"))
    )
    (tmp_path / "f.csv").write_text("county,year,variable,ecosystem,value,unit,source\n" + text, "utf-8")
    gep("run", str(tmp_path / "f.csv"), "--standard", "hj1173-2021", "--store", gep.store)
    gep("certificate", "361027", "2022", "-o", str(tmp_path / "c.json"), "--store", gep.store)
    said = gep("verify", str(tmp_path / "c.json"), "--lang", "en").stdout
    assert "quantities only; the standard has no prices" in said
    assert "no service is accounted for" not in said
    certificate = json.loads((tmp_path / "c.json").read_text("utf-8"))
    lines = certificate["results"]["line_result"]
    at = next(at for at, row in enumerate(lines) if row["quantity"] is not None)
    lines[at]["quantity"] += 1
    (tmp_path / "c.json").write_text(json.dumps(certificate), "utf-8")
    assert f"results.line_result[{at}].quantity" in gep("verify", str(tmp_path / "c.json"), code=2).stdout


@pytest.mark.parametrize("case", ["garze-2010", "lianhua-2014"])
def test_every_service_of_the_published_accounts_is_computed_again(case: str, tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    save(run_account([CASES / case / "inputs.csv"], str(CASES / case / "standard.yaml"), 2015), store)
    with open_to_read(store) as connection:
        place = AccountKey(*connection.execute("SELECT run, account, county, year, standard FROM latest").fetchall()[0])
        found = verify(read(write_certificate_text(make_certificate(connection, place)), tmp_path))
    assert found.differences == ()
    assert found.numbers > 100 if case == "garze-2010" else found.numbers > 20
    assert found.rounded == 0


def test_an_account_from_a_workbook_is_computed_again_and_traced_to_its_cells(gep: Program, tmp_path: Path) -> None:
    blank, filled, store = tmp_path / "new.xlsx", tmp_path / "chongyi.xlsx", tmp_path / "gep.duckdb"
    gep("new", "崇义县", "2023", "-o", str(blank))
    cells = fill(blank, filled, FIGURES)
    save(run_account([filled], price_year=2020), store)
    with open_to_read(store) as connection:
        place = AccountKey(*connection.execute("SELECT run, account, county, year, standard FROM latest").fetchall()[0])
        found = read(write_certificate_text(make_certificate(connection, place)), tmp_path)
        origins = [one for step in make_trace(connection, place, "water_conservation", None).steps for one in step.origins]
    again = verify(found)
    assert again.differences == ()
    assert again.inputs > 100
    assert {row["cell"] for row in found["inputs"]} <= set(cells.values())
    rain = next(one for one in origins if one.id == "precipitation")
    assert rain.address.endswith(f"chongyi.xlsx!{cells['precipitation', '全县']}")
    assert rain.as_given == "1489.9 mm"


@pytest.mark.parametrize("standard", ["ndrc-2022", "mee-2020", "db36-2021", "gbt46869-2025"])
def test_an_account_out_of_a_batch_is_equal_alone(standard: str, tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    save(run_account([ROOT / "inputs" / "jiangxi-2019-grids"], standard, 2020), store)
    with open_to_read(store) as connection:
        rows = connection.execute("SELECT run, account, county, year, standard FROM latest ORDER BY county").fetchall()
        for row in rows[::50]:
            assert (
                verify(read(write_certificate_text(make_certificate(connection, AccountKey(*row))), tmp_path)).differences == ()
            )


def _list_places(found: dict[str, Any]) -> dict[str, str]:
    return {path: show_value(value) for path, value in walk_values(found, "")}


def test_no_digit_anywhere_can_be_changed_unnoticed(text: str, tmp_path: Path) -> None:
    before = read(text, tmp_path)
    assert find_differences(before) == []
    written = _list_places(before).items()
    chance = random.Random(SEED)
    digits = [found.start() for found in re.finditer(r"[0-9]", text)]
    refused: list[str] = []
    for at in chance.sample(digits, 120):
        other = chance.choice([digit for digit in "0123456789" if digit != text[at]])
        changed = text[:at] + other + text[at + 1 :]
        try:
            after = read(changed, tmp_path)
        except Problems as problem:  # a number that JSON does not allow, such as 02022: its line and column are named
            refused.append(str(problem))
            continue
        places = {one.path for one in find_differences(after)}
        changed_places = {path for path, _ in written ^ _list_places(after).items()}
        if all(path.startswith("hashes") for path in changed_places):
            assert places
            assert all(path.startswith("hashes") for path in places), (places, changed_places)
        else:
            assert places & changed_places, (places, changed_places)
    assert len(refused) < 12
    assert all(re.search(r"not JSON from column \d+ on", one) for one in refused)


def test_a_damaged_file_is_refused_or_found_different_unless_it_says_the_same(text: str, tmp_path: Path) -> None:
    """Bits flipped, bytes taken out, put in and swapped, ends cut off; only white space may go unnoticed."""
    raw, chance, path = text.encode(), random.Random(SEED), tmp_path / "damaged.json"
    before = list(walk_values(read(text, tmp_path), ""))
    met = {"refused": 0, "different": 0, "same": 0}
    for _ in range(60):
        damaged, at = bytearray(raw), chance.randrange(len(raw))
        match chance.choice(["flip", "out", "in", "cut", "swap"]):
            case "flip":
                damaged[at] ^= 1 << chance.randrange(8)
            case "out":
                del damaged[at]
            case "in":
                damaged.insert(at, chance.randrange(256))
            case "cut":
                del damaged[at:]
            case "swap":
                other = min(at + chance.randrange(1, 50), len(raw) - 1)
                damaged[at], damaged[other] = damaged[other], damaged[at]
        path.write_bytes(damaged)
        try:
            found = read_certificate(path)
        except Problems:
            met["refused"] += 1
            continue
        if find_differences(found):
            met["different"] += 1
        else:
            met["same"] += 1
            assert [(name, show_value(value)) for name, value in walk_values(found, "")] == [
                (name, show_value(value)) for name, value in before
            ]
    assert met["refused"] > 20
    assert met["different"] > 10
    assert met["same"] < 6


def test_verify_names_the_place_of_changed_numbers_whatever_section_they_stand_in(text: str, tmp_path: Path) -> None:
    before = read(text, tmp_path)
    numbers = [
        (path, value) for path, value in walk_values(before, "") if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    chance = random.Random(SEED)
    for path, _ in chance.sample(numbers, 12):
        after = read(text, tmp_path)
        _put(after, path, _other(_get(after, path), chance))
        assert path in {one.path for one in verify(after).differences}, path


def _get(found: Any, path: str) -> Any:
    for part in re.findall(r"[^.\[\]]+", path):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def _put(found: Any, path: str, value: Any) -> None:
    *above, last = re.findall(r"[^.\[\]]+", path)
    for part in above:
        found = found[int(part)] if isinstance(found, list) else found[part]
    found[int(last) if isinstance(found, list) else last] = value


def _other(value: Any, chance: random.Random) -> Any:
    digits = show_value(value)
    at = chance.choice([at for at, digit in enumerate(digits) if digit.isdigit()])
    other = chance.choice([digit for digit in "123456789" if digit != digits[at]])
    return json.loads(digits[:at] + other + digits[at + 1 :], parse_float=float)


FORGERIES = {
    "inputs[{area}].value": "325.7701",
    "inputs[{area}].value_given": '"325.7701"',
    "inputs[{area}].unit_given": '"ha"',
    "coefficients[0].value": "12345.5",
    "coefficients[0].unit": '"1e4 kg"',
    "coefficients[0].computed": "12345.5",
    "rules[3].factor": "10.5",
    "results.total_result[1].value": "1.5",
    "results.service_result[{water}].status": '"no data"',
}


@pytest.mark.parametrize("path", FORGERIES)
def test_a_forger_who_makes_the_checksums_anew_is_found_by_recomputing(path: str, text: str, tmp_path: Path) -> None:
    found = read(text, tmp_path)
    area = next(at for at, row in enumerate(found["inputs"]) if row["value_given"] == "325.7700")
    water = next(at for at, row in enumerate(found["results"]["service_result"]) if row["service"] == "water_conservation")
    place = path.format(area=area, water=water)
    assert show_value(_get(found, place)) != FORGERIES[path]
    _put(found, place, json.loads(FORGERIES[path]))
    forged = resealed(found)
    assert find_differences(forged) == []
    places = verify(forged).differences
    assert places
    assert all(one.kind == "recomputed" for one in places)
    assert any(one.path.split(".")[0] == place.split(".")[0] for one in places)


def test_a_forger_who_changes_an_input_and_its_figure_alike_changes_the_results(text: str, tmp_path: Path) -> None:
    found = read(text, tmp_path)
    area = next(row for row in found["inputs"] if row["value_given"] == "325.7700")
    area["value"], area["value_given"] = 335.77, "335.7700"
    places = {one.path: one for one in verify(resealed(found)).differences}
    rows = found["results"]["service_result"]
    at = next(at for at, row in enumerate(rows) if row["service"] == "water_conservation")
    assert f"results.service_result[{at}].value" in places
    assert all(path.startswith("results.") for path in places)
    assert float(places[f"results.service_result[{at}].value"].expected) > 3_930_620_161


def test_a_forger_who_changes_a_formula_is_found_by_its_units_and_its_text(text: str, tmp_path: Path) -> None:
    found = read(text, tmp_path)
    at, rule = next((at, row) for at, row in enumerate(found["rules"]) if row["rule"] == "water_conservation.volume_value")
    rule["tree"]["sign"] = "+"
    places = {one.path for one in verify(resealed(found)).differences}
    assert {f"rules[{at}].tree", f"rules[{at}].formula"} <= places


def test_a_row_taken_out_or_put_in_is_found(text: str, tmp_path: Path) -> None:
    found = read(text, tmp_path)
    del found["inputs"][2]
    assert verify(found).differences[0].path.startswith("inputs[2]")
    found = read(text, tmp_path)
    del found["results"]["line_result"][0]
    assert any(one.path == "results.line_result" and one.found == "no row" for one in verify(resealed(found)).differences)
    found = read(text, tmp_path)
    del found["coefficients"]
    assert verify(found).differences[0].path == "coefficients"
    found = read(text, tmp_path)
    found["added"] = 1
    assert verify(found).differences[0].path == "added"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is not JSON from column 1 on"),
        (b"PK\x03\x04\xff\xfe", "the file is not UTF-8 at its byte 5"),
        (b"[1, 2]", "format is missing, not 'gep-certificate'"),
        (b'{"format": "other"}', "format is \"other\", not 'gep-certificate'"),
        (b'{"format": "gep-certificate", "format": "x"}', "'format' appears twice in one object"),
        (b'{"format": "gep-certificate", "a": NaN}', "NaN is not a number"),
        (b"[" * 100_000, "the file is not JSON as this program writes it"),
    ],
)
def test_what_is_no_certificate_is_refused_in_one_sentence(gep: Program, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert said in gep("verify", str(path), code=2).stderr
    with pytest.raises(Problems) as refused:
        read_certificate(path)
    check_both(refused.value)


def test_a_later_version_of_the_format_is_named(gep: Program, text: str, tmp_path: Path) -> None:
    path = tmp_path / "later.json"
    path.write_text(json.dumps(resealed({**json.loads(text), "version": 2})), "utf-8")
    lines = gep("verify", str(path), code=2).stdout.splitlines()
    assert lines[1:] == ["  version", "    found          2", "    expected       1"]


def test_it_verifies_elsewhere_without_store_and_tables(text: str, tmp_path: Path) -> None:
    later = tmp_path / "elsewhere"
    for folder in ("gep", "coefficients"):
        shutil.copytree(ROOT / folder, later / folder)
    kept = {
        "regions.csv",
        "retired_regions.csv",
        "ecosystems.csv",
        "pollutants.csv",
        "product_names.csv",
        "product_aliases.csv",
        "item_classes.csv",
        "products_within.csv",
        "units.csv",
    }
    for path in (later / "coefficients").rglob("*.csv"):
        if path.name not in kept:
            path.unlink()
    (later / "coefficients" / "sources.yaml").unlink()
    (later / "c.json").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gep", "verify", "c.json"],
        cwd=later,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("c.json: equal\n")
    assert not list(later.rglob("*.duckdb"))


def test_the_same_account_gives_the_same_certificate(store: Path, text: str) -> None:
    with open_to_read(store) as connection:
        assert write_certificate_text(make_certificate(connection, AccountKey(1, 0, "361027", 2022, "ndrc-2022"))) == text


def test_the_format_is_documented(text: str) -> None:
    document = (ROOT / "docs" / "certificate.md").read_text("utf-8")
    for name, section in json.loads(text).items():
        assert f"`{name}`" in document
        for key in section[0] if isinstance(section, list) and section else section if isinstance(section, dict) else ():
            if name not in {"standard", "hashes"}:
                assert f"`{key}`" in document, f"{name}.{key}"


def test_a_certificate_made_up_as_a_whole_says_what_was_not_checked(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    """Equal, since it follows from itself; a store and a head on paper tell it from a real one."""
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    file, forged = tmp_path / "c.json", tmp_path / "forged.json"
    gep("submit", "361027", "2022", "--by", "张三", "--note", "n", "--store", str(store))
    gep("certificate", "361027", "2022", "-o", str(file), "--store", str(store))
    head = json.loads(file.read_text("utf-8"))["about"]["chain_sha256"]
    told = gep("verify", str(file), "--store", str(store), "--head", head[:16], "--lang", "en").stdout
    assert "this account, these sign-offs and this head" in " ".join(told.split())
    assert "--store FILE asks it" not in told
    found = json.loads(file.read_text("utf-8"))
    found["events"].append(
        {**found["events"][0], "event": 2, "happened_at": "2030-01-06T09:00:00", "kind": "approved", "who": "李局长"}
    )
    forged.write_text(write_certificate_text(resealed(found)), "utf-8")
    assert "who signed: names are texts of the file" in gep("verify", str(forged), "--lang", "en").stdout
    told = gep("verify", str(forged), "--store", str(store), "--lang", "en", code=2).stdout
    assert "has no such sign-off: approved by 李局长" in " ".join(told.split())  # lines end where the folder's name lets them
    found["about"]["chain_sha256"] = "0" * 64
    forged.write_text(write_certificate_text(resealed(found)), "utf-8")
    told = gep("verify", str(forged), "--store", str(store), "--lang", "en", code=2).stdout
    assert "never had the head" in " ".join(told.split())
    told = gep("verify", str(forged), "--head", head, "--lang", "en", code=2).stdout
    assert "the head of the certificate is 0000" in " ".join(told.split())


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "approved", "who": "张三", "happened_at": "2030-01-01T00:00:00"}, "events[1].who"),
        ({"kind": "approved", "who": "张\u200b三", "happened_at": "2030-01-01T00:00:00"}, "events[1].who"),
        ({"kind": "approved", "who": "\u2800", "happened_at": "2030-01-01T00:00:00"}, "events[1].who"),
        ({"kind": "approved", "who": "李四", "happened_at": "2020-01-01T00:00:00"}, "events[1].happened_at"),
        ({"kind": "submitted", "who": "李四", "happened_at": "2030-01-01T00:00:00"}, "events[1].kind"),
    ],
)
def test_steps_that_could_not_have_been_taken_are_named(text: str, tmp_path: Path, change: dict[str, Any], path: str) -> None:
    found = read(text, tmp_path)
    signed = verify(found).account_sha256
    first = {
        "event": 1,
        "happened_at": "2026-01-05T09:00:00",
        "kind": "submitted",
        "account_sha256": signed,
        "who": "张三",
        "note": "",
    }
    found["events"] = [first, {**first, "event": 2, **change}]
    assert path in [one.path for one in verify(resealed(found)).differences]


def test_a_pipe_or_a_device_is_no_certificate(gep: Program, tmp_path: Path) -> None:
    """A pipe that nobody writes to would be waited for, and /dev/zero would fill the memory."""
    os.mkfifo(tmp_path / "c.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    for name in ("c.json", "zero.json"):
        assert "special file" in gep("verify", str(tmp_path / name), "--lang", "en", code=2).stderr
