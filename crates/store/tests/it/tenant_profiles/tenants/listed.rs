//! Tenants are searched and listed.

use provost_store::Tx;
use provost_store::tenant_profiles::search::Match;
use provost_store::tenant_profiles::tenants::{self, By, Filter, Tenant};

use super::super::{a_backend, a_reseller, a_tenant, bare};
use super::{found, listed};
use crate::support::each_database;

fn ids(tenants: &[Tenant]) -> Vec<&str> {
    tenants.iter().map(|row| row.tenant_id.as_str()).collect()
}

#[test]
fn ids_are_ordered_by_code_point() {
    const ORDERED: [&str; 12] = [
        " b", "%", "-a", "B", "Z", "_", "a b", "a-", "é", "ﬀ", "\u{fffd}", "𝄞",
    ];
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        for id in ORDERED.into_iter().rev() {
            a_tenant(&tx, id).await;
        }
        for (limit, expected) in [
            (None, &ORDERED[..]),
            (Some(0), &[]),
            (Some(1), &ORDERED[..1]),
            (Some(12), &ORDERED),
            (Some(u64::MAX), &ORDERED),
        ] {
            let filter = Filter {
                limit,
                ..Filter::default()
            };
            let list = tenants::list(&tx, &filter).await.unwrap();
            assert_eq!(ids(&list), expected, "{limit:?}");
        }
        for (after, limit, expected) in [
            (None, 5, &ORDERED[..5]),
            (Some("Z"), 3, &ORDERED[5..8]),
            (Some("a"), 2, &ORDERED[6..8]),
            (Some("é"), 100, &ORDERED[9..]),
            (Some("𝄞"), 1, &[]),
            (Some(""), u64::MAX, &ORDERED),
        ] {
            let chunk = tenants::chunk(&tx, after, limit).await.unwrap();
            assert_eq!(ids(&chunk), expected, "{after:?} {limit}");
        }
    });
}

/// Four tenants, to be searched.
async fn four(tx: &Tx) {
    for (id, name, external_ids) in [
        ("STRAẞE", "100% \\d_x", ["", "ÉTÉ", "", ""]),
        ("Strasse", "it's \"x\"", ["x1", "", "", ""]),
        ("École", "ΣΊΣΥΦΟΣ", ["X1", "été 2", "", "4"]),
        ("İzmir", "", ["y", "", "%", "_"]),
    ] {
        let tenant = Tenant {
            name: name.to_owned(),
            external_ids: external_ids.map(str::to_owned),
            ..bare(tx, id).await
        };
        tenants::create(tx, &tenant).await.unwrap();
    }
}

#[test]
fn texts_are_searched_whatever_their_case_and_no_character_is_special() {
    use By::{ExternalId1, ExternalId2, ExternalId3, ExternalId4, Name, TenantId};
    use Match::{Contains, Equals, Starts};
    const ALL: &[&str] = &["STRAẞE", "Strasse", "École", "İzmir"];
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        four(&tx).await;
        for (by, how, text, expected) in [
            (TenantId, Equals, "éCOLE", &["École"][..]),
            (TenantId, Equals, "ecole", &[]),
            (TenantId, Equals, "école ", &[]),
            (TenantId, Contains, "ÉC", &["École"]),
            (TenantId, Contains, "ss", &["Strasse"]),
            (TenantId, Contains, "ß", &["STRAẞE"]),
            (TenantId, Starts, "strA", &["STRAẞE", "Strasse"]),
            (TenantId, Starts, "tra", &[]),
            (TenantId, Starts, "É", &["École"]),
            (TenantId, Starts, "İ", &["İzmir"]),
            (TenantId, Starts, "i", &["İzmir"]),
            (TenantId, Starts, "iz", &[]),
            (TenantId, Equals, "i\u{307}ZMIR", &["İzmir"]),
            (TenantId, Contains, "%", &[]),
            (TenantId, Contains, "_", &[]),
            (TenantId, Contains, "", ALL),
            (TenantId, Starts, "", ALL),
            (Name, Contains, "", ALL),
            (Name, Starts, "", ALL),
            (Name, Equals, "", &["İzmir"]),
            (Name, Contains, "%", &["STRAẞE"]),
            (Name, Contains, "_X", &["STRAẞE"]),
            (Name, Contains, "\\D", &["STRAẞE"]),
            (Name, Contains, "\\\\", &[]),
            (Name, Contains, "'", &["Strasse"]),
            (Name, Contains, "\"X\"", &["Strasse"]),
            (Name, Starts, "100%", &["STRAẞE"]),
            (Name, Starts, "1__", &[]),
            (Name, Starts, "it%", &[]),
            (Name, Equals, "IT'S \"X\"", &["Strasse"]),
            (Name, Starts, "σίσυ", &["École"]),
            (ExternalId1, Equals, "x1", &["Strasse", "École"]),
            (ExternalId1, Starts, "X", &["Strasse", "École"]),
            (ExternalId1, Equals, "", &["STRAẞE"]),
            (ExternalId2, Equals, "été", &["STRAẞE"]),
            (ExternalId2, Starts, "ÉT", &["STRAẞE", "École"]),
            (ExternalId3, Contains, "%", &["İzmir"]),
            (ExternalId4, Contains, "_", &["İzmir"]),
            (ExternalId4, Equals, "4", &["École"]),
        ] {
            let found = found(&tx, by, how, text).await;
            assert_eq!(found, expected, "{by:?} {how:?} {text}");
        }
    });
}

#[test]
fn four_names_that_others_use_are_told_apart_by_place() {
    for (place, expected) in [
        (0, Some(By::ExternalId1)),
        (1, Some(By::ExternalId2)),
        (2, Some(By::ExternalId3)),
        (3, Some(By::ExternalId4)),
        (4, None),
    ] {
        assert_eq!(By::external_id(place), expected, "{place}");
    }
}

/// Tenants `a` to `e` of resellers and backends.
async fn owned(tx: &Tx) -> ([i64; 3], [i64; 2]) {
    let resellers = [
        a_reseller(tx, "Élan").await,
        a_reseller(tx, "éLAN").await,
        a_reseller(tx, "%").await,
    ];
    let backends = [a_backend(tx, "x").await, a_backend(tx, "y").await];
    for (id, reseller, backend) in [
        ("a", Some(0), None),
        ("b", Some(1), Some(0)),
        ("c", Some(2), Some(1)),
        ("d", None, Some(1)),
        ("e", None, None),
    ] {
        let tenant = Tenant {
            kind: ["Enterprise", "ServiceProvider"][usize::from(id > "c")].to_owned(),
            reseller: reseller.map(|at: usize| resellers[at].clone()),
            backend: backend.map(|at: usize| backends[at].clone()),
            ..bare(tx, id).await
        };
        tenants::create(tx, &tenant).await.unwrap();
    }
    (
        resellers.map(|reseller| reseller.id),
        backends.map(|(backend, _)| backend.id),
    )
}

#[test]
fn tenants_are_listed_by_kind_reseller_and_backend() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (resellers, [x, y]) = owned(&tx).await;
        let kind = |kind: &str| Filter {
            kind: Some(kind.to_owned()),
            ..Filter::default()
        };
        let reseller_named = |name: &str| Filter {
            reseller_named: Some(name.to_owned()),
            ..Filter::default()
        };
        let backends = |backends: &[i64]| Filter {
            backends: Some(backends.to_vec()),
            ..Filter::default()
        };
        for (filter, expected) in [
            (Filter::default(), &["a", "b", "c", "d", "e"][..]),
            (kind("Enterprise"), &["a", "b", "c"]),
            (kind("ServiceProvider"), &["d", "e"]),
            (kind("enterprise"), &[]),
            (reseller_named("ÉLAN"), &["a", "b"]),
            (reseller_named("elan"), &[]),
            (reseller_named("%"), &["c"]),
            (reseller_named("_"), &[]),
            (reseller_named(""), &[]),
            (
                Filter {
                    reseller: Some(resellers[1]),
                    ..Filter::default()
                },
                &["b"],
            ),
            (
                Filter {
                    on_backends: Some(vec![y]),
                    ..Filter::default()
                },
                &["c", "d"],
            ),
            (backends(&[]), &["a", "e"]),
            (backends(&[x]), &["a", "b", "e"]),
            (backends(&[y, x, y, 0]), &["a", "b", "c", "d", "e"]),
            (
                Filter {
                    on_backends: Some(vec![x]),
                    ..backends(&[y])
                },
                &[],
            ),
            (
                Filter {
                    limit: Some(1),
                    backends: Some(vec![y]),
                    ..kind("ServiceProvider")
                },
                &["d"],
            ),
        ] {
            assert_eq!(listed(&tx, &filter).await, expected, "{filter:?}");
        }
    });
}
