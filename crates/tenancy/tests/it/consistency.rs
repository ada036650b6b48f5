//! Random changes: the directory against rows and the plain rules, and against one told anew.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use provost_tenancy::{Directory, Platform, Settings, effective};
use serde_json::{Value, json};

use crate::mfe::{platform, read};
use crate::object;

const IDS: std::ops::Range<i64> = 1..5;
const HOSTS: [&str; 9] = [
    "a.local.openedx.io",
    "a.apps.local.openedx.io",
    "studio.a.local.openedx.io",
    "b.local.openedx.io",
    "b.apps.local.openedx.io",
    "local.openedx.io",
    "www.a.org",
    "A.local.openedx.io",
    "",
];
const APPS: [&str; 3] = ["", "authn", "learning"];

/// The rows.
#[derive(Clone, Debug, Default)]
struct World {
    configs: BTreeMap<i64, (String, Value)>,
    routes: BTreeMap<i64, (&'static str, i64)>,
    microsites: BTreeMap<i64, (&'static str, Value)>,
}

#[derive(Clone, Debug)]
enum Change {
    Config(i64, String, Value),
    DropConfig(i64),
    Route(i64, &'static str, i64),
    DropRoute(i64),
    Microsite(i64, &'static str, Value),
    DropMicrosite(i64),
    /// Front ends ask in between, so that answers are kept that changes must drop.
    Ask,
}

impl World {
    fn apply(&mut self, change: &Change) {
        match change.clone() {
            Change::Config(id, key, own) => {
                self.configs.insert(id, (key, own));
            }
            Change::DropConfig(id) => {
                self.configs.remove(&id);
                self.routes.retain(|_, (_, config)| *config != id);
            }
            Change::Route(id, domain, config) => {
                self.routes.retain(|_, (held, _)| *held != domain);
                self.routes.insert(id, (domain, config));
            }
            Change::DropRoute(id) => {
                self.routes.remove(&id);
            }
            Change::Microsite(id, subdomain, values) => {
                self.microsites.insert(id, (subdomain, values));
            }
            Change::DropMicrosite(id) => {
                self.microsites.remove(&id);
            }
            Change::Ask => {}
        }
    }

    fn directory(&self) -> Directory {
        let mut directory = Directory::new();
        for (id, (subdomain, values)) in &self.microsites {
            directory.set_microsite(*id, subdomain, values);
        }
        for (id, (domain, config)) in &self.routes {
            directory.set_route(*id, domain, *config);
        }
        for (id, (key, own)) in &self.configs {
            directory.set_config(*id, key, &object(own));
        }
        directory
    }

    fn config_of(&self, host: &str) -> Option<i64> {
        let mut routes = self.routes.values();
        routes
            .find(|(domain, _)| *domain == host)
            .map(|(_, config)| *config)
    }

    fn microsite_of(&self, host: &str) -> Option<&Value> {
        let mut microsites = self.microsites.values();
        microsites
            .find(|(subdomain, _)| *subdomain == host)
            .map(|(_, values)| values)
    }

    /// The settings that are found at a host, switched on or not.
    fn found(&self, host: &str) -> Option<&Value> {
        let lms = lms_of(host);
        let routed = self.config_of(host);
        let lms = lms.as_deref().filter(|_| routed.is_none());
        let config = routed.or_else(|| self.config_of(lms?));
        let own = config
            .and_then(|id| self.configs.get(&id))
            .map(|(_, own)| own);
        own.filter(|own| **own != json!({}))
            .or_else(|| self.microsite_of(host))
            .or_else(|| self.microsite_of(lms?))
    }

    fn told(&self, platform: &Platform, host: &str, mfe: &str) -> Value {
        let own = self.found(host).and_then(Value::as_object);
        let mut settings = platform.defaults().clone();
        if let Some(own) = own.filter(|own| effective::applies(own)) {
            settings = effective::merge(settings, own.clone());
        }
        effective::mfe_body(&settings, mfe).into()
    }

    fn knows(&self, host: &str) -> bool {
        let of_studio = host.strip_prefix("studio.").map(str::to_owned);
        [
            "local.openedx.io",
            "apps.local.openedx.io",
            "studio.local.openedx.io",
        ]
        .contains(&host)
            || [Some(host.to_owned()), lms_of(host), of_studio]
                .into_iter()
                .flatten()
                .any(|host| self.config_of(&host).is_some())
    }
}

fn lms_of(host: &str) -> Option<String> {
    let name = host.strip_suffix(".apps.local.openedx.io")?;
    Some(format!("{name}.local.openedx.io"))
}

fn settings_of_somebody() -> impl Strategy<Value = Value> {
    let told = || {
        prop_oneof![
            Just(json!(null)),
            (0..9).prop_map(|n| json!({"SITE_NAME": n, "X": n}))
        ]
    };
    let switch = select(vec![json!(true), json!(true), json!(false), json!(null)]);
    let on = (switch, told(), told(), 0..3).prop_map(|(switch, told, authn, max)| {
        json!({
            "EDNX_USE_SIGNAL": switch,
            "MFE_CONFIG": told,
            "MFE_CONFIG_OVERRIDES": {"authn": authn},
            "HOMEPAGE_COURSE_MAX": max,
            "IRRELEVANT": [1, 2, 3],
        })
    });
    prop_oneof![1 => Just(json!({})), 4 => on]
}

fn change() -> impl Strategy<Value = Change> {
    let host = || select(&HOSTS[..]);
    let values = prop_oneof![4 => settings_of_somebody(), 1 => Just(json!("text"))];
    prop_oneof![
        3 => (IDS, "[a-c]", settings_of_somebody()).prop_map(|(id, key, own)| Change::Config(id, key, own)),
        1 => IDS.prop_map(Change::DropConfig),
        4 => (IDS, host(), IDS).prop_map(|(id, domain, config)| Change::Route(id, domain, config)),
        1 => IDS.prop_map(Change::DropRoute),
        3 => (IDS, host(), values).prop_map(|(id, at, values)| Change::Microsite(id, at, values)),
        1 => IDS.prop_map(Change::DropMicrosite),
        3 => Just(Change::Ask),
    ]
}

fn tell(directory: &mut Directory, platform: &Platform, change: &Change) {
    match change {
        Change::Config(id, key, own) => directory.set_config(*id, key, &object(own)),
        Change::DropConfig(id) => directory.remove_config(*id),
        Change::Route(id, domain, config) => directory.set_route(*id, domain, *config),
        Change::DropRoute(id) => directory.remove_route(*id),
        Change::Microsite(id, at, values) => directory.set_microsite(*id, at, values),
        Change::DropMicrosite(id) => directory.remove_microsite(*id),
        Change::Ask => {
            for (host, mfe) in HOSTS
                .into_iter()
                .flat_map(|host| APPS.map(|mfe| (host, mfe)))
            {
                drop(directory.mfe_config(platform, host, mfe));
            }
        }
    }
}

fn check(world: &World, directory: &Directory, platform: &Platform) {
    let settings = Settings::default();
    for host in HOSTS {
        let with_port = format!("{host}:8000");
        assert_eq!(
            directory.config_of(&with_port),
            world.config_of(host),
            "{host}"
        );
        assert_eq!(
            directory.knows(&settings, host),
            world.knows(host),
            "{host}"
        );
        for mfe in APPS {
            let told = read(&directory.mfe_config(platform, &with_port, mfe));
            assert_eq!(told, world.told(platform, host, mfe), "{host} {mfe}");
        }
    }
    for id in IDS {
        let key = world.configs.get(&id).map(|(key, _)| key.as_str());
        assert_eq!(directory.external_key(id), key);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn a_directory_answers_as_the_rows_do(changes in vec(change(), 0..40)) {
        let platform = platform(&json!({
            "MFE_CONFIG": {"X": "platform"},
            "MFE_CONFIG_OVERRIDES": {"authn": {"Y": 1}, "learning": {"Z": 1}},
        }));
        let mut world = World::default();
        let mut directory = Directory::new();
        for change in &changes {
            world.apply(change);
            tell(&mut directory, &platform, change);
            if matches!(change, Change::Ask) {
                check(&world, &directory, &platform);
            }
        }
        check(&world, &directory, &platform);
        check(&world, &world.directory(), &platform);
    }
}
