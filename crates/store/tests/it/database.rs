//! Opening, reading, writing, giving up.

use std::time::Duration;

use provost_store::{Constraint, Fault, Options, Store, sessions, users};

use crate::support::{each_database, new_user, noon, user};

#[test]
fn a_dropped_transaction_leaves_nothing() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        user(&tx, "ada").await;
        drop(tx);
        assert_eq!(users::by_username(store.read(), "ada").await.unwrap(), None);
        let tx = store.begin().await.unwrap();
        user(&tx, "ada").await;
        tx.commit().await.unwrap();
        assert!(
            users::by_username(store.read(), "ada")
                .await
                .unwrap()
                .is_some()
        );
    });
}

#[test]
fn a_snapshot_sees_the_past_and_cannot_write() {
    each_database(|store| async move {
        let snapshot = store.snapshot().await.unwrap();
        assert_eq!(users::staff(&snapshot).await.unwrap(), [""; 0]);
        let tx = store.begin().await.unwrap();
        let mut ada = new_user("ada");
        ada.is_staff = true;
        users::create(&tx, &ada).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(users::staff(&snapshot).await.unwrap(), [""; 0]);
        let refused = users::create(&snapshot, &new_user("bob")).await;
        assert!(matches!(refused, Err(Fault::Broken(_))), "{refused:?}");
        drop(snapshot);
        assert_eq!(users::staff(store.read()).await.unwrap(), ["ada"]);
        assert_eq!(users::by_username(store.read(), "bob").await.unwrap(), None);
    });
}

#[test]
fn a_writer_that_waits_too_long_is_told_that_the_database_is_busy() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (url, _kept) in crate::support::empty_databases() {
        runtime.block_on(async {
            let mut options = Options::at(&url);
            options.max_connections = 1;
            options.busy_timeout = Duration::from_millis(200);
            let store = Store::open(&options).await.unwrap();
            store.migrate().await.unwrap();
            // The same process, and another one.
            let other = Store::open(&options).await.unwrap();
            let held = store.begin().await.unwrap();
            let refused = store.begin().await;
            assert!(matches!(refused, Err(Fault::Busy)), "{url}: {refused:?}");
            let refused = other.begin().await;
            assert!(matches!(refused, Err(Fault::Busy)), "{url}: {refused:?}");
            drop(held);
            store.begin().await.unwrap().commit().await.unwrap();
            store.close().await;
            other.close().await;
        });
    }
}

#[test]
fn a_reference_to_nothing_is_refused() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let session = sessions::Session {
            key_hash: "k".to_owned(),
            user_id: 404,
            created_at: noon(),
            expires_at: noon(),
        };
        let refused = sessions::create(&tx, &session).await;
        assert!(
            matches!(refused, Err(Fault::Dangling(Constraint::Reference))),
            "{refused:?}"
        );
    });
}

#[test]
fn an_address_of_another_database_is_refused() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for url in ["", "mysql://localhost/x", "store.db"] {
        let refused = runtime.block_on(Store::open(&Options::at(url)));
        assert!(
            matches!(refused, Err(Fault::Broken(_))),
            "{url}: {refused:?}"
        );
    }
}

#[test]
fn statistics_count_open_connections() {
    each_database(|store| async move {
        let snapshot = store.snapshot().await.unwrap();
        let stats = store.stats();
        assert!(stats.open >= 1);
        assert!(stats.idle < stats.open as usize);
        drop(snapshot);
    });
}
