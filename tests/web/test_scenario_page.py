"""The page of scenarios says what the command computes, stores nothing, keeps what was typed, and reads no file of the server."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT
from platform_site import Platform, words_of

from gep.messages.tables import print_cell
from gep.statements.scenario import tell_scenarios
from gep.store.store import Store
from gep.tasks.scenario import find_outcomes

PLAN = ROOT / "inputs/scenario-example/plan.yaml"
PAGE = "/361027/2022/scenario"


def test_the_page_has_the_effects_of_the_command_and_stores_nothing(platform: Platform, jinxi: Path) -> None:
    viewer = platform.visit("wu")
    assert PAGE in viewer.get("/361027/2022/result").text
    assert "退耕还林 100 公顷" in words_of(viewer.get(PAGE))
    store = Store(jinxi)
    found = find_outcomes(store, store.find("361027", 2022), [PLAN], "70 亿元", "gep", 1)
    head = platform.app.state.site.keeper.store().head()
    answer = viewer.post(f"{PAGE}?lang=zh", scenario=PLAN.read_text("utf-8"), reach="70 亿元", change="1")
    assert answer.status_code == 200, words_of(answer)
    told, shown = tell_scenarios(found, "zh"), words_of(answer)
    for table in told.tables:
        assert all(
            print_cell(one, column) in shown for row in table.rows for one, column in zip(row.cells, table.columns, strict=True)
        )
        assert all(line in shown for line in (table.title, *table.note.splitlines()))
    assert all(one in shown for one in told.notes)
    assert "模拟" in words_of(answer)
    assert found.reach is not None
    assert f"{found.reach.target:,.2f}" in words_of(answer)
    assert platform.app.state.site.keeper.store().head() == head


def test_two_stand_side_by_side_and_are_not_ranked(platform: Platform) -> None:
    viewer, text = platform.visit("wu"), PLAN.read_text("utf-8")
    other = text.replace("100 公顷", "50 公顷").replace("100 hm2", "50 hm2")
    answer = viewer.post(PAGE, files={"other": ("other.yaml", other.encode(), "text/yaml")}, scenario=text)
    assert answer.status_code == 200, words_of(answer)
    shown = words_of(answer)
    assert shown.index("退耕还林 100 公顷") < shown.index("退耕还林 50 公顷")
    assert "不排名次" in shown


def test_what_cannot_be_meant_is_said_and_stays_on_the_page(platform: Platform) -> None:
    viewer = platform.visit("wu")
    typed = "title: <script>x</script>\nauthor: a\nbasis: b\nchanges: [{from: arable, to: nowhere, area: 1 hm2}]\n"
    answer = viewer.post(PAGE, scenario=typed)
    assert answer.status_code == 422
    assert "nowhere" in words_of(answer)
    assert "plan.yaml:4" in words_of(answer)
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;x" in answer.text
    assert viewer.post(PAGE, scenario="").status_code == 422
    for path in ("/etc/passwd", "../../../etc/passwd", "other/../../x.csv"):
        sent = viewer.post(f"{PAGE}?lang=en", scenario=f"title: t\nauthor: a\nbasis: b\ntransitions: {path}\n")
        assert sent.status_code == 422
        assert "the name of a table that is sent with the scenario" in words_of(sent), path
        assert "root" not in words_of(sent).replace("administrator", "")
