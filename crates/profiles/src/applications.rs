//! `…/users/{user}/properties/applications/`: what applications keep of end users (specification,
//! section 10). Who uses a group sees what is kept of them; who administers it, of everybody in it.

use axum::extract::State;
use http::StatusCode;
use provost_app::{Answer, App, Error};
use provost_drf::{Json, Path, Problem};
use provost_store::Db;
use provost_store::tenant_profiles::data::{self, Address, Record};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::actor::Actor;
use crate::ask::{Ask, Update};
use crate::attributes::kind::Check::Any;
use crate::attributes::{Attribute, Kind, Object, Rule, Table};
use crate::level::Level;
use crate::record;
use crate::refusal::{Code, Refusal, none, not_found};
use crate::wire::Nothing;
use crate::work::Work;

/// As long as most bodies may be.
const DATA: Attribute = Attribute::new("data", Kind::Text(0, 2_000_000, Any))
    .rules(Rule::Required, Rule::Required)
    .lasting();

/// Requests to keep something.
pub(crate) struct Kept;

impl Table for Kept {
    fn attributes() -> &'static [Attribute] {
        const { &[DATA] }
    }
}

/// The most characters of a username, as accounts have them.
const USERNAME: usize = 150;
/// The most characters of what an application calls itself and what it keeps.
const NAME: usize = 128;

/// The applications that keep something.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UserApplications")]
pub(crate) struct Applications {
    applications: Vec<Application>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UserApplication")]
struct Application {
    application_id: String,
}

/// What an application keeps.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UserApplicationKeys")]
pub(crate) struct Keys {
    application_keys: Vec<Key>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "UserApplicationKey")]
struct Key {
    application_id: String,
    key: String,
}

/// Something that is kept.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UserApplicationData")]
pub(crate) struct Data {
    data: String,
}

/// The keys of the tenant and the group that are there, or why they are not.
type There = Result<(i64, i64), Problem>;

/// Whose data these are, as the path says: the ids of tenant and group, and a name.
#[derive(Clone, Copy)]
struct Place<'a>(&'a str, &'a str, &'a str);

impl<'a> Place<'a> {
    fn level(self, actor: &Actor) -> Level {
        let Self(tenant_id, group_id, username) = self;
        if actor.is_user((tenant_id, group_id), username) {
            Level::EndUser
        } else {
            Level::GroupAdmin
        }
    }

    /// Refuses whoever may not see such data, before anything is looked up.
    fn reached_by(self, actor: &Actor) -> Answer<()> {
        Ok(actor.reaches_group((self.0, self.1), self.level(actor))?)
    }

    /// The address, and what of it is there. Something may be kept of what is gone, which only those above
    /// all tenants and resellers see, whoever is there now.
    async fn address(self, db: &Db, actor: &Actor) -> Answer<(Address<'a>, There)> {
        let Self(tenant_id, group_id, username) = self;
        let gone = actor.sees_what_is_gone();
        let found = actor
            .group(db, (tenant_id, group_id), self.level(actor))
            .await;
        let there = match found {
            Ok((tenant, group)) => Ok((tenant.id, group.id)),
            Err(Error(problem)) if gone && problem.status() == StatusCode::NOT_FOUND => {
                Err(problem)
            }
            Err(error) => return Err(error),
        };
        let address = Address {
            tenant_id,
            group_id,
            username,
            group: there.as_ref().ok().map(|(_, group)| *group),
            gone,
        };
        Ok((address, there))
    }
}

/// Applications that keep something of a user.
pub(crate) async fn list(
    State(app): State<App>,
    actor: Actor,
    Path((tenant, group, user)): Path<(String, String, String)>,
) -> Answer<Json<Applications>> {
    let db = app.store().read();
    let (address, there) = Place(&tenant, &group, &user).address(db, &actor).await?;
    let found = data::applications(db, address).await?;
    if found.is_empty() {
        there?;
    }
    let found = found.into_iter();
    Ok(Json(Applications {
        applications: found
            .map(|application_id| Application { application_id })
            .collect(),
    }))
}

/// What an application keeps of a user.
pub(crate) async fn keys(
    State(app): State<App>,
    actor: Actor,
    Path((tenant, group, user, application)): Path<(String, String, String, String)>,
) -> Answer<Json<Keys>> {
    let db = app.store().read();
    let (address, _) = Place(&tenant, &group, &user).address(db, &actor).await?;
    let found = data::keys(db, address, &application).await?;
    if found.is_empty() {
        return Err(not_found("Application", &application).into());
    }
    let key = |key| Key {
        application_id: application.clone(),
        key,
    };
    Ok(Json(Keys {
        application_keys: found.into_iter().map(key).collect(),
    }))
}

/// The five names in the path of one thing that is kept.
type Names = (String, String, String, String, String);

/// Something that an application keeps of a user.
pub(crate) async fn retrieve(
    State(app): State<App>,
    actor: Actor,
    Path((tenant, group, user, application, key)): Path<Names>,
) -> Answer<Json<Data>> {
    let db = app.store().read();
    let (address, _) = Place(&tenant, &group, &user).address(db, &actor).await?;
    let found = data::find(db, address, &application, &key).await?;
    let data = found.ok_or_else(|| not_found("Key", &key))?;
    Ok(Json(Data { data }))
}

/// Keep something of a user.
pub(crate) async fn update(
    State(app): State<App>,
    actor: Actor,
    Path((tenant, group, user, application, key)): Path<Names>,
    ask: Ask<Update, Kept>,
) -> Answer<Json<Data>> {
    let place = Place(&tenant, &group, &user);
    place.reached_by(&actor)?;
    let object = ask.object()?;
    let mut work = Work::begin(&app, &actor).await?;
    let (address, there) = place.address(&work.tx, &actor).await?;
    let there = there?;
    let values = Ask::<Update, Kept>::read_in(&object, &Object::new())?;
    none(&overlong(&user, &application, &key))?;
    let value = values.text(&DATA).unwrap_or_default();
    let record = Record {
        application: &application,
        key: &key,
        value,
    };
    let known = data::find(&work.tx, address, &application, &key).await?;
    if known.as_deref() != Some(value) {
        data::put(&work.tx, address, there, record).await?;
        note(&mut work, place, record.application, record.key, true);
    }
    work.commit().await?;
    Ok(Json(Data {
        data: value.to_owned(),
    }))
}

/// What is too long in a path to be kept.
fn overlong(user: &str, application: &str, key: &str) -> Vec<Refusal> {
    [
        ("userId", user, USERNAME),
        ("applicationId", application, NAME),
        ("key", key, NAME),
    ]
    .into_iter()
    .filter(|(_, text, max)| text.chars().count() > *max || text.contains('\0'))
    .map(|(parameter, _, max)| {
        let reason = format!("Parameter '{parameter}' must be a text of at most {max} characters");
        Refusal::of(Code::Invalid, parameter, reason)
    })
    .collect()
}

/// Forget something of a user.
pub(crate) async fn destroy(
    State(app): State<App>,
    actor: Actor,
    Path((tenant, group, user, application, key)): Path<Names>,
) -> Answer<Json<Nothing>> {
    let place = Place(&tenant, &group, &user);
    place.reached_by(&actor)?;
    let mut work = Work::begin(&app, &actor).await?;
    let (address, _) = place.address(&work.tx, &actor).await?;
    if data::find(&work.tx, address, &application, &key)
        .await?
        .is_none()
    {
        return Err(not_found("Key", &key).into());
    }
    data::remove(&work.tx, address, &application, &key).await?;
    note(&mut work, place, &application, &key, false);
    work.commit().await?;
    Ok(Json(Nothing {}))
}

/// Says in the log that something is kept or not, and not what: it is the application's alone.
fn note(work: &mut Work<'_>, place: Place<'_>, application: &str, key: &str, is_kept: bool) {
    let Place(tenant, group, user) = place;
    let subject = record::group_subject(tenant, group);
    let facts = json!({"userId": user, "applicationId": application, "key": key});
    let (before, after) = if is_kept {
        (None, Some(facts))
    } else {
        (Some(facts), None)
    };
    work.note(record::DATA_CHANGED, &subject, before, after);
}
