//! Tenants and groups that come, go and come back at random, beside a model of what is kept of them.

use std::collections::{BTreeMap, BTreeSet};

use provost_store::Tx;
use provost_store::tenant_profiles::data::{self, Address, Record};
use provost_store::tenant_profiles::removals;

use super::{a_group, a_tenant, noted, remove, sweep};
use crate::support::each_database;

const TENANTS: [&str; 3] = ["t", "T", "u"];
const GROUPS: [&str; 2] = ["g", "h"];
const USERS: [&str; 2] = ["ada", "bob"];
const APPLICATIONS: [&str; 3] = ["a", "b", "c"];
const KEYS: [&str; 2] = ["k", "l"];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let end = u64::try_from(all.len()).unwrap();
        let at = (end > 0).then(|| self.below(end))?;
        Some(all[usize::try_from(at).unwrap()])
    }

    fn some_of(&mut self, all: &[&'static str]) -> Vec<&'static str> {
        let all = all.iter().copied();
        all.filter(|_| self.below(2) == 0).collect()
    }
}

/// Tenant, group, user, application, key.
type Name = [&'static str; 5];

/// What is there, by key and id, and what is to be found of it.
#[derive(Default)]
struct World {
    tenants: BTreeMap<&'static str, i64>,
    groups: BTreeMap<[&'static str; 2], i64>,
    /// Of those who are there and of those who are gone alike, by the key of the group that was there:
    /// whoever goes takes along what is not to be kept, and who asks for what is gone finds what is left.
    records: BTreeMap<(Name, i64), String>,
    seen_tenants: BTreeSet<i64>,
    seen_groups: BTreeSet<i64>,
}

impl World {
    fn address(&self, name: Name, gone: bool) -> Address<'static> {
        let [tenant_id, group_id, username, ..] = name;
        Address {
            tenant_id,
            group_id,
            username,
            group: self.group(name),
            gone,
        }
    }

    fn group(&self, [tenant_id, group_id, ..]: Name) -> Option<i64> {
        self.groups.get(&[tenant_id, group_id]).copied()
    }

    /// What is to be found under a name: the youngest, or only that of the group that is there.
    fn expected(&self, name: Name, gone: bool) -> Option<&String> {
        let own = self.group(name);
        let (first, last) = ((name, i64::MIN), (name, i64::MAX));
        let mut all = self.records.range(first..=last).rev();
        let found = all.find(|((_, group), _)| gone || Some(*group) == own);
        found.map(|(_, value)| value)
    }

    /// Takes away what is to be found under a name; whether there was anything.
    fn take(&mut self, name: Name, gone: bool) -> bool {
        let (own, before) = (self.group(name), self.records.len());
        self.records
            .retain(|(known, group), _| *known != name || !gone && Some(*group) != own);
        self.records.len() < before
    }

    async fn step(&mut self, tx: &Tx, chance: &mut Chance, step: usize) {
        match chance.below(12) {
            0..3 => self.make(tx, chance).await,
            3..7 => self.put(tx, chance, &step.to_string()).await,
            7 => self.forget(tx, chance).await,
            8 => self.remove_tenant(tx, chance).await,
            9 => self.remove_group(tx, chance).await,
            _ => bite(tx, chance).await,
        }
    }

    /// Makes a tenant or a group that is missing.
    async fn make(&mut self, tx: &Tx, chance: &mut Chance) {
        let tenant_id = chance.one_of(&TENANTS).unwrap();
        let group_id = chance.one_of(&GROUPS).unwrap();
        // Two ids that differ in case alone are one tenant's.
        let mut alike = self
            .tenants
            .keys()
            .filter(|id| id.eq_ignore_ascii_case(tenant_id));
        let tenant = match alike.next() {
            None => {
                let (id, _) = a_tenant(tx, tenant_id).await;
                assert!(self.seen_tenants.insert(id), "{id} is given twice");
                self.tenants.insert(tenant_id, id);
                id
            }
            Some(known) if *known == tenant_id => self.tenants[tenant_id],
            Some(_) => return,
        };
        if !self.groups.contains_key(&[tenant_id, group_id]) {
            let (id, _) = a_group(tx, tenant, group_id).await;
            assert!(self.seen_groups.insert(id), "{id} is given twice");
            self.groups.insert([tenant_id, group_id], id);
        }
    }

    fn name(chance: &mut Chance, tenant_id: &'static str, group_id: &'static str) -> Name {
        [
            tenant_id,
            group_id,
            chance.one_of(&USERS).unwrap(),
            chance.one_of(&APPLICATIONS).unwrap(),
            chance.one_of(&KEYS).unwrap(),
        ]
    }

    async fn put(&mut self, tx: &Tx, chance: &mut Chance, value: &str) {
        let there: Vec<_> = self.groups.iter().map(|(ids, key)| (*ids, *key)).collect();
        let Some(([tenant_id, group_id], group)) = chance.one_of(&there) else {
            return;
        };
        let name = Self::name(chance, tenant_id, group_id);
        let [.., application, key] = name;
        let record = Record {
            application,
            key,
            value,
        };
        let keys = (self.tenants[tenant_id], group);
        let gone = chance.below(2) == 0;
        data::put(tx, self.address(name, gone), keys, record)
            .await
            .unwrap();
        self.take(name, gone);
        self.records.insert((name, group), value.to_owned());
    }

    async fn forget(&mut self, tx: &Tx, chance: &mut Chance) {
        let known: Vec<Name> = self.records.keys().map(|(name, _)| *name).collect();
        let tenant_id = chance.one_of(&TENANTS).unwrap();
        let group_id = chance.one_of(&GROUPS).unwrap();
        let any = Self::name(chance, tenant_id, group_id);
        for name in [any, chance.one_of(&known).unwrap_or(any)] {
            let [.., application, key] = name;
            let gone = chance.below(2) == 0;
            let removed = data::remove(tx, self.address(name, gone), application, key).await;
            let expected = self.take(name, gone);
            assert_eq!(removed.unwrap(), expected, "{name:?} {gone}");
        }
    }

    async fn remove_tenant(&mut self, tx: &Tx, chance: &mut Chance) {
        let there: Vec<_> = self.tenants.iter().map(|(id, key)| (*key, *id)).collect();
        let Some(tenant) = chance.one_of(&there) else {
            return;
        };
        let keeping = chance.some_of(&APPLICATIONS);
        remove(tx, tenant, None, &keeping).await;
        self.tenants.remove(tenant.1);
        self.groups
            .retain(|[tenant_id, _], _| *tenant_id != tenant.1);
        self.records
            .retain(|([tenant_id, _, _, application, _], _), _| {
                *tenant_id != tenant.1 || keeping.contains(application)
            });
    }

    async fn remove_group(&mut self, tx: &Tx, chance: &mut Chance) {
        let there: Vec<_> = self.groups.iter().map(|(ids, key)| (*ids, *key)).collect();
        let Some((ids, group)) = chance.one_of(&there) else {
            return;
        };
        let [tenant_id, group_id] = ids;
        let keeping = chance.some_of(&APPLICATIONS);
        let tenant = (self.tenants[tenant_id], tenant_id);
        remove(tx, tenant, Some((group, group_id)), &keeping).await;
        self.groups.remove(&ids);
        self.records
            .retain(|([tenant, group, _, application, _], _), _| {
                [*tenant, *group] != ids || keeping.contains(application)
            });
    }

    /// Every question has the answer that the model has.
    async fn check(&self, tx: &Tx, case: &str) {
        for tenant_id in TENANTS {
            for group_id in GROUPS {
                for username in USERS {
                    for gone in [false, true] {
                        let user = [tenant_id, group_id, username];
                        self.check_user(tx, user, gone, case).await;
                    }
                }
            }
        }
    }

    async fn check_user(&self, tx: &Tx, user: [&'static str; 3], gone: bool, case: &str) {
        let [tenant_id, group_id, username] = user;
        let mut applications = Vec::new();
        for application in APPLICATIONS {
            let mut keys = Vec::new();
            for key in KEYS {
                let name = [tenant_id, group_id, username, application, key];
                let found = data::find(tx, self.address(name, gone), application, key).await;
                let expected = self.expected(name, gone);
                assert_eq!(found.unwrap().as_ref(), expected, "{case} {name:?} {gone}");
                keys.extend(expected.map(|_| key));
            }
            let name = [tenant_id, group_id, username, application, ""];
            let address = self.address(name, gone);
            let found = data::keys(tx, address, application).await.unwrap();
            assert_eq!(found, keys, "{case} {user:?} {application} {gone}");
            applications.extend((!keys.is_empty()).then_some(application));
        }
        let address = self.address([tenant_id, group_id, username, "", ""], gone);
        let found = data::applications(tx, address).await.unwrap();
        assert_eq!(found, applications, "{case} {user:?} {gone}");
    }
}

/// Sweeps away a little of some removal.
async fn bite(tx: &Tx, chance: &mut Chance) {
    let all = noted(tx).await;
    let places: Vec<usize> = (0..all.len()).collect();
    if let Some(at) = chance.one_of(&places) {
        let most = chance.below(5);
        removals::sweep(tx, &all[at], most).await.unwrap();
    }
}

#[test]
fn whatever_happens_what_is_to_be_kept_is_found_and_nothing_else() {
    each_database(|store| async move {
        for seed in 0..6 {
            let tx = store.begin().await.unwrap();
            let mut chance = Chance(seed);
            let mut world = World::default();
            for step in 0..150 {
                world.step(&tx, &mut chance, step).await;
                if step % 5 == 0 {
                    world.check(&tx, &format!("seed {seed}, step {step}")).await;
                }
            }
            sweep(&tx, 3).await;
            world.check(&tx, &format!("seed {seed}, swept")).await;
            assert_eq!(sweep(&tx, 3).await, 0);
            end(&tx, world).await;
        }
    });
}

/// When everything has gone and nothing is kept, nothing is left.
async fn end(tx: &Tx, mut world: World) {
    for (tenant_id, id) in std::mem::take(&mut world.tenants) {
        remove(tx, (id, tenant_id), None, &[]).await;
        world
            .records
            .retain(|([tenant, ..], _), _| *tenant != tenant_id);
    }
    world.groups.clear();
    // Of several under one name, all go at once.
    let kept: BTreeSet<Name> = world.records.keys().map(|(name, _)| *name).collect();
    for name in kept {
        assert!(!noted(tx).await.is_empty());
        let [.., application, key] = name;
        let removed = data::remove(tx, world.address(name, true), application, key).await;
        assert!(removed.unwrap(), "{name:?}");
    }
    sweep(tx, 2).await;
    assert_eq!(noted(tx).await, []);
}
