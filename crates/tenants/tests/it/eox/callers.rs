//! Who may call, and that it is asked before anything else.

use serde_json::{Value, json};

use super::world::{caller, each, path};

const INVALID: &str = r#"401 {"detail":"Invalid token"}"#;
const DENIED: &str = r#"403 {"detail":"You do not have permission to perform this action."}"#;

/// Every view but the base and one method that it lacks.
const VIEWS: [(&str, &str); 7] = [
    ("configs/", "DELETE"),
    ("configs/1/", "POST"),
    ("configs/update-by-domain/", "GET"),
    ("routes/", "PATCH"),
    ("routes/1/", "POST"),
    ("microsites/", "PUT"),
    ("microsites/mini/", "POST"),
];

#[tokio::test]
async fn staff_may_and_others_only_with_the_permission_by_an_application_of_this_site() {
    each(async |world| {
        for (how, expected) in [
            ("session stan", ""),
            ("jwt stan", ""),
            ("Bearer stan", ""),
            ("Bearer stan-elsewhere", ""),
            ("Bearer pat", ""),
            // A superuser has every permission, and must come by the right application all the same.
            ("Bearer root", ""),
            ("Bearer root-elsewhere", INVALID),
            ("session root", INVALID),
            ("jwt root", INVALID),
            ("Bearer pat-elsewhere", INVALID),
            ("session pat", INVALID),
            ("jwt pat", INVALID),
            ("Bearer lea", DENIED),
            ("Bearer lea-elsewhere", INVALID),
            ("session lea", INVALID),
            ("jwt lea", INVALID),
            ("session ida", INVALID),
            ("anonymous", INVALID),
        ] {
            let client = caller(world, how).await;
            let answer = client.get(&path("configs/")).await;
            if expected.is_empty() {
                assert_eq!(answer.status, 200, "{how}: {}", answer.text());
            } else {
                assert_eq!(answer.line(), expected, "{how}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_root_of_another_host_is_another_site() {
    each(async |world| {
        for (how, host, status) in [
            ("Bearer pat", "testserver", 200),
            ("Bearer pat", "other.example", 401),
            ("Bearer pat-elsewhere", "other.example", 200),
            ("Bearer pat-elsewhere", "testserver", 401),
        ] {
            let client = caller(world, how).await.header("host", host);
            let answer = client.get(&path("routes/")).await;
            assert_eq!(answer.status, status, "{how} {host}");
        }
    })
    .await;
}

#[tokio::test]
async fn credentials_that_are_none_are_told_why() {
    each(async |world| {
        let detail = |text: &str| json!({"detail": text});
        let coded = |code: &str, text: &str| json!({"error_code": code, "developer_message": text});
        let unknown = "The provided access token does not match any valid tokens.";
        let late = "The provided access token has expired and is no longer valid.";
        for (how, expected) in [
            ("Bearer a.b.c", detail("Error decoding token.")),
            ("JWT a.b.c", detail("Error decoding token.")),
            ("Bearer nobodys", coded("token_nonexistent", unknown)),
            ("Bearer late-stan", coded("token_expired", late)),
            ("Bearer ida", detail("User inactive or deleted.")),
            ("jwt ida", detail("User inactive or deleted.")),
            ("Basic c3Rhbjp4", detail("Invalid token")),
        ] {
            let answer = caller(world, how).await.get(&path("configs/")).await;
            assert_eq!((answer.status, answer.json()), (401, expected), "{how}");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge.as_deref(), Some("Bearer realm=\"api\""), "{how}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_it_is_comes_before_the_method_the_body_and_what_there_is() {
    each(async |world| {
        for (how, expected) in [("anonymous", INVALID), ("Bearer lea", DENIED)] {
            let client = caller(world, how).await;
            for (view, lacking) in VIEWS {
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", lacking] {
                    let target = path(&view.replace('1', "999"));
                    let answer = client.send(method, &target, Some("text/plain"), "{").await;
                    assert_eq!(answer.line(), expected, "{how} {method} {target}");
                }
            }
        }
        let staff = caller(world, "session stan").await;
        for (view, lacking) in VIEWS {
            let target = path(view);
            let answer = staff.send(lacking, &target, Some("text/plain"), "{").await;
            let expected = json!({"detail": format!("Method \"{lacking}\" not allowed.")});
            assert_eq!((answer.status, answer.json()), (405, expected), "{target}");
            let described = staff.send("OPTIONS", &target, None, "").await;
            assert_eq!(described.status, 200, "{target}");
            let parses: Value = described.json()["parses"].clone();
            assert_eq!(parses, json!(["application/json"]), "{target}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_writes_with_its_double_submit_only() {
    each(async |world| {
        let staff = caller(world, "session stan").await;
        let missing = staff.clone().header("x-csrftoken", "");
        let answer = missing.delete(&path("configs/1/")).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("CSRF Failed: "), "{}", answer.text());
        assert_eq!(staff.get(&path("configs/1/")).await.status, 200);
        assert_eq!(staff.delete(&path("configs/1/")).await.status, 204);
    })
    .await;
}
