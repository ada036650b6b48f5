//! `login/` and `logout/` (specification, section 1.2).

use axum::extract::State;
use provost_app::identity::browser::{self, Head, Private, refused};
use provost_app::{Admin, App, Error};
use provost_drf::{Json, Permission as _, Problem, Scheme};
use provost_store::tenant_profiles::people::Person;
use provost_store::users::User;
use schemars::JsonSchema;
use serde::Serialize;

use crate::actor::standing;
use crate::ask::{Ask, Create};
use crate::attributes::kind::Check::Any;
use crate::attributes::{Attribute, Kind, Rule, Table};
use crate::level::Level;
use crate::wire::Nothing;

const USERNAME: Attribute = Attribute::new("username", Kind::Text(1, 254, Any))
    .rules(Rule::Required, Rule::Required)
    .lasting();
const PASSWORD: Attribute = Attribute::new("password", Kind::Text(1, 4096, Any))
    .rules(Rule::Required, Rule::Required)
    .lasting();

/// Requests to sign in.
pub(crate) struct Login;

impl Table for Login {
    fn attributes() -> &'static [Attribute] {
        const { &[USERNAME, PASSWORD] }
    }
}

/// Who signed in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileLogin")]
pub(crate) struct SignedIn {
    ids: Ids,
    profile: Standing,
}

/// What identifies who signed in, as far as the level has it.
#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "what the API calls them")]
#[schemars(rename = "ProfileLoginIds")]
struct Ids {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<String>,
    user_id: String,
}

/// What who signed in may do.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileLoginStanding")]
struct Standing {
    /// 0 end user, 4 department, 8 group, 12 tenant, 16 system.
    user_level: i64,
    /// True where nobody signed in by this name before, else absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    is_first_login: bool,
}

/// Sign in with a password.
pub(crate) async fn login(
    State(app): State<App>,
    head: Head,
    ask: Ask<Create, Login>,
) -> Private<Json<SignedIn>> {
    Private::new(enter(&app, &head, &ask).await.map_err(|error| error.0))
}

/// 403 for a page of another site, which may sign its visitor neither in as somebody else nor out.
fn not_foreign(app: &App, head: &Head) -> Result<(), Problem> {
    let checked = head.credentials().check_site(app.identities().settings());
    checked.map_err(|refusal| refused(&refusal))
}

type Cookies = Vec<cookie::Cookie<'static>>;

async fn enter(
    app: &App,
    head: &Head,
    ask: &Ask<Create, Login>,
) -> Result<(Json<SignedIn>, Cookies), Error> {
    not_foreign(app, head)?;
    let values = ask.read()?;
    let text = |attribute| values.text(attribute).unwrap_or_default();
    let client = head.credentials().client();
    let sign_in = app.identities().sign_in();
    let user = sign_in
        .user(app, text(&USERNAME), client, text(&PASSWORD))
        .await?;
    let wrong = || Problem::refused_credentials("Invalid username or password.");
    let user = user.ok_or_else(wrong)?;
    let caller = browser::caller(&user);
    let is_admin = Admin::check(app, &caller, &head.0).is_ok();
    let found = standing(app.store().read(), user.id, is_admin).await?;
    let (level, person) = found
        .filter(|_| provost_app::has_account(app, &caller))
        .ok_or_else(wrong)?;
    let cookies = head.sign_in(app, &user).await?;
    Ok((Json(signed_in(user, level, person)), cookies))
}

fn signed_in(user: User, level: Level, person: Person) -> SignedIn {
    SignedIn {
        ids: Ids {
            tenant_id: person.tenant.map(|tenant| tenant.name),
            group_id: person.group.map(|group| group.name),
            user_id: user.username,
        },
        profile: Standing {
            user_level: level.number(),
            is_first_login: user.last_login.is_none(),
        },
    }
}

/// Sign out; nothing happens where nobody is signed in.
pub(crate) async fn logout(State(app): State<App>, head: Head) -> Private<Json<Nothing>> {
    Private::new(leave(&app, &head).await)
}

async fn leave(app: &App, head: &Head) -> Result<(Json<Nothing>, Cookies), Problem> {
    not_foreign(app, head)?;
    let cookies = head.sign_out(app).await;
    let cookies = cookies.map_err(|fault| Error::from(fault).0)?;
    Ok((Json(Nothing {}), cookies))
}

/// The schemes by which callers come: what a request says of itself counts before the session that a
/// browser adds.
pub(crate) const SCHEMES: &[Scheme] = &[
    Scheme::Bearer,
    Scheme::Basic,
    Scheme::Jwt,
    Scheme::BareSession,
];
