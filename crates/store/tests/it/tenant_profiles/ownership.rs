//! Groups of tenants that are given to resellers.

use provost_store::tenant_profiles::Named;
use provost_store::tenant_profiles::groups::{self, Group};
use provost_store::tenant_profiles::ownership::{self, Owned};

use super::{a_reseller, a_tenant, bare_group};
use crate::support::each_database;

#[test]
fn groups_are_given_to_a_reseller_and_those_that_changed_are_told() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let r = a_reseller(&tx, "r").await;
        let s = a_reseller(&tx, "s").await;
        let tenant = a_tenant(&tx, "t").await.0;
        let other = a_tenant(&tx, "u").await.0;
        // Made in another order than that of their ids.
        let given = [
            ("É", None),
            ("b", Some(&r)),
            ("B", Some(&s)),
            ("a", Some(&r)),
            ("_", None),
        ];
        let group = |tenant: i64, (id, owner): (&str, Option<&_>)| Group {
            reseller: owner.cloned(),
            ..bare_group(tenant, id)
        };
        let new: Vec<Group> = given.iter().map(|given| group(tenant, *given)).collect();
        groups::create_all(&tx, &new).await.unwrap();
        let before = groups::of_tenant(&tx, tenant).await.unwrap();
        let others = [group(other, ("a", Some(&r))), group(other, ("_", None))];
        groups::create_all(&tx, &others).await.unwrap();
        let others = groups::of_tenant(&tx, other).await.unwrap();
        let (no_one, to_r, to_s) = (None, Some(&r), Some(&s));
        for (owned, reseller, expected) in [
            (Owned::All, to_r, &["B", "_", "É"][..]),
            (Owned::All, to_s, &["_", "a", "b", "É"]),
            (Owned::All, no_one, &["B", "a", "b"]),
            (Owned::By(None), to_r, &["_", "É"]),
            (Owned::By(None), no_one, &[]),
            (Owned::By(Some(r.id)), to_s, &["a", "b"]),
            (Owned::By(Some(r.id)), no_one, &["a", "b"]),
            (Owned::By(Some(r.id)), to_r, &[]),
            (Owned::By(Some(s.id)), to_r, &["B"]),
            (Owned::By(Some(0)), to_r, &[]),
        ] {
            let id = reseller.map(|reseller| reseller.id);
            let changed = ownership::give(&tx, tenant, owned, id).await.unwrap();
            assert_eq!(changed, expected, "{owned:?} {reseller:?}");
            for former in &before {
                let found = groups::find(&tx, tenant, &former.group_id).await.unwrap();
                let mut expected = former.clone();
                if changed.contains(&former.group_id) {
                    expected.reseller = reseller.cloned();
                }
                assert_eq!(found, Some(expected), "{owned:?} {reseller:?}");
                groups::change(&tx, former).await.unwrap();
            }
        }
        assert_eq!(groups::of_tenant(&tx, other).await.unwrap(), others);
    });
}

#[test]
fn it_is_known_whether_a_group_is_not_of_a_reseller() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let r = a_reseller(&tx, "r").await;
        let s = a_reseller(&tx, "s").await;
        // Groups of another tenant do not matter.
        let other = a_tenant(&tx, "other").await.0;
        let new = [None, Some(&s)].map(|owner: Option<&Named>| owner.cloned());
        let new: Vec<Group> = ["g", "h"]
            .into_iter()
            .zip(new)
            .map(|(id, reseller)| Group {
                reseller,
                ..bare_group(other, id)
            })
            .collect();
        groups::create_all(&tx, &new).await.unwrap();
        let (no_one, of_r, of_s) = (None, Some(&r), Some(&s));
        for (at, (owners, expected)) in [
            (&[][..], [false, false]),
            (&[of_r], [false, true]),
            (&[of_r, of_r], [false, true]),
            (&[of_s], [true, false]),
            (&[no_one], [true, true]),
            (&[of_r, no_one], [true, true]),
            (&[of_s, of_r], [true, true]),
        ]
        .into_iter()
        .enumerate()
        {
            let tenant = a_tenant(&tx, &at.to_string()).await.0;
            let owned = |(id, owner): (usize, Option<&Named>)| Group {
                reseller: owner.cloned(),
                ..bare_group(tenant, &id.to_string())
            };
            let new: Vec<Group> = owners.iter().copied().enumerate().map(owned).collect();
            groups::create_all(&tx, &new).await.unwrap();
            for (reseller, expected) in [&r, &s].into_iter().zip(expected) {
                let found = ownership::has_others(&tx, tenant, reseller.id).await;
                assert_eq!(found.unwrap(), expected, "{owners:?} {reseller:?}");
            }
            let of_nobody = ownership::has_others(&tx, tenant, 0).await.unwrap();
            assert_eq!(of_nobody, !owners.is_empty(), "{owners:?}");
        }
        assert!(!ownership::has_others(&tx, 0, r.id).await.unwrap());
    });
}
