//! Who made and removed which tenant, or tried to.

use provost_listing::LimitAsk;
use provost_store::bulk::{self, Cell, tables};
use provost_store::tenants::log::{self, Filter, NewRow, Row};
use provost_store::{Db, Tx};
use serde_json::json;

use super::odd;
use crate::support::{each_database, later};

fn attempt(tenant_name: &str, action: &str, status: &str, performed_by: &str) -> NewRow {
    NewRow {
        action: action.to_owned(),
        status: status.to_owned(),
        tenant_name: tenant_name.to_owned(),
        tenant_id: None,
        performed_by: performed_by.to_owned(),
        request_data: json!({}),
        response_status: 400,
        error_message: String::new(),
        ip_address: None,
    }
}

async fn found(db: &Db, filter: &Filter, limit: u64, offset: u64) -> (Vec<Row>, u64) {
    let page = log::page(db, filter, &LimitAsk { limit, offset }).await;
    let page = page.unwrap();
    (page.rows, page.total)
}

#[test]
fn a_row_comes_back_as_it_was_added() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let new = NewRow {
            tenant_id: Some(i64::MAX),
            request_data: odd(),
            response_status: u16::MAX,
            error_message: "a\0b".to_owned(),
            ip_address: Some("2001:db8::1".to_owned()),
            ..attempt("nul\0", "create", "failed", "åda")
        };
        log::append(&tx, &new, later(0)).await.unwrap();
        let (rows, total) = found(&tx, &Filter::default(), 10, 0).await;
        let expected = Row {
            id: rows[0].id,
            action: new.action,
            status: new.status,
            tenant_name: "nul\u{fffd}".to_owned(),
            tenant_id: new.tenant_id,
            performed_by: new.performed_by,
            request_data: new.request_data,
            response_status: 65_535,
            error_message: "a\u{fffd}b".to_owned(),
            ip_address: new.ip_address,
            created_at: later(0),
        };
        assert_eq!((rows.as_slice(), total), (&[expected][..], 1));
    });
}

async fn several(tx: &Tx) {
    for (name, action, status, by, at) in [
        ("a", "create", "success", "ada", 0),
        ("b", "create", "failed", "bob", 2),
        ("a", "delete", "failed", "bob", 1),
        ("c\0", "delete", "success", "ada", 2),
    ] {
        let row = attempt(name, action, status, by);
        log::append(tx, &row, later(at)).await.unwrap();
    }
}

#[test]
fn the_newest_rows_come_first_and_filters_narrow_them() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        several(&tx).await;
        let text = |text: &str| Some(text.to_owned());
        let all = Filter::default();
        for (filter, expected) in [
            (all.clone(), &["c\u{fffd}", "b", "a", "a"][..]),
            (
                Filter {
                    tenant_name: text("a"),
                    ..all.clone()
                },
                &["a", "a"],
            ),
            (
                Filter {
                    tenant_name: text("A"),
                    ..all.clone()
                },
                &[],
            ),
            (
                Filter {
                    tenant_name: text("c\0"),
                    ..all.clone()
                },
                &["c\u{fffd}"],
            ),
            (
                Filter {
                    action: text("create"),
                    ..all.clone()
                },
                &["b", "a"],
            ),
            (
                Filter {
                    status: text("failed"),
                    ..all.clone()
                },
                &["b", "a"],
            ),
            (
                Filter {
                    performed_by: text("ada"),
                    ..all.clone()
                },
                &["c\u{fffd}", "a"],
            ),
            (
                Filter {
                    since: Some(later(1)),
                    ..all.clone()
                },
                &["c\u{fffd}", "b", "a"],
            ),
            (
                Filter {
                    until: Some(later(1)),
                    ..all.clone()
                },
                &["a"],
            ),
            (
                Filter {
                    since: Some(later(1)),
                    until: Some(later(2)),
                    ..all.clone()
                },
                &["a"],
            ),
            (
                Filter {
                    action: text("delete"),
                    performed_by: text("bob"),
                    ..all.clone()
                },
                &["a"],
            ),
        ] {
            let (rows, total) = found(&tx, &filter, 10, 0).await;
            let names: Vec<&str> = rows.iter().map(|row| row.tenant_name.as_str()).collect();
            assert_eq!(names, expected, "{filter:?}");
            assert_eq!(total, expected.len() as u64, "{filter:?}");
        }
    });
}

#[test]
fn pages_are_cut_out_of_all_rows() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        several(&tx).await;
        let (all, _) = found(&tx, &Filter::default(), 10, 0).await;
        for (limit, offset, expected) in [
            (2, 0, &all[..2]),
            (2, 3, &all[3..]),
            (u64::MAX, 1, &all[1..]),
            (2, u64::MAX, &[]),
        ] {
            let (rows, total) = found(&tx, &Filter::default(), limit, offset).await;
            assert_eq!(rows, expected, "{limit} {offset}");
            assert_eq!(total, 4, "{limit} {offset}");
        }
    });
}

#[test]
fn rows_from_elsewhere_are_listed_whatever_they_hold() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let text = |text: &str| Cell::Text(text.to_owned());
        let row = vec![
            Cell::Int(7),
            text("copy"),
            text(""),
            text("a"),
            Cell::Null,
            text("ada"),
            Cell::Json(json!(null)),
            Cell::Int(-70_000),
            text(""),
            text("no address"),
            Cell::Time(later(0)),
        ];
        bulk::upsert(&tx, &tables::PROVISIONING_LOGS, vec![row])
            .await
            .unwrap();
        let (rows, _) = found(&tx, &Filter::default(), 10, 0).await;
        assert_eq!(rows[0].response_status, -70_000);
        assert_eq!(rows[0].request_data, json!(null));
    });
}
