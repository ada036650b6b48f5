//! Who may, and what is refused before anything is looked at.

use serde_json::json;

use super::world::{asked, each, path};

#[tokio::test]
async fn only_active_staff_and_superusers_may() {
    each(async |world| {
        let nobody = r#"401 {"detail":"Authentication credentials were not provided."}"#;
        let denied = r#"403 {"detail":"You do not have permission to perform this action."}"#;
        for (user, expected) in [(None, nobody), (Some(3), denied), (Some(4), nobody)] {
            let client = match user {
                Some(user) => world.session_of(user).await,
                None => world.nobody(),
            };
            for (method, target) in [
                ("GET", "list"),
                ("POST", "create"),
                ("PUT", "create"),
                ("DELETE", "delete/x"),
                ("GET", "detail/x"),
                ("GET", "hosts/x"),
                ("GET", "logs"),
                ("PATCH", "logs/"),
            ] {
                let answer = client.json(method, &path(target), &asked("x")).await;
                assert_eq!(answer.line(), expected, "{user:?} {method} {target}");
                let challenge = answer.header("www-authenticate");
                let challenged = expected.starts_with("401");
                assert_eq!(challenge.is_some(), challenged);
                assert!(!challenged || challenge.as_deref() == Some("Basic realm=\"api\""));
            }
        }
        for user in [1, 2] {
            let client = world.session_of(user).await;
            assert_eq!(client.get(&path("list")).await.status, 200);
            let answer = client.put(&path("create"), &json!({})).await;
            assert_eq!(
                answer.line(),
                r#"405 {"detail":"Method \"PUT\" not allowed."}"#
            );
            assert_eq!(answer.header("allow").as_deref(), Some("POST, OPTIONS"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_writes_with_its_double_submit_only() {
    each(async |world| {
        let client = world.session_of(2).await.header("x-csrftoken", "");
        let answer = client.post(&path("create"), &asked("x")).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().starts_with(r#"{"detail":"CSRF Failed: "#));
        let log = world.session_of(1).await.get(&path("logs")).await;
        assert_eq!(log.json()["count"], 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_path_is_not_found_as_json() {
    each(async |world| {
        for target in ["", "nothing", "list/x", "delete", "detail/a/b"] {
            for method in ["GET", "POST", "DELETE"] {
                let answer = world.nobody().send(method, &path(target), None, "").await;
                assert_eq!(
                    answer.line(),
                    r#"404 {"detail":"Not found."}"#,
                    "{method} {target}"
                );
            }
        }
    })
    .await;
}
