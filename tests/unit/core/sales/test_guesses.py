"""Headings in other languages, guessed where nobody said what they mean."""

import pytest

from core.sales.guesses import guessed

MEANT = {
    ("Datum", "Artikel", "Menge", "Einzelpreis", "Betrag", "Kunde", "Beleg-Nr"): {
        "date": "Datum",
        "product": "Artikel",
        "quantity": "Menge",
        "price": "Einzelpreis",
        "amount": "Betrag",
        "customer": "Kunde",
        "invoice": "Beleg-Nr",
    },
    ("Tag", "Summe (EUR)"): {"date": "Tag", "amount": "Summe (EUR)"},
    ("fecha", "importe", "cantidad", "cliente"): {
        "date": "fecha",
        "amount": "importe",
        "quantity": "cantidad",
        "customer": "cliente",
    },
    ("Jour", "Montant TTC", "Quantité", "Produit"): {
        "date": "Jour",
        "amount": "Montant TTC",
        "quantity": "Quantité",
        "product": "Produit",
    },
    # What is known goes before what is guessed, whole words before parts, the first before others.
    ("Datum", "Date", "Preis brutto", "Preis"): {"date": "Date", "price": "Preis"},
    ("Summe", "Betrag"): {"amount": "Summe"},
    ("Colour", "Size"): {},
}


@pytest.mark.parametrize("headings", MEANT)
def test_it_guesses_which_column_is_called_so(headings: tuple[str, ...]) -> None:
    assert guessed(headings) == MEANT[headings]
