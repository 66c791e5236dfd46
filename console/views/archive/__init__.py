"""办结归档: closed work orders become read-only."""
