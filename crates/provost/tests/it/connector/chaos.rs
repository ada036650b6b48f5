//! Nothing is lost, doubled or out of order, whatever happens to either side.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::processes::{Listening, Lms, Pushing, until};
use crate::workflow::Installation;

const EOX: &str = "/eox-tenant/api/v1";

/// Two processes that serve one database and push to one LMS, and what they were told.
struct Story {
    pushing: Pushing,
    lms: Lms,
    servers: Vec<Listening>,
    /// The names that each tenant's platform had, one after the other; its key here.
    told: BTreeMap<String, (i64, Vec<String>)>,
    deleted: Vec<String>,
    turn: usize,
}

impl Story {
    fn begin(here: Installation) -> Self {
        let lms = Lms::start();
        let pushing = Pushing::to(&lms, here);
        Self {
            servers: vec![pushing.serve(), pushing.serve()],
            pushing,
            lms,
            told: BTreeMap::new(),
            deleted: Vec::new(),
            turn: 0,
        }
    }

    /// Asks one process and then the other.
    fn ask(&mut self, method: &str, target: &str, body: &Value) -> Value {
        self.turn += 1;
        let server = &self.servers[self.turn % self.servers.len()];
        self.pushing.ask(server, method, target, body)
    }

    fn create(&mut self, name: &str) {
        let body = json!({"tenant_name": name, "platform_name": "0", "theme_name": "indigo", "org_filter": ["Org"]});
        let answer = self.ask("POST", "/api/tenant/v1/create", &body);
        let id = answer["tenant_id"].as_i64().unwrap();
        self.told
            .insert(name.to_owned(), (id, vec!["0".to_owned()]));
    }

    fn rename(&mut self, name: &str) {
        let (id, names) = &self.told[name];
        let (target, next) = (format!("{EOX}/configs/{id}/"), names.len().to_string());
        let body = json!({"lms_configs": {"PLATFORM_NAME": next}});
        self.ask("PATCH", &target, &body);
        self.told.get_mut(name).unwrap().1.push(next);
    }

    fn route(&mut self, name: &str) {
        let body = json!({"domain": format!("{name}.example.org"), "config": self.told[name].0});
        self.ask("POST", &format!("{EOX}/routes/"), &body);
    }

    fn delete(&mut self, name: &str) {
        self.ask(
            "DELETE",
            &format!("/api/tenant/v1/delete/{name}"),
            &Value::Null,
        );
        self.deleted.push(name.to_owned());
    }

    /// A tenant comes and changes; the one before it goes.
    fn chapter(&mut self, number: usize) {
        let name = format!("tenant{number}");
        self.create(&name);
        self.rename(&name);
        self.route(&name);
        self.rename(&name);
        if number % 2 == 1 {
            self.delete(&format!("tenant{}", number - 1));
        }
    }

    /// Kills the process that is pushing, in the middle of making a tenant, and starts another one.
    fn kill_in_the_middle(&mut self, number: usize) {
        let name = format!("killed{number}");
        // Answers that nobody waits for: the lease is held until one has looked for what was made.
        let slow = json!({"mode": "slow", "milliseconds": 3_000, "methods": ["POST"]});
        self.lms.mode(&slow);
        self.create(&name);
        let key = key(&name);
        until("the LMS makes it", || {
            made(&self.lms.journal(), "configs/", "external_key", &key) > 0
        });
        let holder = self.pushing.status()["holder"].as_str().unwrap().to_owned();
        let is_pushing =
            |server: &Listening| holder.contains(&format!("process {} ", server.process()));
        let pushing = self.servers.iter().position(is_pushing).unwrap();
        self.servers.remove(pushing);
        self.lms.mode(&json!({"mode": "ok"}));
        self.rename(&name);
        self.servers.push(self.pushing.serve());
    }

    fn check(&self) {
        let journal = self.lms.journal();
        for (name, (_, names)) in &self.told {
            assert_eq!(
                made(&journal, "configs/", "external_key", &key(name)),
                1,
                "{name}"
            );
            assert_eq!(made(&journal, "routes/", "domain", &key(name)), 1, "{name}");
            assert_eq!(names_of(&journal, &key(name)), *names, "{name}");
        }
        for name in &self.deleted {
            let is_ours = |line: &&Value| line["body"]["external_key"] == json!(key(name));
            let id = &journal.iter().find(is_ours).unwrap()["id"];
            let path = format!("configs/{id}/");
            let gone = journal
                .iter()
                .filter(|line| line["method"] == "DELETE" && line["path"] == json!(path));
            assert_eq!(gone.count(), 1, "{name}");
        }
        let here = ["configs", "routes"].map(|of| {
            let server = &self.servers[0];
            self.pushing
                .ask(server, "GET", &format!("{EOX}/{of}/"), &Value::Null)
        });
        let there = self.lms.state();
        let there = ["configs", "routes"].map(|of| there[of].clone());
        assert_eq!(told(&here), told(&there));
        let expected = self.told.len() - self.deleted.len();
        assert_eq!(here[0].as_array().unwrap().len(), expected);
    }
}

fn key(name: &str) -> String {
    format!("{name}.local.openedx.io")
}

/// How often a thing was made that has this value.
fn made(journal: &[Value], path: &str, field: &str, value: &str) -> usize {
    let is_it = |line: &&Value| {
        line["method"] == "POST" && line["path"] == path && line["body"][field] == value
    };
    journal.iter().filter(is_it).count()
}

/// The names that a tenant's platform had in the LMS; a name that was written twice in a row counts once.
fn names_of(journal: &[Value], key: &str) -> Vec<String> {
    let own = journal
        .iter()
        .filter(|line| line["body"]["external_key"] == key);
    let name = |line: &Value| {
        line["body"]["lms_configs"]["PLATFORM_NAME"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let mut names: Vec<String> = own.map(name).collect();
    names.dedup();
    names
}

/// Configurations and routes without the keys of their side, and without organizations, which each side
/// derives by itself.
fn told([configs, routes]: &[Value; 2]) -> Vec<String> {
    let configs = configs.as_array().unwrap();
    let key_of = |id: &Value| {
        configs.iter().find(|config| config["id"] == *id).unwrap()["external_key"].clone()
    };
    let columns = [
        "external_key",
        "lms_configs",
        "studio_configs",
        "theming_configs",
        "meta",
    ];
    let config = |row: &Value| columns.map(|column| row[column].to_string()).join(" ");
    let route = |row: &Value| format!("{} {}", row["domain"], key_of(&row["config"]));
    let routes = routes.as_array().unwrap().iter().map(route);
    let mut told: Vec<String> = configs.iter().map(config).chain(routes).collect();
    told.sort();
    told
}

/// All that can happen, and then the two sides are held against each other.
fn tell(here: Installation) {
    let mut story = Story::begin(here);
    story.create("first");
    story.pushing.pushed();
    let troubles = [
        json!({"mode": "error", "times": 3}),
        json!({"mode": "drop", "times": 2, "methods": ["POST"]}),
        json!({"mode": "drop", "times": 3, "methods": ["PUT", "DELETE"]}),
        json!({"mode": "garbage", "times": 2}),
        // Carried out, and answered when nobody waits any more.
        json!({"mode": "slow", "milliseconds": 1_300, "times": 1, "methods": ["POST"]}),
        json!({"mode": "slow", "milliseconds": 100, "times": 5}),
    ];
    for (number, trouble) in troubles.iter().enumerate() {
        story.lms.mode(trouble);
        story.chapter(number);
    }
    story.lms.kill();
    story.chapter(troubles.len());
    until("it fails", || {
        story.pushing.status()["failures"] != json!(0)
    });
    story.chapter(troubles.len() + 1);
    story.lms.start_again();
    story.pushing.pushed();
    for number in 0..2 {
        story.kill_in_the_middle(number);
    }
    story.chapter(troubles.len() + 2);
    // One process stops in good order; the other goes on.
    story.servers.remove(0).stop();
    story.chapter(troubles.len() + 3);
    story.pushing.pushed();
    let status = story.pushing.status();
    assert_eq!(
        (&status["refused"], &status["failures"]),
        (&json!([]), &json!(0))
    );
    story.check();
}

#[test]
fn on_sqlite_the_lms_ends_up_with_just_what_is_here() {
    tell(Installation::on_sqlite());
}

#[test]
fn on_postgresql_the_lms_ends_up_with_just_what_is_here() {
    // Without its programs there is only the other one.
    if let Some(here) = Installation::each().nth(1) {
        tell(here);
    }
}
