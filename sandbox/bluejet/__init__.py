"""A stand-in for a BlueJet instance, with both dialects that the portal can speak."""
