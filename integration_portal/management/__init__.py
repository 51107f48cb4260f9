"""Commands that belong to no single part."""
