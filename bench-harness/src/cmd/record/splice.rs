//! `record splice`: what stands between two markers of a Markdown file is made from a record.
//!
//! With `--check` nothing is written, and continuous integration fails where a document has fallen behind its
//! record, or was edited by hand.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, anyhow};

use super::diff;
use super::sources::{Quotable, Sources};
use crate::cli::Splice;
use crate::cmd::Failure;
use crate::record::write_atomically;
use crate::report::excerpt::{Request, Source, blocks, excerpt};

/// Where the method is described, from the folder of the records.
const METHOD: &str = "../../docs/METHODOLOGY.md";

pub(in crate::cmd) fn run(args: &Splice) -> Result<(), Failure> {
    let mut sources = Sources::new(&args.records);
    // All files are read before any is written: what is wrong with the last leaves the first as it was.
    let mut made = Vec::new();
    for file in &args.files {
        made.push((file, document(file, &args.records, &mut sources).map_err(Failure::Input)?));
    }
    if args.check {
        return check(&made);
    }
    for (file, document) in made {
        let count = document.blocks;
        let noun = if count == 1 { "block" } else { "blocks" };
        if document.old == document.new {
            eprintln!("{}: {count} {noun}, as they were", file.display());
        } else {
            write_atomically(file, document.new.as_bytes()).map_err(Failure::running)?;
            eprintln!("{}: {count} {noun}, made anew", file.display());
        }
    }
    Ok(())
}

/// A file as it is and as it should be.
struct Document {
    old: String,
    new: String,
    blocks: usize,
    /// What differs, block by block.
    differences: Vec<String>,
}

fn check(made: &[(&PathBuf, Document)]) -> Result<(), Failure> {
    let mut text = String::new();
    for (_, document) in made {
        for difference in &document.differences {
            text += difference;
        }
    }
    let behind: Vec<String> = made
        .iter()
        .filter(|(_, document)| document.old != document.new)
        .map(|(file, _)| file.display().to_string())
        .collect();
    if behind.is_empty() {
        return Ok(());
    }
    let files = behind.join(" ");
    Err(Failure::running(anyhow!(
        "{text}not what the records give; `bench-harness record splice {files}` makes it so"
    )))
}

/// Makes all blocks of a file.
fn document(file: &Path, records: &Path, sources: &mut Sources) -> anyhow::Result<Document> {
    let shown = file.display();
    let bytes = fs::read(file).with_context(|| format!("{shown}: cannot read this file"))?;
    let old = String::from_utf8(bytes).map_err(|_| anyhow!("{shown}: not text in UTF-8"))?;
    let blocks = blocks(&old).map_err(|error| anyhow!("{shown}, {error}"))?;
    if blocks.is_empty() {
        return Err(anyhow!(
            "{shown}: no `<!-- record:begin -->` on a line of its own, so there is nothing to make"
        ));
    }
    let ends_in_crlf = old.contains("\r\n");
    let (mut new, mut end) = (String::new(), 0);
    let mut differences = Vec::new();
    for block in &blocks {
        let made = one(&block.asked, file, records, sources)
            .map_err(|error| anyhow!("{shown}, line {}: {error:#}", block.line))?;
        let made = if ends_in_crlf { made.replace('\n', "\r\n") } else { made };
        let before = &old[block.content.clone()];
        if let Some(lines) = diff::between(before, &made, block.line + 1) {
            differences.push(format!("{shown}, the block of line {}:\n{lines}", block.line));
        }
        new += &old[end..block.content.start];
        new += &made;
        end = block.content.end;
    }
    new += &old[end..];
    Ok(Document { new, blocks: blocks.len(), old, differences })
}

/// The text of one block.
fn one(asked: &str, file: &Path, records: &Path, sources: &mut Sources) -> anyhow::Result<String> {
    let request = Request::parse(asked)?;
    let runs = sources.of(&request)?;
    let links = runs.iter().map(|run| link(file, &run.folder)).collect::<Result<Vec<_>, _>>()?;
    let quoted: Vec<Source<'_>> = runs
        .iter()
        .zip(&links)
        .map(|(run, link)| {
            let Quotable { name, files, data, .. } = &**run;
            Source { name, link, files, data }
        })
        .collect();
    let method = records.join(METHOD);
    let method = method.is_file().then(|| link(file, &method)).transpose()?;
    Ok(excerpt(&request, &quoted, method.as_deref())?)
}

/// The way from a document to `target` as a link, with `/` on every system.
fn link(document: &Path, target: &Path) -> anyhow::Result<String> {
    let whole = |path: &Path| {
        fs::canonicalize(path).with_context(|| format!("{}: cannot be found", path.display()))
    };
    let (document, target) = (whole(document)?, whole(target)?);
    let from: Vec<_> = document.parent().into_iter().flat_map(Path::components).collect();
    let to: Vec<_> = target.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    let down = to[common..].iter().map(|part| match part {
        Component::Normal(name) => name.to_string_lossy().replace(' ', "%20"),
        other => other.as_os_str().to_string_lossy().into_owned(),
    });
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_the_documents_folder() {
        let root = tempfile::tempdir().expect("folder");
        let at = |name: &str| root.path().join(name);
        for folder in ["docs", "results/record/a b"] {
            fs::create_dir_all(at(folder)).expect("folder");
        }
        for file in ["README.md", "docs/FINDINGS.md"] {
            fs::write(at(file), "").expect("file");
        }
        let to = at("results/record/a b");
        assert_eq!(link(&at("README.md"), &to).expect("a link"), "results/record/a%20b");
        let deeper = link(&at("docs/FINDINGS.md"), &to).expect("a link");
        assert_eq!(deeper, "../results/record/a%20b");
        assert!(link(&at("README.md"), &at("nowhere")).is_err());
    }
}
