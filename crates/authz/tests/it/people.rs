//! Whom a request means: by name, by address, twice, or ambiguously; and how many at most.

use serde_json::{Value, json};

use crate::world::{Platform, each, each_with, path};

async fn put(platform: &Platform, body: &Value) -> Value {
    let root = platform.caller("root").await;
    let answer = root.put(&path("roles/users/"), body).await;
    assert_eq!(answer.status, 207, "{}", answer.text());
    answer.json()
}

/// The words of an answer's two lists, by user and scope, in order.
fn told(answer: &Value) -> Vec<String> {
    let lists = [("completed", "status"), ("errors", "error")];
    let line = |entry: &Value, word: &str| {
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {}",
            text("user_identifier"),
            text("scope"),
            text(word)
        )
    };
    lists
        .iter()
        .flat_map(|(list, word)| {
            let entries = answer[*list].as_array().unwrap();
            entries.iter().map(move |entry| line(entry, word))
        })
        .collect()
}

#[tokio::test]
async fn users_and_scopes_that_are_named_twice_are_served_once() {
    each_with(provost_app::Settings::default(), async |platform| {
        let hive = "lib:BeeU:HIVE";
        let answer = put(
            platform,
            &json!({"role": "library_user", "scopes": [hive, hive],
            "users": ["ben@example.com", "ben", " ben ", "ben"]}),
        )
        .await;
        assert_eq!(
            told(&answer),
            [
                "ben@example.com lib:BeeU:HIVE role_added",
                "ben lib:BeeU:HIVE user_already_has_role",
                "ben@example.com lib:BeeU:HIVE user_already_has_role",
                "ben lib:BeeU:HIVE user_already_has_role",
            ]
        );
        assert_eq!(platform.world.app.policy().grants_of("user^ben").count(), 1);
        let target = path(
            "roles/users/?role=library_user&scope=lib:BeeU:HIVE&users=BEN,ben@example.com,ben",
        );
        let answer = platform.caller("root").await.delete(&target).await.json();
        assert_eq!(
            told(&answer),
            [
                "ben - role_removed",
                "ben@example.com - user_does_not_have_role",
            ]
        );
        assert_eq!(platform.world.app.policy().grants_of("user^ben").count(), 0);
    })
    .await;
}

/// Two people share an address, and one's name is another's address.
const AMBIGUOUS: &str = r#"[
{"model": "auth.user", "pk": 11, "fields": {"username": "cyd@example.com", "email": "shared@example.com",
 "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
{"model": "auth.user", "pk": 12, "fields": {"username": "twin", "email": "shared@example.com",
 "is_active": true, "is_staff": true, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
{"model": "auth.user", "pk": 13, "fields": {"username": "gone", "email": "gone@example.com",
 "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
{"model": "user_api.userretirementrequest", "pk": 1, "fields": {"user": 13}}]"#;

#[tokio::test]
async fn an_identifier_of_two_people_serves_neither_and_stops_nobody() {
    each(async |platform| {
        platform.world.import(AMBIGUOUS).await;
        let users = json!([
            "cyd@example.com",
            "shared@example.com",
            "gone",
            "Ben",
            "twin"
        ]);
        let body = json!({"role": "library_user", "scope": "lib:AntC:HILL", "users": users});
        assert_eq!(
            told(&put(platform, &body).await),
            [
                "twin lib:AntC:HILL role_added",
                "cyd@example.com lib:AntC:HILL role_assignment_error",
                "shared@example.com lib:AntC:HILL role_assignment_error",
                "gone lib:AntC:HILL user_not_found",
                "Ben lib:AntC:HILL user_not_found",
            ]
        );
        let target = path(
            "roles/users/?role=library_user&scope=lib:AntC:HILL&users=shared@example.com,gone,twin",
        );
        let answer = platform.caller("root").await.delete(&target).await.json();
        assert_eq!(
            told(&answer),
            [
                "twin - role_removed",
                "shared@example.com - role_removal_error",
                "gone - user_not_found",
            ]
        );
        let asked = path("users/validate/");
        let answer = platform
            .caller("root")
            .await
            .post(&asked, &json!({"users": users}))
            .await;
        assert_eq!(answer.json()["valid_users"], json!(["twin"]));
        assert_eq!(answer.json()["summary"]["invalid_count"], 4);
    })
    .await;
}

#[tokio::test]
async fn a_caller_with_somebody_elses_address_for_a_name_is_answered_as_themselves() {
    each(async |platform| {
        platform.world.import(AMBIGUOUS).await;
        let caller = platform.world.session_of(11).await;
        let question = json!([{"action": "courses.view_course", "scope": "course-v1:*"}]);
        let answer = caller
            .post(&path("permissions/validate/me"), &question)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()[0]["allowed"], false);
        assert_eq!(caller.get(&path("orgs/")).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn one_request_makes_a_hundred_thousand_assignments_at_most() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let ask = |users: usize, scopes: usize| {
            let users: Vec<String> = (0..users).map(|number| format!("ghost{number}")).collect();
            json!({"role": "library_user", "users": users, "scopes": vec!["lib:BeeU:HIVE"; scopes]})
        };
        let refused = root.put(&path("roles/users/"), &ask(1_000, 101)).await;
        assert_eq!(
            refused.line(),
            r#"400 {"non_field_errors":["Ensure users times scopes are no more than 100000."]}"#
        );
        let taken = root.put(&path("roles/users/"), &ask(1_000, 100)).await;
        assert_eq!(taken.status, 207);
        let errors = taken.json()["errors"].as_array().unwrap().len();
        assert_eq!(errors, 100_000);
    })
    .await;
}

#[tokio::test]
async fn thousands_of_assignments_are_given_by_one_request_and_taken_by_another() {
    let people: Vec<Value> = (100..2_100)
        .map(|pk| {
            json!({"model": "auth.user", "pk": pk, "fields": {"username": format!("u{pk}"),
                "is_active": true, "is_staff": false, "is_superuser": false,
                "date_joined": "2026-01-02T03:04:05Z"}})
        })
        .collect();
    let names: Vec<String> = (100..2_100).map(|pk| format!("u{pk}")).collect();
    let scopes = ["lib:BeeU:HIVE", "lib:AntC:HILL", "lib:*"];
    each_with(provost_app::Settings::default(), async |platform| {
        platform
            .world
            .import(&Value::from(people.clone()).to_string())
            .await;
        let body = json!({"role": "library_user", "scopes": scopes, "users": names});
        let answer = put(platform, &body).await;
        assert_eq!(answer["completed"].as_array().unwrap().len(), 6_000);
        let root = platform.caller("root").await;
        let listed = root.get(&path("assignments/?page_size=1")).await.json();
        assert_eq!(listed["count"], 6_000);
        let target = format!(
            "roles/users/?role=library_user&scope=lib:*&users={}",
            names.join(",")
        );
        let answer = root.delete(&path(&target)).await.json();
        assert_eq!(answer["completed"].as_array().unwrap().len(), 2_000);
        let listed = root.get(&path("assignments/?page_size=1")).await.json();
        assert_eq!(listed["count"], 4_000);
    })
    .await;
}
