"""Lists of tables that grow without end: no exact counts, no heavy columns, fifty rows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from shops.models import Shop
from shops.pages.numbers import whole_number

PAGES_AHEAD = 5
FARTHEST_PAGE = 1_000_000


class BoundedPaginator(Paginator):
    """Count only as far as the next few pages; an exact count of a million rows costs more than the page itself."""

    def __init__(self, object_list: Any, per_page: int, *, page: int = 1, **options: Any) -> None:
        super().__init__(object_list, per_page, **options)
        self._most = (max(page, 1) + PAGES_AHEAD) * per_page

    @cached_property
    def _counted(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: self._most + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        """Return how many rows there are, or how many the reader may page through for now."""
        return min(self._counted, self._most)

    @property
    def is_open_ended(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > self._most


def is_only_shop() -> bool:
    """Whether there is no second shop, so that a column and a filter for it would only take room."""
    return len(Shop.objects.values_list("pk")[:2]) < 2


class ShopColumns(admin.ModelAdmin):
    """Lists that name the shop only where there are several."""

    show_facets = admin.ShowFacets.NEVER

    def get_list_display(self, request: HttpRequest) -> Any:
        """Leave the shop's column out where there is one shop."""
        columns = super().get_list_display(request)
        return [column for column in columns if column != "shop"] if is_only_shop() else columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Leave the shop's filter out where there is one shop."""
        filters = super().get_list_filter(request)
        return [one for one in filters if one != "shop"] if is_only_shop() else filters


class ReadOnlyColumns(ShopColumns):
    """A list whose rows are made, changed and deleted elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a row here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one here."""
        return False


class BigListAdmin(ShopColumns):
    """A list over a table that grows without end."""

    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    heavy: tuple[str, ...] = ()

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> BoundedPaginator:
        """Count as far as the asked page needs."""
        asked = whole_number(request.GET.get("p", "")) or 1
        return BoundedPaginator(queryset, per_page, page=asked if asked < FARTHEST_PAGE else 1)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave the heavy columns in the database; a single record's page reads them when it shows them."""
        return super().get_queryset(request).defer(*self.heavy)
