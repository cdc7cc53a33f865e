//! Who built the program, from what and how, as build.rs found it; "unknown" where it could not.

/// Name and version of the compiler.
pub fn compiler() -> &'static str {
    env!("BENCH_HARNESS_COMPILER")
}

/// The first twelve digits of the commit, with `-dirty` if the sources differed from it.
pub fn commit() -> &'static str {
    env!("BENCH_HARNESS_COMMIT")
}

/// Profile, optimisation level, target and RUSTFLAGS.
pub fn compiler_flags() -> &'static str {
    env!("BENCH_HARNESS_FLAGS")
}

#[cfg(test)]
mod tests {
    use crate::record::UNKNOWN;

    #[test]
    fn the_commit_is_a_commit_or_unknown() {
        let commit = super::commit();
        let digits = commit.strip_suffix("-dirty").unwrap_or(commit);
        let is_hash = digits.len() >= 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_hash || commit == UNKNOWN, "{commit}");
    }

    #[test]
    fn the_flags_say_for_which_target() {
        assert!(super::compiler().starts_with("rustc ") || super::compiler() == UNKNOWN);
        assert!(super::compiler_flags().contains("target "), "{}", super::compiler_flags());
    }
}
