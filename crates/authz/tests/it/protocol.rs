//! What HTTP itself asks of every route: methods, headers, media types, formats.

use provost_testkit::Answer;

use crate::world::{Platform, each, path};

const NOT_FOUND: &str = r#"404 {"detail":"Not found."}"#;
const DENIED: &str = r#"403 {"detail":"You do not have permission to perform this action."}"#;

/// The routes with the methods that each allows.
const ROUTES: [(&str, &str); 10] = [
    ("permissions/validate/me", "POST, OPTIONS"),
    ("roles/?scope=lib:BeeU:HIVE", "GET, HEAD, OPTIONS"),
    (
        "roles/users/?scope=lib:BeeU:HIVE",
        "GET, PUT, DELETE, HEAD, OPTIONS",
    ),
    ("orgs/", "GET, HEAD, OPTIONS"),
    ("scopes/", "GET, HEAD, OPTIONS"),
    ("users/", "GET, HEAD, OPTIONS"),
    ("users/validate/", "POST, OPTIONS"),
    ("users/ada/assignments/", "GET, HEAD, OPTIONS"),
    ("assignments/", "GET, HEAD, OPTIONS"),
    ("waffle-flag-states/", "GET, HEAD, OPTIONS"),
];

async fn ask(platform: &Platform, caller: &str, method: &str, target: &str) -> Answer {
    let caller = platform.caller(caller).await;
    caller.send(method, &path(target), None, "").await
}

fn not_allowed(method: &str) -> String {
    format!(r#"405 {{"detail":"Method \"{method}\" not allowed."}}"#)
}

#[tokio::test]
async fn every_answer_says_what_is_allowed_and_what_it_varies_by() {
    each(async |platform| {
        for (target, allow) in ROUTES {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"] {
                for caller in ["root", "nobody", "anonymous"] {
                    let answer = ask(platform, caller, method, target).await;
                    let what = format!("{method} {target} by {caller}: {}", answer.line());
                    assert_eq!(answer.header("allow").as_deref(), Some(allow), "{what}");
                    let vary = answer.header("vary");
                    assert_eq!(vary.as_deref(), Some("Accept, Cookie"), "{what}");
                    let typed = answer.header("content-type");
                    assert_eq!(typed.as_deref(), Some("application/json"), "{what}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    each(async |platform| {
        for (target, allow) in ROUTES {
            for caller in ["root", "ada", "nobody", "anonymous"] {
                let got = ask(platform, caller, "GET", target).await;
                let head = ask(platform, caller, "HEAD", target).await;
                let what = format!("{target} by {caller}");
                assert_eq!(head.text(), "", "{what}");
                assert!(!got.text().is_empty(), "{what}");
                if allow.contains("HEAD") {
                    assert_eq!(head.status, got.status, "{what}");
                    assert_eq!(
                        head.header("content-type"),
                        got.header("content-type"),
                        "{what}"
                    );
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn options_pass_the_permissions_of_a_method_that_asks_for_none() {
    const ON_SCOPE: [&str; 2] = ["roles/", "roles/users/"];
    const ON_ANY: [&str; 6] = [
        "orgs/",
        "scopes/",
        "users/",
        "users/validate/",
        "users/ada/assignments/",
        "assignments/",
    ];
    each(async |platform| {
        let check = async |caller: &str, target: &str, status: u16| {
            let answer = ask(platform, caller, "OPTIONS", target).await;
            assert_eq!(
                answer.status,
                status,
                "{target} by {caller}: {}",
                answer.text()
            );
            if status == 200 {
                let parses = &answer.json()["parses"];
                assert_eq!(parses[1], "application/x-www-form-urlencoded", "{target}");
                assert_eq!(answer.json()["renders"][0], "application/json", "{target}");
            }
        };
        for target in ON_ANY {
            check("root", target, 200).await;
            check("stan", target, 200).await;
            check("ada", target, 403).await;
        }
        for target in ON_SCOPE {
            check("root", target, 200).await;
            check("ada", target, 403).await;
            for (scope, status) in [
                // No permission is attached, so the scope need not even be one of the caller's.
                ("lib:AntC:HILL", 200),
                ("course-v1:No+Such+One", 200),
                ("lib:AntC:*", 200),
                ("course-v1:*", 200),
                ("ccx-v1:A%2BB%2BC%2Bccx@1", 403),
                ("global:x", 403),
                ("*", 403),
                ("%20lib:AntC:HILL", 403),
            ] {
                check(
                    "nobody",
                    &format!("{target}?scope={}", scope.replace('+', "%2B")),
                    status,
                )
                .await;
            }
        }
        for target in ["permissions/validate/me", "waffle-flag-states/"] {
            check("nobody", target, 200).await;
        }
    })
    .await;
}

#[tokio::test]
async fn permission_comes_before_the_method_and_the_method_before_the_body() {
    const SCOPED: &str = "roles/users/?scope=lib:AntC:HILL";
    let cases = [
        ("anonymous", "PATCH", "orgs/", None),
        ("ada", "PATCH", "orgs/", Some(DENIED.to_owned())),
        ("ada", "GET", "users/validate/", Some(DENIED.to_owned())),
        ("root", "PATCH", "orgs/", Some(not_allowed("PATCH"))),
        ("root", "GET", "users/validate/", Some(not_allowed("GET"))),
        (
            "nobody",
            "GET",
            "permissions/validate/me",
            Some(not_allowed("GET")),
        ),
        (
            "nobody",
            "DELETE",
            "waffle-flag-states/",
            Some(not_allowed("DELETE")),
        ),
        ("nobody", "PATCH", "roles/users/", Some(DENIED.to_owned())),
        ("nobody", "PATCH", SCOPED, Some(not_allowed("PATCH"))),
        (
            "nobody",
            "POST",
            "roles/?scope=lib:AntC:HILL",
            Some(not_allowed("POST")),
        ),
        ("root", "PATCH", "roles/users/", Some(not_allowed("PATCH"))),
        ("root", "BREW", "roles/users/", Some(not_allowed("BREW"))),
    ];
    each(async |platform| {
        for (caller, method, target, line) in &cases {
            for (typed, body) in [
                (None, ""),
                (Some("text/plain"), "x"),
                (Some("application/json"), "[{"),
            ] {
                let client = platform.caller(caller).await;
                let answer = client.send(method, &path(target), typed, body).await;
                match line {
                    Some(line) => assert_eq!(&answer.line(), line, "{method} {target}"),
                    None => assert_eq!(answer.status, 401, "{method} {target}"),
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_of_another_type_is_refused_once_the_caller_may_send_one() {
    const UNSUPPORTED: &str =
        r#"415 {"detail":"Unsupported media type \"text/plain; charset=x\" in request."}"#;
    let cases = [
        ("ada", "POST", "permissions/validate/me", UNSUPPORTED),
        ("ada", "POST", "users/validate/", UNSUPPORTED),
        ("dov", "POST", "users/validate/", DENIED),
        ("root", "PUT", "roles/users/", UNSUPPORTED),
        // Who may write where is in the body, so a body is read before anybody is refused.
        ("nobody", "PUT", "roles/users/", UNSUPPORTED),
    ];
    each(async |platform| {
        for (caller, method, target, line) in cases {
            let client = platform.caller(caller).await;
            let answer = client
                .send(method, &path(target), Some("text/plain; charset=x"), "x")
                .await;
            assert_eq!(answer.line(), line, "{method} {target} by {caller}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_json_is_answered_and_a_client_without_a_wish_gets_it() {
    const UNACCEPTABLE: &str = r#"406 {"detail":"Could not satisfy the request Accept header."}"#;
    let cases = [
        (
            "root",
            "application/json",
            "orgs/?page_size=1&search=zz",
            "200",
        ),
        ("root", "text/html, application/*;q=0.1", "orgs/", "200"),
        ("root", "*/*", "orgs/?format=json", "200"),
        ("root", "*/*", "orgs/?format=", "200"),
        ("root", "text/html", "orgs/", UNACCEPTABLE),
        ("root", "*/*", "orgs/?format=xml", NOT_FOUND),
        ("root", "*/*", "orgs/?f%6Frmat=api", NOT_FOUND),
        // Before anybody is asked who they are.
        ("anonymous", "text/html", "orgs/", UNACCEPTABLE),
        ("anonymous", "*/*", "orgs/?format=xml", NOT_FOUND),
        ("anonymous", "*/*", "orgs/?format=json", "401"),
    ];
    each(async |platform| {
        for (caller, accept, target, line) in cases {
            let client = platform.caller(caller).await.header("accept", accept);
            let answer = client.get(&path(target)).await;
            let what = format!("{accept} {target} by {caller}");
            assert!(answer.line().starts_with(line), "{what}: {}", answer.line());
        }
    })
    .await;
}

#[tokio::test]
async fn a_path_in_another_spelling_is_no_route() {
    each(async |platform| {
        for target in [
            "permissions/validate/me/",
            "roles",
            "roles/users",
            "orgs",
            "Orgs/",
            "users//assignments/",
            "users/a/b/assignments/",
            "nope/",
            "",
        ] {
            for caller in ["root", "anonymous"] {
                let answer = ask(platform, caller, "GET", target).await;
                assert_eq!(answer.status, 404, "{target}");
                let typed = answer.header("content-type").unwrap();
                assert!(typed.starts_with("text/html"), "{target}: {typed}");
            }
        }
    })
    .await;
}
