//! What is said of a run's size and time before it begins, and once something is measured.

use std::time::Duration;

use super::forecast::Forecast;
use super::plan::Plan;

/// What takes no longer is not worth another sentence.
const SHORT: Duration = Duration::from_secs(10);

/// What is to be measured, and how long that will take as far as anybody can tell yet.
pub(super) fn before(plan: &Plan, forecast: &Forecast) -> String {
    let batches: Vec<_> = plan.parts.iter().flat_map(|part| &part.batches).collect();
    let most = || batches.iter().map(|planned| planned.rounds.limits().at_most);
    let rounds = match (most().min(), most().max()) {
        (_, None | Some(u32::MAX)) => String::new(),
        (Some(least), Some(most)) if least < most => format!(", {least} to {most} rounds of each"),
        (_, Some(most)) if plan.time.is_some() => {
            format!(", at most {} of each", counted(most as usize, "round"))
        }
        (_, Some(most)) => format!(", {} of each", counted(most as usize, "round")),
    };
    let processes = match plan.processes {
        1 => String::new(),
        several => format!(", in each of {several} processes"),
    };
    let at_most = at_most(plan);
    let time = match plan.time {
        Some(time) => format!("for {}, the checks of tables not counted", in_words(time)),
        None => format!(
            "{at_most}about {} by a rough guess, building tables not counted",
            in_words(forecast.left())
        ),
    };
    format!(
        "to measure: {} on {}, {}{rounds}{processes}: {time}",
        counted(plan.backends.len(), "backend"),
        counted(plan.parts.len(), "layout"),
        counted(batches.len(), "setting"),
    )
}

/// How long the rest will take, once something has been measured; nothing where that is soon.
pub(super) fn measured(plan: &Plan, forecast: &Forecast) -> Option<String> {
    let left = forecast.left();
    let at_most = at_most(plan);
    (plan.time.is_none() && forecast.is_measured() && left > SHORT).then(|| {
        format!(
            "{at_most}about {} to go, by what is measured so far; building further tables comes on top",
            in_words(left)
        )
    })
}

/// What stands before a time that a limit ends, or precision before it.
fn at_most(plan: &Plan) -> &'static str {
    let mut batches = plan.parts.iter().flat_map(|part| &part.batches);
    if batches.all(|planned| planned.rounds.is_fixed()) { "" } else { "at most " }
}

/// A number of things.
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A time as people say it, no more precise than a forecast is: `40s`, `2m 30s`, `3h 10m`.
pub(super) fn in_words(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let step = match seconds {
        ..10.0 => 1.0,
        ..600.0 => 10.0,
        ..7_200.0 => 60.0,
        ..86_400.0 => 600.0,
        _ => 3_600.0,
    };
    let rounded = ((seconds / step).round() * step).max(1.0);
    if rounded > 1e9 {
        return "more than 30 years".to_owned();
    }
    humantime::format_duration(Duration::try_from_secs_f64(rounded).unwrap_or(time)).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::forecast::tests::plan;
    use super::*;

    fn said(words: &str) -> String {
        let plan = plan(words);
        before(&plan, &Forecast::of(&plan, 0, |_| Some(0)))
    }

    #[test]
    fn what_is_to_be_measured_is_counted() {
        let said_of = said("--backends array --lookups 100 --runs 1");
        assert_eq!(
            said_of,
            "to measure: 1 backend on 1 layout, 1 setting, 1 round of each: about 1s by a rough \
             guess, building tables not counted"
        );
        let many = "--backends array,rbtree,section --layout paper-32x8 --layout frag-1mb \
                    --lookups 1K,10K --target page,handle --runs 30 --processes 4";
        assert!(
            said(many).starts_with(
                "to measure: 3 backends on 2 layouts, 8 settings, 30 rounds of each, in each of \
                 4 processes: about "
            ),
            "{}",
            said(many)
        );
    }

    #[test]
    fn a_limit_is_said_instead_of_a_guess() {
        let timed = said("--backends array,rbtree --lookups 1K --max-time 90s");
        assert!(timed.contains("1 setting: for 1m 30s,"), "{timed}");
        let precise = said("--backends array,rbtree --lookups 1K,10K --precision 1");
        assert!(precise.contains("2 settings: at most about 2m "), "{precise}");
    }

    #[test]
    fn the_rest_is_said_once_it_is_known_and_long() {
        let plan = plan("--backends array,rbtree --lookups 1M --runs 20");
        let mut forecast = Forecast::of(&plan, 0, |_| Some(0));
        assert_eq!(measured(&plan, &forecast), None, "only guessed");
        let of = plan.configurations().next().expect("a batch size").0;
        let mut short = Forecast::of(&plan, 0, |_| Some(0));
        short.round_done(&of, 0, Duration::from_millis(20));
        assert_eq!(measured(&plan, &short), None);
        forecast.round_done(&of, 0, Duration::from_secs(20));
        let sentence = measured(&plan, &forecast).expect("three minutes");
        assert!(sentence.starts_with("about 3m 10s to go, by what is measured"), "{sentence}");
    }

    #[test]
    fn times_are_no_more_precise_than_forecasts() {
        let of = |seconds: f64| in_words(Duration::from_secs_f64(seconds));
        for (seconds, words) in [
            (0.001, "1s"),
            (7.4, "7s"),
            (38.0, "40s"),
            (154.0, "2m 30s"),
            (3_000.0, "50m"),
            (11_111.0, "3h 10m"),
            (90_000.0, "1day 1h"),
        ] {
            assert_eq!(of(seconds), words);
        }
        assert_eq!(in_words(Duration::MAX), "more than 30 years");
    }
}
