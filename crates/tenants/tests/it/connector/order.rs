//! Each change is pushed as it was made, in the order in which they were made.

use serde_json::{Value, json};

use super::fake::Fault;
use super::world::{Running, config, each, settings, until};

#[tokio::test]
async fn changes_are_pushed_one_by_one_in_the_order_of_the_log() {
    each(async |pair| {
        let first = pair.config("first").await;
        pair.push().await;
        pair.lms.asked();
        let second = pair.config("second").await;
        let route = pair.route("a.example.com", second).await;
        let target = format!("configs/{second}/");
        pair.ask("PUT", &target, &config("renamed", json!({"NAME": "B"})))
            .await;
        pair.ask(
            "PUT",
            &format!("routes/{route}/"),
            &json!({"domain": "a.example.com", "config": first}),
        )
        .await;
        let site =
            json!({"key": "site", "subdomain": "s.example.com", "values": ["any", {"json": null}]});
        let site = pair.made("microsites/", &site).await;
        pair.ask(
            "PATCH",
            &format!("microsites/{site}/"),
            &json!({"values": "text"}),
        )
        .await;
        pair.ask("DELETE", &target, &json!(null)).await;
        pair.push().await;
        assert_eq!(
            pair.lms.asked(),
            [
                "POST configs 2 second",
                "POST routes 3 a.example.com",
                "PUT configs 2 renamed",
                "PUT routes 3 a.example.com",
                "POST microsites 4 site",
                "PUT microsites 4 site",
                "DELETE configs 2",
            ]
        );
        pair.assert_same().await;
        let status = pair.status().await;
        assert_eq!((status.backlog, status.refused_count), (0, 0));
        assert_eq!(status.lms, Some(format!("{}/eox-tenant", pair.lms.url)));
    })
    .await;
}

#[tokio::test]
async fn hosts_that_are_swapped_are_swapped_there_step_by_step() {
    each(async |pair| {
        let (first, second) = (pair.config("first").await, pair.config("second").await);
        let one = pair.route("a.example.com", first).await;
        let two = pair.route("b.example.com", second).await;
        pair.push().await;
        for (route, domain, config) in [
            (one, "c.example.com", first),
            (two, "a.example.com", second),
            (one, "b.example.com", first),
        ] {
            let body = json!({"domain": domain, "config": config});
            pair.ask("PUT", &format!("routes/{route}/"), &body).await;
        }
        pair.push().await;
        pair.assert_same().await;
        assert_eq!(pair.status().await.refused_count, 0);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_tenant_goes_with_its_routes_and_comes_back_as_another_one() {
    each(async |pair| {
        let tenant = pair.config("first").await;
        pair.route("a.example.com", tenant).await;
        pair.route("b.example.com", tenant).await;
        pair.push().await;
        pair.ask("DELETE", &format!("configs/{tenant}/"), &json!(null))
            .await;
        let again = pair.config("first").await;
        pair.route("a.example.com", again).await;
        // Somebody was there before us.
        pair.lms.lose("routes", 3);
        pair.lms.asked();
        pair.push().await;
        assert_eq!(
            pair.lms.writes(),
            [
                "DELETE routes 2",
                "DELETE configs 1",
                "POST configs 4 first",
                "POST routes 5 a.example.com"
            ]
        );
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn whatever_passes_is_waited_for_and_nothing_is_passed_over() {
    let page = "<h1>Down for maintenance</h1>";
    let said = r#"{"detail":"Not found."}"#;
    let faults = [
        (500, page),
        (503, ""),
        (429, "{}"),
        (408, "{}"),
        (401, "{}"),
        (403, "{}"),
        (200, page),
        (400, page),
        (302, ""),
        // Where nothing is named, these say that this is another API, or none yet.
        (404, said),
        (405, said),
    ];
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        for (status, text) in faults {
            pair.lms.fail("POST configs", Fault::Answer(status, text));
            pair.lms.fail("PUT configs", Fault::Answer(status, text));
            pair.lms.fail("DELETE configs", Fault::Answer(status, text));
            pair.lms.asked();
            let id = pair.config("next").await;
            let target = format!("configs/{id}/");
            pair.ask("PUT", &target, &config("next", json!({}))).await;
            pair.ask("PATCH", &target, &json!({"meta": {"status": status}}))
                .await;
            // A removal of what is not there is done.
            let removes = status != 404;
            if removes {
                pair.ask("DELETE", &target, &json!(null)).await;
            }
            pair.push().await;
            let writes = pair.lms.writes();
            let verbs: Vec<_> = writes
                .iter()
                .map(|line| line.split_once(' ').unwrap().0)
                .collect();
            let status_line = format!("{status} {text}: {writes:?}");
            if removes {
                assert_eq!(verbs, ["POST", "PUT", "PUT", "DELETE"], "{status_line}");
            }
            pair.lms.forget_faults();
            pair.assert_same().await;
            let status = pair.status().await;
            assert_eq!(
                (status.refused_count, status.failures),
                (0, 0),
                "{status_line}"
            );
            assert!(status.last_error.is_some() && status.last_error_at.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn failures_are_counted_and_seen_while_they_last() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        let many = 1_000;
        for _ in 0..many {
            pair.lms.fail("POST", Fault::Answer(503, ""));
        }
        pair.config("second").await;
        let running = Running::start(&pair.world.app, "first", &settings(&pair.lms));
        until("it has failed twice", async || {
            pair.status().await.failures > 1
        })
        .await;
        let status = pair.status().await;
        assert_eq!(status.holder.as_deref(), Some("first"));
        assert_eq!(status.backlog, 1);
        assert!(status.waiting_since.is_some());
        assert_eq!(
            status.last_error.unwrap(),
            "the service cannot answer now (status 503)"
        );
        pair.lms.forget_faults();
        pair.pushed().await;
        running.stop().await;
        pair.assert_same().await;
        assert_eq!(pair.status().await.failures, 0);
    })
    .await;
}

#[tokio::test]
async fn other_changes_are_passed_over_without_a_call() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        pair.lms.asked();
        pair.world.import(include_str!("../api/people.json")).await;
        pair.config("second").await;
        pair.push().await;
        assert_eq!(pair.lms.asked(), ["POST configs 2 second"]);
        let none: Vec<Value> = Vec::new();
        assert_eq!(pair.lms.all("routes"), none);
    })
    .await;
}
