"""The page's sections: what can be done, and what has happened."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.page.pieces import badge, button_form, check, datalist, field, form, options, section, select, table
from sandbox.shoptet.page.words import OFFERED_FAULTS, Translate
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, COUPONS, DONE_STATUS, PAYMENTS, SHIPPINGS, STATUSES, STOCKS
from sandbox.shoptet.shop import Shop

SHOWN = 12
OFFERED = 400

Record = dict[str, Any]


def everything(shop: Shop, gateway: Gateway, say: Translate) -> Iterator[str]:
    """Yield the sections from the top of the page down."""
    yield _order_form(say)
    yield _price_and_stock(say)
    yield _orders(shop, say)
    yield _deliveries(shop, say)
    yield _faults(gateway, say)
    yield _register(say)
    yield _choices(shop)


def _order_form(say: Translate) -> str:
    goods = field("code1", say("item"), "GN01/065", list="codes", required="required") + field(
        "amount1", say("amount"), "1", inputmode="decimal"
    )
    goods += field("code2", say("item"), list="codes") + field("amount2", say("amount"), "1", inputmode="decimal")
    who = field("customer", say("customer"), list="customers", placeholder=say("guest"))
    extras = select("coupon", say("coupon"), [("", "–"), *((code, code) for code in COUPONS)])
    extras += select("currency", say("currency"), [("CZK", "CZK"), ("EUR", "EUR")])
    extras += select("payment", say("payment"), [(row["paymentType"]["code"], row["name"]) for row in PAYMENTS])
    extras += select("shipping", say("shipping"), [(row["_code"], row["name"]) for row in SHIPPINGS])
    extras += field("remark", say("remark")) + field("count", say("count"), "1", type="number", min="1", max="500")
    extras += check("gift", say("gift")) + check("paid", say("paid"))
    return section(say("place_order"), form("/order", goods + who + extras, say("place")), "wide")


def _price_and_stock(say: Translate) -> str:
    code = field("code", say("code"), "GN01/065", list="codes", required="required")
    price = form("/price", code + field("price", say("price"), inputmode="decimal", required="required"), say("set_price"))
    stocks = select("stock", say("stock"), [(str(row["id"]), row["title"]) for row in STOCKS])
    stock = form("/stock", code + stocks + field("quantity", say("quantity"), inputmode="decimal", required="required"), say("set_stock"))
    return section(say("price_stock"), f"{price}<br>{stock}", "third")


def _register(say: Translate) -> str:
    names = (("fullName", "name"), ("email", "email"), ("phone", "phone"), ("company", "company"), ("companyId", "ico"), ("vatId", "dic"),
             ("street", "street"), ("city", "city"), ("zip", "zip"))  # fmt: skip
    needed = {"fullName": {"required": "required"}, "email": {"required": "required", "type": "email"}}
    inner = "".join(field(name, say(label), **needed.get(name, {})) for name, label in names)
    return section(say("register"), form("/customer", inner, say("do_register")), "half")


def _orders(shop: Shop, say: Translate) -> str:
    with shop.lock:
        rows = [_order_row(order, say) for order in islice(reversed(shop.orders.values()), SHOWN)]
    heads = [say(name) for name in ("order", "created", "who", "total", "paid", "status")] + [""]
    return section(say("last_orders"), table(heads, rows) if rows else f'<p class="empty">{say("none_yet")}</p>')


def _order_row(order: Record, say: Translate) -> list[str]:
    code, billing, price = order["code"], order["billingAddress"], order["price"]
    statuses = options([(str(row["id"]), row["name"]) for row in STATUSES], str(order["status"]["id"]))
    picker = f'<select name="status" aria-label="{escape(say("status"))}">{statuses}</select>'
    change = button_form("/status", say("change"), inner=picker, code=code)
    buttons = [] if order["paid"] else [button_form("/pay", say("pay"), code=code)]
    buttons += [] if order["status"]["id"] == CANCELLED_STATUS else [button_form("/cancel", say("cancel"), code=code)]
    buttons += [button_form("/resend", say("resend"), code=code), button_form("/delete", say("delete"), "danger", code=code)]
    kind = {DONE_STATUS: "good", CANCELLED_STATUS: "bad"}.get(order["status"]["id"], "warn")
    return [
        f"<b>{escape(code)}</b>", _short_time(order["creationTime"]),
            escape(billing["company"] or billing["fullName"] or ""),
        f'<td class="number">{escape(price["toPay"])} {escape(price["currencyCode"])}</td>', escape(say("yes" if order["paid"] else "no")),
        badge(order["status"]["name"], kind), f'<td class="actions">{change}{"".join(buttons)}</td>',
    ]  # fmt: skip


def _short_time(time: str) -> str:
    """Return day and minute of a time, as Czechs write them."""
    return f"{int(time[8:10])}.&nbsp;{int(time[5:7])}.&nbsp;{time[11:16]}"


def _deliveries(shop: Shop, say: Translate) -> str:
    settings = shop.deliveries.settings
    with shop.clock.moved:
        rows = [_delivery_row(row, say) for row in islice(reversed(shop.deliveries.log.values()), 20)]
    switches = check("suppressed", say("suppressed"), settings.suppressed) + check("duplicates", say("duplicates"), settings.duplicates > 0)
    switches += check("mass", say("mass"), settings.mass)
    heads = [say(name) for name in ("when", "event", "instance", "status", "attempts", "answers")]
    log = table(heads, rows) if rows else f'<p class="empty">{say("none_yet")}</p>'
    repeat = f"<p>{button_form('/repeat', say('repeat_now'))}</p>"
    return section(say("deliveries"), form("/webhooks", switches, say("save")) + "<br>" + log + repeat)


def _delivery_row(row: Any, say: Translate) -> list[str]:
    kind = {"success": "good", "failed": "bad"}.get(row.status, "warn")
    label = say(row.status) + (f", {say('again')}" if row.status == "failed" and row.active else "")
    return [
        escape(row.created[11:19]), f"<code>{escape(row.event)}</code>", f"<code>{escape(row.instance[:60])}</code>", badge(label, kind),
        f'<td class="number">{row.attempts}</td>', escape(", ".join(row.answers)),
    ]  # fmt: skip


def _faults(gateway: Gateway, say: Translate) -> str:
    inner = select("fault", say("fault"), [(kind, say(f"fault_{kind}")) for kind in OFFERED_FAULTS])
    inner += field("match", say("match"), placeholder="/api/orders") + field(
        "times", say("times"), "1", placeholder=say("forever"), inputmode="numeric"
    )
    inner += field("seconds", say("seconds"), "5", inputmode="decimal")
    active = gateway.faults.read()
    rows = [
        [escape(say(f"fault_{row['fault']}")), f"<code>{escape(row['match'] or '–')}</code>", str(row["times"] or say("forever")),
         button_form("/fault-off", say("switch_off"), id=str(row["id"]))]
        for row in active
    ]  # fmt: skip
    listed = table([say("fault"), say("match"), say("times"), ""], rows) if rows else f'<p class="empty">{say("no_faults")}</p>'
    every = f"<p>{button_form('/fault-off', say('all_off'))}</p>" if rows else ""
    return section(say("faults"), form("/fault", inner, say("switch_on")) + "<br>" + listed + every, "half")


def _choices(shop: Shop) -> str:
    with shop.lock:
        codes = [(variant["code"], product["name"]) for product in shop.catalogue.products(0, OFFERED) for variant in product["variants"]]
        people = [
            (row["accounts"][0]["email"], row["billingAddress"]["fullName"] or "")
            for row in islice(shop.customers.values(), OFFERED)
            if row["accounts"]
        ]
    return datalist("codes", codes) + datalist("customers", people)
