//! Which courses are listed, by which filter; flags and links.

use provost_store::bulk::tables;
use provost_store::course_access::courses::{self, CoursesFilter};
use provost_store::{Constraint, Fault};

use super::given::{ALGEBRA, ALL, BLUE, ECOLE, FOREIGN, GONE, PERCENT, UNKNOWN, populate};
use crate::support::{count, each_database, later, noon};

fn searched(terms: &[&str]) -> CoursesFilter {
    CoursesFilter {
        search: terms.iter().map(|&term| term.to_owned()).collect(),
        ..CoursesFilter::default()
    }
}

#[test]
fn filters_narrow_the_courses() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let of = |public, group: Option<&str>, no_group| CoursesFilter {
            public,
            group: group.map(|name| world.group(name)),
            no_group,
            ..CoursesFilter::default()
        };
        let linked = |terms| CoursesFilter {
            no_group: Some(false),
            ..searched(terms)
        };
        // With the links of everyone, and with those of red's own groups.
        let cases: &[(CoursesFilter, &[&str], &[&str])] = &[
            (
                of(None, None, None),
                &[ALGEBRA, FOREIGN, PERCENT, ECOLE],
                &[ALGEBRA, FOREIGN, PERCENT, ECOLE],
            ),
            (
                of(Some(true), None, None),
                &[ALGEBRA, ECOLE],
                &[ALGEBRA, ECOLE],
            ),
            (
                of(Some(false), None, None),
                &[FOREIGN, PERCENT],
                &[FOREIGN, PERCENT],
            ),
            (
                of(None, Some("r1"), None),
                &[ALGEBRA, ECOLE],
                &[ALGEBRA, ECOLE],
            ),
            (of(None, Some("b1"), None), &[FOREIGN], &[]),
            (of(None, None, Some(true)), &[PERCENT], &[FOREIGN, PERCENT]),
            (
                of(None, None, Some(false)),
                &[ALGEBRA, ALGEBRA, FOREIGN, ECOLE],
                &[ALGEBRA, ALGEBRA, ECOLE],
            ),
            (
                of(None, Some("r1"), Some(false)),
                &[ALGEBRA, ALGEBRA, ECOLE],
                &[ALGEBRA, ALGEBRA, ECOLE],
            ),
            (of(Some(true), Some("r2"), None), &[ALGEBRA], &[ALGEBRA]),
            (of(Some(false), Some("r2"), None), &[], &[]),
            (linked(&["red+a"]), &[ALGEBRA, ALGEBRA], &[ALGEBRA, ALGEBRA]),
            (searched(&["ALG", "course-v1:"]), &[ALGEBRA], &[ALGEBRA]),
            (searched(&["école", "été"]), &[ECOLE], &[ECOLE]),
            (searched(&["ÉCOLE+D+1"]), &[ECOLE], &[ECOLE]),
            (searched(&["%"]), &[PERCENT], &[PERCENT]),
            (searched(&["%_"]), &[PERCENT], &[PERCENT]),
            (searched(&["'"]), &[ECOLE], &[ECOLE]),
            (searched(&["red+b"]), &[FOREIGN], &[FOREIGN]),
            (searched(&["gone"]), &[], &[]),
            (searched(&["blue"]), &[], &[]),
        ];
        for (filter, everyones, own) in cases {
            for (foreign, expected) in [(true, everyones), (false, own)] {
                let page = courses::page(store.read(), world.red, filter, foreign, &ALL, None);
                let page = page.await.unwrap();
                let keys: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
                assert_eq!(&keys, expected, "{filter:?} {foreign}");
                assert_eq!(page.total, expected.len() as u64, "{filter:?} {foreign}");
            }
        }
    });
}

#[test]
fn a_course_is_shown_with_its_flag_and_links() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        for (key, name, public, links, own) in [
            (
                ALGEBRA,
                Some("Algebra"),
                Some(4),
                &["r2", "r1"][..],
                &["r2", "r1"][..],
            ),
            (FOREIGN, None, None, &["b1"], &[]),
            (PERCENT, Some("100%_"), None, &[], &[]),
            (ECOLE, Some("L'Été"), Some(3), &["r1"], &["r1"]),
        ] {
            for (foreign, links) in [(true, links), (false, own)] {
                let found = courses::find(db, world.red, key, foreign).await.unwrap();
                let found = found.unwrap();
                assert_eq!((found.id.as_str(), found.name.as_deref()), (key, name));
                assert_eq!(found.public, public, "{key}");
                let names: Vec<&str> = found.links.iter().map(|(_, of)| of.name.as_str()).collect();
                assert_eq!(names, links, "{key} {foreign}");
                let filter = CoursesFilter::default();
                let page = courses::page(db, world.red, &filter, foreign, &ALL, None).await;
                assert!(page.unwrap().rows.contains(&found), "{key}");
            }
        }
        for key in [GONE, UNKNOWN, BLUE, "", "course-v1:red+a+1"] {
            assert_eq!(courses::find(db, world.red, key, true).await.unwrap(), None);
            assert_eq!(courses::offered(db, world.red, key).await.unwrap(), None);
        }
        for organization in [world.red, world.blue] {
            let offered = courses::offered(db, organization, ECOLE).await.unwrap();
            assert_eq!(offered.unwrap().name.as_deref(), Some("L'Été"));
        }
    });
}

#[test]
fn flags_are_those_of_offered_courses() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        for (organization, expected) in [
            (world.red, &[(3, ECOLE), (4, ALGEBRA)][..]),
            (world.blue, &[(1, BLUE), (3, ECOLE)]),
        ] {
            let page = courses::flags(db, organization, &ALL, None).await.unwrap();
            let flags = page
                .rows
                .iter()
                .map(|flag| (flag.id, flag.course.id.as_str()));
            assert_eq!(flags.collect::<Vec<_>>(), expected);
            for id in 0..6 {
                let found = courses::flag(db, organization, id).await.unwrap();
                let listed = page.rows.iter().find(|flag| flag.id == id);
                assert_eq!(found.as_ref(), listed, "{id}");
            }
        }
    });
}

#[test]
fn flags_are_made_moved_and_removed() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let tx = store.begin().await.unwrap();
        let id = courses::create_flag(&tx, FOREIGN, noon()).await.unwrap();
        courses::change_flag(&tx, id, PERCENT, later(1))
            .await
            .unwrap();
        let flag = courses::lock_flag(&tx, world.red, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (flag.course.id.as_str(), flag.course.name.as_deref()),
            (PERCENT, Some("100%_"))
        );
        assert_eq!(courses::lock_flag(&tx, world.blue, id).await.unwrap(), None);
        assert!(courses::remove_flag(&tx, id).await.unwrap());
        assert!(!courses::remove_flag(&tx, id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(count(&store, tables::PUBLIC_COURSES.name).await, 4);

        let tx = store.begin().await.unwrap();
        let refused = courses::create_flag(&tx, ALGEBRA, noon()).await;
        assert!(matches!(
            refused,
            Err(Fault::Duplicate(Constraint::PublicCourse))
        ));
        let tx = again(&store, tx).await;
        let refused = courses::change_flag(&tx, 3, ALGEBRA, noon()).await;
        assert!(matches!(
            refused,
            Err(Fault::Duplicate(Constraint::PublicCourse))
        ));
        let tx = again(&store, tx).await;
        let refused = courses::create_flag(&tx, UNKNOWN, noon()).await;
        assert!(matches!(refused, Err(Fault::Dangling(_))));
    });
}

/// A transaction in place of one that a fault may have ended.
async fn again(store: &provost_store::Store, tx: provost_store::Tx) -> provost_store::Tx {
    drop(tx);
    store.begin().await.unwrap()
}

#[test]
fn links_are_those_of_own_groups_offered_or_not() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let db = store.read();
        for (organization, expected) in [
            (
                world.red,
                &[
                    (1, ECOLE, true, "r1"),
                    (3, ALGEBRA, true, "r2"),
                    (4, GONE, false, "r1"),
                    (6, ALGEBRA, true, "r1"),
                ][..],
            ),
            (
                world.blue,
                &[(2, FOREIGN, false, "b1"), (5, BLUE, true, "b1")],
            ),
        ] {
            let page = courses::links(db, organization, &ALL, None).await.unwrap();
            let links: Vec<_> = page
                .rows
                .iter()
                .map(|link| {
                    (
                        link.id,
                        link.course.id.as_str(),
                        link.offered,
                        link.group.name.as_str(),
                    )
                })
                .collect();
            assert_eq!(links, expected);
            for id in 0..8 {
                let found = courses::link(db, organization, id).await.unwrap();
                let listed = page.rows.iter().find(|link| link.id == id);
                assert_eq!(found.as_ref(), listed, "{id}");
            }
        }
    });
}

#[test]
fn links_are_made_moved_and_removed() {
    each_database(|store| async move {
        let world = populate(&store).await;
        let [r1, r2] = ["r1", "r2"].map(|name| world.group(name));
        let tx = store.begin().await.unwrap();
        let id = courses::create_link(&tx, PERCENT, r1, noon())
            .await
            .unwrap();
        courses::change_link(&tx, id, FOREIGN, r2, later(1))
            .await
            .unwrap();
        let link = courses::lock_link(&tx, world.red, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((link.course.id.as_str(), link.group.id), (FOREIGN, r2));
        assert_eq!(courses::lock_link(&tx, world.blue, id).await.unwrap(), None);
        assert!(courses::remove_link(&tx, id).await.unwrap());
        assert!(!courses::remove_link(&tx, id).await.unwrap());
        tx.commit().await.unwrap();

        let tx = store.begin().await.unwrap();
        let refused = courses::create_link(&tx, ALGEBRA, r1, noon()).await;
        assert!(matches!(
            refused,
            Err(Fault::Duplicate(Constraint::GroupCourse))
        ));
        let tx = again(&store, tx).await;
        let refused = courses::change_link(&tx, 3, ALGEBRA, r1, noon()).await;
        assert!(matches!(
            refused,
            Err(Fault::Duplicate(Constraint::GroupCourse))
        ));
        let tx = again(&store, tx).await;
        let refused = courses::create_link(&tx, PERCENT, 777, noon()).await;
        assert!(matches!(refused, Err(Fault::Dangling(_))));
    });
}
