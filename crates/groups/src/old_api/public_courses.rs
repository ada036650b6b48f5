//! `public-courses/`: courses that everybody may see.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Error, kind};
use provost_drf::{
    Created, Invalid, Json, Metadata, NoContent, Optional, Page, Path, Permitted, Problem,
    Reference, Unread,
};
use provost_store::Fault;
use provost_store::course_access::courses::{self as store, Flag};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::describe;
use super::named::{Member, Named, look_up};
use super::place::{Place, SiteAdmin};
use crate::record;
use crate::wire::{CourseRef, Key, Paging};

/// A course that is public.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PublicCourse {
    id: i64,
    course: CourseRef,
}

impl From<Flag> for PublicCourse {
    fn from(row: Flag) -> Self {
        Self {
            id: row.id,
            course: row.course.into(),
        }
    }
}

/// The body of making a course public, or another one instead.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the key refers to is looked up beside it")]
pub struct Write {
    /// Key of a course that the organization offers.
    course: Reference,
}

/// The body of making another course public instead, or none.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the key refers to is looked up beside it")]
pub struct Change {
    /// Key of a course that the organization offers.
    #[deserr(default)]
    course: Optional<Reference>,
}

/// Public courses that the organization offers.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
) -> Answer<Json<Page<PublicCourse>>> {
    let organization = place.organization(&app, &caller)?;
    let total = app.total("public_courses", &organization);
    let db = app.store().read();
    let slice = store::flags(db, organization, &paging.ask(), total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(PublicCourse::from))))
}

/// One public course.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<PublicCourse>> {
    let organization = place.organization(&app, &caller)?;
    let found = store::flag(app.store().read(), organization, key.id()?).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Make a course public.
pub async fn create(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    body: Unread<Write>,
) -> Answer<Created<PublicCourse>> {
    let body = body.decode().await?;
    let organization = || place.organization(&app, &caller);
    let mut named = look_up(&app, organization, &body, &[Member::Course]).await?;
    named.with(body.read::<Write>())?;
    let course = named.course.ok_or_else(Problem::not_found)?;
    let organization = organization()?;
    let tx = app.store().begin().await?;
    let id = store::create_flag(&tx, &course.id, app.now()).await;
    let id = id.map_err(repeated)?;
    let made = Flag { id, course };
    let about = (kind::PUBLIC_COURSE_CREATED, subject(id));
    let changed = (None, Some(facts(&made)));
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(Created(made.into()))
}

/// Make another course public instead.
pub async fn update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Write>,
) -> Answer<Json<PublicCourse>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &[Member::Course]).await?;
    named.with(body.read::<Write>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Make another course public instead, or none.
pub async fn partial_update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Change>,
) -> Answer<Json<PublicCourse>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &[Member::Course]).await?;
    named.with(body.read::<Change>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Make a course public no longer.
pub async fn destroy(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<NoContent> {
    let organization = place.organization(&app, &caller)?;
    let tx = app.store().begin().await?;
    let found = store::lock_flag(&tx, organization, key.id()?).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    store::remove_flag(&tx, old.id).await?;
    let about = (kind::PUBLIC_COURSE_DELETED, subject(old.id));
    let changed = (Some(facts(&old)), None);
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(NoContent)
}

/// The working organization, if it has the public course.
async fn exists(app: &App, caller: &Permitted<SiteAdmin>, place: &Place, key: &Key) -> Answer<i64> {
    let organization = place.organization(app, caller)?;
    let found = store::flag(app.store().read(), organization, key.id()?).await?;
    found.ok_or_else(Problem::not_found)?;
    Ok(organization)
}

async fn write(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    organization: i64,
    id: i64,
    named: Named,
) -> Answer<Json<PublicCourse>> {
    let tx = app.store().begin().await?;
    let found = store::lock_flag(&tx, organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    let mut new = old.clone();
    new.course = named.course.unwrap_or(new.course);
    let changed = store::change_flag(&tx, id, &new.course.id, app.now()).await;
    changed.map_err(repeated)?;
    let about = (kind::PUBLIC_COURSE_CHANGED, subject(id));
    let changed = (Some(facts(&old)), Some(facts(&new)));
    record::commit(app, &**caller, tx, organization, about, changed).await?;
    Ok(Json(new.into()))
}

/// A course is public once.
fn repeated(fault: Fault) -> Error {
    match fault {
        Fault::Duplicate(_) => Invalid::field("course", "This field must be unique.").into(),
        fault => fault.into(),
    }
}

fn subject(id: i64) -> String {
    format!("public_course:{id}")
}

fn facts(flag: &Flag) -> Value {
    json!({"id": flag.id, "course": flag.course.id})
}

/// What a list takes.
pub async fn describe_list(_: Permitted<SiteAdmin>) -> Metadata {
    Metadata::of("Public Course List").action("POST", fields())
}

/// What a public course takes, if there is one.
pub async fn describe_instance(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Metadata {
    let found = exists(&app, &caller, &place, &key).await;
    describe::instance("Public Course Instance", &found, fields)
}

fn fields() -> Value {
    json!({"id": describe::id(), "course": describe::reference("Course")})
}
