"""The pages for people: what BlueJet holds, and the switches of its faults."""
