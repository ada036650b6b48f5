//! Courses, and what makes them visible.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::few::Few;

#[derive(Clone)]
pub(super) struct Course {
    pub(super) key: Arc<str>,
    pub(super) public: bool,
    groups: Few<i64>,
    organizations: Few<i64>,
}

impl Course {
    pub(super) fn is_linked(&self, group: i64) -> bool {
        self.groups.contains(group)
    }

    /// The organizations with an active link to it.
    pub(super) fn organizations(&self) -> &[i64] {
        self.organizations.as_slice()
    }
}

/// All courses that any fact names. One without any fact left stays until the next build.
#[derive(Clone, Default)]
pub(super) struct Catalogue {
    courses: Vec<Course>,
    by_key: HashMap<Arc<str>, usize, RandomState>,
    /// Positions of those that exist, in the order of their keys.
    known: Vec<usize>,
}

impl Catalogue {
    pub(super) fn find(&self, key: &str) -> Option<&Course> {
        self.courses.get(*self.by_key.get(key)?)
    }

    /// The courses that exist whose keys are greater than `after`, in the order of keys.
    pub(super) fn after(&self, after: &str) -> impl Iterator<Item = &Course> {
        let start = self.known.partition_point(|at| self.key(*at) <= after);
        let known = self.known.iter().skip(start);
        known.filter_map(|at| self.courses.get(*at))
    }

    fn key(&self, at: usize) -> &str {
        self.courses.get(at).map_or("", |course| &course.key)
    }

    fn intern(&mut self, key: &str) -> usize {
        if let Some(&known) = self.by_key.get(key) {
            return known;
        }
        let at = self.courses.len();
        let key: Arc<str> = Arc::from(key);
        self.courses.push(Course {
            key: Arc::clone(&key),
            public: false,
            groups: Few::new(),
            organizations: Few::new(),
        });
        self.by_key.insert(key, at);
        at
    }

    /// Takes note that a course exists.
    pub(super) fn know(&mut self, key: &str) -> Option<&mut Course> {
        let at = self.intern(key);
        let found = self
            .known
            .binary_search_by(|known| self.key(*known).cmp(key));
        if let Err(place) = found {
            self.known.insert(place, at);
        }
        self.courses.get_mut(at)
    }

    pub(super) fn offer(&mut self, key: &str, organization: i64) {
        let at = self.intern(key);
        if let Some(course) = self.courses.get_mut(at) {
            course.organizations.insert(organization);
        }
    }

    pub(super) fn set_public(&mut self, key: &str, public: bool) {
        // Only a course that exists can be made public, or be linked to a group.
        let course = if public {
            self.know(key)
        } else {
            self.find_mut(key)
        };
        if let Some(course) = course {
            course.public = public;
        }
    }

    pub(super) fn link(&mut self, key: &str, group: i64) {
        if let Some(course) = self.know(key) {
            course.groups.insert(group);
        }
    }

    pub(super) fn unlink(&mut self, key: &str, group: i64) {
        if let Some(course) = self.find_mut(key) {
            course.groups.remove(group);
        }
    }

    pub(super) fn drop_group(&mut self, group: i64) {
        for course in &mut self.courses {
            course.groups.remove(group);
        }
    }

    fn find_mut(&mut self, key: &str) -> Option<&mut Course> {
        self.courses.get_mut(*self.by_key.get(key)?)
    }
}
