"""The respondent's pages: start, answer, check, finish, get help."""

from flask import Blueprint

public = Blueprint("public", __name__)
