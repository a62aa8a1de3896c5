"""What messages say on pages: what to do in the browser for what to run in a terminal, titles without ids, places by name."""

from __future__ import annotations

import re
from functools import cache

from gep.inputs.workbook.layout import list_known_members
from gep.messages.texts import Joined, Text, say, say_in
from gep.reference.regions import read_regions
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES

ON_PAGES = {
    "a workbook in .xlsx, as gep new writes it": "a workbook in .xlsx, as this platform gives it out",
    "gep new writes one": "download the workbook of the account or of the form, and fill that in",
    "copy it from the workbook of gep new": "copy it from a workbook that was downloaded here",
    "copy the id from a row of the same kind; gep variables lists them": "copy the id from a row of the same kind; the knowledge base lists them",
    "an id of gep variables in the column 编号": "an id of the knowledge base in the column 编号",
    "an id of gep variables or gep coefficients": "an id of the knowledge base",
    "gep variables lists them": "the knowledge base lists them",
    "gep coefficients lists them": "the knowledge base lists them",
    "gep variables and gep coefficients list them": "the knowledge base lists them",
    "gep query regions lists all codes": "a code of the list of administrative divisions",
    "correct the cover, or give --standard": "correct the cover, or choose the standard on the page of the account",
    "run {run} supersedes {what}; no reason was given (--reason says why)": "run {run} supersedes {what}; no reason was given",
    'gep run ... --reason "..."': "say why it is run again",
    "gep review shows it": "the page of its review shows it",
    "gep submit comes first": "it is submitted first, on the page of its result",
    "gep approve or gep return comes next": "the reviewer approves or returns it next",
    "approved is final; gep run --reason makes a later run": "approved is final; a later run says why it is run again",
    "gep submit, or a new gep run, comes next": "it is submitted next, or run again",
    "correct it, then gep run again": "correct it in the forms, then run the account again",
    "explain it in the workbook and run again, or --note TEXT": "explain it on the page of findings and run again, or in the note of the step",
    "gep run again": "run the account again",
    "gep run makes one": "running the account makes one",
    "gep run makes some": "running the account makes one",
    "gep run computes it": "running the account computes it",
    "gep run again and have it approved": "run the account again and have it approved",
    "gep run it again and have it approved": "run the account again and have it approved",
    "gep run with one --price-year": "run the accounts with one price year",
    "gep run its inputs again, then ask for the scenario": "run the account again, then ask for the scenario",
    "gep approve signs it": "the reviewer approves it",
    "a name of gep variables, gep coefficients, gep rules or of the file itself": "a name of the knowledge base, or of the file itself",
    "the id of a variable; gep variables lists them": "the id of a variable; the knowledge base lists them",
    "a figure: gep variables lists them": "a figure: the knowledge base lists them",
    "standard {name} kept from {year} (--standard names another)": "standard {name} kept from {year} (the page of the account chooses another)",
    "standard {name} kept from run {run} (--standard names another)": "standard {name} kept from run {run} (the page of the account chooses another)",
    "price year {year} kept from the run before (--price-year names another, --current-prices drops it)": "price year {year} kept from the run before (the page of the account sets another)",
    "the account of {year} is kept under {name}; the form is of {standard} (--standard FILE names your own)": "{year} is kept under {name}; the form is of {standard} (the page of the account chooses another)",
    "give --price-year, or write it on the cover of the workbook": "set the price year on the page of the account, or write it on the cover of the workbook",
    "parameters and prices of the county go into the sheet of local coefficients": "parameters and prices of the county go into the form of local parameters and prices",
    "{unverified} statements on method are unverified; the report lists them": "{unverified} statements on method are unverified; the report lists them all",
    "gep compare {county} {one} {other} says why the years differ": "the page of comparison says why the years differ",
    "gep diff {one} {other} shows them; gep run the same inputs under both": "the page of comparison shows them; run the same inputs under both",
    "give a second year, or --standards A B": "give a second year, or two standards",
    "an id and member of the account, as gep trace shows them": "an id and member of the account, as its trace shows them",
    "an id as gep trace shows it": "an id as the trace shows it",
    "gep transfers --list names them": "the list of questions names them",
    "a weight of 0 reads none: --what-if w_gep=0.05 --band 0.1": "a weight of 0 reads none: suppose another weight",
    "a number from gep query transfers-as-of": "a run of the list of what is booked",
    "a run without --what-if": "a computation without suppositions",
    "gep transfers --confirm {number} --by NAME": "another account of finance confirms it",
    "prepared as number {number}: {postings} postings, {amount} yuan together; another person confirms it: gep transfers --confirm {number} --by NAME": "prepared as number {number}: {postings} postings, {amount} yuan together; another person confirms it",
    "prepared as number {number}: {postings} payments or postings, {amount} yuan together; another person confirms it: gep transfers --confirm {number} --by NAME": "prepared as number {number}: {postings} payments or postings, {amount} yuan together; another person confirms it",
    "a number of gep transfers --prepared": "a number of the list of what is prepared",
    "gep transfers --reverse {run} takes it back": "a reversal of run {run} takes it back",
    "if an earlier run was wrong, gep transfers --reverse RUN takes it back": "if an earlier run was wrong, a reversal takes it back",
    "gep transfers --reverse RUN takes the other back; --despite TEXT says why both are right": "a reversal takes the other back; a reason despite the other says why both are right",
    "{count} postings of {scheme} {year} (transfer run {transfer_run}) rest on the account {county} {of_year}, run {run}, {happened}; when the account is approved, gep compensate {scheme} {year} --post --reason ... books the correction": "{count} postings of {scheme} {year} (transfer run {transfer_run}) rest on the account {county} {of_year}, run {run}, {happened}; when the account is approved, finance computes the scheme again and books the correction",
    "a voucher of gep query transfers-open": "a voucher of a payment that is open",
    "a key of the schema; gep scheme show prints a whole scheme": "a key of the schema; the page of a scheme shows a whole one",
    "gep scheme register {file} --by NAME": "register the scheme on its page",
    "gep scheme register {file} --by NAME --reason TEXT": "give it another version and register it on its page",
    "nothing is booked yet; gep compensate ... --post books": "nothing is booked yet; finance computes a scheme, prepares it, and another account confirms it",
}
"""English text of the catalogue that tells what to run → the text that tells people with a browser what to do."""
_ID = re.compile(r"（([A-Za-z][A-Za-z0-9_]*)(?:，([^（）]*))?）")
_COUNTY = re.compile(r"(?<![0-9])([0-9]{6})(?= [0-9]{4}(?:-[0-9]{4})? 年)")
_YEAR = re.compile(r"/(?:yr|a)(?![A-Za-z_])|(?<=[，0-9 ])yr(?![A-Za-z_])")
_MONEY = re.compile(r"(?<![A-Za-z])CNY(?:_([0-9]{4}))?(?![A-Za-z_])")


def turn_for_pages(text: str) -> str:
    """Return a message that tells people with a browser what to do; one that names no command stays as it is."""
    if isinstance(text, Text):
        return Text(ON_PAGES.get(text.template, text.template), {name: _turn_value(one) for name, one in text.values.items()})
    if isinstance(text, Joined):
        return Joined(map(turn_for_pages, text.parts), *text.between)
    return say(ON_PAGES[text]) if text in ON_PAGES else text


def say_on_page(text: str, lang: str) -> str:
    """Return a message in a language as pages print it.

    In Chinese ids behind a title are left out, units are 元/年 as in the forms, and an account is called by the name of its county.
    """
    said = say_in(turn_for_pages(text), lang)
    return _print_chinese(said) if lang == "zh" else said


def _turn_value(value: object) -> object:
    return turn_for_pages(value) if isinstance(value, str) else value


def _print_chinese(said: str) -> str:
    said = _COUNTY.sub(lambda found: _name_county(found[1]), said)
    said = _MONEY.sub(lambda found: f"元({found[1]})" if found[1] else "元", said)
    said = _YEAR.sub(lambda found: "/年" if found[0].startswith("/") else "年", said)
    return _ID.sub(_drop_id, said) if "（" in said else said


def _drop_id(found: re.Match[str]) -> str:
    if found[1] not in _list_ids():
        return found[0]
    return f"（{found[2]}）" if found[2] and found[2] != "1" else ""


def _name_county(code: str) -> str:
    known = read_regions().get(code)
    return known.name_zh if known else code


@cache
def _list_ids() -> frozenset[str]:
    """Return the ids that stand behind titles."""
    members = (one for _, one in list_known_members().values())
    return frozenset({*VARIABLES, *COEFFICIENTS, *SERVICE_TITLES, *members})
