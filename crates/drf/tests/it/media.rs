//! Families that do not take every media type, and what a body's order is worth.

use deserr::Deserr;
use provost_drf::{
    Body, Family, Invalid, Json, Media, Payload, Problem, Scheme, Text, Unread, View, document,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::world::{Ask, answer, check};

/// A tenant to be made.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Create {
    name: Text<20>,
    #[deserr(default)]
    #[schemars(default)]
    orgs: Vec<Text<20>>,
}

async fn create(Body(ask): Body<Create>) -> Json<Value> {
    Json(json!([ask.name, ask.orgs]))
}

async fn look(payload: Payload) -> Json<Value> {
    Json(json!([
        payload.is_form(),
        payload.list("orgs"),
        payload.as_value()
    ]))
}

async fn late(body: Unread<Create>) -> Result<Json<Value>, Problem> {
    let payload = body.decode().await?;
    Ok(Json(payload.as_value().clone()))
}

fn family(bodies: &'static [Media]) -> Family<()> {
    Family::at("/api/", "media", "Media")
        .schemes(&[Scheme::Basic])
        .bodies(bodies)
        .view("create/", View::new().post(create, "Create"))
        .view("look/", View::new().post(look, "Look"))
        .view("late/", View::new().post(late, "Read late"))
}

const JSON: &[Media] = &[Media::Json];
const JSON_AND_FORMS: &[Media] = &[Media::Json, Media::Form];
const VIEWS: [&str; 3] = ["/api/create/", "/api/look/", "/api/late/"];

fn refused(sent: &str) -> String {
    let text = format!("Unsupported media type \"{sent}\" in request.");
    format!("415 {}", json!({ "detail": text }))
}

#[test]
fn what_a_family_does_not_take_is_refused_as_sent_by_every_reader() {
    let form = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=x";
    for (bodies, sent) in [
        (JSON, form),
        (JSON, "Application/X-WWW-Form-Urlencoded; charset=utf-8"),
        (JSON, multipart),
        (JSON, "text/plain"),
        (JSON_AND_FORMS, multipart),
    ] {
        for view in VIEWS {
            let ask = Ask::ada("POST", view).body(sent, "name=a");
            check(|| family(bodies), [(ask, refused(sent))]);
        }
    }
}

#[test]
fn an_empty_body_is_an_empty_object_whatever_its_media_type() {
    let required = r#"400 {"name":["This field is required."]}"#;
    for sent in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ] {
        check(
            || family(JSON),
            [
                (Ask::ada("POST", "/api/create/").body(sent, ""), required),
                (Ask::ada("POST", "/api/late/").body(sent, ""), "200 {}"),
            ],
        );
    }
}

#[test]
fn a_repeated_field_of_a_form_is_a_list() {
    let ask = |path: &str, form: &str| Ask::ada("POST", path).form(form);
    check(
        || family(JSON_AND_FORMS),
        [
            (
                ask("/api/create/", "name=a&orgs=b&orgs=c"),
                r#"200 ["a",["b","c"]]"#,
            ),
            (ask("/api/create/", "name=a&orgs=b"), r#"200 ["a",["b"]]"#),
            (ask("/api/create/", "name=a"), r#"200 ["a",[]]"#),
            (
                ask("/api/look/", "orgs=b&orgs=c&name=a"),
                r#"200 [true,["b","c"],{"orgs":"c","name":"a"}]"#,
            ),
            (
                Ask::ada("POST", "/api/create/").json(r#"{"orgs":["b"],"name":"a"}"#),
                r#"200 ["a",["b"]]"#,
            ),
        ],
    );
}

#[test]
fn members_keep_the_order_they_were_sent_in() {
    let body = r#"{"zulu":{"b":1,"a":[{"y":1,"x":2}]},"alpha":{},"name":"n"}"#;
    let repeated = r#"{"b":1,"a":2,"b":{"d":1,"c":2,"d":3}}"#;
    for (sent, kept) in [(body, body), (repeated, r#"{"b":{"d":3,"c":2},"a":2}"#)] {
        check(
            || family(JSON),
            [
                (
                    Ask::ada("POST", "/api/late/").json(sent),
                    format!("200 {kept}"),
                ),
                (
                    Ask::ada("POST", "/api/look/").json(sent),
                    format!("200 [false,[],{kept}]"),
                ),
            ],
        );
    }
}

#[test]
fn metadata_and_the_document_name_the_media_types() {
    for (bodies, names) in [
        (JSON, json!(["application/json"])),
        (
            JSON_AND_FORMS,
            json!(["application/json", "application/x-www-form-urlencoded"]),
        ),
    ] {
        let metadata = answer(family(bodies), &Ask::ada("OPTIONS", "/api/create/"));
        let metadata: Value = serde_json::from_slice(&metadata.body).unwrap();
        assert_eq!(metadata["parses"], names);
        let document = document::<()>("Provost", "1", &[&family(bodies)]).unwrap();
        let body = &document["paths"]["/api/create/"]["post"]["requestBody"];
        let described: Vec<_> = body["content"].as_object().unwrap().keys().collect();
        assert_eq!(json!(described), names);
    }
}
