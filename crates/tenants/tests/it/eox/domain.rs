//! `configs/update-by-domain/`.

use super::world::{answered, each, refused};

#[tokio::test]
async fn a_configuration_is_changed_by_its_host() {
    each(async |world| {
        let alpha = r#""studio_configs":{},"theming_configs":{"t":1},"#;
        let changed = format!(
            r#"200 {{"id":1,"lms_configs":{{"course_org_filter":["red"],"B":1,"A":{{"z":1.0,"y":null}}}},{alpha}"meta":{{"by":"host"}},"external_key":"renamed","organizations":[1]}}"#
        );
        answered(
            world,
            &[
                (
                    r#"PATCH configs/update-by-domain/?domain=www.alpha.example.org {"meta":{"by":"host"},"external_key":"renamed"}"#,
                    &changed,
                ),
                ("PATCH configs/update-by-domain/?domain=alpha.example.org {}", &changed),
                ("PATCH configs/update-by-domain/?domain=x&domain=alpha.example.org", &changed),
                ("GET configs/1/", &changed),
            ],
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn the_host_is_asked_for_before_the_body_and_compared_exactly() {
    let missing = r#"400 {"error":"The 'domain' query parameter is required."}"#;
    refused(&[
        ("PATCH configs/update-by-domain/ {}", missing),
        ("PATCH configs/update-by-domain/?domain= {}", missing),
        ("PATCH configs/update-by-domain/?Domain=alpha.example.org {}", missing),
        (
            "PATCH configs/update-by-domain/?domain=none.com nonsense",
            r#"404 {"error":"No TenantConfig found for domain 'none.com'."}"#,
        ),
        (
            "PATCH configs/update-by-domain/?domain=alpha.example.org:8000 {}",
            r#"404 {"error":"No TenantConfig found for domain 'alpha.example.org:8000'."}"#,
        ),
        (
            "PATCH configs/update-by-domain/?domain=Alpha.example.org {}",
            r#"404 {"error":"No TenantConfig found for domain 'Alpha.example.org'."}"#,
        ),
        (
            "PATCH configs/update-by-domain/?domain=a%00%22%0A {}",
            r#"404 {"error":"No TenantConfig found for domain 'a\u0000\"\n'."}"#,
        ),
        (
            r#"PATCH configs/update-by-domain/?domain=alpha.example.org {"meta":5,"external_key":null,"organizations":[999]}"#,
            r#"400 {"meta":["meta must be a dictionary."],"external_key":["This field may not be null."],"organizations":["Invalid pk \"999\" - object does not exist."]}"#,
        ),
        (
            "PATCH configs/update-by-domain/?domain=alpha.example.org []",
            r#"400 {"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
        (
            "GET configs/update-by-domain/?domain=alpha.example.org",
            r#"405 {"detail":"Method \"GET\" not allowed."}"#,
        ),
        (
            "DELETE configs/update-by-domain/",
            r#"405 {"detail":"Method \"DELETE\" not allowed."}"#,
        ),
    ])
    .await;
}
