"""HTTP to the partners, typed in and out."""
