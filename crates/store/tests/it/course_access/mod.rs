//! Course access groups: who sees which rows, in what order; what is written, and what is refused.

mod courses;
mod evaluations;
mod given;
mod groups;
mod people;

use provost_listing::{LimitAsk, Slice};
use provost_store::course_access::{
    courses as access, groups as access_groups, memberships, people as access_people, rules,
};

use crate::support::each_database;
use given::{ALL, populate};

/// The total and the rows' keys of every list of red.
macro_rules! lists {
    ($db:expr, $red:expr, $ask:expr, $total:expr) => {{
        let (db, red, ask, total) = ($db, $red, $ask, $total);
        let people = access_people::PeopleFilter::default();
        let each = access::CoursesFilter::default();
        let linked = access::CoursesFilter {
            no_group: Some(false),
            ..each.clone()
        };
        [
            keys(
                &access_groups::page(db, red, ask, total).await.unwrap(),
                |row| row.id,
            ),
            keys(
                &memberships::page(db, red, ask, total).await.unwrap(),
                |row| row.id,
            ),
            keys(&rules::page(db, red, ask, total).await.unwrap(), |row| {
                row.id
            }),
            keys(&access::flags(db, red, ask, total).await.unwrap(), |row| {
                row.id
            }),
            keys(&access::links(db, red, ask, total).await.unwrap(), |row| {
                row.id
            }),
            keys(
                &access_people::page(db, red, &people, ask, total)
                    .await
                    .unwrap(),
                |row| row.id,
            ),
            keys(
                &access::page(db, red, &each, true, ask, total)
                    .await
                    .unwrap(),
                |row| row.id.clone(),
            ),
            keys(
                &access::page(db, red, &linked, true, ask, total)
                    .await
                    .unwrap(),
                |row| row.id.clone(),
            ),
        ]
    }};
}

fn keys<T, K: ToString>(slice: &Slice<T>, key: impl Fn(&T) -> K) -> (u64, Vec<String>) {
    let keys = slice.rows.iter().map(|row| key(row).to_string());
    (slice.total, keys.collect())
}

#[test]
fn every_list_is_the_sum_of_its_pages() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        for (at, (total, whole)) in lists!(db, world.red, &ALL, None).into_iter().enumerate() {
            assert!(whole.len() > 1, "list {at} is long enough to have pages");
            assert_eq!(total, whole.len() as u64, "list {at}");
            let mut rows = Vec::new();
            for offset in (0..total).step_by(2) {
                let ask = LimitAsk { limit: 2, offset };
                let page = lists!(db, world.red, &ask, Some(total))[at].clone();
                assert_eq!(page.0, total, "list {at}");
                rows.extend(page.1);
            }
            assert_eq!(rows, whole, "list {at}");
        }
    });
}

#[test]
fn windows_past_every_end_are_empty_and_overflow_nothing() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let whole = lists!(store.read(), world.red, &ALL, None);
        for offset in [1_000, i64::MAX.unsigned_abs(), u64::MAX] {
            for limit in [2, u64::MAX] {
                let ask = LimitAsk { limit, offset };
                let past = lists!(store.read(), world.red, &ask, None);
                for (past, whole) in past.iter().zip(&whole) {
                    assert_eq!(past, &(whole.0, Vec::new()), "{ask:?}");
                }
            }
        }
    });
}

#[test]
fn an_organization_without_anything_has_empty_lists() {
    each_database(|store| async move {
        populate(&store).await;
        for (at, list) in lists!(store.read(), 77, &ALL, None).iter().enumerate() {
            assert_eq!(list, &(0, Vec::new()), "list {at}");
        }
    });
}
