//! Finding and changing accounts.

use provost_store::users::{self, Flags, Found};
use provost_store::{Constraint, Fault, Store, assignments, assignments::Audit, bulk, bulk::Cell};

use crate::support::{assignment, count, each_database, later, new_user, noon, user};

/// Accounts by `(username, email)`; returns the store's outcomes as short words.
async fn outcomes(store: &Store, identifiers: &[&str]) -> Vec<String> {
    let found = users::resolve(store.read(), identifiers).await.unwrap();
    found
        .into_iter()
        .map(|found| match found {
            Found::One(user) => user.username,
            Found::None => "none".to_owned(),
            Found::Many => "many".to_owned(),
            Found::Retired => "retired".to_owned(),
        })
        .collect()
}

async fn retire(store: &Store, id: i64, user_id: i64) {
    let tx = store.begin().await.unwrap();
    let row = vec![
        Cell::Int(id),
        Cell::Int(user_id),
        Cell::Json(serde_json::json!({})),
    ];
    bulk::upsert(&tx, &bulk::tables::RETIREMENTS, vec![row])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn an_identifier_is_a_username_or_an_email_and_compared_exactly() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (name, email) in [
            ("ada", "ada@example.org"),
            ("bob", "shared@example.org"),
            ("cyd", "shared@example.org"),
            ("dan", "ada"),
            ("eve@example.org", "eve@example.org"),
            ("Ünal", ""),
        ] {
            let mut new = new_user(name);
            email.clone_into(&mut new.email);
            users::create(&tx, &new).await.unwrap();
        }
        tx.commit().await.unwrap();
        let gone = users::by_username(store.read(), "cyd")
            .await
            .unwrap()
            .unwrap();
        retire(&store, 1, gone.id).await;
        let cases = [
            ("ada", "many"),
            ("ada@example.org", "ada"),
            ("ADA@example.org", "none"),
            ("bob", "bob"),
            ("Bob", "none"),
            ("cyd", "retired"),
            ("shared@example.org", "many"),
            ("eve@example.org", "eve@example.org"),
            ("Ünal", "Ünal"),
            ("ünal", "none"),
            (" bob", "none"),
            ("", "Ünal"),
            ("nul\0", "none"),
            ("bob", "bob"),
            ("quote\"d, \\ 'text' {}", "none"),
        ];
        let identifiers = cases.map(|(identifier, _)| identifier);
        assert_eq!(
            outcomes(&store, &identifiers).await,
            cases.map(|(_, outcome)| outcome)
        );
        assert_eq!(outcomes(&store, &[]).await, [""; 0]);
    });
}

#[test]
fn ten_thousand_identifiers_are_one_question() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for number in 0..30 {
            user(&tx, &format!("user{}", number * 400)).await;
        }
        tx.commit().await.unwrap();
        let names: Vec<String> = (0..12_000).map(|number| format!("user{number}")).collect();
        let found = users::resolve(store.read(), &names).await.unwrap();
        for (number, found) in found.into_iter().enumerate() {
            let expected = number % 400 == 0;
            assert_eq!(matches!(found, Found::One(_)), expected, "user{number}");
        }
    });
}

#[test]
fn an_account_keeps_what_it_is_made_of() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut new = new_user("ada");
        new.first_name = "Ada".to_owned();
        new.last_name = "Lovelace".to_owned();
        new.is_active = false;
        new.is_superuser = true;
        let ada = users::create(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ada.date_joined, noon());
        assert_eq!(ada.last_login, None);
        assert!(ada.is_superuser && !ada.is_active && !ada.is_staff);
        assert_eq!(
            users::find(store.read(), ada.id).await.unwrap(),
            Some(ada.clone())
        );
        assert_eq!(
            users::by_username(store.read(), "ada").await.unwrap(),
            Some(ada)
        );
        assert_eq!(users::by_username(store.read(), "Ada").await.unwrap(), None);
        assert_eq!(users::find(store.read(), 404).await.unwrap(), None);
    });
}

#[test]
fn a_username_is_taken_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        user(&tx, "ada").await;
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        let refused = users::create(&tx, &new_user("ada")).await;
        assert!(
            matches!(refused, Err(Fault::Duplicate(Constraint::Username))),
            "{refused:?}"
        );
        drop(tx);
        let tx = store.begin().await.unwrap();
        let (ada, made) = users::ensure(&tx, &new_user("ada")).await.unwrap();
        assert!(!made);
        let (other, made) = users::ensure(&tx, &new_user("Ada")).await.unwrap();
        assert!(made);
        assert_ne!(ada.id, other.id);
    });
}

#[test]
fn switches_password_and_mail_change_alone() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let flags = Flags {
            is_staff: Some(true),
            ..Flags::default()
        };
        assert!(users::set_flags(&tx, ada.id, flags).await.unwrap());
        assert!(
            users::set_flags(&tx, ada.id, Flags::default())
                .await
                .unwrap()
        );
        assert!(!users::set_flags(&tx, 404, flags).await.unwrap());
        assert!(!users::set_flags(&tx, 404, Flags::default()).await.unwrap());
        assert!(users::set_password(&tx, ada.id, "hash").await.unwrap());
        assert!(users::set_last_login(&tx, ada.id, later(1)).await.unwrap());
        let changed = users::find(&tx, ada.id).await.unwrap().unwrap();
        let mut expected = ada.clone();
        expected.is_staff = true;
        expected.password = "hash".to_owned();
        expected.last_login = Some(later(1));
        assert_eq!(changed, expected);
        assert!(
            users::update_email_staff(&tx, ada.id, "New@X", false)
                .await
                .unwrap()
        );
        let changed = users::find(&tx, ada.id).await.unwrap().unwrap();
        assert_eq!((changed.email.as_str(), changed.is_staff), ("New@X", false));
        let by_mail = users::page(&tx, None, Some("nEW@x"), 10).await.unwrap();
        assert_eq!(by_mail.len(), 1);
    });
}

#[test]
fn staff_are_staff_and_superusers_who_are_not_retired() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (name, staff, superuser) in [
            ("b_staff", true, false),
            ("a_super", false, true),
            ("c_both", true, true),
            ("d_none", false, false),
            ("e_gone", true, false),
        ] {
            let mut new = new_user(name);
            new.is_staff = staff;
            new.is_superuser = superuser;
            new.is_active = false;
            users::create(&tx, &new).await.unwrap();
        }
        tx.commit().await.unwrap();
        let gone = users::by_username(store.read(), "e_gone")
            .await
            .unwrap()
            .unwrap();
        retire(&store, 1, gone.id).await;
        let staff = users::staff(store.read()).await.unwrap();
        assert_eq!(staff, ["a_super", "b_staff", "c_both"]);
    });
}

#[test]
fn a_removed_account_takes_its_assignments_along() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let bob = user(&tx, "bob").await;
        let wanted = [
            assignment(&ada, "library_admin", "lib:Org1:*"),
            assignment(&bob, "library_admin", "lib:Org1:*"),
            assignment(&ada, "course_staff", "course-v1:Org1+*"),
        ];
        assignments::assign(&tx, &wanted, noon(), Audit::None)
            .await
            .unwrap();
        let removed = users::delete(&tx, ada.id).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(removed.user, ada);
        let roles: Vec<&str> = removed
            .grants
            .iter()
            .map(|grant| grant.role.as_str())
            .collect();
        assert_eq!(roles, ["role^library_admin", "role^course_staff"]);
        for (table, left) in [
            ("users", 1),
            ("casbin_rules", 1),
            ("authz_extended_rules", 1),
            ("authz_subjects", 1),
            ("authz_user_subjects", 1),
        ] {
            assert_eq!(count(&store, table).await, left, "{table}");
        }
        let tx = store.begin().await.unwrap();
        assert_eq!(users::delete(&tx, ada.id).await.unwrap(), None);
    });
}

#[test]
fn pages_follow_usernames_and_search_ignores_case() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (name, first) in [("b", "Émile"), ("B", "x_y"), ("a", "100%"), ("é", "xzy")] {
            let mut new = new_user(name);
            first.clone_into(&mut new.first_name);
            users::create(&tx, &new).await.unwrap();
        }
        for (after, search, expected) in [
            (None, None, &["B", "a", "b"][..]),
            (Some("B"), None, &["a", "b", "é"]),
            (Some("b"), None, &["é"]),
            (None, Some("éMILE"), &["b"]),
            (None, Some("x_Y"), &["B"]),
            (None, Some("0%"), &["a"]),
            (None, Some("É"), &["b", "é"]),
            (None, Some("\\"), &[]),
        ] {
            let page = users::page(&tx, after, search, 3).await.unwrap();
            let names: Vec<&str> = page.iter().map(|user| user.username.as_str()).collect();
            assert_eq!(names, expected, "{after:?} {search:?}");
        }
    });
}

#[test]
fn permissions_are_given_once_and_taken() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (ada, bob) = (user(&tx, "ada").await.id, user(&tx, "bob").await.id);
        for (user, permission, is_new) in [
            (ada, "z.z", true),
            (ada, "a.a", true),
            (ada, "z.z", false),
            (bob, "z.z", true),
        ] {
            let made = users::permit(&tx, user, permission).await.unwrap();
            assert_eq!(made, is_new, "{permission}");
        }
        assert_eq!(users::permissions(&tx, ada).await.unwrap(), ["a.a", "z.z"]);
        assert!(users::forbid(&tx, ada, "z.z").await.unwrap());
        assert!(!users::forbid(&tx, ada, "z.z").await.unwrap());
        assert_eq!(users::permissions(&tx, ada).await.unwrap(), ["a.a"]);
        assert_eq!(users::permissions(&tx, bob).await.unwrap(), ["z.z"]);
        users::delete(&tx, bob).await.unwrap();
        assert_eq!(users::permissions(&tx, bob).await.unwrap(), [""; 0]);
        let refused = users::permit(&tx, bob, "z.z").await;
        assert!(matches!(refused, Err(Fault::Dangling(_))), "{refused:?}");
    });
}
