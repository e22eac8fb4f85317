"""gunicorn, set up so that no log tells who asked for what."""

import logging
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from stins.config import Settings


class NobodyNamed(logging.Filter):
    """Takes addresses, paths and tracebacks out of what the server itself says of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a line about a request; let all others through as they are."""
        if "request" in str(record.msg).lower() or record.exc_info:
            kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "refused"
            record.msg, record.args = f"a request could not be served: {kind}", ()
            record.exc_info = record.exc_text = None
        return True


class QuietLogger(Logger):
    """No access log, and an error log without addresses."""

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's loggers, then make them quiet."""
        super().setup(cfg)
        self.error_log.addFilter(NobodyNamed())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Log nothing."""


class Server(BaseApplication):
    """gunicorn with the recommended settings. ``bind`` is address and port."""

    def __init__(self, using: Settings, bind: str, workers: int, threads: int) -> None:
        self.using = using
        self.options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "logger_class": QuietLogger,
            "accesslog": None,
            "loglevel": "warning",
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "timeout": 60,
            "limit_request_line": 2_000,
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Set the options, where this gunicorn knows them."""
        for name, value in self.options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application, in each worker."""
        from stins import create_app

        return create_app(self.using)
