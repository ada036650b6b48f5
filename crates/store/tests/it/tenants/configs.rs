//! What tenants are configured to.

use provost_store::tenants::configs::{self, Config, NewConfig};
use provost_store::tenants::{organizations, routes};
use provost_store::{Constraint, Fault, Store, Tx};
use serde_json::Value;

use super::{bare, committed, object, odd, provisioned};
use crate::support::each_database;

async fn made(tx: &Tx, keys: &[&str]) -> Vec<i64> {
    let new = keys.iter().map(|key| bare(key)).collect();
    configs::create_all(tx, new).await.unwrap()
}

fn ids(configs: &[Config]) -> Vec<i64> {
    configs.iter().map(|config| config.id).collect()
}

#[test]
fn a_tenant_comes_back_as_it_was_made() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let Value::Object(odd) = odd() else {
            unreachable!()
        };
        let new = NewConfig {
            external_key: "%_ \u{1f980}".to_owned(),
            lms_configs: odd.clone(),
            studio_configs: object(r#"{"z": 1, "a": 2, "m": {"z": 1, "a": 2}}"#),
            theming_configs: odd.clone(),
            meta: odd,
        };
        let made = configs::create_all(&tx, vec![new.clone()]).await.unwrap();
        let found = configs::find(&tx, made[0]).await.unwrap().unwrap();
        let expected = Config {
            id: made[0],
            external_key: new.external_key,
            lms_configs: new.lms_configs,
            studio_configs: new.studio_configs,
            theming_configs: new.theming_configs,
            meta: new.meta,
            organizations: Vec::new(),
        };
        assert_eq!(found, expected);
        let order = |object| serde_json::to_string(object).unwrap();
        assert_eq!(order(&found.lms_configs), order(&expected.lms_configs));
        assert_eq!(
            order(&found.studio_configs),
            r#"{"z":1,"a":2,"m":{"z":1,"a":2}}"#
        );
        assert_eq!(configs::find(&tx, made[0] + 1).await.unwrap(), None);
    });
}

#[test]
fn a_tenant_of_megabytes_is_kept() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut new = bare("huge");
        let long = "\u{e9}".repeat(500_000);
        for name in ["PLATFORM_NAME", "tenant_name"] {
            new.lms_configs.insert(name.to_owned(), long.clone().into());
            new.meta.insert(name.to_owned(), long.clone().into());
        }
        let id = configs::create_all(&tx, vec![new.clone()]).await.unwrap()[0];
        let found = configs::find(&tx, id).await.unwrap().unwrap();
        assert_eq!((found.lms_configs, found.meta), (new.lms_configs, new.meta));
    });
}

#[test]
fn a_null_character_in_a_key_is_refused_and_found_by_neither() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let refused = configs::create_all(&tx, vec![bare("a\0b")]).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        made(&tx, &["ab"]).await;
        assert_eq!(configs::by_key(&tx, "a\0b").await.unwrap(), []);
        assert_eq!(configs::by_domain(&tx, "a\0b").await.unwrap(), None);
        let taken = configs::keys_taken(&tx, &["a\0b"]).await.unwrap();
        assert!(taken.is_empty());
    });
}

#[test]
fn tenants_are_found_by_every_key_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let made = made(&tx, &["b", "a", "b", "B", "b"]).await;
        assert!(made.is_sorted(), "{made:?}");
        assert_eq!(ids(&configs::all(&tx).await.unwrap()), made);
        assert_eq!(configs::count(&tx).await.unwrap(), 5);
        let chunk = configs::chunk(&tx, made[1], 2).await.unwrap();
        assert_eq!(ids(&chunk), made[2..4]);
        assert_eq!(configs::chunk(&tx, made[4], 2).await.unwrap(), []);
        let wanted = [made[3], made[0], made[0], 0];
        let some = configs::find_all(&tx, &wanted).await.unwrap();
        assert_eq!(ids(&some), [made[0], made[3]]);
        for (key, expected) in [
            ("b", &[made[0], made[2]][..]),
            ("B", &[made[3]]),
            ("a", &[made[1]]),
            ("A", &[]),
            ("", &[]),
        ] {
            let found = configs::by_key(&tx, key).await.unwrap();
            assert_eq!(ids(&found), expected, "{key}");
        }
        let taken = configs::keys_taken(&tx, &["b", "A", "b", "B"]).await;
        let mut taken: Vec<String> = taken.unwrap().into_iter().collect();
        taken.sort_unstable();
        assert_eq!(taken, ["B", "b"]);
    });
}

#[test]
fn a_tenant_is_found_by_exactly_its_host() {
    each_database(|store| async move {
        let id = committed(&store).await;
        for (domain, expected) in [
            ("talent1.local.openedx.io", Some(id)),
            ("Talent1.local.openedx.io", None),
            ("talent1.local.openedx.io:8000", None),
            ("%", None),
        ] {
            let found = configs::by_domain(store.read(), domain).await.unwrap();
            assert_eq!(found.map(|config| config.id), expected, "{domain}");
        }
    });
}

#[test]
fn changed_tenants_are_written_together_and_others_stay() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let made = made(&tx, &["a", "b", "c"]).await;
        let organization = organizations::ensure(&tx, &["org1"]).await.unwrap()["org1"];
        configs::organize(&tx, &[(made[0], vec![organization])])
            .await
            .unwrap();
        let mut before = configs::all(&tx).await.unwrap();
        before[0].external_key = "A".to_owned();
        before[0].meta = object(r#"{"z": 1, "a": 2}"#);
        before[2].lms_configs = object(r#"{"z": null}"#);
        before[2].studio_configs = object(r#"{"s": 1}"#);
        before[2].theming_configs = object(r#"{"t": 1}"#);
        let mut gone = before[1].clone();
        gone.id = made[2] + 1;
        let changed = [before[2].clone(), gone, before[0].clone()];
        configs::change_all(&tx, &changed).await.unwrap();
        assert_eq!(configs::all(&tx).await.unwrap(), before);
        configs::change_all(&tx, &[]).await.unwrap();
        assert_eq!(configs::all(&tx).await.unwrap(), before);
    });
}

#[test]
fn of_two_changes_of_one_tenant_the_last_counts() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        made(&tx, &["a"]).await;
        let mut configs = configs::all(&tx).await.unwrap();
        configs.push(configs[0].clone());
        configs[1].external_key = "last".to_owned();
        configs::change_all(&tx, &configs).await.unwrap();
        assert_eq!(configs::all(&tx).await.unwrap(), configs[1..]);
    });
}

#[test]
fn a_removed_tenant_takes_its_routes_along_and_leaves_its_organizations() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let first = provisioned(&tx, "talent1", "Talent 1").await;
        let second = provisioned(&tx, "talent2", "Talent 2").await;
        let organization = organizations::ensure(&tx, &["org1"]).await.unwrap()["org1"];
        let organized = [(first, vec![organization]), (second, vec![organization])];
        configs::organize(&tx, &organized).await.unwrap();
        assert_eq!(configs::remove_all(&tx, &[]).await.unwrap(), 0);
        assert_eq!(configs::remove_all(&tx, &[first, 0]).await.unwrap(), 1);
        assert_eq!(configs::remove_all(&tx, &[first]).await.unwrap(), 0);
        let left = configs::all(&tx).await.unwrap();
        assert_eq!(ids(&left), [second]);
        assert_eq!(left[0].organizations, [organization]);
        let routes = routes::all(&tx).await.unwrap();
        assert_eq!(routes.len(), 1);
        assert_eq!(routes[0].config, second);
        assert_eq!(organizations::all(&tx).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    });
}

/// Removes all tenants in a transaction of its own.
async fn emptied(store: &Store) {
    let tx = store.begin().await.unwrap();
    let all = ids(&configs::all(&tx).await.unwrap());
    configs::remove_all(&tx, &all).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_key_is_never_given_again() {
    each_database(|store| async move {
        let first = committed(&store).await;
        emptied(&store).await;
        let second = committed(&store).await;
        assert!(second > first, "{second} after {first}");

        // Nor is one that came with its row.
        let mut config = configs::find(store.read(), second).await.unwrap().unwrap();
        emptied(&store).await;
        config.id = second + 1000;
        let tx = store.begin().await.unwrap();
        configs::restore(&tx, &config).await.unwrap();
        tx.commit().await.unwrap();
        emptied(&store).await;
        let third = committed(&store).await;
        assert!(third > config.id, "{third} after {}", config.id);

        let routes = routes::all(store.read()).await.unwrap();
        let top = routes[0].id;
        emptied(&store).await;
        committed(&store).await;
        let routes = routes::all(store.read()).await.unwrap();
        assert!(routes[0].id > top, "{routes:?} after {top}");
    });
}

#[test]
fn a_tenant_is_restored_under_its_key_unless_that_is_taken() {
    each_database(|store| async move {
        let id = committed(&store).await;
        let config = configs::find(store.read(), id).await.unwrap().unwrap();
        let tx = store.begin().await.unwrap();
        let refused = configs::restore(&tx, &config).await;
        assert!(
            matches!(refused, Err(Fault::Duplicate(Constraint::Key))),
            "{refused:?}"
        );
        drop(tx);
        emptied(&store).await;
        let tx = store.begin().await.unwrap();
        configs::restore(&tx, &config).await.unwrap();
        assert_eq!(configs::all(&tx).await.unwrap(), [config]);
        tx.commit().await.unwrap();
        assert!(committed_beside(&store).await > id);
    });
}

async fn committed_beside(store: &Store) -> i64 {
    let tx = store.begin().await.unwrap();
    let id = made(&tx, &["beside"]).await[0];
    tx.commit().await.unwrap();
    id
}

#[test]
fn organizations_are_replaced_and_listed_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let made = made(&tx, &["a", "b", "c"]).await;
        let keys = organizations::ensure(&tx, &["x", "y", "z"]).await.unwrap();
        let (x, y, z) = (keys["x"], keys["y"], keys["z"]);
        let listed = |configs: Vec<Config>| -> Vec<Vec<i64>> {
            let lists = configs.into_iter().map(|config| config.organizations);
            lists.collect()
        };
        let organized = [
            (made[0], vec![z, x, z]),
            (made[1], vec![y]),
            (made[2], vec![]),
        ];
        configs::organize(&tx, &organized).await.unwrap();
        let lists = listed(configs::all(&tx).await.unwrap());
        assert_eq!(lists, [vec![x, z], vec![y], vec![]]);
        configs::organize(&tx, &[(made[0], vec![])]).await.unwrap();
        configs::organize(&tx, &[]).await.unwrap();
        let lists = listed(configs::all(&tx).await.unwrap());
        assert_eq!(lists, [vec![], vec![y], vec![]]);
        let refused = configs::organize(&tx, &[(made[0], vec![z + 1])]).await;
        assert!(matches!(refused, Err(Fault::Dangling(_))), "{refused:?}");
    });
}

#[test]
fn thousands_of_tenants_are_made_changed_and_removed() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let new = (0..3_000).map(|number| bare(&number.to_string()));
        let made = configs::create_all(&tx, new.collect()).await.unwrap();
        let mut all = configs::all(&tx).await.unwrap();
        assert_eq!(ids(&all), made);
        for (number, config) in all.iter_mut().enumerate() {
            assert_eq!(config.external_key, number.to_string());
            config.meta.insert("number".to_owned(), number.into());
        }
        configs::change_all(&tx, &all).await.unwrap();
        assert_eq!(configs::find_all(&tx, &made).await.unwrap(), all);
        assert_eq!(configs::remove_all(&tx, &made).await.unwrap(), 3_000);
        assert_eq!(configs::count(&tx).await.unwrap(), 0);
    });
}
