"""BlueJet's columns as the instance shows them, and what the mappings get wrong about them."""

from sync.columns.check import ColumnProblem, column_problems, columns_for, marks_for, marks_of_rows
from sync.columns.reading import read_account, request_reading

__all__ = ["ColumnProblem", "column_problems", "columns_for", "marks_for", "marks_of_rows", "read_account", "request_reading"]
