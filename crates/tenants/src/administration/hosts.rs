//! Lines for a hosts file, for whoever has no name server at hand.
//!
//! Invariant: a line holds one address and one host, whatever domains were routed.

use provost_app::App;
use provost_listing::LimitAsk;
use provost_store::Fault;
use provost_store::tenants::summaries;
use provost_tenancy::names::is_host;
use provost_tenancy::{Settings, Site};

use crate::api;

/// There is no such tenant, or there are several; the text says which.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotOne(pub String);

/// What a hosts file needs, and what it cannot hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// The lines, without their ends.
    pub lines: Vec<String>,
    /// Domains that are no hosts, as they were routed.
    pub left_out: Vec<String>,
}

impl Entries {
    /// Those of a tenant with this name, key and domains: the hosts of a site that was provisioned by
    /// name, or else the domains that are routed.
    pub(crate) fn of(
        settings: &Settings,
        name: &str,
        external_key: &str,
        domains: &[String],
    ) -> Self {
        let site = Site::of(settings, name);
        let domains = if site.lms_domain() == external_key {
            vec![site.lms_domain(), site.mfe_domain(), site.studio_domain()]
        } else {
            domains.to_vec()
        };
        let (hosts, left_out) = domains
            .into_iter()
            .partition::<Vec<_>, _>(|domain| is_host(domain));
        let lines = hosts
            .iter()
            .map(|host| format!("{}  {host}", settings.hosts_ip));
        Self {
            lines: lines.collect(),
            left_out,
        }
    }

    /// Adds those of another tenant.
    pub fn extend(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.left_out.extend(other.left_out);
    }
}

/// Those of a tenant, known as the provisioning API knows it: by its name, its domain or its key.
///
/// # Errors
/// [`NotOne`], also where the database failed.
pub async fn entries(app: &App, name: &str) -> Result<Entries, NotOne> {
    let found = api::hosts_entries(app, name).await;
    found.map_err(|problem| NotOne(api::message(&problem)))
}

/// Those of all tenants, in the order of their keys.
///
/// # Errors
/// The database failed.
pub async fn all_entries(app: &App) -> Result<Entries, Fault> {
    let settings = &app.settings().tenants;
    let base = &settings.base_domain;
    let all = summaries::page(app.store().read(), base, None, &LimitAsk::ALL, None).await?;
    let mut entries = Entries::default();
    for tenant in &all.rows {
        let name = &tenant.tenant_name;
        entries.extend(Entries::of(
            settings,
            name,
            &tenant.external_key,
            &tenant.domains,
        ));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_one_host_whatever_was_routed() {
        let settings = Settings::default();
        let domains = [
            "www.example.org",
            "a\n203.0.113.5  bank.example",
            "b accounts.example",
            "c#d",
            "",
            "ü.example",
            "_x.example-1.org",
            "e\u{2028}f",
        ];
        let domains = domains.map(str::to_owned);
        let entries = Entries::of(&settings, "legacy", "legacy", &domains);
        let lines = ["127.0.0.1  www.example.org", "127.0.0.1  _x.example-1.org"];
        assert_eq!(entries.lines, lines);
        let left_out = [&domains[1..6], &domains[7..]].concat();
        assert_eq!(entries.left_out, left_out);

        let name = "x\n203.0.113.5 bank";
        let key = Site::of(&settings, name).lms_domain();
        let entries = Entries::of(&settings, name, &key, &domains);
        assert_eq!((entries.lines.len(), entries.left_out.len()), (0, 3));
    }
}
