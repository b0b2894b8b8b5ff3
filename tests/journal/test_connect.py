"""The second entrance (FLOWS 2): banner, diaries of a region, a request, and the right step."""

import re

import pytest

from app.core.config import current_settings
from app.core.db import db
from app.linking import diaries
from app.linking.diary_requests import MAX_OPEN_REQUESTS, DiaryRequest, RequestState
from app.school.regions import all_regions

REQUEST = {"region": "69", "school": "Школа № 12", "diary": "дневник.рф", "contact": "мама Веры"}


@pytest.fixture
def newcomer(browser, world):
    """A browser signed in to the messenger with a profile that no school has confirmed."""
    web = browser()
    web.profile = world.profile("Вера Тестова")
    world.signed_in(web.client, web.profile)
    return web


@pytest.fixture
def school(people):
    people.anna.school.region_code = "77"
    db.session.commit()
    return people.anna.school


def write_registry(text):
    (current_settings().instance_path / diaries.FILE_NAME).write_text(text, encoding="utf-8")


def names(page):
    return re.findall(r'class="profile-card-name">([^<]+)<', page)


def test_all_regions_are_there_and_the_schools_own_is_chosen(newcomer, school):
    page = newcomer.get("/connect").text
    assert len(re.findall(r"<option[^>]*value=\"\d\d\"", page)) == 89 == len(all_regions())
    assert re.search(r'<option selected value="77">', page)
    assert names(page) == ["Ваш электронный дневник", "Другой электронный дневник"]
    assert school.name in page


def test_another_region_redraws_the_diaries_alone(newcomer, school):
    answer = newcomer.get(
        "/connect?region=69", headers={"HX-Request": "true", "HX-Target": "diaries"}
    )
    assert "<form" not in answer.text
    assert names(answer.text) == ["Другой электронный дневник"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"region": "", "diary": ""}, "Выберите регион"),
        ({"region": "77", "diary": ""}, "Выберите дневник"),
    ],
)
def test_what_is_missing_is_said_and_the_region_stays(newcomer, school, form, words):
    answer = newcomer.post("/connect", **form)
    assert answer.status_code == 422
    assert words in answer.text
    if form["region"] == "77":
        assert re.search(r'<option selected value="77">', answer.text)


def test_a_made_up_region_leads_nowhere(newcomer, school):
    assert newcomer.post("/connect", region="00", diary="own").status_code == 422


def test_one_without_the_journal_is_led_to_its_sign_in_and_back_to_linking(newcomer, school):
    assert newcomer.post("/connect", region="77", diary="own").location == "/connect/account"
    assert newcomer.get("/connect/account").location == "/link/start"
    assert newcomer.get("/link/start").location == "/sign-in?next=/link/start"


def test_one_in_the_journal_sees_whose_account_it_is_and_may_take_another(newcomer, people, school):
    newcomer.signs_in(people.accounts["misha"], "сирень под окном 7")
    page = newcomer.get("/connect/account").text
    assert "Орлов Миша" in page
    assert "обучающийся" in page
    assert "7А" in page
    left = newcomer.post("/sign-out", next="/link/start")
    assert left.location == "/sign-in?next=/link/start"
    assert newcomer.get("/link/start").location == "/sign-in?next=/link/start"


def test_signing_out_leads_to_no_foreign_address(newcomer, people):
    newcomer.signs_in(people.accounts["misha"], "сирень под окном 7")
    assert newcomer.post("/sign-out", next="https://evil.example/").location == "/sign-in"


def test_the_registry_file_adds_diaries(newcomer, school):
    write_registry(
        "region;name;address\n77;Дневник столицы;https://one.example/\n*;Общий;https://two.example/a\n"
    )
    page = newcomer.get("/connect?region=77").text
    assert names(page)[1:3] == ["Дневник столицы", "Общий"]
    assert names(newcomer.get("/connect?region=69").text)[0] == "Общий"
    key = re.search(r'value="([0-9a-f]{12})"', page).group(1)
    site = newcomer.post("/connect", region="77", diary=key).location
    page = newcomer.get(site).text
    assert 'href="https://one.example/"' in page
    assert "Привязать учебный профиль Сферум" in page
    write_registry("region;name;address\n")
    assert newcomer.get(site).status_code == 404


def test_a_fault_of_the_registry_costs_its_own_line_only(app, tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "region,name,address\n77,Хороший,https://a.example/\n00,Нет региона,https://b.example/\n"
        "77,Не https,http://c.example/\n77,,https://d.example/\n77,Скрипт,javascript:alert(1)\n"
    )
    lines, faults = diaries.read_registry(path)
    assert [line.name for line in lines] == ["Хороший"]
    assert [re.search(r"line (\d+)", fault).group(1) for fault in faults] == ["3", "4", "5", "6"]
    path.write_text("имя\nбез колонок\n")
    assert diaries.read_registry(path)[0] == ()


def test_a_request_reaches_the_administrator_who_closes_it(newcomer, people, entered):
    assert newcomer.post("/connect/other", **REQUEST).location == "/connect/thanks"
    newcomer.post("/connect/other", **REQUEST | {"contact": "vera@example.org"})
    assert db.session.query(DiaryRequest).count() == 1  # the double click and a better contact
    admin = entered("admin")
    assert 'class="badge">1<' in admin.get("/").text
    page = admin.get("/requests").text
    for words in ("Школа № 12", "Тверская область", "дневник.рф", "vera@example.org"):
        assert words in page
    request = db.session.query(DiaryRequest).one()
    assert admin.post(f"/requests/{request.public_id}/close").location == "/requests"
    assert admin.post(f"/requests/{request.public_id}/close").location == "/requests"
    db.session.expire_all()
    assert request.state is RequestState.DONE
    assert "закрыта" in admin.get("/requests").text
    assert admin.post("/requests/made-up/close").status_code == 404


@pytest.mark.parametrize("name", ["anna", "misha", "olga"])
def test_requests_are_for_administrators_alone(newcomer, people, entered, name):
    newcomer.post("/connect/other", **REQUEST)
    request = db.session.query(DiaryRequest).one()
    web = entered(name)
    assert web.get("/requests").status_code == 404
    assert web.post(f"/requests/{request.public_id}/close").status_code == 404
    assert 'href="/requests"' not in web.get("/").text
    db.session.expire_all()
    assert request.state is RequestState.OPEN


def test_what_was_typed_stays_when_something_is_missing(newcomer):
    answer = newcomer.post("/connect/other", **REQUEST | {"school": ""})
    assert answer.status_code == 422
    for words in ("дневник.рф", "мама Веры", 'selected value="69"', "Заполните это поле"):
        assert words in answer.text


def test_nobody_floods_the_administrator(newcomer):
    for number in range(MAX_OPEN_REQUESTS):
        newcomer.post("/connect/other", **REQUEST | {"school": f"Школа № {number}"})
    answer = newcomer.post("/connect/other", **REQUEST | {"school": "Ещё одна"})
    assert answer.status_code == 409
    assert "Дождитесь ответа" in answer.text
    assert "Ещё одна" in answer.text
    assert db.session.query(DiaryRequest).count() == MAX_OPEN_REQUESTS
