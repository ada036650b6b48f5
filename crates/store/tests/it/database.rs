//! Opening, reading, writing, giving up.

use std::os::unix::fs::MetadataExt as _;
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
        // The text of the database, once, and not where in its source it stands.
        match refused {
            Err(Fault::Broken(cause)) => assert!(
                cause.source().is_none()
                    && cause.to_string().contains("read")
                    && !cause.to_string().contains("rror")
                    && !cause.to_string().contains(" line "),
                "{cause}"
            ),
            other => panic!("{other:?}"),
        }
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
fn a_file_is_made_for_its_owner_alone_and_only_if_wanted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut options = Options::at(format!("sqlite://{}/a.db", folder.path().display()));
    options.create_if_missing = false;
    let refused = runtime.block_on(Store::open(&options));
    assert!(matches!(refused, Err(Fault::Missing)), "{refused:?}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    options.create_if_missing = true;
    runtime.block_on(async {
        let store = Store::open(&options).await.unwrap();
        store.migrate().await.unwrap();
        for file in ["a.db", "a.db-wal", "a.db-shm"] {
            let made = folder.path().join(file).metadata().unwrap();
            assert_eq!(made.mode() & 0o777, 0o600, "{file}");
        }
        store.close().await;
    });
    options.create_if_missing = false;
    runtime.block_on(Store::open(&options)).unwrap();
}

#[test]
fn a_server_that_cannot_be_reached_is_told_from_one_that_is_busy() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    for (host, why) in [
        (nobody.to_string(), "Connection refused"),
        ("nowhere.invalid".to_owned(), "lookup"),
    ] {
        let mut options = Options::at(format!("postgres://ada:hush@{host}/x"));
        options.busy_timeout = Duration::from_millis(300);
        let refused = runtime.block_on(Store::open(&options)).unwrap_err();
        let said = refused.to_string();
        assert!(
            matches!(refused, Fault::Unreachable(_)) && said.contains(why),
            "{said}"
        );
        assert!(!said.contains("hush"));
    }
    let Some(database) = provost_pgtest::database(None) else {
        return;
    };
    runtime.block_on(async {
        let other = Options::at(database.url.replace(&database.name, "no_such_name"));
        let refused = Store::open(&other).await;
        assert!(matches!(refused, Err(Fault::Missing)), "{refused:?}");
        let mut options = Options::at(&database.url);
        options.max_connections = 1;
        options.busy_timeout = Duration::from_millis(200);
        let store = Store::open(&options).await.unwrap();
        store.migrate().await.unwrap();
        store.reach().await.unwrap();
        let held = store.snapshot().await.unwrap();
        let busy = store.reach().await;
        assert!(matches!(busy, Err(Fault::Busy)), "{busy:?}");
        drop(held);
        store.close().await;
    });
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
