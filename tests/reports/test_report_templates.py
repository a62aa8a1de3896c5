"""Templates of one's own: one block replaced, texts, styles and a logo; a broken one is told with file and line. Bad input."""

from __future__ import annotations

import base64
import os
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Program
from report_store import stored

from gep.messages.problems import Problems
from gep.reports.content import make_report
from gep.reports.forms.drawing import draw_figures, draw_png, draw_svg
from gep.reports.forms.html import render_html
from gep.reports.layout import lay_out
from gep.reports.words import read_words
from gep.reports.writing import Options, make
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from gep.reports.model import Report

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    with Store(stored(tmp_path_factory.mktemp("report"), "360725,2022,agricultural_output_value,,,1,亿元,s,")) as connection:
        return make_report(connection, 1, 0, "zh")


def folder(tmp_path: Path, **files: str) -> Path:
    path = tmp_path / "mine"
    path.mkdir()
    for name, text in files.items():
        (path / name.replace("_", ".")).write_text(text, "utf-8")
    return path


def entries(**texts: str) -> str:
    """A catalogue of Chinese texts by their keys."""
    return "\n".join(f'msgctxt "report.{key}"\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in texts.items())


def test_one_block_a_word_a_style_and_a_logo_are_replaced(report: Report, tmp_path: Path) -> None:
    mine = folder(
        tmp_path,
        report_html='{% extends "shipped/report.html" %}{% block scope %}<p>OWN {{ report.county }} {{ report.facts.gep }}</p>{% endblock %}',
        zh_po='msgctxt "report.summary"\nmsgid "Summary"\nmsgstr "要点"\n',
        report_css="h1 { color: red }",
    )
    (mine / "logo.png").write_bytes(PIXEL)
    page = render_html(report, mine)
    assert "<p>OWN 崇义县 100000000.0</p>" in page
    assert "1 要点" in page
    assert "h1 { color: red }" in page
    assert "data:image/png;base64," in page
    assert "附录 C" in page
    assert "核算期" not in page
    assert make(report, Options("pdf", "zh", mine)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("template", "where", "said"),
    [
        (
            '{% extends "shipped/report.html" %}\n{% block scope %}\n{{ report.countyy }}\n{% endblock %}',
            "report.html:3",
            "no attribute 'countyy'",
        ),
        ('{% extends "shipped/report.html" %}\n\n{% block scope %}', "report.html:3", "the template is wrong"),
        ('{% extends "shipped/nothing.html" %}', "report.html:1", "shipped/nothing.html"),
        ('{% extends "shipped/report.html" %}\n{% block scope %}{{ 1 / 0 }}{% endblock %}', "report.html:2", "division by zero"),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(
    report: Report, tmp_path: Path, template: str, where: str, said: str
) -> None:
    with pytest.raises(Problems) as caught:
        render_html(report, folder(tmp_path, report_html=template))
    one = caught.value.problems[0]
    assert one.where.endswith(where)
    assert said in one.found


def test_broken_texts_are_told_with_file_and_line(report: Report, tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"mine/zh\.po:3: the texts cannot be read"):
        render_html(report, folder(tmp_path, zh_po='msgctxt "report.summary"\nmsgid "Summary"\nmsgstr [\n'))
    shutil.rmtree(tmp_path / "mine")
    with pytest.raises(Problems, match=r"there is no text 'report\.sumary'"):
        render_html(report, folder(tmp_path, zh_po=entries(sumary="x")))
    shutil.rmtree(tmp_path / "mine")
    with pytest.raises(Problems, match=r"texts of one's own stand in zh\.po"):
        render_html(report, folder(tmp_path, texts_yaml="zh:\n  summary: x\n"))


def test_texts_templates_and_logos_that_cannot_be_used_are_told_all_at_once(report: Report, tmp_path: Path) -> None:
    mine = folder(tmp_path, zh_po=entries(coverage="{foo}", nix="1", gep="a {b", summary="要点"))
    with pytest.raises(Problems) as told:
        render_html(report, mine)
    assert [(one.line, one.found.partition(":")[0]) for one in told.value.problems] == [
        (1, "report.coverage cannot have 'foo' in braces"),
        (5, "there is no text 'report.nix'"),
        (9, "report.gep cannot be filled in"),
    ]
    for name, content, said in (
        ("zh.po", b"zh: 3\n", "zh.po:1: the texts cannot be read"),
        ("zh.po", b'msgid "x"\nmsgstr "\xff"\n', "zh.po:2: the file is not UTF-8"),
        ("report.html", b"a\n\xff", "report.html:2: the file is not UTF-8"),
        ("report.css", b"\xff", "report.css:1: the file is not UTF-8"),
        ("logo.png", b"x", "logo.png: the logo is not such a picture"),
        ("logo.svg", b"x", "logo.svg: the logo is not such a picture"),
    ):
        one = tmp_path / f"{len(said)}-{name}"
        one.mkdir()
        (one / name).write_bytes(content)
        with pytest.raises(Problems, match=re.escape(said)):
            render_html(report, one)
    with pytest.raises(Problems, match="the logo is not such a picture"):
        make(report, Options("docx", templates=tmp_path / f"{len('logo.png: the logo is not such a picture')}-logo.png"))


def test_a_template_may_load_its_own_folder_and_nothing_else(report: Report, tmp_path: Path) -> None:
    block = '{% extends "shipped/report.html" %}{% block scope %}<img src="picture.png" alt="a">OTHER{% endblock %}'
    mine = folder(tmp_path, report_html=block)
    (mine / "picture.png").write_bytes(PIXEL)
    assert b"/Subtype /Image" in make(report, Options("pdf", "zh", mine))
    shutil.rmtree(mine)
    with pytest.raises(Problems, match="may not load file:///etc/hostname"):
        make(
            report,
            Options(
                "pdf",
                "zh",
                folder(
                    tmp_path,
                    report_html=block.replace("OTHER", '<img src="file:///etc/hostname" alt="b">').replace("picture", "none"),
                ),
            ),
        )


@pytest.mark.parametrize(
    "attack",
    [
        "{{ cycler.__init__.__globals__.os.popen('touch pwned') }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ '{0.__class__}'.format(report) }}",
        "{{ number_of.__globals__ }}",
        "{{ words.say.__func__ }}",
        "{{ report.tables.value.rows.__init__ }}",
        "{{ ('a' | attr('__class__')).x }}",
        "{% set _ = report.tables.clear() %}",
        "{% set _ = report.facts.update(gep=1) %}",
        "{% for at in range(1000000) %}{% endfor %}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(report: Report, tmp_path: Path, attack: str) -> None:
    block = f'{{% extends "shipped/report.html" %}}\n{{% block scope %}}{attack}{{% endblock %}}'
    with pytest.raises(Problems, match=r"report\.html:2: the template cannot be filled in"):
        render_html(report, folder(tmp_path, report_html=block))


@pytest.mark.parametrize("name", ["etc.html", "report.css", "zh.po", "logo.svg", "own.ttf", "deep/er.png", "all"])
@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_a_folder_of_templates_reaches_no_file_outside(report: Report, tmp_path: Path, name: str, form: str) -> None:
    mine = folder(tmp_path)
    (mine / "deep").mkdir()
    outside = tmp_path / "secret.txt"
    outside.write_text("SECRET <svg", "utf-8")
    (mine / name).symlink_to(tmp_path if name == "all" else outside)
    with pytest.raises(Problems, match="the link leads out of the folder of templates"):
        make(report, Options(form, "zh", mine))


def test_a_link_inside_the_folder_is_followed_and_a_pipe_is_refused(report: Report, tmp_path: Path) -> None:
    mine = folder(tmp_path, own_css="h1 { color: red }")
    (mine / "report.css").symlink_to(mine / "own.css")
    assert "h1 { color: red }" in render_html(report, mine)
    os.mkfifo(mine / "zh.po")
    with pytest.raises(Problems, match="a device or a pipe"):
        render_html(report, mine)


@pytest.mark.parametrize("name", ["/etc/hostname", "../secret.html", "deep/../../secret.html"])
def test_a_template_includes_no_file_outside(report: Report, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.html").write_text("SECRET", "utf-8")
    block = f'{{% extends "shipped/report.html" %}}{{% block scope %}}{{% include "{name}" %}}{{% endblock %}}'
    with pytest.raises(Problems, match="cannot be filled in"):
        render_html(report, folder(tmp_path, report_html=block))


def test_every_documented_name_is_there_and_every_block_too() -> None:
    text = (ROOT / "docs/report-templates.md").read_text("utf-8")
    blocks = set(re.findall(r"{% block (\w+) %}", (ROOT / "templates/report.html").read_text("utf-8")))
    assert blocks <= set(re.findall(r"`(\w+)`", text))
    from gep.messages import tables
    from gep.reports import model

    for name in (
        *model.Report.__dataclass_fields__,
        *tables.Table.__dataclass_fields__,
        *model.Figure.__dataclass_fields__,
        *model.Method.__dataclass_fields__,
    ):
        assert f"`{name}`" in text, name


LONG = "长名" * 30


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["360725,2022,agricultural_output_value,,,0,亿元,s,"], "0.0000"),
        ([f"360725,2022,agricultural_product_value,,{LONG},1,元,{LONG},{LONG * 3}"], LONG[:10]),
        (["360725,2022,agricultural_output_value,,,0.0001,元,s,"], "&lt;0.0001"),
        (["360725,2022,agricultural_output_value,,,40000000000000,元,s,"], "400,000.0000"),
        (["360725,2022,agricultural_output_value,,,2,亿元,s,", "360725,2022,population,,,1,人,s,"], "200,000,000.00"),
    ],
)
def test_odd_accounts_get_a_correct_report(tmp_path: Path, rows: list[str], said: str) -> None:
    store = stored(tmp_path, *rows)
    with Store(store) as connection:
        report = make_report(connection, 1, 0, "zh")
    assert said in render_html(report)
    assert make(report, Options("pdf")).startswith(b"%PDF")


def test_a_negative_total_is_said_as_it_is(tmp_path: Path) -> None:
    store = stored(
        tmp_path,
        "360725,2022,area,evergreen_broadleaf_forest,,100,km2,s,",
        "360725,2022,area,arable,,50,km2,s,",
        "360725,2022,land_area,,,150,km2,s,",
        "360725,2022,precipitation,,,500,mm,s,",
        "360725,2022,evapotranspiration,,,900,mm,s,",
        "360725,2022,gdp,,,10,亿元,s,",
        "360725,2022,fishery_output_value,,,0.01,亿元,s,",
    )
    with Store(store) as connection:
        report = make_report(connection, 1, 0, "zh")
    assert report.total.value is not None
    assert report.total.value < 0
    assert report.total.shown.startswith("−")
    assert set(report.tables["value"].column("share")) == {None}
    assert not any("价值最大" in sentence or "占 " in sentence for sentence in report.summary)
    *_, whole, negative = report.tables["value"].column("value")
    assert whole == pytest.approx(report.total.value / report.money_scale)
    assert negative == pytest.approx(report.total.value / report.money_scale - 0.01)  # the fishes alone are positive
    page = render_html(replace(report, figures=draw_figures(report.figures, read_words("zh"))))
    assert report.total.shown in page
    assert "%)" not in page.partition('id="f-shares"')[2].partition("</figure>")[0]  # bars of a negative whole have no shares
    for form in ("pdf", "docx", "xlsx", "json", "seea"):
        assert make(report, Options(form))


def test_powers_of_ten_are_raised_in_figures_and_every_table_fits_its_page(tmp_path: Path) -> None:
    store = stored(tmp_path, "360725,2022,agricultural_output_value,,,1,亿元,s,")
    with Store(store) as connection:
        report = make_report(connection, 1, 0, "zh")
    one = report.figures["shares"]
    huge = replace(one, points=tuple(replace(point, value=1e15) for point in one.points))
    shown = draw_svg(huge, read_words("zh"))
    assert "10^" not in shown.partition("</title>")[2]
    assert '1.000×10<tspan dy="-3" font-size="75%">15</tspan>' in shown
    assert draw_png(report.figures["shares"], read_words("zh")).startswith(b"\x89PNG")
    for table in report.tables.values():
        assert all(sum(part.shares) == pytest.approx(1.0) for part in lay_out(table)), table.id


def test_units_are_in_the_words_of_the_language() -> None:
    assert read_words("zh").unit("CNY_2010/m^3") == "元(2010)/m³"
    assert read_words("zh").unit("CNY/yr") == "元/年"
    assert read_words("en").unit("CNY_2010/m^3") == "CNY_2010/m³"


def test_missing_fonts_and_wrong_folders_are_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gep.reports.forms import pdf

    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    with pytest.raises(Problems, match="the font of the reports is missing"):
        pdf.make_font_faces()


def test_wrong_commands_get_one_sentence(tmp_path: Path) -> None:
    store = stored(tmp_path, "360725,2022,agricultural_output_value,,,1,亿元,s,")
    gep = Program(str(store))
    assert (
        "a report as docx ends in .docx"
        in gep(
            "report", "360725", "2022", "--format", "docx", "-o", str(tmp_path / "x.pdf"), "--store", str(store), code=2
        ).stderr
    )
    assert "there is no account of 360725 2021" in gep("report", "360725", "2021", "--store", str(store), code=2).stderr
    assert "no county of 赣州市 has an account of 2020" in gep("report", "360700", "2020", "--store", str(store), code=2).stderr
