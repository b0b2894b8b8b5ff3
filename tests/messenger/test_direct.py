"""Direct chats: whom one may begin with, one for a pair, closed when the school parts the two."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.errors import Denied, Missing, TooMany
from app.core.transaction import writing
from app.linking.links import Link
from app.membership.reconcile import reconcile, reconcile_person
from app.messenger import direct
from app.messenger.chats import listing
from app.messenger.chats.lookup import chats_of
from app.messenger.chats.models import Chat, Frozen
from app.messenger.chats.rights import Action
from app.school.classes import Enrolment

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def school(world):
    """7А of Иванова with Миша, Петя and Миша's mother Ольга; Лис teaches elsewhere; all linked."""
    world.anna = world.teacher("Иванова Анна Петровна")
    world.vera = world.teacher("Лис Вера")
    world.chief = world.administrator("Главный Глеб")
    world.c7a = world.school_class("7А", teacher=world.anna)
    world.c7b = world.school_class("7Б", teacher=world.vera)
    world.misha = world.pupil("Орлов Миша", in_=world.c7a)
    world.petya = world.pupil("Петров Петя", in_=world.c7a)
    world.olga = world.guardian("Орлова Ольга", of=[world.misha])
    world.faces = {}
    for person in (world.anna, world.vera, world.chief, world.misha, world.petya, world.olga):
        profile = world.profile(
            " ".join(
                part for part in (person.given_name, person.family_name, person.patronymic) if part
            )
        )
        world.faces[person.family_name] = profile
        world.link(person, profile)
    with clock.frozen(NOON):
        reconcile()
        yield world


@pytest.fixture
def browser_of(app, school):
    return lambda name: school.signed_in(app.test_client(), school.faces[name])


def begin(school, one, other):
    return direct.start(school.faces[one].id, school.faces[other].public_id)


def chat_for(school, name, public_id):
    return chats_of(school.faces[name].id).get(public_id)


def move(school, person, school_class):
    with writing() as session:
        row = session.scalars(select(Enrolment).where(Enrolment.pupil_id == person.id)).one()
        row.class_id = school_class.id
    reconcile()


def unlink(school, person):
    subject = school.faces[person.family_name].public_id
    with writing() as session:
        link = session.scalars(select(Link).where(Link.subject == subject)).one()
        link.ended_at = clock.now()
    reconcile_person(person.id)
    return link


def test_a_pair_has_one_chat_whoever_begins(school):
    public_id = begin(school, "Орлов", "Петров")
    assert begin(school, "Орлов", "Петров") == public_id
    assert begin(school, "Петров", "Орлов") == public_id


def test_two_who_begin_at_once_meet_in_one_chat(app, school):
    ids = {name: (face.id, face.public_id) for name, face in school.faces.items()}
    start, found = threading.Barrier(4), []

    def one(me, other):
        with app.app_context():
            start.wait()
            found.append(direct.start(ids[me][0], ids[other][1]))
            db.session.remove()

    pairs = [("Орлов", "Петров"), ("Петров", "Орлов")] * 2
    threads = [threading.Thread(target=one, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    db.session.rollback()  # to see what the threads have stored
    assert (
        db.session.scalar(select(func.count()).select_from(Chat).where(Chat.pair_low_id > 0)) == 1
    )


def test_each_sees_the_other_as_the_title(school):
    public_id = begin(school, "Орлов", "Иванова")
    assert chat_for(school, "Орлов", public_id).title == "Анна Петровна Иванова"
    assert chat_for(school, "Иванова", public_id).title == "Миша Орлов"


@pytest.mark.parametrize(
    ("who", "whom", "problem"),
    [
        ("Орлов", "Лис", Missing),
        ("Орлов", "Главный", Missing),
        ("Петров", "Орлова", Missing),
        ("Орлова", "Петров", Missing),
        ("Орлов", "Орлов", Missing),
        ("Лис", "Орлов", Denied),
        ("Главный", "Орлов", Denied),
    ],
)
def test_who_may_not_begin(school, who, whom, problem):
    with pytest.raises(problem):
        begin(school, who, whom)
    assert db.session.scalar(select(Chat.id).where(Chat.pair_low_id.is_not(None))) is None


def test_nobody_hears_of_a_chat_before_its_first_message(school):
    public_id = begin(school, "Орлов", "Петров")
    rows = listing.rows_of(school.faces["Петров"].id)
    assert public_id not in [row.public_id for row in rows]
    school.says(school.faces["Орлов"], chat_for(school, "Орлов", public_id), "Привет")
    row = listing.row_of(school.faces["Петров"].id, public_id)
    assert (row.title, row.text, row.unread, row.is_direct) == ("Миша Орлов", "Привет", 1, True)
    assert row.face == school.faces["Орлов"].public_id


def test_a_parent_answers_the_office_but_does_not_begin(school):
    with pytest.raises(Missing):
        begin(school, "Орлова", "Главный")
    public_id = begin(school, "Главный", "Орлова")
    assert chat_for(school, "Орлова", public_id).can(Action.WRITE)
    reconcile()
    assert chat_for(school, "Орлова", public_id).can(Action.WRITE)


def test_another_class_closes_the_chat_and_coming_back_opens_it(school):
    public_id = begin(school, "Орлов", "Петров")
    move(school, school.misha, school.c7b)
    chat = chat_for(school, "Петров", public_id)
    assert chat.frozen is Frozen.APART
    assert "разные классы" in str(chat.closed_because)
    with pytest.raises(Denied):
        school.says(school.faces["Орлов"], chat, "Пишу")
    assert begin(school, "Петров", "Орлов") == public_id
    move(school, school.misha, school.c7a)
    school.says(school.faces["Орлов"], chat, "Снова здесь")


def test_a_chat_with_somebody_who_has_unlinked_is_only_read(school):
    public_id = begin(school, "Орлов", "Петров")
    link = unlink(school, school.misha)
    assert chat_for(school, "Петров", public_id).frozen is Frozen.LEFT
    assert not chat_for(school, "Орлов", public_id).member.is_active
    school.link(school.misha, school.faces["Орлов"], account=link.account)
    reconcile_person(school.misha.id)
    assert chat_for(school, "Орлов", public_id).can(Action.WRITE)
    assert chat_for(school, "Петров", public_id).can(Action.WRITE)


def test_very_many_new_dialogues_in_a_day_are_too_many(school, monkeypatch):
    monkeypatch.setattr(direct, "NEW_A_DAY", direct.Limit(1, dt.timedelta(days=1)))
    begin(school, "Орлов", "Петров")
    with pytest.raises(TooMany):
        begin(school, "Орлов", "Иванова")
    assert begin(school, "Орлов", "Петров")


def test_the_page_offers_only_whom_one_may_write_to(browser_of):
    text = browser_of("Орлов").get("/im/direct").text
    for name in ("Иванова Анна", "Петров Петя", "Орлова Ольга"):
        assert name in text
    assert "Лис Вера" not in text
    assert "Главный" not in text


def test_searching_gives_the_rows_alone(browser_of):
    answer = (
        browser_of("Орлов").get("/im/direct?q=петя", headers=HTMX | {"HX-Target": "people"}).text
    )
    assert answer.lstrip().startswith("<form")
    assert "Петров Петя" in answer
    assert "Иванова" not in answer


def test_choosing_a_person_opens_the_chat(school, browser_of):
    web = browser_of("Орлов")
    answer = web.post("/im/direct", data={"person": school.faces["Петров"].public_id})
    assert answer.status_code == 303
    assert "Петя Петров" in web.get(answer.location).text


def test_a_stranger_and_nobody_get_the_same_answer(school, browser_of):
    web = browser_of("Орлов")
    stranger = web.post("/im/direct", data={"person": school.faces["Лис"].public_id})
    nobody = web.post("/im/direct", data={"person": "no-such-person"})
    assert stranger.status_code == nobody.status_code == 404
    assert "нет среди тех" in stranger.text
    assert "нет среди тех" in nobody.text


def test_a_closed_chat_says_why_and_has_no_composer(school, browser_of):
    public_id = begin(school, "Орлов", "Петров")
    move(school, school.misha, school.c7b)
    text = browser_of("Петров").get(f"/im/chats/{public_id}").text
    assert "разные классы или преподаватели" in text
    assert "data-composer " not in text


def test_a_third_person_finds_no_such_chat(school, browser_of):
    public_id = begin(school, "Орлов", "Петров")
    assert browser_of("Иванова").get(f"/im/chats/{public_id}").status_code == 404
    assert browser_of("Орлов").get(f"/im/chats/{public_id}").status_code == 200


def test_a_parent_sees_with_which_adults_the_child_talks_and_not_what(school, browser_of):
    for whom in ("Иванова", "Петров", "Орлова"):
        public_id = begin(school, "Орлов", whom)
        school.says(school.faces["Орлов"], chat_for(school, "Орлов", public_id), f"Секрет: {whom}")
    talks = direct.talks_of_children(school.faces["Орлова"].id)
    assert [(talk.child, talk.adult) for talk in talks] == [("Миша Орлов", "Анна Петровна Иванова")]
    text = browser_of("Орлова").get("/im/safety").text
    assert "Анна Петровна Иванова" in text
    assert "Секрет: Иванова" not in text
    assert "Секрет: Петров" not in text
    assert direct.talks_of_children(school.faces["Иванова"].id) == []


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("Орлов", "Иванова", "Ваши родители видят"),
        ("Иванова", "Орлов", "Родители собеседника видят"),
        ("Орлов", "Петров", ""),
        ("Орлов", "Орлова", ""),
        ("Иванова", "Орлова", ""),
    ],
)
def test_both_are_told_where_parents_see_that_there_is_a_dialogue(
    school, browser_of, one, other, says
):
    text = browser_of(one).get(f"/im/chats/{begin(school, one, other)}").text
    assert ("переписка есть" in text) is bool(says)
    assert says in text


def test_the_page_says_ones_own_part_of_the_table_first(browser_of):
    text = browser_of("Орлов").get("/im/safety").text
    assert text.index("Одноклассникам") < text.index("Коллегам по школе")


def test_beginning_costs_few_queries(school, queries):
    one, other = school.faces["Орлов"].id, school.faces["Петров"].public_id
    with queries() as seen:
        direct.start(one, other)
    assert len(seen) == 8
