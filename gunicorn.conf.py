"""Settings of the web server: ``gunicorn "app:create_app()"`` reads this file by itself."""

from __future__ import annotations

import gc
import importlib
from pathlib import Path

from app.startup import settings_at_start

_settings = settings_at_start()

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
# Where the screen of plugins finds the master process, to have it reload its workers.
_run = _settings.var_dir / "run"
_run.mkdir(parents=True, exist_ok=True)
pidfile = str(_run / "web.pid")

if workers > 1:
    # Libraries are loaded once, before the workers are forked from this process, and their memory
    # is shared: 73 MB less for two workers. The product itself and its plugins are not among them.
    for _library in (
        "flask_appbuilder.security.sqla.manager", "flask_babel", "flask_limiter",
        "flask_wtf", "huey", "psycopg", "redis", "sqlalchemy.orm",
    ):
        importlib.import_module(_library)
    # They are never garbage; looking at them again would make copies of the shared memory.
    gc.freeze()
