# newsbot in a container: docs in README.md under "Docker".
#   docker build -t newsbot .
#   docker run --rm newsbot demo

FROM python:3.11-slim AS build

WORKDIR /src
# Without pip of its own: what runs later needs none.
RUN python -m venv --without-pip /opt/newsbot
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --disable-pip-version-check --python /opt/newsbot install .


FROM python:3.11-slim

LABEL org.opencontainers.image.title="newsbot" \
      org.opencontainers.image.description="News alerts for Slack and Discord" \
      org.opencontainers.image.licenses="MIT"

# A number, so that a platform can see that this is not root.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin newsbot \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data

COPY --from=build /opt/newsbot /opt/newsbot
# The feeds and rules that come with newsbot; mount your own over them.
COPY feeds.yaml /config/feeds.yaml
COPY rules /config/rules

ENV PATH=/opt/newsbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NEWSBOT_FEEDS=/config/feeds.yaml \
    DATABASE_URL=sqlite:////data/newsbot.db

WORKDIR /config
USER 10001:10001
VOLUME ["/data"]

# True: it reads what the work leaves behind (signs of life, polls, deliveries), in under 2 s.
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
    CMD ["newsbot", "health"]

ENTRYPOINT ["newsbot"]
CMD ["run"]
