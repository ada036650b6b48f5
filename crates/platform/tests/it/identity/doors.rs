//! Signing in and out, renewing the JWT cookies, and CSRF tokens.

use provost_store::{changes, users};
use serde_json::{Value, json};

use super::world::{World, keyed};
use provost_app::identity::{csrf, password};

const SESSION: &str = "/api/provost/v1/session";

fn login(name: &str, password: &str) -> String {
    json!({"username": name, "password": password}).to_string()
}

fn me(id: i64) -> Value {
    json!({
        "id": id, "username": "ada", "email": "ada@example.com", "is_active": true,
        "is_staff": false, "is_superuser": false,
    })
}

#[tokio::test]
async fn a_password_begins_a_session_that_signing_out_ends() {
    let world = World::new(keyed()).await;
    let ada = world.user("ada", |_| ()).await;
    for name in ["ada", "ada@example.com"] {
        let answer = world
            .send("POST", SESSION, &[], &login(name, "letmein"))
            .await;
        assert_eq!(answer.line(), (200, me(ada.id)), "{name}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let key = answer.cookie("sessionid");
        let session = answer.set_cookie("sessionid").unwrap();
        assert!(
            session.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600"),
            "{session}"
        );
        assert!(!session.contains("Secure"), "{session}");
        let token = answer.cookie("csrftoken");
        assert!(!answer.set_cookie("csrftoken").unwrap().contains("HttpOnly"));

        let cookies = format!("sessionid={key}; csrftoken={token}");
        let answer = world.get(SESSION, &[("cookie", &cookies)]).await;
        assert_eq!(answer.line(), (200, me(ada.id)));
        let answer = world
            .send("DELETE", SESSION, &[("cookie", &cookies)], "")
            .await;
        assert_eq!(answer.status, 403, "signing out needs the CSRF token");
        let headers = [
            ("cookie", cookies.as_str()),
            ("x-csrftoken", token.as_str()),
        ];
        let answer = world.send("DELETE", SESSION, &headers, "").await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.cookie("sessionid"), "");
        assert!(
            answer
                .set_cookie("sessionid")
                .unwrap()
                .contains("Max-Age=0")
        );
        assert_eq!(
            world.get(SESSION, &[("cookie", &cookies)]).await.status,
            401
        );
    }
    let log = world.log().await;
    assert_eq!(
        log,
        [
            "user.changed user^ada",
            "session.created user^ada",
            "session.deleted user^ada",
            "session.created user^ada",
            "session.deleted user^ada",
        ],
        "the hash is of an older kind and so is replaced, once"
    );
    let rehashed = changes::since(world.app.store().read(), 0).await.unwrap();
    let said = (rehashed[0].before.clone(), rehashed[0].after.clone());
    let password = |word: &str| Some(json!({"password": word}));
    assert_eq!(said, (password("usable"), password("rehashed")));
    let ada = users::find(world.app.store().read(), ada.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ada.last_login, Some(world.app.now()));
    assert!(!password::needs_upgrade(&ada.password));
    assert!(password::verify("letmein", &ada.password));
}

#[tokio::test]
async fn wrong_passwords_unknown_names_and_inactive_users_look_alike_and_are_throttled() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    world.user("idle", |new| new.is_active = false).await;
    for (name, word) in [("ada", "x"), ("eve", "letmein"), ("idle", "letmein")] {
        let answer = world.send("POST", SESSION, &[], &login(name, word)).await;
        assert_eq!(answer.status, 401, "{name}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["detail"], "The name or the password is wrong.");
        assert_eq!(answer.set_cookie("sessionid"), None);
    }
    for _ in 0..2 {
        assert_eq!(
            world
                .send("POST", SESSION, &[], &login("ada", "x"))
                .await
                .status,
            401
        );
    }
    for name in ["ada", "ada@example.com"] {
        let answer = world
            .send("POST", SESSION, &[], &login(name, "letmein"))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (429, "300"),
            "{name}"
        );
    }
    let answer = world.send("POST", SESSION, &[], "{}").await;
    assert_eq!(answer.status, 400);
    assert_eq!(world.log().await, [""; 0]);
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_sign_its_visitor_in() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    for (origin, status) in [
        ("https://evil.test", 403),
        ("null", 403),
        ("http://testserver", 200),
    ] {
        let headers = [("origin", origin)];
        let answer = world
            .send("POST", SESSION, &headers, &login("ada", "letmein"))
            .await;
        assert_eq!(answer.status, status, "{origin}");
    }
}

#[tokio::test]
async fn a_session_renews_the_jwt_cookies_that_then_sign_in() {
    let world = World::new(keyed()).await;
    let ada = world.user("ada", |_| ()).await;
    let begun = world
        .send("POST", SESSION, &[], &login("ada", "letmein"))
        .await;
    let session = format!("sessionid={}", begun.cookie("sessionid"));
    let answer = world.post("/login_refresh", &[("cookie", &session)]).await;
    let expected = json!({
        "success": true,
        "user_id": ada.id,
        "response_epoch_seconds": 1_700_000_000,
        "response_http_date": "Tue, 14 Nov 2023 22:13:20 GMT",
        "expires": "Tue, 14 Nov 2023 23:13:20 GMT",
        "expires_epoch_seconds": 1_700_003_600,
    });
    assert_eq!(answer.line(), (200, expected));
    let (payload, signature) = ("edx-jwt-cookie-header-payload", "edx-jwt-cookie-signature");
    assert!(!answer.set_cookie(payload).unwrap().contains("HttpOnly"));
    assert!(answer.set_cookie(signature).unwrap().contains("HttpOnly"));
    let cookies = format!(
        "{payload}={}; {signature}={}",
        answer.cookie(payload),
        answer.cookie(signature)
    );
    let headers = [("cookie", cookies.as_str()), ("use-jwt-cookie", "true")];
    let answer = world.get("/authz/who", &headers).await;
    assert_eq!(
        (&answer.body["username"], &answer.body["via"]),
        (&json!("ada"), &json!("Jwt"))
    );

    for cookie in ["", "sessionid=x"] {
        let answer = world.post("/login_refresh", &[("cookie", cookie)]).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("www-authenticate"), "JWT realm=\"api\"");
    }
}

#[tokio::test]
async fn a_csrf_token_fits_its_cookie_and_keeps_it() {
    let world = World::new(keyed()).await;
    let answer = world.get("/csrf/api/v1/token", &[]).await;
    let secret = answer.cookie("csrftoken");
    assert!(csrf::is_token(&secret));
    let kept = format!("csrftoken={secret}");
    let again = world.get("/csrf/api/v1/token", &[("cookie", &kept)]).await;
    assert_eq!(again.cookie("csrftoken"), secret);
    assert_ne!(again.body, answer.body, "the mask is fresh");
    let begun = async |token: &str| {
        let mut headers = http::HeaderMap::new();
        headers.insert(csrf::HEADER, token.parse().unwrap());
        let site = csrf::Site {
            scheme: "http",
            host: "testserver",
            trusted: &[],
        };
        csrf::check(&headers, Some(&secret), site)
    };
    for answer in [answer, again] {
        assert_eq!(
            begun(answer.body["csrfToken"].as_str().unwrap()).await,
            Ok(())
        );
    }
    let bad = world
        .get("/csrf/api/v1/token", &[("cookie", "csrftoken=bad")])
        .await;
    assert!(csrf::is_token(&bad.cookie("csrftoken")));
}

#[tokio::test]
async fn logging_out_ends_the_session_and_clears_every_cookie() {
    let world = World::new(keyed()).await;
    world.user("ada", |_| ()).await;
    let begun = world
        .send("POST", SESSION, &[], &login("ada", "letmein"))
        .await;
    let session = format!("sessionid={}", begun.cookie("sessionid"));
    for cookie in [session.as_str(), ""] {
        let answer = world.get("/logout", &[("cookie", cookie)]).await;
        assert_eq!(answer.line(), (200, json!({"success": true})));
        for name in [
            "sessionid",
            "edx-jwt-cookie-header-payload",
            "edx-jwt-cookie-signature",
        ] {
            assert_eq!(answer.cookie(name), "", "{name}");
        }
    }
    assert_eq!(
        world
            .post("/login_refresh", &[("cookie", &session)])
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn cookies_are_for_the_domain_and_marked_secure_as_the_settings_say() {
    let mut settings = keyed();
    settings.cookies.domain = "example.com".to_owned();
    settings.cookies.secure = true;
    let world = World::new(settings).await;
    let answer = world.get("/csrf/api/v1/token", &[]).await;
    let cookie = answer.set_cookie("csrftoken").unwrap();
    assert!(
        cookie.contains("Domain=example.com") && cookie.contains("Secure"),
        "{cookie}"
    );
}
