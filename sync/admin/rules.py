"""The rules of validation, each with its meaning and how serious the shop takes it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops.models import Shop
from shops.pages.chosen_shop import chosen_shop
from shops.pages.records import RecordAdmin
from sync.admin.addresses import list_of_jobs
from sync.models import RuleSetting
from sync.rule_settings import set_rules
from sync.validation.rule_texts import GROUPS, RULE_TEXTS
from sync.validation.rules import RULES


@admin.register(RuleSetting)
class RuleAdmin(RecordAdmin):
    """One page for each shop; there is no list."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the rules of a shop, and save them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shops = list(Shop.objects.order_by("name"))
        shop = chosen_shop(shops, request.POST.get("shop") or request.GET.get("shop"))
        may_change = request.user.has_perm("sync.change_rulesetting")
        if request.method == "POST" and shop:
            if not may_change:
                raise PermissionDenied
            return self._save(request, shop)
        context = {"opts": self.opts, "title": _("Rules"), "shops": shops, "shop": shop, "groups": _groups(shop), "may_change": may_change}
        return TemplateResponse(request, "portal/rules.html", self.admin_site.each_context(request) | context)

    def elsewhere(self, record: RuleSetting) -> str:
        """A rule has no page of its own."""
        return f"{reverse('admin:sync_rulesetting_changelist')}?shop={record.shop_id}"

    def _save(self, request: HttpRequest, shop: Shop) -> HttpResponse:
        wanted = {code: request.POST[f"rule-{code}"] for code in RULES if f"rule-{code}" in request.POST}
        changed = set_rules(shop, wanted, by=request.user.get_full_name() or request.user.get_username())
        if not changed:
            self.message_user(request, _("Nothing was changed."), messages.INFO)
        else:
            said = ngettext("%(count)d rule is set anew.", "%(count)d rules are set anew.", len(changed)) % {"count": len(changed)}
            self.message_user(request, format_html("{} {}", said, _way_to_held(changed, shop)), messages.SUCCESS)
        return HttpResponseRedirect(f"{reverse('admin:sync_rulesetting_changelist')}?shop={shop.pk}")


def _way_to_held(changed: list[str], shop: Shop) -> Any:
    """Lead to what a changed rule held back: those records are looked at again only when they are sent again."""
    ways = [(list_of_jobs(reason=code, question="attention", shop__id__exact=shop.pk), RULE_TEXTS[code].meaning) for code in changed]
    links = format_html_join(" · ", '<a href="{}">{}</a>', ways)
    return format_html("{} {}", _("Records that it held are in the list; send them again there:"), links)


def _groups(shop: Shop | None) -> list[dict[str, Any]]:
    held = {row.code: row for row in RuleSetting.objects.filter(shop=shop)} if shop else {}
    return [{"title": group.title, "rules": [_shown(code, held.get(code)) for code in group.codes]} for group in GROUPS]


def _shown(code: str, row: RuleSetting | None) -> dict[str, Any]:
    rule, text = RULES[code], RULE_TEXTS[code]
    default = RuleSetting.Setting(rule.severity)
    return {
        "code": code,
        "meaning": text.meaning,
        "otherwise": text.otherwise,
        "protected": rule.protected,
        "setting": default.value if rule.protected or row is None else row.setting,
        "default": default.label,
        "differs": row is not None and not rule.protected and row.setting != default.value,
        "row": row,
        "choices": RuleSetting.Setting.choices,
    }
