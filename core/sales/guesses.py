"""What the headings of a file of sales probably mean, in languages whose words for them nobody has told us."""

import unicodedata
from collections.abc import Mapping, Sequence

from core.sales.columns import MAPPED, SALE_HEADS
from core.transfer.layout import column_named, folded

_WORDS: Mapping[str, str] = {
    # German, Spanish, French, Italian, Portuguese, Dutch, Danish: without their accents.
    "date": "datum tag verkaufsdatum rechnungsdatum bestelldatum buchungstag fecha dia date-de-vente date-facture jour"
    " data giorno dag dato",
    "amount": "betrag summe umsatz gesamt gesamtbetrag gesamtpreis erlos endbetrag importe monto montant importo totale"
    " valor bedrag omzet totaal belob total",
    "quantity": "menge anzahl stuck stuckzahl cantidad unidades quantite qte quantita quantidade aantal antal",
    "price": "preis einzelpreis stuckpreis precio prix prezzo preco prijs pris",
    "product": "artikel artikelnummer artikelnr produkt ware articulo producto produit articolo prodotto"
    " artigo produto",
    "customer": "kunde kundennummer kundennr kaufer cliente client acheteur klant kundenummer",
    "invoice": "rechnung rechnungsnummer rechnungsnr beleg belegnummer bestellung bestellnummer auftrag factura pedido"
    " facture commande fattura ordine fatura encomenda factuur faktura",
}
_MEANS = {word.replace("-", " "): column for column, words in _WORDS.items() for word in words.split()}


def guessed(headings: Sequence[str]) -> Mapping[str, str]:
    """Return which heading each column is probably called by: those that are known, then whole words, then parts."""
    found: dict[str, str] = {}
    for meant in (_known, _whole, _part):
        for heading in headings:
            column = meant(heading)
            if column in MAPPED and column not in found and heading not in found.values():
                found[column] = heading
    return found


def _known(heading: str) -> str:
    return column_named(SALE_HEADS, heading) or ""


def _whole(heading: str) -> str:
    return _MEANS.get(_plain(heading), "")


def _part(heading: str) -> str:
    return next((_MEANS[word] for word in _plain(heading).split() if word in _MEANS), "")


def _plain(heading: str) -> str:
    """Return a heading as one is compared, without its accents."""
    letters = unicodedata.normalize("NFKD", folded(heading))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("\u00f8", "o")
