FROM node:24-bookworm-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r requirements.lock
COPY . .
COPY --from=frontend /app/node_modules node_modules
# The settings want these three; nothing connects while the image is built. Documents are printed with the fonts that stay.
RUN export SECRET_KEY=unused DATABASE_URL=postgres:///unused REDIS_URL=redis://unused STATIC_ROOT=/app/static \
 && /venv/bin/python manage.py compile_messages \
 && /venv/bin/python manage.py collectstatic --no-input -i "*.map" -i "*.rtl.*" -i libs -i types -i cjs -i esm \
 && find node_modules -mindepth 1 -maxdepth 1 ! -name @expo-google-fonts ! -name dejavu-fonts-ttf -exec rm -rf {} +

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /app resellerhub \
 && install --directory --owner=resellerhub /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/static MEDIA_ROOT=/data/media
USER resellerhub
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "docker/healthy.py", "http://127.0.0.1:8000"]
CMD ["gunicorn", "resellerhub.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", \
     "--worker-tmp-dir=/dev/shm", "--no-control-socket", "--access-logfile=-"]
