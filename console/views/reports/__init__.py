"""报表: find work orders, see the form as it will be on paper, print it, save it; archive what is closed."""
