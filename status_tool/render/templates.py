"""The page templates: the site's own or ours, and the filters and names that all of them have.

The only user of Jinja2 and rjsmin. Templates format; `summary` decides.
"""

from __future__ import annotations

import contextlib
import re
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jinja2
import rjsmin
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.ext import InternationalizationExtension
from jinja2.parser import Parser
from markupsafe import Markup, escape

from status_tool.errors import StatusError
from status_tool.model.incident import Text
from status_tool.render.language import Language
from status_tool.system import cache, clock, fingerprint, package_files
from status_tool.text import markdown_text

_PRESENT = re.compile(r"\bsummary\b|\bcontext\.(?!names\b|promise\b|asset_address\b)")
_VALUE = re.compile(r"%\((\w+)\)s")
_OTHER = Markup(
    '<details class="st-other" lang="{0}"><summary>{1}</summary><div class="st-text" dir="auto">{2}</div></details>'
)


class _Compiled(jinja2.BytecodeCache):
    """The cache of compiled templates, which Jinja2 uses when the text of a template is unchanged."""

    def __init__(self, folder: Path, language: Language) -> None:
        self.folder = folder
        self.input_digest = fingerprint.digest_of(fingerprint.program(), language.code)

    def load_bytecode(self, bucket: Bucket) -> None:
        bytecode = cache.read(self.folder / bucket.key, bytes, self.input_digest)
        if bytecode:
            bucket.bytecode_from_string(bytecode)

    def dump_bytecode(self, bucket: Bucket) -> None:
        cache.write(self.folder / bucket.key, bucket.bytecode_to_string(), self.input_digest)


class _Phrases(InternationalizationExtension):
    """`{% trans %}`, translated when a template is compiled instead of on every page, which saves a fifth of its time.

    `{% trans %}since {{ time }}{% endtrans %}` is then the same as `depuis {{ time }}`. Plurals are translated on the
    page. Relies on the nodes that Jinja2 3.1 makes of `{% trans %}`; other nodes would be left as they are.
    """

    def parse(self, parser: Parser) -> nodes.Node | list[nodes.Node]:
        parsed = super().parse(parser)
        match output := parsed[-1] if isinstance(parsed, list) else parsed:
            case nodes.Output(
                nodes=[nodes.Call(node=nodes.Name(name="gettext"), args=[nodes.Const(value=phrase)], kwargs=keywords)]
            ):
                values = {keyword.key: keyword.value for keyword in keywords}
                language: Any = self.environment.globals["language"]
                translated = language.gettext(phrase)
                output.nodes = [
                    values[part] if number % 2 else nodes.TemplateData(part % ())
                    for number, part in enumerate(_VALUE.split(translated))
                ]
        return parsed


class Templates:
    """The page templates of one site, in one language; `compiled` is the folder of the compiled ones."""

    def __init__(self, own: Path, language: Language, compiled: Path) -> None:
        self.own, self.language = own, language
        folders = [own / "pages", package_files.OURS / "pages"]
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([folder for folder in folders if folder.is_dir()]),
            bytecode_cache=_Compiled(compiled, language),
            auto_reload=False,  # every build has templates of its own
            autoescape=lambda name: not (name or "").endswith(".txt"),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            extensions=[_Phrases],
        )
        environment.policies["ext.i18n.trimmed"] = True  # line breaks in a template are no part of a phrase
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            language.gettext, language.ngettext, newstyle=True
        )
        environment.filters.update(
            date=lambda day: self._own(language.date(day)),
            month=lambda month: self._own(language.month(month)),
            duration=language.duration,
            share=language.share,
            window=lru_cache(maxsize=50_000)(self._window),
            time=lru_cache(maxsize=50_000)(self._time),
            words=self._words,
            own=self._own,
            markdown=self._markdown,
            iso=clock.iso,
            line=_line,
            minified=lambda code: Markup(rjsmin.jsmin(str(code))),
        )
        is_own = language.phrase_language == language.code
        self._marked = "" if is_own else f' lang="{language.code}" dir="auto"'
        environment.globals.update(
            language=language, spoken=Markup("" if is_own else f' lang="{language.phrase_language}"')
        )
        self.environment = environment

    def prepare(self) -> None:
        """Compiles all templates, so that worker processes need not. An error in one is reported when it is used."""
        for name in self.environment.list_templates(extensions=["html", "js", "txt"]):
            with contextlib.suppress(jinja2.TemplateError, UnicodeDecodeError, OSError):
                self.environment.get_template(name)

    @cached_property
    def depends_on_now(self) -> bool:
        """Whether a template of the site's own may show the present, for which pages about the past are not remade."""
        folder = self.own / "pages"
        names = (path for path in fingerprint.files(folder) if path.endswith((".html", ".txt")))
        return any(_PRESENT.search(Path(path).read_text("utf-8", "replace")) for path in names)

    def render(self, name: str, **values: Any) -> str:
        """The text of the template `name` with `values`; an error in a template of the site's own is a StatusError."""
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
        except UnicodeDecodeError:
            hint = "Save every template as UTF-8."
            raise StatusError("a template is not UTF-8 text.", _shown(f"{self.own}/pages"), hint=hint) from None
        except StatusError:
            raise
        except Exception as error:
            place, line = _place(error, name)
            if not (self.own / "pages" / Path(place).name).is_file():
                raise  # one of our templates: our bug
            raise StatusError(f"{type(error).__name__}: {error}.", place, line, "Correct the template.") from error

    # A <time> element is for people and for `status.js`, which adds the reader's own zone.
    # These filters run many times per page, and Markup.format() is slow.

    def _time(self, time: datetime) -> Markup:
        return Markup(f'<time datetime="{clock.iso(time)}"{self._marked}>{escape(self.language.when(time))}</time>')

    def _window(self, begin: datetime, until: datetime) -> Markup:
        first, between, second = map(escape, self.language.window_parts(begin, until))
        mark = self._marked
        end = f'<time datetime="{clock.iso(until)}"{mark}>{second}</time>' if second else ""
        return Markup(
            f'<span class="st-window"><time datetime="{clock.iso(begin)}"{mark}>{first}</time>{between}{end}</span>'
        )

    def _own(self, words: str) -> Markup | str:
        """`words` in the site's language, marked as such where our phrases are in another language."""
        return Markup(f"<bdi{self._marked}>{escape(words)}</bdi>") if self._marked else words

    def _words(self, text: Text) -> Markup:
        """A text of one line, marked with its language and direction."""
        return self.marked(*text.within(self.language.code))

    def marked(self, code: str, words: str) -> Markup:
        """`words` marked as being in the language `code`, or in the site's own when `code` is empty."""
        return Markup(f"<bdi{self._lang(code)}>{escape(words)}</bdi>")

    def _markdown(self, text: Text | str, top: int = 4) -> Markup:
        """A Markdown text as HTML; its translations follow, each under the name of its language."""
        code, words = ("", text) if isinstance(text, str) else text.within(self.language.code)
        first = f'<div class="st-text" dir="auto"{self._lang(code)}>{markdown_text.html(words, top)}</div>'
        if isinstance(text, str) or len(text.translations) == 1:
            return Markup(first)
        others = [
            _OTHER.format(other, self.language.language_name(other), Markup(markdown_text.html(words, top)))
            for other, words in text.beside(self.language.code)
            if other
        ]
        return Markup("".join([first, *others]))

    def _lang(self, code: str) -> str:
        code = code or self.language.code
        return f' lang="{escape(code)}"' if code != self.language.phrase_language else ""


def _line(text: str) -> str:
    """`text` on one line, with brackets escaped, so that it can be the text of a Markdown link."""
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))


def _place(error: BaseException, name: str) -> tuple[str, int | None]:
    """The path of the template and the line in which rendering failed."""
    place: tuple[str, int | None] = (name, None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".js", ".txt")):
            place = (_shown(trace.tb_frame.f_code.co_filename), trace.tb_lineno)
        trace = trace.tb_next
    return place


def _shown(file: str) -> str:
    """The path of a template from `site_templates/` on."""
    return re.sub(r".*(?=site_templates/)", "", file)
