"""Whether an order's money adds up: in its own lines, in the lines made for BlueJet, and in what BlueJet holds afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sync.validation.document_lines import (
    ZERO,
    Share,
    document_lines,
    is_rounding,
    line_total,
    money_items,
    rate_text,
    rounding_line,
    rounding_of,
    shares,
)
from sync.validation.reading import CENT, amount, money, text, to_cents
from sync.validation.rules import Findings

HOME_CURRENCY = "CZK"


class DraftColumns(NamedTuple):
    """Where a dialect's drafts carry what the totals are measured in; the totals' own columns are the evidence's."""

    currency: str
    line_rate: str


DRAFT_COLUMNS: dict[str, DraftColumns] = {
    "rest": DraftColumns(currency="currency", line_rate="vatRate"),
    "data": DraftColumns(currency="mena", line_rate="sazbadph"),
}


class DraftMoney(NamedTuple):
    """What is to be written: the document's total and the lines, with the columns that hold their money."""

    draft: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    total: str
    line_total: str
    columns: DraftColumns


def check_order_money(record: Mapping[str, Any], findings: Findings) -> None:
    """Compare the order's lines with its total, to the cent, and its rounding, VAT and exchange rate with common sense."""
    check_exchange_rate(record, findings)
    lines = money_items(record)
    if _has_every_amount(lines, findings) and _has_total(record, findings):
        _check_total(record, lines, findings)
        _check_vat(record, lines, findings)
        _check_rounding(record, findings)


def check_exchange_rate(record: Mapping[str, Any], findings: Findings) -> None:
    """Require a rate above zero for every currency but the home one; a rate of exactly one is not a rate to CZK.

    A shop that does not count in the home currency need not have a rate to it: then the amount in it is left out.
    """
    if not is_foreign(record):
        return
    rate, counts_in = amount(record.get("exchangeRate")), record.get("shopCurrency", HOME_CURRENCY)
    is_missing = rate is None or rate <= 0
    if is_missing and counts_in == HOME_CURRENCY:
        findings.add("exchange_rate_missing", "exchangeRate", currency=currency_of(record))
    elif is_missing:
        findings.add("crowns_unknown", "exchangeRate", currency=currency_of(record))
    elif counts_in == HOME_CURRENCY and amount(record.get("shopRate", rate)) == 1:
        findings.add("exchange_rate_one", "exchangeRate", currency=currency_of(record))


def currency_of(record: Mapping[str, Any]) -> str:
    """Return the order's currency; one that does not say is in the home currency."""
    return text(record.get("currency")).upper() or HOME_CURRENCY


def is_foreign(record: Mapping[str, Any]) -> bool:
    """Tell whether the order needs a rate."""
    return currency_of(record) != HOME_CURRENCY


def total_czk(record: Mapping[str, Any]) -> Decimal | None:
    """Return the total with VAT in CZK, rounded to hellers; None where the rate or the total is missing."""
    total = money(record.get("total"))
    if total is None or not is_foreign(record):
        return total
    rate = amount(record.get("exchangeRate"))
    return None if rate is None or rate <= 0 else to_cents(total * rate)


def with_total_czk(record: Mapping[str, Any]) -> dict[str, Any]:
    """Attach the CZK amount to a copy of the record."""
    return {**record, "totalCzk": total_czk(record)}


def sums_per_rate(lines: Iterable[Mapping[str, Any]]) -> dict[Decimal | None, Decimal]:
    """Add up the amounts with VAT per VAT rate, highest rate first."""
    sums: dict[Decimal | None, Decimal] = {}
    for share in _shares_of(lines):
        sums[share.rate] = sums.get(share.rate, ZERO) + share.with_vat
    return dict(sorted(sums.items(), key=lambda pair: pair[0] if pair[0] is not None else Decimal(-1), reverse=True))


def _shares_of(lines: Iterable[Mapping[str, Any]]) -> list[Share]:
    return [share for line in lines for share in shares(line)]


def _has_every_amount(lines: Sequence[Mapping[str, Any]], findings: Findings) -> bool:
    missing = [(number, line) for number, line in enumerate(lines, 1) if line_total(line) is None]
    for number, line in missing:
        findings.add("line_without_amount", f"lines[{number}].total", name=text(line.get("name")) or text(line.get("code")))
    return not missing


def _has_total(record: Mapping[str, Any], findings: Findings) -> bool:
    if money(record.get("total")) is not None:
        return True
    findings.add("total_missing", "total")
    return False


def _check_total(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    per_rate = sums_per_rate(lines)
    added, total = sum(per_rate.values(), ZERO), money(record.get("total"))
    if added != total:
        findings.add("total_differs", "total", lines=added, total=total, currency=currency_of(record), rates=_per_rate_text(per_rate))


def _per_rate_text(per_rate: Mapping[Decimal | None, Decimal]) -> str:
    return ", ".join(f"{rate_text(rate)} %: {added}" for rate, added in per_rate.items()) or "–"


def _check_vat(record: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], findings: Findings) -> None:
    """Compare the VAT; each line's VAT is rounded for itself, so a cent per line may be between the sums."""
    total_vat, parts = money(record.get("vat")), _shares_of(lines)
    if total_vat is None or any(part.vat is None for part in parts):
        return
    added = sum((part.vat for part in parts if part.vat is not None), ZERO)
    if abs(added - total_vat) > CENT * max(len(parts), 1):
        findings.add("vat_differs", "vat", lines=added, total=total_vat, currency=currency_of(record))


def _check_rounding(record: Mapping[str, Any], findings: Findings) -> None:
    value = rounding_of(record)
    if not value:
        return
    if is_rounding(record):
        findings.add("rounding_line", "toPay", value=value, currency=currency_of(record))
    else:
        findings.add("to_pay_differs", "toPay", value=value, to_pay=money(record.get("toPay")), currency=currency_of(record))


def check_draft_money(record: Mapping[str, Any], made: DraftMoney, findings: Findings) -> None:
    """Compare what was made for BlueJet with the order, per VAT rate, so that an edited mapping cannot lose a cent.

    Only what is mapped can be compared: without a column for the lines' totals, or in another currency than the order's, nothing is said.
    """
    if text(made.draft.get(made.columns.currency)) not in ("", currency_of(record)):
        return
    _check_header(record, made, findings)
    if any(made.line_total in line for line in made.lines):
        expected = sums_per_rate(document_lines(record))
        _check_lines(record, made, expected, findings)
        _check_rates(record, made, expected, findings)


def _check_header(record: Mapping[str, Any], made: DraftMoney, findings: Findings) -> None:
    """The document's total is the order's with VAT or, where BlueJet adds up the rounding line too, the amount to pay."""
    value, total = amount(made.draft.get(made.total)), money(record.get("total"))
    if value is None or total is None or value in (total, total + rounding_of(record)):
        return
    findings.add("header_total_differs", made.total, value=value, total=total, currency=currency_of(record))


def _check_lines(record: Mapping[str, Any], made: DraftMoney, expected: Mapping[Decimal | None, Decimal], findings: Findings) -> None:
    added = sum((_made_total(made, line) for line in made.lines), ZERO)
    total = sum(expected.values(), ZERO)
    if added != total:
        findings.add("draft_total_differs", made.line_total, lines=added, total=total, currency=currency_of(record))


def _check_rates(record: Mapping[str, Any], made: DraftMoney, expected: Mapping[Decimal | None, Decimal], findings: Findings) -> None:
    rates = [amount(line.get(made.columns.line_rate)) for line in made.lines]
    if None in rates or None in expected:
        return
    sums: dict[Decimal | None, Decimal] = dict.fromkeys(expected, ZERO)
    for rate, line in zip(rates, made.lines, strict=True):
        sums[rate] = sums.get(rate, ZERO) + _made_total(made, line)
    for rate, added in sums.items():
        total = expected.get(rate, ZERO)
        if added != total:
            shown = rate_text(rate)
            findings.add("draft_rate_differs", made.columns.line_rate, rate=shown, lines=added, total=total, currency=currency_of(record))


def _made_total(made: DraftMoney, line: Mapping[str, Any]) -> Decimal:
    """Read a line's amount as it would be sent: a part of a cent hidden in it must show in the sum."""
    return amount(line.get(made.line_total)) or ZERO


def read_back_agrees(sent_lines: int, sent_total: Any, seen_lines: int, seen_total: Any) -> bool:
    """Tell whether BlueJet holds every line that was sent and the same sum, to the cent; an unreadable sum does not agree."""
    sent, seen = money(sent_total), money(seen_total)
    return sent_lines == seen_lines and sent is not None and sent == seen


__all__ = [
    "check_draft_money",
    "check_exchange_rate",
    "check_order_money",
    "document_lines",
    "read_back_agrees",
    "rounding_line",
    "sums_per_rate",
    "total_czk",
    "with_total_czk",
]
