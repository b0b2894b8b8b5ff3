"""Make the icons of the installed application from static/icons/favicon.svg, by Chromium.

python tools/app_icons.py
"""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parents[1] / "static/icons"
SIZES = (192, 512)


def drawing(*, is_maskable: bool) -> str:
    """The sign; a maskable one fills the square and keeps the sign in the safe middle."""
    svg = (ICONS / "favicon.svg").read_text()
    if is_maskable:
        svg = svg.replace('rx="9"', "").replace('viewBox="0 0 32 32"', 'viewBox="-3 -3 38 38"')
        svg = re.sub(r"<rect ", '<rect x="-3" y="-3" ', svg)
        svg = svg.replace('width="32" height="32"', 'width="38" height="38"')
    return svg.replace("<svg ", '<svg style="display:block;width:100vw;height:100vh" ')


def main() -> None:
    """Write the four pictures."""
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            for is_maskable in (False, True):
                page.set_content(f"<body style='margin:0'>{drawing(is_maskable=is_maskable)}")
                name = f"app-{'maskable-' if is_maskable else ''}{size}.png"
                page.screenshot(path=ICONS / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
