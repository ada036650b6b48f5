//! A map of bounded size that forgets what was not used lately.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Two generations of at most `capacity` entries each. New and used entries live in the young
/// one; when it is full it becomes the old one, and what the old one still held is forgotten.
/// Every operation takes constant time, and no list of uses has to be kept.
///
/// Invariant: at most `2 * capacity` entries are held.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    capacity: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            capacity: capacity.max(1),
        }
    }

    /// The value of `key`, which counts as a use.
    pub(crate) fn get<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.insert(key, value);
        }
        self.young.get_mut(key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.capacity && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        // An entry lives in one generation only, or a stale value could come back.
        self.old.remove(&key);
        self.young.insert(key, value);
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.young.remove(key);
        self.old.remove(key);
    }

    pub(crate) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let mut recent = Recent::new(10);
        recent.insert(0, "kept");
        for key in 1..1_000 {
            recent.insert(key, "passing");
            assert_eq!(recent.get(&0), Some(&mut "kept"));
            assert!(recent.len() <= 20);
        }
        assert_eq!(recent.get(&500), None);
    }

    #[test]
    fn a_newer_value_replaces_an_older_one_in_either_generation() {
        let mut recent = Recent::new(2);
        recent.insert("a", 1);
        recent.insert("b", 1);
        recent.insert("c", 1); // `a` and `b` are old now
        recent.insert("a", 2);
        assert_eq!(recent.get("a"), Some(&mut 2));
        recent.remove("a");
        assert_eq!(recent.get("a"), None);
        recent.clear();
        assert_eq!(recent.len(), 0);
    }
}
