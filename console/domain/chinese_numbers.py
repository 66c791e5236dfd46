"""Numbers as people say them: 二十三, 一二三, 三栋 → digits. Roads called 五一路 stay as they are."""

import re

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "两": 2, "幺": 1}
WEIGHTS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[零〇一二三四五六七八九十百千两幺]+"


def chinese_number(words: str) -> int | None:
    """The value of a Chinese numeral below 10,000, said with weights (二十三) or digit by digit (二三).

    Returns None when the characters are not one number.
    """
    if not words or any(c not in DIGITS and c not in WEIGHTS for c in words):
        return None
    if all(character in DIGITS for character in words):
        return int("".join(str(DIGITS[character]) for character in words))
    return _weighted(words)


def _weighted(words: str) -> int | None:
    total = 0
    digit = None
    for character in words:
        if character in DIGITS:
            if digit:
                # 四十五六: two numbers.
                return None
            digit = DIGITS[character]
        else:
            total += (1 if digit is None else digit) * WEIGHTS[character]
            digit = None
    return total + (digit or 0)


def with_digits(text: str, before: str) -> str:
    """`text` with each Chinese numeral that stands right before the pattern `before` in digits."""

    def digits(found: re.Match[str]) -> str:
        value = chinese_number(found.group())
        return found.group() if value is None else str(value)

    return re.sub(f"{NUMERAL}(?={before})", digits, text)
