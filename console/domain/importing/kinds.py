"""The registers that can be imported, field by field (field-facts 6.3, 6.5 to 6.8)."""

from console.domain.address_book import Side
from console.domain.errors import NotFound
from console.domain.importing.fields import Field, Kind, Reads
from console.domain.importing.matters import MATTERS
from console.domain.roles import Role

# Registers of people and places are kept by those who answer for them on the spot, and by the centre's head.
_REGISTRARS = frozenset({Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER})
# The skeleton of the city holds no citizen: the administrator may keep it (product.md, Workplaces).
_BUILDERS = frozenset({Role.SUPERVISOR, Role.ADMIN})

_GRID = Field(
    "grid_id", "网格", Reads.CODE,
    ("网格编码", "网格代码", "所属网格", "网格名称", "所在网格", "grid", "grid_code"), True, 120,
)  # fmt: skip
_VERIFIED = Field("verified_on", "核实日期", Reads.DAY, ("核查日期", "采集日期", "登记核实日期"))
_HAZARD = Field("hazard", "隐患", Reads.LINE, ("安全隐患", "隐患情况"), longest=200)
_X = Field("x", "经度", Reads.DECIMAL, ("lng", "lon", "longitude", "x"))
_Y = Field("y", "纬度", Reads.DECIMAL, ("lat", "latitude", "y"))
# 曾用名 and what people say: several, of what carries the name.
_OTHER_NAMES = Field(
    "other_names", "别称", Reads.LINE, ("别名", "曾用名", "旧称", "旧名", "俗称"), longest=200
)
_SEX = {"男": "男", "女": "女", "男性": "男", "女性": "女", "m": "男", "f": "女", "male": "男", "female": "女"}  # fmt: skip
_RESIDENCE = {
    "户籍": "户籍", "户籍人口": "户籍", "常住": "户籍", "流动": "流动", "流动人口": "流动", "留守": "留守",
    "留守人员": "留守", "境外": "境外", "境外人员": "境外",
}  # fmt: skip


def _detail(title: str, *synonyms: str, longest: int = 100) -> Field:
    return Field(f"class_details.{title}", title, Reads.LINE, synonyms, longest=longest)


PERSONS = Kind(
    "persons", "居民",
    (
        Field("name", "姓名", Reads.NAME, ("居民姓名", "人员姓名", "户籍人姓名", "name"), True, 50, private="name"),
        Field("id_number", "身份证号", Reads.IDENTITY, (
            "身份证", "身份证号码", "公民身份号码", "证件号", "证件号码", "身份号码", "idnumber", "idno", "idcard",
        ), True, 20, private="identity"),
        Field("former_name", "曾用名", Reads.NAME, ("曾用姓名", "formername"), longest=50, private="name"),
        Field("sex", "性别", Reads.CHOICE, ("sex", "gender"), choices=_SEX),
        Field("born_on", "出生日期", Reads.DAY, ("出生年月日", "生日", "出生年月", "birthday", "birthdate", "bornon")),
        Field("ethnicity", "民族", Reads.LINE, ("族别", "ethnicity"), longest=20),
        Field("native_place", "籍贯", Reads.LINE, ("原籍",)),
        Field("marital_state", "婚姻状况", Reads.LINE, ("婚姻",), longest=20),
        Field("political_status", "政治面貌", Reads.LINE, ("政治身份",), longest=20),
        Field("education", "文化程度", Reads.LINE, ("学历",), longest=20),
        Field("religion", "宗教信仰", Reads.LINE, ("信仰",), longest=20, private="hidden"),
        Field("occupation", "职业", Reads.LINE, ("职业类别",)),
        Field("workplace", "服务处所", Reads.LINE, ("工作单位", "单位", "就业单位"), longest=120),
        Field("phone", "联系电话", Reads.PHONE, (
            "联系方式", "手机", "手机号", "手机号码", "电话", "电话号码", "phone", "mobile", "tel",
        ), private="phone"),
        Field("registered_address", "户籍地址", Reads.LINE, ("户籍地", "户籍所在地", "户籍地详址", "户口所在地"), longest=200, private="address"),
        Field("home_address", "现住地址", Reads.LINE, (
            "现住址", "现住地", "居住地址", "现住地详址", "住址", "家庭住址", "地址", "address",
        ), longest=200, private="address"),
        Field("grid_id", "网格", Reads.CODE, _GRID.synonyms, False, 120),
        Field("household_id", "户号", Reads.CODE, ("户编号", "户口本号", "家庭户号", "household"), longest=24),
        Field("relation", "与户主关系", Reads.LINE, ("户主关系", "关系"), longest=20),
        Field("residence_kind", "人员属性", Reads.CHOICE, ("人口类型", "人员类型", "人口性质"), choices=_RESIDENCE),
        Field("special_attributes", "特殊属性", Reads.LINE, ("特殊人群", "重点类型"), longest=200, private="hidden"),
        Field("emergency_contact", "紧急联系人", Reads.NAME, ("紧急联系人姓名",), longest=50, private="name"),
        Field("emergency_phone", "紧急联系电话", Reads.PHONE, ("紧急联系人电话", "紧急电话"), private="phone"),
        _detail("人户一致标识", "人户一致"), _detail("流入原因"), _detail("办证类型"), _detail("登记日期", "居住登记日期"),
        _detail("到期日期", "居住证到期日期"), _detail("住所类型"), _detail("健康状况"), _detail("家庭主要成员", longest=300),
        _detail("困难及诉求", longest=300),
        _VERIFIED,
    ),
    ("id_number",), _REGISTRARS, unit="人",
)  # fmt: skip

HOUSEHOLDS = Kind(
    "households", "户",
    (
        Field("number", "户号", Reads.CODE, ("户编号", "户口本号", "家庭户号", "household", "householdno"), True, 24),
        Field("address", "住址", Reads.LINE, ("户地址", "家庭住址", "现住址", "现住地址", "地址", "address"), True, 200, private="address"),
        _GRID,
        Field("kind", "户类型", Reads.LINE, ("户类别", "家庭类型"), longest=20),
        Field("door_plate", "门牌", Reads.LINE, ("门牌号", "门牌号码"), longest=60),
        Field("low_income", "低保户", Reads.YES, ("低保", "低保标识", "贫困标识", "低保/贫困标识", "是否低保")),
        Field("income_source", "收入来源", Reads.LINE, ("主要收入来源",)),
        Field("difficulties", "困难及诉求", Reads.LINE, ("困难", "诉求"), longest=500),
        Field("residence_state", "居住状态", Reads.LINE, ("居住情况",), longest=20),
        Field("emergency_contact", "紧急联系人", Reads.NAME, (), longest=50, private="name"),
        Field("emergency_phone", "紧急联系电话", Reads.PHONE, ("紧急联系人电话", "紧急电话"), private="phone"),
        Field("last_visit_on", "最近走访日期", Reads.DAY, ("走访日期", "上次走访日期")),
    ),
    ("number",), _REGISTRARS, unit="户",
)  # fmt: skip

_ESTATE = Field("estate", "小区名称", Reads.LINE, ("小区", "院落", "estate"), True, 120)
_NUMBER = Field(
    "number", "楼号", Reads.CODE, ("楼栋", "楼栋号", "栋号", "幢号", "楼幢号", "building"), True, 20
)

BUILDINGS = Kind(
    "buildings", "楼栋",
    (
        _ESTATE, _NUMBER, _GRID,
        Field("estate_kind", "小区性质", Reads.LINE, ("小区类型",), longest=20),
        Field("kind", "楼栋类型", Reads.LINE, ("建筑类型", "楼房类型"), longest=20),
        Field("floors_above", "地上层数", Reads.WHOLE, ("层数", "楼层数", "总层数")),
        Field("floors_below", "地下层数", Reads.WHOLE),
        Field("units", "单元数", Reads.WHOLE),
        Field("rooms_per_floor", "每层户数", Reads.WHOLE),
        Field("built_area_m2", "建筑面积", Reads.DECIMAL, ("建筑面积(平方米)",)),
        _HAZARD,
        Field("property_company", "物业公司", Reads.LINE, ("物业", "物业服务企业"), longest=80),
        Field("property_contact", "物业联系人", Reads.NAME, longest=40, private="name"),
        Field("property_phone", "物业电话", Reads.PHONE, ("物业联系电话",), private="phone"),
        Field("building_head", "楼长", Reads.NAME, ("楼栋长", "楼长姓名"), longest=40, private="name"),
        Field("building_head_phone", "楼长电话", Reads.PHONE, ("楼栋长电话",), private="phone"),
        _X, _Y,
        Field("estate_other_names", "小区别称", Reads.LINE, ("小区曾用名", "小区旧称", "别称", "曾用名"), longest=200),
    ),
    ("estate", "number"), _REGISTRARS, unit="栋",
)  # fmt: skip

HOUSES = Kind(
    "houses", "房屋",
    (
        _ESTATE, _NUMBER,
        Field("unit_no", "单元", Reads.WHOLE, ("单元号",), True),
        Field("floor", "楼层", Reads.WHOLE, ("层", "所在楼层"), True),
        Field("room", "房间号", Reads.CODE, ("房号", "室号", "门牌", "门牌号", "room"), True, 20),
        _GRID,
        Field("address", "房屋地址", Reads.LINE, ("地址", "详细地址", "address"), longest=200, private="address"),
        Field("kind", "房屋类型", Reads.LINE, ("房屋性质",), longest=20),
        Field("usage", "使用方式", Reads.LINE, ("房屋用途", "使用情况", "使用性质"), longest=20),
        Field("business", "业态", Reads.LINE, ("经营业态",)),
        Field("area_m2", "面积", Reads.DECIMAL, ("建筑面积", "房屋面积", "面积(平方米)")),
        Field("owner", "房主", Reads.NAME, ("房主姓名", "产权人", "业主", "业主姓名"), longest=50, private="name"),
        Field("owner_phone", "房主电话", Reads.PHONE, ("业主电话", "产权人电话"), private="phone"),
        Field("owner_id_number", "房主身份证号", Reads.IDENTITY, ("房主证件号", "业主身份证号", "产权人证件号"), longest=20, private="identity"),
        Field("tenant_count", "承租人数", Reads.WHOLE, ("租住人数",)),
        Field("rented_from", "出租起", Reads.DAY, ("出租开始日期", "起租日期", "租赁起始日期")),
        Field("rented_to", "出租止", Reads.DAY, ("出租结束日期", "租赁到期日期", "租赁截止日期")),
        _HAZARD, _VERIFIED,
    ),
    ("estate", "number", "unit_no", "room"), _REGISTRARS, unit="套",
)  # fmt: skip

ENTERPRISES = Kind(
    "enterprises", "企业",
    (
        Field("name", "名称", Reads.LINE, ("企业名称", "单位名称", "商户名称", "字号名称", "name"), True, 120),
        Field("uscc", "统一社会信用代码", Reads.CREDIT, ("信用代码", "社会信用代码", "营业执照号", "uscc", "creditcode"), True, 18),
        Field("kind", "类型", Reads.LINE, ("企业类型", "主体类型"), longest=40),
        Field("industry", "行业", Reads.LINE, ("所属行业", "行业类别"), longest=60),
        Field("legal_person", "法定代表人", Reads.NAME, ("法人", "法人代表", "法人姓名"), longest=50, private="name"),
        Field("manager", "负责人", Reads.NAME, ("负责人姓名", "经营者", "联系人"), longest=50, private="name"),
        Field("phone", "联系电话", Reads.PHONE, ("电话", "负责人电话", "联系方式", "手机", "phone"), private="phone"),
        Field("address", "经营地址", Reads.LINE, ("地址", "注册地址", "经营场所", "住所", "address"), True, 200),
        Field("shop_front", "门面号", Reads.LINE, ("门牌号", "铺面号"), longest=40),
        _GRID,
        Field("employees", "从业人数", Reads.WHOLE, ("员工人数", "职工人数")),
        Field("operating_state", "经营状态", Reads.LINE, ("登记状态",), longest=20),
        Field("licence_until", "证照到期", Reads.DAY, ("证照到期日期", "营业期限止", "许可证有效期")),
        Field("safety_officer", "安全责任人", Reads.NAME, ("消防责任人", "消防/安全责任人", "安全负责人"), longest=50, private="name"),
        Field("hazardous_goods", "危化品", Reads.LINE, ("危险化学品",), longest=120),
        Field("beds", "床位数", Reads.WHOLE, ("房间/床位数", "床位")),
        Field("fire_station", "微型消防站", Reads.YES, ("是否有微型消防站",)),
        _VERIFIED,
    ),
    ("uscc",), _REGISTRARS, unit="家",
)  # fmt: skip

_POSTS = (
    "网格长 网格指导员 全科网格员 兼职网格员 话务员 值班长 派单员 回访员 督办员 督察员 领导 质检员 知识库管理员 文员 "
    "培训师 系统管理员 街道热线办 联络员 承办人"
).split()
STAFF = Kind(
    "staff", "人员",
    (
        Field("staff_no", "工号", Reads.CODE, ("人员编号", "编号", "staffno", "no"), True, 20),
        Field("name", "姓名", Reads.NAME, ("人员姓名", "name"), True, 40, private="name"),
        Field("unit_id", "单位", Reads.CODE, ("单位编码", "所属单位", "组织", "组织机构", "所在单位", "unit"), True, 120),
        Field("post", "岗位", Reads.CHOICE, ("职务", "岗位名称", "post"), True, choices={p: p for p in _POSTS} | {"网格员": "全科网格员", "网格指导": "网格指导员"}),
        Field("full_time", "专兼职", Reads.CHOICE, ("专职/兼职", "是否专职"), choices={"专职": True, "兼职": False, "是": True, "否": False}),
        Field("phone", "电话", Reads.PHONE, ("联系电话", "手机", "手机号", "手机号码", "phone"), private="phone"),
        Field("duty_state", "在岗状态", Reads.CHOICE, ("状态", "在岗情况"), choices={"在岗": "on_duty", "巡查": "patrol", "培训": "training", "离岗": "off_duty", "休假": "leave", "离职": "left"}),
        Field("training_state", "培训情况", Reads.LINE, ("培训", "培训/考核"), longest=20),
        Field("cadre_rank", "职级", Reads.LINE, longest=20),
        Field("started_on", "任职日期", Reads.DAY, ("上岗日期", "开始日期", "入职日期")),
        Field("ended_on", "离任日期", Reads.DAY, ("离岗日期", "结束日期")),
        Field("grids", "负责网格", Reads.LIST, ("网格", "所辖网格", "负责网格编码"), longest=600),
    ),
    ("staff_no",), _BUILDERS, unit="人",
)  # fmt: skip

_PEOPLE_OF_UNIT = tuple(
    Field(name, title, reads, synonyms, longest=40, private=private)
    for name, title, reads, synonyms, private in (
        ("leader", "负责人", Reads.NAME, ("领导", "主要负责人"), "name"),
        ("leader_phone", "负责人电话", Reads.PHONE, ("领导电话",), "phone"),
        ("liaison", "联络员", Reads.NAME, ("联系人", "联络人"), "name"),
        ("liaison_phone", "联络员电话", Reads.PHONE, ("联系电话", "电话", "联系人电话"), "phone"),
        ("deputy_liaison", "副联络员", Reads.NAME, ("备用联系人", "AB岗"), "name"),
        ("deputy_liaison_phone", "副联络员电话", Reads.PHONE, ("备用联系电话",), "phone"),
    )
)
UNITS = Kind(
    "units", "单位",
    (
        Field("code", "编码", Reads.DIVISION, (
            "单位编码", "区划代码", "统计用区划代码", "行政区划代码", "区划编码", "村编码", "村代码", "社区编码", "代码",
            "机构编码", "code",
        ), True, 20),
        Field("name", "名称", Reads.LINE, (
            "单位名称", "区划名称", "村名", "村名称", "社区名称", "机构名称", "居村委会名称", "行政区划名称", "name",
        ), True, 120),
        Field("short_name", "简称", Reads.LINE, ("单位简称",), longest=60),
        Field("parent_code", "上级编码", Reads.DIVISION, ("上级单位编码", "上级代码", "父级编码", "parent", "parentcode"), longest=20),
        Field("nature", "性质", Reads.LINE, ("单位性质",), longest=20),
        Field("duties", "职责", Reads.LINE, ("主要职责", "职能"), longest=400),
        *_PEOPLE_OF_UNIT,
        Field("working_hours", "工作时间", Reads.LINE, ("办公时间",)),
    ),
    ("code",), _BUILDERS, unit="个",
)  # fmt: skip

GRIDS = Kind(
    "grids", "网格",
    (
        Field("code", "网格编码", Reads.DIVISION, ("编码", "网格代码", "code", "gridcode", "wgbm", "id"), True, 20),
        Field("name", "网格名称", Reads.LINE, ("名称", "网格", "name", "gridname", "wgmc"), True, 120),
        Field("grid_type", "网格类型", Reads.CHOICE, ("类型", "type"), choices={
            "基础网格": "basic", "基础": "basic", "普通网格": "basic", "basic": "basic", "单元网格": "basic",
            "专属网格": "special", "专属": "special", "special": "special", "企业网格": "special",
        }),
        Field("special_kind", "专属类别", Reads.LINE, ("专属网格类别",), longest=20),
        Field("boundary", "边界", Reads.SHAPE, ("geometry", "边界坐标", "geojson")),
        Field("boundary_text", "四至", Reads.LINE, ("四至范围", "边界描述"), longest=300),
        Field("area_m2", "面积", Reads.DECIMAL, ("面积(平方米)", "area")),
        Field("households", "户数", Reads.WHOLE, ("households",)),
        Field("population", "人口", Reads.WHOLE, ("人口数", "population")),
        Field("police", "民警", Reads.NAME, ("社区民警", "片警"), longest=40, private="name"),
        Field("party_branch", "党支部", Reads.LINE, ("党组织",), longest=80),
    ),
    ("code",), _BUILDERS, unit="个",
)  # fmt: skip

ROADS = Kind(
    "roads", "道路门牌",
    (
        Field("road", "道路", Reads.LINE, ("路名", "道路名称", "街路名称", "街道路名", "road"), True, 120),
        Field("low", "起始门牌", Reads.DOOR, ("起号", "门牌起", "起始号", "起始门牌号", "起点桩号", "from", "low"), True),
        Field("high", "终止门牌", Reads.DOOR, ("止号", "门牌止", "终止号", "终止门牌号", "终点桩号", "to", "high"), True),
        Field("side", "单双号", Reads.CHOICE, ("单双", "奇偶", "side"), choices={
            "单": Side.ODD, "单号": Side.ODD, "奇": Side.ODD, "奇数": Side.ODD, "odd": Side.ODD, "双": Side.EVEN,
            "双号": Side.EVEN, "偶": Side.EVEN, "偶数": Side.EVEN, "even": Side.EVEN, "全部": Side.BOTH,
            "全": Side.BOTH, "单双": Side.BOTH, "单双号": Side.BOTH, "both": Side.BOTH, "桩号": Side.STAKE, "公里桩": Side.STAKE,
            "km": Side.STAKE,
        }),
        _GRID,
        _OTHER_NAMES,
    ),
    ("road", "low", "high", "side"), _BUILDERS, unit="段",
)  # fmt: skip

LANDMARKS = Kind(
    "landmarks", "地标",
    (
        Field("name", "名称", Reads.LINE, ("地标名称", "地名", "标准名称", "点位名称", "poi名称", "name"), True, 120),
        Field("kind", "类别", Reads.LINE, ("地标类别", "类型", "种类", "kind", "type"), True, 20),
        Field("place", "地址", Reads.LINE, ("详细地址", "位置", "所在位置", "address"), longest=200),
        # Where there is a point, its grid need not be written.
        Field("grid_id", "网格", Reads.CODE, _GRID.synonyms, longest=120),
        Field("point", "坐标", Reads.LINE, ("经纬度", "坐标点", "geometry", "point", "location"), longest=200),
        _X, _Y, _OTHER_NAMES,
    ),
    ("name", "kind", "grid_id"), _BUILDERS, unit="处",
)  # fmt: skip

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        PERSONS, HOUSEHOLDS, BUILDINGS, HOUSES, ENTERPRISES, STAFF, UNITS, GRIDS, ROADS, LANDMARKS, *MATTERS,
    )
}  # fmt: skip


def kind_named(word: str) -> Kind:
    """By its English or Chinese name. Raises NotFound listing what there is."""
    for kind in KINDS.values():
        if word.strip().lower() in (kind.name, kind.title):
            return kind
    known = "、".join(f"{kind.name}（{kind.title}）" for kind in KINDS.values())
    raise NotFound(f"不能导入“{word}”", f"可导入：{known}", "kind")


def kinds_for(role: Role) -> tuple[Kind, ...]:
    """What this role may import."""
    return tuple(kind for kind in KINDS.values() if role in kind.roles)
