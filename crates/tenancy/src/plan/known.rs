//! Which of the tenants there are an entry of a file speaks of, and what a reader calls each.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::{Present, desired};
use crate::file::{Entry, Wrong};
use crate::names::TenantName;
use crate::show::{Place, name as shown};
use crate::{Settings, Site};

/// The tenants there are, by what they are known by.
pub(crate) struct Known<'a> {
    settings: &'a Settings,
    present: &'a [Present],
    by_key: HashMap<&'a str, Vec<usize>, RandomState>,
    by_id: HashMap<i64, usize, RandomState>,
    by_domain: HashMap<&'a str, usize, RandomState>,
}

/// A tenant that is there, and its position among them.
type Found<'a> = Option<(usize, &'a Present)>;

impl<'a> Known<'a> {
    pub(crate) fn new(settings: &'a Settings, present: &'a [Present]) -> Self {
        let mut by_key: HashMap<&str, Vec<usize>, _> = HashMap::default();
        let mut by_id = HashMap::default();
        let mut by_domain = HashMap::default();
        for (position, tenant) in present.iter().enumerate() {
            by_key
                .entry(&tenant.external_key)
                .or_default()
                .push(position);
            by_id.insert(tenant.id, position);
            let domains = tenant.domains.iter().map(String::as_str);
            by_domain.extend(domains.map(|domain| (domain, position)));
        }
        Self {
            settings,
            present,
            by_key,
            by_id,
            by_domain,
        }
    }

    /// Whether a tenant is the only one with its key.
    pub(crate) fn is_alone(&self, tenant: &Present) -> bool {
        let with_key = self.by_key.get(tenant.external_key.as_str());
        with_key.is_none_or(|positions| positions.len() < 2)
    }

    /// The name of a tenant that a file can speak of by name: it has the key that provisioning gives to
    /// this name, alone, and was not provisioned by another one.
    pub(crate) fn name(&self, tenant: &Present) -> Option<TenantName> {
        let base = self.settings.base_domain.as_str();
        let name = tenant.external_key.strip_suffix(base)?.strip_suffix('.')?;
        let recorded = tenant.meta.get("tenant_name");
        let is_other = recorded.is_some_and(|recorded| recorded.as_str() != Some(name));
        if is_other || !self.is_alone(tenant) {
            return None;
        }
        TenantName::parse(name, self.settings).ok()
    }

    /// What a reader knows a tenant by: its name, or else its key, with its number if that alone would
    /// not tell.
    pub(super) fn label(&self, tenant: &Present) -> String {
        if let Some(name) = self.name(tenant) {
            return name.to_string();
        }
        let key = &tenant.external_key;
        let is_enough = self.is_alone(tenant) && !key.is_empty();
        desired::label(key, (!is_enough).then_some(tenant.id))
    }

    /// The tenant an entry speaks of; none if it is to be created.
    pub(super) fn find(&self, entry: &Entry, place: Place<'_>) -> Result<Found<'a>, Wrong> {
        let (field, key, id) = match entry {
            Entry::Named(named) => {
                let key = Site::of(self.settings, &named.name).lms_domain();
                ("name", key, None)
            }
            Entry::Keyed(keyed) => ("external_key", keyed.external_key.clone(), keyed.id),
        };
        if let Some(id) = id {
            return self.numbered(id, &key, place).map(Some);
        }
        match self.by_key.get(key.as_str()).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some(&[position]) => Ok(self.present.get(position).map(|tenant| (position, tenant))),
            Some(positions) => {
                let few = positions.iter().take(10);
                let ids = few.filter_map(|&position| self.present.get(position));
                let ids: Vec<String> = ids.map(|tenant| tenant.id.to_string()).collect();
                let why = format!(
                    "{} tenants have the key {}, and an entry by `external_key` with an `id` would say which: {}{}.",
                    positions.len(),
                    shown(&key),
                    ids.join(", "),
                    if positions.len() > ids.len() {
                        ", …"
                    } else {
                        ""
                    },
                );
                Err(Wrong::new(place.member(field), why))
            }
        }
    }

    fn numbered(
        &self,
        id: i64,
        key: &str,
        place: Place<'_>,
    ) -> Result<(usize, &'a Present), Wrong> {
        let position = self.by_id.get(&id).copied();
        let found = position.and_then(|position| Some((position, self.present.get(position)?)));
        let why = match found {
            Some((_, tenant)) if tenant.external_key != key => {
                format!(
                    "Tenant {id} has another key: {}.",
                    shown(&tenant.external_key)
                )
            }
            Some(found) => return Ok(found),
            None => format!("There is no tenant {id}; a tenant that is to be created has no `id`."),
        };
        Err(Wrong::new(place.member("id"), why))
    }

    /// The tenant that has a domain and keeps it, because the file says nothing of the tenant.
    pub(super) fn holder_outside(
        &self,
        domain: &str,
        in_file: &HashSet<usize, RandomState>,
        prune: bool,
    ) -> Option<&'a Present> {
        let position = *self.by_domain.get(domain)?;
        let is_free = prune || in_file.contains(&position);
        self.present.get(position).filter(|_| !is_free)
    }
}
