//! What is refused: requests that say one scope and mean another, forged ones, bad credentials.

use chrono::Duration;
use provost_app::identity::mint::Subject;
use provost_app::identity::settings::{Jwt, Secret};
use provost_app::identity::{self, session};
use provost_app::{Author, Settings, kind};
use provost_store::changes::{self, Outcome};
use provost_store::users;
use provost_testkit::Answer;
use serde_json::json;

use crate::world::{Platform, each, each_with, id_of, path};

const DENIED: &str = r#"403 {"detail":"You do not have permission to perform this action."}"#;
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// How many roles were given or taken since the platform stands, and how many writes refused.
async fn changes_of(platform: &Platform, kind: &str, outcome: Outcome) -> usize {
    let db = platform.world.app.store().read();
    let log = changes::since(db, 0).await.unwrap();
    let counted = log
        .iter()
        .filter(|change| change.kind == kind && change.outcome == outcome);
    counted.count()
}

/// Sends a request as ada, who manages the team of `lib:BeeU:HIVE` and of nothing else, and
/// expects it to be refused without a trace in the policy.
async fn check(
    platform: &Platform,
    method: &str,
    target: &str,
    typed: &str,
    body: &str,
    line: &str,
) {
    let counts = async || {
        let given = changes_of(platform, kind::GRANTED, Outcome::Done).await;
        let taken = changes_of(platform, kind::REVOKED, Outcome::Done).await;
        (
            given,
            taken,
            platform.world.app.policy().grants_of("user^dov").count(),
        )
    };
    let before = counts().await;
    let ada = platform.caller("ada").await;
    let answer = ada
        .send(method, &path(target), Some(typed), body.to_owned())
        .await;
    assert_eq!(answer.line(), line, "{method} {target} {body}");
    assert_eq!(counts().await, before, "{method} {target} {body}");
}

#[tokio::test]
async fn a_body_cannot_stand_in_for_the_scope_of_the_query() {
    let own = [
        r#"{"scope":"lib:BeeU:HIVE"}"#,
        r#"{"scopes":["lib:BeeU:HIVE"]}"#,
        r#"{"scope":"lib:BeeU:HIVE","scopes":["lib:BeeU:HIVE"]}"#,
    ];
    let of_another = [
        ("GET", "roles/?scope=lib:AntC:HILL"),
        ("GET", "roles/users/?scope=lib:AntC:*"),
        ("GET", "roles/users/?scope=lib:BeeU:HIVE&scope=lib:AntC:*"),
        ("GET", "roles/users/"),
        (
            "DELETE",
            "roles/users/?role=library_contributor&scope=lib:AntC:*&users=dov",
        ),
        (
            "DELETE",
            "roles/users/?scope=lib:BeeU:HIVE&role=library_contributor&scope=lib:AntC:*&users=dov",
        ),
        ("DELETE", "roles/users/?role=library_contributor&users=dov"),
    ];
    each(async |platform| {
        for (method, target) in of_another {
            for body in own {
                check(platform, method, target, JSON, body, DENIED).await;
            }
            check(
                platform,
                method,
                target,
                FORM,
                "scope=lib:BeeU:HIVE",
                DENIED,
            )
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_is_not_even_read_where_the_query_says_it_all() {
    each(async |platform| {
        let ada = platform.caller("ada").await;
        for (method, target, status) in [
            ("GET", "roles/?scope=lib:BeeU:HIVE", 200),
            ("GET", "roles/users/?scope=lib:BeeU:HIVE", 200),
            (
                "DELETE",
                "roles/users/?role=library_user&scope=lib:BeeU:HIVE&users=ghost",
                207,
            ),
        ] {
            for (typed, body) in [(JSON, "[{"), (JSON, "[1]"), ("text/plain", "x")] {
                let answer = ada.send(method, &path(target), Some(typed), body).await;
                assert_eq!(answer.status, status, "{method} {target} {body}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_scope_that_a_body_names_is_asked_about() {
    const ROLE: &str = "role=library_user&users=nobody";
    const HERE: &str = "lib:BeeU:HIVE";
    const THERE: &str = "lib:AntC:HILL";
    const NEITHER: &str =
        r#"400 {"non_field_errors":["Provide either 'scope' or 'scopes', not both."]}"#;
    let target = &format!("roles/users/?scope={HERE}");
    let forms = [
        format!("{ROLE}&scopes={HERE}&scopes={THERE}"),
        format!("{ROLE}&scopes={THERE}&scopes={HERE}"),
        format!("{ROLE}&scopes[0]={HERE}&scopes[1]={THERE}"),
        format!("{ROLE}&scopes%5B7%5D={THERE}&scopes%5B3%5D={HERE}"),
        format!("{ROLE}&scopes[0]={HERE}&scopes={THERE}"),
        format!("{ROLE}&scope={HERE}&scope={THERE}"),
        format!("{ROLE}&scope={HERE}&scopes[1]={THERE}"),
        ROLE.to_owned(),
    ];
    let named = |fields: &str| format!(r#"{{"role":"library_user","users":["nobody"],{fields}}}"#);
    let documents = [
        (
            named(r#""scopes":["lib:BeeU:HIVE","lib:AntC:HILL"]"#),
            DENIED,
        ),
        (
            named(r#""scope":"lib:BeeU:HIVE","scopes":["lib:AntC:HILL"]"#),
            DENIED,
        ),
        (
            named(r#""scope":"lib:AntC:HILL","scopes":["lib:BeeU:HIVE"]"#),
            NEITHER,
        ),
        (
            named(r#""scope":"lib:BeeU:HIVE","scope":"lib:AntC:HILL""#),
            DENIED,
        ),
        (named(r#""scopes":["lib:BeeU:HIVE",7]"#), DENIED),
        (
            named(r#""scopes":["lib:BeeU:HIVE",["lib:AntC:HILL"]]"#),
            DENIED,
        ),
        (
            named(r#""scopes":["lib:BeeU:HIVE","course-v1:BeeU+B1+R1"]"#),
            DENIED,
        ),
        (named(r#""scopes":["lib:BeeU:HIVE","bogus"]"#), DENIED),
        (named(r#""scope":{":":"lib:BeeU:HIVE"}"#), DENIED),
        (named(r#""scope":7"#), DENIED),
        (named(r#""scope":"org:Be*""#), DENIED),
        (named(r#""scope":"global:x""#), DENIED),
    ];
    each(async |platform| {
        for form in &forms {
            check(platform, "PUT", target, FORM, form, DENIED).await;
            let (typed, parts) = multipart(form);
            check(platform, "PUT", target, &typed, &parts, DENIED).await;
        }
        for (body, line) in &documents {
            check(platform, "PUT", target, JSON, body, line).await;
        }
        let mine = format!("{ROLE}&scopes[0]={HERE}&scopes[1]={HERE}");
        let ada = platform.caller("ada").await;
        let answer = ada
            .send("PUT", &path("roles/users/"), Some(FORM), mine)
            .await;
        assert_eq!(answer.json()["completed"].as_array().unwrap().len(), 1);
    })
    .await;
}

/// The same fields as a multipart form: its type and its text.
fn multipart(form: &str) -> (String, String) {
    let pairs = form.replace("%5B", "[").replace("%5D", "]");
    let part = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        let named = format!("Content-Disposition: form-data; name=\"{name}\"");
        ["--b", &named, "", value, ""].join("\r\n")
    };
    let text: String = pairs.split('&').map(part).collect();
    (
        "multipart/form-data; boundary=b".to_owned(),
        text + "--b--\r\n",
    )
}

#[tokio::test]
async fn a_refused_write_is_on_record_and_a_refused_read_is_not() {
    each(async |platform| {
        let dov = platform.caller("dov").await;
        let body = json!({"role": "library_user", "scope": "lib:AntC:HILL", "users": ["dov"]});
        let before = changes_of(platform, kind::DENIED, Outcome::Denied).await;
        assert_eq!(dov.put(&path("roles/users/"), &body).await.line(), DENIED);
        assert_eq!(dov.get(&path("roles/")).await.line(), DENIED);
        let after = changes_of(platform, kind::DENIED, Outcome::Denied).await;
        assert_eq!(after, before + 1);
        let db = platform.world.app.store().read();
        let last = changes::since(db, 0).await.unwrap().pop().unwrap();
        assert_eq!(last.actor, "dov");
        assert_eq!(last.subject, path("roles/users/"));
    })
    .await;
}

#[tokio::test]
async fn a_session_writes_only_with_its_csrf_token() {
    const TOKEN: &str = "0123456789abcdefghijklmnopqrstuv";
    const OTHER: &str = "vutsrqponmlkjihgfedcba9876543210";
    let failed = |reason: &str| format!(r#"403 {{"detail":"CSRF Failed: {reason}"}}"#);
    let cases = [
        ("", "", failed("CSRF cookie not set.")),
        ("", TOKEN, failed("CSRF cookie not set.")),
        (TOKEN, "", failed("CSRF token missing.")),
        (
            TOKEN,
            OTHER,
            failed("CSRF token from the 'X-Csrftoken' HTTP header incorrect."),
        ),
        (
            TOKEN,
            "short",
            failed("CSRF token from the 'X-Csrftoken' HTTP header has incorrect length."),
        ),
        (
            TOKEN,
            TOKEN,
            r#"207 {"completed":[],"errors":[]}"#.to_owned(),
        ),
    ];
    each(async |platform| {
        let author = Author::program("test");
        let begun = session::begin(&platform.world.app, id_of("root"), &author).await;
        let key = begun.unwrap().key;
        let target = path("roles/users/?role=library_user&scope=lib:BeeU:HIVE&users=,");
        for (cookie, header, line) in &cases {
            let cookies = match *cookie {
                "" => format!("sessionid={key}"),
                token => format!("sessionid={key}; csrftoken={token}"),
            };
            let mut caller = platform.world.nobody().header("cookie", &cookies);
            if !header.is_empty() {
                caller = caller.header("x-csrftoken", header);
            }
            assert_eq!(
                &caller.delete(&target).await.line(),
                line,
                "{cookie} {header}"
            );
            let read = caller.get(&path("orgs/")).await;
            assert_eq!(read.status, 200, "{cookie} {header}");
        }
    })
    .await;
}

/// A platform that takes tokens signed with a secret of ours.
fn keyed() -> Settings {
    Settings {
        identity: identity::Settings {
            jwt: Jwt {
                secret: Secret::from("a secret of at least thirty-two bytes"),
                ..Jwt::default()
            },
            ..identity::Settings::default()
        },
        ..Settings::default()
    }
}

async fn token(platform: &Platform, name: &str, lifetime: Duration) -> String {
    let app = &platform.world.app;
    let user = users::by_username(app.store().read(), name).await.unwrap();
    let user = user.unwrap();
    let minter = app.identities().minter();
    let token = minter.token(&Subject::from(&user), &[], &[], lifetime, app.now());
    token.unwrap()
}

fn challenged(answer: &Answer, detail: &str) {
    assert_eq!(answer.line(), format!(r#"401 {{"detail":"{detail}"}}"#));
    let challenge = answer.header("www-authenticate").unwrap();
    assert_eq!(challenge, r#"JWT realm="api""#);
}

const ABSENT: &str = "Authentication credentials were not provided.";

#[tokio::test]
async fn a_token_reads_and_writes_without_a_csrf_token() {
    each_with(keyed(), async |platform| {
        let body = json!({"role": "library_user", "scope": "lib:BeeU:HIVE", "users": ["ada"]});
        let root = token(platform, "root", Duration::hours(1)).await;
        let dov = token(platform, "dov", Duration::hours(1)).await;
        let with = |word: &str, token: &str| {
            let line = format!("{word} {token}");
            platform.world.nobody().header("authorization", &line)
        };
        for word in ["JWT", "jwt", "Bearer"] {
            let caller = with(word, &root);
            assert_eq!(caller.get(&path("orgs/")).await.status, 200, "{word}");
            let written = caller.put(&path("roles/users/"), &body).await;
            assert_eq!(written.status, 207, "{word}");
            let refused = with(word, &dov);
            assert_eq!(
                refused.put(&path("roles/users/"), &body).await.line(),
                DENIED
            );
        }
        let past = token(platform, "root", Duration::hours(-1)).await;
        let (signed, signature) = past.rsplit_once('.').unwrap();
        let forged = format!("{}.{signature}", root.rsplit_once('.').unwrap().0);
        assert_ne!(forged, format!("{signed}.{signature}"));
        for (line, detail) in [
            (format!("JWT {past}"), "Token has expired."),
            (format!("JWT {forged}"), "Invalid token."),
            ("JWT a.b.c".to_owned(), "Error decoding token."),
            ("JWT".to_owned(), ABSENT),
            (format!("JWT {root} more"), ABSENT),
            (format!("Token {root}"), ABSENT),
            // An opaque token and a password open other families, not this one.
            ("Bearer opaque".to_owned(), ABSENT),
            ("Basic cm9vdDpyb290".to_owned(), ABSENT),
        ] {
            let caller = platform.world.nobody().header("authorization", &line);
            challenged(&caller.get(&path("orgs/")).await, detail);
            challenged(&caller.put(&path("roles/users/"), &body).await, detail);
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_key_no_token_is_taken() {
    each(async |platform| {
        // HS256 with an empty secret, of no use anywhere: {"alg":"HS256"}.{"preferred_username":"root"}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJyb290In0.AAAA";
        let caller = platform
            .world
            .nobody()
            .header("authorization", &format!("JWT {token}"));
        challenged(&caller.get(&path("orgs/")).await, "Invalid token.");
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_who_they_would_have_to_be() {
    let targets = [
        "permissions/validate/me",
        "roles/",
        "roles/users/",
        "orgs/",
        "scopes/",
        "users/",
        "users/validate/",
        "users/ada/assignments/",
        "assignments/",
        "waffle-flag-states/",
    ];
    each(async |platform| {
        let nobody = platform.world.nobody();
        for target in targets {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
                let answer = nobody.send(method, &path(target), Some("x/y"), "[{").await;
                challenged(&answer, ABSENT);
            }
        }
    })
    .await;
}
