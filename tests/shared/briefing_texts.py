"""What an office gives for a report for those who decide, for tests."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT

from gep.reports.briefing import Briefing
from gep.reports.outline import BRIEFINGS

FIGURES = (
    "place,year,indicator,kind,value,unit,source\n"
    "361027,2022,protected_area_share,figure,12,%,trial\n"
    "361027,2022,emerging_industry_share,figure,28,%,trial\n"
)
TEXTS = """author: 金溪县统计局 李四
texts:
  - {part: overview, text: 位于江西省东部。, source: 县人民政府网站}
  - {part: analysis, text: "价值随<降水>变化。"}
departments:
  县林业局: [protected_area_share]
"""


def ask(folder: Path, kind: str, texts: str = TEXTS) -> Briefing:
    """Everything that the kind can be given."""
    (folder / "words.yaml").write_text(texts, "utf-8")
    (folder / "figures.csv").write_text(FIGURES, "utf-8")
    for ending in ("csv", "yaml"):
        shipped = (ROOT / f"coefficients/indicators/ganzhou-2035.{ending}").read_text("utf-8")
        own = shipped.replace("id: ganzhou-2035", "id: own-set").replace('region: "360700"', 'region: "361000"')
        (folder / f"own-set.{ending}").write_text(own, "utf-8")
    figures = (folder / "figures.csv",) if "targets" in BRIEFINGS[kind] else ()
    return Briefing(kind, folder / "words.yaml", 2021, figures, str(folder / "own-set.yaml"))
