"""A small grammar of French: patterns with slots become titles and sentences that read as printed.

A word list is a section of a file in ``words/``::

    [lieu]
    le moulin; l'étang m; la vieille ferme; les brumes f; Poitiers

    [titre]
    Le secret de {lieu}
    {un:lieu+couleur}

An entry with a definite article is a noun; ``m`` or ``f`` tells the gender the article hides; an
entry with a slot is a pattern itself; anything else stands as it is. ``@645`` after an entry is a
tag that travels with the text (a shelf mark, say). In a slot, the form stands before the colon
(``un``, ``mon``, ``ce``, ``nu`` …), a list of adjectives after ``+`` (behind the noun) or ``^``
(before it), of verbs ``singular/plural`` after ``~``. All agree; articles contract and elide.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

WORDS = Path(__file__).parent / "words"

DETERMINERS: Mapping[str, tuple[str, str, str]] = {
    "le": ("le ", "la ", "les "),
    "un": ("un ", "une ", "des "),
    "mon": ("mon ", "ma ", "mes "),
    "ton": ("ton ", "ta ", "tes "),
    "son": ("son ", "sa ", "ses "),
    "notre": ("notre ", "notre ", "nos "),
    "ce": ("ce ", "cette ", "ces "),
    "nu": ("", "", ""),
}
ASPIRATED = (
    "ha(?:ï?[ck]|ie|llo|lo|lte|lles|mac|mbourg|meau|mster|nche|ndball|ndicap|ngar|nneton|ppy|r[aeinp]"
    "|rcèlement|rde|ricot|sard|uban|ut|vre)|heaume|hé(?:ron|ros\\b|risson)|herse|hêtre|heurt"
    "|hi(?:bou|érarchie|ppie|t)|ho(?:bbit|ckey|llande|mard|ngr|nt|quet|rde|rs|uille|ule|usse|ux)"
    "|hu(?:it|lotte|rlement|ssard|tte)|onz|oui|yacht|yaourt|yéti|yoga"
)
VOWEL = f"(?!(?:{ASPIRATED}))(?=[aeiouâàäéèêëîïôöûüœæh]|yv|yonne|yeux)"
ELIDED = re.compile(rf"\b(d|l|qu|n|j|s|m|t|jusqu|lorsqu|puisqu)[ea] {VOWEL}", re.IGNORECASE)
BEFORE_VOWEL = re.compile(rf"\b(ce|ma|ta|sa|beau|nouveau|vieux) {VOWEL}", re.IGNORECASE)
MASCULINE_FORMS = {
    "ce": "cet ",
    "ma": "mon ",
    "ta": "ton ",
    "sa": "son ",
    "beau": "bel ",
    "nouveau": "nouvel ",
    "vieux": "vieil ",
}
CONTRACTED = re.compile(r"\b([dD]e|[àÀ]) (les?) ")
CONTRACTIONS = {"de le ": "du ", "de les ": "des ", "à le ": "au ", "à les ": "aux "}
FEMININE_ENDINGS = (
    ("eux", "euse"),
    ("eau", "elle"),
    ("er", "ère"),
    ("el", "elle"),
    ("en", "enne"),
    ("on", "onne"),
    ("f", "ve"),
    ("et", "ette"),
    ("eur", "euse"),
    ("e", "e"),
)
SLOT = re.compile(r"\{(?:(\w+):)?(\w+)(?:([+^~])(\w+))?\}")
NOUN = re.compile(r"(le |la |l'|les )(.+?)(?: ([mf]))?(?: @(.+))?")


class Noun(NamedTuple):
    """A noun without its article."""

    text: str
    feminine: bool
    plural: bool
    tag: str


class Plain(NamedTuple):
    """An entry that stands as it is."""

    text: str
    tag: str


class Said(NamedTuple):
    """A finished text and the last tag that was met while composing it."""

    text: str
    tag: str


Teller = Callable[[Random, list[str]], str]


@cache
def read_words(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of ``words/NAME.txt``: their lines, without comments and blank lines."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(line[1:-1], [])
        elif line.strip() and not line.startswith("#"):
            lines.append(line.strip())
    return {section: tuple(lines) for section, lines in sections.items()}


def split_entries(lines: Sequence[str]) -> list[str]:
    """The entries of a word list, separated by semicolons or line ends."""
    return [entry.strip() for line in lines for entry in line.split(";") if entry.strip()]


def parse_noun(entry: str) -> Noun | None:
    """The noun an entry describes, None if it does not begin with a definite article."""
    match = NOUN.fullmatch(entry)
    if match is None:
        return None
    article, text, gender, tag = match.groups()
    feminine = gender == "f" or (gender is None and article == "la ")
    return Noun(text, feminine, article == "les ", tag or "")


def agree(adjective: str, *, feminine: bool, plural: bool) -> str:
    """Decline an adjective given as its masculine, or as ``masculine/feminine`` if irregular."""
    masculine, _, irregular = adjective.partition("/")
    if " " in masculine or "'" in masculine:
        return masculine
    form = masculine if not feminine else irregular or _feminine(masculine)
    if not plural or form.endswith(("s", "x")):
        return form
    if form.endswith("eau"):
        return form + "x"
    return form[:-2] + "aux" if form.endswith("al") else form + "s"


def _feminine(masculine: str) -> str:
    for end, new in FEMININE_ENDINGS:
        if masculine.endswith(end):
            return masculine.removesuffix(end) + new
    return masculine + "e"


def smooth(text: str) -> str:
    """Elide, contract and capitalise what composing put side by side."""
    text = BEFORE_VOWEL.sub(lambda found: _like(found[1], MASCULINE_FORMS[found[1].lower()]), text)
    text = ELIDED.sub(r"\1'", text)
    text = CONTRACTED.sub(lambda found: _like(found[1], CONTRACTIONS[found[0].lower()]), text)
    return text[:1].upper() + text[1:]


def _like(model: str, text: str) -> str:
    return text.capitalize() if model[0].isupper() else text


class Grammar:
    """The word lists of several files, later ones first, ready to compose texts."""

    def __init__(self, *files: str, also: Mapping[str, Sequence[str]] | None = None) -> None:
        self._lists: dict[str, Sequence[str]] = {}
        for name in files:
            self._lists |= read_words(name)
        self._lists |= also or {}
        self._tellers: dict[str, list[Teller]] = {}
        self._entries: dict[str, list[Noun | Plain | Teller]] = {}

    def __contains__(self, section: str) -> bool:
        return section in self._lists

    def say(self, rng: Random, section: str) -> Said:
        """Compose a text from one of the section's patterns (a line each)."""
        if section not in self._tellers:
            self._tellers[section] = [self._compile(line) for line in self._lists[section]]
        tags: list[str] = []
        text = rng.choice(self._tellers[section])(rng, tags)
        return Said(smooth(text), tags[-1] if tags else "")

    def _compile(self, pattern: str) -> Teller:
        pattern, _, tag = pattern.partition(" @")
        parts: list[str | Teller] = []
        position = 0
        for found in SLOT.finditer(pattern):
            parts.append(pattern[position : found.start()])
            parts.append(self._slot(found[1] or "le", found[2], found[3] or "", found[4] or ""))
            position = found.end()
        parts.append(pattern[position:])

        def tell(rng: Random, tags: list[str]) -> str:
            if tag:
                tags.append(tag)
            return "".join(part if isinstance(part, str) else part(rng, tags) for part in parts)

        return tell

    def _slot(self, form: str, section: str, where: str, companions: str) -> Teller:
        masculine, feminine, plural = DETERMINERS[form]

        def fill(rng: Random, tags: list[str]) -> str:
            word = rng.choice(self._list(section))
            if callable(word):
                return word(rng, tags)
            if word.tag:
                tags.append(word.tag)
            if isinstance(word, Plain):
                return word.text
            text = word.text
            if companions:
                chosen = rng.choice(self._list(companions))
                assert isinstance(chosen, Plain)
                if where == "~":
                    text += " " + chosen.text.split("/")[word.plural]
                else:
                    adjective = agree(chosen.text, feminine=word.feminine, plural=word.plural)
                    text = f"{adjective} {text}" if where == "^" else f"{text} {adjective}"
            if word.plural:
                return plural + text
            return (feminine if word.feminine else masculine) + text

        return fill

    def _list(self, section: str) -> list[Noun | Plain | Teller]:
        if section not in self._entries:
            self._entries[section] = [self._entry(e) for e in split_entries(self._lists[section])]
        return self._entries[section]

    def _entry(self, entry: str) -> Noun | Plain | Teller:
        if "{" in entry:
            return self._compile(entry)
        if noun := parse_noun(entry):
            return noun
        text, _, tag = entry.partition(" @")
        return Plain(text, tag)
