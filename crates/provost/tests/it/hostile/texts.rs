//! Texts that programs stumble over.

/// Values of any field.
pub const TEXTS: [&str; 30] = [
    "",
    " ",
    "\u{a0}\u{1c}\u{2028}",
    "\0",
    "a\0b",
    "*",
    ",",
    ",,,,a,,",
    "lib:Org1:Lib1",
    "course-v1:Org1+C1+R1",
    "course-v1:Org1+*",
    "lib:*",
    "lib:\0:*",
    "org:XX*",
    "global:x",
    "platform:*",
    "ccx-v1:A+B+C+ccx@1",
    ":",
    "^^^^",
    "library_user",
    "superuser",
    "\u{202e}\u{2066}rtl\u{202c}",
    "e\u{301}\u{301}\u{301}\u{301}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{10ffff}\u{fdd0}\u{feff}",
    "ŉŉİİßß",
    "%00%ff%zz",
    "' OR 1=1; --\"`$(x)${x}{{x}}",
    "1e9999",
    "../../etc/passwd",
];

pub const DOCUMENTS: [&str; 26] = [
    "",
    " ",
    "null",
    "true",
    "0",
    "-",
    "1e",
    "1e999999",
    "NaN",
    "[-Infinity]",
    "\"",
    "\"x\"",
    "nul",
    "{",
    "[",
    "[{",
    "{\"a\"",
    "{\"a\":",
    "[1,]",
    "{} {}",
    "\"\\ud800\"",
    "{\"users\":[\"\\udfff\\ud800\"]}",
    "{\"scope\":\"\\u0000\",\"role\":\"\\u0000\",\"users\":[\"\\u0000\"]}",
    "{\"\\ud83d\":\"\\ude00\"}",
    "[{\"action\":\"\\u0000\",\"scope\":\"lib:\\u0000:*\"}]",
    "// comment",
];
pub const FORMS: [&str; 8] = [
    "",
    "&&&&",
    "=",
    "====",
    "%",
    "%zz=%zz",
    "users[[[[=a&users]]=b",
    "a=%ff%fe%00",
];
pub const MULTIPARTS: [&str; 7] = [
    "",
    "--b",
    "--b--",
    "--b\r\n\r\n",
    "--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--",
    "--b\r\ncontent-disposition: form-data; name=\"\u{0}\"; filename=\"../\u{0}\"\r\n\r\nx\r\n--b--",
    "--b\r\ncontent-disposition: form-data; name=\"users\"\r\ncontent-type: multipart/mixed; boundary=c\r\n\r\n--c",
];
pub const TYPES: [&str; 12] = [
    "",
    ";",
    "/",
    "application",
    "application/json;charset=utf-7",
    "APPLICATION/JSON ; a=b",
    "text/html",
    "application/x-www-form-urlencoded;;;",
    "multipart/form-data; boundary=",
    "multipart/mixed; boundary=b",
    "application/json, text/html",
    "application/problem+json",
];
pub const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "-0",
    "1e9999",
    "1000000000000000000000000000000",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "\u{661}\u{662}",
    "1_0",
    "+1",
    " 1 ",
    "1.0",
    "0x10",
    "last",
    "\u{b2}",
];
pub const RAW: [&str; 8] = [
    "%",
    "%zz",
    "%00",
    "%ff%fe",
    "%2",
    "%c0%af",
    "+",
    "%2e%2e%2f",
];
pub const QUERIES: [&str; 6] = ["", "&", "=", "&&=&=", "?", "format=%00"];

/// Headers with values of every sort.
pub fn headers() -> Vec<(&'static str, Vec<u8>)> {
    const NAMES: [&str; 14] = [
        "content-type",
        "accept",
        "authorization",
        "cookie",
        "x-csrftoken",
        "use-jwt-cookie",
        "host",
        "origin",
        "referer",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-request-id",
        "content-encoding",
        "range",
    ];
    let long = "a".repeat(50_000);
    let values = [
        "",
        " ",
        "\u{e9}\u{202e}",
        ";;;,,,",
        "=",
        "*/*;q=z",
        "gzip",
        "bytes=0-",
        "JWT",
        "JWT a.b.c",
        "Basic",
        "Basic /w==",
        "Basic Og==",
        "Bearer",
        "Bearer \u{e9}",
        "Token x",
        "sessionid=",
        "true",
        "sessionid=\u{e9}; csrftoken=\"; edx-jwt-cookie=a.b.c",
        "http://[::1",
        "//",
        "localhost:99999999",
        &long,
    ];
    let mut headers = Vec::new();
    for name in NAMES {
        headers.extend(values.iter().map(|value| (name, value.as_bytes().to_vec())));
        headers.push((name, b"\xff\xfe\x80".to_vec()));
    }
    headers
}

/// Encodes for a query or a path.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
