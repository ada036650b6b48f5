//! Paths, forms, media types and headers.

use serde_json::json;

use super::world::{caller, each, path, refused};

#[tokio::test]
async fn everybody_may_know_the_version_and_where_the_collections_are() {
    each(async |world| {
        for how in ["anonymous", "session lea", "session stan"] {
            let client = caller(world, how).await;
            let info = client.get("/eox-tenant/eox-info").await;
            assert_eq!(info.status, 200);
            let info = info.json();
            assert_eq!(
                (&info["version"], &info["name"]),
                (&json!("14.3.0"), &json!("eox-tenant"))
            );
            assert!(info["git"].is_string());
            let base = client.get(&path("")).await;
            assert_eq!(
                base.line(),
                "200 {\"microsites\":\"http://testserver/eox-tenant/api/v1/microsites/\",\
                 \"configs\":\"http://testserver/eox-tenant/api/v1/configs/\",\
                 \"routes\":\"http://testserver/eox-tenant/api/v1/routes/\"}",
                "{how}"
            );
        }
        let wrong = caller(world, "Basic ???").await;
        assert_eq!(wrong.get("/eox-tenant/eox-info").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn each_view_says_what_it_allows() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        for (target, expected) in [
            ("", "GET, HEAD, OPTIONS"),
            ("configs/", "GET, POST, HEAD, OPTIONS"),
            ("configs/1/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("configs/update-by-domain/", "PATCH, OPTIONS"),
            ("routes/", "GET, POST, HEAD, OPTIONS"),
            ("routes/1/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("microsites/", "GET, POST, HEAD, OPTIONS"),
            ("microsites/mini/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ] {
            for method in ["GET", "TRACE"] {
                let answer = client.send(method, &path(target), None, "").await;
                assert_eq!(
                    answer.header("allow").as_deref(),
                    Some(expected),
                    "{method} {target}"
                );
                let refused = answer.status == 405;
                assert_eq!(
                    refused,
                    method == "TRACE" || target.contains("domain"),
                    "{target}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_suffix_json_is_another_address_of_the_same() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        for (with, without) in [
            ("configs.json", "configs/"),
            ("configs.json/", "configs/"),
            ("configs/1.json", "configs/1/"),
            ("configs/1.json/", "configs/1/"),
            ("configs/alpha.json", "configs/alpha/"),
            ("routes.json", "routes/"),
            ("routes/2.json", "routes/2/"),
            ("microsites.json", "microsites/"),
            ("microsites/mini.json", "microsites/mini/"),
        ] {
            let (with, without) = (path(with), path(without));
            let expected = client.get(&without).await;
            assert_eq!(expected.status, 200, "{without}");
            assert_eq!(client.get(&with).await.line(), expected.line(), "{with}");
        }
        let changed = client
            .json("PATCH", &path("configs/1.json"), &json!({"meta": {}}))
            .await;
        assert_eq!((changed.status, &changed.json()["meta"]), (200, &json!({})));
        let target = path("configs/update-by-domain.json?domain=alpha.example.org");
        assert_eq!(client.json("PATCH", &target, &json!({})).await.status, 200);
        let anonymous = caller(world, "anonymous").await;
        assert_eq!(anonymous.get(&path("configs.json")).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn a_missing_slash_a_dot_and_another_form_are_not_found() {
    let none = r#"404 {"detail":"Not found."}"#;
    refused(&[
        ("GET configs", none),
        ("POST configs {}", none),
        ("GET configs/1", none),
        ("DELETE configs/1", none),
        ("GET configs.xml", none),
        ("GET configs/1.xml", none),
        ("GET configs/1.xml/", none),
        ("GET configs/?format=xml", none),
        ("GET configs/dotted.example.org/", none),
        ("DELETE configs/dotted.example.org/", none),
        ("GET routes/alpha.example.org/", none),
        ("GET routes/1.xml/", none),
        ("GET microsites/a.b/", none),
        ("GET configs//", none),
        ("GET configs/1/2/", none),
        ("GET nothing/", none),
        ("GET .json", none),
    ])
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_named_by_its_model() {
    let config = r#"404 {"detail":"No TenantConfig matches the given query."}"#;
    let route = r#"404 {"detail":"No Route matches the given query."}"#;
    let microsite = r#"404 {"detail":"No Microsite matches the given query."}"#;
    let mut cases = Vec::new();
    for (key, expected) in [
        ("configs/999/", config),
        ("configs/nobody/", config),
        ("configs/Alpha/", config),
        ("configs/-1/", config),
        // An external key that is all digits cannot be said.
        ("configs/12345/", config),
        ("configs/99999999999999999999/", config),
        ("configs/a%00b/", config),
        ("routes/999/", route),
        ("routes/-1/", route),
        ("routes/99999999999999999999/", route),
        ("routes/alpha/", r#"404 {"detail":"Not found."}"#),
        ("microsites/999/", microsite),
        ("microsites/nobody/", microsite),
    ] {
        for method in ["GET", "DELETE"] {
            cases.push((format!("{method} {key}"), expected));
        }
        for method in ["PUT", "PATCH"] {
            // Before the body is looked at.
            cases.push((format!("{method} {key} nonsense"), expected));
        }
    }
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(asked, line)| (&**asked, *line))
        .collect();
    refused(&cases).await;
}

#[tokio::test]
async fn a_key_that_two_rows_have_is_a_conflict() {
    let config = r#"409 {"detail":"More than one TenantConfig matches the given query."}"#;
    let microsite = r#"409 {"detail":"More than one Microsite matches the given query."}"#;
    refused(&[
        ("GET configs/twice/", config),
        ("PUT configs/twice/ {}", config),
        ("PATCH configs/twice/ {}", config),
        ("DELETE configs/twice/", config),
        ("GET microsites/pair/", microsite),
        ("PUT microsites/pair/ {}", microsite),
        ("PATCH microsites/pair/ {}", microsite),
        ("DELETE microsites/pair/", microsite),
    ])
    .await;
}

#[tokio::test]
async fn bodies_are_json() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        for (method, target) in [
            ("POST", "configs/"),
            ("PUT", "configs/1/"),
            ("PATCH", "configs/1/"),
            ("PATCH", "configs/update-by-domain/?domain=alpha.example.org"),
            ("POST", "routes/"),
            ("PATCH", "routes/1/"),
            ("POST", "microsites/"),
            ("PATCH", "microsites/1/"),
        ] {
            for kind in [
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
            ] {
                let answer = client.send(method, &path(target), Some(kind), "a=b").await;
                let text = format!("Unsupported media type \"{kind}\" in request.");
                let expected = (415, json!({"detail": text}));
                assert_eq!((answer.status, answer.json()), expected, "{method} {target}");
            }
            let answer = client
                .send(method, &path(target), Some("application/json"), "{")
                .await;
            let text = "JSON parse error - Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
            assert_eq!((answer.status, answer.json()), (400, json!({"detail": text})));
        }
    })
    .await;
}
