//! Whole tables in and out.

use provost_store::bulk::{self, Cell, Dangling, Kind, RowFault, Table, tables};
use provost_store::{Constraint, Fault, Tx, users};
use serde_json::json;

use crate::support::{each_database, new_user, noon};

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A row of a table that fits: `id` in every number, texts that differ by it.
fn row(table: &Table, id: i64) -> Vec<Cell> {
    let columns = table.columns.iter();
    columns
        .map(|column| match column.kind {
            Kind::Bool => Cell::Bool(id % 2 == 0),
            Kind::Int => Cell::Int(id),
            Kind::Text if column.references.is_some() => text(&format!("id {id}")),
            Kind::Text => text(&format!("{} {id}", column.name)),
            Kind::Time => Cell::Time(noon()),
            Kind::Json => Cell::Json(json!({"id": id, "é": [null]})),
        })
        .chain(table.links.iter().map(|_| Cell::Keys((1..=id).collect())))
        .collect()
}

async fn upsert(tx: &Tx, table: &'static Table, rows: Vec<Vec<Cell>>) {
    bulk::upsert(tx, table, rows).await.unwrap();
}

#[test]
fn every_table_takes_and_gives_back_its_rows() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for table in bulk::ALL {
            upsert(
                &tx,
                table,
                vec![row(table, 2), row(table, 1), row(table, 3)],
            )
            .await;
        }
        assert_eq!(bulk::dangling(&tx).await.unwrap(), []);
        tx.commit().await.unwrap();
        for table in bulk::ALL {
            let expected = [row(table, 1), row(table, 2), row(table, 3)];
            let all = bulk::scan(store.read(), table, None, 10).await.unwrap();
            assert_eq!(all, expected, "{}", table.name);
            let key = table
                .columns
                .iter()
                .position(|column| column.name == table.key)
                .unwrap();
            let rest = bulk::scan(store.read(), table, Some(&all[0][key]), 1)
                .await
                .unwrap();
            assert_eq!(rest, expected[1..2], "{}", table.name);
        }
    });
}

#[test]
fn nothing_goes_where_it_may() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for table in bulk::ALL {
            let mut row = row(table, 1);
            for (cell, column) in row.iter_mut().zip(table.columns) {
                if column.nullable {
                    *cell = Cell::Null;
                }
            }
            upsert(&tx, table, vec![row.clone()]).await;
            let back = bulk::scan(&tx, table, None, 10).await.unwrap();
            assert_eq!(back, [row], "{}", table.name);
        }
    });
}

#[test]
fn a_row_of_the_same_key_overwrites_and_the_last_wins() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let package =
            |id: i64, title: &str| vec![Cell::Int(id), text(title), Cell::Json(json!({}))];
        let table = &tables::LEARNING_PACKAGES;
        upsert(
            &tx,
            table,
            vec![package(1, "one"), package(2, "two"), package(1, "ONE")],
        )
        .await;
        upsert(&tx, table, vec![package(2, "TWO")]).await;
        let back = bulk::scan(&tx, table, None, 10).await.unwrap();
        assert_eq!(back, [package(1, "ONE"), package(2, "TWO")]);
    });
}

#[test]
fn rows_that_do_not_fit_are_refused_by_place_and_column() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let good = row(&tables::PROFILES, 1);
        let cases = [
            (
                vec![Cell::Int(1)],
                "a row of profiles has 1 values instead of 4",
            ),
            (
                vec![text("1"), good[1].clone(), good[2].clone(), good[3].clone()],
                "a value does not fit profiles.id",
            ),
            (
                vec![
                    good[0].clone(),
                    good[1].clone(),
                    Cell::Null,
                    good[3].clone(),
                ],
                "a value does not fit profiles.name",
            ),
        ];
        for (bad, expected) in cases {
            let rows = vec![row(&tables::PROFILES, 9), bad];
            match bulk::upsert(&tx, &tables::PROFILES, rows).await {
                Err(RowFault {
                    row: Some(1),
                    fault: Fault::Broken(source),
                }) => assert_eq!(source.to_string(), expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    });
}

#[test]
fn a_repeated_value_is_traced_to_its_row() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let named = |id: i64, name: &str| {
            let mut row = row(&tables::USERS, id);
            row[1] = text(name);
            row
        };
        upsert(&tx, &tables::USERS, vec![named(1, "ada")]).await;
        let stored = vec![named(2, "bob"), named(3, "ada")];
        let given = vec![
            named(4, "x"),
            named(5, "cyd"),
            named(6, "dan"),
            named(7, "cyd"),
        ];
        for (rows, place) in [(stored, 1), (given, 3)] {
            match bulk::upsert(&tx, &tables::USERS, rows).await {
                Err(RowFault {
                    row,
                    fault: Fault::Duplicate(constraint),
                }) => {
                    assert_eq!((row, constraint), (Some(place), Constraint::Username));
                    assert_eq!(constraint.columns(), ["username"]);
                }
                other => panic!("{other:?}"),
            }
        }
        // What was there before is there still, and the transaction goes on.
        upsert(&tx, &tables::USERS, vec![named(1, "ADA")]).await;
        tx.commit().await.unwrap();
        let left: Vec<String> = users::page(store.read(), None, None, 10)
            .await
            .unwrap()
            .into_iter()
            .map(|user| user.username)
            .collect();
        assert_eq!(left, ["ADA"]);
    });
}

#[test]
fn rows_without_a_value_are_not_taken_for_repetitions() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let scope = |id: i64, name: Cell| vec![Cell::Int(id), name];
        let table = &tables::AUTHZ_SCOPES;
        upsert(&tx, table, vec![scope(1, text("lib:Org1:LIB"))]).await;
        let rows = vec![
            scope(2, Cell::Null),
            scope(3, Cell::Null),
            scope(4, text("lib:Org1:LIB")),
        ];
        match bulk::upsert(&tx, table, rows).await {
            Err(RowFault {
                row,
                fault: Fault::Duplicate(constraint),
            }) => assert_eq!((row, constraint), (Some(2), Constraint::ScopeKey)),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn rows_may_come_before_what_they_refer_to() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        bulk::defer_references(&tx).await.unwrap();
        for table in bulk::ALL.iter().rev() {
            upsert(&tx, table, vec![row(table, 1)]).await;
        }
        tx.commit().await.unwrap();
    });
}

#[test]
fn references_to_nothing_are_reported_and_then_refused() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        bulk::defer_references(&tx).await.unwrap();
        let rows = (1..=150).map(|id| row(&tables::PROFILES, id)).collect();
        upsert(&tx, &tables::PROFILES, rows).await;
        upsert(
            &tx,
            &tables::AUTHZ_COURSE_SCOPES,
            vec![row(&tables::AUTHZ_COURSE_SCOPES, 7)],
        )
        .await;
        upsert(
            &tx,
            &tables::USERS,
            (1..=148).map(|id| row(&tables::USERS, id)).collect(),
        )
        .await;
        let dangling = bulk::dangling(&tx).await.unwrap();
        let found = |table, key: &str, column, value: &str| Dangling {
            table,
            key: key.to_owned(),
            column,
            value: value.to_owned(),
        };
        let expected = [
            found("profiles", "149", "user_id", "149"),
            found("profiles", "150", "user_id", "150"),
            found("authz_course_scopes", "7", "scope_id", "7"),
            found("authz_course_scopes", "7", "course_overview_id", "id 7"),
        ];
        assert_eq!(dangling, expected);
        let refused = tx.commit().await;
        assert!(
            matches!(refused, Err(Fault::Dangling(Constraint::Reference))),
            "{refused:?}"
        );
        let left = bulk::scan(store.read(), &tables::PROFILES, None, 10)
            .await
            .unwrap();
        assert_eq!(left, Vec::<Vec<Cell>>::new());
    });
}

#[test]
fn the_next_key_is_greater_than_any_before() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        upsert(&tx, &tables::USERS, vec![row(&tables::USERS, 41)]).await;
        bulk::advance_sequences(&tx).await.unwrap();
        let next = users::create(&tx, &new_user("next")).await.unwrap();
        assert_eq!(next.id, 42);
        upsert(&tx, &tables::USERS, vec![row(&tables::USERS, 7)]).await;
        for key in [41, 42] {
            users::delete(&tx, key).await.unwrap();
        }
        bulk::advance_sequences(&tx).await.unwrap();
        // Whoever held 42 is named in the log by that number.
        let first = users::create(&tx, &new_user("first")).await.unwrap();
        assert_eq!(first.id, 43);
    });
}

#[test]
fn derived_columns_follow_what_is_imported() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut ada = row(&tables::USERS, 1);
        ada[1] = text("ÄDA");
        ada[3] = text(" Äda");
        upsert(&tx, &tables::USERS, vec![ada]).await;
        for search in ["äda", "äda last_name 1"] {
            let found = users::page(&tx, None, Some(search), 10).await.unwrap();
            assert_eq!(found.len(), 1, "{search}");
        }
    });
}
