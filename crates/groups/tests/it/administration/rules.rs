//! Rules: several domains, tags, and what they would do.

use provost_app::settings::CourseAccess;
use serde_json::{Value, json};

use super::{ids, last_seq, log_after, people, problem, red, rows, rule};
use crate::world::{each, each_with, path};

#[tokio::test]
async fn a_rule_has_several_domains_and_the_old_api_shows_the_first() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let domains = json!(["one.com", "*.two.org", "one.com", " Three.net "]);
        let body = json!({"name": " Partners ", "domains": domains, "group": 2});
        let answer = admin.post(&red("rules/"), &body).await;
        let shown = json!({
            "id": 4, "name": "Partners", "domains": ["one.com", "*.two.org", "Three.net"],
            "group": {"id": 2, "name": "Customers"},
        });
        assert_eq!((answer.status, answer.json()), (201, shown.clone()));
        let again = admin.get(&red("rules/4/")).await;
        assert_eq!(again.json(), shown);
        assert_eq!(again.header("etag"), answer.header("etag"));
        assert_eq!(ids(&rows(&admin, "rules/?limit=1").await), [1, 3, 4]);
        let old = admin.get(&path("membership-rules/4/")).await.json();
        assert_eq!(old["domain"], json!("one.com"));
        let log = log_after(platform, seq).await;
        assert_eq!(
            (log.len(), log[0].kind.as_str()),
            (1, "course_access.rule.created")
        );
        let facts = json!({
            "id": 4, "name": "Partners", "domain": "one.com", "domains": ["*.two.org", "Three.net"],
            "group": 2,
        });
        assert_eq!(log[0].after, Some(facts));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_said_with_its_place() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let with = |domains: Value| json!({"name": "n", "domains": domains, "group": 1});
        let bad = |domain: &str| format!("The domain name is not valid: {domain}");
        let hundred: Vec<String> = (0..100).map(|n| format!("d{n}.com")).collect();
        let more = [hundred.clone(), vec!["one.com".to_owned()]].concat();
        for (body, said) in [
            (
                with(json!([])),
                json!({"domains": ["This list may not be empty."]}),
            ),
            (
                with(json!(more)),
                json!({"domains": ["Ensure this field has no more than 100 elements."]}),
            ),
            (
                with(json!(["a.com", "*.*.com", "b.com", "*"])),
                json!({"domains": {"1": [bad("*.*.com")], "3": [bad("*")]}}),
            ),
            (
                json!({"name": " ", "group": "x"}),
                json!({
                    "name": ["This field may not be blank."],
                    "domains": ["This field is required."],
                    "group": ["A valid integer is required."],
                }),
            ),
            (
                json!({"name": "n", "domains": ["a.com"], "group": 3}),
                json!({"group": ["Invalid group id: 3"]}),
            ),
        ] {
            for query in ["", "?dry_run=true"] {
                let answer = admin.post(&red(&format!("rules/{query}")), &body).await;
                assert_eq!(problem(&answer), (400, said.clone()), "{body}");
            }
        }
        let answer = admin
            .json("PATCH", &red("rules/1/"), &json!({"group": 3}))
            .await;
        assert_eq!(
            problem(&answer),
            (400, json!({"group": ["Invalid group id: 3"]}))
        );
        assert_eq!(log_after(platform, seq).await, []);
        let answer = admin.post(&red("rules/"), &with(json!(hundred))).await;
        assert_eq!(answer.json()["domains"], json!(hundred));
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_changed_and_removed_by_whoever_has_seen_it_as_it_is() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let first = admin.get(&red("rules/1/")).await.header("etag").unwrap();
        let seen = admin.clone().header("if-match", &first);
        let ask = json!({"domains": ["*.corp.com", "corp.org"], "group": 1});
        let answer = seen.json("PATCH", &red("rules/1/"), &ask).await;
        let expected = json!({
            "id": 1, "name": "Corp", "domains": ["*.corp.com", "corp.org"],
            "group": {"id": 1, "name": "Employees"},
        });
        assert_eq!((answer.status, answer.json()), (200, expected.clone()));
        let second = answer.header("etag").unwrap();
        assert_ne!(first, second);
        for method in ["PATCH", "DELETE"] {
            let answer = seen
                .json(method, &red("rules/1/"), &json!({"name": "x"}))
                .await;
            let text = "It was changed in the meantime: the tag does not match.";
            assert_eq!(problem(&answer), (412, json!(text)), "{method}");
            let answer = seen.json(method, &red("rules/2/"), &json!({})).await;
            assert_eq!(answer.status, 404, "{method} of another organization's");
        }
        let unchanged = admin
            .json("PATCH", &red("rules/1/"), &json!({"name": "Corp"}))
            .await;
        assert_eq!(unchanged.header("etag").as_ref(), Some(&second));
        let log = log_after(platform, seq).await;
        assert_eq!(
            (log.len(), log[0].kind.as_str()),
            (1, "course_access.rule.changed")
        );
        let name = json!({"name": "Staff"});
        let group = path("course-access-groups/1/");
        assert_eq!(admin.json("PATCH", &group, &name).await.status, 200);
        let third = admin.get(&red("rules/1/")).await.header("etag").unwrap();
        assert_ne!(second, third, "the group's name is shown");
        let seen = admin.clone().header("if-match", &format!("\"x\", {third}"));
        assert_eq!(seen.delete(&red("rules/1/")).await.status, 204);
        assert_eq!(admin.get(&red("rules/1/")).await.status, 404);
        let log = log_after(platform, seq).await;
        assert_eq!(log.last().unwrap().kind, "course_access.rule.deleted");
    })
    .await;
}

#[tokio::test]
async fn whom_a_rule_would_move_is_told_without_moving_anybody() {
    each(async |platform| {
        let emails = [
            "a@new.com",
            "b@sub.new.com",
            "c@deep.sub.new.com",
            "d@corp.com",
            "e@New.com",
            "f@x.org",
        ];
        people(platform, &emails).await;
        let admin = platform.caller("redadmin").await;
        let (seq, before) = (last_seq(platform).await, platform.rows().await);
        let moved = async |domains: Value| {
            let body = json!({"name": "n", "domains": domains, "group": 1});
            let answer = admin.post(&red("rules/?dry_run=true"), &body).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            let plan = answer.json();
            (
                plan["count"].as_u64().unwrap(),
                ids(plan["people"].as_array().unwrap()),
            )
        };
        assert_eq!(moved(json!(["*.new.com"])).await, (2, vec![101, 102]));
        assert_eq!(
            moved(json!(["x.org", "*.sub.new.com", "new.com"])).await,
            (3, vec![100, 102, 105])
        );
        // An older rule has them, they are in a group, or inactive, or another organization's.
        assert_eq!(moved(json!(["corp.com"])).await, (0, vec![]));
        assert_eq!(platform.rows().await, before);
        assert_eq!(log_after(platform, seq).await, []);

        let made = rule(&admin, &["x.org", "*.new.com"], 2).await;
        let matches = rows(&admin, &format!("rules/{made}/matches/?limit=1")).await;
        assert_eq!(ids(&matches), [101, 102, 105]);
        assert_eq!(ids(&rows(&admin, "rules/1/matches/").await), [103]);
        assert_eq!(admin.get(&red("rules/2/matches/")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn case_means_nothing_where_it_is_folded() {
    let settings = CourseAccess {
        fold_domains: true,
        ..CourseAccess::default()
    };
    each_with(settings, async |platform| {
        people(platform, &["a@NEW.com", "b@Sub.New.Com"]).await;
        let admin = platform.caller("redadmin").await;
        let made = rule(&admin, &["New.COM", "*.nEW.com"], 2).await;
        let matches = rows(&admin, &format!("rules/{made}/matches/")).await;
        assert_eq!(ids(&matches), [100, 101]);
    })
    .await;
}

#[tokio::test]
async fn what_was_meant_to_be_tried_is_never_done() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let body = json!({"name": "Q", "domains": ["example.com"], "group": 1});
        let trying = json!({"name": "Q", "domains": ["example.com"], "group": 1, "dry_run": true});
        let before = platform.rows().await;
        for (method, target, body) in [
            ("POST", "rules/?dry_run", &body),
            ("POST", "rules/?dry_run=", &body),
            ("POST", "rules/?dry_run=perhaps", &body),
            ("POST", "rules/?dryrun=true", &body),
            ("POST", "rules/", &trying),
            ("PATCH", "rules/1/?dry_run=true", &body),
            ("DELETE", "rules/1/?dry_run=true", &body),
            ("POST", "evaluations/?dry_run=true", &json!({})),
            ("POST", "evaluations/", &json!({"dry": true})),
            (
                "POST",
                "memberships/?dry_run=true",
                &json!({"user": "rea", "group": 1}),
            ),
        ] {
            let answer = admin.json(method, &red(target), body).await;
            assert_eq!(answer.status, 400, "{method} {target}: {}", answer.text());
        }
        assert_eq!(platform.rows().await, before);
        assert_eq!(ids(&rows(&admin, "evaluations/").await), [0_i64; 0]);
    })
    .await;
}
