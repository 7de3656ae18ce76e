"""Dates as people write them (HUMANE.md, H5)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import PartialDate, read_date

TODAY = date(2026, 11, 23)
SEASONS = {"winter": "winter", "شتاء": "winter", "зима": "winter", "ete": "summer", "verano": "summer"}


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2021-04-03", ["2021-04-03"]),
        ("3/4/2021", ["2021-04-03", "2021-03-04"]),
        ("٣/٤/٢٠٢١", ["2021-04-03", "2021-03-04"]),
        ("25.12.2013", ["2013-12-25"]),
        ("12/25/2013", ["2013-12-25"]),
        ("4/4/14", ["2014-04-04"]),
        ("5/2012", ["2012-05"]),
        ("2012", ["2012"]),
        ("٢٠١٥", ["2015"]),
        ("12 March 2013", ["2013-03-12"]),
        ("March 3rd, 2013", ["2013-03-03"]),
        ("12 آذار 2013", ["2013-03-12"]),
        ("١٢ مارس ٢٠١٣", ["2013-03-12"]),
        ("في كانون الثاني 2014", ["2014-01"]),
        ("كانون الأول 2014", ["2014-12"]),
        ("جانفي 2014", ["2014-01"]),
        ("5 غشت 2014", ["2014-08-05"]),
        ("février 2014", ["2014-02"]),
        ("1er août 2015", ["2015-08-01"]),
        ("24 лютого 2022", ["2022-02-24"]),
        ("лютий 2022", ["2022-02"]),
        ("3 de mayo de 2016", ["2016-05-03"]),
        ("winter 2014", ["2014"]),
        ("شتاء ٢٠١٤", ["2014"]),
        ("été 2015", ["2015"]),
        ("31/2/2014", []),
        ("3/4/2031", []),
        ("yesterday", []),
        ("99/99/99", []),
        ("", []),
        ("12 March", []),
        ("between 2012 and 2014", []),
    ],
)
def test_dates_in_many_hands(typed: str, iso: list[str]) -> None:
    assert [d.iso for d in read_date(typed, TODAY, SEASONS)] == iso


def test_a_season_is_kept() -> None:
    assert read_date("winter 2014", TODAY, SEASONS) == [PartialDate(2014, season="winter")]


@given(st.text(max_size=80))
def test_anything_may_be_typed(typed: str) -> None:
    for found in read_date(typed, TODAY, SEASONS):
        assert found.year <= TODAY.year


@given(
    st.dates(min_value=date(1950, 1, 1), max_value=TODAY),
    st.sampled_from(["{d}/{m}/{y}", "{d}.{m}.{y}", "{y}-{m}-{d}"]),
)
def test_every_day_is_among_its_readings(day: date, pattern: str) -> None:
    typed = pattern.format(d=day.day, m=day.month, y=day.year)
    assert PartialDate(day.year, day.month, day.day) in read_date(typed, TODAY)
