"""From the journal to open chats (FLOWS 1, 3, 5), as people walk it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser

PRIMARY_TEACHER = """p.id IN (SELECT ct.teacher_id FROM class_teachers ct
  JOIN school_classes c ON c.id = ct.class_id WHERE c.grade <= 4)"""
PUPIL = """p.id IN (SELECT e.pupil_id FROM enrolments e
  JOIN school_classes c ON c.id = e.class_id WHERE c.name = '2А')"""
PARENT = """p.id IN (SELECT g.guardian_id FROM guardianships g JOIN enrolments e
  ON e.pupil_id = g.pupil_id JOIN school_classes c ON c.id = e.class_id WHERE c.name = '2А')
  AND (SELECT count(*) FROM guardianships g WHERE g.guardian_id = p.id) = 1"""
PARENT_OF_TWO = """(SELECT count(DISTINCT e.class_id) FROM guardianships g JOIN enrolments e
  ON e.pupil_id = g.pupil_id WHERE g.guardian_id = p.id) = 2"""
THREE = ["Чат с преподавателями", "Чат с обучающимися", "Чат с родителями"]


def free_teacher(site, device):
    """The primary teachers' links are made free first: there are few of them."""
    logins = site.sql(
        "SELECT a.login, a.id FROM accounts a JOIN people p ON p.id = a.person_id "
        f"WHERE {PRIMARY_TEACHER} ORDER BY a.login DESC"
    )
    login, account_id = logins[0] if device == "desk" else logins[1]
    site.sql("DELETE FROM links WHERE account_id = ?", account_id)
    return login


def test_a_new_class_teacher_links_and_finds_three_chats(somebody, site, device):
    anna = somebody()
    anna.signs_in(free_teacher(site, device))
    phone = site.phone()
    anna.opens_the_name_menu()
    anna.look()
    anna.follow("Привязать учебный профиль Сферум")
    expect(anna.page.get_by_text("Шаг 1 из 5")).to_be_visible()
    anna.look()
    anna.types_phone(phone)
    anna.look()
    anna.types_code(anna.code_from_sms(phone))
    expect(
        anna.page.get_by_text("Введите ваши настоящие Ф. И. О. Указывать отчество не обязательно")
    ).to_be_visible()
    anna.look()
    anna.names_self("Иванова", "Анна", "Петровна")
    anna.look()
    anna.press("Создать учебный профиль")
    expect(anna.page.get_by_label("Фамилия")).to_have_value("Иванова")
    anna.look()
    anna.press("Продолжить")
    expect(
        anna.page.get_by_text("С сервисом «ЭЖД» можно связать свой учебный профиль:")
    ).to_be_visible()
    expect(anna.page.locator(".account-card")).to_contain_text("классный руководитель")
    anna.look()
    anna.press("Связать профиль")
    expect(anna.page.get_by_role("heading", name="Готово!")).to_be_visible()
    expect(anna.page.get_by_text("сразу доступны три чата")).to_be_visible()
    anna.look()
    anna.follow("К чатам")
    expect(anna.page.get_by_text("Вам доступно 3 чата")).to_be_visible()
    expect(anna.page.get_by_text("ВСЕГО: 3")).to_be_visible()
    assert anna.chat_titles == THREE
    anna.look()
    anna.page.get_by_placeholder("Что ищем?").fill("родит")
    expect(anna.page.locator(".chat-row-title")).to_have_count(1)
    anna.page.get_by_placeholder("Что ищем?").fill("")
    expect(anna.page.locator(".chat-row-title")).to_have_count(3)
    anna.page.get_by_role("link", name="Редактировать: Чат с родителями").click()
    expect(anna.page.get_by_text("ещё не подключил").first).to_be_visible()
    expect(anna.page.get_by_text("родитель: ").first).to_be_visible()
    anna.look()
    anna.follow("Чаты")
    anna.follow("Перейти в Сферум")
    for title in THREE:
        expect(anna.page.get_by_text(title, exact=True).first).to_be_visible()
    anna.look()


@at_a_desk
def test_a_person_with_a_profile_skips_the_steps_already_done(somebody, site):
    first = somebody()
    first.signs_in(site.login_of(PARENT))
    phone = first.links()
    # The same phone, another browser, an account without a link in the same school.
    second = somebody()
    second.signs_in(site.login_of(PUPIL))
    second.opens_the_name_menu()
    second.follow("Привязать учебный профиль Сферум")
    site.forget_the_pause()
    second.types_phone(phone)
    second.types_code(second.code_from_sms(phone))
    expect(second.page.get_by_text("можно связать свой учебный профиль:")).to_be_visible()
    second.press("Связать профиль")
    # It belongs to another person of this school: refused in words, nothing linked.
    expect(second.page.get_by_role("heading", name="Готово!")).to_have_count(0)
    second.look()
    second.goes_to_chats()
    expect(second.page.get_by_text("Свяжите учебный профиль")).to_be_visible()


@on_a_phone
def test_relinking_skips_all_steps_but_consent(somebody, site):
    olga = somebody()
    olga.signs_in(site.login_of(PARENT))
    olga.links()
    olga.goes_to_chats()
    before = olga.chat_titles
    assert before
    olga.follow("Отменить привязку профиля")
    olga.look()
    olga.page.get_by_label("Пароль").fill("не тот пароль")
    olga.page.get_by_role("button", name="Отменить привязку").click()
    expect(olga.page.get_by_text("Неверный пароль")).to_be_visible()
    olga.page.get_by_label("Пароль").fill("demo-svyazka")
    olga.page.get_by_role("button", name="Отменить привязку").click()
    olga.goes_to_chats()
    expect(olga.page.get_by_text("Свяжите учебный профиль")).to_be_visible()
    olga.look()
    olga.opens_the_name_menu()
    olga.follow("Привязать учебный профиль Сферум")
    expect(olga.page.get_by_text("можно связать свой учебный профиль:")).to_be_visible()
    olga.press("Связать профиль")
    expect(olga.page.get_by_role("heading", name="Готово!")).to_be_visible()
    olga.goes_to_chats()
    assert olga.chat_titles == before


@on_a_phone
def test_a_parent_of_two_sees_the_class_in_the_titles(somebody, site):
    olga = somebody()
    olga.signs_in(site.login_of(PARENT_OF_TWO))
    olga.links()
    olga.goes_to_chats()
    expect(olga.page.get_by_text("Вам доступно 2 чата")).to_be_visible()
    assert all(title.startswith("Чат с родителями · ") for title in olga.chat_titles)
    olga.page.goto("/timetable")
    expect(
        olga.page.get_by_role("navigation", name="Чьё расписание").get_by_role("link")
    ).to_have_count(2)
    olga.look()


@at_a_desk
def test_a_pupil_and_a_parent_appear_in_the_class_chats(somebody, site, device):
    teacher = somebody()
    leader = site.sql(
        "SELECT a.login, a.id FROM accounts a JOIN class_teachers ct ON ct.teacher_id = a.person_id "
        "JOIN school_classes c ON c.id = ct.class_id WHERE c.name = '2А'"
    )[0]
    teacher.signs_in(leader[0])
    if not site.sql("SELECT 1 FROM links WHERE account_id = ? AND ended_at IS NULL", leader[1]):
        teacher.links()
    names = {}
    for who, condition in (("pupil", PUPIL), ("parent", PARENT)):
        person = somebody()
        login = site.login_of(condition)
        names[who] = site.sql(
            "SELECT p.family_name || ' ' || p.given_name FROM people p "
            "JOIN accounts a ON a.person_id = p.id WHERE a.login = ?",
            login,
        )[0][0]
        person.signs_in(login)
        person.links()
        person.goes_to_chats()
        expect(person.page.get_by_text("ВСЕГО: 1")).to_be_visible()
        person.look()
    for title, who in (("Чат с обучающимися", "pupil"), ("Чат с родителями", "parent")):
        teacher.goes_to_chats()
        teacher.page.get_by_role("link", name=f"Редактировать: {title}").click()
        row = teacher.page.locator(".person:not([data-absent])", has_text=names[who])
        expect(row.first).to_contain_text("связка")


def test_a_wrong_code_an_old_code_and_another_phone(somebody, site):
    vera = somebody()
    vera.signs_in(site.login_of(PUPIL))
    vera.opens_the_name_menu()
    vera.follow("Привязать учебный профиль Сферум")
    page = vera.page
    page.get_by_label("Введите свой номер мобильного телефона").fill("8 495 123-45-67")
    vera.press("Продолжить")
    expect(page.get_by_text("На этот номер не приходят СМС")).to_be_visible()
    expect(page.get_by_label("Введите свой номер мобильного телефона")).to_have_value(
        "8 495 123-45-67"
    )
    vera.look()
    phone = site.phone()
    vera.types_phone(phone)
    code = vera.code_from_sms(phone)
    vera.types_code("000000" if code != "000000" else "111111")
    expect(page.get_by_text("Неверный код. Осталось попыток: 4")).to_be_visible()
    vera.look()
    site.sql("UPDATE phone_codes SET sent_at = '2020-01-01 00:00:00.000000'")
    vera.types_code(code)
    expect(page.get_by_text("Срок действия кода истёк")).to_be_visible()
    vera.press("Изменить номер")
    expect(page.get_by_label("Введите свой номер мобильного телефона")).to_have_value(phone)
    other = site.phone()
    vera.types_phone(other)
    vera.types_code(vera.code_from_sms(other))
    expect(page.get_by_label("Фамилия")).to_be_visible()


@at_a_desk
def test_reload_back_and_a_second_tab_lose_nothing(somebody, site):
    vera = somebody()
    vera.signs_in(site.login_of(PUPIL))
    vera.opens_the_name_menu()
    vera.follow("Привязать учебный профиль Сферум")
    phone = site.phone()
    vera.types_phone(phone)
    vera.page.go_back()
    expect(vera.page.get_by_label("Введите свой номер мобильного телефона")).to_have_value(phone)
    vera.page.go_forward()
    vera.page.reload()
    vera.types_code(vera.code_from_sms(phone))
    vera.names_self("Тестова", "Вера")
    expect(vera.page.get_by_role("button", name="Создать учебный профиль")).to_be_visible()
    # What is done is done: going back to the names leads on to the step that is left.
    vera.page.go_back()
    expect(vera.page.get_by_role("button", name="Создать учебный профиль")).to_be_visible()
    vera.page.reload()
    # The second tab begins anew and finds everything done so far.
    tab = vera.new_page()
    tab.goto("/link/start")
    vera.page, first = tab, vera.page
    vera.press("Создать учебный профиль")
    vera.press("Продолжить")
    vera.press("Связать профиль")
    expect(tab.get_by_role("heading", name="Готово!")).to_be_visible()
    first.reload()
    expect(first.locator("h1")).to_be_visible()
    first.goto("/link/start")
    expect(first.get_by_role("heading", name="Готово!")).to_be_visible()
    tab.go_back()
    expect(tab.locator("h1")).to_be_visible()


@on_a_phone
def test_cancelling_changes_nothing(somebody, site):
    olga = somebody()
    olga.signs_in(site.login_of(PARENT))
    olga.opens_the_name_menu()
    olga.follow("Привязать учебный профиль Сферум")
    phone = site.phone()
    olga.types_phone(phone)
    olga.types_code(olga.code_from_sms(phone))
    olga.names_self()
    olga.press("Создать учебный профиль")
    olga.press("Продолжить")
    olga.press("Отмена")
    expect(olga.page.locator("h1")).to_be_visible()
    olga.look()
    olga.goes_to_chats()
    expect(olga.page.get_by_text("Свяжите учебный профиль")).to_be_visible()
