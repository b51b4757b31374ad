"""What shows a module, everywhere: style sheets, ES modules and question markup, and the fonts they use."""
