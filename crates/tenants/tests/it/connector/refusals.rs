//! What the LMS refuses as it is does not keep the rest waiting.

use serde_json::json;

use super::world::{config, each};

#[tokio::test]
async fn a_refusal_is_put_on_record_and_the_rest_goes_on() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        pair.lms.asked();
        let bad = pair
            .made("configs/", &config("second", json!({"NAME": "bad"})))
            .await;
        let route = pair.route("a.example.com", bad).await;
        pair.config("third").await;
        pair.push().await;
        assert_eq!(pair.lms.writes(), ["POST configs 2 third"]);
        let status = pair.status().await;
        assert_eq!(
            (status.refused_count, status.failures, status.backlog),
            (2, 0, 0)
        );
        let refused = status.refused.iter();
        let refused: Vec<_> = refused
            .map(|it| {
                (
                    it.subject.clone(),
                    it.kind.as_str(),
                    it.status,
                    it.error.as_str(),
                )
            })
            .collect();
        let lacks = "the LMS does not have its configuration";
        let expected = [
            (format!("route:{route}"), "tenant.route.created", 0, lacks),
            (
                format!("tenant:{bad}"),
                "tenant.config.created",
                400,
                r#"{"lms_configs":["bad"]}"#,
            ),
        ];
        assert_eq!(refused, expected);
        assert!(status.refused[0].seq > status.refused[1].seq);
    })
    .await;
}

#[tokio::test]
async fn a_configuration_that_is_taken_at_last_brings_what_waited_for_it() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        let bad = pair
            .made("configs/", &config("second", json!({"NAME": "bad"})))
            .await;
        pair.route("a.example.com", bad).await;
        pair.push().await;
        let target = format!("configs/{bad}/");
        pair.ask("PATCH", &target, &json!({"meta": {"still": "bad"}}))
            .await;
        pair.push().await;
        // One of each thing: its newest.
        assert_eq!(pair.status().await.refused_count, 2);
        pair.ask("PUT", &target, &config("second", json!({}))).await;
        pair.push().await;
        assert_eq!(pair.status().await.refused_count, 0);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_and_is_deleted_is_refused_no_more() {
    each(async |pair| {
        pair.config("first").await;
        pair.push().await;
        let bad = pair
            .made("configs/", &config("second", json!({"NAME": "bad"})))
            .await;
        pair.route("a.example.com", bad).await;
        pair.push().await;
        pair.lms.asked();
        pair.ask("DELETE", &format!("configs/{bad}/"), &json!(null))
            .await;
        pair.push().await;
        assert_eq!(pair.lms.asked(), [""; 0]);
        assert_eq!(pair.status().await.refused_count, 0);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_comparison_tries_again_and_puts_on_record_what_is_still_refused() {
    each(async |pair| {
        let first = pair.config("first").await;
        let bad = pair
            .made("configs/", &config("second", json!({"NAME": "bad"})))
            .await;
        pair.route("a.example.com", bad).await;
        pair.route("b.example.com", first).await;
        // The first look is a comparison, and so are these.
        pair.push().await;
        for _ in 0..2 {
            let done = pair.reconcile(false, false).await;
            let refused: Vec<_> = done.refused.iter().map(|it| it.step.to_string()).collect();
            let expected = [
                format!("+ config    second  [{bad}]"),
                "+ route     a.example.com  [1]".to_owned(),
            ];
            assert_eq!(refused, expected);
            assert_eq!((done.steps, done.unchanged), (vec![], 2));
            assert_eq!(pair.status().await.refused_count, 2);
        }
    })
    .await;
}
