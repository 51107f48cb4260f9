"""What the portal intends, tried and knows about the records on both sides."""

from sync.models.attempt import SyncAttempt
from sync.models.breaker import Breaker, MissingRight, PartnerCheck
from sync.models.column import BlueJetColumn, ColumnReading
from sync.models.job import EventJob, SyncJob
from sync.models.lease import RecordLease
from sync.models.link import Kind, RecordLink
from sync.models.rule import RuleSetting
from sync.models.run import SyncChunk, SyncRun, TargetIndex
from sync.models.sample import Preview, SampleRecord
from sync.models.unmapped import UnmappedValue, WaitingJob

__all__ = [
    "BlueJetColumn",
    "Breaker",
    "ColumnReading",
    "EventJob",
    "Kind",
    "MissingRight",
    "PartnerCheck",
    "Preview",
    "RecordLease",
    "RecordLink",
    "RuleSetting",
    "SampleRecord",
    "SyncAttempt",
    "SyncChunk",
    "SyncJob",
    "SyncRun",
    "TargetIndex",
    "UnmappedValue",
    "WaitingJob",
]
