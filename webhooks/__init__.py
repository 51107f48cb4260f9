"""The inbox: verify, store, answer, hand over."""
