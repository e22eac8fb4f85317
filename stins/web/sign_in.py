"""Signing in and out."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from stins.services import staff
from stins.services.refusals import Refused
from stins.services.rights import Person
from stins.web import here, kept
from stins.web.kept import Kept
from stins.web.language import keep_language
from stins.web.sentences import sentence
from stins.web.sessions import is_respondents

blueprint = Blueprint("sign_in", __name__)

Page = str | Redirect | tuple[str, int]


@dataclass
class User(UserMixin):
    """A signed-in member of staff, as Flask-Login wants one: its id is the session's token."""

    token: str
    person: Person

    def get_id(self) -> str:
        """Give what the cookie holds."""
        return self.token


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(_l("E-postadress"), [InputRequired(_l("Fyll i din e-postadress.")), Length(max=254)])
    password = PasswordField(_l("Lösenord"), [InputRequired(_l("Fyll i ditt lösenord.")), Length(max=200)])


class Manager(LoginManager):
    """Flask-Login, which sends whoever is not signed in to do it: here without losing what was written."""

    def unauthorized(self) -> Page:
        """Answer who is not signed in."""
        return instead() or super().unauthorized()


def set_up(app: Flask) -> None:
    """Let Flask-Login find the member of staff whose session a cookie names."""
    manager = Manager(app)
    manager.login_view = "sign_in.sign_in"
    manager.login_message = _l("Logga in för att fortsätta.")
    manager.login_message_category = "info"
    manager.session_protection = None  # sessions are kept in the database and end there

    @manager.user_loader
    def load(token: str) -> User | None:
        with here.store().reading() as db:
            found = staff.signed_in(db, token, here.now())
        if found is None:
            return None
        person, is_time = found
        if is_time:
            with here.store().writing() as db:
                staff.seen(db, token, here.now())
        return User(token, person)


@blueprint.before_app_request
def remember_language() -> None:
    """Keep the language that a member of staff asks for by ``?lang=``."""
    if not is_respondents(request):
        keep_language()


@blueprint.route("/logga-in", methods=["GET", "POST"])
def sign_in() -> Page:
    """Sign in with address and password."""
    form, waits = SignInForm(), kept.found()
    if not form.validate_on_submit():
        return _page(form, waits), 422 if form.is_submitted() else 200
    with here.store().writing() as db:
        tried = staff.sign_in(
            db, here.box(), form.email.data, form.password.data, request.remote_addr or "", here.now()
        )
    if isinstance(tried, Refused):
        form.password.errors = [sentence(tried)]
        return _page(form, waits), 422
    lang = session.get("lang")
    session.clear()
    if lang:
        session["lang"] = lang
    login_user(User(tried.token, tried.person))
    if waits:
        g.pop("csrf_token", None)  # made for the session that was cleared
        return render_template("sign_in/kept.html", kept=waits)
    return redirect(_next())


@blueprint.post("/logga-ut")
@login_required
def sign_out() -> Redirect:
    """End the session, here and in the database."""
    with here.store().writing() as db:
        staff.sign_out(db, current_user.token)
    logout_user()
    session.clear()
    flash(_("Du är utloggad."), "info")
    return redirect(url_for("sign_in.sign_in"))


def instead() -> Page | None:
    """Answer a form that cannot be taken with a page on which it waits, if it may.

    Whoever is signed in can send it from there; others sign in first.
    """
    if kept.had_file():
        flash(_("Filen du valde togs inte emot. Välj den igen."), "error")
        return redirect(request.full_path.rstrip("?"))
    waits = kept.found()
    if waits is None:
        return None
    if current_user.is_authenticated:
        return render_template("sign_in/kept.html", kept=waits), 400
    return _page(SignInForm(formdata=None), waits), 401


def _page(form: SignInForm, waits: Kept | None) -> str:
    ended = "_user_id" in session  # signed in once, and never out
    idle = staff.IDLE // timedelta(minutes=1)
    return render_template("sign_in/sign_in.html", form=form, kept=waits, ended=ended, idle=idle)


def _next() -> str:
    """Give the page that was asked for before signing in, if it is one of ours."""
    wanted = request.args.get("next", "")
    return wanted if kept.is_own(wanted) else url_for("home.home")
