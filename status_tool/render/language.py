"""How phrases, dates, durations and percentages are written in the language of a page.

The only user of Babel. Catalogues are `.po` files, compiled and cached by the first build.
"""

from __future__ import annotations

import datetime
import functools
import gettext
import io
from functools import cached_property, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from status_tool.system import cache, fingerprint, package_files
from status_tool.text.zones import zone_name


class Language:
    """Phrases and formats in the language `code`, with times in `zone`."""

    def __init__(self, code: str, zone: datetime.tzinfo) -> None:
        self.code = code
        self.zone = zone
        self.locale = _locale(code)
        self.phrases = _catalogue(code)
        self.gettext = self.phrases.gettext
        self.ngettext = self.phrases.ngettext
        self._share = lru_cache(maxsize=10_001)(self._share_uncached)
        self._duration = lru_cache(maxsize=10_000)(self._duration_uncached)
        self._date = lru_cache(maxsize=50_000)(self._date_uncached)
        self._month = lru_cache(maxsize=5_000)(self._month_uncached)

    @cached_property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    @cached_property
    def phrase_language(self) -> str:
        """The language of the phrases: `code`, or `en` if `code` has no catalogue. Dates are always in `code`."""
        return self.code if self.locale.language == "en" or self.phrases.info() else "en"

    @cached_property
    def territory_tag(self) -> str:
        """`en_GB`: the language with the territory whose dates it has, as Open Graph wants it."""
        return self.territory_tag_of(self.code)

    @staticmethod
    def territory_tag_of(code: str) -> str:
        """`fr_FR` for `fr`: a language with its territory, or with the one where most of its readers are."""
        locale = _locale(code)
        likely = get_global("likely_subtags").get(locale.language, "")
        territory = locale.territory or ("GB" if locale.language == "en" else likely.rpartition("_")[2])
        return f"{locale.language}_{territory}" if territory else locale.language

    def date(self, day: datetime.date) -> str:
        """`4 October 2021`"""
        return self._date(day.year, day.month, day.day)

    def _date_uncached(self, year: int, month: int, day: int) -> str:
        if self.locale.language == "en" and self.locale.territory in (None, "GB"):
            return f"{day} {format_date(datetime.date(year, month, day), 'MMMM y', locale=self.locale)}"
        text = format_date(datetime.date(year, month, day), "long", locale=self.locale)
        return text.replace("1 ", "1er ", 1) if self.locale.language == "fr" and day == 1 else text

    def month(self, month: datetime.date) -> str:
        """`October 2021`"""
        return self._month(month.year, month.month)

    def _month_uncached(self, year: int, month: int) -> str:
        return format_skeleton("yMMMM", datetime.date(year, month, 1), locale=self.locale)

    def day(self, time: datetime.datetime) -> datetime.date:
        """The day of `time` in the site's zone."""
        return time.astimezone(self.zone).date()

    def date_time(self, time: datetime.datetime, day: datetime.date | None = None) -> str:
        """`4 October 2021, 16:07 UTC`; `16:07 UTC` if it is on `day`, which the reader knows already."""
        local = time.astimezone(self.zone)
        hour = f"{_minute(local)} {zone_name(local)}"
        return hour if local.date() == day else self._date_at_time(local, hour)

    def time_of_day(self, time: datetime.datetime) -> str:
        """`16:07`: the time in the site's zone."""
        return _minute(time.astimezone(self.zone))

    def _date_at_time(self, day: datetime.date, time: str) -> str:
        return self.gettext("%(date)s, %(time)s") % {"date": self.date(day), "time": time}

    def zone_name(self, time: datetime.datetime) -> str:
        """`CET`: the name of the site's time zone at `time`."""
        return zone_name(time.astimezone(self.zone))

    def window(self, begin: datetime.datetime, until: datetime.datetime) -> str:
        """`4 October 2021, 16:00–18:00 UTC`; with both dates if they differ; one time if both are the same minute."""
        return "".join(self.window_parts(begin, until))

    def window_parts(
        self, begin: datetime.datetime, until: datetime.datetime, day: datetime.date | None = None
    ) -> tuple[str, str, str]:
        """The start of a window, the dash, and the end: `("4 October 2021, 16:00", "–", "18:00 UTC")`.

        The date of `day`, which the reader knows already, is left out.
        """
        start, end = begin.astimezone(self.zone), until.astimezone(self.zone)
        if start.date() != end.date() or zone_name(start) != zone_name(end):
            return self.date_time(begin, day), " – ", self.date_time(until, day)
        if _minute(start) == _minute(end):
            return self.date_time(begin, day), "", ""
        hour = _minute(start)
        return (
            hour if start.date() == day else self._date_at_time(start, hour),
            "–",
            f"{_minute(end)} {zone_name(start)}",
        )

    def duration(self, length: datetime.timedelta) -> str:
        """`7 h 11 min`: the largest unit and the next one that is not zero, in whole minutes."""
        return self._duration(int(length.total_seconds()) // 60)

    def _duration_uncached(self, minutes: int) -> str:
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        units = []
        if days:
            units.append(self.gettext("%(n)d d") % {"n": days})
        if hours:
            units.append(self.gettext("%(n)d h") % {"n": hours})
        if minutes:
            units.append(self.gettext("%(n)d min") % {"n": minutes})
        return " ".join(units[:2]) or self.gettext("less than a minute")

    def share(self, share: float) -> str:
        """`99.95%` for 0.9995: rounded down, so that only 1.0 is `100%`."""
        return self._share(int(share * 100_00) / 100)

    def _share_uncached(self, percent: float) -> str:
        number = format_decimal(percent, "0.00" if percent < 100 else "0", self.locale)
        return self.gettext("%(number)s%%") % {"number": number}

    def labelled(self, label: str, text: str) -> str:
        """Joins a label and a text by a colon, as the language writes it: `Resolved: API errors`."""
        return self.gettext("%(label)s: %(text)s") % {"label": label, "text": text}

    def language_name(self, code: str) -> str:
        """`français` for `fr`: the name of a language in that language."""
        locale = _locale(code)
        return locale.get_display_name(locale) or code


def _minute(time: datetime.datetime) -> str:
    """`16:07`; five times as fast as `strftime`."""
    return f"{time.hour:02}:{time.minute:02}"


@functools.cache
def get(code: str, zone: datetime.tzinfo) -> Language:
    """The shared Language for this code and zone, so that all pages use the same caches."""
    return Language(code, zone)


def available() -> list[str]:
    """The codes of the languages that have a catalogue; English needs none."""
    return sorted(path.stem for path in (package_files.OURS / "locales").glob("*.po"))


@functools.cache
def _locale(code: str) -> Locale:
    for tag in (code, code.split("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("English is always known")


@functools.cache
def _catalogue(code: str) -> gettext.NullTranslations:
    for tag in (code, code.split("-")[0]):
        path = package_files.OURS / "locales" / f"{tag}.po"
        if path.is_file():
            return _compiled(path)
    return gettext.NullTranslations()


def _compiled(path: Path) -> gettext.GNUTranslations:
    file = cache.catalogue(path.stem)
    content = cache.read(file, bytes, fingerprint.program())
    if content is None:
        content = _compile(path)
        cache.write(file, content, fingerprint.program())
    return gettext.GNUTranslations(io.BytesIO(content))


def _compile(path: Path) -> bytes:
    from babel.messages.mofile import write_mo  # imported only if the cache has no compiled catalogue
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()
