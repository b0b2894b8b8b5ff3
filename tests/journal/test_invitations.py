"""Invitations: one code, one first sign-in, and nothing after."""

import datetime as dt

import pytest

from app.core import clock
from app.core.transaction import writing
from app.school import invitations
from app.school.invitations import Invitation
from tests.journal.gradebook_world import NOW, School

PASSWORD = "сирень под окном 9"


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        school = School(world, browser)
        for name in ("olga", "misha"):
            school._accounts[name] = world.account(getattr(school, name), login=f"login-{name}")
        yield school


def codes(school):
    """Login -> code of a new print of 7А."""
    families = invitations.issue(school.c7a.id, by=school.anna)
    return {one.login: one.token for family in families for one in family.members}


def test_a_code_makes_the_first_sign_in_and_leads_to_linking(school, web):
    code = codes(school)["login-olga"]
    assert "Ольга Павловна" in web.get(f"/invited/{code}").text
    answer = web.post(f"/invited/{code}", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/link/start")
    assert web.get("/gradebook").status_code == 200


def test_looking_does_not_use_a_code_up_but_signing_in_does(school, browser):
    code = codes(school)["login-olga"]
    for _ in range(3):
        assert browser().get(f"/invited/{code}").status_code == 200
    assert browser().post(f"/invited/{code}", password="короткий").status_code == 422
    assert browser().post(f"/invited/{code}", password=PASSWORD).status_code == 303
    assert browser().get(f"/invited/{code}").status_code == 404
    assert browser().post(f"/invited/{code}", password=PASSWORD).status_code == 404


def test_a_code_is_dead_when_old_replaced_or_not_needed(school, web):
    first = codes(school)
    second = codes(school)
    assert web.get(f"/invited/{first['login-olga']}").status_code == 404
    assert web.get(f"/invited/{second['login-olga']}").status_code == 200
    with writing():
        school._accounts["olga"].first_signed_in_at = NOW
    assert web.get(f"/invited/{second['login-olga']}").status_code == 404
    with clock.frozen(NOW + dt.timedelta(days=31)):
        assert web.get(f"/invited/{second['login-misha']}").status_code == 404


def test_staff_who_are_parents_get_no_code_from_a_colleague(school, world):
    world.account(school.oleg, login="login-oleg")
    world.guardianship(school.oleg, school.misha)
    assert sorted(codes(school)) == ["login-misha", "login-olga"]


def test_only_digests_are_kept(school):
    code = codes(school)["login-olga"]
    assert all(code not in str(vars(row)) for row in school.rows(Invitation))


def test_guessing_is_limited(school, web):
    answers = [web.get(f"/invited/guess{n}").status_code for n in range(61)]
    assert answers == [404] * 60 + [429]


def test_a_class_teacher_prints_own_families(school):
    anna = school.browser("anna")
    answer = anna.post(f"/reports/invitations?class={school.c7a.public_id}")
    assert answer.data.startswith(b"%PDF")
    assert len(school.rows(Invitation)) == 2
    assert anna.post(f"/reports/invitations?class={school.c8b.public_id}").status_code == 404
    assert school.browser("oleg").post("/reports/invitations").status_code == 404
