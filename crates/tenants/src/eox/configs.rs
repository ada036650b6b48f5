//! `configs/`: what tenants are configured to.

use axum::extract::State;
use provost_app::{Answer, App};
use provost_drf::{Created, Invalid, Json, NoContent, Optional, Path, Payload, Text, Unread};
use provost_store::Db;
use provost_store::tenants::Object;
use provost_store::tenants::configs::{self, Config, NewConfig};
use provost_tenancy::effective::organization_filter;
use provost_tenancy::names::LONGEST_KEY;
use schemars::JsonSchema;
use serde::Serialize;

use super::caller::Operator;
use super::key::{Key, Named, only};
use super::members::{Extent, Members};
use crate::removal;
use crate::work::{Associated, Change, Chosen, New, Work};

const MODEL: &str = "TenantConfig";
const LMS: &str = "lms_configs";

/// What a tenant is configured to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenantConfig")]
pub struct Row {
    id: i64,
    lms_configs: Object,
    studio_configs: Object,
    theming_configs: Object,
    meta: Object,
    external_key: String,
    /// Keys of the organizations that the tenant is associated with.
    organizations: Vec<i64>,
}

impl From<Config> for Row {
    fn from(row: Config) -> Self {
        Self {
            id: row.id,
            lms_configs: row.lms_configs,
            studio_configs: row.studio_configs,
            theming_configs: row.theming_configs,
            meta: row.meta,
            external_key: row.external_key,
            organizations: row.organizations,
        }
    }
}

/// The body of making or replacing a configuration.
#[derive(JsonSchema)]
#[schemars(rename = "TenantConfigWrite")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Write {
    /// Settings of the LMS. Its `course_org_filter`, a text or a list of texts, names organizations
    /// that are made and associated.
    lms_configs: Object,
    studio_configs: Object,
    theming_configs: Object,
    meta: Object,
    /// At most 63 characters; several may have the same.
    external_key: Text<LONGEST_KEY>,
    /// Keys of organizations, instead of those that the settings name.
    organizations: Optional<Vec<i64>>,
}

/// The body of changing a configuration: what is given replaces the whole of what there was.
#[derive(JsonSchema)]
#[schemars(rename = "TenantConfigChange")]
#[expect(
    dead_code,
    reason = "what the document says; members are read one by one"
)]
pub struct Parts {
    lms_configs: Optional<Object>,
    studio_configs: Optional<Object>,
    theming_configs: Optional<Object>,
    meta: Optional<Object>,
    external_key: Optional<Text<LONGEST_KEY>>,
    organizations: Optional<Vec<i64>>,
}

/// What a body says of a configuration.
pub(super) struct Sent {
    lms_configs: Option<Object>,
    studio_configs: Option<Object>,
    theming_configs: Option<Object>,
    meta: Option<Object>,
    external_key: Option<String>,
    organizations: Option<Vec<i64>>,
}

impl Sent {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with everything that is wrong with it.
    pub(super) async fn read(app: &App, body: &Payload, extent: Extent) -> Answer<Self> {
        let mut members = Members::of(body, extent)?;
        let sent = Self {
            lms_configs: members.object(LMS),
            studio_configs: members.object("studio_configs"),
            theming_configs: members.object("theming_configs"),
            meta: members.object("meta"),
            external_key: members.text::<LONGEST_KEY>("external_key"),
            organizations: members.organizations(app.store().read()).await?,
        };
        if let Some(settings) = &sent.lms_configs {
            members.check_filter(LMS, settings);
        }
        members.finish()?;
        Ok(sent)
    }

    /// What was sent in the place of what there was, and the organizations that come of it.
    fn over(self, before: Config) -> Answer<(Config, Associated)> {
        let after = Config {
            id: before.id,
            external_key: self.external_key.unwrap_or(before.external_key),
            lms_configs: self.lms_configs.unwrap_or(before.lms_configs),
            studio_configs: self.studio_configs.unwrap_or(before.studio_configs),
            theming_configs: self.theming_configs.unwrap_or(before.theming_configs),
            meta: self.meta.unwrap_or(before.meta),
            organizations: before.organizations,
        };
        let filter = organization_filter(&after.lms_configs);
        let associated = Associated {
            filter: filter.map_err(|wrong| Invalid::field(LMS, wrong.to_string()))?,
            chosen: self.organizations.map(Chosen::Keys),
        };
        Ok((after, associated))
    }
}

/// All configurations, in the order of their keys.
pub async fn list(State(app): State<App>, _: Operator) -> Answer<Json<Vec<Row>>> {
    let found = configs::all(app.store().read()).await?;
    Ok(Json(found.into_iter().map(Row::from).collect()))
}

/// One configuration, by its key, or by its external key where that is not all digits.
pub async fn retrieve(
    State(app): State<App>,
    _: Operator,
    Path(path): Path<Named>,
) -> Answer<Json<Row>> {
    let found = named(app.store().read(), &path).await?;
    Ok(Json(found.into()))
}

/// Make a configuration, which no host leads to yet, and the organizations that it names.
pub async fn create(
    State(app): State<App>,
    caller: Operator,
    body: Unread<Write>,
) -> Answer<Created<Row>> {
    let body = body.decode().await?;
    let sent = Sent::read(&app, &body, Extent::Whole).await?;
    let nothing = Config {
        id: 0,
        external_key: String::new(),
        lms_configs: Object::new(),
        studio_configs: Object::new(),
        theming_configs: Object::new(),
        meta: Object::new(),
        organizations: Vec::new(),
    };
    let (config, associated) = sent.over(nothing)?;
    let new = New {
        config: NewConfig {
            external_key: config.external_key,
            lms_configs: config.lms_configs,
            studio_configs: config.studio_configs,
            theming_configs: config.theming_configs,
            meta: config.meta,
        },
        domains: Vec::new(),
        associated,
    };
    let mut work = Work::begin(&app, &*caller).await?;
    let made = work.create(vec![new]).await?;
    work.commit().await?;
    Ok(Created(only(MODEL, made)?.into()))
}

/// Replace a configuration; its organizations become those that it names now, unless the body says
/// others.
pub async fn update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Write>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Whole)).await
}

/// Change parts of a configuration, each of them as a whole.
pub async fn partial_update(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
    body: Unread<Parts>,
) -> Answer<Json<Row>> {
    overwrite(&app, &caller, &path, (body, Extent::Partial)).await
}

/// Writes what a body says over the configuration that a path names.
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

/// Remove a configuration and the routes to it. What there was is kept aside for a while.
pub async fn destroy(
    State(app): State<App>,
    caller: Operator,
    Path(path): Path<Named>,
) -> Answer<NoContent> {
    let mut work = Work::begin(&app, &*caller).await?;
    let found = named(&work.tx, &path).await?;
    let whole = removal::wholes(&work.tx, vec![found]).await?;
    removal::remove(&mut work, &whole).await?;
    work.commit().await?;
    Ok(NoContent)
}

/// The configuration that a path names.
async fn named(db: &Db, path: &Named) -> Answer<Config> {
    let found = match path.key()? {
        Key::Id(None) => Vec::new(),
        Key::Id(Some(id)) => configs::find(db, id).await?.into_iter().collect(),
        Key::Text(key) => configs::by_key(db, key).await?,
    };
    Ok(only(MODEL, found)?)
}

/// Writes what was sent over a configuration.
pub(super) async fn write(mut work: Work<'_>, before: Config, sent: Sent) -> Answer<Json<Row>> {
    let (after, associated) = sent.over(before.clone())?;
    let change = Change {
        before,
        after,
        associated,
    };
    let written = work.change(vec![change]).await?;
    work.commit().await?;
    Ok(Json(only(MODEL, written)?.into()))
}
