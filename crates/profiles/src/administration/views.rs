//! Both views of one tenant: its profile, and the sites that were provisioned for it.
//!
//! They meet by the id: a site belongs to the tenant whose id is the name it is shown under, whatever the
//! case. Neither is made, changed or removed by the other.

use provost_app::App;
use provost_store::Fault;
use provost_store::tenant_profiles::tenants;
use provost_store::tenants::summaries;
use schemars::JsonSchema;
use serde::Serialize;

use crate::tenants::shown;
use crate::wire;

/// What there is of a tenant.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantViews")]
pub struct Views {
    tenant_id: String,
    /// What its operator says of it, if anything.
    profile: Option<wire::Tenant>,
    /// Its sites: none, or usually one.
    sites: Vec<Site>,
}

/// A site, in short.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenantSite")]
pub struct Site {
    /// The key of its configuration.
    id: i64,
    tenant_name: String,
    external_key: String,
    /// The hosts that lead to it.
    domains: Vec<String>,
}

impl Views {
    /// Whether there is nothing of a tenant of this id.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.profile.is_none() && self.sites.is_empty()
    }
}

/// What there is of the tenant of this id: both views as of one moment.
///
/// # Errors
/// A [`Fault`] of the store.
pub async fn find(app: &App, tenant_id: &str) -> Result<Views, Fault> {
    let db = app.store().snapshot().await?;
    let profile = tenants::find_folded(&db, tenant_id).await?;
    let base = &app.settings().tenants.base_domain;
    let sites = summaries::named(&db, base, tenant_id).await?;
    let site = |site: summaries::Listed| Site {
        id: site.id,
        tenant_name: site.tenant_name,
        external_key: site.external_key,
        domains: site.domains,
    };
    Ok(Views {
        tenant_id: profile
            .as_ref()
            .map_or(tenant_id, |profile| &profile.tenant_id)
            .to_owned(),
        profile: profile.map(|profile| shown(app, &profile)),
        sites: sites.into_iter().map(site).collect(),
    })
}
