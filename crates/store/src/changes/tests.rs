use sea_orm::{DbBackend, Statement, StatementBuilder};

use super::*;
use crate::{Options, Store};

/// A statement that says how SQLite would run another one.
struct Explained(SelectStatement);

impl StatementBuilder for Explained {
    fn build(&self, backend: &DbBackend) -> Statement {
        let mut statement = StatementBuilder::build(&self.0, backend);
        statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        statement
    }
}

async fn check(select: SelectStatement, expected: &str) {
    let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    let rows = store.read().rows(&Explained(select)).await.unwrap();
    let plan = rows
        .iter()
        .map(|row| row.try_get::<String>("", "detail").unwrap());
    assert_eq!(plan.collect::<Vec<_>>(), [expected]);
}

#[tokio::test]
async fn whoever_follows_the_log_walks_along_its_numbers() {
    let filter = Filter::default();
    let select = first_after(&filter, 7, 20).into_query();
    check(select, "SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)").await;
}

#[tokio::test]
async fn what_waits_is_counted_without_what_waited_once() {
    let expected = "SEARCH changes USING INDEX changes_kind_seq_idx (kind=? AND seq>?)";
    check(count_waiting(&["a", "b"], 7), expected).await;
}
