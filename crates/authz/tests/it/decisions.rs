//! Questions about anybody: who may ask, what is answered, and that all answers agree.

use provost_testkit::{Answer, Client};
use serde_json::{Value, json};

use crate::world::{PEOPLE, Platform, each, path};

const BASE: &str = "/api/provost/v1/authz/";
const VIEW: &str = "content_libraries.view_library";
const MANAGE: &str = "content_libraries.manage_library_team";
const VIEW_COURSE: &str = "courses.view_course";
const HIVE: &str = "lib:BeeU:HIVE";
const B1: &str = "course-v1:BeeU+B1+R1";

async fn post(caller: &Client, what: &str, body: &Value) -> Answer {
    caller.post(&format!("{BASE}{what}"), body).await
}

async fn get(caller: &Client, what: &str) -> Answer {
    caller.get(&format!("{BASE}{what}")).await
}

/// A key as it stands in a query.
fn encoded(key: &str) -> String {
    key.replace('+', "%2B")
}

/// The rows of a listing, page after page.
async fn rows(caller: &Client, what: &str) -> Vec<Value> {
    let mut next = Some(format!("{BASE}{what}"));
    let mut all = Vec::new();
    while let Some(target) = next {
        let answer = caller.get(&target).await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        let page = answer.json();
        all.extend(page["results"].as_array().unwrap().iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

#[tokio::test]
async fn a_batch_is_answered_in_order_with_reasons() {
    let cases = [
        ("ada", MANAGE, Some(HIVE), "assignment"),
        ("ada", MANAGE, Some("lib:AntC:HILL"), "no_assignment"),
        ("ben", MANAGE, Some(HIVE), "no_rule"),
        ("dov", VIEW_COURSE, Some(B1), "assignment"),
        ("dov", VIEW_COURSE, Some("course-v1:BeeU+*"), "assignment"),
        ("dov", VIEW_COURSE, Some("course-v1:*"), "no_assignment"),
        ("stan", "no.such_action", Some(HIVE), "staff"),
        ("stan", "no.such_action", Some("global:x"), "unknown_action"),
        ("stan", VIEW, Some("global:x"), "no_assignment"),
        ("ada", VIEW, Some("global:a\nb"), "malformed_scope"),
        ("nobody at all", VIEW, Some(HIVE), "no_assignment"),
        ("ada", MANAGE, None, "assignment"),
        ("ben", MANAGE, None, "no_assignment"),
        ("root", MANAGE, None, "staff"),
        ("ada", MANAGE, Some(HIVE), "assignment"),
    ];
    let checks: Vec<Value> = cases
        .iter()
        .map(|(subject, action, scope, _)| match scope {
            Some(scope) => json!({"subject": subject, "action": action, "scope": scope}),
            None => json!({"subject": subject, "action": action}),
        })
        .collect();
    let expected: Vec<Value> = cases
        .iter()
        .map(|(subject, action, scope, reason)| {
            let allowed = ["assignment", "rule", "staff"].contains(reason);
            json!({
                "subject": subject, "action": action, "scope": scope,
                "allowed": allowed, "reason": reason,
            })
        })
        .collect();
    each(async |platform| {
        let root = platform.caller("root").await;
        let answer = post(&root, "check", &json!({"checks": checks})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["results"], json!(expected));
        assert_eq!(
            answer.json()["revision"],
            json!(platform.world.app.policy().revision())
        );
    })
    .await;
}

#[tokio::test]
async fn an_answer_follows_a_grant_at_once_and_names_the_revision() {
    each(async |platform| {
        let root = platform.caller("root").await;
        let body = json!({"checks": [{"subject": "nobody", "action": VIEW, "scope": HIVE}]});
        let before = post(&root, "check", &body).await.json();
        platform.give("nobody", "library_user", HIVE).await;
        let after = post(&root, "check", &body).await.json();
        assert_eq!(before["results"][0]["allowed"], json!(false));
        assert_eq!(after["results"][0]["allowed"], json!(true));
        assert!(after["revision"].as_u64() > before["revision"].as_u64());
    })
    .await;
}

#[tokio::test]
async fn everybody_may_ask_about_themselves_and_staff_about_anybody() {
    let one = |subject: &str| json!({"subject": subject, "action": VIEW, "scope": HIVE});
    let both = json!({"checks": [one("ada"), one("ben")]});
    let asks = [
        (
            "check",
            Some(json!({"checks": [one("ada")]})),
            [200, 200, 403, 401],
        ),
        ("check", Some(both), [200, 403, 403, 401]),
        (
            "check",
            Some(json!({"checks": [one("Ada")]})),
            [200, 403, 403, 401],
        ),
        ("check", Some(json!({"checks": []})), [200, 200, 200, 401]),
        ("explain", Some(one("ada")), [200, 200, 403, 401]),
        (
            "list-scopes?subject=ada&action=x",
            None,
            [200, 200, 403, 401],
        ),
        (
            "list-subjects?action=x&scope=lib:BeeU:HIVE",
            None,
            [200, 403, 403, 401],
        ),
    ];
    each(async |platform| {
        for (what, body, statuses) in &asks {
            for (name, status) in ["stan", "ada", "ben", "anonymous"].iter().zip(statuses) {
                let caller = platform.caller(name).await;
                let answer = match body {
                    Some(body) => post(&caller, what, body).await,
                    None => get(&caller, what).await,
                };
                assert_eq!(
                    answer.status,
                    *status,
                    "{what} by {name}: {}",
                    answer.text()
                );
                let media = answer.header("content-type").unwrap();
                let problem = "application/problem+json";
                assert_eq!(
                    media == problem,
                    *status != 200,
                    "{what} by {name}: {media}"
                );
                let challenged = answer.header("www-authenticate").is_some();
                assert_eq!(challenged, *status == 401, "{what} by {name}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_with_its_place() {
    let good = json!({"subject": "ada", "action": VIEW, "scope": HIVE});
    let many = |count: usize| json!({"checks": vec![good.clone(); count]});
    let cases = [
        (
            "check",
            many(1001),
            json!({"checks": ["Ensure this field has no more than 1000 elements."]}),
        ),
        (
            "check",
            json!({"checks": [good, {"subject": "ada", "action": VIEW, "scope": "lib:a*b"}, {"subject": " "}]}),
            json!({"checks": {
                "1": {"scope": ["Invalid glob pattern: 'lib:a*b' is not a valid platform or org-level glob"]},
                "2": {"subject": ["This field may not be blank."], "action": ["This field is required."]},
            }}),
        ),
        (
            "check",
            json!({}),
            json!({"checks": ["This field is required."]}),
        ),
        (
            "explain",
            json!({"subject": "ada", "action": VIEW}),
            json!({"scope": ["This field is required."]}),
        ),
    ];
    each(async |platform| {
        let root = platform.caller("root").await;
        for (what, body, errors) in &cases {
            let answer = post(&root, what, body).await;
            let expected = json!({
                "type": "about:blank", "title": "Bad Request", "status": 400, "errors": errors,
            });
            assert_eq!((answer.status, answer.json()), (400, expected), "{what}");
        }
        for query in [
            "list-scopes?subject=ada",
            "list-subjects?action=x&scope=nonsense",
            "list-subjects?action=x&scope=lib:*&cursor=zz",
        ] {
            assert_eq!(get(&root, query).await.status, 400, "{query}");
        }
        let answer = post(&root, "check", &many(1000)).await;
        assert_eq!(answer.json()["results"].as_array().unwrap().len(), 1000);
    })
    .await;
}

/// A role that gives one action, which implies another; and who holds it.
const TEAM_ONLY: &str = r#"[
    {"model": "casbin_adapter.casbinrule", "pk": 9001, "fields":
        {"ptype": "p", "v0": "role^team_only", "v1": "act^content_libraries.manage_library_team", "v2": "lib^*", "v3": "allow"}},
    {"model": "casbin_adapter.casbinrule", "pk": 9002, "fields":
        {"ptype": "g", "v0": "user^nobody", "v1": "role^team_only", "v2": "lib^lib:BeeU:*"}}
]"#;

#[tokio::test]
async fn an_explanation_names_assignment_rule_and_implication() {
    each(async |platform| {
        platform.world.import(TEAM_ONLY).await;
        let action = "content_libraries.view_library_team";
        let ask = json!({"subject": "nobody", "action": action, "scope": HIVE});
        let root = platform.caller("root").await;
        let revision = platform.world.app.policy().revision();
        let held = json!({"id": 9002, "subject": "nobody", "role": "team_only", "scope": "lib:BeeU:*"});
        let expected = json!({
            "revision": revision, "subject": "nobody", "action": action, "scope": HIVE,
            "allowed": true, "reason": "assignment", "staff": false,
            "path": [held],
            "rule": {"id": 9001, "role": "team_only", "action": MANAGE, "scope": "lib:*", "effect": "allow"},
            "implication": [MANAGE, action],
            "covering": {"total": 1, "first": [held]},
            "elsewhere": {"total": 0, "first": []},
            "sufficient_roles": ["library_admin", "library_author", "library_contributor", "library_user", "team_only"],
        });
        assert_eq!(post(&root, "explain", &ask).await.json(), expected);
    })
    .await;
}

#[tokio::test]
async fn an_explanation_of_a_refusal_says_what_is_missing() {
    each(async |platform| {
        let ask = json!({"subject": "ada", "action": MANAGE, "scope": "lib:AntC:HILL"});
        let ada = platform.caller("ada").await;
        let explained = post(&ada, "explain", &ask).await.json();
        assert_eq!(explained["reason"], json!("no_assignment"));
        assert_eq!(explained["rule"], json!(null));
        assert_eq!(explained["path"], json!([]));
        assert_eq!(explained["covering"]["total"], json!(0));
        assert_eq!(explained["elsewhere"]["total"], json!(1));
        assert_eq!(
            explained["elsewhere"]["first"][0]["role"],
            json!("library_admin")
        );
        assert_eq!(explained["elsewhere"]["first"][0]["scope"], json!(HIVE));
        assert_eq!(explained["sufficient_roles"], json!(["library_admin"]));
    })
    .await;
}

#[tokio::test]
async fn lists_come_in_pages_that_hold_together() {
    each(async |platform| {
        platform.give("dov", "course_auditor", "course-v1:AntC+*").await;
        platform.give("dov", "course_auditor", B1).await;
        let stan = platform.caller("stan").await;
        let courses = format!("list-scopes?subject=dov&action={VIEW_COURSE}&limit=1");
        // What an organization's pattern covers needs no line of its own.
        let expected = ["course-v1:AntC+*", "course-v1:BeeU+*"]
            .map(|scope| json!({"effect": "allow", "scope": scope}));
        assert_eq!(rows(&stan, &courses).await, expected);
        let first = get(&stan, &courses).await.json();
        assert_eq!(first["results"].as_array().unwrap().len(), 1);
        assert_eq!(first["everything"], json!(false));

        let readers = format!("list-subjects?action={VIEW}&scope={HIVE}&limit=2");
        let expected = [
            ("ada", false, "assignment"),
            ("ben", false, "assignment"),
            ("idle", false, "assignment"),
            ("root", true, "staff"),
            ("stan", true, "staff"),
        ]
        .map(|(subject, staff, reason)| json!({"subject": subject, "staff": staff, "reason": reason}));
        assert_eq!(rows(&stan, &readers).await, expected);

        let first = get(&stan, &readers).await.json();
        platform.give("Eve", "library_user", HIVE).await;
        platform.give("cyd", "library_user", HIVE).await;
        let next = stan.get(first["next"].as_str().unwrap()).await.json();
        let names = next["results"].as_array().unwrap().iter();
        let names: Vec<&str> = names.map(|row| row["subject"].as_str().unwrap()).collect();
        assert_eq!(names, ["cyd", "idle"], "a page goes on where the former one ended");

        let everything = get(&stan, &format!("list-scopes?subject=stan&action={VIEW}")).await;
        let everything = everything.json();
        assert_eq!(everything["everything"], json!(true));
        let expected = ["course-v1:*", "lib:*"]
            .map(|scope| json!({"effect": "allow", "scope": scope}));
        assert_eq!(everything["results"], json!(expected));
    })
    .await;
}

const ACTIONS: [&str; 4] = [VIEW, MANAGE, VIEW_COURSE, "no.such_action"];
const SCOPES: [&str; 8] = [
    HIVE,
    "lib:BeeU:*",
    "lib:AntC:HILL",
    "lib:*",
    B1,
    "course-v1:*",
    "ccx-v1:BeeU+B1+R1+ccx@1",
    "global:x",
];

/// What the rules of a list say about a scope.
fn covered(rules: &[Value], scope: &str) -> bool {
    let some = |effect: &str| {
        rules.iter().any(|rule| {
            let pattern = rule["scope"].as_str().unwrap();
            let matches = match pattern.split_once('*') {
                Some((beginning, _)) => scope.starts_with(beginning),
                None => scope == pattern,
            };
            rule["effect"] == effect && matches
        })
    };
    some("allow") && !some("deny")
}

/// "In any scope?" of oneself, and of the same person by staff.
async fn check_anywhere(caller: &Client, root: &Client, name: &str, action: &str) {
    let own = json!([{"action": action}]);
    let own = caller.post(&path("permissions/validate/me"), &own).await;
    let check = json!({"checks": [{"subject": name, "action": action}]});
    let checked = post(root, "check", &check).await;
    let expected = &own.json()[0]["allowed"];
    assert!(expected.is_boolean());
    assert_eq!(
        &checked.json()["results"][0]["allowed"],
        expected,
        "{name} {action}"
    );
}

/// Asks every question in each of the ways in which it can be asked.
async fn check_agreement(platform: &Platform) {
    let root = platform.caller("root").await;
    let mut allowed = 0;
    for action in ACTIONS {
        let mut holders = Vec::new();
        for scope in SCOPES {
            let listed = format!("list-subjects?action={action}&scope={}", encoded(scope));
            holders.push(rows(&root, &listed).await);
        }
        for name in PEOPLE {
            let rules = rows(
                &root,
                &format!("list-scopes?subject={name}&action={action}"),
            )
            .await;
            let questions = SCOPES.map(|scope| json!({"action": action, "scope": scope}));
            let checks =
                SCOPES.map(|scope| json!({"subject": name, "action": action, "scope": scope}));
            let caller = platform.caller(name).await;
            let own = caller
                .post(&path("permissions/validate/me"), &json!(questions))
                .await;
            let own = own.json();
            let checked = post(&root, "check", &json!({"checks": checks}))
                .await
                .json();
            check_anywhere(&caller, &root, name, action).await;
            for (at, scope) in SCOPES.iter().enumerate() {
                let what = format!("{name} {action} {scope}");
                let answer = &checked["results"][at];
                let verdict = answer["allowed"].as_bool().unwrap();
                allowed += usize::from(verdict);
                assert_eq!(own[at]["allowed"], answer["allowed"], "validate/me: {what}");
                assert_eq!(
                    covered(&rules, scope),
                    verdict,
                    "list-scopes: {what}: {rules:?}"
                );
                let holder = holders[at].iter().find(|holder| holder["subject"] == name);
                let reason = holder.map(|holder| &holder["reason"]);
                let expected = verdict.then_some(&answer["reason"]);
                assert_eq!(reason, expected, "list-subjects: {what}");
                let explained = post(&root, "explain", &checks[at]).await.json();
                assert_eq!(explained["allowed"], answer["allowed"], "explain: {what}");
                assert_eq!(explained["reason"], answer["reason"], "explain: {what}");
            }
        }
    }
    assert!(allowed > 0, "a test that meets refusals alone shows little");
}

#[tokio::test]
async fn check_explain_and_the_lists_agree_with_each_other_and_with_the_reference_s_question() {
    each(check_agreement).await;
}

/// Rules that only imported data has: one that denies, one that names a user, a role that holds a
/// role, an assignment on everything.
const ODD: &str = r#"[
    {"model": "casbin_adapter.casbinrule", "pk": 9001, "fields":
        {"ptype": "p", "v0": "role^library_author", "v1": "act^content_libraries.view_library", "v2": "lib^lib:BeeU:HIVE", "v3": "deny"}},
    {"model": "casbin_adapter.casbinrule", "pk": 9002, "fields":
        {"ptype": "p", "v0": "user^cyd", "v1": "act^courses.view_course", "v2": "ccx-v1^*", "v3": "allow"}},
    {"model": "casbin_adapter.casbinrule", "pk": 9003, "fields":
        {"ptype": "g", "v0": "role^course_admin", "v1": "role^library_user", "v2": "lib^lib:AntC:*"}},
    {"model": "casbin_adapter.casbinrule", "pk": 9004, "fields":
        {"ptype": "g", "v0": "user^cyd", "v1": "role^course_admin", "v2": "*"}},
    {"model": "casbin_adapter.casbinrule", "pk": 9005, "fields":
        {"ptype": "p", "v0": "user^nobody", "v1": "act^content_libraries.view_library", "v2": "*", "v3": "allow"}}
]"#;

#[tokio::test]
async fn they_agree_on_rules_that_deny_and_on_other_oddities_of_imported_data() {
    each(async |platform| {
        platform.world.import(ODD).await;
        check_agreement(platform).await;
        let root = platform.caller("root").await;
        let stan = json!({"checks": [{"subject": "stan", "action": VIEW, "scope": HIVE}]});
        let answer = post(&root, "check", &stan).await.json();
        assert_eq!(
            answer["results"][0]["reason"],
            json!("denied"),
            "a deny rule binds staff"
        );
        let explained = json!({"subject": "ben", "action": VIEW, "scope": HIVE});
        let explained = post(&root, "explain", &explained).await.json();
        assert_eq!(explained["rule"]["id"], json!(9001));
        assert_eq!(explained["rule"]["effect"], json!("deny"));
    })
    .await;
}
