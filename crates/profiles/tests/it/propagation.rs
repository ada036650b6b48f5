//! A tenant's reseller, and which of its groups get a new one (specification, section 4.2.4).

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use provost_testkit::{Answer, Client, World};
use serde_json::{Value, json};

use super::deletion::{last_seq, log_after};
use super::world::{caller, codes, done, each, plain};

/// Resellers that there are.
const RESELLERS: [&str; 3] = ["old", "new", "third"];

/// A tenant is of the first reseller and is given the second, with flags; `-` is none. Its groups are of
/// `old`, of `third` and of nobody, and are then of these.
const TABLE: [(&str, &str, &str, [&str; 3]); 26] = [
    ("old", "new", "", ["new", "third", "-"]),
    ("old", "new", "no", ["old", "third", "-"]),
    ("old", "new", "force", ["new", "new", "new"]),
    ("old", "new", "no force", ["old", "third", "-"]),
    ("old", "new", "no=false", ["new", "third", "-"]),
    ("old", "new", "force=false", ["new", "third", "-"]),
    ("old", "new", "no=false force", ["new", "new", "new"]),
    ("old", "new", "no force=false", ["old", "third", "-"]),
    ("old", "-", "", ["-", "third", "-"]),
    ("old", "-", "no", ["old", "third", "-"]),
    ("old", "-", "force", ["-", "-", "-"]),
    ("old", "-", "no force", ["old", "third", "-"]),
    ("old", "old", "", ["old", "third", "-"]),
    ("old", "old", "no", ["old", "third", "-"]),
    ("old", "old", "force", ["old", "old", "old"]),
    ("old", "old", "no force", ["old", "third", "-"]),
    ("-", "new", "", ["old", "third", "new"]),
    ("-", "new", "no", ["old", "third", "-"]),
    ("-", "new", "force", ["new", "new", "new"]),
    ("-", "new", "no force", ["old", "third", "-"]),
    ("-", "-", "", ["old", "third", "-"]),
    ("-", "-", "force", ["-", "-", "-"]),
    ("-", "-", "no force", ["old", "third", "-"]),
    // Nothing is said of the reseller.
    ("old", "", "", ["old", "third", "-"]),
    ("old", "", "force", ["old", "third", "-"]),
    ("-", "", "force", ["old", "third", "-"]),
];

async fn with_resellers(world: &World) -> Client {
    let root = caller(world, "root").await;
    for name in RESELLERS {
        let body = json!({"name": name});
        done(root.post("/api/v1/local/resellers/", &body).await, 201);
    }
    root
}

fn sent(reseller: &str) -> Value {
    match reseller {
        "-" => Value::Null,
        name => name.into(),
    }
}

fn shown(object: &Value) -> String {
    let reseller = object.get("resellerId").map(|name| name.as_str().unwrap());
    reseller.unwrap_or("-").to_owned()
}

/// Makes a tenant of a reseller with a group of each sort.
async fn furnish(root: &Client, base: &str, tenant_id: &str, reseller: &str) {
    let body = json!({"tenantId": tenant_id, "type": "Enterprise"});
    done(root.post("/api/v1/tenants/", &body).await, 201);
    for (group_id, owner) in [("a", "old"), ("b", "third"), ("c", "-")] {
        let body = json!({"groupId": group_id, "resellerId": sent(owner)});
        done(root.post(&format!("{base}groups/"), &body).await, 201);
    }
    let body = json!({"resellerId": sent(reseller), "noResellerIdToGroups": true});
    done(root.put(base, &body).await, 200);
}

fn flagged(reseller: &str, flags: &str) -> Value {
    let mut body = json!({});
    if !reseller.is_empty() {
        body["resellerId"] = sent(reseller);
    }
    for flag in flags.split_whitespace() {
        let (name, value) = flag.split_once('=').unwrap_or((flag, "true"));
        body[format!("{name}ResellerIdToGroups")] = (value == "true").into();
    }
    body
}

async fn owners(root: &Client, base: &str) -> Vec<String> {
    let listed = done(root.get(&format!("{base}groups/")).await, 200);
    listed["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(shown)
        .collect()
}

#[tokio::test]
async fn groups_get_the_reseller_that_the_table_says() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = with_resellers(&world).await;
        for (number, (old, new, flags, expected)) in TABLE.into_iter().enumerate() {
            let about = format!("{old} to {new:?}, {flags:?}");
            let (tenant_id, base) = (format!("t{number}"), format!("/api/v1/tenants/t{number}/"));
            furnish(&root, &base, &tenant_id, old).await;
            let before = [vec![old.to_owned()], owners(&root, &base).await].concat();
            assert_eq!(before, [old, "old", "third", "-"], "{about}");
            let seq = last_seq(&world).await;
            let answer = done(root.put(&base, &flagged(new, flags)).await, 200);
            let own = if new.is_empty() { old } else { new };
            assert_eq!(shown(&answer), own, "{about}");
            assert_eq!(answer, done(root.get(&base).await, 200), "{about}");
            let after = owners(&root, &base).await;
            assert_eq!(after, expected, "{about}");
            let is_other = [vec![own.to_owned()], after].concat() != before;
            let entry = format!("profile.tenant.changed profile:{tenant_id}");
            let entries: Vec<_> = is_other.then_some(entry).into_iter().collect();
            assert_eq!(log_after(&world, seq).await, entries, "{about}");
        }
    }
}

#[tokio::test]
async fn a_new_group_is_its_tenants_resellers_unless_it_says_otherwise() {
    for worlds in each().await {
        let world = plain(&worlds).await;
        let root = with_resellers(&world).await;
        for (number, (of_tenant, asked, expected)) in [
            ("old", json!({}), "old"),
            ("old", json!({"resellerId": "new"}), "new"),
            ("old", json!({"resellerId": "old"}), "old"),
            ("old", json!({"resellerId": null}), "-"),
            ("old", json!({"resellerId": ""}), "-"),
            ("-", json!({}), "-"),
            ("-", json!({"resellerId": "new"}), "new"),
        ]
        .into_iter()
        .enumerate()
        {
            let mut tenant = json!({"tenantId": format!("t{number}"), "type": "Enterprise"});
            if of_tenant != "-" {
                tenant["resellerId"] = of_tenant.into();
            }
            done(root.post("/api/v1/tenants/", &tenant).await, 201);
            let mut body = asked.clone();
            body["groupId"] = "g".into();
            let base = format!("/api/v1/tenants/t{number}/groups/");
            let made = done(root.post(&base, &body).await, 201);
            assert_eq!(shown(&made), expected, "{of_tenant}: {asked}");
            let found = done(root.get(&format!("{base}g/")).await, 200);
            assert_eq!(found, made, "{of_tenant}: {asked}");
        }
    }
}

/// What a request says of a reseller.
#[derive(Clone, Copy, Debug)]
enum Sent {
    Nothing,
    Null,
    Empty,
    Known(usize),
    Unknown,
}

/// One request.
#[derive(Clone, Debug)]
enum Step {
    Make(usize, Sent),
    Drop(usize),
    Give(usize, Sent),
    /// A tenant's reseller, both flags, and whether a template is named that there is not.
    Own(Sent, [Option<bool>; 2], bool),
}

const GROUPS: [&str; 4] = ["a", "b", "c", "d"];

fn sending() -> impl Strategy<Value = Sent> {
    prop_oneof![
        1 => Just(Sent::Nothing),
        1 => Just(Sent::Null),
        1 => Just(Sent::Empty),
        6 => (0..RESELLERS.len()).prop_map(Sent::Known),
        1 => Just(Sent::Unknown),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let group = 0..GROUPS.len();
    let flag = proptest::option::of(any::<bool>());
    let step = prop_oneof![
        3 => (group.clone(), sending()).prop_map(|(group, sent)| Step::Make(group, sent)),
        1 => group.clone().prop_map(Step::Drop),
        3 => (group, sending()).prop_map(|(group, sent)| Step::Give(group, sent)),
        5 => (sending(), [flag.clone(), flag], proptest::bool::weighted(0.1))
            .prop_map(|(sent, flags, is_spoilt)| Step::Own(sent, flags, is_spoilt)),
    ];
    vec(step, 1..20)
}

/// Who owns a tenant and each of its groups.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    tenant: Option<usize>,
    groups: BTreeMap<usize, Option<usize>>,
}

impl Sent {
    fn write(self, body: &mut Value) {
        let value = match self {
            Self::Nothing => return,
            Self::Null => Value::Null,
            Self::Empty => "".into(),
            Self::Known(place) => RESELLERS[place].into(),
            Self::Unknown => "nobody".into(),
        };
        body["resellerId"] = value;
    }

    /// Who owns what was `former`'s, once this was said of it.
    fn owner(self, former: Option<usize>) -> Result<Option<usize>, u64> {
        match self {
            Self::Nothing => Ok(former),
            Self::Null | Self::Empty => Ok(None),
            Self::Known(place) => Ok(Some(place)),
            Self::Unknown => Err(1005),
        }
    }
}

/// What a request has to be answered: it is carried out, the group is not found, or it is refused with
/// this number.
type Expected = Result<(), Option<u64>>;

impl Model {
    fn follow(&mut self, step: &Step) -> Expected {
        match step {
            Step::Make(group, _) if self.groups.contains_key(group) => Err(Some(11)),
            Step::Make(group, sent) => {
                let owner = sent.owner(self.tenant).map_err(Some)?;
                self.groups.insert(*group, owner);
                Ok(())
            }
            Step::Drop(group) => self.groups.remove(group).map(drop).ok_or(None),
            Step::Give(group, sent) => {
                let owner = self.groups.get_mut(group).ok_or(None)?;
                *owner = sent.owner(*owner).map_err(Some)?;
                Ok(())
            }
            Step::Own(sent, flags, is_spoilt) => {
                let owner = sent.owner(self.tenant).map_err(Some)?;
                if *is_spoilt {
                    return Err(Some(1008));
                }
                if !matches!(sent, Sent::Nothing) {
                    self.own(owner, flags.map(|flag| flag == Some(true)));
                }
                Ok(())
            }
        }
    }

    fn own(&mut self, asked: Option<usize>, [no, force]: [bool; 2]) {
        let old = std::mem::replace(&mut self.tenant, asked);
        for owner in self.groups.values_mut() {
            if !no && (force || *owner == old) {
                *owner = asked;
            }
        }
    }
}

async fn perform(root: &Client, base: &str, step: &Step) -> Answer {
    let mut body = json!({});
    match step {
        Step::Make(group, sent) => {
            body["groupId"] = GROUPS[*group].into();
            sent.write(&mut body);
            root.post(&format!("{base}groups/"), &body).await
        }
        Step::Drop(group) => {
            root.delete(&format!("{base}groups/{}/", GROUPS[*group]))
                .await
        }
        Step::Give(group, sent) => {
            sent.write(&mut body);
            let target = format!("{base}groups/{}/", GROUPS[*group]);
            root.put(&target, &body).await
        }
        Step::Own(sent, flags, is_spoilt) => {
            sent.write(&mut body);
            for (name, flag) in ["no", "force"].into_iter().zip(flags) {
                if let Some(flag) = flag {
                    body[format!("{name}ResellerIdToGroups")] = (*flag).into();
                }
            }
            if *is_spoilt {
                body["templateName"] = "nothing".into();
            }
            root.put(base, &body).await
        }
    }
}

/// What is there, as requests find it: in the list of groups and one by one.
async fn found(root: &Client, base: &str) -> Model {
    let place = |object: &Value| {
        let name = shown(object);
        RESELLERS.iter().position(|reseller| *reseller == name)
    };
    let listed = done(root.get(&format!("{base}groups/")).await, 200);
    let mut model = Model {
        tenant: place(&done(root.get(base).await, 200)),
        groups: BTreeMap::new(),
    };
    for (group, group_id) in GROUPS.into_iter().enumerate() {
        let mut listed = listed["groups"].as_array().unwrap().iter();
        let listed = listed.find(|listed| listed["groupId"] == group_id);
        let answer = root.get(&format!("{base}groups/{group_id}/")).await;
        assert_eq!(
            listed.is_some(),
            answer.status == 200,
            "{group_id}: {}",
            answer.line()
        );
        if let Some(listed) = listed {
            let owner = place(&answer.json());
            assert_eq!(place(listed), owner, "{group_id}");
            model.groups.insert(group, owner);
        }
    }
    model
}

async fn check(root: &Client, tenant_id: &str, steps: &[Step]) -> Result<(), TestCaseError> {
    let body = json!({"tenantId": tenant_id, "type": "Enterprise"});
    done(root.post("/api/v1/tenants/", &body).await, 201);
    let base = format!("/api/v1/tenants/{tenant_id}/");
    let mut model = Model::default();
    for step in steps {
        let expected = model.follow(step);
        let answer = perform(root, &base, step).await;
        let outcome = match answer.status {
            200 | 201 => Ok(()),
            404 => Err(None),
            _ => Err(Some(codes(&answer)[0].0)),
        };
        prop_assert_eq!(outcome, expected, "{:?}: {}", step, answer.line());
        prop_assert_eq!(found(root, &base).await, model.clone(), "after {:?}", step);
    }
    Ok(())
}

#[test]
fn whatever_is_asked_in_whatever_order_each_group_is_whose_the_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for worlds in runtime.block_on(each()) {
        let world = runtime.block_on(plain(&worlds));
        let root = runtime.block_on(with_resellers(&world));
        let config = ProptestConfig {
            cases: 32,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let made = std::cell::Cell::new(0);
        let result = TestRunner::new(config).run(&steps(), |steps| {
            made.set(made.get() + 1);
            let tenant_id = format!("t{}", made.get());
            runtime.block_on(check(&root, &tenant_id, &steps))
        });
        result.unwrap_or_else(|failed| panic!("{failed}"));
    }
}
