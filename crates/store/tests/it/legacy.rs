//! Course access roles, and the assignments beside them.

use provost_store::legacy::{self, AccessRole, Part};
use provost_store::rules;

use crate::support::{each_database, grant, user};

fn role(user_id: i64, org: &str, course_id: &str, role: &str) -> AccessRole {
    AccessRole {
        user_id,
        org: org.to_owned(),
        course_id: course_id.to_owned(),
        role: role.to_owned(),
    }
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(ToString::to_string).collect()
}

#[test]
fn a_role_that_is_there_or_wanted_twice_is_made_once() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        let ben = user(&tx, "ben").await.id;
        let first = [
            role(ada, "O", "course-v1:O+C+R", "staff"),
            role(ada, "O", "", "staff"),
            role(ada, "O", "", "staff"),
        ];
        let made = legacy::ensure(&tx, &first).await.unwrap();
        assert!(made[0] < made[1] && made[0].is_some(), "{made:?}");
        assert_eq!(made[2], None);
        let again = [
            role(ben, "O", "", "staff"),
            role(ada, "O", "", "staff"),
            role(ada, "o", "", "staff"),
            role(ada, "O", "", "instructor"),
        ];
        let more = legacy::ensure(&tx, &again).await.unwrap();
        let is_new: Vec<bool> = more.iter().map(Option::is_some).collect();
        assert_eq!(is_new, [true, false, true, true]);
        let kept = legacy::access_roles(&tx, Part::Org("O")).await.unwrap();
        let expected = [
            ("ada", made[0], &first[0]),
            ("ada", made[1], &first[1]),
            ("ben", more[0], &again[0]),
            ("ada", more[3], &again[3]),
        ];
        let seen: Vec<_> = kept
            .iter()
            .map(|row| (row.username.as_str(), Some(row.id), &row.role))
            .collect();
        assert_eq!(seen, expected);
        tx.commit().await.unwrap();
    });
}

#[test]
fn a_part_is_an_organization_or_some_courses_and_goes_alone() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let ada = user(&tx, "ada").await.id;
        let one = "course-v1:O+C+1";
        let two = "course-v1:O+C+2";
        let roles = [
            role(ada, "O", one, "staff"),
            role(ada, "O", two, "staff"),
            role(ada, "O", "", "staff"),
            role(ada, "P", "course-v1:P+C+1", "staff"),
        ];
        legacy::ensure(&tx, &roles).await.unwrap();
        let (both, none) = (keys(&[two, one]), keys(&["course-v1:O+C"]));
        for (part, expected) in [
            (Part::Org("O"), &roles[..3]),
            (Part::Org("o"), &[]),
            (Part::Courses(&both), &roles[..2]),
            (Part::Courses(&none), &[]),
        ] {
            let found = legacy::access_roles(&tx, part).await.unwrap();
            let found: Vec<AccessRole> = found.into_iter().map(|row| row.role).collect();
            assert_eq!(found, expected, "{part:?}");
        }
        let gone = legacy::access_roles(&tx, Part::Courses(&both))
            .await
            .unwrap();
        let gone: Vec<i64> = gone.iter().map(|row| row.id).collect();
        legacy::remove(&tx, &gone).await.unwrap();
        let left = legacy::access_roles(&tx, Part::Org("O")).await.unwrap();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].role, roles[2]);
        let other = legacy::access_roles(&tx, Part::Org("P")).await.unwrap();
        assert_eq!(other.len(), 1);
    });
}

#[test]
fn assignments_of_a_part_are_those_of_its_scopes() {
    each_database(|store| async move {
        let tx = store.begin().await.unwrap();
        let scopes = [
            "course-v1:O1+C+1",
            "course-v1:O1+*",
            "course-v1:*",
            "course-v1:P1+C+1",
            "lib:O1:L",
        ];
        let wanted = scopes.map(|scope| grant("ada", "course_staff", scope));
        rules::insert_missing(&tx, &wanted).await.unwrap();
        let courses = keys(&["course-v1:P1+C+1", "course-v1:O1+C+1", "course-v1:O1+C"]);
        for (part, expected) in [
            (Part::Org("O1"), &[scopes[0], scopes[1], scopes[4]][..]),
            (Part::Org("o1"), &[]),
            (Part::Courses(&courses), &[scopes[0], scopes[3]]),
        ] {
            let found = legacy::assignments(&tx, part).await.unwrap();
            let found: Vec<&str> = found
                .iter()
                .map(|grant| provost_keys::stored::external(&grant.scope))
                .collect();
            assert_eq!(found, expected, "{part:?}");
        }
    });
}
