//! What applications keep of an account goes with it, where the account belongs.

use provost_store::tenant_profiles::data::{self, Address, Record};
use provost_store::tenant_profiles::people::{self, Person};
use provost_store::{Tx, users};

use super::{a_group, a_person, a_tenant, above_all, at, keep, kept, named, place, remove, within};
use crate::support::{each_database, user};

type Place = (i64, &'static str);

/// A tenant with two groups, one of which was there before under the same id, and another tenant with
/// one: each keeps something of the user `u`.
struct World {
    tenant: Place,
    former: Place,
    group: Place,
    other: Place,
    stranger: Place,
    strange: Place,
}

impl World {
    async fn new(tx: &Tx) -> Self {
        let (tenant, former) = place(tx).await;
        keep(tx, tenant, former, "former", "value").await;
        remove(tx, tenant, Some(former), &["former"]).await;
        let stranger = a_tenant(tx, "u").await;
        let world = Self {
            tenant,
            former,
            group: a_group(tx, tenant.0, "g").await,
            other: a_group(tx, tenant.0, "h").await,
            stranger,
            strange: a_group(tx, stranger.0, "g").await,
        };
        for (tenant, group) in [
            (tenant, world.group),
            (tenant, world.other),
            (stranger, world.strange),
        ] {
            for application in ["a", "b"] {
                keep(tx, tenant, group, application, "value").await;
            }
        }
        world
    }

    /// Which of the records are left: of the former group, of that of the same id, of the other one, of
    /// the other tenant's.
    async fn left(&self, tx: &Tx) -> [Vec<String>; 4] {
        let all = [
            at("t", "g", None),
            within("t", "g", Some(self.group.0)),
            within("t", "h", Some(self.other.0)),
            within("u", "g", Some(self.strange.0)),
        ];
        let mut left = [const { Vec::new() }; 4];
        for (left, address) in left.iter_mut().zip(all) {
            *left = data::applications(tx, address).await.unwrap();
        }
        left
    }
}

/// The tenant and the group that somebody belongs to.
type Belongs = fn(&World) -> (Option<Place>, Option<Place>);

#[test]
fn what_is_kept_of_an_account_goes_with_it_in_its_own_group_alone() {
    each_database(|store| async move {
        let whole = [&["former"][..], &["a", "b"], &["a", "b"], &["a", "b"]];
        // Where the account belongs, and which place loses its records.
        for (case, belongs, loser) in [
            ("nowhere", None, None),
            ("above all", Some((|_| (None, None)) as Belongs), None),
            ("tenant", Some(|w| (Some(w.tenant), None)), None),
            ("gone", Some(|w| (Some(w.tenant), Some(w.former))), Some(0)),
            ("group", Some(|w| (Some(w.tenant), Some(w.group))), Some(1)),
            ("other", Some(|w| (Some(w.tenant), Some(w.other))), Some(2)),
            (
                "strange",
                Some(|w| (Some(w.stranger), Some(w.strange))),
                Some(3),
            ),
        ] {
            // Who uses a group and who administers it alike.
            for level in [0, 8] {
                let tx = store.begin().await.unwrap();
                let world = World::new(&tx).await;
                let account = user(&tx, "u").await.id;
                if let Some(belongs) = belongs {
                    let (tenant, group) = belongs(&world);
                    let person = Person {
                        level,
                        tenant: tenant.map(named),
                        group: group.map(named),
                        ..above_all(account)
                    };
                    people::put(&tx, &person).await.unwrap();
                }
                assert_eq!(world.left(&tx).await, whole, "{case}");
                users::delete(&tx, account).await.unwrap().unwrap();
                let mut expected = whole;
                if let Some(loser) = loser {
                    expected[loser] = &[];
                }
                assert_eq!(world.left(&tx).await, expected, "{case}");
                assert_eq!(users::delete(&tx, account).await.unwrap(), None);
                assert_eq!(world.left(&tx).await, expected, "{case}");
            }
        }
    });
}

#[test]
fn what_is_kept_of_others_in_the_same_group_stays() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let (tenant, group) = place(&tx).await;
        let own = at("t", "g", Some(group.0));
        let mut people = Vec::new();
        for username in ["u", "U", "%", "_"] {
            let person = a_person(&tx, username, tenant, Some(group)).await;
            people.push((username, person.user));
            let record = Record {
                application: "a",
                key: "k",
                value: username,
            };
            let address = Address { username, ..own };
            data::put(&tx, address, (tenant.0, group.0), record)
                .await
                .unwrap();
        }
        while let Some((_, gone)) = people.pop() {
            users::delete(&tx, gone).await.unwrap();
            for username in ["u", "U", "%", "_"] {
                let is_left = people.iter().any(|(left, _)| *left == username);
                let found = kept(&tx, Address { username, ..own }, "a").await;
                assert_eq!(found.as_deref(), is_left.then_some(username));
            }
        }
    });
}
