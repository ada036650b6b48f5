//! `memberships/`: who is in which group.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, kind};
use provost_drf::{
    Created, Invalid, Json, Metadata, NoContent, Optional, Page, Path, Permitted, Problem,
    Reference, Unread,
};
use provost_store::Fault;
use provost_store::course_access::memberships;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::describe;
use super::named::{Member, Named, look_up};
use super::place::{Place, SiteAdmin};
use crate::record;
use crate::wire::{Key, Membership, Paging};

/// What the old API knows of more than one group for a person: nothing.
const NOT_UNIQUE: &str = "This field must be unique.";

/// The body of making or replacing a membership.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the keys refer to is looked up beside them")]
pub struct Write {
    /// Key of an active person of the organization.
    user: Reference,
    /// Key of a group of the organization.
    group: Reference,
}

/// The body of changing a membership.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "what the keys refer to is looked up beside them")]
pub struct Change {
    /// Key of an active person of the organization.
    #[deserr(default)]
    user: Optional<Reference>,
    /// Key of a group of the organization.
    #[deserr(default)]
    group: Optional<Reference>,
}

/// Memberships in groups of the organization, oldest first.
pub async fn list(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    paging: Paging,
) -> Answer<Json<Page<Membership>>> {
    let organization = place.organization(&app, &caller)?;
    let total = app.total("access_memberships", &organization);
    let db = app.store().read();
    let slice = memberships::page(db, organization, &paging.ask(), total.known()).await?;
    total.remember(slice.total);
    Ok(Json(paging.page(slice.map(Membership::from))))
}

/// One membership.
pub async fn retrieve(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<Json<Membership>> {
    let organization = place.organization(&app, &caller)?;
    let found = memberships::find(app.store().read(), organization, key.id()?).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Put a person who is in no group into one.
pub async fn create(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    body: Unread<Write>,
) -> Answer<Created<Membership>> {
    let body = body.decode().await?;
    let organization = || place.organization(&app, &caller);
    let mut named = look_up(&app, organization, &body, &MEMBERS).await?;
    named.with(body.read::<Write>())?;
    let (Some(user), Some(group)) = (named.user, named.group) else {
        return Err(Problem::not_found().into());
    };
    let now = app.now();
    let tx = app.store().begin().await?;
    only_membership(&tx, user.id, None).await?;
    let id = memberships::create(&tx, user.id, group.id, false, now).await;
    let id = id.map_err(|fault| refused(fault, "user", group.id))?;
    let made = memberships::Membership {
        id,
        user,
        group,
        automatic: false,
    };
    let about = (kind::MEMBERSHIP_CREATED, record::membership_subject(id));
    let organization = organization()?;
    let changed = (None, Some(record::membership(&made)));
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(Created(made.into()))
}

/// Replace a membership.
pub async fn update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Write>,
) -> Answer<Json<Membership>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &MEMBERS).await?;
    named.with(body.read::<Write>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Change parts of a membership.
pub async fn partial_update(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
    body: Unread<Change>,
) -> Answer<Json<Membership>> {
    let organization = exists(&app, &caller, &place, &key).await?;
    let body = body.decode().await?;
    let mut named = look_up(&app, || Ok(organization), &body, &MEMBERS).await?;
    named.with(body.read::<Change>())?;
    write(&app, &caller, organization, key.id()?, named).await
}

/// Take a person out of a group.
pub async fn destroy(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Answer<NoContent> {
    let organization = place.organization(&app, &caller)?;
    let tx = app.store().begin().await?;
    let found = memberships::lock(&tx, organization, key.id()?).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    memberships::remove(&tx, old.id).await?;
    let about = (kind::MEMBERSHIP_DELETED, record::membership_subject(old.id));
    let changed = (Some(record::membership(&old)), None);
    record::commit(&app, &*caller, tx, organization, about, changed).await?;
    Ok(NoContent)
}

const MEMBERS: [Member; 2] = [Member::User, Member::Group];

/// The working organization, if it has the membership.
async fn exists(app: &App, caller: &Permitted<SiteAdmin>, place: &Place, key: &Key) -> Answer<i64> {
    let organization = place.organization(app, caller)?;
    let found = memberships::find(app.store().read(), organization, key.id()?).await?;
    found.ok_or_else(Problem::not_found)?;
    Ok(organization)
}

async fn write(
    app: &App,
    caller: &Permitted<SiteAdmin>,
    organization: i64,
    id: i64,
    named: Named,
) -> Answer<Json<Membership>> {
    let tx = app.store().begin().await?;
    let found = memberships::lock(&tx, organization, id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    let mut new = old.clone();
    if let Some(user) = named.user {
        new.user = user;
    }
    if let Some(group) = named.group {
        new.group = group;
    }
    let moves = new.user.id != old.user.id;
    if moves {
        only_membership(&tx, new.user.id, Some(id)).await?;
    }
    let changed = memberships::change(&tx, id, new.user.id, new.group.id, app.now()).await;
    let at_fault = if moves { "user" } else { "group" };
    changed.map_err(|fault| refused(fault, at_fault, new.group.id))?;
    let about = (kind::MEMBERSHIP_CHANGED, record::membership_subject(id));
    let changed = (
        Some(record::membership(&old)),
        Some(record::membership(&new)),
    );
    record::commit(app, &**caller, tx, organization, about, changed).await?;
    Ok(Json(new.into()))
}

/// Refuses a second membership, wherever the first one is, and a person who went in the meantime.
async fn only_membership(tx: &provost_store::Tx, user: i64, but: Option<i64>) -> Answer<()> {
    if !memberships::lock_person(tx, user).await? {
        return Err(Member::User.unknown(&user.to_string()).into());
    }
    let held = memberships::of_person(tx, user).await?;
    if held.iter().all(|(id, _)| Some(*id) == but) {
        Ok(())
    } else {
        Err(Invalid::field("user", NOT_UNIQUE).into())
    }
}

/// A person who is in several groups can be moved into each of the others only once, and nobody into
/// a group that went in the meantime.
fn refused(fault: Fault, at_fault: &'static str, group: i64) -> provost_app::Error {
    match fault {
        Fault::Duplicate(_) => Invalid::field(at_fault, NOT_UNIQUE).into(),
        Fault::Dangling(_) => Member::Group.unknown(&group.to_string()).into(),
        fault => fault.into(),
    }
}

/// What a list takes.
pub async fn describe_list(_: Permitted<SiteAdmin>) -> Metadata {
    Metadata::of("Membership List").action("POST", fields())
}

/// What a membership takes, if there is one.
pub async fn describe_instance(
    State(app): State<App>,
    caller: Permitted<SiteAdmin>,
    place: Place,
    Path(key): Path<Key>,
) -> Metadata {
    let found = exists(&app, &caller, &place, &key).await;
    describe::instance("Membership Instance", &found, fields)
}

fn fields() -> Value {
    json!({
        "id": describe::id(),
        "user": describe::reference("User"),
        "group": describe::reference("Group"),
    })
}
