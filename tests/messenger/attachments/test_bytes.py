"""Every byte is asked for: who may read the message may read its files, and nobody else."""

import pytest
from sqlalchemy import delete

from app.core.db import db
from app.messenger.people import ConfirmedRole
from tests.core import samples
from tests.messenger.attachments.conftest import address, draft, sends

ALL_DOORS = ("", "/thumb")


@pytest.fixture
def photo(web_of, anna, chat):
    taken = draft(web_of(anna), chat)
    sends(web_of(anna), chat, taken)
    return taken


def statuses(web, chat, attachment):
    return [web.get(address(chat, attachment, tail)).status_code for tail in ALL_DOORS]


def test_members_get_every_byte(web_of, anna, boris, chat, photo):
    for profile in (anna, boris):
        assert statuses(web_of(profile), chat, photo) == [200, 200]


def test_an_outsider_gets_none(world, web_of, chat, photo):
    stranger = world.profile("Чужой Человек")
    world.confirmed(stranger, "pupil")
    own = world.chat("Свой чат", stranger)
    assert statuses(web_of(stranger), chat, photo) == [404, 404]
    assert statuses(web_of(stranger), own, photo) == [404, 404]  # the id put into another chat


def test_nobody_signed_in_gets_none(web, chat, photo):
    assert [web.get(address(chat, photo, tail)).status_code for tail in ALL_DOORS] == [303, 303]


def test_who_left_gets_what_was_there_before_and_nothing_after(
    world, web_of, anna, boris, chat, photo
):
    world.leave(boris, chat)
    later = draft(web_of(anna), chat)
    sends(web_of(anna), chat, later, client_id="client-later")
    assert statuses(web_of(boris), chat, photo) == [200, 200]
    assert statuses(web_of(boris), chat, later) == [404, 404]


def test_who_has_unlinked_gets_none(world, web_of, boris, chat, photo):
    world.leave(boris, chat)
    db.session.execute(delete(ConfirmedRole).where(ConfirmedRole.profile_id == boris.id))
    db.session.commit()
    assert statuses(web_of(boris), chat, photo) == [404, 404]


def test_a_draft_is_seen_by_its_author_alone(web_of, anna, boris, chat):
    taken = draft(web_of(anna), chat)
    assert statuses(web_of(anna), chat, taken) == [200, 200]
    assert statuses(web_of(boris), chat, taken) == [404, 404]


def test_a_photo_is_shown_and_a_document_is_saved(web_of, anna, boris, chat, photo):
    shown = web_of(boris).get(address(chat, photo))
    assert shown.headers["Content-Disposition"].startswith("inline")
    saved = web_of(boris).get(address(chat, photo, "?save=1"))
    assert saved.headers["Content-Disposition"].startswith("attachment")
    paper = draft(web_of(anna), chat, samples.PDF, "Работа.pdf")
    sends(web_of(anna), chat, paper, client_id="client-paper")
    answer = web_of(boris).get(address(chat, paper))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert web_of(boris).get(address(chat, paper, "/thumb")).status_code == 404


def test_a_video_is_sent_in_parts(web_of, anna, boris, chat):
    video = draft(web_of(anna), chat, samples.MP4, "урок.mp4")
    sends(web_of(anna), chat, video)
    web = web_of(boris)
    part = web.get(address(chat, video), headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")
    beyond = web.get(address(chat, video), headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416


def test_a_byte_already_seen_is_not_sent_again_but_asked_for(world, web_of, boris, chat, photo):
    web = web_of(boris)
    mark = {"If-None-Match": web.get(address(chat, photo)).headers["ETag"]}
    assert web.get(address(chat, photo), headers=mark).status_code == 304
    world.leave(boris, chat)
    db.session.execute(delete(ConfirmedRole).where(ConfirmedRole.profile_id == boris.id))
    db.session.commit()
    assert web.get(address(chat, photo), headers=mark).status_code == 404
