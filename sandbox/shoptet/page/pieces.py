"""Small pieces of HTML; every text that comes from outside is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def options(rows: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """Return the choices of a select."""
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>' for value, text in rows
    )


def select(name: str, label: str, rows: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """Return a labelled select."""
    return f'<label>{escape(label)}<select name="{name}">{options(rows, chosen)}</select></label>'


def field(name: str, label: str, value: str = "", **attributes: str) -> str:
    """Return a labelled input."""
    more = "".join(f' {key}="{escape(text)}"' for key, text in attributes.items())
    return f'<label>{escape(label)}<input name="{name}" value="{escape(value)}"{more}></label>'


def check(name: str, label: str, on: bool = False) -> str:
    """Return a labelled checkbox."""
    return f'<label class="check"><input type="checkbox" name="{name}" value="1"{" checked" if on else ""}>{escape(label)}</label>'


def form(action: str, inner: str, button: str) -> str:
    """Return a form laid out in columns."""
    return f'<form class="grid" method="post" action="{escape(action)}">{inner}<button>{escape(button)}</button></form>'


def button_form(action: str, label: str, kind: str = "plain", *, inner: str = "", **hidden: str) -> str:
    """Return a button that posts on its own, with what stands before it."""
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    return f'<form method="post" action="{escape(action)}">{fields}{inner}<button class="small {kind}">{escape(label)}</button></form>'


def datalist(name: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return the suggestions of an input."""
    return f'<datalist id="{name}">{options(rows)}</datalist>'


def badge(text: str, kind: str) -> str:
    return f'<span class="badge {kind}">{escape(text)}</span>'


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of cells that are HTML already."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(cell if cell.startswith('<td') else f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def section(title: str, inner: str, kind: str = "") -> str:
    return f'<section class="{kind}"><h2>{escape(title)}</h2>{inner}</section>'
