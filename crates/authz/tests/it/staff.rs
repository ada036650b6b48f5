//! Who counts as staff: the same everywhere, but for the permissions of the reference's own API.

use provost_app::{App, Author, Clock, Settings, account, kind};
use provost_store::changes::Entry;
use provost_store::users::{self, Flags, User};
use provost_store::{Options, Store, Tx};
use serde_json::json;

use crate::world::{Platform, each, path};

const VIEW: &str = "content_libraries.view_library";
const HIVE: &str = "lib:BeeU:HIVE";
const CHECK: &str = "/api/provost/v1/authz/check";
const LIST: &str =
    "/api/provost/v1/authz/list-subjects?action=courses.view_course&scope=lib:BeeU:HIVE";

/// Somebody who was staff and asked to be forgotten, and somebody whose account is inactive.
const FORMER: &str = r#"[
{"model": "auth.user", "pk": 21, "fields": {"username": "past", "email": "", "is_active": true,
 "is_staff": true, "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}},
{"model": "user_api.userretirementrequest", "pk": 1, "fields": {"user": 21}},
{"model": "auth.user", "pk": 22, "fields": {"username": "lapsed", "email": "", "is_active": false,
 "is_staff": true, "is_superuser": true, "date_joined": "2026-01-02T03:04:05Z"}}]"#;

#[tokio::test]
async fn staff_who_are_retired_are_staff_nowhere_but_in_the_reference_s_permissions() {
    each(async |platform| {
        platform.world.import(FORMER).await;
        let past = platform.world.session_of(21).await;
        let own = json!([{"action": VIEW, "scope": HIVE}, {"action": VIEW}]);
        let own = past.post(&path("permissions/validate/me"), &own).await;
        let allowed = |at: usize| own.json()[at]["allowed"].clone();
        assert_eq!([allowed(0), allowed(1)], [json!(false), json!(false)]);

        let asked = json!({"checks": [
            {"subject": "past", "action": VIEW, "scope": HIVE},
            {"subject": "past", "action": VIEW},
        ]});
        let root = platform.caller("root").await;
        for answer in [
            past.post(CHECK, &asked).await,
            root.post(CHECK, &asked).await,
        ] {
            let results = answer.json()["results"].clone();
            let reason = |at: usize| results[at]["reason"].clone();
            assert_eq!(
                [reason(0), reason(1)],
                [json!("no_assignment"), json!("no_assignment")]
            );
        }
        let others = json!({"checks": [{"subject": "ada", "action": VIEW, "scope": HIVE}]});
        assert_eq!(past.post(CHECK, &others).await.status, 403);
        assert_eq!(past.get(LIST).await.status, 403);

        for list in [
            "assignments/",
            "users/",
            "scopes/",
            "orgs/",
            "users/ada/assignments/",
        ] {
            let answer = past.get(&path(list)).await;
            assert_eq!(
                (answer.status, &answer.json()["count"]),
                (200, &json!(0)),
                "{list}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn staff_whose_account_is_inactive_keep_the_reference_s_api_alone() {
    each(async |platform| {
        platform.world.import(FORMER).await;
        let lapsed = platform.world.session_of(22).await;
        assert_eq!(lapsed.get(&path("assignments/")).await.status, 200);
        let own = json!({"checks": [{"subject": "lapsed", "action": VIEW}]});
        for answer in [lapsed.get(LIST).await, lapsed.post(CHECK, &own).await] {
            let problem = answer.json();
            assert_eq!(
                (answer.status, &problem["detail"]),
                (403, &json!("The account is inactive."))
            );
        }
    })
    .await;
}

/// What is known of somebody, here and in a process that starts now: staff or not, and the account.
async fn known(platform: &Platform, user: &User) -> (bool, Option<i64>) {
    let store = Store::open(&Options::at(&platform.world.url))
        .await
        .unwrap();
    let anew = App::open(store, Settings::default(), Clock::system())
        .await
        .unwrap();
    let told = |app: &App| {
        let account = app.course_access().user_by_name(&user.username);
        (app.is_staff(&user.username), account)
    };
    let here = told(&platform.world.app);
    assert_eq!(here, told(&anew), "{}", user.username);
    here
}

/// Writes an entry that says that somebody changed; gives it back.
async fn say(app: &App, tx: Tx, user: &User, entry: Entry) -> Entry {
    let subject = provost_keys::stored::user(&user.username);
    let entry = Entry { subject, ..entry };
    app.commit(tx, std::slice::from_ref(&entry)).await.unwrap();
    entry
}

#[tokio::test]
async fn an_entry_about_an_account_makes_nobody_staff_who_is_not() {
    each(async |platform| {
        platform.world.import(FORMER).await;
        let app = &platform.world.app;
        let author = Author::program("test");
        let db = app.store().read();
        let past = users::find(db, 21).await.unwrap().unwrap();
        let stan = users::find(db, 2).await.unwrap().unwrap();
        assert_eq!(known(platform, &past).await, (false, None));
        assert_eq!(known(platform, &stan).await, (true, Some(2)));

        let tx = app.store().begin().await.unwrap();
        let facts = account::facts(&tx, &past).await.unwrap();
        let entry = Entry {
            after: Some(facts),
            ..Entry::new(kind::USER_CHANGED, "")
        };
        say(app, tx, &past, entry).await;
        assert_eq!(known(platform, &past).await, (false, None));

        let tx = app.store().begin().await.unwrap();
        let flags = Flags {
            is_staff: Some(false),
            ..Flags::default()
        };
        users::set_flags(&tx, stan.id, flags).await.unwrap();
        let plain = users::find(&tx, stan.id).await.unwrap().unwrap();
        let facts = account::facts(&tx, &plain).await.unwrap();
        let entry = Entry {
            after: Some(facts),
            ..Entry::new(kind::USER_CHANGED, "")
        };
        say(app, tx, &stan, entry).await;
        assert_eq!(known(platform, &stan).await, (false, Some(2)));

        for (user, account) in [(&past, None), (&stan, Some(2))] {
            let tx = app.store().begin().await.unwrap();
            let entry = account::set_password(&tx, &author, user, "secret")
                .await
                .unwrap();
            let entry = say(app, tx, user, entry).await;
            assert_eq!(entry.after, Some(json!({"password": "changed"})));
            assert!(entry.before.is_some());
            assert_eq!(known(platform, user).await, (false, account));
        }
    })
    .await;
}
