//! Everything is compared, and made to agree.

use provost_tenants::connector::{self, NotReconciled};
use serde_json::{Value, json};

use super::fake::{Fake, Fault};
use super::world::{Pair, Running, each, ordered, settings, until};

fn tenants(rows: &[(i64, &str, &str)]) -> String {
    let rows = rows.iter().flat_map(|(pk, key, domain)| {
        let fields = json!({"external_key": key, "lms_configs": {"PLATFORM_NAME": key}, "studio_configs": {},
            "theming_configs": {}, "meta": {}, "organizations": []});
        [
            json!({"model": "eox_tenant.tenantconfig", "pk": pk, "fields": fields}),
            json!({"model": "eox_tenant.route", "pk": pk, "fields": {"domain": domain, "config": pk}}),
        ]
    });
    rows.collect::<Value>().to_string()
}

fn lines(steps: &[connector::Step]) -> Vec<String> {
    steps.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn imported_tenants_are_pushed_in_their_turn() {
    each(async |pair| {
        let first = pair.config("first").await;
        pair.push().await;
        pair.route("first.example.com", first).await;
        let fixture = tenants(&[
            (20, "twenty", "a.example.com"),
            (30, "thirty", "b.example.com"),
        ]);
        pair.world.import(&fixture).await;
        pair.route("c.example.com", 20).await;
        pair.push().await;
        pair.assert_same().await;
        pair.lms.asked();
        // A second import of the same changes nothing, and nothing is written.
        pair.world.import(&fixture).await;
        pair.push().await;
        assert_eq!(
            pair.lms.asked(),
            ["GET configs", "GET routes", "GET microsites"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_platform_that_has_the_tenants_already_is_taken_over_as_it_is() {
    each(async |pair| {
        pair.world
            .import(&tenants(&[(20, "same", "a.example.com"), (30, "same", "b.example.com")]))
            .await;
        for id in [20, 30] {
            let row = json!({"id": id, "external_key": "same", "lms_configs": {"PLATFORM_NAME": "same"},
                "studio_configs": null, "theming_configs": {}, "meta": {}, "organizations": [4]});
            pair.lms.put("configs", row);
        }
        pair.lms.put("routes", json!({"id": 21, "domain": "a.example.com", "config": 20}));
        pair.lms.put("routes", json!({"id": 31, "domain": "b.example.com", "config": 30}));
        pair.push().await;
        assert_eq!(pair.lms.writes(), [""; 0]);
        pair.ask("DELETE", "configs/30/", &Value::Null).await;
        pair.push().await;
        assert_eq!(pair.lms.writes(), ["DELETE routes 31", "DELETE configs 30"]);
    })
    .await;
}

/// Two tenants that were pushed, and then much happened there behind our back.
async fn drift(pair: &Pair) {
    let first = pair.config("first").await;
    pair.route("a.example.com", first).await;
    let second = pair.config("second").await;
    pair.route("b.example.com", second).await;
    pair.route("c.example.com", second).await;
    let site = json!({"key": "site", "subdomain": "s.example.com", "values": {}});
    pair.made("microsites/", &site).await;
    pair.push().await;
    assert_eq!(pair.lms.asked().len(), 9);
    let config = |key: &str| json!({"external_key": key, "lms_configs": {"HACKED": true}});
    let mut changed = config("first");
    changed["id"] = json!(1);
    pair.lms.put("configs", changed);
    let theirs = pair.lms.put("configs", config("theirs"));
    pair.lms.put(
        "routes",
        json!({"id": 3, "domain": "a.example.com", "config": theirs}),
    );
    pair.lms.put(
        "routes",
        json!({"domain": "x.example.com", "config": theirs}),
    );
    pair.lms.lose("routes", 4);
    pair.lms.lose("microsites", 6);
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    each(async |pair| {
        drift(pair).await;
        let before = ["configs", "routes", "microsites"].map(|of| pair.lms.all(of));
        let done = pair.reconcile(true, true).await;
        let all = [
            "~ config    first  [1, there 1]",
            "~ route     a.example.com  [1, there 3]",
            "+ route     b.example.com  [2]",
            "+ microsite site (s.example.com)  [1]",
            "- route     x.example.com  [there 8]",
            "- config    theirs  [there 7]",
        ];
        assert_eq!(lines(&done.steps), all);
        assert_eq!(done.unchanged, 2);
        let kept = pair.reconcile(true, false).await;
        assert_eq!(lines(&kept.steps), all[..4]);
        assert_eq!(lines(&kept.beside), all[4..]);
        assert_eq!(pair.lms.writes(), [""; 0]);
        assert_eq!(
            ["configs", "routes", "microsites"].map(|of| pair.lms.all(of)),
            before
        );
    })
    .await;
}

#[tokio::test]
async fn drift_is_mended_and_then_there_is_nothing_to_do() {
    each(async |pair| {
        drift(pair).await;
        let looked = pair.reconcile(true, false).await;
        let done = pair.reconcile(false, false).await;
        assert_eq!(lines(&done.steps), lines(&looked.steps));
        assert_eq!(done.beside.len(), 2);
        let again = pair.reconcile(false, false).await;
        assert_eq!((again.steps, again.unchanged), (vec![], 6));
        let pruned = pair.reconcile(false, true).await;
        assert_eq!(pruned.steps.len(), 2);
        pair.assert_same().await;
        assert_eq!(pair.status().await.holder, None);
    })
    .await;
}

#[tokio::test]
async fn changes_after_a_comparison_are_pushed_on_top_of_it() {
    each(async |pair| {
        drift(pair).await;
        pair.route("d.example.com", 1).await;
        pair.reconcile(false, true).await;
        pair.lms.asked();
        pair.ask("DELETE", "routes/4/", &Value::Null).await;
        pair.push().await;
        assert_eq!(pair.lms.asked().len(), 1);
        pair.assert_same().await;
    })
    .await;
}

/// Two tenants that were pushed; one of them is gone since, as is a microsite, and the LMS was not told. It
/// also has something of its own. The key of that there.
async fn delete(pair: &Pair) -> i64 {
    let first = pair.config("first").await;
    pair.route("a.example.com", first).await;
    let second = pair.config("second").await;
    pair.route("b.example.com", second).await;
    let site = json!({"key": "site", "subdomain": "s.example.com", "values": {}});
    let site = pair.made("microsites/", &site).await;
    pair.push().await;
    let theirs = json!({"external_key": "theirs", "lms_configs": {}});
    let theirs = pair.lms.put("configs", theirs);
    for target in [format!("configs/{second}/"), format!("microsites/{site}/")] {
        pair.ask("DELETE", &target, &Value::Null).await;
    }
    pair.lms.asked();
    theirs
}

const DELETED: [&str; 3] = ["DELETE routes 4", "DELETE configs 2", "DELETE microsites 5"];

#[tokio::test]
async fn a_deletion_before_an_import_is_not_lost_in_its_comparison() {
    each(async |pair| {
        let theirs = delete(pair).await;
        pair.world
            .import(&tenants(&[(20, "twenty", "c.example.com")]))
            .await;
        pair.push().await;
        // They are pushed one by one, in their order, before the import is come to.
        let deleted = pair.lms.asked_to("DELETE");
        assert_eq!(deleted.len(), 3, "{deleted:?}");
        pair.lms.lose("configs", theirs);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_before_a_comparison_is_removed_there_by_it() {
    each(async |pair| {
        let theirs = delete(pair).await;
        let done = pair.reconcile(false, false).await;
        let removed = [
            "- route     b.example.com  [2, there 4]",
            "- config    second  [2, there 2]",
            "- microsite site (s.example.com)  [1, there 5]",
        ];
        assert_eq!(lines(&done.steps), removed);
        assert_eq!(
            lines(&done.beside),
            [format!("- config    theirs  [there {theirs}]")]
        );
        assert_eq!(pair.lms.writes(), DELETED);
        pair.push().await;
        assert_eq!(pair.lms.writes(), [""; 0]);
        pair.lms.lose("configs", theirs);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_deletion_whose_import_is_compared_first_is_not_lost() {
    each(async |pair| {
        let first = pair.config("first").await;
        let second = pair.config("second").await;
        pair.push().await;
        // The comparison that the import asks for goes past the deletion behind it.
        pair.world
            .import(&tenants(&[(20, "twenty", "c.example.com")]))
            .await;
        pair.ask("DELETE", &format!("configs/{second}/"), &Value::Null)
            .await;
        pair.push().await;
        pair.assert_same().await;
        pair.ask("DELETE", &format!("configs/{first}/"), &Value::Null)
            .await;
        pair.push().await;
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_comparison_that_fails_half_way_forgets_no_link_that_a_deletion_needs() {
    each(async |pair| {
        let theirs = delete(pair).await;
        pair.config("third").await;
        pair.config("fourth").await;
        pair.lms
            .fail("POST configs", Fault::Answer(201, r#"{"id": 90}"#));
        pair.lms.fail("POST configs", Fault::Answer(503, ""));
        let ordered = ordered(false, false);
        let failed = connector::order(&pair.world.app, &settings(&pair.lms), &ordered).await;
        assert!(
            matches!(failed, Err(NotReconciled::Failure(_))),
            "{failed:?}"
        );
        assert_eq!(pair.lms.writes(), [""; 0]);
        // What it made is known, and what it did not come to is still to be done.
        let row = json!({"id": 90, "external_key": "third", "lms_configs": {}});
        pair.lms.put("configs", row);
        let later = pair.world.app.now() + chrono::Duration::seconds(4);
        pair.world.clock.set(later);
        pair.push().await;
        let mut expected = DELETED.map(str::to_owned).to_vec();
        expected.push("PUT configs 90 third".to_owned());
        expected.push("POST configs 91 fourth".to_owned());
        assert_eq!(pair.lms.writes(), expected);
        pair.lms.lose("configs", theirs);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn a_removal_that_is_refused_is_on_record_and_tried_again_by_the_next_comparison() {
    each(async |pair| {
        let theirs = delete(pair).await;
        pair.lms.fail("DELETE configs", Fault::Answer(409, "{}"));
        let done = pair.reconcile(false, false).await;
        assert_eq!((done.steps.len(), done.refused.len()), (2, 1));
        let refused = &pair.status().await.refused[0];
        assert_eq!(
            (refused.kind.as_str(), refused.subject.as_str()),
            ("tenant.config.deleted", "tenant:2")
        );
        let again = pair.reconcile(false, false).await;
        assert_eq!(lines(&again.steps), ["- config    second  [2, there 2]"]);
        assert_eq!(pair.status().await.refused_count, 0);
        pair.lms.lose("configs", theirs);
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn hosts_that_were_swapped_meanwhile_are_not_in_each_others_way() {
    each(async |pair| {
        let first = pair.config("first").await;
        let second = pair.config("second").await;
        let one = pair.route("a.example.com", first).await;
        let two = pair.route("b.example.com", second).await;
        pair.push().await;
        for (route, domain) in [(one, "tmp"), (two, "a.example.com"), (one, "b.example.com")] {
            let body = json!({"domain": domain});
            pair.ask("PATCH", &format!("routes/{route}/"), &body).await;
        }
        let done = pair.reconcile(false, false).await;
        assert_eq!(
            (done.steps.len(), done.refused.len(), done.beside.len()),
            (2, 0, 0)
        );
        pair.assert_same().await;
        // What is linked now is what the LMS knows each by.
        pair.ask("DELETE", &format!("routes/{one}/"), &Value::Null)
            .await;
        pair.push().await;
        pair.assert_same().await;
    })
    .await;
}

#[tokio::test]
async fn another_lms_begins_anew_and_is_not_mistaken_for_the_first() {
    each(async |pair| {
        let first = pair.config("first").await;
        pair.route("a.example.com", first).await;
        pair.push().await;
        let other = Fake::start().await;
        // Its numbers are the same and mean something else.
        other.put("configs", json!({"id": 1, "external_key": "theirs", "lms_configs": {}}));
        let ordered = ordered(false, false);
        let refused = connector::order(&pair.world.app, &settings(&other), &ordered).await;
        let elsewhere = matches!(refused, Err(NotReconciled::Elsewhere { target }) if target.starts_with(&pair.lms.url));
        assert!(elsewhere);
        let old = Running::start(&pair.world.app, "old", &settings(&pair.lms));
        // It is under way before the other one begins.
        pair.config("second").await;
        pair.pushed().await;
        let new = Running::start(&pair.world.app, "new", &settings(&other));
        until("the new one is told", async || other.all("routes").len() == 1).await;
        pair.pushed().await;
        pair.route("b.example.com", first).await;
        until("the new one is told", async || other.all("routes").len() == 2).await;
        old.stop().await;
        new.stop().await;
        assert_eq!(other.all("configs")[0]["external_key"], "theirs");
        assert_eq!(other.all("configs")[1]["external_key"], "first");
        assert_eq!(pair.lms.all("routes").len(), 1);
    })
    .await;
}
