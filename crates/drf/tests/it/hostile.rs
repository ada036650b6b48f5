//! Requests meant to hurt: every one gets a clear answer of bounded size, in bounded time.

use deserr::Deserr;
use provost_drf::{Body, Family, Invalid, Items, Json, NonEmpty, Query, Text, View};
use schemars::JsonSchema;
use serde_json::Value;

use crate::world::{Answer, Ask, answer};

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Users {
    users: NonEmpty<Text<255>>,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Node {
    #[deserr(default)]
    #[schemars(default)]
    below: Vec<Node>,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Question {
    action: Text<255>,
}

async fn users(Body(ask): Body<Users>) -> Json<usize> {
    Json(ask.users.len())
}

async fn query(Query(ask): Query<Users>) -> Json<usize> {
    Json(ask.users.len())
}

async fn tree(Body(node): Body<Node>) -> Json<usize> {
    let mut depth = 0;
    let mut all = vec![node];
    while !all.is_empty() {
        depth += 1;
        all = all.into_iter().flat_map(|node| node.below).collect();
    }
    Json(depth)
}

async fn items(Body(all): Body<Items<Question>>) -> Json<Vec<String>> {
    Json(
        all.0
            .into_iter()
            .map(|question| question.action.into_string())
            .collect(),
    )
}

fn family() -> Family<()> {
    Family::at("/", "test", "Hostile")
        .view(
            "users/",
            View::new().post(users, "Users").get(query, "Users"),
        )
        .view("tree/", View::new().post(tree, "Tree"))
        .view("items/", View::new().post(items, "Items"))
}

fn post(path: &str, body: impl Into<bytes::Bytes>) -> Answer {
    answer(family(), &Ask::ada("POST", path).json(body))
}

#[test]
fn deep_nesting_is_refused_before_it_can_overflow_the_stack() {
    let refused = r#"400 {"detail":"JSON parse error - maximum nesting depth exceeded"}"#;
    for (open, close) in [("[", "]"), ("{\"below\":[", "]}"), ("{\"a\":", "}")] {
        let body = open.repeat(100_000) + &close.repeat(100_000);
        assert_eq!(post("/tree/", body).line(), refused, "{open}");
        assert_eq!(
            post("/tree/", open.repeat(200_000)).line(),
            refused,
            "{open}"
        );
    }
    let body = "{\"below\":[".repeat(60) + &"]}".repeat(60);
    assert_eq!(post("/tree/", body).line(), "200 60");
}

#[test]
fn long_lists_are_read_and_their_errors_are_bounded() {
    let good = format!("{{\"users\":[{}]}}", vec!["\"ada\""; 10_000].join(","));
    assert_eq!(post("/users/", good).line(), "200 10000");

    let bad = format!("{{\"users\":[{}]}}", vec!["[]"; 500_000].join(","));
    let found = post("/users/", bad);
    let body: Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(found.status, 400);
    assert_eq!(body["users"].as_object().unwrap().len(), 10_000);

    let bad = format!("[{}]", vec!["{}"; 10_000].join(","));
    let found = post("/items/", bad);
    let body: Value = serde_json::from_slice(&found.body).unwrap();
    assert_eq!(body.as_array().unwrap().len(), 10_000);
}

#[test]
fn many_names_and_many_pairs_are_read() {
    let names: Vec<String> = (0..50_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let body = format!("{{{},\"users\":[\"a\"]}}", names.join(","));
    assert_eq!(post("/users/", body).line(), "200 1");

    let form = vec!["users=a"; 100_000].join("&");
    assert_eq!(
        answer(family(), &Ask::ada("POST", "/users/").form(&form)).line(),
        "200 100000"
    );
    let numbered: Vec<String> = (0..50_000).map(|n| format!("users[{n}]=a")).collect();
    let found = answer(
        family(),
        &Ask::ada("POST", "/users/").form(&numbered.join("&")),
    );
    assert_eq!(found.line(), "200 50000");
    let absurd =
        Ask::ada("POST", "/users/").form("users[99999999999999999999999]=a&users[-1]=b&users[]=c");
    assert_eq!(
        answer(family(), &absurd).line(),
        r#"400 {"users":["This field is required."]}"#
    );
}

#[test]
fn a_long_query_string_is_read() {
    let query = vec!["users=a"; 5_000].join("&");
    assert_eq!(
        answer(family(), &Ask::ada("GET", &format!("/users/?{query}"))).line(),
        "200 5000"
    );
}

#[test]
fn endless_numbers_are_refused_and_long_ones_kept_whole() {
    let long = "1".repeat(300);
    let found = post("/users/", format!("{{\"users\":[{long}]}}")).line();
    assert_eq!(
        found,
        r#"400 {"users":{"0":["Ensure this field has no more than 255 characters."]}}"#
    );
    let digits = "1".repeat(200);
    let found = post("/items/", format!("[{{\"action\":-{digits}}}]")).line();
    assert_eq!(found, format!("200 [\"-{digits}\"]"));
    let endless = post("/users/", "1".repeat(100_000)).line();
    assert!(
        endless.starts_with(r#"400 {"detail":"JSON parse error - Exceeds the limit (4300 digits)"#),
        "{endless}"
    );
}

#[test]
fn text_that_cannot_be_stored_is_a_field_error() {
    let found = post("/users/", r#"{"users":["a\u0000b","\u0000"]}"#).line();
    let null = r#"["Null characters are not allowed."]"#;
    assert_eq!(
        found,
        format!(r#"400 {{"users":{{"0":{null},"1":{null}}}}}"#)
    );
}
