//! Groups of tenants: made, changed, found and counted.

mod listed;

use provost_store::tenant_profiles::domains::{self, Owner};
use provost_store::tenant_profiles::groups::{self, By, Filter, Group, Text};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::tenant_profiles::search::{Like, Match};
use provost_store::{Constraint, Fault, Tx};

use super::{
    a_domain, a_group, a_person, a_reseller, a_tenant, assert_dangles, assert_repeats, bare_group,
    nobody, odd, remove, sweep, tried,
};
use crate::support::each_database;

const ODD: &str = "' \" \\ $1 ? %_ \u{1f980}";

fn ids(groups: &[Group]) -> Vec<&str> {
    groups.iter().map(|row| row.group_id.as_str()).collect()
}

#[test]
fn a_group_comes_back_as_it_was_made_and_changed() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let mut groups = [
            Group {
                name: ODD.to_owned(),
                user_limit: i64::MAX,
                default_domain: Some(a_domain(&tx, "é.example").await),
                cli_name: ODD.to_owned(),
                cli_phone_number: "+32".to_owned(),
                dialing_code: "02".to_owned(),
                time_zone: "Europe/Brussels".to_owned(),
                contact: odd(),
                address: odd(),
                reseller: Some(a_reseller(&tx, "r").await),
                ..bare_group(tenant.0, ODD)
            },
            bare_group(tenant.0, "second"),
        ];
        let made = groups::create_all(&tx, &groups).await.unwrap();
        for (group, id) in groups.iter_mut().zip(made) {
            group.id = id;
        }
        let all = async || groups::of_tenant(&tx, tenant.0).await.unwrap();
        assert_eq!(all().await, groups);
        for group in &groups {
            let found = groups::find(&tx, tenant.0, &group.group_id).await.unwrap();
            assert_eq!(found.as_ref(), Some(group));
        }

        // Everything changes hands but key, tenant and id.
        let [first, second] = groups;
        let changed = Group {
            id: second.id,
            ..first.clone()
        };
        let emptied = Group {
            id: first.id,
            tenant: i64::MAX,
            ..second
        };
        let gone = Group {
            id: second.id + 1,
            ..changed.clone()
        };
        for group in [&changed, &emptied, &gone] {
            groups::change(&tx, group).await.unwrap();
        }
        let expected = [
            Group {
                tenant: tenant.0,
                group_id: ODD.to_owned(),
                ..emptied
            },
            Group {
                group_id: "second".to_owned(),
                ..changed
            },
        ];
        assert_eq!(all().await, expected);
        let name = By {
            text: Text::Name,
            sensitive: false,
        };
        assert_eq!(found(&tx, name, Match::Equals, ODD).await, ["second"]);
    });
}

#[test]
fn an_id_is_taken_once_in_a_tenant_and_compared_exactly() {
    each_database(|store| async move {
        let repeated = tried(&store, async |tx| {
            let (first, second) = (a_tenant(tx, "t").await.0, a_tenant(tx, "u").await.0);
            let all = ["é", "É", "a", " a"].map(|id| bare_group(first, id));
            groups::create_all(tx, &all).await.unwrap();
            a_group(tx, second, "é").await;
            for (tenant, id, is_found) in [
                (first, "é", true),
                (first, "É", true),
                (first, "A", false),
                (second, "é", true),
                (second, "É", false),
                (second, "a", false),
                (first, "a\0", false),
                (first, "%", false),
            ] {
                let found = groups::find(tx, tenant, id).await.unwrap();
                assert_eq!(found.is_some(), is_found, "{tenant} {id}");
            }
            assert_eq!(groups::ids(tx, first).await.unwrap(), [" a", "a", "É", "é"]);
            assert_eq!(groups::ids(tx, second).await.unwrap(), ["é"]);
            assert_eq!(groups::ids(tx, 0).await.unwrap(), [""; 0]);
            groups::create_all(tx, &[bare_group(second, "é")]).await
        });
        assert_repeats(&repeated.await, Constraint::ProfileGroup);
        let refused = tried(&store, async |tx| {
            let tenant = a_tenant(tx, "t").await.0;
            groups::create_all(tx, &[bare_group(tenant, "a\0")]).await
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn many_groups_get_keys_in_their_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await.0;
        let new: Vec<Group> = (0..1_300)
            .rev()
            .map(|number| bare_group(tenant, &number.to_string()))
            .collect();
        let made = groups::create_all(&tx, &new).await.unwrap();
        let mut stored = groups::of_tenant(&tx, tenant).await.unwrap();
        stored.sort_unstable_by_key(|group| group.id);
        let keys: Vec<i64> = stored.iter().map(|group| group.id).collect();
        assert_eq!(keys, made);
        assert_eq!(ids(&stored), ids(&new));
        assert_eq!(groups::create_all(&tx, &[]).await.unwrap(), [0; 0]);
    });
}

#[test]
fn what_a_group_refers_to_is_there() {
    each_database(|store| async move {
        for (case, spoil) in [
            (
                "domain",
                (|group| group.default_domain = Some(nobody())) as fn(&mut Group),
            ),
            ("reseller", |group| group.reseller = Some(nobody())),
        ] {
            let refused = tried(&store, async |tx| {
                let mut group = bare_group(a_tenant(tx, "t").await.0, "g");
                spoil(&mut group);
                groups::create_all(tx, &[group]).await
            });
            assert_dangles(&refused.await, case);
            let refused = tried(&store, async |tx| {
                let mut group = bare_group(a_tenant(tx, "t").await.0, "g");
                group.id = groups::create_all(tx, &[group.clone()]).await.unwrap()[0];
                spoil(&mut group);
                groups::change(tx, &group).await
            });
            assert_dangles(&refused.await, case);
        }
    });
}

#[test]
fn a_group_counts_those_who_use_it() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let first = a_group(&tx, tenant.0, "a").await;
        let second = a_group(&tx, tenant.0, "b").await;
        for name in ["ada", "bob", "cyd"] {
            a_person(&tx, name, tenant, Some(first)).await;
        }
        let admin = Person {
            level: 8,
            ..a_person(&tx, "dan", tenant, Some(first)).await
        };
        people::put(&tx, &admin).await.unwrap();
        a_person(&tx, "eve", tenant, None).await;
        a_person(&tx, "fay", tenant, Some(second)).await;
        let all = groups::of_tenant(&tx, tenant.0).await.unwrap();
        let counts: Vec<i64> = all.iter().map(|group| group.user_count).collect();
        assert_eq!(counts, [3, 1]);
        let found = groups::find(&tx, tenant.0, "a").await.unwrap().unwrap();
        assert_eq!(found.user_count, 3);
    });
}

#[test]
fn a_key_is_never_given_twice() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let mut last = 0;
        for _ in 0..3 {
            let group = a_group(&tx, tenant.0, "g").await;
            assert!(group.0 > last, "{group:?} after {last}");
            last = group.0;
            remove(&tx, tenant, Some(group), &[]).await;
            assert_eq!(groups::find(&tx, tenant.0, "g").await.unwrap(), None);
            sweep(&tx, 1).await;
        }
    });
}

async fn listed(tx: &Tx, filter: &Filter) -> Vec<String> {
    let list = groups::list(tx, filter).await.unwrap();
    list.into_iter().map(|row| row.group_id).collect()
}

async fn found(tx: &Tx, by: By, how: Match, text: &str) -> Vec<String> {
    let text = text.to_owned();
    let filter = Filter {
        like: vec![Like { by, how, text }],
        ..Filter::default()
    };
    listed(tx, &filter).await
}

#[test]
fn a_group_outlives_its_domain_but_not_its_tenant() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await;
        let domain = a_domain(&tx, "g.example").await;
        let group = Group {
            default_domain: Some(domain.clone()),
            ..bare_group(tenant.0, "g")
        };
        let id = groups::create_all(&tx, &[group]).await.unwrap()[0];
        domains::assign(&tx, Owner::Group(id), &[domain.id])
            .await
            .unwrap();
        remove(&tx, tenant, None, &[]).await;
        // Nothing of what is left keeps a domain from being removed.
        assert!(domains::remove(&tx, domain.id).await.unwrap());
        assert_eq!(domains::of(&tx, Owner::Group(id)).await.unwrap(), []);
        assert_eq!(sweep(&tx, 1).await, 1);
        assert_eq!(groups::ids(&tx, tenant.0).await.unwrap(), [""; 0]);
    });
}
