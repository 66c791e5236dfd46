"""The city's visit rules, as the database has them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.registers.visits import Plan, Rule, plan_for
from db.models import VisitPolicy


def plan_of(session: Session, group_class: str, risk: str) -> Plan:
    """How often and how soon somebody of this class and risk is visited."""
    rules = [
        Rule(row.group_class, row.risk_level, row.interval_days, row.first_within_hours)
        for row in session.scalars(select(VisitPolicy))
    ]
    return plan_for(rules, group_class, risk)
