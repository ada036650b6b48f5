//! JSON Web Tokens: in the header, in cookies, and the users they name.

use provost_store::users;
use serde_json::{Value, json};

use super::world::{TOKEN, World, keyed, start};
use provost_app::Author;
use provost_app::identity::mint::{Mint, Subject};
use provost_app::identity::settings::{CopiedClaim, Settings};
use provost_app::identity::{claims_in_cookies, session};

fn token_of(settings: &Settings, change: impl FnOnce(&mut Subject<'_>)) -> String {
    let mut subject = Subject {
        id: 7,
        username: "ada",
        email: "ada@claims.example",
        name: "Ada".into(),
        is_staff: true,
        is_superuser: true,
    };
    change(&mut subject);
    let hour = chrono::Duration::hours(1);
    Mint::new(&settings.jwt)
        .unwrap()
        .token(&subject, &[], &[], hour, start())
        .unwrap()
}

fn token() -> String {
    token_of(&keyed(), |_| ())
}

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

#[tokio::test]
async fn the_words_before_a_token_are_those_of_the_settings() {
    let token = token();
    let cases = [
        ("JWT", true, format!("JWT {token}"), 200),
        ("JWT", true, format!("jwt  {token} "), 200),
        ("JWT", true, format!("Bearer {token}"), 200),
        ("JWT", true, format!("bearer {token}"), 200),
        ("JWT", false, format!("Bearer {token}"), 401),
        ("JWT", true, format!("JWT {token} x"), 401),
        ("JWT", true, token.clone(), 401),
        ("Bearer", false, format!("Bearer {token}"), 200),
        ("Bearer", false, format!("JWT {token}"), 401),
    ];
    for (prefix, also_bearer, header, status) in cases {
        let mut settings = keyed();
        settings.jwt.header_prefix = prefix.to_owned();
        settings.jwt.also_bearer = also_bearer;
        let world = World::new(settings).await;
        let answer = world.get("/authz/who", &[("authorization", &header)]).await;
        assert_eq!(
            answer.status, status,
            "prefix {prefix}, also Bearer: {also_bearer}, {header:.12}"
        );
        if status == 401 {
            assert_eq!(
                answer.body,
                detail("Authentication credentials were not provided.")
            );
            assert_eq!(
                answer.header("www-authenticate"),
                format!("{prefix} realm=\"api\"")
            );
        }
    }
}

#[tokio::test]
async fn bad_tokens_are_refused_with_the_platforms_texts() {
    let world = World::new(keyed()).await;
    let mut elsewhere = keyed();
    elsewhere.jwt.issuers = vec!["elsewhere".to_owned()];
    let cases = [
        ("nonsense".to_owned(), 0, "Error decoding token."),
        ("a.b.c".to_owned(), 0, "Error decoding token."),
        (token(), 3601, "Token has expired."),
        (format!("{}!", token()), 0, "Error decoding token."),
        (format!("{}A", token()), 0, "Invalid token."),
        (token_of(&elsewhere, |_| ()), 0, "Invalid token."),
        (
            token_of(&keyed(), |ada| ada.username = ""),
            0,
            "JWT must include a preferred_username or username claim!",
        ),
        (
            token_of(&keyed(), |ada| ada.username = "nul\0"),
            0,
            "[edx-drf-extensions] User retrieval failed for username nul\0.",
        ),
    ];
    for (token, seconds, text) in cases {
        world.at(seconds);
        let answer = world
            .get("/authz/who", &[("authorization", &format!("JWT {token}"))])
            .await;
        assert_eq!(answer.line(), (401, detail(text)));
        assert_eq!(answer.header("www-authenticate"), "JWT realm=\"api\"");
    }
    assert_eq!(world.log().await, [""; 0], "nobody was created");
}

#[tokio::test]
async fn without_a_key_no_token_is_accepted() {
    let world = World::new(Settings::default()).await;
    let answer = world
        .get(
            "/authz/who",
            &[("authorization", &format!("JWT {}", token()))],
        )
        .await;
    assert_eq!(answer.line(), (401, detail("Invalid token.")));
}

#[tokio::test]
async fn a_missing_user_is_created_once_and_nothing_is_copied_by_default() {
    let world = World::new(keyed()).await;
    let header = format!("JWT {}", token());
    for _ in 0..3 {
        let answer = world.get("/authz/who", &[("authorization", &header)]).await;
        let who = json!({"username": "ada", "staff": false, "via": "Jwt", "request": null});
        assert_eq!(answer.line(), (200, who));
    }
    let ada = users::by_username(world.app.store().read(), "ada")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (ada.email.as_str(), ada.is_active, ada.is_superuser),
        ("", true, false)
    );
    assert!(ada.password.starts_with('!'));
    assert_eq!(world.log().await, ["user.created user^ada"]);
    let mut settings = keyed();
    settings.jwt.create_users = false;
    let world = World::new(settings).await;
    let answer = world.get("/authz/who", &[("authorization", &header)]).await;
    let text = "[edx-drf-extensions] User retrieval failed for username ada.";
    assert_eq!(answer.line(), (401, detail(text)));
}

/// Removes an account as `provost user delete` does.
async fn delete(world: &World, username: &str) {
    let tx = world.app.store().begin().await.unwrap();
    let user = users::by_username(&tx, username).await.unwrap().unwrap();
    users::delete(&tx, user.id).await.unwrap();
    let subject = format!("user^{username}");
    let entry = Author::program("test").entry(provost_app::kind::USER_DELETED, &subject);
    world.app.commit(tx, &[entry]).await.unwrap();
}

#[tokio::test]
async fn a_deleted_user_comes_back_by_a_token_of_later_alone() {
    let world = World::new(keyed()).await;
    let gone = "[edx-drf-extensions] User retrieval failed for username ada.";
    let issued = |at: i64| {
        world.at(at);
        let hour = chrono::Duration::hours(1);
        let subject = Subject {
            id: 7,
            username: "ada",
            email: "",
            name: "Ada".into(),
            is_staff: false,
            is_superuser: false,
        };
        let minter = world.app.identities().minter();
        let token = minter.token(&subject, &[], &[], hour, world.app.now());
        format!("JWT {}", token.unwrap())
    };
    let who = async |header: &str| world.get("/authz/who", &[("authorization", header)]).await;
    let [younger, same_second, older] = [11, 10, 0].map(issued);
    assert_eq!(who(&older).await.status, 200, "the first time creates");
    world.at(10);
    delete(&world, "ada").await;
    world.at(20);
    for token in [&older, &same_second] {
        assert_eq!(who(token).await.line(), (401, detail(gone)));
    }
    let log = ["user.created user^ada", "user.deleted user^ada"];
    assert_eq!(world.log().await, log, "nobody was created");
    for token in [&younger, &older] {
        assert_eq!(who(token).await.status, 200, "the name is somebody's again");
    }
}

#[tokio::test]
async fn a_burst_of_first_requests_creates_the_user_once() {
    let world = World::new(keyed()).await;
    let header = format!("JWT {}", token());
    let headers = [("authorization", header.as_str())];
    let burst = (0..20).map(|_| world.get("/authz/who", &headers));
    for answer in futures_util::future::join_all(burst).await {
        assert_eq!(answer.status, 200);
    }
    assert_eq!(world.log().await, ["user.created user^ada"]);
}

#[tokio::test]
async fn claims_are_copied_where_the_settings_say_so_and_only_when_they_differ() {
    let mut settings = keyed();
    settings.jwt.copied_claims = vec![CopiedClaim::Administrator, CopiedClaim::Email];
    let world = World::new(settings.clone()).await;
    world.user("ada", |_| ()).await;
    let staff = format!("JWT {}", token());
    let plain = format!("JWT {}", token_of(&settings, |ada| ada.is_staff = false));
    for (header, expected) in [
        (&staff, true),
        (&staff, true),
        (&plain, false),
        (&staff, true),
    ] {
        let answer = world.get("/authz/who", &[("authorization", header)]).await;
        assert_eq!(answer.body["staff"], expected);
        let ada = users::by_username(world.app.store().read(), "ada")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (ada.is_staff, ada.email.as_str()),
            (expected, "ada@claims.example")
        );
    }
    assert_eq!(world.log().await, ["user.changed user^ada"; 3]);
    let new = format!("JWT {}", token_of(&settings, |ada| ada.username = "new"));
    assert_eq!(
        world
            .get("/authz/who", &[("authorization", &new)])
            .await
            .body["staff"],
        true
    );
    assert_eq!(world.log().await.last().unwrap(), "user.created user^new");
}

#[tokio::test]
async fn inactive_users_may_come_by_token_and_a_changed_user_is_seen_at_once() {
    let world = World::new(keyed()).await;
    let ada = world.user("ada", |new| new.is_active = false).await;
    let header = format!("JWT {}", token());
    for staff in [false, true] {
        let flags = users::Flags {
            is_staff: Some(staff),
            ..users::Flags::default()
        };
        let tx = world.app.store().begin().await.unwrap();
        users::set_flags(&tx, ada.id, flags).await.unwrap();
        let mut entry = Author::program("test").entry(provost_app::kind::USER_CHANGED, "user^ada");
        entry.after = Some(json!({
            "id": ada.id, "username": "ada", "is_staff": staff, "is_superuser": false,
        }));
        world.app.commit(tx, &[entry]).await.unwrap();
        let answer = world.get("/authz/who", &[("authorization", &header)]).await;
        assert_eq!(answer.body["staff"], staff);
    }
}

fn halves(token: &str) -> String {
    let (payload, signature) = token.rsplit_once('.').unwrap();
    format!("edx-jwt-cookie-header-payload={payload}; edx-jwt-cookie-signature={signature}")
}

#[tokio::test]
async fn cookies_count_only_when_asked_for_and_with_csrf() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    let (split, whole) = (halves(&token()), format!("edx-jwt-cookie={}", token()));
    let pair = format!("{split}; csrftoken={TOKEN}");
    let asks = ("use-jwt-cookie", "true");
    let cases = [
        ("GET", &split, &[asks] as &[_], 200),
        ("GET", &whole, &[asks], 200),
        ("GET", &split, &[], 401),
        ("GET", &split, &[("use-jwt-cookie", "false")], 401),
        ("GET", &split, &[asks, ("authorization", "Nonsense x")], 401),
        ("POST", &pair, &[asks, ("x-csrftoken", TOKEN)], 200),
        ("POST", &pair, &[asks], 401),
        ("POST", &split, &[asks, ("x-csrftoken", TOKEN)], 401),
    ];
    for (method, cookies, headers, status) in cases {
        let mut headers = headers.to_vec();
        headers.push(("cookie", cookies));
        let answer = world.send(method, "/authz/who", &headers, "").await;
        assert_eq!(answer.status, status, "{method} {headers:?}");
        if status == 401 {
            assert_eq!(
                answer.body,
                detail("Authentication credentials were not provided.")
            );
        }
    }
}

#[tokio::test]
async fn a_bad_cookie_is_forgiven_and_the_session_decides() {
    let world = World::new(keyed()).await;
    let bob = world.user("bob", |_| ()).await;
    let begun = session::begin(&world.app, bob.id, &Author::program("test"))
        .await
        .unwrap();
    world.at(3601);
    for bad in [halves(&token()), "edx-jwt-cookie=nonsense".to_owned()] {
        let cookies = format!("{bad}; sessionid={}", begun.key);
        let headers = [("cookie", cookies.as_str()), ("use-jwt-cookie", "true")];
        let answer = world.get("/authz/who", &headers).await;
        assert_eq!(
            (&answer.body["username"], &answer.body["via"]),
            (&json!("bob"), &json!("Session"))
        );
    }
}

#[tokio::test]
async fn the_claims_in_the_cookie_can_be_read_whoever_the_caller_is() {
    let world = World::new(keyed()).await;
    let parts = |cookies: &str| {
        let request = http::Request::builder().header("cookie", cookies);
        request.body(()).unwrap().into_parts().0
    };
    let claims = claims_in_cookies(&world.app, &parts(&halves(&token())))
        .unwrap()
        .unwrap();
    assert_eq!(claims["preferred_username"], "ada");
    assert!(
        claims_in_cookies(&world.app, &parts("a=b"))
            .unwrap()
            .is_none()
    );
    assert!(claims_in_cookies(&world.app, &parts("edx-jwt-cookie=x")).is_err());
}
