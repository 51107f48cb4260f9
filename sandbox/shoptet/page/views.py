"""Answers the page's requests: shows it, and carries out its forms."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.http import Request, Response, html_response, redirect
from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.customer_changes import register_customer
from sandbox.shoptet.order_changes import delete_order, place_order, place_orders, set_status
from sandbox.shoptet.order_request import RequestRefused, decimal_of, order_request
from sandbox.shoptet.page.sections import everything
from sandbox.shoptet.page.words import Translate, language_of, translator
from sandbox.shoptet.product_changes import set_price, set_stock
from sandbox.shoptet.refusals import ApiError
from sandbox.shoptet.seed.settings import CANCELLED_STATUS, GIFTS
from sandbox.shoptet.shop import Shop

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
MOST_ORDERS = 500

Done = tuple[str, str]


class Page:
    """One page with forms. A form answers with a redirect that carries what was done, so that a reload repeats nothing."""

    def __init__(self, shop: Shop, gateway: Gateway, *, token: str, bluejet_url: str = "") -> None:
        self.shop, self.gateway, self.token, self.bluejet_url = shop, gateway, token, bluejet_url
        self.forms: dict[str, Callable[[Request], Done]] = {
            "/order": self._order, "/price": self._price, "/stock": self._stock, "/customer": self._customer, "/status": self._status,
            "/pay": self._pay, "/cancel": self._cancel, "/delete": self._delete, "/resend": self._resend, "/fault": self._fault,
            "/fault-off": self._fault_off, "/webhooks": self._webhooks, "/repeat": self._repeat,
        }  # fmt: skip

    def __call__(self, request: Request) -> Response:
        if request.method == "POST" and request.path in self.forms:
            return self._carry_out(request)
        if request.method in ("GET", "HEAD") and request.path == "/":
            return self._show(request)
        return html_response("<!doctype html><title>404</title><p>404</p>", 404)

    def _carry_out(self, request: Request) -> Response:
        if not _own_form(request):
            return html_response("<!doctype html><title>403</title><p>403</p>", 403)
        try:
            done, what = self.forms[request.path](request)
            said = {"done": done, "what": what}
        except (ApiError, RequestRefused, ValueError) as error:
            said = {"problem": str(error)}
        language = _cookie_language(request)
        return redirect("/?" + urlencode({**said, **({"lang": language} if language else {})}))

    def _show(self, request: Request) -> Response:
        language = language_of(request.argument("lang") or _cookie_language(request), request.headers.get("accept-language", ""))
        say = translator(language)
        content = "".join(everything(self.shop, self.gateway, say))
        response = html_response(
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{say('title')}</title><style>{STYLE}</style></head><body>{self._header(say, language)}"
            f"<main>{_notice(request, say)}{self._warnings(say)}{content}</main></body></html>"
        )
        if request.argument("lang"):
            response.headers["Set-Cookie"] = f"shoptet_sandbox_language={language}; Path=/; SameSite=Strict"
        return response

    def _header(self, say: Translate, language: str) -> str:
        stats = self.gateway.stats.read()
        facts = {
            "products": self.shop.catalogue.total, "variants": self.shop.catalogue.variant_total, "customers": len(self.shop.customers),
            "orders": len(self.shop.orders), "registered": len(self.shop.registrations.hooks), "requests": stats["requests"],
            "busiest": stats["maxConcurrency"], "refused": stats["tooManyRequests"], "limits": self.gateway.limits.filling(self.token),
        }  # fmt: skip
        shown = "".join(f"<span>{escape(say(name))} <b>{escape(str(value))}</b></span>" for name, value in facts.items())
        other = "en" if language == "cs" else "cs"
        switch = f'<a href="/?lang={other}" lang="{other}">{say("other_language")}</a>'
        bluejet = f'<a href="{escape(self.bluejet_url)}">{escape(say("bluejet"))}</a>' if self.bluejet_url else ""
        return (
            f'<header><div class="top"><div><h1>{say("title")}</h1><p>{escape(say("subtitle"))}</p></div>'
            f'<div class="facts"><a href="/">{say("refresh")}</a>{bluejet}{switch}</div></div>'
            f'<div class="facts">{shown}</div></header>'
        )

    def _warnings(self, say: Translate) -> str:
        faults = len(self.gateway.faults.active)
        rows = [] if self.shop.registrations.hooks else [say("no_webhooks")]
        rows += [f"{say('fault_on')}: {faults}"] if faults else []
        return "".join(f'<div class="notice warn" role="status">{escape(row)}</div>' for row in rows)

    # forms

    def _order(self, request: Request) -> Done:
        items = [
            {"code": request.field(f"code{row}"), "amount": request.field(f"amount{row}") or 1}
            for row in (1, 2)
            if request.field(f"code{row}")
        ]
        wanted: dict[str, Any] = {name: request.field(name) for name in ("coupon", "currency", "payment", "shipping", "remark")}
        wanted |= {"items": items, "customer": self._guid_of(request.field("customer")), "paid": bool(request.field("paid"))}
        wanted["gift"] = GIFTS[0]["code"] if request.field("gift") else ""
        wanted["remark"] = wanted["remark"] or None
        count = min(int(request.field("count") or 1), MOST_ORDERS)
        if count > 1:
            return "done_orders", str(len(place_orders(self.shop, [order_request(wanted)] * count)))
        return "done_order", place_order(self.shop, order_request(wanted))["code"]

    def _guid_of(self, email: str) -> str:
        if not email:
            return ""
        with self.shop.lock:
            for guid, customer in self.shop.customers.items():
                if any(account["email"].lower() == email.lower() for account in customer["accounts"]):
                    return guid
        raise RequestRefused(f"there is no customer {email}")

    def _price(self, request: Request) -> Done:
        code = request.field("code")
        set_price(self.shop, code, decimal_of(request.field("price"), "price"))
        return "done_price", code

    def _stock(self, request: Request) -> Done:
        code = request.field("code")
        set_stock(self.shop, int(request.field("stock")), code, quantity=decimal_of(request.field("quantity"), "quantity"))
        return "done_stock", code

    def _customer(self, request: Request) -> Done:
        def text(name: str) -> str | None:
            return request.field(name) or None

        billing = {name: text(name) for name in ("fullName", "company", "companyId", "vatId", "street", "city", "zip")}
        account = {"fullName": text("fullName"), "email": request.field("email"), "phone": text("phone")}
        register_customer(self.shop, {"account": account, "billingAddress": {**billing, "taxId": billing["vatId"]}})
        return "done_customer", request.field("email")

    def _status(self, request: Request) -> Done:
        return "done_status", set_status(self.shop, request.field("code"), status=int(request.field("status")))["code"]

    def _pay(self, request: Request) -> Done:
        return "done_status", set_status(self.shop, request.field("code"), paid=True)["code"]

    def _cancel(self, request: Request) -> Done:
        return "done_status", set_status(self.shop, request.field("code"), status=CANCELLED_STATUS)["code"]

    def _delete(self, request: Request) -> Done:
        delete_order(self.shop, request.field("code"))
        return "done_deleted", request.field("code")

    def _resend(self, request: Request) -> Done:
        if not self.shop.deliveries.resend("order:create", request.field("code"), 5):
            raise RequestRefused("order:create: no webhook")
        return "done_resent", request.field("code")

    def _fault(self, request: Request) -> Done:
        kind = request.field("fault")
        times = None if kind == "outage" else request.field("times")
        self.gateway.faults.add(
            {"fault": kind, "match": request.field("match"), "times": times, "seconds": request.field("seconds").replace(",", ".")}
        )
        return "done_fault", kind

    def _fault_off(self, request: Request) -> Done:
        number = request.field("id")
        self.gateway.faults.clear(int(number) if number else None)
        return "done_cleared", ""

    def _webhooks(self, request: Request) -> Done:
        settings = self.shop.deliveries.settings
        settings.suppressed, settings.mass = bool(request.field("suppressed")), bool(request.field("mass"))
        settings.duplicates = max(settings.duplicates, 1) if request.field("duplicates") else 0
        return "done_settings", ""

    def _repeat(self, _request: Request) -> Done:
        self.shop.deliveries.repeat_failed()
        return "done_repeat", ""


def _own_form(request: Request) -> bool:
    """Tell whether a form comes from this page; other sites in the same browser may not play the shop."""
    origin = request.headers.get("origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.headers.get("host", "")


def _cookie_language(request: Request) -> str:
    return next(
        (part.split("=", 1)[1] for part in request.headers.get("cookie", "").split("; ") if part.startswith("shoptet_sandbox_language=")),
        "",
    )


def _notice(request: Request, say: Translate) -> str:
    done, problem = request.argument("done"), request.argument("problem")
    if problem:
        return f'<div class="notice bad" role="alert">{escape(problem)}</div>'
    if done.startswith("done_"):
        return f'<div class="notice good" role="status">{escape(say(done).format(request.argument("what")))}</div>'
    return ""
