//! The groups of a tenant that comes in: however many there are, they take a few statements.

use std::collections::HashMap;
use std::sync::Arc;

use provost_app::{Answer, Error};
use provost_drf::Problem;
use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::{self as store, Group};
use provost_store::tenant_profiles::tenants::Tenant;
use serde_json::{Value, json};

use super::{DOMAINS, GROUPS};
use crate::actor::Actor;
use crate::attributes::kind::Check::Any;
use crate::attributes::{Attribute, Deed, Kind, Object, group as attributes, read};
use crate::domains::{by_name, unknown};
use crate::groups::{create, update};
use crate::record;
use crate::refusal::{Code, Refusal, none};
use crate::work::Work;

const NAMES: Attribute = Attribute::new(DOMAINS, Kind::List(1, 80, Any)).lasting();

/// A group as a line has it: its attributes, and the names of its domains.
pub(super) type Listed = (Object, Vec<String>);

/// The groups that a tenant carries.
///
/// # Errors
/// They are no list of objects, or the domains of one are no list of texts.
pub(super) fn listed(beside: &Object) -> Answer<Vec<Listed>> {
    let wrong = || {
        let reason = format!("Parameter '{GROUPS}' must be a list of objects");
        Refusal::of(Code::Invalid, GROUPS, reason)
    };
    let groups = match beside.get(GROUPS) {
        None => return Ok(Vec::new()),
        Some(Value::Array(groups)) => groups,
        Some(_) => return Err(wrong().into()),
    };
    let mut listed = Vec::with_capacity(groups.len());
    for group in groups {
        let mut object = group.as_object().cloned().ok_or_else(wrong)?;
        let named: Object = object.remove_entry(DOMAINS).into_iter().collect();
        let values = read(&[NAMES], Deed::Create, &named, &Object::new())?;
        listed.push((object, values.list(&NAMES).to_vec()));
    }
    Ok(listed)
}

/// Makes or changes groups of a tenant, and gives them their domains. Groups that are not listed stay.
///
/// # Errors
/// What is refused of the first group that is not as it should be.
pub(super) async fn put(
    work: &mut Work<'_>,
    actor: &Actor,
    tenant: &Tenant,
    listed: Vec<Listed>,
) -> Answer<()> {
    if listed.is_empty() {
        return Ok(());
    }
    let owned = domains::of(&work.tx, Owner::Tenant(tenant.id)).await?;
    let there = store::of_tenant(&work.tx, tenant.id).await?;
    let mut known: HashMap<String, Group> = there
        .into_iter()
        .map(|group| (group.group_id.clone(), group))
        .collect();
    let (mut drafts, mut names_of_drafts, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let place = (tenant, owned.as_slice());
    for (at, (object, names)) in listed.into_iter().enumerate() {
        let id = attributes::GROUP_ID.of(&object).and_then(Value::as_str);
        let label = id.map_or_else(|| format!("at place {at}"), |id| format!("'{id}'"));
        if let Some(group) = id.and_then(|id| known.remove(id)) {
            let changing = update::change(work, actor, place, group, &object).await;
            changed.push((changing.map_err(|error| in_group(&label, error))?, names));
        } else {
            let drafted = drafted(work, actor, place, object).await;
            drafts.push(drafted.map_err(|error| in_group(&label, error))?);
            names_of_drafts.push(names);
        }
    }
    none(&doubled(drafts.iter().map(|(group, _)| group)))?;
    let made = create::make_all(work, tenant, drafts).await?;
    changed.extend(made.into_iter().zip(names_of_drafts));
    give(work, tenant, &owned, changed).await
}

async fn drafted(
    work: &mut Work<'_>,
    actor: &Actor,
    place: (&Tenant, &[Domain]),
    object: Object,
) -> Answer<create::Draft> {
    let values = create::read(work, place.0, object).await?;
    create::draft(work, actor, place, &values).await
}

/// What is refused of a group says of which, since a line may have thousands.
fn in_group(label: &str, error: Error) -> Error {
    let Problem::Body { status, body } = error.0 else {
        return error;
    };
    let mut body = Arc::unwrap_or_clone(body);
    let errors = body.get_mut("errors").and_then(Value::as_array_mut);
    for error in errors.into_iter().flatten() {
        for pointer in ["/message", "/details/reason"] {
            if let Some(Value::String(text)) = error.pointer_mut(pointer) {
                *text = format!("Group {label}: {text}");
            }
        }
    }
    Problem::body(status, body).into()
}

/// Those that a line makes twice.
fn doubled<'a>(drafts: impl Iterator<Item = &'a Group>) -> Vec<Refusal> {
    let mut seen = std::collections::HashSet::new();
    let again = drafts.filter(|group| !seen.insert(group.group_id.as_str()));
    let refusal = |group: &Group| {
        let reason = format!("Group '{}' is listed twice", group.group_id);
        Refusal::of(Code::AlreadyExists, attributes::GROUP_ID.name, reason)
    };
    again.map(refusal).collect()
}

/// Gives groups the domains that are named with them.
async fn give(
    work: &mut Work<'_>,
    tenant: &Tenant,
    owned: &[Domain],
    groups: Vec<(Group, Vec<String>)>,
) -> Answer<()> {
    let known = by_name(owned);
    let ids: Vec<i64> = groups.iter().map(|(group, _)| group.id).collect();
    let mut had = domains::of_groups(&work.tx, &ids).await?;
    let mut ties = Vec::new();
    for (group, names) in &groups {
        let before = had.remove(&group.id).unwrap_or_default();
        let mut after = before.clone();
        for name in names {
            let domain = known.get(&domains::folded(name)).ok_or_else(|| {
                let refusal = unknown(DOMAINS, name, "the tenant");
                in_group(&format!("'{}'", group.group_id), refusal.into())
            })?;
            if !after.contains(&domain.name) {
                after.push(domain.name.clone());
                ties.push((group.id, domain.id));
            }
        }
        after.sort_unstable();
        let subject = record::group_subject(&tenant.tenant_id, &group.group_id);
        let [before, after] = [before, after].map(|names| Some(json!({"domains": names})));
        work.note(record::DOMAINS_CHANGED, &subject, before, after);
    }
    Ok(domains::assign_to_groups(&work.tx, &ties).await?)
}
