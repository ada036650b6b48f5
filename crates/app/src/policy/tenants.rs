//! The index of tenants: which host is whose, and what it is configured to.

#[cfg(test)]
mod tests;

use provost_store::tenants::{configs, microsites, routes};
use provost_store::{Db, Fault, changes};
use provost_tenancy::Directory;
use serde_json::Value;

use super::{each, number, text};
use crate::kind;

/// Configurations read by one statement while compiling; each may take tens of kilobytes.
const CONFIGS: u64 = 500;

/// Applies one entry that needs no compilation; entries of other kinds change nothing here.
pub(super) fn apply(tenants: &mut Directory, entry: &changes::Change) {
    let (before, after) = (entry.before.as_ref(), entry.after.as_ref());
    match entry.kind.as_str() {
        kind::TENANT_CONFIG_CREATED | kind::TENANT_CONFIG_CHANGED => {
            after.and_then(|facts| set_config(tenants, facts));
        }
        kind::TENANT_CONFIG_DELETED => remove(before, |id| tenants.remove_config(id)),
        kind::TENANT_ROUTE_CREATED | kind::TENANT_ROUTE_CHANGED => {
            after.and_then(|facts| set_route(tenants, facts));
        }
        kind::TENANT_ROUTE_DELETED => remove(before, |id| tenants.remove_route(id)),
        kind::TENANT_MICROSITE_CREATED | kind::TENANT_MICROSITE_CHANGED => {
            after.and_then(|facts| set_microsite(tenants, facts));
        }
        kind::TENANT_MICROSITE_DELETED => remove(before, |id| tenants.remove_microsite(id)),
        _ => {}
    }
}

/// Nothing where the facts are not those of a configuration; likewise below.
fn set_config(tenants: &mut Directory, facts: &Value) -> Option<()> {
    let lms_configs = facts.get("lms_configs")?.as_object()?;
    tenants.set_config(
        number(facts, "id")?,
        text(facts, "external_key")?,
        lms_configs,
    );
    Some(())
}

fn set_route(tenants: &mut Directory, facts: &Value) -> Option<()> {
    let (id, config) = (number(facts, "id")?, number(facts, "config")?);
    tenants.set_route(id, text(facts, "domain")?, config);
    Some(())
}

fn set_microsite(tenants: &mut Directory, facts: &Value) -> Option<()> {
    let (id, values) = (number(facts, "id")?, facts.get("values")?);
    tenants.set_microsite(id, text(facts, "subdomain")?, values);
    Some(())
}

fn remove(facts: Option<&Value>, forget: impl FnOnce(i64)) {
    if let Some(id) = facts.and_then(|facts| number(facts, "id")) {
        forget(id);
    }
}

/// Builds the index of all rows.
pub(super) async fn compile(db: &Db, revision: u64) -> Result<Directory, Fault> {
    let mut tenants = Directory::new();
    let rows = |after| configs::chunk(db, after, CONFIGS);
    each(CONFIGS, i64::MIN, rows, |row| {
        tenants.set_config(row.id, &row.external_key, &row.lms_configs);
        row.id
    })
    .await?;
    for row in routes::all(db).await? {
        tenants.set_route(row.id, &row.domain, row.config);
    }
    for row in microsites::all(db).await? {
        tenants.set_microsite(row.id, &row.subdomain, &row.values);
    }
    tenants.set_revision(revision);
    Ok(tenants)
}
