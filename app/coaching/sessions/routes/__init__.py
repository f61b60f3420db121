"""One blueprint, filled by several modules."""

from app.coaching.sessions.routes import coached, commitments, log, sessions, templates

MODULES = (sessions, coached, commitments, log, templates)
bp = sessions.bp
