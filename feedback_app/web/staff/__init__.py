"""The staff pages: sign in, collections, comments and their codes, the report. In plain English only."""

from flask import Blueprint

staff = Blueprint("staff", __name__)
