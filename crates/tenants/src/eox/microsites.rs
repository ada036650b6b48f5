//! `microsites/`: what came before configurations.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Invalid, Json, NoContent, Optional, Path, Payload, Text, Unread};
use provost_store::Db;
use provost_store::tenants::microsites::{self, Microsite, NewMicrosite};
use provost_tenancy::effective::organization_filter;
use provost_tenancy::names::{LONGEST_KEY, LONGEST_SUBDOMAIN};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::caller::Operator;
use super::key::{Key, Named, only};
use super::members::{Extent, Members};
use crate::work::{Associated, Chosen, Work};

const MODEL: &str = "Microsite";
const VALUES: &str = "values";

/// Settings of a host.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Microsite")]
pub struct Row {
    id: i64,
    /// The settings, usually an object.
    values: Value,
    key: String,
    /// The host.
    subdomain: String,
    /// Keys of the organizations that the microsite is associated with.
    organizations: Vec<i64>,
}

impl From<Microsite> for Row {
    fn from(row: Microsite) -> Self {
        Self {
            id: row.id,
            values: row.values,
            key: row.key,
            subdomain: row.subdomain,
            organizations: row.organizations,
        }
    }
}

/// The body of making or replacing a microsite.
#[derive(JsonSchema)]
#[schemars(rename = "MicrositeWrite")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Write {
    /// Anything but null. The `course_org_filter` of an object, a text or a list of texts, names
    /// organizations that are made and associated.
    values: Value,
    /// At most 63 characters; several may have the same.
    key: Text<LONGEST_KEY>,
    /// At most 127 characters; several may have the same, and the first one counts.
    subdomain: Text<LONGEST_SUBDOMAIN>,
    /// Keys of organizations, instead of those that the values name.
    organizations: Optional<Vec<i64>>,
}

/// The body of changing a microsite: what is given replaces the whole of what there was.
#[derive(JsonSchema)]
#[schemars(rename = "MicrositeChange")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Parts {
    values: Optional<Value>,
    key: Optional<Text<LONGEST_KEY>>,
    subdomain: Optional<Text<LONGEST_SUBDOMAIN>>,
    organizations: Optional<Vec<i64>>,
}

/// What a body says of a microsite.
struct Sent {
    values: Option<Value>,
    key: Option<String>,
    subdomain: Option<String>,
    organizations: Option<Vec<i64>>,
}

impl Sent {
    async fn read(app: &App, body: &Payload, extent: Extent) -> Answer<Self> {
        let mut members = Members::of(body, extent)?;
        let sent = Self {
            values: members.json(VALUES).cloned(),
            key: members.text::<LONGEST_KEY>("key"),
            subdomain: members.text::<LONGEST_SUBDOMAIN>("subdomain"),
            organizations: members.organizations(app.store().read()).await?,
        };
        if let Some(settings) = sent.values.as_ref().and_then(Value::as_object) {
            members.check_filter(VALUES, settings);
        }
        members.finish()?;
        Ok(sent)
    }

    /// What was sent in the place of what there was, and the organizations that come of it.
    fn over(self, before: Microsite) -> Answer<(Microsite, Associated)> {
        let after = Microsite {
            id: before.id,
            key: self.key.unwrap_or(before.key),
            subdomain: self.subdomain.unwrap_or(before.subdomain),
            values: self.values.unwrap_or(before.values),
            organizations: before.organizations,
        };
        let filter = after
            .values
            .as_object()
            .map(organization_filter)
            .transpose();
        let filter = filter.map_err(|wrong| Invalid::field(VALUES, wrong.to_string()))?;
        let associated = Associated {
            filter: filter.unwrap_or_default(),
            chosen: self.organizations.map(Chosen::Keys),
        };
        Ok((after, associated))
    }
}

/// All microsites, in the order of their keys.
pub async fn list(State(app): State<App>, _: Operator) -> Answer<Json<Vec<Row>>> {
    let found = microsites::all(app.store().read()).await?;
    Ok(Json(found.into_iter().map(Row::from).collect()))
}

/// One microsite, by the key of its row, or by its own key where that is not all digits.
pub async fn retrieve(
    State(app): State<App>,
    _: Operator,
    Path(path): Path<Named>,
) -> Answer<Json<Row>> {
    let found = named(app.store().read(), &path).await?;
    Ok(Json(found.into()))
}

/// Make a microsite, and the organizations that it names.
pub async fn create(
    State(app): State<App>,
    caller: Operator,
    body: Unread<Write>,
) -> Answer<Created<Row>> {
    let body = body.decode().await?;
    let sent = Sent::read(&app, &body, Extent::Whole).await?;
    let nothing = Microsite {
        id: 0,
        key: String::new(),
        subdomain: String::new(),
        values: Value::Null,
        organizations: Vec::new(),
    };
    let (microsite, associated) = sent.over(nothing)?;
    let new = NewMicrosite {
        key: microsite.key,
        subdomain: microsite.subdomain,
        values: microsite.values,
    };
    let mut work = Work::begin(&app, &*caller).await?;
    let made = work.create_microsite(new, &associated).await?;
    work.commit().await?;
    Ok(Created(made.into()))
}

/// Replace a microsite; its organizations become those that it names now, unless the body says others.
pub async fn update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Write>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Whole)).await
}

/// Change parts of a microsite, each of them as a whole.
pub async fn partial_update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Parts>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Partial)).await
}

/// Writes what a body says over the microsite that a path names.
async fn overwrite<T>(
    app: &App,
    caller: &Operator,
    path: &Named,
    (body, extent): (Unread<T>, Extent),
) -> Answer<Json<Row>> {
    named(app.store().read(), path).await?;
    let body = body.decode().await?;
    let sent = Sent::read(app, &body, extent).await?;
    let work = Work::begin(app, &**caller).await?;
    // The path may name another row by now.
    let before = named(&work.tx, path).await?;
    write(work, before, sent).await
}

/// Remove a microsite.
pub async fn destroy(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
) -> Answer<NoContent> {
    let mut work = Work::begin(&app, &*caller).await?;
    let found = named(&work.tx, &path).await?;
    work.remove_microsite(&found).await?;
    work.commit().await?;
    Ok(NoContent)
}

/// The microsite that a path names.
async fn named(db: &Db, path: &Named) -> Answer<Microsite> {
    let found = match path.key()? {
        Key::Id(None) => Vec::new(),
        Key::Id(Some(id)) => microsites::find(db, id).await?.into_iter().collect(),
        Key::Text(key) => microsites::by_key(db, key).await?,
    };
    Ok(only(MODEL, found)?)
}

/// Writes what was sent over a microsite.
async fn write(mut work: Work<'_>, before: Microsite, sent: Sent) -> Answer<Json<Row>> {
    let (after, associated) = sent.over(before.clone())?;
    let written = work.change_microsite(&before, after, &associated).await?;
    work.commit().await?;
    Ok(Json(written.into()))
}
