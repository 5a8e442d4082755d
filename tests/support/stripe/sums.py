"""What Stripe charges: its currencies, its minimum and its most (https://docs.stripe.com/currencies)."""

from tests.support.stripe.refusals import RefusalError

CURRENCIES = frozenset(
    """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop
    crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod
    jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn
    nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb
    tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
    """.split()
)
LEAST = {
    "usd": 50,
    "aed": 200,
    "aud": 50,
    "brl": 50,
    "cad": 50,
    "chf": 50,
    "czk": 1500,
    "dkk": 250,
    "eur": 50,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "inr": 50,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "nzd": 50,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "sgd": 50,
    "thb": 1000,
}
MOST = {"idr": 999_999_999_999}
USUAL_MOST = 99_999_999
STEPS = {"isk": 100, "ugx": 100, "bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10}


def check_currency(code: str, param: str) -> None:
    """Refuse what is no currency of Stripe's, and capitals are fine."""
    if code.lower() not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES))
        raise RefusalError(
            400, f"Invalid currency: {code.lower()}. Stripe currently supports these currencies: {known}", param=param
        )


def whole(text: str, param: str) -> int:
    """Return a whole number, not below zero."""
    if not text.isascii() or not text.removeprefix("-").isdigit():
        raise RefusalError(400, f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    if text.startswith("-"):
        raise RefusalError(
            400,
            "This value must be greater than or equal to 0.",
            code="parameter_invalid_integer",
            param=param,
        )
    return int(text)


def check_step(amount: int, currency: str, param: str) -> None:
    """Refuse a last digit that cards don't have."""
    if amount % STEPS.get(currency, 1):
        raise RefusalError(400, f"Invalid amount: {currency} has to end in 0.", param=param)


def check_total(amount: int, currency: str) -> None:
    """Refuse too little and too much."""
    if amount < LEAST.get(currency, 1):
        raise RefusalError(
            400,
            "The Checkout Session's total amount due must add up to at least the minimum charge amount.",
            code="amount_too_small",
        )
    most = MOST.get(currency, USUAL_MOST)
    if amount > most:
        raise RefusalError(
            400, f"The Checkout Session's total amount due must be no more than {most}.", code="amount_too_large"
        )
