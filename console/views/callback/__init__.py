"""回访: the call to the citizen, and closing or redoing."""
