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

/// Somebody as they are listed.
fn with_name((name, person): (&str, &Person)) -> (String, Person) {
    (name.to_owned(), person.clone())
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
        assert!(!people::is_on_record(&tx, ada).await.unwrap());
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
            assert!(people::is_on_record(&tx, ada).await.unwrap());
            let expected = [("ada", &person), ("bob", &other)].map(with_name);
            assert_eq!(people::all(&tx).await.unwrap(), expected);
        }
        assert!(people::remove(&tx, ada).await.unwrap());
        assert!(!people::remove(&tx, ada).await.unwrap());
        assert_eq!(people::find(&tx, ada).await.unwrap(), None);
        assert!(!people::is_on_record(&tx, ada).await.unwrap());
        let all = people::all(&tx).await.unwrap();
        assert_eq!(all, [with_name(("bob", &other))]);
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
        let all = people::all(&tx).await.unwrap();
        assert_eq!(all, [with_name(("ada", &found))]);
    });
}

#[test]
fn everybody_is_listed_by_account_with_their_own_backends_in_their_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let [x, y, z] = [
            a_backend(&tx, "x").await.0.id,
            a_backend(&tx, "y").await.0.id,
            a_backend(&tx, "z").await.0.id,
        ];
        // Their names run backwards, and they are put on record in another order still.
        let cyd = user(&tx, "cyd").await.id;
        let bob = user(&tx, "B%").await.id;
        let ada = user(&tx, "ada").await.id;
        user(&tx, "nobody").await;
        let telling = |user, backends| Person {
            multi_as: true,
            backends,
            ..above_all(user)
        };
        let everybody = [
            ("cyd", telling(cyd, vec![z, x])),
            ("B%", above_all(bob)),
            ("ada", telling(ada, vec![y, x, z])),
        ];
        for at in [2, 0, 1] {
            people::put(&tx, &everybody[at].1).await.unwrap();
        }
        let expected = everybody.map(|(name, person)| (name.to_owned(), person));
        assert_eq!(people::all(&tx).await.unwrap(), expected);
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
            let people: Vec<&Person> = all.iter().map(|(_, person)| person).collect();
            assert_eq!(people, expected);
            for person in &everybody {
                let found = people::find(&tx, person.user).await.unwrap();
                assert_eq!(found.is_some(), expected.contains(&person), "{person:?}");
                let is_on_record = people::is_on_record(&tx, person.user).await;
                assert!(is_on_record.unwrap(), "{person:?}");
            }
        };
        there(&[&above, &of_other, &of_tenant, &of_g, &of_h]).await;
        remove(&tx, tenant, Some(g), &[]).await;
        there(&[&above, &of_other, &of_tenant, &of_h]).await;
        remove(&tx, tenant, None, &[]).await;
        there(&[&above, &of_other]).await;
        // They are never swept away; the group `h` is.
        assert_eq!(sweep(&tx, 1).await, 1);
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
        assert_eq!(sweep(&tx, 1).await, 0);
        assert_eq!(
            people::find(&tx, back.user).await.unwrap(),
            Some(back.clone())
        );
        let expected = [("ada", &above), ("bob", &of_other), ("dan", &back)];
        let all = people::all(&tx).await.unwrap();
        assert_eq!(all, expected.map(with_name));
        for (user, expected) in [(of_tenant.user, true), (of_h.user, true), (0, false)] {
            let is_on_record = people::is_on_record(&tx, user).await.unwrap();
            assert_eq!(is_on_record, expected, "{user}");
        }
    });
}

#[test]
fn who_belongs_to_what_is_gone_outlives_a_reseller_and_goes_with_the_account() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let reseller = a_reseller(&tx, "r").await;
        let backend = a_backend(&tx, "x").await.0.id;
        let gone = a_tenant(&tx, "t").await;
        let left = a_tenant(&tx, "u").await;
        let group = a_group(&tx, left.0, "g").await;
        let mut people = Vec::new();
        for (name, tenant, group, reseller) in [
            ("ada", gone, None, Some(&reseller)),
            ("bob", left, Some(group), Some(&reseller)),
            ("cyd", gone, None, None),
            ("dan", left, None, None),
            ("eve", left, None, None),
        ] {
            let person = Person {
                reseller: reseller.cloned(),
                multi_as: true,
                backends: vec![backend],
                ..a_person(&tx, name, tenant, group).await
            };
            people::put(&tx, &person).await.unwrap();
            people.push(person);
        }
        remove(&tx, gone, None, &[]).await;
        remove(&tx, left, Some(group), &[]).await;
        assert!(resellers::remove(&tx, reseller.id).await.unwrap());
        let mut there = [true; 5];
        for deleted in [None, Some(0), Some(3)] {
            if let Some(at) = deleted {
                users::delete(&tx, people[at].user).await.unwrap();
                there[at] = false;
            }
            for (at, person) in people.iter().enumerate() {
                let found = people::find(&tx, person.user).await.unwrap();
                // Only what two of them belong to is there.
                let expected = Some(person).filter(|_| there[at] && at > 2);
                assert_eq!(found.as_ref(), expected, "{deleted:?}");
                let is_on_record = people::is_on_record(&tx, person.user).await;
                assert_eq!(is_on_record.unwrap(), there[at], "{deleted:?} {person:?}");
            }
            sweep(&tx, 1).await;
        }
        let all = people::all(&tx).await.unwrap();
        assert_eq!(all, [with_name(("eve", &people[4]))]);
    });
}
