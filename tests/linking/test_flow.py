"""Linking with a provider that behaves, and every way a person can lose the thread."""

import datetime as dt
import json

import pytest
from joserfc import jws
from joserfc.jwk import OctKey

from app.core import clock, tokens
from app.core.audit import AuditEntry
from app.core.db import db
from app.linking.facts import ProfileLinked
from app.linking.links import Link, LinkAttempt, active_link
from app.linking.refusals import WORDS, Refusal, Refused
from tests.linking.conftest import sign_in
from tests.linking.fake_provider import ISSUER, SECRET, query_of


def refusal(browser, params):
    with pytest.raises(Refused) as caught:
        browser.finish(params)
    return caught.value.reason


def links():
    return db.session.query(Link).count()


def test_an_account_is_linked_to_the_profile_that_the_provider_proves(anna, provider, told):
    link = anna.finish(provider.approve(anna.start(), subject="anna", name="Анна Иванова"))
    assert (link.issuer, link.subject, link.profile_name) == (ISSUER, "anna", "Анна Иванова")
    assert link.masked_phone == "+7 *** 45-67"
    assert active_link(anna.account.id) is link
    person = anna.account.person
    assert told == [ProfileLinked(person.id, person.school_id, "anna")]


def test_a_linking_is_written_to_the_audit_log(anna, provider, told):
    link = anna.finish(provider.approve(anna.start()))
    line = db.session.query(AuditEntry).one()
    assert (line.action, line.subject) == ("profile.linked", f"link:{link.public_id}")


def test_the_address_carries_pkce_nonce_and_state_but_no_name_to_a_foreign_provider(anna, provider):
    query = query_of(anna.start())
    assert query["response_type"] == "code"
    assert query["scope"] == "openid profile"
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"] == "http://localhost/link/callback"
    assert len(query["nonce"]) > 40
    assert "account" not in query
    attempt = db.session.query(LinkAttempt).one()
    assert attempt.state_digest == tokens.digest(query["state"])
    assert attempt.code_verifier not in query.values()


def test_our_own_provider_is_told_whose_account_it_is(app, anna, provider):
    provider.plug_into(app, is_own=True)
    query = query_of(anna.start())
    note = jws.deserialize_compact(query["account"], OctKey.import_key(SECRET), ["HS256"])
    assert json.loads(note.payload) == {
        "name": "Иванова Анна Петровна",
        "role": "классный руководитель",
        "place": "7А, Школа № 1",
        "state": query["state"],
    }


def test_the_second_tab_ends_where_the_first_one_did(anna, provider, told):
    params = provider.approve(anna.start())
    first = anna.finish(params)
    assert anna.finish(params) is first
    assert (links(), len(told)) == (1, 1)


def test_two_attempts_with_the_same_profile_make_one_link(anna, provider, told):
    here, there = provider.approve(anna.start()), provider.approve(anna.start())
    assert anna.finish(here) is anna.finish(there)
    assert anna.finish(there).subject == "anna"
    assert (links(), len(told)) == (1, 1)


def test_cancelling_at_the_provider_changes_nothing_and_may_be_reconsidered(anna, provider, told):
    url = anna.start()
    assert refusal(anna, provider.cancel(url)) is Refusal.CANCELLED
    assert links() == 0
    assert anna.finish(provider.approve(url)).subject == "anna"


def test_an_attempt_lives_one_hour(anna, provider, told):
    begun = dt.datetime(2026, 9, 5, 9, 0, tzinfo=dt.UTC)
    with clock.frozen(begun):
        late, in_time = provider.approve(anna.start()), provider.approve(anna.start())
    with clock.frozen(begun + dt.timedelta(minutes=59)):
        assert anna.finish(in_time)
    with clock.frozen(begun + dt.timedelta(minutes=61)):
        assert refusal(anna, late) is Refusal.EXPIRED
        assert anna.finish(in_time), "a finished attempt stays finished"


def test_old_attempts_are_swept_by_the_next_start(anna, provider):
    begun = dt.datetime(2026, 9, 5, 9, 0, tzinfo=dt.UTC)
    with clock.frozen(begun):
        anna.start()
    with clock.frozen(begun + dt.timedelta(days=8)):
        anna.start()
    assert db.session.query(LinkAttempt).count() == 1


@pytest.mark.parametrize("state", ["", "x", "не наш", "a" * 128])
def test_an_unknown_state_is_refused(anna, provider, state):
    params = provider.approve(anna.start()) | {"state": state}
    assert refusal(anna, params) is Refusal.UNKNOWN
    assert links() == 0


def test_a_callback_in_another_browser_is_refused(anna, provider):
    params = provider.approve(anna.start())
    assert refusal(sign_in(anna.account), params) is Refusal.OTHER_BROWSER
    assert links() == 0
    assert anna.finish(params), "the right browser may still finish"


def test_a_callback_under_another_account_is_refused(anna, boris, provider):
    """An attacker's callback address opened by a victim must not give away the victim's account."""
    params = provider.approve(anna.start())
    assert refusal(boris, params) is Refusal.OTHER_ACCOUNT
    assert links() == 0
    assert anna.finish(params), "the right account may still finish"


def test_an_account_has_at_most_one_profile(anna, provider, told):
    second = provider.approve(anna.start(), subject="other")
    anna.finish(provider.approve(anna.start(), subject="anna"))
    assert refusal(anna, second) is Refusal.ACCOUNT_TAKEN
    assert active_link(anna.account.id).subject == "anna"
    assert len(told) == 1


def test_a_profile_of_another_person_of_the_school_is_refused(anna, boris, provider, told):
    anna.finish(provider.approve(anna.start(), subject="anna"))
    assert refusal(boris, provider.approve(boris.start(), "anna")) is Refusal.PROFILE_TAKEN
    assert active_link(boris.account.id) is None


def test_namesakes_are_two_people(world, anna, provider, told):
    """FLOWS 0: never link by matching names."""
    namesake = sign_in(world.account(world.teacher("Иванова Анна Петровна")))
    anna.finish(provider.approve(anna.start(), subject="anna"))
    assert refusal(namesake, provider.approve(namesake.start(), "anna")) is Refusal.PROFILE_TAKEN


def test_one_profile_holds_accounts_of_two_schools(world, anna, provider, told):
    elsewhere = world.teacher("Иванова Анна Петровна", school=world.school("Школа № 2"))
    there = sign_in(world.account(elsewhere))
    anna.finish(provider.approve(anna.start(), subject="anna"))
    assert there.finish(provider.approve(there.start(), subject="anna")).subject == "anna"
    assert links() == 2


def test_of_two_parallel_callbacks_one_links_and_the_other_is_told_to_check(
    app, anna, provider, told
):
    params = provider.approve(anna.start())
    seen = []

    def second_click():
        provider.before_token = lambda: None
        with app.app_context():
            seen.append(refusal(anna, params))

    provider.before_token = second_click
    assert anna.finish(params).subject == "anna"
    assert seen == [Refusal.SPENT]
    assert (links(), len(told)) == (1, 1)


def test_the_indexes_decide_when_another_person_is_faster_with_the_profile(
    app, anna, boris, provider, told
):
    mine, theirs = (
        provider.approve(anna.start(), "shared"),
        provider.approve(boris.start(), "shared"),
    )

    def faster():
        provider.before_token = lambda: None
        with app.app_context():
            boris.finish(theirs)

    provider.before_token = faster
    assert refusal(anna, mine) is Refusal.PROFILE_TAKEN
    assert (links(), len(told)) == (1, 1)


def test_a_code_that_the_provider_does_not_accept_is_refused(anna, provider):
    params = provider.approve(anna.start())
    stale = provider.approve(anna.start()) | {"code": params["code"]}
    assert refusal(anna, stale) is Refusal.CODE_REFUSED
    assert links() == 0


def test_a_used_up_attempt_without_a_link_is_spent(anna, provider):
    params = provider.approve(anna.start())
    assert refusal(anna, params | {"code": "wrong"}) is Refusal.CODE_REFUSED
    assert refusal(anna, params) is Refusal.SPENT


def test_every_refusal_has_its_words():
    assert set(WORDS) == set(Refusal)
