//! Where two databases like to differ.

use provost_store::bulk::{self, Cell, tables};
use provost_store::users;
use provost_store::{Fault, oauth, organizations, rules};
use serde_json::json;

use crate::support::{each_database, grant, new_organization, new_user, organization};

#[test]
fn text_is_ordered_by_its_bytes() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for name in [
            "b", "a", "B", "_", "é", "z", "Ä", "-a", "a-", "a b", "𝄞", "ﬀ",
        ] {
            users::create(&tx, &new_user(name)).await.unwrap();
        }
        let page = users::page(&tx, None, None, 100).await.unwrap();
        let names: Vec<&str> = page.iter().map(|user| user.username.as_str()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names.len(), 12);
        assert_eq!(names, sorted);
    });
}

#[test]
fn case_is_folded_beyond_ascii_and_only_where_it_says_so() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut new = new_user("ÇİĞDEM");
        new.first_name = "ΣΊΣΥΦΟΣ".to_owned();
        users::create(&tx, &new).await.unwrap();
        for (search, found) in [
            ("çi", true),
            ("ğdem", true),
            ("σίσυ", true),
            ("cigdem", false),
        ] {
            let page = users::page(&tx, None, Some(search), 10).await.unwrap();
            assert_eq!(!page.is_empty(), found, "{search}");
        }
        assert_eq!(users::by_username(&tx, "çi̇ğdem").await.unwrap(), None);
    });
}

#[test]
fn microseconds_are_kept_before_and_after_1970() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (number, micros) in [0, -1, 1, -62_135_596_800_000_000, 253_402_300_799_999_999]
            .into_iter()
            .enumerate()
        {
            let mut new = new_user(&number.to_string());
            new.date_joined = chrono::DateTime::from_timestamp_micros(micros).unwrap();
            let made = users::create(&tx, &new).await.unwrap();
            assert_eq!(made.date_joined, new.date_joined);
        }
    });
}

#[test]
fn a_null_character_is_refused_by_both_and_found_by_neither() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let refused = users::create(&tx, &new_user("a\0b")).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        // It never reached the database, so the transaction goes on.
        users::create(&tx, &new_user("ab")).await.unwrap();
        let refused = rules::insert_missing(&tx, &[grant("a\0b", "r", "lib:*")]).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        assert_eq!(users::by_username(&tx, "a\0b").await.unwrap(), None);
        assert_eq!(oauth::application(&tx, "a\0b").await.unwrap(), None);
        tx.commit().await.unwrap();
    });
}

#[test]
fn text_of_any_kind_and_length_comes_back() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for text in [
            "",
            " ",
            "'",
            "\"",
            "\\",
            "$1",
            "?",
            "a\u{1}\n\t",
            "\u{feff}",
            "🦀",
        ] {
            let mut new = new_user(&format!("u{text}"));
            text.clone_into(&mut new.last_name);
            let made = users::create(&tx, &new).await.unwrap();
            assert_eq!(made.last_name, text);
            let found = users::resolve(&tx, &[made.username.as_str()])
                .await
                .unwrap();
            assert_eq!(found, [users::Found::One(made)]);
        }
        let mut org = new_organization("Org1");
        org.description = Some("ä".repeat(100_000));
        organizations::create(&tx, &org).await.unwrap();
        let found = organizations::find(&tx, "Org1").await.unwrap().unwrap();
        assert_eq!(found.description, org.description);
    });
}

#[test]
fn numbers_and_documents_keep_their_extremes() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let document = json!({"n": i64::MAX, "f": 0.1, "t": "\u{1}é\"", "deep": [[[null]]]});
        let row = |id: i64| {
            vec![
                Cell::Int(id),
                Cell::Text("t".to_owned()),
                Cell::Json(document.clone()),
            ]
        };
        let rows = vec![row(i64::MIN), row(-1), row(0), row(i64::MAX)];
        bulk::upsert(&tx, &tables::LEARNING_PACKAGES, rows.clone())
            .await
            .unwrap();
        let back = bulk::scan(&tx, &tables::LEARNING_PACKAGES, None, 10)
            .await
            .unwrap();
        assert_eq!(back, rows);
    });
}

#[test]
fn lists_of_ten_thousand_are_looked_up_at_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        organization(&tx, "Org9999").await;
        organization(&tx, "Org10001").await;
        let names: Vec<String> = (0..10_000).map(|number| format!("Org{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = organizations::existing(&tx, &names).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["Org9999"]);
    });
}
