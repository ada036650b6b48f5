//! Which host leads to which tenant.

use provost_store::tenants::configs;
use provost_store::tenants::routes::{self, Route};
use provost_store::{Constraint, Fault, Tx};

use super::{bare, committed};
use crate::support::each_database;

async fn tenants(tx: &Tx) -> (i64, i64) {
    let new = ["a", "b"].map(bare).to_vec();
    let made = configs::create_all(tx, new).await.unwrap();
    (made[0], made[1])
}

fn pairs(pairs: &[(&str, i64)]) -> Vec<(String, i64)> {
    let pairs = pairs.iter();
    pairs
        .map(|(domain, config)| ((*domain).to_owned(), *config))
        .collect()
}

fn domains(routes: &[Route]) -> Vec<&str> {
    routes.iter().map(|route| route.domain.as_str()).collect()
}

#[test]
fn routes_are_made_and_found_in_order() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (a, b) = tenants(&tx).await;
        let new = pairs(&[("z", a), ("Z", b), ("not a domain!", a)]);
        let made = routes::create_all(&tx, &new).await.unwrap();
        let expected: Vec<Route> = made
            .iter()
            .zip(new)
            .map(|(id, (domain, config))| Route {
                id: *id,
                domain,
                config,
            })
            .collect();
        assert_eq!(routes::all(&tx).await.unwrap(), expected);
        assert_eq!(
            routes::find(&tx, made[1]).await.unwrap(),
            Some(expected[1].clone())
        );
        assert_eq!(routes::find(&tx, made[2] + 1).await.unwrap(), None);
        for (domain, found) in [("Z", Some(1)), ("zz", None), ("", None), ("z\0", None)] {
            let route = routes::by_domain(&tx, domain).await.unwrap();
            assert_eq!(route, found.map(|at: usize| expected[at].clone()));
        }
        let of_a = routes::of_configs(&tx, &[a, 0]).await.unwrap();
        assert_eq!(domains(&of_a), ["z", "not a domain!"]);
        let taken = routes::taken(&tx, &["Z", "x", "z"]).await.unwrap();
        assert_eq!(domains(&taken), ["z", "Z"]);
        assert_eq!(routes::create_all(&tx, &[]).await.unwrap(), [0; 0]);
    });
}

#[test]
fn a_host_leads_to_one_tenant_that_is_there() {
    each_database(|store| async move {
        let id = committed(&store).await;
        for (new, duplicate) in [
            (pairs(&[("talent1.local.openedx.io", id)]), true),
            (pairs(&[("twice", id), ("twice", id)]), true),
            (pairs(&[("nowhere", id + 1)]), false),
        ] {
            let tx = store.begin().await.unwrap();
            let refused = routes::create_all(&tx, &new).await.unwrap_err();
            let right = match refused {
                Fault::Duplicate(Constraint::TenantRouteDomain) => duplicate,
                Fault::Dangling(Constraint::Reference) => !duplicate,
                _ => false,
            };
            assert!(right, "{new:?}: {refused:?}");
        }
        let tx = store.begin().await.unwrap();
        let refused = routes::create_all(&tx, &pairs(&[("a\0b", id)])).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn of_those_who_want_one_host_at_once_one_gets_it() {
    each_database(|store| async move {
        let id = committed(&store).await;
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    let tx = store.begin().await.unwrap();
                    match routes::create_all(&tx, &pairs(&[("wanted", id)])).await {
                        Ok(_) => {
                            tx.commit().await.unwrap();
                            true
                        }
                        Err(Fault::Duplicate(Constraint::TenantRouteDomain)) => false,
                        Err(fault) => panic!("{fault:?}"),
                    }
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap());
        }
        assert_eq!(won, 1);
        assert_eq!(routes::all(store.read()).await.unwrap().len(), 2);
    });
}

#[test]
fn a_route_is_led_elsewhere_and_renamed() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (a, b) = tenants(&tx).await;
        let made = routes::create_all(&tx, &pairs(&[("x", a), ("y", a)]))
            .await
            .unwrap();
        let mut route = Route {
            id: made[0],
            domain: "X".to_owned(),
            config: b,
        };
        assert!(routes::change(&tx, &route).await.unwrap());
        assert!(routes::change(&tx, &route).await.unwrap());
        assert_eq!(
            routes::find(&tx, made[0]).await.unwrap(),
            Some(route.clone())
        );
        route.id = made[1] + 1;
        assert!(!routes::change(&tx, &route).await.unwrap());
        tx.commit().await.unwrap();
        for (domain, config) in [("y", b), ("X", b + 1)] {
            let tx = store.begin().await.unwrap();
            let (id, domain) = (made[0], domain.to_owned());
            let refused = routes::change(&tx, &Route { id, domain, config }).await;
            let right = match refused {
                Err(Fault::Duplicate(Constraint::TenantRouteDomain)) => config == b,
                Err(Fault::Dangling(Constraint::Reference)) => config != b,
                _ => false,
            };
            assert!(right, "{config}: {refused:?}");
        }
    });
}

#[test]
fn routes_are_removed_and_come_back_under_their_keys() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (a, _) = tenants(&tx).await;
        let new = pairs(&[("x", a), ("y", a), ("z", a)]);
        let made = routes::create_all(&tx, &new).await.unwrap();
        let before = routes::all(&tx).await.unwrap();
        let gone = [made[0], made[2], made[2] + 1];
        assert_eq!(routes::remove_all(&tx, &gone).await.unwrap(), 2);
        assert_eq!(routes::remove_all(&tx, &[]).await.unwrap(), 0);
        assert_eq!(domains(&routes::all(&tx).await.unwrap()), ["y"]);
        routes::restore(&tx, &[before[2].clone(), before[0].clone()])
            .await
            .unwrap();
        assert_eq!(routes::all(&tx).await.unwrap(), before);
        tx.commit().await.unwrap();
        for (id, domain, expected) in [
            (made[0], "new", Constraint::Key),
            (made[2] + 9, "x", Constraint::TenantRouteDomain),
        ] {
            let tx = store.begin().await.unwrap();
            let route = Route {
                id,
                domain: domain.to_owned(),
                config: a,
            };
            let refused = routes::restore(&tx, &[route]).await;
            let Err(Fault::Duplicate(constraint)) = refused else {
                panic!("{refused:?}");
            };
            assert_eq!(constraint, expected);
        }
    });
}
