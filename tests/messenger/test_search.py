"""Search: Russian word forms, only what one may read, the same answers on both databases."""

import pytest
from flask_migrate import upgrade
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.core.db import db
from app.core.transaction import writing
from app.messenger.messages.deleting import delete_message
from app.messenger.messages.models import Message
from app.messenger.messages.search import find_messages, find_people
from app.messenger.messages.words import excerpt, stem_of, stems_of, wanted
from tests.conftest import make_settings
from tests.messenger.counting import counted
from tests.world import World

SAID = [
    "Решите уравнения № 5 и № 6",
    "Учебник алгебры забудьте дома",
    "Пётр Семёнович, ёлка стоит в актовом зале",
    "Контрольную перенесли на пятницу",
    "Людям с 7А: экскурсия в музей",
    "за́мок на горе",
    "email: ivanova@school.ru, кабинет 3-12",
    'Скажите "да" или (нет) AND NOT OR NEAR*',
    "O'Коннор 100% _подчёркнуто_",
    "يوم جيد 日本語 Ñandú",
    "🙂 спасибо!",
    "The students solved equations",
    "Ю",
]
# What is typed -> the numbers of what is found, newest first.
CASES = {
    "уравнение": [1],
    "УРАВНЕНИЕМ": [1],
    "уравн": [1],
    "решить уравнение": [1],
    "уравнение решить": [1],
    "алгебра учебник": [2],
    "елка": [3],
    "Ёлки": [3],
    "семенович": [3],
    "контрольная": [4],
    "контрольная пятница": [4],
    "контрольная суббота": [],
    "люди": [5],
    "7а": [5],
    "музеи": [5],
    "замок": [6],
    "ivanova": [7],
    "school.ru": [7],
    "3-12": [7],
    "да": [8],
    "(нет)": [8],
    "and not or near": [8],
    '"да" OR': [8],
    "'": [],
    "*": [],
    "' OR 1=1 --": [],
    "коннор": [9],
    "100%": [9],
    "подчеркнуто": [9],
    "日本語": [10],
    "ñandú": [10],
    "nandu": [],
    "спасибо": [11],
    "🙂": [],
    "student equation": [12],
    "solving": [12],
    "ю": [13],
    "": [],
    "   ": [],
    "с": [5],
    "нет такого слова": [],
    "\\": [],
    "да:*": [8],
    "а" * 5000: [],
}


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, tmp_path):
    """A world on each of the two databases, made by the migrations."""
    url = f"sqlite:///{tmp_path}/search.sqlite3"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
    app = create_app(make_settings(tmp_path, database_url=url))
    with app.app_context():
        if request.param == "postgresql":
            db.drop_all()
            db.create_all()
        else:
            upgrade()
        yield World()
        db.session.remove()
        if request.param == "postgresql":
            db.drop_all()
        db.engine.dispose()


def found(profile, typed, chat=None):
    rows = find_messages(profile.id, wanted(typed), chat_id=chat.id if chat else None)
    return ["".join(part.text for part in row.parts) for row in rows]


def test_both_databases_find_the_same(either):
    anna = either.profile("Анна Иванова")
    chat = either.chat("Чат с родителями", anna)
    for text in SAID:
        either.says(anna, chat, text)
    answers = {typed: [SAID.index(text) + 1 for text in found(anna, typed)] for typed in CASES}
    assert answers == CASES


def test_the_index_follows_what_is_deleted_and_edited(either):
    anna, boris = either.profile("Анна Иванова"), either.profile("Борис Петров")
    chat = either.chat("Чат с родителями", anna, boris)
    either.says(anna, chat, "тайна", "11111111-aaaa")
    changed = either.says(anna, chat, "опечатка", "11111111-bbbb")
    assert found(boris, "тайна") == ["тайна"]
    delete_message(anna.id, chat.public_id, "11111111-aaaa")
    with writing() as session:
        session.get(Message, changed.message_id).text = "исправлено"
    assert found(boris, "тайна") == found(boris, "опечатка") == []
    assert found(boris, "исправлена") == ["исправлено"]


def test_only_what_one_may_read_is_found(either):
    anna, boris = either.profile("Анна Иванова"), either.profile("Борис Петров")
    chat = either.chat("Чат с родителями", anna, boris)
    either.says(anna, chat, "собрание при Борисе")
    either.leave(boris, chat)
    either.says(anna, chat, "собрание без Бориса")
    either.says(anna, either.chat("Чужой", anna), "собрание чужих")
    assert len(found(anna, "собрание")) == 3
    assert found(boris, "собрание") == ["собрание при Борисе"]
    assert found(boris, "собрание", chat) == ["собрание при Борисе"]
    assert found(either.profile("Чужой Человек"), "собрание") == []


def test_people_are_those_of_ones_chats_and_a_chat_of_two_comes_first(either):
    from app.messenger.chats.rights import ChatKind

    anna, petr = either.profile("Анна Иванова"), either.profile("Пётр Салтыков-Щедрин Ильич")
    gone = either.profile("Пётр Ушедший")
    either.profile("Пётр Чужой")
    chat = either.chat("Чат с родителями", anna, petr, gone)
    either.leave(gone, chat)
    for typed in ("петр", "ПЁТР", "салтыков", "ильич пет"):
        assert [(one.name, one.chat) for one in find_people(anna.id, typed)] == [
            ("Салтыков-Щедрин Пётр Ильич", chat.public_id)
        ], typed
    for typed in ("", "анна", "ётр", "%", "_", "петр чужой"):
        assert find_people(anna.id, typed) == [], typed
    two = either.chat("", anna, petr, kind=ChatKind.DIRECT)
    assert [one.chat for one in find_people(anna.id, "петр")] == [two.public_id]


def test_messages_and_people_are_one_query_each(world):
    anna, boris = world.profile("Анна Иванова"), world.profile("Борис Петров")
    for number in range(5):
        world.says(anna, world.chat(f"Чат {number}", anna, boris), "собрание")
    me = anna.id
    with counted() as queries:
        assert len(find_messages(me, wanted("собрание"))) == 5
        assert len(find_people(me, "борис")) == 1
    assert len(queries) == 2


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Решите уравнения", "уравнение", "Решите [уравнения]"),
        ("а\n\nб  уравнение в", "уравн", "а б [уравнение] в"),
        ("x" * 300 + " слово", "слово", "…[слово]"),
        ("<b>слово</b>", "слово", "<b>[слово]</b>"),
        ("слово слово", "слово", "[слово] [слово]"),
    ],
)
def test_what_was_looked_for_is_marked(text, typed, shown):
    parts = excerpt(text, wanted(typed))
    assert "".join(f"[{part.text}]" if part.is_hit else part.text for part in parts) == shown


def test_a_long_text_is_shown_around_the_word():
    parts = excerpt("раз " * 200 + "уравнение " + "два " * 200, wanted("уравнения"))
    shown = "".join(part.text for part in parts)
    assert shown.startswith("…раз")
    assert shown.endswith("…")
    assert len(shown) < 170
    assert [part.text for part in parts if part.is_hit] == ["уравнение"]


@given(st.text(max_size=200))
def test_any_text_is_found_by_any_word_of_it(text):
    stems = stems_of(text).split(" ")
    assert stems_of(text) == " ".join(stems)
    assert all(stem_of(stem) is not None for stem in stems)
    looked_for = wanted(text)
    if looked_for:
        assert any(part.is_hit for part in excerpt(text, looked_for)) or len(text) > 100
