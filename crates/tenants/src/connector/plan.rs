//! What a full comparison finds to be done.
//!
//! Invariant: in the order of the plan no host belongs to two routes at any time. A host that the LMS
//! knows keeps the route that it has there, whichever of ours it was linked to, so that hosts that were
//! swapped or moved are never in each other's way.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use super::object::{Kind, Known, Object};

/// The keys that things have in the LMS, by the keys that they have here.
pub(super) type Links = HashMap<i64, i64>;

/// Things of one kind, on both sides.
#[derive(Debug, Default)]
pub(super) struct Sides {
    /// Smallest key first.
    pub(super) here: Vec<Known>,
    /// Smallest key first.
    pub(super) there: Vec<Known>,
    /// What was linked before.
    pub(super) links: Links,
}

/// What is to be done to a thing of the LMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It is made.
    Create,
    /// It is written anew.
    Change,
    /// It is removed.
    Remove,
}

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// To what sort of thing.
    pub kind: Kind,
    /// Its external key, its host, or its key and host.
    pub name: String,
    /// Its key here, if it is here, or was until it was deleted.
    pub here: Option<i64>,
    /// Its key in the LMS, if it is there.
    pub there: Option<i64>,
}

/// What is to be done.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// In this order.
    pub(super) steps: Vec<Step>,
    /// What only the LMS has, never came from here, and is left to it.
    pub(super) beside: Vec<Step>,
    /// How many things are as they should be.
    pub(super) unchanged: usize,
    /// What is linked, as far as it is in the LMS already; a map for each of [`Kind::ALL`].
    pub(super) links: HashMap<Kind, Links>,
}

/// Compares. What was linked to something that is gone here is to be removed: its deletion may not have been
/// pushed, and never will be once the comparison is done. With `prunes`, so is whatever else only the LMS
/// has.
pub(super) fn plan(sides: &HashMap<Kind, Sides>, prunes: bool) -> Plan {
    let mut plan = Plan::default();
    for kind in Kind::ALL {
        if let Some(sides) = sides.get(&kind) {
            let links = matched(sides);
            plan.compare(sides, &links);
            plan.links.insert(kind, links);
        }
    }
    // What leads to a configuration goes before it.
    for kind in [Kind::Route, Kind::Config, Kind::Microsite] {
        for step in plan.extra(kind, sides) {
            if prunes || step.here.is_some() {
                plan.steps.push(step);
            } else {
                plan.beside.push(step);
            }
        }
    }
    plan
}

impl Plan {
    fn compare(&mut self, sides: &Sides, links: &Links) {
        let there: HashMap<i64, &Object> = by_key(&sides.there);
        let configs = self.links.get(&Kind::Config);
        for known in &sides.here {
            let remote = links.get(&known.id).copied();
            let is_there = remote.and_then(|remote| there.get(&remote));
            let config_there = |config| configs?.get(&config).copied();
            let wanted = known.object.there(config_there);
            let act = match (is_there, &wanted) {
                (Some(is), Some(wanted)) if *is == wanted => {
                    self.unchanged += 1;
                    continue;
                }
                (Some(_), _) => Act::Change,
                (None, _) => Act::Create,
            };
            self.steps.push(Step {
                act,
                here: Some(known.id),
                there: remote,
                ..named(&known.object)
            });
        }
    }

    /// What only the LMS has of a kind, as steps that remove it.
    fn extra(&self, kind: Kind, sides: &HashMap<Kind, Sides>) -> Vec<Step> {
        let linked: HashSet<i64> = self
            .links
            .get(&kind)
            .into_iter()
            .flatten()
            .map(|(_, there)| *there)
            .collect();
        let Some(sides) = sides.get(&kind) else {
            return Vec::new();
        };
        let gone = gone(sides);
        let there = sides.there.iter();
        there
            .filter(|it| !linked.contains(&it.id))
            .map(|it| Step {
                here: gone.get(&it.id).copied(),
                there: Some(it.id),
                ..named(&it.object)
            })
            .collect()
    }
}

/// The keys there of what is gone here, with the keys that it had here.
fn gone(sides: &Sides) -> HashMap<i64, i64> {
    let here = by_key(&sides.here);
    let links = sides.links.iter();
    links
        .filter(|(local, _)| !here.contains_key(*local))
        .map(|(local, there)| (*there, *local))
        .collect()
}

/// Which thing there is which here: one that is linked and that both sides know by the same name; else
/// one that both know by the same name, with the same key if there are several; else one that is linked.
fn matched(sides: &Sides) -> Links {
    let there = by_key(&sides.there);
    let mut found = Links::new();
    let mut taken = HashSet::new();
    for known in &sides.here {
        if let Some(remote) = sides.links.get(&known.id)
            && there
                .get(remote)
                .is_some_and(|it| it.identity() == known.object.identity())
            && taken.insert(*remote)
        {
            found.insert(known.id, *remote);
        }
    }
    match_names(sides, &mut found, &mut taken);
    for known in &sides.here {
        if let Some(remote) = sides.links.get(&known.id)
            && !found.contains_key(&known.id)
            && there.contains_key(remote)
            && taken.insert(*remote)
        {
            found.insert(known.id, *remote);
        }
    }
    found
}

/// Matches what is left by name: those with the same key on both sides first.
fn match_names(sides: &Sides, found: &mut Links, taken: &mut HashSet<i64>) {
    let mut free: HashMap<(&str, &str), Vec<i64>> = HashMap::new();
    // Backwards, so that the smallest key is taken off first.
    for it in sides
        .there
        .iter()
        .rev()
        .filter(|it| !taken.contains(&it.id))
    {
        free.entry(it.object.identity()).or_default().push(it.id);
    }
    for wants_same_key in [true, false] {
        for known in &sides.here {
            let Some(keys) = free.get_mut(&known.object.identity()) else {
                continue;
            };
            if found.contains_key(&known.id) {
                continue;
            }
            let place = if wants_same_key {
                keys.iter().position(|key| *key == known.id)
            } else {
                keys.len().checked_sub(1)
            };
            if let Some(place) = place {
                let there = keys.remove(place);
                taken.insert(there);
                found.insert(known.id, there);
            }
        }
    }
}

fn by_key(all: &[Known]) -> HashMap<i64, &Object> {
    all.iter().map(|known| (known.id, &known.object)).collect()
}

fn named(object: &Object) -> Step {
    let (name, host) = object.identity();
    let name = match host {
        "" => name.to_owned(),
        host => format!("{name} ({host})"),
    };
    Step {
        act: Act::Remove,
        kind: object.kind(),
        name,
        here: None,
        there: None,
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.act {
            Act::Create => '+',
            Act::Change => '~',
            Act::Remove => '-',
        };
        let kind = self.kind.word();
        // Whatever the LMS holds must not speak to a terminal.
        let name = self.name.escape_debug();
        write!(formatter, "{sign} {kind:<9} {name}")?;
        match (self.here, self.there) {
            (Some(here), Some(there)) => write!(formatter, "  [{here}, there {there}]"),
            (Some(here), None) => write!(formatter, "  [{here}]"),
            (None, Some(there)) => write!(formatter, "  [there {there}]"),
            (None, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
