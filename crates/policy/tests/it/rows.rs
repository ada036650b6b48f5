//! What is read from the rows without deciding anything.

use provost_policy::{Engine, GrantRef, Policy};

use crate::world;

fn engine(rules: &[&str], implications: &[&str], grants: &[&str]) -> Engine {
    let policy = Policy {
        definitions: (1..)
            .zip(rules)
            .map(|(id, line)| world::definition(id, line))
            .collect(),
        implications: implications
            .iter()
            .map(|line| world::implication(line))
            .collect(),
    };
    Engine::build(
        policy,
        (1..).zip(grants).map(|(id, line)| world::grant(id, line)),
        ["user^root".to_owned()],
        0,
    )
}

fn held(engine: &Engine, subject: &str, action: &str) -> Vec<String> {
    let (subject, action) = (world::subject(subject), world::action(action));
    let held = engine.held_scopes(&subject, &action);
    assert_eq!(engine.holds_anywhere(&subject, &action), !held.is_empty());
    held
}

#[test]
fn held_scopes_come_in_order_of_the_rows_and_once() {
    let engine = engine(
        &["x view lib^* allow", "y view lib^* allow"],
        &[],
        &[
            "ada x lib:O:Z",
            "ada y lib:O:A",
            "ada x lib:O:A",
            "ben x lib:O:B",
            "ada none lib:O:C",
            "ada x lib:O:*",
        ],
    );
    assert_eq!(
        held(&engine, "ada", "view"),
        ["lib^lib:O:Z", "lib^lib:O:A", "lib^lib:O:*"]
    );
    assert_eq!(held(&engine, "ben", "view"), ["lib^lib:O:B"]);
    assert!(held(&engine, "ada", "edit").is_empty());
    assert!(held(&engine, "cyd", "view").is_empty());
}

#[test]
fn held_scopes_are_not_enforcement() {
    let engine = engine(
        &[
            "x edit lib^* allow",
            "x view lib^* deny",
            "far view course-v1^* allow",
            "barred view lib^* allow",
            "barred view lib^* deny",
            "user^ada own lib^* allow",
        ],
        &["edit view"],
        &[
            "ada x lib:O:A",
            "ada far lib:O:B",
            "ada barred lib:O:C",
            "root none lib:O:D",
        ],
    );
    // Neither the implied action nor the deny rule counts, the scope of a rule does not either, and nor
    // do rules that name the subject itself or being staff.
    assert_eq!(held(&engine, "ada", "view"), ["lib^lib:O:B", "lib^lib:O:C"]);
    assert!(held(&engine, "ada", "own").is_empty());
    assert!(held(&engine, "root", "view").is_empty());
}

#[test]
fn held_scopes_follow_roles_held_everywhere_and_no_others() {
    let engine = engine(
        &["inner view lib^* allow", "deep view lib^* allow"],
        &[],
        &[
            "ada outer lib:O:A",
            "role^outer middle *",
            "role^middle inner *",
            "ben narrow lib:O:B",
            "role^narrow inner lib:*",
            "cyd starred lib:O:C",
            "role^starred inner **",
            "role^inner outer *",
        ],
    );
    assert_eq!(held(&engine, "ada", "view"), ["lib^lib:O:A"]);
    assert!(held(&engine, "ben", "view").is_empty());
    assert!(held(&engine, "cyd", "view").is_empty());
}

#[test]
fn permissions_are_counted_by_row() {
    let engine = engine(
        &[
            "x view lib^* allow",
            "x view lib^* allow",
            "x edit lib^* deny",
            "x edit course-v1^* allow",
            "inner view lib^* allow",
            "user^ada view lib^* allow",
        ],
        &["edit view"],
        &[
            "role^outer inner *",
            "role^outer x lib:*",
            "role^loop inner *",
            "role^inner loop *",
        ],
    );
    for (role, count) in [
        ("x", 4),
        ("inner", 1),
        ("outer", 1),
        ("loop", 1),
        ("none", 0),
    ] {
        assert_eq!(engine.permission_count(&world::role(role)), count, "{role}");
    }
}

#[test]
fn roles_are_offered_where_they_are_defined_for_all() {
    let engine = engine(
        &[
            "b.1 act^two:2 lib^* allow",
            "a one lib^* allow",
            "b.1 one lib^* deny",
            "a one course-v1^* allow",
            "single one lib:O:A allow",
            "wide one lib:* allow",
            "user^ada one lib^* allow",
            "everywhere one * allow",
        ],
        &[],
        &[],
    );
    let roles: Vec<(String, Vec<String>)> = engine
        .roles_in("lib")
        .into_iter()
        .map(|role| (role.role, role.permissions))
        .collect();
    let expected = [("b.1", vec!["two:2", "one"]), ("a", vec!["one"])];
    assert_eq!(roles.len(), expected.len());
    for ((role, permissions), (name, names)) in roles.iter().zip(&expected) {
        assert_eq!(role, name);
        assert_eq!(permissions, names);
    }
    assert_eq!(engine.roles_in("course-v1").len(), 1);
    assert!(engine.roles_in("global").is_empty());
}

#[test]
fn grants_are_listed_by_key_and_counted_by_exact_scope() {
    let mut engine = engine(
        &[],
        &[],
        &["ada x lib:O:B", "ben x lib:O:B", "ada x lib:O:*"],
    );
    engine.grant(world::grant(9, "ada y lib:O:A"));
    // The same rule in a second row, and the same row twice.
    engine.grant(world::grant(8, "ada x lib:O:B"));
    engine.grant(world::grant(8, "ada x lib:O:B"));
    let ids: Vec<i64> = engine.grants_of("user^ada").map(|grant| grant.id).collect();
    assert_eq!(ids, [1, 3, 8, 9]);
    assert_eq!(
        engine.grants_of("user^ada").next(),
        Some(GrantRef {
            id: 1,
            role: "role^x",
            scope: "lib^lib:O:B"
        })
    );
    for (role, scope, count) in [
        ("x", "lib:O:B", 3),
        ("x", "lib:O:*", 1),
        ("x", "lib:*", 0),
        ("z", "lib:O:B", 0),
    ] {
        assert_eq!(
            engine.holders(&world::role(role), &world::scope(scope)),
            count,
            "{role} {scope}"
        );
    }
    engine.revoke("user^ada", "role^x", "lib^lib:O:B");
    let ids: Vec<i64> = engine.grants_of("user^ada").map(|grant| grant.id).collect();
    assert_eq!(ids, [3, 9]);
    assert_eq!(engine.holders("role^x", "lib^lib:O:B"), 1);
}

#[test]
fn revision_and_staff_are_as_set() {
    let mut engine = engine(&["x view lib^* allow"], &[], &[]);
    engine.set_revision(42);
    assert_eq!(engine.revision(), 42);
    assert_eq!(
        engine
            .decide("user^root", "act^view", "lib^lib:O:A")
            .revision,
        42
    );
    assert!(engine.has_definitions() && engine.is_staff("user^root"));
    engine.set_staff("user^root", false);
    assert!(!engine.is_staff("user^root"));
    assert!(
        !engine
            .decide("user^root", "act^view", "lib^lib:O:A")
            .allowed
    );
    assert!(
        engine
            .decide_for("user^root", true, "act^view", "lib^lib:O:A")
            .allowed
    );
    assert!(engine.subjects("act^view", "lib^lib:O:A").is_empty());
}
