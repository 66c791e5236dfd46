"""Sheets about many work orders: a shift handed over, ledgers, lists."""
