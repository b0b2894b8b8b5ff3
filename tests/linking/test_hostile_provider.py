"""A provider that is down, broken or lying never leaves half a link (reliability: P8, fault 11)."""

import base64
import datetime as dt
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from app.core import clock
from app.core.db import db
from app.core.errors import Unavailable
from app.linking.links import Link, LinkAttempt
from app.linking.refusals import Refusal, Refused
from tests.linking.fake_provider import ISSUER, rsa_key

AFTER_CONSENT = ["token", "jwks", "userinfo"]
HOUR_AGO = int(dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp())


def links():
    return db.session.query(Link).count()


def refusal(browser, params):
    with pytest.raises(Refused) as caught:
        browser.finish(params)
    return caught.value.reason


@pytest.mark.parametrize("fault", ["down", "broken", "garbled"])
def test_a_start_without_a_provider_leaves_no_attempt(anna, provider, fault):
    getattr(provider, fault).add("discovery")
    with pytest.raises(Unavailable):
        anna.start()
    assert db.session.query(LinkAttempt).count() == 0
    getattr(provider, fault).clear()
    assert anna.start()


@pytest.mark.parametrize("step", AFTER_CONSENT)
@pytest.mark.parametrize("fault", ["down", "broken", "garbled"])
def test_a_failing_step_leaves_no_link_and_a_new_start_works(anna, provider, told, step, fault):
    params = provider.approve(anna.start())
    getattr(provider, fault).add(step)
    with pytest.raises(Unavailable):
        anna.finish(params)
    assert (links(), told) == (0, [])
    getattr(provider, fault).clear()
    assert anna.finish(provider.approve(anna.start())).subject == "anna"


@pytest.mark.parametrize("fault", ["down", "broken", "garbled"])
def test_reloading_the_page_is_enough_when_the_code_never_arrived(anna, provider, told, fault):
    params = provider.approve(anna.start())
    getattr(provider, fault).add("token")
    with pytest.raises(Unavailable):
        anna.finish(params)
    getattr(provider, fault).clear()
    assert anna.finish(params).subject == "anna"


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_a_provider_that_says_it_is_overloaded_is_unavailable(anna, provider, error):
    params = provider.cancel(anna.start()) | {"error": error}
    with pytest.raises(Unavailable):
        anna.finish(params)


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"iss": "https://evil.test"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": ["journal", "another client"]},
        {"aud": None},
        {"azp": "another client"},
        {"exp": HOUR_AGO},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 99_999_999_999},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_token_that_is_not_for_this_attempt_is_not_trusted(anna, provider, told, changes):
    params = provider.approve(anna.start())
    provider.token_changes = changes
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert (links(), told) == (0, [])


def test_a_token_for_several_clients_names_us_as_its_party(anna, provider, told):
    provider.token_changes = {"aud": ["journal", "another client"], "azp": "journal"}
    assert anna.finish(provider.approve(anna.start())).subject == "anna"


def test_a_token_of_a_wrong_key_is_not_trusted(anna, provider):
    params = provider.approve(anna.start())
    provider.signing_key = rsa_key(name="wrong")  # the same key id, other key
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert links() == 0


def test_a_token_of_an_unknown_key_makes_the_keys_be_read_once_more(anna, provider):
    params = provider.approve(anna.start())
    provider.signing_key = rsa_key("unknown", "wrong")
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert provider.asked.count("jwks") == 2
    assert links() == 0


def test_a_rotated_key_is_found(anna, boris, provider, told):
    anna.finish(provider.approve(anna.start(), "anna"))
    provider.signing_key = rsa_key("two", "rotated")
    provider.published_keys = [rsa_key("two", "rotated")]
    assert boris.finish(provider.approve(boris.start(), "boris")).subject == "boris"


def test_a_withdrawn_key_is_believed_an_hour_at_most(anna, boris, provider, told):
    begun = clock.now()
    anna.finish(provider.approve(anna.start(), "anna"))
    provider.published_keys = [rsa_key("two", "rotated")]
    with clock.frozen(begun + dt.timedelta(hours=2)):
        assert refusal(boris, provider.approve(boris.start(), "boris")) is Refusal.UNTRUSTED


def unsigned(claims):
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def signed_with_the_public_key(claims):
    """The confusion of algorithms: the public key taken for a shared secret."""
    secret = OctKey.import_key(rsa_key().as_dict(private=False)["n"])
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret)


def signed_otherwise(claims):
    key = RSAKey.import_key(rsa_key().as_pem(private=True), {"kid": "one", "use": "sig"})
    return jwt.encode({"alg": "PS256", "kid": "one"}, claims, key, algorithms=["PS256"])


@pytest.mark.parametrize(
    "forge", [unsigned, signed_with_the_public_key, signed_otherwise, lambda claims: "not a token"]
)
def test_only_rs256_is_trusted(anna, provider, forge):
    params = provider.approve(anna.start())
    provider.encode = forge
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert links() == 0


@pytest.mark.parametrize("issuer", ["https://evil.test", f"{ISSUER}/", ""])
def test_a_callback_of_another_issuer_is_refused_before_the_code_is_sent(anna, provider, issuer):
    params = provider.approve(anna.start()) | {"iss": issuer}
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert "token" not in provider.asked


def test_a_provider_that_never_names_itself_may_leave_out_iss(anna, provider, told):
    provider.document_changes = {"authorization_response_iss_parameter_supported": False}
    assert anna.finish(provider.approve(anna.start()) | {"iss": ""})


def test_userinfo_of_another_profile_is_not_trusted(anna, provider):
    params = provider.approve(anna.start())
    provider.userinfo_subject = "somebody else"
    assert refusal(anna, params) is Refusal.UNTRUSTED
    assert links() == 0


@pytest.mark.parametrize("bearer", ["ключ", "line\nbreak", " "])
def test_an_access_token_that_no_header_can_carry_is_unavailable(anna, provider, bearer):
    provider.bearer = bearer
    params = provider.approve(anna.start())
    with pytest.raises(Unavailable):
        anna.finish(params)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.test"},
        {"token_endpoint": None},
        {"jwks_uri": "javascript:alert(1)"},
        {"authorization_endpoint": "https://["},
    ],
    ids=str,
)
def test_a_discovery_document_that_makes_no_sense_is_unavailable(anna, provider, changes):
    provider.document_changes = changes
    with pytest.raises(Unavailable):
        anna.start()


def test_discovery_and_keys_are_read_once_an_hour(anna, boris, provider, told):
    anna.finish(provider.approve(anna.start(), "anna"))
    boris.finish(provider.approve(boris.start(), "boris"))
    assert provider.asked.count("discovery") == 1
    assert provider.asked.count("jwks") == 1


def test_a_name_full_of_control_signs_is_cleaned(anna, provider, told):
    link = anna.finish(provider.approve(anna.start(), name="Анна\u202e\x00 Иванова" + "ы" * 400))
    assert link.profile_name.startswith("Анна Иванова")
    assert len(link.profile_name) == 320
