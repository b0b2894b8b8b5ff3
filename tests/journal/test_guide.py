"""«Справка»: it says what the screens say, and shows what they show."""

import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.journal import guide
from app.journal.guide_search import found_in
from app.school.commands import group
from tools.picture_scenes import SCENES

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("ru", "en")
PERSONS = {"anna": "teacher", "misha": "pupil", "olga": "parent", "admin": "administrator"}
WARNING = (
    "Никому не передавайте свои регистрационные данные — даже коллегам или руководителю. "
    "Это может угрожать безопасности вашего аккаунта, а также репутации вашей организации"
)
# Quoted, but not a label: what a caller pretends, and sites by name.
QUOTED = {"из школы"}


def texts(language):
    folder = ROOT / f"templates/journal/help/{language}"
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.html"))}


def labels(text):
    return re.findall(r"ui\('([^']+)'\)", text)


def shots(text):
    return re.findall(r"shot\('([^']+)', '([^']*)'\)", text)


@pytest.fixture(scope="module")
def phrases():
    """Phrases of the screens: the catalog holds those that code and templates have now."""
    with (ROOT / "translations/ru/LC_MESSAGES/messages.po").open("rb") as file:
        return {message.id for message in read_po(file, locale="ru")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_quoted_label_stands_on_a_screen(phrases, language):
    for key, text in texts(language).items():
        assert [label for label in labels(text) if label not in phrases] == [], key


def test_nothing_else_is_quoted_as_if_it_were_a_label(phrases):
    for key, text in texts("ru").items():
        plain = re.sub(r"ui\('[^']+'\)", "", text)
        for quoted in re.findall(r"«([^»]+)»", plain):
            assert quoted in phrases | QUOTED, f"{key}: «{quoted}»"


def test_both_languages_say_the_same():
    russian, english = texts("ru"), texts("en")
    assert set(russian) == set(english) == {key for key, _, _ in guide.SECTIONS}
    for key, text in russian.items():
        assert [name for name, _ in shots(text)] == [name for name, _ in shots(english[key])], key
        assert sorted(set(labels(text))) == sorted(set(labels(english[key]))), key
        assert text.count("<li>") == english[key].count("<li>"), key


def test_commands_of_the_guide_exist():
    for text in (texts("ru")["school"], texts("en")["school"]):
        for command in re.findall(r"<code>flask school ([^<]+)</code>", text):
            name, *words = command.split()
            known = {option for one in group.commands[name].params for option in one.opts}
            assert {word for word in words if word.startswith("--")} <= known, command


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_and_every_scene_is_used(language):
    named = {name for text in texts(language).values() for name, _ in shots(text)}
    assert named == {scene.name for scene in SCENES}
    sizes = json.loads((guide.PICTURES / "pictures.json").read_text())
    for name in named:
        path = guide.PICTURES / f"{language}/{name}.webp"
        assert 2_000 < path.stat().st_size < 60_000, name
        assert f"{language}/{name}" in sizes
    assert all(alt for text in texts(language).values() for _, alt in shots(text))


def test_pictures_are_light():
    assert sum(path.stat().st_size for path in guide.PICTURES.glob("*/*.webp")) < 3_000_000


@pytest.mark.parametrize("name", PERSONS)
def test_the_own_guide_opens_and_the_others_are_a_press_away(entered, name):
    web = entered(name)
    page = web.get("/help")
    assert page.status_code == 200
    first = re.search(r'class="pill" href="/help/(\w+)" aria-current', page.text)
    assert first is not None
    assert first[1] == PERSONS[name]
    for role in guide.ROLES:
        other = web.get(f"/help/{role}")
        for key, _, roles in guide.SECTIONS:
            assert (f'id="{key}"' in other.text) is (role in roles), (role, key)
        assert WARNING in other.text


def test_there_is_no_guide_for_a_role_that_is_none(entered):
    assert entered("anna").get("/help/director").status_code == 404


def test_pictures_keep_their_place_and_are_named(entered):
    page = entered("anna").get("/help").text
    pictures = re.findall(r"<img src=\"([^\"]+help[^\"]+)\"([^>]+)>", page)
    assert len(pictures) > 20
    for _source, rest in pictures:
        assert re.search(r'width="\d+" height="\d+" alt="[^"]+"', rest)


def test_english_labels_are_those_of_the_english_screens(entered):
    web = entered("anna")
    web.client.set_cookie("svyazka_language", "en")
    page = web.get("/help").text
    assert "“Link profile”" in page
    assert "Связать профиль" not in page


def test_searching_keeps_the_sections_with_the_words(entered):
    web = entered("anna")
    page = web.get("/help?q=опросы").text
    assert 'id="polls"' in page
    assert 'id="gradebook"' not in page
    nothing = web.get("/help?q=абракадабра").text
    assert "Ничего не нашлось" in nothing


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        ("", True),
        ("отметками", True),
        ("ОТМЕТКИ вес", True),
        ("отметки звонок", False),
        ("е", True),
    ],
)
def test_words_are_found_in_any_form(wanted, is_found):
    assert found_in(wanted, "Отметки", guide.Markup("<p>Вес ещё больше</p>")) is is_found


@pytest.mark.parametrize(
    ("address", "anchor"),
    [("/chats", "#chats"), ("/personal", "#personal"), ("/gradebook", "#gradebook")],
)
def test_help_opens_at_the_section_about_the_page(entered, address, anchor):
    assert f'href="/help{anchor}"' in entered("anna").get(address).text
