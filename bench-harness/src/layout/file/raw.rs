//! The file's keys as serde reads them: names and types, no meaning yet.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLayout {
    pub(super) name: Spanned<String>,
    pub(super) description: Option<Spanned<String>>,
    pub(super) source: Option<Spanned<String>>,
    pub(super) page_size: Option<Spanned<Number>>,
    pub(super) physseg_max: Option<Spanned<Number>>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<RawStep>>,
    pub(super) lookups: Option<Spanned<RawLookups>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) load: Option<Spanned<RawLoad>>,
    pub(super) boot: Option<Spanned<bool>>,
    pub(super) plug: Option<Spanned<RawPlug>>,
    pub(super) unplug: Option<Spanned<RawUnplug>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLoad {
    pub(super) start: Number,
    pub(super) end: Number,
    pub(super) split: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlug {
    pub(super) start: Number,
    pub(super) end: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnplug {
    pub(super) start: Number,
    pub(super) end: Number,
    pub(super) every: Option<Number>,
    /// Two of them; an array type would let serde drop a third in silence.
    pub(super) frames: Option<Vec<Number>>,
    pub(super) seed: Option<Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLookups {
    pub(super) start: Number,
    pub(super) end: Number,
    pub(super) fold_below: Option<Number>,
}

/// A whole number from 0: a TOML integer, or a string of hexadecimal digits after `0x`.
///
/// The string form exists because people copy addresses from logs.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {}, or a string like \"0x1f00\"", u64::MAX)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Number, E> {
        u64::try_from(value)
            .map(Number)
            .map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Number, E> {
        Ok(Number(value))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Number, E> {
        u64::try_from(value)
            .map(Number)
            .map_err(|_| E::invalid_value(Unexpected::Other(&format!("integer `{value}`")), &self))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Number, E> {
        u64::try_from(value)
            .map(Number)
            .map_err(|_| E::invalid_value(Unexpected::Other(&format!("integer `{value}`")), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Number, E> {
        value
            .strip_prefix("0x")
            .or_else(|| value.strip_prefix("0X"))
            // from_str_radix would also take a sign.
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u64::from_str_radix(digits, 16).ok())
            .map(Number)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}

/// serde's and the parser's message on one line, with keys called keys.
pub(super) fn in_our_words(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("unknown field", "unknown key").replace("missing field", "missing key").replace(
        "integer number overflowed",
        "the number is too large; expected at most 18446744073709551615",
    )
}
