"""«Главная»: each role's day, its empty days, the one next step, and what it costs."""

import datetime as dt

import pytest

from app.core import clock
from app.core.db import db
from app.core.transaction import writing
from app.school.accounts import Account
from app.school.calendar import DayOff
from tests.journal.gradebook_world import MONDAY, NOW, TUESDAY
from tests.journal.planning_world import TODAY, WEDNESDAY, Planned

AT_LESSON = NOW.replace(hour=5, minute=45)  # 8:45 at school
EARLY = NOW.replace(hour=4)


@pytest.fixture
def school(world, browser):
    with clock.frozen(NOW):
        yield Planned(world, browser)


def card(page, title):
    """The text of one card of the page."""
    start = page.index(f">{title}</h2>")
    return page[start : page.index("</section>", start)]


def link(school, name):
    school.browser(name)
    school.world.link(getattr(school, name), account=school._accounts[name])


def announce(school, *, wants_answer=True, roles=("guardian",)):
    return school.browser("anna").post(
        "/announcements/new",
        title="Собрание",
        text="В четверг",
        scope="classes",
        when="now",
        roles=list(roles),
        classes=[school.c7a.public_id],
        wants_answer="y" if wants_answer else "",
    )


# -- the day ----------------------------------------------------------------------------------


def test_a_teacher_sees_the_lesson_that_goes_on(school):
    with clock.frozen(AT_LESSON):
        page = school.browser("oleg").get("/").text
    today = card(page, "Уроки сегодня")
    assert "Сейчас</b> Физика, 7А — до 09:15" in today
    assert "идёт сейчас" in today
    assert f"/gradebook/{school.line.public_id}/lesson/{TUESDAY}" in today


def test_before_lessons_the_next_one_is_named_with_its_room(school):
    with clock.frozen(EARLY):
        today = card(school.browser("misha").get("/").text, "Уроки сегодня")
    assert "Дальше</b> Физика — в 08:30, каб. 204" in today
    assert "следующий" in today


def test_the_order_is_that_of_time_and_not_of_numbers(school, world):
    world.lesson_change(
        school.line,
        number=9,
        date=TODAY,
        starts_at=dt.time(7, 30),
        ends_at=dt.time(8, 15),
        is_distance=True,
    )
    with clock.frozen(EARLY):
        today = card(school.browser("misha").get("/").text, "Уроки сегодня")
    assert "Дальше</b> Физика — в 07:30" in today
    assert today.index("07:30") < today.index("08:30")


def test_a_call_that_is_open_is_entered_from_here(school, world):
    world.lesson_change(
        school.line,
        number=5,
        date=TODAY,
        starts_at=dt.time(12, 10),
        ends_at=dt.time(12, 55),
        is_distance=True,
    )
    assert "Начать звонок" in card(school.browser("oleg").get("/").text, "Уроки сегодня")
    for name in ("misha", "olga"):
        assert "Присоединиться" in card(school.browser(name).get("/").text, "Уроки сегодня")
    assert "Присоединиться" not in school.browser("foreign").get("/").text


def test_after_lessons_tomorrow_is_shown(school):
    today = card(school.browser("misha").get("/").text, "Уроки сегодня")
    assert "На сегодня уроки закончились" in today
    assert "Среда, 25 ноября" in today


def test_on_a_sunday_monday_is_shown(school):
    with clock.frozen(NOW - dt.timedelta(days=2)):
        today = card(school.browser("misha").get("/").text, "Уроки сегодня")
    assert "Сегодня уроков нет" in today
    assert "Понедельник, 23 ноября" in today


def test_a_feast_is_called_by_its_name(school, world):
    world._add(
        DayOff(
            school_id=world.main_school.id,
            name="День школы",
            since=NOW.date(),
            until=NOW.date(),
        )
    )
    assert "День школы" in card(school.browser("misha").get("/").text, "Уроки сегодня")


def test_in_the_holidays_the_first_day_of_lessons_is_said(school):
    with clock.frozen(dt.datetime(2027, 6, 20, 9, tzinfo=dt.UTC)):
        assert "Сегодня уроков нет" in school.browser("misha").get("/").text
    with clock.frozen(dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC)):
        today = card(school.browser("misha").get("/").text, "Уроки сегодня")
    assert "Понедельник, 11 января" in today


def test_a_substitute_has_the_lesson_and_its_teacher_sees_who_gives_it(school, world):
    world.substitution(school.line, school.nina, since=NOW.date(), until=NOW.date())
    assert "замена: вместо Ким О. И." in school.browser("nina").get("/").text
    assert "замещает Лисина Н." in school.browser("oleg").get("/").text


def test_htmx_gets_the_lessons_alone(school):
    answer = school.browser("oleg").get("/", headers={"HX-Request": "true"})
    assert "Уроки сегодня" in answer.text
    assert "Объявления" not in answer.text


# -- around it --------------------------------------------------------------------------------


def test_a_teacher_is_led_to_lessons_without_marks(school):
    link(school, "oleg")
    waiting = card(school.browser("oleg").get("/").text, "Не заполнено на этой неделе")
    assert f"lesson/{MONDAY}" in waiting
    assert f"lesson/{TUESDAY}" in waiting
    school.put("5", place=MONDAY)
    school.put("н", place=TUESDAY)
    school.note(TODAY, topic="Сила")
    waiting = card(school.browser("oleg").get("/").text, "Не заполнено на этой неделе")
    assert f"lesson/{MONDAY}" in waiting
    assert "нет темы" in waiting
    assert f"lesson/{TUESDAY}" not in waiting
    school.note(TODAY - dt.timedelta(days=1), topic="Путь")
    assert "Не заполнено" not in school.browser("oleg").get("/").text


def test_a_lesson_to_come_does_not_wait_to_be_filled(school):
    with clock.frozen(AT_LESSON):
        page = school.browser("oleg").get("/").text
    waiting = card(page, "Не заполнено на этой неделе")
    assert f"lesson/{MONDAY}" in waiting
    assert f"lesson/{TUESDAY}" not in waiting


def test_who_substitutes_fills_and_not_the_teacher(school, world):
    world.substitution(school.line, school.nina, since=NOW.date(), until=NOW.date())
    assert f"lesson/{TUESDAY}" in card(
        school.browser("nina").get("/").text, "Не заполнено на этой неделе"
    )
    oleg = card(school.browser("oleg").get("/").text, "Не заполнено на этой неделе")
    assert f"lesson/{TUESDAY}" not in oleg


def test_a_class_teacher_sees_who_is_away_and_who_has_linked(school):
    link(school, "misha")
    school.put("б")
    page = card(school.browser("anna").get("/").text, "7А сегодня")
    assert "Орлов Миша" in page
    assert "болел" in page
    assert "Яшина Вера" not in page
    assert "1 из 2" in page
    assert "0 из 1" in page


def test_a_class_teacher_sees_who_has_not_read(school):
    announce(school)
    page = card(school.browser("anna").get("/").text, "7А сегодня")
    assert "ознакомились 0 из 1" in page


def test_a_teacher_sees_the_topic_of_the_day(school):
    school.note(TODAY, topic="Сила трения")
    assert "Сила трения" in card(school.browser("oleg").get("/").text, "Уроки сегодня")


@pytest.mark.parametrize("name", ["misha", "olga"])
def test_homework_for_tomorrow_is_there_for_the_pupil_and_the_parent(school, name):
    school.note(WEDNESDAY, homework="Параграф 12")
    school.note(WEDNESDAY, homework="Чужое", line=school.other)
    page = school.browser(name).get("/").text
    given = card(page, "Домашние задания")
    assert "Параграф 12" in given
    assert "Среда, 25 ноября" in given
    assert ("Сделано" in given) == (name == "misha")  # one's own tick
    assert "Чужое" not in page


def test_a_pupil_sees_marks_and_which_are_new(school):
    school.put("4", place=MONDAY)
    marks = card(school.browser("misha").get("/").text, "Свежие отметки")
    assert 'data-m="4"' in marks
    assert "новое" in marks
    school.browser("misha").get("/diary")
    with clock.frozen(NOW + dt.timedelta(minutes=1)):
        assert "новое" not in card(school.browser("misha").get("/").text, "Свежие отметки")


def test_a_parent_switches_between_own_children_and_no_others(school, world):
    little = world.pupil("Орлова Даша", in_=school.c8b)
    world.guardianship(school.olga, little)
    school.put("2")
    olga = school.browser("olga")
    first = olga.get(f"/?child={school.misha.public_id}").text
    other = olga.get(f"/?child={little.public_id}").text
    assert 'data-m="2"' in first
    assert 'data-m="2"' not in other
    assert "Даша, 8Б" in other
    for stranger in (school.vera, school.foreign, school.anna):
        assert olga.get(f"/?child={stranger.public_id}").status_code == 404


def test_a_teacher_with_a_child_has_both_days(school, world):
    world.guardianship(school.oleg, school.misha)
    with writing() as session:
        session.execute(
            db.text("INSERT INTO person_roles (person_id, role) VALUES (:id, 'GUARDIAN')"),
            {"id": school.oleg.id},
        )
    own = school.browser("oleg").get("/").text
    assert "Мой день" in own
    assert "Не заполнено" in own
    child = school.browser("oleg").get(f"/?child={school.misha.public_id}").text
    assert "Свежие отметки" in child
    assert "Не заполнено" not in child


def test_an_administrator_sees_the_school(school):
    link(school, "misha")
    page = card(school.browser("admin").get("/").text, "Школа")
    assert "1 из 3" in page  # pupils
    assert "0 из 2" in page  # parents
    assert "Заявки на дневник" in page
    other = card(school.browser("other_admin").get("/").text, "Школа")
    assert "1 из 3" not in other


def test_only_an_administrator_sees_the_school(school):
    for name in ("anna", "oleg", "misha", "olga"):
        assert ">Школа</h2>" not in school.browser(name).get("/").text


# -- the next step ----------------------------------------------------------------------------


def test_whoever_has_not_linked_is_led_to_linking(school):
    for name in ("anna", "misha", "olga", "admin"):
        assert "Привязать учебный профиль Сферум" in school.browser(name).get("/").text


def test_an_announcement_that_waits_is_the_next_step_until_it_is_answered(school):
    link(school, "olga")
    url = announce(school).headers["Location"]
    olga = school.browser("olga")
    assert "Школа ждёт ответа" in olga.get("/").text
    olga.post(f"{url}/answer")
    assert "Школа ждёт ответа" not in olga.get("/").text
    assert "Ваши чаты открыты" in olga.get("/").text


def test_a_class_teacher_is_led_to_invitations_while_families_have_not_come(school):
    link(school, "anna")
    assert "Напечатайте приглашения" in school.browser("anna").get("/").text
    for name in ("misha", "vera", "olga"):
        school.browser(name)
    with writing() as session:
        session.execute(db.update(Account).values(first_signed_in_at=clock.now()))
    assert "Ваши чаты открыты" in school.browser("anna").get("/").text


# -- what it costs ----------------------------------------------------------------------------

COSTS = {"oleg": 20, "anna": 21, "misha": 27, "olga": 28, "admin": 14}


def fill(school, world, number):
    """Another pupil with a parent, an absence, homework, an announcement."""
    pupil = world.pupil(f"Абаев{'а' * number} Пётр", in_=school.c7a)
    world.guardian(f"Абаев{'а' * number} Иван", of=[pupil])
    school.put("н", pupil=pupil)
    day = TODAY + dt.timedelta(days=number)
    world.slot(school.line, weekday=day.isoweekday(), number=2)
    school.note(day, number=2, homework="Повторить", topic="Сила")
    announce(school, roles=("guardian", "pupil", "teacher"))


@pytest.mark.parametrize("name", COSTS)
def test_the_number_of_queries_is_the_same_for_a_larger_school(school, world, queries, name):
    browser = school.browser(name)
    link(school, name)
    school.put("5")
    fill(school, world, 0)
    browser.get("/")
    with queries() as few:
        browser.get("/")
    for number in (1, 2, 3):
        fill(school, world, number)
    with queries() as many:
        browser.get("/")
    assert len(many) == len(few), "\n".join(many)
    assert len(many) == COSTS[name], "\n".join(many)
