"""How the parts of an address look in a sentence; used by `console.domain.address` alone."""

import re

from console.domain.gazetteer import HAN, NameKind, mark_class

COUNTED = r"(?:号楼|号院|号|栋|幢|座|单元|室|房|户|层|楼|组|弄|村民小?组|小组|#)"
OPENING = re.compile(
    r"(?:我们?家?)?(?:就|是|都|现在)*(?:住在|位于|地址[是在为]?:?|家住|坐落于|住|在|从)"
)
TRADITIONAL_MARKS = str.maketrans("號棟樓單鋪戶層區縣鎮鄉", "号栋楼单铺户层区县镇乡")
STREET_OFFICE = (
    rf"(?P<street>[{HAN}]{{1,8}}?(?:街道办事处|街道办|街道(?![路口])|镇(?!政府)|乡(?![村镇])))"
)
ADMINISTRATIVE = (
    rf"(?P<province>[{HAN}]{{2,7}}?(?:省|自治区))",
    rf"(?P<city>[{HAN}]{{2,6}}?(?<![超门菜夜都城])市(?![场政民中]))",
    rf"(?P<district>[{HAN}]{{1,6}}?(?:(?<![小社厂校园景库院片宅居属])区(?![域间])|县(?!城)))",
    STREET_OFFICE,
    rf"(?P<community>[{HAN}]{{1,10}}?(?:社区居委会|社区(?!服务|卫生|医院)|居委会|村委会|(?<!新)村(?![口路民里])))",
    rf"(?P<grid>(?:第?[0-9一二三四五六七八九十]+|[{HAN}]{{1,6}}?)网格)",
)
# Words that end one place and begin another: 解放路与建设路, 五里牌路口保利西街, 破损在保利西街.
JOINTS = re.compile(r"(?<=[路街巷道])(?:[与和跟]|交叉口|口(?!腔))|在|位于")
LEVELS = ("province", "city", "district", "street", "community", "grid")
MARKED_LEVELS = {
    "district": NameKind.DISTRICT,
    "street": NameKind.STREET,
    "community": NameKind.COMMUNITY,
}
# 下水道 and 人行道 end like roads, so 道 alone counts only with a number behind it.
ROAD = (
    rf"(?:[{HAN}]{{1,12}}?(?:大道|大街|胡同|街(?!道)|巷|弄)|[{HAN}]{{2,12}}?(?:路(?!口?灯)|道(?=[0-9]))"
    rf"|[GSXYC]?[0-9]{{2,4}}(?:国道|省道|县道|乡道)|(?:国道|省道|县道|乡道)[GSXYC]?[0-9]{{1,4}}线?"
    rf"|[GSXYC][0-9]{{3,4}}(?![0-9]|栋|座|幢|号|单元|室|#|-)线?|[{HAN}]{{2,8}}?高速(?:公路)?"
    rf"|[{HAN}]{{1,8}}[0-9]+(?:路|街|巷)(?=[0-9]))"
)
# A lane off a registered road is a place of its own: 建设路北一巷, 宝丽西街5巷, 长宁路1238弄.
LANE = (
    rf"(?:[东南西北]?[0-9一二三四五六七八九十]+|[{HAN}]{{1,3}}?)"
    r"(?:支?巷|弄|里(?=[0-9])|胡同|支路|横街|横路)"
)
MARKED_ROAD = rf"[{mark_class(NameKind.ROAD)}](?:{LANE})?"
ROADS = re.compile(
    rf"(?P<roads>{MARKED_ROAD}|{ROAD}(?:[东南西北中]段)?(?:{ROAD})*)(?P<section>[东南西北中]段)?"
)
# 保利西街2家饭店, 5个井盖: no door numbers.
COUNTS = r"[个家人次天块辆棵条根盏户元时分位岁台只把套张件份倍%度批]|平米|多个|几个|来个"
DOORS = re.compile(
    r"(?:第|门牌号?|从|[,|]|那个|这个|那边的?|这边的?|上的?|的|大概|好像是?|应该是?)?(?P<low>[0-9]{1,5})(?:号(?!楼(?![下上前后顶道])|栋|幢|座))?(?:附[0-9]+)?"
    r"(?:(?:-|到|至|~|、|和|与|跟)(?P<high>[0-9]{1,5}))?(?P<mark>号院?)?(?P<sub>(?:附|之|-)[0-9]+号?)?"
    r"(?![0-9#]|号?(?:楼(?![下上前后顶道])|[栋幢座]|线)|单元|室|公里|千米|米|年|月|[点:]|路|国道|期|[巷弄组]"
    rf"|{COUNTS})"
)
# 123、125、201号: a list of doors goes on.
MORE_DOORS = re.compile(r"号?[、和及与,]([0-9]{1,5})(?=号|[、和及与]|$)(?!号?[楼栋幢座])")
STRONG_ESTATE = "|".join(
    "小区 花园 家园 新村 公寓 大厦 广场 花苑 名苑 雅苑 嘉苑 公馆 别墅 宿舍 家属院 家属区 大院 商城 市场 山庄 华府 "
    "名城 新城 中心".split()
)
WEAK_ESTATE = "苑|庭|府|城|湾|里|园|院|庄|寓|郡|墅|邸|厦"
ESTATE = re.compile(
    rf"(?P<estate>[{HAN}A-Za-z0-9·]{{1,12}}?(?:(?:{STRONG_ESTATE})+|[{HAN}](?:{WEAK_ESTATE})"
    r"(?=$|[,;|\x01-\x04]|[0-9A-Z]|[东南西北]门|[内门附旁对]))(?:[0-9一二三四五六七八九十]+期)?)"
)
BARE_ESTATE = re.compile(rf"(?P<estate>[{HAN}]{{2,10}})(?=[0-9]{{1,3}}(?:号楼|栋|幢|座|-[0-9]))")
MARKED_ESTATE = re.compile(
    rf"(?P<estate>[{mark_class(NameKind.ESTATE)}](?:[0-9一二三四五六七八九十]+期)?)[里内的]?"
    r"(?:第?(?P<group>[0-9]{1,3})(?:村民小?组|小组|组|队))?"
    r"(?:(?:[东南西北]区)?第?(?P<number>[0-9]{1,3}|[A-Z])号(?![楼栋幢座铺线]|门(?![口前])))?"
)
# 幸福花园旁边的幸福苑3栋: the building belongs to the second.
BUILT_ESTATE = re.compile(
    rf"(?P<estate>[{mark_class(NameKind.ESTATE)}])(?=[里内的]?第?[0-9A-Z]{{1,3}}(?:号|栋|幢|座|#|-))"
)
GROUP = re.compile(
    r"第?(?P<group>[0-9]{1,3})(?:村民小?组|小组|组|队)(?:第?(?P<number>[0-9]{1,4})号)?"
)
MARKED_PLACE = re.compile(rf"(?P<place>[{mark_class(NameKind.PLACE)}])")
DASHED = re.compile(
    r"(?P<building>[0-9]{1,3}|[A-Z])-(?:(?P<unit>[0-9]{1,2})-)?(?P<room>[0-9]{3,4})(?:室|房)?"
)
BUILDING = re.compile(
    r"(?P<building>[0-9]{1,3}|[A-Z]-?[0-9]{0,2}|[甲乙丙丁东南西北])(?:号楼|号栋|栋楼?|幢|座|#楼?)"
)
# 3栋和7栋, 3、5、7栋, 3组和5组: more than one of the same estate or village.
_AND = r"(?:[与和跟及、到至,-]|还有)"
MORE_BUILDINGS = re.compile(rf"{_AND}第?([0-9]{{1,3}}|[A-Z])(?:号楼|号栋|栋|幢|座)")
MORE_GROUPS = re.compile(rf"{_AND}第?([0-9]{{1,3}})(?:村民小?组|小组|组|队)")
# 1、2、5组 is 1组、2组、5组; 28-32号 of 楼台区 are doors.
_LISTED = r"(?P<what>组|栋|幢|座|号楼(?=$|[,0-9A-Z的都和与下前后门]))"
LISTED = re.compile(
    rf"(?<![0-9A-Z-])(?P<first>[0-9]{{1,3}})(?P<and>{_AND})(?=(?:[0-9]{{1,3}}{_AND})*[0-9]{{1,3}}{_LISTED})"
)
# 四五号 may be 4 or 5, 四十五六号 45 or 46.
ABOUT = re.compile(
    r"(?<![零〇一二三四五六七八九十百千两幺])([一二三四五六七八九]?十)?([一二三四五六七八])([二三四五六七八九])"
    rf"(?={COUNTED})"
)
# 旁边的巷, 对面那条路: what lies near is said, no name of a road.
NO_ROAD = re.compile(
    r"旁|对面|后面|前面|附近|隔壁|的|那条|那段|这条|边上|往[前后里左右]|走|第.个|过了"
)
# 45号不对，应该是54号
CORRECTED = re.compile(
    r"(?:不对|错了|应该是|更正|不是)[^0-9]{0,6}(?P<low>[0-9]{1,5})号(?!楼|栋|幢|座|线)"
)
UNIT = re.compile(r"(?P<unit>[0-9]{1,2}|[A-Z甲乙丙丁])单元")
FLOOR = re.compile(r"(?P<floor>[0-9]{1,2})[楼层]")
ROOM = re.compile(
    r"(?P<room>[0-9]{1,4}|[A-Z][0-9]{1,4})(?:室|房|户)"
    r"|[|\x01-\x04](?P<bare>[0-9]{3,4})(?![0-9]|号|元|人|米|路)"
)
SHOP = re.compile(
    r"(?P<shop>(?:[0-9]+号?)?(?:门面|商铺|铺面|店面|门市|摊位|铺子|铺)(?:[0-9]+号?)?)"
)
KNOWN_LANDMARK = "|".join(
    "小学 中学 学校 幼儿园 医院 超市 公园 车站 公交站 银行 酒店 宾馆 大桥 桥 派出所 加油站 卫生院 体育馆 图书馆 "
    "政府 店 饭庄 餐厅 酒楼 药房 诊所 网吧 酒吧 茶楼 有限公司".split()
)
LANDMARK = re.compile(
    rf"(?P<landmark>[{HAN}A-Za-z0-9]{{1,10}}?(?:{KNOWN_LANDMARK})|[{HAN}A-Za-z]{{2,10}}?"
    r"(?=的?(?:斜对面|对面|旁边|旁|附近|门口|后面|前面|隔壁|边上)))"
)
MOST_DOORS = 4
LANDMARK_OPENING = re.compile(r"^[的在与和、靠近]+")
