//! `abi:null` and `abi:array`: what the plugins' interface costs, see [`Own`].
//!
//! `abi:array@single` and `abi:null@single` are asked by single calls, as `plugin:FILE@single` is.

use super::named::NoBackend;
use super::{Entry, Options, Source, memory, plugins};
use crate::layout::build::{Build, Plan};
use crate::measure::Outcome;
use crate::measure::churn::Churn;
use crate::names::UnknownName;
use crate::plugin::{Library, Own, PluginSubject, Ways};

/// How their names begin.
pub(super) const PREFIX: &str = "abi:";

/// How the name of one ends that is asked by single calls.
const SINGLE: &str = "@single";

/// About how many bytes a table takes a segment, with the one beside it that knows the pages.
const BYTES_PER_SEGMENT: u64 = 3 * 110;

/// A control, and how it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    own: Own,
    single: bool,
}

impl Asked {
    /// Whether it is asked by single calls; `None` for what answers without a search.
    pub(super) fn is_single(self) -> Option<bool> {
        (self.own != Own::Null).then_some(self.single)
    }

    /// Tables to be plugged and unplugged.
    pub(super) fn churn(self) -> Box<dyn Churn> {
        plugins::churn(Library::own(self.own))
    }

    /// Always loaded at boot: an array that takes nothing afterwards is what there is to compare with.
    pub(super) fn build(self, plan: &Plan<'_>, _options: Options) -> Outcome {
        memory::check_bytes(plan, BYTES_PER_SEGMENT * plan.segments.len() as u64)?;
        let ways = Ways { build: Build::Final, single: self.single };
        PluginSubject::outcome(Library::own(self.own), plan, ways)
    }
}

/// Makes an entry called `name`.
///
/// # Errors
/// The valid names.
pub(super) fn entry(name: &'static str) -> Result<Entry, NoBackend> {
    let (base, single) = match name.strip_suffix(SINGLE) {
        Some(base) => (base, true),
        None => (name, false),
    };
    let Some(own) = Own::ALL.into_iter().find(|own| own.name() == base) else {
        return Err(UnknownName::new("backend", name, &Own::ALL.map(Own::name)).into());
    };
    let source = Source::Abi(Asked { own, single });
    Ok(Entry { name, description: own.description(), build: Some(Build::Final), source })
}
