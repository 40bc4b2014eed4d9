"""Changes of protected customer data: one person asks for them, another one decides."""
