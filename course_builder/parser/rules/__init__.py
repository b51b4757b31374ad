"""Our additions to markdown-it, one syntax a file."""
