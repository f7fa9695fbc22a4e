"""What every record needs: numbers that never come twice, years, lengths, titles not yet used."""

from datetime import date
from itertools import count
from random import Random

from staffdesk.demo.authors import eans
from staffdesk.demo.facts import DemoRecord
from staffdesk.folding import words

LENGTHS = {
    "CD": ("1 disque compact",),
    "DVD": ("1 DVD (52 min)", "1 DVD (90 min)", "1 DVD (95 min)", "1 DVD (104 min)", "2 DVD"),
    "BD": ("46 p.", "48 p.", "56 p.", "64 p.", "96 p.", "128 p.", "192 p."),
    "PART": ("1 partition (24 p.)", "1 partition (48 p.)", "1 partition (80 p.)"),
    "LIVCD": ("1 CD MP3", "2 CD", "1 livre (32 p.) + 1 CD", "6 CD"),
}


class Press:
    """Where the records of one collection are printed."""

    def __init__(self, rng: Random, today: date) -> None:
        self.rng = rng
        self.this_year = today.year
        self._year_to_come = 1 - today.timetuple().tm_yday / 366
        self._isbns = eans(rng, "9782")
        self._discs = eans(rng, "376")
        self._numbers = count(1)
        self._titles: set[str] = set()

    def year(self, mean_age: float) -> int:
        """A year of publication; recent ones are many."""
        age = self.rng.expovariate(1 / mean_age) + self._year_to_come
        return max(self.this_year - int(age), 1975)

    def is_fresh(self, title: str) -> bool:
        """Whether nobody used the title yet and it does not stammer; from now on it is used."""
        title_words = words(title)
        long_words = [word for word in title_words if len(word) > 4]
        folded = " ".join(title_words)
        if folded in self._titles or len(set(long_words)) < len(long_words):
            return False
        self._titles.add(folded)
        return True

    def print(
        self,
        title: str,
        *,
        genre: str,
        author: str,
        publisher: str,
        year: int,
        shelf_mark: str,
        location: str,
        item_type: str = "LIV",
        audience: str = "adult",
        series: str = "",
        series_number: str = "",
        subjects: tuple[str, ...] = (),
        summary: str = "",
        extent: str = "",
        issn: str = "",
        language: str = "fre",
        appeal: float = 1,
    ) -> DemoRecord:
        """A record with its numbers, and a length if none is given."""
        match item_type:
            case "LIV" | "LIVCD" | "BD" | "PART":
                number = next(self._isbns)
            case "CD" | "DVD" | "JEU":
                number = next(self._discs)
            case _:
                number = ""
        return DemoRecord(
            control_number=f"CLAIN{next(self._numbers):06d}",
            genre=genre,
            item_type=item_type,
            title=title,
            author=author,
            publisher=publisher,
            year=min(year, self.this_year),
            series=series,
            series_number=series_number,
            isbn=number,
            issn=issn,
            extent=extent or self._extent(item_type, audience),
            language=language,
            audience=audience,
            subjects=subjects,
            summary=summary,
            shelf_mark=shelf_mark,
            location=location,
            appeal=appeal * self.rng.lognormvariate(-0.4, 0.9),
        )

    def _extent(self, item_type: str, audience: str) -> str:
        if item_type in LENGTHS:
            return self.rng.choice(LENGTHS[item_type])
        pages = range(24, 64, 4) if audience == "youth" else range(96, 560)
        return f"{self.rng.choice(pages)} p."
