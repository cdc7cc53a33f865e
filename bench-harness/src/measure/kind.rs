//! Names of modes and targets, as the command line and the records have them.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

use super::batch::TRACE_BLOCK;
use crate::names::{BadName, UnknownName};

/// When addresses are drawn, and what lies between two lookups.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// Inside the timed loop, as in the paper; the baseline says what that costs.
    Inline,
    /// Before the clock is read, in blocks of [`TRACE_BLOCK`]: lookups overlap as the processor likes.
    Trace,
    /// As `Trace`, but each address waits for the answer before: latency.
    Chain,
    /// Bursts of so many lookups, up to [`TRACE_BLOCK`], each after other work.
    Cold(NonZeroU16),
}

/// Which question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Target {
    /// The page descriptor's identity.
    Page,
    /// The segment's handle and the offset in it.
    Handle,
    /// The page descriptor's identity, and its first word is read.
    Touch,
}

impl Mode {
    /// Every mode, the default first: names, the parameter as a letter, and what they are in a line.
    pub const ALL: [(&'static str, &'static str); 4] = [
        ("inline", "addresses drawn inside the timed loop, as in the paper"),
        ("trace", "addresses drawn before timing, in blocks that stay in the cache: throughput"),
        ("chain", "the same, and each address waits for the answer before: latency"),
        (
            "cold:K",
            "bursts of K lookups, 1 to 2048, each after other work on caches and predictors",
        ),
    ];

    /// Lookups in a burst, where there are bursts.
    pub fn burst(self) -> Option<u64> {
        match self {
            Self::Cold(burst) => Some(u64::from(burst.get())),
            _ => None,
        }
    }
}

impl FromStr for Mode {
    type Err = BadName;

    fn from_str(name: &str) -> Result<Self, BadName> {
        match name {
            "inline" => return Ok(Self::Inline),
            "trace" => return Ok(Self::Trace),
            "chain" => return Ok(Self::Chain),
            _ => {}
        }
        match name.split_once(':').unwrap_or((name, "")) {
            ("cold", burst) => {
                let digits = burst.bytes().all(|byte| byte.is_ascii_digit());
                let burst: Option<NonZeroU16> = burst.parse().ok().filter(|_| digits);
                let fits = burst.filter(|burst| usize::from(burst.get()) <= TRACE_BLOCK);
                fits.map(Self::Cold).ok_or_else(|| {
                    BadName::parameter("mode", name, "1 to 2048 lookups a burst, as cold:16")
                })
            }
            _ => Err(UnknownName::new("mode", name, &Self::ALL.map(|(name, _)| name)).into()),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline => f.pad("inline"),
            Self::Trace => f.pad("trace"),
            Self::Chain => f.pad("chain"),
            Self::Cold(burst) => f.pad(&format!("cold:{burst}")),
        }
    }
}

impl Target {
    /// Every target, the default first.
    pub const ALL: [Self; 3] = [Self::Page, Self::Handle, Self::Touch];

    /// As the command line and the CSV files name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Handle => "handle",
            Self::Touch => "touch",
        }
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Page => "the identity of the page descriptor (PHYS_TO_VM_PAGE)",
            Self::Handle => "the segment's handle and the offset in it (uvm_physseg_find)",
            Self::Touch => "the page descriptor, and the first of its 128 bytes are read",
        }
    }
}

impl FromStr for Target {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = Self::ALL.into_iter().find(|target| target.as_str() == name);
        named.ok_or_else(|| UnknownName::new("target", name, &Self::ALL.map(Self::as_str)))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Target};

    #[test]
    fn names_lead_back_to_what_they_name() {
        for name in ["inline", "trace", "chain", "cold:1", "cold:16", "cold:2048"] {
            assert_eq!(name.parse::<Mode>().expect(name).to_string(), name);
        }
        assert_eq!(Mode::ALL[0].0.parse(), Ok(Mode::Inline));
        for target in Target::ALL {
            assert_eq!(target.as_str().parse(), Ok(target));
        }
    }

    #[test]
    fn what_names_nothing_is_answered_with_what_would() {
        for bad in ["cold", "cold:", "cold:0", "cold:2049", "cold:+5", "cold:70000", "cold:x"] {
            let error = bad.parse::<Mode>().expect_err(bad).to_string();
            assert!(error.contains("1 to 2048") && error.contains(bad), "{error}");
        }
        let error = "trac".parse::<Mode>().expect_err("unknown").to_string();
        assert!(error.contains("did you mean \"trace\"") && error.contains("cold:K"), "{error}");
        assert!("tuoch".parse::<Target>().is_err());
    }
}
