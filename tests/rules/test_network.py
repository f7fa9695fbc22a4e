"""Network files, and policies resolved field by field."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.network import BadNetworkFile, Network, Policy, PolicyRow, read_network, read_policy
from staffdesk.vocabulary import LibraryKind
from tests.words import NETWORKS, clain, hainaut


def test_clain_as_its_manual_has_it() -> None:
    network = clain()
    desks = [each for each in network.libraries if each.kind is LibraryKind.LIBRARY]
    assert len(desks) == 10
    assert network.county == "BDV"
    policy = network.policy("SMARVES", "ADULTE", "LIV")
    assert (policy.loan_days, policy.loan_limit, policy.renewal_limit) == (30, False, 1)
    assert (policy.hold_limit, policy.new_title_hold_limit, policy.shelf_days) == (10, 2, 21)
    assert not policy.new_title_renewable
    assert policy.hold_blocks_renewal == "always"
    group = network.policy("SMARVES", "GROUPE")
    assert (group.loan_days, group.loan_limit) == (60, 60)
    assert {(each.owner, each.item_type) for each in network.restrictions} == {
        ("SMARVES", "DVD"),
        ("NIEUIL", "LISEUSE"),
        ("NIEUIL", "JEU"),
        ("ROCHES", "JEU"),
    }


def test_hainaut_as_its_tutorial_has_it() -> None:
    policy = hainaut().policy("TOURNAI", "ADULTE", "LIV")
    assert (policy.loan_days, policy.loan_limit, policy.renewal_limit) == (28, 15, 2)
    assert (policy.hold_on, policy.hold_validated) == ("title", True)
    assert policy.hold_blocks_renewal == "unless_free_copy"
    assert policy.shelf_days == 14
    assert hainaut().county is None


def test_the_row_that_decided_is_named() -> None:
    policy = clain().policy("VERNON", "GROUPE", "LIV")
    assert (policy.row("loan_days"), policy.row("renewal_limit")) == ("*/GROUPE/*", "*/*/*")
    assert policy.row("grace_days") == "*/*/*"  # said nowhere: the default


KEYS = [(lib, cat, kind) for lib in (None, "L", "M") for cat in (None, "A") for kind in (None, "D")]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "loan_days": st.integers(0, 99),
        "loan_limit": st.one_of(st.just(False), st.integers(0, 99)),
        "renewal_limit": st.one_of(st.just(False), st.integers(0, 9)),
        "renewable": st.booleans(),
    },
)


@given(
    st.dictionaries(st.sampled_from(KEYS), VALUES),
    st.sampled_from(("L", "M", "N")),
    st.sampled_from(("A", "B")),
    st.sampled_from(("D", "E", None)),
    st.randoms(use_true_random=False),
)
def test_each_field_comes_from_the_most_specific_row_that_has_it(
    table: dict[tuple[str | None, str | None, str | None], dict[str, Any]],
    library: str,
    category: str,
    kind: str | None,
    random: Any,
) -> None:
    rows = [
        PolicyRow(library=key[0], category=key[1], item_type=key[2], values=values)
        for key, values in table.items()
    ]
    random.shuffle(rows)
    network = Network(
        code="x",
        name="X",
        libraries=(),
        item_types=(),
        patron_categories=(),
        policies=tuple(rows),
    )
    policy = network.policy(library, category, kind)
    # The eight keys that may speak about the case, from the most to the least specific.
    order = [
        (library, category, kind),
        (library, category, None),
        (library, None, kind),
        (library, None, None),
        (None, category, kind),
        (None, category, None),
        (None, None, kind),
        (None, None, None),
    ]
    for name in ("loan_days", "loan_limit", "renewal_limit", "renewable"):
        said = [key for key in order if name in table.get(key, {})]
        expected = table[said[0]][name] if said else getattr(Policy(), name)
        value = getattr(policy, name)
        assert (value, type(value)) == (expected, type(expected))
        label = "/".join(part or "*" for part in said[0]) if said else "*/*/*"
        assert policy.row(name) == label


@given(st.permutations([("loan_days", 7), ("loan_months", 1)]))
def test_days_and_months_replace_each_other(lengths: list[tuple[str, int]]) -> None:
    (general, more), (specific, less) = lengths
    network = Network(
        code="x",
        name="X",
        libraries=(),
        item_types=(),
        patron_categories=(),
        policies=(
            PolicyRow(values={general: more}),
            PolicyRow(library="L", values={specific: less}),
        ),
    )
    policy = network.policy("L", "A")
    assert (getattr(policy, specific), getattr(policy, general)) == (less, None)


SMALL = """
[network]
code = "x"
name = "X"
[[library]]
code = "L"
name = "L"
hours = { mon = "10:00-12:00, 14:00-18:00" }
[[item_type]]
code = "D"
name = "D"
[[patron_category]]
code = "A"
name = "A"
[[policy]]
loan_days = 28
"""


def test_the_smallest_file(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SMALL, "utf-8")
    assert len(read_network(tmp_path / "x.toml").library["L"].openings(0)) == 2


@pytest.mark.parametrize(
    ("line", "replacement", "told"),
    [
        ('name = "X"', "", "name"),
        ('name = "X"', 'name = "X"\ncolour = "red"', "colour"),
        ('name = "A"', 'name = "A"\nmin_age = 15\nmax_age = 14', "ages"),
        ('name = "X"', 'name = "X"\ntime_zone = "Europe/Smarves"', "Europe/Smarves"),
        ("[network]", "[netwrok]", "netwrok"),
        ("[network]", "[network", "line 2"),
        ("mon =", "lun =", "lun"),
        ("10:00-12:00", "10h-12h", "10h"),
        ("10:00-12:00", "12:00-10:00", "12:00-10:00"),
        ("loan_days = 28", "loan_dais = 28", "loan_dais"),
        ("loan_days = 28", 'loan_days = "28"', "loan_days"),
        ("loan_days = 28", "loan_days = -1", "loan_days"),
        ("loan_days = 28", "loan_limit = true", "loan_limit"),
        ("loan_days = 28", 'library = "M"', "M"),
        ("loan_days = 28", "library = 3", "library"),
        ("loan_days = 28", 'library = ["L"]', "library"),
        ("loan_days = 28", 'category = "B"', "B"),
        ("loan_days = 28", 'item_type = "E"', "E"),
        ("loan_days = 28", "loan_days = 28\n[[policy]]\nloan_days = 7", "*/*/*"),
        ("[[item_type]]", '[[library]]\ncode = "L"\nname = "M"\n[[item_type]]', "'L'"),
        ("[[item_type]]", '[[restriction]]\nowner = "M"\nitem_type = "D"\n[[item_type]]', "'M'"),
        ("[[item_type]]", '[[restriction]]\nowner = "L"\nitem_type = "E"\n[[item_type]]', "'E'"),
        ("[[item_type]]", '[[number]]\nkind = "ean"\nlength = 13\n[[item_type]]', "kind"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(
    tmp_path: Path, line: str, replacement: str, told: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(SMALL.replace(line, replacement, 1), "utf-8")
    with pytest.raises(BadNetworkFile) as caught:
        read_network(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadNetworkFile, match=r"none\.toml"):
        read_network(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("[network]\nname = 'Éé'".encode("latin-1"))
    with pytest.raises(BadNetworkFile, match=r"latin\.toml"):
        read_network(tmp_path / "latin.toml")


@given(st.data())
def test_a_garbled_file_is_read_or_refused(data: st.DataObject) -> None:
    text = (NETWORKS / "clain.toml").read_text("utf-8")
    at = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(at, min(len(text), at + 40)))
    new = data.draw(st.text('abc019[]{}"=,.\n -é', max_size=12))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "garbled.toml"
        path.write_text(text[:at] + new + text[end:], "utf-8")
        with suppress(BadNetworkFile):
            read_network(path)


def test_a_policy_rows_values_keep_their_types() -> None:
    row = read_policy({"library": "L", "loan_limit": False, "loan_days": 7})
    assert (row.label, row.weight, row.values) == (
        "L/*/*",
        4,
        {"loan_limit": False, "loan_days": 7},
    )
