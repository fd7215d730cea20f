"""The command `compare`: a program before and after a migration, variable by variable."""
