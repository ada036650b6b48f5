//! Domains of the system, and of tenants and groups.

use std::collections::HashMap;

use provost_store::tenant_profiles::domains::{self, Domain, Owner};
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::{Constraint, Db, Fault, Tx};

use super::{
    a_domain, a_group, a_tenant, assert_dangles, assert_repeats, bare_group, remove, sweep, tried,
};
use crate::support::each_database;

fn names(domains: &[Domain]) -> Vec<&str> {
    domains.iter().map(|row| row.name.as_str()).collect()
}

async fn of(db: &Db, owner: Owner) -> Vec<i64> {
    let domains = domains::of(db, owner).await.unwrap();
    domains.iter().map(|row| row.id).collect()
}

/// The keys of the domains of these names, made where they are missing.
async fn keys<const N: usize>(tx: &Tx, names: [&str; N]) -> [i64; N] {
    let mut keys = [0; N];
    for (key, name) in keys.iter_mut().zip(names) {
        *key = a_domain(tx, name).await.id;
    }
    keys
}

#[test]
fn the_first_domain_is_the_default_and_then_another() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        assert_eq!(domains::default(&tx).await.unwrap(), None);
        assert_eq!(domains::all(&tx).await.unwrap(), []);
        let mut made = Vec::new();
        for (name, is_default) in [("b.example", true), ("É.example", false), ("B%", false)] {
            let domain = domains::create(&tx, name).await.unwrap();
            assert_eq!(
                (domain.name.as_str(), domain.is_default),
                (name, is_default)
            );
            made.push(domain);
        }
        let all = domains::all(&tx).await.unwrap();
        assert_eq!(names(&all), ["B%", "b.example", "É.example"]);
        assert_eq!(all, [made[2].clone(), made[0].clone(), made[1].clone()]);
        for at in [1, 1, 2, 0] {
            domains::set_default(&tx, made[at].id).await.unwrap();
            let default = domains::default(&tx).await.unwrap().unwrap();
            assert_eq!(default.id, made[at].id);
            let all = domains::all(&tx).await.unwrap();
            assert_eq!(all.iter().filter(|domain| domain.is_default).count(), 1);
        }
    });
}

#[test]
fn a_domain_is_found_whatever_its_case_and_kept_as_it_was_written() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        keys(&tx, ["Écluse", "straße", "İ", "a_b", "a%", "it's\\"]).await;
        for (sought, expected) in [
            (&["éCLUSE"][..], &["Écluse"][..]),
            (&["écluse", "ÉCLUSE", "A%"], &["a%", "Écluse"]),
            (&["STRAẞE"], &["straße"]),
            (&["STRASSE"], &[]),
            (&["i\u{307}"], &["İ"]),
            (&["i", "I"], &[]),
            (&["A_B", "axb", "a__", "%"], &["a_b"]),
            (&["IT'S\\"], &["it's\\"]),
            (&["a_b\0", ""], &[]),
            (&[], &[]),
        ] {
            let found = domains::named(&tx, sought).await.unwrap();
            assert_eq!(names(&found), expected, "{sought:?}");
        }
    });
}

#[test]
fn a_name_is_compared_in_lower_case() {
    for (name, expected) in [
        ("a.example", "a.example"),
        ("A.Example", "a.example"),
        ("ÉCLUSE", "écluse"),
        ("STRAẞE", "straße"),
        ("STRASSE", "strasse"),
        ("İ", "i\u{307}"),
        (" A_%\0", " a_%\0"),
        ("", ""),
    ] {
        assert_eq!(domains::folded(name), expected, "{name}");
    }
}

#[test]
fn a_name_is_taken_once_whatever_its_case() {
    each_database(|store| async move {
        for (first, second, is_free) in [
            ("a.example", "A.EXAMPLE", false),
            ("é", "É", false),
            ("ẞ", "ß", false),
            ("ss", "ß", true),
            ("İ", "i", true),
        ] {
            let repeated = tried(&store, async |tx| {
                domains::create(tx, first).await.unwrap();
                domains::create(tx, second).await
            });
            let repeated = repeated.await;
            let is_same = domains::folded(first) == domains::folded(second);
            assert_eq!(is_same, !is_free, "{first} {second}");
            if is_free {
                assert!(repeated.is_ok(), "{first} {second}: {repeated:?}");
            } else {
                assert_repeats(&repeated, Constraint::ProfileDomain);
            }
        }
        let refused = tried(&store, async |tx| domains::create(tx, "a\0").await).await;
        assert!(matches!(refused, Err(Fault::NullCharacter)), "{refused:?}");
    });
}

#[test]
fn domains_are_given_and_taken_any_number_of_times() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        // Their names run backwards.
        let [a, b, c] = keys(&tx, ["z", "y", "x"]).await;
        let tenant = a_tenant(&tx, "t").await.0;
        let group = a_group(&tx, tenant, "g").await.0;
        let other = a_tenant(&tx, "u").await.0;
        let others = [Owner::Tenant(other), Owner::Group(group + 1)];
        domains::assign(&tx, others[0], &[a, c]).await.unwrap();
        for owner in [Owner::Tenant(tenant), Owner::Group(group)] {
            assert_eq!(of(&tx, owner).await, [0; 0]);
            for (gives, domains, expected) in [
                (true, &[a][..], &[a][..]),
                (true, &[a], &[a]),
                (true, &[b, a, b, b], &[b, a]),
                (true, &[], &[b, a]),
                (false, &[], &[b, a]),
                (false, &[c, 0], &[b, a]),
                (false, &[a, a, c], &[b]),
                (false, &[a], &[b]),
                (true, &[a, b, c], &[c, b, a]),
            ] {
                if gives {
                    domains::assign(&tx, owner, domains).await.unwrap();
                } else {
                    domains::unassign(&tx, owner, domains).await.unwrap();
                }
                let case = format!("{owner:?} {gives} {domains:?}");
                assert_eq!(of(&tx, owner).await, expected, "{case}");
            }
        }
        assert_eq!(of(&tx, others[0]).await, [c, a]);
        assert_eq!(of(&tx, others[1]).await, [0; 0]);
    });
}

#[test]
fn only_what_is_there_is_given_to_who_is_there() {
    each_database(|store| async move {
        for (case, is_group, owner_is_there) in [
            ("tenant that is gone", false, false),
            ("group that is gone", true, false),
            ("domain of a tenant", false, true),
            ("domain of a group", true, true),
        ] {
            let refused = tried(&store, async |tx| {
                let [domain] = keys(tx, ["a"]).await;
                let tenant = a_tenant(tx, "t").await.0;
                let group = a_group(tx, tenant, "g").await.0;
                let wanted = if owner_is_there { domain + 99 } else { domain };
                let further = if owner_is_there { 0 } else { 99 };
                let owner = if is_group {
                    Owner::Group(group + further)
                } else {
                    Owner::Tenant(tenant + further)
                };
                domains::assign(tx, owner, &[wanted]).await
            });
            assert_dangles(&refused.await, case);
        }
    });
}

/// Two tenants with domains and groups: the keys of domains, of tenants and of three groups.
async fn shared(tx: &Tx) -> ([i64; 4], [(i64, &'static str); 2], [(i64, &'static str); 3]) {
    let [a, b, c, d] = keys(tx, ["b", "a", "É", "d"]).await;
    let tenants = [a_tenant(tx, "t").await, a_tenant(tx, "u").await];
    let groups = [
        a_group(tx, tenants[0].0, "g").await,
        a_group(tx, tenants[0].0, "h").await,
        a_group(tx, tenants[1].0, "g").await,
    ];
    for (tenant, _) in tenants {
        let all = [a, b, c];
        domains::assign(tx, Owner::Tenant(tenant), &all)
            .await
            .unwrap();
    }
    let ties = [(0, a), (0, b), (1, b), (2, c), (0, a)];
    let ties = ties.map(|(at, domain): (usize, _)| (groups[at].0, domain));
    for _ in 0..2 {
        domains::assign_to_groups(tx, &ties).await.unwrap();
    }
    domains::assign_to_groups(tx, &[]).await.unwrap();
    ([a, b, c, d], tenants, groups)
}

#[test]
fn domains_of_many_groups_are_told_together() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (_, _, [g, h, other]) = shared(&tx).await;
        for (groups, expected) in [
            (
                &[g.0, h.0][..],
                &[(g.0, &["a", "b"][..]), (h.0, &["a"])][..],
            ),
            (&[other.0, other.0, 0], &[(other.0, &["É"])]),
            (&[0], &[]),
            (&[], &[]),
        ] {
            let found = domains::of_groups(&tx, groups).await.unwrap();
            let expected: HashMap<i64, Vec<String>> = expected
                .iter()
                .map(|(group, names)| (*group, names.iter().copied().map(str::to_owned).collect()))
                .collect();
            assert_eq!(found, expected, "{groups:?}");
        }
    });
}

#[test]
fn it_is_known_which_domains_groups_of_a_tenant_use() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ([a, b, c, free], [first, second], _) = shared(&tx).await;
        for (tenant, domains, expected) in [
            (first, &[a, b, c, free][..], &[a, b][..]),
            (first, &[b, b, c], &[b]),
            (first, &[c], &[]),
            (first, &[], &[]),
            (second, &[a, b, c], &[c]),
            ((0, ""), &[a, b, c], &[]),
        ] {
            let mut used = domains::used_by_groups(&tx, tenant.0, domains)
                .await
                .unwrap();
            used.sort_unstable();
            assert_eq!(used, expected, "{tenant:?} {domains:?}");
        }
        for (domain, expected) in [(a, true), (c, true), (free, false), (0, false)] {
            let assigned = domains::is_assigned(&tx, domain).await.unwrap();
            assert_eq!(assigned, expected, "{domain}");
        }
    });
}

#[test]
fn a_domain_that_a_tenant_has_stays() {
    each_database(|store| async move {
        let refused = tried(&store, async |tx| {
            let [domain] = keys(tx, ["a"]).await;
            let tenant = a_tenant(tx, "t").await.0;
            let owner = Owner::Tenant(tenant);
            domains::assign(tx, owner, &[domain]).await.unwrap();
            domains::remove(tx, domain).await
        });
        assert_dangles(&refused.await, "assigned to a tenant");
        let refused = tried(&store, async |tx| {
            a_tenant(tx, "t").await;
            let [default] = keys(tx, ["example.org"]).await;
            domains::remove(tx, default).await
        });
        assert_dangles(&refused.await, "default of a tenant");
        let tx = store.begin().await.unwrap();
        let [first, second] = keys(&tx, ["a", "b"]).await;
        assert!(domains::remove(&tx, second).await.unwrap());
        assert!(!domains::remove(&tx, second).await.unwrap());
        assert_eq!(names(&domains::all(&tx).await.unwrap()), ["a"]);
        assert!(domains::remove(&tx, first).await.unwrap());
    });
}

#[test]
fn domains_of_those_who_are_gone_are_free_at_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ([a, b, c, free], [gone, left], [first, second, other]) = shared(&tx).await;
        let defaulting = Group {
            id: first.0,
            default_domain: Some(a_domain(&tx, "b").await),
            ..bare_group(gone.0, "g")
        };
        groups::change(&tx, &defaulting).await.unwrap();
        remove(&tx, gone, Some(second), &[]).await;
        assert_eq!(of(&tx, Owner::Group(second.0)).await, [0; 0]);
        assert_eq!(of(&tx, Owner::Tenant(gone.0)).await, [b, a, c]);
        assert_eq!(of(&tx, Owner::Group(first.0)).await, [b, a]);
        domains::unassign(&tx, Owner::Tenant(left.0), &[a])
            .await
            .unwrap();
        remove(&tx, gone, None, &[]).await;
        assert_eq!(of(&tx, Owner::Tenant(gone.0)).await, [0; 0]);
        for (domain, expected) in [(a, false), (b, true), (c, true)] {
            let assigned = domains::is_assigned(&tx, domain).await.unwrap();
            assert_eq!(assigned, expected, "{domain}");
        }
        // The group's row may still be there.
        for domain in [a, free] {
            assert!(domains::remove(&tx, domain).await.unwrap());
        }
        sweep(&tx, 1).await;
        assert_eq!(of(&tx, Owner::Tenant(left.0)).await, [b, c]);
        assert_eq!(of(&tx, Owner::Group(other.0)).await, [c]);
    });
}
