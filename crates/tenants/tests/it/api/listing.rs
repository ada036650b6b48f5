//! `health`, `list`, `detail/{tenant_name}`, `hosts/{tenant_name}`.

use serde_json::json;

use super::world::{asked, each, made, path, staff};

#[tokio::test]
async fn health_asks_nobody_who_they_are_and_counts_every_tenant() {
    each(async |world| {
        let client = staff(world).await;
        made(&client, "a").await;
        made(&client, "b").await;
        let wrong = world.nobody().header("authorization", "Basic ???");
        for client in [world.nobody(), wrong] {
            for target in ["health", "health/"] {
                let answer = client.get(&path(target)).await;
                assert_eq!(
                    answer.line(),
                    r#"200 {"status":"healthy","eox_tenant_installed":true,"tenant_count":2}"#
                );
            }
        }
        let head = world.nobody().send("HEAD", &path("health"), None, "").await;
        assert_eq!(head.line(), "200 ");
        let posted = world.nobody().post(&path("health"), &json!({})).await;
        assert_eq!(
            posted.line(),
            r#"405 {"detail":"Method \"POST\" not allowed."}"#
        );
        assert_eq!(
            posted.header("allow").as_deref(),
            Some("GET, HEAD, OPTIONS")
        );
    })
    .await;
}

#[tokio::test]
async fn a_list_shows_every_tenant_however_it_was_made() {
    each(async |world| {
        world.import(OLDER).await;
        let client = staff(world).await;
        let mut body = asked("talent1");
        body["org_filter"] = json!(["org1"]);
        client.post(&path("create"), &body).await;
        let answer = client.get(&path("list")).await.json();
        let expected = json!({
            "status": "success",
            "count": 3,
            "tenants": [
                {
                    "tenant_id": 11, "tenant_name": "legacy", "external_key": "legacy",
                    "platform_name": null, "theme_name": "dark", "org_filter": ["one"],
                    "domains": ["b.example.com", "a.example.com"],
                    "lms_url": null, "authn_url": null, "learner_dashboard_url": null,
                    "created_by": null, "created_at": null,
                },
                {
                    "tenant_id": 12, "tenant_name": "older", "external_key": "older.local.openedx.io",
                    "platform_name": 7, "theme_name": null, "org_filter": [], "domains": [],
                    "lms_url": null, "authn_url": null, "learner_dashboard_url": null,
                    "created_by": null, "created_at": null,
                },
                {
                    "tenant_id": 13, "tenant_name": "talent1", "external_key": "talent1.local.openedx.io",
                    "platform_name": "A platform", "theme_name": "indigo", "org_filter": ["org1"],
                    "domains": ["talent1.local.openedx.io"],
                    "lms_url": "http://talent1.local.openedx.io:8000",
                    "authn_url": "http://talent1.apps.local.openedx.io:1999/authn",
                    "learner_dashboard_url": "http://talent1.apps.local.openedx.io:1996/learner-dashboard/",
                    "created_by": "stan", "created_at": "2026-04-10T01:20:57Z",
                },
            ],
        });
        assert_eq!(answer, expected);
    })
    .await;
}

const OLDER: &str = r#"[
  {"model": "eox_tenant.tenantconfig", "pk": 11, "fields": {"external_key": "legacy", "lms_configs": {"course_org_filter": "one"}, "studio_configs": {}, "theming_configs": {"THEME_NAME": "dark"}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.tenantconfig", "pk": 12, "fields": {"external_key": "older.local.openedx.io", "lms_configs": {"PLATFORM_NAME": 7}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.route", "pk": 21, "fields": {"domain": "b.example.com", "config": 11}},
  {"model": "eox_tenant.route", "pk": 22, "fields": {"domain": "a.example.com", "config": 11}}
]"#;

#[tokio::test]
async fn a_list_is_cut_and_searched_if_asked() {
    each(async |world| {
        world.import(OLDER).await;
        let client = staff(world).await;
        made(&client, "talent1").await;
        made(&client, "talent2").await;
        for (query, count, ids) in [
            ("", 4, json!([11, 12, 13, 14])),
            ("limit=2", 4, json!([11, 12])),
            ("offset=3", 4, json!([14])),
            ("limit=1&offset=1", 4, json!([12])),
            ("offset=9", 4, json!([])),
            ("search=TALENT", 2, json!([13, 14])),
            ("search=a.example", 1, json!([11])),
            ("search=platform", 2, json!([13, 14])),
            ("search=older", 1, json!([12])),
            ("search=openedx", 2, json!([13, 14])),
            ("search=%25", 0, json!([])),
            ("search=tal_nt", 0, json!([])),
        ] {
            let answer = client.get(&path(&format!("list?{query}"))).await.json();
            let found = answer["tenants"]
                .as_array()
                .unwrap_or_else(|| panic!("{query}: {answer}"));
            let found = found.iter();
            let found: Vec<_> = found.map(|tenant| tenant["tenant_id"].clone()).collect();
            assert_eq!(
                (&answer["count"], json!(found)),
                (&json!(count), ids),
                "{query}"
            );
        }
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=x", "limit"),
            ("offset=-1", "offset"),
            ("limit=1.5", "limit"),
        ] {
            let answer = client.get(&path(&format!("list?{query}"))).await;
            assert_eq!(answer.status, 400, "{query}");
            let body = answer.json();
            assert_eq!(body["code"], "invalid_request");
            assert!(body["errors"].get(field).is_some(), "{body}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_detail_shows_what_is_stored() {
    each(async |world| {
        world.import(OLDER).await;
        let client = staff(world).await;
        made(&client, "talent1").await;
        let answer = client.get(&path("detail/talent1/")).await.json();
        assert_eq!(answer["status"], "success");
        let tenant = &answer["tenant"];
        assert_eq!(tenant["tenant_name"], "talent1");
        assert_eq!(tenant["studio_url"], "http://studio.talent1.local.openedx.io:8001");
        assert_eq!(tenant["mfe_urls"].as_object().unwrap().len(), 11);
        assert_eq!(tenant["lms_configs"]["MFE_CONFIG"]["SITE_NAME"], "A platform");
        assert_eq!(tenant["meta"]["created_by"], "stan");
        assert_eq!(tenant["hosts_entries"][2], "127.0.0.1  studio.talent1.local.openedx.io");
        let legacy = client.get(&path("detail/legacy")).await.json();
        assert_eq!(legacy["tenant"]["studio_url"], json!(null));
        assert_eq!(legacy["tenant"]["mfe_urls"], json!({}));
        assert_eq!(
            legacy["tenant"]["hosts_entries"],
            json!(["127.0.0.1  b.example.com", "127.0.0.1  a.example.com"])
        );
        let unknown = client.get(&path("detail/nobody")).await;
        assert_eq!(
            unknown.line(),
            r#"404 {"status":"error","code":"tenant_not_found","message":"Tenant 'nobody' not found."}"#
        );
    })
    .await;
}

#[tokio::test]
async fn hosts_lines_are_plain_text() {
    each(async |world| {
        let client = staff(world).await;
        made(&client, "talent1").await;
        let answer = client.get(&path("hosts/talent1")).await;
        let lines = "127.0.0.1  talent1.local.openedx.io\n127.0.0.1  talent1.apps.local.openedx.io\n127.0.0.1  studio.talent1.local.openedx.io\n";
        assert_eq!((answer.status, answer.text().as_str()), (200, lines));
        let kind = answer.header("content-type");
        assert_eq!(kind.as_deref(), Some("text/plain; charset=utf-8"));
        let unknown = client.get(&path("hosts/nobody")).await;
        assert_eq!(unknown.json()["code"], "tenant_not_found");
    })
    .await;
}
