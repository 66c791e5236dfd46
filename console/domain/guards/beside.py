"""Conditions of what happens beside the flow."""

from datetime import datetime, timedelta

from console.domain.case import Case, Step
from console.domain.codes import covers
from console.domain.errors import Invalid, NotAllowed
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import (
    SUPERVISION_NAMES,
    SupervisionLevel,
)


def within_command(case: Case, step: Step, _rules: Rules) -> None:
    """A unit's leader instructs below, never a superior or a neighbour (field-facts 3.4 rule 6)."""
    if step.actor.role is not Role.LEADER or step.actor.commands_all:
        return
    lead = case.lead()
    if lead is None or not covers(step.actor.unit_code, lead.unit.code):
        raise NotAllowed("只能批示本单位及下级单位承办的工单", "请由上级领导批示")


def promises_kept(case: Case, _step: Step, _rules: Rules) -> None:
    if case.open_promises:
        raise NotAllowed(f"还有 {case.open_promises} 项承诺没有兑现，不能归档", "请先登记兑现情况")


def has_open_promise(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.open_promises:
        raise NotAllowed("本单没有待兑现的承诺", "已为您刷新，请核对后再操作")


def promised_ahead(_case: Case, step: Step, _rules: Rules) -> None:
    """A promise is a time to come, within a year: a wrong year would lie on nobody's list."""
    due = datetime.fromisoformat(step.text("due"))
    if not step.at < due <= step.at + timedelta(days=366):
        raise Invalid("承诺时间应在今后一年之内", field="due")


def strictly_higher(case: Case, step: Step, _rules: Rules) -> None:
    """Supervision only rises (field-facts 3.4 rule 6)."""
    level = step.number("level")
    if level not in set(SupervisionLevel):
        raise Invalid("请选择督办级别", field="level")
    if level <= case.supervision:
        name = SUPERVISION_NAMES[SupervisionLevel(case.supervision)]
        highest = case.supervision == max(SupervisionLevel)
        hint = "请催办承办单位" if highest else "请选择更高的督办级别"
        raise NotAllowed(f"正处于{name}中，督办级别只能提高", hint)


def under_supervision(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.supervision:
        raise NotAllowed("本单不在督办中", "已为您刷新，请核对后再操作")
