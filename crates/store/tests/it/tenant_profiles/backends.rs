//! The application servers that tenants are on.

use provost_store::tenant_profiles::backends::{self, Backend};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::tenants;
use provost_store::{Constraint, Fault};

use super::{
    a_backend, a_group, a_person, a_tenant, above_all, assert_dangles, assert_repeats, bare,
    remove, sweep, tried,
};
use crate::support::{each_database, user};

fn names(backends: &[Backend]) -> Vec<&str> {
    backends.iter().map(|row| row.name.as_str()).collect()
}

#[test]
fn backends_are_found_by_exactly_their_name_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert_eq!(backends::all(&tx).await.unwrap(), []);
        assert_eq!(backends::default(&tx).await.unwrap(), None);
        let mut made = Vec::new();
        for (name, external_name) in [("é", "x"), ("a", "%"), ("A", "x"), ("_", "X"), ("", "")] {
            made.push(backends::create(&tx, name, external_name).await.unwrap());
        }
        let all = backends::all(&tx).await.unwrap();
        assert_eq!(names(&all), ["", "A", "_", "a", "é"]);
        for backend in &made {
            let found = backends::find(&tx, &backend.name).await.unwrap();
            assert_eq!(found.as_ref(), Some(backend));
        }
        for name in ["É", "%", "a ", "a\0", "\0"] {
            assert_eq!(backends::find(&tx, name).await.unwrap(), None, "{name}");
        }
        for (external_name, expected) in [
            ("x", &["A", "é"][..]),
            ("X", &["_"]),
            ("%", &["a"]),
            ("_", &[]),
            ("", &[""]),
            ("x\0", &[]),
        ] {
            let found = backends::called(&tx, external_name).await.unwrap();
            assert_eq!(names(&found), expected, "{external_name}");
        }
        let ids = [made[0].id, made[2].id, made[0].id, 0];
        let found = backends::find_all(&tx, &ids).await.unwrap();
        assert_eq!(names(&found), ["A", "é"]);
        assert_eq!(backends::find_all(&tx, &[]).await.unwrap(), []);
    });
}

#[test]
fn a_name_is_taken_once() {
    each_database(|store| async move {
        let repeated = tried(&store, async |tx| {
            backends::create(tx, "a", "x").await.unwrap();
            backends::create(tx, "A", "x").await.unwrap();
            backends::create(tx, "a", "y").await
        });
        assert_repeats(&repeated.await, Constraint::ProfileBackend);
        let refused = tried(&store, async |tx| backends::create(tx, "a\0", "").await).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn one_backend_is_the_default_or_none() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let first = backends::create(&tx, "a", "").await.unwrap();
        let second = backends::create(&tx, "b", "").await.unwrap();
        for id in [Some(second.id), Some(first.id), Some(first.id), None, None] {
            backends::set_default(&tx, id).await.unwrap();
            let default = backends::default(&tx).await.unwrap();
            assert_eq!(default.map(|backend| backend.id), id);
            let all = backends::all(&tx).await.unwrap();
            for backend in all {
                assert_eq!(backend.is_default, Some(backend.id) == id, "{backend:?}");
            }
        }
    });
}

#[test]
fn others_call_a_backend_something_else() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (first, _) = a_backend(&tx, "a").await;
        let mut tenant = bare(&tx, "t").await;
        tenant.backend = Some((first.clone(), "a".to_owned()));
        tenants::create(&tx, &tenant).await.unwrap();
        let before = a_backend(&tx, "b").await;
        backends::set_default(&tx, Some(first.id)).await.unwrap();
        backends::rename(&tx, first.id, "\\").await.unwrap();
        let expected = Backend {
            id: first.id,
            name: "a".to_owned(),
            external_name: "\\".to_owned(),
            is_default: true,
        };
        assert_eq!(backends::find(&tx, "a").await.unwrap(), Some(expected));
        let other = backends::find(&tx, "b").await.unwrap().unwrap();
        assert_eq!(other.external_name, before.1);
        let tenant = tenants::find(&tx, "t").await.unwrap().unwrap();
        assert_eq!(tenant.backend, Some((first, "\\".to_owned())));
    });
}

#[test]
fn a_backend_is_used_by_tenants_and_people_who_are_there() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (backend, external_name) = a_backend(&tx, "a").await;
        let (other, _) = a_backend(&tx, "b").await;
        let used = async || backends::is_used(&tx, backend.id).await.unwrap();
        assert!(!used().await);
        let mut tenant = bare(&tx, "t").await;
        tenant.backend = Some((backend.clone(), external_name));
        let tenant = (tenants::create(&tx, &tenant).await.unwrap(), "t");
        assert!(used().await);
        remove(&tx, tenant, None, &[]).await;
        assert!(!used().await);

        // Somebody above all tenants, somebody of a tenant, somebody of a group.
        let second = a_tenant(&tx, "second").await;
        let group = a_group(&tx, second.0, "g").await;
        let above = above_all(user(&tx, "above").await.id);
        let of_tenant = a_person(&tx, "ada", second, None).await;
        let of_group = a_person(&tx, "bob", second, Some(group)).await;
        for person in [&above, &of_tenant, &of_group] {
            let using = Person {
                multi_as: true,
                backends: vec![backend.id],
                ..person.clone()
            };
            people::put(&tx, &using).await.unwrap();
            assert!(used().await, "{person:?}");
            people::put(&tx, person).await.unwrap();
            assert!(!used().await, "{person:?}");
        }
        for person in [&of_tenant, &of_group] {
            let using = Person {
                multi_as: true,
                backends: vec![backend.id],
                ..person.clone()
            };
            people::put(&tx, &using).await.unwrap();
        }
        assert!(used().await);
        remove(&tx, second, None, &[]).await;
        // Before the group is swept away, and after; the people stay on record.
        assert!(!used().await);
        assert!(backends::remove(&tx, backend.id).await.unwrap());
        assert_eq!(sweep(&tx, 1).await, 1);
        for person in [of_tenant, of_group] {
            assert!(people::is_on_record(&tx, person.user).await.unwrap());
        }
        assert!(!backends::remove(&tx, backend.id).await.unwrap());
        assert_eq!(names(&backends::all(&tx).await.unwrap()), [other.name]);
    });
}

#[test]
fn a_backend_with_a_tenant_stays() {
    each_database(|store| async move {
        let refused = tried(&store, async |tx| {
            let backend = a_backend(tx, "a").await;
            let id = backend.0.id;
            let mut tenant = bare(tx, "t").await;
            tenant.backend = Some(backend);
            tenants::create(tx, &tenant).await.unwrap();
            backends::remove(tx, id).await
        });
        assert_dangles(&refused.await, "a tenant is on it");
    });
}
