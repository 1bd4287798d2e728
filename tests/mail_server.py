"""A real mail server on this machine, for tests: it keeps what it is sent, and can be down, strict or slow."""

from __future__ import annotations

import socket
import ssl
from asyncio import Transport
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass
class Kept:
    """What the server took, and whom it refuses."""

    letters: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    begun: Event = field(default_factory=Event)  # somebody is sending a letter's words
    hangs: bool = False  # it takes no letter to its end, and answers nothing
    dies_at: int = 0  # the letter during which it dies, counted from 1; 0: none
    dies_with_it: bool = False  # it has that letter and dies before it says so

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.begun.set()
        if self.hangs:
            assert session.peer
            await server.loop.create_future()
        content = envelope.content
        assert isinstance(content, bytes)
        dies = len(self.letters) + 1 == self.dies_at
        if not dies or self.dies_with_it:
            self.letters.append(message_from_bytes(content, policy=policy.default))
        if dies:
            assert isinstance(server.transport, Transport)
            server.transport.abort()
            await server.loop.create_future()
        return "250 Kept"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(kept: Kept, port: int, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[None]:
    """Serve on a port of this machine; with `tls`, STARTTLS is offered and needed."""
    more: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None} | options
    controller = Controller(kept, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield
    finally:
        controller.stop(no_assert=True)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of this machine that its own file vouches for, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, private = folder / "mail.pem", folder / "mail.key"
    file.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, private)
    return file, context
