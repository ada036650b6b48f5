//! The same population in casbin and in Cedar.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use casbin::function_map::{OperatorFunction, key_match};
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};
use provost_keys::scope::{Kind, ScopeKey};
use provost_keys::stored;

use crate::population::{Population, Question};

fn nobody_is_staff(_: Dynamic, _: Dynamic) -> Dynamic {
    false.into()
}

pub(crate) async fn casbin(population: &Population) -> Enforcer {
    let model = DefaultModel::from_str(include_str!("../data/model.conf"))
        .await
        .unwrap();
    let mut enforcer = Enforcer::new(model, MemoryAdapter::default())
        .await
        .unwrap();
    enforcer.add_function("is_staff", OperatorFunction::Arg2(nobody_is_staff));
    enforcer
        .get_role_manager()
        .write()
        .matching_fn(None, Some(key_match));
    for rule in &population.policy.definitions {
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
    for row in &population.policy.implications {
        let row = [&row.granting, &row.implied].map(String::clone).to_vec();
        enforcer.add_named_grouping_policy("g2", row).await.unwrap();
    }
    for grant in &population.grants {
        let row = [&grant.subject, &grant.role, &grant.scope]
            .map(String::clone)
            .to_vec();
        enforcer.add_grouping_policy(row).await.unwrap();
    }
    enforcer
}

/// Cedar with one policy for every role. A user is a member of one group for every assignment, and a
/// scope names for every role the groups that count in it: its own, its organization's, the platform's.
pub(crate) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).unwrap(), EntityId::new(id))
}

fn group(role: &str, scope: &str) -> EntityUid {
    uid("Group", &format!("{role}@{scope}"))
}

/// The scope itself and the wider ones that cover it.
fn levels(scope: &str) -> Vec<String> {
    let key = ScopeKey::resolve(scope).unwrap();
    let mut levels = BTreeSet::from([scope.to_owned()]);
    if let Some(org) = key.org() {
        let courses = matches!(key.kind(), Kind::Course | Kind::OrgCourses);
        let namespace = key.namespace();
        levels.insert(format!(
            "{namespace}^{namespace}:{org}{}",
            if courses { "+*" } else { ":*" }
        ));
    }
    levels.insert(format!("{0}^{0}:*", key.namespace()));
    levels.into_iter().collect()
}

/// Entities and the groups they belong to, from one pair for every membership.
fn members<'a>(kind: &str, pairs: impl Iterator<Item = (&'a str, EntityUid)>) -> Vec<Entity> {
    let mut parents: HashMap<&str, HashSet<EntityUid>> = HashMap::new();
    for (member, parent) in pairs {
        parents.entry(member).or_default().insert(parent);
    }
    let entities = parents.into_iter();
    entities
        .map(|(member, parents)| Entity::new_no_attrs(uid(kind, member), parents))
        .collect()
}

/// A scope with an attribute for every role of its namespace: the groups that count in it.
fn scope_entity(scope: &str, roles: &BTreeSet<&str>) -> Entity {
    let library = scope.starts_with("lib");
    let levels = levels(scope);
    let groups = |role: &&str| {
        let groups = levels.iter().map(|level| group(role, level));
        let groups = groups.map(RestrictedExpression::new_entity_uid);
        ((*role).to_owned(), RestrictedExpression::new_set(groups))
    };
    let own = roles
        .iter()
        .filter(|role| role.starts_with("library") == library);
    Entity::new(
        uid("Scope", scope),
        own.map(groups).collect(),
        HashSet::new(),
    )
    .unwrap()
}

impl Cedar {
    pub(crate) fn build(population: &Population, questions: &[Question]) -> Self {
        let definitions = &population.policy.definitions;
        let roles: BTreeSet<&str> = definitions
            .iter()
            .map(|rule| stored::external(&rule.subject))
            .collect();
        let permits = |role: &&str| {
            format!(
                "permit(principal, action in Action::\"{role}\", resource) \
                 when {{ resource has {role} && principal in resource.{role} }};"
            )
        };
        let policies: String = roles.iter().map(permits).collect();
        let actions = definitions.iter().map(|rule| {
            (
                &*rule.action,
                uid("Action", stored::external(&rule.subject)),
            )
        });
        let users = population.grants.iter().map(|grant| {
            (
                &*grant.subject,
                group(stored::external(&grant.role), &grant.scope),
            )
        });
        let granted = population.grants.iter().map(|grant| &*grant.scope);
        let asked = questions.iter().map(|question| &*question.scope);
        let scopes: BTreeSet<&str> = granted.chain(asked).collect();
        let mut entities = members("Action", actions);
        entities.extend(members("User", users));
        entities.extend(scopes.into_iter().map(|scope| scope_entity(scope, &roles)));
        Self {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_str(&policies).unwrap(),
            entities: Entities::from_entities(entities, None).unwrap(),
        }
    }

    pub(crate) fn request(question: &Question) -> Request {
        let Question {
            subject,
            action,
            scope,
        } = question;
        Request::new(
            uid("User", subject),
            uid("Action", action),
            uid("Scope", scope),
            Context::empty(),
            None,
        )
        .unwrap()
    }

    pub(crate) fn allows(&self, request: &Request) -> bool {
        self.authorizer
            .is_authorized(request, &self.policies, &self.entities)
            .decision()
            == Decision::Allow
    }
}
