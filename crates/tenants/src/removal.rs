//! Tenants that go: away from everything at once, kept aside for a while, back if somebody asks.
//!
//! Invariant: a tenant that was removed holds no name and no domain, answers nothing and is counted
//! nowhere; what there was of it is one document, a Django fixture, until it is purged.

use std::collections::{BTreeSet, HashMap};

use provost_store::tenants::Object;
use provost_store::tenants::configs::{self, Config};
use provost_store::tenants::deleted::{self, Deleted, NewDeleted};
use provost_store::tenants::organizations;
use provost_store::tenants::routes::{self, Route};
use provost_store::{Db, Fault};
use provost_tenancy::summary::tenant_name;
use serde_json::{Value, json};

use crate::record;
use crate::work::Work;

const CONFIG: &str = "eox_tenant.tenantconfig";
const ROUTE: &str = "eox_tenant.route";
const ORGANIZATION: &str = "eox_tenant.tenantorganization";

/// A tenant with what goes when it goes.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(crate) config: Config,
    /// In the order of their keys.
    pub(crate) routes: Vec<Route>,
    /// The organizations that it is associated with, in the order of their keys.
    pub(crate) organizations: Vec<(i64, String)>,
}

/// What tenants consist of, in the order given.
pub(crate) async fn wholes(db: &Db, configs: Vec<Config>) -> Result<Vec<Whole>, Fault> {
    let ids: Vec<i64> = configs.iter().map(|config| config.id).collect();
    let keys = configs.iter().flat_map(|config| &config.organizations);
    let keys: Vec<i64> = keys.copied().collect();
    let names = organizations::names(db, &keys).await?;
    let mut by_config: HashMap<i64, Vec<Route>> = HashMap::new();
    for route in routes::of_configs(db, &ids).await? {
        by_config.entry(route.config).or_default().push(route);
    }
    let whole = |config: Config| {
        let organizations = config.organizations.iter();
        let organizations = organizations.filter_map(|id| Some((*id, names.get(id)?.clone())));
        Whole {
            organizations: organizations.collect(),
            routes: by_config.remove(&config.id).unwrap_or_default(),
            config,
        }
    };
    Ok(configs.into_iter().map(whole).collect())
}

impl Whole {
    /// The tenant as a Django fixture, which a platform loads and [`restore`] reads.
    fn document(&self) -> Value {
        let row = |model: &str, pk: i64, fields: Value| json!({"model": model, "pk": pk, "fields": fields});
        let organizations = self.organizations.iter();
        let mut rows: Vec<Value> = organizations
            .map(|(id, name)| row(ORGANIZATION, *id, json!({"name": name})))
            .collect();
        let config = &self.config;
        let fields = json!({
            "external_key": config.external_key,
            "lms_configs": config.lms_configs,
            "studio_configs": config.studio_configs,
            "theming_configs": config.theming_configs,
            "meta": config.meta,
            "organizations": config.organizations,
        });
        rows.push(row(CONFIG, config.id, fields));
        rows.extend(self.routes.iter().map(|route| {
            let fields = json!({"domain": route.domain, "config": route.config});
            row(ROUTE, route.id, fields)
        }));
        rows.into()
    }

    /// The tenant of a [`document`](Self::document); nothing where it is none.
    fn read(document: &Value) -> Option<Self> {
        let rows = document.as_array()?;
        let of = |model: &'static str| {
            rows.iter()
                .filter(move |row| row.get("model").is_some_and(|m| m == model))
        };
        let key = |row: &Value| row.get("pk")?.as_i64();
        let text =
            |row: &Value, name: &str| Some(row.get("fields")?.get(name)?.as_str()?.to_owned());
        let object = |row: &Value, name: &str| -> Option<Object> {
            row.get("fields")?.get(name)?.as_object().cloned()
        };
        let config = of(CONFIG).next()?;
        let id = key(config)?;
        let organizations = of(ORGANIZATION).map(|row| Some((key(row)?, text(row, "name")?)));
        let organizations = organizations.collect::<Option<Vec<_>>>()?;
        let routes = of(ROUTE).map(|row| {
            Some(Route {
                id: key(row)?,
                domain: text(row, "domain")?,
                config: id,
            })
        });
        Some(Self {
            config: Config {
                id,
                external_key: text(config, "external_key")?,
                lms_configs: object(config, "lms_configs")?,
                studio_configs: object(config, "studio_configs")?,
                theming_configs: object(config, "theming_configs")?,
                meta: object(config, "meta")?,
                organizations: organizations.iter().map(|(id, _)| *id).collect(),
            },
            routes: routes.collect::<Option<_>>()?,
            organizations,
        })
    }
}

/// Why a tenant cannot come back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRestored {
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Somebody else has come to its key or to one of its domains.
    #[error("{0}")]
    Taken(String),
    /// What was kept cannot be read.
    #[error("the document of deleted tenant {0} cannot be read")]
    Unreadable(i64),
}

/// Removes tenants, and keeps aside what there was of them.
pub(crate) async fn remove(work: &mut Work<'_>, gone: &[Whole]) -> Result<(), Fault> {
    let base = &work.app.settings().tenants.base_domain;
    let sharing = Sharing::read(&work.tx, gone).await?;
    let kept = gone.iter().map(|whole| NewDeleted {
        tenant_id: whole.config.id,
        tenant_name: tenant_name(&whole.config.meta, &whole.config.external_key, base),
        external_key: whole.config.external_key.clone(),
        shared_with: sharing.others(&whole.config),
        deleted_by: work.by.name.clone(),
        document: whole.document(),
    });
    let kept: Vec<NewDeleted> = kept.collect();
    deleted::put_all(&work.tx, &kept, work.app.now()).await?;
    let routes: Vec<Route> = gone.iter().flat_map(|whole| whole.routes.clone()).collect();
    work.unroute(&routes).await?;
    let ids: Vec<i64> = gone.iter().map(|whole| whole.config.id).collect();
    configs::remove_all(&work.tx, &ids).await?;
    for whole in gone {
        let subject = record::tenant_subject(whole.config.id);
        work.note_deleted(record::CONFIG, &subject, record::config(&whole.config));
    }
    Ok(())
}

/// The most tenants that are noted as having had the key of a tenant that goes.
const MOST_SHARING: usize = 1_000;

/// Who has the external keys of tenants that go, or had them beside these and went before.
struct Sharing {
    there: HashMap<String, Vec<i64>>,
    /// By external key and by who stays: who went.
    gone: HashMap<(String, i64), Vec<i64>>,
}

impl Sharing {
    async fn read(db: &Db, gone: &[Whole]) -> Result<Self, Fault> {
        let keys: BTreeSet<&str> = gone
            .iter()
            .map(|whole| whole.config.external_key.as_str())
            .collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        let mut sharing = Self {
            there: HashMap::new(),
            gone: HashMap::new(),
        };
        for (id, key) in configs::holders(db, &keys).await? {
            sharing.there.entry(key).or_default().push(id);
        }
        for row in deleted::sharing(db, &keys).await? {
            for other in row.shared_with {
                let pair = (row.external_key.clone(), other);
                sharing.gone.entry(pair).or_default().push(row.tenant_id);
            }
        }
        Ok(sharing)
    }

    /// Everybody else who has or had the key of this one while it did.
    fn others(&self, config: &Config) -> Vec<i64> {
        let key = &config.external_key;
        let there = self.there.get(key).into_iter().flatten();
        let gone = self.gone.get(&(key.clone(), config.id));
        let others = there.chain(gone.into_iter().flatten());
        let others = others.copied().filter(|id| *id != config.id);
        let others: BTreeSet<i64> = others.take(MOST_SHARING).collect();
        others.into_iter().collect()
    }
}

/// Brings a tenant back under its old keys, with its routes.
pub(crate) async fn restore(work: &mut Work<'_>, kept: &Deleted) -> Result<Config, NotRestored> {
    let whole = Whole::read(&kept.document).ok_or(NotRestored::Unreadable(kept.id))?;
    refuse_taken(work, &whole, &kept.shared_with).await?;
    let names: Vec<&str> = whole
        .organizations
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    // An organization may have gone meanwhile; its name may have come back under another key.
    let known = organizations::ensure(&work.tx, &names).await?;
    let mut organizations: Vec<i64> = known.into_values().collect();
    organizations.sort_unstable();
    let config = Config {
        organizations,
        ..whole.config
    };
    configs::restore(&work.tx, &config).await?;
    let linked = (config.id, config.organizations.clone());
    configs::organize(&work.tx, &[linked]).await?;
    work.note_created(
        record::CONFIG,
        &record::tenant_subject(config.id),
        record::config(&config),
    );
    routes::restore(&work.tx, &whole.routes).await?;
    for route in &whole.routes {
        work.note_created(
            record::ROUTE,
            &record::route_subject(route.id),
            record::route(route),
        );
    }
    deleted::remove(&work.tx, kept.id).await?;
    Ok(config)
}

/// Several tenants may have one key, and those that had it together may have it again; but nobody's
/// key is given to a second one behind their back.
async fn refuse_taken(
    work: &Work<'_>,
    whole: &Whole,
    shared_with: &[i64],
) -> Result<(), NotRestored> {
    let key = whole.config.external_key.as_str();
    let mut keyed = configs::holders(&work.tx, &[key]).await?;
    keyed.retain(|(id, _)| !shared_with.contains(id));
    let keyed = keyed
        .iter()
        .take(2)
        .map(|(id, _)| format!("the key `{key}` (tenant {id})"));
    let domains: Vec<&str> = whole
        .routes
        .iter()
        .map(|route| route.domain.as_str())
        .collect();
    let routed = routes::taken(&work.tx, &domains).await?;
    let routed = routed
        .iter()
        .map(|route| format!("the domain `{}` (tenant {})", route.domain, route.config));
    let taken: Vec<String> = keyed.chain(routed).collect();
    if taken.is_empty() {
        return Ok(());
    }
    let text = format!("Another tenant has {} now.", taken.join(", "));
    Err(NotRestored::Taken(text))
}
