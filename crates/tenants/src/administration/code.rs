//! Tenants as code: what a file of tenants would do, doing it, and the file of those there are.

use std::collections::{HashMap, HashSet};

use provost_app::{App, Author};
use provost_drf::times;
use provost_store::tenants::configs::{self, Config, NewConfig};
use provost_store::tenants::organizations;
use provost_store::tenants::routes::{self, Route};
use provost_store::{Db, Fault, changes};
use provost_tenancy::{Change, Desired, File, Plan, Present, Wrong, organization_filter};
use serde_json::Map;

use crate::removal;
use crate::work::{self, Associated, Chosen, New, Work};

/// Why a file is not followed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// This is wrong with it, or cannot be done to the tenants there are.
    #[error("the file cannot be followed")]
    Wrong(Vec<Wrong>),
    /// It would do something else than the plan that was seen.
    #[error(
        "what would be done now is another plan than the one that was seen, so nothing was done"
    )]
    Differs,
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Vec<Wrong>> for Refused {
    fn from(wrong: Vec<Wrong>) -> Self {
        Self::Wrong(wrong)
    }
}

/// A file that was followed.
#[derive(Clone, Debug)]
pub struct Applied {
    /// What was done.
    pub plan: Plan,
    /// The keys of the tenants that were made, in the order of the plan.
    pub created: Vec<i64>,
}

/// How a file is followed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner<'a> {
    /// Tenants that are not in the file go; without it, they stay as they are.
    pub prune: bool,
    /// Do this plan and no other one, known by its [digest](Plan::digest).
    pub digest: Option<&'a str>,
}

/// What a file would do now. Nothing is done.
///
/// # Errors
/// See [`Refused`]; never [`Refused::Differs`].
pub async fn plan(app: &App, file: &File, prune: bool) -> Result<Plan, Refused> {
    There::now(app).await?.plan(app, file, prune)
}

/// Makes the tenants those of a file, all of it in one transaction. The plan is made before it, so that
/// nobody waits for that, and anew in there if anything was written meanwhile. Tenants that go can be [restored](super::deleted::restore).
///
/// # Errors
/// See [`Refused`]; nothing was done then.
pub async fn apply(
    app: &App,
    by: impl Into<Author>,
    file: &File,
    manner: Manner<'_>,
) -> Result<Applied, Refused> {
    let mut there = There::now(app).await?;
    let mut plan = there.plan_seen(app, file, manner)?;
    let done = |plan| Applied {
        plan,
        created: Vec::new(),
    };
    if plan.is_empty() {
        return Ok(done(plan));
    }
    let mut work = Work::begin(app, by).await?;
    if changes::last_seq(&work.tx).await? != there.seq {
        there = There::read(&work.tx).await?;
        plan = there.plan_seen(app, file, manner)?;
        if plan.is_empty() {
            return Ok(done(plan));
        }
    }
    let created = there.become_those_of(&plan, &mut work).await?;
    work.commit().await?;
    Ok(Applied { plan, created })
}

/// The tenants there are, as a file that has nothing to do.
///
/// # Errors
/// The database failed.
pub async fn export(app: &App) -> Result<File, Fault> {
    let there = There::now(app).await?;
    let settings = &app.settings().tenants;
    Ok(provost_tenancy::export(settings, &there.present()))
}

/// All tenants there are.
struct There {
    /// The number of the last entry of the change log.
    seq: i64,
    configs: Vec<Config>,
    routes: Vec<Route>,
    /// The names of all organizations.
    organizations: HashMap<i64, String>,
}

impl There {
    async fn read(db: &Db) -> Result<Self, Fault> {
        let organizations = organizations::all(db).await?.into_iter();
        Ok(Self {
            seq: changes::last_seq(db).await?,
            configs: configs::all(db).await?,
            routes: routes::all(db).await?,
            organizations: organizations.map(|row| (row.id, row.name)).collect(),
        })
    }

    /// The tenants as they are at one moment, although one table is read after the other.
    async fn now(app: &App) -> Result<Self, Fault> {
        let look = app.store().snapshot().await?;
        Self::read(&look).await
    }

    /// The tenants, in the order of their keys, as plans see them.
    fn present(&self) -> Vec<Present> {
        let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
        for route in &self.routes {
            domains
                .entry(route.config)
                .or_default()
                .push(route.domain.clone());
        }
        let names = |keys: &[i64]| {
            keys.iter()
                .filter_map(|key| self.organizations.get(key).cloned())
                .collect()
        };
        let present = self.configs.iter().map(|config| Present {
            id: config.id,
            external_key: config.external_key.clone(),
            lms_configs: config.lms_configs.clone(),
            studio_configs: config.studio_configs.clone(),
            theming_configs: config.theming_configs.clone(),
            meta: config.meta.clone(),
            domains: domains.remove(&config.id).unwrap_or_default(),
            organizations: names(&config.organizations),
        });
        present.collect()
    }

    fn plan(&self, app: &App, file: &File, prune: bool) -> Result<Plan, Refused> {
        let settings = &app.settings().tenants;
        Ok(provost_tenancy::plan(
            settings,
            file,
            &self.present(),
            prune,
        )?)
    }

    /// The plan, if it is the one that was seen.
    fn plan_seen(&self, app: &App, file: &File, manner: Manner<'_>) -> Result<Plan, Refused> {
        let plan = self.plan(app, file, manner.prune)?;
        if manner.digest.is_some_and(|seen| seen != plan.digest()) {
            return Err(Refused::Differs);
        }
        Ok(plan)
    }

    /// Does what a plan for these tenants says; the keys of those that were made.
    ///
    /// A domain may go from one tenant to another, or two may swap theirs: so all that lose a domain
    /// lose it before anybody gains one. Who keeps a domain keeps its route.
    async fn become_those_of(
        mut self,
        plan: &Plan,
        work: &mut Work<'_>,
    ) -> Result<Vec<i64>, Fault> {
        let gone: HashSet<i64> = plan.remove.iter().map(|removal| removal.id).collect();
        let (gone, stay) = std::mem::take(&mut self.configs)
            .into_iter()
            .partition(|config| gone.contains(&config.id));
        let gone = removal::wholes(&work.tx, gone).await?;
        removal::remove(work, &gone).await?;
        work.unroute(&lost(plan, self.routes)).await?;
        work.change(changes_of(plan, stay)).await?;
        let by = work.by.name.clone();
        let new = plan
            .create
            .iter()
            .map(|desired| new(work.app, &by, desired));
        let made = work.create(new.collect()).await?;
        work.route(gained(plan)).await?;
        Ok(made.into_iter().map(|config| config.id).collect())
    }
}

/// The routes that tenants lose which stay.
fn lost(plan: &Plan, routes: Vec<Route>) -> Vec<Route> {
    let lost: HashSet<(i64, &str)> = plan
        .change
        .iter()
        .flat_map(|change| {
            change
                .lost
                .iter()
                .map(|domain| (change.id, domain.as_str()))
        })
        .collect();
    let is_lost = |route: &Route| lost.contains(&(route.config, route.domain.as_str()));
    routes.into_iter().filter(is_lost).collect()
}

/// The domains that tenants gain which are there.
fn gained(plan: &Plan) -> Vec<(String, i64)> {
    let of = |change: &Change| {
        let id = change.id;
        let domains = change.gained.clone().into_iter();
        domains.map(move |domain| (domain, id)).collect::<Vec<_>>()
    };
    plan.change.iter().flat_map(of).collect()
}

/// What becomes of the configurations of tenants that stay.
fn changes_of(plan: &Plan, stay: Vec<Config>) -> Vec<work::Change> {
    let mut stay: HashMap<i64, Config> =
        stay.into_iter().map(|config| (config.id, config)).collect();
    let changes = plan.change.iter().filter_map(|change| {
        // Domains have rows of their own.
        let mut paths = change
            .differences
            .iter()
            .map(|difference| difference.path.as_str());
        paths.any(|path| path != "domains").then_some(())?;
        Some(changed(change, stay.remove(&change.id)?))
    });
    changes.collect()
}

fn changed(change: &Change, before: Config) -> work::Change {
    let desired = &change.desired;
    let mut associated = associated(desired);
    let relinked = change
        .differences
        .iter()
        .any(|difference| difference.path == "organizations");
    if !relinked {
        associated.chosen = Some(Chosen::Keys(before.organizations.clone()));
    }
    let after = Config {
        id: before.id,
        external_key: desired.external_key.clone(),
        lms_configs: desired.lms_configs.clone(),
        studio_configs: desired.studio_configs.clone(),
        theming_configs: desired.theming_configs.clone(),
        meta: desired.meta.clone(),
        organizations: before.organizations.clone(),
    };
    work::Change {
        before,
        after,
        associated,
    }
}

/// The organizations of a tenant that a plan makes or changes.
fn associated(desired: &Desired) -> Associated {
    Associated {
        // A plan has no tenant with a filter that is none.
        filter: organization_filter(&desired.lms_configs).unwrap_or_default(),
        chosen: desired.organizations.clone().map(Chosen::Names),
    }
}

/// A tenant that a plan makes, with the record of how it came to be if it has a name.
fn new(app: &App, by: &str, desired: &Desired) -> New {
    let mut meta = Map::new();
    if let Some(name) = &desired.name {
        meta.insert("created_by".to_owned(), by.into());
        meta.insert("tenant_name".to_owned(), name.as_str().into());
        meta.insert("created_at".to_owned(), times::text(&app.now()).into());
    }
    meta.extend(desired.meta.clone());
    New {
        config: NewConfig {
            external_key: desired.external_key.clone(),
            lms_configs: desired.lms_configs.clone(),
            studio_configs: desired.studio_configs.clone(),
            theming_configs: desired.theming_configs.clone(),
            meta,
        },
        domains: desired.domains.clone(),
        associated: associated(desired),
    }
}
