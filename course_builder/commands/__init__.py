"""The commands, one subject a file; each imports what does its work when it runs."""
