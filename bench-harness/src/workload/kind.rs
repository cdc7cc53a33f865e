//! Names of workloads and generators, as the command line and the records have them.

use std::fmt;
use std::str::FromStr;

use crate::names::UnknownName;

/// A workload.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum WorkloadKind {
    /// Uniform over the layout's lookup range: [`Uniform`](super::Uniform).
    #[default]
    Uniform,
    /// The original load tests' addresses: [`Atf`](super::Atf).
    Atf,
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

impl WorkloadKind {
    /// All of them, the default first.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Atf];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Atf => "atf",
        }
    }

    /// What it is, in a line.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Uniform => "every frame of the layout's lookup range equally often",
            Self::Atf => "the original load tests' addresses, folded into the chunk as they do it",
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
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        named.ok_or_else(|| UnknownName::new("workload", name, &Self::ALL.map(Self::as_str)))
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
        f.pad(self.as_str())
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
        for kind in WorkloadKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        for kind in RngKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!(WorkloadKind::default(), WorkloadKind::ALL[0]);
        assert_eq!(RngKind::default(), RngKind::ALL[0]);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let error = "unifrom".parse::<WorkloadKind>().unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("uniform"));
        let error = "xoshiro".parse::<RngKind>().unwrap_err();
        assert_eq!(error.nearest.as_deref(), Some("xoshiro256++"));
    }
}
