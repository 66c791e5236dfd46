"""Standard characters that a conversion of Traditional into Simplified takes for others.

通用规范汉字表 (2013) gave 昇, 於 and others back to names: 刘昇 is not 刘升. They are not turned into
the other when names are compared; where only the other is registered, it is proposed and asked about.
"""

# 22 of the 8,105; tests/services/test_standard_characters.py finds them anew with OpenCC.
LOOKALIKES = dict(
    zip(
        "乾剋袷麽徵薹氾扞吒苧昇於祕陞脩蒐夥劄薳谿釐爇",
        "干克夹么征苔泛捍咤苎升于秘升修搜伙札䓕溪厘𦶟",
        strict=True,
    )
)
_TABLE = str.maketrans(LOOKALIKES)


def loosely(text: str) -> str:
    """`text` with these characters as the others; as long as it was."""
    return text.translate(_TABLE)
