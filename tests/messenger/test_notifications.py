"""Notifications: what is chosen, when it is quiet, and the site as an application."""

import datetime as dt

import pytest

from app.core.config import Settings, UnsafeSettings
from app.core.errors import Invalid
from app.core.quiet import Quiet, quiet_from
from app.messenger.notifications import choosing
from app.messenger.notifications.quiet import is_quiet


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [("21:00-07:00", ["21:00", "23:59", "00:00", "06:59"]), ("13:00-14:00", ["13:00", "13:59"])],
)
def test_quiet_hours_go_over_midnight_and_do_not_hold_their_end(hours, quiet):
    stretch = quiet_from(hours)
    for moment in ("07:00", "12:59", "13:00", "13:59", "14:00", "20:59", *quiet):
        hour, minute = map(int, moment.split(":"))
        assert stretch.holds(hour * 60 + minute) is (moment in quiet), moment


def test_the_schools_hours_are_for_pupils_and_ones_own_for_everybody():
    night = dt.datetime(2026, 11, 24, 23, tzinfo=dt.UTC)
    school, own = Quiet(21 * 60, 7 * 60), Quiet(22 * 60, 6 * 60)
    assert is_quiet(night, own=None, school=school, is_pupil=True)
    assert not is_quiet(night, own=None, school=school, is_pupil=False)
    assert is_quiet(night, own=own, school=school, is_pupil=False)
    assert not is_quiet(night, own=None, school=None, is_pupil=True)


def test_choosing_is_remembered(app, world, anna):
    web = world.signed_in(app.test_client(), anna)
    form = {"sound": "yes", "quiet_from": "22:00", "quiet_until": "07:30"}
    assert web.post("/im/notifications", data=form).status_code == 303
    text = web.get("/im/notifications").text
    assert 'value="22:00"' in text
    assert 'value="07:30"' in text
    assert "checked" in text
    assert "data-ring=" in text


@pytest.mark.parametrize(
    ("start", "end"), [("22:00", ""), ("", "7:00"), ("25:00", "7"), ("9:00", "9:00")]
)
def test_wrong_hours_are_explained_and_change_nothing(app, world, anna, start, end):
    web = world.signed_in(app.test_client(), anna)
    answer = web.post("/im/notifications", data={"quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert choosing.choice_of(anna.id) == choosing.Choice()
    with pytest.raises(Invalid):
        choosing.choose(anna.id, has_sound=True, start=start, end=end)


def test_everything_is_off_until_somebody_chooses(app, world, anna):
    text = world.signed_in(app.test_client(), anna).get("/im/notifications").text
    assert "data-ring=" not in text
    assert 'data-state="off"' in text
    assert "сайт ни к кому, кроме школы, не обращается" in text


def test_the_application_can_be_installed(web):
    manifest = web.get("/manifest.webmanifest")
    assert manifest.content_type == "application/manifest+json"
    icons = manifest.get_json()["icons"]
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for icon in icons:
        assert web.get(icon["src"]).content_type == "image/png"


def test_the_service_worker_keeps_nothing_private(web):
    script = web.get("/sw.js")
    assert script.headers["Cache-Control"] == "no-cache"
    kept = script.text.split("const FILES = ")[1].split(";")[0]
    assert "/im" not in kept
    assert kept.count("/static/") == kept.count(",") + 1
    assert web.get("/offline").status_code == 200


def test_quiet_hours_that_are_none_stop_the_start():
    with pytest.raises(UnsafeSettings):
        Settings.from_env({"SVYAZKA_MODE": "testing", "SVYAZKA_QUIET_HOURS": "ночью"})
