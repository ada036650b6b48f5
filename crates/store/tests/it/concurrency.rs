//! Fifty writers at once lose nothing, double nothing and keep the log in order.

use std::collections::{HashMap, HashSet};

use provost_store::assignments::{self, Audit};
use provost_store::changes::{self, Entry};
use provost_store::users::{self, User};
use provost_store::{Store, rules};

use crate::support::{assignment, count, each_database, new_user, noon, user};

const WRITERS: usize = 50;

/// Runs a task for each writer, all at once; what they give.
async fn together<T: Send + 'static, F>(store: &Store, task: impl Fn(Store, usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(task(store.clone(), writer)))
        .collect();
    let mut given = Vec::with_capacity(WRITERS);
    for task in tasks {
        given.push(task.await.unwrap());
    }
    given
}

async fn people(store: &Store, names: &[&str]) -> Vec<User> {
    let tx = store.begin().await.unwrap();
    let mut people = Vec::new();
    for name in names {
        people.push(user(&tx, name).await);
    }
    tx.commit().await.unwrap();
    people
}

#[test]
fn the_same_roles_given_by_all_are_given_once() {
    each_database(|store| async move {
        let people = people(&store, &["ada", "bob", "cyd"]).await;
        let added = together(&store, |store, writer| {
            let mut wanted: Vec<_> = people
                .iter()
                .map(|user| assignment(user, "library_admin", "lib:Org1:LIB1"))
                .collect();
            // No order among writers may be needed to keep them from waiting for each other.
            wanted.rotate_left(writer % 3);
            async move {
                let tx = store.begin().await.unwrap();
                let added = assignments::assign(&tx, &wanted, noon(), Audit::By(None))
                    .await
                    .unwrap();
                let entries: Vec<Entry> = added
                    .iter()
                    .map(|grant| Entry::new("given", &grant.subject))
                    .collect();
                changes::append(&tx, noon(), &entries).await.unwrap();
                tx.commit().await.unwrap();
                added.len()
            }
        })
        .await;
        assert_eq!(added.iter().sum::<usize>(), 3);
        for (table, expected) in [
            ("casbin_rules", 3),
            ("authz_extended_rules", 3),
            ("authz_subjects", 3),
            ("authz_scopes", 1),
            ("authz_library_scopes", 1),
            ("authz_assignment_audits", 3),
            ("changes", 3),
        ] {
            assert_eq!(count(&store, table).await, expected, "{table}");
        }
    });
}

#[test]
fn the_log_of_giving_and_taking_tells_what_is_there() {
    each_database(|store| async move {
        let ada = people(&store, &["ada"]).await.remove(0);
        together(&store, |store, writer| {
            let wanted = vec![assignment(&ada, "library_admin", "lib:*")];
            async move {
                let tx = store.begin().await.unwrap();
                let (kind, changed) = if writer % 2 == 0 {
                    let added = assignments::assign(&tx, &wanted, noon(), Audit::None).await;
                    ("given", added.unwrap())
                } else {
                    let removed = assignments::revoke(&tx, &wanted, noon(), Audit::None).await;
                    ("taken", removed.unwrap())
                };
                let entries: Vec<Entry> = changed
                    .iter()
                    .map(|grant| Entry::new(kind, &grant.id.to_string()))
                    .collect();
                changes::append(&tx, noon(), &entries).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
        .await;
        let log = changes::since(store.read(), 0).await.unwrap();
        let mut there: HashSet<String> = HashSet::new();
        for (number, change) in (1..).zip(&log) {
            assert_eq!(change.seq, number);
            // Giving and taking alternate, each of what the other left.
            let ok = match change.kind.as_str() {
                "given" => there.is_empty() && there.insert(change.subject.clone()),
                _ => there.remove(&change.subject),
            };
            assert!(ok, "{change:?} of {log:?}");
        }
        let stored = rules::grants(store.read(), 0, 10).await.unwrap();
        let stored: HashSet<String> = stored.iter().map(|grant| grant.id.to_string()).collect();
        assert_eq!(stored, there);
    });
}

#[test]
fn the_log_has_no_gap_and_whoever_follows_it_misses_nothing() {
    each_database(|store| async move {
        let follower = {
            let store = store.clone();
            tokio::spawn(async move {
                let mut seen: Vec<i64> = Vec::new();
                while seen.len() < WRITERS * 2 {
                    let after = seen.last().copied().unwrap_or(0);
                    let news = changes::since(store.read(), after).await.unwrap();
                    seen.extend(news.iter().map(|change| change.seq));
                    tokio::task::yield_now().await;
                }
                seen
            })
        };
        together(&store, |store, writer| async move {
            let name = writer.to_string();
            // A transaction that fails in between uses up no number.
            let tx = store.begin().await.unwrap();
            changes::append(&tx, noon(), &[Entry::new("lost", &name)])
                .await
                .unwrap();
            drop(tx);
            let tx = store.begin().await.unwrap();
            let two = [Entry::new("a", &name), Entry::new("b", &name)];
            changes::append(&tx, noon(), &two).await.unwrap();
            tx.commit().await.unwrap();
        })
        .await;
        let seen = follower.await.unwrap();
        assert!(
            (1..).zip(&seen).all(|(number, seq)| number == *seq),
            "{seen:?}"
        );
    });
}

#[test]
fn writers_that_touch_the_same_things_in_another_order_do_not_stop_each_other() {
    each_database(|store| async move {
        let ada = people(&store, &["ada"]).await.remove(0);
        together(&store, |store, writer| {
            let wanted = vec![assignment(&ada, "library_admin", "lib:*")];
            let id = ada.id;
            async move {
                let tx = store.begin().await.unwrap();
                if writer % 2 == 0 {
                    // As an import: policy, then people.
                    assignments::assign(&tx, &wanted, noon(), Audit::None)
                        .await
                        .unwrap();
                    users::set_password(&tx, id, "!").await.unwrap();
                } else {
                    // As a sign-in: people, then the log.
                    users::set_last_login(&tx, id, noon()).await.unwrap();
                }
                let entries = [Entry::new("written", &writer.to_string())];
                changes::append(&tx, noon(), &entries).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
        .await;
        assert_eq!(count(&store, "changes").await, WRITERS);
    });
}

#[test]
fn a_new_person_is_made_once() {
    each_database(|store| async move {
        let made = together(&store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let (user, made) = users::ensure(&tx, &new_user("ada")).await.unwrap();
            tx.commit().await.unwrap();
            (user.id, made)
        })
        .await;
        let ids: HashMap<i64, usize> = made.iter().fold(HashMap::new(), |mut ids, (id, _)| {
            *ids.entry(*id).or_default() += 1;
            ids
        });
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(made.iter().filter(|(_, made)| *made).count(), 1);
    });
}
