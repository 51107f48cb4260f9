"""What staff see before they change a mapping: single records translated, and what a change does to many."""
