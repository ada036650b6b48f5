//! Feature flags: the newest word counts, while it is enabled.

use provost_store::bulk::{self, Cell, tables};
use provost_store::waffle::{self, Overrides, State};
use serde_json::json;

use crate::support::{each_database, noon};

fn override_row(id: i64, key: &str, flag: &str, choice: &str, enabled: bool) -> Vec<Cell> {
    vec![
        Cell::Int(id),
        Cell::Text(key.to_owned()),
        Cell::Text(flag.to_owned()),
        Cell::Text(choice.to_owned()),
        Cell::Bool(enabled),
        Cell::Time(noon()),
        Cell::Json(json!({})),
    ]
}

#[test]
fn a_flag_nobody_mentions_says_nothing() {
    each_database(|store| async move {
        let state = waffle::state(store.read(), "a.flag").await.unwrap();
        assert_eq!(state, State::default());
    });
}

#[test]
fn the_newest_enabled_word_of_each_counts_in_the_order_of_the_table() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let flags = [("a.flag", Cell::Bool(true)), ("b.flag", Cell::Null)];
        let flags = (1..).zip(flags).map(|(id, (name, everyone))| {
            vec![
                Cell::Int(id),
                Cell::Text(name.to_owned()),
                everyone,
                Cell::Json(json!({})),
            ]
        });
        bulk::upsert(&tx, &tables::WAFFLE_FLAGS, flags.collect())
            .await
            .unwrap();
        let orgs = vec![
            override_row(1, "Z", "a.flag", "on", true),
            override_row(2, "A", "a.flag", "on", true),
            override_row(3, "B", "a.flag", "off", true),
            override_row(4, "B", "a.flag", "on", false),
            override_row(5, "C", "a.flag", "on", false),
            override_row(6, "C", "a.flag", "off", true),
            override_row(7, "D", "a.flag", "maybe", true),
            override_row(8, "A", "b.flag", "off", true),
            override_row(9, "Z", "a.flag", "on", true),
        ];
        bulk::upsert(&tx, &tables::WAFFLE_ORG_OVERRIDES, orgs)
            .await
            .unwrap();
        let courses = vec![override_row(1, "course-v1:O+C+R", "a.flag", "off", true)];
        bulk::upsert(&tx, &tables::WAFFLE_COURSE_OVERRIDES, courses)
            .await
            .unwrap();
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let expected = State {
            everyone: Some(true),
            orgs: Overrides {
                on: texts(&["A", "Z"]),
                off: texts(&["C"]),
            },
            courses: Overrides {
                on: Vec::new(),
                off: texts(&["course-v1:O+C+R"]),
            },
        };
        assert_eq!(waffle::state(&tx, "a.flag").await.unwrap(), expected);
        let state = waffle::state(&tx, "b.flag").await.unwrap();
        assert_eq!(state.everyone, None);
        assert_eq!(state.orgs.off, ["A"]);
    });
}
