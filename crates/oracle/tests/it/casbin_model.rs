//! A casbin enforcer with the same meaning.

use casbin::function_map::{OperatorFunction, key_match};
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use provost_policy::{Grant, Policy};

/// The only staff member: functions of the matcher are plain functions and carry no state.
pub(crate) const STAFF: &str = "user^root";

/// The six kinds of scope, told by their texts alone: `lib^lib:…` and `course-v1^course-v1:…`, where the
/// scopes of the generator are well-formed.
fn is_staff(subject: Dynamic, scope: Dynamic) -> Dynamic {
    let subject = subject.into_string().unwrap();
    let scope = scope.into_string().unwrap();
    let kind = scope.starts_with("lib^lib:") || scope.starts_with("course-v1^course-v1:");
    (subject == STAFF && kind).into()
}

pub(crate) struct Casbin(Enforcer);

impl Casbin {
    pub(crate) async fn build(policy: &Policy, grants: &[Grant]) -> Self {
        let model = DefaultModel::from_str(include_str!("../../data/model.conf"))
            .await
            .unwrap();
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default())
            .await
            .unwrap();
        enforcer.add_function("is_staff", OperatorFunction::Arg2(is_staff));
        enforcer
            .get_role_manager()
            .write()
            .matching_fn(None, Some(key_match));
        // One by one: a batch with a repeated row would be refused as a whole.
        for rule in &policy.definitions {
            let row = [
                &rule.subject,
                &rule.action,
                &rule.scope,
                &rule.effect.to_string(),
            ];
            enforcer
                .add_policy(row.map(String::clone).to_vec())
                .await
                .unwrap();
        }
        for row in &policy.implications {
            let row = vec![row.granting.clone(), row.implied.clone()];
            enforcer.add_named_grouping_policy("g2", row).await.unwrap();
        }
        for grant in grants {
            let row = vec![
                grant.subject.clone(),
                grant.role.clone(),
                grant.scope.clone(),
            ];
            enforcer.add_grouping_policy(row).await.unwrap();
        }
        Self(enforcer)
    }

    pub(crate) fn allows(&self, subject: &str, action: &str, scope: &str) -> bool {
        self.0.enforce((subject, action, scope)).unwrap()
    }
}
