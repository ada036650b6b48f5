//! Requests that are meant to hurt, made for one operation.

use axum::body::Bytes;
use serde_json::{Value, json};

use super::random::Random;
use super::texts::{
    DOCUMENTS, FORMS, MULTIPARTS, NUMBERS, QUERIES, RAW, TEXTS, TYPES, encoded, headers,
};

/// One request; its headers may be anything that HTTP lets through.
pub struct Hostile {
    pub method: String,
    pub target: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Bytes,
}

/// The names that an operation knows: of parameters in its query, and of fields in its body.
pub struct Names {
    pub query: Vec<String>,
    pub body: Vec<String>,
}

impl Names {
    /// Reads them from the OpenAPI document.
    pub fn of(document: &Value, method: &str, path: &str) -> Self {
        let operation = &document["paths"][path][method.to_lowercase()];
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let in_query = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query");
        let mut query: Vec<String> = in_query
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect();
        query.extend(["page", "page_size", "format", "limit", "after"].map(str::to_owned));
        let mut body = Vec::new();
        properties(document, &operation["requestBody"], 6, &mut body);
        // A form is not described field by field where it is that of RFC 6749.
        body.extend(["grant_type", "client_id", "username", "scope"].map(str::to_owned));
        for names in [&mut query, &mut body] {
            names.sort_unstable();
            names.dedup();
        }
        Self { query, body }
    }
}

/// The names of properties in a schema, and in those that it refers to.
fn properties(document: &Value, schema: &Value, depth: usize, names: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match schema {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                let target = document.pointer(target.trim_start_matches('#')).unwrap();
                properties(document, target, depth - 1, names);
            }
            if let Some(Value::Object(named)) = members.get("properties") {
                names.extend(named.keys().cloned());
            }
            for member in members.values() {
                properties(document, member, depth, names);
            }
        }
        Value::Array(members) => {
            for member in members {
                properties(document, member, depth, names);
            }
        }
        _ => {}
    }
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=b";

/// Every request for one operation, the same in each run.
pub fn all(method: &str, path: &str, names: &Names) -> Vec<Hostile> {
    let mut random = Random(u64::try_from(path.len() * 31 + method.len()).unwrap());
    let plain = path.replace("{username}", "reader").replace("{key}", "1");
    let request = |target: String| Hostile {
        method: method.to_owned(),
        target,
        headers: Vec::new(),
        body: Bytes::new(),
    };
    let mut requests = Vec::new();
    for (typed, body) in bodies(names, &mut random) {
        requests.push(Hostile {
            headers: vec![("content-type", typed.as_bytes().to_vec())],
            body: body.into(),
            ..request(plain.clone())
        });
    }
    for query in queries(names, &mut random) {
        requests.push(request(format!("{plain}?{query}")));
    }
    requests.extend(paths(path).into_iter().map(request));
    for header in headers() {
        let body = Bytes::from_static(b"{\"username\": \"x\", \"grant_type\": \"password\"}");
        requests.push(Hostile {
            headers: vec![header],
            body,
            ..request(plain.clone())
        });
    }
    for method in ["BREW", "TRACE", "OPTIONS", "HEAD", "PROPFIND", "get", "X"] {
        requests.push(Hostile {
            method: method.to_owned(),
            ..request(plain.clone())
        });
    }
    requests
}

fn bodies(names: &Names, random: &mut Random) -> Vec<(String, Vec<u8>)> {
    let mut bodies: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |typed: &str, body: Vec<u8>| bodies.push((typed.to_owned(), body));
    for text in DOCUMENTS {
        add(JSON, text.as_bytes().to_vec());
    }
    for (open, close) in [("[", "]"), ("{\"scope\":", "}"), ("[{\"users\":", "}]")] {
        add(
            JSON,
            (open.repeat(50_000) + &close.repeat(50_000)).into_bytes(),
        );
        add(
            JSON,
            (open.repeat(120) + "1" + &close.repeat(120)).into_bytes(),
        );
        add(JSON, open.repeat(50_000).into_bytes());
    }
    for bytes in [
        &b"\xff\xfe\x00\x00"[..],
        b"{\"scope\": \"\xff\xfe\"}",
        b"\x00",
        b"\xef\xbb\xbf{}",
        b"{\x00}",
    ] {
        add(JSON, bytes.to_vec());
        add(FORM, bytes.to_vec());
        add(MULTIPART, bytes.to_vec());
    }
    for typed in [JSON, FORM, MULTIPART] {
        // Over the limit of two and a half mebibytes.
        add(typed, vec![b'1'; 3_000_000]);
    }
    for _ in 0..25 {
        let object = random.object(&names.body, 3);
        add(JSON, object.to_string().into_bytes());
        add(
            JSON,
            json!([object, random.value(&names.body, 2)])
                .to_string()
                .into_bytes(),
        );
        add(FORM, form(&object).into_bytes());
        add(MULTIPART, multipart(&object).into_bytes());
    }
    for name in &names.body {
        let texts: Vec<String> = (0..10_000)
            .map(|number| format!("lib:Org{number}:\u{e9}"))
            .collect();
        let mut object =
            json!({"role": "library_user", "scope": "lib:Org1:Lib1", "users": ["reader"]});
        object[name] = json!(texts);
        add(JSON, object.to_string().into_bytes());
        object[name] = json!(vec![0; 10_000]);
        add(JSON, object.to_string().into_bytes());
        object[name] = json!(vec![
            json!({"action": "x", "subject": "reader", "scope": "lib:Org1:Lib1"});
            10_000
        ]);
        add(JSON, object[name].to_string().into_bytes());
        add(JSON, object.to_string().into_bytes());
        add(
            FORM,
            vec![format!("{name}=a"); 10_000].join("&").into_bytes(),
        );
        add(
            FORM,
            format!("{name}[99999999999999999999]=a&{name}[0]=b&{name}[-1]=c&[0]{name}=d")
                .into_bytes(),
        );
    }
    for text in FORMS {
        add(FORM, text.as_bytes().to_vec());
    }
    for text in MULTIPARTS {
        add(MULTIPART, text.as_bytes().to_vec());
        add("multipart/form-data", text.as_bytes().to_vec());
        add("multipart/form-data; boundary=\"", text.as_bytes().to_vec());
    }
    for typed in TYPES {
        add(typed, b"{\"users\": [\"reader\"]}".to_vec());
    }
    bodies
}

fn form(object: &Value) -> String {
    let members = object.as_object().unwrap().iter();
    let pair = |name: &str, value: &Value| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        format!("{}={}", encoded(name), encoded(&text))
    };
    let pairs = members.flat_map(|(name, value)| match value {
        Value::Array(elements) => elements.iter().map(|element| pair(name, element)).collect(),
        value => vec![pair(name, value)],
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn multipart(object: &Value) -> String {
    let parts = object.as_object().unwrap().iter().map(|(name, value)| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{value}\"\r\n\r\n{value}\r\n")
    });
    parts.collect::<String>() + "--b--\r\n"
}

fn queries(names: &Names, random: &mut Random) -> Vec<String> {
    let mut queries: Vec<String> = QUERIES.map(str::to_owned).to_vec();
    for name in &names.query {
        queries.extend(NUMBERS.map(|number| format!("{name}={}", encoded(number))));
        queries.extend(TEXTS.map(|text| format!("scope=lib:Org1:Lib1&{name}={}", encoded(text))));
        queries.extend(RAW.map(|raw| format!("{name}={raw}")));
        queries.push(vec![format!("{name}=a"); 5_000].join("&"));
        queries.push(format!("{name}={}", "a,".repeat(20_000)));
        queries.push(format!(
            "{name}[0]=a&{name}[]=b&{name}[99999999999999999999]=c"
        ));
    }
    for _ in 0..25 {
        let mut pairs: Vec<String> = Vec::new();
        for name in &names.query {
            if random.below(3) == 0 {
                pairs.push(format!("{name}={}", encoded(&random.text())));
            }
        }
        queries.push(pairs.join("&"));
    }
    queries
}

fn paths(path: &str) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for text in TEXTS.into_iter().map(encoded).chain(RAW.map(str::to_owned)) {
        paths.push(path.replace("{username}", &text));
        paths.push(format!("{path}{text}"));
    }
    let long = "a".repeat(60_000);
    paths.push(path.replace("{username}", &long));
    paths.extend([
        format!("{path}{long}"),
        format!("/{path}"),
        format!("{path}/"),
        format!("{path}../x"),
    ]);
    paths
}
