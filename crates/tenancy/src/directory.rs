//! Which host belongs to which tenant, and what front ends are told there.

mod host;
mod own;
mod platform;
mod rendered;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::{Map, Value};

use crate::settings::Settings;
use crate::site::Site;
use own::{Own, Standing};

pub use platform::{NotAPlatform, Platform};
pub use rendered::Rendered;

/// Which host belongs to which tenant, in memory, and what front ends are told at each. It is told
/// of rows as they come and go, in any order, and answers by look-ups alone.
///
/// A domain is one route's. A route that is told a domain takes it from the route that had it, which
/// is forgotten until it is told again: so two routes may swap their domains one after the other.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    configs: HashMap<i64, Config, RandomState>,
    routes: HashMap<i64, Route, RandomState>,
    domains: HashMap<Box<str>, Routed, RandomState>,
    routes_of_config: HashMap<i64, BTreeSet<i64>, RandomState>,
    microsites: HashMap<i64, Microsite, RandomState>,
    subdomains: HashMap<Box<str>, BTreeSet<i64>, RandomState>,
    revision: u64,
}

#[derive(Clone, Debug)]
struct Config {
    external_key: Box<str>,
    own: Own,
}

#[derive(Clone, Debug)]
struct Route {
    domain: Box<str>,
    config: i64,
}

#[derive(Clone, Copy, Debug)]
struct Routed {
    route: i64,
    config: i64,
}

#[derive(Clone, Debug)]
struct Microsite {
    subdomain: Box<str>,
    own: Own,
}

impl Directory {
    /// A directory that knows nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// There is a configuration, with this key and these settings of its LMS; what was known of it
    /// before, and what was rendered from it, is forgotten. Its routes stay.
    pub fn set_config(&mut self, id: i64, external_key: &str, lms_configs: &Map<String, Value>) {
        let external_key = external_key.into();
        let own = Own::of(lms_configs);
        self.configs.insert(id, Config { external_key, own });
    }

    /// A configuration is gone, and its routes with it.
    pub fn remove_config(&mut self, id: i64) {
        self.configs.remove(&id);
        for route in self.routes_of_config.remove(&id).unwrap_or_default() {
            self.remove_route(route);
        }
    }

    /// There is a route: a host, to the letter, belongs to a configuration. The configuration may
    /// be told later; until then the host is routed, but to no settings.
    pub fn set_route(&mut self, id: i64, domain: &str, config: i64) {
        self.remove_route(id);
        if let Some(former) = self.domains.get(domain) {
            self.remove_route(former.route);
        }
        let routed = Routed { route: id, config };
        self.domains.insert(domain.into(), routed);
        self.routes_of_config.entry(config).or_default().insert(id);
        let domain = domain.into();
        self.routes.insert(id, Route { domain, config });
    }

    /// A route is gone.
    pub fn remove_route(&mut self, id: i64) {
        let Some(route) = self.routes.remove(&id) else {
            return;
        };
        self.domains.remove(&route.domain);
        if let Some(routes) = self.routes_of_config.get_mut(&route.config) {
            routes.remove(&id);
            if routes.is_empty() {
                self.routes_of_config.remove(&route.config);
            }
        }
    }

    /// There is a microsite, for a host and with these settings. Values that are no object say nothing.
    pub fn set_microsite(&mut self, id: i64, subdomain: &str, values: &Value) {
        self.remove_microsite(id);
        let own = values.as_object().map_or_else(Own::default, Own::of);
        let sites = self.subdomains.entry(subdomain.into()).or_default();
        sites.insert(id);
        let subdomain = subdomain.into();
        self.microsites.insert(id, Microsite { subdomain, own });
    }

    /// A microsite is gone.
    pub fn remove_microsite(&mut self, id: i64) {
        let Some(site) = self.microsites.remove(&id) else {
            return;
        };
        if let Some(sites) = self.subdomains.get_mut(&site.subdomain) {
            sites.remove(&id);
            if sites.is_empty() {
                self.subdomains.remove(&site.subdomain);
            }
        }
    }

    /// Sets how far the directory has followed the change log.
    pub fn set_revision(&mut self, revision: u64) {
        self.revision = revision;
    }

    /// How far the directory has followed the change log: the number of the last entry told.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The configuration that the host of a request belongs to: the host without its port must be
    /// the domain of a route to the letter. No host of front ends or of Studio is derived here.
    #[must_use]
    pub fn config_of(&self, host: &str) -> Option<i64> {
        self.routed(host::without_port(host))
    }

    /// The key of a configuration.
    #[must_use]
    pub fn external_key(&self, config: i64) -> Option<&str> {
        let config = self.configs.get(&config)?;
        Some(&config.external_key)
    }

    /// Whether the host of a request is one of ours: the domain of a route, the host of the front
    /// ends or of the Studio of a routed tenant, or one of the three hosts of the platform itself.
    #[must_use]
    pub fn knows(&self, settings: &Settings, host: &str) -> bool {
        let host = host::without_port(host);
        let site = Site::platform(settings);
        let lms = host::lms_of_mfe(host, &settings.mfe_label, &settings.base_domain)
            .or_else(|| host::lms_of_studio(host, &settings.studio_label, &settings.base_domain));
        self.routed(host).is_some()
            || lms.is_some_and(|lms| self.routed(&lms).is_some())
            || [site.lms_domain(), site.mfe_domain(), site.studio_domain()]
                .iter()
                .any(|domain| domain == host)
    }

    /// What a front end is told at the host of a request. `mfe` is the front end's name as it was
    /// sent; empty: none in particular.
    ///
    /// The host's route says whose settings count. A host of front ends that has no route stands
    /// for that of its LMS. Where no route leads to settings, the first microsite of the host counts.
    /// Who is nobody's, or whose settings are not switched on, is told what the platform says itself.
    ///
    /// What is rendered is kept until its configuration is told again, for the first platform that
    /// is asked with, since a process has but one; no host and no front end of which nothing is said
    /// leaves a trace.
    #[must_use]
    pub fn mfe_config(&self, platform: &Platform, host: &str, mfe: &str) -> Arc<Rendered> {
        let host = host::without_port(host);
        let own = self.settings_at(platform, host);
        own.map_or_else(|| platform.told(mfe), |own| own.told(platform, mfe))
    }

    /// The settings that count at a host, if any do.
    fn settings_at(&self, platform: &Platform, host: &str) -> Option<&Own> {
        let mut lms = None;
        let config = self.routed(host).or_else(|| {
            lms = platform.lms_of_mfe(host);
            self.routed(lms.as_deref()?)
        });
        if let Some(config) = config.and_then(|config| self.configs.get(&config)) {
            match config.own.standing() {
                Standing::On => return Some(&config.own),
                Standing::Off => return None,
                Standing::Empty => {}
            }
        }
        let microsite = self
            .microsite_of(host)
            .or_else(|| self.microsite_of(lms.as_deref()?))?;
        (microsite.own.standing() == Standing::On).then_some(&microsite.own)
    }

    fn routed(&self, domain: &str) -> Option<i64> {
        self.domains.get(domain).map(|routed| routed.config)
    }

    /// Several microsites may share a host; the first counts.
    fn microsite_of(&self, host: &str) -> Option<&Microsite> {
        let first = self.subdomains.get(host)?.first()?;
        self.microsites.get(first)
    }
}
