//! Paths of course access groups: without the final slash, and under another prefix.

use provost_app::settings::CourseAccess;
use provost_testkit::{Answer, Worlds};

use crate::platform::{caller, platform, platform_with};

/// Status, where it leads, and the address of the next page.
fn told(answer: &Answer) -> (u16, Option<String>, Option<String>) {
    let next = answer.json()["next"].as_str().map(str::to_owned);
    (answer.status, answer.header("location"), next)
}

#[tokio::test]
async fn a_missing_slash_is_redirected_for_reads_and_forgiven_for_the_rest() {
    let world = platform(&Worlds::sqlite().await).await;
    let admin = caller(&world, "admin").await;
    let base = "/course_access_groups/api/v1";
    let redirected = (301, Some(format!("{base}/courses/?a=1")), None);
    for method in ["GET", "HEAD"] {
        let target = format!("{base}/courses?a=1");
        let answer = admin.send(method, &target, None, String::new()).await;
        assert_eq!(told(&answer), redirected, "{method}");
    }
    for (method, target, body, status) in [
        ("POST", "course-access-groups", r#"{"name":"New"}"#, 201),
        (
            "PATCH",
            "course-access-groups/1",
            r#"{"name":"Changed"}"#,
            200,
        ),
        ("DELETE", "course-access-groups/2", "", 204),
        ("PUT", "courses", "{}", 405),
        ("POST", "nothing", "{}", 404),
    ] {
        let kind = Some("application/json");
        let target = format!("{base}/{target}");
        let answer = admin.send(method, &target, kind, body.to_owned()).await;
        assert_eq!(answer.status, status, "{method} {target}");
    }
    // Other families are as the settings say.
    let answer = admin.get("/api/authz/v1/assignments").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn the_old_api_answers_under_another_prefix_too() {
    for prefix in ["", "/cag/", "/cag"] {
        let settings = CourseAccess {
            prefix: prefix.to_owned(),
            page_size: 1,
            ..CourseAccess::default()
        };
        let world = platform_with(&Worlds::sqlite().await, settings).await;
        let admin = caller(&world, "admin").await;
        let base = prefix.trim_end_matches('/');
        let body = r#"{"name":"New"}"#.to_owned();
        let target = format!("{base}/course-access-groups");
        let made = admin
            .send("POST", &target, Some("application/json"), body)
            .await;
        assert_eq!(made.status, 201, "{prefix}: {}", made.text());
        let path = format!("{base}/course-access-groups/");
        let next = Some(format!("http://testserver{path}?limit=1&offset=1"));
        assert_eq!(told(&admin.get(&path).await), (200, None, next));
        let slashless = admin.get(&format!("{base}/courses")).await;
        assert_eq!(
            told(&slashless),
            (301, Some(format!("{base}/courses/")), None)
        );
        for (target, status) in [
            (format!("{base}/users/r.on/"), 404),
            (format!("{base}/nothing/"), 404),
            ("/course_access_groups/api/v1/courses/".to_owned(), 200),
            ("/api/provost/v1/session".to_owned(), 200),
        ] {
            assert_eq!(admin.get(&target).await.status, status, "{prefix} {target}");
        }
    }
}
