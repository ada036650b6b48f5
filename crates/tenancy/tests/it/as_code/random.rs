//! Random tenants: provisioned ones that were changed since, and others that hold anything.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use provost_tenancy::{Present, Settings, TenantName, Wanted, generate, organization_filter};
use serde_json::{Map, Value, json};

/// Texts that mean something to YAML, to terminals or to JSON pointers.
const ODD: [&str; 62] = [
    "",
    " ",
    "no",
    "on",
    "Yes",
    "n",
    "null",
    "~",
    "true",
    "False",
    "1",
    "-1",
    "1.5",
    "1e3",
    "0x1f",
    "007",
    "1_000",
    "1:30",
    "2026-04-10",
    ".inf",
    ".nan",
    "- a",
    "-",
    "a: b",
    "a:",
    "#c",
    "a #b",
    " a",
    "a ",
    "\n",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\n\nb\n\n",
    "\na\nb",
    " a\nb",
    "a \nb",
    "a\n  b\n\nc",
    "a\r\nb",
    "\ta",
    "{}",
    "[]",
    "[a, b]",
    "!tag",
    "&a",
    "*a",
    "|",
    ">",
    "%",
    "@a",
    "`",
    "'",
    "\"",
    "\\",
    "?",
    "=",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "😀",
    "\u{0}\u{1b}[31m",
    "a/b~c.d",
];

const NAMES: [&str; 5] = ["a", "talent1", "talent2", "007", "xy-z"];

const KEYS: [&str; 8] = [
    "legacy",
    "no",
    "5",
    "",
    "a key",
    "apps.local.openedx.io",
    "b.local.openedx.io",
    "talent1.local.openedx.io",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(&ODD[..]).prop_map(str::to_owned),
        1 => vec(any::<char>(), 0..12).prop_map(|letters| letters.into_iter().collect::<String>()),
        1 => "[a-zA-Z0-9_.:/# -]{0,40}",
    ]
}

/// The name of a member. `<<` is the only one that files cannot have.
fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(&["A", "B", "LOGO_URL", "MFE_CONFIG", "course_org_filter", "created_by", "x.y"][..])
            .prop_map(str::to_owned),
        1 => text(),
        1 => Just("k".repeat(2000)),
    ]
    .prop_filter("a merge key", |name| name != "<<")
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(&[0.0, -0.0, 1.0, 1e16, 1e300, 1e-7, 0.1, 123_456_789.125][..])
            .prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::Array),
            vec((member(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    vec((member(), value()), 0..5).prop_map(|members| members.into_iter().collect())
}

/// What somebody did to a column since it was generated.
#[derive(Clone, Debug)]
enum Deed {
    Remove(Index),
    Replace(Index, Value),
    Add(String, Value),
    Within(Index, Box<Deed>),
}

fn deed() -> impl Strategy<Value = Deed> {
    let leaf = prop_oneof![
        any::<Index>().prop_map(Deed::Remove),
        (any::<Index>(), value()).prop_map(|(index, value)| Deed::Replace(index, value)),
        (member(), value()).prop_map(|(member, value)| Deed::Add(member, value)),
    ];
    leaf.prop_recursive(2, 4, 1, |inner| {
        (any::<Index>(), inner).prop_map(|(index, deed)| Deed::Within(index, Box::new(deed)))
    })
}

fn perform(deed: &Deed, object: &mut Map<String, Value>) {
    let at =
        |index: &Index, names: Vec<String>| (!names.is_empty()).then(|| index.get(&names).clone());
    let names = || object.keys().cloned().collect::<Vec<_>>();
    match deed {
        Deed::Add(member, value) => {
            object.insert(member.clone(), value.clone());
        }
        Deed::Remove(index) => {
            if let Some(member) = at(index, names()) {
                object.shift_remove(&member);
            }
        }
        Deed::Replace(index, value) => {
            if let Some(member) = at(index, names()) {
                object.insert(member, value.clone());
            }
        }
        Deed::Within(index, deed) => {
            let objects = object.iter().filter(|(_, value)| value.is_object());
            let objects = objects.map(|(member, _)| member.clone()).collect();
            if let Some(member) = at(index, objects) {
                perform(deed, object[&member].as_object_mut().unwrap());
            }
        }
    }
}

/// How one tenant came to be.
#[derive(Clone, Debug)]
enum Origin {
    Provisioned {
        name: &'static str,
        platform_name: String,
        organizations: Vec<String>,
        deeds: Vec<(usize, Deed)>,
        recorded: bool,
    },
    Anything {
        key: String,
        columns: [Map<String, Value>; 3],
    },
}

fn origin() -> impl Strategy<Value = Origin> {
    let organization = select(&["Org1", "Org2", "no", "1"][..]).prop_map(str::to_owned);
    let platform_name = prop_oneof![3 => Just("Talent: 1".to_owned()), 1 => text()];
    let provisioned = (
        select(&NAMES[..]),
        platform_name,
        vec(organization, 0..3),
        vec((0..3_usize, deed()), 0..6),
        any::<bool>(),
    );
    prop_oneof![
        3 => provisioned.prop_map(|(name, platform_name, organizations, deeds, recorded)| {
            Origin::Provisioned { name, platform_name, organizations, deeds, recorded }
        }),
        1 => (select(&KEYS[..]), [object(), object(), object()]).prop_map(|(key, columns)| {
            Origin::Anything { key: key.to_owned(), columns }
        }),
    ]
}

fn columns(settings: &Settings, origin: Origin) -> Present {
    let mut tenant = Present::default();
    match origin {
        Origin::Anything { key, columns } => {
            tenant.external_key = key;
            [
                tenant.lms_configs,
                tenant.studio_configs,
                tenant.theming_configs,
            ] = columns;
        }
        Origin::Provisioned {
            name,
            platform_name,
            organizations,
            deeds,
            recorded,
        } => {
            let name = TenantName::parse(name, settings).unwrap();
            let wanted = Wanted {
                name: &name,
                platform_name: &platform_name,
                theme_name: "indigo",
                organizations: &organizations,
            };
            let generated = generate(settings, &wanted);
            tenant.external_key = generated.external_key;
            tenant.domains = generated.domains;
            let mut all = [
                generated.lms_configs,
                generated.studio_configs,
                generated.theming_configs,
            ];
            for (column, deed) in &deeds {
                perform(deed, &mut all[*column]);
            }
            [
                tenant.lms_configs,
                tenant.studio_configs,
                tenant.theming_configs,
            ] = all;
            if recorded {
                tenant
                    .meta
                    .insert("tenant_name".to_owned(), json!(name.as_str()));
                tenant.meta.insert("created_by".to_owned(), json!("ada"));
            }
        }
    }
    tenant
}

/// What is random about a tenant beside its columns: noted facts, whether it keeps its domains, whether
/// it has one more, organizations of its own.
type Rest = (Map<String, Value>, bool, bool, Option<Vec<String>>);

fn rest() -> impl Strategy<Value = Rest> {
    let organizations = vec(
        select(&["Org1", "Org 2", "no"][..]).prop_map(str::to_owned),
        0..3,
    );
    (
        object(),
        any::<bool>(),
        any::<bool>(),
        proptest::option::of(organizations),
    )
}

fn settings() -> impl Strategy<Value = Settings> {
    any::<[bool; 3]>().prop_map(
        |[https, provision_extra_routes, include_cors_lists]| Settings {
            https,
            provision_extra_routes,
            include_cors_lists,
            ..Settings::default()
        },
    )
}

/// Settings, and tenants there may be under them: no domain twice, but keys if they need not be `sound`.
/// Sound tenants also have nothing that could not be given to a new one.
pub(crate) fn tenants(sound: bool) -> impl Strategy<Value = (Settings, Vec<Present>)> {
    (settings(), vec((origin(), rest()), 0..6)).prop_map(move |(settings, origins)| {
        let mut keys = HashSet::new();
        let mut domains = HashSet::new();
        let mut present = Vec::new();
        for (number, (origin, (meta, keeps, gains, organizations))) in
            origins.into_iter().enumerate()
        {
            let mut tenant = columns(&settings, origin);
            tenant.id = i64::try_from(number).unwrap() * 3 + 1;
            tenant.meta.extend(meta);
            tenant
                .domains
                .retain(|domain| keeps && domains.insert(domain.clone()));
            tenant
                .domains
                .extend(gains.then(|| format!("more{number}.example.com")));
            let filter = organization_filter(&tenant.lms_configs);
            let is_sound = filter.is_ok() && !tenant.external_key.is_empty();
            tenant.organizations = organizations.unwrap_or_else(|| filter.unwrap_or_default());
            if !sound || (is_sound && keys.insert(tenant.external_key.clone())) {
                present.push(tenant);
            }
        }
        (settings, present)
    })
}

/// Texts, many of them nearly YAML.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => select(&["- ", ": ", "\n", "\n  ", "{", "}", "[", "]", ", ", "&a ", "*a", "!t ", "!!int ", "|\n", "---\n", "<<", "\"", "'"][..])
            .prop_map(str::to_owned),
        1 => text(),
    ];
    vec(token, 0..16).prop_map(|tokens| tokens.concat())
}
