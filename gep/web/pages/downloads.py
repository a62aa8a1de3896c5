"""What is handed out of an account: its report as PDF, Word, Excel and web page, SEEA tables, the certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.certificate.certificate import make_certificate, write_certificate_text
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.office.rights import Action
from gep.office.workshop import make_report_file
from gep.reports.writing import FORMATS
from gep.web.pages.results import need_head
from gep.web.route import Route
from gep.web.words import CERTIFICATE, DOWNLOADS

if TYPE_CHECKING:
    from starlette.responses import Response

    from gep.web.ask import Ask

_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "seea": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    CERTIFICATE: "application/json",
}


def _download(ask: Ask) -> Response:
    head = need_head(ask)
    form = ask.path["form"]
    if form not in DOWNLOADS:
        refuse_one("FORM", say("there is no download {name!r}", name=form), ", ".join(DOWNLOADS))
    stem = f"{head.county}-{head.year}-{head.standard}"
    if form == CERTIFICATE:
        store = ask.store()
        with store:
            text = write_certificate_text(make_certificate(store, head.key))
        return ask.download(text.encode(), f"{stem}.certificate.json", _KINDS[form])
    workshop = ask.site.workshop
    content = workshop.make(make_report_file, workshop.copy(ask.site.keeper), head.run, head.account, form, ask.lang)
    return ask.download(content, f"{stem}{FORMATS[form]}", _KINDS[form])


ROUTES = (Route("/{county:code}/{year:year}/download/{form}", _download, Action.READ),)
