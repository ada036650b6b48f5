//! Tenants: made, changed and found.

mod listed;

use provost_store::tenant_profiles::search::{Like, Match};
use provost_store::tenant_profiles::tenants::{self, By, Filter, Tenant};
use provost_store::{Constraint, Fault, Tx};

use super::{
    a_backend, a_domain, a_reseller, a_tenant, assert_dangles, assert_repeats, bare, nobody, odd,
    remove, sweep, tried,
};
use crate::support::each_database;

const ODD: &str = "' \" \\ $1 ? %_ \u{1f980}";

/// A tenant with everything that one can have, not made yet.
async fn full(tx: &Tx, tenant_id: &str) -> Tenant {
    Tenant {
        kind: "ServiceProvider".to_owned(),
        name: ODD.to_owned(),
        support_email: ODD.to_owned(),
        contact: odd(),
        address: odd(),
        custom_routing: true,
        tenant_languages: true,
        reseller: Some(a_reseller(tx, tenant_id).await),
        external_ids: ["1", ODD, "3", "É"].map(str::to_owned),
        backend: Some(a_backend(tx, tenant_id).await),
        ..bare(tx, tenant_id).await
    }
}

#[test]
fn a_tenant_comes_back_as_it_was_made_and_changed() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut first = full(&tx, ODD).await;
        first.id = tenants::create(&tx, &first).await.unwrap();
        let mut second = bare(&tx, "second").await;
        second.id = tenants::create(&tx, &second).await.unwrap();
        let find = async |id| tenants::find(&tx, id).await.unwrap();
        assert_eq!(find(ODD).await.as_ref(), Some(&first));
        assert_eq!(find("second").await.as_ref(), Some(&second));
        for (id, expected) in [
            ("second", Some(&second)),
            ("SECOND", Some(&second)),
            (ODD, Some(&first)),
            ("sec%", None),
            ("", None),
        ] {
            let found = tenants::find_folded(&tx, id).await.unwrap();
            assert_eq!(found.as_ref(), expected, "{id}");
        }
        let order = serde_json::to_string(&find(ODD).await.unwrap().contact).unwrap();
        assert_eq!(order, serde_json::to_string(&odd()).unwrap());

        // Everything changes hands but key and id.
        let changed = Tenant {
            id: second.id,
            default_domain: a_domain(&tx, "other.example").await,
            ..first.clone()
        };
        tenants::change(&tx, &changed).await.unwrap();
        let emptied = Tenant {
            id: first.id,
            ..second.clone()
        };
        tenants::change(&tx, &emptied).await.unwrap();
        let gone = Tenant {
            id: second.id + 1,
            ..changed.clone()
        };
        tenants::change(&tx, &gone).await.unwrap();
        let expected = [
            Tenant {
                tenant_id: ODD.to_owned(),
                ..emptied
            },
            Tenant {
                tenant_id: "second".to_owned(),
                ..changed
            },
        ];
        let all = tenants::list(&tx, &Filter::default()).await.unwrap();
        assert_eq!(all, expected);
        // What is searched changed as well.
        for (by, text, expected) in [
            (By::Name, ODD, &["second"][..]),
            (By::ExternalId4, "é", &["second"]),
            (By::TenantId, "SECOND", &["second"]),
        ] {
            assert_eq!(found(&tx, by, Match::Equals, text).await, expected);
        }
    });
}

#[test]
fn an_id_is_taken_once_whatever_its_case() {
    each_database(|store| async move {
        for (first, second, is_free) in [
            ("foo", "FOO", false),
            ("Écluse", "éCLUSE", false),
            ("STRAẞE", "straße", false),
            ("İ", "i\u{307}", false),
            ("STRASSE", "straße", true),
            ("İ", "i", true),
            ("ecluse", "écluse", true),
            ("a", "a ", true),
            ("%", "_", true),
        ] {
            let repeated = tried(&store, async |tx| {
                a_tenant(tx, first).await;
                assert!(tenants::is_taken(tx, first).await.unwrap());
                let is_taken = tenants::is_taken(tx, second).await.unwrap();
                assert_eq!(is_taken, !is_free, "{first} {second}");
                assert_eq!(tenants::find(tx, second).await.unwrap(), None);
                let found = tenants::find_folded(tx, second).await.unwrap();
                let expected = tenants::find(tx, first).await.unwrap();
                assert_eq!(found, expected.filter(|_| !is_free), "{first} {second}");
                tenants::create(tx, &bare(tx, second).await).await
            });
            let repeated = repeated.await;
            if is_free {
                assert!(repeated.is_ok(), "{first} {second}: {repeated:?}");
            } else {
                assert_repeats(&repeated, Constraint::ProfileTenantFolded);
            }
        }
        // Which of the two rules is broken first is for the database to say.
        let repeated = tried(&store, async |tx| {
            a_tenant(tx, "foo").await;
            tenants::create(tx, &bare(tx, "foo").await).await
        });
        let repeated = repeated.await;
        assert!(
            matches!(
                repeated,
                Err(Fault::Duplicate(
                    Constraint::ProfileTenant | Constraint::ProfileTenantFolded
                ))
            ),
            "{repeated:?}"
        );
    });
}

#[test]
fn what_a_tenant_refers_to_is_there() {
    each_database(|store| async move {
        for (case, spoil) in [
            (
                "domain",
                (|tenant| tenant.default_domain = nobody()) as fn(&mut Tenant),
            ),
            ("reseller", |tenant| tenant.reseller = Some(nobody())),
            ("backend", |tenant| {
                tenant.backend = Some((nobody(), String::new()));
            }),
        ] {
            let refused = tried(&store, async |tx| {
                let mut tenant = bare(tx, "t").await;
                spoil(&mut tenant);
                tenants::create(tx, &tenant).await
            });
            assert_dangles(&refused.await, case);
            let refused = tried(&store, async |tx| {
                let mut tenant = bare(tx, "t").await;
                tenant.id = tenants::create(tx, &tenant).await.unwrap();
                spoil(&mut tenant);
                tenants::change(tx, &tenant).await
            });
            assert_dangles(&refused.await, case);
        }
    });
}

#[test]
fn a_null_character_is_refused_and_found_nowhere() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        a_tenant(&tx, "ab").await;
        assert_eq!(tenants::find(&tx, "a\0b").await.unwrap(), None);
        let folded = tenants::find_folded(&tx, "a\0b").await.unwrap();
        assert_eq!(folded, None);
        let refused = tenants::create(&tx, &bare(&tx, "a\0b").await).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
        let tenant = Tenant {
            name: "\0".to_owned(),
            ..tenants::find(&tx, "ab").await.unwrap().unwrap()
        };
        let refused = tenants::change(&tx, &tenant).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn a_key_is_never_given_twice() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let mut last = 0;
        for _ in 0..3 {
            let tenant = a_tenant(&tx, "t").await;
            assert!(tenant.0 > last, "{tenant:?} after {last}");
            last = tenant.0;
            remove(&tx, tenant, None, &[]).await;
            assert_eq!(tenants::find(&tx, "t").await.unwrap(), None);
            assert!(!tenants::is_taken(&tx, "T").await.unwrap());
            sweep(&tx, 1).await;
        }
    });
}

async fn listed(tx: &Tx, filter: &Filter) -> Vec<String> {
    let list = tenants::list(tx, filter).await.unwrap();
    list.into_iter().map(|row| row.tenant_id).collect()
}

async fn found(tx: &Tx, by: By, how: Match, text: &str) -> Vec<String> {
    let text = text.to_owned();
    let filter = Filter {
        like: vec![Like { by, how, text }],
        ..Filter::default()
    };
    listed(tx, &filter).await
}
