//! Fields: what each type takes, and every sentence for what it does not.

use deserr::Deserr;
use provost_drf::{
    Blankable, Body, Choice, Email, Family, Flag, Integer, Invalid, Items, Json, LowerWords,
    NonEmpty, Optional, Slug, Text, Time, Url, Verbatim, View, Words,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::world::{Ask, check};

#[derive(Deserr, JsonSchema, Clone, Copy, Debug)]
#[deserr(error = Invalid, rename_all = lowercase)]
enum Order {
    Asc,
    Desc,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct Inner {
    name: Text<3>,
}

#[derive(Deserr, JsonSchema)]
#[deserr(error = Invalid)]
struct All {
    #[deserr(default)]
    text: Optional<Text<5>>,
    #[deserr(default)]
    blankable: Optional<Blankable<5>>,
    #[deserr(default)]
    verbatim: Optional<Verbatim<5>>,
    #[deserr(default)]
    flag: Optional<Flag>,
    #[deserr(default)]
    order: Optional<Order>,
    #[deserr(default)]
    choice: Optional<Choice<Order>>,
    #[deserr(default)]
    integer: Optional<Integer<-5, 100>>,
    #[deserr(default)]
    number: Optional<Integer>,
    #[deserr(default)]
    slug: Optional<Slug<9>>,
    #[deserr(default)]
    email: Optional<Email>,
    #[deserr(default)]
    url: Optional<Url>,
    #[deserr(default)]
    uuid: Optional<uuid::Uuid>,
    #[deserr(default)]
    time: Optional<Time>,
    #[deserr(default)]
    words: Optional<Words>,
    #[deserr(default)]
    lower: Optional<LowerWords>,
    #[deserr(default)]
    list: Optional<NonEmpty<Text<3>>>,
    #[deserr(default)]
    inner: Optional<Inner>,
    #[deserr(default)]
    items: Optional<Items<Inner>>,
}

async fn echo(Body(all): Body<All>) -> Json<Value> {
    let values = [
        json!(*all.text),
        json!(*all.blankable),
        json!(*all.verbatim),
        json!(*all.flag),
        json!(all.order.map(|order| format!("{order:?}"))),
        json!(all.choice.map(|order| format!("{:?}", *order))),
        json!(*all.integer),
        json!(*all.number),
        json!(*all.slug),
        json!(*all.email),
        json!(*all.url),
        json!(*all.uuid),
        json!(*all.time),
        json!(all.words.as_ref().map(|words| words.to_vec())),
        json!(all.lower.as_ref().map(|words| words.to_vec())),
        json!(*all.list),
        json!(all.inner.as_ref().map(|inner| &inner.name)),
        json!(all.items.as_ref().map(|items| items.len())),
    ];
    Json(
        values
            .into_iter()
            .find(|value| !value.is_null())
            .unwrap_or_default(),
    )
}

pub(crate) fn family() -> Family<()> {
    Family::at("/", "test", "Fields").view("all/", View::new().post(echo, "Echo"))
}

fn check_field(name: &str, good: &[(&str, &str)], bad: &[(&str, &[&str])]) {
    let ask = |value: &str| Ask::ada("POST", "/all/").json(format!("{{\"{name}\":{value}}}"));
    check(
        family,
        good.iter()
            .map(|(value, read)| (ask(value), format!("200 {read}"))),
    );
    check(
        family,
        bad.iter()
            .map(|(value, texts)| (ask(value), format!("400 {}", json!({ (name): texts })))),
    );
}

const NULL: &str = "This field may not be null.";
const BLANK: &str = "This field may not be blank.";
const NOT_TEXT: &str = "Not a valid string.";
const NULLS: &str = "Null characters are not allowed.";

#[test]
fn texts() {
    let long = "Ensure this field has no more than 5 characters.";
    check_field(
        "text",
        &[
            (r#"" a\u001f\u00a0""#, r#""a""#),
            ("\"\u{200b}\"", "\"\u{200b}\""),
            (r#""ééééé""#, r#""ééééé""#),
            (r#""\ud83d\ude00""#, r#""😀""#),
            ("5", r#""5""#),
            ("-5", r#""-5""#),
            ("1.5", r#""1.5""#),
            ("1.0", r#""1.0""#),
            ("1e16", r#""1e+16""#),
            ("1e999", r#""inf""#),
        ],
        &[
            ("null", &[NULL]),
            (r#""""#, &[BLANK]),
            (r#"" \n ""#, &[BLANK]),
            ("true", &[NOT_TEXT]),
            ("[]", &[NOT_TEXT]),
            ("{}", &[NOT_TEXT]),
            (r#""123456""#, &[long]),
            ("123456789012345678901234567890", &[long]),
            (r#""a\u0000""#, &[NULLS]),
            (r#""12345\u0000""#, &[long, NULLS]),
        ],
    );
}

#[test]
fn texts_that_may_be_blank_or_are_taken_as_sent() {
    check_field("blankable", &[(r#""  ""#, r#""""#)], &[("null", &[NULL])]);
    check_field(
        "verbatim",
        &[(r#"" a ""#, r#"" a ""#), (r#"" ""#, r#"" ""#)],
        &[(r#""""#, &[BLANK])],
    );
}

#[test]
fn flags() {
    let bad: &[&str] = &["Must be a valid boolean."];
    check_field(
        "flag",
        &[
            ("true", "true"),
            ("0", "false"),
            ("1.0", "true"),
            (r#""YES""#, "true"),
            (r#""f""#, "false"),
            (r#""Off""#, "false"),
        ],
        &[
            ("null", &[NULL]),
            (r#""""#, bad),
            (r#""null""#, bad),
            (r#"" true""#, bad),
            ("2", bad),
            ("[]", bad),
        ],
    );
}

#[test]
fn choices() {
    for name in ["order", "choice"] {
        check_field(
            name,
            &[(r#""asc""#, r#""Asc""#), (r#""desc""#, r#""Desc""#)],
            &[
                ("null", &[NULL]),
                (r#""up""#, &["\"up\" is not a valid choice."]),
                (r#""Asc""#, &["\"Asc\" is not a valid choice."]),
                (r#"" asc""#, &["\" asc\" is not a valid choice."]),
                (r#""""#, &["\"\" is not a valid choice."]),
            ],
        );
    }
    check_field(
        "choice",
        &[],
        &[
            ("5", &["\"5\" is not a valid choice."]),
            ("true", &["\"True\" is not a valid choice."]),
        ],
    );
}

#[test]
fn integers() {
    let bad: &[&str] = &["A valid integer is required."];
    let big: &[&str] = &["Ensure this value is less than or equal to 100."];
    let small: &[&str] = &["Ensure this value is greater than or equal to -5."];
    check_field(
        "integer",
        &[
            ("7", "7"),
            ("-5", "-5"),
            (r#"" 7 ""#, "7"),
            (r#""1.0""#, "1"),
            ("1.0", "1"),
            (r#""+1_0""#, "10"),
        ],
        &[
            ("null", &[NULL]),
            ("true", bad),
            ("1.5", bad),
            (r#""x""#, bad),
            (r#""""#, bad),
            ("[]", bad),
            ("101", big),
            ("1000000000000000000000000000000", big),
            ("-6", small),
            ("-1000000000000000000000000000000", small),
        ],
    );
    check_field(
        "number",
        &[
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"),
        ],
        &[],
    );
}

#[test]
fn slugs_and_addresses() {
    let slug = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
    let long = "Ensure this field has no more than 9 characters.";
    check_field(
        "slug",
        &[(r#"" a-B_9 ""#, r#""a-B_9""#), ("12", r#""12""#)],
        &[
            (r#""a b""#, &[slug]),
            (r#""é""#, &[slug]),
            (r#""""#, &[BLANK]),
            (r#""a.bcdefghi""#, &[long, slug]),
        ],
    );
    let email: &[&str] = &["Enter a valid email address."];
    check_field(
        "email",
        &[
            (r#""a.b+c@example.com""#, r#""a.b+c@example.com""#),
            (r#""a@localhost""#, r#""a@localhost""#),
            (r#""a@[127.0.0.1]""#, r#""a@[127.0.0.1]""#),
            (r#""a@b.xn--p1ai""#, r#""a@b.xn--p1ai""#),
            (r#""\"q\"@b.com""#, r#""\"q\"@b.com""#),
            (r#""a@bücher.de""#, r#""a@bücher.de""#),
        ],
        &[
            (r#""a""#, email),
            (r#""a@b""#, email),
            (r#""a@b.c""#, email),
            (r#""a@x.123""#, email),
            (r#""a@127.0.0.1""#, email),
            (r#""a@x_y.com""#, email),
            (r#"".a@b.com""#, email),
            (r#""a..b@c.com""#, email),
            (r#""é@b.com""#, email),
            (r#""a@-b.com""#, email),
        ],
    );
    let url: &[&str] = &["Enter a valid URL."];
    check_field(
        "url",
        &[
            (
                r#""https://a.example.com:8080/x?y#z""#,
                r#""https://a.example.com:8080/x?y#z""#,
            ),
            (r#""http://localhost""#, r#""http://localhost""#),
            (r#""http://10.0.0.1/""#, r#""http://10.0.0.1/""#),
            (r#""http://[::1]:80/""#, r#""http://[::1]:80/""#),
        ],
        &[
            (r#""a.com""#, url),
            (r#""javascript:alert(1)""#, url),
            (r#""http://""#, url),
            (r#""http://a b.com""#, url),
            (r#""http://a.com:123456""#, url),
        ],
    );
}

#[test]
fn uuids_and_times() {
    let uuid = r#""0190f5fe-7c3a-7d1e-8b5a-1234567890ab""#;
    let bad: &[&str] = &["Must be a valid UUID."];
    check_field(
        "uuid",
        &[
            (uuid, uuid),
            (r#""0190F5FE7C3A7D1E8B5A1234567890AB""#, uuid),
            (r#""{0190f5fe-7c3a-7d1e-8b5a-1234567890ab}""#, uuid),
            (r#""urn:uuid:0190f5fe-7c3a-7d1e-8b5a-1234567890ab""#, uuid),
        ],
        &[
            (r#""x""#, bad),
            (r#""""#, bad),
            ("[]", bad),
            ("null", &[NULL]),
        ],
    );
    let time: &[&str] = &[
        "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].",
    ];
    check_field(
        "time",
        &[
            (r#""2026-01-02T03:04:05Z""#, r#""2026-01-02T03:04:05Z""#),
            (r#""2026-01-02 03:04""#, r#""2026-01-02T03:04:00Z""#),
            (r#""2026-01-02""#, r#""2026-01-02T00:00:00Z""#),
            (
                r#""2026-01-02T03:04:05.5+01:00""#,
                r#""2026-01-02T02:04:05.500000Z""#,
            ),
            (
                r#""2026-01-02T03:04:05.000000Z""#,
                r#""2026-01-02T03:04:05Z""#,
            ),
            (r#""2026-01-02T03:04-02:30""#, r#""2026-01-02T05:34:00Z""#),
        ],
        &[
            (r#""yesterday""#, time),
            (r#""2026-13-01""#, time),
            ("5", time),
            (r#""""#, time),
            ("null", &[NULL]),
        ],
    );
}

#[test]
fn words() {
    check_field(
        "words",
        &[
            (r#""a, b,,A,a ""#, r#"["a","b","A"]"#),
            (r#"",""#, "[]"),
            (r#""a\u0000""#, r#"["a\u0000"]"#),
        ],
        &[
            (r#""""#, &[BLANK]),
            (r#"" ""#, &[BLANK]),
            ("[]", &[NOT_TEXT]),
        ],
    );
    check_field("lower", &[(r#""A,a,É""#, r#"["a","é"]"#)], &[]);
}
