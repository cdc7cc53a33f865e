//! What the machine is set to: turbo, threads of a core, address-space randomisation.

/// Turbo or boost from the files `intel_pstate/no_turbo` and `cpufreq/boost`.
pub(in crate::machine) fn turbo(no_turbo: Option<&str>, boost: Option<&str>) -> Option<String> {
    let on = match (no_turbo, boost) {
        (Some("0"), _) | (None, Some("1")) => true,
        (Some("1"), _) | (None, Some("0")) => false,
        _ => return None,
    };
    Some(if on { "on" } else { "off" }.to_owned())
}

/// Whether cores run two or more hardware threads, from `smt/active`.
pub(in crate::machine) fn smt(active: &str) -> Option<String> {
    match active {
        "1" => Some("on".to_owned()),
        "0" => Some("off".to_owned()),
        _ => None,
    }
}

/// Address-space layout randomisation from `randomize_va_space`.
pub(in crate::machine) fn aslr(text: &str) -> Option<String> {
    let words = match text {
        "0" => "off",
        "1" => "on, without the heap",
        "2" => "on",
        _ => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{aslr, smt, turbo};

    #[test]
    fn settings_are_words_and_what_is_new_is_unknown() {
        assert_eq!(turbo(Some("0"), None).as_deref(), Some("on"));
        assert_eq!(turbo(Some("1"), Some("1")).as_deref(), Some("off"));
        assert_eq!(turbo(None, Some("1")).as_deref(), Some("on"));
        assert_eq!(turbo(None, Some("0")).as_deref(), Some("off"));
        assert_eq!((turbo(None, None), turbo(Some("x"), None)), (None, None));
        assert_eq!(aslr("2").as_deref(), Some("on"));
        assert_eq!(aslr("0").as_deref(), Some("off"));
        assert_eq!(aslr("3"), None);
        assert_eq!(smt("1").as_deref(), Some("on"));
        assert_eq!(smt("0").as_deref(), Some("off"));
        assert_eq!(smt("forceoff"), None);
    }
}
