//! Tokens got with client credentials.

use provost_upstream::Failure;
use provost_upstream::lms::{Lms, Settings};
use serde_json::json;

use crate::stand::{Reply, Stand, json, status, with_header};

const ASK: &str = "POST /oauth2/access_token";
const LIST: &str = "GET /eox-tenant/api/v1/routes/";

fn client(stand: &Stand) -> Lms {
    let settings = Settings {
        access_token: "".into(),
        client_id: "provost & co".to_owned(),
        client_secret: "open+sesame".into(),
        ..stand.settings()
    };
    Lms::new(&settings).unwrap()
}

fn granted(token: &str, seconds: u32) -> Reply {
    let body = json!({
        "access_token": token, "expires_in": seconds, "token_type": "Bearer", "scope": "read write",
    });
    json(200, &body)
}

fn nothing() -> Reply {
    json(200, &json!([]))
}

fn refused() -> Reply {
    json(401, &json!({"detail": "Invalid token"}))
}

#[tokio::test]
async fn one_token_is_fetched_for_many_calls() {
    let stand = Stand::start().await;
    let lms = client(&stand);
    stand.will([granted("one", 3_600), nothing(), nothing(), nothing()]);
    let (first, second) = tokio::join!(lms.routes(), lms.routes());
    assert!(first.is_ok() && second.is_ok() && lms.routes().await.is_ok());

    let seen = stand.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.line.as_str()).collect();
    assert_eq!(lines, [ASK, LIST, LIST, LIST]);
    assert_eq!(seen[0].authorization, "");
    assert_eq!(seen[0].content_type, "application/x-www-form-urlencoded");
    let form = "grant_type=client_credentials&client_id=provost+%26+co&client_secret=open%2Bsesame&token_type=bearer";
    assert_eq!(seen[0].body, form);
    assert!(
        seen[1..]
            .iter()
            .all(|seen| seen.authorization == "Bearer one")
    );
}

#[tokio::test]
async fn a_token_at_its_end_is_not_used() {
    let stand = Stand::start().await;
    let lms = client(&stand);
    stand.will([granted("one", 0), nothing(), granted("two", 60), nothing()]);
    assert!(lms.routes().await.is_ok() && lms.routes().await.is_ok());
    let seen = stand.seen();
    assert_eq!(seen[1].authorization, "Bearer one");
    assert_eq!(seen[3].authorization, "Bearer two");
}

#[tokio::test]
async fn a_refused_token_is_fetched_anew_once() {
    let stand = Stand::start().await;
    let lms = client(&stand);
    stand.will([granted("one", 60), refused(), granted("two", 60), nothing()]);
    assert!(lms.routes().await.is_ok());
    let seen = stand.seen();
    assert_eq!(seen[3].line, LIST);
    assert_eq!(seen[3].authorization, "Bearer two");

    stand.will([refused(), granted("three", 60), refused()]);
    let failure = lms.routes().await.unwrap_err();
    assert_eq!(failure, Failure::Unauthorized { status: 401 });
    assert_eq!(stand.lines(), [LIST, ASK, LIST]);
}

#[tokio::test]
async fn a_write_is_sent_again_whole_with_the_fresh_token() {
    let stand = Stand::start().await;
    let lms = client(&stand);
    let made = json(201, &json!({"id": 5, "domain": "d", "config": 1}));
    stand.will([granted("one", 60), refused(), granted("two", 60), made]);
    assert_eq!(lms.create_route("d", 1).await.unwrap(), 5);
    let seen = stand.seen();
    assert_eq!(seen[1].body, r#"{"domain":"d","config":1}"#);
    assert_eq!(seen[1].body, seen[3].body);
}

#[tokio::test]
async fn a_given_token_is_not_fetched_anew() {
    let stand = Stand::start().await;
    stand.will([refused()]);
    let failure = stand.lms().routes().await.unwrap_err();
    assert_eq!(failure, Failure::Unauthorized { status: 401 });
    assert_eq!(stand.lines(), [LIST]);
}

#[tokio::test]
async fn without_a_token_nothing_else_is_asked() {
    let unauthorized = |status| Failure::Unauthorized { status };
    let page = || Reply::Answer(status(200, "<h1>Sign in</h1>"));
    for (reply, expected) in [
        (
            json(401, &json!({"error": "invalid_client"})),
            Some(unauthorized(401)),
        ),
        (
            json(400, &json!({"error": "invalid_grant"})),
            Some(unauthorized(400)),
        ),
        (page(), None),
        (granted("line\nbreak", 60), None),
        (with_header(302, "location", "/login"), None),
    ] {
        let stand = Stand::start().await;
        stand.will([reply]);
        let failure = client(&stand).routes().await.unwrap_err();
        match expected {
            Some(expected) => assert_eq!(failure, expected),
            None => assert!(matches!(failure, Failure::Nonsense { .. }), "{failure:?}"),
        }
        assert_eq!(stand.lines(), [ASK]);
    }
}

#[tokio::test]
async fn no_failure_and_no_debug_shows_a_secret() {
    let stand = Stand::start().await;
    let lms = client(&stand);
    stand.will([
        granted("abracadabra", 60),
        refused(),
        granted("abracadabra", 60),
        refused(),
    ]);
    let failure = lms.routes().await.unwrap_err();
    let shown = format!("{lms:?} {failure:?} {failure}");
    assert!(
        !shown.contains("sesame") && !shown.contains("abracadabra"),
        "{shown}"
    );
}
