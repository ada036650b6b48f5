//! Who owns tenants and groups.

use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::resellers::{self, Reseller};
use provost_store::tenant_profiles::tenants::{self, Tenant};
use provost_store::tenants::Object;
use provost_store::{Constraint, Fault};

use super::{
    a_group, a_person, a_reseller, a_tenant, above_all, assert_dangles, assert_repeats, bare,
    bare_group, odd, remove, sweep, tried,
};
use crate::support::{each_database, user};

#[test]
fn resellers_are_found_by_exactly_their_name_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert_eq!(resellers::all(&tx).await.unwrap(), []);
        let mut made = Vec::new();
        for name in ["é", "b", "É", "a", "B", "%"] {
            let new = resellers::create(&tx, name, "\\'", &odd()).await.unwrap();
            assert_eq!((new.name.as_str(), &new.extra_data), (name, &odd()));
            made.push(new);
        }
        for reseller in &made {
            let found = resellers::find(&tx, &reseller.name).await.unwrap();
            assert_eq!(found.as_ref(), Some(reseller));
        }
        for name in ["A", "_", "", "a\0"] {
            assert_eq!(resellers::find(&tx, name).await.unwrap(), None, "{name}");
        }
        let all = resellers::all(&tx).await.unwrap();
        made.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(all, made);
        let order = serde_json::to_string(&all[0].extra_data).unwrap();
        assert_eq!(order, serde_json::to_string(&odd()).unwrap());
    });
}

#[test]
fn a_name_is_taken_once() {
    each_database(|store| async move {
        let repeated = tried(&store, async |tx| {
            a_reseller(tx, "É").await;
            a_reseller(tx, "é").await;
            resellers::create(tx, "É", "other", &Object::new()).await
        });
        assert_repeats(&repeated.await, Constraint::ProfileReseller);
        let refused = tried(&store, async |tx| {
            resellers::create(tx, "a\0", "", &Object::new()).await
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn everything_of_a_reseller_changes_but_its_name() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let first = a_reseller(&tx, "a").await;
        let second = resellers::create(&tx, "b", "B", &odd()).await.unwrap();
        let changed = Reseller {
            id: first.id,
            name: "other".to_owned(),
            external_name: "$1 ?".to_owned(),
            extra_data: odd(),
        };
        resellers::change(&tx, &changed).await.unwrap();
        let gone = Reseller {
            id: second.id + 1,
            ..changed.clone()
        };
        resellers::change(&tx, &gone).await.unwrap();
        let expected = Reseller {
            name: "a".to_owned(),
            ..changed
        };
        let all = resellers::all(&tx).await.unwrap();
        assert_eq!(all, [expected, second]);
    });
}

/// A tenant, a group, and somebody above all, who all are the reseller's or nobody's.
struct Owned {
    tenant: Tenant,
    group: Group,
    person: Person,
}

impl Owned {
    fn give(&mut self, place: usize, reseller: Option<Named>) {
        match place {
            0 => self.tenant.reseller = reseller,
            1 => self.group.reseller = reseller,
            _ => self.person.reseller = reseller,
        }
    }
}

#[test]
fn a_reseller_is_used_by_a_tenant_a_group_or_somebody() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let reseller = a_reseller(&tx, "a").await;
        let other = a_reseller(&tx, "b").await;
        let tenant = a_tenant(&tx, "t").await;
        a_group(&tx, tenant.0, "g").await;
        let mut owned = Owned {
            tenant: tenants::find(&tx, "t").await.unwrap().unwrap(),
            group: groups::find(&tx, tenant.0, "g").await.unwrap().unwrap(),
            person: above_all(user(&tx, "ada").await.id),
        };
        for (place, owner, expected) in [
            (0, Some(&reseller), true),
            (0, Some(&other), false),
            (1, Some(&reseller), true),
            (1, None, false),
            (2, Some(&reseller), true),
            (2, None, false),
        ] {
            owned.give(place, owner.cloned());
            tenants::change(&tx, &owned.tenant).await.unwrap();
            groups::change(&tx, &owned.group).await.unwrap();
            people::put(&tx, &owned.person).await.unwrap();
            let used = resellers::is_used(&tx, reseller.id).await.unwrap();
            assert_eq!(used, expected, "{place} {owner:?}");
        }
        assert!(resellers::remove(&tx, reseller.id).await.unwrap());
        assert!(!resellers::remove(&tx, reseller.id).await.unwrap());
        assert!(!resellers::is_used(&tx, reseller.id).await.unwrap());
    });
}

#[test]
fn what_is_gone_uses_no_reseller() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let reseller = a_reseller(&tx, "a").await;
        let used = async || resellers::is_used(&tx, reseller.id).await.unwrap();
        let tenant = Tenant {
            reseller: Some(reseller.clone()),
            ..bare(&tx, "t").await
        };
        let tenant = (tenants::create(&tx, &tenant).await.unwrap(), "t");
        let group = Group {
            reseller: Some(reseller.clone()),
            ..bare_group(tenant.0, "g")
        };
        let made = groups::create_all(&tx, &[group]).await.unwrap();
        let second = a_tenant(&tx, "second").await;
        let lone = a_group(&tx, second.0, "lone").await;
        let mut people = Vec::new();
        for (name, tenant, group) in [
            ("ada", tenant, None),
            ("bob", tenant, Some((made[0], "g"))),
            ("cyd", second, Some(lone)),
        ] {
            let confined = Person {
                reseller: Some(reseller.clone()),
                ..a_person(&tx, name, tenant, group).await
            };
            people::put(&tx, &confined).await.unwrap();
            people.push(confined.user);
        }
        remove(&tx, tenant, None, &[]).await;
        // By somebody of a group that is there.
        assert!(used().await);
        remove(&tx, second, Some(lone), &[]).await;
        assert!(!used().await);
        // The rest is not swept away yet, and is in nobody's way.
        assert!(resellers::remove(&tx, reseller.id).await.unwrap());
        assert_eq!(resellers::all(&tx).await.unwrap(), []);
        assert_eq!(people::all(&tx).await.unwrap(), []);
        // The people are on record without it, and only the group is swept away.
        for swept in [1, 0] {
            for user in &people {
                assert!(people::is_on_record(&tx, *user).await.unwrap(), "{user}");
                assert_eq!(people::find(&tx, *user).await.unwrap(), None);
            }
            assert_eq!(sweep(&tx, 2).await, swept);
        }
    });
}

#[test]
fn a_reseller_with_a_tenant_stays() {
    each_database(|store| async move {
        let refused = tried(&store, async |tx| {
            let reseller = a_reseller(tx, "a").await;
            let tenant = Tenant {
                reseller: Some(reseller.clone()),
                ..bare(tx, "t").await
            };
            tenants::create(tx, &tenant).await.unwrap();
            resellers::remove(tx, reseller.id).await
        });
        assert_dangles(&refused.await, "it owns a tenant");
    });
}
