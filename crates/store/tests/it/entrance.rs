//! Sessions, applications, tokens.

use provost_store::oauth::{self, NewApplication, Token};
use provost_store::sessions::{self, Session};
use provost_store::{Constraint, Fault, users};

use crate::support::{each_database, later, noon, user};

fn session(key: &str, user_id: i64, seconds: i64) -> Session {
    Session {
        key_hash: key.to_owned(),
        user_id,
        created_at: noon(),
        expires_at: later(seconds),
    }
}

#[test]
fn sessions_end_by_key_by_user_and_by_time() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        let bob = user(&tx, "bob").await.id;
        for (key, user_id, seconds) in [("a", ada, 1), ("b", ada, 2), ("c", bob, 3), ("d", bob, 4)]
        {
            sessions::create(&tx, &session(key, user_id, seconds))
                .await
                .unwrap();
        }
        assert_eq!(
            sessions::find(&tx, "a").await.unwrap(),
            Some(session("a", ada, 1))
        );
        assert_eq!(sessions::find(&tx, "A").await.unwrap(), None);
        assert!(sessions::delete(&tx, "a").await.unwrap());
        assert!(!sessions::delete(&tx, "a").await.unwrap());
        assert_eq!(sessions::delete_of_user(&tx, ada).await.unwrap(), 1);
        assert_eq!(sessions::delete_expired(&tx, later(3)).await.unwrap(), 1);
        users::delete(&tx, bob).await.unwrap();
        assert_eq!(sessions::find(&tx, "d").await.unwrap(), None);
    });
}

fn application(client_id: &str, user_id: Option<i64>) -> NewApplication {
    NewApplication {
        client_id: client_id.to_owned(),
        client_secret: "hash".to_owned(),
        name: "A program".to_owned(),
        user_id,
        client_type: "confidential".to_owned(),
        grant_type: "client-credentials".to_owned(),
        created_at: noon(),
        redirect_uris: String::new(),
    }
}

#[test]
fn applications_and_their_tokens_come_and_go() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        let id = oauth::create_application(&tx, &application("one", Some(ada)))
            .await
            .unwrap();
        oauth::create_application(&tx, &application("two", None))
            .await
            .unwrap();
        let found = oauth::application(&tx, "one").await.unwrap().unwrap();
        assert_eq!(
            (found.id, found.user_id, found.created_at),
            (id, Some(ada), noon())
        );
        assert_eq!(oauth::application(&tx, "ONE").await.unwrap(), None);
        assert_eq!(oauth::application(&tx, "\0").await.unwrap(), None);
        assert_eq!(oauth::applications(&tx).await.unwrap().len(), 2);
        let token = |hash: &str, seconds| Token {
            token_hash: hash.to_owned(),
            application_id: id,
            user_id: ada,
            scope: "read".to_owned(),
            created_at: noon(),
            expires_at: later(seconds),
        };
        for (hash, seconds) in [("a", 1), ("b", 2), ("c", 3)] {
            oauth::create_token(&tx, &token(hash, seconds))
                .await
                .unwrap();
        }
        assert_eq!(oauth::token(&tx, "b").await.unwrap(), Some(token("b", 2)));
        assert_eq!(oauth::delete_expired(&tx, later(1)).await.unwrap(), 1);
        assert!(oauth::delete_token(&tx, "b").await.unwrap());
        assert!(!oauth::delete_token(&tx, "b").await.unwrap());
        assert!(oauth::delete_application(&tx, "one").await.unwrap());
        assert_eq!(oauth::token(&tx, "c").await.unwrap(), None);
        assert_eq!(oauth::delete_tokens_of_user(&tx, ada).await.unwrap(), 0);
        let refused = oauth::create_application(&tx, &application("two", None)).await;
        assert!(
            matches!(refused, Err(Fault::Duplicate(Constraint::ClientId))),
            "{refused:?}"
        );
    });
}

#[test]
fn a_program_says_where_it_sends_browsers_back_to() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut new = application("app", None);
        new.redirect_uris = "https://a.example/ https://b.example/".to_owned();
        let id = oauth::create_application(&tx, &new).await.unwrap();
        let found = oauth::redirect_uris(&tx, id).await.unwrap();
        assert_eq!(found, Some(new.redirect_uris));
        assert_eq!(oauth::redirect_uris(&tx, id + 1).await.unwrap(), None);
    });
}
