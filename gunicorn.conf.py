"""Settings of the web server: ``gunicorn "app:create_app()"`` reads this file by itself."""

from __future__ import annotations

from pathlib import Path

from config import Settings

_settings = Settings.from_environment()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
# Each worker loads the product for itself, so that a HUP brings in a plugin just enabled.
preload_app = False
# Seconds. Long work runs as a job: a request that takes this long is stuck.
timeout = 60
graceful_timeout = 30
keepalive = 5
# In memory where the system has it: a slow disk must not make a worker look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = None
errorlog = "-"
control_socket_disable = True
