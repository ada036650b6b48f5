//! Who is listed, by which filter, with which membership.

use provost_listing::LimitAsk;
use provost_store::course_access::people::{self, PeopleFilter};
use provost_store::users;

use super::given::{ALL, populate};
use crate::support::each_database;

fn searched(terms: &[&str]) -> PeopleFilter {
    PeopleFilter {
        search: terms.iter().map(|&term| term.to_owned()).collect(),
        ..PeopleFilter::default()
    }
}

fn mailed(email: &str) -> PeopleFilter {
    PeopleFilter {
        email: Some(email.to_owned()),
        ..PeopleFilter::default()
    }
}

#[test]
fn a_search_finds_each_term_in_any_field_as_it_is() {
    let cases: &[(&[&str], &[&str])] = &[
        (&[], &["zoe", "bob", "ÇİĞDEM", "cyd", "max"]),
        (&["ZOË"], &["zoe"]),
        (&["élan", "CORP"], &["zoe"]),
        (&["élan", "x.example"], &[]),
        (&["çi\u{307}ğdem"], &["ÇİĞDEM"]),
        (&["ĞDEM"], &["ÇİĞDEM"]),
        (&["cigdem"], &[]),
        (&["%"], &["bob"]),
        (&["_"], &["bob"]),
        (&["0%_'Q\"\\"], &["bob"]),
        (&["'"], &["bob"]),
        (&["\""], &["bob"]),
        (&["\\"], &["bob"]),
        (&["%example"], &[]),
        (&["x.example"], &["bob", "ÇİĞDEM", "cyd", "max"]),
        // No profile: the other fields are looked into all the same.
        (&["cyd"], &["cyd"]),
        // An administrator, somebody inactive, somebody of the other organization, of none.
        (&["dan"], &[]),
        (&["eve"], &[]),
        (&["gus"], &[]),
        (&["ned"], &[]),
    ];
    each_database(|store| async move {
        let world = populate(&store).await;
        for (terms, expected) in cases {
            let page = people::page(store.read(), world.red, &searched(terms), &ALL, None).await;
            let page = page.unwrap();
            let names: Vec<&str> = page.rows.iter().map(|row| row.username.as_str()).collect();
            assert_eq!(&names, expected, "{terms:?}");
            assert_eq!(page.total, expected.len() as u64, "{terms:?}");
        }
        let many = vec!["e".to_owned(); 5_000];
        let filter = PeopleFilter {
            search: many,
            ..PeopleFilter::default()
        };
        let page = people::page(store.read(), world.red, &filter, &ALL, None).await;
        assert_eq!(page.unwrap().total, 5);
    });
}

#[test]
fn filters_narrow_together() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let [r1, r2, b1] = ["r1", "r2", "b1"].map(|name| Some(world.group(name)));
        let of = |group, no_group| PeopleFilter {
            group,
            no_group,
            ..PeopleFilter::default()
        };
        let both = |email, group| PeopleFilter {
            group,
            ..mailed(email)
        };
        let cases: &[(PeopleFilter, &[&str])] = &[
            (mailed("ZOE@corp.EXAMPLE"), &["zoe"]),
            (mailed("corp.example"), &[]),
            (mailed("dan@corp.example"), &[]),
            (mailed("gus@corp.example"), &[]),
            // The oldest membership counts: zoe is in r2 before r1, cyd in b1 before r1.
            (of(r1, None), &[]),
            (of(r2, None), &["zoe"]),
            (of(b1, None), &["cyd"]),
            (of(Some(i64::MAX), None), &[]),
            (of(None, Some(true)), &["bob", "ÇİĞDEM", "max"]),
            (of(None, Some(false)), &["zoe", "cyd"]),
            (of(r2, Some(false)), &["zoe"]),
            (of(r2, Some(true)), &[]),
            (both("zoe@corp.example", r2), &["zoe"]),
            (both("zoe@corp.example", r1), &[]),
            (both("bob@x.example", r2), &[]),
        ];
        for (filter, expected) in cases {
            for limit in [1, u64::MAX] {
                let ask = LimitAsk { limit, offset: 0 };
                let page = people::page(store.read(), world.red, filter, &ask, None).await;
                let page = page.unwrap();
                let names: Vec<&str> = page.rows.iter().map(|row| row.username.as_str()).collect();
                let most = usize::try_from(limit).unwrap().min(expected.len());
                assert_eq!(names, expected[..most], "{filter:?}");
                assert_eq!(page.total, expected.len() as u64, "{filter:?}");
            }
        }
    });
}

#[test]
fn a_person_is_shown_with_profile_and_oldest_membership() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        let page = people::page(db, world.red, &PeopleFilter::default(), &ALL, None).await;
        let shown: Vec<_> = page
            .unwrap()
            .rows
            .into_iter()
            .map(|row| {
                let group = row.membership.map(|(_, group)| group.name);
                (row.username, row.name, group)
            })
            .collect();
        let row = |username: &str, name: Option<&str>, group: Option<&str>| {
            let own = |text: Option<&str>| text.map(str::to_owned);
            (username.to_owned(), own(name), own(group))
        };
        let expected = [
            row("zoe", Some("Zoë Élan"), Some("r2")),
            row("bob", Some("100%_'q\"\\"), None),
            row("ÇİĞDEM", Some(""), None),
            row("cyd", None, Some("b1")),
            row("max", Some("Max"), None),
        ];
        assert_eq!(shown, expected);
    });
}

#[test]
fn one_person_is_found_where_the_list_has_them() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        for (name, red, blue, assignable) in [
            ("zoe", true, false, true),
            ("max", true, true, true),
            ("dan", false, false, true),
            ("eve", false, false, false),
            ("gus", false, true, false),
            ("ned", false, false, false),
        ] {
            let id = world.user(name);
            for (organization, there) in [(world.red, red), (world.blue, blue)] {
                let found = people::find(db, organization, id).await.unwrap();
                assert_eq!(found.map(|found| found.id), there.then_some(id), "{name}");
            }
            let found = people::assignable(db, world.red, id).await.unwrap();
            assert_eq!(
                found.map(|found| found.id),
                assignable.then_some(id),
                "{name}"
            );
        }
        let zoe = users::by_username(db, "zoe").await.unwrap().unwrap();
        let shown = people::assignable(db, world.red, zoe.id).await.unwrap();
        let shown = shown.unwrap();
        assert_eq!((shown.username, shown.email), (zoe.username, zoe.email));
        assert_eq!(people::find(db, world.red, -1).await.unwrap(), None);
    });
}
