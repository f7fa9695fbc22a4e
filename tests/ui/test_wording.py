"""Everything has words, in both languages, and keeps the desk's manners."""

import re
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import uuid4

import pytest

from resources.build import ROOT
from resources.messages import read
from staffdesk import translation
from staffdesk.desk.answers.copies import ContentChecked, ItemAdded, Marked
from staffdesk.desk.answers.loans import (
    CheckedIn,
    CheckedOut,
    LeftToReturn,
    LoanLine,
    Renewed,
    RenewedLoan,
    Undone,
)
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Notice, Reason, Refusal, Warned
from staffdesk.ui.band import Level
from staffdesk.ui.wording import piles, results, routes, scans, words
from staffdesk.ui.wording.explanations import explain
from staffdesk.ui.wording.refusals import Step, Wording, refusal, refusals, step_label
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import ItemState, Route, TransitReason
from tests.ui.answers import DAY, a_document, a_status, lent, returned
from tests.words import clain, hainaut

VOICE = Voice(network=clain(), here="SMARVES")
SEVERAL_PARTS = Warned(notice=Notice.CONTENT_TO_CHECK, facts={"note": "livre + 1 CD"})

# Each reason with the facts that the rules and the desk give it; some have several sentences.
REFUSALS: list[tuple[Reason, dict[str, Any]]] = [
    (Reason.PATRON_UNKNOWN, {"card": "0010900000753"}),
    (Reason.PATRON_UNKNOWN, {}),
    (Reason.CARD_REPLACED, {"card": "0010900000753"}),
    (Reason.CARD_TAKEN, {"card": "0010900000753"}),
    (Reason.PATRON_CHANGED_SINCE, {"fields": ["mail", "commune"]}),
    (Reason.RECORD_CHANGED_SINCE, {"fields": ["title", "year", "home"]}),
    (Reason.ITEM_CHANGED_SINCE, {"fields": ["call_number", "home"]}),
    (Reason.FIELDS_WRONG, {"fields": ["card", "deceased_on", "text", "until"]}),
    (Reason.FIELDS_WRONG, {"fields": ["isbns", "issn", "item_type", "volume", "owner"]}),
    (Reason.ALREADY_REGISTERED, {"library": "NIEUIL"}),
    (Reason.NOT_REGISTERED, {"library": "NIEUIL"}),
    (Reason.PATRON_DECEASED, {"on": DAY}),
    (Reason.BARCODE_TAKEN, {"barcode": "11482880109"}),
    (Reason.MOTIVE_MISSING, {}),
    (Reason.ALREADY_SETTLED, {}),
    (Reason.ITEM_UNKNOWN, {"barcode": "11482880109"}),
    (Reason.RECORD_UNKNOWN, {"record": "FRBNF123"}),
    (Reason.SCAN_AMBIGUOUS, {"barcodes": ["123", "0123"]}),
    (Reason.SCAN_DOUBTFUL, {}),
    (Reason.NO_PERMISSION, {"permission": Permission.RECORD_DEBT}),
    (Reason.MEMBERSHIP_EXPIRED, {"since": DAY}),
    (
        Reason.PATRON_BLOCKED,
        {"text": "Livre abîmé", "since": DAY, "until": None, "library": "VIVONNE"},
    ),
    (
        Reason.PATRON_BLOCKED,
        {"text": "Livre abîmé", "since": DAY, "until": DAY, "library": "VIVONNE"},
    ),
    (Reason.SUSPENDED_UNTIL, {"until": DAY}),
    (Reason.DEBT_OVER_LIMIT, {"owed": 123450, "limit": 1000}),
    (Reason.LOAN_LIMIT, {"loans": 60, "limit": 60}),
    (Reason.LOAN_LIMIT, {"loans": 1, "limit": 1, "item_type": "DVD"}),
    (Reason.NEW_TITLE_LOAN_LIMIT, {"loans": 2, "limit": 2}),
    (Reason.OVERDUE_LOANS, {"loans": 3, "since": DAY, "limit": 2}),
    (Reason.ITEM_NOT_FOR_LOAN, {"state": ItemState.NOT_FOR_LOAN}),
    (Reason.ITEM_NOT_FOR_LOAN, {"state": ItemState.DAMAGED}),
    (Reason.ITEM_NOT_FOR_LOAN, {"item_type": "KIT"}),
    (Reason.ITEM_NOT_FOR_LOAN, {"return_by": DAY}),
    (Reason.ITEM_WITHDRAWN, {}),
    (Reason.RESTRICTED_TO_OWNER, {"owner": "SMARVES", "item_type": "DVD"}),
    (Reason.HELD_BY_OTHER, {"pickup": "SMARVES", "captured": True}),
    (Reason.HELD_BY_OTHER, {"pickup": "NIEUIL", "captured": False}),
    (Reason.HELD_BY_OTHER, {"due_on": DAY}),
    (Reason.ON_LOAN_TO_OTHER, {"due_on": DAY}),
    (Reason.AGE_RESTRICTED, {"minimum_age": 12}),
    (Reason.NOT_ON_LOAN, {"barcodes": ["11482880109"]}),
    (Reason.OVERDUE, {"due_on": DAY}),
    (Reason.NEW_TITLE, {"new_until": DAY}),
    (Reason.RENEWAL_LIMIT, {"renewals": 1, "limit": 1}),
    (Reason.NOT_RENEWABLE, {}),
    (Reason.NO_GAIN, {"due_on": DAY}),
    (Reason.ALREADY_HELD, {"rank": 2}),
    (Reason.ALREADY_ON_LOAN_TO_PATRON, {"due_on": DAY}),
    (Reason.NO_HOLDABLE_COPY, {}),
    (Reason.HOLD_UNKNOWN, {"hold": 12}),
    (Reason.ON_LOAN, {"due_on": DAY}),
    (Reason.UNDO_UNKNOWN, {}),
    (Reason.UNDO_ALREADY_DONE, {}),
    (Reason.UNDO_TOO_LATE, {"on": DAY}),
    (Reason.UNDO_ELSEWHERE, {}),
    (Reason.UNDO_CHANGED_SINCE, {}),
]


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> None:
    """Both languages, one after the other."""
    translation.use(request.param)


@pytest.fixture
def french() -> None:
    """The librarians' French."""
    translation.use("fr")


def plain(wording: Wording) -> tuple[str, str]:
    """Headline and sentence with ordinary spaces."""
    ordinary = str.maketrans("\u00a0\u202f", "  ")
    return wording.headline.translate(ordinary), wording.sentence.translate(ordinary)


def test_every_reason_is_tried() -> None:
    assert {reason for reason, _facts in REFUSALS} == set(Reason)


@pytest.mark.parametrize(("reason", "facts"), REFUSALS)
@pytest.mark.usefixtures("language")
def test_a_refusal_says_its_facts_and_what_can_be_done(
    reason: Reason, facts: dict[str, Any]
) -> None:
    explained = explain(Refusal(reason=reason, facts=facts, row="SMARVES/GROUPE/*"), VOICE)

    assert 1 <= len(explained.wording.headline.split()) <= 5
    assert explained.wording.headline == explained.wording.headline.upper()
    assert explained.wording.level is Level.REFUSED
    assert explained.wording.sentence.endswith(".")
    assert explained.advice.endswith(".")
    assert len(explained.facts) == sum(fact is not None for fact in facts.values())
    for text in (explained.wording.headline, explained.wording.sentence, explained.advice):
        assert not re.search(r"[{}_!]|None|\d{4}-\d\d", text), text


@pytest.mark.usefixtures("french")
def test_a_reason_means_something_else_when_renewing() -> None:
    lending = refusal(Refusal(reason=Reason.HELD_BY_OTHER, facts={"pickup": "NIEUIL"}), VOICE)
    here = refusal(Refusal(reason=Reason.HELD_BY_OTHER, facts={"pickup": "SMARVES"}), VOICE)
    renewing = refusal(Refusal(reason=Reason.HELD_BY_OTHER, facts={"due_on": DAY}), VOICE)

    assert plain(lending) == (
        "RÉSERVÉ POUR UN AUTRE",
        "Réservé par un autre usager ; à envoyer à Nieuil-l'Espoir.",
    )
    assert plain(here)[1] == "Réservé par un autre usager ; à mettre de côté."
    assert plain(renewing) == (
        "RÉSERVÉ PAR UN AUTRE",
        "Un autre usager attend ce document. À rendre le 08/11/2017.",
    )


@pytest.mark.usefixtures("french")
def test_the_row_that_decided_is_said_in_words() -> None:
    limit = Refusal(
        reason=Reason.LOAN_LIMIT, facts={"loans": 60, "limit": 60}, row="SMARVES/GROUPE/*"
    )

    explained = explain(limit, VOICE)

    assert explained.rule == "Règle\u00a0: Smarves, Collectivité, tous types"
    assert explained.facts == (("En prêt", "60"), ("Maximum", "60"))


def test_all_refusals_are_said_and_a_step_only_if_it_helps() -> None:
    elsewhere = Refusal(reason=Reason.ON_LOAN_TO_OTHER, facts={"due_on": DAY})
    expired = Refusal(reason=Reason.MEMBERSHIP_EXPIRED, facts={"since": DAY})

    alone, both = refusals([elsewhere], VOICE), refusals([expired, elsewhere], VOICE)

    assert alone.steps == (Step.RETURN_THEN_LEND,)
    assert both.steps == ()
    assert both.headline == refusal(expired, VOICE).headline
    assert refusal(elsewhere, VOICE).sentence in both.sentence


@pytest.mark.usefixtures("french")
def test_amounts_dates_and_times() -> None:
    assert VOICE.amount(123450) == "1\u202f234,50\u00a0€"
    assert VOICE.amount(-5) == "-0,05\u00a0€"
    assert words.day(DAY) == "08/11/2017"
    assert words.weekday(DAY) == "mercredi 08/11"
    assert words.clock_time(datetime(2017, 11, 8, 14, 30, tzinfo=UTC)) == "14\u00a0h\u00a030"


@pytest.mark.parametrize(
    ("answer", "headline", "sentence"),
    [
        (returned(), "RENDU – EN RAYON", "À ranger : R HEG."),
        (
            returned(route=Route.READY, for_hold=7, shelf_until=DAY),
            "RENDU – METTRE DE CÔTÉ",
            "Réservé par un usager de cette bibliothèque ; à garder jusqu'au 08/11/2017.",
        ),
        (
            returned(
                route=Route.TO_SEND,
                to="NIEUIL",
                reason=TransitReason.HOLD,
                for_hold=7,
                next_stop=DAY,
            ),
            "RENDU – NAVETTE → NIEUIL-L'ESPOIR",
            "Réservé pour Nieuil-l'Espoir. Prochain passage : mercredi 08/11.",
        ),
        (
            returned(route=Route.TO_SEND, to="NIEUIL", reason=TransitReason.HOME, next_stop=DAY),
            "RENDU – NAVETTE → NIEUIL-L'ESPOIR",
            "Retour à sa bibliothèque. Prochain passage : mercredi 08/11.",
        ),
        (
            returned(route=Route.TO_BDV, to="BDV", next_stop=DAY),
            "RENDU – À RETOURNER BDV",
            "Prochaine navette BDV : mercredi 08/11.",
        ),
        (
            returned(days_late=3, debt=60),
            "RENDU – 3 JOURS DE RETARD",
            "Retour prévu le 08/11/2017. Dette : 0,60 €. À ranger : R HEG.",
        ),
        (
            returned(was_on_loan=False, due_on=None, unchanged=True),
            "PAS EN PRÊT",
            "Ce document n'était pas prêté. À ranger : R HEG.",
        ),
        (
            returned(was_on_loan=False, unchanged=True, route=Route.READY, for_hold=7),
            "DÉJÀ MIS DE CÔTÉ",
            "Rien n'a changé. Réservé par un usager de cette bibliothèque.",
        ),
        (
            returned(
                was_on_loan=False,
                found=ItemState.LOST,
                found_since=DAY,
                open_debt=2500,
            ),
            "RETROUVÉ",
            "Déclaré perdu le 08/11/2017. Une dette de 25,00 € attend une décision. "
            "À ranger : R HEG.",
        ),
        (
            returned(found=ItemState.CLAIMED_RETURNED, found_since=DAY, counts_from=DAY),
            "RETROUVÉ – EN RAYON",
            "L'usager disait l'avoir rendu : c'est confirmé. Relances annulées. À ranger : R HEG.",
        ),
        (
            returned(warnings=(SEVERAL_PARTS,)),
            "À VÉRIFIER",
            "Contenu à vérifier : livre + 1 CD. À ranger : R HEG.",
        ),
        (
            returned(warnings=(SEVERAL_PARTS,), route=Route.TO_SEND, to="NIEUIL"),
            "À VÉRIFIER – NAVETTE → NIEUIL-L'ESPOIR",
            "Contenu à vérifier : livre + 1 CD. Destination : Nieuil-l'Espoir.",
        ),
        (
            returned(counts_from=DAY),
            "RENDU – EN RAYON",
            "À ranger : R HEG. Compte comme rendu le 08/11/2017.",
        ),
        (
            returned(was_on_loan=False, route=Route.STAY, state=ItemState.WITHDRAWN),
            "RETIRÉ DES COLLECTIONS",
            "Ce document n'était pas prêté. Ne pas ranger. À remettre au responsable.",
        ),
        (
            returned(at_treasury=True, open_debt=2500),
            "RENDU – DOSSIER TRANSMIS",
            "Dossier transmis au Trésor public : rendre le document ne solde pas la dette. "
            "Ne rien encaisser. À ranger : R HEG.",
        ),
        (
            returned(was_on_loan=False, journey="received"),
            "REÇU",
            "À ranger : R HEG.",
        ),
        (
            returned(
                was_on_loan=False,
                journey="misplaced",
                route=Route.TO_SEND,
                to="VIVONNE",
                reason=TransitReason.HOME,
                next_stop=DAY,
            ),
            "MAUVAISE BIBLIOTHÈQUE",
            "Destination : Vivonne. À remettre dans la navette du mercredi 08/11.",
        ),
        (
            returned(
                was_on_loan=False,
                unchanged=True,
                journey="repeated",
                route=Route.TO_SEND,
                to="VIVONNE",
                reason=TransitReason.HOME,
            ),
            "INCHANGÉ – NAVETTE → VIVONNE",
            "Rien n'a changé. Retour à sa bibliothèque.",
        ),
    ],
)
@pytest.mark.usefixtures("french")
def test_a_return_says_what_happened_and_where_it_goes(
    answer: CheckedIn, headline: str, sentence: str
) -> None:
    wording = results.checked_in(answer, VOICE)

    assert plain(wording) == (headline, sentence)
    assert routes.explain_route(answer, wording, VOICE).rule
    assert routes.goes_to(answer, VOICE)


@pytest.mark.usefixtures("language")
def test_a_return_is_calm_only_when_nothing_is_to_be_done() -> None:
    assert results.checked_in(returned(), VOICE).level is Level.OK
    for special in (
        returned(was_on_loan=False),
        returned(days_late=1),
        returned(found=ItemState.MISSING, found_since=DAY),
        returned(state=ItemState.DAMAGED),
        returned(route=Route.READY),
        returned(route=Route.TO_SEND, to="NIEUIL"),
    ):
        assert results.checked_in(special, VOICE).level is not Level.OK


@pytest.mark.parametrize(
    ("answer", "headline", "sentence"),
    [
        (lent(), "PRÊTÉ", "« Dans la forêt », retour prévu le 08/11/2017."),
        (
            lent(cap="county", cap_on=DAY),
            "PRÊTÉ – DATE COURTE",
            "Retour prévu le 08/11/2017 : document BDV à restituer le 08/11/2017.",
        ),
        (
            lent(cap="membership", cap_on=DAY),
            "PRÊTÉ – DATE COURTE",
            "Retour prévu le 08/11/2017 : l'abonnement se termine le 08/11/2017.",
        ),
        (
            lent(hold_fulfilled=7, carried_on_until=DAY),
            "PRÊTÉ",
            "« Dans la forêt », retour prévu le 08/11/2017. La réservation est honorée. "
            "Abonnement gratuit reconduit jusqu'au 08/11/2017.",
        ),
        (
            lent(already_on_loan=True),
            "DÉJÀ PRÊTÉ",
            "Déjà prêté à cet usager, retour prévu le 08/11/2017.",
        ),
        (
            lent(already_on_loan=True, double_scan=True),
            "DÉJÀ LU",
            "Double lecture : rien n'a changé.",
        ),
    ],
)
@pytest.mark.usefixtures("french")
def test_a_loan_is_said_as_the_desk_says_it(
    answer: CheckedOut, headline: str, sentence: str
) -> None:
    assert plain(results.checked_out(answer, VOICE)) == (headline, sentence)


def renewed_loan(*refused: Refusal, due_on: date = DAY) -> RenewedLoan:
    return RenewedLoan(document=a_document(), renewed=not refused, due_on=due_on, refusals=refused)


@pytest.mark.usefixtures("french")
def test_renewals_agree_in_number() -> None:
    overdue = Refusal(reason=Reason.OVERDUE, facts={"due_on": DAY})
    one, no = renewed_loan(), renewed_loan(overdue)
    later = renewed_loan(due_on=date(2017, 11, 9))

    def say(*loans: RenewedLoan) -> tuple[str, str]:
        return plain(results.renewed(Renewed(loans=loans), VOICE))

    assert say(one) == ("PROLONGÉ", "Nouvelle date de retour : 08/11/2017.")
    assert say(no) == plain(refusal(overdue, VOICE))
    assert say(one, no) == (
        "PROLONGÉ : 1 SUR 2",
        "1 prêt prolongé jusqu'au 08/11/2017 ; 1 non prolongé, raison sur sa ligne.",
    )
    assert say(one, one, no, no) == (
        "PROLONGÉ : 2 SUR 4",
        "2 prêts prolongés jusqu'au 08/11/2017 ; 2 non prolongés, raison sur chaque ligne.",
    )
    assert say(one, later)[1] == "2 prêts prolongés, au plus tard jusqu'au 09/11/2017."
    assert say(no, no)[0] == "PROLONGÉ : 0 SUR 2"
    assert results.renewed_loan(one) == "Prolongé jusqu'au 08/11/2017"
    assert results.reasons(no.refusals, VOICE) == "EN RETARD"


@pytest.mark.usefixtures("french")
def test_a_pile_of_returns_is_counted_in_one_line() -> None:
    shuttle = returned(route=Route.TO_SEND, to="NIEUIL")
    pile = [*[returned()] * 28, shuttle, shuttle, returned(was_on_loan=False)]

    text = piles.summary(piles.Pile(answers=pile, unchecked=0, unknown=0))
    text = text.replace("\u00a0", " ")

    assert text == "30 rendus, 2 navette, 1 n'était pas en prêt"


@pytest.mark.parametrize(
    ("documents", "names", "said"),
    [
        (2, ("Léa", "Tom"), "Il reste 2 documents à rendre (Léa, Tom)."),
        (1, (), "Il reste 1 document à rendre."),
        (0, (), "Plus rien à rendre."),
    ],
)
@pytest.mark.usefixtures("french")
def test_a_pile_ends_with_what_is_left_at_home(
    documents: int, names: tuple[str, ...], said: str
) -> None:
    left = LeftToReturn(documents=documents, given_names=names)
    pile = piles.Pile(answers=[returned()], unchecked=0, unknown=0, left=left)

    assert plain(piles.ended(pile)) == ("1 RENDU", said)


@pytest.mark.usefixtures("french")
def test_a_pile_ends_with_what_nobody_has_answered() -> None:
    pile = piles.Pile(answers=[returned()], unchecked=1, unknown=2)

    assert piles.ended(pile).level is Level.LOOK
    assert plain(piles.ended(pile))[1] == "1 contenu à vérifier ; 2 documents inconnus."


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("", ("COMPLET", "Le contenu est complet. À ranger.")),
        ("le CD", ("INCOMPLET", "Il manque : le CD. À ranger.")),
    ],
)
@pytest.mark.usefixtures("french")
def test_a_content_that_was_checked(missing: str, said: tuple[str, str]) -> None:
    answer = ContentChecked(document=a_document(missing_parts=missing))

    assert plain(piles.content_checked(answer, "À ranger.")) == said


@pytest.mark.usefixtures("language")
def test_a_mode_says_what_it_is() -> None:
    assert "08/11/2017" in piles.book_box(DAY)
    assert piles.book_box(None) != piles.returns_only() != ""
    assert piles.item_added(ItemAdded(document=a_document())).level is Level.OK


@pytest.mark.parametrize(
    ("could_not", "sentence"),
    [
        ((), "Défait : prêt de « Dans la forêt »."),
        (
            ("hold", "transit"),
            "Défait : prêt de « Dans la forêt ». "
            "Reste à faire : la réservation, l'acheminement du document.",
        ),
    ],
)
@pytest.mark.usefixtures("french")
def test_an_undo_says_what_is_left_to_do(could_not: tuple[str, ...], sentence: str) -> None:
    undone = Undone(
        operation=uuid4(), action="check_out", document=a_document(), could_not=could_not
    )

    assert plain(results.undone(undone)) == ("DÉFAIT", sentence)


@pytest.mark.usefixtures("language")
def test_every_notice_and_state_has_words() -> None:
    facts = {"count": 2, "titles": ["A", "B"], "since": DAY, "until": DAY, "note": "livre + 1 CD"}
    facts |= {"parts": "1 CD", "text": "Prévenir.", "library": "SMARVES"}
    for notice in Notice:
        assert results.warning(Warned(notice=notice, facts=facts)).sentence.endswith(".")
    for state in ItemState:
        assert results.marked(Marked(document=a_document(), state=state), VOICE).sentence
        assert scans.whereabouts(a_status(state=state), VOICE)
    for step in Step:
        assert step_label(step)
    for permission in Permission:
        assert words.permission(permission)


@pytest.mark.usefixtures("french")
def test_where_a_copy_is() -> None:
    assert scans.whereabouts(a_status(), VOICE) == "En rayon à Smarves"
    assert scans.whereabouts(a_status(captured_for=7), VOICE) == "Mis de côté à Smarves"
    assert scans.whereabouts(a_status(destination="VIVONNE"), VOICE) == "En route vers Vivonne"
    on_loan = scans.whereabouts(a_status(due_on=DAY), VOICE)
    assert on_loan == "En prêt, retour prévu le 08/11/2017"


def a_reading(kind: Any, check: Any = "none") -> Reading:
    return Reading(raw="753", text="753", kind=kind, candidates=("753",), check=check)


def test_an_unknown_number_is_doubtful_if_its_check_digit_fails() -> None:
    assert scans.unknown(a_reading("card")).reason is Reason.PATRON_UNKNOWN
    assert scans.unknown(a_reading("item")).reason is Reason.ITEM_UNKNOWN
    assert scans.unknown(a_reading("unknown")).reason is Reason.ITEM_UNKNOWN
    assert scans.unknown(a_reading("card", "failed")).reason is Reason.SCAN_DOUBTFUL


@pytest.mark.usefixtures("french")
def test_whether_a_loan_can_be_renewed_is_said_beforehand() -> None:
    loan = LoanLine(
        document=a_document(),
        record=1,
        lent_at=datetime(2017, 10, 9, tzinfo=UTC),
        due_on=DAY,
        overdue=False,
        renewals=1,
        is_new=False,
        renewed_due_on=DAY,
    )

    assert results.renewable(loan) == "Possible jusqu'au 08/11/2017"


def test_belgium_has_its_own_words() -> None:
    translation.use("fr_BE")
    voice = Voice(network=hainaut(), here="ATH")

    assert "Droit de prêt" in results.checked_out(lent(charge=50), voice).sentence
    assert "directeur financier" in results.checked_in(returned(at_treasury=True), voice).sentence
    assert results.checked_in(returned(), voice).headline == "RENDU – EN RAYON"


FORBIDDEN = re.compile(
    r"\bErreur(?! de saisie)|!(?![rsa]\})|opération invalide|^Retour$|^Annuler$", re.IGNORECASE
)


@pytest.mark.parametrize("language_file", ["fr.po", "fr_BE.po"])
def test_french_keeps_its_manners(language_file: str) -> None:
    catalogue = read(ROOT / "resources" / "translations" / language_file)
    texts = [
        (message.context, text)
        for message in catalogue
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string or [])
    ]

    faults = [
        text
        for context, text in texts
        if context != "action" and FORBIDDEN.search(text.replace("&", ""))
    ]
    assert faults == []
    assert [text for _context, text in texts if re.search(r" [:;?!»]|« ", text)] == []


@pytest.mark.usefixtures("language")
def test_every_cap_has_words() -> None:
    caps = get_args(get_args(CheckedOut.__annotations__["cap"])[0])

    assert all(results.checked_out(lent(cap=cap, cap_on=DAY), VOICE).sentence for cap in caps)
