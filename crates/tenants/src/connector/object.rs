//! What is pushed: configurations, routes and microsites, told apart only where they differ.

use provost_store::changes::Change;
use provost_store::tenants::configs::Config;
use provost_store::tenants::microsites::Microsite;
use provost_upstream::lms::{ConfigBody, MicrositeBody};
use schemars::JsonSchema;
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use crate::record::{self, Kinds};

/// What sort of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A tenant's configuration.
    Config,
    /// A host that leads to a configuration.
    Route,
    /// A microsite.
    Microsite,
}

impl Kind {
    /// Each, those that others need first.
    pub(super) const ALL: [Self; 3] = [Self::Config, Self::Route, Self::Microsite];

    /// The word that stands for it in the table of links and in what people read.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Route => "route",
            Self::Microsite => "microsite",
        }
    }

    /// The kinds of entries in the log.
    pub(super) fn entries(self) -> Kinds {
        match self {
            Self::Config => record::CONFIG,
            Self::Route => record::ROUTE,
            Self::Microsite => record::MICROSITE,
        }
    }

    /// The subject of an entry about one of them.
    pub(super) fn subject(self, id: i64) -> String {
        match self {
            Self::Config => record::tenant_subject(id),
            Self::Route => record::route_subject(id),
            Self::Microsite => record::microsite_subject(id),
        }
    }
}

/// A thing, without its key. A route names its configuration by the key that this has on the side that
/// the thing is of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Config(ConfigBody),
    Route { domain: String, config: i64 },
    Microsite(MicrositeBody),
}

/// A thing and its key on the side that it is of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) object: Object,
}

impl Object {
    /// Reads the facts of an entry.
    fn read(kind: Kind, facts: &Value) -> serde_json::Result<Self> {
        #[derive(serde::Deserialize)]
        struct Route {
            domain: String,
            config: i64,
        }
        Ok(match kind {
            Kind::Config => Self::Config(ConfigBody::deserialize(facts)?),
            Kind::Microsite => Self::Microsite(MicrositeBody::deserialize(facts)?),
            Kind::Route => {
                let Route { domain, config } = Route::deserialize(facts)?;
                Self::Route { domain, config }
            }
        })
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Config(_) => Kind::Config,
            Self::Route { .. } => Kind::Route,
            Self::Microsite(_) => Kind::Microsite,
        }
    }

    /// What both sides know it by.
    pub(super) fn identity(&self) -> (&str, &str) {
        match self {
            Self::Config(body) => (&body.external_key, ""),
            Self::Route { domain, .. } => (domain, ""),
            Self::Microsite(body) => (&body.key, &body.subdomain),
        }
    }

    /// The same as the LMS has it, given the key there of the configuration with a key here; nothing if
    /// that is not there.
    pub(super) fn there(&self, config_there: impl FnOnce(i64) -> Option<i64>) -> Option<Self> {
        match self {
            Self::Route { domain, config } => Some(Self::Route {
                domain: domain.clone(),
                config: config_there(*config)?,
            }),
            other => Some(other.clone()),
        }
    }
}

impl From<Config> for Known {
    fn from(config: Config) -> Self {
        Self {
            id: config.id,
            object: Object::Config(ConfigBody {
                lms_configs: config.lms_configs,
                studio_configs: config.studio_configs,
                theming_configs: config.theming_configs,
                meta: config.meta,
                external_key: config.external_key,
            }),
        }
    }
}

impl From<provost_store::tenants::routes::Route> for Known {
    fn from(route: provost_store::tenants::routes::Route) -> Self {
        Self {
            id: route.id,
            object: Object::Route {
                domain: route.domain,
                config: route.config,
            },
        }
    }
}

impl From<Microsite> for Known {
    fn from(microsite: Microsite) -> Self {
        Self {
            id: microsite.id,
            object: Object::Microsite(MicrositeBody {
                values: microsite.values,
                key: microsite.key,
                subdomain: microsite.subdomain,
            }),
        }
    }
}

/// What an entry of the log asks for.
#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    /// The key here.
    pub(super) id: i64,
    /// What the thing is to be like; nothing if it is to be no more.
    pub(super) object: Option<Object>,
    /// Whether the entry says that it came.
    pub(super) is_new: bool,
}

/// What an entry asks for: nothing, if it is of another kind.
///
/// # Errors
/// The entry does not hold what its kind says that it does.
pub(super) fn wanted(change: &Change) -> serde_json::Result<Option<Wanted>> {
    let Some((kind, kinds)) = kind_of(&change.kind) else {
        return Ok(None);
    };
    let is_gone = change.kind == kinds.deleted;
    let facts = if is_gone {
        &change.before
    } else {
        &change.after
    };
    let facts = facts.as_ref().unwrap_or(&Value::Null);
    let object = if is_gone {
        None
    } else {
        Some(Object::read(kind, facts)?)
    };
    Ok(Some(Wanted {
        kind,
        id: i64::deserialize(facts.get("id").unwrap_or(&Value::Null))?,
        object,
        is_new: change.kind == kinds.created,
    }))
}

fn kind_of(entry: &str) -> Option<(Kind, Kinds)> {
    let kinds = Kind::ALL.map(|kind| (kind, kind.entries()));
    let mut kinds = kinds.into_iter();
    kinds.find(|(_, kinds)| [kinds.created, kinds.changed, kinds.deleted].contains(&entry))
}
