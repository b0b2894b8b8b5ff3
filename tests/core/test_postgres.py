"""What PostgreSQL would not take and SQLite does."""

from sqlalchemy import String, bindparam, create_engine, select


def test_a_text_with_a_nul_is_another_text_and_no_error(postgres):
    engine = create_engine(postgres)
    said = bindparam("said", type_=String)
    with engine.connect() as connection:
        for given, read in (("а\0б", "а\ufffdб"), ("а б", "а б"), ("", "")):
            assert connection.scalar(select(said), {"said": given}) == read
    engine.dispose()
