//! What giving and taking a role leaves in the tables.

use provost_store::assignments::{self, Audit};
use provost_store::bulk::{self, Cell};
use provost_store::{Store, courses};

use crate::support::{
    assignment, count, course, each_database, later, library, noon, organization, user,
};

async fn rows(store: &Store, table: &str) -> Vec<Vec<Cell>> {
    let table = bulk::table(table).unwrap();
    bulk::scan(store.read(), table, None, 1000).await.unwrap()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

#[test]
fn giving_a_role_leaves_the_rows_of_the_reference() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let org = organization(&tx, "Org1").await;
        let library = library(&tx, org, "LIB1").await;
        let wanted = [assignment(&ada, "library_admin", "lib:Org1:LIB1")];
        let added = assignments::assign(&tx, &wanted, noon(), Audit::By(Some(ada.id)))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let [grant] = added.as_slice() else {
            panic!("{added:?}");
        };
        let mut rule = vec![Cell::Int(grant.id), text("g"), text("user^ada")];
        rule.extend([text("role^library_admin"), text("lib^lib:Org1:LIB1")]);
        rule.extend([text(""), text(""), text("")]);
        assert_eq!(rows(&store, "casbin_rules").await, [rule]);
        let scope = rows(&store, "authz_scopes").await[0].clone();
        assert_eq!(scope[1], text("lib:Org1:LIB1"));
        let tie = vec![scope[0].clone(), Cell::Int(library)];
        assert_eq!(rows(&store, "authz_library_scopes").await, [tie]);
        let subject = rows(&store, "authz_user_subjects").await[0].clone();
        assert_eq!(subject[1], Cell::Int(ada.id));
        let extended = &rows(&store, "authz_extended_rules").await[0];
        let key = "g,user^ada,role^library_admin,lib^lib:Org1:LIB1,";
        let expected = [
            text(key),
            Cell::Int(grant.id),
            Cell::Null,
            Cell::Time(noon()),
            Cell::Time(noon()),
            Cell::Null,
            scope[0].clone(),
            subject[0].clone(),
        ];
        assert_eq!(extended[1..], expected);
        let audit = &rows(&store, "authz_assignment_audits").await[0];
        let expected = [
            text("created"),
            text("user^ada"),
            text("role^library_admin"),
            text("lib^lib:Org1:LIB1"),
            Cell::Int(ada.id),
            Cell::Time(noon()),
        ];
        assert_eq!(audit[1..], expected);
    });
}

#[test]
fn scopes_and_subjects_are_shared_and_patterns_have_none() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let bob = user(&tx, "bob").await;
        course(&tx, "course-v1:Org1+C+R").await;
        let wanted = [
            assignment(&ada, "course_staff", "course-v1:Org1+C+R"),
            assignment(&bob, "course_staff", "course-v1:Org1+C+R"),
            assignment(&ada, "course_staff", "course-v1:Org1+*"),
            assignment(&ada, "course_staff", "course-v1:*"),
        ];
        for half in [&wanted[..1], &wanted[..]] {
            assignments::assign(&tx, half, noon(), Audit::None)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        for (table, expected) in [
            ("casbin_rules", 4),
            ("authz_scopes", 1),
            ("authz_course_scopes", 1),
            ("authz_library_scopes", 0),
            ("authz_subjects", 2),
            ("authz_user_subjects", 2),
            ("authz_extended_rules", 4),
            ("authz_assignment_audits", 0),
        ] {
            assert_eq!(count(&store, table).await, expected, "{table}");
        }
        let extended = rows(&store, "authz_extended_rules").await;
        let scoped: Vec<bool> = extended.iter().map(|row| row[7] != Cell::Null).collect();
        assert_eq!(scoped, [true, true, false, false]);
    });
}

#[test]
fn a_scope_may_come_before_its_library() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let wanted = [
            assignment(&ada, "library_admin", "lib:Org1:LIB1"),
            assignment(&ada, "course_staff", "course-v1:Org1+C+R"),
        ];
        assignments::assign(&tx, &wanted, noon(), Audit::None)
            .await
            .unwrap();
        let org = organization(&tx, "Org1").await;
        let library = library(&tx, org, "LIB1").await;
        course(&tx, "course-v1:Org1+C+R").await;
        assert_eq!(courses::link_pending(&tx).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(
            rows(&store, "authz_library_scopes").await[0][1],
            Cell::Int(library)
        );
        let course = &rows(&store, "authz_course_scopes").await[0];
        assert_eq!(course[1], text("course-v1:Org1+C+R"));
        let tx = store.begin().await.unwrap();
        let gone = courses::delete_library(&tx, library)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].role, "role^library_admin");
    });
}

#[test]
fn an_imported_scope_without_a_name_gets_it() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        course(&tx, "course-v1:Org1+C+R").await;
        let scope = vec![vec![Cell::Int(7), Cell::Null]];
        bulk::upsert(&tx, &bulk::tables::AUTHZ_SCOPES, scope)
            .await
            .unwrap();
        let tie = vec![vec![Cell::Int(7), text("course-v1:Org1+C+R")]];
        bulk::upsert(&tx, &bulk::tables::AUTHZ_COURSE_SCOPES, tie)
            .await
            .unwrap();
        let wanted = [assignment(&ada, "course_staff", "course-v1:Org1+C+R")];
        assignments::assign(&tx, &wanted, noon(), Audit::None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let scopes = rows(&store, "authz_scopes").await;
        assert_eq!(scopes, [vec![Cell::Int(7), text("course-v1:Org1+C+R")]]);
    });
}

#[test]
fn taking_a_role_leaves_scope_and_subject_and_a_line() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        course(&tx, "course-v1:Org1+C+R").await;
        let wanted = [assignment(&ada, "course_staff", "course-v1:Org1+C+R")];
        let given = assignments::assign(&tx, &wanted, noon(), Audit::By(None))
            .await
            .unwrap();
        let version = assignments::policy_version(&tx).await.unwrap();
        let taken = assignments::revoke(&tx, &wanted, later(1), Audit::By(None))
            .await
            .unwrap();
        assert_eq!(taken, given);
        let next = assignments::policy_version(&tx).await.unwrap();
        assert_ne!(next, version);
        // Also when nothing was there to take.
        let taken = assignments::revoke(&tx, &wanted, later(2), Audit::By(None))
            .await
            .unwrap();
        assert_eq!(taken, []);
        assert_ne!(assignments::policy_version(&tx).await.unwrap(), next);
        tx.commit().await.unwrap();
        for (table, expected) in [
            ("casbin_rules", 0),
            ("authz_scopes", 1),
            ("authz_subjects", 1),
            ("authz_extended_rules", 0),
            ("authz_assignment_audits", 2),
        ] {
            assert_eq!(count(&store, table).await, expected, "{table}");
        }
        let last = &rows(&store, "authz_assignment_audits").await[1];
        assert_eq!(
            (&last[1], &last[6]),
            (&text("deleted"), &Cell::Time(later(1)))
        );
    });
}

#[test]
fn giving_nothing_new_changes_nothing() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await;
        let wanted = [assignment(&ada, "library_admin", "lib:*")];
        assert_eq!(assignments::policy_version(&tx).await.unwrap(), None);
        let first = assignments::assign(&tx, &wanted, noon(), Audit::By(None))
            .await
            .unwrap();
        assert_eq!(first.len(), 1);
        let version = assignments::policy_version(&tx).await.unwrap();
        let again = assignments::assign(&tx, &wanted, noon(), Audit::By(None))
            .await
            .unwrap();
        assert_eq!(again, []);
        assert_eq!(assignments::policy_version(&tx).await.unwrap(), version);
        tx.commit().await.unwrap();
        assert_eq!(count(&store, "authz_assignment_audits").await, 1);
    });
}
