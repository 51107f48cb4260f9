"""The fourth step: bring BlueJet's copies in line, under each record's lease."""

from sync.push.push import push_parts

__all__ = ["push_parts"]
