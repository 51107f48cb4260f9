"""What templates of other parts ask of the synchronisation."""
