"""What no template may have, and no file may become."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = sorted((ROOT / "app").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_or_script(path):
    text = path.read_text()
    assert not re.search(r"""\sstyle=["']|\son[a-z]+=["']|<style\b|<script(?![^>]*\bsrc=)""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_form_that_writes_has_its_token(path):
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.S):
        if 'method="post"' in form:
            assert "csrf_token" in form or "hidden_tag" in form or "_names" in form, form


def test_files_stay_short():
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for paths, most in ((PYTHON, 300), (TEMPLATES, 120), (SCRIPTS, 200))
        for path in paths
        if (count := len(path.read_text().splitlines())) > most
    ]
    assert long == []


def test_the_demo_is_imported_by_the_factory_alone():
    users = [
        path.relative_to(ROOT)
        for path in PYTHON
        if re.search(r"from app\.demo|import app\.demo", path.read_text())
        and "demo" not in path.relative_to(ROOT).parts
    ]
    assert [str(path) for path in users] == ["app/__init__.py"]
