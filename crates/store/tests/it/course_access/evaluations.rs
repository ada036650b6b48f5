//! Whom rules are about, page after page by key, and evaluations from beginning to end.

use provost_store::course_access::evaluations::{self, NewEvaluation, Outcome, State};
use provost_store::course_access::{candidates, memberships, rules};
use provost_store::{Constraint, Fault, Store, users};

use super::given::{ALL, World, populate};
use crate::support::{each_database, later, noon};

#[test]
fn candidates_are_the_active_people_of_an_organization_by_key() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        let mut expected: Vec<i64> = ["zoe", "bob", "ÇİĞDEM", "cyd", "dan", "max"]
            .map(|name| world.user(name))
            .to_vec();
        expected.sort_unstable();
        let (mut found, mut after) = (Vec::new(), i64::MIN);
        loop {
            let chunk = candidates::after(db, world.red, after, 2).await.unwrap();
            let Some(last) = chunk.last() else { break };
            after = last.person.id;
            for candidate in chunk {
                let held = memberships::of_person(db, candidate.person.id).await;
                assert_eq!(candidate.is_member, !held.unwrap().is_empty());
                found.push(candidate.person.id);
            }
        }
        assert_eq!(found, expected);
        assert_eq!(candidates::count(db, world.red).await.unwrap(), 6);
        let tx = store.begin().await.unwrap();
        let locked = candidates::lock_after(&tx, world.red, i64::MIN, 100).await;
        let unlocked = candidates::after(&tx, world.red, i64::MIN, 100).await;
        assert_eq!(locked.unwrap(), unlocked.unwrap());
        let groups = [world.group("r1"), 9_999, world.group("b1")];
        let there = candidates::lock_groups(&tx, &groups).await.unwrap();
        assert_eq!(there, [groups[0], groups[2]].into());
    });
}

#[test]
fn pages_by_key_are_the_whole_list() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let tx = store.begin().await.unwrap();
        for (user, group) in [("zoe", "r3"), ("bob", "r2"), ("gus", "r1"), ("max", "r1")] {
            let pair = (world.user(user), world.group(group));
            memberships::create_many(&tx, &[pair], false, noon())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let (db, red) = (store.read(), world.red);
        let whole = rules::page(db, red, &ALL, None).await.unwrap().rows;
        let (mut found, mut after) = (Vec::new(), i64::MIN);
        while let Some(rule) = rules::after(db, red, after, 1).await.unwrap().pop() {
            after = rule.id;
            found.push(rule);
        }
        assert_eq!(found, whole);
        let mut whole = memberships::page(db, red, &ALL, None).await.unwrap().rows;
        let foreign = whole.iter().find(|row| row.user.username == "gus");
        let foreign = foreign.unwrap().id;
        whole.retain(|row| row.id != foreign);
        let (mut found, mut after) = (Vec::new(), i64::MIN);
        while let Some(row) = memberships::own_after(db, red, after, 1)
            .await
            .unwrap()
            .pop()
        {
            let one = memberships::find_own(db, red, row.id).await.unwrap();
            assert_eq!(one.as_ref(), Some(&row));
            after = row.id;
            found.push(row);
        }
        assert_eq!(found, whole);
        let none = memberships::find_own(db, red, foreign).await.unwrap();
        assert_eq!(none, None);
    });
}

/// A new evaluation of red, asked for by a request with this key.
async fn made(store: &Store, world: &World, key: Option<&str>) -> Result<i64, Fault> {
    let new = NewEvaluation {
        organization: world.red,
        dry_run: false,
        total: 7,
        request: key.map(|key| (key.to_owned(), "hash".to_owned())),
    };
    let tx = store.begin().await?;
    evaluations::lock(&tx, world.red).await?;
    let id = evaluations::create(&tx, &new, noon()).await?;
    tx.commit().await?;
    Ok(id)
}

#[test]
fn an_evaluation_goes_on_until_it_has_ended() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let id = made(&store, &world, None).await.unwrap();
        let find = async || {
            evaluations::find(store.read(), world.red, id)
                .await
                .unwrap()
        };
        assert_eq!(find().await.unwrap().state, State::Queued);
        let tx = store.begin().await.unwrap();
        assert!(evaluations::begin(&tx, id, later(1)).await.unwrap());
        let counts = [(2, 1), (3, 2)];
        for count in counts {
            assert!(
                evaluations::advance(&tx, id, count, later(2))
                    .await
                    .unwrap()
            );
        }
        tx.commit().await.unwrap();
        let found = find().await.unwrap();
        assert_eq!((found.state, found.total), (State::Running, 7));
        assert_eq!((found.done, found.joined), (5, 3));
        assert_eq!(found.started_at, Some(later(1)));
        assert_eq!((found.created_at, found.updated_at), (noon(), later(2)));
        let tx = store.begin().await.unwrap();
        evaluations::finish(&tx, id, later(3)).await.unwrap();
        evaluations::fail(&tx, id, "too late", later(4))
            .await
            .unwrap();
        assert!(
            !evaluations::advance(&tx, id, (1, 1), later(4))
                .await
                .unwrap()
        );
        assert!(!evaluations::begin(&tx, id, later(4)).await.unwrap());
        tx.commit().await.unwrap();
        let found = find().await.unwrap();
        assert_eq!(
            (found.state, found.total, found.done),
            (State::Finished, 5, 5)
        );
        assert_eq!((found.finished_at, found.error), (Some(later(3)), None));
        let foreign = evaluations::find(store.read(), world.blue, id).await;
        assert_eq!(foreign.unwrap(), None);
    });
}

#[test]
fn evaluations_are_found_by_request_by_state_and_newest_first() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let keyed = made(&store, &world, Some("key")).await.unwrap();
        let again = made(&store, &world, Some("key")).await;
        let duplicate = Constraint::EvaluationKey;
        assert!(matches!(again, Err(Fault::Duplicate(of)) if of == duplicate));
        let failed = made(&store, &world, None).await.unwrap();
        let left = made(&store, &world, None).await.unwrap();
        let tx = store.begin().await.unwrap();
        evaluations::fail(&tx, failed, "broken", later(1))
            .await
            .unwrap();
        evaluations::interrupt(&tx, left).await.unwrap();
        tx.commit().await.unwrap();
        let db = store.read();
        let of_request = evaluations::of_request(db, world.red, "key").await;
        let of_request = of_request.unwrap().unwrap();
        assert_eq!(
            (of_request.id, of_request.body_hash.as_deref()),
            (keyed, Some("hash"))
        );
        let foreign = evaluations::of_request(db, world.blue, "key").await;
        assert_eq!(foreign.unwrap(), None);
        assert_eq!(
            evaluations::open(db, world.red).await.unwrap(),
            [of_request]
        );
        let page = evaluations::page(db, world.red, None, 2).await.unwrap();
        let states: Vec<_> = page.iter().map(|row| (row.id, row.state)).collect();
        assert_eq!(
            states,
            [(left, State::Interrupted), (failed, State::Failed)]
        );
        let rest = evaluations::page(db, world.red, Some(failed), 2).await;
        assert_eq!(rest.unwrap()[0].id, keyed);
    });
}

#[test]
fn what_became_of_people_goes_with_them() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let id = made(&store, &world, None).await.unwrap();
        let outcome = |name: &str, rule: Option<i64>| Outcome {
            person: world.user(name),
            word: "joined".to_owned(),
            rule,
            group: rule,
        };
        let outcomes = [outcome("cyd", Some(9_999)), outcome("zoe", None)];
        let tx = store.begin().await.unwrap();
        evaluations::record(&tx, id, &outcomes).await.unwrap();
        tx.commit().await.unwrap();
        let shown = async |after: i64| {
            let rows = evaluations::results(store.read(), (world.red, id), after, 5)
                .await
                .unwrap();
            let rows = rows.into_iter().map(|row| (row.person.username, row.rule));
            rows.collect::<Vec<_>>()
        };
        let (zoe, cyd) = (("zoe".to_owned(), None), ("cyd".to_owned(), Some(9_999)));
        assert_eq!(shown(i64::MIN).await, [zoe, cyd.clone()]);
        assert_eq!(shown(world.user("zoe")).await, std::slice::from_ref(&cyd));
        let elsewhere = evaluations::results(store.read(), (world.blue, id), i64::MIN, 5);
        assert!(elsewhere.await.unwrap().is_empty());
        let user = users::by_username(store.read(), "zoe").await.unwrap();
        let tx = store.begin().await.unwrap();
        users::delete(&tx, user.unwrap().id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(shown(i64::MIN).await, [cyd]);
    });
}
