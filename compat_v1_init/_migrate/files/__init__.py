"""Files: which ones there are, reading them, and replacing them in one step."""
