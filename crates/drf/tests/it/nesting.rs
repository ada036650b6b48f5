//! Errors inside lists, objects and lists of objects, and bodies that are none of these.

use crate::fields::family;
use crate::world::{Ask, check};

#[test]
fn lists_and_nesting() {
    let ask = |body: &str| Ask::ada("POST", "/all/").json(body.to_owned());
    check(
        family,
        [
            (
                ask(r#"{"list":[]}"#),
                r#"400 {"list":["This list may not be empty."]}"#,
            ),
            (
                ask(r#"{"list":null}"#),
                r#"400 {"list":["This field may not be null."]}"#,
            ),
            (
                ask(r#"{"list":"x"}"#),
                r#"400 {"list":["Expected a list of items but got type \"str\"."]}"#,
            ),
            (
                ask(r#"{"list":5}"#),
                r#"400 {"list":["Expected a list of items but got type \"int\"."]}"#,
            ),
            (
                ask(r#"{"list":5.5}"#),
                r#"400 {"list":["Expected a list of items but got type \"float\"."]}"#,
            ),
            (
                ask(r#"{"list":true}"#),
                r#"400 {"list":["Expected a list of items but got type \"bool\"."]}"#,
            ),
            (
                ask(r#"{"list":{}}"#),
                r#"400 {"list":["Expected a list of items but got type \"dict\"."]}"#,
            ),
            (
                ask(r#"{"list":["ok","",null,[],"long"]}"#),
                r#"400 {"list":{"1":["This field may not be blank."],"2":["This field may not be null."],"3":["Not a valid string."],"4":["Ensure this field has no more than 3 characters."]}}"#,
            ),
            (
                ask(r#"{"inner":{}}"#),
                r#"400 {"inner":{"name":["This field is required."]}}"#,
            ),
            (
                ask(r#"{"inner":null}"#),
                r#"400 {"inner":["This field may not be null."]}"#,
            ),
            (
                ask(r#"{"inner":[]}"#),
                r#"400 {"inner":{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}}"#,
            ),
            (
                ask(r#"{"items":[{"name":"a"},{},null,"x"],"flag":"x"}"#),
                r#"400 {"items":[{},{"name":["This field is required."]},["This field may not be null."],{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}],"flag":["Must be a valid boolean."]}"#,
            ),
            (
                ask(r#"{"items":{}}"#),
                r#"400 {"items":{"non_field_errors":["Expected a list of items but got type \"dict\"."]}}"#,
            ),
            (ask(r#"{"items":[{"name":"a"}]}"#), "200 1"),
        ],
    );
}

#[test]
fn the_body_itself_must_be_an_object() {
    let ask = |body: &str| Ask::ada("POST", "/all/").json(body.to_owned());
    let got = |kind: &str| {
        format!(
            r#"400 {{"non_field_errors":["Invalid data. Expected a dictionary, but got {kind}."]}}"#
        )
    };
    check(
        family,
        [
            (ask("[]"), got("list")),
            (ask("\"x\""), got("str")),
            (ask("5"), got("int")),
            (ask("-5"), got("int")),
            (ask("5.5"), got("float")),
            (ask("true"), got("bool")),
            (
                ask("null"),
                r#"400 {"non_field_errors":["No data provided"]}"#.to_owned(),
            ),
            (ask("{}"), "200 null".to_owned()),
        ],
    );
}

#[test]
fn the_last_of_equal_names_wins_and_unknown_names_are_ignored() {
    let ask = Ask::ada("POST", "/all/").json(r#"{"text":[],"id":9,"text":"b"}"#);
    check(family, [(ask, r#"200 "b""#)]);
}
