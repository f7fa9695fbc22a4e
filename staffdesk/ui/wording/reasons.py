"""Reasons by their names alone, where only their codes are kept."""

from collections import defaultdict

from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.ui.wording.refusals import texts_of

_COUNTED = {"loans": 2, "until": None, "pickup": ""}
"""The facts that choose between texts of one reason."""


def name_of(reason: Reason) -> str:
    """What is large in the band when a reason is given: "Loan limit"."""
    headline = texts_of(Refusal(reason=reason, facts=_COUNTED), here="").headline
    return headline.format_map(defaultdict(lambda: "…")).capitalize()
