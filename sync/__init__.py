"""Flows, jobs, runs and links, and the pipeline that they all go through."""
