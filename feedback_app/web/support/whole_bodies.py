"""Serve an application of ours: read the whole body of a request first, and let nobody hold a process by dripping one.

The server tells a process of a request when its head is there. An application that waited for the body itself could
be held by whoever sends it letter by letter, or never. Here bodies come in beside each other while others are served,
each has its seconds, and the application is called when the last byte is there. A body that is cut short is no body.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from feedback_app.web.support.form_body import LARGEST
from feedback_app.web.support.headers import HEADERS, NO_STORE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

WITHIN = 10.0  # seconds for a whole body
# A body over LARGEST is a file that staff send. It may take longer, but only a few at once, which bounds the memory.
LARGE_WITHIN, LARGE_AT_ONCE = 60.0, 4
MOST = 12 * 1024 * 1024  # bytes; the application says of each page how much less it takes
FIXED: WSGIEnvironment = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
APART = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
TOO_SLOW = (408, b"That took too long to send. Please try again.\n")
TOO_MANY = (503, b"Too many large files are being sent just now. Please try again in a minute.\n")


class Gone(Exception):
    """Whoever sent this request went away before its end."""


class Refuse(Exception):
    """This body is not read to its end."""

    def __init__(self, status: int, words: bytes) -> None:
        super().__init__(status)
        self.status, self.words = status, words


@dataclass(slots=True)
class Served:
    """What the server calls, once for each request."""

    application: WSGIApplication
    large: int = 0  # bodies over LARGEST that are on their way

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Read, call, answer."""
        environ = _environ(scope)
        try:
            if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
                await self._take_body(environ, receive)
            await _answer(self.application, environ, receive, send)
        except Refuse as refused:
            await _refuse(refused, send)
        except Gone:
            return

    async def _take_body(self, environ: WSGIEnvironment, receive: Receive) -> None:
        """Put the whole body where the application reads it.

        Raises:
            Refuse: it does not come in time, or is one large one too many.
            Gone: it was cut short.
        """
        body = _Body()
        reading = asyncio.ensure_future(body.read(receive, self))
        try:
            await asyncio.wait([reading], timeout=WITHIN)
            if not reading.done() and body.large:
                await asyncio.wait([reading], timeout=LARGE_WITHIN - WITHIN)
            if not reading.done():
                raise Refuse(*TOO_SLOW)
            reading.result()
        finally:
            reading.cancel()
            self.large -= body.large
        environ["wsgi.input"] = BytesIO(b"".join(body.pieces))
        environ["CONTENT_LENGTH"] = str(body.size)
        environ.pop("HTTP_TRANSFER_ENCODING", None)


@dataclass(slots=True)
class _Body:
    """A body on its way."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0
    large: bool = False

    async def read(self, receive: Receive, among: Served) -> None:
        """Read to the end. What is over the most that any page takes is read so far that the page can see it."""
        while self.size <= MOST:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            self.pieces.append(bytes(message.get("body", b"")))
            self.size += len(self.pieces[-1])
            if self.size > LARGEST and not self.large:
                if among.large >= LARGE_AT_ONCE:
                    raise Refuse(*TOO_MANY)
                self.large = True
                among.large += 1
            if not message.get("more_body"):
                return


def _environ(scope: Message) -> WSGIEnvironment:
    """The request, as applications of this kind read it."""
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    environ = FIXED | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
    }
    for raw, content in scope["headers"]:
        name, value = raw.decode("latin-1").lower(), content.decode("latin-1")
        if "_" in name:  # it would pass for the header with a hyphen, which a proxy may have set
            continue
        key = APART.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        between = ";" if name == "cookie" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ


async def _answer(application: WSGIApplication, environ: WSGIEnvironment, receive: Receive, send: Send) -> None:
    """Call the application and send what it answers, a piece at a time, as fast as it is read and no faster."""
    context = copy_context()
    begun: list[Message] = []

    def start(status: str, headers: list[tuple[str, str]], problem: object = None) -> Callable[[bytes], object]:
        named = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        begun[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": named}]
        return _no_writing

    result = context.run(application, environ, start)
    try:
        pieces = _pieces(result, context)
        piece, following = next(pieces, b""), next(pieces, None)
        await send(begun[0])
        if following is not None:
            # In a task of its own, because a long answer waits for its reader while others are served.
            await asyncio.ensure_future(_flow(piece, chain([following], pieces), receive, send))
        else:
            await send({"type": "http.response.body", "body": piece, "more_body": False})
    finally:
        if hasattr(result, "close"):
            context.run(result.close)


async def _flow(piece: bytes, rest: Iterable[bytes], receive: Receive, send: Send) -> None:
    watch = asyncio.ensure_future(_until_gone(receive))
    try:
        for following in rest:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
            if watch.done():
                raise Gone
            piece = following
        await send({"type": "http.response.body", "body": piece, "more_body": False})
    finally:
        watch.cancel()


def _pieces(result: Iterable[bytes], context: Context) -> Iterator[bytes]:
    """The pieces of an answer, each made in the context of its own request."""
    source = iter(result)
    while (piece := context.run(next, source, None)) is not None:
        if piece:
            yield piece


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(refused: Refuse, send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    headers.append((b"content-length", str(len(refused.words)).encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in (*HEADERS, NO_STORE)]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": refused.words, "more_body": False})


def _no_writing(words: bytes) -> object:
    raise NotImplementedError("Pages return what they answer.")
