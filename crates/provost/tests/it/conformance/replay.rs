//! One case: the world it was recorded on, its request, its answer and its effects.

use std::collections::BTreeMap;

use provost::settings::{Settings, Sources};
use provost_testkit::{Answer, World, Worlds as Databases};
use serde_json::{Map, Value};

use super::compare::Comparison;
use super::recording::{self, Case, Kind, Recording, Row};

/// The models whose rows a request changes, by what their labels begin with.
const OWNED: [&str; 3] = ["casbin_adapter.", "openedx_authz.", "course_access_groups."];
/// Compared in no case: a version that is invented anew by each write.
const IGNORED: &str = "openedx_authz.policycachecontrol";

/// Where worlds come from, and the settings of the `reference` profile, in which the reference
/// was recorded.
pub struct Worlds(Databases, Settings);

/// The rows that cases were recorded on, ready to be copied for each.
pub struct Ground {
    worlds: Databases,
    settings: Settings,
    /// The rows as a fixture.
    given: String,
    /// Those of them that a request may change.
    before: Rows,
}

impl Worlds {
    pub async fn new() -> Self {
        let sources = Sources {
            file: Some(recording::folder("provost.toml")),
            ..Sources::default()
        };
        Self(Databases::sqlite().await, sources.load().unwrap().settings)
    }

    /// The ground of the case with this index.
    pub async fn ground(&self, recording: &Recording, index: usize) -> Ground {
        let case = &recording.cases[index];
        let given = recording.given(case);
        let mut ground = Ground {
            worlds: self.0.holding(&given).await,
            settings: self.1.clone(),
            given,
            before: Rows::new(),
        };
        ground.before = rows(&ground.world(case).await).await;
        ground
    }
}

impl Ground {
    async fn world(&self, case: &Case) -> World {
        self.worlds
            .world(case.now, self.settings.app(), |app| {
                provost::routes(app, self.settings.slash())
            })
            .await
    }

    /// Replays a case on a copy; gives what differs.
    pub async fn replay(&self, recording: &Recording, case: &Case) -> Option<String> {
        let world = self.world(case).await;
        let answer = ask(&world, case).await;
        match case.kind {
            Kind::Crash => (answer.status >= 500)
                .then(|| format!("answered {}: {}", answer.status, answer.text())),
            Kind::Exchange => {
                let request = &case.request;
                let texts = [&self.given, &request.path, &request.query, &request.body];
                let known = texts.map(String::as_str).concat();
                let mut comparison = Comparison::knowing(&known);
                if let Some(found) = answers(&mut comparison, case, &answer) {
                    return Some(format!("{found}\n    ours {}", answer.text()));
                }
                let after = rows(&world).await;
                effects(&mut comparison, recording, case, &self.before, &after)
            }
        }
    }
}

async fn ask(world: &World, case: &Case) -> Answer {
    let request = &case.request;
    let client = match case.caller.user {
        Some(id) => world.session_of(id).await,
        None => world.nobody(),
    };
    let mut client = client.header("host", &request.host);
    for (name, value) in &request.headers {
        let name = name.trim_start_matches("HTTP_").replace('_', "-");
        client = client.header(&name, value.as_str().unwrap_or_default());
    }
    let mut target = request.path.clone();
    if !request.query.is_empty() {
        target = format!("{target}?{}", request.query);
    }
    client
        .send(
            &request.method,
            &target,
            request.content_type.as_deref(),
            request.body.clone(),
        )
        .await
}

fn answers(comparison: &mut Comparison<'_>, case: &Case, ours: &Answer) -> Option<String> {
    let theirs = &case.response;
    if ours.status != theirs.status {
        return Some(format!(
            "answered {}, not {}: {}",
            ours.status,
            theirs.status,
            ours.text()
        ));
    }
    for (name, value) in &theirs.headers {
        let our = ours.header(name);
        if our.as_deref() != value.as_str() {
            return Some(format!("header {name} is {our:?}, not {value}"));
        }
    }
    let (theirs, ours) = (theirs.json.as_ref()?, ours.json());
    comparison.difference(&judged(case, theirs), &judged(case, &ours))
}

/// An answer without what the specification leaves open: the descriptions of OPTIONS, which are
/// comments of the reference's developers, with what their own set-up renders beside JSON; and
/// the order of those lists that the reference does not sort.
fn judged(case: &Case, answer: &Value) -> Value {
    let mut answer = answer.clone();
    if case.request.method == "OPTIONS"
        && let Some(metadata) = answer.as_object_mut()
    {
        metadata.remove("description");
        metadata.remove("renders");
    }
    let unsorted = case.request.path.starts_with("/course_access_groups/");
    if unsorted && let Some(Value::Array(rows)) = answer.get_mut("results") {
        rows.sort_by_key(|row| row["id"].as_i64());
    }
    answer
}

/// Rows by model and key.
type Rows = BTreeMap<(String, String), Map<String, Value>>;

async fn rows(world: &World) -> Rows {
    let text = world.export(&OWNED).await;
    let rows: Vec<Row> = serde_json::from_str(&text).unwrap();
    rows.into_iter().map(keyed).collect()
}

fn keyed(row: Row) -> ((String, String), Map<String, Value>) {
    ((row.model, row.pk.to_string()), row.fields)
}

/// Compares what the request did to the database with what the recording says.
fn effects(
    comparison: &mut Comparison<'_>,
    recording: &Recording,
    case: &Case,
    before: &Rows,
    after: &Rows,
) -> Option<String> {
    let mut expected = before.clone();
    for index in &case.changes.deleted {
        expected.remove(&keyed(recording.row(*index)).0);
    }
    let updated = case.changes.updated.iter().map(|(_, after)| after);
    for index in case.changes.created.iter().chain(updated) {
        let (key, fields) = keyed(recording.row(*index));
        if OWNED.iter().any(|owned| key.0.starts_with(owned)) {
            expected.insert(key, fields);
        }
    }
    comparison
        .however_times_are_written()
        .difference(&as_value(&expected), &as_value(after))
        .map(|found| format!("effects: {found}"))
}

/// Rows as one JSON value, without what is not compared.
fn as_value(rows: &Rows) -> Value {
    let compared = rows.iter().filter(|((model, _), _)| model != IGNORED);
    compared
        .map(|((model, pk), fields)| {
            let mut fields = fields.clone();
            for time in ["updated_at", "modified"] {
                fields.remove(time);
            }
            (format!("{model} {pk}"), Value::Object(fields))
        })
        .collect::<Map<_, _>>()
        .into()
}
