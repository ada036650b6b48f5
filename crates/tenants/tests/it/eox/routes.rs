//! `routes/`.

use serde_json::json;

use super::world::{answered, caller, each, path, refused};

#[tokio::test]
async fn a_route_is_made_read_changed_and_removed() {
    each(async |world| {
        answered(
            world,
            &[
                (
                    "GET routes/",
                    r#"200 [{"id":1,"domain":"alpha.example.org","config":1},{"id":2,"domain":"www.alpha.example.org","config":1},{"id":3,"domain":"dotted.example.org","config":4}]"#,
                ),
                (
                    r#"POST routes/ {"config":"2","domain":" not a domain! "}"#,
                    r#"201 {"id":4,"domain":"not a domain!","config":2}"#,
                ),
                ("GET routes/4/", r#"200 {"id":4,"domain":"not a domain!","config":2}"#),
                // Hosts are compared exactly.
                (
                    r#"POST routes/ {"config":2,"domain":"Alpha.example.org"}"#,
                    r#"201 {"id":5,"domain":"Alpha.example.org","config":2}"#,
                ),
                (
                    r#"PATCH routes/4/ {"config":3.9}"#,
                    r#"200 {"id":4,"domain":"not a domain!","config":3}"#,
                ),
                (
                    r#"PATCH routes/4/ {"domain":"b.example.org"}"#,
                    r#"200 {"id":4,"domain":"b.example.org","config":3}"#,
                ),
                ("PATCH routes/4/ {}", r#"200 {"id":4,"domain":"b.example.org","config":3}"#),
                (
                    r#"PUT routes/4/ {"domain":"b.example.org","config":4}"#,
                    r#"200 {"id":4,"domain":"b.example.org","config":4}"#,
                ),
                ("DELETE routes/4/", "204"),
                ("GET routes/4/", r#"404 {"detail":"No Route matches the given query."}"#),
                (
                    r#"POST routes/ {"config":2,"domain":"b.example.org"}"#,
                    r#"201 {"id":6,"domain":"b.example.org","config":2}"#,
                ),
                // What the reference's language takes for the number 1.
                ("GET routes/%201/", r#"200 {"id":1,"domain":"alpha.example.org","config":1}"#),
            ],
        )
        .await;
        let directory = world.app.tenants();
        assert_eq!(directory.config_of("b.example.org"), Some(2));
        assert_eq!(directory.config_of("not a domain!"), None);
    })
    .await;
}

#[tokio::test]
async fn a_route_leads_a_host_of_its_own_to_what_there_is() {
    let long = format!(
        r#"POST routes/ {{"domain":"{}","config":1}}"#,
        "d".repeat(101)
    );
    let required = r#"["This field is required."]"#;
    let both = format!(r#"400 {{"domain":{required},"config":{required}}}"#);
    let taken = r#""domain":["route with this domain name already exists."]"#;
    let only_taken = format!("400 {{{taken}}}");
    let taken_and_missing = format!(r#"400 {{{taken},"config":{required}}}"#);
    let taken_and_unknown =
        format!(r#"400 {{{taken},"config":["Invalid pk \"99999\" - object does not exist."]}}"#);
    refused(&[
        ("POST routes/ {}", &both),
        ("PUT routes/1/ {}", &both),
        (r#"POST routes/ {"domain":"alpha.example.org","config":2}"#, &only_taken),
        (r#"POST routes/ {"domain":" alpha.example.org","config":2}"#, &only_taken),
        (r#"POST routes/ {"domain":"alpha.example.org"}"#, &taken_and_missing),
        (r#"POST routes/ {"domain":"alpha.example.org","config":99999}"#, &taken_and_unknown),
        (r#"PATCH routes/2/ {"domain":"alpha.example.org"}"#, &only_taken),
        (r#"PUT routes/2/ {"domain":"alpha.example.org","config":1}"#, &only_taken),
        (&long, r#"400 {"domain":["Ensure this field has no more than 100 characters."]}"#),
        (
            r#"POST routes/ {"domain":"","config":1}"#,
            r#"400 {"domain":["This field may not be blank."]}"#,
        ),
        (
            r#"POST routes/ {"domain":"a\u0000","config":1}"#,
            r#"400 {"domain":["Null characters are not allowed."]}"#,
        ),
        (
            r#"POST routes/ {"domain":null,"config":null}"#,
            r#"400 {"domain":["This field may not be null."],"config":["This field may not be null."]}"#,
        ),
        (
            r#"POST routes/ {"domain":{},"config":""}"#,
            r#"400 {"domain":["Not a valid string."],"config":["This field may not be null."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":"abc"}"#,
            r#"400 {"config":["Incorrect type. Expected pk value, received str."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":true}"#,
            r#"400 {"config":["Incorrect type. Expected pk value, received bool."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":[1]}"#,
            r#"400 {"config":["Incorrect type. Expected pk value, received list."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":{"id":1}}"#,
            r#"400 {"config":["Incorrect type. Expected pk value, received dict."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":-1}"#,
            r#"400 {"config":["Invalid pk \"-1\" - object does not exist."]}"#,
        ),
        (
            r#"PATCH routes/1/ {"config":99999999999999999999}"#,
            r#"400 {"config":["Invalid pk \"99999999999999999999\" - object does not exist."]}"#,
        ),
    ])
    .await;
}

#[tokio::test]
async fn of_two_at_once_that_want_one_host_one_gets_it() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        let body = json!({"domain": "wanted.example.org", "config": 1});
        let target = path("routes/");
        let (one, other) = tokio::join!(client.post(&target, &body), client.post(&target, &body));
        let mut found = [one.status, other.status];
        found.sort_unstable();
        assert_eq!(found, [201, 400], "{} {}", one.text(), other.text());
    })
    .await;
}
