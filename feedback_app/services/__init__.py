"""Use cases: one verb, one transaction, one file per noun. Given the session and the clock; never commits."""
