"""What becomes of each place in a source."""
