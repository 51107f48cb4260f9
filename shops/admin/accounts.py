"""BlueJet accounts: the address, the credentials that are never shown, and what differs from the defaults."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.forms.fields import InvalidJSONInput
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shops.evidences import explain_evidences, is_storable
from shops.kind_names import KIND_NAMES
from shops.models import BlueJetAccount
from shops.pages.badges import badge
from shops.pages.secrets import SecretsAdmin, SecretsForm
from shops.partial_updates import KEPT, RESET, UNKNOWN, state_of

UPDATES = {KEPT: _("stay as they are"), RESET: _("are emptied, so records are written whole"), UNKNOWN: _("not tried yet")}


class WrittenJSONField(forms.JSONField):
    """JSON that a person wrote; what is nested too deep or cannot be stored is refused like what is no JSON, and shown as it was."""

    def to_python(self, value: Any) -> Any:
        """Read it."""
        try:
            read = super().to_python(value)
        except RecursionError:
            read = InvalidJSONInput("")
        if isinstance(read, InvalidJSONInput) or not is_storable(read):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": str(value)[:60]})
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the form shows."""
        try:
            read = super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)
        return read if is_storable(read) else InvalidJSONInput(data)


class BlueJetAccountForm(SecretsForm):
    """An account; its evidences are checked as the client would read them."""

    secrets = ("token_id", "token_hash")

    class Meta:
        model = BlueJetAccount
        fields = ("name", "base_url", "dialect", "token_id", "token_hash", "pace", "evidences")
        field_classes = {"evidences": WrittenJSONField}
        widgets = {"evidences": forms.Textarea(attrs={"class": "vLargeTextField code", "rows": 8, "spellcheck": "false"})}

    def clean(self) -> dict[str, Any]:
        """Refuse evidences that the client could not use, with its own sentence."""
        data = super().clean()
        if "evidences" in data:
            data["evidences"] = data["evidences"] or {}
            sentence = explain_evidences(data.get("dialect", ""), data["evidences"])
            if sentence:
                self.add_error("evidences", sentence)
        return data


@admin.register(BlueJetAccount)
class BlueJetAccountAdmin(SecretsAdmin):
    """The accounts."""

    form = BlueJetAccountForm
    change_form_template = "portal/account_form.html"
    list_display = ("name", "base_url", "dialect", "pace", "credentials_shown")
    fieldsets = (
        (None, {"fields": ("name", "base_url", "dialect", "pace")}),
        (_("Credentials"), {"fields": ("token_id", "token_hash")}),
        (_("What differs in this BlueJet"), {"fields": ("evidences", "updates_shown"), "classes": ("collapse",)}),
    )
    readonly_fields = ("updates_shown",)

    @admin.display(description=_("columns that an update does not name"))
    def updates_shown(self, account: BlueJetAccount) -> str:
        """Say, by kind of record, what the first updates showed."""
        known = sorted(account.partial_updates)
        return ", ".join(f"{KIND_NAMES.get(kind, kind)}: {UPDATES[state_of(account, kind)]}" for kind in known) or "–"

    @admin.display(description=_("credentials"))
    def credentials_shown(self, account: BlueJetAccount) -> SafeString:
        """Show whether there are any, never which."""
        is_set = bool(account.token_id and account.token_hash)
        return badge(_("set"), "ok") if is_set else badge(_("missing"), "act")
