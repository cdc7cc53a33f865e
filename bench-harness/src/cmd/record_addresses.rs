//! `record-addresses`: the frames that this machine touches, recorded now.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use physseg::PageSize;

use super::Failure;
use super::new_file::NewFile;
use super::workload::{map_of, say};
use crate::cli::RecordAddresses;
use crate::layout::{self, THIS_MACHINE};
use crate::recording::live::{self, LiveError, Order, Whom};
use crate::recording::{ADDRESSES_MAX, Map, Problem, RecordingError, check_name};

/// For how long, where nothing says it.
const TIME: Duration = Duration::from_secs(10);

pub(super) fn run(args: &RecordAddresses) -> Result<(), Failure> {
    let name = args.name.clone().unwrap_or_else(|| stem(&args.out));
    if !check_name(&name) {
        return Err(Failure::input(RecordingError::from(Problem::BadName(name))));
    }
    if args.about.as_ref().is_some_and(|text| text.chars().any(char::is_control)) {
        return Err(Failure::input(anyhow!("--about: expected a line without control characters")));
    }
    let whom = match args.pid {
        Some(pid) => Whom::Process(pid),
        None if args.command.is_empty() => Whom::System,
        None => Whom::Command(args.command.clone()),
    };
    let time = args.time.or((args.command.is_empty()).then_some(TIME));
    let place = NewFile::claim("--out", &args.out)?;
    let (page_size, map) = memory();
    let asked = interrupted();
    let bar = bar(time, args.no_progress);
    let outcome = live::record(&Order {
        whom,
        time,
        at_most: args.at_most.unwrap_or(ADDRESSES_MAX),
        page_size,
        name,
        about: args.about.clone(),
        map,
        stop: &|| asked.load(Ordering::Relaxed),
        tell: &|spent, addresses| tell(&bar, time, spent, addresses),
    });
    bar.finish_and_clear();
    let recorded = outcome.map_err(|why| match why {
        LiveError::NoProcess(_) | LiveError::NotStarted(..) => Failure::input(why),
        _ => Failure::running(why),
    })?;
    say(&recorded.said);
    let size = recorded.bytes.len();
    place.write(&recorded.bytes)?;
    let out = args.out.display();
    if recorded.stopped {
        return Err(Failure::running(anyhow!(
            "interrupted: {out} has what was recorded until then"
        )));
    }
    say(&[format!("{out}: {size} bytes; see it with: bench-harness workload show {out}")]);
    match recorded.failure {
        None => Ok(()),
        // What a job touches until it fails may be all that was wanted, so it is kept.
        Some(status) => Err(Failure::running(anyhow!(
            "the command ended with {status}; {out} has what it touched until then"
        ))),
    }
}

/// The page size of this machine and, if it may be seen, its memory; without it the recording is replayed on a
/// layout that the user names.
fn memory() -> (PageSize, Option<Map>) {
    match layout::open(THIS_MACHINE) {
        Ok(layout) => {
            let map = map_of(&layout, layout.page_size.bytes());
            if let Err(why) = &map {
                say(&[format!("note: the layout of this machine is not recorded: {why}")]);
            }
            (layout.page_size, map.ok())
        }
        Err(why) => {
            say(&[format!("note: the layout of this machine is not recorded: {why}")]);
            let bytes = crate::machine::page_size().and_then(PageSize::new);
            (bytes.unwrap_or(PageSize::FOUR_KIB), None)
        }
    }
}

/// The file's name without its ending.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Set by the interrupt key and by the signals that ask a program to end; the second one ends it, without
/// what was recorded. Signals that were ignored at the start stay so.
fn interrupted() -> Arc<AtomicBool> {
    let asked = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

        let ignored = crate::machine::ignored_signals().unwrap_or(1 << (SIGHUP - 1));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            if ignored & (1 << (signal - 1)) == 0 {
                // Without it the program ends at once, and the next one removes what it left.
                let _ =
                    signal_hook::flag::register_conditional_shutdown(signal, 1, Arc::clone(&asked));
                let _ = signal_hook::flag::register(signal, Arc::clone(&asked));
            }
        }
    }
    asked
}

/// On a terminal only.
fn bar(time: Option<Duration>, hidden: bool) -> ProgressBar {
    let target = if !hidden && std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(time.map(millis), target);
    if let (Some(_), Ok(style)) =
        (time, ProgressStyle::with_template("{bar:20} {percent:>3} %  {wide_msg}"))
    {
        bar.set_style(style);
    } else if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

fn tell(bar: &ProgressBar, time: Option<Duration>, spent: Duration, addresses: u64) {
    let seconds = |time: Duration| format!("{:.0} s", time.as_secs_f64());
    let when = match time {
        Some(time) => format!("{} left", seconds(time.saturating_sub(spent))),
        None => format!("{} so far", seconds(spent)),
    };
    bar.set_message(format!("{when}, {addresses} addresses"));
    bar.set_position(millis(spent));
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
