//! Tenants that were removed and may come back.

use provost_store::Tx;
use provost_store::tenants::deleted::{self, Deleted, Listed, NewDeleted, Sharing};
use serde_json::json;

use super::odd;
use crate::support::{each_database, later};

fn new(tenant_id: i64, tenant_name: &str) -> NewDeleted {
    NewDeleted {
        tenant_id,
        tenant_name: tenant_name.to_owned(),
        external_key: format!("{tenant_name}.local.openedx.io"),
        shared_with: Vec::new(),
        deleted_by: "ada".to_owned(),
        document: json!({"name": tenant_name, "odd": odd()}),
    }
}

fn tenants(rows: &[Deleted]) -> Vec<i64> {
    rows.iter().map(|row| row.tenant_id).collect()
}

fn listed(rows: &[Deleted]) -> Vec<Listed> {
    rows.iter().cloned().map(Listed::from).collect()
}

/// All that are kept, newest first.
async fn all(tx: &Tx) -> Vec<Deleted> {
    let mut all = Vec::new();
    for row in deleted::page(tx, None, 10).await.unwrap() {
        all.push(deleted::find(tx, row.id).await.unwrap().unwrap());
    }
    all
}

async fn several(tx: &Tx) -> Vec<Deleted> {
    deleted::put_all(tx, &[new(1, "a"), new(2, "b")], later(0))
        .await
        .unwrap();
    deleted::put_all(tx, &[new(1, "b")], later(2))
        .await
        .unwrap();
    deleted::put_all(tx, &[], later(2)).await.unwrap();
    all(tx).await
}

#[test]
fn removed_tenants_are_kept_newest_first() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let all = several(&tx).await;
        assert_eq!(tenants(&all), [1, 2, 1]);
        let expected = Deleted {
            id: all[2].id,
            tenant_id: 1,
            tenant_name: "a".to_owned(),
            external_key: "a.local.openedx.io".to_owned(),
            shared_with: Vec::new(),
            deleted_at: later(0),
            deleted_by: "ada".to_owned(),
            document: new(1, "a").document,
        };
        assert_eq!(all[2], expected);
        assert_eq!(all[2].document.to_string(), expected.document.to_string());
        let page = deleted::page(&tx, Some(all[0].id), 1).await.unwrap();
        assert_eq!(page, listed(&all[1..2]));
        let found = deleted::find(&tx, all[1].id).await.unwrap();
        assert_eq!(found.as_ref(), all.get(1));
        assert_eq!(deleted::find(&tx, 0).await.unwrap(), None);
    });
}

#[test]
fn what_was_kept_last_is_found_by_name() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let all = several(&tx).await;
        for (name, at) in [("a", Some(2)), ("b", Some(0)), ("B", None)] {
            let newest = deleted::newest_named(&tx, name).await.unwrap();
            assert_eq!(newest.as_ref(), at.map(|at: usize| &all[at]), "{name}");
        }
        let odd = [new(9, "nul\0")];
        deleted::put_all(&tx, &odd, later(3)).await.unwrap();
        let newest = deleted::newest_named(&tx, "nul\0").await.unwrap();
        assert_eq!(newest.map(|row| row.tenant_id), Some(9));
    });
}

/// Texts that a database can hardly shorten.
fn noise(length: u64) -> String {
    let mut state = 1_u64;
    let letters = (0..length).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from_u32(0x4e00 + u32::try_from((state >> 33) % 20_000).unwrap()).unwrap()
    });
    letters.collect()
}

#[test]
fn a_name_of_any_length_is_kept_as_far_as_it_fits() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let long = NewDeleted {
            external_key: "long".to_owned(),
            ..new(1, &noise(8_000))
        };
        deleted::put_all(&tx, &[long], later(0)).await.unwrap();
        let newest = deleted::newest_named(&tx, &noise(8_000)).await.unwrap();
        let name = newest.map(|row| row.tenant_name);
        assert_eq!(name, Some(noise(255)));
    });
}

#[test]
fn who_had_the_same_key_is_known() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let shared = NewDeleted {
            shared_with: vec![3, 1],
            ..new(2, "a")
        };
        let other = NewDeleted {
            shared_with: vec![5],
            ..new(4, "b")
        };
        deleted::put_all(&tx, &[new(1, "a"), shared, other], later(0))
            .await
            .unwrap();
        let found = deleted::sharing(&tx, &["a.local.openedx.io", "c"]).await;
        let expected = Sharing {
            tenant_id: 2,
            external_key: "a.local.openedx.io".to_owned(),
            shared_with: vec![3, 1],
        };
        assert_eq!(found.unwrap(), [expected]);
        assert_eq!(all(&tx).await[1].shared_with, [3, 1]);
    });
}

#[test]
fn what_was_kept_long_enough_is_told_oldest_first_and_forgotten() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let all = several(&tx).await;
        for (seconds, limit, expected) in [
            (0, 10, &[][..]),
            (1, 10, &[1, 2]),
            (2, 10, &[1, 2]),
            (3, 10, &[1, 2, 1]),
            (3, 1, &[1]),
        ] {
            let expired = deleted::expired(&tx, later(seconds), None, limit).await;
            assert_eq!(tenants(&expired.unwrap()), expected, "{seconds} {limit}");
        }
        for (at, expected) in [(2, &all[..2]), (1, &all[..1]), (0, &[])] {
            let after = Some((all[at].deleted_at, all[at].id));
            let expired = deleted::expired(&tx, later(3), after, 10).await.unwrap();
            let expected: Vec<Deleted> = expected.iter().rev().cloned().collect();
            assert_eq!(expired, expected, "{at}");
        }
        assert!(deleted::remove(&tx, all[0].id).await.unwrap());
        assert!(!deleted::remove(&tx, all[0].id).await.unwrap());
        deleted::put_all(&tx, &[new(3, "c")], later(3))
            .await
            .unwrap();
        let next = deleted::page(&tx, None, 10).await.unwrap();
        assert!(next[0].id > all[0].id, "{next:?}");
    });
}
