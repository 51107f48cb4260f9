"""What staff edit to say how a record of one side becomes a record of the other, and the engine that applies it."""
