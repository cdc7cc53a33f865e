//! `man`: one manual page with every command and every flag.
//!
//! `clap_mangen` writes a page for each subcommand; a program that is run from its build folder has
//! one page to read, so the commands become its sections.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;

/// The page, in roff.
pub(super) fn page() -> io::Result<Vec<u8>> {
    let mut command = Cli::command();
    command.build();
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    sections(&command, "", &mut page)?;
    man.render_extra_section(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// A section for each subcommand, its own subcommands after it.
fn sections(command: &Command, prefix: &str, page: &mut Vec<u8>) -> io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = format!("{prefix}{}", sub.get_name());
        let mut body = Vec::new();
        let man = Man::new(sub.clone());
        man.render_description_section(&mut body)?;
        man.render_options_section(&mut body)?;
        let body = String::from_utf8_lossy(&body)
            .replace(".SH DESCRIPTION\n", "")
            .replace(".SH OPTIONS\n", ".SS Arguments and options\n");
        writeln!(page, ".SH \"{}\"", name.to_uppercase())?;
        page.write_all(body.as_bytes())?;
        sections(sub, &format!("{name} "), page)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn every_command_and_flag_is_on_the_page_and_no_page_that_is_not_there() {
        let page = String::from_utf8(page().unwrap()).unwrap();
        for word in ["COMPARE", "LAYOUT SHOW", "lookups", "array\\-capacity", "profile", "resume"] {
            assert!(page.contains(word), "{word}");
        }
        assert!(!page.contains("bench\\-harness\\-compare(1)"));
    }
}
