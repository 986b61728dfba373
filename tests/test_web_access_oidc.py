"""Signing in by a service on this machine that speaks OpenID Connect, and what must not get in."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from entrepot.api.accounts_open import open_access
from entrepot.errors import LakeError
from entrepot.settings import Settings
from entrepot.web.access.door import Door
from entrepot.web.access.entrance import Entrance
from entrepot.web.access.oidc_provider import Provider, read_provider
from entrepot.web.app import make_app

HERE = "http://desk.example"
CLIENT, SECRET = "the-desk", "a secret of the desk"
PATH = "/.well-known/openid-configuration"
KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))


class Service:
    """A service that signs people in: it answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.key = KEY
        self.claims: dict[str, object] = {}
        self.header = {"alg": "RS256", "kid": "one"}
        self.signing: object = self.key
        self.said: dict[str, object] = {}
        self.asked: dict[str, str] = {}
        self.exchanged: dict[str, str] = {}
        service = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == PATH:
                    self.tell(service.document())
                else:
                    self.tell({"keys": [service.key.as_dict(private=False)]})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                service.exchanged = {k: v[0] for k, v in parse_qs(body).items()}
                service.exchanged["authorization"] = self.headers.get("authorization", "")
                self.tell(service.token())

            def tell(self, what: dict[str, object]) -> None:
                self.send_response(400 if "error" in what else 200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(what).encode())

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def document(self) -> dict[str, object]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.said,
        }

    def authorize(self, location: str) -> str:
        """What a browser brings back after somebody signed in there."""
        self.asked = {k: v[0] for k, v in parse_qs(urlsplit(location).query).items()}
        return f"/login/oidc/back?code=the-code&state={self.asked['state']}"

    def token(self) -> dict[str, object]:
        challenge = hashlib.sha256(self.exchanged["code_verifier"].encode()).digest()
        if (
            base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
            != self.asked["code_challenge"]
        ):
            return {"error": "invalid_grant"}
        moment = int(time.time())
        claims = {
            "iss": self.address,
            "sub": "1234",
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": self.asked["nonce"],
            "preferred_username": "a.ost",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode(self.header, claims, self.signing, algorithms=["RS256", "HS256"])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def service():
    made = Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def access(tmp_path):
    with open_access(tmp_path) as found:
        yield found


@pytest.fixture
def desk(service, access, tmp_path):
    roles = {"desk": "analyst", "chiefs": "admin"}
    address = f"{service.address}{PATH}"
    provider = Provider(address, CLIENT, SECRET, role_claim="groups", roles=roles)
    entrance = Entrance(Door(None, ("desk.example",), True), access, provider)
    return make_app(lambda: None, entrance, Settings(lake=tmp_path))


@pytest.fixture
def browser(desk):
    return TestClient(desk, base_url=HERE, follow_redirects=False)


def come_back(browser, service, after="/leads"):
    led = browser.get("/login/oidc", params={"next": after})
    assert led.status_code in (302, 303), led.text
    assert led.headers["location"].startswith(f"{service.address}/authorize?")
    return browser.get(service.authorize(led.headers["location"]))


def test_somebody_whom_the_service_knows_is_signed_in_as_what_it_says(browser, service, access):
    service.claims = {"groups": ["staff", "desk"]}
    back = come_back(browser, service)
    assert (back.status_code, back.headers["location"]) == (303, "/leads")
    (account,) = access.accounts.rows()
    assert (account.name, account.role, account.issuer) == ("a.ost", "analyst", service.address)
    assert browser.get("/account").status_code == 200
    assert access.audit.rows(1)[0].what == "login"
    assert "Change the password" not in browser.get("/account").text


def test_the_service_is_asked_with_state_nonce_and_a_challenge(browser, service):
    come_back(browser, service)
    asked, exchanged = service.asked, service.exchanged
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{HERE}/login/oidc/back"
    assert len(asked["state"]) >= 16
    assert len(asked["nonce"]) >= 16
    assert "openid" in asked["scope"].split()
    assert len(exchanged["code_verifier"]) >= 43
    given = base64.b64decode(exchanged["authorization"].removeprefix("Basic ")).decode()
    assert given.startswith(f"{CLIENT}:")
    assert SECRET not in json.dumps(asked)


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (None, "reader"),
        ([], "reader"),
        (["staff"], "reader"),
        ("chiefs", "admin"),
        (["desk", "chiefs"], "admin"),
        ([7, {"desk": 1}], "reader"),
        (["admin"], "reader"),
    ],
)
def test_a_role_comes_from_the_claim_and_is_else_reader(browser, service, access, groups, role):
    service.claims = {"groups": groups}
    assert come_back(browser, service).status_code == 303
    assert access.accounts.rows()[0].role == role


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-desk"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"preferred_username": None},
        {"preferred_username": "a b"},
        {"preferred_username": "local"},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(browser, service, access, claims):
    service.claims = claims
    back = come_back(browser, service)
    assert back.status_code in (401, 403)
    assert "entrepot" not in browser.cookies
    assert access.accounts.rows() == ()
    assert access.audit.rows(1)[0].what == "login_failed"


def test_a_token_signed_by_another_key_opens_nothing(browser, service, access):
    service.signing = OTHER_KEY
    assert come_back(browser, service).status_code == 401
    assert access.accounts.rows() == ()


def test_a_token_signed_with_the_shared_secret_opens_nothing(browser, service, access):
    service.header = {"alg": "HS256", "kid": "one"}
    service.signing = OctKey.import_key(SECRET)
    assert come_back(browser, service).status_code == 401
    assert access.accounts.rows() == ()


def test_another_state_or_browser_opens_nothing(desk, browser, service, access):
    led = browser.get("/login/oidc").headers["location"]
    address = service.authorize(led)
    other = TestClient(desk, base_url=HERE, follow_redirects=False)
    assert other.get(address).status_code == 400
    assert browser.get("/login/oidc/back?code=the-code&state=another").status_code == 401
    assert browser.get(address).status_code == 400  # each is looked at once
    assert access.accounts.rows() == ()


def test_somebody_who_says_no_there_is_not_signed_in_here(browser, service):
    service.authorize(browser.get("/login/oidc").headers["location"])
    refused = f"/login/oidc/back?error=access_denied&state={service.asked['state']}"
    told = browser.get(refused)
    assert told.status_code == 401
    assert "access_denied" not in told.text


def test_a_closed_account_stays_closed_whatever_the_service_says(browser, service, access):
    come_back(browser, service)
    access.accounts.disable("a.ost")
    assert browser.get("/account").status_code == 401
    assert come_back(browser, service).status_code == 403


def test_a_name_from_the_service_does_not_take_over_an_account(browser, service, access):
    access.accounts.add("a.ost", "admin", "tide lantern orchard")
    service.claims = {"groups": ["chiefs"]}
    assert come_back(browser, service).status_code == 403
    assert "entrepot" not in browser.cookies


def test_a_document_that_names_another_service_is_refused(browser, service):
    service.said = {"issuer": "https://elsewhere.example"}
    assert browser.get("/login/oidc").status_code == 503


def test_a_service_that_does_not_answer_is_told_and_passwords_still_do(browser, service):
    service.server.shutdown()
    service.server.server_close()
    told = browser.get("/login/oidc")
    assert told.status_code == 503
    assert SECRET not in told.text
    page = browser.get("/login")
    assert page.status_code == 200
    assert "organisation" in page.text


class TestSettings:
    GIVEN = {  # noqa: RUF012
        "ENTREPOT_OIDC_DISCOVERY": f"https://sign-in.example{PATH}",
        "ENTREPOT_OIDC_CLIENT_ID": CLIENT,
        "ENTREPOT_OIDC_CLIENT_SECRET": SECRET,
        "ENTREPOT_OIDC_ROLE_CLAIM": "groups",
        "ENTREPOT_OIDC_ROLES": "desk=analyst",
    }

    def test_are_read_from_the_environment(self):
        given = {**self.GIVEN, "ENTREPOT_OIDC_ROLES": "desk=analyst, chiefs = admin"}
        found = read_provider(given)
        assert found.roles == {"desk": "analyst", "chiefs": "admin"}
        assert found.name_claim == "preferred_username"
        assert SECRET not in repr(found)
        assert read_provider({}) is None

    @pytest.mark.parametrize(
        "change",
        [
            {"ENTREPOT_OIDC_DISCOVERY": "http://sign-in.example/x"},
            {"ENTREPOT_OIDC_DISCOVERY": "sign-in.example"},
            {"ENTREPOT_OIDC_CLIENT_ID": ""},
            {"ENTREPOT_OIDC_CLIENT_SECRET": " "},
            {"ENTREPOT_OIDC_ROLES": "desk=owner"},
            {"ENTREPOT_OIDC_ROLES": "desk"},
        ],
    )
    def test_that_cannot_be_read_are_told_without_the_secret(self, change):
        with pytest.raises(LakeError, match="ENTREPOT_OIDC") as told:
            read_provider({**self.GIVEN, **change})
        assert SECRET not in str(told.value)
