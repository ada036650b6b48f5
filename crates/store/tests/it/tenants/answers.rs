//! Answers to requests with a key of their own.

use provost_store::tenants::answers::{self, Kept};
use provost_store::{Constraint, Fault, users};

use super::odd;
use crate::support::{each_database, later, user};

fn answer(status: u16) -> Kept {
    Kept {
        body_hash: format!("hash {status}"),
        status,
        body: odd(),
    }
}

#[test]
fn an_answer_is_found_by_user_operation_and_key() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (ada, bob) = (user(&tx, "ada").await.id, user(&tx, "bob").await.id);
        let places = [
            (ada, "o", "k"),
            (bob, "o", "k"),
            (ada, "p", "k"),
            (ada, "o", "K"),
        ];
        for ((user, operation, key), status) in places.into_iter().zip(200..) {
            answers::keep(&tx, user, operation, key, &answer(status), later(0))
                .await
                .unwrap();
        }
        for ((user, operation, key), status) in places.into_iter().zip(200..) {
            let kept = answers::find(&tx, user, operation, key).await.unwrap();
            assert_eq!(kept, Some(answer(status)));
        }
        for (user, operation, key) in [(bob, "p", "k"), (ada, "o", "k\0"), (0, "o", "k")] {
            let kept = answers::find(&tx, user, operation, key).await.unwrap();
            assert_eq!(kept, None, "{operation} {key}");
        }
    });
}

#[test]
fn an_answer_is_kept_once_and_for_somebody() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        answers::keep(&tx, ada, "o", "k", &answer(200), later(0))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        let refused = answers::keep(&tx, ada, "o", "k", &answer(201), later(0)).await;
        assert!(
            matches!(refused, Err(Fault::Duplicate(Constraint::Key))),
            "{refused:?}"
        );
        drop(tx);
        let tx = store.begin().await.unwrap();
        let refused = answers::keep(&tx, ada + 1, "o", "k", &answer(201), later(0)).await;
        assert!(matches!(refused, Err(Fault::Dangling(_))), "{refused:?}");
        drop(tx);
        let tx = store.begin().await.unwrap();
        users::delete(&tx, ada).await.unwrap();
        assert_eq!(answers::find(&tx, ada, "o", "k").await.unwrap(), None);
    });
}

#[test]
fn old_answers_are_forgotten() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        for seconds in 0..3 {
            let key = seconds.to_string();
            answers::keep(&tx, ada, "o", &key, &answer(200), later(seconds))
                .await
                .unwrap();
        }
        assert_eq!(answers::forget_before(&tx, later(2)).await.unwrap(), 2);
        assert_eq!(answers::forget_before(&tx, later(2)).await.unwrap(), 0);
        assert_eq!(answers::find(&tx, ada, "o", "1").await.unwrap(), None);
        let kept = answers::find(&tx, ada, "o", "2").await.unwrap();
        assert_eq!(kept, Some(answer(200)));
    });
}
