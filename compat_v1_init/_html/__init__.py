"""The pages of the commands: one self-contained file each, in one look."""
