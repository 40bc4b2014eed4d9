# The product for several machines; compose.yaml says how its processes run.
FROM python:3.13-slim-bookworm AS build
WORKDIR /careline
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN /venv/bin/python -m scripts.frontend && /venv/bin/python -m scripts.translations compile && rm -rf node_modules
# The user of the processes may not write here: without this each start would compile every module.
RUN /venv/bin/python -m compileall -q app plugins config.py

FROM python:3.13-slim-bookworm
RUN useradd --system --create-home careline && install --directory --owner careline /var/lib/careline /var/lib/careline/shared
WORKDIR /careline
COPY --from=build /venv /venv
COPY --from=build /careline /careline
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 CARELINE_VAR_DIR=/var/lib/careline HOST=0.0.0.0 PORT=8080
USER careline
EXPOSE 8080
CMD ["gunicorn", "app:create_app()"]
