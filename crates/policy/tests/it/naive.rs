//! The semantics word for word: every rule is tried, every chain of assignments walked. Slow and plain,
//! to be read beside the engine.

use std::collections::BTreeSet;

use provost_keys::scope::Kind;
use provost_policy::{Effect, Grant, Policy};

/// Position of the first `*`, then characters compared one by one.
fn key_match(key: &str, pattern: &str) -> bool {
    let (key, pattern): (Vec<char>, Vec<char>) = (key.chars().collect(), pattern.chars().collect());
    match pattern.iter().position(|character| *character == '*') {
        None => key == pattern,
        Some(at) if key.len() > at => key[..at] == pattern[..at],
        Some(at) => key == pattern[..at],
    }
}

/// Whether `to` is `from` or at most nine steps away.
fn reaches(from: &str, to: &str, steps: &[(&str, &str)]) -> bool {
    let mut reached = BTreeSet::from([from]);
    for _ in 0..9 {
        let next: Vec<&str> = steps
            .iter()
            .filter(|(x, _)| reached.contains(x))
            .map(|(_, y)| *y)
            .collect();
        reached.extend(next);
    }
    reached.contains(to)
}

pub(crate) fn allowed(policy: &Policy, grants: &[Grant], staff: bool, request: [&str; 3]) -> bool {
    let [subject, action, scope] = request;
    let Some(kind) = Kind::of_stored(scope) else {
        return false;
    };
    let bypass = staff && kind.staff_bypass();
    if policy.definitions.is_empty() {
        return bypass;
    }
    let held_in = |domain: &str| -> Vec<(&str, &str)> {
        let covering = grants
            .iter()
            .filter(|grant| grant.scope == domain || key_match(domain, &grant.scope));
        covering
            .map(|grant| (&*grant.subject, &*grant.role))
            .collect()
    };
    let (here, anywhere) = (held_in(scope), held_in("*"));
    let implied: Vec<(&str, &str)> = policy
        .implications
        .iter()
        .map(|row| (&*row.granting, &*row.implied))
        .collect();
    let matching: Vec<Effect> = policy
        .definitions
        .iter()
        .filter(|rule| {
            let held = reaches(subject, &rule.subject, &here)
                || reaches(subject, &rule.subject, &anywhere);
            let acts = action == rule.action || reaches(&rule.action, action, &implied);
            bypass || (held && key_match(scope, &rule.scope) && acts)
        })
        .map(|rule| rule.effect)
        .collect();
    matching.contains(&Effect::Allow) && !matching.contains(&Effect::Deny)
}
