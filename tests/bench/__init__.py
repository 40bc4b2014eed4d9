"""The benchmark of the whole product beside its peers: ``python -m tests.bench``."""
