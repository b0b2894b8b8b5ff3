"""Uploading: what is taken, what is refused with a sentence, and that nothing is left behind."""

import io
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.core import clock, config
from app.core.db import db
from app.messenger.attachments import attaching, uploading
from app.messenger.attachments.models import Attachment
from tests.core import samples
from tests.messenger.attachments.conftest import HTMX, address, draft, sends, uploads


@pytest.fixture
def limits(app):
    """`limits(chat_quota=…)`: other limits for this site."""

    def change(**values):
        settings = app.extensions[config.EXTENSION_KEY]
        app.extensions[config.EXTENSION_KEY] = replace(settings, **values)

    return change


def count():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Attachment))


def test_a_photo_is_redrawn_and_waits_as_a_draft(web_of, anna, chat, kept):
    answer = uploads(web_of(anna), chat, samples.photo((40, 30)), name="На речке.jpeg")
    assert answer.status_code == 201
    assert json.loads(answer.text)["kind"] == "photo"
    row = db.session.scalars(select(Attachment)).one()
    assert (row.name, row.width, row.height) == ("На речке.jpeg", 40, 30)
    assert len(kept()) == 2  # the photo and its small copy


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("работа.pdf", samples.PDF, "document"),
        ("работа.docx", samples.office(), "document"),
        ("урок.mp4", samples.MP4, "video"),
        ("диктант.wav", samples.sound(), "audio"),
    ],
)
def test_what_may_be_sent_is_taken(web_of, anna, chat, name, content, kind):
    answer = uploads(web_of(anna), chat, content, name)
    assert json.loads(answer.text)["kind"] == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("картинка.svg", samples.SVG),
        ("картинка.png", samples.SVG),
        ("страница.html", samples.HTML),
        ("игра.exe", samples.EXE),
        ("игра.apk", samples.archive(**{"AndroidManifest.xml": "x"})),
        ("фото.jpg", samples.photo((400, 300))[:500]),
        ("пусто.txt", b""),
    ],
)
def test_what_may_harm_is_refused_with_a_sentence_and_leaves_nothing(
    web_of, anna, chat, kept, name, content
):
    answer = uploads(web_of(anna), chat, content, name)
    assert answer.status_code == 422
    assert "error-text" in answer.text
    assert (count(), kept()) == (0, [])


def test_a_file_over_the_limit_is_refused(web_of, anna, chat, kept, limits):
    limits(max_file_size=1000)
    answer = uploads(web_of(anna), chat, samples.PDF + b"x" * 1000, "работа.pdf")
    assert answer.status_code == 422
    assert "больше" in answer.text
    assert (count(), kept()) == (0, [])


def test_a_cut_upload_leaves_nothing(app, web_of, anna, chat, kept):
    answer = web_of(anna).client.open(
        f"/im/chats/{chat.public_id}/files?name=a.pdf",
        method="POST",
        headers=HTMX,
        input_stream=io.BytesIO(samples.PDF),
        environ_overrides={"CONTENT_LENGTH": str(len(samples.PDF) + 5000)},
    )
    assert answer.status_code == 400
    assert (count(), kept()) == (0, [])


def test_a_full_chat_takes_no_more(web_of, anna, chat, kept, limits):
    limits(chat_quota=len(samples.PDF) * 2 + 10)
    for _ in range(2):
        draft(web_of(anna), chat, samples.PDF, "работа.pdf")
    answer = uploads(web_of(anna), chat, samples.PDF, "работа.pdf")
    assert answer.status_code == 409
    assert "закончилось место" in answer.text
    assert (count(), len(kept())) == (2, 2)


def test_uploads_that_come_too_fast_are_slowed(web_of, anna, chat, monkeypatch):
    monkeypatch.setattr(uploading, "UPLOADS", replace(uploading.UPLOADS, count=2))
    for _ in range(2):
        draft(web_of(anna), chat)
    answer = uploads(web_of(anna), chat)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_only_a_member_of_now_uploads(world, web_of, boris, chat, kept):
    stranger = world.profile("Чужой Человек")
    assert uploads(web_of(stranger), chat).status_code == 404
    world.leave(boris, chat)
    assert uploads(web_of(boris), chat).status_code == 403
    assert kept() == []


def test_a_voice_keeps_its_outline_and_length(web_of, anna, chat):
    draft(web_of(anna), chat, samples.WEBM, "voice.webm", voice="yes", duration=7400, peaks="0v1a")
    row = db.session.scalars(select(Attachment)).one()
    assert (row.kind, row.content_type) == ("voice", "audio/webm")
    assert (row.duration, row.peaks) == (7400, "0v1a")


@pytest.mark.parametrize("content", [samples.PDF, samples.photo()])
def test_a_voice_is_sound(web_of, anna, chat, kept, content):
    assert uploads(web_of(anna), chat, content, "voice.webm", voice="yes").status_code == 422
    assert kept() == []


def test_what_a_browser_measured_is_believed_only_when_it_can_be(web_of, anna, chat):
    wild = {"duration": -5, "width": 10**9, "height": 3, "peaks": "<script>"}
    draft(web_of(anna), chat, samples.WEBM, "voice.webm", voice="yes", **wild)
    row = db.session.scalars(select(Attachment)).one()
    assert (row.duration, row.width, row.height, row.peaks) == (None, None, None, "")


def test_a_draft_is_taken_back_with_its_bytes_by_its_author_alone(web_of, anna, boris, chat, kept):
    taken = draft(web_of(anna), chat)
    for profile, status in ((boris, 404), (anna, 204), (anna, 404)):
        answer = web_of(profile).send("post", address(chat, taken, "/discard"), headers=HTMX)
        assert answer.status_code == status
    assert (count(), kept()) == (0, [])


def test_a_sent_file_is_no_draft_any_more(web_of, anna, chat, kept):
    taken = draft(web_of(anna), chat)
    sends(web_of(anna), chat, taken)
    answer = web_of(anna).send("post", address(chat, taken, "/discard"), headers=HTMX)
    assert answer.status_code == 404
    assert len(kept()) == 2


def test_drafts_that_nobody_sent_go_after_a_day(app, web_of, anna, chat, kept):
    sent, forgotten = draft(web_of(anna), chat), draft(web_of(anna), chat)
    sends(web_of(anna), chat, sent)
    db.session.rollback()
    for row in db.session.scalars(select(Attachment)):
        row.created_at = clock.now() - 2 * attaching.DRAFT_AGE
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["messenger", "sweep"])
    assert "1 drafts" in result.output
    assert forgotten not in db.session.scalars(select(Attachment.public_id)).all()
    assert len(kept()) == 2
