"""The second proof of who signs in: six digits from an app (TOTP), a passkey (WebAuthn), or a recovery code."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from feedback_app.core.keys import ServerKey
from feedback_app.core.sealing import lock, unlock
from feedback_app.core.tokens import new_passphrase
from feedback_app.services import audit
from feedback_app.services.accounts import Member, end_sessions, named
from feedback_app.storage.models import Passkey, RecoveryCode, Staff

STEP = 30  # seconds that six digits hold (RFC 6238)
RECOVERY_CODES = 8
LONGEST_ID = 400  # of a passkey
NOT_BELIEVED = (WebAuthnException, ValueError, TypeError, KeyError)  # the last three: what is no answer at all


def new_secret() -> str:
    """A secret for an app: 160 random bits, in base 32."""
    return pyotp.random_base32()


def address_of(secret: str, member: Member, issuer: str) -> str:
    """The `otpauth:` address that an app reads from a square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=member.name, issuer_name=issuer)


def set_up_app(
    session: Session, keys: ServerKey, member: Member, secret: str, digits: str, *, now: datetime
) -> list[str]:
    """Keep an app's secret, once its digits show that it works. Return new recovery codes; none if wrong."""
    step = _step_of(secret, digits, now, after=0)
    if not step:
        return []
    staff = session.get_one(Staff, member.id)
    staff.totp_sealed = lock(_secret_key(keys, member.id), secret.encode(), b"totp")
    staff.totp_step = step
    end_sessions(staff)
    audit.record(session, member.name, "staff.factor_add", member.name, now, kind="app")
    return _new_codes(session, keys, staff)


def app_fits(session: Session, keys: ServerKey, member: Member, digits: str, *, now: datetime) -> bool:
    """Whether six digits are the app's now, and were not used before."""
    staff = session.get_one(Staff, member.id)
    if staff.totp_sealed is None:
        return False
    secret = unlock(_secret_key(keys, member.id), staff.totp_sealed, b"totp").decode()
    step = _step_of(secret, digits, now, after=staff.totp_step)
    if not step:
        audit.record(session, member.name, "staff.factor_refused", member.name, now, kind="app")
        return False
    staff.totp_step = step
    return True


def code_fits(session: Session, keys: ServerKey, member: Member, code: str, *, now: datetime) -> bool:
    """Whether this is a recovery code of theirs that was not used; it is used now."""
    held = session.get(RecoveryCode, _code_hash(keys, member.id, code))
    if held is None or held.staff_id != member.id or held.used_on is not None:
        audit.record(session, member.name, "staff.factor_refused", member.name, now, kind="recovery code")
        return False
    held.used_on = now.date()
    audit.record(session, member.name, "staff.recovery_code", member.name, now)
    return True


def codes_left(session: Session, member: Member) -> int:
    """How many recovery codes are still good."""
    mine = select(RecoveryCode).where(RecoveryCode.staff_id == member.id, RecoveryCode.used_on.is_(None))
    return len(session.scalars(mine).all())


def passkeys(session: Session, member: Member) -> list[Passkey]:
    """Their passkeys, the oldest first."""
    return list(
        session.scalars(select(Passkey).where(Passkey.staff_id == member.id).order_by(Passkey.created_on, Passkey.id))
    )


def ask_for_new_passkey(session: Session, member: Member, host: str, name: str) -> tuple[str, bytes]:
    """What the browser needs to make a passkey: the options as JSON, and the challenge to keep until it answers."""
    options = generate_registration_options(
        rp_id=host,
        rp_name=name,
        user_id=f"staff {member.id}".encode(),
        user_name=member.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(base64url_to_bytes(k.id)) for k in passkeys(session, member)
        ],
    )
    return options_to_json(options), options.challenge


def keep_passkey(
    session: Session,
    keys: ServerKey,
    member: Member,
    answer: str,
    *,
    challenge: bytes,
    host: str,
    origin: str,
    name: str,
    now: datetime,
) -> list[str] | None:
    """Keep a new passkey. Return new recovery codes if they had none, else nothing; None when it cannot be believed."""
    try:
        if not challenge:
            raise WebAuthnException
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin
        )
    except NOT_BELIEVED:
        return None
    staff, ident = session.get_one(Staff, member.id), bytes_to_base64url(made.credential_id)
    if len(ident) > LONGEST_ID or session.get(Passkey, ident) is not None:
        return None
    session.add(
        Passkey(
            id=ident,
            staff_id=staff.id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            answered_at=_moment(now),
            name=name or "Passkey",
            created_on=now.date(),
        )
    )
    end_sessions(staff)
    audit.record(session, member.name, "staff.factor_add", member.name, now, kind="passkey")
    return [] if codes_left(session, member) else _new_codes(session, keys, staff)


def ask_for_passkey(session: Session, member: Member, host: str, *, now: datetime) -> tuple[str, bytes]:
    """What the browser needs to sign in with a passkey: the options as JSON, and the challenge.

    The challenge begins with its own time. The browser keeps it, so only its time can tell that it was answered before.
    """
    mine = [PublicKeyCredentialDescriptor(base64url_to_bytes(held.id)) for held in passkeys(session, member)]
    challenge = _moment(now).to_bytes(8, "big") + secrets.token_bytes(24)
    options = generate_authentication_options(rp_id=host, challenge=challenge, allow_credentials=mine)
    return options_to_json(options), options.challenge


def passkey_fits(
    session: Session,
    member: Member,
    ident: str,
    answer: str,
    *,
    challenge: bytes,
    host: str,
    origin: str,
    now: datetime,
) -> bool:
    """Whether a passkey of theirs signed this challenge, and answered none that is as new."""
    asked_at = int.from_bytes(challenge[:8], "big")
    held = next((one for one in passkeys(session, member) if one.id == ident), None)
    try:
        if held is None or asked_at <= held.answered_at:
            raise WebAuthnException
        signed = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=held.public_key,
            credential_current_sign_count=held.sign_count,
        )
    except NOT_BELIEVED:
        audit.record(session, member.name, "staff.factor_refused", member.name, now, kind="passkey")
        return False
    held.sign_count, held.answered_at = signed.new_sign_count, asked_at
    return True


def drop_passkey(session: Session, member: Member, ident: str, *, now: datetime) -> bool:
    """Take one passkey of a person's own away, when its key or device is lost; their sessions end."""
    held = next((one for one in passkeys(session, member) if one.id == ident), None)
    if held is None:
        return False
    session.delete(held)
    session.flush()
    staff = session.get_one(Staff, member.id)
    session.refresh(staff)
    end_sessions(staff)
    audit.record(session, member.name, "staff.factor_remove", member.name, now, kind="passkey")
    return True


def new_codes(session: Session, keys: ServerKey, member: Member, *, now: datetime) -> list[str]:
    """Make new recovery codes for somebody who has a second factor; the older ones end, and so do their sessions."""
    staff = session.get_one(Staff, member.id)
    end_sessions(staff)
    audit.record(session, member.name, "staff.new_codes", member.name, now)
    return _new_codes(session, keys, staff)


def take_away(session: Session, name: str, *, by: str, now: datetime) -> None:
    """Take every second factor of an account away, when its owner has lost them all; its sessions end.

    Raises:
        FeedbackError: there is no such account.
    """
    staff = named(session, name)
    staff.totp_sealed, staff.totp_step = None, 0
    staff.passkeys.clear()
    staff.recovery_codes.clear()
    end_sessions(staff)
    audit.record(session, by, "staff.factors_removed", name, now)


def _new_codes(session: Session, keys: ServerKey, staff: Staff) -> list[str]:
    """New recovery codes, five words each; older ones are worth nothing from now on. They are shown once."""
    codes = [new_passphrase() for _ in range(RECOVERY_CODES)]
    staff.recovery_codes = [RecoveryCode(code_hash=_code_hash(keys, staff.id, code)) for code in codes]
    session.flush()
    return codes


def _code_hash(keys: ServerKey, staff: int, code: str) -> str:
    words = "-".join(code.casefold().replace("-", " ").split())
    return keys.derive("recovery code", str(staff), words).hex()


def _moment(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)


def _secret_key(keys: ServerKey, staff: int) -> bytes:
    return keys.derive("second factor", str(staff))


def _step_of(secret: str, digits: str, now: datetime, *, after: int) -> int:
    """The half minute (RFC 6238) of these digits, one before or after now allowed; 0 if none that is new."""
    given, here = "".join(digits.split()), int(now.timestamp()) // STEP
    codes = pyotp.TOTP(secret)
    for step in (here, here - 1, here + 1):
        if step > after and given.isascii() and hmac.compare_digest(codes.at(step * STEP), given):
            return step
    return 0


def new_token() -> str:
    """A secret for a link: 256 random bits."""
    return secrets.token_urlsafe(32)
