"""The registers' Chinese words for the city builder's codes."""

POSTS = {
    "grid_leader": "网格长", "grid_instructor": "网格指导员", "all_round_worker": "全科网格员",
    "part_time_worker": "兼职网格员", "agent": "话务员", "supervisor": "值班长", "dispatcher": "派单员",
    "revisitor": "回访员", "overseer": "督办员", "inspector": "督察员", "leader": "领导", "qc": "质检员",
    "kb_editor": "知识库管理员", "clerk": "文员", "trainer": "培训师", "admin": "系统管理员",
    "street_desk": "街道热线办", "liaison": "联络员", "handler": "承办人",
}  # fmt: skip
SEX = {"male": "男", "female": "女"}
RESIDENCE = {"registered": "户籍", "floating": "流动", "left_behind": "留守"}
HOUSEHOLD = {"family": "家庭户", "collective": "集体户"}
USAGE = {"self": "自住", "rented": "出租", "vacant": "空置"}
BUILDING = {"farmhouse": "农房", "high_rise": "高层住宅", "walk_up": "多层住宅"}
ESTATE = {
    "commodity": "商品房", "old": "老旧小区", "public_rental": "公租房", "resettlement": "安置房",
    "village": "村居", "work_unit": "单位宿舍",
}  # fmt: skip
ENTERPRISE = {"company": "企业", "shop": "个体工商户"}
OPERATING = {"open": "在营", "closed": "歇业", "suspended": "停业"}
RISK = {"high": "high", "medium": "medium", "low": "normal"}
CARE = {
    "advanced_age": "高龄", "bereaved_parent": "失独", "child_in_difficulty": "困境儿童",
    "community_correction": "社区矫正", "disabled": "残疾", "drug_user": "吸毒", "empty_nest": "空巢老人",
    "expecting": "孕产妇", "extreme_poverty": "特困", "hiv": "艾滋", "left_behind_child": "留守儿童",
    "lives_alone": "独居老人", "low_income": "低保", "mental_disorder": "严重精神障碍", "petitioner": "上访",
    "released": "刑满释放", "severe_illness": "大病", "veteran": "退役军人", "youth_at_risk": "重点青少年",
}  # fmt: skip
# Classes an agent may be told of on the phone; the rest are seen by named staff only (field-facts 10.5).
OPEN_CARE = frozenset(
    "advanced_age bereaved_parent disabled empty_nest lives_alone low_income extreme_poverty veteran".split()
)
GRID_SPECIAL = {
    "": "", "business": "商圈", "campus": "高校", "enterprise_park": "企业园区", "hospital": "医院",
    "market": "市场", "office": "机关", "scenic": "景区", "school": "学校", "station": "车站",
}  # fmt: skip
