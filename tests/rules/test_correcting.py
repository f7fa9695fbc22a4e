"""Two desks that correct the same thing."""

from typing import Any

import pytest

from staffdesk.rules.correcting import corrections

NOW = {"title": "Dans la forêt", "year": 2018}


@pytest.mark.parametrize(
    ("said", "seen", "changed", "since"),
    [
        ({"title": "Dans la forêt"}, None, {}, []),
        ({"year": 2019}, None, {"year": 2019}, []),
        ({"year": 2019}, {"year": 2018}, {"year": 2019}, []),
        ({"year": 2019}, {"year": 2017}, {"year": 2019}, ["year"]),
        ({"year": None}, {"year": None}, {"year": None}, ["year"]),
        # Both wanted the same; of the other field nobody saw anything.
        ({"year": 2018, "title": "X"}, {"year": 2017}, {"title": "X"}, []),
    ],
)
def test_what_is_different_and_who_else_changed_it(
    said: dict[str, Any], seen: dict[str, Any] | None, changed: dict[str, Any], since: list[str]
) -> None:
    assert corrections(NOW, said, seen) == (changed, since)
