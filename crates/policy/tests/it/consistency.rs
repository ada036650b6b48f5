//! Random worlds, odd ones included: the engine against the plain semantics, and its answers against
//! each other.

use proptest::prelude::*;
use proptest::sample::select;
use provost_policy::{Definition, Effect, Engine, Grant, Holder, Implication, Policy};

use crate::naive;

const USERS: [&str; 4] = ["user^ada", "user^ben", "user^cyd", "sub^dov"];
const ACTIONS: [&str; 5] = ["act^a", "act^b", "act^c", "act^d", "act^e"];

/// Stored scopes: of every level, beside prefixes no client could grant.
const PATTERNS: [&str; 16] = [
    "lib^lib:O1:A",
    "lib^lib:O1:Ä",
    "lib^lib:O10:A",
    "lib^lib:O1:*",
    "lib^lib:O10:*",
    "lib^lib:O1*",
    "lib^lib:*",
    "lib^*",
    "*",
    "**",
    "course-v1^course-v1:O1+C+R",
    "course-v1^course-v1:O1+*",
    "course-v1^course-v1:*",
    "course-v1^*",
    "global^global:x",
    "lib^lib:O1:Ä*tail*",
];

/// Scopes asked about: those, some of them malformed, and more.
const ASKED: [&str; 9] = [
    "lib^lib:O1:B",
    "lib^lib:O1:",
    "lib^lib:O1:Äx",
    "course-v1^course-v1:O10+C+R",
    "ccx-v1^ccx-v1:O1+C+R+ccx@1",
    "global^global:y",
    "lib^lib:a*b",
    "nothing",
    "",
];

#[derive(Clone, Debug)]
struct World {
    policy: Policy,
    grants: Vec<Grant>,
    staff: Vec<String>,
}

impl World {
    fn engine(&self) -> Engine {
        Engine::build(
            self.policy.clone(),
            self.grants.clone(),
            self.staff.clone(),
            1,
        )
    }
}

fn roles() -> impl Strategy<Value = String> {
    (0..6).prop_map(|number| format!("role^r{number}"))
}

fn owner() -> impl Strategy<Value = String> {
    prop_oneof![4 => roles(), 1 => select(&USERS[..]).prop_map(str::to_owned)]
}

fn definitions() -> impl Strategy<Value = Vec<Definition>> {
    let effect = prop_oneof![5 => Just(Effect::Allow), 1 => Just(Effect::Deny)];
    let rule = (
        owner(),
        select(&ACTIONS[..4]),
        select(&PATTERNS[..]),
        effect,
    );
    proptest::collection::vec(rule, 0..10).prop_map(|rules| {
        (1..)
            .zip(rules)
            .map(|(id, (subject, action, scope, effect))| Definition {
                id,
                subject,
                action: action.to_owned(),
                scope: scope.to_owned(),
                effect,
            })
            .collect()
    })
}

fn grant(id: i64) -> impl Strategy<Value = Grant> {
    let subject = prop_oneof![3 => select(&USERS[..]).prop_map(str::to_owned), 1 => roles()];
    (subject, roles(), select(&PATTERNS[..])).prop_map(move |(subject, role, scope)| Grant {
        id,
        subject,
        role,
        scope: scope.to_owned(),
    })
}

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    (0..14_i64).prop_flat_map(|count| (1..=count).map(grant).collect::<Vec<_>>())
}

fn world() -> impl Strategy<Value = World> {
    let implication =
        (select(&ACTIONS[..]), select(&ACTIONS[..])).prop_map(|(granting, implied)| Implication {
            granting: granting.to_owned(),
            implied: implied.to_owned(),
        });
    let implications = proptest::collection::vec(implication, 0..4);
    let staff = proptest::sample::subsequence(&USERS[..], 0..2);
    (definitions(), implications, grants(), staff).prop_map(
        |(definitions, implications, grants, staff)| World {
            policy: Policy {
                definitions,
                implications,
            },
            grants,
            staff: staff.into_iter().map(str::to_owned).collect(),
        },
    )
}

fn scopes() -> impl Iterator<Item = &'static str> {
    PATTERNS.into_iter().chain(ASKED)
}

fn actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.into_iter().chain(["act^unknown"])
}

/// Decisions follow the semantics, and the list of subjects says the same with the same reasons.
fn check_subjects(world: &World, engine: &Engine, action: &str, scope: &str) {
    let holders = engine.subjects(action, scope);
    for subject in USERS {
        let staff = world.staff.iter().any(|name| name == subject);
        let decision = engine.decide(subject, action, scope);
        let request = [subject, action, scope];
        let expected = naive::allowed(&world.policy, &world.grants, staff, request);
        assert_eq!(decision.allowed, expected, "{request:?}: {decision:?}");
        assert_eq!(decision, engine.decide_for(subject, staff, action, scope));
        let holder = holders.iter().find(|holder| holder.subject == subject);
        let because = holder.map(|holder| holder.because);
        assert_eq!(because, decision.allowed.then_some(decision.because));
    }
    let known = |name: &str| USERS.contains(&name);
    assert!(
        holders.iter().all(|holder| known(&holder.subject)),
        "{holders:?}"
    );
    assert!(holders.is_sorted_by(|one, next| one.subject < next.subject));
    let pages = pages_of(engine, action, scope);
    assert_eq!(
        pages, holders,
        "pages of two hold the same, in the same order"
    );
}

fn pages_of(engine: &Engine, action: &str, scope: &str) -> Vec<Holder> {
    let mut all: Vec<Holder> = Vec::new();
    loop {
        let after = all.last().map_or("", |holder| &holder.subject);
        let page = engine.subjects_after(action, scope, after, 2);
        assert!(page.len() <= 2, "{page:?}");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn check(world: &World, engine: &Engine) {
    for action in actions() {
        for scope in scopes() {
            check_subjects(world, engine, action, scope);
        }
        for subject in USERS.into_iter().chain(["user^nobody", "role^r0"]) {
            let set = engine.scopes(subject, action);
            for scope in scopes() {
                let allowed = engine.decide(subject, action, scope).allowed;
                assert_eq!(
                    set.contains(scope),
                    allowed,
                    "{subject} {action} {scope}: {set:?}"
                );
            }
        }
    }
}

/// A change, by position in the list of assignments or of users.
#[derive(Clone, Debug)]
enum Change {
    Grant(Grant),
    Revoke(usize),
    Staff(usize, bool),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = |id: i64| {
        prop_oneof![
            2 => grant(id).prop_map(Change::Grant),
            2 => (0..20_usize).prop_map(Change::Revoke),
            1 => (0..USERS.len(), any::<bool>()).prop_map(|(user, staff)| Change::Staff(user, staff)),
        ]
    };
    (1..20_i64).prop_flat_map(move |count| (100..100 + count).map(change).collect::<Vec<_>>())
}

fn apply(change: Change, world: &mut World, engine: &mut Engine) {
    match change {
        Change::Grant(grant) => {
            engine.grant(grant.clone());
            world.grants.push(grant);
        }
        Change::Revoke(position) if world.grants.is_empty() => {
            engine.revoke(
                "user^nobody",
                "role^none",
                PATTERNS[position % PATTERNS.len()],
            );
        }
        Change::Revoke(position) => {
            let Grant {
                subject,
                role,
                scope,
                ..
            } = world.grants[position % world.grants.len()].clone();
            engine.revoke(&subject, &role, &scope);
            let same = |grant: &Grant| {
                (&grant.subject, &grant.role, &grant.scope) == (&subject, &role, &scope)
            };
            world.grants.retain(|grant| !same(grant));
        }
        Change::Staff(user, staff) => {
            engine.set_staff(USERS[user], staff);
            world.staff.retain(|name| name != USERS[user]);
            world.staff.extend(staff.then(|| USERS[user].to_owned()));
        }
    }
}

fn same_rows(one: &Engine, other: &Engine) {
    let roles: Vec<String> = (0..6).map(|number| format!("role^r{number}")).collect();
    for role in &roles {
        assert_eq!(one.permission_count(role), other.permission_count(role));
        for pattern in PATTERNS {
            assert_eq!(one.holders(role, pattern), other.holders(role, pattern));
        }
    }
    for subject in USERS.into_iter().chain(roles.iter().map(String::as_str)) {
        assert!(one.grants_of(subject).eq(other.grants_of(subject)));
        for action in actions() {
            assert_eq!(
                one.held_scopes(subject, action),
                other.held_scopes(subject, action)
            );
            assert_eq!(
                one.holds_anywhere(subject, action),
                !one.held_scopes(subject, action).is_empty()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_engine_follows_the_semantics_and_itself(world in world()) {
        check(&world, &world.engine());
    }

    #[test]
    fn changed_step_by_step_is_as_built_anew(world in world(), changes in changes()) {
        let mut engine = world.engine();
        let mut changed = world;
        for change in changes {
            apply(change, &mut changed, &mut engine);
        }
        let anew = changed.engine();
        same_rows(&engine, &anew);
        for (action, scope) in actions().flat_map(|action| scopes().map(move |scope| (action, scope))) {
            prop_assert_eq!(engine.subjects(action, scope), anew.subjects(action, scope));
            for subject in USERS {
                prop_assert_eq!(engine.decide(subject, action, scope), anew.decide(subject, action, scope));
            }
        }
        check(&changed, &engine);
    }

    /// Chains near the limit: `user -> r0 -> r1 -> …`, with short cuts and scopes that narrow on the way.
    #[test]
    fn chains_end_after_nine_hops(
        length in 7_usize..13,
        scopes in proptest::collection::vec(select(vec!["lib^lib:*", "lib^lib:O1:*", "*", "lib^lib:O1:A"]), 14),
        cuts in proptest::collection::vec((0_usize..12, 0_usize..12), 0..2),
    ) {
        let step = |(id, from, to): (i64, usize, usize)| Grant {
            id,
            subject: if from == 0 { USERS[0].to_owned() } else { format!("role^r{from}") },
            role: format!("role^r{to}"),
            scope: scopes[to].to_owned(),
        };
        let chain = (0..length).map(|at| (i64::try_from(at).unwrap(), at, at + 1));
        let cuts = (50..).zip(cuts).map(|(id, (from, to))| (id, from, to));
        let rule = |id, owner: usize, effect| Definition {
            id, subject: format!("role^r{owner}"), action: ACTIONS[0].to_owned(), scope: "*".to_owned(), effect,
        };
        let world = World {
            policy: Policy {
                definitions: vec![rule(1, length, Effect::Allow), rule(2, 12, Effect::Deny)],
                implications: Vec::new(),
            },
            grants: chain.chain(cuts).map(step).collect(),
            staff: Vec::new(),
        };
        check(&world, &world.engine());
    }
}
