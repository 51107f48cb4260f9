"""The shop that the sandbox starts with: gastro equipment, its customers and their orders, the same on every start."""
