"""Long campaigns: generated answers by the thousand; the suite runs a short form of each."""
