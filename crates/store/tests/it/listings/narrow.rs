//! Filters of unusual size and content.

use provost_listing::Direction;
use provost_store::listings::{self, AssignmentOrder, Filter, Seen};

use super::given::{filters, nth, populate};
use crate::support::each_database;

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
