"""Languages: which there are, which way they run, their words. Knows no survey's meaning, no web and no storage."""
