"""Audiences of articles (受众): named sets of roles."""
