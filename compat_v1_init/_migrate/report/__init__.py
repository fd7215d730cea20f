"""What a run has found, in each format."""
