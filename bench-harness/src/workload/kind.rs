//! Names of workloads and generators, as the command line and the records have them.

use std::fmt;
use std::str::FromStr;

use super::{Replayed, Thousandths};
use crate::names::{BadName, UnknownName};
use crate::recording;

/// A workload.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum WorkloadKind {
    /// Uniform over the layout's lookup range: [`Uniform`](super::Uniform).
    #[default]
    Uniform,
    /// The original load tests' addresses: [`Atf`](super::Atf).
    Atf,
    /// Uniform over the present frames of that range: [`Hits`](super::Hits).
    Hits,
    /// Uniform over the holes of that range: [`Misses`](super::Misses).
    Misses,
    /// Ascending through that range: [`Sequential`](super::Sequential).
    Sequential,
    /// Some frames far oftener than others: [`Zipf`](super::Zipf), with its exponent.
    Zipf(Thousandths),
    /// The same frame again with this probability: [`Repeat`](super::Repeat).
    Repeat(Thousandths),
    /// What a running system touched: [`Recorded`](super::Recorded).
    Recorded(Replayed),
}

/// A generator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum RngKind {
    /// xoshiro256++: [`Xoshiro`](super::Xoshiro).
    #[default]
    Xoshiro256pp,
    /// BSD random(3): [`Random3`](super::Random3).
    Random3,
}

/// The largest exponent: with 10, all but one in a thousand lookups ask for the same frame.
const EXPONENT_MAX: Thousandths = Thousandths::new(10_000);

const EXPONENT: &str = "an exponent from 0.001 to 10 in steps of 0.001, as zipf:1.1";
const PROBABILITY: &str = "a probability from 0 to 0.999 in steps of 0.001, as repeat:0.9";

impl WorkloadKind {
    /// All of them, the default first: their names, parameters as letters, and what they are in a
    /// line.
    pub const ALL: [(&'static str, &'static str); 8] = [
        ("uniform", "every frame of the layout's lookup range equally often"),
        ("atf", "the original load tests' addresses, folded into the chunk as they do it"),
        ("hits", "every present frame of the lookup range equally often; never a miss"),
        ("misses", "every hole of the lookup range equally often; never a hit"),
        ("sequential", "the lookup range upwards from a frame drawn at random, and again"),
        ("zipf:S", "the k-th most popular frame in proportion to 1 / k^S, as zipf:1.1"),
        ("repeat:P", "the frame before again with probability P, as repeat:0.9; else uniform"),
        ("recorded:FILE", "what a running system touched, replayed from a recording"),
    ];

    /// Whether its addresses can be drawn inside the timed loop. Of the others a draw costs as much as
    /// a lookup, or each would need a timed loop of its own in every backend.
    pub fn is_inline(self) -> bool {
        matches!(self, Self::Uniform | Self::Atf)
    }

    /// Whether drawing its addresses reads a table of the layout's segments, which displaces what
    /// lookups read from the caches.
    pub fn is_searched(self) -> bool {
        matches!(self, Self::Hits | Self::Misses)
    }

    fn parametrised(name: &str, parameter: &str) -> Option<Result<Self, &'static str>> {
        let number = Thousandths::parse(parameter);
        let within =
            |least, most| number.filter(|number| (Thousandths::new(least)..=most).contains(number));
        match name {
            "zipf" => Some(within(1, EXPONENT_MAX).map(Self::Zipf).ok_or(EXPONENT)),
            "repeat" => Some(within(0, Thousandths::new(999)).map(Self::Repeat).ok_or(PROBABILITY)),
            _ => None,
        }
    }
}

impl RngKind {
    /// All of them, the default first.
    pub const ALL: [Self; 2] = [Self::Xoshiro256pp, Self::Random3];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xoshiro256pp => "xoshiro256++",
            Self::Random3 => "random3",
        }
    }

    /// What it is, in a line.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Xoshiro256pp => "fast and of 64 bits",
            Self::Random3 => "BSD random(3), as the paper draws; 31 bits",
        }
    }
}

impl FromStr for WorkloadKind {
    type Err = BadName;

    fn from_str(name: &str) -> Result<Self, BadName> {
        match name {
            "uniform" => return Ok(Self::Uniform),
            "atf" => return Ok(Self::Atf),
            "hits" => return Ok(Self::Hits),
            "misses" => return Ok(Self::Misses),
            "sequential" => return Ok(Self::Sequential),
            _ => {}
        }
        if let Some(typed) = name.strip_prefix(recording::PREFIX) {
            let unusable = |why| BadName::unusable("workload", name, why);
            return Replayed::named(typed).map(Self::Recorded).map_err(unusable);
        }
        let (stem, parameter) = name.split_once(':').unwrap_or((name, ""));
        if let Some(outcome) = Self::parametrised(stem, parameter) {
            return outcome.map_err(|expected| BadName::parameter("workload", name, expected));
        }
        let valid = Self::ALL.map(|(name, _)| name);
        Err(UnknownName::new("workload", name, &valid).into())
    }
}

impl FromStr for RngKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        named.ok_or_else(|| UnknownName::new("rng", name, &Self::ALL.map(Self::as_str)))
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uniform => f.pad("uniform"),
            Self::Atf => f.pad("atf"),
            Self::Hits => f.pad("hits"),
            Self::Misses => f.pad("misses"),
            Self::Sequential => f.pad("sequential"),
            Self::Zipf(exponent) => f.pad(&format!("zipf:{exponent}")),
            Self::Repeat(probability) => f.pad(&format!("repeat:{probability}")),
            Self::Recorded(what) => f.pad(&what.to_string()),
        }
    }
}

impl fmt::Display for RngKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_kinds() {
        for (name, _) in WorkloadKind::ALL {
            let shipped = recording::shipped().next().expect("one at least");
            let name = name.replace(":S", ":1.25").replace(":P", ":0.5");
            let name = name.replace(":FILE", &format!(":{}", shipped.name));
            assert_eq!(name.parse::<WorkloadKind>().expect(&name).to_string(), name);
        }
        for kind in RngKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!(WorkloadKind::ALL[0].0.parse(), Ok(WorkloadKind::default()));
        assert_eq!(RngKind::default(), RngKind::ALL[0]);
        let long: WorkloadKind = "zipf:1.10".parse().expect("a zipf");
        assert_eq!(long.to_string(), "zipf:1.1");
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        for (name, meant) in [("unifrom", "uniform"), ("zpif:1", "zipf:S"), ("hits:3", "hits")] {
            let error = name.parse::<WorkloadKind>().expect_err(name).to_string();
            assert!(error.contains(&format!("did you mean \"{meant}\"")), "{error}");
        }
        let error = "xoshiro".parse::<RngKind>().unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("xoshiro256++"));
    }

    #[test]
    fn a_parameter_out_of_range_is_answered_with_the_range() {
        for (name, range) in [
            ("zipf", "0.001 to 10"),
            ("zipf:0", "0.001 to 10"),
            ("zipf:10.001", "0.001 to 10"),
            ("zipf:-1", "0.001 to 10"),
            ("repeat:1", "0 to 0.999"),
            ("repeat:0.9999", "steps of 0.001"),
        ] {
            let error = name.parse::<WorkloadKind>().expect_err(name).to_string();
            assert!(error.contains(range) && error.contains(name), "{error}");
        }
    }
}
