//! Random worlds: the index against the plain rules, its lists against its decisions, and an index
//! that was changed against one that is built anew.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use provost_policy::courses::{Account, CourseAccess, Reason};

const USERS: std::ops::Range<i64> = 1..6;
const GROUPS: std::ops::Range<i64> = 1..5;
const ORGANIZATIONS: std::ops::Range<i64> = 1..4;
const COURSES: [&str; 7] = ["a", "a+b", "a-b", "b", "ä", "Z", "course-v1:O+C+R"];
/// Named by an offer alone.
const ABSENT: &str = "absent";

/// The rows.
#[derive(Clone, Debug, PartialEq)]
struct World {
    accounts: BTreeMap<i64, (bool, bool)>,
    members: BTreeSet<(i64, i64, bool)>,
    offers: BTreeSet<(&'static str, i64)>,
    public: BTreeSet<&'static str>,
    links: BTreeSet<(&'static str, i64)>,
    /// Keys by user and group.
    memberships: BTreeMap<(i64, i64), i64>,
    next: i64,
}

/// What a transaction does to the rows.
#[derive(Clone, Debug)]
enum Change {
    Account(i64, (bool, bool)),
    Join(i64, i64),
    Leave(i64, i64),
    /// A membership gets another group.
    Move(i64, i64, i64),
    DropGroup(i64),
    Public(&'static str, bool),
    Link(&'static str, i64),
    Unlink(&'static str, i64),
}

/// What an index is told of it.
#[derive(Clone, Debug)]
enum Told {
    Account(i64, (bool, bool)),
    Join(i64, i64, i64),
    Leave(i64, i64),
    DropGroup(i64),
    Public(&'static str, bool),
    Link(&'static str, i64),
    Unlink(&'static str, i64),
}

impl World {
    fn index(&self) -> CourseAccess {
        let mut access = CourseAccess::default();
        for (&user, &flags) in &self.accounts {
            tell(&mut access, &Told::Account(user, flags));
        }
        for &(user, organization, admin) in &self.members {
            access.add_member(user, organization, admin);
        }
        for (&(user, group), &id) in &self.memberships {
            access.join(id, user, group);
        }
        // In no order at all.
        for course in COURSES {
            access.add_course(course);
        }
        for &(course, organization) in &self.offers {
            access.add_offer(course, organization);
        }
        for course in &self.public {
            access.set_public(course, true);
        }
        for &(course, group) in &self.links {
            access.link(course, group);
        }
        access
    }

    fn change(&mut self, change: &Change) -> Vec<Told> {
        match *change {
            Change::Account(user, flags) => {
                self.accounts.insert(user, flags);
                vec![Told::Account(user, flags)]
            }
            Change::Join(user, group) if self.memberships.contains_key(&(user, group)) => vec![],
            Change::Join(user, group) => {
                self.next += 1;
                self.memberships.insert((user, group), self.next);
                vec![Told::Join(self.next, user, group)]
            }
            Change::Leave(user, group) => {
                self.memberships.remove(&(user, group));
                vec![Told::Leave(user, group)]
            }
            Change::Move(user, from, to) => self.change_group(user, from, to),
            Change::DropGroup(group) => {
                self.memberships.retain(|(_, held), _| *held != group);
                self.links.retain(|(_, held)| *held != group);
                vec![Told::DropGroup(group)]
            }
            Change::Public(course, true) => {
                self.public.insert(course);
                vec![Told::Public(course, true)]
            }
            Change::Public(course, false) => {
                self.public.remove(course);
                vec![Told::Public(course, false)]
            }
            Change::Link(course, group) => {
                self.links.insert((course, group));
                vec![Told::Link(course, group)]
            }
            Change::Unlink(course, group) => {
                self.links.remove(&(course, group));
                vec![Told::Unlink(course, group)]
            }
        }
    }

    fn change_group(&mut self, user: i64, from: i64, to: i64) -> Vec<Told> {
        if self.memberships.contains_key(&(user, to)) {
            return vec![];
        }
        let Some(id) = self.memberships.remove(&(user, from)) else {
            return vec![];
        };
        self.memberships.insert((user, to), id);
        vec![Told::Leave(user, from), Told::Join(id, user, to)]
    }

    /// The rules, one after the other, over the rows.
    fn reason(&self, user: Option<i64>, course: &str) -> Reason {
        if self.public.contains(course) {
            return Reason::Public;
        }
        let Some(user) = user else {
            return Reason::Anonymous;
        };
        let (active, admin) = self.accounts.get(&user).copied().unwrap_or_default();
        if active && admin {
            return Reason::Staff;
        }
        let offers: Vec<i64> = self
            .offers
            .iter()
            .filter(|(offered, _)| *offered == course)
            .map(|(_, organization)| *organization)
            .collect();
        if active
            && let [organization] = offers[..]
            && self.members.contains(&(user, organization, true))
        {
            return Reason::OrganizationAdmin { organization };
        }
        let leads = |group: i64| self.links.iter().any(|link| *link == (course, group));
        let held = self.memberships.iter();
        held.filter(|((by, group), _)| *by == user && leads(*group))
            .map(|((_, group), id)| (*id, *group))
            .min()
            .map_or(Reason::NotMember, |(membership, group)| Reason::Member {
                group,
                membership,
            })
    }
}

fn tell(access: &mut CourseAccess, told: &Told) {
    match *told {
        Told::Account(user, (active, admin)) => {
            access.set_user(user, &format!("user{user}"), Account { active, admin });
        }
        Told::Join(id, user, group) => access.join(id, user, group),
        Told::Leave(user, group) => access.leave(user, group),
        Told::DropGroup(group) => access.drop_group(group),
        Told::Public(course, public) => access.set_public(course, public),
        Told::Link(course, group) => access.link(course, group),
        Told::Unlink(course, group) => access.unlink(course, group),
    }
}

fn courses() -> impl Strategy<Value = &'static str> {
    select(&COURSES[..])
}

fn world() -> impl Strategy<Value = World> {
    let offered = prop_oneof![9 => courses(), 1 => Just(ABSENT)];
    (
        btree_map(USERS, any::<(bool, bool)>(), 0..5),
        btree_set((USERS, ORGANIZATIONS, any::<bool>()), 0..8),
        btree_set((offered, ORGANIZATIONS), 0..10),
        btree_set(courses(), 0..3),
        btree_set((courses(), GROUPS), 0..10),
        btree_set((USERS, GROUPS), 0..10),
        vec(any::<u8>(), 10),
    )
        .prop_map(
            |(accounts, members, offers, public, links, joined, order)| {
                let mut joined: Vec<_> = joined.into_iter().zip(order).collect();
                joined.sort_by_key(|(_, order)| *order);
                World {
                    accounts,
                    members,
                    offers,
                    public,
                    links,
                    memberships: joined.into_iter().map(|(pair, _)| pair).zip(1..).collect(),
                    next: 100,
                }
            },
        )
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        2 => (USERS, any::<(bool, bool)>()).prop_map(|(user, flags)| Change::Account(user, flags)),
        3 => (USERS, GROUPS).prop_map(|(user, group)| Change::Join(user, group)),
        2 => (USERS, GROUPS).prop_map(|(user, group)| Change::Leave(user, group)),
        2 => (USERS, GROUPS, GROUPS).prop_map(|(user, from, to)| Change::Move(user, from, to)),
        1 => GROUPS.prop_map(Change::DropGroup),
        2 => (courses(), any::<bool>()).prop_map(|(course, public)| Change::Public(course, public)),
        3 => (courses(), GROUPS).prop_map(|(course, group)| Change::Link(course, group)),
        2 => (courses(), GROUPS).prop_map(|(course, group)| Change::Unlink(course, group)),
    ];
    vec(change, 1..25)
}

fn people() -> impl Iterator<Item = Option<i64>> {
    USERS.map(Some).chain([None, Some(99)])
}

fn pages(access: &CourseAccess, user: Option<i64>, limit: usize) -> Vec<(String, Reason)> {
    let mut all: Vec<(String, Reason)> = Vec::new();
    loop {
        let after = all.last().map_or("", |(course, _)| course);
        let page = access.courses_after(user, after, limit);
        assert!(page.len() <= limit, "{page:?}");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// The index decides as the rules over the rows do, and lists what it grants.
fn check(world: &World, access: &CourseAccess) {
    let mut keys = COURSES;
    keys.sort_unstable();
    for user in people() {
        for course in keys.into_iter().chain([ABSENT, "", "nothing"]) {
            let reason = world.reason(user, course);
            let verdict = access.decide(user, course);
            assert_eq!(verdict.reason, reason, "{user:?} {course} {world:?}");
            assert_eq!(verdict.granted, reason.grants());
        }
        let granted: Vec<(String, Reason)> = keys
            .into_iter()
            .map(|course| (course.to_owned(), access.decide(user, course)))
            .filter(|(_, verdict)| verdict.granted)
            .map(|(course, verdict)| (course, verdict.reason))
            .collect();
        for limit in [1, 2, 100] {
            assert_eq!(pages(access, user, limit), granted, "{user:?} {world:?}");
        }
        assert_eq!(access.courses_after(user, "", 0), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_index_follows_the_rules_and_itself(world in world()) {
        check(&world, &world.index());
    }

    #[test]
    fn changed_step_by_step_is_as_built_anew(world in world(), changes in changes()) {
        let mut rows = world;
        let mut access = rows.index();
        for change in &changes {
            for told in rows.change(change) {
                tell(&mut access, &told);
                tell(&mut access, &told);
            }
        }
        check(&rows, &access);
        check(&rows, &rows.index());
    }

    /// A build that reads rows newer than its revision is told some changes that it holds already.
    #[test]
    fn changes_that_it_holds_already_lead_to_the_same_end(
        world in world(),
        changes in changes(),
        held in 0_usize..25,
    ) {
        let mut rows = world;
        let mut log = Vec::new();
        let mut access = None;
        for (position, change) in changes.iter().enumerate() {
            if position == held {
                access = Some(rows.index());
            }
            log.extend(rows.change(change));
        }
        let mut access = access.unwrap_or_else(|| rows.index());
        for told in &log {
            tell(&mut access, told);
        }
        check(&rows, &access);
    }
}
