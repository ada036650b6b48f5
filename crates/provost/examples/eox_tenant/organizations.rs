//! The organizations of tenants: made from `course_org_filter`, and never removed.

use serde_json::{Map, Value};

/// Every organization that was ever named; its id is its place, counted from 1.
#[derive(Debug, Default)]
pub(crate) struct Organizations(Vec<String>);

impl Organizations {
    /// The id of the organization with this name, which is made if there is none.
    fn ensure(&mut self, name: String) -> usize {
        let found = self.0.iter().position(|known| *known == name);
        found.unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        }) + 1
    }

    pub(crate) fn contains(&self, id: i64) -> bool {
        usize::try_from(id).is_ok_and(|id| (1..=self.0.len()).contains(&id))
    }

    /// The ids for a filter, ascending and each once.
    pub(crate) fn of(&mut self, filter: Vec<String>) -> Value {
        let mut ids: Vec<_> = filter.into_iter().map(|name| self.ensure(name)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into()
    }

    /// All of them, as `{"id", "name"}`.
    pub(crate) fn all(&self) -> Value {
        let object = |(place, name)| serde_json::json!({"id": place + 1, "name": name});
        self.0.iter().enumerate().map(object).collect()
    }
}

/// The names in `course_org_filter`; `None` if it is neither text, nor a list of texts, nor absent.
pub(crate) fn filter(settings: &Map<String, Value>) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match settings.get("course_org_filter") {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(names)) => names.iter().map(text).collect(),
        Some(other) => text(other).map(|name| vec![name]),
    }
}
