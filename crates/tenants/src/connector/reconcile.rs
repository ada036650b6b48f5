//! A full comparison of what is here with what the LMS has, and what it takes to make them agree.

use std::collections::{HashMap, HashSet};

use provost_app::App;
use provost_store::changes;
use provost_store::tenants::sync::{self, NewRefused};
use provost_store::tenants::{configs, microsites, routes};
use provost_store::{Fault, Tx};
use provost_upstream::lms::Lms;
use serde::Serialize;

use super::far;
use super::lease::Lease;
use super::object::{Kind, Known, Object};
use super::plan::{Act, Links, Plan, Sides, Step, plan};
use super::trouble::{Refusal, Trouble};

/// What a comparison found, and what was done about it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// The number in the change log up to which the LMS has everything now.
    pub seq: i64,
    /// What was done, or would be.
    pub steps: Vec<Step>,
    /// What the LMS refused.
    pub refused: Vec<RefusedStep>,
    /// What only the LMS has, never came from here, and was left to it.
    pub beside: Vec<Step>,
    /// How many things were as they should be.
    pub unchanged: usize,
}

/// A step that the LMS refuses.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RefusedStep {
    /// What was to be done.
    pub step: Step,
    /// The status of the answer; 0 if the LMS was not even asked.
    pub status: u16,
    /// Why.
    pub error: String,
}

/// Everything that is here, at one moment.
struct Here {
    seq: i64,
    all: HashMap<Kind, Vec<Known>>,
    links: HashMap<Kind, Links>,
}

/// What would be done.
pub(super) async fn look(app: &App, lms: &Lms, prunes: bool) -> Result<Reconciled, Trouble> {
    let here = Here::read(app).await?;
    let seq = here.seq;
    let mut there = HashMap::new();
    for kind in Kind::ALL {
        there.insert(kind, far::list(lms, kind).await?);
    }
    let plan = plan(&here.beside(there), prunes);
    Ok(Reconciled {
        seq,
        steps: plan.steps,
        refused: Vec::new(),
        beside: plan.beside,
        unchanged: plan.unchanged,
    })
}

/// Makes the LMS have everything that is here, as it is at the beginning, and nothing that was here before;
/// with `prunes`, nothing else at all. `observe` hears of each step.
pub(super) async fn reconcile(
    app: &App,
    lms: &Lms,
    lease: &mut Lease,
    prunes: bool,
    observe: impl Fn(bool),
) -> Result<Reconciled, Trouble> {
    let here = Here::read(app).await?;
    let there = there(lms, lease).await?;
    let seq = here.seq;
    let known = here.links.clone();
    let sides = here.beside(there);
    let mut work = Work {
        objects: sides
            .iter()
            .flat_map(|(kind, sides)| objects(*kind, sides))
            .collect(),
        plan: plan(&sides, prunes),
        lms,
        lease,
    };
    let mut done = Reconciled {
        seq,
        unchanged: work.plan.unchanged,
        beside: std::mem::take(&mut work.plan.beside),
        ..Reconciled::default()
    };
    let went = work.carry_out(&mut done, observe).await;
    // What was made is known by its key from now on, even if the rest must wait.
    let tx = work.lease.begin().await?;
    let forgotten = work.forgotten(&known, &done, went.is_ok());
    work.write_links(&tx, forgotten).await?;
    if went.is_ok() {
        finish(app, &tx, work.lease.holder(), &done).await?;
    }
    tx.commit().await?;
    went.map(|()| done)
}

/// Everything that the LMS has.
async fn there(lms: &Lms, lease: &mut Lease) -> Result<HashMap<Kind, Vec<Known>>, Trouble> {
    let mut all = HashMap::new();
    for kind in Kind::ALL {
        all.insert(kind, lease.look(far::list(lms, kind)).await?);
    }
    Ok(all)
}

impl Here {
    async fn read(app: &App) -> Result<Self, Fault> {
        let look = app.store().snapshot().await?;
        let mut all = HashMap::new();
        all.insert(Kind::Config, known(configs::all(&look).await?));
        all.insert(Kind::Route, known(routes::all(&look).await?));
        all.insert(Kind::Microsite, known(microsites::all(&look).await?));
        let mut links = HashMap::new();
        for kind in Kind::ALL {
            links.insert(kind, sync::remotes(&look, kind.word()).await?);
        }
        Ok(Self {
            seq: changes::last_seq(&look).await?,
            all,
            links,
        })
    }

    /// Puts what is there beside what is here.
    fn beside(self, mut there: HashMap<Kind, Vec<Known>>) -> HashMap<Kind, Sides> {
        let Self {
            mut all, mut links, ..
        } = self;
        let sides = Kind::ALL.map(|kind| {
            let sides = Sides {
                here: all.remove(&kind).unwrap_or_default(),
                there: there.remove(&kind).unwrap_or_default(),
                links: links.remove(&kind).unwrap_or_default(),
            };
            (kind, sides)
        });
        sides.into_iter().collect()
    }
}

/// A plan that is being carried out.
struct Work<'a> {
    plan: Plan,
    /// What is here.
    objects: HashMap<(Kind, i64), &'a Object>,
    lms: &'a Lms,
    lease: &'a mut Lease,
}

impl Work<'_> {
    async fn carry_out(
        &mut self,
        done: &mut Reconciled,
        observe: impl Fn(bool),
    ) -> Result<(), Trouble> {
        for step in std::mem::take(&mut self.plan.steps) {
            match self.step(&step).await {
                Ok(()) => {
                    observe(true);
                    done.steps.push(step);
                }
                Err(Trouble::Refused(Refusal { status, error })) => {
                    observe(false);
                    done.refused.push(RefusedStep {
                        step,
                        status,
                        error,
                    });
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        let object = step.here.and_then(|id| self.objects.get(&(step.kind, id)));
        let (Some(here), Some(object)) = (step.here, object) else {
            let Some(there) = step.there else {
                return Ok(());
            };
            return self
                .lease
                .ask(far::remove(self.lms, step.kind, there))
                .await;
        };
        let configs = self.plan.links.get(&Kind::Config);
        let wanted = object.there(|config| configs?.get(&config).copied());
        let wanted = wanted.ok_or_else(|| {
            Trouble::Refused(Refusal::ours("the LMS does not have its configuration"))
        })?;
        if let Some(there) = step.there {
            match self.lease.ask(far::put(self.lms, there, &wanted)).await {
                // Somebody has removed it since the list was read.
                Err(trouble) if trouble.is_missing() => {}
                put => return put,
            }
        }
        let there = self.lease.ask(far::create(self.lms, &wanted)).await?;
        self.plan
            .links
            .entry(step.kind)
            .or_default()
            .insert(here, there);
        Ok(())
    }

    /// Whose links hold no more: each kind, and keys here.
    ///
    /// After a whole comparison that is whatever is not linked now, but not what is gone here and could not be
    /// removed there. After half of one, deletions in the log still wait for their links: only those go that
    /// lead to what was removed, or to what belongs to something else now.
    fn forgotten(
        &self,
        known: &HashMap<Kind, Links>,
        done: &Reconciled,
        is_whole: bool,
    ) -> Vec<(Kind, Vec<i64>)> {
        let removed = removals(done.steps.iter());
        let refused = removals(done.refused.iter().map(|refused| &refused.step));
        let of_kind = |(kind, links): (&Kind, &Links)| {
            let taken: HashSet<i64> = links.values().copied().collect();
            let before = known.get(kind).into_iter().flatten();
            let stale = before.filter(|(here, _)| !links.contains_key(*here));
            let stale = stale.filter(|(here, there)| {
                let thing = (*kind, **here);
                let is_over = removed.contains(&thing) || taken.contains(*there);
                is_over || (is_whole && !refused.contains(&thing))
            });
            (*kind, stale.map(|(here, _)| *here).collect())
        };
        self.plan.links.iter().map(of_kind).collect()
    }

    /// Writes down by which keys the LMS knows what is here.
    async fn write_links(&self, tx: &Tx, forgotten: Vec<(Kind, Vec<i64>)>) -> Result<(), Fault> {
        for (kind, stale) in forgotten {
            sync::unlink(tx, kind.word(), &stale).await?;
        }
        for (kind, links) in &self.plan.links {
            let links: Vec<(i64, i64)> =
                links.iter().map(|(here, there)| (*here, *there)).collect();
            sync::link(tx, kind.word(), &links).await?;
        }
        Ok(())
    }
}

/// Everything up to the comparison is pushed or refused now; what was refused before does not matter.
async fn finish(app: &App, tx: &Tx, holder: &str, done: &Reconciled) -> Result<(), Trouble> {
    sync::clear_refused(tx, None).await?;
    let refused = done.refused.iter().filter_map(|refused| {
        let Step {
            act, kind, here, ..
        } = &refused.step;
        let entries = kind.entries();
        let entry = match act {
            Act::Create => entries.created,
            Act::Change => entries.changed,
            Act::Remove => entries.deleted,
        };
        Some(NewRefused {
            seq: done.seq,
            kind: entry.to_owned(),
            subject: kind.subject((*here)?),
            status: refused.status,
            error: refused.error.clone(),
        })
    });
    let refused: Vec<NewRefused> = refused.collect();
    sync::refuse(tx, &refused, app.now()).await?;
    if sync::advance(tx, holder, done.seq, app.now()).await? {
        Ok(())
    } else {
        Err(Trouble::Lost)
    }
}

/// What was here and is removed there by these steps.
fn removals<'a>(steps: impl Iterator<Item = &'a Step>) -> HashSet<(Kind, i64)> {
    steps
        .filter(|step| step.act == Act::Remove)
        .filter_map(|step| Some((step.kind, step.here?)))
        .collect()
}

fn known<T: Into<Known>>(all: Vec<T>) -> Vec<Known> {
    all.into_iter().map(Into::into).collect()
}

fn objects(kind: Kind, sides: &Sides) -> impl Iterator<Item = ((Kind, i64), &Object)> {
    sides
        .here
        .iter()
        .map(move |known| ((kind, known.id), &known.object))
}
