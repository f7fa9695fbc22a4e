"""Finding patrons while typing, and those who may be registered already."""

from collections.abc import Sequence
from datetime import date, timedelta
from string import ascii_lowercase
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.desk import find_patrons, similar_patrons
from staffdesk.desk.answers.patrons import PatronsFound
from staffdesk.desk.patrons.cards import replace_card
from staffdesk.desk.patrons.changes import change_patron
from staffdesk.folding import name_words, search_words
from staffdesk.model import Block, Card, Patron, PatronWord
from tests.conftest import NewStore
from tests.words import TODAY, Town

BORN = date(1980, 5, 17)


def person(town: Town, family_name: str, given_name: str = "Léa", **fields: Any) -> int:
    return town.patron(family_name=family_name, given_name=given_name, **fields)


def found(town: Town, words: str, **fields: Any) -> PatronsFound:
    return town.ask(find_patrons, words=words, **fields)


def ids(answer: PatronsFound) -> list[int]:
    return [patron.patron_id for patron in answer.patrons]


# --- names ---------------------------------------------------------------------------------------


PEOPLE = (
    ("Lefèvre-Dupont", "Éloïse", "lefevre|DUPONT|lefèvre-d|eloise dup|lefevredup"),
    ("Le Goff", "Gwénaëlle", "le goff|goff|legoff|gwen le|le g g"),
    ("O'Neill", "Seán", "o'neill|o’neill|oneill|neill sean|sean o"),
    ("d'Almeida", "João", "d'almeida|dalmeida|almeida|joao d"),
    ("Müller", "Jürgen", "muller|müller|jurgen m"),
    ("Çelik", "Ayşe", "celik|çel|ayse celik"),
    ("Œuvrard", "Anaïs", "oeuvrard|œuv|anais"),
    ("de La Fuente", "María", "de la fuente|delafuente|la fuente maria"),
    ("Martin", "Jean-Marie", "martin jean|jeanmarie|jean-marie|marie martin j"),
    ("Иванов", "Олег", "иванов|оле"),
    ("Groupe scolaire (Smarves)", "", "smarves|groupe sc"),
)


def test_a_name_is_found_however_it_is_typed(town: Town) -> None:
    keys = [person(town, family_name, given_name) for family_name, given_name, _ in PEOPLE]
    for key, (_, _, queries) in zip(keys, PEOPLE, strict=True):
        for query in queries.split("|"):
            answer = found(town, query)
            assert ids(answer) == [key], query
            assert (answer.forgiving, answer.patrons[0].why) == (False, ""), query


def test_a_hit_says_who_it_is(town: Town) -> None:
    key = person(town, "Roy", "Zoé", card="0010900000753", commune="Smarves")
    (hit,) = found(town, "roy").patrons
    assert (hit.patron_id, hit.card, hit.family_name, hit.given_name) == (
        key,
        "0010900000753",
        "Roy",
        "Zoé",
    )
    assert (hit.birth_on, hit.home, hit.category, hit.commune) == (
        BORN,
        "SMARVES",
        "ADULTE",
        "Smarves",
    )
    assert not hit.blocked
    assert not hit.deceased


def test_the_family_name_as_typed_comes_first(town: Town) -> None:
    given_begins = person(town, "Albert", "Martine")
    given_name = person(town, "Bernard", "Martin")
    begins = person(town, "Martinez", "Ana")
    double = person(town, "Dupont-Martin", "Luc")
    family = person(town, "Martin", "Zoé")
    assert ids(found(town, "martin")) == [double, family, begins, given_name, given_begins]


def test_hits_alike_are_in_the_order_of_their_names(town: Town) -> None:
    names = ["Zoé", "Éric", "Ève", "Adèle"]
    keys = {name: person(town, "Martin", name) for name in names}
    assert ids(found(town, "martin")) == [keys[name] for name in ("Adèle", "Éric", "Ève", "Zoé")]


def test_a_letter_after_a_name_is_of_another_name(town: Town) -> None:
    person(town, "Martin", "Alice")
    marie = person(town, "Martin", "Marie")
    twice = person(town, "Martin", "Martin")
    assert ids(found(town, "martin m")) == [marie, twice]
    assert ids(found(town, "martin martin")) == [twice]


def test_no_more_than_asked_for(town: Town) -> None:
    keys = [person(town, "Martin", f"A{letter}") for letter in "abcde"]
    for words in ("m", "martin", "a m"):
        answer = found(town, words, limit=3)
        assert (ids(answer), answer.more) == (keys[:3], True)
        answer = found(town, words, limit=5)
        assert (ids(answer), answer.more) == (keys, False)


# --- errors of typing ----------------------------------------------------------------------------


def test_one_error_in_a_word_is_forgiven(town: Town) -> None:
    person(town, "Bernard", "Paul")
    wanted = person(town, "Lefèvre-Dupont", "Éloïse")
    for query in (
        "lefevfe",
        "lefevrr dupont",
        "lefevre duponnt",
        "elfevre",
        "lefevre-dupotn",
        "eloise lefebre",
        "loise lefevre",
        "lefevre duqont elois",
        "lefzv",
        # A space too many, or missing.
        "le fevre",
        "lefe vre dupont",
        "dupont eloi se",
        "bernardpaul",
        "paulbernard",
    ):
        answer = found(town, query)
        assert answer.forgiving, query
        assert (ids(answer) == [wanted]) is ("bernard" not in query), query
        assert [hit.why for hit in answer.patrons] == [""], query


def test_nothing_is_forgiven_where_something_matches(town: Town) -> None:
    person(town, "Martin")
    marten = person(town, "Marten")
    answer = found(town, "marten")
    assert (ids(answer), answer.forgiving) == ([marten], False)


def test_the_name_that_was_meant_comes_before_longer_ones(town: Town) -> None:
    longer = person(town, "Martinez", "Ana")
    given_name = person(town, "Albert", "Martin")
    meant = person(town, "Martin", "Zoé")
    assert ids(found(town, "martni")) == [meant, given_name, longer]


def test_more_than_one_error_finds_nobody(town: Town) -> None:
    person(town, "Martin", "Dupont")
    for query in ("mx", "xx martin", "dupqnr", "martin 0612345678"):
        assert ids(found(town, query)) == [], query


# --- dates and numbers ---------------------------------------------------------------------------


def test_a_date_of_birth_in_any_usual_form(town: Town) -> None:
    person(town, "Martin", "Léa", birth_on=date(1981, 5, 17))
    wanted = person(town, "Martin", "Léa", birth_on=BORN)
    for query in (
        "17/05/1980",
        "17/5/80",
        "17.5.80",
        "17-05-1980",
        "17 05 1980",
        "17 / 05 / 1980",
        "17051980",
        "170580",
        "1980-05-17",
        "19800517",
        "martin 17/05/1980",
        "17/05/1980 mart",
        "170580 lea",
        "lea 1980",
        "1980 martin",
    ):
        answer = found(town, query)
        assert ids(answer) == [wanted], query
        assert answer.patrons[0].why == "birth_on", query


def test_two_digits_of_a_year_may_be_of_either_century(town: Town) -> None:
    old = person(town, "Ancien", birth_on=date(1924, 5, 17))
    young = person(town, "Jeune", birth_on=date(2024, 5, 17))
    person(town, "Demain", birth_on=date(1980, 5, 17))
    assert ids(found(town, "17/05/24")) == [old, young]


def test_a_date_that_is_being_typed_hides_nobody(town: Town) -> None:
    key = person(town, "Martin", birth_on=BORN)
    for typed in ("1", "17", "17/", "17/0", "17/05", "17/05/", "17/05/1", "17/05/198"):
        assert ids(found(town, f"martin {typed}")) == [key], typed


def test_a_telephone_number_with_any_gaps(town: Town) -> None:
    person(town, "Bernard", telephone="05 49 98 76 54", mobile="07 11 22 33 44")
    wanted = person(town, "Roy", telephone="+32 (0)65 33 44 55", mobile="06 12 34 22 41")
    for query in (
        "06 12 34 22 41",
        "0612342241",
        "06.12.34.22.41",
        "+33 6 12 34 22 41",
        "+33(0)612342241",
        "0033 6 12 34",
        "06 12 3",
        "…22 41",
        "2241",
        "34 22 41",
        "roy 06 12 34",
        "2241 roy",
        "065 33 44",
        "+32 65 33 44 55",
        "0032 65 33",
    ):
        answer = found(town, query)
        assert ids(answer) == [wanted], query
        assert answer.patrons[0].why == "telephone", query


def test_a_card_number_or_its_end(town: Town) -> None:
    person(town, "Bernard", card="0010900011111")
    wanted = person(town, "Roy", card="0010900077753")
    for query in ("0010900077753", "00109000777", "0010900077753 roy", "7753", "77753"):
        answer = found(town, query)
        assert ids(answer) == [wanted], query
        assert answer.patrons[0].why == "card", query


def test_a_card_number_with_letters(town: Town) -> None:
    wanted = person(town, "Roy", card="AB-12345")
    for query in ("AB-12345", "ab123", "ab-12345 roy"):
        assert ids(found(town, query)) == [wanted], query


def test_a_replaced_card_still_finds_its_patron(town: Town) -> None:
    key = person(town, "Roy", card="0010900077753")
    town.do(replace_card, patron_id=key, card="0010900088888")
    for number in ("0010900077753", "0010900088888"):
        (hit,) = found(town, number).patrons
        assert (hit.patron_id, hit.card, hit.why) == (key, "0010900088888", "card")


def test_a_mail_address_or_its_beginning(town: Town) -> None:
    person(town, "Bernard", mail="paul@example.org")
    wanted = person(town, "Roy", mail="JDRoy86@example.org")
    for query in ("jdroy", "jdroy86@", "JDROY86@example", "jdroy86@example.org", "roy jdroy86"):
        answer = found(town, query)
        assert ids(answer) == [wanted], query
        assert answer.patrons[0].why == "mail", query


def test_a_mail_address_does_not_hide_among_names(town: Town) -> None:
    person(town, "Bernard", "Paul", mail="martin.bernard@example.org")
    martin = person(town, "Martin", "Luc")
    assert ids(found(town, "martin l")) == [martin]


# --- what is said of them ------------------------------------------------------------------------


def test_blocked_and_deceased_patrons_are_marked(town: Town) -> None:
    key = person(town, "Roy")
    library = town.desk.refresh().library_id["SMARVES"]
    block = {"patron_id": key, "library_id": library, "text": "Carte à refaire"}
    block_id = town.insert(Block, **block, since=TODAY, until=TODAY)
    assert found(town, "roy").patrons[0].blocked
    town.day += timedelta(days=1)
    assert not found(town, "roy").patrons[0].blocked
    town.set(Block, block_id, until=None)
    assert found(town, "roy").patrons[0].blocked
    town.set(Block, block_id, lifted_at=town.now.at)
    town.set(Patron, key, deceased_on=TODAY)
    (hit,) = found(town, "roy").patrons
    assert (hit.blocked, hit.deceased) == (False, True)


STRANGE = (
    "",
    "   \t\n",
    "%",
    "_",
    "%%%",
    "' OR 1=1 --",
    '"',
    "\\",
    "😀",
    "\0",
    "a\0b",
    "\ud800",
    "\ud800@x",
    "@",
    "@@",
    "()",
    "+",
    "…",
    "٣٤٥٦",
    "x" * 5_000,
    "a " * 2_500,
    "7" * 5_000,
    "7 " * 2_500,
    "1/1/1 " * 1_000,
    "31/02/1980",
    "99999999",
    "00000000",
    "\U0010ffff",
    "x@" * 2_500,
)


def test_no_input_breaks_it(town: Town) -> None:
    person(town, "Martin", mail="a@example.org", telephone="05 49 12 34 56")
    for text in STRANGE:
        assert found(town, text).patrons == (), text[:20]
        similar = town.ask(
            similar_patrons,
            family_name=text,
            given_name=text,
            birth_on=date(1900, 1, 1),
            telephone=text,
            mail=text,
        )
        assert similar.patrons == (), text[:20]


# --- registered already? -------------------------------------------------------------------------


def similar(town: Town, family_name: str, given_name: str, **fields: Any) -> PatronsFound:
    wanted = {"family_name": family_name, "given_name": given_name, "birth_on": None}
    return town.ask(similar_patrons, **wanted | fields)


def test_somebody_may_be_registered_already(town: Town) -> None:
    person(town, "Bernard", "Paul", birth_on=BORN)
    known = person(town, "Lefèvre", "Éloïse", birth_on=BORN)
    for family_name, given_name, birth_on, why in (
        ("Lefèvre", "Éloïse", BORN, "birth_on"),
        ("LEFEVRE", "eloise", None, ""),
        ("Eloise", "Lefevre", None, ""),
        ("Lefebre", "Éloise", BORN, "birth_on"),
        ("Lefebre", "Eloïs", None, ""),
        # The name as it was before a marriage; a date that was mistaken.
        ("Durand", "Éloïse", BORN, "birth_on"),
        ("Lefèvre", "Éloïse", date(1980, 5, 18), ""),
    ):
        answer = similar(town, family_name, given_name, birth_on=birth_on)
        assert [(hit.patron_id, hit.why) for hit in answer.patrons] == [(known, why)], family_name


def test_somebody_else(town: Town) -> None:
    person(town, "Lefèvre", "Éloïse", birth_on=BORN)
    for family_name, given_name, birth_on in (
        ("Lefèvre", "", None),
        ("", "Éloïse", None),
        ("Lefèvre", "Luc", date(2010, 1, 1)),
        ("Lefebre", "Éloïse", date(2010, 1, 1)),
        ("Durand", "Paul", BORN),
    ):
        answer = similar(town, family_name, given_name, birth_on=birth_on)
        assert answer.patrons == (), family_name


def test_families_share_telephones_and_mails(town: Town) -> None:
    calls = person(town, "Roy", "Ana", telephone="05 49 12 34 56")
    writes = person(town, "Roy", "Béa", mail="roy@example.org")
    answer = similar(town, "Durand", "Luc", telephone="+33 5 49 12 34 56", mail="Roy@Example.org")
    assert [(hit.patron_id, hit.why) for hit in answer.patrons] == [
        (calls, "telephone"),
        (writes, "mail"),
    ]
    assert similar(town, "Durand", "Luc", telephone="05 49 12", mail="roy").patrons == ()


def test_the_likeliest_are_shown_first_and_no_more_than_five(town: Town) -> None:
    family = [
        person(town, "Roy", name, birth_on=date(2010, 1, 1), telephone="05 49 12 34 56")
        for name in ("Ana", "Béa", "Cléo", "Dan", "Éva")
    ]
    same_name = person(town, "Roy", "Luc", birth_on=date(1950, 1, 1))
    twin = person(town, "Roy", "Tom", birth_on=BORN)
    close = person(town, "Roi", "Luc", birth_on=BORN)
    same = person(town, "Roy", "Luc", birth_on=BORN)
    answer = similar(town, "Roy", "Luc", birth_on=BORN, telephone="05 49 12 34 56")
    assert ids(answer) == [same, close, same_name, twin, family[0]]
    assert answer.more


# --- whoever they are ----------------------------------------------------------------------------

FAMILY = ("Martin", "Le Goff", "O'Neill", "d'Almeida", "Lefèvre-Dupont", "Müller", "Œuvrard", "Li")
GIVEN = ("Léa", "Jean-Marie", "Martin", "Zoé", "Anne Sophie", "Bo", "Éloïse", "")
names = st.tuples(st.sampled_from(FAMILY), st.sampled_from(GIVEN))
examples = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def edited(draw: st.DrawFn, word: str) -> str:
    """A word with one error in it."""
    place = draw(st.integers(0, len(word) - 1))
    before, after = word[:place], word[place:]
    letter = draw(st.sampled_from(ascii_lowercase))
    return draw(
        st.sampled_from(
            [
                before + after[1:],
                before + letter + after,
                before + letter + after[1:],
                before + after[1:2] + after[0] + after[2:],
            ]
        )
    )


@examples
@given(people=st.lists(names, min_size=1, max_size=6), data=st.data())
def test_whoever_they_are_they_are_found(
    new_store: NewStore, people: Sequence[tuple[str, str]], data: st.DataObject
) -> None:
    with new_store() as url:
        town = Town(url)
        try:
            keys = [person(town, *name) for name in people]
            key, name = data.draw(st.sampled_from(list(zip(keys, people, strict=True))))
            words = [word for part in name for word in name_words(part)]
            some = data.draw(st.lists(st.integers(0, len(words) - 1), unique=True, min_size=1))
            typed = [
                words[n][: data.draw(st.integers(1, len(words[n])), label="letters")] for n in some
            ]
            answer = found(town, " ".join(typed))
            assert key in ids(answer)
            assert not answer.forgiving
            wrong = data.draw(edited(data.draw(st.sampled_from(typed))), label="wrong")
            answer = found(town, wrong)
            if answer.forgiving and len(wrong) > 2:
                assert key in ids(answer)
        finally:
            town.close()


changes = st.fixed_dictionaries(
    {},
    optional={
        "family_name": st.sampled_from(FAMILY),
        "given_name": st.sampled_from(GIVEN),
        "telephone": st.sampled_from(("", "05 49 12 34 56", "+33 6 39 98 00 00")),
        "mobile": st.sampled_from(("", "05 49 12 34 56", "06 39 98 00 00")),
        "mail": st.sampled_from(("", "roy@example.org", "Roy@Example.org")),
        "commune": st.sampled_from(("Smarves", "Iteuil")),
    },
)


@examples
@given(first=changes, then=st.lists(st.one_of(changes, st.integers(0, 99)), max_size=5))
def test_the_words_follow_the_patron(
    new_store: NewStore, first: dict[str, Any], then: Sequence[dict[str, Any] | int]
) -> None:
    with new_store() as url:
        town = Town(url)
        try:
            key = town.patron(**first)
            other = town.patron()
            for number, step in enumerate(then):
                if isinstance(step, int):
                    town.do(replace_card, patron_id=key, card=f"0020{number}{step:08}")
                else:
                    town.do(change_patron, patron_id=key, fields=step)
            for patron_id in (key, other):
                assert stored(town, patron_id) == expected(town, patron_id)
        finally:
            town.close()


def stored(town: Town, patron_id: int) -> list[tuple[str, str]]:
    rows = town.rows(PatronWord, patron_id=patron_id)
    return sorted((row.word, row.backwards) for row in rows)


def expected(town: Town, patron_id: int) -> list[tuple[str, str]]:
    (row,) = town.rows(Patron, id=patron_id)
    cards = [card.number for card in town.rows(Card, patron_id=patron_id)]
    words = search_words(
        names=(row.family_name, row.given_name),
        telephones=(row.telephone, row.mobile),
        mails=(row.mail,),
        cards=cards,
    )
    return [(word, word[::-1]) for word in words]
