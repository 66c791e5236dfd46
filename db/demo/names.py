"""Invented names of people, roads, estates, shops and schools.

Surname shares follow the Ministry of Public Security's 2020 name report (per cent of the population, rounded);
given-name characters follow the fashions of each generation. Place words are generic: none is taken from a map.
"""

from dataclasses import dataclass
from random import Random

_SURNAMES = (
    "王7.25 李7.19 张6.83 刘5.38 陈4.53 杨3.08 黄2.32 赵2.29 吴2.05 周2.02 徐1.66 孙1.52 马1.29 朱1.28 胡1.31 "
    "郭1.15 何1.17 林1.18 高1.00 罗0.95 郑0.93 梁0.85 谢0.81 宋0.76 唐0.71 许0.73 邓0.65 冯0.65 韩0.64 曹0.61 "
    "曾0.59 彭0.58 萧0.56 蔡0.54 潘0.52 田0.51 董0.50 袁0.50 于0.48 余0.47 叶0.46 蒋0.46 杜0.45 苏0.44 魏0.44 "
    "程0.43 吕0.42 丁0.42 沈0.41 任0.40 姚0.40 卢0.39 傅0.38 钟0.38 姜0.37 崔0.37 谭0.37 廖0.36 范0.35 汪0.35 "
    "陆0.34 金0.34 石0.33 戴0.33 贾0.32 韦0.32 夏0.31 邱0.31 方0.30 侯0.29 邹0.28 熊0.27 孟0.27 秦0.26 白0.26 "
    "江0.26 阎0.25 薛0.25 尹0.24 段0.23 雷0.22 黎0.21 史0.20 龙0.19 贺0.19 陶0.18 顾0.18 毛0.18 郝0.17 龚0.17 "
    "邵0.17 万0.17 钱0.16 严0.16 赖0.15 覃0.15 洪0.14 武0.14 莫0.13 孔0.13 欧阳0.06 上官0.02 司马0.02 诸葛0.02 "
    "司徒0.02 端木0.01 令狐0.01 皇甫0.01 夏侯0.01 单0.03 仇0.02 查0.03 解0.04 区0.03 朴0.02 尉迟0.01"
).split()


def _split_share(word: str) -> tuple[str, float]:
    at = next(i for i, c in enumerate(word) if c.isdigit())
    return word[:at], float(word[at:])


SURNAME_SHARES: dict[str, float] = dict(_split_share(word) for word in _SURNAMES)
_SURNAME_LIST = tuple(SURNAME_SHARES)
_SURNAME_CUMULATIVE = tuple(
    sum(tuple(SURNAME_SHARES.values())[: i + 1]) for i in range(len(_SURNAME_LIST))
)

# First birth year of a generation → (male characters, female characters, share of one-character names).
_GENERATIONS: tuple[tuple[int, str, str, float], ...] = (
    (
        0,
        "德福寿昌永茂清贵仁义全祥和兴顺有财长荣水根金银宝连忠孝庆喜树山海",
        "秀英兰芝珍桂素贞淑琴凤仙玉莲翠花香菊梅芳彩云月娥荣改大妮",
        0.10,
    ),
    (
        1950,
        "建国军华平国庆志强援朝卫东红兵新民胜利忠明学文玉林永生保成光荣铁柱",
        "玉兰秀珍桂英凤霞淑华春花爱莲美荣丽珍红梅素芳月娥翠萍建华志英",
        0.16,
    ),
    (
        1970,
        "军伟勇强斌辉涛刚波宏建明永海峰东鹏春生国平志文庆林卫民",
        "丽艳敏静霞燕娟红梅玲英芳秀云萍华春凤琴慧君晓莉彩虹",
        0.34,
    ),
    (
        1985,
        "伟磊鹏飞超杰凯旭亮俊浩宇峰帅阳龙坤博晨志文建明佳永",
        "婷娜静丹雪倩莹晶璐蕾敏洁琳佳慧丽欣晓艳媛雅思颖楠",
        0.36,
    ),
    (
        2000,
        "浩宇子轩博文俊杰明轩天宇家豪泽昊然嘉铭思远子涵睿阳",
        "雨欣梓涵思琪佳怡子萱诗涵若曦欣妍雅婷梦瑶可馨静怡",
        0.08,
    ),
    (
        2012,
        "沐辰奕泽宇轩浩然梓睿亦安景行知远一诺星辰屹川子墨",
        "沐瑶一诺语桐可欣依诺芷晴若汐诗雅苡沫念安清禾知夏",
        0.04,
    ),
)

# Names that break fonts, sorting and input methods; a console that loses one of them is wrong for that citizen.
RARE_NAMES = (
    ("王㛃", "female"),
    ("李𬭎", "male"),
    ("陈䶮", "male"),
    ("赵𡐓", "male"),
    ("张𬤇", "female"),
    ("刘喆", "male"),
    ("欧阳㛃然", "female"),
    ("司马䶮", "male"),
    ("朱祎", "female"),
    ("周昇", "male"),
)
MINORITY_NAMES = (
    ("阿依古丽·买合木提", "female", "维吾尔族"),
    ("艾尔肯·吐尔逊", "male", "维吾尔族"),
    ("古丽娜尔·阿不都热依木", "female", "维吾尔族"),
    ("扎西·多吉次仁", "male", "藏族"),
    ("卓玛·央金", "female", "藏族"),
    ("巴特尔·额尔德尼", "male", "蒙古族"),
    ("萨仁高娃·其其格", "female", "蒙古族"),
    ("叶尔兰·哈那提别克", "male", "哈萨克族"),
)


@dataclass(frozen=True, slots=True)
class Counties:
    """Invented places residents moved here from; codes stay under the impossible province."""

    code: str
    name: str


OTHER_COUNTIES = tuple(
    Counties(code, "沧澜省" + name)
    for code, name in (
        ("980221", "东篱市苇塘县"),
        ("980223", "东篱市鹿回县"),
        ("980322", "石沐市松陂县"),
        ("980325", "石沐市白榆县"),
        ("980421", "银汀市雁坪县"),
        ("980424", "银汀市竹涧县"),
        ("980502", "暮江市芦洲区"),
        ("980526", "暮江市梨坳县"),
        ("980627", "枫桥州云岫县"),
        ("980103", "云澜市汀兰区"),
        ("980104", "云澜市北屏区"),
        ("980121", "云澜市青稞县"),
    )
)


def surname(rng: Random) -> str:
    return rng.choices(_SURNAME_LIST, cum_weights=_SURNAME_CUMULATIVE)[0]


def given_name(rng: Random, male: bool, born: int) -> str:
    """One or two characters in the fashion of the birth year."""
    _, boys, girls, single = next(g for g in reversed(_GENERATIONS) if born >= g[0])
    characters = boys if male else girls
    if rng.random() < single:
        return rng.choice(characters)
    first, second = rng.sample(range(len(characters)), 2)
    return characters[first] + characters[second]


def full_name(rng: Random, male: bool, born: int, family: str = "") -> str:
    return (family or surname(rng)) + given_name(rng, male, born)


def family_of(name: str) -> str:
    """The surname of an invented name, compound ones included."""
    return name[:2] if name[:2] in SURNAME_SHARES else name[:1]


STREETS = (
    ("望台街道", 1),
    ("云桥街道", 2),
    ("锦塘街道", 3),
    ("砚池街道", 4),
    ("柳渡乡", 200),
    ("禾田乡", 201),
)
COMMUNITIES: dict[str, tuple[str, ...]] = {
    "望台街道": ("望台", "宝丽", "钟鼓", "槐安", "石坊", "北阁", "文渊", "同心"),
    "云桥街道": ("云桥", "新渡", "竹栏", "双井", "晴川里", "芙蓉里", "铁佛巷", "纺织新村"),
    "锦塘街道": ("锦塘", "桃坞", "月牙池", "康乐", "机床厂", "春晓", "映荷"),
    "砚池街道": ("砚池", "书香", "梧桐里", "高台", "建设里", "和悦", "滨水"),
    "柳渡乡": ("柳渡", "白杨", "前窑", "后窑", "马家圩", "苇子沟", "大槐树", "三岔口"),
    "禾田乡": ("禾田", "枣林", "上河湾", "下河湾", "油坊", "石碾", "杏花坞"),
}
ROAD_WORDS = (
    "望台 云桥 锦塘 砚池 钟鼓 文渊 槐安 新渡 双井 晴川 芙蓉 桃坞 月牙 康乐 春晓 映荷 书香 梧桐 和悦 滨水 柳渡 禾田 枣林 "
    "油坊 石碾 听雨 牵牛 石榴 海棠 木槿 紫藤 银杏 丁香 腊梅 青竹 红枫 香樟 玉兰 茶花 蔷薇 百合 葵花 麦香 稻花 荷风 "
    "明理 崇文 尚德 敬业 勤学 致远 笃行 弘毅 知新 思齐 安居 乐业 富民 惠民 利民 便民 康宁 长宁 永安 永昌 太和 中和 "
    "安平 顺和 聚贤 迎宾 朝晖 晚霞 旭日 明月 繁星 彩虹 晨光 春风 夏荷 秋实 冬青 织锦 纺车 轴承 机修 粮仓 盐仓 茶市 布市 "
    "米市 鱼市 花市 灯市 磨坊 染坊 瓦窑 砖窑 石桥 木桥 渡口 码头 水塔 钟楼 鼓楼 戏台 牌坊 老井 古槐 大榕 鹤鸣 雁栖 鹿鸣 "
    "燕归 莺歌 蝉鸣 蛙声 松涛 竹影 柳浪 荷塘 菊圃 梅岭 兰亭 桂园 杏坛 橘林 梨园 桑梓 阡陌 桃源 清溪 长堤 浅滩 平湖 曲水 "
    "方塘 圆台 高坡 低岗 东升 西照 南薰 北辰 启明 长庚 金穗 银河 铜铃 铁匠 锡箔 珍珠 琥珀 翡翠 玛瑙 珊瑚 水晶 "
    "星火 萤光 灯塔 风车 水车 油灯 蓑衣 竹篮 瓷窑 陶坊 书坊 墨香 笔架 纸坊 琴台 棋盘 画舫 酒旗 茶亭 醋坊 酱园 豆坊 糖坊 "
    "丝绸 棉纺 机床 仪表 化肥 五金 木材 钢花 电力 邮亭 车站 货场 仓前 仓后"
).split()
ESTATE_WORDS = (
    "锦绣 翠湖 金色 阳光 御景 滨河 书香 梧桐 桂花 丽景 和谐 幸福 康乐 盛世 水岸 东方 紫薇 香樟 银杏 青年 世纪 国际 名仕 "
    "枫林 荷塘 竹苑 兰亭 春江 映月 听涛 观澜 悦澜 云栖 山语 朗润 静安居 长乐 永和 同德 华庭 馨雅 恒泰 天润 瑞景 润泽 宝丽"
).split()
ESTATE_TAILS = ("花园", "家园", "小区", "苑", "新城", "名邸", "公馆", "华府", "嘉园", "新村")
FACTORY_YARDS = (
    "机床厂 纺织厂 棉麻公司 粮食局 供销社 轴承厂 仪表厂 化肥厂 邮电局 第二建筑公司 食品厂 印刷厂 汽车运输公司 电力局 水利队 五金厂"
).split()
SHOP_WORDS = (
    "阿满 老街坊 福来 喜相逢 好又多 顺心 万家 聚鑫 小巷口 大个子 胖嫂 百味 一品 鑫源 鸿运 佳佳 美滋 好再来 金手指 "
    "巧手 新新 旺角 康健 益民 永盛 诚信 宏达 小桔灯 半亩田 三味 四季 五福 六合 七彩 八方 九州 十里香 老灶台 柴火 "
    "小麦 红柚 青橙 蓝鲸 白鹭 黑芝麻 云朵 星河 拾光 漫步 初见 知味 悦己 良辰 暖冬 清夏 常青 兴隆 同福 瑞祥 恒信"
).split()
COMPANY_WORDS = (
    "禾川 云栖 澜创 砚石 锦程 泰和 恒拓 启辰 嘉木 汇川 通衢 博远 明澈 远图 信达 宏基 众诚 优筑 安居乐 绿野 "
    "天工 智联 数澜 百川 千寻 卓越 华信 新程 立信 广济"
).split()
MANAGEMENT_COMPANIES = tuple(
    f"云澜{word}物业服务有限公司"
    for word in ("安和", "嘉邻", "恒佑", "乐居", "绿橙", "金管家", "万邻", "德馨", "同舟", "四季")
)
VILLAGE_FAMILIES = ("马", "窦", "石", "高", "苗", "车", "乔", "丁")

# What citizens still call them: old names of roads, second names of estates and places.
OTHER_NAMES = {
    "宝丽西街": "解放路", "钟楼街": "人民路、东方红大街", "棉麻公司东院": "棉麻大院", "槐安中学": "工农兵中学、三中",
    "区人民医院": "老县医院", "云澜汽车站": "老汽车站",
}  # fmt: skip
