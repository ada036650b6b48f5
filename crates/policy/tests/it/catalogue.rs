//! The shipped roles and the format of policy files.

use provost_policy::catalogue::{self, Catalogue, diff};
use provost_policy::{Effect, Engine};

#[test]
fn the_shipped_catalogue_has_the_documented_numbers() {
    let shipped = catalogue::shipped();
    assert_eq!(shipped.rules.len(), 132);
    assert_eq!(shipped.implications.len(), 10);
    assert!(shipped.assignments.is_empty());
    let in_scope = |scope: &str| {
        shipped
            .rules
            .iter()
            .filter(|rule| rule.scope == scope)
            .count()
    };
    assert_eq!((in_scope("lib^*"), in_scope("course-v1^*")), (31, 101));
    assert!(
        shipped
            .rules
            .iter()
            .all(|rule| rule.effect == Effect::Allow)
    );
}

/// Namespace, role and number of permissions, in the order clients see.
const ROLES: [(&str, &str, usize); 11] = [
    ("lib", "library_admin", 11),
    ("lib", "library_author", 9),
    ("lib", "library_contributor", 8),
    ("lib", "library_user", 3),
    ("course-v1", "course_auditor", 12),
    ("course-v1", "course_editor", 22),
    ("course-v1", "course_staff", 31),
    ("course-v1", "course_admin", 33),
    ("course-v1", "course_limited_staff", 1),
    ("course-v1", "course_data_researcher", 1),
    ("course-v1", "course_beta_tester", 1),
];

#[test]
fn the_shipped_roles_come_in_order_with_their_counts() {
    let engine = Engine::build(catalogue::shipped().policy(), [], [], 0);
    for namespace in ["lib", "course-v1", "ccx-v1"] {
        let roles = engine.roles_in(namespace);
        let expected: Vec<_> = ROLES
            .iter()
            .filter(|(place, ..)| *place == namespace)
            .collect();
        assert_eq!(roles.len(), expected.len(), "{namespace}");
        for (role, (_, name, count)) in roles.iter().zip(expected) {
            assert_eq!((&*role.role, role.permissions.len()), (*name, *count));
            assert_eq!(engine.permission_count(&format!("role^{name}")), *count);
        }
    }
}

#[test]
fn the_legacy_permission_comes_first() {
    let engine = Engine::build(catalogue::shipped().policy(), [], [], 0);
    let first = |role: &str| {
        let roles = engine.roles_in("course-v1");
        roles
            .iter()
            .find(|known| known.role == role)
            .unwrap()
            .permissions[0]
            .clone()
    };
    assert_eq!(
        first("course_staff"),
        "courses.legacy_staff_role_permissions"
    );
    assert_eq!(
        first("course_admin"),
        "courses.legacy_instructor_role_permissions"
    );
    assert_eq!(first("course_auditor"), "courses.view_course");
}

#[test]
fn implications_come_in_the_order_of_the_file() {
    let granting: Vec<String> = catalogue::shipped()
        .implications
        .into_iter()
        .map(|row| row.granting)
        .collect();
    let words = "manage_library_tags delete_library publish_library_content edit_library_content reuse_library_content \
                 publish_library_content manage_library_team delete_library_collection create_library_collection \
                 edit_library_collection";
    let expected: Vec<String> = words
        .split(' ')
        .map(|word| format!("act^content_libraries.{word}"))
        .collect();
    assert_eq!(granting, expected);
}

#[test]
fn rows_are_read_as_written() {
    let text = "# roles\n\n  p, role^x,act^y , lib^*, deny\n\tg, user^ada, role^x, lib^lib:A:B\r\ng2, act^y, act^z\n#p,a\n";
    let read = Catalogue::parse(text).unwrap();
    let rule = &read.rules[0];
    assert_eq!(
        (&*rule.subject, &*rule.action, &*rule.scope, rule.effect),
        ("role^x", "act^y", "lib^*", Effect::Deny)
    );
    let assignment = &read.assignments[0];
    assert_eq!(
        (&*assignment.subject, &*assignment.role, &*assignment.scope),
        ("user^ada", "role^x", "lib^lib:A:B")
    );
    assert_eq!(
        (
            &*read.implications[0].granting,
            &*read.implications[0].implied
        ),
        ("act^y", "act^z")
    );
    assert_eq!(
        (
            read.rules.len(),
            read.assignments.len(),
            read.implications.len()
        ),
        (1, 1, 1)
    );
    assert_eq!(read.policy().definitions[0].id, 1);
}

#[test]
fn unreadable_lines_are_named() {
    for (text, message) in [
        (
            "p, role^x, act^y, lib^*",
            "line 1: a `p` row has 4 values, found 3",
        ),
        (
            "# x\n\np, role^x, act^y, lib^*, allow, more",
            "line 3: a `p` row has 4 values, found 5",
        ),
        ("p", "line 1: a `p` row has 4 values, found 0"),
        (
            "g, user^ada, role^x",
            "line 1: a `g` row has 3 values, found 2",
        ),
        ("g2, act^x", "line 1: a `g2` row has 2 values, found 1"),
        (
            "p, role^x, act^y, lib^*, Allow",
            "line 1: `Allow` is not an effect; expected `allow` or `deny`",
        ),
        ("p, , act^y, lib^*, allow", "line 1: value 1 is empty"),
        ("p, role^x, act^y, lib^*,", "line 1: value 4 is empty"),
        (
            "g3, a, b",
            "line 1: `g3` is not a kind of row; expected `p`, `g` or `g2`",
        ),
        (
            "p, \"role^x\", act^y, lib^*, allow",
            "line 1: quoted values are not understood",
        ),
    ] {
        assert_eq!(
            Catalogue::parse(text).unwrap_err().to_string(),
            message,
            "{text}"
        );
    }
}

#[test]
fn a_difference_names_what_is_missing_and_what_is_extra() {
    let shipped = Catalogue::parse(
        "p, role^x, act^a, lib^*, allow\np, role^x, act^b, lib^*, allow\ng2, act^a, act^b",
    )
    .unwrap();
    assert!(diff(&shipped.policy(), &shipped).is_empty());

    let stored = Catalogue::parse(
        "p, role^x, act^b, lib^*, allow\np, role^x, act^a, lib^*, deny\np, role^x, act^b, lib^*, allow\ng2, act^b, act^a",
    );
    let difference = diff(&stored.unwrap().policy(), &shipped);
    assert!(!difference.is_empty());
    assert_eq!(difference.missing_rules, shipped.rules[..1]);
    assert_eq!(difference.missing_implications, shipped.implications);
    let extra: Vec<(i64, Effect)> = difference
        .extra_rules
        .iter()
        .map(|row| (row.id, row.effect))
        .collect();
    assert_eq!(extra, [(2, Effect::Deny)]);
    assert_eq!(difference.extra_implications.len(), 1);
}

#[test]
fn a_byte_order_mark_before_the_first_line_is_passed_over() {
    let text = "p, role^reader, act^read, lib^*, allow";
    let marked = Catalogue::parse(&format!("\u{feff}{text}")).unwrap();
    assert_eq!(marked.rules.len(), 1);
    assert_eq!(marked.rules[0].subject, "role^reader");
    assert!(Catalogue::parse(&format!("{text}\n\u{feff}{text}")).is_err());
}
