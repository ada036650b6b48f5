//! `memberships/`: who is in which group. A person may be in several.

use axum::extract::State;
use deserr::Deserr;
use provost_app::{Answer, App, Error, kind};
use provost_drf::{
    Body, Created, Integer, Invalid, Json, KeysetPage, NoContent, Path, Problem, Text,
};
use provost_store::Fault;
use provost_store::course_access::{Named, PersonRef as Person, memberships as store, people};
use schemars::JsonSchema;
use serde::Serialize;

use super::Keys;
use super::scope::{Admin, Row, after, unknown_group};
use crate::record;
use crate::wire::{GroupRef, PersonRef};

/// That somebody is in a group.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PersonInGroup")]
pub struct Membership {
    id: i64,
    user: PersonRef,
    group: GroupRef,
    /// Whether a rule made it.
    automatic: bool,
}

impl From<store::Membership> for Membership {
    fn from(row: store::Membership) -> Self {
        Self {
            id: row.id,
            user: row.user.into(),
            group: row.group.into(),
            automatic: row.automatic,
        }
    }
}

/// Who is to be in which group.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid, deny_unknown_fields)]
#[schemars(rename = "PutInGroup")]
pub struct Write {
    /// Username of an active person of the organization.
    user: Text<{ usize::MAX }>,
    /// Key of a group of the organization.
    group: Integer,
}

/// Memberships of the organization's people in its groups, oldest first.
pub async fn list(
    State(app): State<App>,
    admin: Admin,
    keys: Keys,
) -> Answer<KeysetPage<Membership>> {
    let (db, limit) = (app.store().read(), keys.one_more());
    let found = store::own_after(db, admin.organization, after(&keys)?, limit).await?;
    let rows = found.into_iter().map(Membership::from).collect();
    Ok(keys.cut(rows, |row: &Membership| row.id.to_string()))
}

/// One membership.
pub async fn retrieve(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
) -> Answer<Json<Membership>> {
    let found = store::find_own(app.store().read(), admin.organization, row.id).await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Put a person into a group, whatever other groups they are in.
pub async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(ask): Body<Write>,
) -> Answer<Created<Membership>> {
    let (user, group) = named(&app, &admin, &ask).await?;
    let made = join(&app, &admin, user, group).await?;
    Ok(Created(made.into()))
}

/// Take a person out of a group.
pub async fn destroy(
    State(app): State<App>,
    admin: Admin,
    Path(row): Path<Row>,
) -> Answer<NoContent> {
    let tx = app.store().begin().await?;
    let found = store::lock_own(&tx, admin.organization, row.id).await?;
    let old = found.ok_or_else(Problem::not_found)?;
    store::remove(&tx, old.id).await?;
    let about = (kind::MEMBERSHIP_DELETED, record::membership_subject(old.id));
    let changed = (Some(record::membership(&old)), None);
    record::commit(&app, &*admin, tx, admin.organization, about, changed).await?;
    Ok(NoContent)
}

/// Whom and what a body names.
async fn named(app: &App, admin: &Admin, ask: &Write) -> Answer<(Person, Named)> {
    let (db, id) = (
        app.store().read(),
        app.course_access().user_by_name(&ask.user),
    );
    let user = match id {
        Some(id) => people::assignable(db, admin.organization, id).await?,
        None => None,
    };
    let unknown_user = || Invalid::field("user", format!("Invalid user: {}", ask.user));
    match (user, admin.group(db, ask.group.0).await?) {
        (Some(user), Some(group)) => Ok((user, group)),
        (Some(_), None) => Err(unknown_group(ask.group.0).into()),
        (None, Some(_)) => Err(unknown_user().into()),
        (None, None) => {
            let mut wrong = unknown_user();
            wrong.extend(unknown_group(ask.group.0));
            Err(wrong.into())
        }
    }
}

async fn join(app: &App, admin: &Admin, user: Person, group: Named) -> Answer<store::Membership> {
    let tx = app.store().begin().await?;
    store::lock_person(&tx, user.id).await?;
    let id = store::create(&tx, user.id, group.id, false, app.now()).await;
    let id = id.map_err(|fault| refusal(fault, &user, &group))?;
    let made = store::Membership {
        id,
        user,
        group,
        automatic: false,
    };
    let about = (kind::MEMBERSHIP_CREATED, record::membership_subject(id));
    let changed = (None, Some(record::membership(&made)));
    record::commit(app, &**admin, tx, admin.organization, about, changed).await?;
    Ok(made)
}

/// A person is in a group once; the group may go while it is asked for.
fn refusal(fault: Fault, user: &Person, group: &Named) -> Error {
    match fault {
        Fault::Duplicate(_) => {
            let text = format!("{} is in group {} already.", user.username, group.id);
            Problem::conflict(text).into()
        }
        Fault::Dangling(_) => unknown_group(group.id).into(),
        fault => fault.into(),
    }
}
