"""Demo articles come with a later step."""


def load(context):
    """Nothing yet."""
    return ""
