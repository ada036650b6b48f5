//! Settings: one struct per section, read from a file, the environment and flags.
//!
//! The file is TOML. A variable `PROVOST__SECTION__KEY` overrides it, and a flag overrides both. Everything that knows
//! the names of settings derives them from these structs: the refusal of unknown names, the types that variables are
//! read as, `provost settings show`, the schema, and the page `docs/settings.md`.

mod address;
mod auth;
mod compat;
mod course_access;
mod database;
mod fixtures;
mod keys;
mod lms;
mod load;
mod network;
mod observe;
mod page;
mod server;
mod show;
mod tenants;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use address::DatabaseUrl;
pub use compat::{Compat, MissingSlash};
pub use database::Database;
pub use fixtures::Fixtures;
pub use keys::{Key, Kind};
pub use load::{Error, Loaded, Sources};
pub use network::Network;
pub use observe::{Log, LogFormat, Metrics, Policy, Telemetry};
pub use page::page;
pub use server::Server;

/// The name of the file that is read when no other is named.
pub const DEFAULT_FILE: &str = "provost.toml";

/// The settings of the program, a section a field.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the service listens, and the limits of one request.
    pub server: Server,
    /// Which database, and how it is reached.
    pub database: Database,
    /// How callers say who they are.
    pub auth: provost_app::identity::Settings,
    /// The switches in which one platform's answers differ from another's.
    pub compat: Compat,
    /// How course access groups are used.
    pub course_access_groups: provost_app::settings::CourseAccess,
    /// How tenant profiles are kept.
    pub profiles: provost_app::settings::Profiles,
    /// How tenants are named, reached and configured.
    pub tenants: provost_tenancy::Settings,
    /// What front ends are told about the platform that they belong to.
    pub mfe: provost_tenancy::Mfe,
    /// The LMS that tenants are pushed to, through the API of its plug-in eox-tenant.
    pub lms: provost_upstream::lms::Settings,
    /// How a platform names its models in Django fixtures.
    pub fixtures: Fixtures,
    /// What is logged, and how.
    pub log: Log,
    /// Prometheus metrics.
    pub metrics: Metrics,
    /// Traces.
    pub telemetry: Telemetry,
    /// How fresh the policy in memory is.
    pub policy: Policy,
}

/// One thing that is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` {why}")]
pub struct Wrong {
    /// The setting, as `section.key`.
    pub key: String,
    /// What is wrong, as the rest of a sentence that begins with the key.
    pub why: String,
}

impl Wrong {
    pub(crate) fn new(key: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            why: why.into(),
        }
    }
}

impl Settings {
    /// Everything that is wrong with the settings; empty when they can be used.
    #[must_use]
    pub fn validate(&self) -> Vec<Wrong> {
        [
            self.server.validate(),
            self.database.validate(),
            auth::validate(&self.auth),
            course_access::validate(&self.course_access_groups),
            tenants::validate(&self.tenants, &self.mfe),
            lms::validate(&self.lms),
            self.fixtures.validate(),
            self.log.validate(),
            self.telemetry.validate(),
            self.policy.validate(),
        ]
        .concat()
    }

    /// What is valid and yet may not be meant; see [`Loaded::doubts`], which `settings check` and `doctor` print and which
    /// is logged at start.
    #[must_use]
    pub fn doubts(&self) -> Vec<Wrong> {
        [self.server.doubts(), auth::doubts(&self.auth)].concat()
    }

    /// The JSON Schema of the settings file.
    #[must_use]
    pub fn schema() -> schemars::Schema {
        schemars::generate::SchemaSettings::default()
            .with(|settings| settings.inline_subschemas = true)
            .into_generator()
            .into_root_schema_for::<Self>()
    }

    /// How a store is opened that is there.
    #[must_use]
    pub fn store(&self) -> provost_store::Options {
        provost_store::Options {
            url: self.database.url.reveal().to_owned(),
            max_connections: self.database.max_connections,
            busy_timeout: self.database.busy_timeout(),
            create_if_missing: false,
        }
    }

    /// What the application is told.
    #[must_use]
    pub fn app(&self) -> provost_app::Settings {
        provost_app::Settings {
            identity: self.auth.clone(),
            compat: provost_app::settings::Compat {
                role_assignment_audit: self.compat.role_assignment_audit,
            },
            course_access: self.course_access_groups.clone(),
            profiles: self.profiles.clone(),
            tenants: self.tenants.clone(),
            mfe: self.mfe.clone(),
            media_url: provost_app::settings::MediaUrl::new(&self.server.media_url),
        }
    }

    /// How fixtures name the models that platforms name differently.
    #[must_use]
    pub fn labels(&self) -> provost_fixtures::Labels {
        provost_fixtures::Labels {
            profile_model: self.fixtures.profile_model.clone(),
            course_app: self.fixtures.course_app.clone(),
            library_app: self.fixtures.library_app.clone(),
            organization_member_model: self.fixtures.organization_member_model.clone(),
        }
    }

    /// What a missing trailing slash means.
    #[must_use]
    pub fn slash(&self) -> provost_drf::Slash {
        match self.compat.missing_slash {
            MissingSlash::Redirect => provost_drf::Slash::Redirect,
            MissingSlash::NotFound => provost_drf::Slash::NotFound,
        }
    }
}
