//! What the lists are made of, and what narrows them.

use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_listing::{PageAsk, PageNumber};
use provost_store::Store;
use provost_store::assignments::{self, Assignment, Audit};
use provost_store::courses::{self, Course, NewLibrary};
use provost_store::listings::{Filter, Seen};
use provost_store::organizations::{self, NewOrganization};
use provost_store::users::{self, NewUser};

use crate::support::{new_organization, new_user, noon};

/// Twenty-six people, some of one name; the first holds one role, the next two, and so on to
/// five, then one again. Every eighth may not sign in, every ninth holds nothing.
pub async fn populate(store: &Store) {
    const SCOPES: [&str; 5] = [
        "lib:Org0:L0",
        "lib:Org1:*",
        "course-v1:Org2+C+R",
        "course-v1:*",
        "lib:Org0:L1",
    ];
    let tx = store.begin().await.unwrap();
    for number in 0..12 {
        let org = NewOrganization {
            name: ["One", "Two", "éx"][number % 3].to_owned(),
            ..new_organization(&format!("Org{number}"))
        };
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
        let letter = if number % 3 == 0 {
            letter.to_ascii_uppercase()
        } else {
            letter
        };
        let new = NewUser {
            first_name: ["", "Ann", "ann", "Élan"][number % 4].to_owned(),
            email: format!("{}@example.org", number % 6),
            is_active: number % 8 != 7,
            ..new_user(&format!("{letter}{number}"))
        };
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
pub fn filters() -> [Filter; 5] {
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

pub fn nth(number: u64, size: u64) -> PageAsk {
    PageAsk {
        number: PageNumber::Nth(number),
        size,
    }
}
