//! Sweeping away what is left of tenants and groups that went.

use std::collections::BTreeMap;

use provost_store::tenant_profiles::domains::{self, Owner};
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::removals::{self, Going};
use provost_store::tenant_profiles::{data, tenants};
use provost_store::{Db, Fault, Store, Tx};

use super::{
    a_domain, a_group, a_person, a_tenant, at, keep, kept, noted, only, remove, sweep, within,
};
use crate::support::{each_database, noon};

type Place = (i64, &'static str);

/// A tenant with the groups `g` and `h`.
#[derive(Clone, Copy)]
struct Family {
    tenant: Place,
    groups: [Place; 2],
}

/// What is swept away of a family: two groups, eight records. Its five people stay on record.
const WHOLE: u64 = 10;
/// What is swept away of its group `g`: four records.
const GROUP: u64 = 4;

async fn family(tx: &Tx, tenant_id: &'static str) -> Family {
    let tenant = a_tenant(tx, tenant_id).await;
    let domain = a_domain(tx, "example.org").await.id;
    let groups = [
        a_group(tx, tenant.0, "g").await,
        a_group(tx, tenant.0, "h").await,
    ];
    let name = |name: &str| format!("{name}-{}", tenant.0);
    a_person(tx, &name("admin"), tenant, None).await;
    domains::assign(tx, Owner::Tenant(tenant.0), &[domain])
        .await
        .unwrap();
    for group in groups {
        for person in ["ada", "bob"] {
            let name = name(&format!("{person}-{}", group.1));
            a_person(tx, &name, tenant, Some(group)).await;
        }
        for application in ["a", "b", "c", "d"] {
            keep(tx, tenant, group, application, tenant_id).await;
        }
        domains::assign(tx, Owner::Group(group.0), &[domain])
            .await
            .unwrap();
    }
    Family { tenant, groups }
}

/// All that is found of a family while it is there.
#[derive(Debug, PartialEq)]
struct Seen {
    tenant: Option<tenants::Tenant>,
    groups: Vec<Group>,
    people: Vec<(String, Person)>,
    domains: BTreeMap<i64, Vec<String>>,
    records: Vec<Vec<String>>,
}

async fn seen(db: &Db, family: Family) -> Seen {
    let (tenant, tenant_id) = family.tenant;
    let all = people::all(db).await.unwrap();
    let is_of = |(_, person): &(String, Person)| {
        let own = person.tenant.as_ref();
        own.is_some_and(|own| own.id == tenant)
    };
    let keys = family.groups.map(|(group, _)| group);
    let mut records = Vec::new();
    for (group, group_id) in family.groups {
        let address = at(tenant_id, group_id, Some(group));
        records.push(data::applications(db, address).await.unwrap());
    }
    Seen {
        tenant: tenants::find(db, tenant_id).await.unwrap(),
        groups: groups::of_tenant(db, tenant).await.unwrap(),
        people: all.into_iter().filter(is_of).collect(),
        domains: domains::of_groups(db, &keys)
            .await
            .unwrap()
            .into_iter()
            .collect(),
        records,
    }
}

/// Whether people are on record, and whether they are found.
async fn on_record(db: &Db, people: &[(String, Person)]) -> Vec<(bool, bool)> {
    let mut all = Vec::new();
    for (_, person) in people {
        let found = people::find(db, person.user).await.unwrap();
        let is_on_record = people::is_on_record(db, person.user).await.unwrap();
        all.push((is_on_record, found.is_some()));
    }
    all
}

#[test]
fn nothing_of_a_tenant_that_went_is_found_and_nothing_of_another_is_lost() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let gone = family(&tx, "t").await;
        let other = family(&tx, "u").await;
        let before = seen(&tx, other).await;
        assert_eq!((before.groups.len(), before.people.len()), (2, 5));
        assert_eq!(before.records[1], ["a", "b", "c", "d"]);
        remove(&tx, gone.tenant, None, &["c"]).await;
        let left = seen(&tx, gone).await;
        assert_eq!((left.tenant, left.people), (None, Vec::new()));
        let own = domains::of(&tx, Owner::Tenant(gone.tenant.0)).await;
        assert_eq!(own.unwrap(), []);
        let listed = groups::list(&tx, &groups::Filter::default()).await.unwrap();
        let tenants: Vec<&str> = listed.iter().map(|row| row.tenant_id.as_str()).collect();
        assert_eq!(tenants, ["u", "u"]);
        for group in ["g", "h"] {
            let address = at("t", group, None);
            let found = data::applications(&tx, address).await.unwrap();
            assert_eq!(found, ["c"]);
            let address = within("t", group, None);
            let found = data::applications(&tx, address).await.unwrap();
            assert_eq!(found, [""; 0]);
        }
        assert_eq!(seen(&tx, other).await, before);
    });
}

#[test]
fn everything_is_swept_away_in_bites_but_what_is_kept() {
    each_database(|store| async move {
        for (most, keeping, rows) in [
            (1, &[][..], WHOLE),
            (1, &["a", "c"], WHOLE - 4),
            (2, &["a"], WHOLE - 2),
            (3, &["a", "b"], WHOLE - 4),
            (5, &[], WHOLE),
            (7, &["a", "b", "c", "d"], WHOLE - 8),
            (WHOLE, &[], WHOLE),
            (WHOLE + 1, &["none"], WHOLE),
            (1_000_000, &["a", "A"], WHOLE - 2),
        ] {
            let tx = store.begin().await.unwrap();
            let gone = family(&tx, "t").await;
            let other = family(&tx, "u").await;
            let before = seen(&tx, other).await;
            let people = seen(&tx, gone).await.people;
            remove(&tx, gone.tenant, None, keeping).await;
            let removal = only(&tx).await;
            let case = format!("{most} {keeping:?}");
            let mut bites = Vec::new();
            while bites.last().is_none_or(|last| *last == most) {
                let is_due = removals::is_due(&tx, &removal).await.unwrap();
                let rows = removals::sweep(&tx, &removal, most).await.unwrap();
                let did = rows > 0 || noted(&tx).await.is_empty();
                assert_eq!(is_due, did, "{case}: {rows} after {bites:?}");
                bites.push(rows);
            }
            // Nobody is swept away, and nobody is found.
            assert_eq!(on_record(&tx, &people).await, [(true, false); 5], "{case}");
            assert_eq!(bites.iter().sum::<u64>(), rows, "{case}: {bites:?}");
            assert_eq!(seen(&tx, other).await, before, "{case}");
            let left = seen(&tx, gone).await;
            assert_eq!(left.groups, [], "{case}");
            let wanted: Vec<&str> = ["a", "b", "c", "d"]
                .into_iter()
                .filter(|application| keeping.contains(application))
                .collect();
            assert_eq!(left.records, [wanted.clone(), wanted.clone()], "{case}");

            // What is kept keeps the removal, as long as any of it is there.
            assert_eq!(noted(&tx).await.is_empty(), wanted.is_empty(), "{case}");
            for group in ["g", "h"] {
                for application in &wanted {
                    assert_eq!(only(&tx).await, removal, "{case}");
                    assert!(!removals::is_due(&tx, &removal).await.unwrap(), "{case}");
                    let address = at("t", group, None);
                    let removed = data::remove(&tx, address, application, "k").await;
                    assert!(removed.unwrap(), "{case}");
                    assert_eq!(sweep(&tx, most).await, 0, "{case}");
                }
            }
            assert_eq!(noted(&tx).await, [], "{case}");
            assert_eq!(seen(&tx, other).await, before, "{case}");
        }
    });
}

#[test]
fn a_group_goes_alone() {
    each_database(|store| async move {
        for (most, keeping) in [(1, &[][..]), (4, &["b"]), (100, &["a", "d"])] {
            let tx = store.begin().await.unwrap();
            let Family { tenant, groups } = family(&tx, "t").await;
            let other = family(&tx, "u").await;
            let others = seen(&tx, other).await;
            let own = Family { tenant, groups };
            let before = seen(&tx, own).await;
            remove(&tx, tenant, Some(groups[0]), keeping).await;
            for swept in [false, true] {
                let now = seen(&tx, own).await;
                assert_eq!(now.tenant, before.tenant);
                assert_eq!(now.groups, before.groups[1..]);
                let (left, gone): (Vec<_>, Vec<_>) =
                    before.people.iter().cloned().partition(|(_, person)| {
                        let group = person.group.as_ref();
                        group.is_none_or(|group| group.name == "h")
                    });
                assert_eq!((now.people.len(), &now.people), (3, &left));
                assert_eq!(on_record(&tx, &gone).await, [(true, false); 2]);
                assert_eq!(now.domains.keys().collect::<Vec<_>>(), [&groups[1].0]);
                let address = at("t", "g", None);
                let found = data::applications(&tx, address).await.unwrap();
                assert_eq!(found, keeping);
                assert_eq!(now.records[1], before.records[1]);
                assert_eq!(seen(&tx, other).await, others);
                let rows = if swept {
                    0
                } else {
                    GROUP - keeping.len() as u64
                };
                assert_eq!(sweep(&tx, most).await, rows);
            }
            let domains = domains::of(&tx, Owner::Tenant(tenant.0)).await.unwrap();
            assert_eq!(domains.len(), 1);
            assert_eq!(noted(&tx).await.is_empty(), keeping.is_empty());
        }
    });
}

#[test]
fn two_who_sweep_in_turn_are_as_good_as_one() {
    each_database(|store| async move {
        for keeping in [&[][..], &["a"]] {
            let tx = store.begin().await.unwrap();
            let gone = family(&tx, "t").await;
            remove(&tx, gone.tenant, Some(gone.groups[1]), keeping).await;
            remove(&tx, gone.tenant, None, keeping).await;
            let stale = noted(&tx).await;
            // The same id is taken again in the middle of it.
            let tenant = a_tenant(&tx, "t").await;
            let groups = [
                a_group(&tx, tenant.0, "g").await,
                a_group(&tx, tenant.0, "h").await,
            ];
            a_person(&tx, "new", tenant, Some(groups[1])).await;
            let again = Family { tenant, groups };
            let before = seen(&tx, again).await;
            assert_eq!(before.records, [keeping, keeping]);
            let mut swept = 0;
            for round in 0..20 {
                for removal in [&stale[round % 2], &stale[1], &stale[0]] {
                    let most = 1 + round as u64 % 3;
                    swept += removals::sweep(&tx, removal, most).await.unwrap();
                }
            }
            // The group's own row went with it, and was not swept away.
            assert_eq!(swept, WHOLE - 1 - 2 * keeping.len() as u64);
            assert_eq!(seen(&tx, again).await, before);
            assert_eq!(noted(&tx).await.is_empty(), keeping.is_empty());
        }
    });
}

/// Sweeps for as long as there is anything, each bite in a transaction of its own.
async fn keep_sweeping(store: Store) -> u64 {
    let (mut swept, mut last) = (0, 0);
    while let Some(removal) = removals::next(store.read(), last).await.unwrap() {
        loop {
            let tx = store.begin().await.unwrap();
            let rows = removals::sweep(&tx, &removal, 2).await.unwrap();
            tx.commit().await.unwrap();
            swept += rows;
            if rows < 2 {
                break;
            }
        }
        last = removal.id;
    }
    swept
}

#[test]
fn those_who_sweep_at_once_take_everything_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let other = family(&tx, "other").await;
        let before = seen(&tx, other).await;
        for keeping in [&[][..], &["b"], &["a", "c"]] {
            let gone = family(&tx, "t").await;
            remove(&tx, gone.tenant, None, keeping).await;
        }
        tx.commit().await.unwrap();
        let sweepers: Vec<_> = (0..8)
            .map(|_| tokio::spawn(keep_sweeping(store.clone())))
            .collect();
        let mut swept = 0;
        for sweeper in sweepers {
            swept += sweeper.await.unwrap();
        }
        // Four records are kept, and two gave way to others.
        assert_eq!(swept, 3 * WHOLE - 4 - 2);
        assert_eq!(noted(store.read()).await.len(), 1);
        assert_eq!(seen(store.read(), other).await, before);
    });
}

#[test]
fn a_removal_that_is_not_committed_never_was() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let family = family(&tx, "t").await;
        tx.commit().await.unwrap();
        let before = seen(store.read(), family).await;
        let tx = store.begin().await.unwrap();
        remove(&tx, family.tenant, Some(family.groups[0]), &[]).await;
        remove(&tx, family.tenant, None, &[]).await;
        sweep(&tx, 3).await;
        drop(tx);
        assert_eq!(seen(store.read(), family).await, before);
        assert_eq!(noted(store.read()).await, []);
    });
}

#[test]
fn a_null_character_names_no_application() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let going = Going {
            tenant,
            group: None,
        };
        let keeping = ["a\0".to_owned()];
        let refused = removals::remove(&tx, going, &keeping, noon()).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        drop(tx);
        assert_eq!(kept(store.read(), at("t", "g", None), "a").await, None);
    });
}
