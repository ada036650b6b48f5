//! What new tenants and groups are made like.

use provost_store::tenant_profiles::templates::{self, Template};
use provost_store::{Constraint, Fault, Tx};

use super::{assert_repeats, odd, tried};
use crate::support::each_database;

fn template(category: &str, name: &str) -> Template {
    Template {
        id: 0,
        category: category.to_owned(),
        name: name.to_owned(),
        description: format!("{category} {name}"),
        data: odd(),
    }
}

async fn names(tx: &Tx, category: &str) -> Vec<String> {
    let list = templates::list(tx, category).await.unwrap();
    for (name, description) in &list {
        assert_eq!(*description, format!("{category} {name}"));
    }
    list.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn templates_are_found_in_their_category_by_exactly_their_name() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (category, name) in [
            ("tenant", "é"),
            ("tenant", "a"),
            ("tenant", "É"),
            ("tenant", "A"),
            ("tenant", "%"),
            ("group", "a"),
        ] {
            let new = template(category, name);
            templates::create(&tx, &new).await.unwrap();
            let found = templates::find(&tx, category, name).await.unwrap().unwrap();
            assert_ne!(found.id, 0);
            assert_eq!(
                found,
                Template {
                    id: found.id,
                    ..new
                }
            );
            let order = serde_json::to_string(&found.data).unwrap();
            assert_eq!(order, serde_json::to_string(&odd()).unwrap());
        }
        for (category, expected) in [
            ("tenant", &["%", "A", "a", "É", "é"][..]),
            ("group", &["a"]),
            ("Tenant", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(&tx, category).await, expected, "{category}");
        }
        for (category, name) in [
            ("group", "A"),
            ("group", "%"),
            ("group", "a\0"),
            ("Group", "a"),
            ("tenant", "_"),
        ] {
            let found = templates::find(&tx, category, name).await.unwrap();
            assert_eq!(found, None, "{category} {name}");
        }
    });
}

#[test]
fn a_name_is_taken_once_in_a_category() {
    each_database(|store| async move {
        let repeated = tried(&store, async |tx| {
            for (category, name) in [("tenant", "a"), ("tenant", "A"), ("group", "a")] {
                templates::create(tx, &template(category, name))
                    .await
                    .unwrap();
            }
            templates::create(tx, &template("group", "a")).await
        });
        assert_repeats(&repeated.await, Constraint::ProfileTemplate);
        let refused = tried(&store, async |tx| {
            templates::create(tx, &template("group", "a\0")).await
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn a_template_changes_and_goes_alone() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for name in ["a", "b"] {
            templates::create(&tx, &template("tenant", name))
                .await
                .unwrap();
        }
        let find = async |name| templates::find(&tx, "tenant", name).await.unwrap();
        let (first, second) = (find("a").await.unwrap(), find("b").await);
        let changed = Template {
            id: first.id,
            category: "group".to_owned(),
            name: "c".to_owned(),
            description: "' \" \\ $1".to_owned(),
            data: [("z".to_owned(), 1.into())].into_iter().collect(),
        };
        templates::change(&tx, &changed).await.unwrap();
        let expected = Template {
            category: first.category,
            name: first.name,
            ..changed
        };
        assert_eq!(find("a").await, Some(expected));
        assert_eq!(find("b").await, second);
        assert!(templates::remove(&tx, first.id).await.unwrap());
        assert!(!templates::remove(&tx, first.id).await.unwrap());
        assert_eq!(names(&tx, "tenant").await, ["b"]);
    });
}
