//! Backends, and the default domain of the system: what operators set up and no call of the old API does.

use provost_app::{App, Author};
use provost_store::Fault;
use provost_store::changes::Entry;
use provost_store::tenant_profiles::backends::{self, Backend};
use provost_store::tenant_profiles::domains;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::actor::Actor;
use crate::domains::set_default;
use crate::record;
use crate::work::Work;

/// A backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ProfileBackend")]
pub struct Shown {
    /// The name.
    pub name: String,
    /// What others call it.
    pub external_name: String,
    /// Whether tenants get it that are made without one.
    pub default: bool,
}

impl From<Backend> for Shown {
    fn from(backend: Backend) -> Self {
        Self {
            name: backend.name,
            external_name: backend.external_name,
            default: backend.is_default,
        }
    }
}

/// Why a backend stays.
#[derive(Debug, thiserror::Error)]
pub enum NotRemoved {
    /// There is none of that name.
    #[error("there is no backend `{0}`")]
    Unknown(String),
    /// A tenant is on it, or somebody may use it.
    #[error("backend `{0}` is still in use")]
    Used(String),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// All backends, by name.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn list(app: &App) -> Result<Vec<Shown>, Fault> {
    let all = backends::all(app.store().read()).await?;
    Ok(all.into_iter().map(Shown::from).collect())
}

/// What came of putting something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new.
    Created,
    /// It is otherwise than it was.
    Changed,
    /// It was so already.
    Unchanged,
}

/// What a backend is to be. What is not said stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The name.
    pub name: &'a str,
    /// What others call it.
    pub external_name: Option<&'a str>,
    /// Whether tenants get it that are made without one.
    pub default: Option<bool>,
}

/// Makes a backend, or changes the one of this name; what came of it, and the backend.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn put(
    app: &App,
    by: impl Into<Author>,
    wanted: Wanted<'_>,
) -> Result<(Put, Shown), Fault> {
    let mut work = Work::begin(app, &Actor::program(app, by.into())).await?;
    let known = backends::find(&work.tx, wanted.name).await?;
    let before = known.clone().map(Shown::from);
    let backend = match known {
        Some(known) => known,
        None => backends::create(&work.tx, wanted.name, "").await?,
    };
    let after = Shown {
        external_name: wanted
            .external_name
            .unwrap_or(&backend.external_name)
            .to_owned(),
        default: wanted.default.unwrap_or(backend.is_default),
        name: backend.name,
    };
    backends::rename(&work.tx, backend.id, &after.external_name).await?;
    if after.default != backend.is_default {
        yield_default(&mut work, after.default.then_some(backend.id)).await?;
    }
    let (kind, put) = match &before {
        None => (record::BACKEND_CREATED, Put::Created),
        Some(before) if *before == after => (record::BACKEND_CHANGED, Put::Unchanged),
        Some(_) => (record::BACKEND_CHANGED, Put::Changed),
    };
    let facts = before.map(|before| json!(before));
    work.note(kind, wanted.name, facts, Some(json!(after)));
    work.commit().await?;
    Ok((put, after))
}

/// Makes a backend the default, or none. The one that was it, if it is another one, is said to be it no more.
async fn yield_default(work: &mut Work<'_>, to: Option<i64>) -> Result<(), Fault> {
    let former = backends::default(&work.tx).await?;
    backends::set_default(&work.tx, to).await?;
    if let Some(former) = former.filter(|former| to.is_some_and(|to| to != former.id)) {
        let before = Shown::from(former);
        let after = Shown {
            default: false,
            ..before.clone()
        };
        let (before, facts) = (json!(before), json!(after));
        work.note(
            record::BACKEND_CHANGED,
            &after.name,
            Some(before),
            Some(facts),
        );
    }
    Ok(())
}

/// Removes the backend of this name, if nothing is on it and nobody may use it.
///
/// # Errors
/// See [`NotRemoved`].
pub async fn remove(app: &App, by: impl Into<Author>, name: &str) -> Result<(), NotRemoved> {
    let tx = app.store().begin().await?;
    let known = backends::find(&tx, name).await?;
    let backend = known.ok_or_else(|| NotRemoved::Unknown(name.to_owned()))?;
    if backends::is_used(&tx, backend.id).await? {
        return Err(NotRemoved::Used(name.to_owned()));
    }
    backends::remove(&tx, backend.id).await?;
    let entry = Entry {
        before: Some(json!(Shown::from(backend))),
        ..by.into().entry(record::BACKEND_DELETED, name)
    };
    Ok(app.commit(tx, &[entry]).await?)
}

/// The default domain of the system, if it has one.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn default_domain(app: &App) -> Result<Option<String>, Fault> {
    let default = domains::default(app.store().read()).await?;
    Ok(default.map(|domain| domain.name))
}

/// Makes a domain of the system its default; `false` where it has none of that name.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn set_default_domain(
    app: &App,
    by: impl Into<Author>,
    name: &str,
) -> Result<bool, Fault> {
    let mut work = Work::begin(app, &Actor::program(app, by.into())).await?;
    let Some(domain) = domains::named(&work.tx, &[name]).await?.pop() else {
        return Ok(false);
    };
    set_default(&mut work, &domain).await?;
    work.commit().await?;
    Ok(true)
}
