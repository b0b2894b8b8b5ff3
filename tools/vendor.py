"""Vendor the front-end files: pinned npm tarballs, checked, a few files kept, one icon sprite.

    python tools/vendor.py          download, verify against the lock, write static/vendor
    python tools/vendor.py --update accept new versions into the lock
    python tools/vendor.py --check  verify the committed files, without network

Only `npm pack` is used: no node_modules, no scripts of packages are run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "static/vendor/vendor.lock.json"
ICON_LIST = ROOT / "static/icons/icons.txt"
SPRITE = ROOT / "static/icons/sprite.svg"
ICONS = "@vkontakte/icons@3.53.0"
TOKENS = "@vkontakte/vkui-tokens@4.77.0"
FONT = "@fontsource-variable/golos-text@5.3.0"

PACKAGES: dict[str, dict[str, str]] = {
    "htmx.org@2.0.11": {
        "dist/htmx.min.js": "static/vendor/htmx.min.js",
        "LICENSE": "static/vendor/htmx.LICENSE",
    },
    "socket.io-client@4.8.4": {
        "dist/socket.io.esm.min.js": "static/vendor/socket.io.esm.min.js",
        "LICENSE": "static/vendor/socket.io.LICENSE",
    },
    TOKENS: {},
    ICONS: {"LICENSE": "static/vendor/icons.LICENSE"},
    FONT: {
        "files/golos-text-cyrillic-wght-normal.woff2": "static/vendor/golos-cyrillic.woff2",
        "files/golos-text-cyrillic-ext-wght-normal.woff2": "static/vendor/golos-cyrillic-ext.woff2",
        "files/golos-text-latin-wght-normal.woff2": "static/vendor/golos-latin.woff2",
        "files/golos-text-latin-ext-wght-normal.woff2": "static/vendor/golos-latin-ext.woff2",
        "LICENSE": "static/vendor/golos.LICENSE",
    },
    "axe-core@4.14.1": {
        "axe.min.js": "tests/vendor/axe.min.js",
        "LICENSE": "tests/vendor/axe.LICENSE",
    },
}


def main(arguments: list[str]) -> int:
    """Run one of the three modes; returns the exit status."""
    lock: dict[str, Any] = json.loads(LOCK.read_text()) if LOCK.exists() else {}
    if "--check" in arguments:
        return check(lock)
    new = {"packages": {}, "files": {}}
    for spec, files in PACKAGES.items():
        tarball, integrity = download(spec)
        known = lock.get("packages", {}).get(spec)
        if known not in (None, integrity) and "--update" not in arguments:
            print(f"{spec}: integrity differs from the lock; nothing written")
            return 1
        new["packages"][spec] = integrity
        for source, target in files.items():
            write(target, tarball[source], new)
        if spec == TOKENS:
            write("static/vendor/vk-tokens.css", token_sheet(tarball), new)
        if spec == ICONS:
            write("static/icons/sprite.svg", sprite(tarball), new)
    LOCK.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n")
    print(f"{len(new['files'])} files from {len(PACKAGES)} packages")
    return 0


def check(lock: dict[str, Any]) -> int:
    """Compare the committed files with the lock."""
    wrong = [
        name
        for name, digest in lock.get("files", {}).items()
        if not (ROOT / name).exists() or sha256((ROOT / name).read_bytes()) != digest
    ]
    if set(lock.get("packages", {})) != set(PACKAGES):
        wrong.append("the list of packages")
    ids = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    wrong += [f"icon {name}" for name in icon_names() if name not in ids]
    for name in wrong:
        print(f"differs from the lock: {name}")
    return 1 if wrong else 0


def download(spec: str) -> tuple[dict[str, bytes], str]:
    """Fetch a package; returns its files and its integrity, which npm's own answer must equal."""
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(
            ["npm", "pack", spec, "--json", "--pack-destination", folder],
            check=True,
            capture_output=True,
            text=True,
            cwd=folder,
        )
        info = json.loads(answer.stdout)
        info = info[0] if isinstance(info, list) else next(iter(info.values()))
        path = next(Path(folder).glob("*.tgz"))
        data = path.read_bytes()
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        if integrity != info["integrity"]:
            raise SystemExit(f"{spec}: the tarball does not match its integrity")
        with tarfile.open(path) as archive:
            files = {}
            for member in archive.getmembers():
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    files[member.name.removeprefix("package/")] = content.read()
    return files, integrity


def write(target: str, data: bytes, lock: dict[str, Any]) -> None:
    """Write a vendored file and remember its hash."""
    path = ROOT / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    lock["files"][target] = sha256(data)


def sha256(data: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(data).hexdigest()


def token_sheet(files: dict[str, bytes]) -> bytes:
    """VK's colour variables: light by default; dark by choice, or by device when «auto»."""
    light = declarations(files["themes/vkCom/cssVars/declarations/onlyColors.css"])
    dark = declarations(files["themes/vkComDark/cssVars/declarations/onlyColors.css"])
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f'[data-theme="dark"]{{color-scheme:dark;{dark}}}\n'
        "@media (prefers-color-scheme:dark){"
        f'[data-theme="auto"]{{color-scheme:dark;{dark}}}}}\n'
    ).encode()


def declarations(sheet: bytes) -> str:
    """The declarations of a sheet, without hover and active variants, on one line."""
    found = re.findall(r"(--vkui--[\w-]+):\s*([^;]+);", sheet.decode())
    return "".join(
        f"{name}:{value.strip()};"
        for name, value in found
        if "--hover" not in name and "--active" not in name
    )


def icon_names() -> list[str]:
    """Names asked for, one a line, such as message_outline_28."""
    return [line.strip() for line in ICON_LIST.read_text().splitlines() if line.strip()]


def sprite(files: dict[str, bytes]) -> bytes:
    """One SVG of symbols in the text's colour."""
    by_name = {Path(name).stem: data for name, data in files.items() if name.startswith("src/svg/")}
    symbols = [symbol(name, by_name[name].decode()) for name in icon_names()]
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def symbol(name: str, svg: str) -> str:
    """An icon's drawing as a symbol: no titles, ids, styles or colours of its own."""
    size = name.rsplit("_", 1)[1]
    found = re.search(r"<svg([^>]*)>(.*)</svg>", svg, re.S)
    attributes, drawing = found.groups() if found else ("", "")
    paint = "none" if 'fill="none"' in attributes else "currentColor"
    drawing = re.sub(
        r"<!--.*?-->|<(title|desc|defs)\b.*?</\1>|<(title|desc|defs)/>", "", drawing, flags=re.S
    )
    drawing = re.sub(r'\s(id|style|class|xmlns:\w+|sketch:\w+|mask|clip-path)="[^"]*"', "", drawing)
    drawing = re.sub(
        r'<(rect|path|polygon)\b[^>]*(?:opacity="0"|fill="none")[^>]*(/>|>\s*</\1>)', "", drawing
    )
    drawing = re.sub(r'<rect x="0" y="0" width="\d+" height="\d+"\s*(/>|></rect>)', "", drawing)
    drawing = re.sub(r'fill="(?!none)[^"]*"', 'fill="currentColor"', drawing)
    drawing = re.sub(r'stroke="(?!none)[^"]*"', 'stroke="currentColor"', drawing)
    drawing = re.sub(r"\s+", " ", drawing).strip()
    return f'<symbol id="{name}" viewBox="0 0 {size} {size}" fill="{paint}">{drawing}</symbol>'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
