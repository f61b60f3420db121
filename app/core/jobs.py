"""Background jobs: procrastinate on the same database, deferred in the caller's transaction."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
from flask import Flask
from procrastinate import PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg.errors import RaiseException
from sqlalchemy.engine import make_url

from app.extensions import db

# The connector is never opened for deferring: a job travels on the caller's own connection.
tasks = procrastinate.App(connector=SyncPsycopgConnector(), import_paths=[])
# A worker gives `tasks` an asynchronous connector; jobs that queue jobs still travel on a plain connection.
deferring = procrastinate.App(connector=SyncPsycopgConnector(), import_paths=[])
_flask_app: Flask | None = None


LONGEST_WAIT = 3600  # seconds
BY_THE_CLOCK = 5  # attempts; then the clock brings the next one


class Patience(BaseRetryStrategy):
    """After each attempt that failed a wait twice as long as before, an hour at most.

    A job whose worker was killed has made an attempt too. Counting them must lose none: without `most` a
    job is tried until it is done.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if self.most is not None and job.attempts >= self.most:
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts + 1, 20), LONGEST_WAIT)})


def job(
    name: str,
    *,
    queue: str = "default",
    retry: int | None = None,
    cron: str | None = None,
    lock: str | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as a job, run by the worker inside the app's context.

    Jobs are delivered at least once, so a job is idempotent. `cron` runs it by the clock (UTC). One that
    fails is tried again until it is done, or `retry` times.
    """
    most = BY_THE_CLOCK if cron and retry is None else retry

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> None:
            if _flask_app is None:
                raise RuntimeError("jobs.init_app was not called")
            with _flask_app.app_context():
                function(*args, **kwargs)

        task = tasks.task(
            name=name,
            queue=queue,
            lock=lock,
            queueing_lock=name if cron else None,
            retry=Patience(most),
        )(run)
        if cron:
            tasks.periodic(cron=cron, periodic_id=name)(task)
        return function

    return register


def defer(name: str, *, lock: str | None = None, **arguments: Any) -> None:
    """Queue a job in the running transaction: gone when it rolls back, safe when it commits."""
    task = tasks.tasks[name]
    deferring.configure_task(
        name,
        connection=db.session.connection().connection.driver_connection,
        queue=task.queue,
        lock=lock or task.lock,
        queueing_lock=task.queueing_lock,
        priority=task.priority,
    ).defer(**arguments)


@tasks.periodic(cron="* * * * * */5", periodic_id="retry_stalled")
@tasks.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give the jobs of a killed worker back to the queue."""
    await hand_back(context.app.job_manager, seconds_since_heartbeat=5, own=context.job.worker_id)


async def hand_back(manager: JobManager, *, seconds_since_heartbeat: float, own: int | None = None) -> None:
    """What workers had begun that have not been heard of for so long. `own` is at work, however long the
    machine slept.
    """
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds_since_heartbeat):
        if own is not None and stalled.worker_id == own:
            continue
        with _done_after_all():
            try:
                await manager.retry_job(stalled)
            except UniqueViolation:  # the clock has queued the same job again meanwhile: that one is enough
                await manager.finish_job(stalled, status=Status.FAILED, delete_job=True)


@contextmanager
def _done_after_all() -> Iterator[None]:
    """The queue refuses what is no longer being done. A lost connection, or anything else, is not that."""
    try:
        yield
    except ConnectorException as refused:
        if not isinstance(refused.__cause__, RaiseException):
            raise


def run_worker(database_url: str, concurrency: int = 2, *, wait: bool = True) -> None:
    """Work until told to stop (SIGINT or SIGTERM); with `wait` off, until nothing is left to do now."""
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with tasks.replace_connector(PsycopgConnector(conninfo=url)) as app:
        app.run_worker(
            concurrency=concurrency,
            wait=wait,
            update_heartbeat_interval=1,
            stalled_worker_timeout=5,
            fetch_job_polling_interval=1,
            delete_jobs="successful",
        )


def init_app(app: Flask) -> None:
    global _flask_app
    _flask_app = app
