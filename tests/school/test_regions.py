import pytest

from app.core.errors import Invalid
from app.school.regions import all_regions, find_region, require_region


def test_there_are_89_regions_with_codes_of_their_own():
    regions = all_regions()
    assert len(regions) == 89
    assert len({region.code for region in regions}) == 89
    assert len({region.name for region in regions}) == 89


def test_codes_have_two_digits_and_names_have_no_spaces_around():
    for region in all_regions():
        assert len(region.code) == 2
        assert region.code.isdigit()
        assert region.name == region.name.strip() != ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("01", "Республика Адыгея (Адыгея)"),
        ("20", "Чеченская Республика"),
        ("42", "Кемеровская область — Кузбасс"),
        ("77", "Москва"),
        ("78", "Санкт-Петербург"),
        ("80", "Донецкая Народная Республика"),
        ("81", "Луганская Народная Республика"),
        ("84", "Херсонская область"),
        ("85", "Запорожская область"),
        ("86", "Ханты-Мансийский автономный округ — Югра"),
        ("91", "Республика Крым"),
        ("92", "Севастополь"),
    ],
)
def test_a_code_is_its_region(code, name):
    assert find_region(code).name == name


def test_they_stand_in_the_order_of_the_russian_alphabet():
    names = [region.name for region in all_regions()]
    assert names[0] == "Алтайский край"
    assert names[-1] == "Ярославская область"
    assert names.index("Орловская область") < names.index("Пензенская область")


def test_an_unknown_code_is_refused_in_words(app):
    with app.test_request_context(), pytest.raises(Invalid, match="«99»"):
        require_region("99")
    assert find_region(None) is None
