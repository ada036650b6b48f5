//! What the reference inherits from its language: type names, number texts, integer leniency.

use deserr::ValueKind;
use provost_keys::text::trim;

/// More digits than this are not an integer (the interpreter refuses the conversion).
pub(crate) const MOST_DIGITS: usize = 4300;

/// The name of a JSON value's type as messages quote it.
pub(crate) fn type_name(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "NoneType",
        ValueKind::Boolean => "bool",
        ValueKind::Integer | ValueKind::NegativeInteger => "int",
        ValueKind::Float => "float",
        ValueKind::String => "str",
        ValueKind::Sequence => "list",
        ValueKind::Map => "dict",
    }
}

/// A float as its shortest text: `1.0`, `1e+16`, `1.5e-07`.
pub(crate) fn float(value: f64) -> String {
    if !value.is_finite() {
        let text = if value.is_nan() { "nan" } else { "inf" };
        return if value < 0.0 {
            format!("-{text}")
        } else {
            text.to_owned()
        };
    }
    let scientific = format!("{value:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let text = format!("{value}");
        return if text.contains('.') {
            text
        } else {
            text + ".0"
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// A text as an integer, with the language's leniency: surrounding white space, a sign, single
/// underscores between digits, decimal digits of any script. Values beyond `i128` saturate.
pub(crate) fn integer(text: &str) -> Option<i128> {
    let text = trim(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut value: i128 = 0;
    let mut count = 0;
    let mut after_digit = false;
    for c in digits.chars() {
        if c == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = decimal(c)?;
        value = value.saturating_mul(10).saturating_add(i128::from(digit));
        count += 1;
        after_digit = true;
    }
    let valid = after_digit && count <= MOST_DIGITS;
    valid.then_some(if negative { -value } else { value })
}

/// The value of a decimal digit of any script.
fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = u32::from(c);
    let zero = match ZEROS.binary_search(&code) {
        Ok(place) => ZEROS.get(place),
        Err(place) => ZEROS.get(place.checked_sub(1)?),
    }?;
    let digit = code - zero;
    (digit < 10).then_some(digit)
}

/// The digit zero of every script beyond ASCII that has decimal digits, sorted.
const ZEROS: [u32; 65] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50,
    0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_the_shortest_text() {
        let cases = [
            (1.0, "1.0"),
            (1.5, "1.5"),
            (-0.0, "-0.0"),
            (1e5, "100000.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e22, "1.25e+22"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e-7, "1e-07"),
            (1.5e-300, "1.5e-300"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn integers_are_read_leniently() {
        let cases = [
            ("7", Some(7)),
            (" +7\u{a0}\u{1f}", Some(7)),
            ("-7", Some(-7)),
            ("0010", Some(10)),
            ("1_000", Some(1000)),
            ("٣", Some(3)),
            ("１２", Some(12)),
            ("𝟗", Some(9)),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("+", None),
            ("", None),
            ("+-1", None),
            ("+ 1", None),
            ("1.0", None),
            ("0x1", None),
            ("²", None),
            ("1e3", None),
            ("\u{200b}1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(integer(text), expected, "{text:?}");
        }
    }

    #[test]
    fn absurd_integers_saturate_and_endless_ones_are_refused() {
        assert_eq!(integer(&"9".repeat(50)), Some(i128::MAX));
        assert_eq!(integer(&format!("-{}", "9".repeat(50))), Some(-i128::MAX));
        assert_eq!(integer(&"1".repeat(MOST_DIGITS)), Some(i128::MAX));
        assert_eq!(integer(&"1".repeat(MOST_DIGITS + 1)), None);
    }
}
