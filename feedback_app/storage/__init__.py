"""Tables, named reads and migrations. Decides nothing."""
