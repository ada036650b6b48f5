//! The rows of the policy.

use provost_store::rules::{self, ClearedRoles, Loaded, NewDefinition, NewGrant, NewImplication};

use crate::support::{each_database, grant};

fn definition(role: &str, action: &str, effect: &str) -> NewDefinition {
    NewDefinition {
        subject: format!("role^{role}"),
        action: format!("act^{action}"),
        scope: "lib^*".to_owned(),
        effect: effect.to_owned(),
    }
}

fn implication(granting: &str, implied: &str) -> NewImplication {
    NewImplication {
        granting: format!("act^{granting}"),
        implied: format!("act^{implied}"),
    }
}

#[test]
fn a_missing_assignment_is_added_once_and_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert!(rules::is_empty(&tx).await.unwrap());
        let wanted = [
            grant("ada", "r1", "lib:Org1:*"),
            grant("bob", "r2", "lib:Org1:*"),
            grant("ada", "r1", "lib:Org1:*"),
            grant("Ada", "r1", "lib:Org1:*"),
        ];
        let first = rules::insert_missing(&tx, &wanted).await.unwrap();
        let ids: Vec<i64> = first.iter().copied().flatten().collect();
        assert_eq!(first[2], None);
        assert_eq!(ids.len(), 3);
        assert!(ids.is_sorted());
        let wanted = [
            grant("ada", "r1", "lib:Org1:*"),
            grant("ada", "r2", "lib:Org1:*"),
            grant("ada", "r1", "lib:Org2:*"),
        ];
        let second = rules::insert_missing(&tx, &wanted).await.unwrap();
        assert_eq!(second.map_present(), [false, true, true]);
        tx.commit().await.unwrap();
        let stored = rules::grants(store.read(), 0, 100).await.unwrap();
        let subjects: Vec<&str> = stored.iter().map(|grant| grant.subject.as_str()).collect();
        assert_eq!(
            subjects,
            ["user^ada", "user^bob", "user^Ada", "user^ada", "user^ada"]
        );
        assert_eq!(
            rules::grants(store.read(), ids[0], 1).await.unwrap(),
            stored[1..2]
        );
        let of_ada = rules::grants_of(store.read(), "user^ada").await.unwrap();
        assert_eq!(
            of_ada,
            [stored[0].clone(), stored[3].clone(), stored[4].clone()]
        );
        assert!(!rules::is_empty(store.read()).await.unwrap());
    });
}

trait MapPresent {
    fn map_present(&self) -> Vec<bool>;
}

impl MapPresent for Vec<Option<i64>> {
    fn map_present(&self) -> Vec<bool> {
        self.iter().map(Option::is_some).collect()
    }
}

#[test]
fn removing_takes_exactly_what_is_named() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let all = [
            grant("ada", "r1", "lib:Org1:*"),
            grant("ada", "r1", "lib:*"),
            grant("ada", "r2", "lib:Org1:*"),
            grant("bob", "r1", "lib:Org1:*"),
        ];
        rules::insert_missing(&tx, &all).await.unwrap();
        let named = [all[0].clone(), grant("cyd", "r1", "lib:Org1:*")];
        let gone = rules::remove(&tx, &named).await.unwrap();
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].scope, "lib^lib:Org1:*");
        let gone = rules::remove_subject(&tx, "user^ada").await.unwrap();
        assert_eq!(gone.len(), 2);
        let left = rules::grants(&tx, 0, 100).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].subject, "user^bob");
        assert_eq!(rules::remove(&tx, &[]).await.unwrap(), []);
    });
}

#[test]
fn ten_thousand_assignments_are_added_and_removed_together() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let wanted: Vec<NewGrant> = (0..10_000)
            .map(|number| {
                grant(
                    &format!("u{number}"),
                    "r",
                    &format!("lib:O{}:*", number % 7 + 10),
                )
            })
            .collect();
        let added = rules::insert_missing(&tx, &wanted).await.unwrap();
        assert!(added.iter().all(Option::is_some));
        let added = rules::insert_missing(&tx, &wanted).await.unwrap();
        assert!(added.iter().all(Option::is_none));
        assert_eq!(rules::remove(&tx, &wanted).await.unwrap().len(), 10_000);
        assert!(rules::is_empty(&tx).await.unwrap());
    });
}

#[test]
fn loading_a_policy_adds_what_is_missing_in_its_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let definitions = [
            definition("b", "view", "allow"),
            definition("a", "view", "allow"),
            definition("a", "view", "deny"),
            definition("b", "view", "allow"),
        ];
        let implications = [implication("manage", "view"), implication("view", "see")];
        let loaded = rules::load_policy(&tx, &definitions[..1], &implications[..1])
            .await
            .unwrap();
        assert_eq!(
            loaded,
            Loaded {
                definitions: 1,
                implications: 1
            }
        );
        let loaded = rules::load_policy(&tx, &definitions, &implications)
            .await
            .unwrap();
        assert_eq!(
            loaded,
            Loaded {
                definitions: 2,
                implications: 1
            }
        );
        let loaded = rules::load_policy(&tx, &definitions, &implications)
            .await
            .unwrap();
        assert_eq!(
            loaded,
            Loaded {
                definitions: 0,
                implications: 0
            }
        );
        tx.commit().await.unwrap();
        let stored: Vec<(String, String)> = rules::definitions(store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|row| (row.subject, row.effect))
            .collect();
        let expected = [("role^b", "allow"), ("role^a", "allow"), ("role^a", "deny")];
        assert_eq!(
            stored,
            expected.map(|(role, effect)| (role.to_owned(), effect.to_owned()))
        );
        let stored = rules::implications(store.read()).await.unwrap();
        assert_eq!(stored.len(), 2);
        assert_eq!(stored[1].implied, "act^see");
    });
}

#[test]
fn clearing_roles_takes_their_assignments_and_nothing_else() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let definitions = [
            definition("a", "view", "allow"),
            definition("a", "edit", "allow"),
        ];
        rules::load_policy(&tx, &definitions, &[implication("edit", "view")])
            .await
            .unwrap();
        let grants = [
            grant("ada", "a", "lib:*"),
            grant("ada", "undefined", "lib:*"),
        ];
        rules::insert_missing(&tx, &grants).await.unwrap();
        let cleared: ClearedRoles = rules::delete_roles(&tx).await.unwrap();
        assert_eq!(cleared.definitions, 2);
        assert_eq!(cleared.grants.len(), 1);
        assert_eq!(cleared.grants[0].role, "role^a");
        assert_eq!(rules::grants(&tx, 0, 10).await.unwrap().len(), 1);
        assert_eq!(rules::delete_implications(&tx).await.unwrap(), 1);
        assert_eq!(rules::implications(&tx).await.unwrap(), []);
    });
}
