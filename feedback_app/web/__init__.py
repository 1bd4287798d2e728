"""The pages. Each view finds what was asked for, calls one service, and shows or redirects."""
