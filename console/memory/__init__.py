"""What the city's own closed work orders teach: category, unit and earlier reports of a message, with the reason.

Learning runs outside the console (`main.py train`); the console only looks pieces of text up and multiplies.
numpy is imported by the modules that need it, and they are imported when a suggestion is first asked for.
"""
