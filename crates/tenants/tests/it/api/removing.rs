//! `delete/{tenant_name}`: what goes, what stays, and who is meant.

use serde_json::{Value, json};

use super::world::{asked, each, made, path, staff};

#[tokio::test]
async fn a_tenant_goes_with_its_routes_and_the_rest_stays() {
    each(async |world| {
        let client = staff(world).await;
        let mut body = asked("talent1");
        body["org_filter"] = json!(["org1"]);
        client.post(&path("create"), &body).await;
        let answer = client
            .send("DELETE", &path("delete/talent1/"), Some("text/plain"), "ignored")
            .await;
        assert_eq!(
            answer.line(),
            r#"200 {"status":"success","tenant_id":1,"tenant_name":"talent1","message":"Tenant deleted successfully."}"#
        );
        let again = client.delete(&path("delete/talent1")).await;
        assert_eq!(
            again.line(),
            r#"404 {"status":"error","code":"tenant_not_found","message":"Tenant 'talent1' not found."}"#
        );
        let rows: Vec<Value> =
            serde_json::from_str(&world.export(&["eox_tenant.", "organizations."]).await).unwrap();
        let models: Vec<&str> = rows.iter().map(|row| row["model"].as_str().unwrap()).collect();
        assert_eq!(
            models,
            ["organizations.organization", "eox_tenant.tenantorganization"]
        );
        let mfe = world.nobody().header("host", "talent1.local.openedx.io");
        let config = mfe.get("/api/mfe_config/v1").await.json();
        assert_eq!(config["SITE_NAME"], "Your Platform Name Here");
    })
    .await;
}

#[tokio::test]
async fn a_preview_says_what_would_go_and_removes_nothing() {
    each(async |world| {
        let client = staff(world).await;
        let mut body = asked("talent1");
        body["org_filter"] = json!(["org1"]);
        client.post(&path("create"), &body).await;
        let answer = client.delete(&path("delete/talent1?dry_run=true")).await;
        let expected = json!({
            "status": "success",
            "dry_run": true,
            "tenant_id": 1,
            "tenant_name": "talent1",
            "removes": {
                "external_key": "talent1.local.openedx.io",
                "domains": ["talent1.local.openedx.io"],
                "organization_associations": ["org1"],
            },
            "restorable_days": 30,
            "message": "Nothing was deleted.",
        });
        assert_eq!((answer.status, answer.json()), (200, expected));
        let listed = client.get(&path("list")).await.json();
        assert_eq!(listed["count"], 1);
        let unknown = client.delete(&path("delete/nobody?dry_run=true")).await;
        assert_eq!(unknown.json()["code"], "tenant_not_found");
        let nonsense = client.delete(&path("delete/talent1?dry_run=perhaps")).await;
        assert_eq!(
            nonsense.json()["errors"]["dry_run"],
            json!(["Must be a valid boolean."])
        );
    })
    .await;
}

/// Tenants that were not provisioned by name: their keys and one domain.
const OLDER: &str = r#"[
  {"model": "eox_tenant.tenantconfig", "pk": 11, "fields": {"external_key": "legacy", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.tenantconfig", "pk": 12, "fields": {"external_key": "other", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.tenantconfig", "pk": 13, "fields": {"external_key": "twice", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.tenantconfig", "pk": 14, "fields": {"external_key": "twice", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.tenantconfig", "pk": 15, "fields": {"external_key": "dotted.key.org", "lms_configs": {}, "studio_configs": {}, "theming_configs": {}, "meta": {}, "organizations": []}},
  {"model": "eox_tenant.route", "pk": 21, "fields": {"domain": "routed.local.openedx.io", "config": 12}}
]"#;

#[tokio::test]
async fn a_tenant_is_meant_by_its_derived_key_then_by_its_domain_then_by_its_key() {
    each(async |world| {
        world.import(OLDER).await;
        let client = staff(world).await;
        made(&client, "talent1").await;
        for (name, expected) in [
            ("legacy", json!(11)),
            ("routed", json!(12)),
            ("dotted.key.org", json!(15)),
            ("talent1.local.openedx.io", json!(16)),
            ("Talent1", json!("tenant_not_found")),
            ("twice", json!("ambiguous_tenant")),
            ("no%20such%00name", json!("tenant_not_found")),
            ("%C3%A4%25", json!("tenant_not_found")),
        ] {
            let answer = client.delete(&path(&format!("delete/{name}"))).await;
            let body = answer.json();
            let found = body.get("tenant_id").or(body.get("code"));
            assert_eq!(found, Some(&expected), "{name}: {}", answer.line());
            if expected == json!("ambiguous_tenant") {
                assert_eq!(answer.status, 409);
            }
        }
        let left = client.get(&path("list")).await.json();
        assert_eq!(left["count"], 2);
    })
    .await;
}
