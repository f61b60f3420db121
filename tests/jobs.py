"""The worker's part, done here and now: `run_jobs()` after what a test did."""

from flask import current_app
from sqlalchemy import text

from app.core import jobs
from app.extensions import db


def run_jobs(only: str | None = None) -> int:
    """Run what is queued (and what that queues), oldest first; returns how many jobs ran."""
    jobs._flask_app = current_app._get_current_object()  # another test may have made another app
    ran = 0
    while True:
        db.session.rollback()
        job = db.session.execute(
            text(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
                " AND (CAST(:only AS text) IS NULL OR task_name = :only) ORDER BY id LIMIT 1"
            ),
            {"only": only},
        ).one_or_none()
        if job is None:
            db.session.expire_all()
            return ran
        jobs.tasks.tasks[job.task_name].func(**job.args)
        db.session.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": job.id})
        db.session.commit()
        ran += 1
