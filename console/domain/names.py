"""How Chinese personal names are built: surnames, courtesy titles, characters beyond the first plane."""

import unicodedata

COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 "
    "公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 "
    "壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 "
    "梁丘 左丘 东门 西门 第五 歐陽 司馬 東方 諸葛 尉遲 公孫 長孫 鮮于 軒轅 慕容".split()
)
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾"
    "毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公付肖闫覃岳亓仉佟郄佘冼麦邸苟展母晋楚涂隋苑代粟储植商牟佴缑帅尧卿原幺来巨"
    "㛃䶮"
)
TITLES = frozenset("女士 先生 小姐 同志 老师 大爷 大妈 阿姨 师傅 老人 某某 某".split())


def characters(text: str) -> tuple[str, ...]:
    """`text` as characters a reader sees: variation selectors and combining marks stay with their base."""
    seen: list[str] = []
    for code in text:
        attached = unicodedata.category(code) in {"Mn", "Me", "Mc"} or code == "\u200d"
        if attached and seen:
            seen[-1] += code
        else:
            seen.append(code)
    return tuple(seen)


def surname(name: str) -> str:
    """The surname of a Chinese name, compound ones whole; a two-character name has a single one."""
    parts = characters(name)
    if len(parts) > 2 and "".join(parts[:2]) in COMPOUND_SURNAMES:
        return "".join(parts[:2])
    return parts[0] if parts else ""


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph of any plane, private-use rare names included."""
    code = ord(character[0])
    return (
        0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xE000 <= code <= 0xF8FF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
        or code == 0x3007
    )
