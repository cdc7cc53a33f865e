//! How many rounds a batch size is to get.

use std::time::Duration;

use serde_json::{Value, json};

use super::width::percent;

/// How many rounds a batch gets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::cmd) enum Rounds {
    /// This many.
    Fixed(u32),
    /// As many as the limits ask for.
    Until(Limits),
}

/// What rounds go on until.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::cmd) struct Limits {
    /// The 95 % interval of every gross change is at most this wide to either side, as a fraction.
    pub half_width: Option<f64>,
    /// But not before this many.
    pub at_least: u32,
    /// The first look at the interval, if not the usual one.
    pub look_from: Option<u32>,
    /// And no more than this many.
    pub at_most: u32,
    /// Or until they have taken so long.
    pub time: Option<Duration>,
}

impl Limits {
    /// No limit at all: something to set limits in.
    pub(in crate::cmd) const NONE: Self =
        Self { half_width: None, at_least: 1, look_from: None, at_most: u32::MAX, time: None };
}

impl Rounds {
    /// As limits: a number given beforehand is both the least and the most.
    pub(super) fn limits(self) -> Limits {
        match self {
            Self::Fixed(rounds) => Limits { at_least: rounds, at_most: rounds, ..Limits::NONE },
            Self::Until(limits) => limits,
        }
    }

    /// Whether the number is given beforehand.
    pub(super) fn is_fixed(self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// As environment.json has it.
    pub(super) fn to_json(self) -> Value {
        match self {
            Self::Fixed(rounds) => json!({ "rounds": rounds }),
            Self::Until(limits) => json!({
                "half_width_pct": limits.half_width.map(percent),
                "rounds_at_least": limits.at_least,
                "first_look_at": limits.look_from,
                "rounds_at_most": (limits.at_most < u32::MAX).then_some(limits.at_most),
                "time_s": limits.time.map(|time| time.as_secs_f64()),
            }),
        }
    }
}
