//! Lines in and out, below the commands.

use provost_app::Author;
use provost_profiles::bulk::{Outcome, export, import};
use provost_store::Fault;
use provost_testkit::World;
use serde_json::{Value, json};

use super::world::{each, plain};

async fn take_in(world: &World, line: &[u8]) -> Outcome {
    let author = Author::program("test");
    import(&world.app, &author, line).await.unwrap().outcome
}

/// What an export writes, a line each.
async fn exported(world: &World) -> Vec<Value> {
    let mut lines = Vec::new();
    let written: Result<(), Fault> = export(&world.app, |line| {
        lines.push(line);
        Ok(())
    })
    .await;
    written.unwrap();
    lines
}

fn is_refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { .. })
}

#[tokio::test]
async fn a_line_is_json_in_utf8_with_or_without_a_mark_of_its_byte_order() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let marked = "\u{feff}{\"domain\": {\"name\": \"a.example\"}}\r";
        assert_eq!(take_in(&world, marked.as_bytes()).await, Outcome::Created);
        let latin = b"{\"reseller\": {\"name\": \"\xe9\"}}";
        for line in [
            &latin[..],
            b"",
            b"[]",
            b"{}",
            b"{\"tenant\": []}",
            b"{\"tenant\": {}, \"domain\": {}}",
            b"{\"tenant\": {\"tenantId\": \"\\u0000\"}}",
        ] {
            let outcome = take_in(&world, line).await;
            assert!(is_refused(&outcome), "{line:?}: {outcome:?}");
        }
        let kept = exported(&world).await;
        assert_eq!(kept.len(), 3, "the domains alone: {kept:?}");
    }
}

#[tokio::test]
async fn a_tenant_on_no_backend_comes_back_on_none_though_there_is_a_default() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let tenant = json!({"tenant": {"tenantId": "t", "type": "Enterprise"}}).to_string();
        take_in(&world, tenant.as_bytes()).await;
        let backend = json!({"backend": {"name": "b", "externalName": "B", "default": true}});
        take_in(&world, backend.to_string().as_bytes()).await;
        let before = exported(&world).await;
        let elsewhere = plain(&worlds).await;
        for line in &before {
            let outcome = take_in(&elsewhere, line.to_string().as_bytes()).await;
            assert!(!is_refused(&outcome), "{line}: {outcome:?}");
        }
        assert_eq!(exported(&elsewhere).await, before);
        for line in &before {
            let outcome = take_in(&elsewhere, line.to_string().as_bytes()).await;
            assert_eq!(outcome, Outcome::Unchanged, "{line}");
        }
        // What a line does not say stays.
        let named = json!({"backend": {"name": "b"}}).to_string();
        assert_eq!(
            take_in(&elsewhere, named.as_bytes()).await,
            Outcome::Unchanged
        );
    }
}

#[tokio::test]
async fn ten_thousand_groups_on_one_line_come_and_come_again() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let groups = (0..10_000).map(|at| json!({"groupId": format!("g{at}"), "groupName": "G"}));
        let tenant =
            json!({"tenantId": "t", "type": "Enterprise", "groups": groups.collect::<Value>()});
        let line = json!({"tenant": tenant}).to_string();
        assert_eq!(take_in(&world, line.as_bytes()).await, Outcome::Created);
        assert_eq!(take_in(&world, line.as_bytes()).await, Outcome::Unchanged);
        let kept = exported(&world).await;
        let kept = kept.last().unwrap()["tenant"]["groups"].as_array();
        assert_eq!(kept.unwrap().len(), 10_000);
    }
}
