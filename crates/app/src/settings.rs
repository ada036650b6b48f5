//! The settings that handlers read; the program fills them from its file and environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::identity;

pub use provost_tenancy::{Mfe, Settings as Tenants};

/// What the application is told at start.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Credentials, keys, sessions and their limits.
    pub identity: identity::Settings,
    /// The wire profile.
    pub compat: Compat,
    /// Course access groups.
    pub course_access: CourseAccess,
    /// Tenant profiles.
    pub profiles: Profiles,
    /// How tenants are named and provisioned.
    pub tenants: Tenants,
    /// What front ends are told.
    pub mfe: Mfe,
    /// URL under which uploaded files are served: prefix of an organization's logo.
    pub media_url: MediaUrl,
}

/// Where the two wire profiles differ; the defaults answer as a real platform does.
#[derive(Clone, Copy, Debug)]
pub struct Compat {
    /// Whether granting and revoking a role writes a row of
    /// `openedx_authz.roleassignmentaudit`. The reference writes it after commit, so its
    /// recordings, made inside transactions that never commit, hold none.
    pub role_assignment_audit: bool,
}

impl Default for Compat {
    fn default() -> Self {
        Self {
            role_assignment_audit: true,
        }
    }
}

/// How course access groups are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CourseAccess {
    /// Another path under which the old API answers too; empty: right at the root.
    pub prefix: String,
    /// How many rows a list of the old API has unless its client says otherwise.
    pub page_size: u64,
    /// The key of the site that belongs to no organization, Django's `SITE_ID`.
    pub main_site: Option<i64>,
    /// The domains of the sites on which access to courses is restricted at all; `*` means every site.
    pub enabled_sites: Vec<String>,
    /// Whether the platform keeps track of organizations, without which no access can be restricted.
    pub organizations: bool,
    /// Whether a course shows its links to groups of other organizations too, as the reference does.
    pub foreign_links: bool,
    /// Whether rules compare mail domains without regard to case.
    pub fold_domains: bool,
}

impl CourseAccess {
    /// Whether access is restricted on the site of this domain.
    #[must_use]
    pub fn restricts(&self, site: &str) -> bool {
        self.enabled_sites
            .iter()
            .any(|enabled| enabled == "*" || enabled.eq_ignore_ascii_case(site))
    }
}

impl Default for CourseAccess {
    fn default() -> Self {
        Self {
            prefix: "/course_access_groups/api/v1".to_owned(),
            page_size: 20,
            main_site: None,
            enabled_sites: Vec::new(),
            organizations: true,
            foreign_links: true,
            fold_domains: false,
        }
    }
}

/// How tenant profiles are kept. The sections and most names are those of the APIO platform's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Profiles {
    /// What is kept beside a tenant, and what comes to be by being named.
    pub apio_object_creation: ObjectCreation,
    /// What is made when a tenant needs it.
    pub auto_create: AutoCreate,
    /// What a reseller confines people to who are bound to one.
    pub reseller_check: ResellerCheck,
    /// Whether the list of tenants says on which backend each is, to whoever tells backends apart.
    pub return_backend_in_list: bool,
}

/// What is kept beside a tenant, and what comes to be by being named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ObjectCreation {
    /// Whether tenants have `externalId1` to `externalId4`. Otherwise nobody looks at them, and they stay as they are.
    pub tenant_data: bool,
    /// Whether a `resellerId` that nobody has makes a reseller; otherwise it is refused.
    pub reseller: bool,
}

/// What is made when a tenant needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AutoCreate {
    /// Whether a `defaultDomain` that the system does not have is made, unless a request says otherwise by
    /// `autoCreateDomain`.
    pub tenant_default_domain: bool,
}

/// What a reseller confines people to who are bound to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResellerCheck {
    /// Whether somebody who is bound to a reseller sees the reseller's tenants alone.
    pub tenant: bool,
    /// Whether somebody who is bound to a reseller sees the reseller's groups alone.
    pub group: bool,
}

impl Default for ResellerCheck {
    fn default() -> Self {
        Self {
            tenant: true,
            group: true,
        }
    }
}

/// A URL or path prefix that ends with a slash.
#[derive(Clone, Debug)]
pub struct MediaUrl(String);

impl MediaUrl {
    /// Takes a prefix, with or without its final slash.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self(format!("{}/", prefix.trim_end_matches('/')))
    }

    /// The URL of a stored file, or nothing where there is no file.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<String> {
        (!path.is_empty()).then(|| format!("{}{}", self.0, path.trim_start_matches('/')))
    }
}

impl Default for MediaUrl {
    fn default() -> Self {
        Self::new("/media")
    }
}
