"""Each role's day, from «Главная» on: what one person writes is what another finds."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from app.demo import loading
from tests.journeys.conftest import at_a_desk, on_a_phone

pytestmark = pytest.mark.browser


def goes(person, *names):
    """Through these links of the menus and the page, looking at every page."""
    for name in names:
        badge = re.compile(rf"^{re.escape(name)}\s*\d*$")  # «Объявления 2»
        person.page.get_by_role("link", name=badge).first.click()
        person.look()


def card(person, title):
    return person.page.locator("section.card", has=person.page.get_by_role("heading", name=title))


@pytest.fixture
def physics(site):
    """Physics of 7А: the address of its sheet, the last lesson that was given, a pupil's id."""
    sheet, place = site.sql(
        "SELECT t.public_id, m.date || '.' || m.number FROM marks m "
        "JOIN teachings t ON t.id = m.teaching_id JOIN subjects s ON s.id = t.subject_id "
        "JOIN school_classes c ON c.id = t.class_id WHERE s.name = 'Физика' AND c.name = '7А' "
        "ORDER BY m.date DESC, m.number DESC LIMIT 1"
    )[0]
    pupil = site.sql(
        "SELECT public_id FROM people WHERE family_name = 'Соколова' AND given_name = 'Дарья'"
    )[0][0]
    return sheet, place, pupil


@at_a_desk
def test_a_teacher_gives_a_mark_and_the_parent_finds_it_at_home(somebody, physics):
    sheet, place, pupil = physics
    teacher = somebody()
    teacher.signs_in("orlov")
    goes(teacher, "Планирование")
    page = teacher.page
    page.goto(f"/gradebook/{sheet}/lesson/{place}")
    teacher.look()
    page.locator(f"[name='m-{pupil}']").fill("5")
    teacher.press("Сохранить")
    expect(page.get_by_text("Сохранено")).to_be_visible()

    mother = somebody()
    mother.signs_in("sokolova")
    mother.follow("Дарья, 7А")
    mark = card(mother, "Свежие отметки").locator(".home-mark", has_text="Физика").first
    expect(mark).to_contain_text("5")
    mother.look()
    goes(mother, "Весь дневник")
    mother.follow("Главная")
    mother.follow("Михаил, 3А")
    expect(card(mother, "Свежие отметки")).not_to_contain_text("Физика")
    mother.look()


@at_a_desk
def test_a_class_teacher_announces_and_sees_who_has_read(somebody):
    teacher = somebody()
    teacher.signs_in("petrova")
    goes(teacher, "Объявления", "Новое объявление")
    page = teacher.page
    page.get_by_label("Заголовок").fill("Экскурсия в музей")
    page.get_by_label("Текст").fill("В субботу в десять у школы.")
    page.locator("label.choice", has_text="7А").click()
    page.locator("label.choice", has_text="Родителям").click()
    page.locator("label.choice", has_text="Ознакомлен").click()
    teacher.look()
    teacher.press("Опубликовать")
    expect(page.get_by_role("heading", name="Экскурсия в музей")).to_be_visible()
    teacher.follow("Главная")
    expect(card(teacher, "7А сегодня")).to_contain_text("ознакомились 0 из")

    mother = somebody()
    mother.signs_in("sokolova")
    mother.page.locator(".home-news-row", has_text="Экскурсия в музей").click()
    mother.look()
    mother.press("Ознакомлен")
    expect(mother.page.get_by_text("В субботу в десять")).to_be_visible()
    page.reload()
    expect(card(teacher, "7А сегодня")).to_contain_text("ознакомились 1 из")
    teacher.look()
    goes(teacher, "Отчеты", "Личные данные")


@on_a_phone
def test_a_pupil_does_homework_and_reads_at_night(somebody):
    pupil = somebody()
    pupil.signs_in("egor")
    done = card(pupil, "Домашние задания").get_by_role("button", name="Сделано").first
    done.tap()
    expect(done).to_have_attribute("aria-pressed", "true")
    goes(pupil, "Дневник", "Расписание", "Личные данные")
    pupil.press("Тёмная")
    expect(pupil.page.locator("html")).to_have_attribute("data-theme", "dark")
    pupil.look()
    pupil.follow("Главная")
    expect(done).to_have_attribute("aria-pressed", "true")
    pupil.look()


@on_a_phone
def test_a_parent_takes_the_familys_data_along(somebody, chromium, tmp_path):
    mother = somebody()
    mother.signs_in("morozova")
    goes(mother, "Личные данные", "Скачать мои данные")
    page = mother.page
    page.get_by_label("Пароль").fill("не тот")
    mother.press("Скачать архив")
    expect(page.get_by_role("alert")).to_contain_text("Неверный пароль")
    mother.look()
    page.get_by_label("Пароль").fill(loading.PASSWORD)
    with page.expect_download() as download:
        mother.press("Скачать архив")
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    assert (tmp_path / "data/child-1-marks.json").exists()
    offline = chromium.new_context(offline=True).new_page()
    offline.goto(f"file://{tmp_path}/index.html")
    expect(offline.get_by_role("heading", name="Отметки и пропуски · Егор")).to_be_visible()
    mother.look(offline)
    offline.context.close()


@at_a_desk
def test_an_administrator_looks_after_the_school(somebody):
    admin = somebody()
    admin.signs_in("admin")
    expect(card(admin, "Школа")).to_contain_text("Родители")
    goes(admin, "Обращения", "Люди", "Заявки", "Отчеты", "Главная")
    admin.page.locator(".home-task", has_text="Связка по классам").click()
    admin.look()
    admin.follow("Главная")
    admin.page.locator(".home-task", has_text="приглашения").click()
    admin.look()
