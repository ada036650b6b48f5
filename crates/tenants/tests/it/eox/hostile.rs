//! Bodies that nobody means: none of them is a failure of ours, and none leaves the log unreadable.

use provost_store::changes;
use serde_json::json;

use super::world::{caller, each, line, path};

/// JSON values, one odder than the other.
fn oddities() -> Vec<String> {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("{}{}", open.repeat(levels), close.repeat(levels))
    };
    let mut all: Vec<String> = [
        "null",
        "true",
        "0",
        "-0",
        "-1",
        "1.0",
        "1e400",
        "-1e400",
        "1e-400",
        "5e-324",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\u{202e}\"",
        "NaN",
        "Infinity",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[{}]",
        "{\"\":{}}",
        "{\"a\":1,\"a\":{}}",
        "{\"\\u0000\":\"\\u0000\"}",
        "{\"course_org_filter\":\"\\u0000\"}",
        "{\"course_org_filter\":[\"\"]}",
        "{\"course_org_filter\":{\"a\":1}}",
        "{\"tenant_name\":\"a\\u0000\",\"PLATFORM_NAME\":\"\\u0000\"}",
        "{\"PLATFORM_NAME\":{\"a\":[1]},\"THEME_NAME\":5,\"MFE_CONFIG\":[],\"EDNX_USE_SIGNAL\":1}",
        "{\"MFE_CONFIG_OVERRIDES\":{\"authn\":5},\"EDNX_USE_SIGNAL\":true,\"MFE_CONFIG\":null}",
        "[",
        "{\"a\"",
        "\"",
        "\u{feff}{}",
        "'a'",
        "{} {}",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("9".repeat(5_000));
    all.push(format!("\"{}\"", "x".repeat(200_000)));
    all.push(format!("[{}0]", "0,".repeat(20_000)));
    for levels in [99, 100, 101, 126, 127, 128, 10_000] {
        all.push(deep("[", "]", levels));
        all.push(format!("{}{}", "{\"a\":".repeat(levels), "1") + &"}".repeat(levels));
    }
    all
}

#[tokio::test]
async fn no_body_is_a_failure_of_ours() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        for odd in oddities() {
            let shown: String = odd.chars().take(60).collect();
            for (method, target, members) in [
                (
                    "PATCH",
                    "configs/1/",
                    &["lms_configs", "meta", "external_key", "organizations"][..],
                ),
                ("POST", "routes/", &["domain", "config"]),
                ("PATCH", "routes/1/", &["domain", "config"]),
                (
                    "PATCH",
                    "microsites/1/",
                    &["values", "key", "subdomain", "organizations"],
                ),
                (
                    "PATCH",
                    "configs/update-by-domain/?domain=www.alpha.example.org",
                    &["theming_configs"],
                ),
            ] {
                let bodies = members
                    .iter()
                    .map(|member| format!("{{\"{member}\":{odd}}}"));
                for body in bodies.chain([odd.clone()]) {
                    let answer = client
                        .send(method, &path(target), Some("application/json"), body)
                        .await;
                    let status = answer.status;
                    assert!(
                        [200, 201, 400].contains(&status),
                        "{status} {method} {target} {shown}"
                    );
                }
            }
        }
        for collection in ["configs/", "routes/", "microsites/", "configs/1/"] {
            assert_eq!(
                client.get(&path(collection)).await.status,
                200,
                "{collection}"
            );
        }
        let log = changes::since(world.app.store().read(), 0).await.unwrap();
        assert!(log.len() > 100);
        world.app.refresh().await.unwrap();
        assert_eq!(client.delete(&path("configs/1/")).await.status, 204);
        world.export(&["eox_tenant."]).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_stored_is_nested_no_deeper_than_its_readers_go() {
    each(async |world| {
        for (levels, status) in [(100, "200"), (101, "400")] {
            let value = format!("{}{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
            for (target, column) in [("configs/1/", "meta"), ("microsites/1/", "values")] {
                let asked = format!(r#"PATCH {target} {{"{column}":{{"a":{value}}}}}"#);
                let answer = line(world, &asked).await;
                assert_eq!(&answer[..3], status, "{levels} {target}");
                let deep = answer.ends_with(r#":["This value is nested too deeply."]}"#);
                assert_eq!(deep, status == "400", "{levels} {target}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn of_equal_names_the_last_value_counts_in_the_place_of_the_first() {
    each(async |world| {
        let answer = line(
            world,
            r#"PATCH configs/2/ {"meta":5,"meta":{"b":1,"a":2,"b":3}}"#,
        )
        .await;
        assert!(answer.contains(r#""meta":{"b":3,"a":2}"#), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn a_body_has_an_end() {
    each(async |world| {
        let client = caller(world, "session stan").await;
        let body = json!({"meta": {"a": "x".repeat(3_000_000)}});
        let answer = client.json("PATCH", &path("configs/1/"), &body).await;
        assert_eq!(
            answer.line(),
            r#"413 {"detail":"Request body is too large."}"#
        );
    })
    .await;
}
