//! `configs/`: what is kept, and what is refused.

use serde_json::json;

use super::world::{answered, caller, each, path, refused};

/// A body that is accepted, but for what a case changes.
const WHOLE: &str =
    r#"{"lms_configs":{},"studio_configs":{},"theming_configs":{},"meta":{},"external_key":"k"}"#;

#[tokio::test]
async fn a_configuration_is_made_read_changed_and_removed() {
    each(async |world| {
        answered(
            world,
            &[
                (
                    r#"POST configs/ {"meta":{"z":1,"a":[]},"external_key":"  new one ","theming_configs":{},"studio_configs":{"s":null},"lms_configs":{"B":1.5,"A":{"d":1,"c":2}}}"#,
                    r#"201 {"id":6,"lms_configs":{"B":1.5,"A":{"d":1,"c":2}},"studio_configs":{"s":null},"theming_configs":{},"meta":{"z":1,"a":[]},"external_key":"new one","organizations":[]}"#,
                ),
                (
                    "GET configs/6/",
                    r#"200 {"id":6,"lms_configs":{"B":1.5,"A":{"d":1,"c":2}},"studio_configs":{"s":null},"theming_configs":{},"meta":{"z":1,"a":[]},"external_key":"new one","organizations":[]}"#,
                ),
                (
                    "GET configs/new%20one/",
                    r#"200 {"id":6,"lms_configs":{"B":1.5,"A":{"d":1,"c":2}},"studio_configs":{"s":null},"theming_configs":{},"meta":{"z":1,"a":[]},"external_key":"new one","organizations":[]}"#,
                ),
                // A column is replaced whole, not merged.
                (
                    r#"PATCH configs/6/ {"lms_configs":{"A":{"c":3}},"unknown":[1]}"#,
                    r#"200 {"id":6,"lms_configs":{"A":{"c":3}},"studio_configs":{"s":null},"theming_configs":{},"meta":{"z":1,"a":[]},"external_key":"new one","organizations":[]}"#,
                ),
                (
                    "PATCH configs/6/ {}",
                    r#"200 {"id":6,"lms_configs":{"A":{"c":3}},"studio_configs":{"s":null},"theming_configs":{},"meta":{"z":1,"a":[]},"external_key":"new one","organizations":[]}"#,
                ),
                (
                    r#"PUT configs/6/ {"id":99,"lms_configs":{},"studio_configs":{},"theming_configs":{"t":true},"meta":{},"external_key":5}"#,
                    r#"200 {"id":6,"lms_configs":{},"studio_configs":{},"theming_configs":{"t":true},"meta":{},"external_key":"5","organizations":[]}"#,
                ),
                ("DELETE configs/6/", "204"),
                (
                    "GET configs/6/",
                    r#"404 {"detail":"No TenantConfig matches the given query."}"#,
                ),
                (
                    "DELETE configs/6/",
                    r#"404 {"detail":"No TenantConfig matches the given query."}"#,
                ),
            ],
        )
        .await;
        // Keys do not come back.
        let client = caller(world, "session stan").await;
        let body = serde_json::from_str(WHOLE).unwrap();
        let made = client.post(&path("configs/"), &body).await;
        assert_eq!((made.status, &made.json()["id"]), (201, &json!(7)));
    })
    .await;
}

#[tokio::test]
async fn the_list_is_bare_and_in_the_order_of_keys() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        let answer = client.get(&path("configs/?limit=1&page=2")).await.json();
        let ids: Vec<_> = answer.as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert_eq!(ids, [1, 2, 3, 4, 5]);
        let first = client.get(&path("configs/alpha/")).await;
        assert_eq!(
            first.line(),
            r#"200 {"id":1,"lms_configs":{"course_org_filter":["red"],"B":1,"A":{"z":1.0,"y":null}},"studio_configs":{},"theming_configs":{"t":1},"meta":{"m":1},"external_key":"alpha","organizations":[1]}"#
        );
        assert_eq!(answer[0], first.json());
        let head = client.send("HEAD", &path("configs/"), None, "").await;
        assert_eq!((head.status, head.text().as_str()), (200, ""));
    })
    .await;
}

#[tokio::test]
async fn a_configuration_goes_with_its_routes_and_leaves_the_rest() {
    each(async |world| {
        answered(
            world,
            &[
                ("DELETE configs/alpha/", "204"),
                ("GET routes/", r#"200 [{"id":3,"domain":"dotted.example.org","config":4}]"#),
                (
                    "GET configs/4/",
                    r#"200 {"id":4,"lms_configs":{},"studio_configs":{},"theming_configs":{},"meta":{},"external_key":"dotted.example.org","organizations":[1,2]}"#,
                ),
            ],
        )
        .await;
        assert!(world.app.tenants().config_of("alpha.example.org").is_none());
        assert_eq!(world.app.tenants().config_of("dotted.example.org"), Some(4));
    })
    .await;
}

#[tokio::test]
async fn several_may_have_one_key() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        let mut body: serde_json::Value = serde_json::from_str(WHOLE).unwrap();
        body["external_key"] = json!("alpha");
        assert_eq!(client.post(&path("configs/"), &body).await.status, 201);
        assert_eq!(client.get(&path("configs/alpha/")).await.status, 409);
        assert_eq!(client.get(&path("configs/1/")).await.status, 200);
        assert_eq!(client.get(&path("configs/6/")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn each_column_is_required_and_an_object() {
    let required = r#"["This field is required."]"#;
    let missing = format!(
        r#"400 {{"lms_configs":{required},"studio_configs":{required},"theming_configs":{required},"meta":{required},"external_key":{required}}}"#
    );
    let mut cases = vec![
        ("POST configs/ {}".to_owned(), missing.clone()),
        ("POST configs/".to_owned(), missing.clone()),
        ("PUT configs/1/ {}".to_owned(), missing),
        (
            r#"PUT configs/1/ {"lms_configs":{},"studio_configs":{},"theming_configs":{},"external_key":"k"}"#.to_owned(),
            format!(r#"400 {{"meta":{required}}}"#),
        ),
        (
            r#"POST configs/ {"lms_configs":5,"studio_configs":null,"theming_configs":{},"meta":[],"external_key":""}"#.to_owned(),
            r#"400 {"lms_configs":["lms_configs must be a dictionary."],"studio_configs":["This field may not be null."],"meta":["meta must be a dictionary."],"external_key":["This field may not be blank."]}"#.to_owned(),
        ),
    ];
    for column in ["lms_configs", "studio_configs", "theming_configs", "meta"] {
        for value in ["5", "1.5", "true", "[]", "[{}]", "\"\"", "\"{}\""] {
            cases.push((
                format!(r#"PATCH configs/1/ {{"{column}":{value}}}"#),
                format!(r#"400 {{"{column}":["{column} must be a dictionary."]}}"#),
            ));
        }
        cases.push((
            format!(r#"PATCH configs/1/ {{"{column}":null}}"#),
            format!(r#"400 {{"{column}":["This field may not be null."]}}"#),
        ));
    }
    let cases: Vec<(&str, &str)> = cases.iter().map(|(a, b)| (&**a, &**b)).collect();
    refused(&cases).await;
}

#[tokio::test]
async fn the_key_is_a_text_of_63_characters_at_most() {
    let long = format!(
        r#"PATCH configs/1/ {{"external_key":"{}"}}"#,
        "ü".repeat(64)
    );
    refused(&[
        (
            &long,
            r#"400 {"external_key":["Ensure this field has no more than 63 characters."]}"#,
        ),
        (
            r#"PATCH configs/1/ {"external_key":"a\u0000b"}"#,
            r#"400 {"external_key":["Null characters are not allowed."]}"#,
        ),
        (
            r#"PATCH configs/1/ {"external_key":" \t"}"#,
            r#"400 {"external_key":["This field may not be blank."]}"#,
        ),
        (
            r#"PATCH configs/1/ {"external_key":null}"#,
            r#"400 {"external_key":["This field may not be null."]}"#,
        ),
        (
            r#"PATCH configs/1/ {"external_key":true}"#,
            r#"400 {"external_key":["Not a valid string."]}"#,
        ),
        (
            r#"PATCH configs/1/ {"external_key":["a"]}"#,
            r#"400 {"external_key":["Not a valid string."]}"#,
        ),
    ])
    .await;
    each(async |world| {
        let client = caller(world, "session stan").await;
        let body = json!({"external_key": "ü".repeat(63)});
        let answer = client.json("PATCH", &path("configs/1/"), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    })
    .await;
}

#[tokio::test]
async fn a_body_is_an_object() {
    let none = r#"400 {"non_field_errors":["No data provided"]}"#;
    let list = r#"400 {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#;
    let text = r#"400 {"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}"#;
    let mut cases = Vec::new();
    for target in [
        "POST configs/",
        "PATCH configs/1/",
        "POST routes/",
        "PUT microsites/1/",
    ] {
        for (body, expected) in [("null", none), ("[]", list), ("\"a\"", text)] {
            cases.push((format!("{target} {body}"), expected));
        }
    }
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(asked, line)| (&**asked, *line))
        .collect();
    refused(&cases).await;
}
