"""What the portal intends, tried and knows, as staff see it; and the pages that need more than one part."""

from sync.admin.accounts import AccountWithColumnsAdmin
from sync.admin.attempts import AttemptAdmin
from sync.admin.events import EventWithJobsAdmin
from sync.admin.jobs import JobAdmin
from sync.admin.links import LinkAdmin
from sync.admin.partner_values import PartnerValueAdmin
from sync.admin.partners import BreakerAdmin
from sync.admin.rules import RuleAdmin
from sync.admin.runs import RunAdmin
from sync.admin.schedules import ScheduledTaskAdmin
from sync.admin.shops import ShopWithPartnersAdmin
from sync.admin.unmapped import UnmappedAdmin

__all__ = [
    "AccountWithColumnsAdmin",
    "AttemptAdmin",
    "BreakerAdmin",
    "EventWithJobsAdmin",
    "JobAdmin",
    "LinkAdmin",
    "PartnerValueAdmin",
    "RuleAdmin",
    "RunAdmin",
    "ScheduledTaskAdmin",
    "ShopWithPartnersAdmin",
    "UnmappedAdmin",
]
