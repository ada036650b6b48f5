//! `POST /oauth2/access_token`, and the tokens it gives.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provost_store::oauth::{self, NewApplication};
use serde_json::{Value, json};

use super::world::{LETMEIN, World, keyed, start};

const PATH: &str = "/oauth2/access_token";

async fn world() -> World {
    let world = World::new(keyed()).await;
    let worker = world.user("worker", |_| ()).await;
    world.user("ada", |_| ()).await;
    world.user("idle", |new| new.is_active = false).await;
    let applications = [
        (
            "service",
            "confidential",
            "client-credentials",
            Some(worker.id),
        ),
        ("orphan", "confidential", "client-credentials", None),
        ("app", "confidential", "password", None),
        ("mobile", "public", "password", None),
        ("web", "confidential", "authorization-code", None),
    ];
    let tx = world.app.store().begin().await.unwrap();
    for (id, client_type, grant_type, user_id) in applications {
        let new = NewApplication {
            client_id: id.to_owned(),
            client_secret: LETMEIN.to_owned(),
            name: id.to_owned(),
            user_id,
            client_type: client_type.to_owned(),
            grant_type: grant_type.to_owned(),
            created_at: start(),
            redirect_uris: String::new(),
        };
        oauth::create_application(&tx, &new).await.unwrap();
    }
    tx.commit().await.unwrap();
    world
}

const SERVICE: &str = "grant_type=client_credentials&client_id=service&client_secret=letmein";
const MOBILE: &str = "grant_type=password&client_id=mobile&username=ada&password=letmein";

#[tokio::test]
async fn client_credentials_give_a_token_of_the_programs_user() {
    let world = world().await;
    let answer = world.send("POST", PATH, &[], SERVICE).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let token = answer.body["access_token"].as_str().unwrap().to_owned();
    let expected = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": 36_000,
        "scope": "read write email profile",
    });
    assert_eq!(answer.body, expected);
    let header = format!("Bearer {token}");
    for path in ["/groups/who", "/jwt/who"] {
        let answer = world.get(path, &[("authorization", &header)]).await;
        let who = json!({"username": "worker", "staff": false, "via": "Bearer", "request": null});
        assert_eq!(answer.line(), (200, who), "{path}");
    }
    let missing = json!({"detail": "Authentication credentials were not provided."});
    let answer = world.get("/authz/who", &[("authorization", &header)]).await;
    assert_eq!(
        answer.line(),
        (401, missing),
        "a family without the scheme does not know it"
    );
    assert_eq!(world.log().await, ["oauth.token.issued user^worker"]);
    let written = world.written().await;
    assert!(!written.contains(&token) && !written.contains("letmein"));
}

#[tokio::test]
async fn the_program_may_name_itself_by_http_basic_and_with_a_slash_at_the_end() {
    let world = world().await;
    let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    for (pair, status) in [
        ("service:letmein", 200),
        ("servic%65:letmein", 200),
        ("service:x", 401),
    ] {
        let headers = [("authorization", basic(pair))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let form = "grant_type=client_credentials";
        let answer = world
            .send("POST", "/oauth2/access_token/", &headers, form)
            .await;
        assert_eq!(answer.status, status, "{pair}");
    }
}

#[tokio::test]
async fn a_password_gives_a_token_of_the_person() {
    let world = world().await;
    let confidential = "grant_type=password&client_id=app&client_secret=letmein\
                        &username=ada%40example.com&password=letmein&scope=email+read";
    for (form, scope) in [
        (MOBILE, "read write email profile"),
        (confidential, "email read"),
    ] {
        let answer = world.send("POST", PATH, &[], form).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["scope"]),
            (200, &json!(scope))
        );
        let header = format!("Bearer {}", answer.body["access_token"].as_str().unwrap());
        let answer = world
            .get("/groups/who", &[("authorization", &header)])
            .await;
        assert_eq!(answer.body["username"], "ada");
    }
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_refused_as_the_rfc_says() {
    let world = world().await;
    let refused = |error: &str| json!({ "error": error });
    let described = |error: &str, text: &str| json!({"error": error, "error_description": text});
    let invalid = |text: &str| (400, described("invalid_request", text));
    let wrong = || {
        (
            400,
            described("invalid_grant", "Invalid credentials given."),
        )
    };
    let missing = "Request is missing username or password parameter.";
    let cases: [(&str, (u16, Value)); 15] = [
        ("", invalid("Missing grant_type parameter.")),
        (
            "client_id=service",
            invalid("Missing grant_type parameter."),
        ),
        (
            "grant_type=implicit&client_id=x",
            (400, refused("unsupported_grant_type")),
        ),
        (
            "grant_type=password",
            invalid("Missing client_id parameter."),
        ),
        ("grant_type=password&client_id=mobile", invalid(missing)),
        (
            "grant_type=password&client_id=nobody",
            (401, refused("invalid_client")),
        ),
        (
            "grant_type=client_credentials&client_id=service&client_secret=x",
            (401, refused("invalid_client")),
        ),
        (
            "grant_type=password&client_id=app&username=ada&password=letmein",
            (401, refused("invalid_client")),
        ),
        (
            "grant_type=client_credentials&client_id=mobile",
            (400, refused("unauthorized_client")),
        ),
        (
            "grant_type=client_credentials&client_id=orphan&client_secret=letmein",
            (400, refused("unauthorized_client")),
        ),
        (
            "grant_type=password&client_id=web&client_secret=letmein",
            (400, refused("unauthorized_client")),
        ),
        (
            "grant_type=password&client_id=mobile&username=ada&password=x",
            wrong(),
        ),
        (
            "grant_type=password&client_id=mobile&username=eve&password=letmein",
            wrong(),
        ),
        (
            "grant_type=password&client_id=mobile&username=idle&password=letmein",
            wrong(),
        ),
        (
            &format!("{MOBILE}&scope=read+everything"),
            (400, refused("invalid_scope")),
        ),
    ];
    for (form, expected) in cases {
        let answer = world.send("POST", PATH, &[], form).await;
        assert_eq!(answer.line(), expected, "{form}");
        assert_eq!(answer.header("cache-control"), "no-store", "{form}");
    }
    assert!(
        !world
            .log()
            .await
            .iter()
            .any(|entry| entry.starts_with("oauth"))
    );
}

#[tokio::test]
async fn guessing_is_throttled_for_people_and_for_programs() {
    let world = world().await;
    let person = "grant_type=password&client_id=mobile&username=ada&password=x";
    let program = "grant_type=client_credentials&client_id=service&client_secret=x";
    for (form, status) in [(person, 400), (program, 401)] {
        for _ in 0..3 {
            assert_eq!(world.send("POST", PATH, &[], form).await.status, status);
        }
        let answer = world.send("POST", PATH, &[], form).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("retry-after")),
            (429, "300")
        );
    }
}

#[tokio::test]
async fn a_jwt_is_given_when_asked_for_and_accepted_after_either_word() {
    let world = world().await;
    let answer = world
        .send("POST", PATH, &[], &format!("{SERVICE}&token_type=JWT"))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        (&answer.body["token_type"], &answer.body["expires_in"]),
        (&json!("JWT"), &json!(3600))
    );
    let token = answer.body["access_token"].as_str().unwrap();
    for (word, path) in [
        ("JWT", "/authz/who"),
        ("Bearer", "/authz/who"),
        ("Bearer", "/jwt/who"),
        ("Bearer", "/groups/who"),
    ] {
        let answer = world
            .get(path, &[("authorization", &format!("{word} {token}"))])
            .await;
        assert_eq!(answer.body["username"], "worker", "{word} at {path}");
    }
}

#[tokio::test]
async fn bearer_tokens_are_refused_with_the_platforms_bodies() {
    let world = world().await;
    let answer = world.send("POST", PATH, &[], MOBILE).await;
    let token = answer.body["access_token"].as_str().unwrap().to_owned();
    let code =
        |code: &str, message: &str| json!({"error_code": code, "developer_message": message});
    let unknown = "The provided access token does not match any valid tokens.";
    let expired = "The provided access token has expired and is no longer valid.";
    let nothing = "Invalid token header. No credentials provided.";
    let spaces = "Invalid token header. Token string should not contain spaces.";
    let cases = [
        (0, "Bearer x".to_owned(), code("token_nonexistent", unknown)),
        (
            36_000,
            format!("Bearer {token}"),
            code("token_expired", expired),
        ),
        (0, "Bearer".to_owned(), code("token_not_provided", nothing)),
        (
            0,
            "Anything".to_owned(),
            code("token_not_provided", nothing),
        ),
        (0, "Bearer a b".to_owned(), code("token_malformed", spaces)),
    ];
    for (seconds, header, body) in cases {
        world.at(seconds);
        let answer = world
            .get("/groups/who", &[("authorization", &header)])
            .await;
        assert_eq!(answer.line(), (401, body), "{header:.20}");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"api\"");
    }
    world.at(35_999);
    let header = format!("Bearer {token}");
    assert_eq!(
        world
            .get("/groups/who", &[("authorization", &header)])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_bearer_whose_user_became_inactive_is_told_so() {
    let world = world().await;
    let answer = world.send("POST", PATH, &[], MOBILE).await;
    let token = answer.body["access_token"].as_str().unwrap().to_owned();
    let db = world.app.store().read();
    let ada = provost_store::users::by_username(db, "ada")
        .await
        .unwrap()
        .unwrap();
    let flags = provost_store::users::Flags {
        is_active: Some(false),
        ..Default::default()
    };
    let tx = world.app.store().begin().await.unwrap();
    provost_store::users::set_flags(&tx, ada.id, flags)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let answer = world
        .get(
            "/groups/who",
            &[("authorization", &format!("Bearer {token}"))],
        )
        .await;
    let body = json!({
        "error_code": "user_not_active", "developer_message": "User inactive or deleted: ada",
    });
    assert_eq!(answer.line(), (401, body));
}
