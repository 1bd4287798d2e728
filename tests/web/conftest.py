"""What the tests of the respondent's pages share."""

from tests.web.someone import open_app, open_copy, someone

__all__ = ["open_app", "open_copy", "someone"]
