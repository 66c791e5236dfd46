"""What is kept about people, homes, firms and those who look after them (field-facts 6.3 to 6.8)."""
