"""What the clock starts is given the instant, and takes it."""

import inspect

from app.core.jobs import tasks


def test_every_periodic_job_takes_the_instant(app):
    jobs = [periodic.task for periodic in tasks.periodic_registry.periodic_tasks.values()]
    assert jobs
    for job in jobs:
        assert "timestamp" in inspect.signature(job.func).parameters, job.name
