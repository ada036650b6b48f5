//! One transaction of writes, what the log says of it, and for whom it is done.

use provost_app::{App, Author};
use provost_store::changes::Entry;
use provost_store::{Fault, Tx};
use serde_json::Value;

use crate::actor::Actor;

/// A transaction that is going on. Dropped, it leaves everything as it was.
pub(crate) struct Work<'a> {
    pub(crate) app: &'a App,
    pub(crate) tx: Tx,
    by: Author,
    entries: Vec<Entry>,
}

impl<'a> Work<'a> {
    /// Begins; nobody else writes until the end.
    pub(crate) async fn begin(app: &'a App, by: &Actor) -> Result<Self, Fault> {
        Ok(Self {
            app,
            tx: app.store().begin().await?,
            by: by.by.clone(),
            entries: Vec::new(),
        })
    }

    /// Says what was changed, if anything was.
    pub(crate) fn note(
        &mut self,
        kind: &str,
        subject: &str,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        // Objects keep the order of their members, so another order is a change.
        if before == after && text(before.as_ref()) == text(after.as_ref()) {
            return;
        }
        self.entries.push(Entry {
            before,
            after,
            ..self.by.entry(kind, subject)
        });
    }

    /// Whether anything was changed.
    pub(crate) fn has_changes(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Keeps everything. Where nothing was changed, nothing is to be kept.
    pub(crate) async fn commit(self) -> Result<(), Fault> {
        if self.entries.is_empty() {
            return Ok(());
        }
        self.app.commit(self.tx, &self.entries).await
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.map(Value::to_string)
}
