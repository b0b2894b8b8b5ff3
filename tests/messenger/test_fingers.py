"""A phone under fingers: a swipe answers, a long press opens the menu, two fingers come closer."""

import io

import pytest
from playwright.sync_api import expect

from app.messenger.attachments.uploading import Measured, upload
from app.messenger.messages.sending import send_message
from tests.core import samples
from tests.messenger.fingers import Fingers
from tests.messenger.looking import looks_right
from tests.messenger.test_browsers import anna as anna  # noqa: PLC0414
from tests.messenger.test_browsers import boris as boris  # noqa: PLC0414
from tests.messenger.test_browsers import chat as chat  # noqa: PLC0414
from tests.messenger.test_browsers import is_live

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def middle_of(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def photo_of(profile, chat, number):
    content = samples.photo((600, 400 + number))
    sent = upload(
        profile.id, chat.public_id, io.BytesIO(content), name=f"{number}.jpg", measured=Measured()
    )
    send_message(profile.id, chat.public_id, f"photo-{number:04}", "", attachments=[sent.id])


def test_a_phone_is_led_by_fingers(school, window_of, anna, boris, chat):
    school.says(boris, chat, "Собрание в 18:00, приходите все, кто может", "by-boris-1")
    school.says(anna, chat, "Приду", "by-anna-1")
    for number in (1, 2):
        photo_of(boris, chat, number)
    page = window_of(anna, f"/im/chats/{chat.public_id}", **PHONE)
    is_live(page, chat)
    fingers, theirs = Fingers(page), page.locator("#m-by-boris-1 .message-bubble")
    about, menu = page.locator("[data-about]"), page.get_by_role("menu")

    # A swipe that is too short answers nothing, a scroll neither; a long one does.
    x, y = middle_of(theirs)
    fingers.draw((x, y), (x - 40, y))
    expect(about).to_be_hidden()
    fingers.draw((x, y), (x - 20, y + 120))
    expect(about).to_be_hidden()
    fingers.touch((x, y))
    for by in (15, 45, 75, 95):
        fingers.move((x - by, y))
    expect(page.locator("[data-swipe-mark][data-enough]")).to_be_visible()
    fingers.lift()
    expect(about).to_contain_text("Собрание в 18:00")
    expect(page.locator("[data-swipe-mark]")).to_be_hidden()
    expect(menu).to_be_hidden()
    page.get_by_label("Сообщение", exact=True).fill("Договорились")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator(".message-quote")).to_contain_text("Собрание в 18:00")

    # A finger that stays opens the menu, and lifting it chooses nothing.
    theirs.scroll_into_view_if_needed()
    fingers.touch(middle_of(theirs))
    expect(menu).to_be_visible()
    fingers.lift()
    expect(menu).to_be_visible()
    looks_right(page)
    page.get_by_role("menuitem", name="Ответить").tap()
    expect(about).to_contain_text("Борис Петров")
    page.get_by_label("Отмена").tap()

    # The viewer: two fingers apart come closer, one moves the photo, a double tap goes back.
    page.locator("#m-photo-0001 [data-photo]").tap()
    viewer, image = page.locator("dialog[data-viewer]"), page.locator("[data-viewer-image]")
    expect(viewer.get_by_text("1 / 2")).to_be_visible()
    looks_right(page)
    plain = image.bounding_box()["width"]
    fingers.touch((170, 420), (220, 420))
    for by in (20, 50, 80):
        fingers.move((170 - by, 420), (220 + by, 420))
    fingers.lift()
    assert image.bounding_box()["width"] > 2 * plain
    before = image.bounding_box()["x"]
    fingers.draw((200, 420), (260, 420))
    assert image.bounding_box()["x"] > before + 30
    expect(viewer.get_by_text("1 / 2")).to_be_visible()
    fingers.touch((100, 420), (300, 420))
    for by in (40, 80, 95):
        fingers.move((100 + by, 420), (300 - by, 420))
    fingers.lift()
    assert image.bounding_box()["width"] == plain
    # A swipe goes on to the next photo, a swipe down closes.
    fingers.draw((300, 420), (100, 420))
    expect(viewer.get_by_text("2 / 2")).to_be_visible()
    fingers.draw((200, 300), (200, 500))
    expect(viewer).to_be_hidden()
