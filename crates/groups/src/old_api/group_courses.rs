//! `group-courses/`: which groups may see which courses.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Error, kind};
use provost_drf::{
    Created, Invalid, Json, Metadata, NoContent, Optional, Page, Path, Permitted, Problem,
    Reference, Unread,
};
use provost_listing::Slice;
use provost_store::Fault;
use provost_store::course_access::courses::{self as store, GroupCourse as Link};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::describe;
use super::named::{Member, Named, look_up};
use super::place::{Place, SiteAdmin};
use crate::record;
use crate::wire::{CourseRef, GroupRef, Key, Paging};

/// A course that the members of a group may see.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupCourse {
    id: i64,
    course: CourseRef,
    group: GroupRef,
}

impl TryFrom<Link> for GroupCourse {
    type Error = Invalid;

    /// A link whose course the organization does not offer, or no longer, cannot be shown, nor a
    /// list that holds it: clients know this of the reference.
    fn try_from(row: Link) -> Result<Self, Invalid> {
        if !row.offered {
            return Err(Invalid::bare("Something went wrong with your request."));
        }
        Ok(Self {
            id: row.id,
            course: row.course.into(),
            group: row.group.into(),
        })
    }
}

/// The body of making or replacing a link.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the keys refer to is looked up beside them")]
pub struct Write {
    /// Key of a course that the organization offers.
    course: Reference,
    /// Key of a group of the organization.
    group: Reference,
}

/// The body of changing a link.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the keys refer to is looked up beside them")]
pub struct Change {
    /// Key of a course that the organization offers.
    #[deserr(default)]
    course: Optional<Reference>,
    /// Key of a group of the organization.
    #[deserr(default)]
    group: Optional<Reference>,
}

/// Links of courses with groups of the organization.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
) -> Answer<Json<Page<GroupCourse>>> {
    let organization = place.organization(&app, &caller)?;
    let total = app.total("group_courses", &organization);
    let db = app.store().read();
    let slice = store::links(db, organization, &paging.ask(), total.known()).await?;
    total.remember(slice.total);
    let Slice {
        rows,
        total,
        window,
    } = slice;
    let rows: Result<_, Invalid> = rows.into_iter().map(GroupCourse::try_from).collect();
    Ok(Json(paging.page(Slice {
        rows: rows?,
        total,
        window,
    })))
}

/// One link.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<GroupCourse>> {
    let organization = place.organization(&app, &caller)?;
    let found = store::link(app.store().read(), organization, key.id()?).await?;
    let link = found.ok_or_else(Problem::not_found)?;
    Ok(Json(link.try_into()?))
}

/// Show a course to a group.
pub async fn create(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    body: Unread<Write>,
) -> Answer<Created<GroupCourse>> {
    let body = body.decode().await?;
    let organization = || place.organization(&app, &caller);
    let mut named = look_up(&app, organization, &body, &MEMBERS).await?;
    named.with(body.read::<Write>())?;
    let (Some(course), Some(group)) = (named.course, named.group) else {
        return Err(Problem::not_found().into());
    };
    let organization = organization()?;
    let tx = app.store().begin().await?;
    let id = store::create_link(&tx, &course.id, group.id, app.now()).await;
    let id = id.map_err(|fault| refused(fault, group.id))?;
    let made = Link {
        id,
        course,
        offered: true,
        group,
    };
    let about = (kind::GROUP_COURSE_CREATED, subject(id));
    let changed = (None, Some(facts(&made)));
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(Created(made.try_into()?))
}

/// Replace a link.
pub async fn update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Write>,
) -> Answer<Json<GroupCourse>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &MEMBERS).await?;
    named.with(body.read::<Write>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Change parts of a link.
pub async fn partial_update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Change>,
) -> Answer<Json<GroupCourse>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &MEMBERS).await?;
    named.with(body.read::<Change>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Hide a course from a group.
pub async fn destroy(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<NoContent> {
    let organization = place.organization(&app, &caller)?;
    let tx = app.store().begin().await?;
    let found = store::lock_link(&tx, organization, key.id()?).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    store::remove_link(&tx, old.id).await?;
    let about = (kind::GROUP_COURSE_DELETED, subject(old.id));
    let changed = (Some(facts(&old)), None);
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(NoContent)
}

const MEMBERS: [Member; 2] = [Member::Course, Member::Group];

/// The working organization, if it has the link.
async fn exists(app: &App, caller: &Permitted<SiteAdmin>, place: &Place, key: &Key) -> Answer<i64> {
    let organization = place.organization(app, caller)?;
    let found = store::link(app.store().read(), organization, key.id()?).await?;
    found.ok_or_else(Problem::not_found)?;
    Ok(organization)
}

async fn write(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    organization: i64,
    id: i64,
    named: Named,
) -> Answer<Json<GroupCourse>> {
    let tx = app.store().begin().await?;
    let found = store::lock_link(&tx, organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    let mut new = old.clone();
    if let Some(course) = named.course {
        (new.course, new.offered) = (course, true);
    }
    new.group = named.group.unwrap_or(new.group);
    let changed = store::change_link(&tx, id, &new.course.id, new.group.id, app.now()).await;
    changed.map_err(|fault| refused(fault, new.group.id))?;
    let about = (kind::GROUP_COURSE_CHANGED, subject(id));
    let changed = (Some(facts(&old)), Some(facts(&new)));
    // What cannot be shown is not changed either.
    let shown = new.try_into()?;
    record::commit(app, &**caller, tx, organization, about, changed).await?;
    Ok(Json(shown))
}

/// A course is shown to a group once, and to none that went in the meantime.
fn refused(fault: Fault, group: i64) -> Error {
    const NOT_UNIQUE: &str = "The fields course, group must make a unique set.";
    match fault {
        Fault::Duplicate(_) => Invalid::non_field(NOT_UNIQUE).into(),
        Fault::Dangling(_) => Member::Group.unknown(&group.to_string()).into(),
        fault => fault.into(),
    }
}

fn subject(id: i64) -> String {
    format!("group_course:{id}")
}

fn facts(link: &Link) -> Value {
    json!({"id": link.id, "course": link.course.id, "group": link.group.id})
}

/// What a list takes.
pub async fn describe_list(_: Permitted<SiteAdmin>) -> Metadata {
    Metadata::of("Group Course List").action("POST", fields())
}

/// What a link takes, if there is one.
pub async fn describe_instance(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Metadata {
    let found = exists(&app, &caller, &place, &key).await;
    describe::instance("Group Course Instance", &found, fields)
}

fn fields() -> Value {
    json!({
        "id": describe::id(),
        "course": describe::reference("Course"),
        "group": describe::reference("Group"),
    })
}
