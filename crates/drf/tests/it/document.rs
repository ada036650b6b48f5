//! The OpenAPI document says what the signatures say.

use deserr::Deserr;
use provost_drf::{
    Body, Caller, Created, Family, Invalid, Json, Maybe, MaybeCaller, NonEmpty, Optional, Page,
    Paging, Path, Problem, Query, Scheme, Text, View, document,
};
use provost_listing::Slice;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize, JsonSchema)]
struct Member {
    username: String,
}

/// Who gets which role.
#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "only described")]
struct Assign {
    role: Text<255>,
    users: NonEmpty<Text<255>>,
    #[deserr(default)]
    scope: Maybe<Text<255>>,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
#[expect(dead_code, reason = "only described")]
struct Find {
    scope: Text<255>,
    #[deserr(default)]
    search: Optional<Text<255>>,
}

async fn list(_: Caller, _: Query<Find>, paging: Paging<10, 50>) -> Result<Page<Member>, Problem> {
    paging.page(Slice::missing(0))
}

async fn assign(_: Caller, _: Path<String>, _: Body<Assign>) -> Result<Created<Member>, Problem> {
    Err(Problem::denied())
}

async fn greet(_: MaybeCaller) -> Json<Member> {
    Json(Member {
        username: String::new(),
    })
}

fn described() -> Value {
    let members = Family::at("/api/", "members", "Members")
        .view("members/", View::new().get(list, "List members"))
        .view("members/{name}/", View::new().post(assign, "Assign a role"));
    let open = Family::at("/open/", "open", "Open")
        .schemes(&[Scheme::Basic, Scheme::Bearer])
        .view("greet", View::new().get(greet, "Greet"));
    document::<()>("Provost", "1", &[&members, &open]).unwrap()
}

#[test]
fn an_operation_is_described_by_its_signature() {
    let document = described();
    assert_eq!(document["openapi"], "3.1.0");
    let list = &document["paths"]["/api/members/"]["get"];
    assert_eq!(list["operationId"], "it_document_list");
    assert_eq!(list["summary"], "List members");
    assert_eq!(list["tags"], json!(["members"]));
    assert_eq!(list["security"], json!([{ "jwt": [] }, { "session": [] }]));
    let parameters: Vec<(&str, bool)> = list["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| {
            (
                parameter["name"].as_str().unwrap(),
                parameter["required"] == true,
            )
        })
        .collect();
    assert_eq!(
        parameters,
        [
            ("scope", true),
            ("search", false),
            ("page", false),
            ("page_size", false)
        ]
    );
    let statuses: Vec<&String> = list["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "400", "401", "404", "406", "default"]);
}

#[test]
fn bodies_and_answers_are_named_schemas() {
    let document = described();
    let assign = &document["paths"]["/api/members/{name}/"]["post"];
    let reference = json!({ "$ref": "#/components/schemas/Assign" });
    for media in [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        assert_eq!(
            assign["requestBody"]["content"][media]["schema"], reference,
            "{media}"
        );
    }
    let answer = &assign["responses"]["201"]["content"]["application/json"]["schema"];
    assert_eq!(*answer, json!({ "$ref": "#/components/schemas/Member" }));
    assert_eq!(assign["parameters"][0]["in"], "path");
    let schema = &document["components"]["schemas"]["Assign"];
    assert_eq!(schema["required"], json!(["role", "users"]));
    assert_eq!(schema["description"], "Who gets which role.");
    assert_eq!(
        schema["properties"]["role"],
        json!({ "type": "string", "minLength": 1, "maxLength": 255 })
    );
    let scope = &schema["properties"]["scope"];
    assert_eq!(scope["type"], json!(["string", "null"]));
}

#[test]
fn every_reference_has_its_definition() {
    let document = described();
    let text = document.to_string();
    let references: Vec<&str> = text
        .split("\"$ref\":\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn each_family_has_its_schemes_and_an_optional_caller_is_optional() {
    let document = described();
    let greet = &document["paths"]["/open/greet"]["get"];
    assert_eq!(
        greet["security"],
        json!([{ "basic": [] }, { "bearer": [] }, {}])
    );
    let schemes: Vec<&String> = document["components"]["securitySchemes"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(schemes, ["basic", "bearer", "jwt", "session"]);
}

#[test]
fn describing_twice_gives_the_same_document() {
    assert_eq!(described(), described());
}
