"""Speed, weight and accuracy: run on demand with `make bench`, printed with their method, never part of the suite."""
