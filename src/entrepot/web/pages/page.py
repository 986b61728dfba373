"""What every page has, and the templates that arrange it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from entrepot.api.accounts_tables import Role
from entrepot.web.access.caller import may_here
from entrepot.web.pages.assets import address

# The space between currency and number, and between number and scale or percent sign.
_IN_AMOUNT = re.compile(r"(?<=\b[A-Z]{3}) (?=[\d−])|(?<=\d) (?=(?:bn|m|thousand|%)(?:\W|$))")


@dataclass(frozen=True, slots=True)
class Step:
    """A place with its address: of the navigation, or of the way to a page."""

    name: str
    href: str
    least: Role = "reader"  # that may go there; others do not see it


NAVIGATION = (
    Step("Overview", "/"),
    Step("Leads", "/leads"),
    Step("Claims", "/claims"),
    Step("Screen", "/screen", "analyst"),
    Step("Jobs", "/jobs", "analyst"),
    Step("Sources", "/sources"),
    Step("API", "/api"),
    Step("Method", "/method"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What every page has, whatever it shows.

    Args:
        title: Its heading, and its name in the browser.
        section: Address of the place in the navigation it belongs to; empty for none.
        way: Places above it, from the first down, without itself.
        run_id: The run that links keep; empty for the latest.
        run_words: The run its numbers come from, in words; empty where it shows none.
        is_simulated: Whether its numbers come from a simulated world.
        has_charts: Whether scripts that draw are needed.
        status: Status of the answer.
    """

    title: str
    section: str = ""
    way: tuple[Step, ...] = ()
    run_id: str = ""
    run_words: str = ""
    is_simulated: bool = False
    has_charts: bool = False
    status: int = 200
    versions: str = field(default_factory=lambda: f"Entrepôt {version('entrepot')}")

    def at(self, path: str, **query: object) -> str:
        """An address on this server that keeps to the run.

        Args:
            path: Its path.
            **query: Its query; open values are left out.

        Returns:
            The address.

        Example:
            >>> Page("x", run_id="r1").at("/leads", page=2, sort=None)
            '/leads?page=2&run=r1'
        """
        asked = {name: value for name, value in query.items() if value not in (None, "", False)}
        if self.run_id:
            asked["run"] = self.run_id
        return f"{quote(path)}?{urlencode(asked)}" if asked else quote(path)


def render(template: str, page: Page, shown: Mapping[str, object] | None = None) -> str:
    """Arrange a page.

    Args:
        template: File name of the template.
        page: What every page has.
        shown: What this one shows, by the names its template uses.

    Returns:
        HTML; everything that is text is escaped.
    """
    return _templates().get_template(template).render(page=page, **(shown or {}))


def unbreakable(value: object) -> object:
    """Keep a number on one line with its unit; what is not plain text stays as it is.

    Args:
        value: What a template shows.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _IN_AMOUNT.sub("\N{NO-BREAK SPACE}", value)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("entrepot.web.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=unbreakable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=address, navigation=NAVIGATION, allowed=may_here)
    return made
