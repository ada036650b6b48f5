//! `course-access-groups/`: groups of an organization.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, kind};
use provost_drf::{
    Blankable, Created, Invalid, Json, Metadata, NoContent, Optional, Page, Path, Permitted,
    Problem, Text, Unread,
};
use provost_store::course_access::groups;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::describe;
use super::place::{Place, SiteAdmin};
use crate::record;
use crate::wire::{Key, Paging};

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group {
    id: i64,
    name: String,
    description: String,
}

impl From<groups::Group> for Group {
    fn from(row: groups::Group) -> Self {
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
        }
    }
}

/// The body of making or replacing a group.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Write {
    name: Text<32>,
    /// Without it, a new group has none and another keeps its own.
    #[deserr(default)]
    description: Optional<Blankable<255>>,
}

/// The body of changing a group.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Change {
    #[deserr(default)]
    name: Optional<Text<32>>,
    #[deserr(default)]
    description: Optional<Blankable<255>>,
}

/// Groups in the order of their keys.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
) -> Answer<Json<Page<Group>>> {
    let organization = place.organization(&app, &caller)?;
    let total = app.total("access_groups", &organization);
    let db = app.store().read();
    let slice = groups::page(db, organization, &paging.ask(), total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(Group::from))))
}

/// One group.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<Group>> {
    let organization = place.organization(&app, &caller)?;
    let found = groups::find(app.store().read(), organization, key.id()?).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Make a group in the working organization.
pub async fn create(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    body: Unread<Write>,
) -> Answer<Created<Group>> {
    let ask = body.read().await?;
    let organization = place.organization(&app, &caller)?;
    let description = ask.description.0.map_or_else(String::new, Into::into);
    let now = app.now();
    let tx = app.store().begin().await?;
    let group = groups::create(&tx, organization, &ask.name, &description, now).await?;
    let about = (kind::GROUP_CREATED, subject(group.id));
    let changed = (None, Some(facts(&group)));
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(Created(group.into()))
}

/// Replace a group.
pub async fn update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Write>,
) -> Answer<Json<Group>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let Write { name, description } = body.read().await?;
    let change = Change {
        name: Optional(Some(name)),
        description,
    };
    write(&app, &caller, organization, key.id()?, change).await
}

/// Change parts of a group.
pub async fn partial_update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Change>,
) -> Answer<Json<Group>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let change = body.read().await?;
    write(&app, &caller, organization, key.id()?, change).await
}

/// Remove a group with its memberships, rules and links.
pub async fn destroy(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<NoContent> {
    let organization = place.organization(&app, &caller)?;
    let tx = app.store().begin().await?;
    let found = groups::lock(&tx, organization, key.id()?).await?;
    let group = found.ok_or_else(Problem::not_found)?;
    let gone = groups::remove(&tx, group.id).await?;
    let mut before = facts(&group);
    if let Some(before) = before.as_object_mut() {
        before.insert("memberships".to_owned(), json!(gone.memberships));
        before.insert(
            "rules".to_owned(),
            gone.rules.iter().map(record::rule).collect(),
        );
        before.insert("courses".to_owned(), json!(gone.courses));
    }
    let about = (kind::GROUP_DELETED, subject(group.id));
    let changed = (Some(before), None);
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(NoContent)
}

/// The working organization, if it has the group.
async fn exists(app: &App, caller: &Permitted<SiteAdmin>, place: &Place, key: &Key) -> Answer<i64> {
    let organization = place.organization(app, caller)?;
    let found = groups::find(app.store().read(), organization, key.id()?).await?;
    found.ok_or_else(Problem::not_found)?;
    Ok(organization)
}

async fn write(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    organization: i64,
    id: i64,
    change: Change,
) -> Answer<Json<Group>> {
    let tx = app.store().begin().await?;
    let found = groups::lock(&tx, organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    let mut new = old.clone();
    if let Some(name) = change.name.0 {
        new.name = name.into_string();
    }
    if let Some(description) = change.description.0 {
        new.description = description.into_string();
    }
    groups::change(&tx, &new, app.now()).await?;
    let about = (kind::GROUP_CHANGED, subject(id));
    let changed = (Some(facts(&old)), Some(facts(&new)));
    record::commit(app, &**caller, tx, organization, about, changed).await?;
    Ok(Json(new.into()))
}

fn subject(id: i64) -> String {
    format!("group:{id}")
}

fn facts(group: &groups::Group) -> Value {
    json!({
        "id": group.id,
        "organization": group.organization_id,
        "name": group.name,
        "description": group.description,
    })
}

/// What a list takes.
pub async fn describe_list(_: Permitted<SiteAdmin>) -> Metadata {
    Metadata::of("Course Access Group List").action("POST", fields())
}

/// What a group takes, if there is one.
pub async fn describe_instance(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Metadata {
    let found = exists(&app, &caller, &place, &key).await;
    describe::instance("Course Access Group Instance", &found, fields)
}

const HELP: &str = "An optional description about this group.";

fn fields() -> Value {
    json!({
        "id": describe::id(),
        "name": describe::text("Name", true, None, 32),
        "description": describe::text("Description", false, Some(HELP), 255),
    })
}
