"""Tests of what starts everything on one machine."""
