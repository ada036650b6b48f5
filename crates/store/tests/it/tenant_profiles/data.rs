//! What applications keep of end users, while their groups are there and afterwards.

use provost_store::tenant_profiles::data::{self, Address, Record};
use provost_store::{Fault, Tx};

use super::{a_group, a_tenant, at, keep, kept, noted, remove, sweep};
use crate::support::each_database;

type Place = (i64, &'static str);

/// The tenant `t` with its group `g`.
async fn place(tx: &Tx) -> (Place, Place) {
    let tenant = a_tenant(tx, "t").await;
    (tenant, a_group(tx, tenant.0, "g").await)
}

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
            assert_eq!(found, Some(value));
        }
        let applications = data::applications(&tx, address).await.unwrap();
        assert_eq!(applications, ["' \\", "B", "b", "é"]);
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
            assert_eq!(kept(&tx, elsewhere, "é").await, None, "{elsewhere:?}");
            let applications = data::applications(&tx, elsewhere).await.unwrap();
            assert_eq!(applications, [""; 0], "{elsewhere:?}");
            let keys = data::keys(&tx, elsewhere, "b").await.unwrap();
            assert_eq!(keys, [""; 0], "{elsewhere:?}");
        }
    });
}

#[test]
fn a_record_is_replaced_and_removed_alone() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenant, group) = place(&tx).await;
        let other = a_group(&tx, tenant.0, "h").await;
        let address = at("t", "g", Some(group.0));
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
                for application in ["a", "b", "c"] {
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

#[test]
fn what_was_kept_is_found_by_those_who_come_after_and_gives_way() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenant, group) = place(&tx).await;
        for application in ["a", "b", "c"] {
            keep(&tx, tenant, group, application, "first").await;
        }
        remove(&tx, tenant, None, &["a", "b"]).await;
        let (tenant, group) = place(&tx).await;
        let address = at("t", "g", Some(group.0));
        let found = async |application| kept(&tx, address, application).await;
        for swept in [false, true] {
            for (application, expected) in [("a", Some("first")), ("b", Some("first")), ("c", None)]
            {
                let expected = expected.map(str::to_owned);
                assert_eq!(found(application).await, expected, "{application} {swept}");
            }
            sweep(&tx, 1).await;
        }
        // What is written anew is all there is, and so is nothing.
        keep(&tx, tenant, group, "a", "second").await;
        assert_eq!(found("a").await.as_deref(), Some("second"));
        assert_eq!(kept(&tx, at("t", "g", None), "a").await, None);
        assert!(data::remove(&tx, address, "a", "k").await.unwrap());
        assert_eq!(found("a").await, None);
        assert!(data::remove(&tx, address, "b", "k").await.unwrap());
        assert_eq!(data::applications(&tx, address).await.unwrap(), [""; 0]);
        assert_eq!(sweep(&tx, 1).await, 0);
        assert!(noted(&tx).await.is_empty());
    });
}

#[test]
fn what_was_kept_of_a_group_is_found_by_the_next_one_of_its_id() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenant, mut group) = place(&tx).await;
        keep(&tx, tenant, group, "a", "1").await;
        for life in 1..4 {
            let value = life.to_string();
            assert_eq!(
                kept(&tx, at("t", "g", Some(group.0)), "a").await,
                Some(value)
            );
            remove(&tx, tenant, Some(group), &["a"]).await;
            sweep(&tx, 1).await;
            group = a_group(&tx, tenant.0, "g").await;
            let value = (life + 1).to_string();
            keep(&tx, tenant, group, "a", &value).await;
        }
        // Of all the lives, one record is left.
        remove(&tx, tenant, None, &[]).await;
        assert_eq!(sweep(&tx, 10).await, 2);
        assert!(noted(&tx).await.is_empty());
    });
}

#[test]
fn what_was_kept_of_former_ones_is_forgotten_with_the_next() {
    each_database(|store| async move {
        for (is_group, keeping, expected) in [
            (false, &[][..], [None, None, None]),
            (false, &["a"], [Some("first"), None, None]),
            (false, &["b"], [None, Some("second"), Some("other")]),
            (true, &[], [None, None, Some("other")]),
            (
                true,
                &["a", "b"],
                [Some("first"), Some("second"), Some("other")],
            ),
        ] {
            let tx = store.begin().await.unwrap();
            let (tenant, group) = place(&tx).await;
            let other = a_group(&tx, tenant.0, "h").await;
            let stranger = a_tenant(&tx, "u").await;
            let strange = a_group(&tx, stranger.0, "g").await;
            for (tenant, group) in [(tenant, group), (stranger, strange)] {
                keep(&tx, tenant, group, "a", "first").await;
                keep(&tx, tenant, group, "b", "first").await;
            }
            keep(&tx, tenant, other, "b", "other").await;
            remove(&tx, tenant, None, &["a", "b"]).await;
            remove(&tx, stranger, None, &["a", "b"]).await;
            sweep(&tx, 3).await;

            let (tenant, group) = place(&tx).await;
            keep(&tx, tenant, group, "b", "second").await;
            remove(&tx, tenant, is_group.then_some(group), keeping).await;
            for swept in [false, true] {
                for ((group, application), expected) in [("g", "a"), ("g", "b"), ("h", "b")]
                    .into_iter()
                    .zip(expected)
                {
                    let found = kept(&tx, at("t", group, None), application).await;
                    let case = format!("{is_group} {keeping:?} {group} {application} {swept}");
                    assert_eq!(found, expected.map(str::to_owned), "{case}");
                }
                for application in ["a", "b"] {
                    let found = kept(&tx, at("u", "g", None), application).await;
                    assert_eq!(found.as_deref(), Some("first"));
                }
                sweep(&tx, 1).await;
            }
        }
    });
}
