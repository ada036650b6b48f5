//! Lines for a hosts file, for whoever has no name server at hand.

use std::collections::HashMap;

use provost_app::App;
use provost_store::Fault;
use provost_store::tenants::configs;
use provost_store::tenants::routes;
use provost_tenancy::tenant_name;

use crate::api;

/// There is no such tenant, or there are several; the text says which.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotOne(pub String);

/// The lines of a tenant, known as the provisioning API knows it: by its name, its domain or its key.
///
/// # Errors
/// [`NotOne`], also where the database failed.
pub async fn lines(app: &App, name: &str) -> Result<Vec<String>, NotOne> {
    let found = api::hosts_lines(app, name).await;
    found.map_err(|problem| NotOne(api::message(&problem)))
}

/// The lines of all tenants, in the order of their keys.
///
/// # Errors
/// The database failed.
pub async fn all_lines(app: &App) -> Result<Vec<String>, Fault> {
    let db = app.store().read();
    let base = &app.settings().tenants.base_domain;
    let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
    for route in routes::all(db).await? {
        domains.entry(route.config).or_default().push(route.domain);
    }
    let mut lines = Vec::new();
    for config in configs::all(db).await? {
        let name = tenant_name(&config.meta, &config.external_key, base);
        let domains = domains.remove(&config.id).unwrap_or_default();
        lines.extend(api::hosts_entries(app, &name, &config, &domains));
    }
    Ok(lines)
}
