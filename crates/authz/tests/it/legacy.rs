//! Course access roles become assignments and assignments course access roles: which, which not,
//! and what is left behind.

use provost_app::{Author, Settings, kind};
use provost_authz::legacy::{Manner, NotSelected, Report, Selection, migrate, roll_back};
use provost_keys::stored;
use provost_store::{assignments, changes, rules};
use serde_json::{Value, json};

use crate::world::{Platform, each_with, id_of};

const B1: &str = "course-v1:BeeU+B1+R1";
const KEEP: Manner = Manner {
    delete: false,
    dry_run: false,
};
const DELETE: Manner = Manner {
    delete: true,
    dry_run: false,
};
const DRY: Manner = Manner {
    delete: true,
    dry_run: true,
};

/// User, organization, course and role of course access roles.
type Row = (&'static str, &'static str, &'static str, &'static str);

const ROWS: [Row; 16] = [
    ("ada", "BeeU", B1, "instructor"),
    ("ben", "BeeU", B1, "staff"),
    ("ben", "BeeU", "", "limited_staff"),
    ("cyd", "BeeU", B1, "data_researcher"),
    ("dov", "BeeU", B1, "beta_testers"),
    ("idle", "BeeU", B1, "ccx_coach"),
    ("Eve", "BeeU", "", "finance_admin"),
    ("cyd", "BeeU", "course-v1:BeeU+OFF+R1", "staff"),
    ("cyd", "BeeU", "course-v1:BeeU+ON+R1", "staff"),
    ("ada", "BeeU", "course-v1:BeeU+*", "staff"),
    ("ada", "BeeU", "course-v1:BeeU", "staff"),
    ("ada", "BeeU", "BeeU/Old/R1", "staff"),
    ("ada", "AntC", "course-v1:AntC+A1+R1", "staff"),
    ("ada", "beeu", "", "staff"),
    ("ben", "BeeU", B1, "staff"),
    ("stan", "BeeU", B1, "staff"),
];

/// What `stan` has already, and what the courses say about the flag.
fn beside() -> Vec<Value> {
    let flag = |pk: i64, course: &str, choice: &str| {
        json!({"model": "waffle_utils.waffleflagcourseoverridemodel", "pk": pk, "fields": {
            "course_id": course, "waffle_flag": "authz.enable_course_authoring", "enabled": true,
            "override_choice": choice, "change_date": "2026-01-02T03:04:05Z"}})
    };
    vec![
        flag(1, "course-v1:BeeU+OFF+R1", "off"),
        flag(2, "course-v1:BeeU+ON+R1", "on"),
        assigned(901, "stan", "course_staff", B1),
    ]
}

/// An imported assignment in courses, without its bookkeeping.
fn assigned(pk: i64, user: &str, role: &str, scope: &str) -> Value {
    json!({"model": "casbin_adapter.casbinrule", "pk": pk, "fields": {"ptype": "g",
        "v0": stored::user(user), "v1": stored::role(role), "v2": stored::scope("course-v1", scope)}})
}

fn access_roles(rows: &[Row]) -> Vec<Value> {
    let rows = (1..).zip(rows).map(|(pk, (user, org, course, role))| {
        json!({"model": "student.courseaccessrole", "pk": pk, "fields": {
            "user": id_of(user), "org": org, "course_id": course, "role": role}})
    });
    rows.collect()
}

/// Runs a test on a platform where nobody holds a role but as `fixture` says.
async fn each(fixture: Vec<Value>, test: impl AsyncFn(&Platform)) {
    let fixture = Value::from(fixture).to_string();
    each_with(Settings::default(), async |platform| {
        platform.world.import(&fixture).await;
        test(platform).await;
    })
    .await;
}

fn org(name: &str) -> Selection {
    Selection::of(Some(name.to_owned()), Vec::new()).unwrap()
}

fn courses(keys: &[&str]) -> Selection {
    Selection::of(None, keys.iter().map(ToString::to_string).collect()).unwrap()
}

async fn forward(platform: &Platform, selection: &Selection, manner: Manner) -> Report {
    let by = Author::program("test");
    let report = migrate(&platform.world.app, &by, selection, manner).await;
    report.unwrap()
}

async fn backward(platform: &Platform, selection: &Selection, manner: Manner) -> Report {
    let by = Author::program("test");
    let report = roll_back(&platform.world.app, &by, selection, manner).await;
    report.unwrap()
}

/// Those that were not copied, one a line.
fn left(report: &Report) -> Vec<String> {
    let rows = report.left.iter().map(|one| {
        let reason = one.reason.word();
        format!("{} {} {}: {reason}", one.username, one.role, one.place)
    });
    rows.collect()
}

/// The assignments, one a line, in the order of their keys.
async fn grants(platform: &Platform) -> Vec<String> {
    let db = platform.world.app.store().read();
    let grants = rules::grants(db, 0, 1_000).await.unwrap();
    let texts = grants.iter().map(|grant| {
        let parts = [&grant.subject, &grant.role, &grant.scope];
        parts.map(|part| stored::external(part)).join(" ")
    });
    texts.collect()
}

/// The course access roles, one a line, in the order of their keys.
async fn held(platform: &Platform) -> Vec<String> {
    let text = platform.world.export(&["student.courseaccessrole"]).await;
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    rows.iter().map(|row| line(&row["fields"])).collect()
}

fn line(fields: &Value) -> String {
    let text = |name: &str| fields[name].as_str().unwrap().to_owned();
    let (org, course, role) = (text("org"), text("course_id"), text("role"));
    format!("{} {org} {course} {role}", fields["user"])
}

fn lines(rows: &[Row]) -> Vec<String> {
    let rows = access_roles(rows);
    rows.iter().map(|row| line(&row["fields"])).collect()
}

/// What was logged after `since`: kind and subject.
async fn logged(platform: &Platform, since: i64) -> Vec<String> {
    let db = platform.world.app.store().read();
    let log = changes::since(db, since).await.unwrap();
    assert!(log.iter().all(|one| one.actor == "test"));
    let entries = log.iter();
    entries
        .map(|one| format!("{} {}", one.kind, one.subject))
        .collect()
}

async fn last_seq(platform: &Platform) -> i64 {
    let db = platform.world.app.store().read();
    changes::last_seq(db).await.unwrap()
}

const GIVEN_IN_BEEU: [&str; 8] = [
    "stan course_staff course-v1:BeeU+B1+R1",
    "ada course_admin course-v1:BeeU+B1+R1",
    "ben course_staff course-v1:BeeU+B1+R1",
    "ben course_limited_staff course-v1:BeeU+*",
    "cyd course_data_researcher course-v1:BeeU+B1+R1",
    "dov course_beta_tester course-v1:BeeU+B1+R1",
    "idle ccx_coach course-v1:BeeU+B1+R1",
    "cyd course_staff course-v1:BeeU+ON+R1",
];
const LEFT_IN_BEEU: [&str; 6] = [
    "Eve finance_admin BeeU: unknown_role",
    "cyd staff course-v1:BeeU+OFF+R1: skipped_for_flag_override",
    "ada staff course-v1:BeeU+*: no_scope",
    "ada staff course-v1:BeeU: no_scope",
    "ben staff course-v1:BeeU+B1+R1: assignment_failed",
    "stan staff course-v1:BeeU+B1+R1: assignment_failed",
];

#[tokio::test]
async fn the_access_roles_of_an_organization_are_given_as_roles() {
    each([access_roles(&ROWS), beside()].concat(), async |platform| {
        let app = &platform.world.app;
        let since = last_seq(platform).await;
        let version = assignments::policy_version(app.store().read()).await;
        let report = forward(platform, &org("BeeU"), KEEP).await;
        assert_eq!((report.copied, left(&report)), (7, owned(&LEFT_IN_BEEU)));
        assert_eq!(grants(platform).await, GIVEN_IN_BEEU);
        assert_eq!(held(platform).await, lines(&ROWS));
        // One wrote for each, in the order of the rows, and the decisions follow at once.
        let users = ["ada", "ben", "ben", "cyd", "dov", "idle", "cyd"];
        let expected = users.map(|user| format!("{} user^{user}", kind::GRANTED));
        assert_eq!(logged(platform, since).await, expected);
        assert!(platform.may("ada", "courses.manage_course_team", B1).await);
        assert!(!platform.may("ben", "courses.manage_course_team", B1).await);
        let after = assignments::policy_version(app.store().read()).await;
        assert_ne!(after.unwrap(), version.unwrap());
        let audits = platform.world.export(&["openedx_authz.roleassig"]).await;
        assert_eq!(audits.matches("created").count(), 7);

        let again = forward(platform, &org("BeeU"), DELETE).await;
        assert_eq!((again.copied, again.left.len()), (0, 13));
        assert_eq!(held(platform).await, lines(&ROWS));
    })
    .await;
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn the_access_roles_of_courses_are_given_whatever_the_flag_says_and_go_if_wanted() {
    each([access_roles(&ROWS), beside()].concat(), async |platform| {
        let since = last_seq(platform).await;
        let some = courses(&["course-v1:BeeU+OFF+R1", "course-v1:AntC+A1+R1", B1]);
        let report = forward(platform, &some, DELETE).await;
        assert_eq!((report.copied, report.left.len()), (7, 2));
        assert_eq!(left(&report), LEFT_IN_BEEU[4..]);
        let gone = [0, 1, 3, 4, 5, 7, 12];
        let kept = (0..ROWS.len()).filter(|place| !gone.contains(place));
        let kept: Vec<Row> = kept.map(|place| ROWS[place]).collect();
        assert_eq!(held(platform).await, lines(&kept));
        let users = gone.map(|place| ROWS[place].0);
        let given = users.map(|user| format!("{} user^{user}", kind::GRANTED));
        let taken = users.map(|user| format!("authz.access_role.deleted user^{user}"));
        assert_eq!(logged(platform, since).await, [given, taken].concat());
        let log = changes::since(platform.world.app.store().read(), since)
            .await
            .unwrap();
        let last = log.last().unwrap();
        let before = json!({"id": 13, "user_id": id_of("ada"), "org": "AntC",
            "course_id": "course-v1:AntC+A1+R1", "role": "staff"});
        assert_eq!((last.before.as_ref(), &last.after), (Some(&before), &None));
        assert_eq!(last.org.as_deref(), Some("AntC"));
    })
    .await;
}

fn held_by_many() -> Vec<Value> {
    let nonsense = "course-v1:nonsense";
    let assigned = [
        assigned(901, "ada", "course_admin", B1),
        assigned(902, "ben", "course_staff", B1),
        assigned(903, "ben", "course_limited_staff", "course-v1:BeeU+*"),
        assigned(904, "dov", "course_auditor", "course-v1:BeeU+*"),
        assigned(905, "Eve", "course_editor", B1),
        assigned(906, "ghost", "course_staff", B1),
        assigned(907, "cyd", "course_staff", "course-v1:BeeU+ON+R1"),
        assigned(908, "cyd", "course_staff", "course-v1:BeeU+OFF+R1"),
        assigned(909, "cyd", "course_staff", "course-v1:*"),
        assigned(910, "cyd", "course_staff", "course-v1:AntC+A1+R1"),
        assigned(911, "cyd", "course_staff", nonsense),
        json!({"model": "casbin_adapter.casbinrule", "pk": 912, "fields": {"ptype": "g",
            "v0": "user^ada", "v1": "role^library_admin", "v2": "lib^lib:BeeU:HIVE"}}),
        assigned(913, "idle", "course_beta_tester", B1),
        assigned(914, "ada", "course_admin", B1),
    ];
    let flags = beside().into_iter().take(2);
    let there = access_roles(&[("ben", "BeeU", B1, "staff")]);
    assigned.into_iter().chain(flags).chain(there).collect()
}

#[tokio::test]
async fn the_assignments_of_an_organization_become_access_roles_and_go_if_wanted() {
    each(held_by_many(), async |platform| {
        assert!(platform.may("ada", "courses.manage_course_team", B1).await);
        let before = grants(platform).await;
        let since = last_seq(platform).await;
        let report = backward(platform, &org("BeeU"), DELETE).await;
        let expected = [
            "dov course_auditor course-v1:BeeU+*: no_legacy_equivalent",
            "Eve course_editor course-v1:BeeU+B1+R1: no_legacy_equivalent",
            "ghost course_staff course-v1:BeeU+B1+R1: unexpected_error",
            "cyd course_staff course-v1:BeeU+ON+R1: skipped_for_flag_override",
        ];
        assert_eq!((report.copied, left(&report)), (6, owned(&expected)));
        let expected = [
            ("ben", "BeeU", B1, "staff"),
            ("ada", "BeeU", B1, "instructor"),
            ("ben", "BeeU", "", "limited_staff"),
            ("cyd", "BeeU", "course-v1:BeeU+OFF+R1", "staff"),
            ("idle", "BeeU", B1, "beta_testers"),
        ];
        assert_eq!(held(platform).await, lines(&expected));
        let kept = [3, 4, 5, 6, 8, 9, 10, 11].map(|place: usize| before[place].clone());
        assert_eq!(grants(platform).await, kept);
        let made = ["ada", "ben", "cyd", "idle"];
        let made = made.map(|user| format!("authz.access_role.created user^{user}"));
        // The doubled row of `ada` goes with the first one.
        let taken = ["ada", "ben", "ben", "cyd", "idle", "ada"];
        let taken = taken.map(|user| format!("{} user^{user}", kind::REVOKED));
        let log = [&made[..], &taken[..]].concat();
        assert_eq!(logged(platform, since).await, log);
        assert!(!platform.may("ada", "courses.manage_course_team", B1).await);
    })
    .await;
}

#[tokio::test]
async fn the_assignments_of_courses_become_access_roles_without_those_of_their_organization() {
    each(held_by_many(), async |platform| {
        let before = grants(platform).await;
        let named = [
            "course-v1:BeeU+ON+R1",
            "course-v1:BeeU+*",
            "course-v1:*",
            "course-v1:nonsense",
        ];
        let report = backward(platform, &courses(&named), KEEP).await;
        let expected = ["cyd course_staff course-v1:nonsense: unexpected_scope_type"];
        assert_eq!((report.copied, left(&report)), (1, owned(&expected)));
        let expected = [
            ("ben", "BeeU", B1, "staff"),
            ("cyd", "BeeU", "course-v1:BeeU+ON+R1", "staff"),
        ];
        assert_eq!(held(platform).await, lines(&expected));
        assert_eq!(grants(platform).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_goes_there_and_back_is_as_it_was() {
    let rows = &ROWS[..6];
    each(access_roles(rows), async |platform| {
        assert_eq!(forward(platform, &org("BeeU"), DELETE).await.copied, 6);
        assert_eq!(held(platform).await, [] as [String; 0]);
        assert_eq!(backward(platform, &org("BeeU"), DELETE).await.copied, 6);
        assert_eq!(held(platform).await, lines(rows));
        assert_eq!(grants(platform).await, [] as [String; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    each([access_roles(&ROWS), beside()].concat(), async |platform| {
        let state = async || (platform.world.export(&[""]).await, last_seq(platform).await);
        let before = state().await;
        let dry = forward(platform, &org("BeeU"), DRY).await;
        assert_eq!(state().await, before);
        assert!(!platform.may("ada", "courses.manage_course_team", B1).await);
        assert_eq!(forward(platform, &org("BeeU"), DELETE).await, dry);
        let between = state().await;
        let dry = backward(platform, &org("BeeU"), DRY).await;
        assert_eq!(state().await, between);
        assert_eq!(backward(platform, &org("BeeU"), DELETE).await, dry);
        assert_ne!(state().await, between);
    })
    .await;
}

#[test]
fn an_organization_or_courses_must_be_named() {
    let not_a_course = |key: &str| Err(NotSelected::NotACourse(key.to_owned()));
    for (org, courses, expected) in [
        (None, &[][..], Err(NotSelected::Everything)),
        (Some(""), &[], Err(NotSelected::Everything)),
        (Some("O"), &["lib:O:L"], Ok(Selection::Org("O".to_owned()))),
        (None, &[B1], Ok(Selection::Courses(vec![B1.to_owned()]))),
        (Some(""), &[B1, "lib:O:L"], not_a_course("lib:O:L")),
        (None, &["course-v1"], not_a_course("course-v1")),
        (None, &["O/C/R"], not_a_course("O/C/R")),
    ] {
        let courses = courses.iter().map(ToString::to_string).collect();
        let selected = Selection::of(org.map(str::to_owned), courses);
        assert_eq!(selected, expected);
    }
}
