"""Signing in and out."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
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
from stins.web import here
from stins.web.language import keep_language
from stins.web.sentences import sentence
from stins.web.sessions import is_respondents

blueprint = Blueprint("sign_in", __name__)


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


def set_up(app: Flask) -> None:
    """Let Flask-Login find the member of staff whose session a cookie names."""
    manager = LoginManager(app)
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
def sign_in() -> str | Redirect | tuple[str, int]:
    """Sign in with address and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("sign_in/sign_in.html", form=form), 422 if form.is_submitted() else 200
    with here.store().writing() as db:
        tried = staff.sign_in(
            db, here.box(), form.email.data, form.password.data, request.remote_addr or "", here.now()
        )
    if isinstance(tried, Refused):
        form.password.errors = [sentence(tried)]
        return render_template("sign_in/sign_in.html", form=form), 422
    lang = session.get("lang")
    session.clear()
    if lang:
        session["lang"] = lang
    login_user(User(tried.token, tried.person))
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


def _next() -> str:
    """Give the page that was asked for before signing in, if it is one of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if own else url_for("home.home")
