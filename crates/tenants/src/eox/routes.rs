//! `routes/`: which host leads to which configuration.

use axum::extract::State;
use provost_app::{Answer, App, Error};
use provost_drf::{
    Created, Invalid, Json, NoContent, Optional, Path, Payload, Problem, Reference, Text, Unread,
};
use provost_store::tenants::configs;
use provost_store::tenants::routes::{self, Route};
use provost_store::{Db, Fault};
use provost_tenancy::names::LONGEST_DOMAIN;
use schemars::JsonSchema;
use serde::Serialize;

use super::caller::Operator;
use super::key::{Key, Named, unknown};
use super::members::{Extent, Members};
use super::references;
use crate::work::Work;

const MODEL: &str = "Route";
const TAKEN: &str = "route with this domain name already exists.";

/// A host and where it leads.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantRoute")]
pub struct Row {
    id: i64,
    /// The host, without a port.
    domain: String,
    /// The key of the configuration.
    config: i64,
}

impl From<Route> for Row {
    fn from(row: Route) -> Self {
        let Route { id, domain, config } = row;
        Self { id, domain, config }
    }
}

/// The body of making or replacing a route.
#[derive(JsonSchema)]
#[schemars(rename = "TenantRouteWrite")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Write {
    /// At most 100 characters; no two routes have the same.
    domain: Text<LONGEST_DOMAIN>,
    /// The key of a configuration.
    config: i64,
}

/// The body of changing a route.
#[derive(JsonSchema)]
#[schemars(rename = "TenantRouteChange")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Parts {
    domain: Optional<Text<LONGEST_DOMAIN>>,
    config: Optional<i64>,
}

/// What a body says of a route.
struct Sent {
    domain: Option<String>,
    config: Option<(i64, references::Sent)>,
}

impl Sent {
    /// Reads the body of a new route, or of the one that has the key `own`.
    async fn read(app: &App, body: &Payload, extent: Extent, own: Option<i64>) -> Answer<Self> {
        let db = app.store().read();
        let mut members = Members::of(body, extent)?;
        let domain = members.text::<LONGEST_DOMAIN>("domain");
        if let Some(domain) = &domain {
            let holder = routes::by_domain(db, domain).await?;
            if holder.is_some_and(|holder| Some(holder.id) != own) {
                members.refuse("domain", TAKEN);
            }
        }
        let mut config = None;
        if let Some(sent) = members.key("config") {
            let ids: Vec<i64> = sent.id.into_iter().collect();
            match configs::existing(db, &ids).await?.into_iter().next() {
                Some(id) => config = Some((id, sent)),
                None => members.refuse("config", sent.is_nobodys()),
            }
        }
        members.finish()?;
        Ok(Self { domain, config })
    }

    /// What a fault of writing this means: what was true when the body was read may be no more.
    fn refused(&self, fault: Fault) -> Error {
        match (fault, &self.config) {
            (Fault::Duplicate(_), _) => Invalid::field("domain", TAKEN).into(),
            (Fault::Dangling(_), Some((_, sent))) => {
                Invalid::field("config", sent.is_nobodys()).into()
            }
            (fault, _) => fault.into(),
        }
    }
}

/// All routes, in the order of their keys.
pub async fn list(State(app): State<App>, _: Operator) -> Answer<Json<Vec<Row>>> {
    let found = routes::all(app.store().read()).await?;
    Ok(Json(found.into_iter().map(Row::from).collect()))
}

/// One route.
pub async fn retrieve(
    State(app): State<App>,
    _: Operator,
    Path(path): Path<Named>,
) -> Answer<Json<Row>> {
    let found = named(app.store().read(), &path).await?;
    Ok(Json(found.into()))
}

/// Lead a host to a configuration.
pub async fn create(
    State(app): State<App>,
    caller: Operator,
    body: Unread<Write>,
) -> Answer<Created<Row>> {
    let body = body.decode().await?;
    let sent = Sent::read(&app, &body, Extent::Whole, None).await?;
    let domain = sent.domain.clone().unwrap_or_default();
    let config = sent.config.as_ref().map_or(0, |(id, _)| *id);
    let mut work = Work::begin(&app, &*caller).await?;
    let made = work.route(vec![(domain, config)]).await;
    let made = made.map_err(|fault| sent.refused(fault))?;
    work.commit().await?;
    let made = made.into_iter().next();
    Ok(Created(made.ok_or_else(|| unknown(MODEL))?.into()))
}

/// Replace a route.
pub async fn update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Write>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Whole)).await
}

/// Change parts of a route.
pub async fn partial_update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Parts>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Partial)).await
}

/// Writes what a body says over the route that a path names.
async fn overwrite<T>(
    app: &App,
    caller: &Operator,
    path: &Named,
    (body, extent): (Unread<T>, Extent),
) -> Answer<Json<Row>> {
    let found = named(app.store().read(), path).await?;
    let body = body.decode().await?;
    let sent = Sent::read(app, &body, extent, Some(found.id)).await?;
    write(app, caller, found.id, &sent).await
}

/// Lead a host nowhere.
pub async fn destroy(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
) -> Answer<NoContent> {
    let mut work = Work::begin(&app, &*caller).await?;
    let found = named(&work.tx, &path).await?;
    work.unroute(&[found]).await?;
    work.commit().await?;
    Ok(NoContent)
}

/// The route that a path names, by its key alone.
async fn named(db: &Db, path: &Named) -> Answer<Route> {
    let id = match path.key()? {
        Key::Id(id) => id,
        // What the reference's language takes for a number is one; nothing else can be a key.
        Key::Text(text) => {
            let read = Reference::of(&text.into()).and_then(|read| read.id());
            Some(read.ok_or_else(Problem::not_found)?)
        }
    };
    let found = match id {
        Some(id) => routes::find(db, id).await?,
        None => None,
    };
    Ok(found.ok_or_else(|| unknown(MODEL))?)
}

/// Writes what was sent over the route with this key, as it is by now.
async fn write(app: &App, caller: &Operator, id: i64, sent: &Sent) -> Answer<Json<Row>> {
    let mut work = Work::begin(app, &**caller).await?;
    let found = routes::find(&work.tx, id).await?;
    let before = found.ok_or_else(|| unknown(MODEL))?;
    let domain = sent.domain.as_ref().unwrap_or(&before.domain);
    let after = Route {
        id,
        domain: domain.clone(),
        config: sent.config.as_ref().map_or(before.config, |(id, _)| *id),
    };
    let written = work.reroute(&before, &after).await;
    written.map_err(|fault| sent.refused(fault))?;
    work.commit().await?;
    Ok(Json(after.into()))
}
