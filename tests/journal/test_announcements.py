"""«Объявления»: who may post to whom, who sees, files, «Ознакомлен», what waits for its hour."""

import datetime as dt
import io

import pytest
from sqlalchemy import select

from app.core import clock, files
from app.core.db import db
from app.school.announcements.models import Announcement, AnnouncementReading

FORM = {
    "title": "Собрание",
    "text": "В четверг\nв 18:30",
    "scope": "classes",
    "when": "now",
}


def posts(web, people, *, classes=("c7a",), roles=("guardian",), **changes):
    form = FORM | {"roles": list(roles)} | changes
    form["classes"] = [getattr(people, name).public_id for name in classes]
    return web.post("/announcements/new", **form)


def url_of(answer):
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def titles(web):
    page = web.get("/announcements").text
    return [title for title in ("Собрание", "Каникулы") if f"<bdi>{title}</bdi>" in page]


@pytest.mark.parametrize(
    ("author", "classes", "roles", "readers", "others"),
    [
        ("anna", ["c7a"], ["guardian"], ["olga"], ["misha", "oleg", "dasha", "both"]),
        ("anna", ["c7a"], ["pupil"], ["misha"], ["olga", "dasha", "oleg"]),
        ("anna", ["c7a"], ["teacher"], ["oleg"], ["misha", "olga"]),
        ("oleg", ["c3a"], ["pupil", "guardian"], ["dasha", "olga"], ["misha", "anna"]),
        ("oleg", ["c7a", "c3a"], ["pupil"], ["misha", "dasha"], ["olga", "anna"]),
    ],
)
def test_those_addressed_see_it_and_nobody_else(
    people, entered, author, classes, roles, readers, others
):
    url = url_of(posts(entered(author), people, classes=classes, roles=roles))
    for name in readers:
        assert titles(entered(name)) == ["Собрание"]
        assert entered(name).get(url).status_code == 200
    for name in others:
        assert titles(entered(name)) == []
        assert entered(name).get(url).status_code == 404


def test_the_administrator_addresses_the_school_and_sees_all(people, entered):
    url_of(
        entered("admin").post(
            "/announcements/new",
            **FORM | {"title": "Каникулы", "scope": "school", "roles": ["pupil", "guardian"]},
        )
    )
    url_of(posts(entered("anna"), people))
    assert titles(entered("dasha")) == ["Каникулы"]
    assert titles(entered("olga")) == ["Собрание", "Каникулы"]
    assert titles(entered("admin")) == ["Собрание", "Каникулы"]


def test_a_teacher_addresses_own_classes_alone(people, entered):
    assert posts(entered("anna"), people, classes=["c3a"]).status_code == 422
    school = entered("anna").post(
        "/announcements/new", **FORM | {"scope": "school", "roles": ["pupil"]}
    )
    assert school.status_code == 422
    assert db.session.scalars(select(Announcement)).all() == []


@pytest.mark.parametrize("name", ["misha", "olga"])
def test_pupils_and_parents_post_nothing(people, entered, name):
    web = entered(name)
    assert "Новое объявление" not in web.get("/announcements").text
    assert web.get("/announcements/new").status_code == 403
    assert posts(web, people).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "Заполните это поле"),
        ({"text": "\u200b"}, ""),
        ({"roles": []}, "Отметьте хотя бы одну роль"),
        ({"classes": []}, "Отметьте хотя бы один класс"),
        ({"when": "later", "at": ""}, "Укажите день и время"),
        ({"when": "later", "at": "2020-01-01T10:00"}, "уже прошло"),
        ({"title": "я" * 161}, "160"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(people, entered, changes, words):
    form = FORM | {"roles": ["pupil"], "classes": [people.c7a.public_id]} | changes
    answer = entered("anna").post("/announcements/new", **form)
    if words:
        assert answer.status_code == 422
        assert words in answer.text
        assert "в 18:30" in answer.text


def test_opening_takes_it_off_the_badge(people, entered):
    url = url_of(posts(entered("anna"), people))
    olga = entered("olga")
    assert 'class="badge">1<' in olga.get("/").text
    olga.get(url)
    assert 'class="badge">1<' not in olga.get("/").text
    assert 'class="badge"' not in entered("anna").get("/").text


def test_the_author_sees_who_has_answered_and_who_has_not(people, entered):
    url = url_of(posts(entered("anna"), people, roles=["guardian", "pupil"], wants_answer="y"))
    olga = entered("olga")
    assert "Ознакомлен" in olga.get(url).text
    olga.post(f"{url}/answer")
    olga.post(f"{url}/answer")
    page = entered("anna").get(url).text
    assert "1 из 2" in page
    assert page.index("Орлов Миша") < page.index("Орлова Ольга")
    assert "ещё не открыл" in page
    assert len(db.session.scalars(select(AnnouncementReading)).all()) == 1
    assert "ещё не открыл" not in olga.get(url).text


def test_nobody_answers_what_is_not_for_them(people, entered):
    url = url_of(posts(entered("anna"), people, wants_answer="y"))
    assert entered("misha").post(f"{url}/answer").status_code == 404
    assert entered("admin").post(f"{url}/answer").status_code == 404


def test_what_is_put_off_waits_for_its_hour(people, entered):
    later = clock.now() + dt.timedelta(days=2)
    url = url_of(posts(entered("anna"), people, when="later", at=later.strftime("%Y-%m-%dT%H:%M")))
    assert titles(entered("olga")) == []
    assert entered("olga").get(url).status_code == 404
    assert "Отложено" in entered("anna").get(url).text
    with clock.frozen(later + dt.timedelta(hours=1)):
        assert titles(entered("olga")) == ["Собрание"]


def test_only_its_author_changes_it_and_readers_see_that_it_was(people, entered):
    url = url_of(posts(entered("anna"), people))
    change = FORM | {"title": "Каникулы", "roles": ["guardian"], "classes": [people.c7a.public_id]}
    assert entered("admin").post(f"{url}/edit", **change).status_code == 403
    assert entered("olga").post(f"{url}/edit", **change).status_code == 403
    assert "Собрание" in entered("anna").get(f"{url}/edit").text
    url_of(entered("anna").post(f"{url}/edit", **change))
    assert titles(entered("olga")) == ["Каникулы"]
    assert "изменено" in entered("olga").get(url).text


def test_its_author_and_the_administrator_take_it_back(people, entered):
    url = url_of(posts(entered("anna"), people))
    assert entered("olga").post(f"{url}/delete").status_code == 404
    assert "Удалить объявление?" in entered("admin").get(f"{url}/delete").text
    entered("admin").post(f"{url}/delete")
    assert titles(entered("olga")) == []


def with_file(name, data):
    return {"files": (io.BytesIO(data), name)}


def test_a_file_is_for_readers_alone_and_goes_with_the_announcement(people, entered):
    anna = entered("anna")
    url = url_of(posts(anna, people, **with_file("план.txt", "Повестка".encode())))
    page = entered("olga").get(url).text
    address = page.split('class="file-chip" href="')[1].split('"')[0]
    answer = entered("olga").get(address)
    assert answer.data == "Повестка".encode()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert entered("misha").get(address).status_code == 404
    anna.post(f"{url}/delete")
    assert entered("olga").get(address).status_code == 404
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        assert files.sweep() == 0


def test_a_file_that_is_not_taken_refuses_the_whole_and_nothing_stays(people, entered):
    answer = posts(entered("anna"), people, **with_file("virus.exe", b"MZ\x90\x00" + b"\0" * 100))
    assert answer.status_code == 422
    assert "в 18:30" in answer.text
    assert db.session.scalars(select(Announcement)).all() == []
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        assert files.sweep() == 0


def test_a_file_is_taken_off_when_it_is_changed(people, entered):
    anna = entered("anna")
    url = url_of(posts(anna, people, **with_file("план.txt", b"plan")))
    found = db.session.scalars(select(Announcement)).one()
    form = FORM | {
        "roles": ["guardian"],
        "classes": [people.c7a.public_id],
        "dropped": [found.files[0].public_id],
    }
    url_of(anna.post(f"{url}/edit", **form))
    assert "file-chip" not in entered("olga").get(url).text


def test_text_is_shown_as_text(people, entered):
    url = url_of(posts(entered("anna"), people, title="<b>1</b>", text="<script>alert(1)</script>"))
    page = entered("olga").get(url).text
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;1" in page


def test_another_school_sees_nothing(people, entered, world, browser):
    from tests.journal.conftest import PASSWORD, password_hash

    url = url_of(
        entered("admin").post(
            "/announcements/new", **FORM | {"scope": "school", "roles": ["teacher"]}
        )
    )
    stranger = world.teacher("Чужой Пётр", school=world.school("Школа № 2"))
    web = browser().signs_in(world.account(stranger, password_hash=password_hash()), PASSWORD)
    assert titles(web) == []
    assert web.get(url).status_code == 404


def test_the_list_costs_the_same_for_any_number(people, entered, queries):
    for _ in range(3):
        url_of(posts(entered("anna"), people))
    olga = entered("olga")
    olga.get("/announcements")
    with queries() as three:
        olga.get("/announcements")
    for _ in range(30):
        url_of(posts(entered("anna"), people))
    with queries() as many:
        page = olga.get("/announcements").text
    assert len(many) == len(three) <= 9
    assert page.count("announcement-row") == 30
    assert "Показать более ранние" in page
    assert olga.get("/announcements?after=30").text.count("announcement-row") == 3
