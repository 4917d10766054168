"""Date: what publishers write for one, read as an aware UTC datetime.

Read by itself, for feedparser takes every zone name it does not know for UTC, a bare time of day
for today, and `2020/1/10` for the first of November.
"""

import calendar
import re
import time
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser as dateutil_parser

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Outside of these a date is a mistake: an unset field (1970, 1899, 0001) or a wrong unit."""

_LONGEST = 100
_CENTURY_TURNS_AT = 70
"""Two-digit years from here on are of the 1900s."""

_ZONES: dict[str, float] = {
    # RFC 5322, 4.3, which also says that its single letters but Z mean nothing certain.
    "z": 0, "ut": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    # Names that news outlets write. Of several meanings the one that outlets use: BST is British
    # Summer Time, IST Indian, CST American, GST that of the Gulf.
    "utc": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1, "wat": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "cat": 2, "sast": 2,
    "eest": 3, "eat": 3, "msk": 3, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5, "npt": 5.75,
    "ict": 7, "wib": 7, "sgt": 8, "hkt": 8, "pht": 8, "myt": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "clt": -4, "clst": -3,
    "cot": -5, "pet": -5, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv januar enero janeiro gennaio janvier januari",
            "feb fev febr fév févr februar febrero fevereiro febbraio février februari",
            "mar mär mrz maart mars märz marzo março",
            "apr abr avr avril april abril aprile",
            "may mai mei maj mag mayo maio maggio",
            "jun juni juin junio junho giu giugno",
            "jul juli juil juillet julio julho lug luglio",
            "aug ago aoû août agosto augustus",
            "sep sept set septembre septiembre setembro settembre",
            "oct okt out ott octobre octubre oktober outubro ottobre",
            "nov novembre noviembre novembro",
            "dec dez dic déc décembre diciembre dezembro dicembre dezember",
        ),
        start=1,
    )
    for name in names.split()
}

_ZONE = r"(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT)?[+-−]\d{1,2}:?(?:\d\d)?|)"
_MAIL_DATE = re.compile(
    r"(?:[^\W\d_]+\.?,?\s+)?"
    r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+(?P<month>[^\W\d_]{3,10})\.?"
    r"|(?P<month2>[^\W\d_]{3,10})\.?\s+(?P<day2>\d{1,2})),?"
    r"[\s-]+(?P<year>\d{4}|\d\d),?"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*" + _ZONE + ")?",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(
    r"(?P<year>\d{4})(?:(?P<sep>[-/.]?)(?P<month>\d\d?)(?:(?P=sep)(?P<day>\d\d?))?)?"
    r"(?:(?:[T_]|\s+|T\s+)(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"\s*" + _ZONE + ")?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"(\d{9,10})(?:\d{3})?(?:\.\d+)?")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?", re.IGNORECASE)
_FEEDPARSERS_OWN = re.compile(r"[^\x00-\x7f]|\d{4}-(?:\d{3}\b|[a-z])")
"""Korean, Greek and Hungarian dates, and days counted from New Year."""
_FARTHEST_ZONE = timedelta(hours=14)


def read_date(raw: str | None, *, hint: time.struct_time | None = None) -> datetime | None:
    """Read one date.

    RFC 2822 with the liberties outlets take (zone names, month names in seven languages, two-digit
    years), ISO 8601 and its relatives, seconds since 1970, then whatever dateutil reads one way
    only. No zone means UTC.

    Args:
        raw: As the feed writes it.
        hint: What feedparser makes of it, in UTC; believed for the forms that it alone reads.

    Returns:
        Aware, UTC; None where nothing certain can be read or the date is absurd.
    """
    text = _COMMENT.sub("", " ".join((raw or "")[:_LONGEST].split())).replace("−", "-")
    if not text:
        return None
    for read in (_from_mail, _from_iso, _from_epoch, _from_anything):
        try:
            moment = read(text)
            if moment is not None:
                return _plausible(moment)
        except (ValueError, OverflowError):
            continue
    if hint is not None and _FEEDPARSERS_OWN.search(text):
        return _plausible(datetime.fromtimestamp(calendar.timegm(hint), tz=UTC))
    return None


def _plausible(moment: datetime) -> datetime | None:
    utc = moment.astimezone(UTC)
    return utc if _EARLIEST <= utc < _LATEST else None


def _from_mail(text: str) -> datetime | None:
    found = _MAIL_DATE.fullmatch(text)
    month = _MONTHS.get(_short(found["month"] or found["month2"])) if found else None
    if found is None or month is None:
        return None
    return _moment(found, month=month, day=int(found["day"] or found["day2"]))


def _short(month: str) -> str:
    name = month.lower()
    return name if name in _MONTHS else name[:3]


def _from_iso(text: str) -> datetime | None:
    found = _ISO_DATE.fullmatch(text)
    if found is None or (found["month"] and not found["sep"] and len(text) < len("20200110")):
        return None
    return _moment(found, month=int(found["month"] or 1), day=int(found["day"] or 1))


def _moment(found: re.Match[str], *, month: int, day: int) -> datetime | None:
    zone = _zone(found["zone"] or "")
    if zone is None:
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    midnight = datetime(_year(found["year"]), month, day, tzinfo=zone)
    if (hour, minute) == (24, 0):
        return midnight + timedelta(days=1)
    # A leap second has no place in datetime.
    return midnight.replace(hour=hour, minute=minute, second=min(second, 59))


def _year(written: str) -> int:
    year = int(written)
    if len(written) > 2:  # noqa: PLR2004 - the digits of a short year
        return year
    return year + (1900 if year >= _CENTURY_TURNS_AT else 2000)


def _zone(written: str) -> timezone | None:
    """The zone of an offset or a name; None for a name that is not known."""
    offset = _OFFSET.fullmatch(written)
    if offset is None:
        hours = _ZONES.get(written.lower(), 0 if not written else None)
        return None if hours is None else timezone(timedelta(hours=hours))
    away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    if away > _FARTHEST_ZONE:
        return None
    return timezone(-away if offset[1] == "-" else away)


def _from_epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(found[1]), tz=UTC) if found else None


def _from_anything(text: str) -> datetime | None:
    """Read by dateutil; None unless day, month and year are all there and in no doubt."""
    # Whatever the text leaves open is filled in differently each time, and shows.
    defaults = ((datetime(1904, 2, 3, tzinfo=UTC), False), (datetime(1908, 4, 5, tzinfo=UTC), True))
    readings: set[datetime] = {
        dateutil_parser.parse(text, default=default, dayfirst=day_first, tzinfos=_named_zone)
        for default, day_first in defaults
    }
    return readings.pop() if len(readings) == 1 else None


def _named_zone(name: str | None, offset: int | None) -> timezone:
    if name is None or offset is not None:
        return timezone(timedelta(seconds=offset or 0))
    zone = _zone(name)
    if zone is None:
        raise ValueError(name)
    return zone
