"""How rows of the skeleton stand in a list: buildings, grids, staff, units."""

from typing import Any

from console.domain.registers.records import Row

KIND_NAMES = {
    "centre": "中心", "city": "市", "district": "区县", "street": "街道", "town": "乡镇", "community": "社区",
    "village": "村", "grid": "网格", "department": "部门",
}  # fmt: skip
DUTY_NAMES = {
    "on_duty": "在岗", "patrol": "巡查", "training": "培训", "off_duty": "离岗", "leave": "休假", "left": "离职",
}  # fmt: skip


def building_row(row: Any) -> Row:
    number = f"{row.number}栋" if row.number.isdigit() else row.number
    detail = f"{row.units}单元 {row.floors_above}层 {row.rooms}套"
    tag = row.kind + (" 有隐患" if row.hazard else "")
    return Row(row.id, f"{row.estate}{number}", detail, "", row.name, tag)


def grid_row(row: Any) -> Row:
    detail = f"{row.households}户 {row.population}人"
    tag = row.special_kind or ("专属" if row.grid_type == "special" else "基础")
    return Row(row.unit_id, row.name, detail, row.code, row.above or "", tag)


def staff_row(row: Any) -> Row:
    detail = f"{row.post}{'' if row.full_time else '（兼职）'} {row.phone}".strip()
    return Row(
        row.id,
        row.name,
        detail,
        row.staff_no,
        row.unit,
        DUTY_NAMES.get(row.duty_state, row.duty_state),
    )


def unit_row(row: Any) -> Row:
    detail = " ".join(filter(None, (row.liaison, row.liaison_phone)))
    return Row(
        row.id, row.name, detail, row.code, row.above or "", KIND_NAMES.get(row.kind, row.kind)
    )
