//! The evaluation itself: a task of this process that goes through people in chunks.
//!
//! A chunk is one transaction: who has no group is read, memberships are made, what became of
//! whom, how far it is and what the log tells of it are written. So a job that dies has done, and
//! says that it has done, whole chunks.

use std::collections::HashSet;

use provost_app::{App, Author, kind};
use provost_store::course_access::candidates::{self, Candidate};
use provost_store::course_access::evaluations::{self as store, Outcome};
use provost_store::course_access::{memberships, rules};
use provost_store::{Fault, Tx};
use serde_json::json;

use super::evaluations::subject;
use super::matching::{CHUNK, Verdict, compile, judge};
use crate::automatic::Rules;
use crate::record::entry;

/// How often a chunk is tried while the database is busy.
const TRIES: u32 = 5;

const JOINED: &str = "joined";
const WOULD_JOIN: &str = "would_join";
const ALREADY_MEMBER: &str = "already_member";
const NO_RULE: &str = "no_rule";
const NO_DOMAIN: &str = "no_domain";
const FAILED: &str = "failed";

/// One evaluation.
pub(super) struct Job {
    pub(super) app: App,
    /// Who asked for it.
    pub(super) by: Author,
    pub(super) organization: i64,
    pub(super) id: i64,
    pub(super) dry_run: bool,
}

impl Job {
    /// Goes to work, beside whatever else the process does. Nobody waits for it: a process that
    /// ends leaves it where it is.
    pub(super) fn start(self) {
        tokio::spawn(async move {
            let Err(fault) = self.work().await else {
                return;
            };
            tracing::error!(evaluation = self.id, error = ?fault, "an evaluation failed");
            if let Err(fault) = self.fail(&fault).await {
                tracing::error!(evaluation = self.id, error = ?fault, "and that is not on record");
            }
        });
    }

    async fn work(&self) -> Result<(), Fault> {
        let tx = self.app.store().begin().await?;
        if !store::begin(&tx, self.id, self.app.now()).await? {
            return Ok(());
        }
        let rules = rules::of_organization(&tx, self.organization).await?;
        let rules = compile(&self.app, rules);
        self.app.commit(tx, &[]).await?;
        let mut after = i64::MIN;
        while let Some(last) = self.patient_chunk(&rules, after).await? {
            after = last;
        }
        Ok(())
    }

    async fn fail(&self, fault: &Fault) -> Result<(), Fault> {
        let tx = self.app.store().begin().await?;
        store::fail(&tx, self.id, &fault.to_string(), self.app.now()).await?;
        self.app.commit(tx, &[]).await
    }

    async fn patient_chunk(&self, rules: &Rules, after: i64) -> Result<Option<i64>, Fault> {
        for _ in 1..TRIES {
            match self.chunk(rules, after).await {
                Err(Fault::Busy) => {}
                done => return done,
            }
        }
        self.chunk(rules, after).await
    }

    /// Evaluates the people after a key; the key of the last of them. Nothing if nobody is left,
    /// or if the evaluation is no longer to go on.
    async fn chunk(&self, rules: &Rules, after: i64) -> Result<Option<i64>, Fault> {
        let (app, now) = (&self.app, self.app.now());
        let tx = app.store().begin().await?;
        let people = candidates::lock_after(&tx, self.organization, after, CHUNK).await?;
        let Some(last) = people.last().map(|candidate| candidate.person.id) else {
            store::finish(&tx, self.id, now).await?;
            app.commit(tx, &[]).await?;
            return Ok(None);
        };
        let mut outcomes: Vec<_> = people
            .iter()
            .map(|candidate| self.outcome(rules, candidate))
            .collect();
        let made = self.join(&tx, &mut outcomes).await?;
        store::record(&tx, self.id, &outcomes).await?;
        let joined = outcomes
            .iter()
            .filter(|outcome| [JOINED, WOULD_JOIN].contains(&outcome.word.as_str()));
        if !store::advance(
            &tx,
            self.id,
            (count(people.len()), count(joined.count())),
            now,
        )
        .await?
        {
            return Ok(None);
        }
        let about = (kind::EVALUATION_APPLIED, subject(self.id));
        let facts = json!({"evaluation": self.id, "memberships": made});
        let applied = entry(app, &self.by, self.organization, about, None, Some(facts));
        let entries = if made.is_empty() {
            vec![]
        } else {
            vec![applied]
        };
        app.commit(tx, &entries).await?;
        Ok(Some(last))
    }

    fn outcome(&self, rules: &Rules, candidate: &Candidate) -> Outcome<i64> {
        let joins = if self.dry_run { WOULD_JOIN } else { JOINED };
        let (word, rule) = match judge(&self.app, rules, candidate) {
            Verdict::NoDomain => (NO_DOMAIN, None),
            Verdict::Torn => (FAILED, None),
            Verdict::NoRule => (NO_RULE, None),
            Verdict::Member(rule) => (ALREADY_MEMBER, Some(rule)),
            Verdict::Joins(rule) => (joins, Some(rule)),
        };
        Outcome {
            person: candidate.person.id,
            word: word.to_owned(),
            rule: rule.map(|rule| rule.id),
            group: rule.map(|rule| rule.group.id),
        }
    }

    /// Makes the memberships of those who join, and corrects what became of those who cannot:
    /// their group went, or they are in it all the same.
    async fn join(
        &self,
        tx: &Tx,
        outcomes: &mut [Outcome<i64>],
    ) -> Result<Vec<(i64, i64, i64)>, Fault> {
        let joining = || outcomes.iter().filter(|outcome| outcome.word == JOINED);
        let groups: HashSet<i64> = joining().filter_map(|outcome| outcome.group).collect();
        let groups: Vec<i64> = groups.into_iter().collect();
        let groups = candidates::lock_groups(tx, &groups).await?;
        let pairs: Vec<(i64, i64)> = joining()
            .filter_map(|outcome| Some((outcome.person, outcome.group?)))
            .filter(|(_, group)| groups.contains(group))
            .collect();
        let made = memberships::create_many(tx, &pairs, true, self.app.now()).await?;
        let joined: HashSet<i64> = made.iter().map(|(_, user, _)| *user).collect();
        for outcome in outcomes {
            if outcome.word == JOINED && !joined.contains(&outcome.person) {
                let there = outcome.group.is_some_and(|group| groups.contains(&group));
                let word = if there { ALREADY_MEMBER } else { FAILED };
                word.clone_into(&mut outcome.word);
            }
        }
        Ok(made)
    }
}

/// A number of people, as it is stored.
fn count(people: usize) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}
