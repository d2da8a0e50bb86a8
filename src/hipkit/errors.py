"""The one error type for failures that a person can mend."""


class KitError(Exception):
    """An expected failure. The message is one plain sentence or two and says what to do."""
