//! The directory follows the log: what was told step by step answers as what another process compiles
//! anew.

use provost_store::changes::Entry;
use provost_store::tenants::configs::{Config, NewConfig};
use provost_store::tenants::microsites::{Microsite, NewMicrosite};
use provost_store::tenants::routes::Route;
use provost_store::tenants::{Object, configs, microsites, routes};
use provost_store::{Options, Store, Tx, organizations};
use serde_json::{Value, json};

use super::*;
use crate::{App, Author, Clock, Settings, kind};

const DOMAINS: [&str; 5] = [
    "one.local.openedx.io",
    "two.local.openedx.io",
    "one.apps.local.openedx.io",
    "www.example.org",
    "legacy.example.org",
];
/// Other hosts that requests come to.
const HOSTS: [&str; 4] = [
    "two.apps.local.openedx.io",
    "studio.one.local.openedx.io:8001",
    "local.openedx.io",
    "nobody.example.org",
];
const FRONT_ENDS: [&str; 3] = ["", "authn", "unheard-of"];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap();
        high % sides
    }

    fn pick<T: Clone>(&mut self, among: &[T]) -> Option<T> {
        (!among.is_empty()).then(|| among[self.roll(among.len())].clone())
    }

    fn domain(&mut self) -> String {
        self.pick(&DOMAINS).unwrap().to_owned()
    }

    fn settings(&mut self) -> Value {
        match self.roll(5) {
            0 => json!({}),
            1 => json!({"EDNX_USE_SIGNAL": false, "MFE_CONFIG": {"SITE_NAME": "Off"}}),
            number => json!({
                "EDNX_USE_SIGNAL": true,
                "MFE_CONFIG": {"SITE_NAME": format!("Site {}", self.roll(4)), "N": number},
                "MFE_CONFIG_OVERRIDES": {"authn": {"N": self.roll(3)}},
            }),
        }
    }
}

async fn store() -> Store {
    let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn opened(store: &Store) -> App {
    let opened = App::open(store.clone(), Settings::default(), Clock::system());
    opened.await.unwrap()
}

fn config_facts(config: &Config) -> Value {
    json!({
        "id": config.id, "lms_configs": config.lms_configs, "studio_configs": {},
        "theming_configs": {}, "meta": {}, "external_key": config.external_key,
        "organizations": [],
    })
}

fn route_facts(route: &Route) -> Value {
    json!({"id": route.id, "domain": route.domain, "config": route.config})
}

fn microsite_facts(site: &Microsite) -> Value {
    json!({
        "id": site.id, "values": site.values, "key": site.key, "subdomain": site.subdomain,
        "organizations": [],
    })
}

fn entry(kind: &str, before: Option<Value>, after: Option<Value>) -> Entry {
    Entry {
        before,
        after,
        ..Author::program("test").entry(kind, "something")
    }
}

/// One write to the configurations, in `tx`; the entries that say so.
async fn write_config(tx: &Tx, dice: &mut Dice) -> Vec<Entry> {
    let settings: Object = dice.settings().as_object().unwrap().clone();
    let Some(mut config) = dice.pick(&configs::all(tx).await.unwrap()) else {
        let new = NewConfig {
            external_key: format!("key-{}", dice.roll(3)),
            lms_configs: settings,
            studio_configs: Object::new(),
            theming_configs: Object::new(),
            meta: Object::new(),
        };
        let made = configs::create_all(tx, vec![new]).await.unwrap();
        let made = configs::find(tx, made[0]).await.unwrap().unwrap();
        let after = Some(config_facts(&made));
        return vec![entry(kind::TENANT_CONFIG_CREATED, None, after)];
    };
    let before = Some(config_facts(&config));
    match dice.roll(3) {
        0 => {
            let went = routes::of_configs(tx, &[config.id]).await.unwrap();
            configs::remove_all(tx, &[config.id]).await.unwrap();
            let went = went.iter().map(route_facts);
            let went = went.map(|facts| entry(kind::TENANT_ROUTE_DELETED, Some(facts), None));
            let last = entry(kind::TENANT_CONFIG_DELETED, before, None);
            went.chain([last]).collect()
        }
        1 => {
            config.id += 1;
            if configs::find(tx, config.id).await.unwrap().is_some() {
                return Vec::new();
            }
            configs::restore(tx, &config).await.unwrap();
            let after = Some(config_facts(&config));
            vec![entry(kind::TENANT_CONFIG_CREATED, None, after)]
        }
        _ => {
            config.lms_configs = settings;
            config.external_key = format!("key-{}", dice.roll(3));
            let changed = [config];
            configs::change_all(tx, &changed).await.unwrap();
            let after = Some(config_facts(&changed[0]));
            vec![entry(kind::TENANT_CONFIG_CHANGED, before, after)]
        }
    }
}

async fn write_route(tx: &Tx, dice: &mut Dice) -> Vec<Entry> {
    let Some(config) = dice.pick(&configs::all(tx).await.unwrap()) else {
        return Vec::new();
    };
    let domain = dice.domain();
    let Some(mut route) = routes::by_domain(tx, &domain).await.unwrap() else {
        let moved = dice.pick(&routes::all(tx).await.unwrap());
        if let Some(mut route) = moved.filter(|_| dice.roll(2) == 0) {
            let before = Some(route_facts(&route));
            route.domain = domain;
            routes::change(tx, &route).await.unwrap();
            let after = Some(route_facts(&route));
            return vec![entry(kind::TENANT_ROUTE_CHANGED, before, after)];
        }
        let made = routes::create_all(tx, &[(domain, config.id)]).await;
        let made = routes::find(tx, made.unwrap()[0]).await.unwrap().unwrap();
        let after = Some(route_facts(&made));
        return vec![entry(kind::TENANT_ROUTE_CREATED, None, after)];
    };
    let before = Some(route_facts(&route));
    if dice.roll(2) == 0 {
        routes::remove_all(tx, &[route.id]).await.unwrap();
        return vec![entry(kind::TENANT_ROUTE_DELETED, before, None)];
    }
    route.config = config.id;
    routes::change(tx, &route).await.unwrap();
    let after = Some(route_facts(&route));
    vec![entry(kind::TENANT_ROUTE_CHANGED, before, after)]
}

async fn write_microsite(tx: &Tx, dice: &mut Dice) -> Vec<Entry> {
    let (subdomain, values) = (dice.domain(), dice.settings());
    let old = dice.pick(&microsites::all(tx).await.unwrap());
    let Some(mut site) = old.filter(|_| dice.roll(3) > 0) else {
        let new = NewMicrosite {
            key: "key".to_owned(),
            subdomain,
            values,
        };
        let made = microsites::create(tx, &new).await.unwrap();
        let made = microsites::find(tx, made).await.unwrap().unwrap();
        let after = Some(microsite_facts(&made));
        return vec![entry(kind::TENANT_MICROSITE_CREATED, None, after)];
    };
    let before = Some(microsite_facts(&site));
    if dice.roll(2) == 0 {
        microsites::remove(tx, site.id).await.unwrap();
        return vec![entry(kind::TENANT_MICROSITE_DELETED, before, None)];
    }
    (site.subdomain, site.values) = (subdomain, values);
    microsites::change(tx, &site).await.unwrap();
    let after = Some(microsite_facts(&site));
    vec![entry(kind::TENANT_MICROSITE_CHANGED, before, after)]
}

/// Everything that a directory answers about hosts of these tests, in lines.
fn answers(app: &App, directory: &Directory) -> Vec<String> {
    let settings = &app.settings().tenants;
    let keys = (1..=40).map(|id| format!("{id} {:?}", directory.external_key(id)));
    let mut lines: Vec<String> = keys.collect();
    for host in DOMAINS.iter().chain(&HOSTS) {
        let config = directory.config_of(host);
        let key = config.and_then(|config| directory.external_key(config));
        let knows = directory.knows(settings, host);
        lines.push(format!("{host} {config:?} {key:?} {knows}"));
        for mfe in FRONT_ENDS {
            let told = directory.mfe_config(app.platform(), host, mfe);
            lines.push(format!(
                "{host} {mfe} {}",
                String::from_utf8_lossy(&told.body)
            ));
        }
    }
    lines
}

#[tokio::test]
async fn any_writes_followed_in_place_answer_as_compiled_anew() {
    for seed in 1..=3 {
        let mut dice = Dice(seed);
        let store = store().await;
        let app = opened(&store).await;
        let mut seen = std::collections::HashSet::new();
        for step in 0..60 {
            let tx = store.begin().await.unwrap();
            let entries = match dice.roll(5) {
                0 | 1 => write_config(&tx, &mut dice).await,
                2 | 3 => write_route(&tx, &mut dice).await,
                _ => write_microsite(&tx, &mut dice).await,
            };
            app.commit(tx, &entries).await.unwrap();
            seen.extend(entries.iter().map(|entry| entry.kind.clone()));
            let followed = answers(&app, &app.tenants());
            let anew = opened(&store).await;
            assert_eq!(followed, answers(&app, &anew.tenants()), "{seed}/{step}");
            assert_eq!(app.tenants().revision(), app.policy().revision());
        }
        assert_eq!(seen.len(), 9, "every kind of entry was followed: {seen:?}");
        // One that was compiled of later rows than its revision says is told the same once more.
        let mut again = compile(store.read(), 0).await.unwrap();
        for change in changes::since(store.read(), 0).await.unwrap() {
            apply(&mut again, &change);
        }
        assert_eq!(answers(&app, &again), answers(&app, &app.tenants()));
    }
}

#[tokio::test]
async fn an_import_compiles_the_directory_anew() {
    let store = store().await;
    let app = opened(&store).await;
    let tx = store.begin().await.unwrap();
    let new = NewConfig {
        external_key: "key".to_owned(),
        lms_configs: Object::new(),
        studio_configs: Object::new(),
        theming_configs: Object::new(),
        meta: Object::new(),
    };
    let made = configs::create_all(&tx, vec![new]).await.unwrap();
    let route = [("www.example.org".to_owned(), made[0])];
    routes::create_all(&tx, &route).await.unwrap();
    assert_eq!(app.tenants().config_of("www.example.org"), None);
    app.commit(tx, &[entry(kind::IMPORTED, None, None)])
        .await
        .unwrap();
    assert_eq!(app.tenants().config_of("www.example.org"), Some(made[0]));
}

#[tokio::test]
async fn entries_that_say_nothing_of_use_change_nothing() {
    let store = store().await;
    let app = opened(&store).await;
    let before = answers(&app, &app.tenants());
    for kind in [
        kind::TENANT_CONFIG_CREATED,
        kind::TENANT_CONFIG_CHANGED,
        kind::TENANT_CONFIG_DELETED,
        kind::TENANT_ROUTE_CHANGED,
        kind::TENANT_ROUTE_DELETED,
        kind::TENANT_MICROSITE_CREATED,
        kind::TENANT_MICROSITE_DELETED,
        kind::TENANT_PURGED,
    ] {
        for facts in [
            None,
            Some(json!({})),
            Some(json!([1])),
            Some(json!({"id": "1"})),
        ] {
            let tx = store.begin().await.unwrap();
            let entry = entry(kind, facts.clone(), facts);
            app.commit(tx, &[entry]).await.unwrap();
        }
    }
    assert_eq!(answers(&app, &app.tenants()), before);
}

#[tokio::test]
async fn more_configurations_than_one_chunk_are_all_read() {
    let store = store().await;
    let tx = store.begin().await.unwrap();
    let many = usize::try_from(CONFIGS).unwrap() + 1;
    let new = |number: usize| NewConfig {
        external_key: format!("key-{number}"),
        lms_configs: Object::new(),
        studio_configs: Object::new(),
        theming_configs: Object::new(),
        meta: Object::new(),
    };
    let made = configs::create_all(&tx, (0..many).map(new).collect()).await;
    let made = made.unwrap();
    tx.commit().await.unwrap();
    let directory = compile(store.read(), 0).await.unwrap();
    for (number, id) in made.iter().enumerate() {
        assert_eq!(directory.external_key(*id), Some(&*format!("key-{number}")));
    }
}

#[tokio::test]
async fn a_new_organization_is_known_to_the_index_of_courses_at_once() {
    let store = store().await;
    let app = opened(&store).await;
    let tx = store.begin().await.unwrap();
    let made = organizations::ensure(&tx, &["Org1"], app.now())
        .await
        .unwrap();
    let (id, name) = &made[0];
    let facts = json!({"id": id, "name": name, "short_name": name});
    let entry = entry(kind::ORGANIZATION_CREATED, None, Some(facts));
    app.commit(tx, &[entry]).await.unwrap();
    for app in [&app, &opened(&store).await] {
        let courses = app.course_access();
        assert_eq!(courses.organization_named("Org1"), Some(*id));
        assert_eq!(courses.short_name(*id), Some("Org1"));
    }
}

#[tokio::test]
async fn settings_of_the_platform_that_are_no_object_keep_it_from_opening() {
    let store = store().await;
    for text in ["", "[]", "null", "{", "\"x\""] {
        let mut settings = Settings::default();
        text.clone_into(&mut settings.mfe.platform_settings);
        let refused = App::open(store.clone(), settings, Clock::system()).await;
        let refused = refused.err().unwrap().to_string();
        assert!(refused.contains("platform_settings"), "{text}: {refused}");
    }
}

#[tokio::test]
async fn many_entries_at_once_are_followed_whatever_else_is_among_them() {
    for also in [None, Some(kind::USER_DELETED), Some(kind::IMPORTED)] {
        let store = store().await;
        let app = opened(&store).await;
        let tx = store.begin().await.unwrap();
        let new = |number: usize| NewConfig {
            external_key: format!("key-{number}"),
            lms_configs: json!({"EDNX_USE_SIGNAL": true, "MFE_CONFIG": {"SITE_NAME": number}})
                .as_object()
                .unwrap()
                .clone(),
            studio_configs: Object::new(),
            theming_configs: Object::new(),
            meta: Object::new(),
        };
        let ids = configs::create_all(&tx, (0..450).map(new).collect());
        let ids = ids.await.unwrap();
        let domains: Vec<_> = ids
            .iter()
            .map(|id| (format!("host{id}.org"), *id))
            .collect();
        let made = routes::create_all(&tx, &domains).await.unwrap();
        let mut entries: Vec<Entry> = configs::all(&tx)
            .await
            .unwrap()
            .iter()
            .map(|config| {
                entry(
                    kind::TENANT_CONFIG_CREATED,
                    None,
                    Some(config_facts(config)),
                )
            })
            .collect();
        entries.extend(also.map(|kind| entry(kind, None, None)));
        entries.extend(made.into_iter().zip(domains).map(|(id, (domain, config))| {
            let route = Route { id, domain, config };
            entry(kind::TENANT_ROUTE_CREATED, None, Some(route_facts(&route)))
        }));
        app.commit(tx, &entries).await.unwrap();
        assert_eq!(app.tenants().revision(), app.policy().revision());
        let anew = opened(&store).await;
        for id in ids {
            let told = |app: &App| {
                let host = format!("host{id}.org");
                app.tenants()
                    .mfe_config(app.platform(), &host, "")
                    .body
                    .clone()
            };
            assert_eq!(told(&app), told(&anew), "{also:?} {id}");
            let text = String::from_utf8(told(&app).to_vec()).unwrap();
            assert!(
                text.contains(&format!("\"SITE_NAME\":{}", id - 1)),
                "{text}"
            );
        }
    }
}
