"""Secrets in forms: they can be written and are never shown."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _


class SecretsForm(forms.ModelForm):
    """A form whose `secrets` are always rendered empty; leaving one empty keeps what is stored."""

    secrets: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.secrets:
            if name in self.fields:
                self._hide(name)

    def _hide(self, name: str) -> None:
        is_set = bool(getattr(self.instance, name))
        # Without it, an empty field would count as a change, and the secret would be in the form's memory.
        self.initial[name] = ""
        self.fields[name] = forms.CharField(
            label=self.fields[name].label,
            required=False,
            strip=True,
            widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password", "class": "vTextField"}),
            help_text=_("It is set. Leave empty to keep it.") if is_set else _("It is not set."),
        )

    def clean(self) -> dict[str, Any]:
        """Put the stored secret back where nothing was written."""
        data = super().clean() or self.cleaned_data
        stored = type(self.instance)._default_manager.filter(pk=self.instance.pk).first() if self.instance.pk else None
        for name in self.secrets:
            if name in self.fields and not data.get(name):
                data[name] = getattr(stored, name) if stored else ""
        return data


class SecretsAdmin(admin.ModelAdmin):
    """An admin with a SecretsForm, which shows no secret to those who may only look, either."""

    form: type[SecretsForm]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write only what the person changed: a key or a token may have been renewed since the record was read."""
        if not change:
            obj.save()
            return
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the secrets out where there is no form to write them into: Django would show their values."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        open_ones = [(name, {**options, "fields": self._without_secrets(options["fields"])}) for name, options in fieldsets]
        return [(name, options) for name, options in open_ones if options["fields"]]

    def _without_secrets(self, fields: Any) -> list[Any]:
        return [field for field in fields if field not in self.form.secrets]
