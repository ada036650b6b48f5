//! `logs`: one row for each attempt by somebody who may.

use serde_json::{Value, json};

use super::world::{asked, each, made, path, staff};

#[tokio::test]
async fn every_attempt_leaves_one_row_whatever_came_of_it() {
    each(async |world| {
        let client = staff(world).await;
        made(&client, "talent1").await;
        client.post(&path("create"), &asked("talent1")).await;
        client
            .post(&path("create"), &json!({"tenant_name": "A", "secret": 1}))
            .await;
        client
            .post(&path("create"), &json!({"tenant_name": 5}))
            .await;
        client
            .send("POST", &path("create"), Some("application/json"), "{")
            .await;
        client.delete(&path("delete/nobody")).await;
        client.delete(&path("delete/talent1?dry_run=true")).await;
        client.delete(&path("delete/talent1")).await;
        let endless = "x".repeat(300);
        client.delete(&path(&format!("delete/{endless}"))).await;
        // Nobody of these may, or means it.
        world.nobody().post(&path("create"), &asked("x")).await;
        let learner = world.session_of(3).await;
        learner.post(&path("create"), &asked("x")).await;
        client.put(&path("create"), &asked("x")).await;

        let log = client.get(&path("logs?limit=100")).await.json();
        let rows = log["results"].as_array().unwrap();
        let row = |row: &Value| {
            let text = |field: &str| row[field].as_str().unwrap_or("-").to_owned();
            let (action, status, name) = (text("action"), text("status"), text("tenant_name"));
            let name: String = name.chars().take(8).collect();
            format!(
                "{action} {status} {} {name} {}",
                row["response_status"], row["tenant_id"]
            )
        };
        let found: Vec<String> = rows.iter().rev().map(row).collect();
        assert_eq!(
            found,
            [
                "create success 201 talent1 1",
                "create failed 409 talent1 null",
                "create failed 400 A null",
                "create failed 400  null",
                "create failed 400  null",
                "delete failed 404 nobody null",
                "delete success 200 talent1 1",
                "delete failed 404 xxxxxxxx null",
            ]
        );
        let first = &rows[rows.len() - 1];
        assert_eq!(first["request_data"], asked("talent1"));
        assert_eq!(first["performed_by"], "stan");
        assert_eq!(first["error_message"], "");
        assert_eq!(first["created_at"], "2026-04-10T01:20:57Z");
        assert_eq!(first["ip_address"], json!(null));
        let second = &rows[rows.len() - 2];
        assert_eq!(second["error_message"], "Tenant 'talent1' already exists.");
        let third = &rows[rows.len() - 3];
        assert_eq!(third["request_data"], json!({"tenant_name": "A"}));
        assert_eq!(rows[0]["tenant_name"].as_str().unwrap().len(), 255);
        assert_eq!(rows[1]["request_data"], json!({}));
    })
    .await;
}

#[tokio::test]
async fn the_log_is_paged_and_filtered() {
    each(async |world| {
        let client = staff(world).await;
        for number in 0..3 {
            made(&client, &format!("t{number}")).await;
        }
        client.delete(&path("delete/t0")).await;
        client.delete(&path("delete/t0")).await;
        let root = world.session_of(1).await;
        root.delete(&path("delete/t1")).await;
        for (query, count) in [
            ("", 6),
            ("tenant_name=t0", 3),
            ("tenant_name=t", 0),
            ("action=delete", 3),
            ("status=failed", 1),
            ("performed_by=root", 1),
            ("action=delete&status=success&performed_by=stan", 1),
            ("since=2026-04-10T01:20:57Z", 6),
            ("since=2026-04-10T01:20:58Z", 0),
            ("until=2026-04-10T01:20:57Z", 0),
            ("until=2026-04-11", 6),
        ] {
            let answer = client.get(&path(&format!("logs?{query}"))).await.json();
            assert_eq!(answer["count"], count, "{query}");
        }
        let page = client.get(&path("logs?limit=2&offset=2")).await.json();
        assert_eq!(page["results"].as_array().unwrap().len(), 2);
        let next = "http://testserver/api/tenant/v1/logs?limit=2&offset=4";
        assert_eq!(page["next"], next);
        assert_eq!(
            page["previous"],
            "http://testserver/api/tenant/v1/logs?limit=2"
        );
        for query in [
            "action=rename",
            "status=maybe",
            "since=yesterday",
            "until=x",
        ] {
            let answer = client.get(&path(&format!("logs?{query}"))).await;
            assert_eq!(answer.status, 400, "{query}");
            assert_eq!(answer.json()["code"], "invalid_request", "{query}");
        }
    })
    .await;
}
