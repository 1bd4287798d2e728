"""Read the settings, each from the environment variable of the same name. Decides nothing with them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from feedback_app.core.errors import FeedbackError

PROJECT = Path(__file__).resolve().parents[2]
LEAST_SECRET = 16  # letters


class Settings(BaseSettings):
    """Everything that can be set from outside. `docs/settings.md` has the same list; a test compares them."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    instance: Path = Field(Path("instance"), description="Folder of this copy's own data: database and keys.")
    port: int = Field(5000, ge=1, le=65535, description="Port that the server listens on.")
    bind: str = Field("127.0.0.1", description="Address that the server listens on.")
    proxies: int = Field(0, ge=0, le=9, description="How many proxies of yours add to X-Forwarded-For; 0: never read.")
    workers: int = Field(2, ge=1, le=64, description="Number of server processes.")
    database_url: str = Field("", description="PostgreSQL address; empty means SQLite in the instance folder.")
    public_url: str = Field("", description="Address that respondents use; empty means this machine and port.")
    staff_url: str = Field("", description="Address of the staff pages; empty means /staff under the other address.")
    secrets_folder: str = Field("", description="Folder of files with secret settings, each named as its setting.")
    area: str = Field("example", description="Name of the file in surveys/areas that describes the partnership.")
    face: Literal["both", "public", "staff"] = Field("both", description="Which pages this process serves.")
    surveys: Path = Field(PROJECT / "surveys", description="Folder of the survey files.")
    translations: Path = Field(PROJECT / "translations", description="Folder of the translations.")
    recordings: str = Field("", description="Folder of recordings; empty means `recordings` in the instance folder.")
    session_hours: int = Field(24, ge=1, le=24, description="How long an unfinished survey can be carried on.")
    smtp_host: str = Field("", description="Mail server; empty means that letters are files in instance/outbox.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the mail server is reached.")
    smtp_name: str = Field("", description="Name for the mail server, if it asks for one.")
    smtp_password: str = Field("", repr=False, description="Password for the mail server.")
    mail_from: str = Field("feedback@localhost", description="Address that letters come from.")
    redis_url: str = Field("", description="Redis that holds the queue of jobs; empty means instance/jobs.db.")
    oidc_issuer: str = Field("", description="Issuer of the council's single sign-on; empty means there is none.")
    oidc_client_id: str = Field("", description="What the council's single sign-on calls this application.")
    oidc_client_secret: str = Field("", repr=False, description="Secret for the council's single sign-on.")
    sign_in_limit: str = Field("10 per 15 minutes", description="Failed staff sign-ins allowed per address and name.")

    @property
    def address(self) -> str:
        """Where respondents find the surveys, without a closing slash."""
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def staff_address(self) -> str:
        """Where staff find their pages, without a closing slash: letters to them lead there."""
        return (self.staff_url or f"{self.address}{'/staff' if self.face == 'both' else ''}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether the address is https. Plain http is for this machine alone."""
        return urlsplit(self.address).scheme == "https"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        if not self.database_url:
            return f"sqlite:///{self.instance.resolve() / 'feedback.db'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url

    @property
    def sounds(self) -> Path:
        """Folder of the recordings that the listen buttons play."""
        return Path(self.recordings) if self.recordings else self.instance / "recordings"

    @property
    def audit_head(self) -> Path:
        """The file that keeps the head of the audit log outside the database."""
        return self.instance / "audit.head"

    @property
    def keys(self) -> Path:
        """Folder of the keys."""
        return self.instance / "keys"


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        FeedbackError: a setting cannot be used; the message names it and says why.
    """
    try:
        settings = Settings(_secrets_dir=_secrets_folder())
    except ValidationError as error:
        lines = [f"The setting {str(e['loc'][0]).upper()} cannot be used: {e['msg']}." for e in error.errors()]
        raise FeedbackError("\n".join([*lines, "docs/settings.md lists the settings."])) from None
    host = urlsplit(settings.address).hostname
    if not settings.secure and host not in {"127.0.0.1", "localhost", "::1"}:
        raise FeedbackError(
            f"The address {settings.address} is plain http, which anyone on the way can read. "
            "Set PUBLIC_URL to an https address."
        )
    _need_secrets(settings)
    return settings


def _secrets_folder() -> Path | None:
    """The folder of secrets: one that is named must be there, and be nobody else's to read."""
    name = os.environ.get("SECRETS_FOLDER", "")
    if not name:
        return None
    folder = Path(name)
    if not folder.is_dir():
        raise FeedbackError(f"The setting SECRETS_FOLDER cannot be used: there is no folder {folder}.")
    if loose := sorted(file.name for file in folder.iterdir() if file.stat().st_mode & stat.S_IRWXO):
        raise FeedbackError(
            f"Everybody on this machine can read the secrets {', '.join(loose)}. Type: chmod -R o= {folder}"
        )
    return folder


def _need_secrets(settings: Settings) -> None:
    """Refuse a login elsewhere without its secret. None has a default, and an empty one would be one."""
    if settings.smtp_name and not settings.smtp_password:
        raise FeedbackError("SMTP_NAME is set and SMTP_PASSWORD is not. The mail server asks for both.")
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise FeedbackError("OIDC_ISSUER is set and OIDC_CLIENT_ID is not. Ask who runs the council's sign-in for it.")
    if settings.oidc_issuer and len(settings.oidc_client_secret) < LEAST_SECRET:
        raise FeedbackError(
            f"OIDC_CLIENT_SECRET is missing or has fewer than {LEAST_SECRET} letters: it can be guessed. "
            "Ask who runs the council's sign-in for a longer one."
        )
