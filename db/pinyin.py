"""Pinyin of names, so that people, units and streets are found without an input method (product.md 10).

pypinyin is slow to load and is imported when first used.
"""

import re
from functools import lru_cache
from itertools import islice, product

from console.domain.names import COMPOUND_SURNAMES, is_han, surname

MOST_VARIANTS = 4
_PLACE_ENDS = tuple("路街巷道弄区县镇乡村组园院苑城局委办处所站场店厂社桥山湖河湾里")
# Surnames read differently from the word; the second and later readings are heard too.
_SURNAME_READINGS = {
    "单": ("shan",), "解": ("xie",), "仇": ("qiu",), "区": ("ou",), "查": ("zha",), "曾": ("zeng",),
    "任": ("ren",), "朴": ("piao",), "盖": ("ge", "gai"), "翟": ("zhai", "di"), "覃": ("qin", "tan"),
    "乐": ("yue", "le"), "缪": ("miao",), "员": ("yun",), "冼": ("xian",), "洗": ("xian",),
    "华": ("hua",), "尉": ("wei",), "召": ("shao",), "种": ("chong",), "折": ("she",), "黑": ("he",),
    "繁": ("po",), "秘": ("bi",), "石": ("shi",), "纪": ("ji",), "燕": ("yan",), "宁": ("ning",),
    "葛": ("ge",), "哈": ("ha",), "那": ("na",), "隗": ("wei", "kui"), "句": ("gou",), "车": ("che",),
    "长孙": ("zhang sun",), "尉迟": ("yu chi",), "万俟": ("mo qi",), "澹台": ("tan tai",),
    "令狐": ("ling hu",), "鲜于": ("xian yu",), "宿": ("su",), "沈": ("shen",), "盛": ("sheng",),
    "都": ("du",), "贾": ("jia",), "郗": ("xi", "chi"), "藏": ("zang",), "臧": ("zang",), "强": ("qiang",),
}  # fmt: skip
# Characters whose second reading is really used in names of places and people. pypinyin lists every
# reading any dictionary has, which would make four variants of nothing.
_SECOND_READINGS = {
    "重": ("zhong", "chong"), "长": ("chang", "zhang"), "行": ("hang", "xing"), "乐": ("le", "yue"),
    "厦": ("sha", "xia"), "都": ("du", "dou"), "朝": ("chao", "zhao"), "曾": ("zeng", "ceng"),
    "单": ("dan", "shan"), "解": ("jie", "xie"), "石": ("shi", "dan"), "弄": ("long", "nong"),
    "大": ("da", "dai"), "六": ("liu", "lu"), "蚌": ("bang", "beng"), "埔": ("pu", "bu"),
    "堡": ("bao", "pu", "bu"), "涌": ("yong", "chong"), "番": ("fan", "pan"), "会": ("hui", "kuai"),
    "校": ("xiao", "jiao"), "率": ("lv", "shuai"), "参": ("can", "shen"), "藏": ("cang", "zang"),
    "盛": ("sheng", "cheng"), "强": ("qiang", "jiang"), "干": ("gan", "qian"), "泊": ("bo", "po"),
    "车": ("che", "ju"), "调": ("tiao", "diao"), "宿": ("su", "xiu"), "洞": ("dong", "tong"),
    "柏": ("bai", "bo"), "贾": ("jia", "gu"), "区": ("qu", "ou"), "卡": ("ka", "qia"), "茜": ("qian", "xi"),
}  # fmt: skip


@lru_cache(maxsize=50_000)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each syllable of `name`, the likeliest first; other characters stand for themselves."""
    from pypinyin import Style, lazy_pinyin

    syllables = []
    kept = re.sub(r"[^\w]", "", name)
    # pypinyin documents that `errors` may return a list; its stub knows strings only.
    likely = lazy_pinyin(kept, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    for character, reading in zip(kept, likely, strict=True):
        others = _SECOND_READINGS.get(character, ())
        first = reading if is_han(character) and reading.isascii() else character.lower()
        syllables.append(tuple(dict.fromkeys((first, *others))))
    return tuple(syllables)


def _with_surname(name: str) -> list[tuple[str, ...]]:
    """The readings of `name` with those of its surname: before the others unless it is a place."""
    syllables = list(_readings(name))
    family = name[:2] if name[:2] in COMPOUND_SURNAMES else surname(name)
    known = _SURNAME_READINGS.get(family)
    if not known or len(syllables) < len(family):
        return syllables
    person = 2 <= len(name) <= 4 and not name.endswith(_PLACE_ENDS)
    split = [reading.split() for reading in known]
    for place in range(len(family)):
        said = tuple(reading[place] for reading in split)
        both = (*said, *syllables[place]) if person else (*syllables[place], *said)
        syllables[place] = tuple(dict.fromkeys(both))
    return syllables


def _variants(choices: list[tuple[str, ...]]) -> tuple[str, ...]:
    # The likeliest reading of everything comes first, then one after another differs.
    every = ("".join(reading) for reading in product(*choices))
    return tuple(islice(dict.fromkeys(islice(every, 64)), MOST_VARIANTS))


def initials(name: str) -> tuple[str, ...]:
    """Pinyin initials of a name, likeliest first, at most four: 重庆路 → cql, zql; 单雄信 → sxx, dxx.

    Digits and Latin letters stand for themselves, punctuation for nothing.
    """
    return _variants([tuple(dict.fromkeys(r[:1] for r in each)) for each in _with_surname(name)])


def full_pinyin(name: str) -> tuple[str, ...]:
    """Pinyin of a name without tones and blanks, likeliest first, at most four."""
    return _variants(_with_surname(name))


def initials_column(name: str, width: int = 40) -> str:
    """What goes into an `initials` column: the variants with blanks between, as many as fit in `width`.

    The likeliest comes first, so that an index answers a prefix of it.
    """
    column = ""
    for variant in initials(name):
        longer = f"{column} {variant}".strip()
        column = longer if len(longer) <= width else column
    return column or initials(name)[0][:width]


def matches_initials(typed: str, name: str) -> bool:
    """Whether `typed` letters begin, or are a piece of, the initials or the pinyin of `name`."""
    letters = re.sub(r"[^a-z0-9]", "", typed.lower())
    if not letters:
        return False
    return any(letters in variant for variant in (*initials(name), *full_pinyin(name)))
