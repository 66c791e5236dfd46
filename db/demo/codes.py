"""Numbers that pass every check digit and can belong to nobody (field-facts 5.4, 10.11)."""

from datetime import date
from random import Random

# GB/T 2260 gives province prefixes 11-15, 21-23, 31-37, 41-46, 50-54, 61-65, 71, 81, 82; residence permits
# add 83 and foreigners' permits 9xx with 91. 98 is in none of them, and unlike 99 no register uses it for
# "unknown", so a real person or firm cannot carry it.
PROVINCE_CODE = "98"
CITY_CODE = "9801"
DISTRICT_CODE = "980102"

# Segments not opened to mobile numbers (libphonenumber knows none of them; it does know 161), each used only
# with block 0000 as field-facts 10.11 asks. Block 0000 of an open segment (130-0000) is real somewhere.
MOBILE_SEGMENTS = ("154", "160", "163", "164", "168", "169")
# Area codes in 06 are 066x and 069x only; 0600 rings nowhere.
AREA_CODE = "0600"

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def id_check(first17: str) -> str:
    """Check character of an identity number (GB 11643)."""
    return ID_CHECKS[sum(int(c) * w for c, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def id_number(region: str, born: date, serial: int) -> str:
    """Eighteen characters; an odd serial is a man's, an even one a woman's (GB 11643)."""
    first17 = f"{region}{born:%Y%m%d}{serial:03d}"
    return first17 + id_check(first17)


def organisation_check(first8: str) -> str:
    """Check character of the organisation code inside a credit code (GB 11714)."""
    total = sum(
        ORGANISATION_ALPHABET.index(c) * w
        for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[(11 - total % 11)]


def credit_check(first17: str) -> str:
    """Check character of a unified social credit code (GB 32100)."""
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def credit_code(kind: str, region: str, body8: str) -> str:
    """Eighteen characters from registration kind (`91` firm, `92` shop, `12` public body), region and body."""
    first17 = kind + region + body8 + organisation_check(body8)
    return first17 + credit_check(first17)


class PhoneBook:
    """Deals each invented number once."""

    def __init__(self, rng: Random) -> None:
        self._mobiles = rng.sample(range(len(MOBILE_SEGMENTS) * 10_000), 40_000)
        self._landlines = rng.sample(range(10_000_000), 8_000)

    def mobile(self) -> str:
        segment, last = divmod(self._mobiles.pop(), 10_000)
        return f"{MOBILE_SEGMENTS[segment]}0000{last:04d}"

    def landline(self) -> str:
        return f"{AREA_CODE}-2{self._landlines.pop():07d}"


class IdentityNumbers:
    """Deals identity numbers, none twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def issue(self, region: str, born: date, male: bool) -> str:
        while True:
            serial = self._rng.randrange(1 if male else 2, 999, 2)
            number = id_number(region, born, serial)
            if number not in self._given:
                self._given.add(number)
                return number
