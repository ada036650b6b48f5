//! The calls.

use axum::extract::State;
use deserr::Deserr;
use provost_app::identity::OWN_SCHEMES;
use provost_app::{Answer, App, Author, Error, Staff};
use provost_drf::{
    Blankable, Body, Choice, Dialect, Family, Flag, Invalid, Json, Maybe, Media, NoContent,
    Optional, Path, Permitted, Problem, Text, View,
};
use provost_store::users::{self, User};
use schemars::JsonSchema;
use serde::Serialize;

use super::backends::{self, NotRemoved};
use super::people::{self, Refused, Standing};
use super::views::{self, Views};
use crate::level::Level;

/// The route table.
#[must_use]
pub fn administration() -> Family<App> {
    let family = Family::at(
        "/api/provost/v1/",
        "Tenant profile administration",
        "Both views of a tenant; who administers profiles, backends, and the default domain",
    )
    .schemes(OWN_SCHEMES)
    .dialect(Dialect::Problems)
    .bodies(&[Media::Json])
    .active_only()
    .optional_slash()
    .view(
        "tenants/{tenant_id}/views",
        View::new()
            .get(retrieve_views, "The profile and the sites of a tenant")
            .guard(staff),
    );
    settings(family)
        .view(
            "profiles/people/",
            View::new()
                .get(list_people, "Who administers and uses profiles")
                .guard(staff),
        )
        .view(
            "profiles/people/{username}/",
            View::new()
                .get(retrieve_person, "What somebody can do")
                .put(update_person, "Say what somebody can do")
                .delete(destroy_person, "Forget what somebody can do")
                .guard(staff),
        )
}

fn settings(family: Family<App>) -> Family<App> {
    family
        .view(
            "profiles/backends/",
            View::new().get(list_backends, "Backends").guard(staff),
        )
        .view(
            "profiles/backends/{name}/",
            View::new()
                .put(update_backend, "Make or change a backend")
                .delete(destroy_backend, "Remove a backend")
                .guard(staff),
        )
        .view(
            "profiles/default-domain",
            View::new()
                .get(retrieve_domain, "The default domain of the system")
                .put(update_domain, "Make a domain the default of the system")
                .guard(staff),
        )
}

/// Guards every view.
async fn staff(_: Permitted<Staff>) {}

/// Both views of a tenant.
async fn retrieve_views(
    State(app): State<App>,
    _: Permitted<Staff>,
    Path(tenant_id): Path<String>,
) -> Answer<Json<Views>> {
    let found = views::find(&app, &tenant_id).await?;
    if found.is_empty() {
        let text = format!("There is neither a profile nor a site of tenant '{tenant_id}'.");
        return Err(Problem::not_found_because(text).into());
    }
    Ok(Json(found))
}

/// Everybody on record.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfilePeople")]
pub struct People {
    people: Vec<people::Shown>,
}

/// What somebody is to be able to do.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "ProfilePersonWrite")]
pub struct Person {
    level: Choice<Level>,
    /// Below the level of the system: the tenant.
    #[deserr(default)]
    tenant_id: Maybe<Text<30>>,
    /// Below the level of a tenant: the group.
    #[deserr(default)]
    group_id: Maybe<Text<30>>,
    /// The reseller to whose tenants and groups they are confined.
    #[deserr(default)]
    reseller_id: Maybe<Text<80>>,
    /// Whether they only look.
    #[deserr(default)]
    read_only: Optional<Flag>,
    /// The backends whose tenants they see, the most important first; without it, they do not tell
    /// backends apart.
    #[deserr(default)]
    backends: Maybe<Vec<Text<80>>>,
}

impl From<Person> for Standing {
    fn from(person: Person) -> Self {
        let backends = person.backends.value();
        Self {
            level: person.level.0,
            tenant: person.tenant_id.value().map(Text::into_string),
            group: person.group_id.value().map(Text::into_string),
            reseller: person.reseller_id.value().map(Text::into_string),
            read_only: person.read_only.0.is_some_and(|flag| flag.0),
            backends: backends.map(|names| names.into_iter().map(Text::into_string).collect()),
        }
    }
}

async fn list_people(State(app): State<App>, _: Permitted<Staff>) -> Answer<Json<People>> {
    let people = people::list(&app).await?;
    Ok(Json(People { people }))
}

async fn account(app: &App, username: &str) -> Answer<User> {
    let found = users::by_username(app.store().read(), username).await?;
    Ok(found.ok_or_else(Problem::not_found)?)
}

async fn retrieve_person(
    State(app): State<App>,
    _: Permitted<Staff>,
    Path(username): Path<String>,
) -> Answer<Json<people::Shown>> {
    let user = account(&app, &username).await?;
    let found = people::find(&app, &user).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?))
}

async fn update_person(
    State(app): State<App>,
    caller: Permitted<Staff>,
    Path(username): Path<String>,
    Body(person): Body<Person>,
) -> Answer<Json<people::Shown>> {
    let user = account(&app, &username).await?;
    let put = people::put(&app, Author::from(&*caller), &user, &person.into()).await;
    Ok(Json(put.map_err(refused)?))
}

/// What is wrong, by member.
fn refused(refused: Refused) -> Error {
    let wrong = match refused {
        Refused::Fault(fault) => return fault.into(),
        Refused::Wrong(wrong) => wrong,
    };
    let fields = wrong.into_iter().map(|(member, why)| {
        let name = match member {
            "tenant" => "tenant_id",
            "group" => "group_id",
            "reseller" => "reseller_id",
            other => other,
        };
        Invalid::field(name, why)
    });
    let all = fields.reduce(|mut all, field| {
        all.extend(field);
        all
    });
    all.map_or_else(|| Problem::Internal.into(), Error::from)
}

async fn destroy_person(
    State(app): State<App>,
    caller: Permitted<Staff>,
    Path(username): Path<String>,
) -> Answer<NoContent> {
    let user = account(&app, &username).await?;
    if !people::remove(&app, Author::from(&*caller), &user).await? {
        return Err(Problem::not_found().into());
    }
    Ok(NoContent)
}

/// All backends.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProfileBackends")]
pub struct Backends {
    backends: Vec<backends::Shown>,
}

/// What a backend is to be. What is not said stays as it is.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "ProfileBackendWrite")]
pub struct Backend {
    /// What others call it.
    #[deserr(default)]
    external_name: Optional<Blankable<80>>,
    /// Whether tenants get it that are made without one.
    #[deserr(default)]
    default: Optional<Flag>,
}

async fn list_backends(State(app): State<App>, _: Permitted<Staff>) -> Answer<Json<Backends>> {
    let backends = backends::list(&app).await?;
    Ok(Json(Backends { backends }))
}

async fn update_backend(
    State(app): State<App>,
    caller: Permitted<Staff>,
    Path(name): Path<String>,
    Body(backend): Body<Backend>,
) -> Answer<Json<backends::Shown>> {
    let length = name.chars().count();
    if !(1..=80).contains(&length) || name.contains('\0') {
        let text = "The name of a backend has 1 to 80 characters.";
        return Err(Problem::malformed(text).into());
    }
    let external = backend.external_name.0;
    let wanted = backends::Wanted {
        name: &name,
        external_name: external.as_deref(),
        default: backend.default.0.map(|flag| flag.0),
    };
    let (_, shown) = backends::put(&app, Author::from(&*caller), wanted).await?;
    Ok(Json(shown))
}

async fn destroy_backend(
    State(app): State<App>,
    caller: Permitted<Staff>,
    Path(name): Path<String>,
) -> Answer<NoContent> {
    match backends::remove(&app, Author::from(&*caller), &name).await {
        Ok(()) => Ok(NoContent),
        Err(NotRemoved::Fault(fault)) => Err(fault.into()),
        Err(unknown @ NotRemoved::Unknown(_)) => {
            Err(Problem::not_found_because(unknown.to_string()).into())
        }
        Err(used @ NotRemoved::Used(_)) => Err(Problem::conflict(used.to_string()).into()),
    }
}

/// The default domain of the system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DefaultDomain")]
pub struct Default {
    /// Null where there are no domains yet.
    domain: Option<String>,
}

/// Which domain is to be the default.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "DefaultDomainWrite")]
pub struct Chosen {
    domain: Text<80>,
}

async fn retrieve_domain(State(app): State<App>, _: Permitted<Staff>) -> Answer<Json<Default>> {
    let domain = backends::default_domain(&app).await?;
    Ok(Json(Default { domain }))
}

async fn update_domain(
    State(app): State<App>,
    caller: Permitted<Staff>,
    Body(chosen): Body<Chosen>,
) -> Answer<Json<Default>> {
    let set = backends::set_default_domain(&app, Author::from(&*caller), &chosen.domain).await?;
    if !set {
        let text = "The system has no such domain.";
        return Err(Invalid::field("domain", text).into());
    }
    let domain = backends::default_domain(&app).await?;
    Ok(Json(Default { domain }))
}
