"""`staffdesk import look FILE`: what a file holds of which nobody has said it."""

from pathlib import Path

import pytest

from staffdesk.commands.import_look import kind_of
from staffdesk.network import NumberFormat
from tests.exchange.makers import an_iso2709_record

FORMATS = (
    NumberFormat(kind="card", prefix="00109", length=13),
    NumberFormat(kind="item", suffix="0109", length=11),
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cardnumber,surname,firstname\n1,Hugo,Victor\n", "patrons"),
        ("Titre;Nom;Prénom;Carte\nM.;Hugo;Victor;1\n", "patrons"),
        ("0010900000753;DURAND;Zoé;08/11/2015\n", "patrons"),
        ("PK;Bidule;Prénom;Naissance\n0010900000753;Hugo;Victor;26/02/1980\n", "patrons"),
        ("itembarcode,cardnumber,issuedate,date_due\n1,2,2026-01-01,2026-02-01\n", "loans"),
        ("Carte;Nom;Code-barres exemplaire;Date de prêt;Date de retour\n1;Hugo;2;;\n", "loans"),
        ("titre;auteur;isbn;code-barres;cote\nZadig;Voltaire;;11482880109;R VOL\n", "catalogue"),
        ("rien;de;tout\n1;2;3\n", "catalogue"),
    ],
)
def test_the_kind_of_a_table(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "export.txt"
    path.write_text(text, "utf-8")
    assert kind_of(path, FORMATS) == kind


def test_records_are_a_catalogue_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "lecteurs.csv"
    path.write_bytes(an_iso2709_record(("001", "1"), ("200", "1 $aZadig"), ("995", "  $f1$k2")))
    assert kind_of(path, FORMATS) == "catalogue"
    path.write_text("<collection xmlns='http://www.loc.gov/MARC21/slim'><record>"
                    "<leader>     nam0 22        450 </leader><datafield tag='200' ind1='1' "
                    "ind2=' '><subfield code='a'>Zadig</subfield></datafield></record>"
                    "</collection>")  # fmt: skip
    assert kind_of(path, FORMATS) == "catalogue"
