//! Query strings and path parameters.

use deserr::Deserr;
use provost_drf::{
    Family, Flag, Invalid, Json, LowerWords, Maybe, Optional, Path, Query, Text, View, Words,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::world::{Ask, answer, check};

#[derive(Deserr, JsonSchema, Clone, Copy, Debug, Default)]
#[deserr(error = Invalid)]
enum SortBy {
    #[default]
    #[deserr(rename = "username")]
    #[schemars(rename = "username")]
    Username,
    #[deserr(rename = "full_name")]
    #[schemars(rename = "full_name")]
    FullName,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Members {
    scope: Text<255>,
    #[deserr(default)]
    search: Optional<Text<255>>,
    #[deserr(default)]
    #[schemars(default)]
    roles: LowerWords,
    #[deserr(default)]
    #[schemars(default)]
    sort_by: SortBy,
    #[deserr(default)]
    note: Maybe<Text<9>>,
    #[deserr(default)]
    ids: Optional<Vec<Text<3>>>,
    #[deserr(default)]
    #[schemars(default)]
    own: Flag,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Revoke {
    users: Words,
}

async fn members(Query(ask): Query<Members>) -> Json<Value> {
    let note = match &ask.note {
        Maybe::Absent => json!("absent"),
        Maybe::Null => Value::Null,
        Maybe::Value(text) => json!(text),
    };
    let sort = format!("{:?}", ask.sort_by);
    Json(json!([
        ask.scope,
        *ask.search,
        *ask.roles,
        sort,
        note,
        *ask.ids,
        *ask.own
    ]))
}

async fn revoke(Query(ask): Query<Revoke>) -> Json<Vec<String>> {
    Json(ask.users.into_vec())
}

async fn by_name(Path(name): Path<String>) -> Json<String> {
    Json(name)
}

async fn by_number(Path((first, second)): Path<(i64, u8)>) -> Json<i64> {
    Json(first + i64::from(second))
}

fn family() -> Family<()> {
    Family::at("/", "test", "Queries")
        .view(
            "members/",
            View::new().get(members, "Members").delete(revoke, "Revoke"),
        )
        .view("names/{name}/", View::new().get(by_name, "By name"))
        .view(
            "numbers/{first}/{second}/",
            View::new().get(by_number, "By numbers"),
        )
}

#[test]
fn query_parameters_are_fields_without_types() {
    let none = r#"200 ["s",null,[],"Username","absent",null,false]"#;
    let get = |query: &str| Ask::ada("GET", &format!("/members/{query}"));
    check(
        family,
        [
            (get("?scope=s"), none),
            (get("?scope=x&scope=s"), none),
            (get("?scope=s&page=3&unknown=1"), none),
            (get("?scope=s&search=&roles=&sort_by=&ids2="), none),
            (
                get("?scope=%20s%20&note="),
                r#"200 ["s",null,[],"Username",null,null,false]"#,
            ),
            (get("?scope=s&roles=,"), none),
            (
                get("?scope=s&own=T&ids=1&ids=2"),
                r#"200 ["s",null,[],"Username","absent",["1","2"],true]"#,
            ),
            (
                get("?scope=s&ids[1]=b&ids[0]=a"),
                r#"200 ["s",null,[],"Username","absent",["a","b"],false]"#,
            ),
            (
                get("?scope=a+b&roles=Admin,,ADMIN,x&sort_by=full_name"),
                r#"200 ["a b",null,["admin","x"],"FullName","absent",null,false]"#,
            ),
            (get(""), r#"400 {"scope":["This field is required."]}"#),
            (
                get("?scope="),
                r#"400 {"scope":["This field may not be blank."]}"#,
            ),
            (
                get("?scope=s&search=%20"),
                r#"400 {"search":["This field may not be blank."]}"#,
            ),
            (
                get("?scope=s&search=%00"),
                r#"400 {"search":["Null characters are not allowed."]}"#,
            ),
            (
                get("?scope=s&own=maybe"),
                r#"400 {"own":["Must be a valid boolean."]}"#,
            ),
            (
                get("?scope=s&ids=1&ids=long"),
                r#"400 {"ids":{"1":["Ensure this field has no more than 3 characters."]}}"#,
            ),
            (
                get("?search=%20&sort_by=role"),
                r#"400 {"search":["This field may not be blank."],"sort_by":["\"role\" is not a valid choice."],"scope":["This field is required."]}"#,
            ),
        ],
    );
}

#[test]
fn a_required_comma_list_may_hold_nothing_but_not_be_blank() {
    let delete = |query: &str| Ask::ada("DELETE", &format!("/members/{query}"));
    check(
        family,
        [
            (delete("?users=,"), "200 []"),
            (delete("?users=A,b"), r#"200 ["A","b"]"#),
            (
                delete("?users="),
                r#"400 {"users":["This field may not be blank."]}"#,
            ),
            (delete(""), r#"400 {"users":["This field is required."]}"#),
        ],
    );
}

#[test]
fn path_parameters_are_decoded_and_those_of_another_type_name_nothing() {
    let not_found = r#"404 {"detail":"Not found."}"#;
    check(
        family,
        [
            (Ask::ada("GET", "/names/a%20b%2Fc/"), r#"200 "a b/c""#),
            (Ask::ada("GET", "/numbers/1/2/"), "200 3"),
            (Ask::ada("GET", "/numbers/x/2/"), not_found),
            (Ask::ada("GET", "/numbers/1/-2/"), not_found),
            (
                Ask::ada("GET", "/numbers/99999999999999999999/2/"),
                not_found,
            ),
        ],
    );
}

#[test]
fn a_path_without_its_parameter_is_no_route() {
    for path in ["/names//", "/numbers//2/", "/numbers/1//", "/names//?a=//"] {
        let found = answer(family(), &Ask::ada("GET", path));
        let told = (found.status.as_u16(), found.header("content-type"));
        assert_eq!(told, (404, "text/html; charset=utf-8"), "{path}");
    }
    let found = answer(family(), &Ask::ada("GET", "/names/ada/?a=//"));
    assert_eq!(found.line(), r#"200 "ada""#);
}
