//! Whoever has domains, and giving and taking them.

use provost_app::{Answer, Error};
use provost_drf::Json;
use provost_store::Db;
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::tenants::Tenant;
use serde_json::json;

use super::{Domains, by_name, in_use, names, unknown};
use crate::record;
use crate::refusal::{Refusal, none};
use crate::work::Work;

/// The parameter that names domains.
pub(super) const PARAMETER: &str = "domains";

/// Whoever has domains, as one request knows them.
pub(super) struct Having {
    owner: Owner,
    /// What the log calls it.
    subject: String,
    /// The key and the name of its default.
    default: (i64, String),
    /// The tenant, of a group.
    above: Option<i64>,
}

impl Having {
    pub(super) fn tenant(tenant: &Tenant) -> Self {
        let default = &tenant.default_domain;
        Self {
            owner: Owner::Tenant(tenant.id),
            subject: record::tenant_subject(&tenant.tenant_id),
            default: (default.id, default.name.clone()),
            above: None,
        }
    }

    pub(super) fn group(tenant: &Tenant, group: &Group) -> Self {
        let default = group.default_domain.clone();
        Self {
            owner: Owner::Group(group.id),
            subject: record::group_subject(&tenant.tenant_id, &group.group_id),
            default: default
                .map(|named| (named.id, named.name))
                .unwrap_or_default(),
            above: Some(tenant.id),
        }
    }

    pub(super) async fn shown(&self, db: &Db) -> Answer<Json<Domains>> {
        let own = domains::of(db, self.owner).await?;
        Ok(Domains::of(Some(&self.default.1), own))
    }
}

/// Gives a tenant domains of the system.
///
/// # Errors
/// 1006 for each that the system does not have; none is then given.
pub(crate) async fn give_to_tenant(
    work: &mut Work<'_>,
    tenant: &Tenant,
    names: &[String],
) -> Answer<()> {
    give(work, &Having::tenant(tenant), names).await
}

/// Gives a group domains of its tenant.
///
/// # Errors
/// 1006 for each that the tenant does not have; none is then given.
pub(crate) async fn give_to_group(
    work: &mut Work<'_>,
    tenant: &Tenant,
    group: &Group,
    names: &[String],
) -> Answer<()> {
    give(work, &Having::group(tenant, group), names).await
}

/// Gives somebody domains of whoever is above.
///
/// # Errors
/// 1006 for each that is not known there; none is then given.
pub(super) async fn give(work: &mut Work<'_>, having: &Having, names: &[String]) -> Answer<()> {
    let (known, place) = match having.above {
        Some(tenant) => (
            domains::of(&work.tx, Owner::Tenant(tenant)).await?,
            "the tenant",
        ),
        None => (domains::named(&work.tx, names).await?, "the system"),
    };
    let ids = keys(&known, names, |name| unknown(PARAMETER, name, place))?;
    let before = domains::of(&work.tx, having.owner).await?;
    domains::assign(&work.tx, having.owner, &ids).await?;
    note(work, having, before).await
}

/// Takes domains from somebody.
///
/// # Errors
/// 1006 for each that is none of theirs, 1007 for each that is needed; none is then taken.
pub(super) async fn take(work: &mut Work<'_>, having: &Having, names: &[String]) -> Answer<()> {
    let before = domains::of(&work.tx, having.owner).await?;
    let place = match having.owner {
        Owner::Tenant(_) => "the tenant",
        Owner::Group(_) => "the group",
    };
    let ids = keys(&before, names, |name| unknown(PARAMETER, name, place))?;
    let mut used = match having.owner {
        Owner::Tenant(tenant) => domains::used_by_groups(&work.tx, tenant, &ids).await?,
        Owner::Group(_) => Vec::new(),
    };
    used.push(having.default.0);
    let in_use = before
        .iter()
        .filter(|domain| ids.contains(&domain.id) && used.contains(&domain.id))
        .map(|domain| in_use(PARAMETER, &domain.name));
    none(&in_use.collect::<Vec<_>>())?;
    domains::unassign(&work.tx, having.owner, &ids).await?;
    note(work, having, before).await
}

/// How many names are refused in one answer; whoever sends more that are wrong sends them again.
const MOST_REFUSED: usize = 100;

/// The keys of the named among the known.
fn keys(
    known: &[Domain],
    names: &[String],
    refuse: impl Fn(&str) -> Refusal,
) -> Result<Vec<i64>, Error> {
    let known = by_name(known);
    let mut ids = Vec::new();
    let mut refusals = Vec::new();
    for name in names {
        match known.get(&domains::folded(name)) {
            Some(domain) => ids.push(domain.id),
            None => refusals.push(refuse(name)),
        }
        if refusals.len() == MOST_REFUSED {
            break;
        }
    }
    ids.sort_unstable();
    ids.dedup();
    none(&refusals).map(|()| ids)
}

/// Says in the log what domains somebody has now.
async fn note(work: &mut Work<'_>, having: &Having, before: Vec<Domain>) -> Answer<()> {
    let after = domains::of(&work.tx, having.owner).await?;
    let [before, after] = [before, after].map(|domains| Some(json!({"domains": names(domains)})));
    work.note(record::DOMAINS_CHANGED, &having.subject, before, after);
    Ok(())
}
