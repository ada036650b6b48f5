//! What applications keep of end users, while their groups are there and afterwards.

use provost_store::Fault;
use provost_store::tenant_profiles::data::{self, Address, Record};

use super::{a_group, at, keep, kept, noted, place, remove, sweep, within};
use crate::support::each_database;

#[test]
fn records_are_found_by_exactly_their_address_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenant, group) = place(&tx).await;
        let address = at("t", "g", Some(group.0));
        for (application, key) in [
            ("é", "k"),
            ("b", "é"),
            ("b", "B"),
            ("b", "%"),
            ("B", ""),
            ("' \\", "\u{1f980}"),
        ] {
            let value = format!("{application} {key}");
            let record = Record {
                application,
                key,
                value: &value,
            };
            data::put(&tx, address, (tenant.0, group.0), record)
                .await
                .unwrap();
            let found = data::find(&tx, address, application, key).await.unwrap();
            assert_eq!(found.as_ref(), Some(&value));
            let own = within("t", "g", Some(group.0));
            let found = data::find(&tx, own, application, key).await.unwrap();
            assert_eq!(found, Some(value));
        }
        for address in [address, within("t", "g", Some(group.0))] {
            let applications = data::applications(&tx, address).await.unwrap();
            assert_eq!(applications, ["' \\", "B", "b", "é"]);
        }
        for (application, expected) in [
            ("b", &["%", "B", "é"][..]),
            ("B", &[""]),
            ("É", &[]),
            ("%", &[]),
            ("b\0", &[]),
        ] {
            let keys = data::keys(&tx, address, application).await.unwrap();
            assert_eq!(keys, expected, "{application}");
        }
        for (application, key) in [
            ("b", "b"),
            ("b", "_"),
            ("B", "k"),
            ("é\0", "k"),
            ("é", "k\0"),
        ] {
            let found = data::find(&tx, address, application, key).await.unwrap();
            assert_eq!(found, None, "{application} {key}");
        }
        let there = Some(group.0);
        for elsewhere in [
            at("T", "g", there),
            at("t", "G", there),
            at("t", "g", Some(group.0 + 1)),
            at("t", "g", None),
            at("t\0", "g", there),
            at("t", "g\0", there),
            Address {
                username: "U",
                ..address
            },
            Address {
                username: "u\0",
                ..address
            },
        ] {
            for gone in [false, true] {
                let elsewhere = Address { gone, ..elsewhere };
                assert_eq!(kept(&tx, elsewhere, "é").await, None, "{elsewhere:?}");
                let applications = data::applications(&tx, elsewhere).await.unwrap();
                assert_eq!(applications, [""; 0], "{elsewhere:?}");
                let keys = data::keys(&tx, elsewhere, "b").await.unwrap();
                assert_eq!(keys, [""; 0], "{elsewhere:?}");
                // Only those who write are told of a null character.
                let removed = data::remove(&tx, elsewhere, "é", "k").await;
                let names = [elsewhere.tenant_id, elsewhere.group_id, elsewhere.username];
                let is_refused = matches!(removed, Err(Fault::NullCharacter));
                let is_null = names.iter().any(|name| name.contains('\0'));
                assert_eq!(is_refused, is_null, "{elsewhere:?}: {removed:?}");
                assert!(is_null || !removed.unwrap(), "{elsewhere:?}");
            }
        }
    });
}

#[test]
fn a_record_is_replaced_and_removed_alone() {
    each_database(|store| async move {
        for gone in [false, true] {
            let tx = store.begin().await.unwrap();
            let (tenant, group) = place(&tx).await;
            let other = a_group(&tx, tenant.0, "h").await;
            let address = Address {
                gone,
                ..at("t", "g", Some(group.0))
            };
            keep(&tx, tenant, other, "a", "other").await;
            for value in ["first", "first", "", "' \\ \u{1f980}"] {
                keep(&tx, tenant, group, "a", value).await;
                assert_eq!(kept(&tx, address, "a").await.as_deref(), Some(value));
            }
            keep(&tx, tenant, group, "b", "b").await;
            for (application, key, expected) in [
                ("A", "k", false),
                ("a", "K", false),
                ("a", "k", true),
                ("a", "k", false),
            ] {
                let removed = data::remove(&tx, address, application, key).await.unwrap();
                assert_eq!(removed, expected, "{application} {key}");
            }
            assert_eq!(data::applications(&tx, address).await.unwrap(), ["b"]);
            let other = at("t", "h", Some(other.0));
            assert_eq!(kept(&tx, other, "a").await.as_deref(), Some("other"));
            let record = Record {
                application: "a",
                key: "k",
                value: "\0",
            };
            let refused = data::put(&tx, address, (tenant.0, group.0), record).await;
            assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        }
    });
}

#[test]
fn what_is_kept_is_kept_by_all_that_went() {
    each_database(|store| async move {
        for (by_group, by_tenant, expected) in [
            (None, &[][..], &[][..]),
            (None, &["a"], &["a"]),
            (None, &["a", "b", "a", "none"], &["a", "b"]),
            (None, &["A"], &[]),
            (Some(&["a", "b"][..]), &["b", "c"], &["b"]),
            (Some(&["a"]), &["b"], &[]),
            (Some(&[]), &["a", "b", "c"], &[]),
            (Some(&["c", "a"]), &["a", "b", "c"], &["a", "c"]),
            (Some(&["a", "b"]), &[], &[]),
        ] {
            let tx = store.begin().await.unwrap();
            let (tenant, group) = place(&tx).await;
            for application in ["a", "b", "c"] {
                keep(&tx, tenant, group, application, "value").await;
            }
            if let Some(keeping) = by_group {
                remove(&tx, tenant, Some(group), keeping).await;
                let found = data::applications(&tx, at("t", "g", None)).await.unwrap();
                let mut keeping = keeping.to_vec();
                keeping.sort_unstable();
                assert_eq!(found, keeping);
            }
            remove(&tx, tenant, None, by_tenant).await;
            // Before anything is swept away, and after.
            for _ in 0..2 {
                let case = format!("{by_group:?} {by_tenant:?}");
                let address = at("t", "g", None);
                let found = data::applications(&tx, address).await.unwrap();
                assert_eq!(found, expected, "{case}");
                let own = within("t", "g", None);
                let found = data::applications(&tx, own).await.unwrap();
                assert_eq!(found, [""; 0], "{case}");
                for application in ["a", "b", "c"] {
                    assert_eq!(kept(&tx, own, application).await, None, "{case}");
                    let keys = data::keys(&tx, own, application).await.unwrap();
                    assert_eq!(keys, [""; 0], "{case}");
                    let removed = data::remove(&tx, own, application, "k").await.unwrap();
                    assert!(!removed, "{case}");
                    let is_kept = expected.contains(&application);
                    let value = is_kept.then(|| "value".to_owned());
                    assert_eq!(kept(&tx, address, application).await, value, "{case}");
                    let keys = data::keys(&tx, address, application).await.unwrap();
                    assert_eq!(keys.len(), usize::from(is_kept), "{case}");
                }
                sweep(&tx, 2).await;
            }
            // What is found has gone through no removal that does not keep it.
            assert_eq!(noted(&tx).await.is_empty(), expected.is_empty());
        }
    });
}
