//! `microsites/`.

use serde_json::json;

use super::world::{answered, caller, each, path, refused};

#[tokio::test]
async fn a_microsite_is_made_read_changed_and_removed() {
    each(async |world| {
        answered(
            world,
            &[
                (
                    r#"POST microsites/ {"subdomain":"new.example.org","key":" new ","values":{"B":1,"A":{"z":1.0,"a":null}}}"#,
                    r#"201 {"id":4,"values":{"B":1,"A":{"z":1.0,"a":null}},"key":"new","subdomain":"new.example.org","organizations":[]}"#,
                ),
                (
                    "GET microsites/4/",
                    r#"200 {"id":4,"values":{"B":1,"A":{"z":1.0,"a":null}},"key":"new","subdomain":"new.example.org","organizations":[]}"#,
                ),
                (
                    r#"PATCH microsites/new/ {"values":{"C":1}}"#,
                    r#"200 {"id":4,"values":{"C":1},"key":"new","subdomain":"new.example.org","organizations":[]}"#,
                ),
                (
                    r#"PUT microsites/new/ {"values":"anything","key":"renamed","subdomain":"new.example.org"}"#,
                    r#"200 {"id":4,"values":"anything","key":"renamed","subdomain":"new.example.org","organizations":[]}"#,
                ),
                (
                    r#"PATCH microsites/4/ {"organizations":[2,1,2]}"#,
                    r#"200 {"id":4,"values":"anything","key":"renamed","subdomain":"new.example.org","organizations":[1,2]}"#,
                ),
                // Saving follows the values, which name nobody.
                (
                    "PATCH microsites/4/ {}",
                    r#"200 {"id":4,"values":"anything","key":"renamed","subdomain":"new.example.org","organizations":[]}"#,
                ),
                ("DELETE microsites/renamed/", "204"),
                ("GET microsites/4/", r#"404 {"detail":"No Microsite matches the given query."}"#),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn the_list_is_bare_and_in_the_order_of_keys() {
    each(async |world| {
        answered(
            world,
            &[(
                "GET microsites/",
                r#"200 [{"id":1,"values":{"course_org_filter":"blue","B":1,"A":2},"key":"mini","subdomain":"mini.example.org","organizations":[2]},{"id":2,"values":[1,"two"],"key":"pair","subdomain":"pair.example.org","organizations":[]},{"id":3,"values":"text","key":"pair","subdomain":"pair.example.org","organizations":[]}]"#,
            )],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn values_are_anything_but_null() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        let many = json!(["", "text", 0, 1.5, true, false, [], [null], {}, {"a": {"b": []}}]);
        for values in many.as_array().unwrap() {
            let body = json!({"values": values, "key": "k", "subdomain": "s"});
            let made = client.post(&path("microsites/"), &body).await;
            assert_eq!((made.status, &made.json()["values"]), (201, values));
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_microsite_is_refused() {
    let required = r#"["This field is required."]"#;
    let missing = format!(r#"400 {{"values":{required},"key":{required},"subdomain":{required}}}"#);
    let long = format!(
        r#"PATCH microsites/1/ {{"key":"{}","subdomain":"{}"}}"#,
        "k".repeat(64),
        "s".repeat(128)
    );
    refused(&[
        ("POST microsites/ {}", &missing),
        ("PUT microsites/mini/ {}", &missing),
        (
            &long,
            r#"400 {"key":["Ensure this field has no more than 63 characters."],"subdomain":["Ensure this field has no more than 127 characters."]}"#,
        ),
        (
            r#"PATCH microsites/1/ {"values":null,"key":null,"subdomain":null,"organizations":null}"#,
            r#"400 {"values":["This field may not be null."],"key":["This field may not be null."],"subdomain":["This field may not be null."],"organizations":["This field may not be null."]}"#,
        ),
        (
            r#"PATCH microsites/1/ {"key":"","subdomain":"a\u0000"}"#,
            r#"400 {"key":["This field may not be blank."],"subdomain":["Null characters are not allowed."]}"#,
        ),
        (
            r#"PATCH microsites/1/ {"values":{"course_org_filter":{}},"organizations":[999]}"#,
            r#"400 {"values":["course_org_filter must be a string or a list of strings."],"organizations":["Invalid pk \"999\" - object does not exist."]}"#,
        ),
    ])
    .await;
}
