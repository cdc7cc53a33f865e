//! `plugin:FILE`: a shared object of the user's own as a backend, see [`plugin`](crate::plugin).
//!
//! `plugin:FILE@final` and `plugin:FILE@replay` build its table that way, whatever `--build` says;
//! `plugin:FILE@single` calls `find` for every lookup, also where blocks could be handed to `find_batch`.
//! They combine. A backend goes by the name that was typed, so that two ways of asking one file, and two
//! files of one name, stay apart in the records.

use std::path::Path;

use super::named::{BUILDS, NoBackend};
use super::{Entry, Options, Source, memory};
use crate::layout::build::{Build, BuildError, Plan};
use crate::measure::Outcome;
use crate::measure::beacon::{self, Doing};
use crate::measure::churn::Churn;
use crate::plugin::{Library, NoPlugin, PluginChurn, PluginError, PluginSubject, Ways};

/// How the name of a plugin begins.
pub(super) const PREFIX: &str = "plugin:";

/// How the name of one ends that is asked by single calls.
const SINGLE: &str = "@single";

/// What it is, in the line that every backend has.
const DESCRIPTION: &str = "a shared object, through physseg_backend.h";

/// About how many bytes a plugin takes a segment, and the table that is built beside it to know the pages.
const BYTES_PER_SEGMENT: u64 = 3 * 110;

/// A plugin, and how it is asked. Naming one loads nothing: that is for the process that has to live with what the
/// file does, and only when it is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    file: &'static Path,
    single: bool,
}

impl Asked {
    /// Whether it is asked by single calls.
    pub(super) fn is_single(self) -> bool {
        self.single
    }

    pub(super) fn file(self) -> &'static Path {
        self.file
    }

    /// Loads the file, or finds that it is loaded.
    ///
    /// # Errors
    /// Why it is no plugin, or none that can be asked like this.
    pub(super) fn load(self) -> Result<&'static Library, PluginError> {
        beacon::doing(Doing::Load);
        let library = Library::load(self.file)?;
        if self.single && !library.finds_one() {
            let path = library.path().to_owned();
            return Err(PluginError { path, why: NoPlugin::NoSingle });
        }
        Ok(library)
    }

    pub(super) fn build(self, plan: &Plan<'_>, options: Options) -> Outcome {
        let library = self.load().map_err(|error| BuildError::Plugin(error.to_string()))?;
        memory::check_bytes(plan, BYTES_PER_SEGMENT * plan.segments.len() as u64)?;
        let ways = Ways { build: options.build, single: self.single };
        PluginSubject::outcome(library, plan, ways)
    }
}

impl Asked {
    /// Tables to be plugged and unplugged; `@single`, `@final` and `@replay` make no difference.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub(super) fn churn(self) -> Result<Box<dyn Churn>, PluginError> {
        Ok(churn(self.load()?))
    }
}

/// Tables of a library to be plugged and unplugged.
pub(super) fn churn(library: &'static Library) -> Box<dyn Churn> {
    Box::new(PluginChurn::new(library, |size| memory::check_churn_bytes(size, BYTES_PER_SEGMENT)))
}

/// What a name asks for, behind [`PREFIX`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Named<'a> {
    file: &'a str,
    build: Option<Build>,
    single: bool,
}

impl<'a> Named<'a> {
    fn of(mut file: &'a str) -> Self {
        let (mut build, mut single) = (None, false);
        loop {
            let ending = |(end, build)| Some((file.strip_suffix(end)?, build));
            match (BUILDS.into_iter().find_map(ending), file.strip_suffix(SINGLE)) {
                (Some((rest, asked)), _) if build.is_none() => {
                    (file, build) = (rest, Some(asked));
                }
                (_, Some(rest)) if !single => (file, single) = (rest, true),
                _ => return Self { file, build, single },
            }
        }
    }
}

/// Makes an entry called `name` of the plugin that `rest` names, behind [`PREFIX`].
///
/// # Errors
/// It names no file at all.
pub(super) fn entry(name: &'static str, rest: &'static str) -> Result<Entry, NoBackend> {
    let Named { file, build, single } = Named::of(rest);
    let file = Path::new(file);
    if file.as_os_str().is_empty() {
        return Err(PluginError { path: file.to_owned(), why: NoPlugin::NoPath }.into());
    }
    let source = Source::Plugin(Asked { file, single });
    Ok(Entry { name, description: DESCRIPTION, build, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_a_name_say_how_it_is_built_and_asked() {
        let of = |file, build, single| Named { file, build, single };
        assert_eq!(Named::of("./a@b.so"), of("./a@b.so", None, false));
        assert_eq!(Named::of("a.so@final"), of("a.so", Some(Build::Final), false));
        assert_eq!(Named::of("a.so@single"), of("a.so", None, true));
        for both in ["a.so@single@replay", "a.so@replay@single"] {
            assert_eq!(Named::of(both), of("a.so", Some(Build::Replay), true));
        }
        assert_eq!(Named::of("a@final@final"), of("a@final", Some(Build::Final), false));
    }
}
