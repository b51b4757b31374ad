"""Shows a course while it is written: the real player on this machine, which follows each save."""
