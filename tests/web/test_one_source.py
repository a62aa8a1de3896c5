"""No variable is declared twice: one added to the glossary and used by a rule stands in form, workbook, check, trace and report untouched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

NEW = """interception = declare_variable(
    "interception", symbol="I_n", unit="mm/yr", axes=(ECOSYSTEM,), zh="林冠截留量", en="Canopy interception",
    department=METEOROLOGY, about="核算年林冠截留的降水量。", most=3000.0,
)
"""
VISIT = """
from io import BytesIO
from pathlib import Path
import sys
from openpyxl import load_workbook
from platform_site import Platform, make_site, words_of
import gep
folder = Path(sys.argv[1])
assert Path(gep.__file__).is_relative_to(folder), gep.__file__
platform = Platform(make_site(folder / "source.duckdb", folder / "site"))
person = platform.visit("zhang")
year, form = "/361027/2023", "/361027/2023/form/气象局"
def save(variable, value, unit, form=form, member="全县"):
    cell = {"variable": variable, "member": member, "value": value, "unit": unit, "source": "站", "note": "", "version": 0}
    return person.send(f"{form}/cells", {"cells": [cell]}).json()["cells"][0]
assert "林冠截留量" in words_of(person.get(form))
save("precipitation", "1600", "mm"); save("evapotranspiration", "700", "mm")
save("area", "100", "km²", f"{year}/form/自然资源局", "常绿阔叶林")
assert any("林冠截留量" in one for one in person.client.get(f"{form}/check?as=json").json()["needed"])
assert "林冠截留量" in words_of(person.get(f"{year}/findings"))
assert save("interception", "4000", "mm", member="森林")["findings"][0]["grade"] == "A"
assert save("interception", "9", "t", member="湿地")["findings"], "a wrong unit is refused"
for member in ("森林", "湿地"):
    version = [c.version for k, c in __import__("gep.office.drafts", fromlist=["read_draft"]).read_draft(platform.office, "361027", 2023).items() if k == ("interception", member)][0]
    cell = {"variable": "interception", "member": member, "value": "", "unit": "mm", "source": "", "note": "", "version": version}
    person.send(f"{form}/cells", {"cells": [cell]})
assert save("interception", "123", "mm")["findings"] == []
book = load_workbook(BytesIO(person.get(f"{year}/workbook").content))
assert any("interception" in [cell.value for cell in row] for row in book["气象局"].iter_rows())
forms = person.client.get(f"/api/v1/accounts{year}/forms").json()["forms"]
assert any(row["variable"] == "interception" and row["cell"]["value"] == "123" for form in forms for row in form["rows"])
sent = {"cells": [{"county": "361027", "year": 2023, "variable": "interception", "value": "124", "unit": "mm"}]}
assert person.send("/api/v1/cells", sent).json()["saved"] == 1
assert person.send("/api/v1/cells", {"cells": [{**sent["cells"][0], "value": "123"}]}).json()["saved"] == 1
done = person.post(f"{year}/run")
assert done.status_code == 303, words_of(done)
assert "林冠截留量" in words_of(person.get(f"{year}/trace/water_conservation"))
assert "interception" in [row["variable"] for row in person.client.get("/api/v1/inputs?year=2023").json()["inputs"]]
assert "123" in words_of(person.get(f"{year}/trace/water_conservation"))
platform.close()
"""


@pytest.mark.process
def test_a_variable_added_to_the_glossary_stands_everywhere(tmp_path: Path, kept_site: Path) -> None:
    for name in ("gep", "coefficients", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "site").mkdir()
    shutil.copy(kept_site / "gep.duckdb", tmp_path / "source.duckdb")
    glossary = tmp_path / "gep/variables/regulating.py"
    before, mark, after = glossary.read_text("utf-8").rpartition("ALL = tuple(")
    glossary.write_text(before + NEW + mark + after, "utf-8")
    rule = tmp_path / "gep/rules/water_conservation.py"
    text = rule.read_text("utf-8")
    changed = text.replace("- evapotranspiration)\n", "- evapotranspiration - interception)\n", 1)
    changed = changed.replace("variables.regulating import (\n", "variables.regulating import (\n    interception,\n", 1)
    assert changed != text
    rule.write_text(changed, "utf-8")
    paths = {"PYTHONPATH": f"{tmp_path}:{ROOT / 'tests/shared'}", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

    def run(*words: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=tmp_path, env=paths, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    run("-c", VISIT, str(tmp_path))
    store = str(tmp_path / "site/gep.duckdb")
    assert "林冠截留量" in run("-m", "gep", "variables", "--lang", "zh")
    report = tmp_path / "report.html"
    run("-m", "gep", "report", "361027", "2023", "--store", store, "-o", str(report), "--lang", "zh")
    assert "林冠截留量" in report.read_text("utf-8")
