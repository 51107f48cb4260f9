"""What the staff's pages of every part are built from; it lives here because every part may import `shops`."""
