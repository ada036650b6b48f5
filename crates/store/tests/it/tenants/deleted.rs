//! Tenants that were removed and may come back.

use provost_store::Tx;
use provost_store::tenants::deleted::{self, Deleted, NewDeleted};
use serde_json::json;

use super::odd;
use crate::support::{each_database, later};

fn new(tenant_id: i64, tenant_name: &str) -> NewDeleted {
    NewDeleted {
        tenant_id,
        tenant_name: tenant_name.to_owned(),
        external_key: format!("{tenant_name}.local.openedx.io"),
        deleted_by: "ada".to_owned(),
        document: json!({"name": tenant_name, "odd": odd()}),
    }
}

fn tenants(rows: &[Deleted]) -> Vec<i64> {
    rows.iter().map(|row| row.tenant_id).collect()
}

async fn several(tx: &Tx) -> Vec<Deleted> {
    deleted::put_all(tx, &[new(1, "a"), new(2, "b")], later(0))
        .await
        .unwrap();
    deleted::put_all(tx, &[new(1, "b")], later(2))
        .await
        .unwrap();
    deleted::put_all(tx, &[], later(2)).await.unwrap();
    deleted::page(tx, None, 10).await.unwrap()
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
            deleted_at: later(0),
            deleted_by: "ada".to_owned(),
            document: new(1, "a").document,
        };
        assert_eq!(all[2], expected);
        assert_eq!(all[2].document.to_string(), expected.document.to_string());
        let page = deleted::page(&tx, Some(all[0].id), 1).await.unwrap();
        assert_eq!(page, all[1..2]);
        let found = deleted::find(&tx, all[1].id).await.unwrap();
        assert_eq!(found.as_ref(), all.get(1));
        assert_eq!(deleted::find(&tx, 0).await.unwrap(), None);
    });
}

#[test]
fn what_was_kept_last_is_found_by_key_and_by_name() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let all = several(&tx).await;
        for (tenant, at) in [(1, Some(0)), (2, Some(1)), (3, None)] {
            let newest = deleted::newest_of(&tx, tenant).await.unwrap();
            assert_eq!(newest.as_ref(), at.map(|at: usize| &all[at]), "{tenant}");
        }
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
            let expired = deleted::expired(&tx, later(seconds), limit).await;
            assert_eq!(tenants(&expired.unwrap()), expected, "{seconds} {limit}");
        }
        assert!(deleted::remove(&tx, all[0].id).await.unwrap());
        assert!(!deleted::remove(&tx, all[0].id).await.unwrap());
        let ids: Vec<i64> = all.iter().map(|row| row.id).collect();
        assert_eq!(deleted::remove_all(&tx, &ids).await.unwrap(), 2);
        deleted::put_all(&tx, &[new(3, "c")], later(3))
            .await
            .unwrap();
        let next = deleted::page(&tx, None, 10).await.unwrap();
        assert!(next[0].id > all[0].id, "{next:?}");
    });
}
