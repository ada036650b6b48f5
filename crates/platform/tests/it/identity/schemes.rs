//! Sessions, HTTP Basic and bearer tokens, in the order of each family.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::world::{TOKEN, World, keyed};
use provost_app::Author;
use provost_app::identity::{session, settings};

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[tokio::test]
async fn without_credentials_the_first_scheme_says_how_to_come_back() {
    let world = World::new(keyed()).await;
    let missing = detail("Authentication credentials were not provided.");
    let cases = [
        ("/authz/who", 401, "JWT realm=\"api\"", "Accept, Cookie"),
        ("/jwt/who", 401, "JWT realm=\"api\"", "Accept"),
        ("/groups/who", 401, "Basic realm=\"api\"", "Accept, Cookie"),
        ("/session/who", 403, "", "Accept, Cookie"),
    ];
    for (path, status, challenge, vary) in cases {
        for header in ["", "Nonsense x"] {
            let answer = world.get(path, &[("authorization", header)]).await;
            assert_eq!(
                answer.line(),
                (status, missing.clone()),
                "{path} with `{header}`"
            );
            assert_eq!(answer.header("www-authenticate"), challenge, "{path}");
            assert_eq!(answer.header("vary"), vary, "{path}");
        }
    }
}

#[tokio::test]
async fn a_session_counts_until_it_ends_also_for_inactive_users() {
    let world = World::new(keyed()).await;
    let ada = world.user("ada", |new| new.is_active = false).await;
    let begun = session::begin(&world.app, ada.id, &Author::program("test"))
        .await
        .unwrap();
    let cookie = format!("sessionid={}", begun.key);
    let headers = [("cookie", cookie.as_str()), ("x-request-id", "r-1")];
    let fortnight = 14 * 24 * 3600;
    for (seconds, status) in [(0, 200), (fortnight - 1, 200), (fortnight, 401)] {
        world.at(seconds);
        let answer = world.get("/authz/who", &headers).await;
        assert_eq!(answer.status, status, "after {seconds} seconds");
        if status == 200 {
            let who = json!({
                "username": "ada", "staff": false, "via": "Session", "request": "r-1",
            });
            assert_eq!(answer.body, who);
        }
    }
    assert_eq!(world.log().await, ["session.created user^ada"]);
    let written = world.written().await;
    assert!(!written.contains(&begun.key), "the key is written nowhere");
    assert!(
        session::begin(&world.app, 99, &Author::program("test"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn keys_that_are_none_open_nothing() {
    let world = World::new(keyed()).await;
    for key in ["", "x", &"0".repeat(64), &"é".repeat(32), "' OR 1=1 --"] {
        let answer = world
            .get("/authz/who", &[("cookie", &format!("sessionid={key}"))])
            .await;
        assert_eq!(answer.status, 401, "{key}");
    }
}

#[tokio::test]
async fn unsafe_methods_in_a_session_need_the_csrf_pair() {
    let world = World::new(keyed()).await;
    let ada = world.user("ada", |_| ()).await;
    let begun = session::begin(&world.app, ada.id, &Author::program("test"))
        .await
        .unwrap();
    let other = TOKEN.replace('0', "1");
    let wrong = "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect.";
    let cases = [
        ("", "", Some("CSRF Failed: CSRF cookie not set.")),
        (TOKEN, "", Some("CSRF Failed: CSRF token missing.")),
        (TOKEN, other.as_str(), Some(wrong)),
        (TOKEN, TOKEN, None),
    ];
    for (cookie, header, refusal) in cases {
        let mut cookies = format!("sessionid={}", begun.key);
        if !cookie.is_empty() {
            cookies = format!("{cookies}; csrftoken={cookie}");
        }
        let mut headers = vec![("cookie", cookies.as_str())];
        if !header.is_empty() {
            headers.push(("x-csrftoken", header));
        }
        let answer = world.post("/authz/who", &headers).await;
        match refusal {
            Some(text) => assert_eq!(answer.line(), (403, detail(text))),
            None => assert_eq!(answer.status, 200),
        }
        assert_eq!(
            world.get("/authz/who", &headers).await.status,
            200,
            "reading needs none"
        );
    }
    let cookies = format!("sessionid={}; csrftoken={TOKEN}", begun.key);
    let forged = [
        ("cookie", cookies.as_str()),
        ("x-csrftoken", TOKEN),
        ("origin", "https://evil.test"),
    ];
    let text = "CSRF Failed: Origin checking failed - https://evil.test does not match any \
                trusted origins.";
    assert_eq!(
        world.post("/authz/who", &forged).await.line(),
        (403, detail(text))
    );
}

#[tokio::test]
async fn http_basic_answers_with_the_reference_texts() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    world.user("idle", |new| new.is_active = false).await;
    world
        .user("mute", |new| new.password = "!".to_owned())
        .await;
    let wrong = "Invalid username/password.";
    let cases = [
        (basic("ada:letmein"), None),
        (basic("ada:letmeout"), Some(wrong)),
        (basic("bob:letmein"), Some(wrong)),
        (basic("mute:letmein"), Some(wrong)),
        (basic("idle:letmein"), Some(wrong)),
        (basic("ada"), Some(wrong)),
        ("Basic !!!!".to_owned(), Some(wrong)),
        (
            "Basic YWRhO".to_owned(),
            Some("Invalid basic header. Credentials not correctly base64 encoded."),
        ),
        (
            "Basic".to_owned(),
            Some("Invalid basic header. No credentials provided."),
        ),
        (
            "Basic a b".to_owned(),
            Some("Invalid basic header. Credentials string should not contain spaces."),
        ),
    ];
    for (header, refusal) in cases {
        let answer = world
            .get("/groups/who", &[("authorization", &header)])
            .await;
        match refusal {
            None => assert_eq!(
                (answer.status.as_u16(), &answer.body["via"]),
                (200, &json!("Basic"))
            ),
            Some(text) => {
                assert_eq!(answer.line(), (401, detail(text)), "{header}");
                assert_eq!(answer.header("www-authenticate"), "Basic realm=\"api\"");
            }
        }
    }
    assert_eq!(world.log().await, [""; 0], "asking changes nothing");
}

#[tokio::test]
async fn inactive_users_are_told_so_where_they_may_sign_in() {
    let mut settings = keyed();
    settings.sign_in.inactive_users = true;
    let world = World::new(settings).await;
    world.user("idle", |new| new.is_active = false).await;
    let answer = world
        .get("/groups/who", &[("authorization", &basic("idle:letmein"))])
        .await;
    assert_eq!(answer.line(), (401, detail("User inactive or deleted.")));
    let answer = world
        .get("/groups/who", &[("authorization", &basic("idle:letmeout"))])
        .await;
    assert_eq!(answer.line(), (401, detail("Invalid username/password.")));
}

#[tokio::test]
async fn http_basic_is_throttled() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    for _ in 0..3 {
        let answer = world
            .get("/groups/who", &[("authorization", &basic("ada:x"))])
            .await;
        assert_eq!(answer.status, 401);
    }
    let right = basic("ada:letmein");
    let answer = world.get("/groups/who", &[("authorization", &right)]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (429, "300")
    );
    world.at(300);
    let answer = world.get("/groups/who", &[("authorization", &right)]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_first_scheme_that_recognises_credentials_decides() {
    let world = World::new(settings::Settings::default()).await;
    let ada = world.user("ada", |_| ()).await;
    let begun = session::begin(&world.app, ada.id, &Author::program("test"))
        .await
        .unwrap();
    let cookie = format!("sessionid={}", begun.key);
    let with = |header| [("authorization", header), ("cookie", cookie.as_str())];
    let wrong = basic("ada:x");
    assert_eq!(world.get("/groups/who", &with(&wrong)).await.status, 401);
    assert_eq!(
        world.get("/session/who", &with(&wrong)).await.body["via"],
        "Session"
    );
    assert_eq!(world.get("/authz/who", &with("JWT x")).await.status, 401);
    assert_eq!(
        world.get("/authz/who", &with("JWT")).await.body["via"],
        "Session"
    );
}
