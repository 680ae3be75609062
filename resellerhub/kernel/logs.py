"""Logs: one line an entry, as JSON or for people, each with the id of the request that caused it."""

import re
from typing import Any

import structlog

LINK = re.compile(r"(/invitations/)[\w-]{20,}")
"""An address that lets in whoever has it."""


def without_links(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Entries are read by more people than those who may come in."""
    for name, value in entry.items():
        if isinstance(value, str) and "/invitations/" in value:
            entry[name] = LINK.sub(r"\1…", value)
    return entry


def configure(style: str, level: str) -> dict[str, Any]:
    """Set structlog up and give Django's LOGGING. `style` is json or console."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_links,
    ]
    structlog.configure(
        processors=[*processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False) if style == "console" else structlog.processors.JSONRenderer()
    )
    lines = {"()": structlog.stdlib.ProcessorFormatter, "processor": renderer, "foreign_pre_chain": processors}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
    }
