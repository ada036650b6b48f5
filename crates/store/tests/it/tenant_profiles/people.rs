//! Who administers what, and who uses it.

use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::resellers;
use provost_store::{Tx, users};

use super::{
    a_backend, a_group, a_person, a_reseller, a_tenant, above_all, assert_dangles, named, nobody,
    remove, sweep, tried,
};
use crate::support::{each_database, user};

/// The account `ada`.
async fn ada(tx: &Tx) -> i64 {
    user(tx, "ada").await.id
}

#[test]
fn what_somebody_may_do_is_put_in_place_of_what_was() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = ada(&tx).await;
        let other = above_all(user(&tx, "bob").await.id);
        people::put(&tx, &other).await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let group = a_group(&tx, tenant.0, "g").await;
        let [x, y, z] = [
            a_backend(&tx, "x").await.0.id,
            a_backend(&tx, "y").await.0.id,
            a_backend(&tx, "z").await.0.id,
        ];
        let reseller = a_reseller(&tx, "r").await;
        assert_eq!(people::find(&tx, ada).await.unwrap(), None);
        for person in [
            above_all(ada),
            Person {
                level: 0,
                tenant: Some(named(tenant)),
                group: Some(named(group)),
                read_only: true,
                ..above_all(ada)
            },
            Person {
                reseller: Some(reseller),
                multi_as: true,
                backends: vec![z, x, y],
                ..above_all(ada)
            },
            Person {
                multi_as: true,
                backends: vec![y, z],
                ..above_all(ada)
            },
            Person {
                multi_as: true,
                ..above_all(ada)
            },
            Person {
                level: i64::MIN,
                tenant: Some(named(tenant)),
                ..above_all(ada)
            },
        ] {
            people::put(&tx, &person).await.unwrap();
            let found = people::find(&tx, ada).await.unwrap();
            assert_eq!(found.as_ref(), Some(&person));
            let listed = Person {
                backends: Vec::new(),
                ..person
            };
            let all = people::all(&tx).await.unwrap();
            assert_eq!(all, [listed, other.clone()]);
        }
        assert!(people::remove(&tx, ada).await.unwrap());
        assert!(!people::remove(&tx, ada).await.unwrap());
        assert_eq!(people::find(&tx, ada).await.unwrap(), None);
        assert_eq!(people::all(&tx).await.unwrap(), [other]);
    });
}

#[test]
fn only_who_tells_backends_apart_has_any() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut person = above_all(ada(&tx).await);
        person.backends = vec![a_backend(&tx, "x").await.0.id];
        people::put(&tx, &person).await.unwrap();
        let found = people::find(&tx, person.user).await.unwrap().unwrap();
        assert_eq!(found.backends, [0; 0]);
    });
}

#[test]
fn what_somebody_refers_to_is_there() {
    each_database(|store| async move {
        for (case, spoil) in [
            ("account", (|person| person.user += 99) as fn(&mut Person)),
            ("reseller", |person| person.reseller = Some(nobody())),
            ("backend", |person| person.backends = vec![nobody().id]),
        ] {
            for was_there in [false, true] {
                let refused = tried(&store, async |tx| {
                    let mut person = above_all(ada(tx).await);
                    if was_there {
                        people::put(tx, &person).await.unwrap();
                    }
                    spoil(&mut person);
                    people::put(tx, &person).await
                });
                assert_dangles(&refused.await, case);
            }
        }
    });
}

#[test]
fn who_belongs_to_what_is_gone_is_found_no_more() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let [g, h] = [
            a_group(&tx, tenant.0, "g").await,
            a_group(&tx, tenant.0, "h").await,
        ];
        let above = above_all(ada(&tx).await);
        people::put(&tx, &above).await.unwrap();
        let other = a_tenant(&tx, "u").await;
        let of_other = a_person(&tx, "bob", other, None).await;
        let of_tenant = a_person(&tx, "cyd", tenant, None).await;
        let of_g = a_person(&tx, "dan", tenant, Some(g)).await;
        let of_h = a_person(&tx, "eve", tenant, Some(h)).await;
        let everybody = [&above, &of_other, &of_tenant, &of_g, &of_h].map(Person::clone);
        let there = async |expected: &[&Person]| {
            let all = people::all(&tx).await.unwrap();
            assert_eq!(all.iter().collect::<Vec<_>>(), expected);
            for person in &everybody {
                let found = people::find(&tx, person.user).await.unwrap();
                assert_eq!(found.is_some(), expected.contains(&person), "{person:?}");
            }
        };
        there(&[&above, &of_other, &of_tenant, &of_g, &of_h]).await;
        remove(&tx, tenant, Some(g), &[]).await;
        there(&[&above, &of_other, &of_tenant, &of_h]).await;
        remove(&tx, tenant, None, &[]).await;
        there(&[&above, &of_other]).await;

        // Who comes back to what is made anew does so by being put there.
        let again = a_tenant(&tx, "t").await;
        let group = a_group(&tx, again.0, "g").await;
        there(&[&above, &of_other]).await;
        let back = Person {
            tenant: Some(named(again)),
            group: Some(named(group)),
            ..of_g.clone()
        };
        people::put(&tx, &back).await.unwrap();
        sweep(&tx, 1).await;
        assert_eq!(
            people::find(&tx, back.user).await.unwrap(),
            Some(back.clone())
        );
        let all = people::all(&tx).await.unwrap();
        assert_eq!(all, [above, of_other, back]);
    });
}

#[test]
fn who_is_confined_to_a_reseller_goes_with_it_and_with_the_account() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let reseller = a_reseller(&tx, "r").await;
        let backend = a_backend(&tx, "x").await.0.id;
        let mut people = Vec::new();
        for (name, reseller) in [("ada", Some(&reseller)), ("bob", None), ("cyd", None)] {
            let person = Person {
                reseller: reseller.cloned(),
                multi_as: true,
                backends: vec![backend],
                ..above_all(user(&tx, name).await.id)
            };
            people::put(&tx, &person).await.unwrap();
            people.push(person);
        }
        assert!(resellers::remove(&tx, reseller.id).await.unwrap());
        assert_eq!(people::find(&tx, people[0].user).await.unwrap(), None);
        users::delete(&tx, people[1].user).await.unwrap();
        assert_eq!(people::find(&tx, people[1].user).await.unwrap(), None);
        let left = people::find(&tx, people[2].user).await.unwrap();
        assert_eq!(left.as_ref(), people.get(2));
        assert_eq!(people::all(&tx).await.unwrap().len(), 1);
    });
}
