//! Who is asking: the schemes of the reference, in its order, with its answers.

use provost_app::Author;
use provost_app::identity::session;
use serde_json::json;

use crate::world::{each, path};

#[tokio::test]
async fn credentials_that_are_not_accepted_are_told_why() {
    each(async |platform| {
        let none = json!({"detail": "Authentication credentials were not provided."});
        let detail = |text: &str| json!({"detail": text});
        let coded = |code: &str, text: &str| json!({"error_code": code, "developer_message": text});
        for (sent, expected) in [
            ("", none.clone()),
            ("Unknown word", none),
            (
                "Basic",
                detail("Invalid basic header. No credentials provided."),
            ),
            (
                "Basic a b",
                detail("Invalid basic header. Credentials string should not contain spaces."),
            ),
            (
                "Basic bm9ib2R5OndvcmQ=",
                detail("Invalid username/password."),
            ),
            ("Basic ???", detail("Invalid username/password.")),
            ("Basic bm9jb2xvbg==", detail("Invalid username/password.")),
            (
                "Token",
                detail("Invalid token header. No credentials provided."),
            ),
            (
                "Token a b",
                detail("Invalid token header. Token string should not contain spaces."),
            ),
            ("Token unknown", detail("Invalid token.")),
            ("Token idatoken", detail("User inactive or deleted.")),
            (
                "Bearer x",
                coded(
                    "token_nonexistent",
                    "The provided access token does not match any valid tokens.",
                ),
            ),
            (
                "Bearer",
                coded(
                    "token_not_provided",
                    "Invalid token header. No credentials provided.",
                ),
            ),
            (
                "One two three",
                coded(
                    "token_malformed",
                    "Invalid token header. Token string should not contain spaces.",
                ),
            ),
        ] {
            let mut client = platform.caller("anonymous").await;
            if !sent.is_empty() {
                client = client.header("authorization", sent);
            }
            let answer = client.get(&path("courses/")).await;
            assert_eq!((answer.status, answer.json()), (401, expected), "{sent}");
            let challenge = answer.header("www-authenticate");
            assert_eq!(challenge.as_deref(), Some("Basic realm=\"api\""), "{sent}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_signs_its_person_in() {
    each(async |platform| {
        let client = platform.caller("anonymous").await;
        let answer = client
            .header("authorization", "token redtoken")
            .get(&path("users/5/"))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    })
    .await;
}

#[tokio::test]
async fn a_session_of_an_inactive_person_is_none() {
    each(async |platform| {
        let answer = platform.caller("ida").await.get(&path("courses/")).await;
        assert_eq!(
            answer.line(),
            r#"401 {"detail":"Authentication credentials were not provided."}"#
        );
    })
    .await;
}

#[tokio::test]
async fn a_session_needs_the_double_submit_to_write() {
    each(async |platform| {
        let text = |reason: &str| format!(r#"403 {{"detail":"CSRF Failed: {reason}"}}"#);
        let admin = platform.caller("redadmin").await;
        let body = json!({"name": "x"});
        let target = path("course-access-groups/");
        let author = Author::program("test");
        let session = session::begin(&platform.world.app, 3, &author).await;
        let key = session.unwrap().key;
        let without = admin.clone().header("cookie", &format!("sessionid={key}"));
        assert_eq!(
            without.post(&target, &body).await.line(),
            text("CSRF cookie not set.")
        );
        for token in ["", "x", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"] {
            let wrong = admin.clone().header("x-csrftoken", token);
            assert_eq!(
                wrong.post(&target, &body).await.line(),
                text("CSRF token missing or incorrect."),
                "{token}"
            );
        }
        assert_eq!(admin.post(&target, &body).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn who_it_is_comes_before_what_may_be_done() {
    each(async |platform| {
        for (caller, method, target, status) in [
            ("anonymous", "PUT", "courses/", 401),
            ("ron", "PUT", "courses/", 403),
            ("redadmin", "PUT", "courses/", 405),
            ("redadmin", "POST", "users/5/", 405),
            ("redadmin", "DELETE", "memberships/", 405),
            ("ron", "OPTIONS", "courses/", 403),
            ("redadmin", "OPTIONS", "courses/", 200),
        ] {
            let client = platform.caller(caller).await;
            let answer = client
                .send(method, &path(target), None, String::new())
                .await;
            assert_eq!(answer.status, status, "{caller} {method} {target}");
        }
        let list = platform
            .caller("redadmin")
            .await
            .get(&path("memberships/"))
            .await;
        assert_eq!(list.header("allow").unwrap(), "GET, POST, HEAD, OPTIONS");
        let one = platform
            .caller("redadmin")
            .await
            .get(&path("memberships/1/"))
            .await;
        assert_eq!(
            one.header("allow").unwrap(),
            "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
        );
    })
    .await;
}
