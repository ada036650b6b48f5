//! One process pushes at a time.

use std::sync::Arc;

use provost_tenants::connector::{self, NotReconciled};
use provost_testkit::Worlds;
use tokio::sync::Notify;

use super::fake::Fault;
use super::world::{Running, each, ordered, pair, settings, until};

#[tokio::test]
async fn of_two_processes_on_one_database_one_pushes_at_a_time() {
    each(async |pair| {
        let other = pair.second_app().await;
        let running = [(&pair.world.app, "one"), (&other, "two")]
            .map(|(app, name)| Running::start(app, name, &settings(&pair.lms)));
        for number in 0..20 {
            let tenant = pair.config(&format!("tenant{number}")).await;
            pair.route(&format!("t{number}.example.com"), tenant).await;
        }
        pair.pushed().await;
        for one in running {
            one.stop().await;
        }
        assert_eq!(pair.lms.busiest(), 1);
        let made = pair.lms.asked_to("POST");
        assert_eq!(made.len(), 40, "{made:?}");
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_let_in_leaves_the_lease_to_others() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        pair.config("second").await;
        let mut wrong = settings(&pair.lms);
        wrong.access_token = "wrong".into();
        let wrong = Running::start(&pair.world.app, "wrong", &wrong);
        until("it is not let in", async || {
            pair.status().await.failures > 1
        })
        .await;
        let other = pair.second_app().await;
        let right = Running::start(&other, "right", &settings(&pair.lms));
        pair.pushed().await;
        pair.config("third").await;
        pair.pushed().await;
        for one in [wrong, right] {
            one.stop().await;
        }
        assert_eq!(pair.status().await.holder, None);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_is_in_doubt_leaves_the_lease_to_others_after_as_long_as_a_request_may_take() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        pair.config("second").await;
        pair.lms.fail("POST configs", Fault::Lost);
        let mut patient = settings(&pair.lms);
        patient.retry_first_milliseconds = 3_600_000;
        patient.retry_longest_seconds = 3_600;
        let first = Running::start(&pair.world.app, "first", &patient);
        until("it has failed", async || pair.status().await.failures > 0).await;
        first.stop().await;
        assert_eq!(pair.status().await.holder.as_deref(), Some("first"));
        let later = pair.world.app.now() + chrono::Duration::seconds(1);
        pair.world.clock.set(later);
        assert_eq!(pair.status().await.holder, None);
        pair.lms.asked();
        let other = pair.second_app().await;
        let next = Running::start(&other, "next", &settings(&pair.lms));
        pair.pushed().await;
        next.stop().await;
        // It was told of the doubt, and looked.
        assert_eq!(pair.lms.asked(), ["GET configs"]);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_has_lost_the_lease_writes_nothing_down() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        let release = Arc::new(Notify::new());
        pair.lms
            .fail("POST configs", Fault::Held(Arc::clone(&release)));
        pair.config("second").await;
        let slow = Running::start(&pair.world.app, "slow", &settings(&pair.lms));
        until("it is asked", async || pair.lms.faults() == 0).await;
        // Long enough for the lease to end, as it is when a machine stands still.
        let other = pair.second_app().await;
        pair.world
            .clock
            .set(pair.world.app.now() + chrono::Duration::seconds(10));
        let late = pair.second_app().await;
        drop(other);
        pair.config("third").await;
        let next = Running::start(&late, "next", &settings(&pair.lms));
        pair.pushed().await;
        release.notify_one();
        slow.stop().await;
        next.stop().await;
        let made = pair.lms.asked_to("POST");
        assert_eq!(made.len(), 3, "{made:?}");
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_orders_a_comparison_waits_and_is_told_who_is_pushing() {
    // It waits for as long as the clock of the machine says; one database is enough.
    let pair = pair(&Worlds::sqlite().await).await;
    pair.config("first").await;
    pair.push().await;
    let release = Arc::new(Notify::new());
    pair.lms
        .fail("POST configs", Fault::Held(Arc::clone(&release)));
    pair.config("second").await;
    let slow = Running::start(&pair.world.app, "slow", &settings(&pair.lms));
    until("it is asked", async || pair.lms.faults() == 0).await;
    slow.kill().await;
    let app = &pair.world.app;
    let ordered = ordered(false, false);
    let refused = connector::order(app, &settings(&pair.lms), &ordered).await;
    let Err(refused @ NotReconciled::Held { .. }) = refused else {
        panic!("{refused:?}");
    };
    assert!(
        refused
            .to_string()
            .starts_with("slow is pushing (its lease lasts until 20")
    );
    // It is over as soon as the lease is.
    pair.world
        .clock
        .set(app.now() + chrono::Duration::seconds(4));
    let done = connector::order(app, &settings(&pair.lms), &ordered)
        .await
        .unwrap();
    assert_eq!((done.steps.len(), done.unchanged), (0, 2));
    pair.assert_same().await;
}
