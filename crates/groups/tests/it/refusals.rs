//! What is refused, with the reference's sentences, and leaves nothing behind.

use serde_json::Value;

use crate::world::{each, line};

/// Asks each line as red's administrator; nothing may change.
async fn refused(cases: &[(&str, &str)]) {
    each(async |platform| {
        let before = platform.rows().await;
        for (asked, expected) in cases {
            assert_eq!(read(&platform.line(asked).await), read(expected), "{asked}");
        }
        assert_eq!(platform.rows().await, before);
    })
    .await;
}

/// Status and body of a line; the order of members means nothing.
fn read(line: &str) -> (&str, Value) {
    let (status, body) = line.split_once(' ').unwrap();
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn groups_take_a_name_and_perhaps_a_description() {
    let long = format!(
        r#"POST course-access-groups/ {{"name":"{}"}}"#,
        "n".repeat(33)
    );
    let wordy = format!(
        r#"PATCH course-access-groups/1/ {{"description":"{}"}}"#,
        "é".repeat(256)
    );
    refused(&[
        (
            "POST course-access-groups/ {}",
            r#"400 {"name":["This field is required."]}"#,
        ),
        (
            &long,
            r#"400 {"name":["Ensure this field has no more than 32 characters."]}"#,
        ),
        (
            &wordy,
            r#"400 {"description":["Ensure this field has no more than 255 characters."]}"#,
        ),
        (
            r#"POST course-access-groups/ {"name":"n","description":null}"#,
            r#"400 {"description":["This field may not be null."]}"#,
        ),
        (
            r#"PUT course-access-groups/1/ {"description":"x"}"#,
            r#"400 {"name":["This field is required."]}"#,
        ),
        (
            "PUT course-access-groups/3/ nonsense",
            r#"404 {"detail":"Not found."}"#,
        ),
        (
            "POST course-access-groups/ []",
            r#"400 {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
        (
            "POST course-access-groups/ null",
            r#"400 {"non_field_errors":["No data provided"]}"#,
        ),
        (
            "POST course-access-groups/ {",
            r#"400 {"detail":"JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"}"#,
        ),
    ])
    .await;
}

#[tokio::test]
async fn memberships_name_people_and_groups_of_the_organization() {
    refused(&[
        (
            "POST memberships/ {}",
            r#"400 {"user":["This field is required."],"group":["This field is required."]}"#,
        ),
        (
            r#"POST memberships/ {"user":8,"group":3}"#,
            r#"400 {"user":["Invalid user key: 8"],"group":["Invalid group id: 3"]}"#,
        ),
        (
            r#"POST memberships/ {"user":7,"group":1}"#,
            r#"400 {"user":["Invalid user key: 7"]}"#,
        ),
        (
            r#"POST memberships/ {"user":"","group":null}"#,
            r#"400 {"user":["This field may not be null."],"group":["This field may not be null."]}"#,
        ),
        (
            r#"POST memberships/ {"user":true,"group":1.9}"#,
            r#"400 {"user":["Invalid user key: True"]}"#,
        ),
        // The reference crashes on these.
        (
            r#"POST memberships/ {"user":"rea","group":[1]}"#,
            r#"400 {"user":["Invalid user key: rea"],"group":["Invalid group id: [1]"]}"#,
        ),
        (
            r#"POST memberships/ {"user":99999999999999999999,"group":1}"#,
            r#"400 {"user":["Invalid user key: 99999999999999999999"]}"#,
        ),
        (
            r#"POST memberships/ {"user":5,"group":2}"#,
            r#"400 {"user":["This field must be unique."]}"#,
        ),
        (
            r#"PUT memberships/2/ {"user":5,"group":2}"#,
            r#"404 {"detail":"Not found."}"#,
        ),
    ])
    .await;
}

#[tokio::test]
async fn rules_report_everything_that_is_wrong_at_once() {
    let domain = "x".repeat(300);
    let long = format!(r#"POST membership-rules/ {{"name":"","domain":"{domain}","group":"x"}}"#);
    let answer = format!(
        r#"400 {{"name":["This field may not be blank."],"domain":["The domain name is not valid: {domain}","Ensure this field has no more than 255 characters."],"group":["Invalid group id: x"]}}"#
    );
    refused(&[
        (&long, &answer),
        (
            r#"POST membership-rules/ {"name":"r","domain":"bad_domain","group":1}"#,
            r#"400 {"domain":["The domain name is not valid: bad_domain"]}"#,
        ),
        (
            r#"POST membership-rules/ {"name":"r","domain":"a.org","group":3}"#,
            r#"400 {"group":["Invalid group id: 3"]}"#,
        ),
        (
            r#"PATCH membership-rules/1/ {"group":""}"#,
            r#"400 {"group":["This field may not be null."]}"#,
        ),
    ])
    .await;
}

#[tokio::test]
async fn courses_are_named_by_the_organization_that_offers_them() {
    refused(&[
        (
            r#"POST public-courses/ {"course":"course-v1:Blue+Py+2024"}"#,
            r#"400 {"course":["Invalid course key: course-v1:Blue+Py+2024"]}"#,
        ),
        (
            r#"POST public-courses/ {"course":5}"#,
            r#"400 {"course":["Invalid course key: 5"]}"#,
        ),
        (
            r#"POST public-courses/ {"course":"course-v1:Red+SQL+2024"}"#,
            r#"400 {"course":["This field must be unique."]}"#,
        ),
        (
            r#"POST group-courses/ {"course":"nope","group":99999}"#,
            r#"400 {"course":["Invalid course key: nope"],"group":["Invalid group id: 99999"]}"#,
        ),
        (
            r#"POST group-courses/ {"course":"course-v1:Red+Py+2024","group":1}"#,
            r#"400 {"non_field_errors":["The fields course, group must make a unique set."]}"#,
        ),
        (
            r#"PATCH group-courses/2/ {"course":"course-v1:Red+Py+2024"}"#,
            r#"400 {"non_field_errors":["The fields course, group must make a unique set."]}"#,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_link_whose_course_is_offered_no_more_spoils_what_would_show_it() {
    each(async |platform| {
        // Red stops offering the course that its employees see.
        let gone = serde_json::json!([{"model": "organizations.organizationcourse", "pk": 1,
            "fields": {"created": "2026-01-02T03:04:05Z", "modified": "2026-01-02T03:04:05Z",
                "course_id": "course-v1:Red+Py+2024", "organization": 1, "active": false}}]);
        platform.world.import(&gone.to_string()).await;
        let before = platform.rows().await;
        let spoiled = r#"400 ["Something went wrong with your request."]"#;
        for asked in [
            "GET group-courses/",
            "GET group-courses/?limit=1",
            "GET group-courses/1/",
            "PATCH group-courses/1/ {}",
            r#"PATCH group-courses/1/ {"group":2}"#,
        ] {
            assert_eq!(platform.line(asked).await, spoiled, "{asked}");
        }
        assert_eq!(platform.rows().await, before);
        let page = platform.line("GET group-courses/?offset=1").await;
        assert!(page.starts_with("200 "), "{page}");
        assert_eq!(platform.line("DELETE group-courses/1/").await, "204");
        let list = platform.line("GET group-courses/").await;
        assert!(list.starts_with(r#"200 {"count":1,"#), "{list}");
    })
    .await;
}

#[tokio::test]
async fn a_membership_of_somebody_who_became_inactive_can_be_moved_and_not_repeated() {
    each(async |platform| {
        let inactive = serde_json::json!([{"model": "auth.user", "pk": 5, "fields": {
            "username": "ron", "email": "ron@corp.com", "is_active": false, "is_staff": false,
            "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}}]);
        platform.world.import(&inactive.to_string()).await;
        assert_eq!(
            platform
                .line(r#"PUT memberships/1/ {"user":5,"group":2}"#)
                .await,
            r#"400 {"user":["Invalid user key: 5"]}"#
        );
        assert_eq!(
            platform.line(r#"PATCH memberships/1/ {"group":2}"#).await,
            r#"200 {"id":1,"user":{"id":5,"email":"ron@corp.com","username":"ron"},"group":{"id":2,"name":"Customers"}}"#
        );
        assert_eq!(platform.line("DELETE memberships/1/").await, "204");
        assert_eq!(
            platform.line("DELETE memberships/1/").await,
            r#"404 {"detail":"Not found."}"#
        );
    })
    .await;
}

#[tokio::test]
async fn many_who_put_one_person_into_a_group_succeed_once() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let mut running = tokio::task::JoinSet::new();
        for number in 0..20 {
            let admin = admin.clone();
            let group = 1 + number % 2;
            running.spawn(async move {
                line(
                    &admin,
                    &format!(r#"POST memberships/ {{"user":6,"group":{group}}}"#),
                )
                .await
            });
        }
        let answers = running.join_all().await;
        let made = answers.iter().filter(|answer| answer.starts_with("201"));
        assert_eq!(made.count(), 1, "{answers:?}");
        let refused = r#"400 {"user":["This field must be unique."]}"#;
        assert_eq!(
            answers.iter().filter(|answer| *answer == refused).count(),
            19
        );
    })
    .await;
}

#[tokio::test]
async fn a_group_that_goes_while_it_is_named_is_unknown() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let mut answers = Vec::new();
        for round in 0..6 {
            let made = line(
                &admin,
                r#"POST course-access-groups/ {"name":"short-lived"}"#,
            )
            .await;
            let id = made.trim_start_matches("201 {\"id\":");
            let id: i64 = id.split(',').next().unwrap().parse().unwrap();
            let mut running = tokio::task::JoinSet::new();
            for asked in [
                format!("DELETE course-access-groups/{id}/"),
                format!(r#"POST memberships/ {{"user":6,"group":{id}}}"#),
                format!(r#"POST membership-rules/ {{"name":"r","domain":"a.org","group":{id}}}"#),
                format!(
                    r#"POST group-courses/ {{"course":"course-v1:Red+SQL+2024","group":{id}}}"#
                ),
            ] {
                let admin = admin.clone();
                running.spawn(async move { (asked.clone(), line(&admin, &asked).await) });
            }
            answers.extend(running.join_all().await);
            let gone = format!(r#"400 {{"group":["Invalid group id: {id}"]}}"#);
            for (asked, answer) in answers.drain(..) {
                let expected = if asked.starts_with("DELETE") {
                    answer == "204"
                } else {
                    answer.starts_with("201 ") || answer == gone
                };
                assert!(expected, "{round} {asked}: {answer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_rule_of_our_own_api_is_kept_and_changed_by_the_old_one() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let ours = "/api/provost/v1/course-access/organizations/red/rules/";
        let body = serde_json::json!({"name": "Q", "domains": ["*.example.org", "b.com", "c.com"], "group": 1});
        let made = admin.post(ours, &body).await;
        assert_eq!(made.json()["id"], 4, "{}", made.text());
        let group = r#""group":{"id":1,"name":"Employees"}"#;
        for (asked, expected) in [
            (
                r#"PUT membership-rules/4/ {"name":"R","domain":" *.example.org ","group":1}"#,
                format!(r#"200 {{"id":4,"name":"R","domain":"*.example.org",{group}}}"#),
            ),
            (
                r#"PATCH membership-rules/4/ {"name":"S","domain":"*.example.org"}"#,
                format!(r#"200 {{"id":4,"name":"S","domain":"*.example.org",{group}}}"#),
            ),
            (
                r#"PATCH membership-rules/4/ {"domain":"*.other.org"}"#,
                r#"400 {"domain":["The domain name is not valid: *.other.org"]}"#.to_owned(),
            ),
            (
                r#"PATCH membership-rules/4/ {"domain":"b.com"}"#,
                format!(r#"200 {{"id":4,"name":"S","domain":"b.com",{group}}}"#),
            ),
        ] {
            assert_eq!(platform.line(asked).await, expected, "{asked}");
        }
        let shown = admin.get(&format!("{ours}4/")).await.json();
        assert_eq!(shown["domains"], serde_json::json!(["b.com", "c.com"]));
    })
    .await;
}
