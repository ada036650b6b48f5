//! Pages of every list: put together, they are the list.

use std::fmt::Debug;
use std::future::Future;

use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_listing::{Direction, PageAsk, PageNumber, Slice};
use provost_store::Store;
use provost_store::assignments::{self, Assignment, Audit};
use provost_store::courses::{self, Course, NewLibrary};
use provost_store::listings::{
    self, AssignmentOrder, Filter, MemberOrder, MembersAsk, PeopleOrder, Reach, ScopesAsk, Seen,
};
use provost_store::organizations;
use provost_store::users;

use crate::support::{each_database, new_organization, new_user, noon};

const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

/// Twenty-six people, some of one name; the first holds one role, the next two, and so on to
/// five, then one again. Every eighth may not sign in, every ninth holds nothing.
async fn populate(store: &Store) {
    const SCOPES: [&str; 5] = [
        "lib:Org0:L0",
        "lib:Org1:*",
        "course-v1:Org2+C+R",
        "course-v1:*",
        "lib:Org0:L1",
    ];
    let tx = store.begin().await.unwrap();
    for number in 0..12 {
        let mut org = new_organization(&format!("Org{number}"));
        org.name = ["One", "Two", "éx"][number % 3].to_owned();
        let id = organizations::create(&tx, &org).await.unwrap();
        for slug in ["L0", "L1"] {
            let new = NewLibrary {
                org_id: Some(id),
                slug: slug.to_owned(),
                title: (number % 3 == 0).then(|| "A title".to_owned()),
            };
            courses::create_library(&tx, &new).await.unwrap();
        }
        let new = Course {
            id: format!("course-v1:Org{number}+C+R"),
            org: format!("Org{number}"),
            display_name: (number % 2 == 0).then(|| "Same".to_owned()),
        };
        courses::create_course(&tx, &new).await.unwrap();
    }
    for number in 0..26_usize {
        let letter = char::from(b'a' + u8::try_from((number * 7) % 26).unwrap());
        let mut new = new_user(&format!("{letter}{number}"));
        if number % 3 == 0 {
            new.username = new.username.to_uppercase();
        }
        new.first_name = ["", "Ann", "ann", "Élan"][number % 4].to_owned();
        new.email = format!("{}@example.org", number % 6);
        new.is_active = number % 8 != 7;
        let user = users::create(&tx, &new).await.unwrap();
        let held = if number % 9 == 8 { 0 } else { number % 5 + 1 };
        let wanted: Vec<Assignment> = SCOPES[..held]
            .iter()
            .map(|scope| Assignment {
                user_id: user.id,
                username: user.username.clone(),
                role: stored::role(if scope.starts_with("lib") {
                    "library_user"
                } else {
                    "course_staff"
                }),
                scope: ScopeKey::parse(scope).unwrap(),
            })
            .collect();
        assignments::assign(&tx, &wanted, noon(), Audit::None)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

/// What narrows a list in each way, and in none.
fn filters() -> [Filter; 5] {
    let all = Filter {
        seen: Seen::All,
        username: None,
        scopes: None,
        orgs: None,
        roles: None,
        search: None,
    };
    [
        Filter {
            seen: Seen::Only {
                exact: vec!["lib^lib:Org0:L0".to_owned()],
                prefixes: vec!["course-v1^".to_owned()],
            },
            ..all.clone()
        },
        Filter {
            orgs: Some(vec!["Org0".to_owned(), "Org2".to_owned()]),
            ..all.clone()
        },
        Filter {
            roles: Some(vec!["library_user".to_owned()]),
            ..all.clone()
        },
        Filter {
            search: Some("ann".to_owned()),
            ..all.clone()
        },
        all,
    ]
}

fn nth(number: u64, size: u64) -> PageAsk {
    PageAsk {
        number: PageNumber::Nth(number),
        size,
    }
}

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

#[test]
fn a_list_is_narrowed_by_thousands_of_words_and_prefixes_at_once() {
    each_database(|store| async move {
        populate(&store).await;
        let db = store.read();
        let mut words: Vec<String> = ["O", "oRg", "g1", "w"].map(str::to_owned).to_vec();
        words.extend(vec!["tw".to_owned(); 20_000]);
        let found = listings::organizations(db, None, &words, &nth(1, 100)).await;
        let found: Vec<String> = found
            .unwrap()
            .rows
            .into_iter()
            .map(|row| row.short_name)
            .collect();
        assert_eq!(found, ["Org1", "Org10"]);
        words.push("nowhere".to_owned());
        let found = listings::organizations(db, None, &words, &nth(1, 100)).await;
        assert_eq!(found.unwrap().total, 0);
        let [.., mut filter] = filters();
        let total = async |filter: &Filter| {
            let (by, first) = (AssignmentOrder::Username, nth(1, 1));
            let page = listings::assignments(db, filter, by, Direction::Ascending, &first, None);
            page.await.unwrap().total
        };
        let none: Vec<String> = (100..5_100)
            .map(|org| format!("lib^lib:Org{org}:"))
            .collect();
        let see = |prefixes| Seen::Only {
            exact: Vec::new(),
            prefixes,
        };
        filter.seen = see(none.clone());
        assert_eq!(total(&filter).await, 0);
        filter.seen = see([none, vec!["lib^".to_owned()]].concat());
        assert!(total(&filter).await > 10);
    });
}

#[test]
fn a_null_character_in_a_filter_finds_nobody() {
    each_database(|store| async move {
        populate(&store).await;
        let [.., all] = filters();
        let null = || Some(vec!["a\0b".to_owned()]);
        let narrowed = [
            Filter {
                username: Some("a\0b".to_owned()),
                ..all.clone()
            },
            Filter {
                scopes: null(),
                ..all.clone()
            },
            Filter {
                orgs: null(),
                ..all.clone()
            },
            Filter {
                roles: null(),
                ..all
            },
        ];
        for filter in &narrowed {
            let (by, ask) = (AssignmentOrder::Role, nth(1, 10));
            let page =
                listings::assignments(store.read(), filter, by, Direction::Ascending, &ask, None);
            assert_eq!(page.await.unwrap().total, 0, "{filter:?}");
        }
    });
}
