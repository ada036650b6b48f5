//! Patterns of stored keys, as patterns of the keys that clients know.
//!
//! A pattern of the wire is a key, or the beginning of one with `*` after it.

use provost_keys::scope::ScopeKey;
use provost_keys::stored;
use provost_policy::{Effect, ScopePattern, ScopeSet};
use schemars::JsonSchema;
use serde::Serialize;

/// The namespaces that a key of the wire may begin with.
const NAMESPACES: [&str; 5] = ["ccx-v1", "course-v1", "global", "lib", "platform"];
/// All courses and all libraries: every scope in which being staff is enough.
const EVERYTHING: [&str; 2] = ["course-v1:*", "lib:*"];

/// A pattern, and what it means for the keys that match it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct ScopeRule {
    /// `allow`, or `deny`, which wins.
    effect: String,
    /// A key, or the beginning of keys and `*`.
    scope: String,
}

impl ScopeRule {
    fn new(effect: Effect, scope: String) -> Self {
        Self {
            effect: effect.to_string(),
            scope,
        }
    }

    /// Where it stands in the list.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.effect, self.scope)
    }
}

/// The set as rules, in their order: a key of the wire is in the set if an `allow` matches it and
/// no `deny` does.
pub(crate) fn rules(set: &ScopeSet) -> Vec<ScopeRule> {
    let shown = |patterns: &[ScopePattern], effect| -> Vec<ScopeRule> {
        let texts = patterns.iter().filter_map(external);
        texts.map(|text| ScopeRule::new(effect, text)).collect()
    };
    let mut rules = shown(set.allowed(), Effect::Allow);
    rules.extend(shown(set.denied(), Effect::Deny));
    // Of staff, no rule decides in courses and libraries; all of them are theirs, or none.
    if let Some(allowed) = set.staff() {
        let effect = if allowed { Effect::Allow } else { Effect::Deny };
        rules.extend(EVERYTHING.map(|scope| ScopeRule::new(effect, scope.to_owned())));
    }
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// How clients see a stored scope of an assignment or a rule.
pub(crate) fn shown(scope: &str) -> String {
    external(&ScopePattern::of(scope)).unwrap_or_else(|| stored::external(scope).to_owned())
}

/// The pattern of the wire that matches the same keys of the wire; nothing where none can match,
/// which is so for odd rows of imported data alone.
fn external(pattern: &ScopePattern) -> Option<String> {
    match pattern {
        ScopePattern::Exact(key) => {
            let scope = ScopeKey::parse(stored::external(key)).ok()?;
            (scope.stored() == *key).then(|| scope.external().to_owned())
        }
        ScopePattern::Prefix(prefix) => {
            let Some((namespace, beginning)) = stored::split(prefix) else {
                let begins = NAMESPACES.iter().any(|space| space.starts_with(prefix));
                return begins.then(|| format!("{prefix}*"));
            };
            let whole = format!("{namespace}:");
            if !NAMESPACES.contains(&namespace) {
                None
            } else if whole.starts_with(beginning) {
                Some(format!("{whole}*"))
            } else {
                beginning
                    .starts_with(&whole)
                    .then(|| format!("{beginning}*"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_pattern_is_shown_as_clients_write_it() {
        for (stored, expected) in [
            ("lib^lib:Org1:LIB1", Some("lib:Org1:LIB1")),
            ("lib^lib:Org1:*", Some("lib:Org1:*")),
            ("course-v1^course-v1:Org1+*", Some("course-v1:Org1+*")),
            ("lib^lib:*", Some("lib:*")),
            ("lib^*", Some("lib:*")),
            ("lib^li*", Some("lib:*")),
            ("*", Some("*")),
            ("c*", Some("c*")),
            ("lib*", Some("lib*")),
            ("global^global:x", Some("global:x")),
            // No key of the wire is stored so.
            ("lib^course-v1:Org1+*", None),
            ("lib:Org1*", None),
            ("org^org:Org1*", None),
            ("lib^lib:Org1", None),
            ("course-v1^lib:Org1:LIB1", None),
        ] {
            let pattern = ScopePattern::of(stored);
            assert_eq!(external(&pattern).as_deref(), expected, "{stored}");
        }
    }

    #[test]
    fn the_pattern_of_the_wire_matches_what_the_stored_one_matches() {
        let keys = [
            "lib:O:A",
            "lib:O:*",
            "lib:*",
            "course-v1:O+C+R",
            "ccx-v1:O+C+R+ccx@1",
        ];
        for stored in [
            "lib^lib:O:*",
            "lib^*",
            "*",
            "c*",
            "lib*",
            "course-v1^c*",
            "ccx-v1^ccx-v1:O*",
        ] {
            let pattern = ScopePattern::of(stored);
            let seen = ScopePattern::of(&external(&pattern).unwrap());
            for key in keys {
                let scope = ScopeKey::parse(key).unwrap();
                let matches = pattern.matches(&scope.stored());
                assert_eq!(seen.matches(key), matches, "{stored} and {key}");
            }
        }
    }
}
