"""A teacher, a parent and a pupil in one chat: each sees the same, in one order, as it happens."""

import re

import pytest
from playwright.sync_api import expect

from app.messenger.chats.rights import MemberRole
from tests.messenger.looking import looks_right
from tests.messenger.test_browsers import is_live, said, write

pytestmark = pytest.mark.browser


def texts(page):
    return page.locator(".message[data-seq] .message-text").all_inner_texts()


def test_a_teacher_a_parent_and_a_pupil_talk(school, window_of):
    names = {"teacher": "Анна Иванова", "guardian": "Ольга Соколова", "pupil": "Миша Соколов"}
    people = {role: school.profile(name) for role, name in names.items()}
    for role, profile in people.items():
        school.confirmed(profile, role)
    chat = school.chat("7А · Физика", people["guardian"], people["pupil"])
    school.join(people["teacher"], chat, role=MemberRole.ADMINISTRATOR)
    path = f"/im/chats/{chat.public_id}"
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    pages = {
        "teacher": window_of(people["teacher"], path),
        "guardian": window_of(people["guardian"], path),
        "pupil": window_of(people["pupil"], path, **phone),
    }
    for page in pages.values():
        is_live(page, chat)
    teacher, guardian, pupil = pages.values()
    expect(pupil.get_by_text("2 в сети")).to_be_visible()  # who came last sees both

    # Two type at once: the third is told of both, nobody of themselves.
    teacher.get_by_label("Сообщение", exact=True).press_sequentially("Зав")
    expect(pupil.get_by_text("Анна Иванова печатает…")).to_be_visible()
    guardian.get_by_label("Сообщение", exact=True).press_sequentially("До")
    expect(pupil.locator("[data-typing]")).to_have_text("Несколько человек печатают…")
    expect(guardian.locator("[data-typing]")).to_have_text("Анна Иванова печатает…")
    expect(teacher.locator("[data-typing]")).to_have_text("Ольга Соколова печатает…")

    # All three write at the same time; one order on all three screens.
    for number in range(5):
        for page in (teacher, guardian):
            write(page, f"{number} от {'учителя' if page is teacher else 'мамы'}")
        pupil.get_by_label("Сообщение", exact=True).fill(f"{number} от Миши")
        pupil.get_by_role("button", name="Отправить", exact=True).click()
    for page in pages.values():
        expect(page.locator(".message[data-seq='15']")).to_be_visible()
        expect(page.locator(".message:not([data-seq])")).to_have_count(0)
        expect(page.locator("[data-typing]")).to_be_hidden()
    assert texts(teacher) == texts(guardian) == texts(pupil)
    assert len(set(texts(teacher))) == 15
    for author in ("учителя", "мамы", "Миши"):
        own = [text for text in texts(teacher) if text.endswith(author)]
        assert own == [f"{number} от {author}" for number in range(5)]

    # Read by one is read; who has read is for the teacher to see, of everybody.
    last = said(teacher, "4 от учителя").locator("xpath=ancestor::article")
    expect(last).to_have_attribute("data-read", "")
    last.click(button="right", position={"x": 8, "y": 8})
    teacher.get_by_role("menuitem", name="Кто прочитал").click()
    dialog = teacher.get_by_role("dialog")
    for name in ("Ольга Соколова", "Миша Соколов"):
        expect(dialog.get_by_text(name)).to_be_visible()
    looks_right(teacher)
    teacher.keyboard.press("Escape")

    # The pupil may not call everybody; the teacher may, and both are called.
    pupil.get_by_label("Сообщение", exact=True).fill("@все привет")
    pupil.get_by_role("button", name="Отправить", exact=True).click()
    expect(pupil.locator(".message[data-state=failed]")).to_contain_text("Уберите «@все»")
    expect(said(teacher, "@все привет")).to_have_count(0)
    write(teacher, "@все, завтра контрольная")
    for page in (guardian, pupil):
        expect(page.locator(".mention[data-me]")).to_have_text("@все")

    # The one who goes hears nothing more; the others go on.
    school.leave(people["guardian"], chat)
    write(teacher, "Только для класса")
    expect(said(pupil, "Только для класса")).to_be_visible()
    guardian.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(guardian.get_by_text("Вы больше не участник этого чата")).to_be_visible()
    expect(said(guardian, "Только для класса")).to_have_count(0)
    expect(guardian).to_have_title(re.compile("Физика"))
