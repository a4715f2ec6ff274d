"""How templates are rendered: the site's templates or ours, with their filters and global variables.

The only user of Jinja2 and rjsmin. Templates only format values; `summary` computes them.
"""

from __future__ import annotations

import contextlib
import re
from datetime import date, datetime
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
from status_tool.model.update import Text
from status_tool.render.language import Language
from status_tool.system import cache, clock, fingerprint, package_files
from status_tool.text import markdown_text
from status_tool.text.relative_links import NO_LINKS, Links

_USES_SUMMARY = re.compile(r"\bsummary\b|\bcontext\.(?!names\b|promise\b|asset_address\b|links\b)")
_VALUE = re.compile(r"%\((\w+)\)s")
_TRANSLATION = Markup(
    '<details class="st-other" lang="{0}"><summary>{1}</summary><div class="st-text" dir="auto">{2}</div></details>'
)


class _Compiled(jinja2.BytecodeCache):
    """The cache of compiled templates; Jinja2 uses an entry if the text of its template is unchanged."""

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
    """Translates `{% trans %}` when a template is compiled, not on every page, which saves a fifth of the time.

    `{% trans %}since {{ time }}{% endtrans %}` compiles to the same code as `depuis {{ time }}`. Plurals are translated
    when a page is rendered. The pattern matches the nodes of Jinja2 3.1; other nodes stay unchanged.
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
                    values[segment] if number % 2 else nodes.TemplateData(segment % ())
                    for number, segment in enumerate(_VALUE.split(translated))
                ]
        return parsed


class Templates:
    """The templates of one site in one language; `own` is its folder `site_templates`, `compiled` a cache folder."""

    def __init__(self, own: Path, language: Language, compiled: Path) -> None:
        self.own, self.language = own, language
        pages, notify = (_loader(own / name, package_files.OURS / name) for name in ("pages", "notify"))
        environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader([pages, jinja2.PrefixLoader({"notify": notify})]),
            bytecode_cache=_Compiled(compiled, language),
            auto_reload=False,  # every build creates a new environment
            autoescape=lambda name: not (name or "").endswith(".txt"),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            extensions=[_Phrases],
        )
        environment.policies["ext.i18n.trimmed"] = True  # line breaks in a template do not belong to the phrase
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
            day=language.day,
            words=self._one_line,
            own=self._own,
            markdown=self._markdown,
            iso=clock.iso,
            line=_line,
            minified=lambda code: Markup(rjsmin.jsmin(str(code))),
        )
        _ = language.gettext
        self._tasks = (_("to do"), _("done"))
        is_own = language.phrase_language == language.code
        self._own_attributes = "" if is_own else f' lang="{language.code}" dir="auto"'
        environment.globals.update(
            language=language, phrase_lang=Markup("" if is_own else f' lang="{language.phrase_language}"')
        )
        self.environment = environment

    def prepare(self) -> None:
        """Compiles all templates before worker processes start. `render` reports the errors."""
        for name in self.environment.list_templates(extensions=["html", "js", "txt"]):
            with contextlib.suppress(jinja2.TemplateError, UnicodeDecodeError, OSError):
                self.environment.get_template(name)

    @cached_property
    def depends_on_now(self) -> bool:
        """Whether a template of the site may use the summary or the time, so that all pages depend on them."""
        folder = self.own / "pages"
        names = (path for path in fingerprint.files(folder) if path.endswith((".html", ".txt")))
        return any(_USES_SUMMARY.search(Path(path).read_text("utf-8", "replace")) for path in names)

    def render(self, name: str, **values: Any) -> str:
        """Renders the template `name` with `values`. Raises StatusError if a template of the site has a mistake."""
        try:
            return self.environment.get_template(name).render(values)
        except jinja2.TemplateSyntaxError as error:
            raise StatusError(
                f"{error.message}.", _display_path(error.filename or name), error.lineno, "Correct the template."
            ) from None
        except jinja2.TemplateNotFound as error:
            raise StatusError(f'no template "{error.name}".', name, hint="Correct the name in the template.") from None
        except jinja2.TemplateError as error:
            raise StatusError(f"{error.message}.", *_location(error, name), "Correct the template.") from None
        except UnicodeDecodeError:
            hint = "Save every template as UTF-8."
            folder = self.own / (name.rpartition("/")[0] or "pages")
            raise StatusError("a template is not UTF-8 text.", _display_path(str(folder)), hint=hint) from None
        except StatusError:
            raise
        except Exception as error:
            path, line = _location(error, name)
            if not (self.own.parent / path).is_file():
                raise  # a bug in one of our templates
            raise StatusError(f"{type(error).__name__}: {error}.", path, line, "Correct the template.") from error

    # `status.js` adds the reader's local time to each <time> element.
    # These filters run many times per page; Markup.format() would be too slow.

    def _time(self, time: datetime, day: date | None = None) -> Markup:
        """`4 October 2021, 16:07 UTC`; `16:07 UTC` if it is on `day`, the heading under which it stands."""
        attributes = self._own_attributes if self.language.day(time) != day else ""
        return Markup(
            f'<time datetime="{clock.iso(time)}"{attributes}>{escape(self.language.date_time(time, day))}</time>'
        )

    def _window(self, begin: datetime, until: datetime, day: date | None = None) -> Markup:
        start, dash, end_text = map(escape, self.language.window_parts(begin, until, day))
        attributes = self._own_attributes
        end = f'<time datetime="{clock.iso(until)}"{attributes}>{end_text}</time>' if end_text else ""
        return Markup(
            f'<span class="st-window"><time datetime="{clock.iso(begin)}"{attributes}>{start}</time>{dash}{end}</span>'
        )

    def _own(self, text: str) -> Markup | str:
        """`text` in the site's language, with its `lang` if our phrases are in another language."""
        return Markup(f"<bdi{self._own_attributes}>{escape(text)}</bdi>") if self._own_attributes else text

    def _one_line(self, text: Text) -> Markup:
        """A text of one line in a `<bdi>` element with its language."""
        return self.marked(*text.in_language(self.language.code))

    def marked(self, code: str, text: str) -> Markup:
        """`text` in a `<bdi>` element with the language `code`; an empty `code` means the site's language."""
        return Markup(f"<bdi{self._lang(code)}>{escape(text)}</bdi>")

    def _markdown(self, text: Text | str, top: int = 4, links: Links | None = None) -> Markup:
        """A Markdown text as HTML, then its translations, each with the name of its language.

        The highest heading becomes `<h{top}>`. `links` are those of `context.links`; without them, a relative link is
        shown as text with its address.
        """
        code, source = ("", text) if isinstance(text, str) else text.in_language(self.language.code)
        first = f'<div class="st-text" dir="auto"{self._lang(code)}>{self.html(source, top, links)}</div>'
        if isinstance(text, str) or len(text.translations) == 1:
            return Markup(first)
        others = [
            _TRANSLATION.format(other, self.language.language_name(other), Markup(self.html(source, top, links)))
            for other, source in text.other_translations(self.language.code)
            if other
        ]
        return Markup("".join([first, *others]))

    def html(self, source: str, top: int = 4, links: Links | None = None) -> str:
        """Markdown as HTML; the highest heading becomes `<h{top}>`."""
        return markdown_text.html(source, top, links or NO_LINKS, self._tasks)

    def _lang(self, code: str) -> str:
        """` lang="fr"`; empty if the phrases of the page are in this language too."""
        code = code or self.language.code
        return f' lang="{escape(code)}"' if code != self.language.phrase_language else ""


def _loader(*folders: Path) -> jinja2.FileSystemLoader:
    """The templates in these folders; that of an earlier one replaces another of its name."""
    return jinja2.FileSystemLoader([folder for folder in folders if folder.is_dir()])


def minified(script: bytes) -> bytes:
    """A JavaScript without its comments and most of its blanks; every other character and all line ends stay."""
    return bytes(rjsmin.jsmin(script))


def _line(text: str) -> str:
    """`text` on one line, with backslashes and brackets escaped, for the text of a Markdown link."""
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))


def _location(error: BaseException, name: str) -> tuple[str, int | None]:
    """The path of the template and the line in which rendering failed."""
    location: tuple[str, int | None] = (name, None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".html", ".js", ".txt")):
            location = (_display_path(trace.tb_frame.f_code.co_filename), trace.tb_lineno)
        trace = trace.tb_next
    return location


def _display_path(file: str) -> str:
    """The path of a template from `site_templates/` on."""
    return re.sub(r".*(?=site_templates/)", "", file)
