"""Load and check the files that people write - surveys and areas - into frozen objects. Knows no storage and no web."""
