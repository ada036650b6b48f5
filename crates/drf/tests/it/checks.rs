//! Routing, negotiation, authentication, guard, method, handler: in this order, with these headers.

use provost_drf::{Caller, Dialect, Family, Json, MaybeCaller, Problem, Scheme, View};

use crate::world::{Answer, Ask, answer, check};

async fn show(caller: Caller) -> Json<String> {
    Json(caller.username.to_string())
}

async fn change(_: Caller) -> Result<Json<i64>, Problem> {
    Ok(Json(1))
}

async fn greet(MaybeCaller(caller): MaybeCaller) -> Json<Option<String>> {
    Json(caller.map(|caller| caller.username.to_string()))
}

async fn only_root(caller: Caller) -> Result<(), Problem> {
    if caller.is_admin() {
        Ok(())
    } else {
        Err(Problem::denied())
    }
}

fn family() -> Family<()> {
    Family::at("/api/", "test", "Things under test")
        .view(
            "things/",
            View::new()
                .get(show, "Show")
                .put(change, "Change")
                .delete(change, "Drop"),
        )
        .view("check", View::new().post(change, "Check").name("Check it"))
        .view("guarded/", View::new().get(show, "Show").guard(only_root))
        .view("open/", View::new().get(greet, "Greet"))
}

#[test]
fn head_says_how_long_the_answer_to_get_would_be() {
    for path in ["/api/things/", "/api/guarded/"] {
        let [get, head] = ["GET", "HEAD"].map(|method| answer(family(), &Ask::ada(method, path)));
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-length"), get.body.len().to_string());
    }
}

fn session_first() -> Family<()> {
    family().schemes(&[Scheme::Session, Scheme::Basic])
}

const NOBODY: &str = r#"401 {"detail":"Authentication credentials were not provided."}"#;
const DENIED: &str = r#"403 {"detail":"You do not have permission to perform this action."}"#;

#[test]
fn each_check_comes_before_the_next() {
    let not_found = r#"404 {"detail":"Not found."}"#;
    let not_acceptable = r#"406 {"detail":"Could not satisfy the request Accept header."}"#;
    let method = |name: &str| format!(r#"405 {{"detail":"Method \"{name}\" not allowed."}}"#);
    check(
        family,
        [
            // Negotiation before authentication.
            (
                Ask::new("GET", "/api/things/?format=xml"),
                not_found.to_owned(),
            ),
            (
                Ask::new("GET", "/api/things/?%66ormat=xml"),
                not_found.to_owned(),
            ),
            (
                Ask::new("GET", "/api/things/?format=json"),
                NOBODY.to_owned(),
            ),
            (Ask::new("GET", "/api/things/?format="), NOBODY.to_owned()),
            (
                Ask::new("GET", "/api/things/").with("accept", "text/html"),
                not_acceptable.to_owned(),
            ),
            (
                Ask::new("GET", "/api/things/").with("accept", ""),
                not_acceptable.to_owned(),
            ),
            // Authentication before the guard and the method.
            (Ask::new("GET", "/api/things/"), NOBODY.to_owned()),
            (Ask::new("PATCH", "/api/things/"), NOBODY.to_owned()),
            (Ask::new("OPTIONS", "/api/things/"), NOBODY.to_owned()),
            (Ask::new("PATCH", "/api/open/"), NOBODY.to_owned()),
            (
                Ask::new("GET", "/api/open/").with("x-user", "expired"),
                r#"401 {"detail":"Token has expired."}"#.to_owned(),
            ),
            (
                Ask::new("GET", "/api/open/").with("x-user", "forged"),
                r#"403 {"detail":"CSRF Failed: CSRF cookie not set."}"#.to_owned(),
            ),
            // The guard before the method.
            (Ask::ada("POST", "/api/guarded/"), DENIED.to_owned()),
            (Ask::ada("OPTIONS", "/api/guarded/"), DENIED.to_owned()),
            (
                Ask::new("POST", "/api/guarded/").with("x-user", "root"),
                method("POST"),
            ),
            (Ask::ada("GET", "/api/guarded/"), r#"200 "ada""#.to_owned()),
            // The method.
            (Ask::ada("PATCH", "/api/things/"), method("PATCH")),
            (Ask::ada("POST", "/api/things/"), method("POST")),
            (Ask::ada("TRACE", "/api/things/"), method("TRACE")),
            (Ask::ada("PROPFIND", "/api/things/"), method("PROPFIND")),
            (Ask::ada("GET", "/api/check"), method("GET")),
            (Ask::ada("HEAD", "/api/check"), "405 ".to_owned()),
            // The handler.
            (Ask::ada("GET", "/api/things/"), r#"200 "ada""#.to_owned()),
            (Ask::ada("HEAD", "/api/things/"), "200 ".to_owned()),
            (Ask::new("GET", "/api/open/"), "200 null".to_owned()),
            (Ask::ada("GET", "/api/open/"), r#"200 "ada""#.to_owned()),
        ],
    );
}

#[test]
fn accept_headers_that_admit_json_are_served() {
    for accept in [
        "application/json",
        "*/*",
        "application/*",
        "text/html, application/JSON;q=0.1",
        "text/html,*/*;q=0.8",
        "application/json; indent=4",
    ] {
        let found = answer(
            family(),
            &Ask::ada("GET", "/api/things/").with("accept", accept),
        );
        assert_eq!(found.status, 200, "{accept}");
        assert_eq!(found.header("content-type"), "application/json", "{accept}");
    }
    for accept in [
        "text/*",
        "application/xml",
        "application/problem+json",
        "json",
        "*",
    ] {
        let found = answer(
            family(),
            &Ask::ada("GET", "/api/things/").with("accept", accept),
        );
        assert_eq!(found.status, 406, "{accept}");
    }
}

fn headers(found: &Answer) -> [&str; 3] {
    [
        found.header("allow"),
        found.header("vary"),
        found.header("www-authenticate"),
    ]
}

#[test]
fn every_answer_of_a_matched_view_says_what_it_allows_and_varies_by() {
    let full = "GET, PUT, DELETE, HEAD, OPTIONS";
    let jwt = "JWT realm=\"api\"";
    let cases = [
        (Ask::ada("GET", "/api/things/"), [full, "Accept", ""]),
        (Ask::new("GET", "/api/things/"), [full, "Accept", jwt]),
        (
            Ask::new("GET", "/api/things/").with("cookie", "a=b"),
            [full, "Accept, Cookie", jwt],
        ),
        (
            Ask::ada("GET", "/api/things/?format=xml"),
            [full, "Accept", ""],
        ),
        (Ask::ada("PATCH", "/api/things/"), [full, "Accept", ""]),
        (Ask::ada("OPTIONS", "/api/things/"), [full, "Accept", ""]),
        (
            Ask::ada("POST", "/api/check"),
            ["POST, OPTIONS", "Accept", ""],
        ),
    ];
    for (ask, expected) in cases {
        assert_eq!(headers(&answer(family(), &ask)), expected);
    }
}

#[test]
fn without_a_challenge_in_the_first_scheme_missing_credentials_are_refused_as_403() {
    check(
        session_first,
        [
            (
                Ask::new("GET", "/api/things/"),
                NOBODY.replace("401", "403"),
            ),
            (
                Ask::new("GET", "/api/things/").with("x-user", "expired"),
                r#"403 {"detail":"Token has expired."}"#.to_owned(),
            ),
        ],
    );
    let found = answer(session_first(), &Ask::new("GET", "/api/things/"));
    assert_eq!(found.header("www-authenticate"), "");
}

#[test]
fn options_describe_the_view() {
    let parses = r#""parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]"#;
    let renders = r#""renders":["application/json"]"#;
    let about = |name: &str| {
        let found = answer(family(), &Ask::ada("OPTIONS", name)).line();
        assert!(found.contains(parses) && found.contains(renders), "{found}");
        found
    };
    assert!(about("/api/things/").contains(r#""name":"Show""#));
    assert!(about("/api/check").contains(r#""name":"Check it""#));
}

#[test]
fn a_path_that_is_no_route_is_a_page_and_nobody_is_asked_who_they_are() {
    for path in ["/api/nope/", "/api/things", "/api/check/", "/"] {
        let found = answer(family(), &Ask::new("GET", path).with("x-user", "expired"));
        assert_eq!(
            (found.status.as_u16(), found.header("content-type")),
            (404, "text/html; charset=utf-8"),
            "{path}"
        );
        assert_eq!(headers(&found), ["", "", ""], "{path}");
    }
}

#[test]
fn the_route_table_keeps_a_record_of_itself() {
    let family = family();
    let found: Vec<String> = family
        .operations()
        .iter()
        .map(|operation| format!("{} {} {}", operation.method, operation.path, operation.id))
        .collect();
    assert_eq!(
        found,
        [
            "GET /api/things/ it_checks_show",
            "PUT /api/things/ it_checks_change",
            "DELETE /api/things/ it_checks_change",
            "POST /api/check it_checks_change",
            "GET /api/guarded/ it_checks_show",
            "GET /api/open/ it_checks_greet",
        ]
    );
}

#[test]
fn the_problem_dialect_takes_its_own_media_type_and_has_no_format_parameter() {
    let family = || family().dialect(Dialect::Problems);
    let ask = Ask::ada("GET", "/api/things/?format=xml").with("accept", "application/problem+json");
    check(family, [(ask, r#"200 "ada""#)]);
}
