//! The recordings as they stand in `conformance/`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::{Map, Value};

/// A file of the folder `conformance`.
pub fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../conformance")
        .join(name)
}

/// The rows and the cases of one family.
pub struct Recording {
    /// Database rows, one JSON text each, named by their index.
    pub rows: Vec<String>,
    pub cases: Vec<Case>,
}

impl Recording {
    /// Reads the two files of a family.
    pub fn read(family: &str) -> Self {
        let text = |name: &str| {
            std::fs::read_to_string(folder(&format!("{family}/{name}.jsonl"))).unwrap()
        };
        Self {
            rows: text("rows").lines().map(str::to_owned).collect(),
            cases: text("cases")
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        }
    }

    /// The fixture of the rows that a case was recorded on.
    pub fn given(&self, case: &Case) -> String {
        let rows: Vec<&str> = ranges(&case.given)
            .flatten()
            .map(|index| self.rows[index].as_str())
            .collect();
        format!("[{}]", rows.join(",\n"))
    }

    /// The indexes of the cases, those together that were recorded on the same rows.
    pub fn by_rows(&self) -> impl Iterator<Item = Vec<usize>> + use<> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, case) in self.cases.iter().enumerate() {
            groups.entry(&case.given).or_default().push(index);
        }
        groups.into_values().collect::<Vec<_>>().into_iter()
    }

    /// One row.
    pub fn row(&self, index: usize) -> Row {
        serde_json::from_str(&self.rows[index]).unwrap()
    }
}

/// `0-41,57` as ranges.
fn ranges(text: &str) -> impl Iterator<Item = RangeInclusive<usize>> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        first.parse().unwrap()..=last.parse().unwrap()
    })
}

/// One row of a fixture.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    pub model: String,
    pub pk: Value,
    pub fields: Map<String, Value>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The answer is the fact.
    Exchange,
    /// The reference answered 500; a clear answer below that is owed.
    Crash,
}

#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub kind: Kind,
    #[serde(deserialize_with = "time")]
    pub now: DateTime<Utc>,
    pub given: String,
    #[serde(rename = "as")]
    pub caller: Signed,
    pub request: Request,
    pub response: Response,
    pub changes: Changes,
}

/// Recordings of one reference write times with their zone, those of another without.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let zoned = DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc());
    zoned
        .or_else(|_| text.parse::<NaiveDateTime>().map(|time| time.and_utc()))
        .map_err(D::Error::custom)
}

/// Who is signed in.
#[derive(Deserialize)]
pub struct Signed {
    pub user: Option<i64>,
}

#[derive(Deserialize)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub host: String,
    /// Extra headers by their WSGI names.
    pub headers: Map<String, Value>,
    pub content_type: Option<String>,
    pub body: String,
}

#[derive(Deserialize)]
pub struct Response {
    pub status: u16,
    pub json: Option<Value>,
    pub headers: Map<String, Value>,
}

/// Rows by number.
#[derive(Deserialize)]
pub struct Changes {
    pub created: Vec<usize>,
    pub deleted: Vec<usize>,
    pub updated: Vec<(usize, usize)>,
}
