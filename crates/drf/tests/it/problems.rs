//! Problems in each dialect, and successes that are not 200.

use http::StatusCode;
use provost_drf::{Created, Dialect, Family, Invalid, MultiStatus, NoContent, Path, Problem, View};
use serde_json::json;

use crate::world::{Ask, answer, check};

async fn fail(Path(kind): Path<String>) -> Result<NoContent, Problem> {
    Err(match kind.as_str() {
        "denied" => Problem::denied(),
        "missing" => Problem::not_found_because("No Group matches the given query."),
        "conflict" => Problem::conflict("Somebody was faster."),
        "message" => Problem::message(StatusCode::BAD_REQUEST, "Invalid scope format"),
        "body" => Problem::body(
            StatusCode::UNAUTHORIZED,
            json!({ "error_code": "token_expired" }),
        ),
        "token" => Problem::body(
            StatusCode::UNAUTHORIZED,
            json!({ "error_code": "token_expired", "developer_message": "The token has expired." }),
        ),
        "throttled" => Problem::throttled(60),
        "nearly" => Problem::throttled(1),
        "internal" => Problem::internal("secret: the database is at 10.0.0.1"),
        "invalid" => Invalid::field("scope", "Bad.")
            .and_field("scope", "Worse.")
            .and_field("role", "No.")
            .into(),
        "non_field" => Invalid::non_field("Either, not both.").into(),
        "bare" => Invalid::bare("Null characters are not allowed.").into(),
        _ => return Ok(NoContent),
    })
}

async fn create() -> Created<u8> {
    Created(1)
}

async fn many() -> MultiStatus<u8, &'static str> {
    MultiStatus {
        completed: vec![1],
        errors: vec!["é"],
    }
}

fn family() -> Family<()> {
    Family::at("/", "test", "Problems")
        .view("fail/{kind}/", View::new().get(fail, "Fail"))
        .view(
            "make/",
            View::new().post(create, "Create").put(many, "Many"),
        )
}

fn fails<const N: usize>(cases: [(&str, &'static str); N]) -> [(Ask, &'static str); N] {
    cases.map(|(kind, expected)| (Ask::ada("GET", &format!("/fail/{kind}/")), expected))
}

#[test]
fn the_reference_dialect() {
    check(
        family,
        fails([
            (
                "denied",
                r#"403 {"detail":"You do not have permission to perform this action."}"#,
            ),
            (
                "missing",
                r#"404 {"detail":"No Group matches the given query."}"#,
            ),
            ("conflict", r#"409 {"detail":"Somebody was faster."}"#),
            ("message", r#"400 {"message":"Invalid scope format"}"#),
            ("body", r#"401 {"error_code":"token_expired"}"#),
            (
                "throttled",
                r#"429 {"detail":"Request was throttled. Expected available in 60 seconds."}"#,
            ),
            (
                "nearly",
                r#"429 {"detail":"Request was throttled. Expected available in 1 second."}"#,
            ),
            ("internal", r#"500 {"detail":"Internal server error."}"#),
            (
                "invalid",
                r#"400 {"scope":["Bad.","Worse."],"role":["No."]}"#,
            ),
            (
                "non_field",
                r#"400 {"non_field_errors":["Either, not both."]}"#,
            ),
            ("bare", r#"400 ["Null characters are not allowed."]"#),
            ("no", "204 "),
        ]),
    );
}

#[test]
fn the_problem_details_dialect() {
    check(
        || family().dialect(Dialect::Problems),
        fails([
            (
                "denied",
                r#"403 {"type":"about:blank","title":"Forbidden","status":403,"detail":"You do not have permission to perform this action."}"#,
            ),
            (
                "message",
                r#"400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"Invalid scope format"}"#,
            ),
            (
                "internal",
                r#"500 {"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Internal server error."}"#,
            ),
            (
                "invalid",
                r#"400 {"type":"about:blank","title":"Bad Request","status":400,"errors":{"scope":["Bad.","Worse."],"role":["No."]}}"#,
            ),
            ("no", "204 "),
        ]),
    );
    let found = answer(
        family().dialect(Dialect::Problems),
        &Ask::ada("GET", "/fail/throttled/"),
    );
    assert_eq!(found.header("content-type"), "application/problem+json");
    assert_eq!(
        (found.header("retry-after"), found.header("allow")),
        ("60", "GET, HEAD, OPTIONS")
    );
    let refused = answer(
        family().dialect(Dialect::Problems),
        &Ask::new("PUT", "/fail/x/"),
    );
    assert_eq!(refused.header("www-authenticate"), "JWT realm=\"api\"");
    assert_eq!(
        refused.line(),
        r#"401 {"type":"about:blank","title":"Unauthorized","status":401,"detail":"Authentication credentials were not provided."}"#
    );
}

#[test]
fn the_dialect_that_says_details() {
    let details = || family().dialect(Dialect::Details);
    check(
        details,
        fails([
            (
                "denied",
                r#"403 {"details":"You do not have permission to perform this action."}"#,
            ),
            ("message", r#"400 {"details":"Invalid scope format"}"#),
            ("body", r#"401 {"error_code":"token_expired"}"#),
            ("token", r#"401 {"details":"The token has expired."}"#),
            ("internal", r#"500 {"details":"Internal server error."}"#),
            ("no", "204 "),
        ]),
    );
    check(
        details,
        [
            (
                Ask::new("PUT", "/fail/x/"),
                r#"401 {"details":"Authentication credentials were not provided."}"#,
            ),
            (
                Ask::ada("PATCH", "/fail/x/"),
                r#"405 {"details":"Method \"PATCH\" not allowed."}"#,
            ),
            (
                Ask::ada("GET", "/fail/x/").with("accept", "text/html"),
                r#"406 {"details":"Could not satisfy the request Accept header."}"#,
            ),
        ],
    );
    let found = answer(details(), &Ask::ada("GET", "/fail/throttled/"));
    assert_eq!(found.header("content-type"), "application/json");
    assert_eq!(
        (found.header("retry-after"), found.header("allow")),
        ("60", "GET, HEAD, OPTIONS")
    );
}

#[test]
fn a_throttled_client_is_told_when_to_come_back() {
    let found = answer(family(), &Ask::ada("GET", "/fail/throttled/"));
    assert_eq!(found.header("retry-after"), "60");
}

#[test]
fn a_challenge_belongs_to_every_401_also_to_one_of_a_handler() {
    let found = answer(family(), &Ask::ada("GET", "/fail/body/"));
    assert_eq!(found.header("www-authenticate"), "JWT realm=\"api\"");
}

#[test]
fn successes_are_compact_utf8() {
    check(
        family,
        [
            (Ask::ada("POST", "/make/"), "201 1"),
            (
                Ask::ada("PUT", "/make/"),
                r#"207 {"completed":[1],"errors":["é"]}"#,
            ),
        ],
    );
}
