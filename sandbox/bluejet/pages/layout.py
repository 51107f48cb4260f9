"""The frame around every page, and small pieces of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from sandbox.bluejet.pages.words import Translate, translator

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
GOOD = ("Potvrzená", "Vyřízená", "Uhrazeno", "Objednávka", "inserted", "Přeplaceno")
BAD = ("Stornovaná", "Zamítnutá", "Stornováno", "deleted", "Neuhrazeno")
WARN = ("Částečně uhrazeno", "Vzor", "Vráceno")


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu; `group` begins a new heading."""

    path: str
    label: str
    count: int | None = None
    group: str = ""


@dataclass(frozen=True)
class Frame:
    """What surrounds a page's own content."""

    language: str
    path: str
    menu: Sequence[MenuItem]
    faults: int

    @property
    def say(self) -> Translate:
        return translator(self.language)

    def link(self, path: str, **query: object) -> str:
        """Return an address within the site in the reader's language."""
        pairs = [*query.items(), *([("lang", "en")] if self.language == "en" else [])]
        return path + ("?" + "&amp;".join(f"{name}={escape(str(value))}" for name, value in pairs) if pairs else "")


def page(frame: Frame, title: str, content: str) -> str:
    """Return a whole page."""
    say = frame.say
    switches = f'<a href="{frame.link("/faults")}">{say("faults")}</a>'
    notice = f'<div class="notice" role="status">{say("fault_on")} ({frame.faults}). {switches}</div>' if frame.faults else ""
    other = "" if frame.language == "en" else "?lang=en"
    return (
        f'<!doctype html><html lang="{frame.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} – BlueJet</title><style>{STYLE}</style></head>"
        f'<body><header><a class="logo" href="{frame.link("/")}"><b>BlueJet</b> sandbox</a>'
        f'<div class="right"><a href="{escape(frame.path)}{other}">{say("other_language")}</a></div></header>'
        f'{notice}<div class="frame"><nav>{_menu(frame)}</nav><main>{content}</main></div></body></html>'
    )


def _menu(frame: Frame) -> str:
    parts = []
    for item in frame.menu:
        if item.group:
            parts.append(f"<h2>{escape(item.group)}</h2>")
        here = ' class="here" aria-current="page"' if frame.path.startswith(item.path) and (item.path != "/" or frame.path == "/") else ""
        count = f"<span>{item.count:,}</span>".replace(",", " ") if item.count is not None else ""
        parts.append(f'<a href="{frame.link(item.path)}"{here}>{escape(item.label)} {count}</a>')
    return "".join(parts)


def card(title: str, content: str) -> str:
    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return f'<section class="card">{heading}{content}</section>'


def table(head: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; `head` names each column and whether it holds numbers, cells are HTML."""
    marks = [' class="n"' if is_number else "" for _label, is_number in head]
    titles = "".join(f"<th{mark}>{escape(label)}</th>" for (label, _), mark in zip(head, marks, strict=True))
    body = "".join("<tr>" + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'


def badge(text: str, tone: str = "") -> str:
    """Return a coloured label; known states bring their own tone."""
    tone = tone or ("good" if text in GOOD else "bad" if text in BAD else "warn" if text in WARN else "")
    return f'<span class="badge {tone}">{escape(text)}</span>'
