"""What went wrong, as a page, for readers who asked for one."""

from __future__ import annotations

from fastapi import Request, Response

from entrepot.web.pages.answer import HTML, PAGE_HEADERS
from entrepot.web.pages.page import Page, Step, render

_TITLES = {
    401: "Nobody is signed in",
    403: "This is not yours to do",
    404: "There is nothing here",
    405: "This address is only read",
    413: "Too large",
    422: "The question could not be read",
    429: "Too often",
    500: "Something went wrong here",
    503: "Not ready yet",
    507: "The disk is full",
}


def wants_page(request: Request) -> bool:
    """Whether a reader, not a program, asked.

    Args:
        request: The request.
    """
    return "text/html" in request.headers.get("accept", "")


def problem(status: int, words: str) -> Response:
    """A page that says what was found, what was expected and where to go on.

    Args:
        status: Status of the answer.
        words: What went wrong.

    Returns:
        The page.
    """
    title = _TITLES.get(status, "This did not work")
    page = Page(title, way=(Step("Overview", "/"),), status=status)
    text = render("problem.html", page, {"words": words})
    return Response(text, status, {**PAGE_HEADERS, "content-type": HTML})
