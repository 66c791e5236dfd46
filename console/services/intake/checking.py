"""Everything that is wrong with a form, at once, each beside its field (field-facts 3.3, 3.6)."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.identity import read_identity_number
from console.domain.intake import UNKNOWN_PLACES, IntakeForm
from console.domain.names import is_han
from console.domain.ownership import AnswerKind
from console.domain.policy import PolicyPack
from console.domain.spoken_time import parse_occurred
from console.domain.states import Channel, Nature
from console.domain.wording import (
    CONTENT_LIMIT,
    TITLE_LIMIT,
    check_content,
    check_length,
    check_line,
    check_name,
)
from console.domain.worktime import civil_date
from console.services.intake.callers import read_number
from console.services.intake.city import TAKES_ORDERS, City
from console.services.intake.lists import Categories
from console.services.intake.places import owner_of

# What the columns hold; a longer text is refused, never cut.
LENGTHS = (
    ("wanted", "来电人希望", 500), ("address", "何地", 200), ("occurred", "何时", 60),
    ("respondent", "被反映对象", 120), ("opinion", "拟办意见", 280), ("confidential_reason", "保密理由", 200),
)  # fmt: skip
LONGEST_TAGS, LONGEST_KEY = 200, 36
_COMPLAINING = (Nature.COMPLAINT, Nature.REPORT)
_IDENTITY = re.compile(r"[0-9]{15}(?:[0-9]{2}[0-9Xx])?")


class Checks:
    """The faults of one form against the city's pack, units and categories."""

    def __init__(
        self, session: Session, pack: PolicyPack, city: City, categories: Categories, now: datetime
    ) -> None:
        self._session, self._pack, self._city = session, pack, city
        self._categories, self._now = categories, now

    def to_register(self, form: IntakeForm, dispatch: bool) -> tuple[Invalid, ...]:
        """What stands in the way of registering, and of dispatching when asked."""
        checks = (
            *self._about_caller(form), (self._occurred, form), (self._address, form, dispatch), *self._texts(form),
            (self._content, form), (self._nature, form), (self._category, form), (self._units, form, dispatch),
        )  # fmt: skip
        return _faults(checks)

    def to_answer(self, form: IntakeForm) -> tuple[Invalid, ...]:
        """What stands in the way of ending it on the phone: no place, no unit, no category needed."""
        return _faults(
            (
                *self._about_caller(form),
                *self._texts(form),
                (_some_content, form),
                (self._nature, form),
            )
        )

    def to_keep(self, form: IntakeForm) -> tuple[Invalid, ...]:
        """What stands in the way of keeping it unfinished: only what the database could not hold."""
        return _faults((*self._texts(form), (_short_enough, form)))

    def _about_caller(self, form: IntakeForm) -> tuple[tuple[Any, ...], ...]:
        return ((self._name, form), (self._phone, form), (self._anonymous, form))

    def _texts(self, form: IntakeForm) -> tuple[tuple[Any, ...], ...]:
        lines = tuple(
            (_line, getattr(form, name), what, most, name) for name, what, most in LENGTHS
        )
        return (
            (_key, form),
            (_line, form.title, "标题", TITLE_LIMIT, "title"),
            *lines,
            (_tags, form),
        )

    def _name(self, form: IntakeForm) -> None:
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", form.name))
        if _IDENTITY.fullmatch(plain):
            # Wrong or right, it does not belong here; a wrong one is said to be wrong first.
            read_identity_number(plain, civil_date(self._now), "name")
            raise Invalid("姓名栏里是一个身份证号", "请只填姓名，受理不登记身份证号", "name")
        name = check_name(form.name)
        if not name and not form.anonymous and form.person_id is None:
            raise Invalid("请填写姓名", "不愿留名的，请选“匿名”", "name")

    def _phone(self, form: IntakeForm) -> None:
        """A switch may show nonsense: then the caller is asked for a number, and the call goes on."""
        if form.contact_phone.strip():
            given = read_number(form.contact_phone)
            if given.fault and form.contact_phone.strip() != form.full_phone.strip():
                raise Invalid(given.fault.text, given.fault.hint, "contact_phone")
            if not given.fault:
                return
        fault = read_number(form.full_phone).fault if form.full_phone.strip() else None
        if form.full_phone.strip() and fault is None:
            return
        if form.reply_wanted and not form.anonymous:
            text = f"没有可用的联系电话（{fault.text}）" if fault else "没有联系电话，无法回复"
            raise Invalid(text, "请问来电人联系电话，或取消“需要回复”", "contact_phone")
        if form.channel is Channel.PHONE and not form.anonymous and fault is None:
            raise Invalid("请填写联系电话", "不愿留电话的，请选“匿名”", "contact_phone")

    def _anonymous(self, form: IntakeForm) -> None:
        refused = not self._pack.acceptance.anonymous_complaints
        if form.anonymous and refused and form.nature in _COMPLAINING:
            raise Invalid("本市不受理匿名投诉举报", "请说明会为其保密，并登记姓名", "anonymous")

    def _occurred(self, form: IntakeForm) -> None:
        if not form.occurred.strip():
            return
        try:
            parse_occurred(form.occurred, self._now)
        except Invalid as fault:
            # 长期, 每天晚上: no moment, but an answer all the same.
            if not fault.text.startswith("看不懂"):
                raise

    def _address(self, form: IntakeForm, dispatch: bool) -> None:
        said = form.address.strip()
        if form.grid_id is not None:
            if form.grid_id not in self._city.grids:
                raise Invalid("所选网格已停用", "请重新确定地点", "address")
            return
        if not said:
            raise Invalid("请填写地点", "来电人说不清的，请写“不详”", "address")
        if said in UNKNOWN_PLACES or not dispatch:
            return
        found = owner_of(self._session, self._city, said)
        if found.kind is not AnswerKind.FOUND:
            text = found.question if found.kind is AnswerKind.AMBIGUOUS else found.rule
            raise Invalid(
                text, "请补全地址或选一个网格；说不清的请写“不详”，或只提交由派单员定位", "address"
            )

    def _content(self, form: IntakeForm) -> None:
        plain = check_content(form.content)
        count, least = sum(map(is_han, plain)), self._pack.acceptance.content_min
        if count < least:
            raise Invalid(
                f"诉求内容不少于 {least} 个汉字，现有 {count} 个", "请记下起因和经过", "content"
            )

    def _nature(self, form: IntakeForm) -> None:
        if form.nature is None:
            raise Invalid("请选择诉求性质", "按 Alt 加按钮上的字母", "nature")

    def _category(self, form: IntakeForm) -> None:
        if not form.category_code:
            raise Invalid("请选择分类", "可输入拼音首字母或关键词", "category_code")
        known = self._categories.get(form.category_code)
        if known is None:
            raise Invalid("没有这个分类，或已停用", "请重新选择", "category_code")
        level = self._pack.acceptance.category_level
        if known.level < level:
            raise Invalid(
                f"分类请至少选到第 {level} 级", f"现在只到“{known.path}”", "category_code"
            )

    def _units(self, form: IntakeForm, dispatch: bool) -> None:
        if form.unit_id is None:
            if dispatch:
                raise Invalid("请选择主办单位", "拿不准的，只提交，由派单员派单", "unit_id")
            return
        self._unit(form.unit_id, "unit_id")
        for unit_id in form.co_unit_ids:
            self._unit(unit_id, "co_unit_ids")
        if len({form.unit_id, *form.co_unit_ids}) <= len(form.co_unit_ids):
            raise Invalid("协办单位有重复，或与主办单位相同", field="co_unit_ids")
        self._not_complained_of(form, dispatch)

    def _unit(self, unit_id: int, field: str) -> None:
        unit = self._city.units.get(unit_id)
        if unit is None:
            raise Invalid("没有这个单位，或已停用", "请重新选择", field)
        if unit.kind not in TAKES_ORDERS:
            raise Invalid(f"不能派给{unit.name}", "请选择街道、社区、网格或部门", field)

    def _not_complained_of(self, form: IntakeForm, dispatch: bool) -> None:
        """The unit complained of is no receiver of a confidential report (field-facts 10.2)."""
        if not dispatch or not is_confidential(form, self._pack):
            return
        named = self._city.named_in(form.respondent)
        if named is not None and named.id in (form.unit_id, *form.co_unit_ids):
            field = "unit_id" if named.id == form.unit_id else "co_unit_ids"
            raise Invalid("保密件不能派给被反映的单位", "请派给其上级或监督部门", field)


def is_confidential(form: IntakeForm, pack: PolicyPack) -> bool:
    """Asked for, or a report where the city keeps those secret by default (field-facts 10.2)."""
    return form.confidential or (
        form.nature is Nature.REPORT and pack.acceptance.reports_confidential
    )


def _faults(checks: tuple[tuple[Any, ...], ...]) -> tuple[Invalid, ...]:
    return tuple(_run(checks))


def _run(checks: tuple[tuple[Any, ...], ...]) -> Iterator[Invalid]:
    for work, *arguments in checks:
        try:
            _call(work, arguments)
        except Invalid as fault:
            yield fault


def _call(work: Callable[..., object], arguments: list[Any]) -> None:
    work(*arguments)


def _line(text: str, what: str, most: int, field: str) -> None:
    check_line(text, what, most, field)


def _tags(form: IntakeForm) -> None:
    check_length("、".join(form.tags), LONGEST_TAGS, "标签", "tags")


def _key(form: IntakeForm) -> None:
    if not 1 <= len(form.key) <= LONGEST_KEY:
        raise Invalid("这张表单没有编号，不能提交", "请重新打开受理台", "key")


def _some_content(form: IntakeForm) -> None:
    check_content(form.content)


def _short_enough(form: IntakeForm) -> None:
    check_length(form.content, CONTENT_LIMIT, "诉求内容", "content")
    check_line(form.name, "姓名", 50, "name")
