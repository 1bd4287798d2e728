"""Surveys on paper: print a blank form, type a filled one in, and compare a second typing with the first."""
