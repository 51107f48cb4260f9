"""Stand-ins for Shoptet and BlueJet: servers that behave like the partners on the wire, for the demo and the tests."""
