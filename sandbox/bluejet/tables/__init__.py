"""The evidences, by subject; `sandbox.bluejet.evidences` puts them together."""
