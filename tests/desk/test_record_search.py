"""Finding titles while typing: what is found, in which order, and all of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from staffdesk.desk import all_records, catalogue_choices, find_records, record_lines
from staffdesk.desk.answers.catalogue import RecordFilters, RecordsFound
from staffdesk.desk.catalogue.changes import add_record, change_record
from staffdesk.desk.catalogue.loans import count_loans, mark_most_lent
from staffdesk.desk.catalogue.query import LITTLE
from staffdesk.desk.catalogue.words import write_words
from staffdesk.desk.lending import check_out
from staffdesk.desk.undoing import undo
from staffdesk.folding import words as folded_words
from staffdesk.model import Hold, Isbn, Item, Library, Record, RecordText
from staffdesk.vocabulary import HoldState, ItemState, RecordOrder
from tests.conftest import NewStore
from tests.words import TODAY, Town


def titled(town: Town, title: str, *isbns: str, **columns: Any) -> int:
    """A record as `columns` say, with its words."""
    key = town.record(title)
    if columns:
        town.set(Record, key, **columns)
    for number in isbns:
        town.insert(Isbn, record_id=key, number=number)
    return written(town, key)


def with_copy(town: Town, title: str, record: dict[str, Any] | None = None, **copy: Any) -> int:
    """A record with a copy."""
    key = titled(town, title, **(record or {}))
    town.copy(record=key, **copy)
    return written(town, key)


def written(town: Town, key: int) -> int:
    """The record, now that its words are those of its title and copies."""
    town.owner.change(lambda connection, _: write_words(connection, [key]), repeated=False)
    return key


def found(town: Town, words: str = "", **fields: Any) -> RecordsFound:
    return town.ask(find_records, words=words, **fields)


def ids(town: Town, words: str = "", **fields: Any) -> list[int]:
    """What is found, which `all_records` must begin with."""
    answer = found(town, words, **fields)
    everything = list(town.ask(all_records, words=words, **fields).ids)
    assert everything[: len(answer.ids)] == list(answer.ids)
    assert len(set(everything)) == len(everything)
    assert answer.complete == (len(everything) == len(answer.ids))
    return list(answer.ids)


def narrowed(town: Town, **filters: Any) -> list[int]:
    return ids(town, filters=RecordFilters(**filters))


# --- words ---------------------------------------------------------------------------------------

TITLES = (
    ("L'Étranger", "l'étranger|L’ETRANGER|etranger|l étr|l'|camus étranger"),
    ("L'Œuvre au noir", "oeuvre noir|œuvre au noir|l'œuv|noir oeu|NOIR au l'oeuvre"),
    ("Straße der Träume", "strasse|straße|traume stra|der träume"),
    ("Le petit prince", "petit prince|prince petit|le petit p|petit le|pri"),
    ("1984", "1984|19|198"),
    ("C'est la vie", "c'est la vie|vie c est|la vi"),
    ("Война и мир", "война|мир вой"),
    ("Łódź, ville ouverte", "lodz|łódź vill|ouverte ville"),
    ("Un", "un|un "),
)


def test_a_title_is_found_however_it_is_typed(town: Town) -> None:
    keys = [titled(town, title, author="Camus, Albert") for title, _ in TITLES]
    for key, (_, queries) in zip(keys, TITLES, strict=True):
        for query in queries.split("|"):
            answer = found(town, query)
            assert key in ids(town, query), query
            assert (answer.forgiving, answer.meant) == (False, ()), query


def test_every_word_must_occur(town: Town) -> None:
    prince = titled(town, "Le petit prince")
    titled(town, "Le petit Nicolas")
    assert ids(town, "petit prince") == [prince]
    assert ids(town, "prince nicolas") == []


def test_the_last_word_may_go_on_unless_a_space_follows(town: Town) -> None:
    whole = titled(town, "Chat")
    longer = titled(town, "Château")
    assert ids(town, "chat") == [whole, longer]
    assert ids(town, "chat ") == [whole]
    assert ids(town, "chat,") == [whole]


def test_words_of_all_that_describes_a_title_find_it(town: Town) -> None:
    key = titled(
        town,
        "Le Sceptre d'Ottokar",
        author="Hergé",
        authors=[["Hergé", "070"], ["Jacobs, Edgar P.", "440"]],
        publisher="Casterman",
        series="Collection du lion",
        part_of="Les aventures de Tintin",
        subjects=["Syldavie", "Bande dessinée"],
        issn="0750-1234",
    )
    for query in ("herge", "jacobs edgar", "casterm", "lion", "tintin aventures", "syldavie bande"):
        assert ids(town, query) == [key], query
    assert ids(town, "0750-1234") == [key]


def test_a_call_number_finds_its_title(town: Town) -> None:
    key = with_copy(town, "Astérix", call_number="BD AST 12")
    with_copy(town, "Astérix le Gaulois", call_number="BD AST 1")
    assert ids(town, "BD AST 12") == [key]
    assert ids(town, "12 ast bd") == [key]


def test_a_number_finds_its_title(town: Town) -> None:
    key = titled(town, "L'Étranger", "9782070360024", control_number="FRBNF123456")
    barcode = town.copy(record=key, barcode="00011480109")
    other = titled(town, "Un autre", "9782253004226")
    for query in (
        "2-07-036002-4",
        "2070360024",
        "978-2-07-036002-4",
        "9782070360024",
        "97820703",
        "20703600",
        barcode,
        barcode[:8],
        "FRBNF123456",
    ):
        assert ids(town, query) == [key], query
    assert set(ids(town, "9782")) == {key, other}
    assert ids(town, "2-07-036002-4", order=RecordOrder.TITLE) == [key]
    assert ids(town, "9782070360024", filters=RecordFilters(languages=("eng",))) == []


def test_a_title_that_is_a_number_comes_before_numbers_that_begin_so(town: Town) -> None:
    numbered = titled(town, "Un livre", "1984000000000")
    title = titled(town, "1984")
    assert ids(town, "1984") == [title, numbered]


@pytest.mark.parametrize("words", ["", " ", "…", "\0", "\ud800", "'\"*()", "=p1", ">a", "%", "_"])
def test_nothing_typed_breaks_it(town: Town, words: str) -> None:
    key = titled(town, "Le petit prince")
    assert ids(town, words) in ([], [key])


# --- errors of typing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("petti prince", ("petit", "prince")),
        ("petit prinse", ("petit", "prince")),
        ("petit prnice", ("petit", "prince")),
        ("petitprince", ("petit", "prince")),
        ("pet it prince", ("petit", "prince")),
        ("prinxe", ("prince",)),
        ("exupezy", ("exupery",)),
        ("exuqer", ("exuper",)),
        ("letranger", ("etranger",)),
    ],
)
def test_one_error_in_a_word_is_forgiven(town: Town, typed: str, meant: tuple[str, ...]) -> None:
    titled(town, "L'Étranger", author="Camus, Albert")
    titled(town, "Le petit prince", author="Saint-Exupéry, Antoine de")
    answer = found(town, typed)
    assert (answer.forgiving, answer.meant) == (True, meant)
    assert len(ids(town, typed)) == 1
    assert len(ids(town, typed, order=RecordOrder.NEWEST)) == 1


def test_nothing_is_forgiven_where_something_matches(town: Town) -> None:
    titled(town, "Martin")
    marten = titled(town, "Marten")
    answer = found(town, "marten")
    assert (list(answer.ids), answer.forgiving) == ([marten], False)


def test_two_errors_in_a_word_are_not(town: Town) -> None:
    titled(town, "Le petit prince")
    assert not found(town, "qrimce").ids
    assert not found(town, "zz").ids


# --- ranking -------------------------------------------------------------------------------------


def test_the_best_by_sense_come_first(town: Town) -> None:
    rest = titled(town, "Sans titre", publisher="Éditions de la forêt")
    author = titled(town, "Un arbre", author="Forêt, Jean")
    inside = titled(town, "Dans la forêt")
    longer = titled(town, "Les forêts de l'Ouest")
    begins = titled(town, "La forêt des contes")
    exact = titled(town, "La Forêt")
    assert ids(town, "foret") == [exact, begins, longer, inside, author, rest]


def test_what_is_lent_most_comes_first_among_equals(town: Town) -> None:
    seldom, never, often = (titled(town, f"Histoire {n}") for n in "abc")
    for key, loans in ((seldom, 3), (never, 0), (often, 40)):
        lent(town, key, loans)
    assert ids(town, "histoire") == [often, seldom, never]


def test_of_very_many_titles_those_lent_most_are_found(town: Town) -> None:
    keys = [titled(town, f"Roman {n:03}") for n in range(230)]
    lent(town, keys[-1], 12)
    written(town, keys[-1])
    exact = titled(town, "Roman")
    for query in ("roman", "r", "rom", "hegland roman"):
        best = ids(town, query)
        assert len(best) == 100, query
        assert keys[-1] in best[:2], query
    assert ids(town, "roman")[0] == exact
    for fields in (
        {"words": "roman"},
        {"words": "roman", "order": RecordOrder.NEWEST},
        {"order": RecordOrder.AUTHOR},
        {"filters": RecordFilters(languages=("fre",))},
    ):
        assert ids(town, **fields)
        everything = town.ask(all_records, **fields).ids
        assert sorted(everything) == sorted([*keys, exact])
    assert ids(town, filters=RecordFilters(available=True)) == []


def lent(town: Town, key: int, loans: int) -> None:
    def count(connection: Any, _repeated: bool) -> None:
        this = RecordText.record_id == key
        connection.execute(update(RecordText).where(this).values(loans=loans))
        mark_most_lent(connection)

    town.owner.change(count, repeated=False)


def test_loans_are_counted(town: Town) -> None:
    key = with_copy(town, "Le petit prince")
    (barcode,) = (row.barcode for row in town.rows(Item))
    town.do(check_out, patron_id=town.patron(), barcodes=(barcode,))

    def count(connection: Any, _repeated: bool) -> tuple[int, int, int]:
        return (
            count_loans(connection, [key]),
            count_loans(connection, [key]),
            mark_most_lent(connection),
        )

    assert town.owner.change(count, repeated=False) == (1, 0, 1)
    assert town.sql("SELECT loans FROM record_text") == [(1,)]
    before = town.sql("SELECT words FROM record_text")
    written(town, key)
    assert town.sql("SELECT words FROM record_text") == before


# --- filters -------------------------------------------------------------------------------------


@pytest.fixture
def shelves(town: Town) -> dict[str, int]:
    """A small catalogue to be narrowed."""
    return {
        "novel": with_copy(town, "Un roman", {"year": 1999}, owner="SMARVES"),
        "film": with_copy(town, "Un film", {"year": 2010}, owner="NIEUIL", item_type="DVD"),
        "english": with_copy(
            town, "A novel", {"language": "eng", "year": 2021}, new_until=TODAY + timedelta(days=9)
        ),
        "old": with_copy(town, "Un vieux", {"year": None}, new_until=TODAY - timedelta(days=1)),
        "lost": with_copy(town, "Un perdu", {"year": 1985}, state=ItemState.LOST),
        "bare": titled(town, "Un sans exemplaire", year=1990, document_type="DVD"),
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"item_types": ("DVD",)}, {"film", "bare"}),
        ({"item_types": ("DVD", "LIV")}, {"film", "bare", "novel", "english", "old", "lost"}),
        ({"libraries": ("NIEUIL",)}, {"film"}),
        ({"languages": ("eng",)}, {"english"}),
        ({"year_from": 1999}, {"novel", "film", "english"}),
        ({"year_to": 1999}, {"novel", "lost", "bare"}),
        ({"year_from": 1985, "year_to": 2010}, {"novel", "film", "lost", "bare"}),
        ({"year_from": 2011, "year_to": 2010}, set()),
        ({"new": True}, {"english"}),
        ({"available": True}, {"novel", "film", "english", "old"}),
        ({"available": True, "libraries": ("NIEUIL",)}, {"film"}),
        ({"item_types": ("LIV",), "libraries": ("NIEUIL",)}, set()),
        ({"item_types": ("LIV",), "libraries": ("SMARVES",), "year_to": 1999}, {"novel", "lost"}),
        ({"languages": ("eng",), "new": True, "available": True}, {"english"}),
        ({"item_types": ("XXX",)}, set()),
        ({"libraries": ("XXX",), "available": True}, set()),
    ],
)
def test_titles_are_narrowed(
    town: Town, shelves: dict[str, int], filters: dict[str, Any], expected: set[str]
) -> None:
    names = {key: name for name, key in shelves.items()}
    assert {names[key] for key in narrowed(town, **filters)} == expected
    some = ids(town, "u", filters=RecordFilters(**filters))
    assert {names[key] for key in some} == expected - {"english"}
    for order in RecordOrder:
        same = ids(town, "", filters=RecordFilters(**filters), order=order)
        assert {names[key] for key in same} == expected


def test_one_copy_must_have_all_that_is_asked_of_copies(town: Town) -> None:
    key = with_copy(town, "Un titre", owner="SMARVES", item_type="LIV")
    town.copy(record=key, owner="NIEUIL", item_type="DVD")
    written(town, key)
    assert narrowed(town, item_types=("DVD",), libraries=("SMARVES",)) == []
    assert narrowed(town, item_types=("DVD",), libraries=("NIEUIL",)) == [key]


def test_a_withdrawn_copy_counts_no_more(town: Town) -> None:
    key = with_copy(town, "Un titre", state=ItemState.WITHDRAWN, call_number="BD AST 12")
    assert narrowed(town, libraries=("SMARVES",)) == []
    assert ids(town, "bd ast") == []
    assert ids(town, "titre") == [key]
    (line,) = found(town, "titre").lines
    assert (line.copies, line.item_types, line.shelves) == (0, (), ())


def test_a_copy_that_moves_changes_what_its_library_finds(town: Town) -> None:
    key = with_copy(town, "Un titre")
    (item,) = town.rows(Item)
    (nieuil,) = town.rows(Library, code="NIEUIL")
    town.set(Item, item.id, home_id=nieuil.id, place_id=nieuil.id)
    written(town, key)
    assert narrowed(town, libraries=("SMARVES",)) == []
    assert narrowed(town, libraries=("NIEUIL",), available=True) == [key]


def test_what_is_on_loan_or_set_aside_is_not_on_the_shelf(town: Town) -> None:
    on_loan, reserved, free = (with_copy(town, f"Livre {n}") for n in "abc")
    barcodes = {row.record_id: row.barcode for row in town.rows(Item)}
    town.do(check_out, patron_id=town.patron(), barcodes=(barcodes[on_loan],))
    hold(town, reserved, captured=town.item_id(barcodes[reserved]))
    hold(town, on_loan)
    assert ids(town, "livre", filters=RecordFilters(available=True)) == [free]
    lines = {line.record_id: line for line in found(town, "livre").lines}
    assert [lines[key].shelves for key in (on_loan, reserved, free)] == [(), (), ("SMARVES",)]
    assert lines[on_loan].due_on is not None
    assert lines[free].due_on is None
    assert [lines[key].waiting for key in (on_loan, reserved, free)] == [1, 1, 0]


def hold(town: Town, record: int, *, captured: int | None = None) -> None:
    (smarves,) = town.rows(Library, code="SMARVES")
    town.insert(
        Hold,
        patron_id=town.patron(),
        record_id=record,
        pickup_id=smarves.id,
        state=HoldState.WAITING if captured is None else HoldState.READY,
        via="desk",
        placed_at=town.now.at,
        queued_at=town.now.at,
        captured_item_id=captured,
    )


# --- orders --------------------------------------------------------------------------------------


def test_the_catalogue_in_order(town: Town) -> None:
    plain = titled(town, "Zoo", author="", year=None, entered_on=None)
    b = titled(town, "La Baleine", author="Élie, Ana", year=2001, entered_on=date(2020, 1, 1))
    a = titled(town, "L'Abeille", author="Élie, Ana", year=1990, entered_on=date(2021, 1, 1))
    c = titled(town, "Canard", author="Zola, Émile", year=2020, entered_on=date(2019, 1, 1))
    orders = {
        RecordOrder.RELEVANCE: [a, b, c, plain],
        RecordOrder.TITLE: [a, b, c, plain],
        RecordOrder.AUTHOR: [a, b, c, plain],
        RecordOrder.NEWEST: [c, b, a, plain],
        RecordOrder.ENTERED: [a, b, c, plain],
    }
    for order, expected in orders.items():
        assert ids(town, order=order) == expected, order
        assert ids(town, filters=RecordFilters(languages=("fre",)), order=order) == expected
        if order is not RecordOrder.RELEVANCE:
            some = [key for key in expected if key != plain]
            assert ids(town, "e", order=order, filters=RecordFilters(year_from=1900)) == some


def test_no_more_than_asked_for(town: Town) -> None:
    keys = [titled(town, f"Titre {n}") for n in range(5)]
    for words in ("", "titre"):
        few = found(town, words, limit=3)
        assert (list(few.ids), few.complete) == (keys[:3], False)
        all_of_them = found(town, words, limit=5)
        assert (list(all_of_them.ids), all_of_them.complete) == (keys, True)


# --- lines ---------------------------------------------------------------------------------------


def test_a_line_says_what_stands_in_the_list(town: Town) -> None:
    key = titled(
        town, "Le lotus bleu", "9782203001046", part_of="Tintin", part_number="5", series="BD"
    )
    town.copy(record=key, owner="NIEUIL", new_until=TODAY)
    town.copy(record=key, owner="SMARVES", item_type="DVD")
    other = titled(town, "Autre")
    lines = town.ask(record_lines, ids=(other, 999_999, key))
    assert [line.record_id for line in lines] == [other, key]
    line = lines[1]
    assert (line.title, line.author, line.publisher, line.year) == (
        "Le lotus bleu",
        "Hegland, Jean",
        "Gallmeister",
        2017,
    )
    assert (line.series, line.part, line.isbn) == ("BD", "Tintin, 5", "9782203001046")
    assert (line.item_types, line.copies) == (("DVD", "LIV"), 2)
    assert (line.shelves, line.is_new) == (("NIEUIL", "SMARVES"), True)
    assert (lines[0].copies, lines[0].is_new, lines[0].shelves) == (0, False, ())
    assert town.ask(record_lines, ids=()) == ()


def test_what_the_filters_can_be_set_to(town: Town) -> None:
    empty = town.ask(catalogue_choices)
    assert (empty.languages, empty.first_year, empty.last_year) == ((), None, None)
    for language, year in (("eng", 1999), ("fre", 2020), ("fre", None), ("", 2001)):
        titled(town, "Titre", language=language, year=year)
    choices = town.ask(catalogue_choices)
    assert choices.languages == ("fre", "eng")
    assert (choices.first_year, choices.last_year) == (1999, 2020)


# --- changes -------------------------------------------------------------------------------------


def test_a_corrected_title_is_found_by_its_new_words_and_undone_by_the_old(town: Town) -> None:
    key = town.do(add_record, fields={"title": "Le petit prinse"}).answer.record_id
    assert ids(town, "prinse") == [key]
    change = town.do(change_record, record_id=key, fields={"title": "Le petit prince"})
    assert ids(town, "prince") == [key]
    assert found(town, "prinse").forgiving
    town.do(undo, operation=change.operation)
    assert not found(town, "prinse").forgiving
    assert ids(town, "prinse") == [key]


# --- any catalogue -------------------------------------------------------------------------------

WORDS = ("le", "la", "chat", "chats", "château", "œuf", "noir", "no", "1984", "l", "Ça", "ça")
TYPED = st.lists(st.sampled_from((*WORDS, "ch", "n", "oe", "19")), min_size=1, max_size=3)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    titles=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), max_size=8),
    queries=st.lists(TYPED, min_size=1, max_size=6),
)
def test_all_and_only_those_with_every_word_are_found(
    new_store: NewStore, titles: list[list[str]], queries: list[list[str]]
) -> None:
    with new_store() as url:
        town = Town(url)
        keys = {titled(town, " ".join(words)): " ".join(words) for words in titles}
        for query in queries:
            text = " ".join(query)
            expected = {key for key, title in keys.items() if has_all(title, query)}
            for order in RecordOrder:
                answer = found(town, text, order=order)
                if expected or not answer.forgiving:
                    assert set(ids(town, text, order=order)) == expected, text
        town.close()


def has_all(title: str, query: Sequence[str]) -> bool:
    """Whether a title has all words of a query, little words left aside, and the last begun."""
    there = folded_words(f"{title} Hegland Jean Gallmeister")
    *whole, last = (word for part in query for word in folded_words(part))
    told = [word for word in whole if word not in LITTLE]
    return all(word in there for word in told) and any(word.startswith(last) for word in there)
