"""Send styles, scripts and drawings packed (gzip) to browsers that take them so: packed once, kept in memory.

Pages are not packed: a page holds a secret beside words that came from outside, and the length of such a packed
page can tell the secret to who listens (BREACH).
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

PACKED = frozenset({".css", ".js", ".svg"})


def send_packed(app: Flask) -> None:
    """Pack what the application sends from its static folder."""
    plain, folder = app.send_static_file, Path(app.static_folder or "")

    def static(filename: str) -> Response:
        response = plain(filename)
        if Path(filename).suffix not in PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
            response.close()  # the file that would have been sent as it is
            response.direct_passthrough = False
            response.set_data(_packed(folder / filename))
            response.content_encoding = "gzip"
            response.set_etag(f"{response.get_etag()[0]}-gzip")
        return response

    app.view_functions["static"] = static


@cache
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
