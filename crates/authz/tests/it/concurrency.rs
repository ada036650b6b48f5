//! Many at once: nothing is lost, nothing doubled, nobody sees a failure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use provost_app::{App, Settings, kind};
use provost_store::changes::{self, Change};
use provost_store::{Options, Store, rules};
use provost_testkit::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::world::{PEOPLE, Platform, each_with, path, routes};

const WRITERS: usize = 50;
const ROLES: [&str; 2] = ["library_user", "library_author"];
const SCOPES: [&str; 4] = ["lib:BeeU:HIVE", "lib:AntC:HILL", "lib:BeeU:*", "lib:*"];

/// How many stored rows there are of each subject, role and scope.
type State = BTreeMap<[String; 3], i64>;

/// One request to give or take a role.
#[derive(Clone)]
struct Step {
    gives: bool,
    role: &'static str,
    scope: &'static str,
    users: Vec<&'static str>,
}

impl Step {
    /// What the request changed, as its answer says.
    async fn run(&self, caller: &Client) -> State {
        let answer = if self.gives {
            let body = json!({"role": self.role, "scope": self.scope, "users": self.users});
            caller.put(&path("roles/users/"), &body).await
        } else {
            let (role, scope, users) = (self.role, self.scope, self.users.join(","));
            let query = format!("roles/users/?role={role}&scope={scope}&users={users}");
            caller.delete(&path(&query)).await
        };
        assert_eq!(answer.status, 207, "{}", answer.text());
        let step = if self.gives { 1 } else { -1 };
        let answer = answer.json();
        let done = answer["completed"].as_array().unwrap();
        done.iter()
            .map(|entry| (self.key(entry["user_identifier"].as_str().unwrap()), step))
            .collect()
    }

    fn key(&self, user: &str) -> [String; 3] {
        let namespace = self.scope.split(':').next().unwrap();
        [
            format!("user^{user}"),
            format!("role^{}", self.role),
            format!("{namespace}^{}", self.scope),
        ]
    }
}

/// What a writer does, different for each and the same in every run: `gives` says which pairs of
/// role and scope are given; the others are taken.
fn steps(writer: usize, gives: impl Fn(usize, usize) -> bool) -> Vec<Step> {
    // Names with capitals cannot be taken by name, so nobody of that sort takes part.
    let people: Vec<&str> = PEOPLE.into_iter().filter(|name| *name != "Eve").collect();
    let mut steps = Vec::new();
    for step in 0..6 {
        let number = writer * 7 + step * 5;
        let (role, scope) = ((number / 3) % ROLES.len(), number % SCOPES.len());
        steps.push(Step {
            gives: gives(role, scope),
            role: ROLES[role],
            scope: SCOPES[scope],
            users: (0..3)
                .map(|more| people[(number + more * writer) % people.len()])
                .collect(),
        });
    }
    steps
}

/// Runs every writer at once, each on the router that its number falls to; what they changed.
async fn together(callers: &[Client], plan: impl Fn(usize) -> Vec<Step>) -> State {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (caller, steps) = (callers[writer % callers.len()].clone(), plan(writer));
        writers.spawn(async move {
            let mut changed = Vec::new();
            for step in steps {
                changed.push(step.run(&caller).await);
            }
            changed
        });
    }
    let mut sum = State::new();
    for (key, step) in writers.join_all().await.into_iter().flatten().flatten() {
        *sum.entry(key).or_default() += step;
    }
    sum.retain(|_, rows| *rows != 0);
    sum
}

async fn stored(app: &App) -> State {
    let mut state = State::new();
    for grant in rules::grants(app.store().read(), 0, 100_000).await.unwrap() {
        *state
            .entry([grant.subject, grant.role, grant.scope])
            .or_default() += 1;
    }
    state
}

/// What the policy index of one process holds.
fn indexed(app: &App) -> State {
    let mut state = State::new();
    for name in PEOPLE {
        let subject = format!("user^{name}");
        for grant in app.policy().grants_of(&subject) {
            let key = [
                subject.clone(),
                grant.role.to_owned(),
                grant.scope.to_owned(),
            ];
            *state.entry(key).or_default() += 1;
        }
    }
    state
}

/// What the change log says, taken from its start.
fn replayed(log: &[Change]) -> State {
    let mut state = State::new();
    for change in log {
        let (value, step) = match change.kind.as_str() {
            kind::GRANTED => (change.after.as_ref().unwrap(), 1),
            kind::REVOKED => (change.before.as_ref().unwrap(), -1),
            _ => continue,
        };
        let key = ["subject", "role", "scope"].map(|name| value[name].as_str().unwrap().to_owned());
        let rows = state.entry(key).or_default();
        *rows += step;
        assert!(
            (0..=1).contains(rows),
            "{change:?} does not follow from what was before"
        );
    }
    state.retain(|_, rows| *rows != 0);
    state
}

/// The stored rows, the log, the index and the answers tell the same.
async fn check(apps: &[&App], told: &State) {
    let state = stored(apps[0]).await;
    assert!(
        state.values().all(|rows| *rows == 1),
        "a row is doubled: {state:?}"
    );
    assert_eq!(&state, told, "the answers");
    let log = changes::since(apps[0].store().read(), 0).await.unwrap();
    let numbers: Vec<i64> = log.iter().map(|change| change.seq).collect();
    assert_eq!(
        numbers,
        (1..=i64::try_from(log.len()).unwrap()).collect::<Vec<_>>()
    );
    assert_eq!(replayed(&log), state, "the log");
    for app in apps {
        app.refresh().await.unwrap();
        assert_eq!(indexed(app), state, "an index");
        assert_eq!(app.policy().revision(), log.len() as u64);
    }
}

/// A second application on the same database, and a caller of it in the same session.
async fn second(platform: &Platform) -> (App, axum::Router) {
    let store = Store::open(&Options::at(&platform.world.url))
        .await
        .unwrap();
    let clock = platform.world.clock.clone();
    let app = App::open(store, Settings::default(), clock).await.unwrap();
    let router = routes(&app);
    (app, router)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_writers_lose_and_double_nothing() {
    each_with(Settings::default(), async |platform| {
        let root = platform.caller("root").await;
        let told = together(&[root], |writer| {
            steps(writer, |_, _| writer.is_multiple_of(2))
        })
        .await;
        assert!(told.len() > 3, "{told:?}");
        check(&[&platform.world.app], &told).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writes_that_commute_end_as_they_would_one_after_another() {
    // Some pairs of role and scope are only given, the others only taken.
    let gives = |role: usize, scope: usize| (role + scope).is_multiple_of(2);
    each_with(Settings::default(), async |platform| {
        let root = platform.caller("root").await;
        let filled = together(std::slice::from_ref(&root), |writer| {
            steps(writer, |_, _| true)
        })
        .await;
        check(&[&platform.world.app], &filled).await;
        let changed = together(&[root], |writer| steps(writer, gives)).await;
        let mut expected = filled.clone();
        for (key, step) in &changed {
            *expected.entry(key.clone()).or_default() += step;
        }
        expected.retain(|_, rows| *rows != 0);
        check(&[&platform.world.app], &expected).await;
        let mut serial = filled;
        for step in (0..WRITERS).flat_map(|writer| steps(writer, gives)) {
            for user in &step.users {
                if step.gives {
                    serial.insert(step.key(user), 1);
                } else {
                    serial.remove(&step.key(user));
                }
            }
        }
        assert_eq!(expected, serial);
        assert!(!changed.is_empty() && changed.values().any(|step| *step < 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_meanwhile_is_always_answered() {
    const LISTS: [&str; 6] = [
        "assignments/?page_size=100",
        "users/?sort_by=email&order=desc",
        "roles/users/?scope=lib:BeeU:HIVE",
        "roles/?scope=lib:BeeU:HIVE",
        "scopes/",
        "users/ben/assignments/",
    ];
    each_with(Settings::default(), async |platform| {
        let root = platform.caller("root").await;
        let done = Arc::new(AtomicBool::new(false));
        let mut readers = JoinSet::new();
        for list in LISTS {
            let (caller, done) = (root.clone(), Arc::clone(&done));
            readers.spawn(async move {
                let mut read = 0;
                while !done.load(Ordering::Relaxed) || read == 0 {
                    let answer = caller.get(&path(list)).await;
                    assert_eq!(answer.status, 200, "{list}: {}", answer.text());
                    read += 1;
                }
            });
        }
        let told = together(&[root], |writer| {
            steps(writer, |_, _| writer.is_multiple_of(2))
        })
        .await;
        done.store(true, Ordering::Relaxed);
        readers.join_all().await;
        check(&[&platform.world.app], &told).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_database_see_each_others_grants() {
    each_with(Settings::default(), async |platform| {
        let here = &platform.world.app;
        let (there, router) = second(platform).await;
        let root = platform.caller("root").await;
        let elsewhere = root.at(router);
        there.refresh().await.unwrap();
        let may = async |caller: &Client| {
            let question =
                json!([{"action": "content_libraries.view_library", "scope": "lib:BeeU:HIVE"}]);
            let asked = path("permissions/validate/me");
            caller.post(&asked, &question).await.json()[0]["allowed"].clone()
        };
        let ben = platform.caller("ben").await;
        let ben_elsewhere = ben.at(routes(&there));
        assert_eq!(may(&ben_elsewhere).await, Value::Bool(false));
        platform.give("ben", "library_user", "lib:BeeU:HIVE").await;
        there.refresh().await.unwrap();
        assert_eq!(may(&ben_elsewhere).await, Value::Bool(true));
        let query = "roles/users/?role=library_user&scope=lib:BeeU:HIVE&users=ben";
        let answer = elsewhere.delete(&path(query)).await;
        assert_eq!(answer.json()["completed"][0]["status"], "role_removed");
        here.refresh().await.unwrap();
        assert_eq!(may(&ben).await, Value::Bool(false));
        let told = together(&[root, elsewhere], |writer| {
            steps(writer, |_, _| writer.is_multiple_of(2))
        })
        .await;
        check(&[here, &there], &told).await;
        there.store().close().await;
    })
    .await;
}
