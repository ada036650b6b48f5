//! What was kept of those who were there before, beside those who are there now.

use provost_store::tenant_profiles::data::{self, Record};

use super::{a_group, a_tenant, at, keep, kept, noted, place, remove, sweep, within};
use crate::support::each_database;

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
                let own = within("t", "g", Some(group.0));
                assert_eq!(
                    kept(&tx, own, application).await,
                    None,
                    "{application} {swept}"
                );
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
fn who_does_not_ask_for_what_is_gone_leaves_it_alone() {
    each_database(|store| async move {
        for is_group in [false, true] {
            let tx = store.begin().await.unwrap();
            let (tenant, group) = place(&tx).await;
            for application in ["a", "b"] {
                keep(&tx, tenant, group, application, "first").await;
            }
            remove(&tx, tenant, is_group.then_some(group), &["a", "b"]).await;
            let (tenant, group) = if is_group {
                (tenant, a_group(&tx, tenant.0, "g").await)
            } else {
                place(&tx).await
            };
            let own = within("t", "g", Some(group.0));
            let any = at("t", "g", Some(group.0));
            // The row of a group goes with it, or is swept away after its tenant.
            let mut rows = u64::from(!is_group);
            // What is done to `a`, what is found of it then, and what anybody finds: of two, the younger.
            for (value, expected, of_any) in [
                (None, None, Some("first")),
                (Some("second"), Some("second"), Some("second")),
                (Some("' \\"), Some("' \\"), Some("' \\")),
                (None, None, Some("first")),
                (None, None, Some("first")),
                (Some(""), Some(""), Some("")),
            ] {
                let case = format!("{is_group} {value:?}");
                let was_there = kept(&tx, own, "a").await.is_some();
                if let Some(value) = value {
                    let record = Record {
                        application: "a",
                        key: "k",
                        value,
                    };
                    data::put(&tx, own, (tenant.0, group.0), record)
                        .await
                        .unwrap();
                } else {
                    let removed = data::remove(&tx, own, "a", "k").await.unwrap();
                    assert_eq!(removed, was_there, "{case}");
                }
                assert_eq!(kept(&tx, own, "a").await.as_deref(), expected, "{case}");
                assert_eq!(kept(&tx, any, "a").await.as_deref(), of_any, "{case}");
                let there: Vec<&str> = expected.map(|_| "a").into_iter().collect();
                let found = data::applications(&tx, own).await.unwrap();
                assert_eq!(found, there, "{case}");
                let found = data::keys(&tx, own, "a").await.unwrap();
                assert_eq!(found.len(), there.len(), "{case}");
                let found = data::applications(&tx, any).await.unwrap();
                assert_eq!(found, ["a", "b"], "{case}");
                // One key, however many records have it.
                assert_eq!(data::keys(&tx, any, "a").await.unwrap(), ["k"], "{case}");
                assert_eq!(sweep(&tx, 1).await, std::mem::take(&mut rows), "{case}");
            }
            // All of them go at once, and all give way at once.
            assert!(data::remove(&tx, any, "a", "k").await.unwrap());
            assert!(!data::remove(&tx, any, "a", "k").await.unwrap());
            assert!(!data::remove(&tx, own, "b", "k").await.unwrap());
            keep(&tx, tenant, group, "b", "second").await;
            assert!(data::remove(&tx, own, "b", "k").await.unwrap());
            assert_eq!(kept(&tx, any, "b").await, None);
            sweep(&tx, 1).await;
            assert_eq!(noted(&tx).await, []);
        }
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
        let (first, second, other) = (Some("first"), Some("second"), Some("other"));
        // What is found, how many rows are swept away, and how many removals keep something then.
        for (is_group, keeping, expected, rows, keepers) in [
            (false, &[][..], [None, None, None], 4, 1),
            (false, &["a"], [first, None, None], 3, 2),
            (false, &["b"], [None, second, other], 2, 3),
            (true, &[], [None, None, other], 2, 2),
            (true, &["a"], [first, None, other], 1, 3),
            (true, &["b"], [None, second, other], 1, 3),
            (true, &["a", "b"], [first, second, other], 0, 4),
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
            let before = noted(&tx).await.len();
            remove(&tx, tenant, is_group.then_some(group), keeping).await;
            // Former records of a group are noted beside it.
            let further = noted(&tx).await.len() - before;
            assert_eq!(further, if is_group { 2 } else { 1 });
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
                let rows = if swept { 0 } else { rows };
                assert_eq!(sweep(&tx, 1).await, rows, "{is_group} {keeping:?}");
                assert_eq!(noted(&tx).await.len(), keepers, "{is_group} {keeping:?}");
            }
        }
    });
}
