"""One package a flow: what fetching, mapping, validating and pushing means for its records."""
