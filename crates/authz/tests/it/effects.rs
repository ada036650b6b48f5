//! What giving and taking roles leaves in the tables, the log and the decisions.

use std::collections::BTreeMap;

use provost_app::{Author, Settings, kind};
use provost_keys::scope::ScopeKey;
use provost_store::assignments::{self, Assignment, Audit};
use provost_store::changes;
use provost_store::courses::{self, Course, NewLibrary};
use provost_store::rules::{self, Grant};
use provost_store::users;
use serde_json::{Value, json};

use crate::world::{Platform, each, each_with, id_of, path};

const TIME: &str = "2026-01-02T12:04:05.123456Z";

/// The rows that assignments are made of, by model, in the order of their keys.
async fn rows(platform: &Platform) -> BTreeMap<String, Vec<Value>> {
    let text = platform
        .world
        .export(&["casbin_adapter.", "openedx_authz."])
        .await;
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut rows: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in all {
        let model = row["model"].as_str().unwrap();
        let is_policy = ["p", "g2"]
            .iter()
            .any(|ptype| row["fields"]["ptype"] == *ptype);
        if !is_policy {
            rows.entry(model.to_owned()).or_default().push(row);
        }
    }
    rows
}

fn of(rows: &BTreeMap<String, Vec<Value>>, model: &str) -> Vec<Value> {
    rows.get(model).cloned().unwrap_or_default()
}

fn count(rows: &BTreeMap<String, Vec<Value>>, model: &str) -> usize {
    rows.get(model).map_or(0, Vec::len)
}

const RULES: &str = "casbin_adapter.casbinrule";
const SCOPES: &str = "openedx_authz.scope";
const SUBJECTS: &str = "openedx_authz.subject";
const EXTENDED: &str = "openedx_authz.extendedcasbinrule";
const AUDITS: &str = "openedx_authz.roleassignmentaudit";

async fn version(platform: &Platform) -> Option<String> {
    let db = platform.world.app.store().read();
    assignments::policy_version(db).await.unwrap()
}

async fn take(platform: &Platform, user: &str, role: &str, scope: &str) -> Value {
    let target = path(&format!(
        "roles/users/?role={role}&scope={scope}&users={user}"
    ));
    platform.caller("root").await.delete(&target).await.json()
}

#[tokio::test]
async fn one_grant_leaves_one_row_of_each_kind() {
    each_with(Settings::default(), async |platform| {
        platform.give("ada", "library_admin", "lib:BeeU:HIVE").await;
        let rows = rows(platform).await;
        let rule = of(&rows, RULES)[0].clone();
        let fields = json!({"ptype": "g", "v0": "user^ada", "v1": "role^library_admin",
            "v2": "lib^lib:BeeU:HIVE", "v3": "", "v4": "", "v5": ""});
        assert_eq!(rule["fields"], fields);
        let scope = of(&rows, SCOPES)[0].clone();
        assert_eq!(scope["fields"], json!({"external_key": "lib:BeeU:HIVE"}));
        let tie = json!({"model": "openedx_authz.contentlibraryscope", "pk": scope["pk"],
            "fields": {"content_library": 1}});
        assert_eq!(of(&rows, "openedx_authz.contentlibraryscope"), [tie]);
        let subject = of(&rows, SUBJECTS)[0].clone();
        let tie = json!({"model": "openedx_authz.usersubject", "pk": subject["pk"],
            "fields": {"user": id_of("ada")}});
        assert_eq!(of(&rows, "openedx_authz.usersubject"), [tie]);
        let extended = json!({
            "casbin_rule_key": "g,user^ada,role^library_admin,lib^lib:BeeU:HIVE,",
            "casbin_rule": rule["pk"], "description": null, "metadata": null,
            "created_at": TIME, "updated_at": TIME,
            "scope": scope["pk"], "subject": subject["pk"]});
        assert_eq!(of(&rows, EXTENDED)[0]["fields"], extended);
        let audit = json!({"operation": "created", "subject": "user^ada",
            "role": "role^library_admin", "scope": "lib^lib:BeeU:HIVE",
            "actor_id": id_of("root"), "timestamp": TIME});
        assert_eq!(of(&rows, AUDITS)[0]["fields"], audit);
        let version = version(platform).await.unwrap();
        let control = &of(&rows, "openedx_authz.policycachecontrol")[0];
        assert_eq!(control["pk"], 1);
        assert_eq!(control["fields"]["version"], version);
        for one in [RULES, SCOPES, SUBJECTS, EXTENDED, AUDITS] {
            assert_eq!(count(&rows, one), 1, "{one}");
        }
        assert_eq!(count(&rows, "openedx_authz.coursescope"), 0);
    })
    .await;
}

#[tokio::test]
async fn scopes_and_subjects_are_shared_and_outlive_their_assignments() {
    each_with(Settings::default(), async |platform| {
        let hive = "lib:BeeU:HIVE";
        platform.give("ada", "library_admin", hive).await;
        platform.give("ada", "library_user", hive).await;
        platform.give("ben", "library_user", hive).await;
        platform.give("ben", "library_user", "lib:BeeU:*").await;
        platform
            .give("ben", "course_staff", "course-v1:BeeU+B1+R1")
            .await;
        let check = async |rules: usize, extended: usize, audits: usize| {
            let rows = rows(platform).await;
            let counts =
                [RULES, SCOPES, SUBJECTS, EXTENDED, AUDITS].map(|model| count(&rows, model));
            // A pattern has no scope row.
            assert_eq!(counts, [rules, 2, 2, extended, audits]);
        };
        check(5, 5, 5).await;
        let rows = rows(platform).await;
        let pattern = &of(&rows, EXTENDED)[3]["fields"];
        assert_eq!(pattern["scope"], Value::Null);
        assert_eq!(
            pattern["casbin_rule_key"],
            "g,user^ben,role^library_user,lib^lib:BeeU:*,"
        );
        for (user, role) in [
            ("ada", "library_admin"),
            ("ada", "library_user"),
            ("ben", "library_user"),
        ] {
            let answer = take(platform, user, role, hive).await;
            assert_eq!(answer["completed"][0]["status"], "role_removed");
        }
        check(2, 2, 8).await;
        platform.give("ada", "library_admin", hive).await;
        check(3, 3, 9).await;
    })
    .await;
}

#[tokio::test]
async fn a_wider_assignment_neither_hides_nor_takes_a_narrower_one() {
    each_with(Settings::default(), async |platform| {
        for scope in ["lib:*", "lib:BeeU:*", "lib:BeeU:HIVE"] {
            let answer = platform.give("ben", "library_user", scope).await.json();
            assert_eq!(answer["completed"][0]["status"], "role_added", "{scope}");
        }
        let view = "content_libraries.view_library";
        take(platform, "ben", "library_user", "lib:*").await;
        assert!(platform.may("ben", view, "lib:BeeU:HIVE").await);
        assert!(!platform.may("ben", view, "lib:AntC:HILL").await);
        take(platform, "ben", "library_user", "lib:BeeU:HIVE").await;
        assert!(platform.may("ben", view, "lib:BeeU:HIVE").await);
        take(platform, "ben", "library_user", "lib:BeeU:*").await;
        assert!(!platform.may("ben", view, "lib:BeeU:HIVE").await);
    })
    .await;
}

#[tokio::test]
async fn what_changes_nothing_leaves_only_a_version_behind() {
    each(async |platform| {
        let before = (rows(platform).await, version(platform).await);
        let again = platform
            .give("ada", "library_admin", "lib:BeeU:HIVE")
            .await
            .json();
        assert_eq!(again["errors"][0]["error"], "user_already_has_role");
        assert_eq!((rows(platform).await, version(platform).await), before);
        let absent = take(platform, "ada", "library_user", "lib:BeeU:HIVE").await;
        assert_eq!(absent["errors"][0]["error"], "user_does_not_have_role");
        let mut after = rows(platform).await;
        assert_ne!(version(platform).await, before.1);
        let control = "openedx_authz.policycachecontrol";
        after.insert(control.to_owned(), of(&before.0, control));
        assert_eq!(after, before.0);
    })
    .await;
}

#[tokio::test]
async fn each_change_is_logged_with_its_author_and_its_place() {
    each(async |platform| {
        let db = platform.world.app.store().read();
        let ada = platform.caller("ada").await.header("x-request-id", "r-1");
        let since = changes::last_seq(db).await.unwrap();
        let body = json!({"role": "library_user", "scope": "lib:BeeU:HIVE", "users": ["cyd", "ada", "ghost"]});
        ada.put(&path("roles/users/"), &body).await;
        ada.delete(&path("roles/users/?role=library_user&scope=lib:BeeU:HIVE&users=cyd,ghost")).await;
        let log = changes::since(db, since).await.unwrap();
        let seen: Vec<_> = log.iter().map(|one| (one.kind.as_str(), one.subject.as_str())).collect();
        assert_eq!(seen, [
            (kind::GRANTED, "user^cyd"),
            (kind::GRANTED, "user^ada"),
            (kind::REVOKED, "user^cyd"),
        ]);
        for change in &log {
            assert_eq!(change.actor, "ada");
            assert_eq!(change.actor_id, Some(id_of("ada")));
            assert_eq!(change.request_id.as_deref(), Some("r-1"));
            assert_eq!(change.org.as_deref(), Some("BeeU"));
            assert_eq!(change.at, crate::world::now());
            let value = change.before.as_ref().or(change.after.as_ref()).unwrap();
            assert_eq!(value["role"], "role^library_user");
            assert_eq!(value["scope"], "lib^lib:BeeU:HIVE");
            assert_eq!(change.before.is_some(), change.kind == kind::REVOKED);
            assert_eq!(change.after.is_some(), change.kind == kind::GRANTED);
        }
    })
    .await;
}

/// Something that takes assignments away without anybody revoking them: what it is called in the
/// log, and what it took.
async fn went(
    platform: &Platform,
    kind: &str,
    remove: impl AsyncFn(&provost_store::Tx) -> Vec<Grant>,
) {
    let app = &platform.world.app;
    let tx = app.store().begin().await.unwrap();
    let gone = remove(&tx).await;
    assert!(!gone.is_empty(), "{kind}");
    let entry = Author::program("test").entry(kind, "it");
    app.commit(tx, &[entry]).await.unwrap();
    let kept = rules::grants(app.store().read(), 0, 1_000).await.unwrap();
    assert!(gone.iter().all(|grant| !kept.contains(grant)), "{kind}");
    let rows = rows(platform).await;
    assert_eq!(count(&rows, RULES), kept.len(), "{kind}");
    assert_eq!(count(&rows, EXTENDED), kept.len(), "{kind}");
}

#[tokio::test]
async fn what_goes_takes_its_assignments_with_it_and_decisions_know_at_once() {
    let (view, team) = ("content_libraries.view_library", "courses.view_course_team");
    let (hive, bees) = ("lib:BeeU:HIVE", "course-v1:BeeU+B1+R1");
    each(async |platform| {
        let (cyd, ben) = (platform.caller("cyd").await, platform.caller("ben").await);
        platform.give("cyd", "library_user", hive).await;
        platform.give("ben", "course_staff", "course-v1:*").await;
        assert!(platform.may("cyd", team, bees).await);
        went(platform, kind::COURSE_DELETED, async |tx| {
            courses::delete_course(tx, bees).await.unwrap().unwrap()
        })
        .await;
        assert!(!platform.may("cyd", team, bees).await);
        assert!(platform.may("dov", team, bees).await, "patterns stay");
        assert!(platform.may("cyd", view, hive).await);
        went(platform, kind::LIBRARY_DELETED, async |tx| {
            courses::delete_library(tx, 1).await.unwrap().unwrap()
        })
        .await;
        for name in ["ada", "ben", "cyd"] {
            assert!(!platform.may(name, view, hive).await, "{name}");
        }
        assert_eq!(cyd.get(&path("orgs/")).await.status, 403);
        assert_eq!(ben.get(&path("orgs/")).await.status, 200);
        went(platform, kind::USER_RETIRED, async |tx| {
            rules::remove_subject(tx, "user^ben").await.unwrap()
        })
        .await;
        assert_eq!(ben.get(&path("orgs/")).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_user_who_goes_is_nobody_and_whoever_takes_the_name_holds_nothing() {
    each(async |platform| {
        let app = &platform.world.app;
        let (ada, stan) = (platform.caller("ada").await, platform.caller("stan").await);
        assert_eq!(ada.get(&path("orgs/")).await.status, 200);
        went(platform, kind::USER_DELETED, async |tx| {
            users::delete(tx, id_of("ada"))
                .await
                .unwrap()
                .unwrap()
                .grants
        })
        .await;
        assert_eq!(ada.get(&path("orgs/")).await.status, 401);
        let listed = stan.get(&path("users/?search=ada")).await.json();
        assert_eq!(listed["count"], 0);
        let decide = || {
            let scope = "lib^lib:BeeU:HIVE";
            app.policy()
                .decide("user^ada", "act^content_libraries.view_library", scope)
                .allowed
        };
        assert!(!decide());
        let tx = app.store().begin().await.unwrap();
        let again = users::NewUser {
            username: "ada".to_owned(),
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            password: String::new(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
            date_joined: app.now(),
        };
        let made = users::create(&tx, &again).await.unwrap();
        app.commit(tx, &[]).await.unwrap();
        assert!(!decide());
        let caller = platform.world.session_of(made.id).await;
        assert_eq!(caller.get(&path("orgs/")).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_waited_is_tied_to_what_it_waited_for() {
    let (hall, later) = ("lib:BeeU:HALL", "course-v1:BeeU+LATER+R1");
    let imported = r#"[{"model": "course_overviews.courseoverview", "pk": "course-v1:BeeU+SOON+R1",
        "fields": {"org": "BeeU", "display_name": null}}]"#;
    each_with(Settings::default(), async |platform| {
        let app = &platform.world.app;
        let tx = app.store().begin().await.unwrap();
        let wanted = [hall, later, "course-v1:BeeU+SOON+R1"].map(|scope| Assignment {
            user_id: id_of("ben"),
            username: "ben".to_owned(),
            role: "role^any".to_owned(),
            scope: ScopeKey::parse(scope).unwrap(),
        });
        assignments::assign(&tx, &wanted, app.now(), Audit::None)
            .await
            .unwrap();
        app.commit(tx, &[]).await.unwrap();
        let ties = async || {
            let rows = rows(platform).await;
            let of_libraries = of(&rows, "openedx_authz.contentlibraryscope");
            let of_courses = of(&rows, "openedx_authz.coursescope");
            let libraries = of_libraries
                .iter()
                .map(|row| row["fields"]["content_library"].clone());
            let courses = of_courses
                .iter()
                .map(|row| row["fields"]["course_overview"].clone());
            libraries.chain(courses).collect::<Vec<_>>()
        };
        assert_eq!(ties().await, [Value::Null, Value::Null, Value::Null]);
        let tx = app.store().begin().await.unwrap();
        let library = NewLibrary {
            org_id: Some(1),
            slug: "HALL".to_owned(),
            title: None,
        };
        let library = courses::create_library(&tx, &library).await.unwrap();
        let course = Course {
            id: later.to_owned(),
            org: "BeeU".to_owned(),
            display_name: None,
        };
        courses::create_course(&tx, &course).await.unwrap();
        app.commit(tx, &[]).await.unwrap();
        assert_eq!(ties().await, [json!(library), json!(later), Value::Null]);
        platform.world.import(imported).await;
        assert_eq!(
            ties().await,
            [
                json!(library),
                json!(later),
                json!("course-v1:BeeU+SOON+R1")
            ]
        );
    })
    .await;
}
