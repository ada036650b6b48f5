//! Groups, memberships and rules.

use std::time::Duration;

use provost_store::course_access::groups::{self, Group};
use provost_store::course_access::{memberships, rules};
use provost_store::{Constraint, Db, Fault};

use super::given::{ALGEBRA, ALL, ECOLE, GONE, World, populate};
use crate::support::{count, each_database, later, noon};

#[test]
fn groups_are_made_found_and_changed_within_their_organization() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let tx = store.begin().await.unwrap();
        let made = groups::create(&tx, world.red, "r1", "ä \"b\"", noon())
            .await
            .unwrap();
        assert_eq!(
            groups::find(&tx, world.red, made.id).await.unwrap(),
            Some(made.clone())
        );
        assert_eq!(
            groups::lock(&tx, world.red, made.id).await.unwrap(),
            Some(made.clone())
        );
        for (organization, id) in [
            (world.blue, made.id),
            (world.red, -1),
            (world.red, i64::MAX),
        ] {
            assert_eq!(groups::find(&tx, organization, id).await.unwrap(), None);
            assert_eq!(groups::lock(&tx, organization, id).await.unwrap(), None);
        }
        let changed = Group {
            name: "new".to_owned(),
            description: String::new(),
            ..made
        };
        groups::change(&tx, &changed, later(1)).await.unwrap();
        assert_eq!(
            groups::find(&tx, world.red, changed.id).await.unwrap(),
            Some(changed)
        );
        let page = groups::page(&tx, world.red, &ALL, None).await.unwrap();
        let names: Vec<&str> = page.rows.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, ["r1", "r2", "r3", "new"]);
        let refused = groups::create(&tx, 777, "x", "", noon()).await;
        // PostgreSQL says so now, as SQLite does: the reference is not put off.
        assert!(matches!(refused, Err(Fault::Dangling(_))), "{refused:?}");
    });
}

#[test]
fn what_goes_with_a_group_is_reported() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let tx = store.begin().await.unwrap();
        let removed = groups::remove(&tx, world.group("r1")).await.unwrap();
        tx.commit().await.unwrap();
        let members = [(2, "cyd"), (3, "gus"), (5, "zoe"), (6, "eve")];
        assert_eq!(
            removed.memberships,
            members.map(|(id, name)| (id, world.user(name)))
        );
        let links = [(1, ECOLE), (4, GONE), (6, ALGEBRA)];
        assert_eq!(removed.courses, links.map(|(id, key)| (id, key.to_owned())));
        let [rule] = removed.rules.as_slice() else {
            panic!("{:?}", removed.rules);
        };
        assert_eq!(
            (rule.id, rule.domains.as_slice()),
            (1, &["z.example", "a.example"].map(str::to_owned)[..])
        );
        for (table, left) in [
            ("access_groups", 3),
            ("access_memberships", 2),
            ("access_rules", 2),
            ("access_rule_domains", 0),
            ("group_courses", 3),
        ] {
            assert_eq!(count(&store, table).await, left, "{table}");
        }
    });
}

async fn listed(db: &Db, organization: i64) -> Vec<(i64, String, String)> {
    let page = memberships::page(db, organization, &ALL, None)
        .await
        .unwrap();
    page.rows
        .into_iter()
        .map(|row| (row.id, row.user.username, row.group.name))
        .collect()
}

#[test]
fn memberships_are_those_of_own_groups_whoever_is_in_them() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        let row = |(id, user, group): (i64, &str, &str)| (id, user.to_owned(), group.to_owned());
        let red = [
            (2, "cyd", "r1"),
            (3, "gus", "r1"),
            (4, "zoe", "r2"),
            (5, "zoe", "r1"),
            (6, "eve", "r1"),
        ];
        assert_eq!(listed(db, world.red).await, red.map(row));
        assert_eq!(listed(db, world.blue).await, [row((1, "cyd", "b1"))]);
        for id in 0..8 {
            let found = memberships::find(db, world.red, id).await.unwrap();
            assert_eq!(
                found.map(|found| found.id),
                (2..7).contains(&id).then_some(id)
            );
        }
        let own = |organization, name| memberships::all_of(db, organization, world.user(name));
        for (organization, name, expected) in [
            (world.red, "zoe", &[4, 5][..]),
            (world.red, "cyd", &[2]),
            (world.blue, "cyd", &[1]),
            (world.red, "bob", &[]),
        ] {
            let ids: Vec<i64> = own(organization, name)
                .await
                .unwrap()
                .iter()
                .map(|row| row.id)
                .collect();
            assert_eq!(ids, expected, "{name}");
        }
        let all = memberships::of_person(db, world.user("cyd")).await.unwrap();
        assert_eq!(all, [(1, world.group("b1")), (2, world.group("r1"))]);
    });
}

#[test]
fn memberships_are_made_moved_and_removed() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let [zoe, bob] = ["zoe", "bob"].map(|name| world.user(name));
        let [r1, r3] = ["r1", "r3"].map(|name| world.group(name));
        let tx = store.begin().await.unwrap();
        assert!(memberships::lock_person(&tx, bob).await.unwrap());
        assert!(!memberships::lock_person(&tx, 777).await.unwrap());
        let id = memberships::create(&tx, bob, r1, true, noon())
            .await
            .unwrap();
        memberships::change(&tx, id, zoe, r3, later(1))
            .await
            .unwrap();
        let moved = memberships::lock(&tx, world.red, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (moved.user.id, moved.group.id, moved.automatic),
            (zoe, r3, true)
        );
        assert_eq!(memberships::lock(&tx, world.blue, id).await.unwrap(), None);
        assert!(memberships::remove(&tx, id).await.unwrap());
        assert!(!memberships::remove(&tx, id).await.unwrap());
        tx.commit().await.unwrap();
        refused(&store, &world).await;
    });
}

async fn refused(store: &provost_store::Store, world: &World) {
    let (zoe, r1) = (world.user("zoe"), world.group("r1"));
    let tx = store.begin().await.unwrap();
    let again = memberships::create(&tx, zoe, r1, false, noon()).await;
    assert!(matches!(
        again,
        Err(Fault::Duplicate(Constraint::Membership))
    ));
    drop(tx);
    let tx = store.begin().await.unwrap();
    let onto = memberships::change(&tx, 4, zoe, r1, noon()).await;
    assert!(matches!(
        onto,
        Err(Fault::Duplicate(Constraint::Membership))
    ));
    drop(tx);
    for (user, group) in [(777, r1), (zoe, 777)] {
        let tx = store.begin().await.unwrap();
        let nobody = memberships::create(&tx, user, group, false, noon()).await;
        assert!(matches!(nobody, Err(Fault::Dangling(_))));
    }
}

#[test]
fn writers_of_one_person_wait_for_each_other() {
    each_database(|store| async move {
        let bob = populate(&store).await.user("bob");
        let first = store.begin().await.unwrap();
        assert!(memberships::lock_person(&first, bob).await.unwrap());
        let second = tokio::spawn({
            let store = store.clone();
            async move {
                let tx = store.begin().await.unwrap();
                memberships::lock_person(&tx, bob).await.unwrap()
            }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!second.is_finished());
        first.commit().await.unwrap();
        assert!(second.await.unwrap());
    });
}

#[test]
fn many_are_put_into_groups_but_nobody_twice() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let pair = |user, group| (world.user(user), world.group(group));
        let pairs = [
            pair("zoe", "r1"),
            pair("zoe", "r3"),
            pair("bob", "r1"),
            pair("bob", "r1"),
            pair("cyd", "b1"),
        ];
        let tx = store.begin().await.unwrap();
        let made = memberships::create_many(&tx, &pairs, true, noon())
            .await
            .unwrap();
        let who: Vec<_> = made
            .iter()
            .map(|(_, user, group)| (*user, *group))
            .collect();
        assert_eq!(who, [pair("zoe", "r3"), pair("bob", "r1")]);
        assert!(made.is_sorted());
        for (id, ..) in made {
            let found = memberships::find(&tx, world.red, id).await.unwrap();
            assert!(found.unwrap().automatic);
        }
        let none = memberships::create_many(&tx, &[], true, noon())
            .await
            .unwrap();
        assert_eq!(none, []);
        tx.commit().await.unwrap();
        assert_eq!(count(&store, "access_memberships").await, 8);
    });
}

#[test]
fn rules_keep_their_domains_in_order() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let tx = store.begin().await.unwrap();
        let all = rules::of_organization(&tx, world.red).await.unwrap();
        let page = rules::page(&tx, world.red, &ALL, None).await.unwrap();
        assert_eq!(page.rows, all);
        let ids: Vec<i64> = all.iter().map(|rule| rule.id).collect();
        assert_eq!(ids, [1, 3]);
        assert_eq!(all[0].domains, ["z.example", "a.example"]);
        assert_eq!(all[1].domains, [""; 0]);
        assert_eq!(rules::find(&tx, world.red, 2).await.unwrap(), None);
        assert_eq!(
            rules::lock(&tx, world.red, 3).await.unwrap().as_ref(),
            all.get(1)
        );

        let r3 = world.group("r3");
        rules::change(&tx, 1, "n", "D.example", r3, later(1))
            .await
            .unwrap();
        let domains = ["c.example", "b.example", "d.example"].map(str::to_owned);
        rules::set_domains(&tx, 1, &domains).await.unwrap();
        let rule = rules::find(&tx, world.red, 1).await.unwrap().unwrap();
        assert_eq!(
            (rule.name.as_str(), rule.domain.as_str(), rule.group.id),
            ("n", "D.example", r3)
        );
        assert_eq!(rule.domains, domains);
        assert!(rules::remove(&tx, 1).await.unwrap());
        assert!(!rules::remove(&tx, 1).await.unwrap());
        let twice = [domains[0].clone(), domains[0].clone()];
        let refused = rules::set_domains(&tx, 3, &twice).await;
        assert!(matches!(
            refused,
            Err(Fault::Duplicate(Constraint::RuleDomain))
        ));
    });
}
