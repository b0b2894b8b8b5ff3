"""A photo, a document and a voice message between two real browsers; the viewer; a cut network."""

import pytest
from playwright.sync_api import expect

from tests.core import samples
from tests.messenger.serving import CHROMIUM
from tests.messenger.test_browsers import chat as chat  # noqa: PLC0414

pytestmark = pytest.mark.browser

FAKE_MICROPHONE = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def chromium(chromium):
    """Another one, with a microphone that beeps."""
    options = CHROMIUM | {"args": CHROMIUM["args"] + FAKE_MICROPHONE}
    browser = chromium.browser_type.launch(**options)
    yield browser
    browser.close()


@pytest.fixture
def anna(school):
    profile = school.profile("Анна Иванова")
    school.confirmed(profile, "teacher")
    return profile


@pytest.fixture
def boris(school):
    profile = school.profile("Борис Петров")
    school.confirmed(profile, "pupil")
    return profile


def files(*named):
    return [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in named]


def attach(page, *named):
    page.locator("[data-attach-input]").set_input_files(files(*named))


def photo(name="фото.jpg", size=(800, 500)):
    return name, "image/jpeg", samples.photo(size, gps=True)


def test_a_photo_a_document_and_a_voice_reach_the_other(window_of, anna, boris, chat):
    path = f"/im/chats/{chat.public_id}"
    first, second = window_of(anna, path), window_of(boris, path)
    expect(second.locator(".history")).to_have_attribute("data-ready", "yes")

    # Two photos and a document with a caption.
    first.get_by_label("Прикрепить").click()
    with first.expect_file_chooser() as chooser:
        first.get_by_text("Фото или видео").click()
    chooser.value.set_files(files(photo(), photo("вторая.jpg", (500, 800))))
    attach(first, ("Работа.pdf", "application/pdf", samples.PDF))
    expect(first.locator(".tile[data-state=ready]")).to_have_count(3)
    first.get_by_label("Сообщение", exact=True).fill("С экскурсии")
    first.keyboard.press("Enter")
    message = second.locator(".message[data-seq='1']")
    expect(message.locator(".album-photo")).to_have_count(2)
    expect(message).to_contain_text("С экскурсии")
    expect(first.locator(".message[data-seq='1'] .album-photo")).to_have_count(2)
    expect(first.locator(".tile")).to_have_count(0)
    assert message.locator(".album-photo").first.evaluate(
        "image => image.decode().then(() => image.naturalWidth > 0)"
    )
    with second.expect_download() as download:
        message.get_by_text("Работа.pdf").click()
    assert download.value.suggested_filename == "Работа.pdf"

    # The viewer: by keyboard there and back, and the focus returns.
    message.get_by_label("Фото 1 из 2").click()
    viewer = second.locator("dialog[data-viewer]")
    expect(viewer.get_by_text("1 / 2")).to_be_visible()
    second.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("2 / 2")).to_be_visible()
    second.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(message.get_by_label("Фото 1 из 2")).to_be_focused()

    # A voice: cancelled once, then recorded, heard and sent.
    record = first.get_by_label("Записать голосовое сообщение")
    record.click()
    expect(first.locator("[data-recorder-time]")).to_have_text("0:01")
    first.keyboard.press("Escape")
    expect(first.locator("[data-recorder]")).to_be_hidden()
    record.click()
    expect(first.locator("[data-recorder-time]")).to_have_text("0:01")
    first.get_by_label("Остановить и прослушать").click()
    first.locator(".recorder-heard [data-sound-play]").click()
    expect(first.locator(".recorder-heard")).to_have_attribute("data-playing", "")
    first.get_by_label("Отправить голосовое сообщение").click()
    voice = second.locator(".message[data-seq='2'] [data-sound]")
    expect(voice).to_be_visible()
    assert int(voice.get_attribute("data-duration")) >= 400
    voice.locator("[data-sound-play]").click()
    expect(voice).to_have_attribute("data-playing", "")
    expect(voice.locator("rect[data-played]").first).to_be_attached()
    voice.locator("[data-sound-speed]").click()
    expect(voice.locator("[data-sound-speed]")).to_have_text("1,5×")
    assert voice.locator("audio").evaluate("audio => audio.playbackRate") == 1.5


def test_dropped_and_pasted_files_wait_out_a_lost_network(window_of, anna, boris, chat):
    page = window_of(anna, f"/im/chats/{chat.public_id}")
    expect(page.locator(".history")).to_have_attribute("data-ready", "yes")
    for event in ("paste", "drop"):
        page.evaluate(
            """([event, bytes]) => {
              const data = new DataTransfer();
              data.items.add(new File([new Uint8Array(bytes)], `${event}.jpg`, {type: "image/jpeg"}));
              const init = {bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data};
              const target = document.querySelector("[data-composer-text]");
              target.dispatchEvent(event === "paste" ? new ClipboardEvent(event, init) : new DragEvent(event, init));
            }""",
            [event, list(samples.photo())],
        )
    expect(page.locator(".tile[data-state=ready]")).to_have_count(2)
    page.context.set_offline(True)
    attach(page, ("Работа.pdf", "application/pdf", samples.PDF))
    expect(page.locator(".tile[data-state=failed]")).to_have_count(1)
    page.context.set_offline(False)
    page.locator(".tile[data-state=failed] [data-tile-retry]").click()
    expect(page.locator(".tile[data-state=ready]")).to_have_count(3)
    page.locator(".tile").nth(1).get_by_label("Убрать файл").click()
    expect(page.locator(".tile")).to_have_count(2)
    page.keyboard.press("Enter")
    message = page.locator(".message[data-seq='1']")
    expect(message.locator(".album-photo")).to_have_count(1)
    expect(message.get_by_text("Работа.pdf")).to_be_visible()
    expect(page.locator(".tile")).to_have_count(0)
