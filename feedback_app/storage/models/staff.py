"""Members of staff: their accounts, roles, second factors and invitations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.storage.models.base import DOCUMENT, Base, Document


class Staff(Base):
    """One account. The password is an Argon2id hash; empty when the person signs in at the council's own door."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str]
    session_mark: Mapped[str] = mapped_column(String(32))  # changes with password, role or factor: older sessions end
    created_on: Mapped[date]
    disabled_on: Mapped[date | None]
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the secret of an app that shows six digits
    totp_step: Mapped[int] = mapped_column(
        server_default="0"
    )  # the last half minute whose digits were used: none works twice
    council_id: Mapped[str | None] = mapped_column(String(255), unique=True)  # issuer and subject of single sign-on
    roles: Mapped[list[StaffRole]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    passkeys: Mapped[list[Passkey]] = relationship(cascade="all, delete-orphan")
    recovery_codes: Mapped[list[RecoveryCode]] = relationship(cascade="all, delete-orphan")


class StaffRole(Base):
    """One role of one person. Somebody in a team of two has several."""

    __tablename__ = "staff_role"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class Passkey(Base):
    """A security key or a device that signs for one person (WebAuthn)."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(String(400), primary_key=True)  # the credential's own id, base64url
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 32 bits without a sign
    answered_at: Mapped[int] = mapped_column(BigInteger)  # when the last challenge that it answered was made, in µs
    name: Mapped[str] = mapped_column(String(80))
    created_on: Mapped[date]


class RecoveryCode(Base):
    """A code for somebody who has lost their second factor: a keyed hash, good once."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    used_on: Mapped[date | None]


class Invitation(Base):
    """An invitation to make an account. Its link holds a secret, of which only the keyed hash is kept."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[Document] = mapped_column(DOCUMENT)  # a list of roles
    made_by: Mapped[str] = mapped_column(String(120))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_on: Mapped[date | None]
