"""Says why a service has no data: the figures, coefficients or price indices it lacks, account by account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gep.formula.nodes import Coefficient, Observed, total
from gep.messages.punctuation import widen_punctuation
from gep.messages.texts import translate
from gep.messages.title import Title
from gep.rules.catalogue import COEFFICIENTS
from gep.variables.catalogue import VARIABLES
from gep.variables.declare import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from gep.account.binding import Binding
    from gep.formula.evaluate import Evaluation
    from gep.formula.nodes import Leaf, Node, Rule

NO_INDEX = "@index"
"""Appended to a leaf's id where a figure is there but no price index brings it to the account's price year."""


class Reasons:
    """Finds the missing leaves of unknown results, for all accounts at once."""

    def __init__(self, evaluation: Evaluation, binding: Binding) -> None:
        self.evaluation, self.binding = evaluation, binding

    def missing(self, rule: Rule, scope: str, unknown: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return for each account the ids of the leaves for want of which a rule is unknown.

        Parameters
        ----------
        scope   : the service whose list of counted members applies
        unknown : the accounts that are asked about, flags of shape (accounts,)

        Returns
        -------
        texts of shape (accounts,): ids joined by a semicolon, `@index` behind one that lacks only a price index; empty elsewhere
        """
        found = np.full(len(unknown), "", dtype=object)
        if not unknown.any():
            return found
        wanted: Node = self.evaluation.steps[rule.id].formula if not rule.axes else rule
        for axis in rule.axes:
            wanted = total(wanted, over=axis)
        blamed = self.evaluation.missing_leaves(wanted, scope, unknown.reshape(-1, 1, 1, 1))
        names, masks = [], []
        for leaf, mask in sorted(blamed.items()):
            lacking = self.binding.unindexed.get(leaf)
            if lacking is not None:
                names.append(leaf + NO_INDEX)
                masks.append(mask & lacking)
                mask = mask & ~lacking  # noqa: PLW2901 - what is left lacks the figure itself
            names.append(leaf)
            masks.append(mask)
        table = np.stack(masks, axis=1)
        patterns, of_account = np.unique(table[unknown], axis=0, return_inverse=True)
        texts = np.array(
            [";".join(name for name, has in zip(names, pattern, strict=True) if has) for pattern in patterns], dtype=object
        )
        found[unknown] = texts[of_account.reshape(-1)]
        return found


def explain_missing(
    missing: str, language: str, year: int | str = "", own: Mapping[str, Leaf] | Callable[[], Mapping[str, Leaf]] | None = None
) -> str:
    """Return missing leaves as part of a sentence: what is missing, and which department has it.

    Parameters
    ----------
    missing  : ids as `Reasons.missing` joins them
    language : `zh` or `en`
    year     : price year to which an index is missing
    own      : figures and parameters that the standard of the account declares, by id; a function is asked only where there are any
    """
    parts = []
    for identity in filter(None, missing.split(";")):
        name, lacks_index, _ = identity.partition(NO_INDEX)
        leaf: Leaf | None = VARIABLES[name] if name in VARIABLES else COEFFICIENTS.get(name)
        if leaf is None and own is not None:
            leaf = (own() if callable(own) else own).get(name)
        title = leaf.title if leaf is not None else Title(name, name)
        if lacks_index:
            text = "{title} ({name}): no price index to {year}"
            parts.append(translate(language, text, title=title[language], name=name, year=year))
        elif isinstance(leaf, Coefficient):
            parts.append(translate(language, "{title} ({name}: no row applies)", title=title[language], name=name))
        elif isinstance(leaf, Observed):
            department = leaf.department if language == "zh" else DEPARTMENTS.get(leaf.department, leaf.department)
            text = "{title} ({name}, {department})"
            parts.append(translate(language, text, title=title[language], name=name, department=department))
        else:
            parts.append(name)
    return widen_punctuation("、".join(parts)) if language == "zh" else "; ".join(parts)
