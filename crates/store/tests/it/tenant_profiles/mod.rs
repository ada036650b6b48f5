//! Profiles of tenants and what belongs to them.

mod accounts;
mod backends;
mod data;
mod domains;
mod due;
mod former;
mod groups;
mod histories;
mod ownership;
mod people;
mod removals;
mod resellers;
mod templates;
mod tenants;

use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::data::{Address, Record};
use provost_store::tenant_profiles::groups::Group;
use provost_store::tenant_profiles::people::Person;
use provost_store::tenant_profiles::removals::{Going, Removal};
use provost_store::tenant_profiles::tenants::Tenant;
use provost_store::tenant_profiles::{
    backends as backend, data as record, domains as domain, groups as group, people as person,
    removals as removal, resellers as reseller, tenants as tenant,
};
use provost_store::tenants::Object;
use provost_store::{Constraint, Db, Fault, Store, Tx};
use serde_json::json;

use crate::support::{noon, user};

/// A row that is not there, under a key that none has.
fn nobody() -> Named {
    Named {
        id: i64::MAX,
        name: "nobody".to_owned(),
    }
}

/// Every kind of value, members in an order of their own, and what PostgreSQL's own JSON refuses.
fn odd() -> Object {
    let odd = json!({
        "z": [null, true, -0.5, 1e300, i64::MAX, u64::MAX, ""],
        "a\u{0}": "\u{0}",
        "\u{1f980}": {"b": {}, "a": [], "\u{202e}": "\u{feff}' \" \\ $1 ? %_"},
        "": {"": {"": ""}},
    });
    odd.as_object().unwrap().clone()
}

/// The domain of this name, made where it is missing.
async fn a_domain(tx: &Tx, name: &str) -> Named {
    let known = domain::named(tx, &[name]).await.unwrap();
    let domain = match known.into_iter().next() {
        Some(domain) => domain,
        None => domain::create(tx, name).await.unwrap(),
    };
    Named {
        id: domain.id,
        name: domain.name,
    }
}

async fn a_reseller(tx: &Tx, name: &str) -> Named {
    let made = reseller::create(tx, name, "", &Object::new()).await;
    made.unwrap().into()
}

/// A backend as tenants have it: others call it as it is called.
async fn a_backend(tx: &Tx, name: &str) -> (Named, String) {
    let made = backend::create(tx, name, name).await.unwrap();
    let named = Named {
        id: made.id,
        name: made.name,
    };
    (named, made.external_name)
}

/// A tenant with nothing but an id and a domain, not made yet.
async fn bare(tx: &Tx, tenant_id: &str) -> Tenant {
    Tenant {
        id: 0,
        tenant_id: tenant_id.to_owned(),
        kind: "Enterprise".to_owned(),
        name: String::new(),
        default_domain: a_domain(tx, "example.org").await,
        support_email: String::new(),
        contact: Object::new(),
        address: Object::new(),
        custom_routing: false,
        tenant_languages: false,
        reseller: None,
        external_ids: Default::default(),
        backend: None,
    }
}

/// A tenant, its key and id.
async fn a_tenant<'a>(tx: &Tx, tenant_id: &'a str) -> (i64, &'a str) {
    let id = tenant::create(tx, &bare(tx, tenant_id).await).await;
    (id.unwrap(), tenant_id)
}

/// A group with nothing but an id, not made yet.
fn bare_group(tenant: i64, group_id: &str) -> Group {
    Group {
        id: 0,
        tenant,
        group_id: group_id.to_owned(),
        name: String::new(),
        user_limit: 0,
        user_count: 0,
        default_domain: None,
        cli_name: String::new(),
        cli_phone_number: String::new(),
        dialing_code: String::new(),
        time_zone: "UTC".to_owned(),
        contact: Object::new(),
        address: Object::new(),
        reseller: None,
    }
}

/// A group, its key and id.
async fn a_group<'a>(tx: &Tx, tenant: i64, group_id: &'a str) -> (i64, &'a str) {
    let made = group::create_all(tx, &[bare_group(tenant, group_id)]).await;
    (made.unwrap()[0], group_id)
}

/// The tenant `t` with its group `g`, their keys and ids.
async fn place(tx: &Tx) -> ((i64, &'static str), (i64, &'static str)) {
    let tenant = a_tenant(tx, "t").await;
    (tenant, a_group(tx, tenant.0, "g").await)
}

/// Somebody above all tenants, not on record yet.
fn above_all(user: i64) -> Person {
    Person {
        user,
        level: 16,
        tenant: None,
        group: None,
        reseller: None,
        multi_as: false,
        read_only: false,
        backends: Vec::new(),
    }
}

fn named((id, name): (i64, &str)) -> Named {
    Named {
        id,
        name: name.to_owned(),
    }
}

/// Somebody with an account of this name who uses a group, or administers a tenant.
async fn a_person(tx: &Tx, name: &str, tenant: (i64, &str), group: Option<(i64, &str)>) -> Person {
    let person = Person {
        level: if group.is_some() { 0 } else { 12 },
        tenant: Some(named(tenant)),
        group: group.map(named),
        ..above_all(user(tx, name).await.id)
    };
    person::put(tx, &person).await.unwrap();
    person
}

/// Where the records of the user `u` of a group are, and what was kept of those before it.
fn at<'a>(tenant_id: &'a str, group_id: &'a str, group: Option<i64>) -> Address<'a> {
    Address {
        tenant_id,
        group_id,
        username: "u",
        group,
        gone: true,
    }
}

/// Where the records of the user `u` of a group are that is there, and nothing else.
fn within<'a>(tenant_id: &'a str, group_id: &'a str, group: Option<i64>) -> Address<'a> {
    Address {
        gone: false,
        ..at(tenant_id, group_id, group)
    }
}

/// Writes a record of the user `u` of a group that is there, with the key `k`, over what was kept.
async fn keep(
    tx: &Tx,
    (tenant, tenant_id): (i64, &str),
    (group, group_id): (i64, &str),
    application: &str,
    value: &str,
) {
    let record = Record {
        application,
        key: "k",
        value,
    };
    let address = at(tenant_id, group_id, Some(group));
    record::put(tx, address, (tenant, group), record)
        .await
        .unwrap();
}

/// What [`keep`] wrote last, where it is found.
async fn kept(db: &Db, address: Address<'_>, application: &str) -> Option<String> {
    record::find(db, address, application, "k").await.unwrap()
}

/// Removes a tenant, or a group of it.
async fn remove(tx: &Tx, tenant: (i64, &str), group: Option<(i64, &str)>, keeping: &[&str]) {
    let keeping: Vec<String> = keeping.iter().copied().map(str::to_owned).collect();
    let going = Going { tenant, group };
    removal::remove(tx, going, &keeping, noon()).await.unwrap();
}

/// All removals that are on record, oldest first.
async fn noted(db: &Db) -> Vec<Removal> {
    let mut all: Vec<Removal> = Vec::new();
    let last = |all: &[Removal]| all.last().map_or(0, |removal| removal.id);
    while let Some(next) = removal::next(db, last(&all)).await.unwrap() {
        all.push(next);
    }
    all
}

/// The one removal that is on record.
async fn only(db: &Db) -> Removal {
    let [removal] = noted(db).await.try_into().unwrap();
    removal
}

/// Sweeps everything away that is to go, a few rows at a time; how many there were.
async fn sweep(tx: &Tx, most: u64) -> u64 {
    let mut swept = 0;
    for removal in noted(tx).await {
        loop {
            let is_due = removal::is_due(tx, &removal).await.unwrap();
            let rows = removal::sweep(tx, &removal, most).await.unwrap();
            assert!(rows <= most, "{rows} of {most}");
            let did = rows > 0 || !noted(tx).await.contains(&removal);
            assert_eq!(is_due, did, "{removal:?}: {rows}");
            swept += rows;
            if rows < most {
                break;
            }
        }
    }
    swept
}

/// Whether something was refused because it repeats what is there.
#[track_caller]
fn assert_repeats<T: std::fmt::Debug>(done: &Result<T, Fault>, expected: Constraint) {
    let refused = matches!(done, Err(Fault::Duplicate(rule)) if *rule == expected);
    assert!(refused, "{expected:?}: {done:?}");
}

/// Whether something was refused because of a reference.
#[track_caller]
fn assert_dangles<T: std::fmt::Debug>(done: &Result<T, Fault>, case: &str) {
    let refused = matches!(done, Err(Fault::Dangling(Constraint::Reference)));
    assert!(refused, "{case}: {done:?}");
}

/// Runs something in a transaction that is not kept, since what is refused ends it.
async fn tried<T>(store: &Store, attempt: impl AsyncFnOnce(&Tx) -> T) -> T {
    let tx = store.begin().await.unwrap();
    attempt(&tx).await
}
