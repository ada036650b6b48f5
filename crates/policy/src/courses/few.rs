//! A list that is nearly always of one: it then lives in its owner, without memory of its own.

use std::slice;

#[derive(Clone)]
pub(super) enum Few<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Few<T> {
    pub(super) const fn new() -> Self {
        Self::Many(Vec::new())
    }

    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => slice::from_ref(one),
            Self::Many(many) => many,
        }
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut Vec<T>)) {
        let mut all = match std::mem::take(self) {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        };
        change(&mut all);
        *self = match <[T; 1]>::try_from(all) {
            Ok([one]) => Self::One(one),
            Err(mut many) => {
                many.shrink_to_fit();
                Self::Many(many)
            }
        };
    }
}

impl<T: Ord + Copy> Few<T> {
    /// Adds to a list that is kept sorted and free of repetitions.
    pub(super) fn insert(&mut self, item: T) {
        if let Err(at) = self.as_slice().binary_search(&item) {
            self.change(|all| all.insert(at, item));
        }
    }

    pub(super) fn remove(&mut self, item: T) {
        if self.contains(item) {
            self.change(|all| all.retain(|held| *held != item));
        }
    }

    pub(super) fn contains(&self, item: T) -> bool {
        self.as_slice().binary_search(&item).is_ok()
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::new()
    }
}
