"""Named reads, returning dataclasses or rows. Each says what it is for; none decides anything."""
