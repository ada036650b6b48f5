//! Namespaced keys: `namespace^external`, the form in which the policy tables hold every name.

/// The character between namespace and external key.
///
/// Only the first one in a key separates; an external key may contain more of them.
pub const SEPARATOR: char = '^';

/// The namespace of users.
pub const USER: &str = "user";
/// The namespace of roles.
pub const ROLE: &str = "role";
/// The namespace of actions.
pub const ACTION: &str = "act";

fn key(namespace: &str, external: &str) -> String {
    let mut key = String::with_capacity(namespace.len() + 1 + external.len());
    key.push_str(namespace);
    key.push(SEPARATOR);
    key.push_str(external);
    key
}

/// The stored key of the user with this username: `ada` gives `user^ada`.
#[must_use]
pub fn user(name: &str) -> String {
    key(USER, name)
}

/// The stored key of a role: `library_admin` gives `role^library_admin`.
#[must_use]
pub fn role(name: &str) -> String {
    key(ROLE, name)
}

/// The stored key of an action: `courses.view_course` gives `act^courses.view_course`.
#[must_use]
pub fn action(name: &str) -> String {
    key(ACTION, name)
}

/// The stored key of a scope. The namespace usually appears twice: `lib` and `lib:Org1:LIB1`
/// give `lib^lib:Org1:LIB1`.
#[must_use]
pub fn scope(namespace: &str, external: &str) -> String {
    key(namespace, external)
}

/// Namespace and external key, split at the first `^`; `None` when there is none.
#[must_use]
pub fn split(stored: &str) -> Option<(&str, &str)> {
    stored.split_once(SEPARATOR)
}

/// What clients see of a stored key: the text after the first `^`, or all of it when there is none.
#[must_use]
pub fn external(stored: &str) -> &str {
    split(stored).map_or(stored, |(_, external)| external)
}
