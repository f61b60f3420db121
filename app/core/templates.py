"""Templates are imported for their macros, which are the same whoever imports them."""

import jinja2
from flask import Flask
from jinja2.environment import TemplateModule
from jinja2.runtime import Context


class Template(jinja2.Template):
    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Jinja would compare all globals at each import: a template might have some of its own. None has."""
        return super()._get_default_module()


def init_app(app: Flask) -> None:
    app.jinja_env.template_class = Template
