//! JSON as the reference reads it: its grammar, its messages, its positions.
//!
//! One recursive-descent pass over UTF-8 bytes. Positions in messages count characters and are
//! worked out only when something is wrong.

use serde_json::Number;

use crate::python::MOST_DIGITS;
use crate::tree::{Members, Tree};

/// Deeper nesting is refused instead of followed: recursion is bounded by it, here and wherever
/// the value is walked or dropped later.
const MOST_DEPTH: usize = 128;

const EXPECTING_VALUE: &str = "Expecting value";
const UNTERMINATED: &str = "Unterminated string starting at";

/// Why a text is not JSON, as the reference says it.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// A message and the byte it points at.
    At(&'static str, usize),
    /// A message without a position.
    Plain(String),
}

/// Read `bytes` as one JSON value; the error is the complete reason.
///
/// The last of several equal names wins. Integers beyond 64 bits, and numbers beyond the range of
/// a double, are kept as their text, so that text fields see every digit.
pub(crate) fn parse(bytes: &[u8]) -> Result<Tree, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error))?;
    let mut reader = Reader { text, bytes, at: 0 };
    reader.document().map_err(|fault| match fault {
        Fault::At(message, at) => positioned(text, message, at),
        Fault::Plain(message) => message,
    })
}

fn positioned(text: &str, message: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last_line = before.rsplit('\n').next().unwrap_or(before);
    let column = last_line.chars().count() + 1;
    let position = before.chars().count();
    format!("{message}: line {line} column {column} (char {position})")
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> String {
    let start = error.valid_up_to();
    let length = error.error_len().unwrap_or(bytes.len() - start);
    let first = bytes.get(start).copied().unwrap_or_default();
    let reason = match error.error_len() {
        None => "unexpected end of data",
        Some(_) if (0xc2..=0xf4).contains(&first) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    if length > 1 {
        let end = start + length - 1;
        format!("'utf-8' codec can't decode bytes in position {start}-{end}: {reason}")
    } else {
        format!("'utf-8' codec can't decode byte 0x{first:02x} in position {start}: {reason}")
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Tree, Fault> {
        if self.text.starts_with('\u{feff}') {
            return Err(Fault::At(
                "Unexpected UTF-8 BOM (decode using utf-8-sig)",
                0,
            ));
        }
        self.skip_space();
        let value = self.value(0)?;
        self.skip_space();
        if self.at < self.bytes.len() {
            return Err(Fault::At("Extra data", self.at));
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Tree, Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(Tree::Text),
            Some(b'{' | b'[') if depth >= MOST_DEPTH => {
                Err(Fault::Plain("maximum nesting depth exceeded".to_owned()))
            }
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn literal(&mut self) -> Result<Tree, Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let words = [
            ("null", Tree::Null),
            ("true", Tree::Bool(true)),
            ("false", Tree::Bool(false)),
        ];
        for (word, value) in words {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.refuse_constant(&["NaN", "Infinity"])?;
        Err(Fault::At(EXPECTING_VALUE, self.at))
    }

    /// Literals of the language that JSON does not have.
    fn refuse_constant(&self, names: &[&str]) -> Result<(), Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match names.iter().find(|name| rest.starts_with(name.as_bytes())) {
            Some(name) => Err(Fault::Plain(format!(
                "Out of range float values are not JSON compliant: '{name}'"
            ))),
            None => Ok(()),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Tree, Fault> {
        let mut members = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Tree::Object(Members::default()));
        }
        loop {
            if self.peek() != Some(b'"') {
                let message = "Expecting property name enclosed in double quotes";
                return Err(Fault::At(message, self.at));
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(Fault::At("Expecting ':' delimiter", self.at));
            }
            self.at += 1;
            self.skip_space();
            members.push((name, self.value(depth)?));
            self.skip_space();
            if self.closes(b'}')? {
                return Ok(Tree::Object(Members::new(members)));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Tree, Fault> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Tree::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_space();
            if self.closes(b']')? {
                return Ok(Tree::List(items));
            }
        }
    }

    /// After a member: the closing bracket, or a comma and the space behind it.
    fn closes(&mut self, bracket: u8) -> Result<bool, Fault> {
        match self.peek() {
            Some(found) if found == bracket => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') => {
                self.at += 1;
                self.skip_space();
                Ok(false)
            }
            _ => Err(Fault::At("Expecting ',' delimiter", self.at)),
        }
    }

    fn number(&mut self) -> Result<Tree, Fault> {
        let start = self.at;
        self.refuse_constant(&["-Infinity"])?;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(Fault::At(EXPECTING_VALUE, start)),
        }
        let whole = self.at;
        if self.peek() == Some(b'.') && self.digit_at(self.at + 1) {
            self.at += 1;
            self.digits();
        }
        self.exponent();
        let text = self.text.get(start..self.at).unwrap_or_default();
        if self.at == whole {
            integer(text)
        } else {
            Ok(float(text))
        }
    }

    fn exponent(&mut self) {
        if !matches!(self.peek(), Some(b'e' | b'E')) {
            return;
        }
        let sign = usize::from(matches!(self.bytes.get(self.at + 1), Some(b'+' | b'-')));
        if self.digit_at(self.at + 1 + sign) {
            self.at += 1 + sign;
            self.digits();
        }
    }

    fn digits(&mut self) {
        while self.digit_at(self.at) {
            self.at += 1;
        }
    }

    fn digit_at(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(u8::is_ascii_digit)
    }

    fn string(&mut self) -> Result<String, Fault> {
        let begin = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.at;
            let stop = self.plain_run(begin)?;
            out.push_str(self.text.get(run..self.at).unwrap_or_default());
            self.at += 1;
            if stop == b'"' {
                return Ok(out);
            }
            out.push(self.escape(begin)?);
        }
    }

    /// Pass over ordinary characters up to a quote or a backslash, which is returned.
    fn plain_run(&mut self, begin: usize) -> Result<u8, Fault> {
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | b'\\' => return Ok(byte),
                0..=0x1f => return Err(Fault::At("Invalid control character at", self.at)),
                _ => self.at += 1,
            }
        }
        Err(Fault::At(UNTERMINATED, begin))
    }

    /// The character a backslash stands for; the backslash itself is already passed.
    fn escape(&mut self, begin: usize) -> Result<char, Fault> {
        let found = self.peek().ok_or(Fault::At(UNTERMINATED, begin))?;
        let plain = match found {
            b'"' | b'\\' | b'/' => char::from(found),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Fault::At("Invalid \\escape", self.at - 1)),
        };
        self.at += 1;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let first = self.four_digits()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if first < 0xdc00 && rest.starts_with(b"\\u") && rest.len() > 6 {
            self.at += 1;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code).ok_or_else(|| lone_surrogate(first));
            }
        }
        Err(lone_surrogate(first))
    }

    /// Four hexadecimal digits behind the `u` the reader stands on.
    fn four_digits(&mut self) -> Result<u32, Fault> {
        let digits = self.bytes.get(self.at + 1..self.at + 5).unwrap_or_default();
        let mut code = 0;
        for digit in digits {
            let value = char::from(*digit).to_digit(16);
            code = code * 16 + value.ok_or(Fault::At("Invalid \\uXXXX escape", self.at))?;
        }
        // The reference wants one more character behind the digits, as a string must still end.
        if self.bytes.len() <= self.at + 5 {
            return Err(Fault::At("Invalid \\uXXXX escape", self.at));
        }
        self.at += 5;
        Ok(code)
    }
}

/// A text here holds no half characters, so what would be a field error is one of the whole body.
fn lone_surrogate(code: u32) -> Fault {
    Fault::Plain(format!("Surrogate characters are not allowed: U+{code:X}."))
}

fn integer(text: &str) -> Result<Tree, Fault> {
    if let Ok(value) = text.parse::<u64>() {
        return Ok(Tree::Number(value.into()));
    }
    if let Ok(value) = text.parse::<i64>() {
        return Ok(Tree::Number(value.into()));
    }
    let count = text.trim_start_matches('-').len();
    if count > MOST_DIGITS {
        return Err(Fault::Plain(format!(
            "Exceeds the limit ({MOST_DIGITS} digits) for integer string conversion: value has \
             {count} digits; use sys.set_int_max_str_digits() to increase the limit"
        )));
    }
    Ok(Tree::Text(text.to_owned()))
}

fn float(text: &str) -> Tree {
    let value: f64 = text.parse().unwrap_or(f64::NAN);
    match Number::from_f64(value) {
        Some(number) => Tree::Number(number),
        None => Tree::Text(crate::python::float(value)),
    }
}
