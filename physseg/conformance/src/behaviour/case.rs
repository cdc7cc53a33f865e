//! One case of the suite, as it is listed and run.

use std::any::Any;
use std::panic::catch_unwind;

/// One case on one backend.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is about: the module of the suite in which it stands.
    pub group: &'static str,
    /// What it asserts, in words joined by underscores.
    pub name: &'static str,
    /// Runs it.
    ///
    /// # Panics
    /// If the backend does not behave.
    pub run: fn(),
}

impl Case {
    /// Runs the case and turns a panic into words. The panic hook has its turn first, and prints if
    /// it is the usual one. What does not unwind (an abort, a fault in foreign code, a loop without
    /// end) does not come back from here either: code that may do so runs in a process of its own.
    ///
    /// # Errors
    /// The assertion that does not hold, or what the backend panicked with.
    pub fn check(&self) -> Result<(), String> {
        catch_unwind(self.run).map_err(|panic| words(panic.as_ref()))
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let literal = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    literal
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Case;

    fn outcome(run: fn()) -> Result<(), String> {
        Case { group: "none", name: "none", run }.check()
    }

    #[test]
    fn a_panic_comes_back_as_its_words() {
        assert_eq!(outcome(|| ()), Ok(()));
        assert_eq!(outcome(|| panic!("as it stands")), Err("as it stands".to_owned()));
        let made: fn() = || {
            assert_eq!(std::hint::black_box(1), 2, "made at run time");
        };
        assert!(outcome(made).unwrap_err().contains("made at run time"));
        assert_eq!(outcome(|| std::panic::panic_any(7)), Err("a panic without words".to_owned()));
    }
}
