"""The words that the staff's templates are written with."""
