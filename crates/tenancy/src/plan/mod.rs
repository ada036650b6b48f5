//! What has to be done so that the tenants there are become those of a file.

mod desired;
mod difference;
mod known;
mod secret;
mod text;

use std::collections::HashSet;

use foldhash::fast::RandomState;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::file::{File, Wrong, check};
use crate::show::{Place, name as shown};
use crate::{Settings, organization_filter};

pub(crate) use desired::provisioned;
pub(crate) use difference::same_texts;
pub(crate) use known::Known;

type Object = Map<String, Value>;

/// A tenant that is there now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Present {
    /// Its number.
    pub id: i64,
    /// Its key, which other tenants may have too.
    pub external_key: String,
    /// The settings of its LMS.
    pub lms_configs: Object,
    /// The settings of its Studio.
    pub studio_configs: Object,
    /// The settings of its theme.
    pub theming_configs: Object,
    /// What is noted about it.
    pub meta: Object,
    /// The domains it answers under.
    pub domains: Vec<String>,
    /// The names of the organizations linked to it.
    pub organizations: Vec<String>,
}

/// A tenant as it is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "DesiredTenant")]
pub struct Desired {
    /// What a reader knows it by: its name, or else its key.
    pub label: String,
    /// Its name, if it is a tenant by name: then its record of who created it and when is kept, or
    /// made if the tenant is created.
    pub name: Option<String>,
    /// Its key.
    pub external_key: String,
    /// The settings of its LMS, complete.
    pub lms_configs: Object,
    /// The settings of its Studio, complete.
    pub studio_configs: Object,
    /// The settings of its theme, complete.
    pub theming_configs: Object,
    /// What is noted about it, complete but for the record of a tenant that is created by name.
    pub meta: Object,
    /// All domains it is to answer under.
    pub domains: Vec<String>,
    /// The organizations to be linked to it; `null`: those that `course_org_filter` names.
    pub organizations: Option<Vec<String>>,
}

/// A tenant that is there and is to be another way.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "TenantChange")]
pub struct Change {
    /// Its number.
    pub id: i64,
    /// What a reader knows it by: its name, or else its key.
    pub label: String,
    /// Everything that differs; there is something.
    pub differences: Vec<Difference>,
    /// How it is to be.
    #[serde(skip)]
    pub desired: Desired,
    /// Domains it has and is to lose. All tenants lose theirs before any gains one: a domain may move.
    #[serde(skip)]
    pub lost: Vec<String>,
    /// Domains it has not and is to gain.
    #[serde(skip)]
    pub gained: Vec<String>,
}

/// One thing about a tenant that is to change.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "TenantDifference")]
pub struct Difference {
    /// What: `domains`, `organizations`, or a member of a column as in `lms_configs.MFE_CONFIG.LOGO_URL`.
    /// A member that is not a plain word stands in brackets: `meta["a.b"]`.
    pub path: String,
    /// How it is; absent if it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// How it is to be; absent if it is to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// A tenant that is there and is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TenantRemoval")]
pub struct Removal {
    /// Its number.
    pub id: i64,
    /// What a reader knows it by: its name, or else its key.
    pub label: String,
    /// The domains that nobody answers under any more, unless another tenant takes them.
    pub domains: Vec<String>,
}

/// What has to be done, in the order of the file and then of the tenants there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "TenantPlan")]
pub struct Plan {
    /// Tenants that are not there.
    pub create: Vec<Desired>,
    /// Tenants that are there and differ.
    pub change: Vec<Change>,
    /// Tenants that are there and not in the file, if those are to go.
    pub remove: Vec<Removal>,
    /// The labels of tenants that are there and not in the file, if those are to stay.
    pub kept: Vec<String>,
    /// How many tenants are as the file says.
    pub unchanged: usize,
    /// What is odd in the file without being wrong.
    pub notes: Vec<Wrong>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.create.is_empty() && self.change.is_empty() && self.remove.is_empty()
    }

    /// A name for what the plan would do: the SHA-256 of it in hexadecimal digits. Two plans have the
    /// same exactly if they do the same to tenants that are the same in what would change; the order
    /// of members, the tenants that stay as they are, and notes do not matter.
    #[must_use]
    pub fn digest(&self) -> String {
        let changes = self.change.iter().map(|change| {
            json!({"id": change.id, "key": change.desired.external_key, "differences": change.differences})
        });
        let mut all = json!({
            "create": self.create,
            "change": changes.collect::<Value>(),
            "remove": self.remove,
        });
        all.sort_all_objects();
        let digest = Sha256::digest(all.to_string());
        digest
            .iter()
            .fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"))
    }
}

/// Compares the tenants of a file with those there are. Tenants that are there and not in the file stay
/// as they are, or go if `prune` says so; with it, a file without tenants removes all of them.
///
/// Refused, all at once and each with its place in the file: whatever [`File::read`] would refuse; a
/// tenant that cannot be told from others with its key; a number that is no such tenant's; a domain
/// that belongs to a tenant the file leaves alone; and, in what is created or changed, a
/// `course_org_filter` that is none, and keys, domains and organizations without a character.
///
/// The effort grows with the size of both, and not with their product.
pub fn plan(
    settings: &Settings,
    file: &File,
    present: &[Present],
    prune: bool,
) -> Result<Plan, Vec<Wrong>> {
    let mut wrong = check(settings, file.tenants.iter().enumerate());
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let known = Known::new(settings, present);
    let root = Place::Root;
    let tenants = root.member("tenants");
    let mut in_file: HashSet<usize, RandomState> = HashSet::default();
    let mut wanted = Vec::with_capacity(file.tenants.len());
    for (index, entry) in file.tenants.iter().enumerate() {
        match known.find(entry, tenants.item(index)) {
            Ok(found) => {
                in_file.extend(found.map(|(position, _)| position));
                wanted.push((index, entry, found.map(|(_, tenant)| tenant)));
            }
            Err(why) => wrong.push(why),
        }
    }
    let mut plan = Plan::default();
    for (index, entry, found) in wanted {
        let place = tenants.item(index);
        let desired = desired::desired(settings, entry, found, place, &mut plan.notes);
        let holder = |domain: &String| known.holder_outside(domain, &in_file, prune);
        wrong.extend(domains_held(&desired, place, holder));
        wrong.extend(plan.add(desired, found, place));
    }
    for (position, tenant) in present.iter().enumerate() {
        if !in_file.contains(&position) {
            plan.leave(tenant, known.label(tenant), prune);
        }
    }
    wrong.is_empty().then_some(plan).ok_or(wrong)
}

impl Plan {
    fn add(&mut self, desired: Desired, found: Option<&Present>, place: Place<'_>) -> Vec<Wrong> {
        let Some(before) = found else {
            let wrong = senseless(&desired, None, place);
            self.create.push(desired);
            return wrong;
        };
        let differences = difference::differences(before, &desired);
        if differences.is_empty() {
            self.unchanged = self.unchanged.saturating_add(1);
            return Vec::new();
        }
        let wrong = senseless(&desired, Some(before), place);
        self.change.push(Change {
            id: before.id,
            label: desired.label.clone(),
            differences,
            lost: difference::missing(&before.domains, &desired.domains),
            gained: difference::missing(&desired.domains, &before.domains),
            desired,
        });
        wrong
    }

    fn leave(&mut self, tenant: &Present, label: String, prune: bool) {
        if prune {
            self.remove.push(Removal {
                id: tenant.id,
                label,
                domains: tenant.domains.clone(),
            });
        } else {
            self.kept.push(label);
        }
    }
}

/// What a tenant that is created or changed may not have, although it can be stored.
fn senseless(desired: &Desired, before: Option<&Present>, place: Place<'_>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if let Err(why) = organization_filter(&desired.lms_configs) {
        let column = place.member("lms_configs");
        wrong.push(Wrong::new(
            column.member("course_org_filter"),
            why.to_string(),
        ));
    }
    let key = [desired.external_key.clone()];
    let lists = [
        (
            "external_key",
            &key[..],
            before.map_or(&[][..], |before| std::slice::from_ref(&before.external_key)),
        ),
        (
            "domains",
            &desired.domains[..],
            before.map_or(&[][..], |before| &before.domains[..]),
        ),
        (
            "organizations",
            desired.organizations.as_deref().unwrap_or_default(),
            before.map_or(&[][..], |before| &before.organizations[..]),
        ),
    ];
    for (field, texts, those_there) in lists {
        let is_blank = |text: &String| text.trim().is_empty() && !those_there.contains(text);
        if texts.iter().any(is_blank) {
            wrong.push(Wrong::new(place.member(field), "This may not be blank."));
        }
    }
    wrong
}

/// Domains that would have to be taken from tenants the file leaves alone.
fn domains_held<'a>(
    desired: &Desired,
    place: Place<'_>,
    holder: impl Fn(&String) -> Option<&'a Present>,
) -> Vec<Wrong> {
    let held = desired
        .domains
        .iter()
        .filter_map(|domain| Some((domain, holder(domain)?)));
    let wrong = held.map(|(domain, holder)| {
        let why = format!(
            "The domain {} belongs to tenant {} (key {}), which is not in the file.",
            shown(domain),
            holder.id,
            shown(&holder.external_key),
        );
        Wrong::new(place.member("domains"), why)
    });
    wrong.collect()
}

#[cfg(test)]
mod tests;
