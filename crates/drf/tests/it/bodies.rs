//! Bodies: media types, emptiness, syntax errors with their positions, forms.

use deserr::Deserr;
use provost_drf::{
    Body, BodyLimit, Caller, Family, Flag, Invalid, Items, Json, Maybe, NonEmpty, Optional,
    Payload, Problem, Text, Unread, View,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::world::{Ask, answer_of, authenticate, check};

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Assign {
    role: Text<255>,
    #[deserr(default)]
    scope: Maybe<Text<255>>,
    #[deserr(default)]
    scopes: Optional<Vec<Text<255>>>,
    users: NonEmpty<Text<255>>,
    #[deserr(default)]
    #[schemars(default)]
    loud: Flag,
}

fn sent(scope: &Maybe<Text<255>>) -> Value {
    match scope {
        Maybe::Absent => "absent".into(),
        Maybe::Null => Value::Null,
        Maybe::Value(text) => text.as_str().into(),
    }
}

async fn assign(Body(ask): Body<Assign>) -> Json<Value> {
    let scopes = ask
        .scopes
        .as_ref()
        .map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>());
    Json(json!([
        ask.role,
        sent(&ask.scope),
        scopes,
        ask.users,
        *ask.loud
    ]))
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Question {
    action: Text<255>,
    #[deserr(default)]
    scope: Optional<Text<255>>,
}

async fn ask_all(Body(questions): Body<Items<Question>>) -> Json<Value> {
    Json(
        questions
            .iter()
            .map(|q| json!([q.action, *q.scope]))
            .collect(),
    )
}

async fn peek(payload: Payload) -> Json<Value> {
    let values: Vec<&str> = payload.values("a").collect();
    let file = payload
        .file("f")
        .map(|file| (file.file_name.clone(), file.bytes.len()));
    Json(json!([payload.is_form(), payload.get("a"), values, file]))
}

async fn decide_first(caller: Caller, body: Unread<Assign>) -> Result<Json<Value>, Problem> {
    if !caller.is_admin() {
        return Err(Problem::denied());
    }
    Ok(Json(body.read().await?.role.as_str().into()))
}

fn family() -> Family<()> {
    Family::at("/", "test", "Bodies")
        .view("assign/", View::new().post(assign, "Assign"))
        .view("ask", View::new().post(ask_all, "Ask"))
        .view("peek", View::new().post(peek, "Peek"))
        .view("decide", View::new().post(decide_first, "Decide"))
}

fn parse_error(reason: &str) -> String {
    json!({ "detail": format!("JSON parse error - {reason}") }).to_string()
}

#[test]
fn syntax_errors_are_worded_and_placed_as_the_reference_does() {
    let cases: &[(&str, &str)] = &[
        ("nope", "Expecting value: line 1 column 1 (char 0)"),
        (" ", "Expecting value: line 1 column 2 (char 1)"),
        (
            "[{",
            "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)",
        ),
        (
            "{\"a\": 1,}",
            "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)",
        ),
        (
            "{'a': 1}",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        (
            "{\"a\" 1}",
            "Expecting ':' delimiter: line 1 column 6 (char 5)",
        ),
        (
            "{\"a\": 1 \"b\"",
            "Expecting ',' delimiter: line 1 column 9 (char 8)",
        ),
        ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
        ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
        ("[", "Expecting value: line 1 column 2 (char 1)"),
        ("[1", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
        ("{} {}", "Extra data: line 1 column 4 (char 3)"),
        ("01", "Extra data: line 1 column 2 (char 1)"),
        ("1.", "Extra data: line 1 column 2 (char 1)"),
        ("-", "Expecting value: line 1 column 1 (char 0)"),
        (
            "[\"é\n",
            "Invalid control character at: line 1 column 4 (char 3)",
        ),
        (
            "[\"éé\",\n \"x",
            "Unterminated string starting at: line 2 column 2 (char 8)",
        ),
        ("[\"é\\q\"]", "Invalid \\escape: line 1 column 4 (char 3)"),
        (
            "[\"\\u12g4\"]",
            "Invalid \\uXXXX escape: line 1 column 4 (char 3)",
        ),
        (
            "\"\\u1234",
            "Invalid \\uXXXX escape: line 1 column 3 (char 2)",
        ),
        (
            "\u{feff}{}",
            "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)",
        ),
        (
            "[NaN]",
            "Out of range float values are not JSON compliant: 'NaN'",
        ),
        (
            "Infinity",
            "Out of range float values are not JSON compliant: 'Infinity'",
        ),
        (
            "[-Infinity]",
            "Out of range float values are not JSON compliant: '-Infinity'",
        ),
        (
            "[\"\\ud800\"]",
            "Surrogate characters are not allowed: U+D800.",
        ),
        (
            "[\"\\ud800\\u0041\"]",
            "Surrogate characters are not allowed: U+D800.",
        ),
        (
            "[\"\\udc00\"]",
            "Surrogate characters are not allowed: U+DC00.",
        ),
    ];
    check(
        family,
        cases.iter().map(|(body, reason)| {
            (
                Ask::ada("POST", "/assign/").json((*body).to_owned()),
                format!("400 {}", parse_error(reason)),
            )
        }),
    );
}

#[test]
fn bytes_that_are_not_utf8_are_named_with_their_position() {
    let cases: &[(&[u8], &str)] = &[
        (
            b"{\"a\":\"\xff\"}",
            "'utf-8' codec can't decode byte 0xff in position 6: invalid start byte",
        ),
        (
            b"\"\xe2\x28\xa1\"",
            "'utf-8' codec can't decode byte 0xe2 in position 1: invalid continuation byte",
        ),
        (
            b"\"\xe2\x82\"",
            "'utf-8' codec can't decode bytes in position 1-2: invalid continuation byte",
        ),
        (
            b"\"\xe2\x82",
            "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data",
        ),
        (
            b"\"\xc3",
            "'utf-8' codec can't decode byte 0xc3 in position 1: unexpected end of data",
        ),
    ];
    check(
        family,
        cases.iter().map(|(body, reason)| {
            (
                Ask::ada("POST", "/assign/").json(*body),
                format!("400 {}", parse_error(reason)),
            )
        }),
    );
}

#[test]
fn other_media_types_are_refused_as_sent() {
    let refused = |sent: &str| {
        let text = format!("Unsupported media type \"{sent}\" in request.");
        format!("415 {}", json!({ "detail": text }))
    };
    let ask = |sent: &str| Ask::ada("POST", "/assign/").body(sent, "{}");
    check(
        family,
        [
            (ask("text/plain"), refused("text/plain")),
            (
                ask("Text/Plain; charset=utf-8"),
                refused("Text/Plain; charset=utf-8"),
            ),
            (ask("application/jsonp"), refused("application/jsonp")),
            (ask(""), refused("")),
            (
                ask("application/x-www-form-urlencodedx"),
                refused("application/x-www-form-urlencodedx"),
            ),
        ],
    );
}

#[test]
fn an_empty_body_is_an_empty_object_or_an_empty_form() {
    let missing = r#"400 {"role":["This field is required."],"users":["This field is required."]}"#;
    check(
        family,
        [
            (Ask::ada("POST", "/assign/"), missing),
            (Ask::ada("POST", "/assign/").json(""), missing),
            (Ask::ada("POST", "/assign/").body("text/plain", ""), missing),
            (Ask::ada("POST", "/assign/").form(""), missing),
            (
                Ask::ada("POST", "/assign/").body("multipart/form-data; boundary=x", ""),
                missing,
            ),
            (
                Ask::ada("POST", "/ask"),
                r#"400 {"non_field_errors":["Expected a list of items but got type \"dict\"."]}"#,
            ),
            (Ask::ada("POST", "/ask").form(""), "200 []"),
        ],
    );
}

#[test]
fn json_and_forms_of_the_same_request_are_read_alike() {
    let all = r#"200 ["r","s",["a","b"],["u","v"],true]"#;
    let json =
        r#"{"role":"r","scope":" s ","scopes":["a","b"],"users":["u","v"],"loud":"ON","more":[]}"#;
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"role\"\r\n\r\nr\r\n\
        --x\r\nContent-Disposition: form-data; name=\"users\"\r\n\r\nu\r\n--x--\r\n";
    check(
        family,
        [
            (Ask::ada("POST", "/assign/").json(json), all),
            (
                Ask::ada("POST", "/assign/").body("Application/JSON; charset=utf-8", json),
                all,
            ),
            (
                Ask::ada("POST", "/assign/")
                    .form("role=r&scope=+s&scopes=a&scopes=b&users=u&users=v&loud=1"),
                all,
            ),
            (
                Ask::ada("POST", "/assign/").form(
                    "role=x&role=r&scope=s&scopes[1]=b&scopes[0]=a&users[0]=u&users[10]=v&loud=t",
                ),
                all,
            ),
            (
                Ask::ada("POST", "/assign/").form("role=r&users=u&scope="),
                r#"200 ["r",null,null,["u"],false]"#,
            ),
            (
                Ask::ada("POST", "/assign/").form("role=r&users=u"),
                r#"200 ["r","absent",null,["u"],false]"#,
            ),
            (
                Ask::ada("POST", "/assign/").form("role=r&users=u&loud="),
                r#"200 ["r","absent",null,["u"],false]"#,
            ),
            (
                Ask::ada("POST", "/assign/").form("role=&users="),
                r#"400 {"role":["This field may not be blank."],"users":{"0":["This field may not be blank."]}}"#,
            ),
            (
                Ask::ada("POST", "/assign/").body("multipart/form-data; boundary=x", multipart),
                r#"200 ["r","absent",null,["u"],false]"#,
            ),
            (
                Ask::ada("POST", "/ask").form("[0]action=a&[1]action=b&[1]scope=s"),
                r#"200 [["a",null],["b","s"]]"#,
            ),
        ],
    );
}

#[test]
fn a_multipart_body_may_carry_files_and_must_have_its_boundary() {
    let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
        --x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n\
        --x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"l.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--x--\r\n";
    let no_boundary =
        r#"400 {"detail":"Multipart form parse error - Invalid boundary in multipart: None"}"#;
    check(
        family,
        [
            (
                Ask::ada("POST", "/peek").body("multipart/form-data; boundary=x", body),
                r#"200 [true,"2",["1","2"],["l.png",3]]"#,
            ),
            (
                Ask::ada("POST", "/peek").body("multipart/form-data", body),
                no_boundary,
            ),
            (
                Ask::ada("POST", "/peek").form("a=1&a=2"),
                r#"200 [true,"2",["1","2"],null]"#,
            ),
            (
                Ask::ada("POST", "/peek").json(r#"{"a":[1]}"#),
                "200 [false,[1],[],null]",
            ),
        ],
    );
}

#[test]
fn a_handler_may_decide_before_the_body_is_looked_at() {
    let denied = r#"403 {"detail":"You do not have permission to perform this action."}"#;
    let root = || Ask::new("POST", "/decide").with("x-user", "root");
    check(
        family,
        [
            (Ask::ada("POST", "/decide").json("nope"), denied),
            (Ask::ada("POST", "/decide").body("text/plain", "x"), denied),
            (
                root().body("text/plain", "x"),
                r#"415 {"detail":"Unsupported media type \"text/plain\" in request."}"#,
            ),
            (root().json(r#"{"role":"r","users":[1]}"#), r#"200 "r""#),
        ],
    );
}

#[test]
fn bodies_beyond_the_limit_are_refused_and_the_limit_is_the_servers() {
    let family = || family().into_router(&(), &authenticate());
    let big = Ask::ada("POST", "/peek").json(format!("\"{}\"", "x".repeat(BodyLimit::DEFAULT.0)));
    let too_large = r#"413 {"detail":"Request body is too large."}"#;
    assert_eq!(answer_of(family(), big.request()).line(), too_large);

    let small = Ask::ada("POST", "/peek").json(r#"{"a":"12345"}"#);
    let mut request = small.request();
    request.extensions_mut().insert(BodyLimit(5));
    assert_eq!(answer_of(family(), request).line(), too_large);
    assert_eq!(answer_of(family(), small.request()).status, 200);
}
