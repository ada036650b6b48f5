//! The index of courses follows the log: what was changed in place answers as what another process
//! compiles anew.

use provost_policy::courses::Reason;
use provost_store::changes::Entry;
use provost_store::course_access::{courses, groups, memberships};
use provost_store::courses::Course;
use provost_store::users::{Flags, NewUser};
use provost_store::{Options, Store, Tx, users};
use serde_json::{Value, json};

use crate::{App, Author, Clock, Settings, kind};

const FIRST: &str = "course-v1:O+C+1";
const SECOND: &str = "course-v1:O+C+2";

struct World {
    app: App,
    user: i64,
    organization: i64,
}

async fn opened(store: &Store) -> App {
    App::open(store.clone(), Settings::default(), Clock::system())
        .await
        .unwrap()
}

async fn world() -> World {
    let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    let now = Clock::system().now();
    let tx = store.begin().await.unwrap();
    let ada = NewUser {
        username: "ada".to_owned(),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        password: String::new(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
        date_joined: now,
    };
    let user = users::create(&tx, &ada).await.unwrap().id;
    let organization = provost_store::organizations::NewOrganization {
        short_name: "org".to_owned(),
        name: "Org".to_owned(),
        description: None,
        logo: String::new(),
        active: true,
        created: now,
    };
    let organization = provost_store::organizations::create(&tx, &organization);
    let organization = organization.await.unwrap();
    for id in [FIRST, SECOND] {
        let course = Course {
            id: id.to_owned(),
            org: "O".to_owned(),
            display_name: None,
        };
        let made = provost_store::courses::create_course(&tx, &course);
        made.await.unwrap();
    }
    tx.commit().await.unwrap();
    World {
        app: opened(&store).await,
        user,
        organization,
    }
}

impl World {
    async fn begin(&self) -> Tx {
        self.app.store().begin().await.unwrap()
    }

    /// Commits a change, as it is told; what then decides, for the first course and the second.
    async fn told(&self, tx: Tx, kind: &str, before: Value, after: Value) -> [&'static str; 2] {
        let said = |facts: Value| (!facts.is_null()).then_some(facts);
        let entry = Entry {
            before: said(before),
            after: said(after),
            ..Author::program("test").entry(kind, "something")
        };
        self.app.commit(tx, &[entry]).await.unwrap();
        let decided = reasons(&self.app, self.user);
        assert_eq!(decided, reasons(&opened(self.app.store()).await, self.user));
        decided.map(Reason::word)
    }
}

fn reasons(app: &App, user: i64) -> [Reason; 2] {
    let index = app.course_access();
    assert_eq!(index.revision(), app.policy().revision());
    assert_eq!(index.user_by_name("ada"), Some(user));
    [FIRST, SECOND].map(|course| index.decide(Some(user), course).reason)
}

#[tokio::test]
async fn memberships_links_and_groups_are_followed_in_place() {
    let world = world().await;
    let (user, now) = (world.user, world.app.now());
    let tx = world.begin().await;
    let one = groups::create(&tx, world.organization, "one", "", now);
    let one = one.await.unwrap().id;
    let two = groups::create(&tx, world.organization, "two", "", now);
    let two = two.await.unwrap().id;
    let id = memberships::create(&tx, user, one, false, now);
    let id = id.await.unwrap();
    let facts = |group: i64| json!({"id": id, "user": user, "group": group, "automatic": false});
    let decided = world.told(tx, kind::MEMBERSHIP_CREATED, json!(null), facts(one));
    assert_eq!(decided.await, ["not_member", "not_member"]);

    let tx = world.begin().await;
    let link = courses::create_link(&tx, FIRST, one, now).await.unwrap();
    let linked = |course: &str, group: i64| json!({"id": link, "course": course, "group": group});
    let decided = world.told(
        tx,
        kind::GROUP_COURSE_CREATED,
        json!(null),
        linked(FIRST, one),
    );
    assert_eq!(decided.await, ["member", "not_member"]);

    let tx = world.begin().await;
    memberships::change(&tx, id, user, two, now).await.unwrap();
    let decided = world.told(tx, kind::MEMBERSHIP_CHANGED, facts(one), facts(two));
    assert_eq!(decided.await, ["not_member", "not_member"]);

    let tx = world.begin().await;
    let change = courses::change_link(&tx, link, SECOND, two, now);
    change.await.unwrap();
    let (before, after) = (linked(FIRST, one), linked(SECOND, two));
    let decided = world.told(tx, kind::GROUP_COURSE_CHANGED, before, after);
    assert_eq!(decided.await, ["not_member", "member"]);

    let tx = world.begin().await;
    groups::remove(&tx, two).await.unwrap();
    let before = json!({"id": two, "organization": world.organization});
    let decided = world.told(tx, kind::GROUP_DELETED, before, json!(null));
    assert_eq!(decided.await, ["not_member", "not_member"]);
}

#[tokio::test]
async fn memberships_of_an_evaluation_are_followed_in_place() {
    let world = world().await;
    let now = world.app.now();
    let tx = world.begin().await;
    let group = groups::create(&tx, world.organization, "one", "", now);
    let group = group.await.unwrap().id;
    let link = courses::create_link(&tx, FIRST, group, now).await.unwrap();
    let linked = json!({"id": link, "course": FIRST, "group": group});
    let decided = world.told(tx, kind::GROUP_COURSE_CREATED, json!(null), linked);
    assert_eq!(decided.await, ["not_member", "not_member"]);

    let tx = world.begin().await;
    let pairs = [(world.user, group)];
    let made = memberships::create_many(&tx, &pairs, true, now);
    let facts = json!({"evaluation": 1, "memberships": made.await.unwrap()});
    let decided = world.told(tx, kind::EVALUATION_APPLIED, json!(null), facts);
    assert_eq!(decided.await, ["member", "not_member"]);
}

#[tokio::test]
async fn public_courses_and_accounts_are_followed_in_place() {
    let world = world().await;
    let (user, now) = (world.user, world.app.now());
    let tx = world.begin().await;
    let id = courses::create_flag(&tx, FIRST, now).await.unwrap();
    let facts = |course: &str| json!({"id": id, "course": course});
    let decided = world.told(tx, kind::PUBLIC_COURSE_CREATED, json!(null), facts(FIRST));
    assert_eq!(decided.await, ["public", "not_member"]);

    let tx = world.begin().await;
    courses::change_flag(&tx, id, SECOND, now).await.unwrap();
    let decided = world.told(tx, kind::PUBLIC_COURSE_CHANGED, facts(FIRST), facts(SECOND));
    assert_eq!(decided.await, ["not_member", "public"]);

    let tx = world.begin().await;
    courses::remove_flag(&tx, id).await.unwrap();
    let decided = world.told(tx, kind::PUBLIC_COURSE_DELETED, facts(SECOND), json!(null));
    assert_eq!(decided.await, ["not_member", "not_member"]);

    for (active, word) in [(true, "staff"), (false, "not_member")] {
        let tx = world.begin().await;
        let flags = Flags {
            is_active: Some(active),
            is_staff: Some(true),
            is_superuser: None,
        };
        users::set_flags(&tx, user, flags).await.unwrap();
        let after = json!({
            "id": user, "username": "ada", "is_active": active, "is_staff": true,
            "is_superuser": false,
        });
        let decided = world.told(tx, kind::USER_CHANGED, json!(null), after);
        assert_eq!(decided.await, [word, word]);

        // An entry that does not speak of the switches leaves them as they are.
        let password = |word: &str| json!({"password": word});
        let (before, after) = (password("usable"), password("changed"));
        let tx = world.begin().await;
        let decided = world.told(tx, kind::USER_CHANGED, before, after);
        assert_eq!(decided.await, [word, word]);
    }
}
