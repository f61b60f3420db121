"""One blueprint, filled by several modules."""

from app.coaching.plans.routes import aims, plans, steps

MODULES = (plans, aims, steps)
bp = plans.bp
