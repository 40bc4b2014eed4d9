"""Form definitions, cleaning of values, WTForms built from them."""
