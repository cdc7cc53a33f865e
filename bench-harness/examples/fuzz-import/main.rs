//! Texts that nobody wrote, through the importer of memory maps and the loader of layout files: neither may
//! crash, hang, or take more memory than it is given.
//!
//! ```text
//! cargo build --release -p bench-harness --example fuzz-import
//! ( ulimit -v 300000; target/release/examples/fuzz-import 600 importer )
//! ( ulimit -v 300000; target/release/examples/fuzz-import 600 loader )
//! ```
//!
//! Arguments: seconds, `importer` or `loader`, and optionally a seed and a number of cases already
//! done, as the line that a failure prints. A child runs the cases and tells the number of each before it
//! begins; the parent notices when it dies or takes too long over one, and prints how to run that case again.

mod cases;
mod mutate;
mod seeds;

use std::io::{BufReader, Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use cases::Target;

/// One case takes microseconds, the largest layouts that memory has room for a second.
const CASE_TIME_MAX: Duration = Duration::from_secs(20);

/// In a debugger or a shell: run the cases here, without a parent.
const CHILD: &str = "--child";

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_child = arguments.last().is_some_and(|last| last == CHILD);
    if is_child {
        arguments.pop();
    }
    let number = |index: usize, default: u64| {
        arguments.get(index).map_or(Ok(default), |text| text.parse::<u64>())
    };
    let (seconds, seed, first) = (number(0, 60)?, number(2, 1)?, number(3, 0)?);
    let name = arguments.get(1).map_or("importer", String::as_str);
    let target = Target::named(name)
        .ok_or_else(|| anyhow::anyhow!("{name:?}: expected `importer` or `loader`"))?;
    if is_child {
        run_cases(target, seconds, seed, first)?;
        return Ok(ExitCode::SUCCESS);
    }
    watch(name, seconds, seed, first)
}

/// The cases, each announced on standard output as eight bytes.
fn run_cases(target: Target, seconds: u64, seed: u64, first: u64) -> anyhow::Result<()> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let seeds = seeds::all(target);
    let mut told = std::io::stdout().lock();
    let (mut case, mut accepted) = (first, 0_u64);
    while Instant::now() < until {
        told.write_all(&case.to_le_bytes())?;
        told.flush()?;
        let text = mutate::text(&seeds, seed, case);
        accepted += u64::from(target.run(&text, case));
        case += 1;
    }
    eprintln!("{accepted} of {} cases made a layout", case - first);
    match peak_kib() {
        Some(kib) => eprintln!("peak memory {} MiB ({kib} KiB, VmHWM)", kib.div_ceil(1024)),
        None => eprintln!("peak memory unknown: this system has no /proc/self/status"),
    }
    Ok(())
}

/// Starts the child and waits for it, case by case.
fn watch(name: &str, seconds: u64, seed: u64, first: u64) -> anyhow::Result<ExitCode> {
    let numbers = [seconds.to_string(), name.to_owned(), seed.to_string(), first.to_string()];
    let mut child = Command::new(std::env::current_exe()?)
        .args(&numbers)
        .arg(CHILD)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take();
    let (sender, receive) = mpsc::channel();
    // The reader thread needs little, and address space may be short here.
    let reader = std::thread::Builder::new().stack_size(64 << 10).spawn(move || {
        let Some(output) = output else {
            return;
        };
        let mut output = BufReader::new(output);
        let mut case = [0; 8];
        while output.read_exact(&mut case).is_ok() && sender.send(u64::from_le_bytes(case)).is_ok()
        {
        }
    })?;
    let started = Instant::now();
    let mut case = first;
    let hangs = loop {
        match receive.recv_timeout(CASE_TIME_MAX) {
            Ok(begun) => case = begun,
            Err(RecvTimeoutError::Timeout) => break true,
            Err(RecvTimeoutError::Disconnected) => break false,
        }
    };
    let failed = ended(&mut child, hangs)?;
    let _ = reader.join();
    let cases = case + 1 - first;
    println!("{name}: {cases} cases from seed {seed} in {:.0} s", started.elapsed().as_secs_f64());
    let Some(how) = failed else {
        println!("{name}: no crash, no hang");
        return Ok(ExitCode::SUCCESS);
    };
    println!("{name}: case {case} {how}; again: fuzz-import 1 {name} {seed} {case}");
    Ok(ExitCode::FAILURE)
}

/// How the child failed, if it did.
fn ended(child: &mut Child, hangs: bool) -> anyhow::Result<Option<String>> {
    if hangs {
        child.kill()?;
        child.wait()?;
        return Ok(Some(format!("takes longer than {} s", CASE_TIME_MAX.as_secs())));
    }
    let status = child.wait()?;
    Ok((!status.success()).then(|| format!("crashes ({status})")))
}

/// The most memory that this process had resident, in KiB.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
