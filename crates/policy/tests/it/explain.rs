//! What an explanation names.

use provost_policy::{Engine, Policy};

use crate::world;

fn engine() -> Engine {
    let rules = [
        "editor edit lib^* allow",
        "viewer view lib^* allow",
        "barred edit lib:O:Secret deny",
        "user^ben edit lib^* allow",
        "courses edit course-v1^* allow",
    ];
    let grants = [
        "ada editor lib:O:*",
        "ada viewer lib:O:A",
        "ada barred lib:*",
        "cyd outer lib:O:*",
        "role^outer editor lib:O:A",
        "dov courses lib:O:A",
        "dov editor lib:P:A",
        "ada editor lib:O:A",
    ];
    let policy = Policy {
        definitions: (1..)
            .zip(rules)
            .map(|(id, line)| world::definition(id, line))
            .collect(),
        implications: ["edit touch", "touch view"].map(world::implication).into(),
    };
    Engine::build(
        policy,
        (1..).zip(grants).map(|(id, line)| world::grant(id, line)),
        [],
        0,
    )
}

/// Who asks (`!` marks staff) for what and where; the keys of the assignments and of the rule that
/// decided; the chain of actions; and the sentence.
type Case = (
    &'static str,
    &'static [i64],
    Option<i64>,
    &'static [&'static str],
    &'static str,
);

const CASES: [Case; 10] = [
    (
        "ada view lib:O:A",
        &[1],
        Some(1),
        &["edit", "touch", "view"],
        "Allowed: assignment 1 gives role^editor in lib^lib:O:*, and rule 1 permits the action there.",
    ),
    (
        "cyd edit lib:O:A",
        &[4, 5],
        Some(1),
        &[],
        "Allowed: assignment 4 gives role^outer in lib^lib:O:*, assignment 5 gives role^editor in \
         lib^lib:O:A, and rule 1 permits the action there.",
    ),
    (
        "ben edit lib:O:A",
        &[],
        Some(4),
        &[],
        "Allowed: rule 4 names the subject itself.",
    ),
    (
        "ada edit lib:O:Secret",
        &[3],
        Some(3),
        &[],
        "Refused: assignment 3 gives role^barred in lib^lib:*, and rule 3 denies the action there.",
    ),
    (
        "root! view lib:O:A",
        &[],
        Some(3),
        &["edit", "touch", "view"],
        "Refused: rule 3 denies; no assignment can outweigh it.",
    ),
    (
        "dov edit lib:O:A",
        &[],
        None,
        &[],
        "Refused: no role held in the scope permits the action, though assignments in other scopes \
         would.",
    ),
    (
        "cyd edit lib:P:A",
        &[],
        None,
        &[],
        "Refused: no assignment covers the scope.",
    ),
    (
        "eve edit lib:O:A",
        &[],
        None,
        &[],
        "Refused: no assignment covers the scope.",
    ),
    (
        "ada fly lib:O:A",
        &[],
        None,
        &[],
        "Refused: no rule knows the action.",
    ),
    (
        "ada edit lib:a*b",
        &[],
        None,
        &[],
        "Refused: the scope is not a well-formed key.",
    ),
];

#[test]
fn explanations_name_what_decided() {
    let engine = engine();
    for (question, path, definition, implication, text) in CASES {
        let [subject, action, scope] = world::words(question);
        let staff = subject.ends_with('!');
        let explained = engine.explain(
            &world::subject(subject.trim_end_matches('!')),
            staff,
            &world::action(action),
            &world::scope(scope),
        );
        assert_eq!(explained.to_string(), text);
        let ids: Vec<i64> = explained.path.iter().map(|grant| grant.id).collect();
        assert_eq!(ids, path, "{text}");
        assert_eq!(
            explained.definition.map(|rule| rule.id),
            definition,
            "{text}"
        );
        let chain: Vec<String> = implication.iter().map(|word| world::action(word)).collect();
        assert_eq!(explained.implication, chain, "{text}");
    }
}

#[test]
fn explanations_name_what_was_near() {
    let explained = engine().explain("user^dov", false, "act^edit", "lib^lib:O:A");
    let ids =
        |grants: &[provost_policy::Grant]| grants.iter().map(|grant| grant.id).collect::<Vec<_>>();
    assert_eq!(ids(&explained.covering), [6]);
    assert_eq!(ids(&explained.elsewhere), [7]);
    assert_eq!(explained.sufficient, ["role^editor", "user^ben"]);
}

#[test]
fn staff_are_allowed_as_staff() {
    let policy = Policy {
        definitions: vec![world::definition(1, "x view lib^* allow")],
        implications: Vec::new(),
    };
    let explained =
        Engine::build(policy, [], [], 0).explain("user^root", true, "act^any", "lib^lib:*");
    assert_eq!(
        explained.to_string(),
        "Allowed: staff may do anything in libraries and courses."
    );
}
