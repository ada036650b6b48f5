//! Who administers and uses what: putting it on record, which no call of the old API does.

use provost_app::{App, Author};
use provost_store::changes::Entry;
use provost_store::tenant_profiles::backends::{self, Backend};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::{Named, groups, resellers, tenants};
use provost_store::users::User;
use provost_store::{Db, Fault};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::level::Level;
use crate::record;

/// What somebody is to be able to do.
#[derive(Clone, Debug)]
pub struct Standing {
    /// How much.
    pub level: Level,
    /// The id of the tenant; below the level of the system.
    pub tenant: Option<String>,
    /// The id of the group; below the level of a tenant.
    pub group: Option<String>,
    /// The name of the reseller to whose tenants and groups they are confined.
    pub reseller: Option<String>,
    /// Whether they only look.
    pub read_only: bool,
    /// The names of the backends whose tenants they see, the most important first, if they tell backends
    /// apart.
    pub backends: Option<Vec<String>>,
}

/// What somebody can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ProfilePerson")]
pub struct Shown {
    /// The username.
    pub username: String,
    /// How much.
    pub level: Level,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// The group.
    pub group_id: Option<String>,
    /// The reseller to whose tenants and groups they are confined.
    pub reseller_id: Option<String>,
    /// Whether they only look.
    pub read_only: bool,
    /// Whether they tell backends apart.
    pub multi_as: bool,
    /// The backends whose tenants they see, the most important first.
    pub backends: Vec<String>,
}

/// Why a standing is not put on record.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something is wrong with a member of the standing: which, and a whole sentence.
    #[error("{}", .0.iter().map(|(_, why)| why.as_str()).collect::<Vec<_>>().join(" "))]
    Wrong(Vec<(&'static str, String)>),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Puts on record what the account with this key can do, in place of what was; what it can do now.
///
/// # Errors
/// See [`Refused`].
pub async fn put(
    app: &App,
    by: impl Into<Author>,
    user: &User,
    standing: &Standing,
) -> Result<Shown, Refused> {
    let tx = app.store().begin().await?;
    let person = resolve(&tx, user.id, standing).await?;
    let before = shown_of(&tx, user).await?;
    people::put(&tx, &person).await?;
    let after = shown_of(&tx, user).await?;
    let after = after.ok_or_else(|| Refused::Wrong(Vec::new()))?;
    if before.as_ref() != Some(&after) {
        let entry = Entry {
            before: before.map(|shown| json!(shown)),
            after: Some(json!(after)),
            ..by.into().entry(record::PERSON_CHANGED, &subject(user))
        };
        app.commit(tx, &[entry]).await?;
    }
    Ok(after)
}

/// Forgets what an account can do; whether anything was on record.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn remove(app: &App, by: impl Into<Author>, user: &User) -> Result<bool, Fault> {
    let tx = app.store().begin().await?;
    let before = shown_of(&tx, user).await?;
    // Of somebody whose tenant or group is gone, there is nothing more to say.
    let before = before.map_or_else(|| json!({"username": user.username}), |shown| json!(shown));
    if !people::remove(&tx, user.id).await? {
        return Ok(false);
    }
    let entry = Entry {
        before: Some(before),
        ..by.into().entry(record::PERSON_CHANGED, &subject(user))
    };
    app.commit(tx, &[entry]).await?;
    Ok(true)
}

/// What an account can do, if that is on record and its tenant and group are there.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn find(app: &App, user: &User) -> Result<Option<Shown>, Fault> {
    shown_of(app.store().read(), user).await
}

fn subject(user: &User) -> String {
    format!("user:{}", user.username)
}

async fn shown_of(db: &Db, user: &User) -> Result<Option<Shown>, Fault> {
    let Some(person) = people::find(db, user.id).await? else {
        return Ok(None);
    };
    let known = backends::find_all(db, &person.backends).await?;
    Ok(shown(user.username.clone(), person, &known))
}

fn shown(username: String, person: Person, known: &[Backend]) -> Option<Shown> {
    let named = |id: &i64| {
        let found = known.iter().find(|backend| backend.id == *id);
        found.map(|backend| backend.name.clone())
    };
    let backends = person.backends.iter().filter_map(named).collect();
    let name = |named: Option<Named>| named.map(|named| named.name);
    Level::of(person.level).map(|level| Shown {
        username,
        level,
        tenant_id: name(person.tenant),
        group_id: name(person.group),
        reseller_id: name(person.reseller),
        read_only: person.read_only,
        multi_as: person.multi_as,
        backends,
    })
}

/// Everybody on record whose tenant and group are there, by key of the account.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn list(app: &App) -> Result<Vec<Shown>, Fault> {
    let db = app.store().snapshot().await?;
    let known = backends::all(&db).await?;
    let all = people::all(&db).await?.into_iter();
    Ok(all
        .filter_map(|(username, person)| shown(username, person, &known))
        .collect())
}

/// Looks up everything that a standing names.
async fn resolve(db: &Db, user: i64, standing: &Standing) -> Result<Person, Refused> {
    let mut wrong = misplaced(standing);
    let mut person = Person {
        user,
        level: standing.level.number(),
        tenant: None,
        group: None,
        reseller: None,
        multi_as: standing.backends.is_some(),
        read_only: standing.read_only,
        backends: Vec::new(),
    };
    if wrong.is_empty() {
        wrong.extend(resolve_place(db, &mut person, standing).await?);
    }
    if let Some(name) = &standing.reseller {
        match resellers::find(db, name).await? {
            Some(reseller) => person.reseller = Some(reseller.into()),
            None => wrong.push(("reseller", format!("There is no reseller `{name}`."))),
        }
    }
    wrong.extend(resolve_backends(db, &mut person, standing).await?);
    if wrong.is_empty() {
        Ok(person)
    } else {
        Err(Refused::Wrong(wrong))
    }
}

/// What a level wants of tenant and group, and is not so.
fn misplaced(standing: &Standing) -> Vec<(&'static str, String)> {
    let level = standing.level;
    let places = [
        ("tenant", level.has_tenant(), standing.tenant.is_some()),
        ("group", level.has_group(), standing.group.is_some()),
    ];
    let wrong = places.into_iter().filter_map(|(name, needed, given)| {
        let why = match (needed, given) {
            (true, false) => format!("A {level} belongs to a {name}: say which."),
            (false, true) => format!("A {level} belongs to no {name}."),
            _ => return None,
        };
        Some((name, why))
    });
    wrong.collect()
}

async fn resolve_place(
    db: &Db,
    person: &mut Person,
    standing: &Standing,
) -> Result<Option<(&'static str, String)>, Fault> {
    let Some(tenant_id) = &standing.tenant else {
        return Ok(None);
    };
    let Some(tenant) = tenants::find(db, tenant_id).await? else {
        return Ok(Some((
            "tenant",
            format!("There is no tenant `{tenant_id}`."),
        )));
    };
    person.tenant = Some(Named {
        id: tenant.id,
        name: tenant.tenant_id,
    });
    let Some(group_id) = &standing.group else {
        return Ok(None);
    };
    let Some(group) = groups::find(db, tenant.id, group_id).await? else {
        return Ok(Some((
            "group",
            format!("The tenant has no group `{group_id}`."),
        )));
    };
    person.group = Some(Named {
        id: group.id,
        name: group.group_id,
    });
    Ok(None)
}

async fn resolve_backends(
    db: &Db,
    person: &mut Person,
    standing: &Standing,
) -> Result<Vec<(&'static str, String)>, Fault> {
    let Some(names) = &standing.backends else {
        return Ok(Vec::new());
    };
    if standing.level != Level::SystemAdmin {
        let why = format!("A {} does not tell backends apart.", standing.level);
        return Ok(vec![("backends", why)]);
    }
    let mut wrong = Vec::new();
    for name in names {
        match backends::find(db, name).await? {
            Some(backend) if person.backends.contains(&backend.id) => {}
            Some(backend) => person.backends.push(backend.id),
            None => wrong.push(("backends", format!("There is no backend `{name}`."))),
        }
    }
    Ok(wrong)
}
