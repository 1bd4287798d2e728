"""A council's single sign-on: a real OpenID Connect provider (Authlib's), on a port of this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "feedback", "a-secret-of-the-test"


class Client(ClientMixin):  # type: ignore[misc]
    """The one application that this door knows: ours."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/council")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code that was given out."""

    code: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = 0

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str:
        return ""

    def get_amr(self) -> list[str]:
        return []


@dataclass
class Door:
    """The door: who stands at it, and what it signs with."""

    claims: dict[str, Any]
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "council", "use": "sig"}))
    signs_with: RSAKey | None = None  # another key than the one it shows, for a forged token
    codes: dict[str, Code] = field(default_factory=dict)
    issuer: str = ""

    def __enter__(self) -> Door:
        self._server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.port}"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self) -> Flask:
        app, door = Flask("council"), self

        class ByCode(AuthorizationCodeGrant):  # type: ignore[misc]
            def save_authorization_code(self, code: str, request: Any) -> None:
                asked = request.payload.data
                door.codes[code] = Code(
                    code,
                    asked["redirect_uri"],
                    asked["scope"],
                    asked["nonce"],
                    asked["code_challenge"],
                    asked["code_challenge_method"],
                )

            def query_authorization_code(self, code: str, client: Client) -> Code | None:
                return door.codes.get(code)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                del door.codes[authorization_code.code]

            def authenticate_user(self, authorization_code: Code) -> object:
                return door

        class WithId(OpenIDCode):  # type: ignore[misc]
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return any(code.nonce == nonce for code in door.codes.values())

            def resolve_client_private_key(self, client: Client) -> KeySet:
                return KeySet([door.signs_with or door.key])

            def get_client_algorithm(self, client: Client) -> str:
                return "RS256"

            def get_client_claims(self, client: Client) -> dict[str, Any]:
                return {"iss": door.issuer}

            def generate_user_info(self, user: object, scope: str) -> UserInfo:
                return UserInfo(**door.claims)

        server = AuthorizationServer(app, query_client=lambda ident: Client() if ident == CLIENT else None)
        server.save_token = lambda token, request: None
        server.register_grant(ByCode, [WithId(require_nonce=True), CodeChallenge(required=True)])

        @app.get("/.well-known/openid-configuration")
        def configuration() -> Any:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return jsonify({"issuer": door.issuer, **{name: f"{door.issuer}/{end}" for name, end in ends.items()}})

        @app.get("/keys")
        def keys() -> Any:
            return jsonify(KeySet([door.key]).as_dict(private=False))

        @app.get("/authorize")
        def authorize() -> Any:
            grant = server.get_consent_grant(end_user=door)
            return server.create_authorization_response(grant=grant, grant_user=door)

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response(request)

        return app
