//! Who gets in where only accounts that exist and are active do, and what the others are told.

use jsonwebtoken::{EncodingKey, Header};
use provost_store::users;
use serde_json::json;

use crate::identity::settings;
use crate::identity::world::{CSRF, basic, detail, nobody, token, world};

#[tokio::test]
async fn what_belongs_to_no_scheme_is_nobody() {
    let world = world(|_| {}).await;
    let words = [
        "",
        "Nonsense",
        "Nonsense x",
        "Nonsense x y",
        "JWT",
        "JWT x y",
        "Token ada",
    ];
    world
        .check(words.map(|words| (words.to_owned(), nobody())))
        .await;
    assert_eq!(world.told("GET", &[]).await, nobody());
}

#[tokio::test]
async fn passwords_are_told_apart_only_by_whoever_knows_them() {
    let wrong = || detail(401, "Invalid username/password.");
    let malformed = |why: &str| detail(401, &format!("Invalid basic header. {why}"));
    for told_elsewhere in [false, true] {
        let world = world(|settings| settings.sign_in.inactive_users = told_elsewhere).await;
        let cases = [
            (basic("ada:letmein"), "ada by Basic".to_owned()),
            (basic("ada:letmeout"), wrong()),
            (basic("nobody:letmein"), wrong()),
            (basic("off:letmeout"), wrong()),
            (
                basic("off:letmein"),
                detail(401, "User inactive or deleted."),
            ),
            ("Basic".to_owned(), malformed("No credentials provided.")),
            (
                "Basic a b".to_owned(),
                malformed("Credentials string should not contain spaces."),
            ),
        ];
        world.check(cases).await;
    }
}

#[tokio::test]
async fn a_jwt_is_of_somebody_who_is_there_and_active_whatever_word_announces_it() {
    let refused = |text: &str| detail(401, text);
    for also_bearer in [true, false] {
        let world = world(|settings| settings.jwt.also_bearer = also_bearer).await;
        let users = world.app.store().read();
        let foreign = jsonwebtoken::encode(
            &Header::default(),
            &json!({"iss": "test", "iat": 0, "exp": 9_999_999_999_u64, "preferred_username": "ada"}),
            &EncodingKey::from_secret(b"another key"),
        );
        let cases = [
            (token(&json!({})), None),
            (
                token(&json!({"preferred_username": null, "username": "ada"})),
                None,
            ),
            (
                token(&json!({"exp": 1_600_000_000})),
                Some("Token has expired."),
            ),
            ("a.b.c".to_owned(), Some("Error decoding token.")),
            (foreign.unwrap(), Some("Invalid token.")),
            (token(&json!({"iss": "another"})), Some("Invalid token.")),
            (token(&json!({"exp": null})), Some("Invalid token.")),
            (
                token(&json!({"preferred_username": "newcomer"})),
                Some("Invalid token."),
            ),
            (
                token(&json!({"preferred_username": "n".repeat(200)})),
                Some("Invalid token."),
            ),
            (
                token(&json!({"preferred_username": null})),
                Some("JWT must include a preferred_username or username claim!"),
            ),
            (
                token(&json!({"preferred_username": "off"})),
                Some("User inactive or deleted."),
            ),
        ];
        for (token, text) in cases {
            for word in ["JWT", "Bearer", "bearer"] {
                let by_jwt = also_bearer || word == "JWT";
                let got_in = if by_jwt {
                    "ada by Jwt"
                } else {
                    "ada by Bearer"
                };
                let expected = text.map_or_else(|| got_in.to_owned(), refused);
                world.check([(format!("{word} {token}"), expected)]).await;
            }
        }
        assert!(
            users::by_username(users, "newcomer")
                .await
                .unwrap()
                .is_none()
        );
        let opaque_as_jwt = ("JWT ada".to_owned(), refused("Error decoding token."));
        world.check([opaque_as_jwt]).await;
    }
}

#[tokio::test]
async fn nobody_is_made_of_claims_that_are_copied() {
    let world = world(|settings| {
        settings.jwt.copied_claims = vec![settings::CopiedClaim::Administrator];
    })
    .await;
    let newcomer = token(&json!({"preferred_username": "newcomer", "administrator": true}));
    world
        .check([(format!("JWT {newcomer}"), detail(401, "Invalid token."))])
        .await;
    let made = users::by_username(world.app.store().read(), "newcomer").await;
    assert!(made.unwrap().is_none());
}

#[tokio::test]
async fn an_opaque_token_is_told_what_is_wrong_with_it_and_names_its_application() {
    let world = world(|_| {}).await;
    let refused = |code: &str, message: &str| {
        format!(
            "401 {}",
            json!({"error_code": code, "developer_message": message})
        )
    };
    let cases = [
        ("Bearer ada", "ada by Bearer".to_owned()),
        (
            "Bearer nope",
            refused(
                "token_nonexistent",
                "The provided access token does not match any valid tokens.",
            ),
        ),
        (
            "Bearer late",
            refused(
                "token_expired",
                "The provided access token has expired and is no longer valid.",
            ),
        ),
        ("Bearer off", detail(401, "User inactive or deleted.")),
        (
            "Bearer",
            refused(
                "token_not_provided",
                "Invalid token header. No credentials provided.",
            ),
        ),
        (
            "Bearer a b",
            refused(
                "token_malformed",
                "Invalid token header. Token string should not contain spaces.",
            ),
        ),
    ];
    world
        .check(cases.map(|(words, expected)| (words.to_owned(), expected)))
        .await;
    let jwt = format!("JWT {}", token(&json!({})));
    for (words, application) in [
        ("Bearer ada", Some(world.application)),
        (&jwt, None),
        (&basic("ada:letmein"), None),
    ] {
        let identity = world.identity("GET", &[("authorization", words)]).await;
        assert_eq!(
            identity.outcome.unwrap().unwrap().application,
            application,
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_session_is_of_an_active_user_and_needs_its_csrf_token() {
    let world = world(|_| {}).await;
    let [ada, off] = &world.sessions;
    let other = "z".repeat(32);
    let failed = |why: &str| detail(403, &format!("CSRF Failed: {why}"));
    let cases = [
        ("GET", ada, None, None, "ada by Session".to_owned()),
        (
            "POST",
            ada,
            Some(CSRF),
            Some(CSRF),
            "ada by Session".to_owned(),
        ),
        (
            "POST",
            ada,
            None,
            Some(CSRF),
            failed("CSRF cookie not set."),
        ),
        (
            "DELETE",
            ada,
            Some(CSRF),
            None,
            failed("CSRF token missing."),
        ),
        (
            "POST",
            ada,
            Some(CSRF),
            Some(&*other),
            failed("CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
        ),
        ("GET", off, None, None, nobody()),
        ("POST", off, Some(CSRF), Some(CSRF), nobody()),
        ("POST", off, None, None, nobody()),
        ("GET", &other, None, None, nobody()),
    ];
    for (method, session, cookie, repeated, expected) in cases {
        let mut cookies = format!("sessionid={session}");
        if let Some(cookie) = cookie {
            cookies = format!("{cookies}; csrftoken={cookie}");
        }
        let mut headers = vec![
            ("cookie", cookies.as_str()),
            ("authorization", "Nonsense x"),
        ];
        headers.extend(repeated.map(|token| ("x-csrftoken", token)));
        let found = world.told(method, &headers).await;
        assert_eq!(found, expected, "{method} {cookie:?} {repeated:?}");
    }
}

#[tokio::test]
async fn the_first_scheme_that_is_recognised_decides() {
    let world = world(|_| {}).await;
    let cookie = format!("sessionid={}", world.sessions[0]);
    for words in [
        basic("ada:wrong"),
        "JWT a.b.c".to_owned(),
        "Bearer nope".to_owned(),
    ] {
        let found = world
            .told("GET", &[("authorization", &words), ("cookie", &cookie)])
            .await;
        assert!(found.starts_with("401 "), "{words}: {found}");
    }
}
