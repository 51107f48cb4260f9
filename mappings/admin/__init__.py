"""The mappings as staff edit them."""

from mappings.admin.fields import FieldMappingAdmin
from mappings.admin.values import ValueMappingAdmin
from mappings.admin.versions import VersionAdmin

__all__ = ["FieldMappingAdmin", "ValueMappingAdmin", "VersionAdmin"]
