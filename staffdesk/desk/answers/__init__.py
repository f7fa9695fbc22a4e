"""What actions and look-ups answer: frozen, plain, free of the database, safe to hand to a window.

Answers of actions are kept in the journal and handed out again when an operation is repeated, so
they hold no name and no card number.
"""
