//! Tables from nothing, twice, by two at once, and refused when they are from the future.

use provost_store::bulk::{self, Cell};
use provost_store::{Fault, Options, Store};

use sea_orm::ConnectionTrait;

use crate::support::{each_database, empty_databases};

#[test]
fn an_empty_database_is_migrated_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (url, _kept) in empty_databases() {
        runtime.block_on(async {
            let store = Store::open(&Options::at(&url)).await.unwrap();
            let pending = store.pending().await.unwrap();
            assert_eq!(pending.first(), Some(&"0001_tables"), "{url}");
            let applied = store.migrate().await.unwrap();
            assert_eq!(applied.migrations, pending, "{url}");
            assert_eq!(store.pending().await.unwrap(), [""; 0], "{url}");
            assert_eq!(store.migrate().await.unwrap().migrations, [""; 0], "{url}");
            store.close().await;
        });
    }
}

#[test]
fn programs_that_start_at_once_migrate_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // What can go wrong depends on who comes first, so once is no proof.
    for (url, _kept) in (0..5).flat_map(|_| empty_databases()) {
        runtime.block_on(async {
            let store = Store::open(&Options::at(&url)).await.unwrap();
            let all = store.pending().await.unwrap().len();
            store.close().await;
            let starts = (0..8).map(|_| {
                let options = Options::at(&url);
                tokio::spawn(async move {
                    let store = Store::open(&options).await.unwrap();
                    let applied = store.migrate().await;
                    store.close().await;
                    applied
                        .unwrap_or_else(|fault| panic!("{}: {fault:?}", options.url))
                        .migrations
                        .len()
                })
            });
            let mut applied = Vec::new();
            for start in starts.collect::<Vec<_>>() {
                applied.push(start.await.unwrap());
            }
            applied.sort_unstable();
            assert_eq!(applied, [0, 0, 0, 0, 0, 0, 0, all], "{url}");
        });
    }
}

#[test]
fn a_database_from_the_future_is_refused_by_name() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (url, _kept) in empty_databases() {
        runtime.block_on(async {
            let store = Store::open(&Options::at(&url)).await.unwrap();
            store.migrate().await.unwrap();
            let sql = "INSERT INTO migrations (name) VALUES ('9999_from_the_future')";
            let newer = sea_orm::Database::connect(&url).await.unwrap();
            newer.execute_unprepared(sql).await.unwrap();
            for refused in [
                store.migrate().await.map(drop),
                store.pending().await.map(drop),
            ] {
                match refused {
                    Err(Fault::Newer { migration }) => {
                        assert_eq!(migration, "9999_from_the_future", "{url}");
                    }
                    other => panic!("{url}: {other:?}"),
                }
            }
            store.close().await;
        });
    }
}

#[test]
fn every_described_table_and_column_is_there() {
    each_database(|store| async move {
        for table in bulk::ALL {
            let rows = bulk::scan(store.read(), table, None, 10).await.unwrap();
            let expected: &[Vec<Cell>] = match table.name {
                "change_counter" => &[vec![Cell::Int(1), Cell::Int(0)]],
                _ => &[],
            };
            assert_eq!(rows, expected, "{}", table.name);
        }
    });
}
