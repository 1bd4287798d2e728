"""Which page comes next, what a name in braces says, how far along a person is. Pure: no web, no storage."""
