//! Short ways to write rows. Words without `^` get the namespace of their place.

use provost_keys::stored;
use provost_policy::{Because, Definition, Effect, Grant, Implication};

fn keyed(word: &str, key: impl Fn(&str) -> String) -> String {
    if word.contains('^') {
        word.to_owned()
    } else {
        key(word)
    }
}

pub(crate) fn subject(word: &str) -> String {
    keyed(word, stored::user)
}

pub(crate) fn role(word: &str) -> String {
    keyed(word, stored::role)
}

pub(crate) fn action(word: &str) -> String {
    keyed(word, stored::action)
}

/// `lib:A:B` becomes `lib^lib:A:B`; a word without namespace (`*`) stays.
pub(crate) fn scope(word: &str) -> String {
    match word.split_once(':') {
        Some((namespace, _)) => keyed(word, |word| stored::scope(namespace, word)),
        None => word.to_owned(),
    }
}

/// Exactly so many words.
pub(crate) fn words<const N: usize>(line: &str) -> [&str; N] {
    let words: Vec<&str> = line.split_whitespace().collect();
    words
        .try_into()
        .unwrap_or_else(|_| panic!("expected {N} words: {line}"))
}

/// `role action scope allow`; the owner of a rule is a role unless it says otherwise.
pub(crate) fn definition(id: i64, line: &str) -> Definition {
    let [owner, act, place, effect] = words(line);
    Definition {
        id,
        subject: role(owner),
        action: action(act),
        scope: scope(place),
        effect: Effect::parse(effect).expect(line),
    }
}

/// `granting implied`
pub(crate) fn implication(line: &str) -> Implication {
    let [granting, implied] = words(line);
    Implication {
        granting: action(granting),
        implied: action(implied),
    }
}

/// `subject role scope`
pub(crate) fn grant(id: i64, line: &str) -> Grant {
    let [who, what, place] = words(line);
    Grant {
        id,
        subject: subject(who),
        role: role(what),
        scope: scope(place),
    }
}

/// The reason in the words of the scenario files.
pub(crate) fn reason(because: Because) -> String {
    match because {
        Because::Staff => "staff".to_owned(),
        Because::Grant { grant, definition } => format!("grant {grant} rule {definition}"),
        Because::Direct { definition } => format!("rule {definition}"),
        Because::Denied {
            definition,
            grant: Some(grant),
        } => format!("grant {grant} deny {definition}"),
        Because::Denied {
            definition,
            grant: None,
        } => format!("deny {definition}"),
        Because::NoGrant => "no-grant".to_owned(),
        Because::NoDefinition => "no-rule".to_owned(),
        Because::UnknownAction => "unknown-action".to_owned(),
        Because::MalformedScope => "malformed".to_owned(),
    }
}
