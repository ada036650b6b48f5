//! Writing lines out.

use provost_app::App;
use provost_store::tenant_profiles::domains::{self, Owner};
use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::tenants::Tenant;
use provost_store::tenant_profiles::{backends, groups, resellers, tenants};
use provost_store::{Db, Fault};
use serde_json::{Value, json};

use super::{BACKEND, DOMAIN, DOMAINS, GROUPS, RESELLER, TENANT};
use crate::administration::backends::Shown;
use crate::attributes::Object;
use crate::record;

/// How many tenants are read at a time; their groups are read one tenant at a time.
const CHUNK: u64 = 100;

/// Writes everything out as of one moment, in an order in which it can be taken in: what stands on a
/// line is given to `write`, which says whether to go on.
///
/// # Errors
/// The database failed, or `write` did.
pub async fn export<E: From<Fault>>(
    app: &App,
    mut write: impl FnMut(Value) -> Result<(), E>,
) -> Result<(), E> {
    let db = app.store().snapshot().await?;
    for backend in backends::all(&db).await? {
        let Shown {
            name,
            external_name,
            default,
        } = backend.into();
        let said = json!({"name": name, "externalName": external_name, "default": default});
        write(json!({BACKEND: said}))?;
    }
    for domain in domains::all(&db).await? {
        let said = json!({"name": domain.name, "default": domain.is_default});
        write(json!({DOMAIN: said}))?;
    }
    for reseller in resellers::all(&db).await? {
        write(json!({RESELLER: crate::resellers::facts(&reseller)}))?;
    }
    let mut after: Option<String> = None;
    loop {
        let chunk = tenants::chunk(&db, after.as_deref(), CHUNK).await?;
        let Some(last) = chunk.last() else {
            return Ok(());
        };
        after = Some(last.tenant_id.clone());
        for tenant in chunk {
            write(json!({TENANT: whole(&db, &tenant).await?}))?;
        }
    }
}

/// A tenant with its domains, and its groups with theirs.
async fn whole(db: &Db, tenant: &Tenant) -> Result<Value, Fault> {
    let own = domains::of(db, Owner::Tenant(tenant.id)).await?;
    let own: Vec<String> = own.into_iter().map(|domain| domain.name).collect();
    let groups = groups::of_tenant(db, tenant.id).await?;
    let ids: Vec<i64> = groups.iter().map(|group| group.id).collect();
    let mut domains = domains::of_groups(db, &ids).await?;
    let mut said = record::tenant(tenant);
    // A name that was never given cannot be given as none.
    if tenant.name.is_empty() {
        said.shift_remove("name");
    }
    // A tenant that is made without a word of it would get the default.
    if tenant.backend.is_none() {
        said.insert("backendName".to_owned(), Value::Null);
    }
    said.insert(DOMAINS.to_owned(), own.into());
    let groups = groups.iter().map(|group| {
        let mut said = shown(tenant, group);
        let own = domains.remove(&group.id).unwrap_or_default();
        said.insert(DOMAINS.to_owned(), own.into());
        Value::from(said)
    });
    said.insert(GROUPS.to_owned(), groups.collect());
    Ok(said.into())
}

/// A group as it can be taken in: what only counts is left out, and that it has no owner is said where
/// its tenant has one.
fn shown(tenant: &Tenant, group: &Group) -> Object {
    let mut said = record::group(&tenant.tenant_id, group);
    said.shift_remove("tenantId");
    said.shift_remove("userCount");
    if group.reseller.is_none() {
        said.insert("resellerId".to_owned(), Value::Null);
    }
    said
}
