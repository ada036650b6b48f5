//! What exists, and what goes with a course or library.

use std::collections::HashSet;

use provost_keys::scope::ScopeKey;
use provost_store::assignments::{self, Audit};
use provost_store::{Constraint, Fault, courses, organizations};

use crate::support::{
    assignment, count, course, each_database, library, new_organization, noon, organization, user,
};

#[test]
fn scopes_exist_when_their_object_does_exactly() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let one = organization(&tx, "Org1").await;
        let two = organization(&tx, "Org2").await;
        library(&tx, one, "LIB1").await;
        library(&tx, two, "Überblick").await;
        course(&tx, "course-v1:Org1+C+R").await;
        course(&tx, "ccx-v1:Org1+C+R+ccx@1").await;
        let cases = [
            ("lib:Org1:LIB1", true),
            ("lib:Org1:lib1", false),
            ("lib:org1:LIB1", false),
            ("lib:Org2:LIB1", false),
            ("lib:Org2:Überblick", true),
            ("lib:Org1:*", true),
            ("lib:org1:*", false),
            ("lib:Org3:*", false),
            ("lib:*", true),
            ("course-v1:Org1+C+R", true),
            ("course-v1:Org1+C+r", false),
            ("course-v1:Org2+*", true),
            ("course-v1:Org3+*", false),
            ("course-v1:*", true),
            ("ccx-v1:Org1+C+R+ccx@1", true),
            ("ccx-v1:Org1+C+R+ccx@2", false),
            ("global:x", false),
        ];
        let scopes = cases.map(|(scope, _)| ScopeKey::parse(scope).unwrap());
        let existing = courses::existing(&tx, &scopes).await.unwrap();
        for (scope, exists) in cases {
            assert_eq!(existing.contains(scope), exists, "{scope}");
        }
        assert_eq!(courses::existing(&tx, &[]).await.unwrap(), HashSet::new());
    });
}

#[test]
fn organizations_libraries_and_courses_are_found() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let org = organization(&tx, "Org1").await;
        let id = library(&tx, org, "LIB1").await;
        course(&tx, "course-v1:Org1+C+R").await;
        let found = organizations::find(&tx, "Org1").await.unwrap().unwrap();
        assert_eq!((found.id, found.created), (org, noon()));
        assert_eq!(organizations::find(&tx, "org1").await.unwrap(), None);
        assert_eq!(
            courses::find_library(&tx, "Org1", "LIB1").await.unwrap(),
            Some(id)
        );
        assert_eq!(
            courses::find_library(&tx, "Org1", "LIB2").await.unwrap(),
            None
        );
        let found = courses::find_course(&tx, "course-v1:Org1+C+R")
            .await
            .unwrap();
        assert_eq!(found.unwrap().org, "Org1");
        assert_eq!(courses::find_course(&tx, "course-v1:").await.unwrap(), None);
    });
}

#[test]
fn what_exists_is_not_made_again() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        course(&tx, "course-v1:Org1+C+R").await;
        let again = courses::Course {
            id: "course-v1:Org1+C+R".to_owned(),
            org: String::new(),
            display_name: None,
        };
        let refused = courses::create_course(&tx, &again).await;
        assert!(
            matches!(refused, Err(Fault::Duplicate(Constraint::Key))),
            "{refused:?}"
        );
        drop(tx);
        let tx = store.begin().await.unwrap();
        organization(&tx, "Org1").await;
        let refused = organizations::create(&tx, &new_organization("Org1")).await;
        let expected = Constraint::OrganizationShortName;
        assert!(
            matches!(refused, Err(Fault::Duplicate(constraint)) if constraint == expected),
            "{refused:?}"
        );
    });
}

#[test]
fn a_removed_course_or_library_takes_its_assignments_along() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let bob = user(&tx, "bob").await;
        let org = organization(&tx, "Org1").await;
        let lib = library(&tx, org, "LIB1").await;
        course(&tx, "course-v1:Org1+C+R").await;
        let wanted = [
            assignment(&ada, "library_admin", "lib:Org1:LIB1"),
            assignment(&ada, "course_staff", "course-v1:Org1+C+R"),
            assignment(&bob, "course_staff", "course-v1:Org1+C+R"),
            assignment(&ada, "course_staff", "course-v1:Org1+*"),
        ];
        let given = assignments::assign(&tx, &wanted, noon(), Audit::None)
            .await
            .unwrap();
        let gone = courses::delete_course(&tx, "course-v1:Org1+C+R")
            .await
            .unwrap();
        assert_eq!(gone.as_deref(), Some(&given[1..3]));
        let gone = courses::delete_library(&tx, lib).await.unwrap();
        assert_eq!(gone.as_deref(), Some(&given[..1]));
        assert_eq!(courses::delete_library(&tx, lib).await.unwrap(), None);
        let again = courses::delete_course(&tx, "course-v1:Org1+C+R")
            .await
            .unwrap();
        assert_eq!(again, None);
        tx.commit().await.unwrap();
        for (table, left) in [
            ("casbin_rules", 1),
            ("authz_extended_rules", 1),
            ("authz_scopes", 0),
            ("authz_course_scopes", 0),
            ("authz_library_scopes", 0),
            ("authz_subjects", 2),
            ("course_overviews", 0),
            ("content_libraries", 0),
        ] {
            assert_eq!(count(&store, table).await, left, "{table}");
        }
    });
}
