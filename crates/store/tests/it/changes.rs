//! The change log: numbers, order, filters.

use provost_store::changes::{self, Entry, Filter, Outcome, Waiting};
use provost_store::{Store, Tx};
use serde_json::json;

use crate::support::{each_database, later, noon};

fn entry(actor: &str, kind: &str, subject: &str) -> Entry {
    Entry {
        actor: actor.to_owned(),
        ..Entry::new(kind, subject)
    }
}

async fn append(tx: &Tx, seconds: i64, entries: &[Entry]) -> i64 {
    changes::append(tx, later(seconds), entries).await.unwrap()
}

async fn seqs(store: &Store, filter: Filter, before: Option<i64>, limit: u64) -> Vec<i64> {
    let page = changes::page(store.read(), &filter, before, limit)
        .await
        .unwrap();
    page.into_iter().map(|change| change.seq).collect()
}

#[test]
fn an_entry_comes_back_as_it_was() {
    each_database(|store| async move {
        let full = Entry {
            actor_id: Some(7),
            actor: "ada".to_owned(),
            on_behalf_of: Some("bob".to_owned()),
            request_id: Some("r-1".to_owned()),
            org: Some("Org1".to_owned()),
            kind: "authz.role.assigned".to_owned(),
            subject: "user^cyd".to_owned(),
            outcome: Outcome::Denied,
            before: Some(json!({"a": [1, null, "é"]})),
            after: Some(json!(null)),
        };
        let tx = store.begin().await.unwrap();
        assert_eq!(changes::last_seq(&tx).await.unwrap(), 0);
        assert_eq!(append(&tx, 0, &[]).await, 0);
        assert_eq!(
            append(&tx, 0, &[full.clone(), entry("x", "k", "s")]).await,
            2
        );
        tx.commit().await.unwrap();
        let log = changes::since(store.read(), 0).await.unwrap();
        let first = log[0].clone();
        assert_eq!((first.seq, first.at), (1, noon()));
        let back = Entry {
            actor_id: first.actor_id,
            actor: first.actor,
            on_behalf_of: first.on_behalf_of,
            request_id: first.request_id,
            org: first.org,
            kind: first.kind,
            subject: first.subject,
            outcome: first.outcome,
            before: first.before,
            after: first.after,
        };
        assert_eq!(back, full);
        assert_eq!(changes::since(store.read(), 1).await.unwrap(), log[1..]);
        assert_eq!(changes::since(store.read(), 2).await.unwrap(), []);
        let everything = Filter::default();
        let chunk = changes::chunk(store.read(), &everything, 0, 1);
        assert_eq!(chunk.await.unwrap(), log[..1]);
        assert_eq!(changes::last_seq(store.read()).await.unwrap(), 2);
    });
}

#[test]
fn a_transaction_that_fails_uses_up_no_number() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        append(&tx, 0, &[entry("a", "k", "s")]).await;
        drop(tx);
        let tx = store.begin().await.unwrap();
        assert_eq!(append(&tx, 0, &[entry("b", "k", "s")]).await, 1);
        tx.commit().await.unwrap();
        let log = changes::since(store.read(), 0).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].actor, "b");
    });
}

#[test]
fn pages_go_back_in_time_and_filters_combine() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut denied = entry("ada", "authz.role", "s2");
        denied.outcome = Outcome::Denied;
        denied.org = Some("Org1".to_owned());
        append(&tx, 10, &[entry("ada", "authz.role.assigned", "s1")]).await;
        append(&tx, 20, &[entry("Ada", "authz_role", "s1"), denied]).await;
        append(&tx, 30, &[entry("bob", "authz.role%", "s1")]).await;
        tx.commit().await.unwrap();
        for (set, expected) in filters() {
            let mut filter = Filter::default();
            set(&mut filter);
            assert_eq!(
                seqs(&store, filter.clone(), None, 10).await,
                expected,
                "{filter:?}"
            );
        }
        assert_eq!(seqs(&store, Filter::default(), None, 3).await, [4, 3, 2]);
        assert_eq!(seqs(&store, Filter::default(), Some(2), 3).await, [1]);
    });
}

#[test]
fn chunks_go_on_from_a_number_and_keep_what_pages_keep() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for number in 0..4 {
            let actor = if number % 2 == 0 { "ada" } else { "bob" };
            append(&tx, number, &[entry(actor, "k", "s")]).await;
        }
        tx.commit().await.unwrap();
        let of_ada = Filter {
            actor: Some("ada".to_owned()),
            ..Filter::default()
        };
        for (filter, after, limit, expected) in [
            (&Filter::default(), 0, 9, &[1, 2, 3, 4][..]),
            (&Filter::default(), 1, 2, &[2, 3]),
            (&of_ada, 0, 9, &[1, 3]),
            (&of_ada, 0, 1, &[1]),
            (&of_ada, 1, 9, &[3]),
            (&of_ada, 3, 9, &[]),
        ] {
            let chunk = changes::chunk(store.read(), filter, after, limit);
            let found: Vec<i64> = chunk.await.unwrap().iter().map(|one| one.seq).collect();
            assert_eq!(found, expected, "{filter:?} after {after}");
        }
    });
}

#[test]
fn what_is_left_to_a_follower_is_counted_and_dated() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for seconds in [10, 20, 30] {
            let entries = [Entry::new("a.b", "s"), Entry::new("c", "s")];
            changes::append(&tx, later(seconds), &entries)
                .await
                .unwrap();
        }
        let waiting = |entries, first, seconds| {
            Some(Waiting {
                entries,
                first,
                since: later(seconds),
            })
        };
        for (kinds, seq, expected) in [
            (&["a.b", "c"][..], 0, waiting(6, 1, 10)),
            (&["a.b", "c"], 2, waiting(4, 3, 20)),
            (&["a.b"], 0, waiting(3, 1, 10)),
            (&["a.b"], 1, waiting(2, 3, 20)),
            (&["c", "d"], 1, waiting(3, 2, 10)),
            (&["a.b"], 5, None),
            (&["a"], 0, None),
            (&["a.b", "c"], 6, None),
        ] {
            let found = changes::waiting(&tx, kinds, seq).await.unwrap();
            assert_eq!(found, expected, "{kinds:?} after {seq}");
        }
    });
}

type Set = fn(&mut Filter);

/// What a filter keeps of the four entries above.
fn filters() -> [(Set, &'static [i64]); 12] {
    [
        (|_| (), &[4, 3, 2, 1]),
        (|keep| keep.actor = Some("ada".to_owned()), &[3, 1]),
        (|keep| keep.kind = Some("authz.role".to_owned()), &[4, 3, 1]),
        (|keep| keep.kind = Some("authz.role%".to_owned()), &[4]),
        (|keep| keep.kind = Some("authz.role.".to_owned()), &[1]),
        (|keep| keep.subject = Some("s1".to_owned()), &[4, 2, 1]),
        (|keep| keep.org = Some("Org1".to_owned()), &[3]),
        (|keep| keep.outcome = Some(Outcome::Denied), &[3]),
        (|keep| keep.outcome = Some(Outcome::Done), &[4, 2, 1]),
        (|keep| keep.from = Some(later(20)), &[4, 3, 2]),
        (|keep| keep.until = Some(later(20)), &[1]),
        (
            |keep| {
                keep.actor = Some("ada".to_owned());
                keep.subject = Some("s1".to_owned());
            },
            &[1],
        ),
    ]
}
