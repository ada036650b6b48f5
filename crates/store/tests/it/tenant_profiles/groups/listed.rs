//! Groups are searched, sorted and cut into windows.

use provost_store::Tx;
use provost_store::tenant_profiles::groups::{self, By, Filter, Group, Listed, Text};
use provost_store::tenant_profiles::search::{Like, Match};
use provost_store::tenant_profiles::tenants::{self, Tenant};

use super::super::{a_backend, a_reseller, a_tenant, bare, bare_group, remove};
use super::{found, listed};
use crate::support::each_database;

#[test]
fn texts_are_searched_with_or_without_case_and_no_character_is_special() {
    use Match::{Contains, Equals, Starts};
    use Text::{Id, Name};
    const ALL: &[&str] = &["Straße", "strasse", "É", "é%"];
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let tenant = a_tenant(&tx, "t").await.0;
        let new = [
            ("É", "a_b"),
            ("é%", "it's \\ \"x\""),
            ("Straße", "İ"),
            ("strasse", ""),
        ];
        let new = new.map(|(id, name)| Group {
            name: name.to_owned(),
            ..bare_group(tenant, id)
        });
        groups::create_all(&tx, &new).await.unwrap();
        for (text, sensitive, how, sought, expected) in [
            (Id, true, Equals, "É", &["É"][..]),
            (Id, false, Equals, "É", &["É"]),
            (Id, false, Equals, "é", &["É"]),
            (Id, true, Equals, "é", &[]),
            (Id, true, Starts, "é", &["é%"]),
            (Id, false, Starts, "É", &["É", "é%"]),
            (Id, true, Contains, "%", &["é%"]),
            (Id, true, Starts, "%", &[]),
            (Id, false, Contains, "SS", &["strasse"]),
            (Id, false, Contains, "ẞ", &["Straße"]),
            (Id, true, Contains, "ẞ", &[]),
            (Id, true, Contains, "S", &["Straße"]),
            (Id, false, Contains, "", ALL),
            (Id, true, Starts, "", ALL),
            (Name, true, Contains, "", ALL),
            (Name, true, Equals, "", &["strasse"]),
            (Name, true, Contains, "_", &["É"]),
            (Name, false, Starts, "A_", &["É"]),
            (Name, true, Starts, "A", &[]),
            (Name, false, Contains, "\\", &["é%"]),
            (Name, false, Starts, "IT'S", &["é%"]),
            (Name, false, Contains, "\"X\"", &["é%"]),
            (Name, false, Equals, "i\u{307}", &["Straße"]),
            (Name, false, Equals, "i", &[]),
            (Name, true, Equals, "i\u{307}", &[]),
        ] {
            let by = By { text, sensitive };
            let found = found(&tx, by, how, sought).await;
            assert_eq!(found, expected, "{by:?} {how:?} {sought}");
        }
        let like = ["S", "R"].map(|text| Like {
            by: By {
                text: Id,
                sensitive: text == "S",
            },
            how: Contains,
            text: text.to_owned(),
        });
        let filter = Filter {
            like: like.to_vec(),
            ..Filter::default()
        };
        assert_eq!(listed(&tx, &filter).await, ["Straße"]);
    });
}

/// Two tenants whose groups share ids and names, as far as case counts and as far as it does not.
async fn alike(tx: &Tx) {
    for tenant in ["T", "s"] {
        let id = a_tenant(tx, tenant).await.0;
        for (group_id, name) in [("b", "É"), ("B", "z"), ("é", "é"), ("É", ""), ("_", "Z")] {
            let group = Group {
                name: name.to_owned(),
                ..bare_group(id, group_id)
            };
            groups::create_all(tx, &[group]).await.unwrap();
        }
    }
}

/// What a row is sorted by.
fn sorted_by(row: &Listed, by: By) -> String {
    let text = match by.text {
        Text::Id => &row.group_id,
        Text::Name => &row.name,
    };
    if by.sensitive {
        text.clone()
    } else {
        text.to_lowercase()
    }
}

#[test]
fn groups_are_sorted_by_any_of_their_texts_and_then_by_id_and_tenant() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        alike(&tx).await;
        let mut all = groups::list(&tx, &Filter::default()).await.unwrap();
        assert_eq!(all.len(), 10);
        let mut orders: Vec<Vec<(By, bool)>> = vec![Vec::new()];
        for text in [Text::Id, Text::Name] {
            for (sensitive, backwards) in
                [(true, true), (true, false), (false, true), (false, false)]
            {
                orders.push(vec![(By { text, sensitive }, backwards)]);
            }
        }
        for first in orders.clone() {
            for second in orders.clone() {
                orders.push([first.clone(), second].concat());
            }
        }
        for order in orders {
            all.sort_by(|one, other| {
                let by_order = order.iter().map(|(by, backwards)| {
                    let ordering = sorted_by(one, *by).cmp(&sorted_by(other, *by));
                    if *backwards {
                        ordering.reverse()
                    } else {
                        ordering
                    }
                });
                let last = one.group_id.cmp(&other.group_id);
                let last = last.then_with(|| one.tenant_id.cmp(&other.tenant_id));
                by_order
                    .reduce(std::cmp::Ordering::then)
                    .map_or(last, |ordering| ordering.then(last))
            });
            let filter = Filter {
                order: order.clone(),
                ..Filter::default()
            };
            let list = groups::list(&tx, &filter).await.unwrap();
            assert_eq!(list, all, "{order:?}");
        }
    });
}

#[test]
fn a_window_is_cut_out_of_a_sorted_list() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        alike(&tx).await;
        let by = By {
            text: Text::Name,
            sensitive: false,
        };
        let sorted = Filter {
            order: vec![(by, true)],
            ..Filter::default()
        };
        let all = groups::list(&tx, &sorted).await.unwrap();
        for (skip, limit, expected) in [
            (0, None, &all[..]),
            (0, Some(0), &[]),
            (0, Some(3), &all[..3]),
            (3, Some(3), &all[3..6]),
            (9, Some(3), &all[9..]),
            (4, None, &all[4..]),
            (10, None, &[]),
            (11, Some(1), &[]),
            (1, Some(u64::MAX), &all[1..]),
            (u64::MAX, Some(u64::MAX), &[]),
            (u64::MAX, None, &[]),
        ] {
            let filter = Filter {
                skip,
                limit,
                ..sorted.clone()
            };
            let window = groups::list(&tx, &filter).await.unwrap();
            assert_eq!(window, expected, "{skip} {limit:?}");
        }
    });
}

/// Groups of tenants of resellers and on backends: `t` with `a`, `b` and `c`, and `u` with `d`.
async fn owned(tx: &Tx) -> ([i64; 2], [i64; 2], [i64; 2]) {
    let resellers = [a_reseller(tx, "r").await, a_reseller(tx, "s").await];
    let backends = [a_backend(tx, "x").await, a_backend(tx, "y").await];
    let mut tenants = [0; 2];
    for (place, backend, groups) in [
        (
            0,
            Some(backends[0].clone()),
            &[("a", None), ("b", Some(0)), ("c", Some(1))][..],
        ),
        (1, None, &[("d", Some(0))]),
    ] {
        let tenant = Tenant {
            reseller: Some(resellers[place].clone()),
            backend,
            ..bare(tx, ["t", "u"][place]).await
        };
        tenants[place] = tenants::create(tx, &tenant).await.unwrap();
        for (group_id, reseller) in groups {
            let group = Group {
                reseller: reseller.map(|at: usize| resellers[at].clone()),
                ..bare_group(tenants[place], group_id)
            };
            groups::create_all(tx, &[group]).await.unwrap();
        }
    }
    (
        tenants,
        resellers.map(|reseller| reseller.id),
        backends.map(|(backend, _)| backend.id),
    )
}

#[test]
fn groups_are_listed_by_tenant_reseller_and_backend_while_their_tenant_is_there() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenants, resellers, [x, y]) = owned(&tx).await;
        let all = Filter::default();
        let of = |tenant| Filter {
            tenant: Some(tenant),
            ..Filter::default()
        };
        let backends = |backends: &[i64]| Filter {
            backends: Some(backends.to_vec()),
            ..Filter::default()
        };
        let owned = |reseller, tenant_reseller| Filter {
            reseller,
            tenant_reseller,
            ..Filter::default()
        };
        let [r, s] = resellers.map(Some);
        let cases = [
            (all.clone(), &["a", "b", "c", "d"][..]),
            (of(tenants[0]), &["a", "b", "c"]),
            (of(0), &[]),
            (backends(&[]), &["d"]),
            (backends(&[y]), &["d"]),
            (backends(&[y, x]), &["a", "b", "c", "d"]),
            (owned(r, None), &["b", "d"]),
            (owned(None, r), &["a", "b", "c"]),
            (owned(r, s), &["d"]),
            (owned(s, s), &[]),
        ];
        for (filter, expected) in &cases {
            assert_eq!(listed(&tx, filter).await, *expected, "{filter:?}");
        }
        let list = groups::list(&tx, &of(tenants[1])).await.unwrap();
        let expected = Listed {
            tenant_id: "u".to_owned(),
            group_id: "d".to_owned(),
            name: String::new(),
            user_limit: 0,
            reseller: Some("r".to_owned()),
        };
        assert_eq!(list, [expected]);
        remove(&tx, (tenants[0], "t"), None, &[]).await;
        assert_eq!(listed(&tx, &all).await, ["d"]);
        assert_eq!(listed(&tx, &of(tenants[0])).await, [""; 0]);
    });
}
