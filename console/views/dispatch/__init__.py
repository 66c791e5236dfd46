"""派单台: who gets it, and whether the reply is good enough."""
