//! What may have been made is looked for before it is made.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Notify;

use super::fake::Fault;
use super::world::{Pair, Running, each, settings, until};

async fn make_one_of_each(pair: &Pair) {
    let tenant = pair.config("tenant").await;
    pair.route("a.example.com", tenant).await;
    let site = json!({"key": "site", "subdomain": "s.example.com", "values": {}});
    pair.made("microsites/", &site).await;
}

const ONE_OF_EACH: [&str; 3] = [
    "POST configs 2 tenant",
    "POST routes 3 a.example.com",
    "POST microsites 4 site",
];

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_not_made_again() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        pair.lms.asked();
        for write in ["POST configs", "POST routes", "POST microsites"] {
            pair.lms.fail(write, Fault::Lost);
        }
        make_one_of_each(pair).await;
        pair.push().await;
        assert_eq!(pair.lms.writes(), ONE_OF_EACH);
        assert_eq!(pair.lms.faults(), 0);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_comparison_whose_answers_are_lost_makes_nothing_twice() {
    each(async |pair| {
        pair.config("first").await;
        make_one_of_each(pair).await;
        for write in [
            "POST configs",
            "POST configs",
            "POST routes",
            "POST microsites",
        ] {
            pair.lms.fail(write, Fault::Lost);
        }
        pair.push().await;
        let expected = [&["POST configs 1 first"][..], &ONE_OF_EACH].concat();
        assert_eq!(pair.lms.writes(), expected);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_killed_process_has_made_is_found_by_the_next_one() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        for (write, name) in [
            ("POST configs", "tenant"),
            ("POST routes", "a.example.com"),
            ("POST microsites", "site"),
        ] {
            pair.lms.asked();
            let never = Arc::new(Notify::new());
            pair.lms.fail(write, Fault::Held(Arc::clone(&never)));
            if name == "tenant" {
                make_one_of_each(pair).await;
            }
            let running = Running::start(&pair.world.app, "killed", &settings(&pair.lms));
            until("it is asked", async || pair.lms.faults() == 0).await;
            running.kill().await;
            let writes = pair.lms.asked_to("POST");
            assert!(writes.last().unwrap().ends_with(name), "{writes:?}");
            assert_eq!(pair.status().await.holder.as_deref(), Some("killed"));
            pair.world
                .clock
                .set(pair.world.app.now() + chrono::Duration::seconds(4));
        }
        pair.push().await;
        assert_eq!(pair.lms.writes(), [""; 0]);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn being_told_to_stop_lets_the_call_finish_and_gives_the_lease_back() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        let release = Arc::new(Notify::new());
        pair.lms
            .fail("POST configs", Fault::Held(Arc::clone(&release)));
        make_one_of_each(pair).await;
        pair.lms.asked();
        let running = Running::start(&pair.world.app, "stopped", &settings(&pair.lms));
        until("it is asked", async || pair.lms.faults() == 0).await;
        let stopped = tokio::join!(running.stop(), async { release.notify_one() });
        assert_eq!(stopped, ((), ()));
        assert_eq!(pair.lms.asked(), ["POST configs 2 tenant"]);
        let status = pair.status().await;
        assert_eq!((status.holder, status.backlog), (None, 2));
        pair.push().await;
        // Nothing was in doubt, so nothing was looked for.
        assert_eq!(pair.lms.asked(), ONE_OF_EACH[1..]);
    })
    .await;
}

#[tokio::test]
async fn what_was_removed_there_is_made_anew_or_taken_over() {
    each(async |pair| {
        let tenant = pair.config("tenant").await;
        let route = pair.route("a.example.com", tenant).await;
        pair.push().await;
        pair.lms.lose("configs", 1);
        pair.lms.lose("routes", 2);
        let body = json!({"external_key": "tenant", "lms_configs": {}, "meta": {}});
        let theirs = pair.lms.put("configs", body);
        pair.lms.asked();
        pair.ask(
            "PATCH",
            &format!("configs/{tenant}/"),
            &json!({"meta": {"a": 1}}),
        )
        .await;
        pair.ask(
            "PATCH",
            &format!("routes/{route}/"),
            &json!({"domain": "b.example.com"}),
        )
        .await;
        pair.push().await;
        let expected = [
            format!("PUT configs {theirs} tenant"),
            "POST routes 4 b.example.com".to_owned(),
        ];
        assert_eq!(pair.lms.writes(), expected);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_host_that_the_lms_knows_already_is_taken_over() {
    each(async |pair| {
        let tenant = pair.config("tenant").await;
        pair.push().await;
        let other = pair.lms.put(
            "configs",
            json!({"external_key": "by hand", "lms_configs": {}}),
        );
        let theirs = pair.lms.put(
            "routes",
            json!({"domain": "a.example.com", "config": other}),
        );
        pair.lms.asked();
        pair.route("a.example.com", tenant).await;
        pair.push().await;
        assert_eq!(
            pair.lms.writes(),
            [format!("PUT routes {theirs} a.example.com")]
        );
        pair.lms.lose("configs", other);
        pair.assert_same().await;
    })
    .await;
}
