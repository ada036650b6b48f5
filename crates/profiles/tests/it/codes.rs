//! Every numbered error (specification, section 1.5), as a client meets it.

use std::collections::BTreeSet;

use provost_profiles::people::Standing;
use provost_profiles::{Code, Level};
use provost_testkit::World;
use serde_json::{Value, json};

use super::world::{appoint, caller, done, each, group, plain, standing, tenant};

/// The numbers and their names, as the specification has them.
const NAMES: [(u64, &str); 13] = [
    (11, "ALREADY_EXISTS"),
    (58, "UNAUTHORIZED_PARAMETER_FOR_USER_LEVEL"),
    (61, "NO_BACKEND_AVAILABLE"),
    (1001, "MISSING_PARAMETER"),
    (1002, "INVALID_PARAMETER"),
    (1003, "FORBIDDEN_PARAMETER"),
    (1004, "TENANT_NOT_EMPTY"),
    (1005, "RESELLER_NOT_FOUND"),
    (1006, "DOMAIN_NOT_FOUND"),
    (1007, "DOMAIN_IN_USE"),
    (1008, "TEMPLATE_NOT_FOUND"),
    (1009, "TEMPLATE_ACTION_FAILED"),
    (1010, "OBJECT_IN_USE"),
];

/// A request that is refused.
struct Case {
    code: u64,
    who: &'static str,
    request: (&'static str, &'static str),
    body: Value,
    message: &'static str,
    /// The parameter to blame; empty where there is none.
    parameter: &'static str,
}

fn case(
    code: u64,
    (who, method, path): (&'static str, &'static str, &'static str),
    body: Value,
    message: &'static str,
    parameter: &'static str,
) -> Case {
    Case {
        code,
        who,
        request: (method, path),
        body,
        message,
        parameter,
    }
}

/// Refused because of what there is already.
fn objects() -> Vec<Case> {
    let template = "configs/templates/categories/tenant/templates/";
    vec![
        case(
            11,
            ("root", "POST", "tenants/"),
            json!({"tenantId": "FOO", "type": "Enterprise"}),
            "Tenant 'FOO' already exists",
            "tenantId",
        ),
        case(
            11,
            ("root", "POST", "tenants/foo/groups/"),
            json!({"groupId": "g"}),
            "Group 'g' already exists",
            "groupId",
        ),
        case(
            11,
            ("root", "POST", "local/resellers/"),
            json!({"name": "used"}),
            "Reseller 'used' already exists",
            "name",
        ),
        case(
            11,
            ("root", "POST", "system/domains/"),
            json!({"domain": "EXAMPLE.com"}),
            "Domain 'EXAMPLE.com' already exists",
            "domain",
        ),
        case(
            11,
            ("root", "POST", template),
            json!({"name": "fails"}),
            "Template 'fails' already exists",
            "name",
        ),
        case(
            1004,
            ("root", "DELETE", "tenants/foo/"),
            json!({}),
            "Tenant 'foo' still has groups",
            "",
        ),
        case(
            1007,
            ("root", "DELETE", "system/domains/"),
            json!({"domain": "example.com"}),
            "Domain 'example.com' is in use",
            "domain",
        ),
        case(
            1007,
            ("root", "DELETE", "tenants/foo/domains/"),
            json!({"domains": ["example.com"]}),
            "Domain 'example.com' is in use",
            "domains",
        ),
        case(
            1010,
            ("root", "DELETE", "local/resellers/used/"),
            json!({}),
            "Reseller 'used' is still in use",
            "",
        ),
    ]
}

/// Refused because of what there is not.
fn absent() -> Vec<Case> {
    vec![
        case(
            1005,
            ("root", "PUT", "tenants/foo/"),
            json!({"resellerId": "nobody"}),
            "Reseller 'nobody' does not exist",
            "resellerId",
        ),
        case(
            1006,
            ("root", "PUT", "tenants/foo/"),
            json!({"defaultDomain": "new.example"}),
            "Domain 'new.example' is not defined for the system",
            "defaultDomain",
        ),
        case(
            1006,
            ("root", "PUT", "tenants/foo/groups/g/"),
            json!({"defaultDomain": "example.org"}),
            "Domain 'example.org' is not defined for the tenant",
            "defaultDomain",
        ),
        case(
            1008,
            ("root", "PUT", "tenants/foo/"),
            json!({"templateName": "none"}),
            "Template 'none' does not exist in category 'tenant'",
            "templateName",
        ),
        case(
            1008,
            ("root", "POST", "tenants/foo/groups/"),
            json!({"groupId": "h", "templateName": "fails"}),
            "Template 'fails' does not exist in category 'group'",
            "templateName",
        ),
        case(
            1009,
            ("root", "PUT", "tenants/foo/"),
            json!({"templateName": "fails"}),
            "Action 'tenant_assign_domains' failed: Domain 'new.example' is not defined for the system",
            "",
        ),
        case(
            61,
            ("system", "GET", "tenants/foo/"),
            json!({}),
            "No backend is available for this user",
            "",
        ),
        case(
            61,
            ("system", "PUT", "tenants/foo/"),
            json!({}),
            "No backend is available for this user",
            "",
        ),
    ]
}

/// Refused because of what a member is, or because it is there.
fn members() -> Vec<Case> {
    vec![
        case(
            58,
            ("tenant", "PUT", "tenants/foo/"),
            json!({"resellerId": "used"}),
            "Parameter 'resellerId' is not allowed for this user",
            "resellerId",
        ),
        case(
            58,
            ("root", "PUT", "tenants/foo/"),
            json!({"backendName": null}),
            "Parameter 'backendName' is not allowed for this user",
            "backendName",
        ),
        case(
            1001,
            ("root", "POST", "tenants/"),
            json!({"tenantId": "bar"}),
            "Parameter 'type' is required",
            "type",
        ),
        case(
            1001,
            ("root", "GET", "search/groups"),
            json!({}),
            "At least one criterion is required",
            "",
        ),
        case(
            1002,
            ("root", "PUT", "tenants/foo/"),
            json!({"name": ""}),
            "Parameter 'name' must be a text of 1 to 80 characters",
            "name",
        ),
        case(
            1002,
            ("root", "GET", "tenants/"),
            json!({"type": "enterprise"}),
            "Parameter 'type' must be one of 'ServiceProvider', 'Enterprise'",
            "type",
        ),
        case(
            1002,
            ("root", "DELETE", "tenants/foo/"),
            json!({"deleteEvenIfNonEmpty": "true"}),
            "Parameter 'deleteEvenIfNonEmpty' must be true or false",
            "deleteEvenIfNonEmpty",
        ),
        case(
            1003,
            ("root", "PUT", "tenants/foo/"),
            json!({"useCustomRoutingProfile": true}),
            "Parameter 'useCustomRoutingProfile' cannot be given another value",
            "useCustomRoutingProfile",
        ),
    ]
}

/// A tenant on the backend `far`, where `system` may use the backend `near` alone.
async fn prepare(world: &World) {
    let root = caller(world, "root").await;
    for (name, is_default) in [("near", false), ("far", true)] {
        let path = format!("/api/provost/v1/profiles/backends/{name}/");
        done(root.put(&path, &json!({"default": is_default})).await, 200);
    }
    tenant(world, "foo").await;
    group(world, "foo", "g").await;
    let fails = json!([{"action": "tenant_assign_domains", "data": {"domains": ["new.example"]}}]);
    for (path, body) in [
        ("local/resellers/", json!({"name": "used"})),
        (
            "configs/templates/categories/tenant/templates/",
            json!({"name": "fails", "data": {"actions": fails}}),
        ),
    ] {
        done(root.post(&format!("/api/v1/{path}"), &body).await, 201);
    }
    done(
        root.put("/api/v1/tenants/foo/", &json!({"resellerId": "used"}))
            .await,
        200,
    );
    appoint(
        world,
        "tenant",
        &standing(Level::TenantAdmin, Some("foo"), None),
    )
    .await;
    let near = Standing {
        backends: Some(vec!["near".to_owned()]),
        ..standing(Level::SystemAdmin, None, None)
    };
    appoint(world, "system", &near).await;
}

#[tokio::test]
async fn every_number_has_its_name_its_reason_and_the_parameter_to_blame() {
    let cases: Vec<Case> = [objects(), absent(), members()]
        .into_iter()
        .flatten()
        .collect();
    let met: BTreeSet<u64> = cases.iter().map(|case| case.code).collect();
    let all = Code::ALL.map(|code| (u64::from(code.number()), code.name()));
    assert_eq!(all, NAMES);
    assert_eq!(met, NAMES.map(|(number, _)| number).into());
    for worlds in each().await {
        let world = plain(&worlds).await;
        prepare(&world).await;
        let root = caller(&world, "root").await;
        let before = root.get("/api/v1/tenants/foo/").await.text();
        for case in &cases {
            let (method, path) = case.request;
            let client = caller(&world, case.who).await;
            let answer = client
                .json(method, &format!("/api/v1/{path}"), &case.body)
                .await;
            let (_, name) = NAMES
                .iter()
                .find(|(number, _)| *number == case.code)
                .unwrap();
            let mut details = json!({"reason": case.message});
            if !case.parameter.is_empty() {
                details["parameter"] = case.parameter.into();
            }
            if case.code == 1009 {
                let (_, inner) = case.message.split_once(": ").unwrap();
                details["errors"] = json!([{"summary": inner}]);
            }
            let error = json!({"code": case.code, "name": name, "message": case.message, "details": details});
            assert_eq!(
                done(answer, 400),
                json!({"errors": [error]}),
                "{method} {path} {}",
                case.body
            );
        }
        assert_eq!(root.get("/api/v1/tenants/foo/").await.text(), before);
    }
}
