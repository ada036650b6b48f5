//! The shipped roles, and the file format in which roles are shipped and exchanged.
//!
//! The format is Casbin CSV, one row a line: `p, subject, action, scope, effect`,
//! `g, subject, role, scope` and `g2, action, implied action`. Values are trimmed; blank lines and
//! lines that begin with `#` are skipped.

use std::collections::HashSet;

use crate::model::{Definition, Effect, Implication, Policy};

/// The version of the shipped roles: the release whose roles they are.
pub const SHIPPED_VERSION: &str = "1.23.0";

const SHIPPED: &str = include_str!("../data/authz-1.23.0.policy");

/// The shipped roles.
///
/// # Panics
///
/// Never: the file is compiled in, and the tests read it.
#[must_use]
pub fn shipped() -> Catalogue {
    #[expect(
        clippy::expect_used,
        reason = "the file is compiled in, and the tests read it"
    )]
    let catalogue = Catalogue::parse(SHIPPED).expect("the shipped catalogue parses");
    catalogue
}

/// A rule without the key of a stored row: [`Definition`] before it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// A role, or a user directly.
    pub subject: String,
    /// The action.
    pub action: String,
    /// The scope, or a pattern.
    pub scope: String,
    /// Whether the rule permits or forbids.
    pub effect: Effect,
}

impl Rule {
    /// The rule as the stored row with this key.
    #[must_use]
    pub fn stored(self, id: i64) -> Definition {
        let Self {
            subject,
            action,
            scope,
            effect,
        } = self;
        Definition {
            id,
            subject,
            action,
            scope,
            effect,
        }
    }
}

impl From<&Definition> for Rule {
    fn from(definition: &Definition) -> Self {
        Self {
            subject: definition.subject.clone(),
            action: definition.action.clone(),
            scope: definition.scope.clone(),
            effect: definition.effect,
        }
    }
}

/// An assignment without the key of a stored row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// Who.
    pub subject: String,
    /// The role.
    pub role: String,
    /// The scope, or a pattern.
    pub scope: String,
}

/// The rows of a policy file, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The `p` rows.
    pub rules: Vec<Rule>,
    /// The `g2` rows.
    pub implications: Vec<Implication>,
    /// The `g` rows; the shipped file has none.
    pub assignments: Vec<Assignment>,
}

/// Why a line of a policy file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CatalogueError {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The first value is none of `p`, `g`, `g2`.
    #[error("`{0}` is not a kind of row; expected `p`, `g` or `g2`")]
    Kind(String),
    /// Too few or too many values. A rule with fewer than four would be read as something else by
    /// every reader that fills in the rest.
    #[error("a `{kind}` row has {expected} values, found {found}")]
    Count {
        /// The kind of row.
        kind: &'static str,
        /// How many values follow the kind.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A value is empty.
    #[error("value {0} is empty")]
    Empty(usize),
    /// The effect is neither `allow` nor `deny`.
    #[error("`{0}` is not an effect; expected `allow` or `deny`")]
    Effect(String),
    /// Quotes, which readers of this format understand in different ways.
    #[error("quoted values are not understood")]
    Quoted,
}

impl Catalogue {
    /// Reads a policy file. The first line that cannot be read fails the whole file.
    pub fn parse(text: &str) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        // Spreadsheets put a byte order mark before the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (position, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            catalogue.read(line).map_err(|problem| CatalogueError {
                line: position + 1,
                problem,
            })?;
        }
        Ok(catalogue)
    }

    fn read(&mut self, line: &str) -> Result<(), Problem> {
        if line.contains('"') {
            return Err(Problem::Quoted);
        }
        let mut values = line.split(',').map(str::trim);
        let kind = values.next().unwrap_or_default();
        let values: Vec<&str> = values.collect();
        match kind {
            "p" => {
                let [subject, action, scope, effect] = exactly("p", &values)?;
                let effect = Effect::parse(&effect).ok_or(Problem::Effect(effect))?;
                self.rules.push(Rule {
                    subject,
                    action,
                    scope,
                    effect,
                });
            }
            "g" => {
                let [subject, role, scope] = exactly("g", &values)?;
                self.assignments.push(Assignment {
                    subject,
                    role,
                    scope,
                });
            }
            "g2" => {
                let [granting, implied] = exactly("g2", &values)?;
                self.implications.push(Implication { granting, implied });
            }
            other => return Err(Problem::Kind(other.to_owned())),
        }
        Ok(())
    }

    /// The rules and implications as stored rows, the rules with the keys 1, 2, 3, …
    #[must_use]
    pub fn policy(&self) -> Policy {
        let rows = self.rules.iter().cloned().zip(1..);
        Policy {
            definitions: rows.map(|(rule, id)| rule.stored(id)).collect(),
            implications: self.implications.clone(),
        }
    }
}

fn exactly<const N: usize>(kind: &'static str, values: &[&str]) -> Result<[String; N], Problem> {
    let Ok(values) = <[&str; N]>::try_from(values) else {
        return Err(Problem::Count {
            kind,
            expected: N,
            found: values.len(),
        });
    };
    if let Some(empty) = values.iter().position(|value| value.is_empty()) {
        return Err(Problem::Empty(empty + 1));
    }
    Ok(values.map(str::to_owned))
}

/// How stored rules differ from a catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rules of the catalogue that are not stored, in its order: what an upgrade adds.
    pub missing_rules: Vec<Rule>,
    /// Implications of the catalogue that are not stored.
    pub missing_implications: Vec<Implication>,
    /// Stored rules that the catalogue does not have, in stored order: an operator's own, or outdated
    /// ones. An upgrade leaves them alone.
    pub extra_rules: Vec<Definition>,
    /// Stored implications that the catalogue does not have.
    pub extra_implications: Vec<Implication>,
}

impl Difference {
    /// Whether both say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// Compares stored rules with a catalogue. Order and repetitions do not count.
#[must_use]
pub fn diff(stored: &Policy, shipped: &Catalogue) -> Difference {
    let stored_rules: HashSet<Rule> = stored.definitions.iter().map(Rule::from).collect();
    let stored_implications: HashSet<&Implication> = stored.implications.iter().collect();
    let rules: HashSet<&Rule> = shipped.rules.iter().collect();
    let implications: HashSet<&Implication> = shipped.implications.iter().collect();
    Difference {
        missing_rules: left_out(&shipped.rules, |rule| stored_rules.contains(rule)),
        missing_implications: left_out(&shipped.implications, |row| {
            stored_implications.contains(row)
        }),
        extra_rules: left_out(&stored.definitions, |row| rules.contains(&Rule::from(row))),
        extra_implications: left_out(&stored.implications, |row| implications.contains(row)),
    }
}

fn left_out<T: Clone>(rows: &[T], known: impl Fn(&T) -> bool) -> Vec<T> {
    rows.iter().filter(|row| !known(row)).cloned().collect()
}
