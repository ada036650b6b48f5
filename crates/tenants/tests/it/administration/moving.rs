//! Domains that go from one tenant to another.

use provost_store::tenants::routes;
use provost_testkit::World;
use serde_json::{Value, json};

use super::world::{applied, assert_settled, each, kinds, last_seq, log_after, staff};

fn file(domains: &[&[&str]]) -> Value {
    let entries = domains.iter().zip(["a", "b", "c"]);
    let entry = |(domains, key): (&&[&str], &str)| json!({"external_key": key, "domains": domains, "lms_configs": {}});
    json!({"tenants": entries.map(entry).collect::<Vec<_>>()})
}

/// Which domain leads to which tenant, `route domain tenant`.
async fn routed(world: &World) -> Vec<String> {
    let routes = routes::all(world.app.store().read()).await.unwrap();
    let line = |route: routes::Route| format!("{} {} {}", route.id, route.domain, route.config);
    routes.into_iter().map(line).collect()
}

#[tokio::test]
async fn a_domain_moves_and_the_others_keep_their_routes() {
    for (before, after, prune, expected) in [
        // From a changed tenant to another.
        (
            file(&[&["one", "two"], &["three"]]),
            file(&[&["one"], &["three", "two"]]),
            false,
            vec!["1 one 1", "3 three 2", "4 two 2"],
        ),
        // A swap.
        (
            file(&[&["one"], &["two"]]),
            file(&[&["two"], &["one"]]),
            false,
            vec!["3 two 1", "4 one 2"],
        ),
        // In a circle.
        (
            file(&[&["one"], &["two"], &["three"]]),
            file(&[&["three"], &["one"], &["two"]]),
            false,
            vec!["4 three 1", "5 one 2", "6 two 3"],
        ),
        // From a changed tenant to a new one, and back from one that goes.
        (
            file(&[&["one", "two"]]),
            file(&[&["one"], &["two"]]),
            false,
            vec!["1 one 1", "3 two 2"],
        ),
        (
            file(&[&["one"], &["two"]]),
            file(&[&["one", "two"]]),
            true,
            vec!["1 one 1", "3 two 1"],
        ),
    ] {
        each(async |world| {
            let staff = staff(world).await;
            applied(&staff, &before).await;
            let mut ask = after.clone();
            ask["prune"] = json!(prune);
            applied(&staff, &ask).await;
            assert_eq!(routed(world).await, expected, "{before} to {after}");
            assert_settled(&staff, &after, "moved").await;
            for line in &expected {
                let words: Vec<&str> = line.split(' ').collect();
                let known = world.app.tenants().config_of(words[1]);
                assert_eq!(known, words[2].parse().ok(), "{line}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn the_log_says_that_a_domain_went_before_it_says_that_it_came() {
    each(async |world| {
        let staff = staff(world).await;
        applied(&staff, &file(&[&["one"], &["two"]])).await;
        let seq = last_seq(world).await;
        applied(&staff, &file(&[&["two"], &["one"]])).await;
        let expected = [
            "tenant.route.deleted route:1",
            "tenant.route.deleted route:2",
            "tenant.route.created route:3",
            "tenant.route.created route:4",
        ];
        assert_eq!(kinds(&log_after(world, seq).await), expected);
    })
    .await;
}
