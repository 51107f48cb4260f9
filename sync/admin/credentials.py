"""Forms with credentials: what is saved there is tried at once, and the page shows what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shops.credentials import credential_fields
from shops.pages.secrets import SecretsAdmin
from sync.probes import want_probe

# The buttons that lead somewhere else than back to the list.
ELSEWHERE = frozenset({"_continue", "_addanother", "_saveasnew", "_popup"})


class CredentialsAdmin(SecretsAdmin):
    """An admin whose records say how a partner lets the portal in."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Have what changed tried once it is stored."""
        super().save_model(request, obj, form, change)
        if set(form.changed_data) & set(credential_fields(obj)):
            want_probe(obj)
            self.message_user(
                request, _("The credentials are being tried; what came of it stands on this page in a moment."), messages.INFO
            )
            obj.is_being_tried = True

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay on the page that shows what came of it."""
        response = super().response_change(request, obj)
        if ELSEWHERE & request.POST.keys() or not getattr(obj, "is_being_tried", False):
            return response
        return HttpResponseRedirect(reverse(f"admin:shops_{self.opts.model_name}_change", args=[obj.pk]))
