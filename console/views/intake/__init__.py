"""受理台: the one screen for the whole of a call."""
