//! What the rest of a platform asks and says: decisions, access on a site, people who come.

use provost_app::settings::CourseAccess;
use serde_json::{Value, json};

use crate::world::{each, each_with, id_of};

const PY: &str = "course-v1:Red+Py+2024";
const SQL: &str = "course-v1:Red+SQL+2024";
const DOTTED: &str = "course-v1:Red+Py.1+2024";
const BOTH: &str = "course-v1:Both+X+1";

#[tokio::test]
async fn a_check_says_why_for_each_course_of_each_person() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let ask = json!({"checks": [
            {"user": "ron", "courses": [PY, SQL, DOTTED, BOTH, "unknown"]},
            {"user": null, "courses": [PY, SQL]},
            {"user": "redadmin", "courses": [DOTTED, BOTH]},
            {"user": "stan", "courses": [DOTTED]},
            {"user": "ghost", "courses": [DOTTED, SQL]},
        ]});
        let answer = root.post("/api/provost/v1/course-access/check", &ask).await;
        let body = answer.json();
        let found: Vec<Value> = body["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| json!([row["user"], row["course"], row["granted"], row["reason"]]))
            .collect();
        assert_eq!(
            Value::from(found),
            json!([
                ["ron", PY, true, "member"],
                ["ron", SQL, true, "public"],
                ["ron", DOTTED, false, "not_member"],
                ["ron", BOTH, true, "member"],
                ["ron", "unknown", false, "not_member"],
                [null, PY, false, "anonymous"],
                [null, SQL, true, "public"],
                ["redadmin", DOTTED, true, "organization_admin"],
                ["redadmin", BOTH, false, "not_member"],
                ["stan", DOTTED, true, "staff"],
                ["ghost", DOTTED, false, "not_member"],
                ["ghost", SQL, true, "public"],
            ])
        );
        assert_eq!(body["results"][0]["group"], 1);
        assert_eq!(body["results"][0]["membership"], 1);
        assert_eq!(body["results"][7]["organization"], "red");
        assert!(body["revision"].as_u64().unwrap() > 0);
    })
    .await;
}

#[tokio::test]
async fn the_courses_of_a_person_come_in_pages_with_their_reasons() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let mut target = "/api/provost/v1/course-access/courses?user=ron&limit=2".to_owned();
        let mut found = Vec::new();
        loop {
            let page = root.get(&target).await.json();
            for row in page["results"].as_array().unwrap() {
                found.push(json!([row["course"], row["reason"]]));
            }
            let Some(next) = page["next"].as_str() else {
                break;
            };
            next.split_once("example.com")
                .unwrap()
                .1
                .clone_into(&mut target);
        }
        assert_eq!(
            Value::from(found),
            json!([[BOTH, "member"], [PY, "member"], [SQL, "public"]])
        );
        let own = platform.caller("rea").await;
        let own = own
            .get("/api/provost/v1/course-access/courses")
            .await
            .json();
        assert_eq!(own["results"], json!([{"course": SQL, "reason": "public"}]));
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_bounded_over_all_its_people() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let courses: Vec<String> = (0..501).map(|number| format!("c{number}")).collect();
        let check = json!({"user": "ron", "courses": courses});
        let ask = json!({"checks": [check, check]});
        let answer = root.post("/api/provost/v1/course-access/check", &ask).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json()["errors"]["checks"],
            json!(["Ensure there are no more than 1000 courses over all checks."])
        );
    })
    .await;
}

/// The answers to one person and course, with the groups deciding on red's site alone.
async fn access(settings: CourseAccess, cases: &[(&str, &str)]) {
    each_with(settings, async |platform| {
        let root = platform.caller("root").await;
        for (query, expected) in cases {
            let target = format!("/course_access_groups/internal/v1/access?{query}");
            let answer = root.get(&target).await;
            assert_eq!(answer.line(), *expected, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn groups_decide_where_they_are_enabled_and_never_widen() {
    let enabled = CourseAccess {
        enabled_sites: vec!["Red.example.com".to_owned()],
        ..CourseAccess::default()
    };
    let member = "user=5&course=course-v1:Red%2BPy%2B2024&action=enroll";
    let stranger = "user=6&course=course-v1:Red%2BPy%2B2024&action=see_exists";
    access(
        enabled.clone(),
        &[
            (
                &format!("{stranger}&default=true&site=blue.example.com"),
                r#"200 {"has_access":true,"reason":"feature_off"}"#,
            ),
            (
                &format!("{member}&default=false&site=blue.example.com"),
                r#"200 {"has_access":false,"reason":"feature_off"}"#,
            ),
            (
                &format!("{member}&default=false&site=red.example.com"),
                r#"200 {"has_access":false,"reason":"platform_denied"}"#,
            ),
            (
                &format!("{member}&default=true&site=red.example.com"),
                r#"200 {"has_access":true,"reason":"member"}"#,
            ),
            (
                &format!("{stranger}&default=true&site=RED.example.com"),
                r#"200 {"has_access":false,"reason":"not_member"}"#,
            ),
            (
                "user=&course=course-v1:Red%2BSQL%2B2024&action=see_in_catalog&default=true&site=red.example.com",
                r#"200 {"has_access":true,"reason":"public"}"#,
            ),
            (
                "user=&course=course-v1:Red%2BPy%2B2024&action=see_about_page&default=true&site=red.example.com",
                r#"200 {"has_access":false,"reason":"anonymous"}"#,
            ),
            (
                "user=1&course=course-v1:Red%2BPy%2B2024&action=enroll&default=true&site=red.example.com",
                r#"200 {"has_access":true,"reason":"staff"}"#,
            ),
            (
                &format!("{member}&default=true&site=red.example.com&action=teach"),
                r#"400 {"action":["\"teach\" is not a valid choice."]}"#,
            ),
            // A port means nothing, unless a site has it.
            (
                &format!("{stranger}&default=true&site=red.example.com:443"),
                r#"200 {"has_access":false,"reason":"not_member"}"#,
            ),
            (
                &format!("{stranger}&default=true&site=red.example.com:8001"),
                r#"200 {"has_access":true,"reason":"feature_off"}"#,
            ),
            (
                "course=a&action=enroll&default=true&site=red.example.com",
                r#"400 {"user":["This field is required."]}"#,
            ),
            (
                "user=x&course=a&action=enroll&default=true&site=red.example.com",
                r#"400 {"user":["A valid integer is required."]}"#,
            ),
        ],
    )
    .await;
    let broken = CourseAccess {
        organizations: false,
        ..enabled
    };
    access(
        broken,
        &[
            (
                &format!("{member}&default=true&site=red.example.com"),
                r#"500 {"detail":"Course access groups need `course_access_groups.organizations`."}"#,
            ),
            (
                &format!("{member}&default=true&site=blue.example.com"),
                r#"200 {"has_access":true,"reason":"feature_off"}"#,
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn who_comes_is_put_into_the_group_of_the_mail_domain() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let people = json!([
            {"model": "auth.user", "pk": 20, "fields": {"username": "new", "email": "x@y@corp.com",
                "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
            {"model": "auth.user", "pk": 21, "fields": {"username": "loud", "email": "x@CORP.com",
                "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
            {"model": "auth.user", "pk": 22, "fields": {"username": "mute", "email": "",
                "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
            {"model": "auth.user", "pk": 23, "fields": {"username": "torn", "email": "t@corp.com",
                "is_active": true, "is_staff": false, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
            {"model": "organizations.userorganizationmapping", "pk": 20, "fields": {"user": 20, "organization": 1, "is_active": true, "is_amc_admin": true}},
            {"model": "organizations.userorganizationmapping", "pk": 21, "fields": {"user": 21, "organization": 1, "is_active": true, "is_amc_admin": false}},
            {"model": "organizations.userorganizationmapping", "pk": 22, "fields": {"user": 22, "organization": 1, "is_active": true, "is_amc_admin": false}},
            {"model": "organizations.userorganizationmapping", "pk": 23, "fields": {"user": 23, "organization": 1, "is_active": true, "is_amc_admin": false}},
            {"model": "organizations.userorganizationmapping", "pk": 24, "fields": {"user": 23, "organization": 2, "is_active": true, "is_amc_admin": false}},
        ]);
        platform.world.import(&people.to_string()).await;
        let made = r#"200 {"membership":{"id":3,"user":{"id":20,"email":"x@y@corp.com","username":"new"},"group":{"id":2,"name":"Customers"}}}"#;
        let inactive = r#"400 {"detail":"Course Access Groups: Unable to create automatic Membership for inactive user."}"#;
        let several = r#"400 {"detail":"The user belongs to more than one organization."}"#;
        let nobody = r#"404 {"detail":"Not found."}"#;
        for (event, user, expected) in [
            ("user-activated", 20, made),
            ("user-activated", 20, made),
            ("user-registered", 20, made),
            ("user-activated", 21, r#"200 {"membership":null}"#),
            ("user-activated", 22, r#"400 {"detail":"The user has no valid mail address."}"#),
            ("user-activated", 23, several),
            ("user-activated", id_of("ida"), inactive),
            ("user-registered", id_of("ida"), r#"200 {"membership":null}"#),
            ("user-activated", id_of("lone"), r#"200 {"membership":null}"#),
            (
                "user-registered",
                id_of("lone"),
                r#"400 {"detail":"The user belongs to no organization."}"#,
            ),
            ("user-registered", 999, nobody),
        ] {
            let target = format!("/course_access_groups/internal/v1/events/{event}");
            let answer = root.post(&target, &json!({"user": user})).await;
            assert_eq!(answer.line(), expected, "{event} {user}");
        }
        let automatic: Vec<Value> = platform.rows().await;
        let automatic = automatic.iter().find(|row| row["pk"] == 3 && row["fields"]["user"] == 20);
        assert_eq!(automatic.unwrap()["fields"]["automatic"], true);
    })
    .await;
}
