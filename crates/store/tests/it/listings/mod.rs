//! Pages of every list: put together, they are the list.

mod given;
mod narrow;

use std::fmt::Debug;
use std::future::Future;

use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_listing::{Direction, PageAsk, Slice};
use provost_store::listings::{
    self, AssignmentOrder, MemberOrder, MembersAsk, PeopleOrder, Reach, ScopesAsk,
};

use crate::support::each_database;
use given::{filters, nth, populate};

const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

/// Reads a list whole, then page by page in pages of several sizes; gives it.
async fn check<T, F>(what: &str, page: impl Fn(PageAsk) -> F) -> Vec<T>
where
    T: Debug + PartialEq,
    F: Future<Output = Slice<T>>,
{
    let whole = page(nth(1, 1_000)).await;
    assert!(whole.rows.len() > 3, "{what} is long enough to have pages");
    assert_eq!(whole.total, whole.rows.len() as u64, "{what}");
    for size in [2, 7] {
        let mut rows = Vec::new();
        for number in 1..=whole.total.div_ceil(size) {
            let slice = page(nth(number, size)).await;
            assert_eq!(slice.total, whole.total, "{what}");
            rows.extend(slice.rows);
        }
        assert_eq!(rows, whole.rows, "{what} in pages of {size}");
    }
    whole.rows
}

/// Says whether rows stand in the order of their keys, where equal keys have any order.
fn assert_sorted(what: &str, direction: Direction, keys: &[String]) {
    let mut sorted = keys.to_vec();
    sorted.sort_by(|one, other| match direction {
        Direction::Ascending => one.cmp(other),
        Direction::Descending => other.cmp(one),
    });
    assert_eq!(keys, sorted, "{what}");
}

fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_lowercase()
}

#[test]
fn people_are_the_sum_of_their_pages() {
    each_database(|store| async move {
        populate(&store).await;
        let (db, mut lists) = (store.read(), 0);
        for filter in filters() {
            for by in [
                PeopleOrder::Username,
                PeopleOrder::FullName,
                PeopleOrder::Email,
            ] {
                for direction in DIRECTIONS {
                    let what = format!("people by {by:?} {direction:?} of {filter:?}");
                    let filter = &filter;
                    let people = check(&what, |ask| async move {
                        listings::people(db, filter, by, direction, &ask, None)
                            .await
                            .unwrap()
                    })
                    .await;
                    let key = |person: &listings::Person| match by {
                        PeopleOrder::Username => person.username.to_lowercase(),
                        PeopleOrder::FullName => full_name(&person.first_name, &person.last_name),
                        PeopleOrder::Email => person.email.to_lowercase(),
                    };
                    assert_sorted(
                        &what,
                        direction,
                        &people.iter().map(key).collect::<Vec<_>>(),
                    );
                    lists += 1;
                }
            }
        }
        assert_eq!(lists, 30);
    });
}

#[test]
fn assignments_are_the_sum_of_their_pages() {
    const ORDERS: [AssignmentOrder; 6] = [
        AssignmentOrder::Role,
        AssignmentOrder::Org,
        AssignmentOrder::Scope,
        AssignmentOrder::FullName,
        AssignmentOrder::Username,
        AssignmentOrder::Email,
    ];
    each_database(|store| async move {
        populate(&store).await;
        let db = store.read();
        for filter in filters() {
            for by in ORDERS {
                for direction in DIRECTIONS {
                    let what = format!("assignments by {by:?} {direction:?} of {filter:?}");
                    let filter = &filter;
                    let rows = check(&what, |ask| async move {
                        let slice = listings::assignments(db, filter, by, direction, &ask, None);
                        slice.await.unwrap()
                    })
                    .await;
                    let key = |row: &listings::AssignmentRow| match by {
                        AssignmentOrder::Role => row.role.to_lowercase(),
                        AssignmentOrder::Org => org(&row.scope).to_lowercase(),
                        AssignmentOrder::Scope => stored::external(&row.scope).to_lowercase(),
                        AssignmentOrder::FullName => full_name(&row.first_name, &row.last_name),
                        AssignmentOrder::Username => row.username.to_lowercase(),
                        AssignmentOrder::Email => row.email.to_lowercase(),
                    };
                    assert_sorted(&what, direction, &rows.iter().map(key).collect::<Vec<_>>());
                }
            }
        }
    });
}

fn org(scope: &str) -> String {
    let scope = ScopeKey::resolve(scope).unwrap();
    scope.org().unwrap_or("*").to_owned()
}

#[test]
fn members_are_the_sum_of_their_pages() {
    each_database(|store| async move {
        populate(&store).await;
        let db = store.read();
        for roles in [vec![], vec!["library_user".to_owned()]] {
            for order in [
                MemberOrder::Username,
                MemberOrder::ProfileName,
                MemberOrder::Email,
            ] {
                for direction in DIRECTIONS {
                    let ask = &MembersAsk {
                        scope: "lib^lib:Org0:L0".to_owned(),
                        search: None,
                        roles: roles.clone(),
                        order,
                        direction,
                    };
                    let what = format!("{ask:?}");
                    let members = check(&what, |page| async move {
                        listings::members(db, ask, &page).await.unwrap()
                    })
                    .await;
                    let key = |member: &listings::Member| match order {
                        MemberOrder::Username => member.username.to_lowercase(),
                        MemberOrder::ProfileName => member.full_name.to_lowercase(),
                        MemberOrder::Email => member.email.to_lowercase(),
                    };
                    assert_sorted(
                        &what,
                        direction,
                        &members.iter().map(key).collect::<Vec<_>>(),
                    );
                }
            }
        }
    });
}

#[test]
fn organizations_are_the_sum_of_their_pages() {
    each_database(|store| async move {
        populate(&store).await;
        let db = store.read();
        let visible: Vec<String> = (0..10).map(|number| format!("Org{number}")).collect();
        for visible in [None, Some(visible.as_slice())] {
            for terms in [vec![], vec!["o".to_owned()]] {
                let (what, terms) = (format!("organizations {visible:?} {terms:?}"), &terms);
                let rows = check(&what, |ask| async move {
                    listings::organizations(db, visible, terms, &ask)
                        .await
                        .unwrap()
                })
                .await;
                let names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
                assert_sorted(&what, Direction::Ascending, &names);
            }
        }
    });
}

#[test]
fn scopes_are_the_sum_of_their_pages() {
    each_database(|store| async move {
        populate(&store).await;
        let db = store.read();
        let all = Reach {
            all: true,
            ..Reach::default()
        };
        let some = Reach {
            orgs: vec!["Org1".to_owned(), "Org2".to_owned()],
            keys: ["course-v1:Org4+C+R", "lib:Org5:L1"]
                .map(str::to_owned)
                .to_vec(),
            ..Reach::default()
        };
        for (courses, libraries) in [
            (Some(all.clone()), Some(all.clone())),
            (Some(some.clone()), Some(some)),
            (Some(all.clone()), None),
            (None, Some(all)),
        ] {
            let ask = &ScopesAsk {
                courses,
                libraries,
                orgs: None,
                search: None,
            };
            let what = format!("{ask:?}");
            let rows = check(&what, |page| async move {
                listings::scopes(db, ask, &page).await.unwrap()
            })
            .await;
            let orgs: Vec<String> = rows.into_iter().map(|row| row.org).collect();
            assert_sorted(&what, Direction::Ascending, &orgs);
        }
    });
}
