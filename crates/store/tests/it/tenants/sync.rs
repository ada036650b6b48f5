//! What another platform was told of tenants.

use std::collections::HashMap;

use provost_store::Tx;
use provost_store::tenants::sync::{self, NewRefused, State};

use crate::support::{each_database, later};

/// Takes the lease for ten seconds from `seconds` on.
async fn take(tx: &Tx, holder: &str, seconds: i64) -> bool {
    let (now, until) = (later(seconds), later(seconds + 10));
    sync::take_lease(tx, holder, now, until).await.unwrap()
}

#[test]
fn nothing_was_told_at_first() {
    each_database(|store| async move {
        let state = sync::state(store.read()).await.unwrap();
        let expected = State {
            target: None,
            seq: 0,
            holder: None,
            lease_until: None,
            last_pushed_at: None,
            last_error: None,
            last_error_at: None,
            failures: 0,
        };
        assert_eq!(state, expected);
    });
}

#[test]
fn the_lease_is_one_holders_until_it_ends_or_is_given_back() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert!(take(&tx, "a", 0).await);
        assert!(!take(&tx, "b", 9).await);
        // The holder prolongs it.
        assert!(take(&tx, "a", 5).await);
        assert!(!take(&tx, "b", 14).await);
        assert!(take(&tx, "b", 15).await);
        let state = sync::state(&tx).await.unwrap();
        assert_eq!(state.holder.as_deref(), Some("b"));
        assert_eq!(state.lease_until, Some(later(25)));
        assert!(!sync::release(&tx, "a").await.unwrap());
        assert!(!take(&tx, "a", 16).await);
        assert!(sync::release(&tx, "b").await.unwrap());
        assert!(take(&tx, "a", 16).await);
        tx.commit().await.unwrap();
    });
}

#[test]
fn of_those_who_want_the_lease_at_once_one_gets_it() {
    each_database(|store| async move {
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let tx = store.begin().await.unwrap();
                    let taken = take(&tx, &number.to_string(), 0).await;
                    tx.commit().await.unwrap();
                    taken
                })
            })
            .collect();
        let mut holders = 0;
        for task in tasks {
            holders += usize::from(task.await.unwrap());
        }
        assert_eq!(holders, 1);
    });
}

#[test]
fn only_the_holder_says_how_far_it_is_and_what_went_wrong() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert!(!sync::advance(&tx, "a", 7, later(0)).await.unwrap());
        take(&tx, "a", 0).await;
        assert!(sync::advance(&tx, "a", 7, later(1)).await.unwrap());
        assert!(!sync::advance(&tx, "b", 9, later(2)).await.unwrap());
        assert!(!sync::failed(&tx, "b", "no", later(2)).await.unwrap());
        for seconds in [2, 3] {
            let failed = sync::failed(&tx, "a", "gone\0", later(seconds)).await;
            assert!(failed.unwrap());
        }
        let mut expected = State {
            target: None,
            seq: 7,
            holder: Some("a".to_owned()),
            lease_until: Some(later(10)),
            last_pushed_at: Some(later(1)),
            last_error: Some("gone\u{fffd}".to_owned()),
            last_error_at: Some(later(3)),
            failures: 2,
        };
        assert_eq!(sync::state(&tx).await.unwrap(), expected);
        assert!(sync::advance(&tx, "a", 8, later(4)).await.unwrap());
        expected.seq = 8;
        expected.last_pushed_at = Some(later(4));
        expected.failures = 0;
        assert_eq!(sync::state(&tx).await.unwrap(), expected);
        // Whoever lost the lease to another writes nothing any more.
        take(&tx, "b", 11).await;
        assert!(!sync::advance(&tx, "a", 9, later(12)).await.unwrap());
        assert_eq!(sync::state(&tx).await.unwrap().seq, 8);
    });
}

#[test]
fn another_platform_is_begun_with_from_nothing() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert!(!sync::aim(&tx, "a", "one").await.unwrap());
        take(&tx, "a", 0).await;
        assert!(sync::aim(&tx, "a", "one").await.unwrap());
        sync::advance(&tx, "a", 7, later(1)).await.unwrap();
        sync::failed(&tx, "a", "no", later(2)).await.unwrap();
        sync::link(&tx, "config", &[(1, 11)]).await.unwrap();
        sync::refuse(&tx, &[no(1, "tenant:1")], later(2))
            .await
            .unwrap();
        let before = sync::state(&tx).await.unwrap();
        assert_eq!(before.target.as_deref(), Some("one"));
        assert!(!sync::aim(&tx, "b", "two").await.unwrap());
        assert_eq!(sync::state(&tx).await.unwrap(), before);
        assert_eq!(sync::count_refused(&tx).await.unwrap(), 1);
        assert!(sync::aim(&tx, "a", "two").await.unwrap());
        let after = sync::state(&tx).await.unwrap();
        assert_eq!(after.target.as_deref(), Some("two"));
        assert_eq!((after.seq, after.failures), (0, 0));
        assert_eq!(sync::remote(&tx, "config", 1).await.unwrap(), None);
        assert_eq!(sync::refused(&tx, 10).await.unwrap(), []);
        assert_eq!(sync::count_refused(&tx).await.unwrap(), 0);
    });
}

#[test]
fn keys_of_the_other_platform_are_remembered_by_kind() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        sync::link(&tx, "config", &[(1, 11), (2, 12), (2, 13)])
            .await
            .unwrap();
        sync::link(&tx, "route", &[(1, 21)]).await.unwrap();
        sync::link(&tx, "config", &[(1, 14)]).await.unwrap();
        sync::link(&tx, "config", &[]).await.unwrap();
        let remotes = sync::remotes(&tx, "config").await.unwrap();
        assert_eq!(remotes, HashMap::from([(1, 14), (2, 13)]));
        for (kind, local, remote) in [
            ("config", 1, Some(14)),
            ("route", 1, Some(21)),
            ("route", 2, None),
            ("microsite", 1, None),
        ] {
            let found = sync::remote(&tx, kind, local).await.unwrap();
            assert_eq!(found, remote, "{kind} {local}");
        }
        sync::unlink(&tx, "config", &[1, 3]).await.unwrap();
        let remotes = sync::remotes(&tx, "config").await.unwrap();
        assert_eq!(remotes, HashMap::from([(2, 13)]));
        assert_eq!(sync::remote(&tx, "route", 1).await.unwrap(), Some(21));
    });
}

fn no(seq: i64, subject: &str) -> NewRefused {
    NewRefused {
        seq,
        kind: "tenant.config.created".to_owned(),
        subject: subject.to_owned(),
        status: 400,
        error: "no\0".to_owned(),
    }
}

#[test]
fn what_was_refused_is_listed_newest_first_until_it_is_forgotten() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let news = [no(1, "tenant:1"), no(2, "tenant:2")];
        sync::refuse(&tx, &news, later(0)).await.unwrap();
        sync::refuse(&tx, &[no(3, "tenant:1")], later(1))
            .await
            .unwrap();
        sync::refuse(&tx, &[], later(1)).await.unwrap();
        let refused = sync::refused(&tx, 10).await.unwrap();
        let seqs: Vec<i64> = refused.iter().map(|refused| refused.seq).collect();
        assert_eq!(seqs, [3, 2, 1]);
        assert_eq!(refused[0].kind, "tenant.config.created");
        assert_eq!((refused[0].status, refused[0].at), (400, later(1)));
        assert_eq!(refused[0].error, "no\u{fffd}");
        assert_eq!(sync::refused(&tx, 1).await.unwrap(), refused[..1]);
        let cleared = sync::clear_refused(&tx, Some("tenant:1")).await;
        assert_eq!(cleared.unwrap(), 2);
        assert_eq!(sync::refused(&tx, 10).await.unwrap(), refused[1..2]);
        assert_eq!(sync::clear_refused(&tx, None).await.unwrap(), 1);
    });
}
