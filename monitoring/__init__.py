"""Health checks, alerts, metrics and the dashboard."""
