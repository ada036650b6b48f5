//! Organizations of tenants and of microsites, and the platform's own.

use std::collections::{HashMap, HashSet};

use provost_store::tenants::microsites::{self, Microsite, NewMicrosite};
use provost_store::tenants::organizations;
use provost_store::{Fault, organizations as platform};
use serde_json::{Value, json};

use super::odd;
use crate::support::{each_database, later, noon, organization};

#[test]
fn organizations_of_tenants_are_made_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let first = organizations::ensure(&tx, &["b", "a", "b"]).await.unwrap();
        assert_eq!(first.len(), 2);
        let second = organizations::ensure(&tx, &["B", "a"]).await.unwrap();
        assert_eq!(second["a"], first["a"]);
        assert_ne!(second["B"], first["b"]);
        let none = organizations::ensure(&tx, &[]).await.unwrap();
        assert_eq!(none, HashMap::new());
        let all = organizations::all(&tx).await.unwrap();
        let names: Vec<&str> = all.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["b", "a", "B"]);
        let ids = [first["a"], second["B"] + 1];
        let existing = organizations::existing(&tx, &ids).await.unwrap();
        assert_eq!(existing, HashSet::from([first["a"]]));
        let names = organizations::names(&tx, &ids).await.unwrap();
        assert_eq!(names, HashMap::from([(first["a"], "a".to_owned())]));
        let refused = organizations::ensure(&tx, &["a\0b"]).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn organizations_of_the_platform_are_made_where_they_are_missing() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        organization(&tx, "Org1").await;
        let names = ["z", "Org1", "a", "z", "org1"];
        let made = platform::ensure(&tx, &names, later(1)).await.unwrap();
        let short_names: Vec<&str> = made.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(short_names, ["z", "a", "org1"]);
        assert_eq!(platform::ensure(&tx, &names, noon()).await.unwrap(), []);
        assert_eq!(platform::ensure(&tx, &[], noon()).await.unwrap(), []);
        let found = platform::find(&tx, "a").await.unwrap().unwrap();
        assert_eq!(
            (found.id, found.name.as_str(), found.active, found.created),
            (made[1].0, "a", true, later(1))
        );
        let kept = platform::find(&tx, "Org1").await.unwrap().unwrap();
        assert_eq!(kept.name, "The Org1");
    });
}

fn new(key: &str, subdomain: &str, values: Value) -> NewMicrosite {
    NewMicrosite {
        key: key.to_owned(),
        subdomain: subdomain.to_owned(),
        values,
    }
}

#[test]
fn a_microsite_comes_back_as_it_was_made() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for (number, values) in [odd(), json!("text"), json!([1]), json!(0)]
            .into_iter()
            .enumerate()
        {
            let key = format!("key {number}");
            let id = microsites::create(&tx, &new(&key, "sub", values.clone()))
                .await
                .unwrap();
            let expected = Microsite {
                id,
                key: key.clone(),
                subdomain: "sub".to_owned(),
                values,
                organizations: Vec::new(),
            };
            let found = microsites::find(&tx, id).await.unwrap();
            assert_eq!(found.as_ref(), Some(&expected));
            assert_eq!(microsites::by_key(&tx, &key).await.unwrap(), [expected]);
        }
        assert_eq!(microsites::all(&tx).await.unwrap().len(), 4);
        assert_eq!(microsites::by_key(&tx, "a\0b").await.unwrap(), []);
    });
}

#[test]
fn microsites_are_changed_organized_and_removed() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut made = Vec::new();
        for _ in 0..3 {
            let same = new("same", "sub", json!({}));
            made.push(microsites::create(&tx, &same).await.unwrap());
        }
        let keys = organizations::ensure(&tx, &["x", "y"]).await.unwrap();
        let organized = [(made[0], vec![keys["y"], keys["x"]])];
        microsites::organize(&tx, &organized).await.unwrap();
        let mut changed = microsites::find(&tx, made[0]).await.unwrap().unwrap();
        assert_eq!(changed.organizations, [keys["x"], keys["y"]]);
        changed.key = "other".to_owned();
        changed.subdomain = "Sub".to_owned();
        changed.values = json!({"z": 1, "a": 2});
        assert!(microsites::change(&tx, &changed).await.unwrap());
        let found = microsites::by_key(&tx, "other").await.unwrap();
        assert_eq!(found, [changed.clone()]);
        assert_eq!(found[0].values.to_string(), r#"{"z":1,"a":2}"#);
        // Two are enough to know that there are several.
        assert_eq!(microsites::by_key(&tx, "same").await.unwrap().len(), 2);

        assert!(microsites::remove(&tx, made[0]).await.unwrap());
        assert!(!microsites::remove(&tx, made[0]).await.unwrap());
        assert!(!microsites::change(&tx, &changed).await.unwrap());
        assert!(microsites::remove(&tx, made[2]).await.unwrap());
        let next = microsites::create(&tx, &new("same", "sub", json!({}))).await;
        assert!(next.unwrap() > made[2]);
        let refused = microsites::organize(&tx, &[(made[1], vec![0])]).await;
        assert!(matches!(refused, Err(Fault::Dangling(_))), "{refused:?}");
    });
}
