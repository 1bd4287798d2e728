"""Sign in at the council's own door (OpenID Connect, authorization code with PKCE). Knows no cookies and no pages.

The council's answer says who somebody is; what they may do is ours: an account with the same e-mail address must be
here already, by invitation or from an administrator. The council's door has its own second factor.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_app.core.errors import FeedbackError
from feedback_app.core.settings import Settings
from feedback_app.services import accounts, audit
from feedback_app.services.accounts import Member
from feedback_app.storage.models import Staff

SECONDS = 10
SIGNED_WITH = ["RS256", "ES256", "PS256"]
#: How a door says that an address is this person's own. Microsoft's `xms_edov` is a truth, a number or a text.
VERIFIED = (True, 1, "1", "true")


class NotSignedIn(FeedbackError):
    """The council's door did not let this person in, or they have no account here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept, in the person's own browser, while they are at the council's door."""

    state: str
    nonce: str
    verifier: str


def ask(settings: Settings, back: str) -> tuple[str, Asked]:
    """The address of the council's door, and what to keep until the person comes back.

    Raises:
        NotSignedIn: the council's door does not answer.
    """
    asked = Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(24), generate_token(64))
    try:
        door = _door(settings.oidc_issuer)
    except (requests.RequestException, ValueError):
        raise NotSignedIn("The council's sign-in does not answer just now. Please try again later.") from None
    address, _ = _client(settings, back).create_authorization_url(
        door["authorization_endpoint"],
        state=asked.state,
        nonce=asked.nonce,
        code_verifier=asked.verifier,
    )
    return str(address), asked


def come_back(
    session: Session, settings: Settings, asked: Asked, code: str, state: str, back: str, *, now: datetime
) -> Member:
    """Return the account of who comes back.

    Raises:
        NotSignedIn: the answer is not for this browser, is not the council's, or names nobody who has an account.
    """
    if not secrets.compare_digest(asked.state.encode(), state.encode()):
        raise NotSignedIn("This sign-in began in another window. Please start again.")
    try:
        claims = _claims(settings, asked, code, back, now)
    except (requests.RequestException, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        audit.record(session, "a stranger", "staff.sign_in_refused", "", now, door="council", why=type(error).__name__)
        raise NotSignedIn("The council's sign-in could not be checked. Please try again.") from None
    staff = _account_of(session, claims)
    if staff is None or staff.disabled_on is not None:
        audit.record(session, "a stranger", "staff.sign_in_refused", "", now, door="council", why="no account")
        raise NotSignedIn("You have no account here yet. Ask an administrator to invite you at your council address.")
    audit.record(session, staff.name, "staff.sign_in", staff.name, now, door="council")
    found = accounts.find(session, staff.id)
    if found is None:
        raise NotSignedIn("You have no account here yet.")
    return found


def _claims(settings: Settings, asked: Asked, code: str, back: str, now: datetime) -> dict[str, Any]:
    """Who the council says it is: the ID token, checked as OpenID Connect Core 3.1.3.7 asks."""
    door = _door(settings.oidc_issuer)
    with _client(settings, back) as client:
        answer = client.fetch_token(
            door["token_endpoint"],
            code=code,
            code_verifier=asked.verifier,
            timeout=SECONDS,
            grant_type="authorization_code",
        )
    keys = requests.get(door["jwks_uri"], timeout=SECONDS)
    keys.raise_for_status()
    token = jwt.decode(answer["id_token"], KeySet.import_key_set(keys.json()), algorithms=SIGNED_WITH)
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=60,
        iss={"essential": True, "value": door["issuer"]},
        aud={"essential": True, "value": settings.oidc_client_id},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": asked.nonce},
    )
    rules.validate(token.claims)
    return dict(token.claims)


def _account_of(session: Session, claims: dict[str, Any]) -> Staff | None:
    ident = f"{claims['iss']} {claims['sub']}"[:255]
    staff = session.scalars(select(Staff).where(Staff.council_id == ident)).first()
    if staff is not None:
        return staff
    email = str(claims.get("email", "")).casefold()
    if not email or not any(claims.get(name) in VERIFIED for name in ("email_verified", "xms_edov")):
        return None
    staff = session.scalars(select(Staff).where(Staff.email == email, Staff.council_id.is_(None))).first()
    if staff is not None:
        staff.council_id = ident  # from now on it is this person, whatever their address becomes
    return staff


def _client(settings: Settings, back: str) -> OAuth2Session:
    return OAuth2Session(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
    )


@cache
def _door(issuer: str) -> dict[str, Any]:
    """What the council's door says of itself, read once for each process."""
    answer = requests.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=SECONDS)
    answer.raise_for_status()
    door: dict[str, Any] = answer.json()
    if door.get("issuer") != issuer:
        raise ValueError("The issuer of the council's sign-in is not the one in the settings.")
    return door
