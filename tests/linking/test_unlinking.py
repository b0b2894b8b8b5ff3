"""«Отменить привязку профиля»: the password, the end of the link, and the way back."""

import datetime as dt

import pytest

from app.core import clock
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Conflict, Invalid, TooMany
from app.linking.consequences import KEY, Consequences, consequences_of
from app.linking.facts import ProfileLinked, ProfileUnlinked
from app.linking.links import EndReason, Link, active_link
from app.linking.refusals import Refusal, Refused
from app.linking.unlinking import restorable_link, restore, unlink
from tests.linking.conftest import PASSWORD

NOON = dt.datetime(2026, 10, 5, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def linked(anna, provider, told):
    anna.finish(provider.approve(anna.start(), subject="anna"))
    told.clear()
    return anna


def test_unlinking_ends_the_link_and_tells_it(linked, told):
    with clock.frozen(NOON):
        unlink(linked.account, PASSWORD)
    link = db.session.query(Link).one()
    assert (link.ended_at, link.end_reason) == (NOON, EndReason.UNLINKED)
    assert active_link(linked.account.id) is None
    person = linked.account.person
    assert told == [ProfileUnlinked(person.id, person.school_id, "anna")]


def test_unlinking_leaves_a_line_in_the_audit_log(linked):
    unlink(linked.account, PASSWORD)
    actions = [line.action for line in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["profile.linked", "profile.unlinked"]


def test_a_second_click_changes_nothing(linked, told):
    unlink(linked.account, PASSWORD)
    unlink(linked.account, PASSWORD)
    assert len(told) == 1


def test_a_wrong_password_keeps_the_link(linked, told):
    with pytest.raises(Invalid):
        unlink(linked.account, "не тот")
    assert active_link(linked.account.id)
    assert told == []
    assert db.session.query(AuditEntry).filter_by(action="profile.unlink_refused").count() == 1


def test_guessing_the_password_is_stopped_for_a_quarter_of_an_hour(linked):
    with clock.frozen(NOON):
        for _ in range(5):
            with pytest.raises(Invalid):
                unlink(linked.account, "не тот")
        with pytest.raises(TooMany) as caught:
            unlink(linked.account, PASSWORD)
        assert 0 < caught.value.retry_after <= 15 * 60 + 1
        assert active_link(linked.account.id)
    with clock.frozen(NOON + dt.timedelta(minutes=16)):
        unlink(linked.account, PASSWORD)
    assert active_link(linked.account.id) is None


def test_the_same_profile_can_be_linked_again(linked, provider, told):
    unlink(linked.account, PASSWORD)
    again = linked.finish(provider.approve(linked.start(), subject="anna"))
    assert active_link(linked.account.id) is again
    assert db.session.query(Link).count() == 2


def test_another_person_may_link_the_freed_profile(linked, boris, provider):
    unlink(linked.account, PASSWORD)
    assert boris.finish(provider.approve(boris.start(), subject="anna"))


def test_a_finished_attempt_does_not_bring_an_ended_link_back(anna, provider, told):
    params = provider.approve(anna.start())
    anna.finish(params)
    unlink(anna.account, PASSWORD)
    with pytest.raises(Refused) as caught:
        anna.finish(params)
    assert caught.value.reason is Refusal.SPENT
    assert active_link(anna.account.id) is None


def test_within_14_days_one_click_brings_the_link_back(linked, told):
    with clock.frozen(NOON):
        unlink(linked.account, PASSWORD)
    with clock.frozen(NOON + dt.timedelta(days=14)):
        assert restorable_link(linked.account)
        link = restore(linked.account)
        assert restore(linked.account) is link, "a second click finds it"
    assert (link.subject, link.profile_name) == ("anna", "Анна Иванова")
    assert [type(fact) for fact in told] == [ProfileUnlinked, ProfileLinked]


def test_after_14_days_the_link_is_made_anew(linked):
    with clock.frozen(NOON):
        unlink(linked.account, PASSWORD)
    with clock.frozen(NOON + dt.timedelta(days=14, seconds=1)), pytest.raises(Conflict):
        restore(linked.account)


def test_a_link_does_not_come_back_when_the_profile_went_to_another_person(linked, boris, provider):
    unlink(linked.account, PASSWORD)
    boris.finish(provider.approve(boris.start(), subject="anna"))
    with pytest.raises(Refused) as caught:
        restore(linked.account)
    assert caught.value.reason is Refusal.PROFILE_TAKEN


def test_what_will_close_is_asked_of_whoever_knows(app, linked):
    person_id = linked.account.person_id
    app.extensions[KEY] = lambda asked: Consequences((f"Чат {asked}",))
    assert consequences_of(person_id).closing == (f"Чат {person_id}",)
    del app.extensions[KEY]
    assert consequences_of(person_id) == Consequences()
