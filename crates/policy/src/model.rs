//! The rows an engine is built from.

use std::fmt;

/// What a rule does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The rule permits.
    Allow,
    /// The rule forbids, whatever any other rule permits.
    Deny,
}

impl Effect {
    /// Reads the stored word, `allow` or `deny`; anything else is no effect at all.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "allow" => Some(Self::Allow),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        })
    }
}

/// A rule (a stored `p` row): whoever is or holds `subject` may, or may not, do `action` in the
/// scopes that match `scope`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Definition {
    /// Key of the row.
    pub id: i64,
    /// A role, or a user directly.
    pub subject: String,
    /// The action.
    pub action: String,
    /// The scope, or a pattern: everything from the first `*` on is ignored.
    pub scope: String,
    /// Whether the rule permits or forbids.
    pub effect: Effect,
}

/// An action that grants another one along with it (a stored `g2` row).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Implication {
    /// The action that is permitted.
    pub granting: String,
    /// The action that is permitted with it.
    pub implied: String,
}

/// An assignment (a stored `g` row): `subject` holds `role` in the scopes that match `scope`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// Key of the row.
    pub id: i64,
    /// Who; usually a user, in imported data perhaps a role.
    pub subject: String,
    /// The role.
    pub role: String,
    /// The scope, or a pattern as in [`Definition::scope`].
    pub scope: String,
}

/// Rules and implications, in stored order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The rules.
    pub definitions: Vec<Definition>,
    /// The implications.
    pub implications: Vec<Implication>,
}
