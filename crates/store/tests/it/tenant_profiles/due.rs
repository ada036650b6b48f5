//! Which removals are on record, and which of them are due.

use provost_store::tenant_profiles::data;
use provost_store::tenant_profiles::removals;

use super::{a_group, a_person, a_tenant, at, keep, nobody, noted, only, remove, sweep};
use crate::support::each_database;

#[test]
fn a_bite_of_nothing_takes_nothing() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert_eq!(removals::next(&tx, 0).await.unwrap(), None);
        assert_eq!(removals::newest(&tx).await.unwrap(), None);
        let gone = a_tenant(&tx, "t").await;
        remove(&tx, gone, None, &[]).await;
        let removal = only(&tx).await;
        assert!(removals::is_due(&tx, &removal).await.unwrap());
        assert_eq!(removals::sweep(&tx, &removal, 0).await.unwrap(), 0);
        assert_eq!(only(&tx).await, removal);
        assert!(removals::is_due(&tx, &removal).await.unwrap());
        assert_eq!(removals::sweep(&tx, &removal, 1).await.unwrap(), 0);
        assert_eq!(noted(&tx).await, []);
    });
}

#[test]
fn a_removal_is_due_until_only_what_is_kept_is_left() {
    each_database(|store| async move {
        for (is_group, keeping, dues) in [
            // Before anything is swept, after each row, and when what is kept is removed.
            (false, &[][..], &[true, true, true, true][..]),
            (false, &["a"], &[true, true, false, true]),
            (false, &["a", "b"], &[true, false, true]),
            (true, &[], &[true, true, true]),
            (true, &["a"], &[true, false, true]),
            (true, &["a", "b"], &[false, true]),
        ] {
            let tx = store.begin().await.unwrap();
            let tenant = a_tenant(&tx, "t").await;
            let group = a_group(&tx, tenant.0, "g").await;
            // Others do not matter.
            let other = a_group(&tx, a_tenant(&tx, "u").await.0, "g").await;
            for application in ["a", "b"] {
                keep(&tx, tenant, group, application, "value").await;
            }
            a_person(&tx, &format!("ada-{}", other.0), tenant, Some(group)).await;
            remove(&tx, tenant, is_group.then_some(group), keeping).await;
            let removal = only(&tx).await;
            let case = format!("{is_group} {keeping:?}");
            let rows = (if is_group { 2 } else { 3 }) - keeping.len();
            let mut found = Vec::new();
            for _ in 0..rows {
                found.push(removals::is_due(&tx, &removal).await.unwrap());
                let swept = removals::sweep(&tx, &removal, 1).await.unwrap();
                assert_eq!((swept, only(&tx).await), (1, removal.clone()), "{case}");
            }
            found.push(removals::is_due(&tx, &removal).await.unwrap());
            if !keeping.is_empty() {
                for application in keeping {
                    let address = at("t", "g", None);
                    let removed = data::remove(&tx, address, application, "k").await;
                    assert!(removed.unwrap(), "{case}");
                }
                found.push(removals::is_due(&tx, &removal).await.unwrap());
            }
            assert_eq!(found, dues, "{case}");
            assert_eq!(removals::sweep(&tx, &removal, 1).await.unwrap(), 0);
            assert_eq!(noted(&tx).await, [], "{case}");
        }
    });
}

#[test]
fn removals_are_told_oldest_first_and_their_keys_are_never_given_twice() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut gone = Vec::new();
        for tenant in ["c", "a", "b"] {
            let tenant = a_tenant(&tx, tenant).await;
            let group = a_group(&tx, tenant.0, "g").await;
            keep(&tx, tenant, group, "a", "kept").await;
            gone.push(tenant);
            let before = removals::newest(&tx).await.unwrap();
            remove(&tx, tenant, None, &["a"]).await;
            let newest = removals::newest(&tx).await.unwrap();
            assert!(newest > before, "{newest:?} after {before:?}");
        }
        let all = noted(&tx).await;
        assert_eq!(all.len(), 3);
        let newest = async || removals::newest(&tx).await.unwrap();
        assert_eq!(newest().await, Some(all[2].id));
        assert!(all.iter().map(|removal| removal.id).is_sorted());
        let after = removals::next(&tx, all[0].id).await.unwrap();
        assert_eq!(after.as_ref(), Some(&all[1]));
        assert_eq!(removals::next(&tx, all[2].id).await.unwrap(), None);
        assert_eq!(removals::next(&tx, nobody().id).await.unwrap(), None);
        // The last one goes, and what comes next comes after it.
        assert!(
            data::remove(&tx, at("b", "g", None), "a", "k")
                .await
                .unwrap()
        );
        sweep(&tx, 1).await;
        assert_eq!(noted(&tx).await, all[..2]);
        assert_eq!(newest().await, Some(all[1].id));
        let tenant = a_tenant(&tx, "b").await;
        assert!(tenant.0 > gone[2].0);
        remove(&tx, tenant, None, &[]).await;
        let next = removals::next(&tx, all[1].id).await.unwrap().unwrap();
        assert!(next.id > all[2].id, "{next:?} after {all:?}");
        assert_eq!(newest().await, Some(next.id));
    });
}
