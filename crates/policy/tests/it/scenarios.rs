//! Runs `tests/scenarios/*.yaml`: every line is asked as a decision, as a set of scopes and as a list of
//! subjects, of an engine built at once and of one built step by step.

use std::path::Path;

use provost_policy::{Engine, Policy, catalogue};
use serde::Deserialize;

use crate::world;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    /// `shipped` for the shipped roles; otherwise `rules` and `implications` say it all.
    catalogue: Option<String>,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    implications: Vec<String>,
    #[serde(default)]
    grants: Vec<String>,
    #[serde(default)]
    staff: Vec<String>,
    /// `subject action scope`, and after it, if it matters, the reason.
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    refused: Vec<String>,
}

impl Scenario {
    fn policy(&self) -> Policy {
        if let Some(named) = &self.catalogue {
            assert_eq!(named, "shipped");
            return catalogue::shipped().policy();
        }
        Policy {
            definitions: (1..)
                .zip(&self.rules)
                .map(|(id, line)| world::definition(id, line))
                .collect(),
            implications: self
                .implications
                .iter()
                .map(|line| world::implication(line))
                .collect(),
        }
    }

    fn at_once(&self) -> Engine {
        let grants = (1..)
            .zip(&self.grants)
            .map(|(id, line)| world::grant(id, line));
        Engine::build(
            self.policy(),
            grants,
            self.staff.iter().map(|name| world::subject(name)),
            7,
        )
    }

    fn step_by_step(&self) -> Engine {
        let mut engine = Engine::build(self.policy(), [], [], 7);
        for (id, line) in (1..).zip(&self.grants) {
            engine.grant(world::grant(id, line));
        }
        for name in &self.staff {
            engine.set_staff(&world::subject(name), true);
        }
        engine
    }
}

fn check(engine: &Engine, line: &str, allowed: bool) {
    let mut words = line.splitn(4, ' ');
    let mut word = || {
        words
            .next()
            .unwrap_or_else(|| panic!("three words needed: {line}"))
    };
    let (subject, action, scope) = (
        world::subject(word()),
        world::action(word()),
        world::scope(word()),
    );
    let decision = engine.decide(&subject, &action, &scope);
    assert_eq!(decision.allowed, allowed, "decide: {decision:?}");
    assert_eq!(decision.revision, 7);
    if let Some(reason) = words.next() {
        assert_eq!(world::reason(decision.because), reason);
    }
    assert_eq!(
        engine.scopes(&subject, &action).contains(&scope),
        allowed,
        "scopes: {:?}",
        engine.scopes(&subject, &action)
    );
    if !subject.starts_with("role^") {
        let holders = engine.subjects(&action, &scope);
        let found = holders.iter().find(|holder| holder.subject == subject);
        assert_eq!(found.is_some(), allowed, "subjects: {holders:?}");
        assert!(found.is_none_or(|holder| holder.because == decision.because
            && holder.staff == engine.is_staff(&subject)));
    }
    let explained = engine.explain(&subject, engine.is_staff(&subject), &action, &scope);
    assert_eq!(explained.decision, decision);
}

#[test]
fn every_scenario_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut lines = 0;
    for file in folder.read_dir().unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let scenarios: Vec<Scenario> = serde_yaml_ng::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for scenario in scenarios {
            for engine in [scenario.at_once(), scenario.step_by_step()] {
                let expected = scenario.allowed.iter().map(|line| (line, true));
                for (line, allowed) in
                    expected.chain(scenario.refused.iter().map(|line| (line, false)))
                {
                    println!("{}: {}: {line}", path.display(), scenario.name);
                    check(&engine, line, allowed);
                    lines += 1;
                }
            }
        }
    }
    assert!(lines > 300, "only {lines} lines were asked");
}
