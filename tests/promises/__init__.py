"""The promises, shown with real processes that are stopped, paused and killed."""
