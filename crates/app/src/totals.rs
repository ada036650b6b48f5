//! Remembered totals: how many rows a list has, for as long as nothing was written.
//!
//! A page of ten is read through an index whatever the size of the table, but its total is
//! a count of every row. The total can only change when something is written, and every
//! write moves the change log's sequence, so a total is remembered beside the sequence it
//! was counted at. What is asked often is counted once between two writes.

use std::collections::HashMap;
use std::fmt::Debug;

use parking_lot::Mutex;

/// How many totals are remembered; all are dropped when a new one would exceed it.
const CAPACITY: usize = 1_000;
/// Longest description of a list that is remembered, in bytes.
const LONGEST: usize = 4_000;

/// Totals counted at one sequence of the change log.
#[derive(Default)]
pub(crate) struct Totals(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    seq: u64,
    totals: HashMap<String, u64>,
}

/// The total of one list at one sequence, known or to be counted.
pub struct Total<'a> {
    totals: &'a Totals,
    seq: u64,
    key: String,
    known: Option<u64>,
}

impl Totals {
    /// The total of the list `name` with `filter`, as of `seq`.
    pub(crate) fn of(&self, seq: u64, name: &str, filter: &impl Debug) -> Total<'_> {
        let key = format!("{name} {filter:?}");
        let counted = self.0.lock();
        let known = (counted.seq == seq)
            .then(|| counted.totals.get(&key).copied())
            .flatten();
        Total {
            totals: self,
            seq,
            key,
            known,
        }
    }
}

impl Total<'_> {
    /// The total, if it was counted since the last write.
    #[must_use]
    pub fn known(&self) -> Option<u64> {
        self.known
    }

    /// Remembers what was counted.
    pub fn remember(self, total: u64) {
        if self.known.is_some() || self.key.len() > LONGEST {
            return;
        }
        let mut counted = self.totals.0.lock();
        if self.seq < counted.seq {
            return;
        }
        if self.seq > counted.seq || counted.totals.len() >= CAPACITY {
            counted.totals.clear();
            counted.seq = self.seq;
        }
        counted.totals.insert(self.key, total);
    }
}
