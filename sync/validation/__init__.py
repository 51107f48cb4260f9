"""Hold records and drafts against what BlueJet takes, what makes sense, and what the order's money says.

Pure: no database and no network. The step `validate_` of the pipeline; the sentences are in `sync.issue_texts`.
"""

from sync.validation.customers import check_ordered_company, validate_address, validate_company, validate_contact
from sync.validation.document_lines import document_lines, rounding_line
from sync.validation.leaving_out import leave_out_optional
from sync.validation.money import read_back_agrees, total_czk, with_total_czk
from sync.validation.orders import validate_order
from sync.validation.products import validate_product, validate_stock
from sync.validation.rules import RULES, sorted_once

__all__ = [
    "RULES",
    "check_ordered_company",
    "document_lines",
    "leave_out_optional",
    "read_back_agrees",
    "rounding_line",
    "sorted_once",
    "total_czk",
    "validate_address",
    "validate_company",
    "validate_contact",
    "validate_order",
    "validate_product",
    "validate_stock",
    "with_total_czk",
]
