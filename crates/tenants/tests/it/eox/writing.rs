//! Writing: what happens while a body is under way, and where nothing changes.

use axum::body::Body;
use futures_util::stream;
use provost_store::changes;
use provost_testkit::World;

use super::world::{answered, caller, each, line, path};

/// How many changes of tenants the log holds.
async fn changed(world: &World) -> usize {
    let log = changes::since(world.app.store().read(), 0).await.unwrap();
    log.iter()
        .filter(|entry| entry.kind.starts_with("tenant."))
        .count()
}

/// Asks as staff for `METHOD path` with a body that comes only after `meanwhile` was answered.
async fn interrupted(world: &World, asked: &str, body: &'static str, meanwhile: &str) -> String {
    let (method, target) = asked.split_once(' ').unwrap();
    let client = caller(world, "session stan").await;
    let staff = client.clone();
    let (verb, rest) = meanwhile.split_once(' ').unwrap();
    let (below, sent) = rest.split_once(' ').unwrap();
    let (verb, below, sent) = (verb.to_owned(), path(below), sent.to_owned());
    let late = stream::once(async move {
        let answer = staff
            .send(&verb, &below, Some("application/json"), sent)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Ok::<_, std::io::Error>(body)
    });
    let kind = Some("application/json");
    let answer = client
        .send(
            method,
            &path(target),
            kind,
            Body::from_stream(Box::pin(late)),
        )
        .await;
    answer.line().trim_end().to_owned()
}

#[tokio::test]
async fn what_moved_while_the_body_came_is_respected() {
    const NOBODY: &str = r#"404 {"detail":"No TenantConfig matches the given query."}"#;
    const NO_SITE: &str = r#"404 {"detail":"No Microsite matches the given query."}"#;
    for (asked, body, meanwhile, expected) in [
        (
            "PATCH configs/update-by-domain/?domain=alpha.example.org",
            r#"{"meta":{"by":"host"}}"#,
            r#"PATCH routes/1/ {"config":2}"#,
            r#"200 {"id":2,"lms_configs":{},"studio_configs":{},"theming_configs":{},"meta":{"by":"host"},"external_key":"twice","organizations":[]}"#,
        ),
        (
            "PATCH configs/update-by-domain/?domain=alpha.example.org",
            "{}",
            r#"PATCH routes/1/ {"domain":"moved.example.org"}"#,
            r#"404 {"error":"No TenantConfig found for domain 'alpha.example.org'."}"#,
        ),
        (
            "PATCH configs/alpha/",
            r#"{"meta":{}}"#,
            r#"PATCH configs/1/ {"external_key":"renamed"}"#,
            NOBODY,
        ),
        (
            "PUT configs/alpha/",
            r#"{"lms_configs":{},"studio_configs":{},"theming_configs":{},"meta":{},"external_key":"k"}"#,
            r#"PATCH configs/1/ {"external_key":"renamed"}"#,
            NOBODY,
        ),
        (
            "PATCH microsites/mini/",
            r#"{"values":1}"#,
            r#"PATCH microsites/1/ {"key":"renamed"}"#,
            NO_SITE,
        ),
        (
            "PUT microsites/mini/",
            r#"{"values":1,"key":"k","subdomain":"s"}"#,
            r#"PATCH microsites/1/ {"key":"renamed"}"#,
            NO_SITE,
        ),
    ] {
        each(async |world| {
            let answer = interrupted(world, asked, body, meanwhile).await;
            assert_eq!(answer, expected, "{asked}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_changes_nothing_is_no_change() {
    each(async |world| {
        for asked in [
            "PATCH configs/1/ {}",
            "PATCH configs/1/ {}",
            r#"PATCH configs/1/ {"meta":{"m":1},"organizations":[1]}"#,
            "PATCH configs/update-by-domain/?domain=alpha.example.org {}",
            "PATCH routes/1/ {}",
            r#"PUT routes/1/ {"domain":"alpha.example.org","config":1}"#,
            "PATCH microsites/1/ {}",
            r#"PATCH microsites/1/ {"key":"mini"}"#,
        ] {
            let answer = line(world, asked).await;
            assert!(answer.starts_with("200 "), "{asked}: {answer}");
            assert_eq!(changed(world).await, 0, "{asked}");
        }
        let mut count = 0;
        for (asked, shown) in [
            (r#"PATCH configs/1/ {"organizations":[2]}"#, r#""organizations":[2]"#),
            ("PATCH configs/1/ {}", r#""organizations":[1]"#),
            (
                r#"PATCH configs/1/ {"lms_configs":{"A":{"y":null,"z":1.0},"B":1,"course_org_filter":["red"]}}"#,
                r#""lms_configs":{"A":{"y":null,"z":1.0},"B":1"#,
            ),
            (r#"PATCH microsites/1/ {"organizations":[]}"#, r#""organizations":[]"#),
            (r#"PATCH routes/1/ {"config":2}"#, r#""config":2"#),
        ] {
            let answer = line(world, asked).await;
            assert!(answer.contains(shown), "{asked}: {answer}");
            count += 1;
            assert_eq!(changed(world).await, count, "{asked}");
        }
        let kept = line(world, "GET configs/1/").await;
        assert!(kept.contains(r#""lms_configs":{"A":{"y":null,"z":1.0},"B":1"#), "{kept}");
    })
    .await;
}

#[tokio::test]
async fn a_tenant_goes_whatever_it_is_called() {
    let mut state = 1_u64;
    let letters = (0..8_000).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from_u32(0x4e00 + u32::try_from((state >> 33) % 20_000).unwrap()).unwrap()
    });
    let name: String = letters.collect();
    each(async |world| {
        let named = format!(r#"PATCH configs/1/ {{"meta":{{"tenant_name":"{name}"}}}}"#);
        assert!(line(world, &named).await.starts_with("200 "));
        answered(world, &[("DELETE configs/1/", "204")]).await;
    })
    .await;
}

#[tokio::test]
async fn a_filter_names_so_many_organizations_and_no_more() {
    let names: Vec<String> = (0..1_001).map(|each| format!("o{each}")).collect();
    let many = serde_json::json!(names);
    each(async |world| {
        let asked = format!(r#"PATCH configs/1/ {{"lms_configs":{{"course_org_filter":{many}}}}}"#);
        let sentence =
            r#"400 {"lms_configs":["course_org_filter must name at most 1000 organizations."]}"#;
        answered(world, &[(&asked, sentence)]).await;
        let asked = format!(r#"PATCH microsites/1/ {{"values":{{"course_org_filter":{many}}}}}"#);
        let sentence =
            r#"400 {"values":["course_org_filter must name at most 1000 organizations."]}"#;
        answered(world, &[(&asked, sentence)]).await;
    })
    .await;
}
