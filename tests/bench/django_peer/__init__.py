"""Django's admin over the complaints, tuned: a peer, in an environment of its own."""
