"""Who may do what at the workbench, and what every page of it shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from mappings.models import Direction, Entity
from shops.models import Shop

LOOK = "mappings.view_fieldmapping"
EDIT = "mappings.change_fieldmapping"
ACTIVATE = "mappings.activate_mapping"
SEND = "sync.replay_job"
START = "sync.start_run"

View = Callable[..., HttpResponse]


def allowed(permission: str) -> Callable[[View], View]:
    """Let those with the permission in, and hand the view its shop instead of the shop's number."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, shop_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            shop = get_object_or_404(Shop.objects.select_related("bluejet"), pk=shop_id)
            return view(request, shop, *args, **kwargs)

        return guarded

    return decorate


def direction_of(request: HttpRequest) -> str:
    """Return the direction that the page is about; the usual one where the address names none."""
    asked = request.GET.get("direction", Direction.TO_BLUEJET)
    if asked not in Direction.values:
        raise Http404
    return str(asked)


def check_entity(entity: str) -> str:
    """Return the entity if there is one of this name."""
    if entity not in Entity.values:
        raise Http404
    return entity


def page(request: HttpRequest, template: str, shop: Shop, title: str, **context: Any) -> TemplateResponse:
    """Show a page of the workbench."""
    rights = {"may_edit": request.user.has_perm(EDIT), "may_activate": request.user.has_perm(ACTIVATE)}
    return TemplateResponse(request, template, admin.site.each_context(request) | {"shop": shop, "title": title} | rights | context)
