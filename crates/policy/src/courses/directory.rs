//! Hosts, sites and organizations.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use provost_keys::text;

use super::CourseAccess;
use super::few::Few;

#[derive(Clone, Default)]
pub(super) struct Directory {
    /// By folded domain.
    sites: HashMap<Box<str>, i64, RandomState>,
    organizations_of_site: HashMap<i64, Few<i64>, RandomState>,
    short_names: HashMap<i64, Box<str>, RandomState>,
    by_short_name: HashMap<Box<str>, i64, RandomState>,
    by_uuid: HashMap<u128, i64, RandomState>,
}

/// The number that a UUID in any of its spellings stands for: with hyphens or without, in capitals,
/// in braces, or as a URN. `None` for what is no UUID.
#[must_use]
pub fn read_uuid(text: &str) -> Option<u128> {
    let text = text.strip_prefix("urn:").unwrap_or(text);
    let text = text.strip_prefix("uuid:").unwrap_or(text);
    let digits = text.trim_matches(['{', '}']).replace('-', "");
    let is_whole = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_whole
        .then(|| u128::from_str_radix(&digits, 16).ok())
        .flatten()
}

/// A folded host without its port, and without the dot that may end a complete name.
fn without_port(host: &str) -> &str {
    let name = match host.rsplit_once(':') {
        Some((name, _)) if !host.ends_with(']') => name,
        _ => host,
    };
    name.strip_suffix('.').unwrap_or(name)
}

impl CourseAccess {
    /// A site answers at a domain. Of domains that differ in case alone, the first that is told counts.
    pub fn add_site(&mut self, site: i64, domain: &str) {
        let domain = text::fold(domain).into_boxed_str();
        self.directory.sites.entry(domain).or_insert(site);
    }

    /// A site belongs to an organization.
    pub fn add_site_organization(&mut self, site: i64, organization: i64) {
        let organizations = self.directory.organizations_of_site.entry(site);
        organizations.or_default().insert(organization);
    }

    /// There is an organization. A text that is no UUID is none.
    pub fn add_organization(&mut self, organization: i64, short_name: &str, uuid: Option<&str>) {
        let directory = &mut self.directory;
        directory
            .short_names
            .insert(organization, short_name.into());
        directory
            .by_short_name
            .insert(short_name.into(), organization);
        if let Some(uuid) = uuid.and_then(read_uuid) {
            directory.by_uuid.insert(uuid, organization);
        }
    }

    /// The site at a host of a request: at exactly this `name:port`, or else at `name`. Case does
    /// not count.
    #[must_use]
    pub fn site_of(&self, host: &str) -> Option<i64> {
        let host = text::fold(host);
        let sites = &self.directory.sites;
        sites
            .get(host.as_str())
            .or_else(|| sites.get(without_port(&host)))
            .copied()
    }

    /// The organizations that a site belongs to, by key: one, as a rule.
    #[must_use]
    pub fn organizations_of_site(&self, site: i64) -> &[i64] {
        let organizations = self.directory.organizations_of_site.get(&site);
        organizations.map_or(&[], Few::as_slice)
    }

    /// The organization with a UUID, in any of its spellings.
    #[must_use]
    pub fn organization_of_uuid(&self, uuid: &str) -> Option<i64> {
        let uuid = read_uuid(uuid)?;
        self.directory.by_uuid.get(&uuid).copied()
    }

    /// The organization with exactly this short name.
    #[must_use]
    pub fn organization_named(&self, short_name: &str) -> Option<i64> {
        self.directory.by_short_name.get(short_name).copied()
    }

    /// The short name of an organization.
    #[must_use]
    pub fn short_name(&self, organization: i64) -> Option<&str> {
        let name = self.directory.short_names.get(&organization);
        name.map(AsRef::as_ref)
    }
}
