"""The standard that a store's accounts are computed by unless another is named: asked once, kept beside the store, with the reason for the default."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.files.reading import read_bounded
from gep.files.writing import write_file
from gep.standards.standard import DEFAULT, list_shipped_standards, load_standard

if TYPE_CHECKING:
    from gep.store.store import Store

IN_FORCE = "gbt46869-2025"
"""The national standard in force, whose text was not to be had."""
REASON = {
    "zh": "缺省采用 ndrc-2022（发改基础〔2022〕481号）：其指标清单和做法有文献可循，虽未核对原文。现行国家标准 GB/T 46869-2025"
    "（2025-12-31 发布并实施）已知：名称、范围、GEP 定义（扣除区外产品）、附录 A 列有洪水调蓄、固碳（三种方法）、局部气候调节；"
    "未知：完整指标清单、各项公式、参数和价格、是否计释氧。取得原文前，任何结果都不称“符合”该标准。",
    "en": "ndrc-2022 (发改基础〔2022〕481号) is the default: its services and methods can be followed in the literature, though its text was "
    "not read. GB/T 46869-2025, the national standard, was issued and came into force on 2025-12-31. Known of it: title, scope, the "
    "definition of GEP (less products from outside), and that annex A has flood mitigation, carbon (three methods) and local climate. "
    "Not known: its whole list, formulas, parameters and prices, and whether oxygen counts. Until its text is read no result is called "
    "compliant with it.",
}
"""Why the default is the default, what is known of the standard in force, and what is not."""
_MOST = 4096


def describe_choice(store: Store) -> dict[str, Any]:
    """Return the standard of a store as plain values: standard, whether it was kept, the default and its reason, shipped ids."""
    kept = read_choice(store)
    return {
        "store": str(store.path),
        "standard": kept or DEFAULT,
        "kept": bool(kept),
        "default": DEFAULT,
        "in_force": IN_FORCE,
        "reason": REASON,
        "shipped": list_shipped_standards(),
    }


def read_choice(store: Store) -> str:
    """Return the standard that was chosen for a store; empty where nobody chose."""
    path = _place(store)
    return read_bounded(path, _MOST).decode("utf-8").strip() if path.exists() else ""


def keep_choice(store: Store, standard: str) -> str:
    """Keep the standard of a store and return it as it is kept: an id, or the whole path of a file.

    Raises
    ------
    Problems : there is no such standard, its file is wrong, or the choice cannot be written
    """
    load_standard(standard)
    kept = standard if standard in list_shipped_standards() else str(Path(standard).resolve())
    write_file(_place(store), f"{kept}\n".encode(), "choice")
    return kept


def _place(store: Store) -> Path:
    return store.path.with_name(f"{store.path.name}.standard")
