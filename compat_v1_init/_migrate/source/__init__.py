"""What a source says: its tree, its names, the places that name an initializer."""
