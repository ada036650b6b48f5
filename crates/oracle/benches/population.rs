//! A believable platform of any size, the same at every run.

use provost_policy::{Engine, Grant, Policy, catalogue};

/// Assignments for every subject, scope and organization, on average.
const GRANTS_A_USER: u64 = 5;
const GRANTS_AN_OBJECT: u64 = 8;
const GRANTS_AN_ORG: u64 = 500;

const LIBRARY_ROLES: [&str; 4] = [
    "library_admin",
    "library_author",
    "library_contributor",
    "library_user",
];
const COURSE_ROLES: [&str; 4] = [
    "course_auditor",
    "course_editor",
    "course_staff",
    "course_admin",
];

/// A small generator of even quality (splitmix64), so that no run differs from another.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn one<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len() as u64);
        words
            .iter()
            .copied()
            .nth(usize::try_from(at).unwrap_or_default())
            .unwrap_or_default()
    }
}

/// Three keys of one question.
pub(crate) struct Question {
    pub(crate) subject: String,
    pub(crate) action: String,
    pub(crate) scope: String,
}

pub(crate) struct Population {
    pub(crate) policy: Policy,
    pub(crate) grants: Vec<Grant>,
    size: u64,
}

impl Population {
    pub(crate) fn of(size: u64) -> Self {
        let mut dice = Dice(size);
        let mut population = Self {
            policy: catalogue::shipped().policy(),
            grants: Vec::new(),
            size,
        };
        population.grants = (1..)
            .take(usize::try_from(size).unwrap_or_default())
            .map(|id| population.grant(id, &mut dice))
            .collect();
        population
    }

    pub(crate) fn engine(&self) -> Engine {
        Engine::build(self.policy.clone(), self.grants.iter().cloned(), [], 1)
    }

    /// 80 of 100 on one object, 18 on an organization, 2 on the platform; half libraries, half courses.
    pub(crate) fn grant(&self, id: i64, dice: &mut Dice) -> Grant {
        let library = dice.below(2) == 0;
        let scope = match dice.below(100) {
            0..80 => self.object(library, dice),
            80..98 if library => format!("lib^lib:Org{}:*", self.org(dice)),
            80..98 => format!("course-v1^course-v1:Org{}+*", self.org(dice)),
            _ if library => "lib^lib:*".to_owned(),
            _ => "course-v1^course-v1:*".to_owned(),
        };
        let role = dice.one(if library {
            &LIBRARY_ROLES
        } else {
            &COURSE_ROLES
        });
        Grant {
            id,
            subject: self.subject(dice),
            role: format!("role^{role}"),
            scope,
        }
    }

    /// Questions over the whole population; every second one about something the subject holds.
    pub(crate) fn questions(&self, count: usize, dice: &mut Dice) -> Vec<Question> {
        (0..count).map(|_| self.question(dice)).collect()
    }

    fn question(&self, dice: &mut Dice) -> Question {
        let at = usize::try_from(dice.below(self.grants.len() as u64)).unwrap_or_default();
        let held = self.grants.get(at).filter(|_| dice.below(2) == 0);
        let library = held.map_or_else(
            || dice.below(2) == 0,
            |grant| grant.scope.starts_with("lib"),
        );
        let action = if library {
            dice.one(&[
                "act^content_libraries.view_library",
                "act^content_libraries.edit_library_content",
            ])
        } else {
            dice.one(&[
                "act^courses.view_course",
                "act^courses.publish_course_content",
            ])
        };
        Question {
            subject: held.map_or_else(|| self.subject(dice), |grant| grant.subject.clone()),
            action: action.to_owned(),
            scope: held.map_or_else(|| self.object(library, dice), |grant| grant.scope.clone()),
        }
    }

    fn subject(&self, dice: &mut Dice) -> String {
        format!("user^learner_{}", dice.below(self.size / GRANTS_A_USER + 1))
    }

    fn org(&self, dice: &mut Dice) -> u64 {
        dice.below(self.size / GRANTS_AN_ORG + 1)
    }

    /// Objects are numbered, and the number says the organization.
    fn object(&self, library: bool, dice: &mut Dice) -> String {
        let number = dice.below(self.size / GRANTS_AN_OBJECT + 1);
        let org = number % (self.size / GRANTS_AN_ORG + 1);
        if library {
            format!("lib^lib:Org{org}:LIB{number}")
        } else {
            format!("course-v1^course-v1:Org{org}+C{number}+2026")
        }
    }
}

pub(crate) fn dice(seed: u64) -> Dice {
    Dice(seed)
}
