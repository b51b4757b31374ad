"""The preview's requests: what each address answers. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from course_builder.player.themes import accent_sheet
from course_builder.preview.answers import Browsers
from course_builder.preview.events import Events
from course_builder.preview.files import asset_file, static_file
from course_builder.preview.guard import Guard, policy_for
from course_builder.preview.live import LiveCourse
from course_builder.preview.pages import page_url, read_page, read_sheet, view_url
from course_builder.preview.problem_list import Editor
from course_builder.preview.shell import read_shell
from course_builder.preview.start import Start
from course_builder.preview.templating import render

_MOST_BYTES = 1_000_000
_MOST_WITH_FILES = 100_000_000

_ACTS = "check, hint, files, submit"

URLS = Map(
    [
        Rule("/", endpoint="start"),
        Rule("/view/<name>/", endpoint="module"),
        Rule("/view/<name>/<page_id>", endpoint="view"),
        Rule("/page/<name>/<page_id>", endpoint="page"),
        Rule(
            "/page/<name>/<page_id>/<any(check, hint, files, submit):act>/<what>", endpoint="answer", methods=["POST"]
        ),
        Rule("/reset", endpoint="reset", methods=["POST"]),
        # Texts of a package lead to ../../assets/, which from the address of a page is this.
        Rule("/assets/<asset>", endpoint="asset"),
        Rule("/static/<folder>/<path:file>", endpoint="static"),
        Rule("/accent/<name>", endpoint="accent"),
        Rule("/events", endpoint="events"),
    ],
    merge_slashes=False,
)


class Preview:
    """A WSGI application over a live course."""

    def __init__(self, live: LiveCourse, events: Events, start: Start, editor: Editor, port: int) -> None:
        self._live = live
        self._events = events
        self._start = start
        self._editor = editor
        self._guard = Guard(port)
        self._browsers = Browsers()
        # Cookies know no ports: without it two previews would share one.
        self._cookie = f"preview-{port}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        request.max_content_length = _MOST_WITH_FILES if request.mimetype == "multipart/form-data" else _MOST_BYTES
        try:
            self._guard.admit(request)
            endpoint, values = URLS.bind_to_environ(environ).match()
            handler: Callable[..., Response] = getattr(self, f"_on_{endpoint}")
            response = handler(request, **values)
        except RequestRedirect as error:
            response = redirect(error.new_url)
        except HTTPException as error:
            response = self._refused(error)
        return self._guard.protect(response)(environ, start_response)

    def _on_start(self, request: Request) -> Response:
        names = self._live.modules()
        parts = (self._start.page or "").split("/")
        name = parts[1] if len(parts) == 3 and parts[1] in names else next(iter(names), None)
        if name is None:
            raise NotFound("This course has no module yet: make a folder in modules/ with a module.yaml in it.")
        module = self._live.module(name)
        page = next((page for page in module.pages if page.path == self._start.page), None) if module else None
        return redirect(view_url(name, page.id) if page else f"/view/{name}/")

    def _on_module(self, request: Request, name: str) -> Response:
        module = self._live.module(name)
        if module is None or not module.pages:
            raise NotFound("This course has no such module, or it has no page yet.")
        return redirect(view_url(name, module.pages[0].id))

    def _on_view(self, request: Request, name: str, page_id: str) -> Response:
        shell = read_shell(self._live, name, page_id, self._editor)
        if shell is None:
            raise NotFound("This page is not in the course any more.")
        return _html(render("preview/shell.html", shell=shell))

    def _on_page(self, request: Request, name: str, page_id: str) -> Response:
        token, answers = self._browsers.find(request.cookies.get(self._cookie, ""))
        view = read_page(self._live, name, page_id, answers)
        if view is None:
            raise NotFound("This page is not in the course any more.")
        response = _html(render("preview/page.html", page=view))
        if view.entry is not None:
            response.headers["Content-Security-Policy"] = policy_for(view.entry)
        return self._known(response, token)

    def _on_answer(self, request: Request, name: str, page_id: str, act: str, what: str) -> Response:
        token, answers = self._browsers.find(request.cookies.get(self._cookie, ""))
        sheet = read_sheet(self._live, name, page_id, answers)
        is_there = sheet is not None and what in (
            [quiz.id for quiz in sheet.quizzes] if act == "submit" else sheet.questions
        )
        if sheet is None or not is_there:
            raise NotFound("This question is not on the page any more. Nothing is lost: open the page again.")
        {"check": sheet.check, "hint": sheet.hint, "files": sheet.files, "submit": sheet.submit}[act](
            what, _with_names_of_files(request)
        )
        return self._known(redirect(f"{page_url(name, page_id)}#{what}", 303), token)

    def _on_reset(self, request: Request) -> Response:
        self._browsers.forget(request.cookies.get(self._cookie, ""))
        return Response(status=204)

    def _on_asset(self, request: Request, asset: str) -> Response:
        found = self._live.asset(asset)
        if found is None:
            raise NotFound
        return asset_file(request, found)

    def _on_static(self, request: Request, folder: str, file: str) -> Response:
        return static_file(request, folder, file)

    def _on_accent(self, request: Request, name: str) -> Response:
        sheet = accent_sheet(name)
        if sheet is None:
            raise NotFound
        return Response(sheet, mimetype="text/css")

    def _on_events(self, request: Request) -> Response:
        return Response(self._events.listen(), mimetype="text/event-stream")

    def _known(self, response: Response, token: str) -> Response:
        response.set_cookie(self._cookie, token, httponly=True, samesite="Strict")
        return response

    def _refused(self, error: HTTPException) -> Response:
        """Say what is the matter, and offer the way back."""
        return _html(render("preview/refused.html", error=error), error.code or 500)


def _html(text: str, status: int = 200) -> Response:
    return Response(text, status, mimetype="text/html")


def _with_names_of_files(request: Request) -> MultiDict[str, str]:
    """Give a form's fields, with the names of the files that it brings as ``f-<question>``; no file is kept."""
    fields = MultiDict(request.form)
    for name, file in request.files.items(multi=True):
        if file.filename:
            fields.add(f"f-{name.removeprefix('q-')}", file.filename)
        file.close()
    return fields
