"""Settings of gunicorn for the peers: those of the product, which need the product to be read."""

from __future__ import annotations

worker_class = "gthread"
threads = 4
preload_app = False
timeout = 60
keepalive = 5
accesslog = None
errorlog = "-"
control_socket_disable = True
