//! A program at work on another core, for as long as this one lives.

use std::hint::black_box;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, anyhow};

use crate::cmd::Failure;
use crate::machine;

/// Bytes that the busy program sweeps over: more than a second-level cache, so that it competes for what the
/// cores share, not only for the clock.
const SWEPT: usize = 8 << 20;

/// A busy program, ended when this is dropped.
pub(super) struct Load(Child);

impl Load {
    /// Starts it.
    ///
    /// # Errors
    /// This program cannot be started a second time.
    pub(super) fn start() -> Result<Self, Failure> {
        let program = std::env::current_exe().context("--with-load").map_err(Failure::running)?;
        let child = Command::new(program)
            .arg("busy")
            // Closes when this process ends, however it ends; then the other ends too.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("--with-load: the busy program cannot be started")
            .map_err(Failure::running)?;
        let mut load = Self(child);
        // It says so once it is at work.
        let told = load.0.stdout.take().and_then(|mut out| out.read_exact(&mut [0]).ok());
        if told.is_none() {
            return Err(Failure::input(anyhow!(
                "--with-load: no core can be kept busy beside the one that is measured on: there is \
                 one only, or this system has no way to ask for one"
            )));
        }
        Ok(load)
    }

    /// Whether it is still at work.
    pub(super) fn is_at_work(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The busy program itself: works on a core that is not the one measured on until standard input
/// ends.
pub(in crate::cmd) fn busy() -> Result<(), Failure> {
    machine::pin_away_from_last_core().context("busy").map_err(Failure::running)?;
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut swept = vec![1_u64; SWEPT / size_of::<u64>()];
    let mut out = std::io::stdout();
    out.write_all(b"+").and_then(|()| out.flush()).map_err(Failure::running)?;
    loop {
        for word in &mut swept {
            *word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        }
        black_box(&mut swept);
    }
}
