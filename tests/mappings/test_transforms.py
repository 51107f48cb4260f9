"""What each transform does with good values and with bad ones."""

from __future__ import annotations

from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.chains import BadChain, parse_chain
from mappings.compiled import Row
from mappings.engine import map_record
from mappings.tables import Target
from mappings.transforms import TRANSFORMS
from mappings.transforms.countries import CZECH, ENGLISH
from tests.mappings.snapshots import one_row, snapshot_of


@pytest.mark.parametrize(
    ("transform", "value", "result"),
    [
        ("strip", "  Pan ", "Pan"),
        ("strip", Decimal("12.50"), "12.5"),
        ("upper", "czk", "CZK"),
        ("lower", "Jan@Example.COM", "jan@example.com"),
        ("truncate:5", "abcdefgh", "abcd…"),
        ("truncate:5", "abcde", "abcde"),
        ('prefix:"E-shop "', "2026-001", "E-shop 2026-001"),
        ('suffix:" ks"', 3, "3 ks"),
        ("digits", "CZ 123-45", "12345"),
        ("squeeze", "123 45 678", "12345678"),
        ("choose:billing=fakturační;delivery=dodací", "billing", "fakturační"),
        ("choose:billing=fakturační", "other", "other"),
        ("strip|upper|truncate:3", " abcdef ", "AB…"),
        ("number", "1 234,50", Decimal("1234.5")),
        ("number", "1.234,50", Decimal("1234.5")),
        ("number", "1,234.50", Decimal("1234.5")),
        ("number", "-0.00", Decimal(0)),
        ("number", 0.1, Decimal("0.1")),
        ("decimal", "12", Decimal(12)),
        ("money", "0.005", Decimal("0.01")),
        ("money", Decimal("149.9"), Decimal("149.90")),
        ("round:3", "1.23456", Decimal("1.235")),
        ("negate", "12.50", Decimal("-12.5")),
        ("boolean", "Ano", True),
        ("boolean", 0, False),
        ("bool_text", True, "Ano"),
        ("bool_text:Uhrazeno/Neuhrazeno", False, "Neuhrazeno"),
        ("join", ["Jan", None, "", "Novák"], "Jan Novák"),
        ('join:", "', ["a", " b "], "a, b"),
        ('join:"\\n"', ["a", "b"], "a\nb"),
        ("join", "alone", "alone"),
        ("first", [None, "", "b", "c"], "b"),
        ("compact", {"city": "Brno", "zip": None, "region": ""}, {"city": "Brno"}),
        ("compact", [{"city": "Brno", "zip": ""}, {}], [{"city": "Brno"}]),
        ("parameters_text", [{"name": "Barva", "value": "červená"}, {"label": "Patro", "text": "2"}], "Barva: červená\nPatro: 2"),
        ('parameters_text:"; "', [{"name": "Barva", "value": ""}, {"value": "M"}, None], "M"),
        ("phone_e164", "+420 123 456 789", "+420123456789"),
        ("phone_e164", "00421 905 123 456", "+421905123456"),
        ("phone_e164", "601 234 567", "+420601234567"),
        ("phone_e164:421", "905123456", "+421905123456"),
        ("phone_e164", "call Eva", "call Eva"),
        ("country_name", "CZ", "Česká republika"),
        ("country_name:en", "sk", "Slovakia"),
        ("country_name", "XX", "XX"),
        ("external_id", 12345, "shoptet:12345"),
    ],
)
def test_a_transform_gives_what_its_name_says(transform: str, value: Any, result: Any) -> None:
    draft = map_record(one_row(transform=transform), "product", {"value": value})

    assert draft.problems == []
    assert draft.fields == {"target": result}


@pytest.mark.parametrize(
    ("value", "result", "kind"),
    [(Decimal("250.000"), 250, int), (250, 250, int), ("0.500", Decimal("0.5"), Decimal), ("-3", -3, int)],
)
def test_a_quantity_is_whole_where_it_is_whole(value: Any, result: Any, kind: type) -> None:
    draft = map_record(one_row(transform="quantity"), "product", {"value": value})

    assert draft.fields == {"target": result}
    assert type(draft.fields["target"]) is kind


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain & simple", "plain & simple"),
        ("<p>Kastrol&nbsp;5&nbsp;l</p><p>nerez</p>", "Kastrol 5 l\nnerez"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("<script>alert('x')</script>ano<style>p{}</style>", "ano"),
        ("a<!-- hidden <b> -->b", "ab"),
        ("5 < 6 &amp; 7 > 6", "5 < 6 & 7 > 6"),
        ("<script>never closed", ""),
        ("<b title='x'>bold</b>", "bold"),
        ("<th>Vyska</th><td>10 cm</td>", "Vyska 10 cm"),
        ("<table>\n<tr>\n<th>Výška</th>\n<td>10 cm</td>\n</tr>\n<tr><td>Šířka</td><td>5 cm</td></tr>\n</table>", "Výška 10 cm\nŠířka 5 cm"),
        ("<dl><dt>Výkon</dt><dd>3 kW</dd><dt>Napětí</dt><dd>230 V</dd></dl>", "Výkon\n3 kW\nNapětí\n230 V"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</ul>", "a\nb\nc"),
        ("<h2>Popis</h2>text<hr>konec", "Popis\ntext\nkonec"),
        ("<section>a</section><section>b</section>", "a\nb"),
        ("<b>a</b>b<i>c</i> m<sup>2</sup>", "abc m2"),
        ("před<img src='x.png'>za", "před za"),
        ("<td>a<td>b<td>c", "a b c"),
        ("<th>Výška</th>\n<td>10 cm</td>", "Výška 10 cm"),
        ("<p>takto:</p><pre>první\r\n  druhý\ntřetí</pre>\n<p>konec\nvěty</p>", "takto:\nprvní\ndruhý\ntřetí\nkonec věty"),
        ("<search>a</search>b<xmp>c</xmp>", "a\nb\nc"),
        ("<p>jeden\nodstavec</p>\n\n<p>druhý</p>", "jeden odstavec\ndruhý"),
        ("první\n<b>druhý</b>", "první\ndruhý"),
        ("<a title=\"a > b\" href='x'>odkaz</a>", "odkaz"),
        ("<!DOCTYPE html><p>a</p><title>skryto</title>", "a"),
        ("&lt;b&gt; &amp; &#8222;x&#8220;", "<b> & „x“"),
        ("cena <b", "cena"),
        ('<p title="never closed>a</p>b', "a\nb"),
        ("-3 <5 a <3", "-3 <5 a <3"),
    ],
)
def test_html_becomes_the_text_that_a_browser_would_show(markup: str, text: str) -> None:
    draft = map_record(one_row(transform="strip_html"), "product", {"value": markup})

    assert draft.fields.get("target", "") == text


BLOCKS, INLINES = (
    ("p", "div", "li", "td", "th", "dt", "dd", "h1", "h3", "tr", "blockquote", "search", "optgroup", "xmp", "body"),
    ("b", "i", "span", "a", "sup", "em", "strong"),
)
WORDS = st.lists(st.sampled_from(["výška", "10", "cm", "a<3", "&amp;"]), min_size=2, max_size=5)


@settings(max_examples=40, deadline=None)
@given(words=WORDS, block=st.sampled_from(BLOCKS), closes=st.booleans())
def test_words_of_neighbouring_blocks_never_run_together(words: list[str], block: str, closes: bool) -> None:
    markup = "".join(f"<{block} class='x'>{word}{f'</{block}>' * closes}" for word in words)

    draft = map_record(one_row(transform="strip_html"), "product", {"value": markup})

    assert draft.fields["target"].split() == [unescape(word) for word in words]


@settings(max_examples=40, deadline=None)
@given(words=WORDS, inline=st.sampled_from(INLINES))
def test_inline_tags_part_nothing(words: list[str], inline: str) -> None:
    draft = map_record(one_row(transform="strip_html"), "product", {"value": "".join(f"<{inline}>{word}</{inline}>" for word in words)})

    assert draft.fields["target"] == unescape("".join(words))


@pytest.mark.parametrize(
    ("transform", "value"),
    [
        ("strip", ["a"]),
        ("strip", {"a": 1}),
        ("strip", True),
        ("number", "12 ks"),
        ("number", "1e99"),
        ("number", True),
        ("number", []),
        ("money", float("nan")),
        ("money", float("inf")),
        ("money", 10**30),
        ("quantity", "١٢"),
        ("boolean", "maybe"),
        ("join", [["a"]]),
        ("external_id", {}),
        ("category", ["a"]),
    ],
)
def test_a_value_that_a_transform_cannot_read_is_left_out(transform: str, value: Any) -> None:
    draft = map_record(one_row("value || `[]`", transform=transform), "product", {"value": value})

    assert [problem.code for problem in draft.left_out] == ["value_left_out"]


def test_crowns_are_counted_by_the_records_own_rate() -> None:
    snapshot = snapshot_of(Row("order", "czk", "total", "czk"), Row("order_line", "czk", "total", "czk"))
    header = {"currency": "EUR", "exchangeRate": Decimal("25.123"), "total": Decimal("10.00"), "status": "pending"}

    order = map_record(snapshot, "order", header)
    line = map_record(snapshot, "order_line", {"total": Decimal("1.00"), "order": header})
    home = map_record(snapshot, "order", {**header, "currency": "CZK"})
    lacking = map_record(snapshot, "order", {**header, "exchangeRate": None})

    assert order.fields == {"czk": Decimal("251.23")}
    assert line.fields == {"czk": Decimal("25.12")}
    assert home.fields == {"czk": Decimal("10.00")}
    assert [problem.code for problem in lacking.left_out] == ["value_left_out"]


def test_a_product_is_named_by_its_code_unless_it_is_gone() -> None:
    snapshot = snapshot_of(Row("order_line", "product", "code", "product_code"), Row("order_line", "id", "code", "product_id"))
    refs = {"products": {"guid": "PAN"}, "productIds": {"PAN": "b1", "OLD": "b2"}, "goneProducts": ["OLD"]}

    known = map_record(snapshot, "order_line", {"code": "PAN"}, refs=refs)
    by_guid = map_record(snapshot, "order_line", {"code": "guid"}, refs=refs)
    said_gone = map_record(snapshot, "order_line", {"code": "OLD"}, refs=refs)
    not_found = map_record(snapshot, "order_line", {"code": "NEW"}, refs=refs)
    not_looked_for = map_record(snapshot, "order_line", {"code": "NEW"})

    assert known.fields == {"product": "PAN", "id": "b1"}
    assert by_guid.fields == {"product": "PAN"}
    assert said_gone.fields == {"id": "b2"}
    assert not_found.fields == {}
    assert not_looked_for.fields == {"product": "NEW"}


@pytest.mark.parametrize(
    ("transform", "result"),
    [("payment:name", "Card"), ("payment:none", None)],
)
def test_a_lookup_may_allow_something_instead(transform: str, result: str | None) -> None:
    draft = map_record(one_row(transform=transform), "product", {"value": {"id": "6", "name": "Card"}})

    assert draft.problems == []
    assert draft.fields.get("target") == result
    assert [missing.value for missing in draft.substituted] == ["6"]


def test_a_lookup_takes_an_id_or_an_object_with_one() -> None:
    snapshot = snapshot_of(Row("product", "target", "value", "warehouse"), tables={"warehouse": {"2": Target("w-2")}})

    by_id = map_record(snapshot, "product", {"value": 2})
    by_object = map_record(snapshot, "product", {"value": {"id": "2", "name": "Main"}})

    assert by_id.fields == by_object.fields == {"target": "w-2"}


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ("frobnicate", "There is no transform “frobnicate”. Known are: add_days, add_vat"),
        ("strip|frobnicate", "no transform “frobnicate”"),
        ("strip||upper", "from character 7 on"),
        ("strip:5", "“strip” takes no argument"),
        ("truncate", "“truncate” needs an argument"),
        ("truncate:ten", "expects a whole number from 1"),
        ("truncate:0", "expects a whole number from 1"),
        ("payment:perhaps", "expects one of: park, name, none"),
        ("choose:a", "expects pairs"),
        ("choose:a=b;a=c", "names a value twice"),
        ("bool_text:Yes", "a slash between"),
        ("phone_e164:abc", "a calling code"),
        ('join:"\\x"', "not readable"),
        ('join:"open', "from character 1 on"),
        ("|".join(["strip"] * 11), "At most 10"),
        ("__import__('os')", "not readable from character 1 on"),
    ],
)
def test_a_wrong_chain_is_refused_with_a_sentence(chain: str, words: str) -> None:
    with pytest.raises(BadChain) as refusal:
        parse_chain(chain)

    assert words in str(refusal.value)


def test_a_quoted_argument_may_hold_the_separators() -> None:
    draft = map_record(one_row(transform='join:" | "|prefix:"a: "'), "product", {"value": ["x", "y"]})

    assert draft.fields == {"target": "a: x | y"}


def test_every_transform_says_what_it_does() -> None:
    assert all(transform.help for transform in TRANSFORMS.values())


def test_every_country_has_both_names() -> None:
    assert all(CZECH.values())
    assert all(ENGLISH.values())
