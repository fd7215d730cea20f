"""How a source is edited: imports, the layout of lines, and the check that nothing else has changed."""
