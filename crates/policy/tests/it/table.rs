//! The committed table of what every shipped role may do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use provost_policy::catalogue::Rule;
use provost_policy::{Engine, Grant, catalogue};

/// Name of the level, and the scope of that level for libraries and for courses.
const LEVELS: [(&str, &str, &str); 3] = [
    ("x", "lib^lib:Org1:LIB1", "course-v1^course-v1:Org1+C+R"),
    ("o", "lib^lib:Org1:*", "course-v1^course-v1:Org1+*"),
    ("p", "lib^lib:*", "course-v1^course-v1:*"),
];

/// A user for every role, holding it at one level in both namespaces.
fn engine(level: usize, roles: &[String]) -> Engine {
    let (_, library, course) = LEVELS[level];
    let grants = roles
        .iter()
        .flat_map(|role| [(role, library), (role, course)]);
    let grants = (1..).zip(grants).map(|(id, (role, scope))| Grant {
        id,
        subject: format!("user^{role}"),
        role: role.clone(),
        scope: scope.to_owned(),
    });
    Engine::build(catalogue::shipped().policy(), grants, [], 0)
}

/// Every action of the rules once, in their order, and one that belongs to no role.
fn actions(rules: &[Rule]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let named = rules.iter().map(|rule| rule.action.as_str());
    let mut actions: Vec<&str> = named.filter(|action| seen.insert(*action)).collect();
    actions.push("act^courses.create_course");
    actions
}

fn write_level(table: &mut String, level: usize, roles: &[String], actions: &[&str]) {
    let engine = engine(level, roles);
    let width = actions
        .iter()
        .map(|action| action.len())
        .max()
        .unwrap_or_default();
    for (column, role) in roles.iter().enumerate() {
        writeln!(table, "{:width$} {}{role}", "", "|   ".repeat(column)).unwrap();
    }
    for action in actions {
        let cells: Vec<String> = roles
            .iter()
            .map(|role| cell(&engine, role, action))
            .collect();
        writeln!(table, "{action:width$} {}", cells.join(" ")).unwrap();
    }
}

#[test]
fn shipped_roles_permit_what_the_table_says() {
    let shipped = catalogue::shipped().rules;
    let mut roles: Vec<String> = shipped.iter().map(|rule| rule.subject.clone()).collect();
    roles.dedup();
    let mut table = String::new();
    for (level, granted) in ["one object", "the organization", "the platform"]
        .iter()
        .enumerate()
    {
        writeln!(
            table,
            "Granted on {granted}; allowed on: x one object, o the organization, p the platform"
        )
        .unwrap();
        write_level(&mut table, level, &roles, &actions(&shipped));
        table.push('\n');
    }
    let committed = include_str!("../shipped-roles.txt");
    assert!(
        table == committed,
        "tests/shipped-roles.txt does not hold this table; look at every difference before replacing it:\n{table}"
    );
}

/// The levels on which a holder of the role may do the action, in the namespace of the action.
fn cell(engine: &Engine, role: &str, action: &str) -> String {
    let subject = format!("user^{role}");
    let library = action.starts_with("act^content_libraries.");
    let level = |(name, in_libraries, in_courses): (&'static str, &str, &str)| {
        let (own, foreign) = if library {
            (in_libraries, in_courses)
        } else {
            (in_courses, in_libraries)
        };
        assert!(
            !engine.decide(&subject, action, foreign).allowed,
            "{role} {action} {foreign}"
        );
        if engine.decide(&subject, action, own).allowed {
            name
        } else {
            "-"
        }
    };
    LEVELS.into_iter().map(level).collect()
}

#[test]
fn implication_adds_nothing_to_the_shipped_roles() {
    let shipped = catalogue::shipped();
    let listed: BTreeSet<(&str, &str)> = shipped
        .rules
        .iter()
        .map(|rule| (&*rule.subject, &*rule.action))
        .collect();
    for row in &shipped.implications {
        for (role, _) in listed.iter().filter(|(_, action)| *action == row.granting) {
            assert!(listed.contains(&(*role, &*row.implied)), "{role} {row:?}");
        }
    }
}
