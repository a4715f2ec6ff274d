"""Which template, the site's or ours, and what every template can say.

The only user of Jinja2. Templates format; `summary` decides.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from status_tool import clock, markdown_text, templates_dir
from status_tool.errors import StatusError
from status_tool.incident import Text
from status_tool.language import Language

_OTHER = Markup(
    '<details class="st-other" lang="{0}"><summary>{1}</summary><div class="st-text" dir="auto">{2}</div></details>'
)


class Templates:
    """The page templates of one site, in one language."""

    def __init__(self, own: Path, language: Language) -> None:
        self.language = language
        folders = [own / "pages", templates_dir.OURS / "pages"]
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([folder for folder in folders if folder.is_dir()]),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True  # line breaks in a template are no part of a phrase
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            language.gettext, language.ngettext, newstyle=True
        )
        environment.filters.update(
            date=language.date,
            month=language.month,
            month_short=language.month_short,
            duration=language.duration,
            share=language.share,
            time=self._time,
            time_of_day=self._time_of_day,
            words=self._words,
            markdown=self._markdown,
            iso=clock.iso,
        )
        environment.globals.update(language=language)
        self.environment = environment

    def render(self, name: str, **values: Any) -> str:
        """The template `name` with `values`; a mistake in it is a StatusError that names its line."""
        try:
            return self.environment.get_template(name).render(values)
        except jinja2.TemplateSyntaxError as error:
            raise StatusError(
                f"{error.message}.", _shown(error.filename or name), error.lineno, "Correct the template."
            ) from None
        except jinja2.TemplateNotFound as error:
            raise StatusError(f'no template "{error.name}".', name, hint="Correct the name in the template.") from None
        except jinja2.TemplateError as error:
            raise StatusError(f"{error.message}.", *_place(error, name), "Correct the template.") from None

    # A time is for people and machines at once; scripts put the reader's own zone beside it.

    def _time(self, time: Any) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(clock.iso(time), self.language.when(time))

    def _time_of_day(self, time: Any) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(clock.iso(time), self.language.clock(time))

    def _words(self, text: Text) -> Markup:
        """One line of what someone wrote, marked with its language and direction."""
        code, words = text.within(self.language.code)
        return Markup("<bdi{}>{}</bdi>").format(_lang(code, self.language.code), words)

    def _markdown(self, text: Text | str, top: int = 4) -> Markup:
        """What someone wrote, as paragraphs; other languages follow, each under its name."""
        if isinstance(text, str):
            return Markup('<div class="st-text" dir="auto">{}</div>').format(Markup(markdown_text.html(text, top)))
        code, words = text.within(self.language.code)
        first = Markup('<div class="st-text" dir="auto"{}>{}</div>').format(
            _lang(code, self.language.code), Markup(markdown_text.html(words, top))
        )
        others = [
            _OTHER.format(other, self.language.language_name(other), Markup(markdown_text.html(words, top)))
            for other, words in text.beside(self.language.code)
            if other
        ]
        return first + Markup("").join(others)


def _lang(code: str, page: str) -> Markup:
    return Markup(' lang="{}"').format(code) if code and code != page else Markup("")


def _place(error: BaseException, name: str) -> tuple[str, int | None]:
    """The template and the line in which rendering failed."""
    found: tuple[str, int | None] = (name, None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".txt")):
            found = (_shown(trace.tb_frame.f_code.co_filename), trace.tb_lineno)
        trace = trace.tb_next
    return found


def _shown(file: str) -> str:
    return re.sub(r".*(?=site_templates/)", "", file)
