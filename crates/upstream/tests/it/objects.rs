//! What is asked for each call, and what is made of the answer.

use provost_upstream::lms::{ConfigBody, MicrositeBody, RemoteMicrosite, RemoteRoute};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::stand::{Reply, Stand, json, status};

const API: &str = "/eox-tenant/api/v1/";

fn config() -> Value {
    json!({
        "lms_configs": {"Z": 1, "A": [null]}, "studio_configs": {}, "theming_configs": {}, "meta": {},
        "external_key": "one.example.com",
    })
}

fn with_id(id: i64, mut body: Value) -> Value {
    body["id"] = id.into();
    body["organizations"] = json!([4]);
    body
}

#[tokio::test]
async fn configs_are_read_and_written() {
    let stand = Stand::start().await;
    let lms = stand.lms();
    let body = ConfigBody::deserialize(config()).unwrap();

    stand.will([json(201, &with_id(7, config()))]);
    assert_eq!(lms.create_config(&body).await.unwrap(), 7);
    let seen = stand.seen().remove(0);
    assert_eq!(seen.line, format!("POST {API}configs/"));
    assert_eq!(seen.authorization, "Bearer given");
    assert_eq!(seen.content_type, "application/json");
    // Members go out in the order in which they are kept.
    assert_eq!(seen.body, config().to_string());

    stand.will([json(200, &with_id(7, config()))]);
    lms.put_config(7, &body).await.unwrap();
    let seen = stand.seen().remove(0);
    assert_eq!(seen.line, format!("PUT {API}configs/7/"));
    assert_eq!(seen.body, config().to_string());

    stand.will([json(
        200,
        &json!([with_id(7, config()), with_id(8, config())]),
    )]);
    let all = lms.configs().await.unwrap();
    let ids: Vec<_> = all.iter().map(|it| it.id).collect();
    assert_eq!(ids, [7, 8]);
    assert!(all[0].organizations == [4] && all[0].lms_configs == body.lms_configs);

    stand.will([Reply::Answer(status(204, ""))]);
    lms.delete_config(7).await.unwrap();
    let lines = stand.lines();
    let wanted = ["GET {}configs/", "DELETE {}configs/7/"];
    assert_eq!(lines, wanted.map(|line| line.replace("{}", API)));
}

#[tokio::test]
async fn routes_are_read_and_written() {
    let stand = Stand::start().await;
    let lms = stand.lms();
    let route = json!({"id": 3, "domain": "one.example.com", "config": 7});
    let remote = RemoteRoute::deserialize(&route).unwrap();

    stand.will([
        json(201, &route),
        json(200, &route),
        json(200, &json!([route])),
        Reply::Answer(status(204, "")),
    ]);
    assert_eq!(lms.create_route("one.example.com", 7).await.unwrap(), 3);
    lms.put_route(3, "one.example.com", 7).await.unwrap();
    assert_eq!(lms.routes().await.unwrap(), [remote]);
    lms.delete_route(3).await.unwrap();

    let seen = stand.seen();
    assert_eq!(seen[0].line, format!("POST {API}routes/"));
    assert_eq!(seen[0].body, r#"{"domain":"one.example.com","config":7}"#);
    assert_eq!(seen[1].line, format!("PUT {API}routes/3/"));
    assert_eq!(seen[1].body, seen[0].body);
    assert_eq!(seen[2].line, format!("GET {API}routes/"));
    assert_eq!(seen[3].line, format!("DELETE {API}routes/3/"));
}

#[tokio::test]
async fn microsites_are_read_and_written() {
    let stand = Stand::start().await;
    let lms = stand.lms();
    let site =
        json!({"id": 3, "values": ["any", {}], "key": "k", "subdomain": "s", "organizations": []});
    let remote = RemoteMicrosite::deserialize(&site).unwrap();
    let body = MicrositeBody::deserialize(&site).unwrap();

    stand.will([
        json(201, &site),
        json(200, &site),
        json(200, &json!([site])),
        Reply::Answer(status(204, "")),
    ]);
    assert_eq!(lms.create_microsite(&body).await.unwrap(), 3);
    lms.put_microsite(3, &body).await.unwrap();
    assert_eq!(lms.microsites().await.unwrap(), [remote]);
    lms.delete_microsite(3).await.unwrap();

    let seen = stand.seen();
    assert_eq!(seen[0].line, format!("POST {API}microsites/"));
    let written = r#"{"values":["any",{}],"key":"k","subdomain":"s"}"#;
    assert_eq!(seen[0].body, written);
    assert_eq!(seen[1].line, format!("PUT {API}microsites/3/"));
    assert_eq!(seen[2].line, format!("GET {API}microsites/"));
    assert_eq!(seen[3].line, format!("DELETE {API}microsites/3/"));
}

#[tokio::test]
async fn what_is_not_there_is_removed_and_cannot_be_replaced() {
    let stand = Stand::start().await;
    let lms = stand.lms();
    let missing = || {
        json(
            404,
            &json!({"detail": "No TenantConfig matches the given query."}),
        )
    };
    stand.will([missing(), missing()]);
    lms.delete_config(7).await.unwrap();
    let failure = lms.put_config(7, &ConfigBody::default()).await.unwrap_err();
    assert!(failure.is_missing() && !failure.leaves_doubt());
}

#[tokio::test]
async fn the_address_may_have_a_path_and_a_slash_and_the_prefix_may_be_any() {
    let stand = Stand::start().await;
    for (base, prefix, line) in [
        ("", "/eox-tenant", "GET /eox-tenant/api/v1/routes/"),
        ("/", "/eox-tenant/", "GET /eox-tenant/api/v1/routes/"),
        ("/lms/", "", "GET /lms/api/v1/routes/"),
    ] {
        let mut settings = stand.settings();
        settings.base_url.push_str(base);
        settings.api_prefix = prefix.to_owned();
        stand.will([json(200, &json!([]))]);
        let lms = provost_upstream::lms::Lms::new(&settings).unwrap();
        assert_eq!(lms.routes().await.unwrap(), []);
        assert_eq!(stand.lines(), [line]);
    }
}
