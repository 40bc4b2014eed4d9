"""Generated screens and REST API over Flask-AppBuilder: theme, lists, forms, record pages."""
