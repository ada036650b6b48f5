//! What lists show and in which order, and what writes leave on record.

use serde_json::{Value, json};

use crate::world::{each, each_with, path};
use provost_app::settings::CourseAccess;

/// The keys that a list of red's administrator shows, and its count.
async fn keys(platform: &crate::world::Platform, query: &str) -> (u64, Vec<Value>) {
    let answer = platform.caller("redadmin").await.get(&path(query)).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let body = answer.json();
    let rows = body["results"].as_array().unwrap();
    let keys = rows.iter().map(|row| row["id"].clone()).collect();
    (body["count"].as_u64().unwrap(), keys)
}

#[tokio::test]
async fn lists_hold_the_rows_of_the_organization_and_no_others() {
    each(async |platform| {
        for (list, expected) in [
            ("course-access-groups/", json!([1, 2])),
            ("memberships/", json!([1])),
            ("membership-rules/", json!([1, 3])),
            ("public-courses/", json!([1])),
            ("group-courses/", json!([1, 2])),
            ("users/", json!([5, 6])),
            (
                "courses/",
                json!([
                    "course-v1:Both+X+1",
                    "course-v1:Red+Py+2024",
                    "course-v1:Red+Py.1+2024",
                    "course-v1:Red+SQL+2024"
                ]),
            ),
        ] {
            let (count, found) = keys(platform, list).await;
            assert_eq!(Value::from(found), expected, "{list}");
            assert_eq!(count, expected.as_array().unwrap().len() as u64, "{list}");
        }
    })
    .await;
}

#[tokio::test]
async fn filters_and_words_narrow_the_lists_that_have_them() {
    each(async |platform| {
        let both = "course-v1:Both+X+1";
        let (py, dotted, sql) = (
            "course-v1:Red+Py+2024",
            "course-v1:Red+Py.1+2024",
            "course-v1:Red+SQL+2024",
        );
        for (list, expected) in [
            ("users/?search=RON", json!([5])),
            ("users/?search=corp,weasley", json!([5])),
            ("users/?search=%C3%B6", json!([6])),
            ("users/?search=100%25", json!([6])),
            ("users/?search=1_0", json!([])),
            ("users/?search=%00+", json!([5, 6])),
            ("users/?email_exact=REA.%C3%B6@example.com", json!([6])),
            ("users/?email_exact=rea", json!([])),
            ("users/?email_exact=", json!([5, 6])),
            ("users/?no_group=True", json!([6])),
            ("users/?no_group=false", json!([5])),
            ("users/?no_group=1", json!([5, 6])),
            ("users/?group=1", json!([5])),
            ("users/?group=1.9", json!([5])),
            ("users/?group=9223372036854775808", json!([])),
            ("courses/?search=intro+py", json!([py])),
            ("courses/?search=course-v1:Red+SQL+2024", json!([sql])),
            ("courses/?is_public=True", json!([sql])),
            ("courses/?is_public=False&no_group=2", json!([dotted])),
            ("courses/?no_group=True", json!([dotted, sql])),
            // Once for each link, of whichever organization the group is.
            ("courses/?no_group=3", json!([both, both, py])),
            ("courses/?group=3", json!([both])),
            ("courses/?group=99", json!([])),
            ("memberships/?search=nothing&group=99", json!([1])),
        ] {
            let (count, found) = keys(platform, list).await;
            assert_eq!(Value::from(found), expected, "{list}");
            assert_eq!(count, expected.as_array().unwrap().len() as u64, "{list}");
        }
        let admin = platform.caller("redadmin").await;
        for (list, expected) in [
            ("users/?group=x", r#"400 {"group":["Enter a number."]}"#),
            (
                "courses/?group=1e51",
                r#"400 {"group":["Ensure this value is less than or equal to 1e+50."]}"#,
            ),
        ] {
            assert_eq!(admin.get(&path(list)).await.line(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn windows_are_read_leniently_and_linked_to_their_neighbours() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let base = format!("http://red.example.com{}", path("courses/"));
        let cases = [
            ("", json!([null, null]), 4),
            (
                "?limit=2",
                json!([format!("{base}?limit=2&offset=2"), null]),
                2,
            ),
            (
                "?offset=1&limit=2&search=py",
                json!([null, format!("{base}?limit=2&search=py")]),
                1,
            ),
            (
                "?limit=+0_1&offset=x",
                json!([format!("{base}?limit=1&offset=1"), null]),
                1,
            ),
            ("?limit=0&offset=-1", json!([null, null]), 4),
            (
                "?offset=1000",
                json!([null, format!("{base}?limit=20&offset=980")]),
                0,
            ),
            (
                "?limit=99999999999999999999&offset=3",
                json!([null, format!("{base}?limit=18446744073709551615")]),
                1,
            ),
        ];
        for (query, links, rows) in cases {
            let body = admin.get(&path(&format!("courses/{query}"))).await.json();
            assert_eq!(json!([body["next"], body["previous"]]), links, "{query}");
            assert_eq!(body["results"].as_array().unwrap().len(), rows, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_course_and_a_learner_are_shown_with_what_belongs_to_them() {
    each(async |platform| {
        for (asked, expected) in [
            (
                "GET courses/course-v1:Both+X+1/",
                r#"200 {"id":"course-v1:Both+X+1","name":"Shared","public_status":{"is_public":false},"group_links":[{"id":2,"group":{"id":1,"name":"Employees"}},{"id":3,"group":{"id":3,"name":"Blues"}}]}"#,
            ),
            (
                "GET courses/course-v1:Red+SQL+2024/",
                r#"200 {"id":"course-v1:Red+SQL+2024","name":null,"public_status":{"is_public":true,"id":1},"group_links":[]}"#,
            ),
            (
                "GET users/5/",
                r#"200 {"id":5,"username":"ron","name":"Ron Weasley","email":"ron@corp.com","membership":{"id":1,"group":{"id":1,"name":"Employees"}}}"#,
            ),
            (
                "GET users/6/",
                r#"200 {"id":6,"username":"rea","name":"Réa 100%","email":"Rea.Ö@Example.COM","membership":null}"#,
            ),
            ("GET users/3/", r#"404 {"detail":"Not found."}"#),
            ("GET users/7/", r#"404 {"detail":"Not found."}"#),
            ("GET users/8/", r#"404 {"detail":"Not found."}"#),
        ] {
            assert_eq!(platform.line(asked).await, expected, "{asked}");
        }
    })
    .await;
    let hidden = CourseAccess {
        foreign_links: false,
        ..CourseAccess::default()
    };
    each_with(hidden, async |platform| {
        let shown = platform.line("GET courses/course-v1:Both+X+1/").await;
        assert!(!shown.contains("Blues"), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn the_oldest_of_several_memberships_is_shown_of_a_person() {
    each(async |platform| {
        let more = json!([{"model": "course_access_groups.membership", "pk": 9, "fields": {
            "created": "2026-01-02T03:04:05Z", "modified": "2026-01-02T03:04:05Z",
            "group": 2, "user": 5, "automatic": false}}]);
        platform.world.import(&more.to_string()).await;
        let (count, people) = keys(platform, "users/").await;
        assert_eq!((count, people), (2, vec![json!(5), json!(6)]));
        let shown = platform.line("GET users/5/").await;
        assert!(
            shown.contains(r#""membership":{"id":1,"group":{"id":1,"#),
            "{shown}"
        );
        assert_eq!(keys(platform, "memberships/").await.1, [json!(1), json!(9)]);
        // A group in which the person is by a younger membership is not the one that is shown.
        assert_eq!(keys(platform, "users/?group=2").await.0, 0);
    })
    .await;
}

#[tokio::test]
async fn removing_a_group_removes_all_that_is_in_it_and_says_what_that_was() {
    each(async |platform| {
        assert_eq!(platform.line("DELETE course-access-groups/1/").await, "204");
        let rows = platform.rows().await;
        let groups: Vec<_> = rows.iter().filter(|row| row["fields"]["group"] == 1).collect();
        assert!(groups.is_empty(), "{groups:?}");
        let last = last_entry(platform).await;
        assert_eq!(
            (last["kind"].as_str(), last["subject"].as_str(), last["org"].as_str()),
            (Some("course_access.group.deleted"), Some("group:1"), Some("red"))
        );
        assert_eq!(
            last["before"],
            json!({"id": 1, "organization": 1, "name": "Employees", "description": "",
                "memberships": [[1, 5]],
                "rules": [{"id": 3, "name": "Odd", "domain": "known_site.com", "domains": [], "group": 1}],
                "courses": [[1, "course-v1:Red+Py+2024"], [2, "course-v1:Both+X+1"]]})
        );
        assert!(!platform.world.app.course_access().decide(Some(5), "course-v1:Red+Py+2024").granted);
    })
    .await;
}

#[tokio::test]
async fn every_write_is_on_record_and_counts_at_once() {
    each(async |platform| {
        let may = |user: i64, course: &str| {
            platform
                .world
                .app
                .course_access()
                .decide(Some(user), course)
                .granted
        };
        let py = "course-v1:Red+Py+2024";
        assert!(!may(6, py));
        for (asked, kind, before, after) in [
            (
                r#"POST memberships/ {"user":6,"group":2}"#,
                "course_access.membership.created",
                Value::Null,
                json!({"id": 3, "user": 6, "group": 2, "automatic": false}),
            ),
            (
                r#"PATCH memberships/3/ {"group":"1"}"#,
                "course_access.membership.changed",
                json!({"id": 3, "user": 6, "group": 2, "automatic": false}),
                json!({"id": 3, "user": 6, "group": 1, "automatic": false}),
            ),
            (
                r#"PUT group-courses/1/ {"course":"course-v1:Red+Py+2024","group":2}"#,
                "course_access.group_course.changed",
                json!({"id": 1, "course": py, "group": 1}),
                json!({"id": 1, "course": py, "group": 2}),
            ),
            (
                r#"PUT public-courses/1/ {"course":"course-v1:Red+Py+2024"}"#,
                "course_access.public_course.changed",
                json!({"id": 1, "course": "course-v1:Red+SQL+2024"}),
                json!({"id": 1, "course": py}),
            ),
            (
                "DELETE public-courses/1/",
                "course_access.public_course.deleted",
                json!({"id": 1, "course": py}),
                Value::Null,
            ),
            (
                r#"PATCH membership-rules/1/ {"domain":" Corp.COM "}"#,
                "course_access.rule.changed",
                json!({"id": 1, "name": "Corp", "domain": "corp.com", "domains": [], "group": 2}),
                json!({"id": 1, "name": "Corp", "domain": "Corp.COM", "domains": [], "group": 2}),
            ),
        ] {
            let answer = platform.line(asked).await;
            assert!(answer.starts_with('2'), "{asked}: {answer}");
            let entry = last_entry(platform).await;
            assert_eq!(entry["kind"], kind, "{asked}");
            assert_eq!(
                (&entry["before"], &entry["after"]),
                (&before, &after),
                "{asked}"
            );
            assert_eq!(entry["actor"], "redadmin");
            let seen = (may(6, py), may(5, py));
            let expected = match kind {
                "course_access.membership.changed" | "course_access.public_course.changed" => {
                    (true, true)
                }
                _ => (false, kind == "course_access.membership.created"),
            };
            assert_eq!(seen, expected, "{asked}");
        }
    })
    .await;
}

async fn last_entry(platform: &crate::world::Platform) -> Value {
    let db = platform.world.app.store().read();
    let filter = provost_store::changes::Filter {
        kind: Some("course_access.".to_owned()),
        ..provost_store::changes::Filter::default()
    };
    let page = provost_store::changes::page(db, &filter, None, 1)
        .await
        .unwrap();
    let last = &page[0];
    json!({"kind": last.kind, "subject": last.subject, "org": last.org, "actor": last.actor,
        "before": last.before, "after": last.after})
}
