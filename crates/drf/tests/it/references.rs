//! What names other objects and what filters, as older releases of the reference read them; what
//! a family asks of a request before its caller.

use axum::extract::State;
use deserr::Deserr;
use http::request::Parts;
use provost_drf::absolute::Host;
use provost_drf::{
    Body, Family, Invalid, Json, Metadata, NumberFilter, Optional, Problem, Query, Reference,
    Ternary, View, at_path,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::world::{Ask, check};

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Named {
    thing: Reference,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Filters {
    #[deserr(default)]
    flag: Ternary,
    #[deserr(default)]
    number: Optional<NumberFilter>,
}

async fn echo(Body(body): Body<Named>) -> Json<Value> {
    Json(json!([body.thing.as_str(), body.thing.id()]))
}

async fn filters(Query(query): Query<Filters>) -> Json<Value> {
    let number = query.number.0.map(|NumberFilter(number)| number);
    Json(json!([query.flag.0, number]))
}

async fn fields(State(()): State<()>) -> Metadata {
    Metadata::of("Thing List").action("POST", json!({"name": {"type": "string"}}))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the state of a real family is larger"
)]
fn lives_here((): &(), parts: &Parts) -> Result<(), Problem> {
    if Host::of(parts).as_str() == "lms.test" {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}

fn family() -> Family<()> {
    Family::at("/api/", "test", "Things under test")
        .precondition(lives_here)
        .view("things/", View::new().post(echo, "Echo").options(fields))
        .view("filters/", View::new().get(filters, "Filter"))
}

#[test]
fn a_reference_is_read_leniently_and_shown_as_it_was_sent() {
    let null = r#"400 {"thing":["This field may not be null."]}"#;
    let cases = [
        ("7", r#"200 ["7",7]"#),
        ("-7", r#"200 ["-7",-7]"#),
        ("1.9", r#"200 ["1.9",1]"#),
        ("-1.9", r#"200 ["-1.9",-1]"#),
        ("1e300", r#"200 ["1e+300",null]"#),
        (
            "99999999999999999999",
            r#"200 ["99999999999999999999",null]"#,
        ),
        ("true", r#"200 ["True",1]"#),
        ("false", r#"200 ["False",0]"#),
        (r#"" +7 ""#, r#"200 [" +7 ",7]"#),
        (r#""1.9""#, r#"200 ["1.9",null]"#),
        (r#""x""#, r#"200 ["x",null]"#),
        (r#"[1,"a"]"#, r#"200 ["[1,\"a\"]",null]"#),
        (r#"{"a":1}"#, r#"200 ["{\"a\":1}",null]"#),
        ("null", null),
        (r#""""#, null),
    ];
    for (sent, expected) in cases {
        let body = format!(r#"{{"thing":{sent}}}"#);
        let ask = Ask::ada("POST", "/api/things/").json(body);
        check(family, [(ask, expected.to_owned())]);
    }
    let nothing = Ask::ada("POST", "/api/things/").json("{}");
    let required = r#"400 {"thing":["This field is required."]}"#;
    check(family, [(nothing, required.to_owned())]);
    let form = Ask::ada("POST", "/api/things/").form("thing=7");
    check(family, [(form, r#"200 ["7",7]"#.to_owned())]);
}

#[test]
fn a_filter_is_applied_only_if_it_says_something() {
    let number = |sentence: &str| format!(r#"400 {{"number":["{sentence}"]}}"#);
    let cases = [
        ("", "200 [null,null]".to_owned()),
        ("flag=True", "200 [true,null]".to_owned()),
        ("flag=true", "200 [true,null]".to_owned()),
        ("flag=2", "200 [true,null]".to_owned()),
        ("flag=false", "200 [false,null]".to_owned()),
        ("flag=3", "200 [false,null]".to_owned()),
        ("flag=1", "200 [null,null]".to_owned()),
        ("flag=TRUE", "200 [null,null]".to_owned()),
        ("flag=false&flag=foo", "200 [null,null]".to_owned()),
        ("number=", "200 [null,null]".to_owned()),
        ("number=+39+", "200 [null,39]".to_owned()),
        ("number=39.7", "200 [null,39]".to_owned()),
        ("number=-1.5", "200 [null,-1]".to_owned()),
        ("number=1e2", "200 [null,100]".to_owned()),
        ("number=1_0", "200 [null,10]".to_owned()),
        ("number=1&number=2", "200 [null,2]".to_owned()),
        ("number=9223372036854775808", "200 [null,null]".to_owned()),
        ("number=1e50", "200 [null,null]".to_owned()),
        (
            "number=1.1e50",
            number("Ensure this value is less than or equal to 1e+50."),
        ),
        (
            "number=1e999",
            number("Ensure this value is less than or equal to 1e+50."),
        ),
        ("number=abc", number("Enter a number.")),
        ("number=NaN", number("Enter a number.")),
        ("number=Infinity", number("Enter a number.")),
        ("number=.", number("Enter a number.")),
    ];
    for (query, expected) in cases {
        let ask = Ask::ada("GET", &format!("/api/filters/?{query}"));
        check(family, [(ask, expected)]);
    }
}

#[test]
fn the_precondition_comes_before_everything_and_is_no_answer_of_a_view() {
    let elsewhere = |method: &str| {
        let mut ask = Ask::new(method, "/api/things/?format=xml");
        ask = ask.with("x-forwarded-host", "lms.test");
        ask.at("other.test")
    };
    for method in ["GET", "POST", "OPTIONS"] {
        let found = crate::world::answer(family(), &elsewhere(method));
        assert_eq!(found.line(), r#"404 {"detail":"Not found."}"#);
        assert_eq!(found.header("vary"), "");
    }
}

#[test]
fn options_tells_the_fields_of_a_body() {
    let expected = r#"200 {"name":"Thing List","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"],"actions":{"POST":{"name":{"type":"string"}}}}"#;
    let ask = Ask::ada("OPTIONS", "/api/things/");
    check(family, [(ask, expected.to_owned())]);
}

#[test]
fn a_host_is_taken_in_lower_case_and_told_whether_it_can_be_one() {
    let cases = [
        ("lms.test", true),
        ("LMS.Test:8000", true),
        ("[::1]:80", true),
        ("127.0.0.1", true),
        ("a_b.test", false),
        ("[x]", false),
        ("lms.test:", false),
        ("lms.test:8a", false),
        ("lms test", false),
        ("büro.test", false),
    ];
    for (host, expected) in cases {
        let request = http::Request::builder().uri("/").header("host", host);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let found = Host::of(&parts);
        assert_eq!(found.is_valid(), expected, "{host}");
        if host.is_ascii() {
            assert_eq!(found.as_str(), host.to_lowercase());
        }
    }
}

#[test]
fn a_request_at_another_path_keeps_its_query() {
    for (path, expected) in [
        ("/api/things", "/other/"),
        ("/api/things?a=1/2", "/other/?a=1/2"),
        ("/api/a%2Bb?", "/other/?"),
    ] {
        let request = Ask::new("POST", path).request();
        assert_eq!(at_path(request, "/other/").uri().to_string(), expected);
    }
}
