"""The file store: whole or nothing, never more than allowed, in ranges, with orphans swept."""

import io
import os
import time

import pytest
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from app import create_app
from app.core import files
from app.core.errors import Invalid, Missing
from app.core.serving import send_stored
from app.core.uploads import accepts_files
from tests.conftest import make_settings

CONTENT = bytes(range(256)) * 1000


def left(app):
    """What lies on disk under the instance, besides the database."""
    folder = app.extensions[files.EXTENSION_KEY].incoming.parent
    return [
        path
        for name in ("files", "incoming")
        for path in (folder / name).rglob("*")
        if path.is_file()
    ]


@pytest.fixture(params=["", "memory://svyazka", "file://{folder}/elsewhere"])
def any_store(request, tmp_path, new_database):
    """A site that keeps its files by default, in memory, or in a folder named by an address."""
    app = create_app(
        make_settings(
            tmp_path,
            database_url=new_database(tmp_path),
            files_url=request.param.format(folder=tmp_path),
        )
    )
    with app.app_context():
        yield app


def test_what_is_saved_is_read_back_and_deleted(any_store):
    stored = files.save(io.BytesIO(CONTENT), limit=len(CONTENT))
    with files.open_stored(stored.key) as opened:
        assert opened.read() == CONTENT
    assert stored.size == len(CONTENT)
    files.delete(stored.key)
    files.delete(stored.key)
    with any_store.test_request_context(), pytest.raises(Missing):
        files.open_stored(stored.key)


def test_ranges_are_served_from_any_store(any_store):
    stored = files.save(io.BytesIO(CONTENT), limit=len(CONTENT))
    with any_store.test_request_context(headers={"Range": "bytes=1000-1999"}):
        answer = send_stored(stored.key, name="a.mp4", content_type="video/mp4", inline=True)
        assert answer.status_code == 206
        assert answer.headers["Content-Range"] == f"bytes 1000-1999/{len(CONTENT)}"
        answer.direct_passthrough = False
        assert answer.get_data() == CONTENT[1000:2000]
        answer.close()


@pytest.mark.parametrize(
    ("asked", "status", "range_"),
    [
        (None, 200, None),
        ("bytes=0-0", 206, "bytes 0-0/100"),
        ("bytes=90-", 206, "bytes 90-99/100"),
        ("bytes=-10", 206, "bytes 90-99/100"),
        ("bytes=50-1000", 206, "bytes 50-99/100"),
        ("bytes=100-", 416, "bytes */100"),
        ("bytes=5-2", 416, "bytes */100"),
    ],
)
def test_a_range_is_answered_as_the_standard_says(app, asked, status, range_):
    stored = files.save(io.BytesIO(bytes(100)), limit=100)
    with app.test_request_context(headers={"Range": asked} if asked else {}):
        answer = send_stored(stored.key, name="a.mp4", content_type="video/mp4", inline=True)
        assert answer.status_code == status
        assert answer.headers.get("Content-Range") == range_
        answer.close()


def test_a_known_file_is_not_sent_again(app):
    stored = files.save(io.BytesIO(b"x"), limit=1)
    with app.test_request_context():
        first = send_stored(stored.key, name="a.jpg", content_type="image/jpeg", inline=True)
        first.close()
    with app.test_request_context(headers={"If-None-Match": first.headers["ETag"]}):
        again = send_stored(stored.key, name="a.jpg", content_type="image/jpeg", inline=True)
        assert again.status_code == 304
        again.close()


@pytest.mark.parametrize(
    ("content_type", "inline", "disposition"),
    [
        ("image/jpeg", True, "inline"),
        ("image/jpeg", False, "attachment"),
        ("application/pdf", True, "attachment"),
        ("text/html", True, "attachment"),
        ("image/svg+xml", True, "attachment"),
    ],
)
def test_only_pictures_video_and_sound_are_shown_in_place(app, content_type, inline, disposition):
    stored = files.save(io.BytesIO(b"x"), limit=1)
    with app.test_request_context():
        answer = send_stored(stored.key, name="имя.x", content_type=content_type, inline=inline)
        answer.close()
    assert answer.headers["Content-Disposition"].startswith(disposition)
    assert "filename*=UTF-8''%D0%B8%D0%BC%D1%8F.x" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(app):
    with app.test_request_context(), pytest.raises(Invalid):
        files.save(io.BytesIO(CONTENT), limit=len(CONTENT) - 1)
    assert left(app) == []


def test_a_cut_upload_leaves_nothing(app):
    environ = {"wsgi.input": io.BytesIO(CONTENT), "CONTENT_LENGTH": str(2 * len(CONTENT))}
    with pytest.raises(ClientDisconnected):
        files.save(get_input_stream(environ), limit=10**9)
    assert left(app) == []


def test_a_file_that_is_looked_at_and_not_kept_is_gone(app):
    with files.received(io.BytesIO(CONTENT), limit=10**9) as file:
        assert file.path.read_bytes() == CONTENT
    assert left(app) == []


@pytest.mark.parametrize("key", ["../test.sqlite3", "", "aa/../../x", "aa/" + "z" * 48])
def test_only_keys_of_the_store_open_anything(app, key):
    with app.test_request_context(), pytest.raises(Missing):
        files.open_stored(key)


def test_orphans_are_swept_after_a_day_and_claimed_files_stay(app):
    kept, orphan, fresh = (files.save(io.BytesIO(b"x"), limit=1).key for _ in range(3))
    files.claim(lambda keys: {key for key in keys if key == kept})
    half = app.extensions[files.EXTENSION_KEY].incoming / "half.part"
    half.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 86400
    for path in left(app):
        if not str(path).endswith(fresh):
            os.utime(path, (two_days_ago, two_days_ago))
    assert files.sweep() == 2
    assert sorted(path.name for path in left(app)) == sorted(key[3:] for key in (kept, fresh))
    files.delete(orphan)


def test_a_door_for_files_takes_more_than_other_forms(app):
    @accepts_files()
    def door():
        from flask import request

        return str(len(request.get_data()))

    app.add_url_rule("/door", view_func=door, methods=["POST"])
    app.add_url_rule("/other", "other", lambda: door(), methods=["POST"])
    client = app.test_client()
    three_mb = b"x" * 3 * 1024 * 1024
    assert client.post("/door", data=three_mb).text == str(len(three_mb))
    assert client.post("/other", data=three_mb).status_code == 413
    assert client.post("/door", data=b"x" * 52 * 1024 * 1024).status_code == 413
